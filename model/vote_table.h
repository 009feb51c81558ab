/* SPDX-License-Identifier: MIT
 *
 * The covered patterns of some votes in the label model's own columns, packed for the
 * many passes of a fit.
 */
#ifndef WS_VOTE_TABLE_H
#define WS_VOTE_TABLE_H

#include "label_model_priv.h"

typedef struct ws__vote_table {
  size_t U;       // covered patterns
  size_t *begin;  // [U + 1] where in ids the votes of each begin, and their end
  uint32_t *ids;  // columns of the model, ascending within a pattern
  double *weight; // [U] records with the pattern
  double W;       // records in all
} ws__vote_table;

/* Fills `table`, to be cleared whatever the status. */
ws_status ws__vote_table_init(ws__vote_table *table, const ws_votes *votes,
                              const uint32_t *id_of);
void ws__vote_table_clear(ws__vote_table *table);

#endif
