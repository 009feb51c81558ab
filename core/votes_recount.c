/* SPDX-License-Identifier: MIT
 *
 * The same patterns with other counts, as a resampled data set has them.
 */
#include <weaksup/votes.h>

#include <string.h>

#include <weaksup/alloc.h>

#include "votes_priv.h"

/* Patterns without a record are left out. */
static ws_status make_room(ws_votes *to, const ws_votes *from, const uint64_t *counts) {
  size_t patterns = 0, cells = 0;
  for (size_t u = 0; u < from->patterns; u++) {
    if (counts[u] == 0) continue;
    patterns++;
    cells += from->starts[u + 1] - from->starts[u];
    to->rows += counts[u];
  }
  to->starts = ws_alloc_zero(patterns + 1, sizeof *to->starts);
  to->counts = ws_alloc_array(patterns, sizeof *to->counts);
  to->columns = ws_alloc_array(cells, sizeof *to->columns);
  to->row_pattern = ws_alloc_array(to->rows, sizeof *to->row_pattern);
  return to->starts && to->counts && to->columns && to->row_pattern ? WS_OK : WS_ENOMEM;
}

static void copy_patterns(ws_votes *to, const ws_votes *from, const uint64_t *counts) {
  size_t row = 0;
  for (size_t u = 0; u < from->patterns; u++) {
    if (counts[u] == 0) continue;
    size_t size = from->starts[u + 1] - from->starts[u], at = to->starts[to->patterns];
    if (size)
      memcpy(to->columns + at, from->columns + from->starts[u],
             size * sizeof *to->columns);
    for (uint64_t i = 0; i < counts[u]; i++)
      to->row_pattern[row++] = (uint32_t)to->patterns;
    to->counts[to->patterns++] = counts[u];
    to->starts[to->patterns] = at + size;
  }
}

ws_status ws_votes_recount(const ws_votes *votes, const uint64_t *counts,
                           ws_votes **out) {
  ws_votes *made = ws_alloc_zero(1, sizeof *made);
  if (!made) return WS_ENOMEM;
  ws_status status = ws__names_copy(&made->classes, &votes->classes);
  if (status == WS_OK) status = ws__names_copy(&made->lfs, &votes->lfs);
  if (status == WS_OK) status = make_room(made, votes, counts);
  if (status != WS_OK) {
    ws_votes_free(made);
    return status;
  }
  copy_patterns(made, votes, counts);
  *out = made;
  return WS_OK;
}
