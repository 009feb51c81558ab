/* SPDX-License-Identifier: MIT
 *
 * Counting for a diagnosis: one walk over the patterns, one over the records with gold.
 */
#include "diagnosis_facts.h"
#include "linked.h"

#include <weaksup/alloc.h>

void ws__facts_clear(ws__facts *f) {
  ws_free(f->cast);
  ws_free(f->votes);
  ws_free(f->polarity);
  ws_free(f->shared);
  ws_free(f->backed);
  ws_free(f->against);
  ws_free(f->class_votes);
  ws_free(f->part);
  ws_free(f->gold_class);
  ws_free(f->gold_cast);
  ws_free(f->gold_right);
  ws_free(f->labeled);
  ws_free(f->voted);
  *f = (ws__facts){0};
}

static ws_status facts_init(ws__facts *f, const ws_votes *votes) {
  size_t M = ws_votes_lfs(votes), K = ws_votes_classes(votes);
  *f = (ws__facts){.M = M, .K = K, .records = ws_votes_rows(votes)};
  f->cast = ws_alloc_zero(M * K, sizeof *f->cast);
  f->votes = ws_alloc_zero(M, sizeof *f->votes);
  f->polarity = ws_alloc_zero(M, sizeof *f->polarity);
  f->shared = ws_alloc_zero(M, sizeof *f->shared);
  f->backed = ws_alloc_zero(M * K, sizeof *f->backed);
  f->against = ws_alloc_zero(M * K, sizeof *f->against);
  f->class_votes = ws_alloc_zero(K, sizeof *f->class_votes);
  f->part = ws_alloc_array(M, sizeof *f->part);
  f->gold_class = ws_alloc_zero(K, sizeof *f->gold_class);
  f->gold_cast = ws_alloc_zero(M * K, sizeof *f->gold_cast);
  f->gold_right = ws_alloc_zero(M * K, sizeof *f->gold_right);
  f->labeled = ws_alloc_zero(K, sizeof *f->labeled);
  f->voted = ws_alloc_zero(K, sizeof *f->voted);
  bool fine = f->cast && f->votes && f->polarity && f->shared && f->backed &&
              f->against && f->class_votes && f->part && f->gold_class && f->gold_cast &&
              f->gold_right && f->labeled && f->voted;
  for (size_t j = 0; fine && j < M; j++) f->part[j] = (uint32_t)j;
  return fine ? WS_OK : WS_ENOMEM;
}

/* With whom the other votes of a pattern side: votes[k] of them are for class k. */
static void add_sides(ws__facts *f, ws_pattern pattern, size_t *votes) {
  for (size_t i = 0; i < pattern.size; i++) votes[pattern.columns[i] % f->K]++;
  for (size_t i = 0; i < pattern.size; i++) {
    size_t same = votes[pattern.columns[i] % f->K] - 1, others = pattern.size - 1 - same;
    if (same > others) f->backed[pattern.columns[i]] += pattern.count;
    if (same < others) f->against[pattern.columns[i]] += pattern.count;
  }
  for (size_t i = 0; i < pattern.size; i++) votes[pattern.columns[i] % f->K] = 0;
}

/* seen[K]: 1 + the last pattern that voted for the class. */
static void add_pattern(ws__facts *f, ws_pattern pattern, size_t u, size_t *seen) {
  if (pattern.size) f->covered += pattern.count;
  if (pattern.size >= 2) f->overlapped += pattern.count;
  for (size_t i = 0; i < pattern.size; i++) {
    size_t j = pattern.columns[i] / f->K, k = pattern.columns[i] % f->K;
    f->cast[pattern.columns[i]] += pattern.count;
    if (pattern.size >= 2) f->shared[j] += pattern.count;
    if (i > 0) ws__link(f->part, (uint32_t)j, pattern.columns[0] / (uint32_t)f->K);
    f->voted[k] += (double)pattern.count / (double)pattern.size;
    if (seen[k] == u + 1) continue;
    seen[k] = u + 1;
    f->class_votes[k] += pattern.count;
  }
}

static void add_labels(ws__facts *f, ws_pattern pattern, const double *probs) {
  if (pattern.size == 0) return;
  for (size_t k = 0; k < f->K; k++) f->labeled[k] += (double)pattern.count * probs[k];
}

static void finish(ws__facts *f) {
  for (size_t j = 0; j < f->M; j++) {
    for (size_t k = 0; k < f->K; k++) {
      f->votes[j] += f->cast[j * f->K + k];
      f->polarity[j] += f->cast[j * f->K + k] > 0;
    }
    f->active += f->votes[j] > 0;
    f->part[j] = ws__linked_first(f->part, (uint32_t)j);
  }
  for (size_t k = 0; f->covered && k < f->K; k++) {
    f->labeled[k] /= (double)f->covered;
    f->voted[k] /= (double)f->covered;
  }
}

/* LFs are found by name: those of `gold` may be others. */
static ws_status add_gold(ws__facts *f, const ws_votes *votes, const ws_votes *gold) {
  int64_t *mine = ws_alloc_array(ws_votes_lfs(gold), sizeof *mine);
  if (!mine) return WS_ENOMEM;
  for (size_t j = 0; j < ws_votes_lfs(gold); j++)
    mine[j] = ws_votes_find_lf(votes, ws_votes_lf(gold, j));
  for (size_t i = 0; i < ws_votes_rows(gold); i++) {
    int32_t right = ws_votes_row_gold(gold, i);
    if (right == WS_ABSTAIN) continue;
    ws_pattern pattern = ws_votes_pattern(gold, ws_votes_row_pattern(gold, i));
    f->gold_rows++;
    f->gold_class[right]++;
    for (size_t v = 0; v < pattern.size; v++) {
      int64_t j = mine[pattern.columns[v] / f->K];
      size_t k = pattern.columns[v] % f->K;
      if (j < 0) continue;
      f->gold_cast[(size_t)j * f->K + k]++;
      f->gold_right[(size_t)j * f->K + k] += k == (size_t)right;
    }
  }
  ws_free(mine);
  return WS_OK;
}

ws_status ws__facts_gather(ws__facts *f, const ws_votes *votes, const ws_labels *labels,
                           const ws_votes *gold) {
  WS_TRY(facts_init(f, votes));
  f->has_dev = gold && gold != votes;
  size_t *seen = ws_alloc_zero(2 * f->K, sizeof *seen);
  if (!seen) return WS_ENOMEM;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    add_pattern(f, pattern, u, seen);
    add_sides(f, pattern, seen + f->K);
    add_labels(f, pattern, ws_labels_get(labels, u));
  }
  ws_free(seen);
  finish(f);
  return gold ? add_gold(f, votes, gold) : WS_OK;
}
