/* SPDX-License-Identifier: MIT
 *
 * From counts to weights. The cells are weighted where they stand: there may be a billion
 * of them.
 */
#include "matrix.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "features_rows.h"
#include "frequent.h"

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

typedef struct choice {
  uint32_t *entry_of; // [features] UINT32_MAX where it is not kept; of a word with a
                      // vector its place in the table
  uint32_t *rows;     // [entries] rows that have them
  size_t keys_capacity, rows_capacity;
  double *sum; // [dimensions] working memory
} choice;

/* Room for so many entries more. */
static ws_status reserve(ws__matrix *m, choice *c, size_t more) {
  return ws_grow(&m->keys, &c->keys_capacity, m->A + more, sizeof *m->keys) &&
                 ws_grow(&c->rows, &c->rows_capacity, m->A + more, sizeof *c->rows)
             ? WS_OK
             : WS_ENOMEM;
}

/* Features whose keys are equal share an entry. */
static void take_features(ws__matrix *m, const ws__frequent *items, size_t count,
                          choice *c) {
  for (size_t i = 0; i < count; i++) {
    bool same = i > 0 && items[i].key == items[i - 1].key;
    if (!same) {
      m->keys[m->A] = items[i].key;
      c->rows[m->A++] = 0;
    }
    c->rows[m->A - 1] += items[i].rows;
    c->entry_of[items[i].id] = (uint32_t)(m->A - 1);
  }
}

static ws_status choose_block(ws__matrix *m, const ws_features *features, size_t b,
                              choice *c) {
  ws__frequent *items = NULL;
  size_t count = 0;
  WS_TRY(ws__frequent_features(features, b, &items, &count));
  ws_status status = reserve(m, c, count);
  if (status == WS_OK) take_features(m, items, count, c);
  ws_free(items);
  m->ends[b] = m->A;
  return status;
}

/* --- word vectors ------------------------------------------------------------------- */

/* How often each word of the table stands in the texts. */
static ws_status count_words(ws__matrix *m, const ws_features *features, const choice *c,
                             size_t b) {
  ws__word_table *table = &m->tables[b];
  size_t cells = features->rows ? features->ends[features->rows - 1] : 0;
  double *occurrences = ws_alloc_zero(table->words, sizeof *occurrences);
  if (!occurrences) return WS_ENOMEM;
  for (size_t i = 0; i < cells; i++) {
    uint32_t id = features->cells[i].index, word = c->entry_of[id];
    if (features->vocabulary.blocks[id] == b && word != UINT32_MAX)
      occurrences[word] += (double)features->cells[i].value;
  }
  ws__word_table_weigh(table, occurrences);
  ws_free(occurrences);
  return WS_OK;
}

/* The entries are the dimensions. */
static ws_status take_words(ws__matrix *m, const ws_features *features, size_t b,
                            choice *c, ws_error *err) {
  const ws__block *block = &m->spec.blocks[b];
  const ws__vocabulary *v = &features->vocabulary;
  ws__word_table *table = &m->tables[b];
  WS_TRY(ws__word_table_read(table, block, b, v, features->vector_words, err));
  if (table->dimensions != features->dimensions[b])
    return ws_error_set(err, WS_EIO, "%s: changed while it was in use", block->file);
  for (size_t i = 0; v->slots && i <= v->mask; i++) {
    const ws__word *word = &v->slots[i];
    if (word->count == 0 || v->blocks[word->id] != b) continue;
    size_t place = ws__word_table_find(table, ws__word_key(word, b));
    if (place != SIZE_MAX) c->entry_of[word->id] = (uint32_t)place;
  }
  WS_TRY(reserve(m, c, table->dimensions));
  for (size_t d = 0; d < table->dimensions; d++) {
    m->keys[m->A] = (uint32_t)d;
    c->rows[m->A++] = (uint32_t)m->n;
  }
  m->ends[b] = m->A;
  return count_words(m, features, c, b);
}

/* The vector of a text with the words cells[from .. end), written at `at`. */
static size_t weigh_words(const ws__matrix *m, const ws__cell *cells, size_t from,
                          size_t end, size_t b, const choice *c, ws__cell *out,
                          size_t at) {
  const ws__word_table *table = &m->tables[b];
  size_t entry = ws__matrix_first(m->ends, b);
  for (size_t d = 0; d < table->dimensions; d++) c->sum[d] = 0;
  for (size_t i = from; i < end; i++) {
    uint32_t word = c->entry_of[cells[i].index];
    if (word != UINT32_MAX)
      ws__word_table_add(table, word, (double)cells[i].value, c->sum);
  }
  for (size_t d = 0; d < table->dimensions; d++)
    if (c->sum[d] != 0)
      out[at++] = (ws__cell){(uint32_t)(entry + d), ws__word_sum(c->sum[d])};
  return at;
}

/* --- weighting ---------------------------------------------------------------------- */

static bool is_number(const ws__matrix *m, size_t b, size_t entry) {
  ws__block_kind kind = m->spec.blocks[b].kind;
  return kind == WS__NUMBER || (kind == WS__FIELD && m->keys[entry] == 0);
}

/* Whether feature id is this entry of block b; a word with a vector has no entry. */
static bool is_entry(const ws_features *features, const choice *c, uint32_t id, size_t b,
                     size_t entry) {
  return c->entry_of[id] == entry && features->vocabulary.blocks[id] == b;
}

/* Mean and deviation of one feature's values. A constant is of no use: it weighs 0. */
static void standardise(ws__matrix *m, const ws_features *features, const choice *c,
                        size_t b, size_t entry) {
  size_t cells = features->rows ? features->ends[features->rows - 1] : 0, count = 0;
  double sum = 0, squares = 0;
  for (size_t i = 0; i < cells; i++)
    if (is_entry(features, c, features->cells[i].index, b, entry)) {
      sum += (double)features->cells[i].value;
      count++;
    }
  double mean = count ? sum / (double)count : 0;
  for (size_t i = 0; i < cells; i++)
    if (is_entry(features, c, features->cells[i].index, b, entry)) {
      double off = (double)features->cells[i].value - mean;
      squares += off * off;
    }
  double deviation = count ? sqrt(squares / (double)count) : 0;
  m->shift[entry] = (float)mean;
  bool varies = deviation > 1e-12 * fabs(mean) && 1 / deviation <= (double)FLT_MAX;
  m->scale[entry] = varies ? (float)(1 / deviation) : 0;
}

static void set_scales(ws__matrix *m, const ws_features *features, const choice *c) {
  for (size_t b = 0; b < m->spec.count; b++)
    for (size_t e = ws__matrix_first(m->ends, b); e < m->ends[b]; e++) {
      m->shift[e] = 0;
      m->scale[e] = 1;
      if (ws__block_has_terms(&m->spec.blocks[b]))
        m->scale[e] = ws__idf(m->n, c->rows[e] < m->n ? c->rows[e] : m->n);
      else if (is_number(m, b, e))
        standardise(m, features, c, b, e);
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

/* Weighs cells[from .. end) of block b, to be written into out[at ..]; returns where they
 * end. */
static size_t weigh_block(const ws__matrix *m, const ws__cell *cells, size_t from,
                          size_t end, size_t b, const choice *c, ws__cell *out,
                          size_t at) {
  const ws__block *block = &m->spec.blocks[b];
  if (block->kind == WS__VECTORS) return weigh_words(m, cells, from, end, b, c, out, at);
  for (; from < end; from++) {
    uint32_t e = c->entry_of[cells[from].index];
    if (e == UINT32_MAX) continue;
    double value = ws__weight(block, (double)cells[from].value, m->scale[e], m->shift[e]);
    if (value != 0) out[at++] = (ws__cell){e, (float)value};
  }
  return at;
}

/* Weighs row i of the features, to be written from out[at] on; returns where it ends. */
static size_t weigh_row(const ws__matrix *m, const ws_features *features, const choice *c,
                        size_t i, ws__cell *out, size_t at) {
  const uint8_t *block_of = features->vocabulary.blocks;
  const ws__cell *cells = features->cells;
  size_t from = i ? features->ends[i - 1] : 0, end = features->ends[i];
  while (from < end) {
    size_t b = block_of[cells[from].index], first = at, last = from;
    while (last < end && block_of[cells[last].index] == b) last++;
    at = weigh_block(m, cells, from, last, b, c, out, at);
    if (ws__block_is_normal(&m->spec.blocks[b])) normalise(out, first, at);
    from = last;
  }
  return at;
}

/* How many cells word vectors add to a row at most; the largest of them is *largest. */
static size_t count_dimensions(const ws__matrix *m, size_t *largest) {
  size_t sum = 0;
  *largest = 0;
  for (size_t b = 0; b < m->spec.count; b++) {
    sum += m->tables[b].dimensions;
    if (m->tables[b].dimensions > *largest) *largest = m->tables[b].dimensions;
  }
  return sum;
}

/* Without word vectors no row grows, so that each is written in front of those that are
 * still to be read. */
static ws_status weigh_rows(ws__matrix *m, ws_features *features, choice *c) {
  size_t at = 0, largest, more = count_dimensions(m, &largest);
  ws__cell *out = features->cells;
  if (more) {
    size_t cells = m->n ? features->ends[m->n - 1] : 0;
    out = m->n > (SIZE_MAX - cells) / more
              ? NULL
              : ws_alloc_array(cells + m->n * more, sizeof *out);
    m->cells = out;
    c->sum = ws_alloc_array(largest, sizeof *c->sum);
    if (!out || !c->sum) return WS_ENOMEM;
  }
  m->begin[0] = 0;
  for (size_t i = 0; i < m->n; i++)
    m->begin[i + 1] = at = weigh_row(m, features, c, i, out, at);
  m->cells = out;
  if (!more) features->cells = NULL;
  return WS_OK;
}

static ws_status choose(ws__matrix *m, const ws_features *features, choice *c,
                        ws_error *err) {
  for (size_t b = 0; b < m->spec.count; b++) {
    if (m->spec.blocks[b].kind == WS__VECTORS)
      WS_TRY(take_words(m, features, b, c, err));
    else
      WS_TRY(choose_block(m, features, b, c));
  }
  return WS_OK;
}

static ws_status fill(ws__matrix *m, ws_features *features, choice *c, ws_error *err) {
  size_t count = features->vocabulary.count;
  c->entry_of = ws_alloc_array(count, sizeof *c->entry_of);
  m->begin = ws_alloc_array(m->n + 1, sizeof *m->begin);
  if (!c->entry_of || !m->begin) return WS_ENOMEM;
  for (size_t i = 0; i < count; i++) c->entry_of[i] = UINT32_MAX;
  WS_TRY(choose(m, features, c, err));
  m->scale = ws_alloc_array(m->A, sizeof *m->scale);
  m->shift = ws_alloc_array(m->A, sizeof *m->shift);
  if (!m->scale || !m->shift) return WS_ENOMEM;
  set_scales(m, features, c);
  return weigh_rows(m, features, c);
}

ws_status ws__matrix_init(ws__matrix *m, ws_features *features, ws_error *err) {
  choice c = {0};
  *m = (ws__matrix){
      .spec = features->spec, .hash_bits = features->hash_bits, .n = features->rows};
  ws_status status = fill(m, features, &c, err);
  ws_free(c.entry_of);
  ws_free(c.rows);
  ws_free(c.sum);
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}

void ws__matrix_clear(ws__matrix *m) {
  ws_free(m->keys);
  ws_free(m->scale);
  ws_free(m->shift);
  ws_free(m->begin);
  ws_free(m->cells);
  for (size_t b = 0; b < WS__MOST_BLOCKS; b++) ws__word_table_clear(&m->tables[b]);
  *m = (ws__matrix){0};
}
