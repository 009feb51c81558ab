/* SPDX-License-Identifier: MIT
 *
 * The most frequent features of a block. Features that are equally frequent are told
 * apart by their hashes, so that the choice does not hang on the order of the records. Of
 * a large collection most features occur once or twice: before any is copied, two counts
 * tell how frequent a feature has to be, and below which hash its own.
 */
#include "frequent.h"

#include <stdlib.h>

#include <weaksup/alloc.h>

enum { BINS = 1 << 16 };

/* Features that more rows have pass, and those that as many have with a hash below. */
typedef struct threshold {
  uint32_t rows, hash; // the hash' highest 16 bits
} threshold;

/* --- exactly ------------------------------------------------------------------------ */

/* The more frequent first, then by hash. */
static bool goes_before(const ws__frequent *a, const ws__frequent *b) {
  return a->rows != b->rows ? a->rows > b->rows : a->hash < b->hash;
}

static void swap(ws__frequent *a, ws__frequent *b) {
  ws__frequent c = *a;
  *a = *b;
  *b = c;
}

/* Moves the `most` that go before all others to the front (Hoare's selection). */
static void select_first(ws__frequent *items, size_t count, size_t most) {
  size_t low = 0, high = count;
  while (high - low > 1 && low < most && most < high) {
    swap(&items[low], &items[low + (high - low) / 2]);
    size_t middle = low;
    for (size_t i = low + 1; i < high; i++)
      if (goes_before(&items[i], &items[low])) swap(&items[i], &items[++middle]);
    swap(&items[low], &items[middle]);
    if (middle < most)
      low = middle + 1;
    else
      high = middle;
  }
}

static int by_key(const void *a, const void *b) {
  const ws__frequent *x = a, *y = b;
  if (x->key != y->key) return x->key < y->key ? -1 : 1;
  return (x->hash > y->hash) - (x->hash < y->hash);
}

/* --- roughly ------------------------------------------------------------------------ */

typedef bool (*visit_fn)(void *user, const ws__word *word);

/* Calls `visit` for each feature of the block that enough rows have, until it says false.
 */
static bool each(const ws_features *features, size_t b, visit_fn visit, void *user) {
  const ws__vocabulary *v = &features->vocabulary;
  uint32_t least = features->spec.blocks[b].min_df;
  for (size_t i = 0; v->slots && i <= v->mask; i++) {
    const ws__word *word = &v->slots[i];
    if (word->count == 0 || word->count < least || v->blocks[word->id] != b) continue;
    if (!visit(user, word)) return false;
  }
  return true;
}

typedef struct counting {
  size_t *bins; // [BINS]
  uint32_t rows;
} counting;

static uint32_t bin_of_rows(const ws__word *word) {
  return word->count < BINS ? word->count : BINS - 1;
}

static bool count_rows(void *user, const ws__word *word) {
  counting *c = user;
  c->bins[bin_of_rows(word)]++;
  return true;
}

static bool count_hash(void *user, const ws__word *word) {
  counting *c = user;
  if (bin_of_rows(word) == c->rows) c->bins[word->hash >> 48]++;
  return true;
}

/* What lets `most` features pass, and few more. */
static ws_status find_threshold(const ws_features *features, size_t b, size_t most,
                                threshold *out) {
  counting c = {ws_alloc_zero(BINS, sizeof *c.bins), BINS};
  size_t passed = 0;
  *out = (threshold){0, BINS};
  if (!c.bins) return WS_ENOMEM;
  each(features, b, count_rows, &c);
  while (c.rows > 0 && passed < most) passed += c.bins[--c.rows];
  if (passed > most && c.rows < BINS - 1) { // not all of the last ones
    passed -= c.bins[c.rows];
    for (size_t i = 0; i < BINS; i++) c.bins[i] = 0;
    each(features, b, count_hash, &c);
    for (out->hash = 0; out->hash < BINS && passed < most; out->hash++)
      passed += c.bins[out->hash];
  }
  out->rows = c.rows;
  ws_free(c.bins);
  return WS_OK;
}

typedef struct collecting {
  threshold least;
  size_t b;
  ws__frequent *items;
  size_t count, capacity;
} collecting;

static bool collect(void *user, const ws__word *word) {
  collecting *c = user;
  uint32_t rows = bin_of_rows(word);
  if (rows < c->least.rows ||
      (rows == c->least.rows && word->hash >> 48 >= c->least.hash))
    return true;
  if (!ws_grow(&c->items, &c->capacity, c->count + 1, sizeof *c->items)) return false;
  c->items[c->count++] =
      (ws__frequent){word->hash, ws__word_key(word, c->b), word->id, word->count};
  return true;
}

ws_status ws__frequent_features(const ws_features *features, size_t b,
                                ws__frequent **items, size_t *count) {
  bool dense = ws__block_is_dense(&features->spec.blocks[b]);
  size_t most = dense ? SIZE_MAX : (size_t)1 << features->hash_bits;
  collecting c = {.b = b};
  WS_TRY(find_threshold(features, b, most, &c.least));
  if (!each(features, b, collect, &c)) {
    ws_free(c.items);
    return WS_ENOMEM;
  }
  if (c.count > most) {
    select_first(c.items, c.count, most);
    c.count = most;
  }
  if (c.count) qsort(c.items, c.count, sizeof *c.items, by_key);
  *items = c.items;
  *count = c.count;
  return WS_OK;
}
