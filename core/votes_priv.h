/* SPDX-License-Identifier: MIT
 *
 * The inside of ws_votes, for the files of core that make, read and write it.
 */
#ifndef WS_VOTES_PRIV_H
#define WS_VOTES_PRIV_H

#include <weaksup/arena.h>
#include <weaksup/votes.h>

/* Names with their numbers, in the order of adding. The texts live in an arena. */
typedef struct ws__names {
  ws_arena arena;
  ws_text *items; // [count]
  size_t count, capacity;
  uint32_t *slots; // [slot_count], a power of two: number + 1, or 0
  size_t slot_count;
} ws__names;

void ws__names_clear(ws__names *names);
WS_CHECK ws_status ws__names_add(ws__names *names, ws_text name, uint32_t *number,
                                 bool *added);
/* The number, or -1. */
int64_t ws__names_find(const ws__names *names, ws_text name);

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
