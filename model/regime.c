/* SPDX-License-Identifier: MIT
 *
 * Looking at votes before a fit: which kind of model suits them, and what they cannot
 * tell.
 */
#include <math.h>

#include <weaksup/alloc.h>

#include "label_model_priv.h"

#define ANNOTATOR_COVERAGE 0.99
#define ANNOTATOR_VOTES    0.8
#define FEWEST_LFS         3
#define LEAST_OVERLAP      0.01

typedef struct view {
  uint64_t votes, varied; // votes in all; of LFs that used two or more classes
  uint64_t overlaps;      // records with two or more votes
  size_t active;          // LFs that vote
} view;

static void count_lfs(view *v, const uint64_t *counts, size_t M, size_t K) {
  for (size_t j = 0; j < M; j++) {
    uint64_t votes = 0;
    size_t classes = 0;
    for (size_t k = 0; k < K; k++) {
      votes += counts[j * K + k];
      classes += counts[j * K + k] > 0;
    }
    v->votes += votes;
    v->active += classes > 0;
    if (classes >= 2) v->varied += votes;
  }
}

static ws_status look(const ws_votes *votes, view *v) {
  size_t M = ws_votes_lfs(votes), K = ws_votes_classes(votes);
  uint64_t *counts = ws_alloc_zero(M * K, sizeof *counts);
  if (!counts) return WS_ENOMEM;
  *v = (view){0};
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    if (pattern.size >= 2) v->overlaps += pattern.count;
    for (size_t i = 0; i < pattern.size; i++) counts[pattern.columns[i]] += pattern.count;
  }
  count_lfs(v, counts, M, K);
  ws_free(counts);
  return WS_OK;
}

/* A share as a percentage that is not rounded up to a bound it does not reach. */
static double percent(double share) {
  return floor(share * 1000) / 10;
}

ws_status ws__regime(const ws_votes *votes, const ws__label_model_type **type,
                     ws_buffer *why) {
  view v;
  WS_TRY(look(votes, &v));
  double N = (double)ws_votes_rows(votes);
  double coverage = N > 0 ? (double)ws_votes_covered(votes) / N : 0;
  double varied = v.votes > 0 ? (double)v.varied / (double)v.votes : 0;
  bool annotators = coverage >= ANNOTATOR_COVERAGE && varied >= ANNOTATOR_VOTES;
  *type = annotators ? &ws__hds : &ws__lift;
  return ws_buffer_printf(
      why,
      "the labeling functions vote like %s: %.1f %% of the records have a vote and "
      "%.1f %% of the votes come from labeling functions that voted for two or more "
      "classes (annotators: from 99 and 80 %% on)",
      annotators ? "annotators" : "rules", percent(coverage), percent(varied));
}

ws_status ws__weak_votes(const ws_votes *votes, ws_buffer *note) {
  view v;
  WS_TRY(look(votes, &v));
  double covered = (double)ws_votes_covered(votes);
  if (v.active == 0)
    return ws_buffer_printf(note, "there are no votes: each record gets the class "
                                  "balance");
  double overlap = (double)v.overlaps / covered;
  if (v.active >= FEWEST_LFS && overlap >= LEAST_OVERLAP) return WS_OK;
  return ws_buffer_printf(
      note,
      "the votes cannot tell how accurate the labeling functions are (%zu of them vote, "
      "%.1f %% of the covered records have two or more votes): the model rests on its "
      "prior accuracies and is close to the majority vote",
      v.active, percent(overlap));
}
