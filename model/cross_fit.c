/* SPDX-License-Identifier: MIT
 *
 * Cross-fitting: the scores of a dev set that helps to fit, each of its records being
 * predicted by a model that did not see its gold label (M. Stone: Cross-validatory choice
 * and assessment of statistical predictions, 1974).
 */
#include <weaksup/alloc.h>

#include "label_model_priv.h"

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

static void score_part(const ws_labels *labels, const ws_votes *dev, const uint8_t *part,
                       unsigned fold, ws_scorer *scorer) {
  for (size_t i = 0; i < ws_votes_rows(dev); i++) {
    size_t u = ws_votes_row_pattern(dev, i);
    if (part[i] == fold)
      ws_scorer_add(scorer, ws_labels_get(labels, u), ws_votes_pattern(dev, u).size > 0,
                    ws_votes_row_gold(dev, i));
  }
}

static ws_status run_fold(const ws_votes *votes, const ws_label_model_options *options,
                          const ws_votes *dev, const uint8_t *part, unsigned fold,
                          ws_scorer *scorer, ws_error *err) {
  ws_label_model_options of_fold = *options;
  ws_gold *gold = NULL;
  ws_label_model *model = NULL;
  ws_labels *labels = NULL;
  WS_TRY(ws__gold_count(votes, dev, part, fold, &gold, err));
  of_fold.gold = gold;
  ws_status status = ws_label_model_fit(votes, &of_fold, &model, err);
  if (status == WS_OK) status = ws_label_model_predict(model, dev, &labels, err);
  if (status == WS_OK) score_part(labels, dev, part, fold, scorer);
  ws_labels_free(labels);
  ws_label_model_free(model);
  ws_gold_free(gold);
  return status;
}

static size_t count_gold(const ws_votes *dev) {
  size_t count = 0;
  for (size_t i = 0; i < ws_votes_rows(dev); i++)
    count += ws_votes_row_gold(dev, i) != WS_ABSTAIN;
  return count;
}

ws_status ws_label_model_cross_fit(const ws_votes *votes,
                                   const ws_label_model_options *options,
                                   const ws_votes *dev, size_t folds, ws_scores *out,
                                   ws_error *err) {
  ws_label_model_options defaults = ws_label_model_options_default();
  ws_scorer *scorer = NULL;
  size_t rows = count_gold(dev);
  if (folds > rows) folds = rows;
  if (folds < 2) folds = 2;
  if (folds > MOST_FOLDS) folds = MOST_FOLDS;
  ws_status status = WS_OK;
  uint8_t *part = ws_alloc_array(ws_votes_rows(dev), sizeof *part);
  if (!part || ws_scorer_new(ws_votes_classes(votes), &scorer) != WS_OK ||
      deal(dev, folds, part) != WS_OK)
    status = ws_error_nomem(err);
  for (unsigned fold = 0; status == WS_OK && fold < folds; fold++)
    status = run_fold(votes, options ? options : &defaults, dev, part, fold, scorer, err);
  if (status == WS_OK) *out = ws_scorer_result(scorer);
  ws_scorer_free(scorer);
  ws_free(part);
  return status;
}
