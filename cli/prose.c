/* SPDX-License-Identifier: MIT
 *
 * Sentences, broken at blanks.
 */
#include "prose.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "quote.h"
#include "terminal.h"

enum { WIDE = 100, ELSEWHERE = 80, LEAST = 20 };

static size_t line_columns(const char *indent) {
  size_t width = terminal_columns(), taken = strlen(indent);
  if (width == 0) width = ELSEWHERE;
  if (width > WIDE) width = WIDE;
  return width > taken + LEAST ? width - taken : LEAST;
}

WS_PRINTF(1, 0)
static char *put_together(const char *format, va_list values) {
  va_list again;
  va_copy(again, values);
  int size = vsnprintf(NULL, 0, format, again);
  va_end(again);
  char *text = size < 0 ? NULL : ws_alloc((size_t)size + 1);
  if (text) vsnprintf(text, (size_t)size + 1, format, values);
  return text;
}

static void print_lines(const char *indent, ws_text text) {
  ws_buffer lines = {0};
  if (quote_wrapped(&lines, text, line_columns(indent), indent) == WS_OK && lines.data)
    fputs(lines.data + strlen(indent), stdout);
  ws_buffer_clear(&lines);
}

void prose_print(const char *indent, const char *format, ...) {
  va_list values;
  va_start(values, format);
  char *text = put_together(format, values);
  va_end(values);
  if (text) print_lines(indent, ws_text_of(text));
  ws_free(text);
}

void prose_texts(const char *indent, const ws_text *texts, size_t count) {
  ws_buffer all = {0};
  ws_status status = WS_OK;
  for (size_t i = 0; i < count && status == WS_OK; i++)
    status = ws_buffer_text(&all, texts[i]);
  if (status == WS_OK) print_lines(indent, ws_buffer_as_text(&all));
  ws_buffer_clear(&all);
}
