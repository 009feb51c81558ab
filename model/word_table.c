/* SPDX-License-Identifier: MIT
 *
 * Collecting word vectors. The file is read once and only what is kept of it stands in
 * memory: published files have millions of words.
 */
#include "word_table.h"

#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/word_vectors.h>

static const double a = 1e-3; // of Arora, Liang, Ma: 1e-3 to 1e-4 in all their work

void ws__word_table_clear(ws__word_table *table) {
  ws_free(table->keys);
  ws_free(table->weights);
  ws_free(table->vectors);
  *table = (ws__word_table){0};
}

static ws_status make_room(ws__word_table *table, size_t words, size_t dimensions) {
  *table = (ws__word_table){.words = words, .dimensions = dimensions};
  table->keys = ws_alloc_array(words, sizeof *table->keys);
  table->weights = ws_alloc_array(words, sizeof *table->weights);
  table->vectors = words > SIZE_MAX / dimensions
                       ? NULL
                       : ws_alloc_array(words * dimensions, sizeof *table->vectors);
  return table->keys && table->weights && table->vectors ? WS_OK : WS_ENOMEM;
}

ws_status ws__word_table_copy(const ws__word_table *table, ws__word_table *out) {
  ws_status status = make_room(out, table->words, table->dimensions);
  if (status == WS_OK && table->words > 0) {
    memcpy(out->keys, table->keys, table->words * sizeof *out->keys);
    memcpy(out->weights, table->weights, table->words * sizeof *out->weights);
    memcpy(out->vectors, table->vectors,
           table->words * table->dimensions * sizeof *out->vectors);
  }
  if (status != WS_OK) ws__word_table_clear(out);
  return status;
}

/* --- reading ------------------------------------------------------------------------ */

typedef struct found {
  uint32_t key, place; // in the order of the file
} found;

typedef struct collector {
  ws__terms terms; // working memory
  found *words;    // [count]
  size_t count, words_capacity;
  float *vectors; // [count + 1][dimensions]: the last one is that which is read
  size_t vectors_capacity;
} collector;

/* The hash of the word where it is one token, as words(...) has it. */
static ws_status hash_word(collector *c, const ws__block *block, ws_text word, bool *one,
                           uint64_t *hash) {
  WS_TRY(ws__terms_of_text(&c->terms, block, word));
  *one = c->terms.count == 1 && c->terms.items[0].value == 1;
  if (*one) *hash = c->terms.items[0].hash;
  return WS_OK;
}

static ws_status collect(collector *c, const ws__block *block, size_t b,
                         const ws__vocabulary *vocabulary, size_t most,
                         ws_word_vectors *file, ws_error *err) {
  size_t dimensions = ws_word_vectors_dimensions(file);
  bool more = true, one = false;
  for (size_t place = 0;; place++) {
    ws_text word;
    uint64_t hash = 0;
    if (c->count > UINT32_MAX / 2 ||
        !ws_grow(&c->vectors, &c->vectors_capacity, (c->count + 1) * dimensions,
                 sizeof *c->vectors) ||
        !ws_grow(&c->words, &c->words_capacity, c->count + 1, sizeof *c->words))
      return ws_error_nomem(err);
    float *vector = c->vectors + c->count * dimensions;
    WS_TRY(ws_word_vectors_next(file, &word, vector, &more, err));
    if (!more) return WS_OK;
    if (hash_word(c, block, word, &one, &hash) != WS_OK) return ws_error_nomem(err);
    if (!one || (place >= most && ws__vocabulary_find(vocabulary, b, hash) == UINT32_MAX))
      continue;
    c->words[c->count] = (found){(uint32_t)hash, (uint32_t)c->count};
    c->count++;
  }
}

static int by_key(const void *x, const void *y) {
  const found *p = x, *q = y;
  if (p->key != q->key) return p->key < q->key ? -1 : 1;
  return (p->place > q->place) - (p->place < q->place);
}

/* Orders the words by their keys, the first of equal ones being kept. */
static ws_status arrange(collector *c, size_t dimensions, ws__word_table *table) {
  size_t words = 0;
  qsort(c->words, c->count, sizeof *c->words, by_key);
  for (size_t i = 0; i < c->count; i++)
    if (i == 0 || c->words[i].key != c->words[i - 1].key) c->words[words++] = c->words[i];
  WS_TRY(make_room(table, words, dimensions));
  for (size_t i = 0; i < words; i++) {
    table->keys[i] = c->words[i].key;
    table->weights[i] = 1;
    memcpy(table->vectors + i * dimensions, c->vectors + c->words[i].place * dimensions,
           dimensions * sizeof *table->vectors);
  }
  return WS_OK;
}

ws_status ws__word_table_read(ws__word_table *table, const ws__block *block, size_t b,
                              const ws__vocabulary *vocabulary, size_t most,
                              ws_error *err) {
  collector c = {0};
  ws_word_vectors *file = NULL;
  *table = (ws__word_table){0};
  WS_TRY(ws_word_vectors_open(block->file, &file, err));
  ws_status status = collect(&c, block, b, vocabulary, most, file, err);
  if (status == WS_OK && arrange(&c, ws_word_vectors_dimensions(file), table) != WS_OK)
    status = ws_error_nomem(err);
  ws_word_vectors_free(file);
  ws__terms_clear(&c.terms);
  ws_free(c.words);
  ws_free(c.vectors);
  return status;
}

/* --- using it ----------------------------------------------------------------------- */

size_t ws__word_table_find(const ws__word_table *table, uint64_t hash) {
  uint32_t key = (uint32_t)hash;
  size_t low = 0, high = table->words;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (table->keys[middle] < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low < table->words && table->keys[low] == key ? low : SIZE_MAX;
}

void ws__word_table_weigh(ws__word_table *table, const double *occurrences) {
  double all = 0;
  for (size_t i = 0; i < table->words; i++) all += occurrences[i];
  for (size_t i = 0; i < table->words; i++)
    table->weights[i] = all > 0 ? (float)(a / (a + occurrences[i] / all)) : 1;
}

void ws__word_table_add(const ws__word_table *table, size_t word, double count,
                        double *sum) {
  const float *vector = table->vectors + word * table->dimensions;
  double weight = count * (double)table->weights[word];
  for (size_t d = 0; d < table->dimensions; d++) sum[d] += weight * (double)vector[d];
}
