/* SPDX-License-Identifier: MIT
 *
 * Going through a line of a file, and saying what is wrong where. Private to lf.
 */
#ifndef WS_LINE_H
#define WS_LINE_H

#include "rules.h"

typedef struct ws__line {
  const ws__rules *source; // whose last line it is
  ws_text text;
  size_t at; // the byte that comes next
} ws__line;

static inline bool ws__is_blank(char c) {
  return c == ' ' || c == '\t';
}

static inline bool ws__line_ended(const ws__line *line) {
  return line->at == line->text.size;
}

/* The next byte; 0 at the end. */
static inline char ws__line_peek(const ws__line *line) {
  return ws__line_ended(line) ? '\0' : line->text.data[line->at];
}

static inline void ws__line_skip_blanks(ws__line *line) {
  while (ws__is_blank(ws__line_peek(line))) line->at++;
}

/* The run of characters up to a blank or the end of the line, which is not passed. */
ws_text ws__line_word(const ws__line *line);

/* Puts "path:line:column: " in front of a message about the byte at `at`. WS_ELF. */
ws_status ws__line_fail(const ws__line *line, size_t at, ws_error *err);
/* Says that something else was expected than the word that comes next. WS_ELF. */
ws_status ws__line_expected(const ws__line *line, const char *what, ws_error *err);

#endif
