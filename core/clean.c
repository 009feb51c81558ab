/* SPDX-License-Identifier: MIT
 *
 * Texts from elsewhere are shown on terminals: sequences that clear the screen, set its
 * title or hide what follows must not get through.
 */
#include <weaksup/text.h>

#include <string.h>

#include "character.h"

size_t ws__character_size(ws_text text) {
  unsigned char lead = (unsigned char)*text.data;
  size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return size <= text.size && ws_utf8_valid((ws_text){text.data, size}) ? size : 0;
}

static bool is_hidden(const unsigned char *at, size_t size) {
  if (size == 1) return at[0] < 0x20 || at[0] == 0x7F;
  if (at[0] == 0xC2) return at[1] < 0xA0;                   // U+0080 to U+009F
  if (at[0] == 0xD8) return at[1] == 0x9C;                  // U+061C
  if (at[0] == 0xEF) return at[1] == 0xBB && at[2] == 0xBF; // U+FEFF
  if (at[0] != 0xE2) return false;
  bool marks = at[1] == 0x80 && (at[2] == 0x8E || at[2] == 0x8F);  // U+200E and U+200F
  bool lines = at[1] == 0x80 && at[2] >= 0xA8 && at[2] <= 0xAE;    // U+2028 to U+202E
  bool isolates = at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9; // U+2066 to U+2069
  return marks || lines || isolates;
}

/* Of the character at i; *step: its bytes, 1 where it is no UTF-8. */
static bool hidden_at(ws_text text, size_t i, size_t *step) {
  const char *at = text.data + i;
  *step = ws__character_size((ws_text){at, text.size - i});
  if (*step) return is_hidden((const unsigned char *)at, *step);
  *step = 1;
  return true;
}

void ws_text_clean(char *text, size_t size) {
  for (size_t i = 0, step; i < size; i += step)
    if (hidden_at((ws_text){text, size}, i, &step)) memset(text + i, '?', step);
}

bool ws_text_is_clean(ws_text text) {
  for (size_t i = 0, step; i < text.size; i += step)
    if (hidden_at(text, i, &step)) return false;
  return true;
}
