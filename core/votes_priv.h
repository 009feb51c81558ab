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
};

/* <0, 0, >0: the order of patterns. */
int ws__pattern_compare(const uint32_t *a, size_t a_size, const uint32_t *b,
                        size_t b_size);

/* The row number i as an id; returns its length. */
size_t ws__row_digits(size_t i, char digits[24]);

#endif
