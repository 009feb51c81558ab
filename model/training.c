/* SPDX-License-Identifier: MIT
 *
 * Choosing labels, strength and branch; making the classifier of what was trained.
 */
#include <weaksup/training.h>

#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "classifier_priv.h"
#include "features_rows.h"
#include "gate.h"
#include "log_ratios.h"
#include "training_priv.h"

#define C_WEAK  3
#define C_GOLD  10
#define C_HINGE 1

ws_training_options ws_training_options_default(void) {
  ws_training_options options = {.classifier = ws_classifier_options_default(),
                                 .gold_weight = 5};
  options.classifier.c = 0;
  return options;
}

/* --- labels ------------------------------------------------------------------------- */

/* The label of a row that has no gold. */
static ws_status take_weak(ws__training *t, const ws_training_rows *rows, size_t i,
                           ws_error *err) {
  const ws_training_options *options = t->options;
  const double *target = rows->targets + i * t->K;
  double *label = t->labels + i * t->K, largest = 0;
  bool labeled;
  WS_TRY(ws__check_targets(target, t->K, i, &labeled, err));
  for (size_t k = 0; k < t->K; k++) largest = fmax(largest, target[k]);
  int32_t top = labeled ? ws_probs_argmax(target, t->K) : WS_ABSTAIN;
  t->kind[i] = WS__UNCOVERED;
  if (!labeled || (options->hard && top == WS_ABSTAIN)) return WS_OK;
  t->kind[i] = largest < options->min_confidence ? WS__OUT : WS__WEAK;
  if (t->kind[i] == WS__OUT) return WS_OK;
  if (options->hard)
    label[top] = 1;
  else
    memcpy(label, target, t->K * sizeof *label);
  return WS_OK;
}

static ws_status take_row(ws__training *t, const ws_training_rows *rows, size_t i,
                          ws_error *err) {
  int32_t gold = rows->gold ? rows->gold[i] : WS_ABSTAIN;
  t->weights[i] = rows->weights ? rows->weights[i] : 1;
  t->kind[i] = WS__UNCOVERED;
  if (!(t->weights[i] >= 0 && t->weights[i] <= WS_WEIGHT_MOST))
    return ws_error_set(err, WS_EINVAL,
                        "row %zu: expected a weight from 0 to 1e9, found %g", i,
                        t->weights[i]);
  if (t->weights[i] == 0) {
    t->kind[i] = WS__OUT;
  } else if (gold != WS_ABSTAIN) {
    if (gold < 0 || (size_t)gold >= t->K)
      return ws_error_set(err, WS_EINVAL, "row %zu: its gold label is no class", i);
    t->kind[i] = WS__GOLD;
    t->labels[i * t->K + (size_t)gold] = 1;
  } else if (rows->targets) {
    return take_weak(t, rows, i, err);
  }
  return WS_OK;
}

static void count_rows(const ws__training *t, ws_training_report *report) {
  uint64_t *const counts[] = {&report->left_out, &report->uncovered, &report->covered,
                              &report->gold};
  for (size_t i = 0; i < t->n; i++) ++*counts[t->kind[i]];
}

static size_t gold_class(const ws__training *t, size_t i) {
  size_t k = 0;
  while (t->labels[i * t->K + k] == 0) k++;
  return k;
}

/* Gold rows weigh more among weak ones. They are dealt into parts class by class, each
 * class going on where the one before it ends: where a class has few, not all are in the
 * same part. */
static ws_status treat_gold(ws__training *t, const ws_training_report *report) {
  size_t *next = ws_alloc_zero(t->K + 1, sizeof *next); // of each class
  if (!next) return WS_ENOMEM;
  for (size_t i = 0; i < t->n; i++)
    if (t->kind[i] == WS__GOLD) next[gold_class(t, i) + 1]++;
  for (size_t k = 0; k < t->K; k++) next[k + 1] += next[k];
  for (size_t i = 0; i < t->n; i++) {
    if (t->kind[i] != WS__GOLD) continue;
    t->part[i] = (uint8_t)(next[gold_class(t, i)]++ % WS__PARTS);
    if (report->covered) t->weights[i] *= t->options->gold_weight;
  }
  ws_free(next);
  return WS_OK;
}

/* Uncovered rows get the classes' shares of the labels. */
static void fill_uncovered(ws__training *t) {
  double *share = NULL, sum = 0;
  size_t K = t->K;
  for (size_t i = 0; i < t->n; i++) { // the first such row holds the sums
    if (t->kind[i] != WS__UNCOVERED) continue;
    share = t->labels + i * K;
    break;
  }
  if (!share) return;
  for (size_t i = 0; i < t->n; i++)
    for (size_t k = 0; t->kind[i] == WS__WEAK && k < K; k++) {
      share[k] += t->weights[i] * t->labels[i * K + k];
      sum += t->weights[i] * t->labels[i * K + k];
    }
  for (size_t k = 0; k < K; k++) share[k] = sum > 0 ? share[k] / sum : 0;
  for (size_t i = 0; i < t->n; i++)
    if (t->kind[i] == WS__UNCOVERED && t->labels + i * K != share)
      memcpy(t->labels + i * K, share, K * sizeof *share);
}

/* --- checks ------------------------------------------------------------------------- */

static ws_status check_options(const ws_training_options *options, size_t K,
                               ws_error *err) {
  if (!(options->min_confidence >= 0 && options->min_confidence <= 1))
    return ws_error_set(err, WS_EINVAL, "confidence: expected 0 to 1, found %g",
                        options->min_confidence);
  if (!(options->gold_weight > 0) || isinf(options->gold_weight))
    return ws_error_set(err, WS_EINVAL,
                        "weight of gold rows: expected a number above 0, found %g",
                        options->gold_weight);
  for (size_t k = 0; options->class_weights && k < K; k++)
    if (!(options->class_weights[k] > 0) || isinf(options->class_weights[k]))
      return ws_error_set(err, WS_EINVAL,
                          "weight of class %zu: expected a number above 0, found %g", k,
                          options->class_weights[k]);
  if (options->uncovered && options->recipe != WS_RECIPE_PLAIN)
    return ws_error_set(err, WS_EINVAL,
                        "uncovered rows at the classes' shares are for the plain recipe; "
                        "the other one knows what to do with them");
  return WS_OK;
}

/* The only class that the labels speak for, or WS_ABSTAIN: there are two, or a tie. */
static int32_t only_class(const ws__training *t) {
  int32_t only = WS_ABSTAIN;
  for (size_t i = 0; i < t->n; i++) {
    if (t->kind[i] != WS__WEAK && t->kind[i] != WS__GOLD) continue;
    int32_t top = ws_probs_argmax(t->labels + i * t->K, t->K);
    if (top == WS_ABSTAIN || (only != WS_ABSTAIN && top != only)) return WS_ABSTAIN;
    only = top;
  }
  return only;
}

static ws_status check_labels(const ws__training *t, const ws_text *classes,
                              const ws_training_report *report, ws_error *err) {
  uint64_t labels = report->covered + report->gold;
  if (labels == 0 && report->left_out)
    return ws_error_set(err, WS_EINVAL,
                        "expected labels to train on, found none: %llu records are left "
                        "out, %llu have no label",
                        (unsigned long long)report->left_out,
                        (unsigned long long)report->uncovered);
  if (labels == 0)
    return ws_error_set(err, WS_EINVAL,
                        "expected labels to train on, found none on any of %zu records",
                        t->n);
  int32_t only = only_class(t);
  if (only == WS_ABSTAIN) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "expected labels of two classes or more to train on, found '%.*s' "
                      "on all %llu records with a label",
                      WS_TEXT_ARG(classes[only]), (unsigned long long)labels);
}

/* --- training ----------------------------------------------------------------------- */

/* The recipe is followed once more for each model that must not see some rows. The branch
 * is not known yet: that of most is planned with. */
static void plan(ws__training *t, bool gate, const ws_training_report *report) {
  const ws_training_options *options = t->options;
  bool linear = options->recipe != WS_RECIPE_PLAIN && !options->classifier.hidden;
  bool hinge = options->classifier.loss == WS_LOSS_HINGE,
       weak = linear && report->covered;
  double once = ws__recipe_work(t, weak ? WS_BRANCH_REGRESSION : WS_BRANCH_PLAIN);
  int more = (report->covered && hinge ? 2 : 0) + (weak && report->gold ? 1 : 0);
  t->work->planned = (1 + more) * once + (gate && weak && !hinge ? ws__gate_work(t) : 0);
  t->work->rows = (uint64_t)t->work->planned;
}

static ws_status choose_branch(const ws__training *t, const ws_votes *votes,
                               ws_training_report *report, ws_error *err) {
  report->branch = WS_BRANCH_PLAIN;
  report->has_votes = votes != NULL;
  if (t->options->recipe == WS_RECIPE_PLAIN || t->options->classifier.hidden)
    return WS_OK; // the recipe is one of linear models
  report->branch = report->covered ? WS_BRANCH_REGRESSION : WS_BRANCH_GOLD;
  if (!report->covered || !votes) return WS_OK;
  // Scores of an SVM have no mean with log-probabilities: nothing is to be decided.
  if (t->options->classifier.loss == WS_LOSS_HINGE) return WS_OK;
  if (ws_votes_classes(votes) != t->K)
    return ws_error_set(err, WS_EINVAL, "votes: expected %zu classes, found %zu", t->K,
                        ws_votes_classes(votes));
  WS_TRY(ws__gate_run(t, votes, report, err));
  if (report->has_gate && report->median_z > WS_GATE_LEAST_Z)
    report->branch = WS_BRANCH_BAYES;
  return WS_OK;
}

/* Both models are linear, so that their mean is one, too; so is what divides it. */
static void take_weights(ws_classifier *to, const ws__trained *from, double temperature) {
  double share = (from->has_bayes ? 0.5 : 1) / temperature;
  for (size_t k = 0; k < to->K; k++)
    to->bias[k] = (float)(share * (double)from->linear.bias[k]);
  ws__linear_add_weights(&from->linear, share, to->weights);
  if (from->has_bayes) ws__bayes_add_weights(&from->bayes, share, to->weights, to->bias);
  to->objective = from->linear.objective;
  to->iterations = from->linear.iterations;
  to->converged = from->linear.converged;
}

ws_status ws__classifier_summarise(ws_classifier *classifier,
                                   const ws_training_report *report) {
  ws_buffer text = {0};
  ws_json_writer json = {.out = &text};
  ws_training_report_json(&json, report);
  ws_status status = json.status;
  if (status == WS_OK)
    status =
        ws_arena_text(&classifier->arena, ws_buffer_as_text(&text), &classifier->summary);
  ws_buffer_clear(&text);
  return status;
}

static ws_status make_classifier(const ws__training *t, const ws_features *features,
                                 const ws_text *classes, const ws__trained *trained,
                                 const ws_training_report *report, ws_classifier **out,
                                 ws_error *err) {
  ws_classifier *classifier = NULL;
  ws_status status =
      ws__classifier_begin(features, t->matrix, classes, t->K, &classifier);
  if (status != WS_OK) return ws_error_nomem(err);
  if (trained->mlp.H)
    status = ws__classifier_take_mlp(classifier, &trained->mlp);
  else
    take_weights(classifier, trained, report->temperature);
  classifier->rows = trained->rows;
  classifier->loss = t->options->classifier.loss;
  classifier->c = report->c;
  if (status == WS_OK) status = ws__classifier_summarise(classifier, report);
  if (status == WS_OK)
    *out = classifier;
  else
    ws_classifier_free(classifier);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status train(const ws__training *t, const ws_features *features,
                       const ws_text *classes, ws_classifier **out,
                       ws_training_report *report, ws_error *err) {
  ws__trained trained;
  bool weak = report->branch == WS_BRANCH_REGRESSION || report->branch == WS_BRANCH_BAYES;
  report->cross_fitted = weak && report->gold > 0;
  if (report->covered && t->options->classifier.loss == WS_LOSS_HINGE)
    WS_TRY(ws__fit_weak_temperature(t, report->branch, &report->temperature, err));
  if (report->cross_fitted)
    WS_TRY(ws__fit_temperature(t, report->branch, &report->temperature, err));
  ws_status status = ws__recipe_train(&trained, t, report->branch, false, err);
  if (status == WS_OK)
    status = make_classifier(t, features, classes, &trained, report, out, err);
  ws__trained_clear(&trained);
  return status;
}

static ws_status make_room(ws__training *t) {
  t->kind = ws_alloc_zero(t->n, sizeof *t->kind);
  t->part = ws_alloc_zero(t->n, sizeof *t->part);
  t->weights = ws_alloc_array(t->n, sizeof *t->weights);
  t->labels = t->n > SIZE_MAX / t->K ? NULL : ws_alloc_zero(t->n * t->K, sizeof(double));
  return t->kind && t->part && t->weights && t->labels ? WS_OK : WS_ENOMEM;
}

static bool have_terms(const ws_features *features) {
  for (size_t b = 0; b < features->spec.count; b++)
    if (ws__block_has_terms(&features->spec.blocks[b])) return true;
  return false;
}

/* Of weak labels they gain nothing: naive Bayes made the targets already. Of few labels
 * they are noise. */
static ws_status settle_log_ratios(const ws__training *t, bool has_terms,
                                   ws_training_options *options,
                                   ws_training_report *report, ws_error *err) {
  ws_log_ratios *how = &options->classifier.log_ratios;
  *how = ws__log_ratios_wanted(options);
  if (*how == WS_LOG_RATIOS_ON && report->covered)
    return ws_error_set(err, WS_EINVAL,
                        "log ratios: expected gold labels only, found probabilistic "
                        "ones on %llu records",
                        (unsigned long long)report->covered);
  if (*how == WS_LOG_RATIOS_AUTO && !report->covered && !options->classifier.hidden &&
      ws__log_ratios_pay(report->gold, t->K))
    *how = WS_LOG_RATIOS_ON;
  report->log_ratios = *how == WS_LOG_RATIOS_ON && has_terms;
  return WS_OK;
}

static ws_status run(ws__training *t, ws_training_options *options, ws_features *features,
                     const ws_training_rows *rows, const ws_text *classes,
                     ws_classifier **out, ws_training_report *report, ws_error *err) {
  WS_TRY(check_options(options, t->K, err));
  if (make_room(t) != WS_OK) return ws_error_nomem(err);
  for (size_t i = 0; i < t->n; i++) WS_TRY(take_row(t, rows, i, err));
  count_rows(t, report);
  WS_TRY(check_labels(t, classes, report, err));
  if (options->classifier.c == 0)
    options->classifier.c = options->classifier.loss == WS_LOSS_HINGE ? C_HINGE
                            : report->covered                         ? C_WEAK
                                                                      : C_GOLD;
  report->c = options->classifier.c;
  WS_TRY(settle_log_ratios(t, have_terms(features), options, report, err));
  WS_TRY(ws__classifier_check(&options->classifier, err));
  if (treat_gold(t, report) != WS_OK) return ws_error_nomem(err);
  if (options->uncovered) fill_uncovered(t);
  WS_TRY(ws__features_matrix(features, &t->matrix, err));
  plan(t, rows->votes != NULL, report);
  WS_TRY(choose_branch(t, rows->votes, report, err));
  return train(t, features, classes, out, report, err);
}

ws_status ws_training_run(ws_features *features, const ws_training_rows *rows,
                          const ws_text *classes, size_t class_count,
                          const ws_training_options *given, ws_classifier **out,
                          ws_training_report *report, ws_error *err) {
  ws_training_options options = given ? *given : ws_training_options_default();
  ws__work work = {.to = options.classifier.progress};
  ws__training training = {.n = ws_features_rows(features),
                           .K = class_count,
                           .options = &options,
                           .work = &work};
  options.classifier.progress = ws__work_sink(&work);
  *report = (ws_training_report){.temperature = 1};
  WS_TRY(ws__classifier_check_classes(class_count, err));
  ws_status status = run(&training, &options, features, rows, classes, out, report, err);
  ws_free(training.kind);
  ws_free(training.part);
  ws_free(training.weights);
  ws_free(training.labels);
  return status;
}
