/* SPDX-License-Identifier: MIT
 *
 * Memory that is allocated piece by piece and freed whole: for an object with an obvious
 * lifetime (a task, a set of votes, a parsed file), never for things freed one by one.
 */
#ifndef WEAKSUP_ARENA_H
#define WEAKSUP_ARENA_H

#include <weaksup/text.h>

WS_BEGIN_DECLS

/* Start from {0}. */
typedef struct ws_arena {
  struct ws_arena_block *blocks;
} ws_arena;

/* Frees all of it; the arena is empty afterwards and can be used again. */
WS_API void ws_arena_clear(ws_arena *arena);
/* Uninitialised, aligned for any type; NULL where there is no memory. */
WS_API WS_CHECK void *ws_arena_alloc(ws_arena *arena, size_t size);
/* A copy with a NUL behind it (not counted in size), which lives as long as the arena.
 * WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_arena_text(ws_arena *arena, ws_text text, ws_text *out);

WS_END_DECLS

#endif
