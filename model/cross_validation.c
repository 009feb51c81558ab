/* SPDX-License-Identifier: MIT
 *
 * Training on the rows outside of a fold, and predicting those inside.
 */
#include <weaksup/cross_validation.h>

#include <string.h>

#include <weaksup/alloc.h>

#include "classifier_priv.h"

/* The rows outside, side by side; what the caller does not have is NULL. */
typedef struct outside {
  size_t n;
  size_t *rows;     // [n]
  double *targets;  // [n][K]
  int32_t *gold;    // [n]
  double *weights;  // [n]
  uint64_t *groups; // [n]
  ws_features *features;
} outside;

static void outside_clear(outside *o) {
  ws_features_free(o->features);
  ws_free(o->rows);
  ws_free(o->targets);
  ws_free(o->gold);
  ws_free(o->weights);
  ws_free(o->groups);
}

static ws_status outside_init(outside *o, size_t n, size_t K,
                              const ws_training_rows *rows, const uint64_t *groups) {
  *o = (outside){0};
  o->rows = ws_alloc_array(n, sizeof *o->rows);
  if (rows->targets && n <= SIZE_MAX / K)
    o->targets = ws_alloc_array(n * K, sizeof *o->targets);
  if (rows->gold) o->gold = ws_alloc_array(n, sizeof *o->gold);
  if (rows->weights) o->weights = ws_alloc_array(n, sizeof *o->weights);
  if (groups) o->groups = ws_alloc_array(n, sizeof *o->groups);
  bool fine = o->rows && !o->targets == !rows->targets && !o->gold == !rows->gold &&
              !o->weights == !rows->weights && !o->groups == !groups;
  return fine ? WS_OK : WS_ENOMEM;
}

static void take_row(outside *o, size_t i, size_t K, const ws_training_rows *rows,
                     const uint64_t *groups) {
  if (o->targets)
    memcpy(o->targets + o->n * K, rows->targets + i * K, K * sizeof *o->targets);
  if (o->gold) o->gold[o->n] = rows->gold[i];
  if (o->weights) o->weights[o->n] = rows->weights[i];
  if (o->groups) o->groups[o->n] = groups[i];
  o->rows[o->n++] = i;
}

static ws_status train(const outside *o, const ws_votes *votes, const ws_text *classes,
                       size_t K, const ws_training_options *options,
                       const ws_choice_options *given, ws_classifier **out,
                       ws_error *err) {
  ws_training_options how = options ? *options : ws_training_options_default();
  ws_training_rows rows = {o->targets, o->gold, o->weights, votes};
  ws_training_report report;
  ws_choice choice;
  how.gold_probs = NULL;
  if (!given)
    return ws_training_run(o->features, &rows, classes, K, &how, out, &report, err);
  ws_choice_options choose = *given;
  choose.groups = o->groups;
  return ws_training_choose(o->features, &rows, classes, K, &how, &choose, out, &report,
                            &choice, err);
}

static ws_status predict(const ws_classifier *classifier, ws_features *features, size_t K,
                         const uint32_t *fold, uint32_t which, double *probs,
                         ws_error *err) {
  ws_predictor *predictor = NULL;
  if (ws_predictor_new(classifier, &predictor) != WS_OK) return ws_error_nomem(err);
  ws_status status = WS_OK;
  for (size_t i = 0; status == WS_OK && i < ws_features_rows(features); i++)
    if (fold[i] == which)
      status = ws_predict_features(predictor, features, i, probs + i * K, err);
  ws_predictor_free(predictor);
  return status;
}

ws_status ws_fold_predict(ws_features *features, const ws_training_rows *rows,
                          const ws_text *classes, size_t class_count,
                          const ws_training_options *options,
                          const ws_choice_options *choose, const uint32_t *fold,
                          uint32_t which, double *probs, ws_error *err) {
  size_t n = ws_features_rows(features), K = class_count;
  const uint64_t *groups = choose ? choose->groups : NULL;
  ws_classifier *classifier = NULL;
  outside o;
  WS_TRY(ws__classifier_check_classes(K, err));
  ws_status status = outside_init(&o, n, K, rows, groups);
  if (status != WS_OK) ws_error_nomem(err);
  for (size_t i = 0; status == WS_OK && i < n; i++)
    if (fold[i] != which) take_row(&o, i, K, rows, groups);
  if (status == WS_OK) status = ws_features_pick(features, o.rows, o.n, &o.features, err);
  if (status == WS_OK)
    status = train(&o, rows->votes, classes, K, options, choose, &classifier, err);
  if (status == WS_OK) status = predict(classifier, features, K, fold, which, probs, err);
  ws_classifier_free(classifier);
  outside_clear(&o);
  return status;
}
