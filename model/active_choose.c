/* SPDX-License-Identifier: MIT
 *
 * Choosing records to label: one by one from the shortlist. By diversity alone this is
 * the greedy k-centre of T. Gonzalez (Clustering to minimize the maximum intercluster
 * distance, 1985).
 */
#include <stdlib.h>

#include <weaksup/alloc.h>

#include "active_priv.h"

static const double near_duplicate = 0.8;

static ws__candidate *find_candidate(ws_active *active, size_t row) {
  size_t low = 0, high = active->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (active->list[middle].row < row)
      low = middle + 1;
    else
      high = middle;
  }
  bool there = low < active->count && active->list[low].row == row;
  return there ? &active->list[low] : NULL;
}

ws_status ws_active_text(ws_active *active, size_t row, ws_text text) {
  ws__candidate *c = find_candidate(active, row);
  if (!c || c->has_text) return WS_OK;
  WS_TRY(ws__word_set_make(text, &c->words));
  c->has_text = true;
  return WS_OK;
}

static double value_of(const ws_active *active, ws_active_by by, const ws__candidate *c) {
  if (c->chosen || c->nearest >= near_duplicate) return 0;
  bool alone = by == WS_ACTIVE_DIVERSE || ws__active_own(active, c->row);
  double score = ws__active_score(active, by, c->row, c->pattern);
  return score * (1 - c->nearest) / (alone ? 1 : 1 + (double)active->used[c->pattern]);
}

static ws__candidate *best_candidate(ws_active *active, ws_active_by by) {
  ws__candidate *best = NULL;
  double most = 0;
  for (size_t i = 0; i < active->count; i++) {
    ws__candidate *c = &active->list[i];
    double value = value_of(active, by, c);
    if (value > most || (best && value == most && c->hash < best->hash)) {
      best = c;
      most = value;
    }
  }
  return best;
}

static int64_t most_wanting(const ws_active *active, size_t u) {
  ws_pattern pattern = ws_votes_pattern(active->votes, u);
  size_t K = ws_votes_classes(active->votes);
  int64_t found = -1;
  double most = 0;
  for (size_t i = 0; i < pattern.size; i++) {
    size_t j = pattern.columns[i] / K;
    double want = ws__active_want(active, j);
    if (want > most) {
      most = want;
      found = (int64_t)j;
    }
  }
  return found;
}

static void note_choice(ws_active *active, ws__candidate *chosen) {
  size_t K = ws_votes_classes(active->votes);
  ws_pattern pattern = ws_votes_pattern(active->votes, chosen->pattern);
  chosen->chosen = true;
  active->used[chosen->pattern]++;
  for (size_t i = 0; i < pattern.size; i++) active->gold_votes[pattern.columns[i] / K]++;
  for (size_t i = 0; i < active->count && chosen->has_text; i++) {
    ws__candidate *c = &active->list[i];
    if (c->chosen || !c->has_text) continue;
    double similarity = ws__word_set_similarity(&c->words, &chosen->words);
    if (similarity > c->nearest) c->nearest = similarity;
  }
}

static void pick(ws_active *active, ws_active_by by, ws__candidate *c) {
  active->picks[active->pick_count++] = (ws_active_pick){
      .row = c->row,
      .by = by,
      .score = by == WS_ACTIVE_DIVERSE ? 1 - c->nearest
                                       : ws__active_score(active, by, c->row, c->pattern),
      .lf = by == WS_ACTIVE_EVIDENCE ? most_wanting(active, c->pattern) : -1,
  };
  note_choice(active, c);
}

ws_status ws_active_choose(ws_active *active, const ws_active_pick **out, size_t *count) {
  size_t turns = ws__active_turns(active), idle = 0;
  size_t most =
      active->options.count < active->count ? active->options.count : active->count;
  active->picks = ws_alloc_array(most, sizeof *active->picks);
  if (!active->picks) return WS_ENOMEM;
  for (size_t turn = 0; active->pick_count < most && idle < turns; turn++) {
    ws_active_by by = ws__active_turn(active, turn);
    ws__candidate *best = best_candidate(active, by);
    idle = best ? 0 : idle + 1;
    if (best) pick(active, by, best);
  }
  *out = active->picks;
  *count = active->pick_count;
  return WS_OK;
}
