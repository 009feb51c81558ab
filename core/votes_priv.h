/* SPDX-License-Identifier: MIT
 *
 * The inside of ws_votes, for the files of core that make, read and write it.
 */
#ifndef WS_VOTES_PRIV_H
#define WS_VOTES_PRIV_H

#include <weaksup/votes.h>

#include "names.h"

struct ws_votes {
  ws__names classes, lfs;
  size_t patterns;       // U
  size_t *starts;        // [U + 1] into columns
  uint32_t *columns;     // [starts[U]]
  uint64_t *counts;      // [U]
  size_t rows;           // N
  uint32_t *row_pattern; // [N]
  char *id_bytes;        // the ids one behind the other; NULL: row numbers
  size_t *id_ends;       // [N] where each ends
  int32_t *gold;         // [N]; NULL: none has gold
  uint64_t *row_numbers; // [N], ascending; NULL: 0 .. N-1
};

/* <0, 0, >0: the order of patterns. */
int ws__pattern_compare(const uint32_t *a, size_t a_size, const uint32_t *b,
                        size_t b_size);

/* The row number as an id; returns its length. */
size_t ws__row_digits(uint64_t row, char digits[24]);

/* A builder with the classes and LFs of `votes`. */
WS_CHECK ws_status ws__votes_builder_like(const ws_votes *votes, ws_votes_builder **out);
/* ws_votes_builder_add_at with columns in place of votes. */
WS_CHECK ws_status ws__votes_builder_copy(ws_votes_builder *builder, uint64_t row,
                                          ws_text id, int32_t gold, ws_pattern pattern);

#endif
