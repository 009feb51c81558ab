/* SPDX-License-Identifier: MIT
 *
 * The n-grams behind the hashes: the strongest features of each class are looked for in
 * the texts that were kept. The loops are those of terms.c, with places beside the
 * hashes. A feature whose texts the sample lacks stays without a name.
 */
#include <weaksup/alloc.h>
#include <weaksup/export.h>

#include "export_priv.h"
#include "feature_hash.h"
#include "sample.h"
#include "strongest.h"

enum { PER_CLASS = 200, LEAST_PER_CLASS = 10, MOST_NAMES = 20000, FILTER_BITS = 16 };

typedef struct word {
  uint64_t hash;
  size_t first, end; // characters
} word;

typedef struct namer {
  ws_classifier *c;
  uint32_t *index; // [A] of the wanted entries in c->named; UINT32_MAX: not wanted
  size_t left;     // without a name
  uint8_t filter[(1 << FILTER_BITS) / 8]; // bits of the low ends of wanted keys
  uint32_t *chars;
  size_t chars_capacity;
  word *words;
  size_t words_capacity;
  ws_buffer name;
} namer;

/* --- which ones --------------------------------------------------------------------- */

static size_t names_per_class(size_t K) {
  size_t most = MOST_NAMES / K;
  return most > PER_CLASS ? PER_CLASS : most < LEAST_PER_CLASS ? LEAST_PER_CLASS : most;
}

static bool can_be_named(const ws_classifier *c, size_t b) {
  return c->H == 0 && ws__block_has_terms(&c->spec.blocks[b]); // no hidden layer
}

/* Marks the strongest of class k in index. */
static void want_class(namer *n, size_t k, const float *means, ws__strong_heap *heap) {
  const ws_classifier *c = n->c;
  heap->count = 0;
  for (size_t b = 0; b < c->spec.count; b++) {
    if (!can_be_named(c, b)) continue;
    for (size_t e = ws__matrix_first(c->ends, b); e < c->ends[b]; e++) {
      double weight = (double)c->weights[e * c->K + k] - (double)means[e];
      if (weight > 0) ws__strong_offer(heap, weight * (double)c->scale[e], (uint32_t)e);
    }
  }
  for (size_t i = 0; i < heap->count; i++) n->index[heap->items[i].item] = 0;
}

/* Makes entries of c->named, without names, of what is marked. */
static ws_status number_wanted(namer *n) {
  ws_classifier *c = n->c;
  size_t count = 0;
  for (size_t e = 0; e < c->A; e++) count += n->index[e] == 0;
  ws__named *named = ws_alloc_zero(count, sizeof *named);
  if (!named) return WS_ENOMEM;
  ws_free(c->named);
  c->named = named;
  c->named_count = 0;
  for (size_t e = 0; e < c->A; e++) {
    if (n->index[e] != 0) continue;
    uint32_t low = c->keys[e] & ((1 << FILTER_BITS) - 1);
    n->filter[low / 8] |= (uint8_t)(1 << low % 8);
    n->index[e] = (uint32_t)c->named_count;
    named[c->named_count++].entry = (uint32_t)e;
  }
  n->left = c->named_count;
  return WS_OK;
}

static ws_status want(namer *n) {
  ws_classifier *c = n->c;
  size_t most = names_per_class(c->K);
  float *means = ws_alloc_array(c->A, sizeof *means);
  ws__strong_heap heap = {ws_alloc_array(most, sizeof *heap.items), 0, most};
  ws_status status = means && heap.items ? WS_OK : WS_ENOMEM;
  for (size_t e = 0; status == WS_OK && e < c->A; e++) {
    means[e] = (float)ws__mean_weight(c, e);
    n->index[e] = UINT32_MAX;
  }
  for (size_t k = 0; status == WS_OK && k < c->K; k++) want_class(n, k, means, &heap);
  if (status == WS_OK) status = number_wanted(n);
  ws_free(means);
  ws_free(heap.items);
  return status;
}

/* --- finding them ------------------------------------------------------------------- */

/* The entry of c->named that the hash is of and that has no name yet, or NULL. */
static ws__named *unnamed(const namer *n, size_t b, uint64_t hash) {
  uint32_t key = (uint32_t)ws__hash_end(hash), low = key & ((1 << FILTER_BITS) - 1);
  if (!(n->filter[low / 8] >> low % 8 & 1)) return NULL;
  size_t e = ws__classifier_find(n->c, b, key);
  if (e == SIZE_MAX || n->index[e] == UINT32_MAX) return NULL;
  ws__named *named = &n->c->named[n->index[e]];
  return named->name.data ? NULL : named;
}

static ws_status put_chars(namer *n, size_t first, size_t end) {
  for (size_t i = first; i < end; i++) {
    char bytes[4];
    size_t size = ws__utf8_encode(ws_char_lower(n->chars[i]), bytes);
    WS_TRY(ws_buffer_append(&n->name, bytes, size));
  }
  return WS_OK;
}

static ws_status give(namer *n, ws__named *named) {
  n->left--;
  ws_status status =
      ws_arena_text(&n->c->arena, ws_buffer_as_text(&n->name), &named->name);
  n->name.size = 0;
  return status;
}

static ws_status name_words(namer *n, ws__named *named, size_t first, size_t count) {
  for (size_t i = first; i < first + count; i++) {
    if (i > first) WS_TRY(ws_buffer_string(&n->name, " "));
    WS_TRY(put_chars(n, n->words[i].first, n->words[i].end));
  }
  return give(n, named);
}

static size_t find_words(namer *n, size_t count) {
  size_t found = 0;
  for (size_t i = 0; i < count;) {
    ws_char_kind kind = ws_char_kind_of(n->chars[i]);
    word *at = &n->words[found];
    *at = (word){ws__hash_step(WS__HASH_START, ws_char_lower(n->chars[i])), i, i + 1};
    i++;
    if (kind == WS_CHAR_SPACE) continue;
    for (; kind == WS_CHAR_WORD && i < count; i++, at->end++) {
      ws_char_kind next = ws_char_kind_of(n->chars[i]);
      if (next != WS_CHAR_WORD && next != WS_CHAR_MARK) break;
      at->hash = ws__hash_step(at->hash, ws_char_lower(n->chars[i]));
    }
    found++;
  }
  return found;
}

static ws_status look_at_words(namer *n, size_t b, size_t count) {
  const ws__block *block = &n->c->spec.blocks[b];
  if (!ws_grow(&n->words, &n->words_capacity, count, sizeof *n->words)) return WS_ENOMEM;
  size_t words = find_words(n, count);
  for (size_t i = 0; i < words; i++) {
    uint64_t hash = 0;
    for (size_t length = 1; length <= block->max_n && i + length <= words; length++) {
      hash = ws__hash_join(hash, n->words[i + length - 1].hash);
      ws__named *named = length >= block->min_n ? unnamed(n, b, hash) : NULL;
      if (named) WS_TRY(name_words(n, named, i, length));
    }
  }
  return WS_OK;
}

/* Characters first .. end - 1 of a stretch that has a blank before and behind. */
static ws_status name_stretch(namer *n, ws__named *named, size_t stretch, size_t size,
                              size_t first, size_t end) {
  if (first == 0) WS_TRY(ws_buffer_string(&n->name, " "));
  WS_TRY(put_chars(n, stretch + (first ? first - 1 : 0),
                   stretch + (end - 1 > size ? size : end - 1)));
  if (end == size + 2) WS_TRY(ws_buffer_string(&n->name, " "));
  return give(n, named);
}

static ws_status look_at_stretch(namer *n, size_t b, size_t stretch, size_t size) {
  const ws__block *block = &n->c->spec.blocks[b];
  size_t padded = size + 2, shortest = block->min_n < padded ? block->min_n : padded;
  for (size_t first = 0; first + shortest <= padded; first++) {
    uint64_t hash = WS__HASH_START;
    for (size_t length = 1; length <= block->max_n && first + length <= padded;
         length++) {
      size_t at = first + length - 1;
      bool blank = at == 0 || at == padded - 1;
      hash = ws__hash_step(hash, blank ? ' ' : ws_char_lower(n->chars[stretch + at - 1]));
      ws__named *named = length >= shortest ? unnamed(n, b, hash) : NULL;
      if (named) WS_TRY(name_stretch(n, named, stretch, size, first, first + length));
    }
  }
  return WS_OK;
}

static ws_status look_at_chars(namer *n, size_t b, size_t count) {
  for (size_t i = 0; i < count;) {
    size_t first = i;
    while (i < count && ws_char_kind_of(n->chars[i]) != WS_CHAR_SPACE) i++;
    if (i > first) WS_TRY(look_at_stretch(n, b, first, i - first));
    while (i < count && ws_char_kind_of(n->chars[i]) == WS_CHAR_SPACE) i++;
  }
  return WS_OK;
}

static ws_status look_at(namer *n, size_t of, ws_text text) {
  const ws__spec *spec = &n->c->spec;
  if (!ws_grow(&n->chars, &n->chars_capacity, text.size, sizeof *n->chars))
    return WS_ENOMEM;
  size_t count = ws_text_chars(text, n->chars);
  for (size_t b = 0; b < spec->count; b++) {
    if (!can_be_named(n->c, b) || !ws__same_field(spec, b, of)) continue;
    WS_TRY(spec->blocks[b].kind == WS__WORDS ? look_at_words(n, b, count)
                                             : look_at_chars(n, b, count));
  }
  return WS_OK;
}

static void drop_unnamed(ws_classifier *c) {
  size_t count = 0;
  for (size_t i = 0; i < c->named_count; i++)
    if (c->named[i].name.data) c->named[count++] = c->named[i];
  c->named_count = count;
}

static ws_status name_all(namer *n, const ws_features *features) {
  size_t at = 0, block;
  ws_text text;
  n->index = ws_alloc_array(n->c->A, sizeof *n->index);
  if (!n->index) return WS_ENOMEM;
  WS_TRY(want(n));
  while (n->left > 0 && ws__sample_next(features, &at, &block, &text))
    WS_TRY(look_at(n, block, text));
  return WS_OK;
}

ws_status ws_classifier_name(ws_classifier *classifier, const ws_features *features) {
  if (ws_classifier_hidden(classifier)) return WS_OK; // no weight speaks for a class
  namer *n = ws_alloc_zero(1, sizeof *n);
  if (!n) return WS_ENOMEM;
  n->c = classifier;
  ws_status status = name_all(n, features);
  drop_unnamed(classifier);
  ws__mean_named(classifier);
  ws_free(n->index);
  ws_free(n->chars);
  ws_free(n->words);
  ws_buffer_clear(&n->name);
  ws_free(n);
  return status;
}
