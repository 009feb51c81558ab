/* SPDX-License-Identifier: MIT
 *
 * The folds of a cross-validation. With labeling functions the label model is fitted anew
 * on the votes of the other folds, and the classifier trained on what it says of them:
 * the gold labels are the yardstick and nothing else. Votes are the same in each fold,
 * since no labeling function sees gold.
 */
#include <string.h>

#include <weaksup/alloc.h>

#include "cv.h"

/* --- parts of the votes ------------------------------------------------------------- */

static ws_status add_row(const ws_votes *votes, size_t i, ws_votes_builder *builder,
                         ws_vote *cast) {
  char digits[24];
  size_t K = ws_votes_classes(votes);
  ws_pattern pattern = ws_votes_pattern(votes, ws_votes_row_pattern(votes, i));
  for (size_t v = 0; v < pattern.size; v++)
    cast[v] =
        (ws_vote){(uint32_t)(pattern.columns[v] / K), (int32_t)(pattern.columns[v] % K)};
  return ws_votes_builder_add(builder, ws_votes_row_id(votes, i, digits),
                              ws_votes_row_gold(votes, i), cast, pattern.size);
}

/* The votes on the rows inside of fold f, or on those outside of it. */
static ws_status part_of_votes(const cv *c, uint32_t f, bool inside, ws_votes **out,
                               ws_error *err) {
  const ws_votes *votes = c->part.votes;
  size_t M = ws_votes_lfs(votes);
  uint32_t j;
  ws_votes_builder *builder = NULL;
  ws_vote *cast = ws_alloc_array(M, sizeof *cast);
  ws_status status =
      cast && ws_votes_builder_new(c->task, &builder) == WS_OK ? WS_OK : WS_ENOMEM;
  for (size_t i = 0; status == WS_OK && i < M; i++)
    status = ws_votes_builder_lf(builder, ws_votes_lf(votes, i), &j, err);
  for (size_t i = 0; status == WS_OK && i < c->n; i++)
    if ((c->fold[i] == f) == inside) status = add_row(votes, i, builder, cast);
  if (status == WS_OK) status = ws_votes_builder_finish(builder, out);
  ws_votes_builder_free(builder);
  ws_free(cast);
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}

/* --- with labeling functions -------------------------------------------------------- */

/* targets[n][K] of the rows outside of the fold, by their patterns among all votes. */
static ws_status weak_targets(const cv *c, const ws_label_model *model, uint32_t f,
                              double *targets, ws_error *err) {
  const ws_votes *votes = c->part.votes;
  ws_labels *labels = NULL;
  WS_TRY(ws_label_model_predict(model, votes, &labels, err));
  memset(targets, 0, c->n * c->K * sizeof *targets);
  for (size_t i = 0; i < c->n; i++) {
    size_t u = ws_votes_row_pattern(votes, i);
    if (c->fold[i] == f || ws_votes_pattern(votes, u).size == 0) continue;
    memcpy(targets + i * c->K, ws_labels_get(labels, u), c->K * sizeof *targets);
  }
  ws_labels_free(labels);
  return WS_OK;
}

static ws_status score_votes(cv *c, const ws_label_model *model, uint32_t f,
                             ws_error *err) {
  ws_votes *inside = NULL;
  ws_labels *labels = NULL;
  ws_status status = part_of_votes(c, f, true, &inside, err);
  if (status == WS_OK) status = ws_label_model_predict(model, inside, &labels, err);
  if (status == WS_OK &&
      ws_score_labels(labels, inside, &c->label_model.folds[f]) != WS_OK)
    status = ws_error_nomem(err);
  ws_labels_free(labels);
  ws_votes_free(inside);
  return status;
}

/* Trains on the targets of the rows outside of fold f, whose votes these are, and
 * predicts those inside. */
static ws_status predict_fold(cv *c, uint32_t f, const double *targets,
                              const ws_votes *outside, ws_error *err) {
  ws_training_rows rows = {.targets = targets, .votes = outside};
  return ws_fold_predict(c->features, &rows, ws_task_names(c->task), c->K,
                         &c->setup.training, NULL, c->fold, f, c->probs, err);
}

static ws_status weak_fold(cv *c, uint32_t f, double *targets, ws_error *err) {
  ws_votes *outside = NULL;
  ws_label_model *model = NULL;
  ws_status status = part_of_votes(c, f, false, &outside, err);
  if (status == WS_OK)
    status = ws_label_model_fit(outside, &c->setup.label_model, &model, err);
  if (status == WS_OK) status = score_votes(c, model, f, err);
  if (status == WS_OK) status = weak_targets(c, model, f, targets, err);
  if (status == WS_OK) status = predict_fold(c, f, targets, outside, err);
  ws_label_model_free(model);
  ws_votes_free(outside);
  return status;
}

static ws_status weak_folds(cv *c, ws_error *err) {
  double *targets = ws_alloc_array(c->n * c->K, sizeof *targets);
  ws_status status = targets ? WS_OK : ws_error_nomem(err);
  for (uint32_t f = 0; status == WS_OK && f < c->folds; f++)
    status = weak_fold(c, f, targets, err);
  ws_free(targets);
  c->label_model.has = status == WS_OK;
  return status;
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

static ws_status gold_folds(cv *c, ws_error *err) {
  ws_training_rows rows = {.targets = c->labels.targets, .gold = c->gold};
  c->setup.choose.groups = c->groups;
  for (uint32_t f = 0; f < c->folds; f++)
    WS_TRY(ws_fold_predict(c->features, &rows, ws_task_names(c->task), c->K,
                           &c->setup.training, &c->setup.choose, c->fold, f, c->probs,
                           err));
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

ws_status cv_run(cv *c, ws_error *err) {
  ws_folds_options deal = {
      .folds = (uint32_t)c->folds, .seed = c->o->seed, .groups = c->groups};
  WS_TRY(allocate(c, err));
  WS_TRY(ws_folds_deal(c->gold, c->n, ws_task_names(c->task), c->K, &deal, c->fold, err));
  WS_TRY(c->lfs ? weak_folds(c, err) : gold_folds(c, err));
  return score_folds(c, err);
}
