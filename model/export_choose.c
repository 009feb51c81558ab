/* SPDX-License-Identifier: MIT
 *
 * Which features matter. Leaving one out moves the scores of a text that has it by its
 * weight in the text times its weights of the classes; the mean square of that over all
 * texts is, up to the length of the text,
 *   share of the texts that have it x idf^2 x sum_k (W_k - mean W)^2,
 * the softmax seeing only differences between classes. Idf tells the share:
 * idf = 1 + log((1+n)/(1+df)).
 *
 * Where few are left and those are trained again, the frequent ones that mean little can
 * make up for less, and the root of the share does better: measured on the samples and on
 * published sets.
 *
 * A size that all do not fit into can be met by fewer entries, or by coarser steps. What
 * rounding does to scores is of the same kind as what leaving out does, with K step^2 /
 * 12 for the spread; the sum of both is made least.
 */
#include <math.h>
#include <stdlib.h>

#include <weaksup/alloc.h>

#include "export_priv.h"

typedef struct worth {
  double value; // what the order goes by
  double moved; // what scores move by, squared, where it is left out
  double met;   // the share of the texts times idf squared
  uint32_t entry;
} worth;

static worth worth_of(const ws_classifier *from, size_t e, bool few) {
  const float *W = from->weights + e * from->K;
  double mean = 0, spread = 0, idf = (double)from->scale[e];
  for (size_t k = 0; k < from->K; k++) mean += (double)W[k] / (double)from->K;
  for (size_t k = 0; k < from->K; k++)
    spread += ((double)W[k] - mean) * ((double)W[k] - mean);
  double met = exp(1 - idf) * idf * idf;
  return (worth){few ? exp((1 - idf) * 0.5) * idf * idf * spread : met * spread,
                 met * spread, met, (uint32_t)e};
}

static int by_value(const void *a, const void *b) {
  const worth *x = a, *y = b;
  if (x->value != y->value) return x->value > y->value ? -1 : 1;
  return (x->entry > y->entry) - (x->entry < y->entry);
}

static int by_entry(const void *a, const void *b) {
  const uint32_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* All entries, those that matter most first; NULL: no memory. */
static worth *rank(const ws_classifier *from, bool few) {
  worth *all = ws_alloc_array(from->A + 1, sizeof *all);
  if (!all) return NULL;
  for (size_t e = 0; e < from->A; e++) all[e] = worth_of(from, e, few);
  qsort(all, from->A, sizeof *all, by_value);
  return all;
}

ws_status ws__export_choose(const ws_classifier *from, size_t most, uint32_t *out) {
  worth *all = rank(from, ws__export_is_few(most, from->A));
  if (!all) return WS_ENOMEM;
  for (size_t i = 0; i < most; i++) out[i] = all[i].entry;
  qsort(out, most, sizeof *out, by_entry);
  ws_free(all);
  return WS_OK;
}

/* --- how many fit ------------------------------------------------------------------- */

/* The step that all entries are rounded by, where all fit with it; shorter keys are right
 * of so many unknown n-grams but one in 2^SPARE_BITS; steps that are tried where not all
 * fit, each half as large again. */
static const float WHOLE_STEP = 0.025F, FIRST_STEP = 0.025F;
enum { SPARE_BITS = 12, STEPS = 12 };

typedef struct plan {
  const ws_classifier *from;
  worth *order;      // [A]
  uint32_t *entries; // [A] of the order
  uint32_t *first;   // [A] with a pool
  ws__rounded rounded;
  size_t most;
  double room;     // bits
  double moved_by; // the best
  size_t count;
} plan;

/* Bits of a hash that tell so many entries from what is unknown. */
static unsigned short_keys(size_t count) {
  unsigned bits = SPARE_BITS;
  while (bits < 32 && (uint64_t)1 << (bits - SPARE_BITS) < count) bits++;
  return bits;
}

/* What an entry takes without its row, in the mean: of gaps between keys the entropy, and
 * what their code and the bins take beyond. */
static double key_cost(const plan *p, size_t count, unsigned key_bits) {
  double gap = (double)((uint64_t)1 << key_bits) * (double)p->from->spec.count;
  return log2(gap / (double)(count + 1)) + 1.8 + 2.25;
}

static double row_cost(const plan *p, size_t i) {
  uint32_t e = p->entries[i];
  double level = ws__number_bits(p->rounded.level[e], 0);
  if (!p->first) return level + ws__rounded_row_bits(&p->rounded, e);
  return level + 20 + (p->first[e] == e ? 4 + ws__rounded_row_bits(&p->rounded, e) : 0);
}

/* The most entries that fit, and what scores move by then, squared. */
static void try_step(plan *p, float step, bool whole, unsigned key_bits) {
  double rows = 0, moved = 0;
  double rounding = (double)p->from->K * (double)step * (double)step / 12;
  for (size_t i = 0; i < p->from->A; i++) moved += p->order[i].moved;
  for (size_t i = 0; i < p->most; i++) {
    unsigned bits = whole ? key_bits : short_keys(i + 1);
    rows += row_cost(p, i);
    if (rows + (double)(i + 1) * key_cost(p, i + 1, bits) > p->room) break;
    moved += p->order[i].met * rounding - p->order[i].moved;
    if (whole ? i + 1 < p->most : p->count > 0 && moved >= p->moved_by) continue;
    p->moved_by = moved;
    p->count = i + 1;
  }
}

static ws_status round_plan(plan *p, float step) {
  ws__round(&p->rounded, p->from, step);
  return p->first ? ws__pack_find_equal(&p->rounded, p->entries, p->from->A, p->first)
                  : WS_OK;
}

static ws_status find_plan(plan *p, unsigned *key_bits) {
  const unsigned lengths[] = {32, short_keys(p->most)};
  WS_TRY(round_plan(p, WHOLE_STEP));
  for (size_t i = 0; i < 2 && p->count == 0; i++) {
    *key_bits = lengths[i];
    try_step(p, WHOLE_STEP, true, *key_bits);
  }
  if (p->count > 0) return WS_OK;
  float step = FIRST_STEP;
  for (size_t i = 0; i < STEPS; i++, step *= 1.5F) {
    WS_TRY(round_plan(p, step));
    try_step(p, step, false, 0);
  }
  *key_bits = short_keys(p->count);
  return WS_OK;
}

static ws_status plan_of(plan *p, bool few) {
  size_t A = p->from->A;
  WS_TRY(ws__rounded_init(&p->rounded, p->from));
  p->order = rank(p->from, few);
  p->entries = ws_alloc_array(A + 1, sizeof *p->entries);
  if (ws__pack_has_pool(p->rounded.columns))
    p->first = ws_alloc_array(A + 1, sizeof *p->first);
  if (!p->order || !p->entries || (ws__pack_has_pool(p->rounded.columns) && !p->first))
    return WS_ENOMEM;
  for (size_t i = 0; i < A; i++) p->entries[i] = p->order[i].entry;
  return WS_OK;
}

ws_status ws__export_plan(const ws_classifier *from, size_t most, size_t bytes,
                          size_t *count, unsigned *key_bits) {
  plan p = {.from = from, .most = most, .room = 8 * (double)bytes};
  ws_status status = plan_of(&p, false);
  if (status == WS_OK) status = find_plan(&p, key_bits);
  if (status == WS_OK) *count = p.count;
  ws_free(p.order);
  ws_free(p.entries);
  ws_free(p.first);
  ws__rounded_clear(&p.rounded);
  return status;
}
