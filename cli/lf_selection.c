/* SPDX-License-Identifier: MIT
 *
 * Leaving out labeling functions by gold labels.
 */
#include "lf_selection.h"

#include <inttypes.h>

#include <weaksup/alloc.h>

#include "say.h"

void lf_selection_clear(lf_selection *s) {
  ws_free(s->lfs);
  ws_free(s->left_out);
  *s = (lf_selection){0};
}

/* Fills the verdicts; returns how many LFs with votes are left. */
static size_t judge(lf_selection *s, const ws_votes *votes, const ws_gold *gold) {
  size_t K = ws_votes_classes(votes), left = 0;
  bool *voted = s->left_out; // until it is decided
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    for (size_t v = 0; v < pattern.size; v++) voted[pattern.columns[v] / K] = true;
  }
  for (size_t j = 0; j < s->count; j++) {
    s->lfs[j] = ws_gold_judge(gold, j);
    left += voted[j] && !s->lfs[j].no_better;
    s->left_out[j] = s->lfs[j].no_better;
    s->left_out_count += s->left_out[j];
  }
  return left;
}

ws_status lf_selection_find(lf_selection *s, const ws_votes *votes, const ws_votes *gold,
                            ws_error *err) {
  ws_gold *counts = NULL;
  s->count = ws_votes_lfs(votes);
  s->lfs = ws_alloc_array(s->count, sizeof *s->lfs);
  s->left_out = ws_alloc_zero(s->count, sizeof *s->left_out);
  if (!s->lfs || !s->left_out) return ws_error_nomem(err);
  WS_TRY(ws_gold_count(votes, gold, &counts, err));
  size_t left = judge(s, votes, counts);
  uint64_t rows = ws_gold_rows(counts);
  ws_gold_free(counts);
  if (left || !s->left_out_count) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "--select-lfs: no labeling function would be left: by %llu gold "
                      "labels each that votes is no better than chance",
                      (unsigned long long)rows);
}

ws_status lf_selection_drop(const lf_selection *s, ws_votes **votes, ws_error *err) {
  ws_votes *rest = NULL;
  if (s->left_out_count == 0) return WS_OK;
  if (ws_votes_silence(*votes, s->left_out, &rest) != WS_OK) return ws_error_nomem(err);
  ws_votes_free(*votes);
  *votes = rest;
  return WS_OK;
}

void lf_selection_say(const lf_selection *s, const ws_votes *votes, const options *o) {
  for (size_t j = 0; j < s->count; j++) {
    const ws_gold_verdict *v = &s->lfs[j];
    if (s->left_out[j])
      say_note(o,
               "'%.*s' is left out: %" PRIu64 " of %" PRIu64
               " gold votes right, at most %.1f %% (95 %%), chance %.1f %%",
               WS_TEXT_ARG(ws_votes_lf(votes, j)), v->right, v->votes, 100 * v->at_most,
               100 * v->chance);
  }
}
