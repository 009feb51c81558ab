/* SPDX-License-Identifier: MIT
 *
 * N-grams of a text.
 */
#include "ngrams.h"

#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

void ws__ngrams_clear(ws__ngrams *grams) {
  ws_buffer_clear(&grams->lower);
  ws_free(grams->items);
  *grams = (ws__ngrams){0};
}

static ws_status add(ws__ngrams *grams, uint64_t hash, ws_text first, ws_text second) {
  if (!ws_grow(&grams->items, &grams->capacity, grams->count + 1, sizeof *grams->items))
    return WS_ENOMEM;
  grams->items[grams->count++] = (ws__ngram){hash, first, second};
  return WS_OK;
}

static int by_hash(const void *a, const void *b) {
  const ws__ngram *x = a, *y = b;
  return (x->hash > y->hash) - (x->hash < y->hash);
}

static void keep_each_once(ws__ngrams *grams) {
  size_t kept = 0;
  if (grams->count) qsort(grams->items, grams->count, sizeof *grams->items, by_hash);
  for (size_t i = 0; i < grams->count; i++)
    if (kept == 0 || grams->items[i].hash != grams->items[kept - 1].hash)
      grams->items[kept++] = grams->items[i];
  grams->count = kept;
}

/* --- pieces of words ---------------------------------------------------------------- */

/* An apostrophe at `at`: ' or U+2019; returns its bytes, 0 for none. */
static size_t apostrophe(ws_text text, size_t at) {
  if (at < text.size && text.data[at] == '\'') return 1;
  return at + 3 <= text.size && memcmp(text.data + at, "\xE2\x80\x99", 3) == 0 ? 3 : 0;
}

static size_t apostrophe_before(ws_text text, size_t at) {
  if (at >= 1 && text.data[at - 1] == '\'') return 1;
  return at >= 3 ? apostrophe(text, at - 3) == 3 ? 3 : 0 : 0;
}

static bool is_ascii_letter(ws_text text, size_t at) {
  return at < text.size && text.data[at] >= 'a' && text.data[at] <= 'z';
}

/* What an apostrophe cuts off from a word is none: "doesn" and "t", "re", "l" before
 * "homme". */
static bool is_piece(ws_text lower, ws_text word) {
  static const char *const ends[] = {"t", "s", "d", "m", "re", "ll", "ve"};
  size_t at = (size_t)(word.data - lower.data), end = at + word.size;
  size_t before = apostrophe_before(lower, at), after = apostrophe(lower, end);
  if (before && at > before && is_ascii_letter(lower, at - before - 1))
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
      if (ws_text_equals(word, ends[i])) return true;
  if (!after || !is_ascii_letter(lower, end + after)) return false;
  bool negated = word.data[word.size - 1] == 'n' && lower.data[end + after] == 't' &&
                 !is_ascii_letter(lower, end + after + 1);
  return negated || (word.size == 1 && is_ascii_letter(lower, at) && word.data[0] != 'i');
}

ws_status ws__ngrams_read(ws__ngrams *grams, ws_text text) {
  static const ws_text none = {NULL, 0};
  ws_text word, before = none;
  uint64_t pair[2] = {0, 0};
  size_t position = 0;
  grams->count = 0;
  grams->lower.size = 0;
  WS_TRY(ws_text_lower(text, &grams->lower));
  ws_text lower = ws_buffer_as_text(&grams->lower);
  for (size_t i = 0; i < WS__NGRAM_WORDS && ws_text_next_word(lower, &position, &word);
       i++) {
    if (word.size > WS__NGRAM_WORD_BYTES || is_piece(lower, word)) {
      before = none;
      continue;
    }
    pair[1] = ws_hash64(word.data, word.size, 0);
    WS_TRY(add(grams, pair[1], word, none));
    if (before.data) WS_TRY(add(grams, ws_hash64(pair, sizeof pair, 1), before, word));
    before = word;
    pair[0] = pair[1];
  }
  keep_each_once(grams);
  return WS_OK;
}
