/* SPDX-License-Identifier: MIT
 *
 * Cross-fitting: the scores of a dev set that helps to fit, each of its records being
 * predicted by a model that did not see its gold label (M. Stone: Cross-validatory choice
 * and assessment of statistical predictions, 1974); and the scale of the posteriors, from
 * the same predictions.
 */
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/run_diff.h>

#include "calibrate.h"
#include "gold_priv.h"
#include "temper.h"

#define MOST_FOLDS 255

/* Deals the records with gold into parts. Records are dealt in the order of their
 * patterns, then gold: those that are alike in both can be exchanged, so the order in
 * which records came does not count, and each part gets its share of each kind. */
static ws_status deal(const ws_votes *dev, size_t folds, uint8_t *part) {
  size_t K = ws_votes_classes(dev), cells = ws_votes_patterns(dev) * K, at = 0;
  size_t *next = ws_alloc_zero(cells, sizeof *next); // of each (pattern, gold)
  if (!next) return WS_ENOMEM;
  for (size_t i = 0; i < ws_votes_rows(dev); i++) {
    int32_t gold = ws_votes_row_gold(dev, i);
    if (gold != WS_ABSTAIN) next[ws_votes_row_pattern(dev, i) * K + (size_t)gold]++;
  }
  for (size_t c = 0; c < cells; c++) {
    size_t count = next[c];
    next[c] = at;
    at += count;
  }
  for (size_t i = 0; i < ws_votes_rows(dev); i++) {
    int32_t gold = ws_votes_row_gold(dev, i);
    part[i] = MOST_FOLDS;
    if (gold == WS_ABSTAIN) continue;
    part[i] = (uint8_t)(next[ws_votes_row_pattern(dev, i) * K + (size_t)gold]++ % folds);
  }
  ws_free(next);
  return WS_OK;
}

/* A cross-fit under way. */
typedef struct crossing {
  const ws_votes *votes, *dev;
  const ws_label_model_options *options;
  unsigned folds;
  uint8_t *part; // [rows of dev]
  ws__judged judged;
  size_t *place;   // [judged.count] among the records of dev with gold
  double rho, eps; // of the models
  bool gold;       // they have seen gold, so that their scale is fitted
} crossing;

static void keep_part(crossing *x, const ws_labels *labels, unsigned fold) {
  size_t K = x->judged.K, place = 0;
  for (size_t i = 0; i < ws_votes_rows(x->dev); i++) {
    size_t here = place;
    place += ws_votes_row_gold(x->dev, i) != WS_ABSTAIN;
    if (x->part[i] != fold) continue;
    size_t u = ws_votes_row_pattern(x->dev, i), at = x->judged.count++;
    x->place[at] = here;
    x->judged.rows[at] = (ws__judged_row){ws_votes_pattern(x->dev, u).size,
                                          ws_votes_row_gold(x->dev, i), fold};
    memcpy(x->judged.probs + at * K, ws_labels_get(labels, u), K * sizeof(double));
  }
}

/* The bare posteriors of a part, by a model that has not seen its gold. */
static ws_status run_fold(crossing *x, unsigned fold, ws_error *err) {
  ws_label_model_options of_fold = *x->options;
  ws_gold *gold = NULL;
  ws_label_model *model = NULL;
  ws_labels *labels = NULL;
  ws__gold_rows rows = {ws__gold_targeted(x->options->gold, x->dev), x->part, fold};
  WS_TRY(ws__gold_count(x->votes, x->dev, &rows, &gold, err));
  of_fold.gold = gold;
  ws_status status = ws_label_model_fit(x->votes, &of_fold, &model, err);
  if (status == WS_OK) status = ws_label_model_predict_raw(model, x->dev, &labels, err);
  if (status == WS_OK) {
    keep_part(x, labels, fold);
    x->rho = model->rho;
    x->eps = model->eps;
    x->gold = x->gold || model->gold_rows > 0;
  }
  ws_labels_free(labels);
  ws_label_model_free(model);
  ws_gold_free(gold);
  return status;
}

/* The scale for a part comes from the others. probs[K] is scratch. */
static ws_status score_part(const crossing *x, unsigned fold, double *probs,
                            ws_scorer *scorer, double *right) {
  double scale = 1;
  size_t K = x->judged.K;
  if (x->gold) WS_TRY(ws__fit_scale(&x->judged, fold, x->rho, x->eps, &scale));
  for (size_t i = 0; i < x->judged.count; i++) {
    const ws__judged_row *row = &x->judged.rows[i];
    if (row->part != fold) continue;
    memcpy(probs, x->judged.probs + i * K, K * sizeof *probs);
    if (row->votes > 0) ws__temper(probs, K, row->votes, scale, x->rho, x->eps);
    ws_scorer_add(scorer, probs, row->votes > 0, row->gold);
    if (right)
      right[x->place[i]] = ws_prediction_right(probs, K, row->votes > 0, row->gold);
  }
  return WS_OK;
}

static ws_status score_parts(const crossing *x, double *right, ws_scores *out) {
  ws_scorer *scorer = NULL;
  double *probs = ws_alloc_array(x->judged.K, sizeof *probs);
  ws_status status = probs ? ws_scorer_new(x->judged.K, &scorer) : WS_ENOMEM;
  for (unsigned fold = 0; status == WS_OK && fold < x->folds; fold++)
    status = score_part(x, fold, probs, scorer, right);
  if (status == WS_OK) *out = ws_scorer_result(scorer);
  ws_scorer_free(scorer);
  ws_free(probs);
  return status;
}

static size_t count_gold(const ws_votes *dev) {
  size_t count = 0;
  for (size_t i = 0; i < ws_votes_rows(dev); i++)
    count += ws_votes_row_gold(dev, i) != WS_ABSTAIN;
  return count;
}

static ws_status begin(crossing *x, size_t folds) {
  size_t rows = count_gold(x->dev), K = ws_votes_classes(x->votes);
  if (folds > rows) folds = rows;
  if (folds < 2) folds = 2;
  x->folds = folds > MOST_FOLDS ? MOST_FOLDS : (unsigned)folds;
  x->part = ws_alloc_array(ws_votes_rows(x->dev), sizeof *x->part);
  x->place = ws_alloc_array(rows, sizeof *x->place);
  x->judged = (ws__judged){.K = K,
                           .rows = ws_alloc_array(rows, sizeof *x->judged.rows),
                           .probs = ws_alloc_array(rows * K, sizeof(double))};
  if (!x->part || !x->place || !x->judged.rows || !x->judged.probs) return WS_ENOMEM;
  return deal(x->dev, x->folds, x->part);
}

static void end(crossing *x) {
  ws_free(x->part);
  ws_free(x->place);
  ws_free(x->judged.rows);
  ws_free(x->judged.probs);
}

/* Where the fit saw gold, its scale comes from all parts. */
static ws_status set_scale(const crossing *x, ws_label_model *model) {
  if (!model || !x->gold || model->gold_rows == 0) return WS_OK;
  WS_TRY(ws__fit_scale(&x->judged, x->folds, x->rho, x->eps, &model->scale));
  return ws__label_model_rescaled(model, x->votes);
}

ws_status ws_label_model_cross_fit(const ws_votes *votes,
                                   const ws_label_model_options *options,
                                   const ws_votes *dev, size_t folds,
                                   ws_label_model *model, double *right, ws_scores *out,
                                   ws_error *err) {
  ws_label_model_options defaults = ws_label_model_options_default();
  crossing x = {.votes = votes, .dev = dev, .options = options ? options : &defaults};
  ws_status status = begin(&x, folds);
  for (unsigned fold = 0; status == WS_OK && fold < x.folds; fold++)
    status = run_fold(&x, fold, err);
  if (status == WS_OK) status = score_parts(&x, right, out);
  if (status == WS_OK) status = set_scale(&x, model);
  if (status == WS_ENOMEM) ws_error_nomem(err);
  end(&x);
  return status;
}
