/* SPDX-License-Identifier: MIT
 *
 * A table of names: LFs, classes, columns. Private to core.
 */
#ifndef WS_NAMES_H
#define WS_NAMES_H

#include <weaksup/arena.h>

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
/* Adds all names of `from`, in their order. */
WS_CHECK ws_status ws__names_copy(ws__names *to, const ws__names *from);
/* The number, or -1. */
int64_t ws__names_find(const ws__names *names, ws_text name);

#endif
