/* SPDX-License-Identifier: MIT
 *
 * What a text must hold for a pattern to match it. Private to lf.
 */
#ifndef WS_REQUIRED_H
#define WS_REQUIRED_H

#include <weaksup/arena.h>
#include <weaksup/text.h>

typedef struct ws__literal {
  ws_text text; // ASCII, in lower case, not empty
  struct ws__literal *next;
} ws__literal;

/* Literals of which every text that matches `pattern` holds at least one, where ASCII
 * letters count in either case and U+212A and U+017F as k and s. *out = NULL: nothing
 * useful is known. The pattern must have been compiled with these flags; the list lives
 * in the arena. */
WS_CHECK ws_status ws__required(ws_text pattern, ws_text flags, ws_arena *arena,
                                const ws__literal **out);

#endif
