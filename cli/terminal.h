/* SPDX-License-Identifier: MIT
 *
 * The terminal that standard output may be: how wide it is, and whether to colour.
 */
#ifndef WS_TERMINAL_H
#define WS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* How wide standard output is; 0 where it is no terminal, and nothing has to fit. */
size_t terminal_columns(void);

/* "auto", "always" or "never"; false for other words. Before it is called: auto, that is
 * on terminals, unless NO_COLOR (no-color.org) is set or TERM is "dumb". */
bool terminal_set_color(const char *when);

typedef enum term_mark {
  MARK_NONE,
  MARK_BAD,  // to be mended
  MARK_POOR, // to be looked at
  MARK_DIM,  // less important
} term_mark;

/* The escape sequence that begins the mark, and the one that ends it; "" without colour.
 */
const char *terminal_begin(term_mark mark);
const char *terminal_end(term_mark mark);

#endif
