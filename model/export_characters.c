/* SPDX-License-Identifier: MIT
 *
 * Tables of characters for headers. They are made by asking ws_text_chars for every
 * character there is, so that an exported tokenizer cannot differ from ours.
 */
#include <weaksup/alloc.h>
#include <weaksup/text.h>

#include "export_priv.h"

enum { LAST = 0x10FFFF, SURROGATES = 0xD800, SURROGATES_END = 0xE000, PAGE_RUNS = 128 };

size_t ws__utf8_encode(uint32_t c, char out[4]) {
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
  for (size_t i = length; i-- > 1; c >>= 6) out[i] = (char)(0x80 | (c & 0x3F));
  out[0] = (char)(lead[length] | c);
  return length;
}

/* As ws_text_chars gives it. Surrogates, which no text has, are like the one before. */
static uint32_t char_of(uint32_t c) {
  char bytes[4];
  uint32_t out[4];
  if (c >= SURROGATES && c < SURROGATES_END)
    return c | (uint32_t)ws_char_kind_of(char_of(SURROGATES - 1)) << 24;
  ws_text_chars((ws_text){bytes, ws__utf8_encode(c, bytes)}, out);
  return out[0];
}

/* --- kinds -------------------------------------------------------------------------- */

static ws_status put_byte(ws_buffer *out, uint32_t byte) {
  char c = (char)byte;
  return ws_buffer_append(out, &c, 1);
}

static ws_status put_run(ws_buffer *out, uint32_t kind, uint32_t length) {
  unsigned more = 0; // bytes that follow
  while (length >> (7 * more) > 0x1F) more++;
  WS_TRY(put_byte(out, kind << 6 | (more ? 0x20 : 0) | length >> (7 * more)));
  while (more-- > 0)
    WS_TRY(put_byte(out, (more ? 0x80 : 0) | (length >> (7 * more) & 0x7F)));
  return WS_OK;
}

static ws_status add_page(ws__characters *to, uint32_t first) {
  size_t capacity = to->pages_capacity;
  if (!ws_grow(&to->page_first, &capacity, to->pages + 1, sizeof *to->page_first) ||
      !ws_grow(&to->page_at, &to->pages_capacity, to->pages + 1, sizeof *to->page_at))
    return WS_ENOMEM;
  to->page_first[to->pages] = first;
  to->page_at[to->pages++] = (uint32_t)to->runs.size;
  return WS_OK;
}

static ws_status add_kinds(ws__characters *to) {
  size_t runs = 0;
  for (uint32_t first = 0, end; first <= LAST; first = end, runs++) {
    uint32_t kind = ws_char_kind_of(char_of(first));
    for (end = first + 1; end <= LAST && ws_char_kind_of(char_of(end)) == kind;) end++;
    if (runs % PAGE_RUNS == 0) WS_TRY(add_page(to, first));
    WS_TRY(put_run(&to->runs, kind, end - first));
  }
  return WS_OK;
}

/* --- lower case --------------------------------------------------------------------- */

static bool continues(const ws__case_range *range, uint32_t c, uint32_t add) {
  uint32_t first = range->first >> 1, every = 1 + (range->first & 1);
  if (range->add != add || range->count == UINT16_MAX) return false;
  if (range->count == 1) return c - first <= 2;
  return c == first + range->count * every;
}

static ws_status add_case(ws__characters *to, uint32_t c, uint32_t lower) {
  uint16_t add = (uint16_t)(lower - c);
  ws__case_range *last = to->case_count ? &to->cases[to->case_count - 1] : NULL;
  if (last && continues(last, c, add)) {
    if (last->count++ == 1) last->first |= c - (last->first >> 1) == 2;
    return WS_OK;
  }
  if (!ws_grow(&to->cases, &to->cases_capacity, to->case_count + 1, sizeof *to->cases))
    return WS_ENOMEM;
  to->cases[to->case_count++] = (ws__case_range){c << 1, 1, add};
  return WS_OK;
}

ws_status ws__characters_init(ws__characters *to) {
  *to = (ws__characters){0};
  WS_TRY(add_kinds(to));
  for (uint32_t c = 0; c <= LAST; c++) {
    uint32_t lower = ws_char_lower(char_of(c));
    if (lower != c) WS_TRY(add_case(to, c, lower));
  }
  return WS_OK;
}

void ws__characters_clear(ws__characters *characters) {
  ws_buffer_clear(&characters->runs);
  ws_free(characters->page_first);
  ws_free(characters->page_at);
  ws_free(characters->cases);
  *characters = (ws__characters){0};
}
