/* SPDX-License-Identifier: MIT
 *
 * Quoting texts for a terminal.
 */
#include "quote.h"

#include <stdio.h>
#include <string.h>

enum { UNIT_MAX = 16 };

static size_t length_at(const char *at) {
  unsigned char c = (unsigned char)*at;
  return c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

static unsigned long character_at(const char *at, size_t length) {
  static const unsigned masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  unsigned long c = (unsigned char)at[0] & masks[length];
  for (size_t i = 1; i < length; i++) c = c << 6 | ((unsigned char)at[i] & 0x3Fu);
  return c;
}

/* Controls, line and paragraph separators, marks and overrides of direction. */
static bool is_hidden(unsigned long c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x61C || c == 0x200E ||
         c == 0x200F || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0xFEFF;
}

/* One character as it is shown; how many bytes of the text it takes. */
static size_t show(ws_text text, size_t at, char out[UNIT_MAX]) {
  static const char plain[] = "\n\t\r\"\\", letters[] = "ntr\"\\";
  size_t length = length_at(text.data + at);
  if (length > text.size - at) length = text.size - at;
  unsigned long c = character_at(text.data + at, length);
  const char *known = c && c < 0x80 ? strchr(plain, (int)c) : NULL;
  if (known)
    snprintf(out, UNIT_MAX, "\\%c", letters[known - plain]);
  else if (is_hidden(c))
    snprintf(out, UNIT_MAX, "\\u{%lx}", c);
  else
    snprintf(out, UNIT_MAX, "%.*s", (int)length, text.data + at);
  return length;
}

static size_t width_from(ws_text text, size_t at) {
  char unit[UNIT_MAX];
  size_t width = 0;
  while (at < text.size) {
    at += show(text, at, unit);
    width += ws_text_width(ws_text_of(unit));
  }
  return width;
}

/* Appends characters from `at` on that fit; returns where the next one begins. */
static ws_status put(ws_buffer *out, ws_text text, size_t columns) {
  char unit[UNIT_MAX];
  for (size_t at = 0; at < text.size;) {
    at += show(text, at, unit);
    size_t width = ws_text_width(ws_text_of(unit));
    if (width > columns) return WS_OK;
    columns -= width;
    WS_TRY(ws_buffer_string(out, unit));
  }
  return WS_OK;
}

/* The end of the text that fits. */
static ws_text tail_of(ws_text text, size_t columns) {
  size_t at = text.size > 8 * columns ? text.size - 8 * columns : 0;
  while (at < text.size && (((unsigned char)text.data[at] & 0xC0u) == 0x80u ||
                            width_from(text, at) > columns))
    at++;
  return (ws_text){text.data + at, text.size - at};
}

ws_status quote(ws_buffer *out, ws_text text, size_t columns) {
  WS_TRY(ws_buffer_string(out, "\""));
  bool whole = text.size <= 8 * columns && width_from(text, 0) <= columns;
  if (whole) {
    WS_TRY(put(out, text, columns));
  } else {
    size_t tail = (columns - 3) / 3;
    WS_TRY(put(out, text, columns - 3 - tail));
    WS_TRY(ws_buffer_string(out, "..."));
    WS_TRY(put(out, tail_of(text, tail), tail));
  }
  return ws_buffer_string(out, "\"");
}

/* The beginning of the text that fits, with "..." behind it where there is more. */
static ws_status put_head(ws_buffer *out, ws_text text, size_t columns) {
  if (width_from(text, 0) <= columns) return put(out, text, columns);
  WS_TRY(put(out, text, columns > 3 ? columns - 3 : 0));
  return ws_buffer_string(out, "...");
}

static ws_status put_tail(ws_buffer *out, ws_text text, size_t columns) {
  if (width_from(text, 0) <= columns) return put(out, text, columns);
  WS_TRY(ws_buffer_string(out, "..."));
  return put(out, tail_of(text, columns > 3 ? columns - 3 : 0), columns);
}

ws_status quote_around(ws_buffer *out, ws_text text, size_t start, size_t end,
                       size_t columns) {
  ws_text match = {text.data + start, end - start};
  ws_text before = {text.data, start}, behind = {text.data + end, text.size - end};
  size_t own = width_from(match, 0), front = width_from(before, 0);
  size_t rest = width_from(behind, 0), most = columns > 12 ? columns - 8 : 4;
  if (own > most) own = most;
  size_t room = columns > own + 4 ? columns - own - 4 : 0, half = room / 2;
  // where one side needs less than its half, the other gets the rest
  size_t left = rest < room - half ? room - rest : half;
  if (left > front) left = front;
  WS_TRY(ws_buffer_string(out, "\""));
  WS_TRY(put_tail(out, before, left));
  WS_TRY(ws_buffer_string(out, ">>"));
  WS_TRY(put_head(out, match, own));
  WS_TRY(ws_buffer_string(out, "<<"));
  WS_TRY(put_head(out, behind, room - left));
  return ws_buffer_string(out, "\"");
}

/* --- wrapping ----------------------------------------------------------------------- */

typedef struct wrapping {
  ws_buffer *out;
  const char *indent;
  size_t columns;
  ws_buffer line;    // what is collected
  size_t width;      // of it
  size_t blank;      // bytes before the last blank; 0: no blank
  size_t after;      // bytes before what stands behind it
  size_t from_blank; // columns of the part behind it
} wrapping;

static ws_status end_line(wrapping *w, size_t bytes) {
  WS_TRY(ws_buffer_string(w->out, w->indent));
  WS_TRY(ws_buffer_append(w->out, w->line.data ? w->line.data : "", bytes));
  return ws_buffer_string(w->out, "\n");
}

/* The line is full: ends it at the last blank, and keeps what stands behind that. */
static ws_status break_line(wrapping *w) {
  size_t end = w->blank ? w->blank : w->line.size;
  size_t kept = w->blank ? w->after : w->line.size;
  WS_TRY(end_line(w, end));
  size_t left = w->line.size - kept;
  if (left) memmove(w->line.data, w->line.data + kept, left);
  w->line.size = left;
  w->width = w->blank ? w->from_blank : 0;
  w->blank = w->after = w->from_blank = 0;
  return WS_OK;
}

static ws_status add_unit(wrapping *w, const char *unit) {
  size_t width = ws_text_width(ws_text_of(unit));
  bool blank = strcmp(unit, " ") == 0;
  if (blank && w->width == w->columns) { // it is where the line ends
    w->blank = w->after = w->line.size;
    w->from_blank = 0;
    return break_line(w);
  }
  while (w->width && w->width + width > w->columns) WS_TRY(break_line(w));
  if (blank && w->line.size) {
    w->blank = w->line.size;
    w->after = w->line.size + 1;
    w->from_blank = 0;
  } else {
    w->from_blank += width;
  }
  w->width += width;
  return ws_buffer_string(&w->line, unit);
}

static ws_status wrap(wrapping *w, ws_text text) {
  char unit[UNIT_MAX];
  for (size_t at = 0; at < text.size;) {
    char c = text.data[at];
    at += show(text, at, unit);
    if (c == '\n') {
      WS_TRY(end_line(w, w->line.size));
      w->line.size = w->width = w->blank = w->after = w->from_blank = 0;
      continue;
    }
    if (c == '\r' && at < text.size && text.data[at] == '\n') continue;
    if (c == '"' || c == '\\') snprintf(unit, sizeof unit, "%c", c);
    if (c == '\t') snprintf(unit, sizeof unit, " ");
    WS_TRY(add_unit(w, unit));
  }
  return w->line.size ? end_line(w, w->line.size) : WS_OK;
}

ws_status quote_wrapped(ws_buffer *out, ws_text text, size_t columns,
                        const char *indent) {
  wrapping w = {.out = out, .indent = indent, .columns = columns};
  ws_status status = wrap(&w, text);
  ws_buffer_clear(&w.line);
  return status;
}

ws_status quote_shell(ws_buffer *out, ws_text text) {
  static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "0123456789_./+,:@%-";
  ws_buffer clean = {0};
  WS_TRY(ws_buffer_text(&clean, text));
  if (clean.size) ws_text_clean(clean.data, clean.size);
  bool plain =
      clean.size && clean.data[0] != '-' && strspn(clean.data, safe) == clean.size;
  ws_status status = ws_buffer_string(out, plain ? clean.data : "'");
  for (size_t i = 0; !plain && i < clean.size && status == WS_OK; i++)
    status = clean.data[i] == '\'' ? ws_buffer_string(out, "'\\''")
                                   : ws_buffer_append(out, clean.data + i, 1);
  if (status == WS_OK && !plain) status = ws_buffer_string(out, "'");
  ws_buffer_clear(&clean);
  return status;
}
