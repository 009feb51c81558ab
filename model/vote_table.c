/* SPDX-License-Identifier: MIT
 *
 * Packing votes for a fit: records without a vote say nothing and are left out.
 */
#include "vote_table.h"

#include <weaksup/alloc.h>

static void fill(ws__vote_table *table, const ws_votes *votes, const uint32_t *id_of) {
  size_t at = 0;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    if (pattern.size == 0) continue;
    for (size_t i = 0; i < pattern.size; i++)
      table->ids[at++] = id_of[pattern.columns[i]];
    table->weight[table->U++] = (double)pattern.count;
    table->begin[table->U] = at;
  }
}

ws_status ws__vote_table_init(ws__vote_table *table, const ws_votes *votes,
                              const uint32_t *id_of) {
  size_t U = ws_votes_patterns(votes), cells = 0;
  for (size_t u = 0; u < U; u++) cells += ws_votes_pattern(votes, u).size;
  *table = (ws__vote_table){.W = (double)ws_votes_covered(votes)};
  table->begin = ws_alloc_array(U + 1, sizeof *table->begin);
  table->ids = ws_alloc_array(cells, sizeof *table->ids);
  table->weight = ws_alloc_array(U, sizeof *table->weight);
  if (!table->begin || !table->ids || !table->weight) return WS_ENOMEM;
  table->begin[0] = 0;
  fill(table, votes, id_of);
  return WS_OK;
}

void ws__vote_table_clear(ws__vote_table *table) {
  ws_free(table->begin);
  ws_free(table->ids);
  ws_free(table->weight);
  *table = (ws__vote_table){0};
}
