/* SPDX-License-Identifier: MIT
 *
 * Weights as whole multiples of a step, idf as one of a few levels.
 *
 * A step that is the same for all weights is what the error of a score needs: the vector
 * of a block has length 1, so a score is off by about the step over the root of 12,
 * however many features a text has; that most weights are small then makes their numbers
 * short. The softmax sees only differences between classes, so that a constant may be
 * taken from each feature's weights. Of few classes the numbers sum to 0, and the last
 * one needs no place; of many most are the same, and the constant makes those 0.
 *
 * A weight makes up for what its idf was rounded by; the classifier receives what the
 * numbers mean.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "export_priv.h"
#include "feature_hash.h"

/* Idf of a level are within 3 %: those of n-grams of 1, 2, ... 10 texts have their own.
 */
static const double LEVEL_RATIO = 0.02;

enum { FEW_CLASSES = 16, LARGEST = INT16_MAX, MOST_WIDTH = 12 };

size_t ws__export_columns(size_t K) {
  return K > 1 && K <= FEW_CLASSES ? K - 1 : K;
}

/* --- levels of idf ------------------------------------------------------------------ */

typedef struct level {
  double sum; // of its idf
  size_t count;
  size_t cell; // by size of idf
} level;

static int most_frequent_first(const void *a, const void *b) {
  const level *x = a, *y = b;
  if (x->count != y->count) return x->count > y->count ? -1 : 1;
  return (x->cell > y->cell) - (x->cell < y->cell);
}

static size_t cell_of(float idf) {
  double cell = log((double)idf / 0.5) / LEVEL_RATIO; // no idf is less than a half
  return (size_t)fmin(fmax(cell, 0), WS__LEVELS - 1);
}

/* Frequent levels have small numbers. */
static void find_levels(ws__rounded *to, const ws_classifier *from) {
  level levels[WS__LEVELS];
  uint8_t number[WS__LEVELS];
  for (size_t i = 0; i < WS__LEVELS; i++) levels[i] = (level){0, 0, i};
  for (size_t e = 0; e < from->A; e++) {
    level *l = &levels[cell_of(from->scale[e])];
    l->sum += (double)from->scale[e];
    l->count++;
  }
  qsort(levels, WS__LEVELS, sizeof *levels, most_frequent_first);
  for (to->levels = 0; to->levels < WS__LEVELS && levels[to->levels].count;) {
    const level *l = &levels[to->levels];
    to->idf[to->levels] = (float)(l->sum / (double)l->count);
    number[l->cell] = (uint8_t)to->levels++;
  }
  for (size_t e = 0; e < from->A; e++) to->level[e] = number[cell_of(from->scale[e])];
}

/* --- entries with the same weights -------------------------------------------------- */

static int by_hash(const void *a, const void *b) {
  const ws__alike *x = a, *y = b;
  if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
  return (x->entry > y->entry) - (x->entry < y->entry);
}

static void find_order(ws__rounded *to, const ws_classifier *from) {
  for (size_t e = 0; e < from->A; e++) {
    uint64_t hash = WS__HASH_START;
    for (size_t k = 0; k < from->K; k++) {
      uint32_t bits;
      memcpy(&bits, &from->weights[e * from->K + k], sizeof bits);
      hash = ws__hash_step(hash, bits);
    }
    to->order[e] = (ws__alike){ws__hash_end(hash), (uint32_t)e};
  }
  qsort(to->order, from->A, sizeof *to->order, by_hash);
}

/* --- rows --------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b) {
  const double *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* What is taken from an entry's weights: their mean, or with many classes their median.
 */
static double middle_of(const double *row, size_t K, bool many, double *scratch) {
  double sum = 0;
  for (size_t k = 0; k < K; k++) sum += row[k];
  if (!many) return sum / (double)K;
  memcpy(scratch, row, K * sizeof *row);
  qsort(scratch, K, sizeof *scratch, by_size);
  return scratch[K / 2];
}

/* Makes whole numbers next to the row[K], whose sum is 0, sum to 0, too: those that were
 * rounded furthest go the other way (John Conway, Neil Sloane: Fast quantizing and
 * decoding algorithms for lattice quantizers, 1982). */
static void balance(const double *row, int32_t *numbers, size_t K) {
  int32_t sum = 0;
  for (size_t k = 0; k < K; k++) sum += numbers[k];
  for (int32_t sign = sum > 0 ? 1 : -1; sum != 0; sum -= sign) {
    size_t worst = 0;
    double most = -DBL_MAX;
    for (size_t k = 0; k < K; k++) {
      double over = sign * ((double)numbers[k] - row[k]);
      if (over > most) {
        most = over;
        worst = k;
      }
    }
    numbers[worst] -= sign;
  }
}

/* The weights in steps, into row[K]. */
static void scale_row(ws__rounded *to, const ws_classifier *from, size_t e) {
  size_t K = to->K;
  double *row = to->row, factor = (double)from->scale[e] /
                                  ((double)to->idf[to->level[e]] * (double)to->step);
  for (size_t k = 0; k < K; k++) row[k] = (double)from->weights[e * K + k] * factor;
  double middle = middle_of(row, K, to->columns == K, row + K);
  for (size_t k = 0; k < K; k++) row[k] = fmax(-LARGEST, fmin(row[k] - middle, LARGEST));
}

static void round_row(ws__rounded *to, size_t e) {
  size_t K = to->K;
  double *row = to->row, *carry = to->row + K;
  for (size_t k = 0; k < K; k++) {
    row[k] += carry[k];
    to->numbers[k] = (int32_t)lround(row[k]);
  }
  if (to->columns < K) balance(row, to->numbers, K);
  for (size_t k = 0; k < K; k++) carry[k] = row[k] - (double)to->numbers[k];
  for (size_t c = 0; c < to->columns; c++)
    to->values[e * to->columns + c] = (int16_t)to->numbers[c];
}

static bool are_alike(const ws_classifier *from, size_t a, size_t b) {
  return from->scale[a] == from->scale[b] &&
         memcmp(from->weights + a * from->K, from->weights + b * from->K,
                from->K * sizeof(float)) == 0;
}

/* N-grams of the same texts have the same weights, and come together: what one of them
 * was rounded by the next makes up for, or a text of many would be off by the sum. Where
 * equal rows stand once that cannot be. */
static void round_rows(ws__rounded *to, const ws_classifier *from) {
  size_t K = to->K;
  bool alone = to->columns == K;
  for (size_t i = 0; i < to->A; i++) {
    size_t e = to->order[i].entry;
    scale_row(to, from, e);
    if (alone || i == 0 || !are_alike(from, to->order[i - 1].entry, e))
      for (size_t k = 0; k < K; k++) to->row[K + k] = 0;
    round_row(to, e);
  }
}

/* The width that makes the numbers of a level shortest. */
static void find_widths(ws__rounded *to) {
  static const size_t widths = MOST_WIDTH + 1;
  memset(to->lengths, 0, WS__LEVELS * widths * sizeof *to->lengths);
  for (size_t e = 0; e < to->A; e++)
    for (size_t c = 0; c < to->columns; c++)
      for (unsigned w = 0; w < widths; w++)
        to->lengths[to->level[e] * widths + w] +=
            ws__number_bits(ws__zigzag(to->values[e * to->columns + c]), w);
  for (size_t l = 0; l < to->levels; l++) {
    const uint64_t *lengths = to->lengths + l * widths;
    to->widths[l] = 0;
    for (unsigned w = 1; w < widths; w++)
      if (lengths[w] < lengths[to->widths[l]]) to->widths[l] = (uint8_t)w;
  }
}

/* A step that no number is too large for. */
static float least_step(const ws_classifier *from) {
  double largest = 0;
  for (size_t i = 0; i < from->A * from->K; i++)
    largest = fmax(largest, fabs((double)from->weights[i]));
  return (float)(2.1 * largest / LARGEST);
}

void ws__round(ws__rounded *to, const ws_classifier *from, float step) {
  float least = least_step(from);
  to->step = step > least ? step : least;
  round_rows(to, from);
  find_widths(to);
}

unsigned ws__rounded_row_bits(const ws__rounded *rounded, size_t e) {
  const int16_t *row = rounded->values + e * rounded->columns;
  unsigned bits = 0;
  for (size_t c = 0; c < rounded->columns; c++)
    bits += ws__number_bits(ws__zigzag(row[c]), rounded->widths[rounded->level[e]]);
  return bits;
}

/* What the numbers mean becomes the classifier. */
void ws__rounded_take_back(const ws__rounded *from, ws_classifier *to) {
  for (size_t e = 0; e < to->A; e++) {
    const int16_t *values = from->values + e * from->columns;
    float *W = to->weights + e * to->K;
    int32_t sum = 0;
    to->scale[e] = from->idf[from->level[e]];
    for (size_t c = 0; c < from->columns; c++) {
      W[c] = from->step * (float)values[c];
      sum += values[c];
    }
    if (from->columns < to->K) W[from->columns] = from->step * (float)-sum;
  }
}

ws_status ws__rounded_init(ws__rounded *to, const ws_classifier *from) {
  *to = (ws__rounded){.K = from->K, .A = from->A, .columns = ws__export_columns(from->K)};
  to->level = ws_alloc_array(from->A + 1, sizeof *to->level);
  to->values = ws_alloc_array(from->A * to->columns + 1, sizeof *to->values);
  to->lengths =
      ws_alloc_array((size_t)WS__LEVELS * (MOST_WIDTH + 1), sizeof *to->lengths);
  to->row = ws_alloc_array(2 * from->K, sizeof *to->row);
  to->numbers = ws_alloc_array(from->K, sizeof *to->numbers);
  to->order = ws_alloc_array(from->A + 1, sizeof *to->order);
  if (!to->level || !to->values || !to->lengths || !to->row || !to->numbers || !to->order)
    return WS_ENOMEM;
  find_levels(to, from);
  find_order(to, from);
  return WS_OK;
}

void ws__rounded_clear(ws__rounded *rounded) {
  ws_free(rounded->level);
  ws_free(rounded->values);
  ws_free(rounded->lengths);
  ws_free(rounded->row);
  ws_free(rounded->numbers);
  ws_free(rounded->order);
  *rounded = (ws__rounded){0};
}

/* --- together ----------------------------------------------------------------------- */

/* The first step is what probabilities to a hundredth need; the next are each a ninth
 * larger, until the header is no larger than it may be or no weight is left. */
static const float FINEST = 0.01F, NEXT = 1.1111F;

/* Entries in a bin: with few they are found faster, with many bins take less. */
enum { FEW_IN_BIN = 3, MANY_IN_BIN = 8 };

static bool all_are_zero(const ws__rounded *rounded) {
  for (size_t i = 0; i < rounded->A * rounded->columns; i++)
    if (rounded->values[i]) return false;
  return true;
}

static bool fits(const ws_export *e) {
  return !e->most_bytes || ws_export_bytes(e) <= e->most_bytes;
}

static ws_status pack(ws_export *e, const ws__rounded *rounded, unsigned load) {
  ws__packed_clear(&e->packed);
  return ws__pack(&e->packed, e->classifier, rounded, e->key_bits, load);
}

static ws_status pack_finest(ws_export *e, ws__rounded *rounded) {
  ws__round(rounded, e->classifier, FINEST);
  WS_TRY(pack(e, rounded, FEW_IN_BIN));
  while (!fits(e)) {
    WS_TRY(pack(e, rounded, MANY_IN_BIN));
    if (fits(e) || all_are_zero(rounded)) break;
    ws__round(rounded, e->classifier, rounded->step * NEXT);
  }
  return WS_OK;
}

ws_status ws__export_round(ws_export *e) {
  ws__rounded rounded = {0};
  ws_status status = ws__rounded_init(&rounded, e->classifier);
  if (status == WS_OK) status = pack_finest(e, &rounded);
  if (status == WS_OK) ws__rounded_take_back(&rounded, e->classifier);
  ws__rounded_clear(&rounded);
  return status;
}
