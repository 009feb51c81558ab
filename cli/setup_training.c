/* SPDX-License-Identifier: MIT
 *
 * How the classifier is trained, from options.
 */
#include <string.h>

#include <weaksup/alloc.h>

#include "members.h"
#include "say.h"
#include "setup.h"

static bool read_recipe(setup *s, const command *self, const options *o) {
  if (!o->recipe || strcmp(o->recipe, "auto") == 0) return true;
  s->training.recipe = WS_RECIPE_PLAIN;
  return strcmp(o->recipe, "plain") == 0 ||
         say_usage(self, "--recipe: expected auto or plain, found '%s'", o->recipe);
}

static bool read_confidence(setup *s, const command *self, const options *o) {
  double *least = &s->training.min_confidence;
  if (!o->min_confidence) return true;
  return (ws_text_to_double(ws_text_of(o->min_confidence), least) && *least >= 0 &&
          *least <= 1) ||
         say_usage(self, "--min-confidence: expected a number from 0 to 1, found '%s'",
                   o->min_confidence);
}

static bool read_log_ratios(setup *s, const command *self, const options *o) {
  ws_log_ratios *how = &s->training.classifier.log_ratios;
  if (!o->log_ratios) return true;
  *how = strcmp(o->log_ratios, "on") == 0 ? WS_LOG_RATIOS_ON : WS_LOG_RATIOS_OFF;
  if (*how == WS_LOG_RATIOS_OFF && strcmp(o->log_ratios, "off") != 0)
    return say_usage(self, "--log-ratios: expected on or off, found '%s'", o->log_ratios);
  return *how == WS_LOG_RATIOS_OFF || !o->model || strcmp(o->model, "mlp") != 0 ||
         say_usage(self,
                   "--log-ratios on: expected --model auto, logistic or svm, found mlp");
}

bool setup_read_training(setup *s, const command *self, const options *o) {
  ws_classifier_options *how = &s->training.classifier;
  s->training = ws_training_options_default();
  s->training.seed = o->seed;
  s->training.hard = o->hard;
  s->training.uncovered = o->uncovered;
  s->training.label_model = &s->label_model;
  how->threads = (unsigned)(o->jobs < 1024 ? o->jobs : 1024);
  bool chooses = strcmp(self->name, "train") == 0 || strcmp(self->name, "cv") == 0;
  s->chooses = chooses;
  if (!chooses) how->log_ratios = WS_LOG_RATIOS_OFF; // fit's labels are weak
  if (chooses && o->c && strcmp(o->c, "auto") == 0)
    how->c = 0;
  else if (o->c && (!ws_text_to_double(ws_text_of(o->c), &how->c) || how->c <= 0))
    return say_usage(self, "--c: expected a number above 0%s, found '%s'",
                     chooses ? ", or auto" : "", o->c);
  if (!read_recipe(s, self, o) || !read_confidence(s, self, o) ||
      !read_log_ratios(s, self, o))
    return false;
  return !o->uncovered || s->training.recipe == WS_RECIPE_PLAIN ||
         say_usage(self, "--uncovered: expected --recipe plain too");
}

/* --- class weights ------------------------------------------------------------------ */

static ws_status wrong_weight(ws_text part, ws_error *err) {
  return ws_error_set(err, WS_EINVAL,
                      "--class-weight: expected balanced, or CLASS=WEIGHT with weights "
                      "above 0, at most 1e9, such as spam=2,ham=1; found '%.*s'",
                      WS_TEXT_ARG(part));
}

/* One CLASS=WEIGHT. */
static ws_status read_weight(setup *s, const ws_task *task, ws_text part, ws_error *err) {
  size_t equals = part.size;
  double weight;
  while (equals > 0 && part.data[equals - 1] != '=') equals--;
  if (equals < 2) return wrong_weight(part, err);
  ws_text name = {part.data, equals - 1};
  ws_text number = {part.data + equals, part.size - equals};
  if (!ws_text_to_double(number, &weight) || !(weight > 0) || weight > WS_WEIGHT_MOST)
    return wrong_weight(part, err);
  int32_t k = ws_task_find(task, name);
  if (k == WS_ABSTAIN) {
    const char *meant = ws_task_suggest(task, name);
    return ws_error_set(err, WS_EINVAL, "--class-weight: there is no class '%.*s'%s%s%s",
                        WS_TEXT_ARG(name), DID_YOU_MEAN(meant));
  }
  if (s->class_weights[k] != 0)
    return ws_error_set(err, WS_EINVAL,
                        "--class-weight: expected each class once, found '%.*s' twice",
                        WS_TEXT_ARG(name));
  s->class_weights[k] = weight;
  return WS_OK;
}

ws_status setup_class_weights(setup *s, const ws_task *task, label_rows rows,
                              ws_error *err) {
  const char *at = s->options->class_weight;
  size_t K = ws_task_classes(task);
  if (!at) return WS_OK;
  if (!s->class_weights) s->class_weights = ws_alloc_array(K, sizeof(double));
  if (!s->class_weights) return ws_error_nomem(err);
  s->training.class_weights = s->class_weights;
  for (size_t k = 0; k < K; k++) s->class_weights[k] = 0; // not named yet
  if (strcmp(at, "balanced") == 0) {
    ws_balanced_weights(&(ws_training_rows){.targets = rows.targets,
                                            .gold = rows.gold,
                                            .weights = rows.weights},
                        rows.count, K, s->training.gold_weight, s->class_weights);
    return WS_OK;
  }
  while (*at) {
    ws_text part = {at, strcspn(at, ",")};
    WS_TRY(read_weight(s, task, part, err));
    at += part.size + (at[part.size] == ',');
  }
  for (size_t k = 0; k < K; k++)
    if (s->class_weights[k] == 0) s->class_weights[k] = 1;
  return WS_OK;
}

/* --- in manifests ------------------------------------------------------------------- */

/* The blocks as the classifier has them, with what was left to defaults. */
static void put_features(ws_json_writer *json, const ws_classifier *classifier) {
  ws_buffer blocks = {0};
  ws_json_key(json, "features");
  if (!classifier) {
    ws_json_null(json);
    return;
  }
  ws_status status = ws_classifier_blocks(classifier, &blocks);
  if (status == WS_OK)
    ws_json_text(json, ws_buffer_as_text(&blocks));
  else
    json->status = status;
  ws_buffer_clear(&blocks);
}

static const char *model_name(const setup *s) {
  if (s->options->model) return s->options->model;
  return s->choose.losses && s->chooses ? "auto" : "logistic";
}

void setup_training_json(ws_json_writer *json, const setup *s,
                         const ws_classifier *classifier) {
  const ws_training_options *how = &s->training;
  bool plain = how->recipe == WS_RECIPE_PLAIN;
  put_features(json, classifier);
  json_put_uint(json, "hash_bits", s->features.hash_bits);
  json_put_uint(json, "vector_words", s->features.vector_words);
  json_put_string(json, "recipe", plain ? "plain" : "auto");
  json_put_string(json, "model", model_name(s));
  ws_json_key(json, "hidden");
  if (how->classifier.hidden)
    ws_json_uint(json, how->classifier.hidden);
  else
    ws_json_null(json);
  json_put_string(json, "log_ratios", s->options->log_ratios);
  json_put_bool(json, "hard", how->hard);
  json_put_number(json, "min_confidence", how->min_confidence);
  json_put_bool(json, "uncovered", how->uncovered);
  json_put_string(json, "class_weight", s->options->class_weight);
}

void setup_say_gold_feature(const setup *s, const ws_task *task) {
  const char *gold = ws_task_get(task, WS_TASK_GOLD);
  if (ws_features_read(&s->features, gold))
    say_warning("--features reads '%s', the field of the gold labels: scores on gold "
                "labels say nothing then",
                gold);
}

void setup_say_many_inputs(const ws_classifier *classifier) {
  enum { MANY = 50000 };
  size_t inputs = ws_classifier_active(classifier);
  if (inputs > MANY && ws_classifier_hidden(classifier))
    say_warning(
        "--model mlp is for vectors: with %zu features it is slow, and regression "
        "does as well",
        inputs);
}
