/* SPDX-License-Identifier: MIT
 *
 * Sets of words.
 */
#include "word_set.h"

#include <stdlib.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

static int by_hash(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static ws_status hash_words(ws_text lower, ws__word_set *out) {
  size_t position = 0, capacity = 0;
  ws_text word;
  while (ws_text_next_word(lower, &position, &word)) {
    if (!ws_grow(&out->hashes, &capacity, out->count + 1, sizeof *out->hashes))
      return WS_ENOMEM;
    out->hashes[out->count++] = ws_hash64(word.data, word.size, 0);
  }
  return WS_OK;
}

static void keep_smallest(ws__word_set *set) {
  size_t kept = 0;
  if (set->count) qsort(set->hashes, set->count, sizeof *set->hashes, by_hash);
  for (size_t i = 0; i < set->count && kept < WS__WORD_SET_MOST; i++)
    if (kept == 0 || set->hashes[i] != set->hashes[kept - 1])
      set->hashes[kept++] = set->hashes[i];
  set->count = kept;
}

/* What is kept is no larger than it has to be: there are thousands of sets. */
static ws_status shrink(ws__word_set *set) {
  uint64_t *smaller = ws_realloc_array(set->hashes, set->count, sizeof *set->hashes);
  if (!smaller) return WS_ENOMEM;
  set->hashes = smaller;
  return WS_OK;
}

ws_status ws__word_set_make(ws_text text, ws__word_set *out) {
  ws_buffer lower = {0};
  *out = (ws__word_set){0};
  ws_status status = ws_text_lower(text, &lower);
  if (status == WS_OK) status = hash_words(ws_buffer_as_text(&lower), out);
  ws_buffer_clear(&lower);
  keep_smallest(out);
  if (status == WS_OK && out->count) status = shrink(out);
  if (status != WS_OK) ws__word_set_clear(out);
  return status;
}

void ws__word_set_clear(ws__word_set *set) {
  ws_free(set->hashes);
  *set = (ws__word_set){0};
}

double ws__word_set_similarity(const ws__word_set *a, const ws__word_set *b) {
  size_t i = 0, j = 0, all = 0, both = 0;
  if (a->count == 0 && b->count == 0) return 1;
  while (all < WS__WORD_SET_MOST && (i < a->count || j < b->count)) {
    bool first = j == b->count || (i < a->count && a->hashes[i] <= b->hashes[j]);
    bool second = i == a->count || (j < b->count && b->hashes[j] <= a->hashes[i]);
    i += first;
    j += second;
    both += first && second;
    all++;
  }
  return (double)both / (double)all;
}
