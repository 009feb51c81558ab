/* SPDX-License-Identifier: MIT
 *
 * What readers of lines share (line.h).
 */
#include "line.h"

size_t ws__column_of(ws_text line, size_t at) {
  size_t column = 1;
  for (size_t i = 0; i < at && i < line.size; i++)
    if (((unsigned char)line.data[i] & 0xC0u) != 0x80u) column++;
  return column;
}

ws_text ws__line_word(const ws__line *line) {
  size_t end = line->at;
  while (end < line->text.size && !ws__is_blank(line->text.data[end])) end++;
  return (ws_text){line->text.data + line->at, end - line->at};
}

ws_status ws__line_fail(const ws__line *line, size_t at, ws_error *err) {
  ws_error_prefix(err, "%s:%llu:%zu: ", line->source->path,
                  (unsigned long long)line->source->line, ws__column_of(line->text, at));
  return WS_ELF;
}

ws_status ws__line_expected(const ws__line *line, const char *what, ws_error *err) {
  ws_text found = ws__line_word(line);
  if (found.size)
    ws_error_set(err, WS_ELF, "expected %s, found '%.*s'", what, WS_TEXT_ARG(found));
  else
    ws_error_set(err, WS_ELF, "expected %s, found the end of the line", what);
  return ws__line_fail(line, line->at, err);
}
