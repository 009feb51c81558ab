/* SPDX-License-Identifier: MIT
 *
 * Counting votes against gold labels.
 */
#include <weaksup/gold.h>

#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/metrics.h>

#include "gold_priv.h"

/* What the uniform balance is worth against the gold, in records of each class, for each
 * class that it is compared with. */
#define PAIR_ROWS 20.0

bool ws__same_classes(const ws_votes *votes, const ws_votes *dev) {
  size_t K = ws_votes_classes(votes);
  bool same = ws_votes_classes(dev) == K;
  for (size_t k = 0; same && k < K; k++)
    same = ws_text_equal(ws_votes_class(votes, k), ws_votes_class(dev, k));
  return same;
}

static ws_status check_classes(const ws_votes *votes, const ws_votes *dev,
                               ws_error *err) {
  if (ws__same_classes(votes, dev)) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "dev set: expected the classes of the votes in their order");
}

/* LF by LF of dev: which one of the votes it is, or M. */
static size_t *map_lfs(const ws_votes *votes, const ws_votes *dev) {
  size_t *map = ws_alloc_array(ws_votes_lfs(dev), sizeof *map);
  for (size_t j = 0; map && j < ws_votes_lfs(dev); j++) {
    int64_t at = ws_votes_find_lf(votes, ws_votes_lf(dev, j));
    map[j] = at < 0 ? ws_votes_lfs(votes) : (size_t)at;
  }
  return map;
}

static void add_record(ws_gold *gold, ws_pattern pattern, const size_t *map, size_t k,
                       bool fair) {
  gold->rows++;
  gold->counts[k]++;
  gold->fair += fair;
  gold->fair_counts[k] += fair;
  for (size_t i = 0; i < pattern.size; i++) {
    size_t j = map[pattern.columns[i] / gold->K], l = pattern.columns[i] % gold->K;
    if (j < gold->M) gold->votes[(j * gold->K + l) * gold->K + k]++;
  }
}

static ws_status gold_new(size_t M, size_t K, ws_gold **out) {
  ws_gold *gold = ws_alloc_zero(1, sizeof *gold);
  if (!gold) return WS_ENOMEM;
  gold->M = M;
  gold->K = K;
  gold->counts = ws_alloc_zero(K, sizeof *gold->counts);
  gold->fair_counts = ws_alloc_zero(K, sizeof *gold->fair_counts);
  if (M <= SIZE_MAX / K / K) gold->votes = ws_alloc_zero(M * K * K, sizeof *gold->votes);
  if (gold->counts && gold->fair_counts && gold->votes) {
    *out = gold;
    return WS_OK;
  }
  ws_gold_free(gold);
  return WS_ENOMEM;
}

static ws_status keep_targeted(ws_gold *gold, const bool *targeted, size_t rows) {
  if (!targeted) return WS_OK;
  gold->targeted = ws_alloc_array(rows, sizeof *gold->targeted);
  if (!gold->targeted) return WS_ENOMEM;
  if (rows) memcpy(gold->targeted, targeted, rows * sizeof *targeted);
  gold->dev_rows = rows;
  return WS_OK;
}

ws_status ws__gold_count(const ws_votes *votes, const ws_votes *dev,
                         const ws__gold_rows *rows, ws_gold **out, ws_error *err) {
  WS_TRY(check_classes(votes, dev, err));
  ws_gold *gold = NULL;
  size_t *map = map_lfs(votes, dev);
  if (!map || gold_new(ws_votes_lfs(votes), ws_votes_classes(votes), &gold) != WS_OK ||
      keep_targeted(gold, rows->targeted, ws_votes_rows(dev)) != WS_OK) {
    ws_free(map);
    ws_gold_free(gold);
    return ws_error_nomem(err);
  }
  for (size_t i = 0; i < ws_votes_rows(dev); i++) {
    int32_t k = ws_votes_row_gold(dev, i);
    if (k == WS_ABSTAIN || (rows->part && rows->part[i] == rows->without)) continue;
    add_record(gold, ws_votes_pattern(dev, ws_votes_row_pattern(dev, i)), map, (size_t)k,
               !rows->targeted || !rows->targeted[i]);
  }
  ws_free(map);
  *out = gold;
  return WS_OK;
}

ws_status ws_gold_count(const ws_votes *votes, const ws_votes *dev, ws_gold **out,
                        ws_error *err) {
  return ws_gold_count_fair(votes, dev, NULL, out, err);
}

ws_status ws_gold_count_fair(const ws_votes *votes, const ws_votes *dev,
                             const bool *targeted, ws_gold **out, ws_error *err) {
  ws_gold *gold = NULL;
  ws__gold_rows rows = {.targeted = targeted};
  WS_TRY(ws__gold_count(votes, dev, &rows, &gold, err));
  if (gold->rows > 0) {
    *out = gold;
    return WS_OK;
  }
  ws_gold_free(gold);
  return ws_error_set(err, WS_EINVAL, "dev set: no record has a gold label");
}

void ws_gold_free(ws_gold *gold) {
  if (!gold) return;
  ws_free(gold->counts);
  ws_free(gold->fair_counts);
  ws_free(gold->targeted);
  ws_free(gold->votes);
  ws_free(gold);
}

uint64_t ws_gold_rows(const ws_gold *gold) {
  return gold->rows;
}

uint64_t ws_gold_class_rows(const ws_gold *gold, size_t k) {
  return gold->counts[k];
}

uint64_t ws_gold_votes(const ws_gold *gold, size_t j, size_t k) {
  const uint64_t *column = ws__gold_column(gold, j, k);
  uint64_t sum = 0;
  for (size_t g = 0; g < gold->K; g++) sum += column[g];
  return sum;
}

uint64_t ws_gold_right(const ws_gold *gold, size_t j, size_t k) {
  return ws__gold_column(gold, j, k)[k];
}

void ws_gold_balance(const ws_gold *gold, double *balance) {
  double more = PAIR_ROWS * (double)(gold->K - 1);
  const uint64_t *counts = gold->fair ? gold->fair_counts : gold->counts;
  uint64_t counted = gold->fair ? gold->fair : gold->rows;
  double rows = (double)counted + more * (double)gold->K;
  for (size_t k = 0; k < gold->K; k++) balance[k] = ((double)counts[k] + more) / rows;
}

ws_gold_verdict ws_gold_judge(const ws_gold *gold, size_t j) {
  ws_gold_verdict v = {.at_most = (double)NAN, .chance = (double)NAN};
  double expected = 0;
  for (size_t k = 0; k < gold->K; k++) {
    uint64_t votes = ws_gold_votes(gold, j, k);
    v.votes += votes;
    v.right += ws_gold_right(gold, j, k);
    expected += (double)votes * (double)gold->counts[k] / (double)gold->rows;
  }
  if (v.votes == 0) return v;
  v.at_most = ws_binomial_interval(v.right, v.votes, 0.95).high;
  v.chance = expected / (double)v.votes;
  v.no_better = v.votes >= WS_GOLD_LEAST_VOTES && v.at_most <= v.chance;
  return v;
}
