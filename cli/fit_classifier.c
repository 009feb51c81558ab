/* SPDX-License-Identifier: MIT
 *
 * The classifier of a fit. Training takes most of its time, so what was trained is kept
 * under the hash of all that it follows from: the records, their votes and probabilistic
 * labels, dev where it is trained on, and the options. Texts are counted only when there
 * is something to train.
 */
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>
#include <weaksup/export.h>
#include <weaksup/run_diff.h>

#include "fit.h"
#include "say.h"
#include "weight_field.h"

enum {
  FORMAT = 9, // counted up when the same input gives another classifier
};

/* Whether dev's gold labels are trained on: they are known to be asked for, and the
 * records have texts. */
static bool trains_on_gold(const fit *f) {
  const part *dev = &f->parts[DEV];
  return dev->votes && ws_votes_has_gold(dev->votes) && (f->lfs || dev->features) &&
         !f->o->no_dev_gold && f->setup.training.recipe == WS_RECIPE_AUTO;
}

/* The rows of the data, then those of dev that have gold. */
typedef struct labels {
  size_t data, rows, K;
  double *targets; // [rows][K] posteriors; 0 of uncovered rows, and of dev's
  int32_t *gold;   // [rows]
  double *weights; // [rows] of the records; NULL: 1
} labels;

static void labels_clear(labels *l) {
  ws_free(l->targets);
  ws_free(l->gold);
  ws_free(l->weights);
}

static ws_status fill_targets(const fit *f, labels *l, ws_error *err) {
  const ws_votes *votes = f->parts[DATA].votes;
  ws_labels *targets = NULL;
  WS_TRY(ws_label_model_targets(f->model, votes, &targets, err));
  for (size_t i = 0; i < l->data; i++) {
    size_t u = ws_votes_row_pattern(votes, i);
    if (ws_votes_pattern(votes, u).size == 0) continue;
    memcpy(l->targets + i * l->K, ws_labels_get(targets, u), l->K * sizeof *l->targets);
  }
  ws_labels_free(targets);
  return WS_OK;
}

/* A gold record of dev whose file has no such field counts as 1. */
static ws_status fill_weights(const fit *f, labels *l, ws_error *err) {
  const part *data = &f->parts[DATA], *dev = &f->parts[DEV];
  if (!f->o->weight) return WS_OK;
  WS_TRY(check_weights(data->path, f->o->weight, data->weights, data->weight_count, err));
  l->weights = ws_alloc_array(l->rows, sizeof *l->weights);
  if (!l->weights) return ws_error_nomem(err);
  if (data->weight_count != l->data ||
      (f->gold_rows && dev->weight_count != ws_votes_rows(dev->votes)))
    return ws_error_set(err, WS_EIO, "%s: changed while it was in use", data->path);
  memcpy(l->weights, data->weights, l->data * sizeof *l->weights);
  size_t rows = f->gold_rows ? ws_votes_rows(dev->votes) : 0;
  for (size_t i = 0, at = l->data; i < rows; i++)
    if (ws_votes_row_gold(dev->votes, i) != WS_ABSTAIN)
      l->weights[at++] = dev->weights[i];
  return WS_OK;
}

static ws_status labels_init(labels *l, fit *f, ws_error *err) {
  const ws_votes *dev = f->parts[DEV].votes;
  *l = (labels){.data = ws_votes_rows(f->parts[DATA].votes),
                .K = ws_task_classes(f->task)};
  size_t dev_rows = trains_on_gold(f) ? ws_votes_rows(dev) : 0;
  f->gold_rows = 0;
  for (size_t i = 0; i < dev_rows; i++)
    f->gold_rows += ws_votes_row_gold(dev, i) != WS_ABSTAIN;
  l->rows = l->data + f->gold_rows;
  if (l->rows > SIZE_MAX / l->K) return ws_error_nomem(err);
  l->targets = ws_alloc_zero(l->rows * l->K, sizeof *l->targets);
  l->gold = ws_alloc_array(l->rows, sizeof *l->gold);
  f->gold_probs = ws_alloc_zero(f->gold_rows * l->K, sizeof *f->gold_probs);
  if (!l->targets || !l->gold || !f->gold_probs) return ws_error_nomem(err);
  for (size_t i = 0; i < l->data; i++) l->gold[i] = WS_ABSTAIN;
  for (size_t i = 0, at = l->data; i < dev_rows; i++)
    if (ws_votes_row_gold(dev, i) != WS_ABSTAIN)
      l->gold[at++] = ws_votes_row_gold(dev, i);
  WS_TRY(fill_weights(f, l, err));
  return fill_targets(f, l, err);
}

/* --- the cache --- */

static ws_status put_hash(ws_buffer *out, ws_hash128 hash) {
  WS_TRY(ws_bytes_put(out, hash.low, 8));
  return ws_bytes_put(out, hash.high, 8);
}

static ws_status put_pattern(ws_buffer *out, ws_pattern pattern) {
  WS_TRY(ws_bytes_put(out, pattern.size, 4));
  for (size_t v = 0; v < pattern.size; v++)
    WS_TRY(ws_bytes_put(out, pattern.columns[v], 4));
  return WS_OK;
}

/* The votes of each row, and its gold label; not the ids, which do not matter. */
static ws_status put_votes(ws_buffer *out, const ws_votes *votes, bool gold) {
  ws_buffer bytes = {0};
  ws_status status = WS_OK;
  for (size_t j = 0; status == WS_OK && j < ws_votes_lfs(votes); j++)
    status = ws_bytes_put_text(&bytes, ws_votes_lf(votes, j));
  for (size_t u = 0; status == WS_OK && u < ws_votes_patterns(votes); u++)
    status = put_pattern(&bytes, ws_votes_pattern(votes, u));
  for (size_t i = 0; status == WS_OK && i < ws_votes_rows(votes); i++) {
    status = ws_bytes_put(&bytes, ws_votes_row_pattern(votes, i), 4);
    if (status == WS_OK && gold)
      status = ws_bytes_put(&bytes, (uint32_t)ws_votes_row_gold(votes, i), 4);
  }
  if (status == WS_OK) status = put_hash(out, ws_hash128_of(bytes.data, bytes.size));
  ws_buffer_clear(&bytes);
  return status;
}

/* What is hidden from the label model in turn is fitted anew. */
static ws_status put_label_model(ws_buffer *out, const ws_label_model_options *how) {
  WS_TRY(ws_bytes_put_text(out, ws_text_of(how->kind ? how->kind : "")));
  WS_TRY(ws_bytes_put(out, how->class_balance ? how->class_count : 0, 8));
  for (size_t k = 0; how->class_balance && k < how->class_count; k++)
    WS_TRY(ws_bytes_put_double(out, how->class_balance[k]));
  WS_TRY(ws_bytes_put(out, how->priors ? how->prior_count : 0, 8));
  for (size_t j = 0; how->priors && j < how->prior_count; j++)
    WS_TRY(ws_bytes_put_double(out, how->priors[j]));
  const bool flags[] = {how->balance_in_em, how->gold != NULL, how->balance_from_gold,
                        how->gold_for_balance_only, how->first_look};
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
    WS_TRY(ws_bytes_put(out, flags[i], 1));
  return WS_OK;
}

static ws_status put_training(ws_buffer *out, const ws_training_options *how, size_t K) {
  WS_TRY(ws_bytes_put(out, how->recipe, 8));
  WS_TRY(ws_bytes_put(out, how->hard, 1));
  WS_TRY(ws_bytes_put(out, how->uncovered, 1));
  WS_TRY(ws_bytes_put(out, how->seed, 8));
  WS_TRY(ws_bytes_put_double(out, how->min_confidence));
  WS_TRY(ws_bytes_put_double(out, how->gold_weight));
  for (size_t k = 0; k < K; k++)
    WS_TRY(ws_bytes_put_double(out, how->class_weights ? how->class_weights[k] : 1));
  WS_TRY(ws_bytes_put(out, how->classifier.loss, 8));
  WS_TRY(ws_bytes_put_double(out, how->classifier.c));
  WS_TRY(ws_bytes_put_double(out, how->classifier.tolerance));
  WS_TRY(ws_bytes_put_double(out, how->classifier.decrease));
  return ws_bytes_put(out, how->classifier.max_iterations, 8);
}

/* What the features of the specification's files are, and the model on them. */
static ws_status put_dense(const fit *f, ws_hash128 files, ws_buffer *out) {
  const ws_classifier_options *how = &f->setup.training.classifier;
  WS_TRY(put_hash(out, files));
  WS_TRY(ws_bytes_put(out, f->setup.features.vector_words, 8));
  WS_TRY(ws_bytes_put(out, how->hidden, 8));
  return ws_bytes_put(out, how->seed, 8);
}

static ws_status put_key(const fit *f, const labels *l, ws_hash128 files,
                         ws_buffer *out) {
  WS_TRY(ws_buffer_string(out, "classifier"));
  WS_TRY(ws_bytes_put(out, FORMAT, 8));
  WS_TRY(put_training(out, &f->setup.training, l->K));
  WS_TRY(put_label_model(out, &f->setup.label_model));
  WS_TRY(put_votes(out, f->parts[DATA].votes, false));
  WS_TRY(ws_bytes_put(out, f->setup.features.hash_bits, 8));
  WS_TRY(ws_bytes_put_text(
      out, ws_text_of(f->setup.features.blocks ? f->setup.features.blocks : "")));
  WS_TRY(ws_bytes_put_text(out, ws_text_of(ws_task_get(f->task, WS_TASK_TEXT))));
  WS_TRY(put_dense(f, files, out));
  WS_TRY(put_hash(out, f->parts[DATA].key));
  WS_TRY(put_hash(out, ws_hash128_of(l->targets, l->rows * l->K * sizeof *l->targets)));
  WS_TRY(put_hash(out, ws_hash128_of(l->gold, l->rows * sizeof *l->gold)));
  if (l->weights)
    WS_TRY(put_hash(out, ws_hash128_of(l->weights, l->rows * sizeof *l->weights)));
  // Its gold helps to fit label models, its texts are trained on.
  if (f->parts[DEV].votes) {
    WS_TRY(put_votes(out, f->parts[DEV].votes, true));
    WS_TRY(ws_bytes_put_text(out, ws_text_of(f->parts[DEV].digest)));
  }
  for (size_t k = 0; k < l->K; k++)
    WS_TRY(ws_bytes_put_text(out, ws_task_class(f->task, k)));
  return WS_OK;
}

/* Of all files that features are made of beside the records. */
static ws_status digest_files(const fit *f, ws_hash128 *out, ws_error *err) {
  ws_hash128 dev;
  WS_TRY(ws_features_digest(&f->setup.features, out, err));
  if (!f->o->dev_npy) return WS_OK;
  WS_TRY(ws_hash128_file(f->o->dev_npy, &dev, err));
  *out = ws_hash128_join(*out, dev);
  return WS_OK;
}

static ws_status make_key(const fit *f, const labels *l, ws_hash128 *out, ws_error *err) {
  ws_buffer bytes = {0};
  ws_hash128 files;
  WS_TRY(digest_files(f, &files, err));
  ws_status status = put_key(f, l, files, &bytes);
  if (status == WS_OK) *out = ws_hash128_of(bytes.data, bytes.size);
  ws_buffer_clear(&bytes);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* One that does not decode is trained again, as if it were not there. */
static ws_status recall(fit *f, ws_hash128 key, ws_error *err) {
  ws_cache_entry entry;
  if (!ws_cache_get(f->setup.cache, key, &entry)) return WS_OK;
  ws_status status = fit_recipe_take(f, entry.bytes, NULL);
  ws_cache_release(&entry);
  f->classifier_cached = status == WS_OK;
  return status == WS_ENOMEM ? ws_error_nomem(err) : WS_OK;
}

static void keep(fit *f, ws_hash128 key) {
  ws_buffer bytes = {0};
  if (fit_recipe_put(f, &bytes) == WS_OK)
    ws_cache_put(f->setup.cache, key, ws_buffer_as_text(&bytes));
  ws_buffer_clear(&bytes);
}

/* --- training --- */

/* The most memory of all: to be freed before the next steps. */
static void drop_texts(part *data) {
  ws_features_free(data->features);
  data->features = NULL;
}

static ws_status run(fit *f, const labels *l, ws_error *err) {
  ws_training_options how = f->setup.training;
  ws_training_rows rows = {.targets = l->targets,
                           .gold = l->gold,
                           .weights = l->weights,
                           .votes = f->parts[DATA].votes};
  double *probs = ws_alloc_array(l->rows * l->K, sizeof *probs);
  if (!probs) return ws_error_nomem(err);
  how.gold_probs = probs;
  ws_status status =
      ws_training_run(f->parts[DATA].features, &rows, ws_task_names(f->task), l->K, &how,
                      &f->classifier, &f->training, err);
  if (status == WS_OK && f->training.cross_fitted)
    memcpy(f->gold_probs, probs + l->data * l->K,
           f->gold_rows * l->K * sizeof *f->gold_probs);
  ws_free(probs);
  return status;
}

static ws_status append_gold(fit *f, ws_error *err) {
  ws_features *features = f->parts[DATA].features;
  ws_status status = ws_features_next_npy(features, f->o->dev_npy, err);
  if (status == WS_EINVAL && !f->o->dev_npy)
    ws_error_prefix(err, "--dev-npy, for dev's gold labels (or --no-dev-gold): ");
  WS_TRY(status);
  return part_append_gold(&f->parts[DEV], &f->setup, f->task, features, err);
}

static ws_status train(fit *f, const labels *l, ws_error *err) {
  part *data = &f->parts[DATA];
  if (!data->features) WS_TRY(part_count(data, &f->setup, f->task, err));
  ws_status status = f->gold_rows ? append_gold(f, err) : WS_OK;
  if (status == WS_OK) status = run(f, l, err);
  if (status == WS_OK && ws_classifier_name(f->classifier, data->features) != WS_OK)
    status = ws_error_nomem(err);
  drop_texts(data);
  return status;
}

static ws_status recall_or_train(fit *f, const labels *l, ws_error *err) {
  ws_hash128 key;
  if (!f->parts[DATA].has_key) return train(f, l, err);
  WS_TRY(make_key(f, l, &key, err));
  WS_TRY(recall(f, key, err));
  if (f->classifier) return WS_OK;
  WS_TRY(train(f, l, err));
  keep(f, key);
  return WS_OK;
}

/* Labels of one class only train nothing. The rest of the run is of use all the same: it
 * shows what the labeling functions lack. */
static bool has_two_classes(fit *f, const labels *l) {
  int32_t only = WS_ABSTAIN;
  for (size_t i = 0; i < l->rows; i++) {
    const double *target = l->targets + i * l->K;
    bool covered =
        i < l->data && ws_votes_pattern(f->parts[DATA].votes,
                                        ws_votes_row_pattern(f->parts[DATA].votes, i))
                               .size > 0;
    int32_t top = covered ? ws_probs_argmax(target, l->K) : l->gold[i];
    if (!covered && top == WS_ABSTAIN) continue;
    if (l->weights && l->weights[i] == 0) continue;
    if (top == WS_ABSTAIN || (only != WS_ABSTAIN && top != only)) return true;
    only = top;
  }
  f->no_classifier = "all labels are of one class";
  ws_text name = ws_task_class(f->task, only == WS_ABSTAIN ? 0 : (size_t)only);
  say_warning("no classifier is trained: expected labels of two classes or more, found "
              "'%.*s' on all records with a label",
              WS_TEXT_ARG(name));
  return false;
}

ws_status fit_classifier(fit *f, ws_error *err) {
  part *data = &f->parts[DATA];
  labels l;
  f->no_classifier = "the records have no text";
  if (!data->features && !data->has_key) { // not wanted, or no texts
    if (f->o->weight)
      say_warning("--weight changes nothing: no classifier is trained, as %s",
                  f->no_classifier);
    return WS_OK;
  }
  ws_status status = labels_init(&l, f, err);
  if (status == WS_OK && !has_two_classes(f, &l)) {
    labels_clear(&l);
    drop_texts(data);
    return WS_OK;
  }
  if (status == WS_OK)
    status = setup_class_weights(
        &f->setup, f->task,
        (label_rows){
            .targets = l.targets, .gold = l.gold, .weights = l.weights, .count = l.rows},
        err);
  if (status == WS_OK) status = recall_or_train(f, &l, err);
  labels_clear(&l);
  drop_texts(data);
  bar_clear(&f->bar);
  if (f->classifier) setup_say_many_inputs(f->classifier);
  if (f->classifier) setup_say_gold_feature(&f->setup, f->task);
  if (f->classifier_cached && f->o->verbose)
    say_note(f->o, "the classifier was not trained: it is in the cache");
  return status;
}

ws_status fit_score_gold(const fit *f, ws_scores *out, double *right, ws_error *err) {
  const ws_votes *dev = f->parts[DEV].votes;
  size_t K = ws_task_classes(f->task), at = 0;
  ws_scorer *scorer = NULL;
  if (ws_scorer_new(K, &scorer) != WS_OK) return ws_error_nomem(err);
  for (size_t i = 0; i < ws_votes_rows(dev); i++) {
    int32_t gold = ws_votes_row_gold(dev, i);
    const double *probs = f->gold_probs + at * K;
    if (gold == WS_ABSTAIN) continue;
    ws_scorer_add(scorer, probs, true, gold);
    if (right) right[at] = ws_prediction_right(probs, K, true, gold);
    at++;
  }
  *out = ws_scorer_result(scorer);
  ws_scorer_free(scorer);
  return WS_OK;
}
