/* SPDX-License-Identifier: MIT
 *
 * Physical lines of an input, the byte-order mark dropped. Private to core.
 */
#ifndef WS_LINES_H
#define WS_LINES_H

#include "input.h"

typedef struct ws__lines {
  ws__input *input; // owned
  char *data;       // [capacity]; [at, end) is not given out yet
  size_t capacity, at, end;
  size_t max_line;
  size_t seen;   // bytes from `at` on that hold no line end
  uint64_t line; // number of the line given out last, from 1
  bool begun;    // the first bytes were looked at
  bool ended;    // the input is read to its end
  bool waits;    // a line was asked for that is not there yet (ws__input_set_wait)
  bool skipping; // the rest of a line that was too long is still to be passed over
  bool broken;   // the input itself failed: not a matter of one record
} ws__lines;

/* As ws__input_open. */
WS_CHECK ws_status ws__lines_open(ws__lines *lines, const char *path,
                                  const ws_text *memory, size_t max_line,
                                  ws_progress_sink progress, ws_error *err);
void ws__lines_close(ws__lines *lines);

/* The next line without its '\n' (a '\r' before it stays), until the call after;
 * WS_JSON_PADDING bytes behind it are readable. *more is false at the end, and where
 * `waits` is set. WS_EPARSE for a line that is too long or holds a NUL byte: the next
 * call goes on behind it. */
WS_CHECK ws_status ws__lines_next(ws__lines *lines, ws_text *line, bool *more,
                                  ws_error *err);

/* The first byte that is not white space, without consuming anything; 0 where there is
 * none. */
WS_CHECK ws_status ws__lines_peek(ws__lines *lines, char *first, ws_error *err);

#endif
