/* SPDX-License-Identifier: MIT
 *
 * Why a text is not UTF-8. Mostly the whole file is in another encoding, which its bytes
 * show well enough for a hint.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/text.h>

#include "character.h"

typedef struct place {
  size_t line, column; // of the first byte that is wrong, from 1; line 0: none was seen
  unsigned char byte;  // that one
  bool quotes;         // a byte that Windows has a character for, and Latin-1 has none
  bool holes;          // a byte that Windows has none for
  bool mixed;          // characters of UTF-8, too, beside those of ASCII
} place;

static void see(place *p, unsigned char byte, size_t line, size_t column) {
  if (!p->line) p->line = line, p->column = column, p->byte = byte;
  p->holes = p->holes || memchr("\x81\x8D\x8F\x90\x9D", byte, 5);
  p->quotes = p->quotes || byte < 0xA0;
}

static place look(ws_text text) {
  place p = {0};
  size_t line = 1, column = 1;
  for (size_t i = 0, size; i < text.size; i += size ? size : 1, column++) {
    size = ws__character_size((ws_text){text.data + i, text.size - i});
    if (size == 0) see(&p, (unsigned char)text.data[i], line, column);
    p.mixed = p.mixed || size > 1;
    if (text.data[i] == '\n') line++, column = 0;
  }
  return p;
}

ws_status ws_not_utf8(ws_text text, ws_error *err) {
  place p = look(text);
  bool windows = p.quotes && !p.holes;
  char line[40] = "";
  if (text.size && memchr(text.data, '\n', text.size))
    snprintf(line, sizeof line, "line %zu, ", p.line);
  if (p.mixed)
    return ws_error_set(
        err, WS_EPARSE,
        "not valid UTF-8: byte %02X in %scolumn %zu, among characters "
        "that are (iconv -c -f UTF-8 -t UTF-8 FILE > NEW drops such bytes)",
        p.byte, line, p.column);
  return ws_error_set(err, WS_EPARSE,
                      "not valid UTF-8: byte %02X in %scolumn %zu (if it is %s: iconv -f "
                      "%s -t UTF-8 FILE > NEW)",
                      p.byte, line, p.column, windows ? "Windows-1252" : "Latin-1",
                      windows ? "WINDOWS-1252" : "ISO-8859-1");
}
