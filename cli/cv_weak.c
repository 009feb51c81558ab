/* SPDX-License-Identifier: MIT
 *
 * Cross-validation of labeling functions. For each fold the label model is fitted anew,
 * and the classifier trained on what it says. Where gold labels of the data are the
 * yardstick, the models do not look at them: they are fitted to the votes on the other
 * folds. Where those of dev are, each fold is as `fit` would have it on the data and the
 * rest of dev, whose gold helps unless --no-dev-gold. Votes are the same in each fold,
 * since no labeling function sees gold; only --select-lfs looks at that of other folds.
 */
#include <string.h>

#include <weaksup/alloc.h>

#include "cv.h"
#include "lf_selection.h"

enum { DEV_FOLDS = 5 }; // as in fit

typedef struct weak_fold {
  uint32_t f;
  ws_votes *inside, *outside; // of the yardstick
  ws_votes *seen;             // that are fitted to
  ws_gold *gold;              // of dev, outside; NULL: not looked at
  bool *targeted;             // [rows of outside]; NULL: none is
  ws_label_model_options how;
  ws_label_model *model;
  double *targets; // [n][K]
} weak_fold;

/* --- votes -------------------------------------------------------------------------- */

typedef struct which {
  const uint32_t *fold;
  uint32_t f;
  bool inside;
} which;

static bool is_in(const void *user, size_t i) {
  const which *w = user;
  return (w->fold[i] == w->f) == w->inside;
}

static bool is_any(const void *user, size_t i) {
  (void)user, (void)i;
  return true;
}

/* Of the yardstick, which are the records of dev with gold, outside. */
static ws_status find_targeted(const cv *c, weak_fold *w) {
  const bool *all = c->dev_votes ? part_targeted(&c->dev) : NULL;
  size_t rows = all ? ws_votes_rows(c->dev.votes) : 0, at = 0, i = c->base;
  if (!all) return WS_OK;
  w->targeted = ws_alloc_array(rows, sizeof *w->targeted);
  if (!w->targeted) return WS_ENOMEM;
  for (size_t row = 0; row < rows; row++)
    if (ws_votes_row_gold(c->dev.votes, row) != WS_ABSTAIN && c->fold[i++] != w->f)
      w->targeted[at++] = all[row];
  return WS_OK;
}

static ws_status split(const cv *c, weak_fold *w, ws_error *err) {
  const ws_votes *all = cv_yardstick(c);
  which in = {c->fold + c->base, w->f, true}, out = {c->fold + c->base, w->f, false};
  bool fine = ws_votes_pick(all, is_in, &in, &w->inside) == WS_OK &&
              ws_votes_pick(all, is_in, &out, &w->outside) == WS_OK &&
              ws_votes_pick(c->dev_votes ? c->part.votes : w->outside, is_any, NULL,
                            &w->seen) == WS_OK &&
              find_targeted(c, w) == WS_OK;
  return fine ? WS_OK : ws_error_nomem(err);
}

static ws_status select_lfs(cv *c, weak_fold *w, ws_error *err) {
  lf_selection selection = {0};
  if (!c->left_out) return WS_OK;
  ws_status status = lf_selection_find(&selection, w->seen, w->outside, err);
  if (status == WS_OK) status = lf_selection_drop(&selection, &w->seen, err);
  if (status != WS_OK) ws_error_prefix(err, "without fold %u: ", (unsigned)w->f);
  for (size_t j = 0; status == WS_OK && j < selection.count; j++)
    c->left_out[j] += selection.left_out[j];
  lf_selection_clear(&selection);
  return status;
}

/* --- the label model ---------------------------------------------------------------- */

static ws_status fit_model(const cv *c, weak_fold *w, ws_error *err) {
  ws_scores ignored;
  w->how = c->setup.label_model;
  if (c->dev_votes && !c->o->no_dev_gold)
    WS_TRY(ws_gold_count_fair(w->seen, w->outside, w->targeted, &w->gold, err));
  w->how.gold = w->gold;
  WS_TRY(ws_label_model_fit(w->seen, &w->how, &w->model, err));
  if (ws_label_model_gold_rows(w->model) == 0) return WS_OK;
  ws_label_model_options same = w->how;
  same.kind = ws_label_model_kind(w->model);
  return ws_label_model_cross_fit(w->seen, &same, w->outside, DEV_FOLDS, w->model, NULL,
                                  &ignored, err);
}

static ws_status score_votes(cv *c, const weak_fold *w, ws_error *err) {
  ws_labels *labels = NULL;
  ws_status status = ws_label_model_predict(w->model, w->inside, &labels, err);
  if (status == WS_OK &&
      ws_score_labels(labels, w->inside, &c->label_model.folds[w->f]) != WS_OK)
    status = ws_error_nomem(err);
  ws_labels_free(labels);
  return status;
}

/* Of the covered rows that the model was fitted to. */
static ws_status fill_targets(const cv *c, weak_fold *w, ws_error *err) {
  ws_labels *labels = NULL;
  size_t rows = c->dev_votes ? c->base : c->n, at = 0;
  WS_TRY(ws_label_model_targets(w->model, w->seen, &labels, err));
  memset(w->targets, 0, c->n * c->K * sizeof *w->targets);
  for (size_t i = 0; i < rows; i++) {
    if (c->fold[i] == w->f) continue;
    size_t u = ws_votes_row_pattern(w->seen, at++);
    if (ws_votes_pattern(w->seen, u).size)
      memcpy(w->targets + i * c->K, ws_labels_get(labels, u), c->K * sizeof *w->targets);
  }
  ws_labels_free(labels);
  return WS_OK;
}

/* --- the classifier ----------------------------------------------------------------- */

/* Where dev's gold is not trained on, none of its records is in the training: all count
 * as this fold, and what is said of the others is dropped. */
static ws_status predict_without_dev(cv *c, const ws_training_rows *rows, uint32_t f,
                                     ws_error *err) {
  uint32_t *fold = c->fold;
  double *probs = c->probs;
  c->fold = ws_alloc_array(c->n, sizeof *c->fold);
  c->probs = ws_alloc_zero(c->n * c->K, sizeof *c->probs);
  ws_status status = c->fold && c->probs ? WS_OK : ws_error_nomem(err);
  for (size_t i = 0; status == WS_OK && i < c->n; i++)
    c->fold[i] = i < c->base ? WS_NO_FOLD : f;
  if (status == WS_OK) status = cv_predict_fold(c, rows, f, err);
  for (size_t i = c->base; status == WS_OK && i < c->n; i++)
    if (fold[i] == f) memcpy(probs + i * c->K, c->probs + i * c->K, c->K * sizeof *probs);
  ws_free(c->fold);
  ws_free(c->probs);
  c->fold = fold;
  c->probs = probs;
  return status;
}

static ws_status predict(cv *c, weak_fold *w, ws_error *err) {
  ws_training_rows rows = {.targets = w->targets, .votes = w->seen};
  bool gold = !c->o->no_dev_gold && c->setup.training.recipe == WS_RECIPE_AUTO;
  if (c->dev_votes && gold) rows.gold = c->gold; // as fit does
  c->setup.training.label_model = &w->how;
  ws_status status = c->dev_votes && !gold ? predict_without_dev(c, &rows, w->f, err)
                                           : cv_predict_fold(c, &rows, w->f, err);
  c->setup.training.label_model = &c->setup.label_model;
  return status;
}

/* --- all folds ---------------------------------------------------------------------- */

static ws_status run_fold(cv *c, weak_fold *w, ws_error *err) {
  WS_TRY(split(c, w, err));
  WS_TRY(select_lfs(c, w, err));
  WS_TRY(fit_model(c, w, err));
  WS_TRY(score_votes(c, w, err));
  WS_TRY(fill_targets(c, w, err));
  return predict(c, w, err);
}

static void fold_clear(weak_fold *w) {
  ws_label_model_free(w->model);
  ws_gold_free(w->gold);
  ws_free(w->targeted);
  ws_votes_free(w->seen);
  ws_votes_free(w->inside);
  ws_votes_free(w->outside);
}

ws_status cv_weak_folds(cv *c, ws_error *err) {
  size_t M = ws_votes_lfs(c->part.votes);
  double *targets = ws_alloc_array(c->n * c->K, sizeof *targets);
  if (c->o->select_lfs) c->left_out = ws_alloc_zero(M, sizeof *c->left_out);
  ws_status status =
      targets && (c->left_out || !c->o->select_lfs) ? WS_OK : ws_error_nomem(err);
  for (uint32_t f = 0; status == WS_OK && f < c->folds; f++) {
    bar_round(&c->bar, f, c->folds);
    weak_fold w = {.f = f, .targets = targets};
    status = run_fold(c, &w, err);
    fold_clear(&w);
  }
  bar_round(&c->bar, 0, 0);
  ws_free(targets);
  c->label_model.has = status == WS_OK;
  return status;
}
