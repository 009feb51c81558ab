/* SPDX-License-Identifier: MIT
 *
 * From counts to weights. Features that are equally frequent are told apart by their
 * hashes, so that the choice does not hang on the order of the records. The cells are
 * weighted where they stand: there may be a billion of them.
 */
#include "matrix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "features_rows.h"

float ws__idf(size_t n, size_t df) {
  return (float)(1 + log((1 + (double)n) / (1 + (double)df)));
}

static double tf(double count) {
  static const double logs[] = {0, 1, 1.693147180559945309, 2.098612288668109691,
                                2.386294361119890619};
  return count <= 4 ? logs[(size_t)count] : 1 + log(count);
}

double ws__weight(const ws__block *block, double value, float scale, float shift) {
  return ws__block_has_terms(block) ? tf(value) * (double)scale
                                    : (value - (double)shift) * (double)scale;
}

/* --- choosing ----------------------------------------------------------------------- */

typedef struct candidate {
  uint64_t hash;
  uint32_t key, id, rows;
} candidate;

/* The more frequent first, then by hash. */
static bool goes_before(const candidate *a, const candidate *b) {
  return a->rows != b->rows ? a->rows > b->rows : a->hash < b->hash;
}

static void swap(candidate *a, candidate *b) {
  candidate c = *a;
  *a = *b;
  *b = c;
}

/* Moves the `most` that go before all others to the front (Hoare's selection). */
static void select_first(candidate *items, size_t count, size_t most) {
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
  const candidate *x = a, *y = b;
  if (x->key != y->key) return x->key < y->key ? -1 : 1;
  return (x->hash > y->hash) - (x->hash < y->hash);
}

/* What of block b may be kept; returns how many. */
static size_t collect(const ws_features *features, size_t b, candidate *out) {
  const ws__vocabulary *v = &features->vocabulary;
  size_t count = 0;
  for (size_t i = 0; v->slots && i <= v->mask; i++) {
    const ws__word *word = &v->slots[i];
    if (word->count == 0 || v->blocks[word->id] != b) continue;
    if (word->count < features->spec.blocks[b].min_df) continue;
    out[count++] = (candidate){word->hash, ws__word_key(word, b), word->id, word->count};
  }
  return count;
}

typedef struct choice {
  candidate *items;   // [features of the vocabulary]
  uint32_t *entry_of; // [features] UINT32_MAX where it is not kept
  uint32_t *rows;     // [features] of the entries: rows that have them
} choice;

/* Features whose keys are equal share an entry. */
static void choose_block(ws__matrix *m, const ws_features *features, size_t b,
                         choice *c) {
  size_t count = collect(features, b, c->items), most = (size_t)1 << features->hash_bits;
  if (count > most) {
    select_first(c->items, count, most);
    count = most;
  }
  qsort(c->items, count, sizeof *c->items, by_key);
  for (size_t i = 0; i < count; i++) {
    bool same = i > 0 && c->items[i].key == c->items[i - 1].key;
    if (!same) {
      m->keys[m->A] = c->items[i].key;
      c->rows[m->A++] = 0;
    }
    c->rows[m->A - 1] += c->items[i].rows;
    c->entry_of[c->items[i].id] = (uint32_t)(m->A - 1);
  }
  m->ends[b] = m->A;
}

/* --- weighting ---------------------------------------------------------------------- */

static bool is_number(const ws__matrix *m, size_t b, size_t entry) {
  ws__block_kind kind = m->spec.blocks[b].kind;
  return kind == WS__NUMBER || (kind == WS__FIELD && m->keys[entry] == 0);
}

/* Mean and deviation of one feature's values. A constant is of no use: it weighs 0. */
static void standardise(ws__matrix *m, const ws_features *features, const choice *c,
                        size_t entry) {
  size_t cells = features->rows ? features->ends[features->rows - 1] : 0, count = 0;
  double sum = 0, squares = 0;
  for (size_t i = 0; i < cells; i++)
    if (c->entry_of[features->cells[i].index] == entry) {
      sum += (double)features->cells[i].value;
      count++;
    }
  double mean = count ? sum / (double)count : 0;
  for (size_t i = 0; i < cells; i++)
    if (c->entry_of[features->cells[i].index] == entry) {
      double off = (double)features->cells[i].value - mean;
      squares += off * off;
    }
  double deviation = count ? sqrt(squares / (double)count) : 0;
  m->shift[entry] = (float)mean;
  m->scale[entry] = deviation > 1e-12 * fabs(mean) ? (float)(1 / deviation) : 0;
}

static void set_scales(ws__matrix *m, const ws_features *features, const choice *c) {
  for (size_t b = 0; b < m->spec.count; b++)
    for (size_t e = ws__matrix_first(m->ends, b); e < m->ends[b]; e++) {
      m->shift[e] = 0;
      m->scale[e] = 1;
      if (ws__block_has_terms(&m->spec.blocks[b]))
        m->scale[e] = ws__idf(m->n, c->rows[e] < m->n ? c->rows[e] : m->n);
      else if (is_number(m, b, e))
        standardise(m, features, c, e);
    }
}

/* Scales cells[first .. end) to length 1. */
static void normalise(ws__cell *cells, size_t first, size_t end) {
  double squares = 0;
  for (size_t i = first; i < end; i++)
    squares += (double)cells[i].value * (double)cells[i].value;
  if (squares == 0) return;
  double factor = 1 / sqrt(squares);
  for (size_t i = first; i < end; i++)
    cells[i].value = (float)((double)cells[i].value * factor);
}

/* Weighs row i of the features, to be written from cells[at] on; returns where it ends.
 */
static size_t weigh_row(ws__matrix *m, const ws_features *features, const choice *c,
                        size_t i, size_t at) {
  const uint8_t *block_of = features->vocabulary.blocks;
  ws__cell *cells = features->cells;
  size_t from = i ? features->ends[i - 1] : 0, end = features->ends[i];
  while (from < end) {
    size_t b = block_of[cells[from].index], first = at;
    const ws__block *block = &m->spec.blocks[b];
    for (; from < end && block_of[cells[from].index] == b; from++) {
      uint32_t e = c->entry_of[cells[from].index];
      if (e == UINT32_MAX) continue;
      double value =
          ws__weight(block, (double)cells[from].value, m->scale[e], m->shift[e]);
      if (value != 0) cells[at++] = (ws__cell){e, (float)value};
    }
    if (ws__block_is_normal(block)) normalise(cells, first, at);
  }
  return at;
}

/* No row grows, so that each is written in front of those that are still to be read. */
static void weigh_rows(ws__matrix *m, ws_features *features, const choice *c) {
  size_t at = 0;
  m->begin[0] = 0;
  for (size_t i = 0; i < m->n; i++)
    m->begin[i + 1] = at = weigh_row(m, features, c, i, at);
  m->cells = features->cells;
  features->cells = NULL;
}

static ws_status fill(ws__matrix *m, ws_features *features, choice *c) {
  size_t count = features->vocabulary.count;
  c->items = ws_alloc_array(count, sizeof *c->items);
  c->entry_of = ws_alloc_array(count, sizeof *c->entry_of);
  c->rows = ws_alloc_array(count, sizeof *c->rows);
  m->keys = ws_alloc_array(count, sizeof *m->keys);
  m->begin = ws_alloc_array(m->n + 1, sizeof *m->begin);
  if (!c->items || !c->entry_of || !c->rows || !m->keys || !m->begin) return WS_ENOMEM;
  for (size_t i = 0; i < count; i++) c->entry_of[i] = UINT32_MAX;
  for (size_t b = 0; b < m->spec.count; b++) choose_block(m, features, b, c);
  m->scale = ws_alloc_array(m->A, sizeof *m->scale);
  m->shift = ws_alloc_array(m->A, sizeof *m->shift);
  if (!m->scale || !m->shift) return WS_ENOMEM;
  set_scales(m, features, c);
  weigh_rows(m, features, c);
  return WS_OK;
}

ws_status ws__matrix_init(ws__matrix *m, ws_features *features) {
  choice c = {0};
  *m = (ws__matrix){
      .spec = features->spec, .hash_bits = features->hash_bits, .n = features->rows};
  ws_status status = fill(m, features, &c);
  ws_free(c.items);
  ws_free(c.entry_of);
  ws_free(c.rows);
  return status;
}

void ws__matrix_clear(ws__matrix *m) {
  ws_free(m->keys);
  ws_free(m->scale);
  ws_free(m->shift);
  ws_free(m->begin);
  ws_free(m->cells);
  *m = (ws__matrix){0};
}
