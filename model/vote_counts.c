/* SPDX-License-Identifier: MIT
 *
 * Counting votes: one pass over the patterns.
 */
#include "vote_counts.h"

#include <weaksup/alloc.h>

static void count(ws__vote_counts *counts, ws_pattern pattern) {
  for (size_t i = 0; i < pattern.size; i++)
    counts->columns[pattern.columns[i]] += pattern.count;
  counts->covered += pattern.size >= 1 ? pattern.count : 0;
  counts->overlaps += pattern.size >= 2 ? pattern.count : 0;
  counts->votes += pattern.size * pattern.count;
}

ws_status ws__vote_counts_init(ws__vote_counts *counts, const ws_votes *votes) {
  size_t M = ws_votes_lfs(votes), K = ws_votes_classes(votes);
  *counts = (ws__vote_counts){.M = M, .K = K, .rows = ws_votes_rows(votes)};
  counts->columns = ws_alloc_zero(M * K, sizeof *counts->columns);
  if (!counts->columns) return WS_ENOMEM;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++)
    count(counts, ws_votes_pattern(votes, u));
  return WS_OK;
}

void ws__vote_counts_clear(ws__vote_counts *counts) {
  ws_free(counts->columns);
  *counts = (ws__vote_counts){0};
}
