/* SPDX-License-Identifier: MIT
 *
 * Escaping. Every text goes through put_character, in whatever place it stands: there is
 * one set of rules, the strictest.
 */
#include "html.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void html_raw(html *h, const char *markup) {
  if (h->status == WS_OK) h->status = ws_buffer_string(&h->out, markup);
}

static void append(html *h, const char *bytes, size_t size) {
  if (h->status == WS_OK) h->status = ws_buffer_append(&h->out, bytes, size);
}

void html_format(html *h, const char *format, ...) {
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  int size = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (size > 0)
    append(h, text, (size_t)size < sizeof text ? (size_t)size : sizeof text - 1);
}

/* --- texts -------------------------------------------------------------------------- */

/* Bytes of the character at `at`; 0 where it is none. */
static size_t character_size(const char *at, size_t left) {
  unsigned char c = (unsigned char)*at;
  size_t size = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
  return size <= left && ws_utf8_valid((ws_text){at, size}) ? size : 0;
}

static uint32_t character_at(const char *at, size_t size) {
  static const unsigned masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  uint32_t c = (unsigned char)at[0] & masks[size];
  for (size_t i = 1; i < size; i++) c = c << 6 | ((unsigned char)at[i] & 0x3Fu);
  return c;
}

/* Controls but for tab and line end, separators of lines and paragraphs, marks and
 * overrides of direction, byte-order marks, tags (which hide whole sentences). */
static bool is_hidden(uint32_t c) {
  if (c == '\n' || c == '\t') return false;
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x61C || c == 0x200E ||
         c == 0x200F || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

static const char *entity_of(uint32_t c) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  case '`':
    return "&#96;";
  default:
    return NULL;
  }
}

static void put_hidden(html *h, uint32_t c, bool marked) {
  char code[16];
  snprintf(code, sizeof code, "\\u{%x}", (unsigned)c);
  if (marked) html_raw(h, "<span class=\"cc\">");
  html_raw(h, code);
  if (marked) html_raw(h, "</span>");
}

/* Puts the character at `at`; returns how many bytes it takes. */
static size_t put_character(html *h, ws_text text, size_t at, bool marked) {
  size_t size = character_size(text.data + at, text.size - at);
  if (size == 0) {
    html_raw(h, "\xEF\xBF\xBD");
    return 1;
  }
  uint32_t c = character_at(text.data + at, size);
  const char *entity = entity_of(c);
  if (entity)
    html_raw(h, entity);
  else if (is_hidden(c))
    put_hidden(h, c, marked);
  else
    append(h, text.data + at, size);
  return size;
}

static void put_text(html *h, ws_text text, bool marked) {
  for (size_t at = 0; at < text.size;) at += put_character(h, text, at, marked);
}

void html_text(html *h, ws_text text) {
  put_text(h, text, false);
}

void html_string(html *h, const char *text) {
  html_text(h, ws_text_of(text));
}

void html_shown(html *h, ws_text text) {
  put_text(h, text, true);
}

void html_name(html *h, ws_text name) {
  html_raw(h, "<bdi>");
  html_shown(h, name);
  html_raw(h, "</bdi>");
}

/* --- numbers ------------------------------------------------------------------------ */

void html_count(html *h, uint64_t count) {
  char digits[24];
  int size = snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);
  for (int i = 0; i < size; i++) {
    append(h, digits + i, 1);
    if (i + 1 < size && (size - 1 - i) % 3 == 0) html_raw(h, ",");
  }
}

static const char dash[] = "\xE2\x80\x93";

void html_number(html *h, double number, int digits) {
  if (isnan(number))
    html_raw(h, dash);
  else
    html_format(h, "%.*f", digits, number);
}

void html_percent(html *h, double share) {
  if (isnan(share))
    html_raw(h, dash);
  else
    html_format(h, "%.1f\xC2\xA0%%", 100 * share);
}
