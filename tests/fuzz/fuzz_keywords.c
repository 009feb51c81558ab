/* SPDX-License-Identifier: MIT
 *
 * Word lists: what is found in one pass must be what looking for each entry finds, with
 * words told over the whole text. The lines of the list, a blank line, the text.
 */
#include <string.h>

#include "fuzz.h"
#include "keywords.h"

enum { WORDS = 50 };

/* Whether a word of the text reaches over byte i. */
static bool crosses(ws_text text, size_t i) {
  ws_text word;
  size_t position = 0;
  while (ws_text_next_word(text, &position, &word)) {
    size_t first = (size_t)(word.data - text.data);
    if (first < i && first + word.size > i) return true;
  }
  return false;
}

static bool holds(ws_text text, ws_text entry) {
  for (size_t i = 0; i + entry.size <= text.size; i++)
    if (memcmp(text.data + i, entry.data, entry.size) == 0 && !crosses(text, i) &&
        !crosses(text, i + entry.size))
      return true;
  return false;
}

static bool holds_any(ws_text text, const ws_text *words, size_t count) {
  ws_buffer lower = {0};
  bool found = false;
  for (size_t i = 0; i < count && !found; i++) {
    lower.size = 0;
    FUZZ_CHECK(ws_text_lower(words[i], &lower) == WS_OK);
    found = holds(text, ws_buffer_as_text(&lower));
  }
  ws_buffer_clear(&lower);
  return found;
}

static size_t read_words(ws_text list, ws_text words[WORDS]) {
  size_t count = 0, position = 0;
  while (count < WORDS && ws__list_line(list, &position, &words[count])) count++;
  return count;
}

static void run(ws_text list, ws_text text) {
  ws_text words[WORDS];
  ws__keywords *keywords = NULL;
  ws_buffer lower = {0};
  size_t count = read_words(list, words);
  if (!count) return;
  FUZZ_CHECK(ws_text_lower(text, &lower) == WS_OK);
  FUZZ_CHECK(ws__keywords_new(words, count, &keywords, NULL) == WS_OK);
  text = ws_buffer_as_text(&lower);
  if (text.data)
    FUZZ_CHECK(ws__keywords_match(keywords, text) == holds_any(text, words, count));
  ws__keywords_free(keywords);
  ws_buffer_clear(&lower);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ws_text input = {(const char *)data, size};
  if (!ws_utf8_valid(input)) return 0;
  for (size_t i = 0; i + 1 < size; i++) {
    if (data[i] != '\n' || data[i + 1] != '\n') continue;
    run((ws_text){input.data, i}, (ws_text){input.data + i + 2, size - i - 2});
    break;
  }
  return 0;
}
