/* SPDX-License-Identifier: MIT
 *
 * The folds of a cross-validation on gold labels, and the scores of both kinds.
 */
#include <string.h>

#include <weaksup/alloc.h>

#include "cv.h"

/* What "balanced" looks at are the labels of the other folds. */
static ws_status weigh_classes(cv *c, const ws_training_rows *rows, uint32_t f,
                               ws_error *err) {
  int32_t *gold = rows->gold ? ws_alloc_array(c->n, sizeof *gold) : NULL;
  double *targets = rows->targets ? ws_alloc_array(c->n * c->K, sizeof *targets) : NULL;
  bool fine = !gold == !rows->gold && !targets == !rows->targets;
  for (size_t i = 0; fine && i < c->n; i++) {
    bool out = c->fold[i] == f;
    if (gold) gold[i] = out ? WS_ABSTAIN : rows->gold[i];
    for (size_t k = 0; targets && k < c->K; k++)
      targets[i * c->K + k] = out ? 0 : rows->targets[i * c->K + k];
  }
  label_rows seen = {
      .targets = targets, .gold = gold, .weights = rows->weights, .count = c->n};
  ws_status status =
      fine ? setup_class_weights(&c->setup, c->task, seen, err) : ws_error_nomem(err);
  ws_free(gold);
  ws_free(targets);
  return status;
}

ws_status cv_predict_fold(cv *c, const ws_training_rows *rows, uint32_t f,
                          ws_error *err) {
  if (c->o->class_weight) WS_TRY(weigh_classes(c, rows, f, err));
  return ws_fold_predict(c->features, rows, ws_task_names(c->task), c->K,
                         &c->setup.training, c->lfs ? NULL : &c->setup.choose, c->fold, f,
                         c->probs, err);
}

static ws_status gold_folds(cv *c, ws_error *err) {
  ws_training_rows rows = {
      .targets = c->labels.targets, .gold = c->gold, .weights = c->labels.weights};
  c->setup.choose.groups = c->groups;
  for (uint32_t f = 0; f < c->folds; f++) {
    bar_round(&c->bar, f, c->folds);
    WS_TRY(cv_predict_fold(c, &rows, f, err));
  }
  bar_round(&c->bar, 0, 0);
  return WS_OK;
}

/* --- scores ------------------------------------------------------------------------- */

static ws_status score_folds(cv *c, ws_error *err) {
  for (uint32_t f = 0; f < c->folds; f++) {
    ws_scorer *scorer = NULL;
    if (ws_scorer_new(c->K, &scorer) != WS_OK) return ws_error_nomem(err);
    for (size_t i = 0; i < c->n; i++) {
      if (c->fold[i] != f) continue;
      ws_scorer_add(scorer, c->probs + i * c->K, true, c->gold[i]);
      ws_reliability_add(c->details, c->probs + i * c->K, c->gold[i]);
    }
    c->classifier.folds[f] = ws_scorer_result(scorer);
    ws_scorer_free(scorer);
  }
  c->classifier.has = true;
  return WS_OK;
}

static ws_status allocate(cv *c, ws_error *err) {
  c->fold = ws_alloc_array(c->n, sizeof *c->fold);
  c->probs = c->n > SIZE_MAX / c->K ? NULL : ws_alloc_zero(c->n * c->K, sizeof *c->probs);
  c->label_model.folds = ws_alloc_zero(c->folds, sizeof(ws_scores));
  c->classifier.folds = ws_alloc_zero(c->folds, sizeof(ws_scores));
  bool fine = c->fold && c->probs && c->label_model.folds && c->classifier.folds &&
              ws_reliability_new(c->K, &c->details) == WS_OK;
  return fine ? WS_OK : ws_error_nomem(err);
}

static ws_status deal(cv *c, ws_error *err) {
  ws_folds_options how = {.folds = (uint32_t)c->folds,
                          .seed = c->o->seed,
                          .groups = c->groups ? c->groups + c->base : NULL};
  for (size_t i = 0; i < c->base; i++) c->fold[i] = WS_NO_FOLD;
  ws_status status =
      ws_folds_deal(c->gold + c->base, c->n - c->base, ws_task_names(c->task), c->K, &how,
                    c->fold + c->base, err);
  if (status == WS_EINVAL) ws_error_prefix(err, "--folds: ");
  return status;
}

ws_status cv_run(cv *c, ws_error *err) {
  WS_TRY(allocate(c, err));
  WS_TRY(deal(c, err));
  WS_TRY(c->lfs ? cv_weak_folds(c, err) : gold_folds(c, err));
  return score_folds(c, err);
}
