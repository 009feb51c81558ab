/* SPDX-License-Identifier: MIT
 *
 * Building the training set. The solver's cost goes with the number of weights, and most
 * buckets of a text collection occur in one row only. All those of one row are merged
 * into one column of the same length: the weights of such buckets can only serve that
 * row, the penalty |W|^2 makes them proportional to the row's values, so the minimum is
 * the same, with a fraction of the columns.
 */
#include "design.h"

#include <math.h>

#include <weaksup/alloc.h>

/* 1: the row's targets are a distribution; 0: all are 0; -1: neither. */
static int kind_of(const double *target, size_t K) {
  double sum = 0;
  for (size_t k = 0; k < K; k++) {
    if (!(target[k] >= 0)) return -1;
    sum += target[k];
  }
  if (sum == 0) return 0;
  return fabs(sum - 1) <= 1e-6 ? 1 : -1;
}

/* Finds the rows to train on. */
static ws_status choose_rows(ws__design *d, size_t rows, ws_error *err) {
  for (size_t i = 0; i < rows; i++) {
    int kind = kind_of(d->targets + i * d->K, d->K);
    if (kind < 0)
      return ws_error_set(err, WS_EINVAL, "row %zu: its targets are no distribution", i);
    if (kind > 0) d->row[d->n++] = i;
  }
  if (d->n == 0)
    return ws_error_set(err, WS_EINVAL, "expected labels to train on, found none");
  return WS_OK;
}

/* --- counting buckets --------------------------------------------------------------- */

typedef struct counts {
  uint32_t *all; // [buckets] rows of the features that have the bucket, for idf; then its
                 // index among the active ones
  uint32_t *chosen; // [buckets] the same of the rows that are trained on
  size_t cells;     // of these rows
} counts;

static void count_buckets(ws__design *d, const ws_features *features, counts *n) {
  size_t cells = ws__row_begin(features, features->rows);
  for (size_t c = 0; c < cells; c++) n->all[features->cells[c].bucket]++;
  for (size_t r = 0; r < d->n; r++) {
    size_t i = d->row[r], begin = ws__row_begin(features, i);
    for (size_t c = begin; c < features->ends[i]; c++)
      d->active += n->chosen[features->cells[c].bucket]++ == 0;
    n->cells += features->ends[i] - begin;
  }
}

/* Writes down the active buckets; those that several rows have get a column each. */
static void number_buckets(ws__design *d, const ws_features *features, counts *n) {
  uint32_t next = 0;
  for (uint32_t b = 0; next < d->active; b++) {
    if (n->chosen[b] == 0) continue;
    d->buckets[next] = b;
    d->idf[next] = ws__idf(features->rows, n->all[b]);
    d->share[next] = 1;
    d->column[next] = n->chosen[b] > 1 ? (uint32_t)d->columns++ : UINT32_MAX;
    n->all[b] = next++;
  }
}

/* --- rows --------------------------------------------------------------------------- */

/* The terms of one row: their weights before normalising, and the sums of their squares.
 */
typedef struct row_terms {
  const ws__term *terms;
  size_t count;
  const uint32_t *index_of; // [buckets] index among the active ones
} row_terms;

static double weight_of(const ws__design *d, uint32_t a, uint32_t count) {
  return ws__tf(count) * (double)d->idf[a];
}

/* Merges the buckets that only this row has: gives them the next column and their shares
 * of it. Returns the column's value in this row, not yet normalised. */
static double merge(ws__design *d, const row_terms *row) {
  double squares = 0;
  for (size_t i = 0; i < row->count; i++) {
    uint32_t a = row->index_of[row->terms[i].bucket];
    double weight = weight_of(d, a, row->terms[i].count);
    if (d->column[a] == UINT32_MAX) squares += weight * weight;
  }
  if (squares == 0) return 0;
  for (size_t i = 0; i < row->count; i++) {
    uint32_t a = row->index_of[row->terms[i].bucket];
    if (d->column[a] != UINT32_MAX) continue;
    d->column[a] = (uint32_t)d->columns;
    d->share[a] = (float)(weight_of(d, a, row->terms[i].count) / sqrt(squares));
  }
  d->columns++;
  return sqrt(squares);
}

/* Appends the row's cells at `at`; returns where they end. */
static size_t fill_row(ws__design *d, const row_terms *row, size_t at) {
  size_t first = at, known = d->columns;
  double rest = merge(d, row), squares = rest * rest;
  for (size_t i = 0; i < row->count; i++) {
    uint32_t a = row->index_of[row->terms[i].bucket];
    if (d->column[a] >= known) continue;
    double weight = weight_of(d, a, row->terms[i].count);
    squares += weight * weight;
    d->index[at] = d->column[a];
    d->value[at++] = (float)weight;
  }
  if (rest > 0) {
    d->index[at] = (uint32_t)known;
    d->value[at++] = (float)rest;
  }
  for (size_t c = first; c < at; c++)
    d->value[c] = (float)((double)d->value[c] / sqrt(squares));
  return at;
}

static void fill_rows(ws__design *d, const ws_features *features,
                      const uint32_t *index_of) {
  d->begin[0] = 0;
  for (size_t r = 0; r < d->n; r++) {
    size_t i = d->row[r], begin = ws__row_begin(features, i);
    row_terms row = {features->cells + begin, features->ends[i] - begin, index_of};
    d->begin[r + 1] = fill_row(d, &row, d->begin[r]);
  }
}

static ws_status fill(ws__design *d, const ws_features *features, counts *n) {
  count_buckets(d, features, n);
  d->buckets = ws_alloc_array(d->active, sizeof *d->buckets);
  d->idf = ws_alloc_array(d->active, sizeof *d->idf);
  d->column = ws_alloc_array(d->active, sizeof *d->column);
  d->share = ws_alloc_array(d->active, sizeof *d->share);
  d->begin = ws_alloc_array(d->n + 1, sizeof *d->begin);
  d->index = ws_alloc_array(n->cells, sizeof *d->index);
  d->value = ws_alloc_array(n->cells, sizeof *d->value);
  if (!d->buckets || !d->idf || !d->column || !d->share || !d->begin || !d->index ||
      !d->value)
    return WS_ENOMEM;
  number_buckets(d, features, n);
  fill_rows(d, features, n->all);
  return WS_OK;
}

ws_status ws__design_init(ws__design *design, const ws_features *features,
                          const double *targets, size_t K, ws_error *err) {
  *design = (ws__design){.K = K, .targets = targets};
  design->row = ws_alloc_array(features->rows, sizeof *design->row);
  if (!design->row) return WS_ENOMEM;
  WS_TRY(choose_rows(design, features->rows, err));
  size_t buckets = (size_t)1 << features->terms.options.hash_bits;
  counts n = {ws_alloc_zero(buckets, sizeof *n.all),
              ws_alloc_zero(buckets, sizeof *n.chosen), 0};
  ws_status status = n.all && n.chosen ? fill(design, features, &n) : WS_ENOMEM;
  ws_free(n.all);
  ws_free(n.chosen);
  return status;
}

void ws__design_clear(ws__design *design) {
  ws_free(design->buckets);
  ws_free(design->idf);
  ws_free(design->column);
  ws_free(design->share);
  ws_free(design->begin);
  ws_free(design->index);
  ws_free(design->value);
  ws_free(design->row);
  *design = (ws__design){0};
}
