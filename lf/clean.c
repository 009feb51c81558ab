/* SPDX-License-Identifier: MIT
 *
 * Messages of worker processes hold what labeling functions put into them, and are shown
 * on terminals: sequences that clear the screen, set its title or hide what follows must
 * not get through.
 */
#include "clean.h"

#include <string.h>

#include <weaksup/text.h>

/* Bytes of the character at `at`, which is valid, if it must not be shown; else 0. */
static size_t hidden_size(const unsigned char *at, size_t left) {
  if (at[0] < 0x20 || at[0] == 0x7f) return 1;
  if (left >= 2 && at[0] == 0xC2 && at[1] < 0xA0) return 2; // U+0080 to U+009F
  if (left < 3 || at[0] != 0xE2) return 0;
  bool marks = at[1] == 0x80 && (at[2] == 0x8E || at[2] == 0x8F);  // U+200E and U+200F
  bool lines = at[1] == 0x80 && at[2] >= 0xA8 && at[2] <= 0xAE;    // U+2028 to U+202E
  bool isolates = at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9; // U+2066 to U+2069
  return marks || lines || isolates ? 3 : 0;
}

void ws__clean(char *text, size_t size) {
  bool valid = ws_utf8_valid((ws_text){text, size});
  for (size_t i = 0; i < size; i++) {
    unsigned char *at = (unsigned char *)text + i;
    size_t hidden = hidden_size(at, size - i);
    if (*at >= 0x80 && !valid) hidden = 1;
    if (hidden == 0) continue;
    memset(at, '?', hidden);
    i += hidden - 1;
  }
}
