/* SPDX-License-Identifier: MIT
 *
 * Telling words: which texts have which word is kept as one number for each pair of word
 * and class, sorted, so that memory follows the texts and not words times classes.
 */
#include <weaksup/telling_words.h>

#include <math.h>
#include <stdlib.h>

#include <weaksup/alloc.h>

#include "names.h"

struct ws_telling_words {
  ws__names names;
  ws_telling_word *items;
  size_t *starts; // [K + 1]
};

typedef struct counting {
  ws_telling_words *words;
  uint64_t *pairs; // [pair_count] word << 32 | class, one for each text that has it
  size_t pair_count, pair_capacity;
  uint64_t *last; // of each word, the text that had it last, + 1
  size_t last_capacity;
  uint64_t *sizes; // [K] texts of each class
  size_t texts;
  ws_telling_word *ranked; // [ranked_count] one class after the other
  uint32_t *classes;       // of each
  size_t ranked_count;
  ws_buffer lower;
} counting;

static size_t characters(ws_text word) {
  size_t count = 0;
  for (size_t i = 0; i < word.size; i++)
    count += ((unsigned char)word.data[i] & 0xC0u) != 0x80u;
  return count;
}

static ws_status count_word(counting *c, ws_text word, uint32_t class, size_t text) {
  uint32_t number;
  bool added;
  if (characters(word) < 2) return WS_OK;
  WS_TRY(ws__names_add(&c->words->names, word, &number, &added));
  if (!ws_grow(&c->last, &c->last_capacity, (size_t)number + 1, sizeof *c->last))
    return WS_ENOMEM;
  if (added) c->last[number] = 0;
  if (c->last[number] == text + 1) return WS_OK;
  c->last[number] = text + 1;
  if (!ws_grow(&c->pairs, &c->pair_capacity, c->pair_count + 1, sizeof *c->pairs))
    return WS_ENOMEM;
  c->pairs[c->pair_count++] = (uint64_t)number << 32 | class;
  return WS_OK;
}

static ws_status count_text(counting *c, ws_text text, uint32_t class, size_t at) {
  size_t position = 0;
  ws_text word;
  c->lower.size = 0;
  c->sizes[class]++;
  c->texts++;
  WS_TRY(ws_text_lower(text, &c->lower));
  while (ws_text_next_word(ws_buffer_as_text(&c->lower), &position, &word))
    WS_TRY(count_word(c, word, class, at));
  return WS_OK;
}

static int by_pair(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

/* The log-odds of a word by their standard error. */
static double score(uint64_t inside, uint64_t in_class, uint64_t outside,
                    uint64_t others) {
  double a = (double)inside + 0.5, b = (double)(in_class - inside) + 0.5;
  double c = (double)outside + 0.5, d = (double)(others - outside) + 0.5;
  return (log(a / b) - log(c / d)) / sqrt(1 / a + 1 / b + 1 / c + 1 / d);
}

static void rank(counting *c, uint32_t word, uint32_t class, uint64_t inside,
                 uint64_t everywhere) {
  uint64_t in_class = c->sizes[class], outside = everywhere - inside;
  double z = score(inside, in_class, outside, c->texts - in_class);
  if (z <= 1 || inside < (in_class < 10 ? 1u : 2u)) return;
  c->ranked[c->ranked_count] =
      (ws_telling_word){c->words->names.items[word], inside, outside, z};
  c->classes[c->ranked_count++] = class;
}

/* Calls rank for each pair of word and class; pairs are sorted. */
static void rank_all(counting *c) {
  for (size_t i = 0, end; i < c->pair_count; i = end) {
    uint32_t word = (uint32_t)(c->pairs[i] >> 32);
    for (end = i; end < c->pair_count && c->pairs[end] >> 32 == word;) end++;
    for (size_t j = i, next; j < end; j = next) {
      for (next = j; next < end && c->pairs[next] == c->pairs[j];) next++;
      rank(c, word, (uint32_t)c->pairs[j], next - j, end - i);
    }
  }
}

/* The same for frequency: all are of class 0. */
static void rank_frequent(counting *c, size_t least_characters, uint64_t at_most) {
  for (size_t i = 0, end; i < c->pair_count; i = end) {
    for (end = i; end < c->pair_count && c->pairs[end] == c->pairs[i];) end++;
    ws_text word = c->words->names.items[c->pairs[i] >> 32];
    if (characters(word) < least_characters || end - i > at_most) continue;
    c->ranked[c->ranked_count] = (ws_telling_word){word, end - i, 0, 0};
    c->classes[c->ranked_count++] = 0;
  }
}

static int by_rank(const void *a, const void *b) {
  const ws_telling_word *x = a, *y = b;
  if (x->z != y->z) return x->z > y->z ? -1 : 1;
  if (x->inside != y->inside) return x->inside > y->inside ? -1 : 1;
  return ws_text_compare(x->word, y->word);
}

/* Sorts by class, counting, then within each by rank, and keeps the first `most`. */
static ws_status keep_best(counting *c, size_t K, size_t most) {
  ws_telling_words *words = c->words;
  ws_telling_word *sorted = ws_alloc_array(c->ranked_count, sizeof *sorted);
  size_t *at = ws_alloc_zero(K + 1, sizeof *at);
  words->starts = ws_alloc_zero(K + 1, sizeof *words->starts);
  if (!sorted || !at || !words->starts) {
    ws_free(sorted);
    ws_free(at);
    return WS_ENOMEM;
  }
  for (size_t i = 0; i < c->ranked_count; i++) at[c->classes[i] + 1]++;
  for (size_t k = 0; k < K; k++) at[k + 1] += at[k];
  for (size_t i = 0; i < c->ranked_count; i++) sorted[at[c->classes[i]]++] = c->ranked[i];
  size_t kept = 0;
  for (size_t k = 0, from = 0; k < K; from = at[k++]) { // at[k] is now where k ends
    size_t found = at[k] - from, keep = found < most ? found : most;
    if (found) qsort(sorted + from, found, sizeof *sorted, by_rank);
    for (size_t i = 0; i < keep; i++) sorted[kept++] = sorted[from + i];
    words->starts[k + 1] = kept;
  }
  words->items = sorted;
  ws_free(at);
  return WS_OK;
}

static ws_status count_all(counting *c, const ws_text *texts, const int32_t *labels,
                           size_t count, size_t K) {
  c->words = ws_alloc_zero(1, sizeof *c->words);
  c->sizes = ws_alloc_zero(K, sizeof *c->sizes);
  if (!c->words || !c->sizes) return WS_ENOMEM;
  for (size_t i = 0; i < count; i++)
    if (!labels || labels[i] >= 0)
      WS_TRY(count_text(c, texts[i], labels ? (uint32_t)labels[i] : 0, i));
  if (c->pair_count) qsort(c->pairs, c->pair_count, sizeof *c->pairs, by_pair);
  c->ranked = ws_alloc_array(c->pair_count, sizeof *c->ranked);
  c->classes = ws_alloc_array(c->pair_count, sizeof *c->classes);
  return c->ranked && c->classes ? WS_OK : WS_ENOMEM;
}

static ws_status finish(counting *c, ws_status status, ws_telling_words **out) {
  if (status == WS_OK)
    *out = c->words;
  else
    ws_telling_words_free(c->words);
  ws_free(c->pairs);
  ws_free(c->last);
  ws_free(c->sizes);
  ws_free(c->ranked);
  ws_free(c->classes);
  ws_buffer_clear(&c->lower);
  return status;
}

ws_status ws_telling_words_new(const ws_text *texts, const int32_t *labels, size_t count,
                               size_t K, size_t most, ws_telling_words **out) {
  counting c = {0};
  ws_status status = count_all(&c, texts, labels, count, K);
  if (status == WS_OK) {
    rank_all(&c);
    status = keep_best(&c, K, most);
  }
  return finish(&c, status, out);
}

ws_status ws_frequent_words_new(const ws_text *texts, size_t count, size_t most,
                                ws_telling_words **out) {
  counting c = {0};
  ws_status status = count_all(&c, texts, NULL, count, 1);
  if (status == WS_OK) {
    rank_frequent(&c, 4, c.texts / 2);
    if (c.ranked_count == 0) rank_frequent(&c, 0, UINT64_MAX);
    status = keep_best(&c, 1, most);
  }
  return finish(&c, status, out);
}

void ws_telling_words_free(ws_telling_words *words) {
  if (!words) return;
  ws__names_clear(&words->names);
  ws_free(words->items);
  ws_free(words->starts);
  ws_free(words);
}

size_t ws_telling_words_count(const ws_telling_words *words, size_t k) {
  return words->starts[k + 1] - words->starts[k];
}

const ws_telling_word *ws_telling_words_at(const ws_telling_words *words, size_t k,
                                           size_t i) {
  return &words->items[words->starts[k] + i];
}
