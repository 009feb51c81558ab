/* SPDX-License-Identifier: MIT
 *
 * Building the training set. The solver's cost goes with the number of weights, and most
 * features of a text collection occur in one row only. All those of one row are merged
 * into one column of the same length: the weights of such features can only serve that
 * row, the penalty |W|^2 makes them proportional to the row's values, so the minimum is
 * the same, with a fraction of the columns. The others are numbered in the order of
 * first occurrence, which keeps the weights of frequent ones together.
 */
#include "design.h"

#include <math.h>

#include <weaksup/alloc.h>

/* Counts the rows of each entry, into d->column; returns the number of cells. */
static size_t count_entries(ws__design *d, const ws__matrix *matrix,
                            const ws__rows *rows) {
  size_t cells = 0;
  for (size_t e = 0; e < d->A; e++) d->column[e] = 0;
  for (size_t i = 0; i < rows->n; i++) {
    size_t row = ws__row_of(rows, i);
    for (size_t c = matrix->begin[row]; c < matrix->begin[row + 1]; c++)
      d->column[matrix->cells[c].index]++;
    cells += matrix->begin[row + 1] - matrix->begin[row];
  }
  return cells;
}

/* While rows are filled, an entry is one of: not seen (1 or more rows), seen alone, has a
 * column. `state` holds column numbers + 1, or 0 as long as there is none. */
typedef struct filler {
  ws__design *design;
  const ws__cell *cells; // of the row
  size_t count;
  const float *factors; // [A], or NULL
  uint32_t *state;      // [A]
} filler;

static double value_at(const filler *f, size_t i) {
  double value = (double)f->cells[i].value;
  return f->factors ? value * (double)f->factors[f->cells[i].index] : value;
}

/* Merges the entries that only this row has: gives them the next column and their shares
 * of it. Returns the column's value in this row. */
static double merge(filler *f) {
  ws__design *d = f->design;
  double squares = 0;
  for (size_t i = 0; i < f->count; i++)
    if (d->column[f->cells[i].index] == 1) squares += value_at(f, i) * value_at(f, i);
  if (squares == 0) return 0;
  for (size_t i = 0; i < f->count; i++) {
    uint32_t e = f->cells[i].index;
    if (d->column[e] != 1) continue;
    f->state[e] = (uint32_t)d->columns + 1;
    d->share[e] = (float)(value_at(f, i) / sqrt(squares));
  }
  d->columns++;
  return sqrt(squares);
}

/* Appends the row's cells at `at`; returns where they end. */
static size_t fill_row(filler *f, size_t at) {
  ws__design *d = f->design;
  size_t alone = d->columns;
  double rest = merge(f);
  if (rest > 0) d->cells[at++] = (ws__cell){(uint32_t)alone, (float)rest};
  for (size_t i = 0; i < f->count; i++) {
    uint32_t e = f->cells[i].index;
    if (d->column[e] == 1) continue;
    if (f->state[e] == 0) {
      f->state[e] = (uint32_t)++d->columns;
      d->share[e] = 1;
    }
    d->cells[at++] = (ws__cell){f->state[e] - 1, (float)value_at(f, i)};
  }
  return at;
}

static void fill_rows(ws__design *d, const ws__matrix *matrix, const ws__rows *rows,
                      const float *factors, uint32_t *state) {
  d->begin[0] = 0;
  for (size_t i = 0; i < rows->n; i++) {
    size_t row = ws__row_of(rows, i), begin = matrix->begin[row];
    filler f = {d, matrix->cells + begin, matrix->begin[row + 1] - begin, factors, state};
    d->begin[i + 1] = fill_row(&f, d->begin[i]);
  }
  for (size_t e = 0; e < d->A; e++) {
    d->column[e] = state[e] - 1; // 0 wraps: none
    if (factors) d->share[e] = (float)((double)d->share[e] * (double)factors[e]);
  }
}

ws_status ws__design_init(ws__design *design, const ws__matrix *matrix,
                          const ws__rows *rows, size_t K, const float *factors) {
  *design = (ws__design){.n = rows->n, .K = K, .A = matrix->A, .targets = rows->targets};
  design->column = ws_alloc_array(design->A, sizeof *design->column);
  design->share = ws_alloc_zero(design->A, sizeof *design->share);
  design->begin = ws_alloc_array(rows->n + 1, sizeof *design->begin);
  uint32_t *state = ws_alloc_zero(design->A, sizeof *state);
  ws_status status = WS_ENOMEM;
  if (design->column && design->share && design->begin && state) {
    size_t cells = count_entries(design, matrix, rows);
    design->cells = ws_alloc_zero(cells + WS__BEYOND, sizeof *design->cells);
    if (design->cells) {
      fill_rows(design, matrix, rows, factors, state);
      status = WS_OK;
    }
  }
  ws_free(state);
  return status;
}

void ws__design_clear(ws__design *design) {
  ws_free(design->column);
  ws_free(design->share);
  ws_free(design->begin);
  ws_free(design->cells);
  *design = (ws__design){0};
}
