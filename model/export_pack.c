/* SPDX-License-Identifier: MIT
 *
 * Entries of rounded weights as one string of bits. An entry is the gap to the key before
 * it, the number of its idf, and its row, or where that is long the place of a row that
 * entries share: n-grams that occur in the same texts have the same weights. Keys that
 * begin with the same bits stand in one bin, and only beginnings of bins have addresses.
 */
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "export_priv.h"
#include "feature_hash.h"

/* Behind the bits stand bytes that a reader may look ahead to. */
enum { AHEAD = 4, MOST_BIN_BITS = 20, BASE_BINS = 16, POOL_COLUMNS = 12 };

bool ws__pack_has_pool(size_t columns) {
  return columns >= POOL_COLUMNS;
}

/* --- equal rows --------------------------------------------------------------------- */

typedef struct row_item {
  uint64_t hash;
  uint32_t at; // in the order
} row_item;

static int by_hash(const void *a, const void *b) {
  const row_item *x = a, *y = b;
  if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
  return (x->at > y->at) - (x->at < y->at);
}

static uint64_t hash_row(const ws__rounded *r, size_t e) {
  uint64_t hash = ws__hash_step(WS__HASH_START, r->level[e]);
  for (size_t c = 0; c < r->columns; c++)
    hash = ws__hash_step(hash, (uint16_t)r->values[e * r->columns + c]);
  return ws__hash_end(hash);
}

static bool are_equal(const ws__rounded *r, size_t a, size_t b) {
  return r->level[a] == r->level[b] &&
         memcmp(r->values + a * r->columns, r->values + b * r->columns,
                r->columns * sizeof *r->values) == 0;
}

ws_status ws__pack_find_equal(const ws__rounded *rounded, const uint32_t *order,
                              size_t count, uint32_t *first) {
  row_item *items = ws_alloc_array(count + 1, sizeof *items);
  if (!items) return WS_ENOMEM;
  for (uint32_t i = 0; i < count; i++)
    items[i] = (row_item){hash_row(rounded, order ? order[i] : i), i};
  qsort(items, count, sizeof *items, by_hash);
  uint32_t leader = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t e = order ? order[items[i].at] : items[i].at;
    bool same = i > 0 && items[i].hash == items[i - 1].hash;
    if (!same || !are_equal(rounded, leader, e)) leader = e;
    first[e] = leader;
  }
  ws_free(items);
  return WS_OK;
}

/* --- keys --------------------------------------------------------------------------- */

typedef struct packer {
  ws__packed *to;
  const ws_classifier *c;
  const ws__rounded *rounded;
  uint32_t *first; // [A] with a pool
  uint32_t *place; // [A] of the row, in bytes of the pool
} packer;

static uint64_t bin_of(const packer *p, size_t e) {
  return (uint64_t)p->c->keys[e] >> (32 - p->to->bin_bits);
}

/* The key within its bin. */
static uint64_t rest_of(const packer *p, size_t e) {
  uint64_t bins = (uint64_t)1 << (p->to->key_bits - p->to->bin_bits);
  return ((uint64_t)p->c->keys[e] >> (32 - p->to->key_bits)) & (bins - 1);
}

/* How many keys lie between that of the entry and the one before it in the bin. */
static uint32_t gap_of(const packer *p, size_t begin, size_t e) {
  bool alone = e == begin || bin_of(p, e - 1) != bin_of(p, e);
  return (uint32_t)(rest_of(p, e) - (alone ? 0 : rest_of(p, e - 1) + 1));
}

static void find_key_width(packer *p, size_t b) {
  uint64_t least = UINT64_MAX;
  size_t begin = ws__matrix_first(p->c->ends, b);
  for (unsigned width = 0; width < 31; width++) {
    uint64_t bits = 0;
    for (size_t e = begin; e < p->c->ends[b]; e++)
      bits += ws__number_bits(gap_of(p, begin, e), width);
    if (bits < least) p->to->key_widths[b] = (uint8_t)width;
    if (bits < least) least = bits;
  }
}

/* --- rows --------------------------------------------------------------------------- */

static ws_status put_row(packer *p, ws__bits *bits, size_t e) {
  const ws__rounded *r = p->rounded;
  for (size_t c = 0; c < r->columns; c++)
    WS_TRY(ws__bits_number(bits, ws__zigzag(r->values[e * r->columns + c]),
                           r->widths[r->level[e]]));
  return WS_OK;
}

static ws_status make_pool(packer *p, ws__bits *pool) {
  size_t A = p->c->A;
  p->first = ws_alloc_array(A + 1, sizeof *p->first);
  p->place = ws_alloc_array(A + 1, sizeof *p->place);
  if (!p->first || !p->place) return WS_ENOMEM;
  WS_TRY(ws__pack_find_equal(p->rounded, NULL, A, p->first));
  for (size_t e = 0; e < A; e++) {
    if (p->first[e] != e) continue;
    p->place[e] = (uint32_t)pool->bytes.size;
    WS_TRY(put_row(p, pool, e));
    ws__bits_align(pool);
  }
  p->to->pointer_bits = 1;
  while (pool->bytes.size >> p->to->pointer_bits) p->to->pointer_bits++;
  return WS_OK;
}

/* --- entries ------------------------------------------------------------------------ */

static ws_status put_entry(packer *p, size_t b, size_t begin, size_t e) {
  ws__bits *bits = &p->to->bits;
  WS_TRY(ws__bits_number(bits, gap_of(p, begin, e), p->to->key_widths[b]));
  WS_TRY(ws__bits_number(bits, p->rounded->level[e], 0));
  if (p->place) return ws__bits_put(bits, p->place[p->first[e]], p->to->pointer_bits);
  return put_row(p, bits, e);
}

static void put_start(ws__packed *to, size_t at) {
  uint32_t bit = (uint32_t)ws__bits_size(&to->bits);
  if (at % BASE_BINS == 0) to->bases[at / BASE_BINS] = bit;
  to->starts[at] = bit - to->bases[at / BASE_BINS];
  to->long_starts |= to->starts[at] > UINT16_MAX;
}

static ws_status put_entries(packer *p) {
  ws__packed *to = p->to;
  size_t bins = (size_t)1 << to->bin_bits, at = 0;
  for (size_t b = 0; b < p->c->spec.count; b++) {
    size_t begin = ws__matrix_first(p->c->ends, b), e = begin;
    for (size_t bin = 0; bin <= bins; bin++) {
      put_start(to, at++);
      for (; e < p->c->ends[b] && bin_of(p, e) == bin; e++)
        WS_TRY(put_entry(p, b, begin, e));
    }
  }
  return WS_OK;
}

static ws_status make_room(ws__packed *to, size_t blocks) {
  to->bin_count = blocks * (((size_t)1 << to->bin_bits) + 1);
  to->starts = ws_alloc_array(to->bin_count + 1, sizeof *to->starts);
  to->bases = ws_alloc_array(to->bin_count / BASE_BINS + 1, sizeof *to->bases);
  return to->starts && to->bases ? WS_OK : WS_ENOMEM;
}

static ws_status pack_all(packer *p, ws__bits *pool) {
  ws__packed *to = p->to;
  size_t blocks = p->c->spec.count;
  for (size_t b = 0; b < blocks; b++) find_key_width(p, b);
  WS_TRY(make_room(to, blocks));
  if (ws__pack_has_pool(p->rounded->columns)) WS_TRY(make_pool(p, pool));
  WS_TRY(put_entries(p));
  to->pool = to->bits.bytes.size;
  if (pool->bytes.size)
    WS_TRY(ws_buffer_append(&to->bits.bytes, pool->bytes.data, pool->bytes.size));
  return ws_buffer_append(&to->bits.bytes, "\0\0\0", AHEAD);
}

ws_status ws__pack(ws__packed *to, const ws_classifier *classifier,
                   const ws__rounded *rounded, unsigned key_bits, unsigned load) {
  packer p = {to, classifier, rounded, NULL, NULL};
  ws__bits pool = {0};
  *to = (ws__packed){
      .key_bits = key_bits, .levels = rounded->levels, .step = rounded->step};
  memcpy(to->idf, rounded->idf, sizeof to->idf);
  memcpy(to->widths, rounded->widths, sizeof to->widths);
  while (to->bin_bits < MOST_BIN_BITS && to->bin_bits < key_bits &&
         classifier->A / classifier->spec.count >> to->bin_bits > load)
    to->bin_bits++;
  ws_status status = pack_all(&p, &pool);
  ws_free(p.first);
  ws_free(p.place);
  ws_buffer_clear(&pool.bytes);
  return status;
}

size_t ws__packed_bytes(const ws__packed *packed) {
  return packed->bits.bytes.size + packed->bin_count * (packed->long_starts ? 4 : 2) +
         (packed->bin_count / BASE_BINS + 1) * 4 + packed->levels * 5;
}

void ws__packed_clear(ws__packed *packed) {
  ws_free(packed->bases);
  ws_free(packed->starts);
  ws_buffer_clear(&packed->bits.bytes);
  *packed = (ws__packed){0};
}
