/* SPDX-License-Identifier: MIT
 *
 * Building the training set. The solver's cost goes with the number of weights, and most
 * features of a text collection occur in one row only. All those of one row are merged
 * into one column of the same length: the weights of such features can only serve that
 * row, the penalty |W|^2 makes them proportional to the row's values, so the minimum is
 * the same, with a fraction of the columns. The others are numbered by the rows that have
 * them, the most first, which keeps what is used often in the processor's cache, and then
 * in the order of first occurrence.
 */
#include "design.h"

#include <math.h>
#include <stdbool.h>

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

enum {
  FREQUENCIES = 1 << 16, // that are told apart
  CACHED = 1 << 16,      // weights of the frequent columns
};

/* Where the columns with each number of rows begin: next[FREQUENCIES]. Those of one row
 * come last, and of them there are at most n. */
static void number_columns(ws__design *d, size_t *next) {
  size_t columns = 0, most = CACHED / d->K;
  bool all = true;
  for (size_t i = 0; i < FREQUENCIES; i++) next[i] = 0;
  for (size_t e = 0; e < d->A; e++)
    next[d->column[e] < FREQUENCIES ? d->column[e] : FREQUENCIES - 1]++;
  d->frequent = 0;
  for (size_t i = FREQUENCIES; i-- > 1;) {
    size_t count = i > 1 ? next[i] : d->n;
    next[i] = columns;
    columns += count;
    all = all && columns <= most;
    if (all) d->frequent = columns;
  }
}

/* While rows are filled, an entry is one of: not seen (1 or more rows), seen alone, has a
 * column. `state` holds column numbers + 1, or 0 as long as there is none. */
typedef struct filler {
  ws__design *design;
  const ws__cell *cells; // of the row
  size_t count;
  const float *factors; // [A], or NULL
  uint32_t *state;      // [A]
  size_t *next;         // [FREQUENCIES]
} filler;

static double value_at(const filler *f, size_t i) {
  double value = (double)f->cells[i].value;
  return f->factors ? value * (double)f->factors[f->cells[i].index] : value;
}

/* The next column of an entry with so many rows. */
static uint32_t take_column(filler *f, uint32_t rows) {
  return (uint32_t)f->next[rows < FREQUENCIES ? rows : FREQUENCIES - 1]++;
}

/* Merges the entries that only this row has: gives them a column and their shares of it,
 * its number in *column. Returns the column's value in this row. */
static double merge(filler *f, uint32_t *column) {
  ws__design *d = f->design;
  double squares = 0;
  for (size_t i = 0; i < f->count; i++)
    if (d->column[f->cells[i].index] == 1) squares += value_at(f, i) * value_at(f, i);
  if (squares == 0) return 0;
  *column = take_column(f, 1);
  for (size_t i = 0; i < f->count; i++) {
    uint32_t e = f->cells[i].index;
    if (d->column[e] != 1) continue;
    f->state[e] = *column + 1;
    d->share[e] = (float)(value_at(f, i) / sqrt(squares));
  }
  return sqrt(squares);
}

/* Appends the row's cells of frequent columns, or of the others, at `at`; returns where
 * they end. */
static size_t fill_part(filler *f, bool frequent, size_t at) {
  ws__design *d = f->design;
  for (size_t i = 0; i < f->count; i++) {
    uint32_t e = f->cells[i].index;
    if (d->column[e] == 1) continue;
    if (f->state[e] == 0) {
      f->state[e] = take_column(f, d->column[e]) + 1;
      d->share[e] = 1;
    }
    uint32_t column = f->state[e] - 1;
    if ((column < d->frequent) == frequent)
      d->cells[at++] = (ws__cell){column, (float)value_at(f, i)};
  }
  return at;
}

/* Appends the row's cells at `at`; returns where they end, and where the frequent do. */
static size_t fill_row(filler *f, size_t at, size_t *middle) {
  uint32_t alone = 0;
  double rest = merge(f, &alone);
  bool cached = alone < f->design->frequent;
  if (rest > 0 && cached) f->design->cells[at++] = (ws__cell){alone, (float)rest};
  *middle = at = fill_part(f, true, at);
  if (rest > 0 && !cached) f->design->cells[at++] = (ws__cell){alone, (float)rest};
  return fill_part(f, false, at);
}

static void fill_rows(ws__design *d, const ws__matrix *matrix, const ws__rows *rows,
                      const float *factors, uint32_t *state, size_t *next) {
  d->begin[0] = 0;
  for (size_t i = 0; i < rows->n; i++) {
    size_t row = ws__row_of(rows, i), begin = matrix->begin[row];
    filler f = {
        d, matrix->cells + begin, matrix->begin[row + 1] - begin, factors, state, next};
    d->begin[i + 1] = fill_row(&f, d->begin[i], &d->middle[i]);
  }
  d->columns = next[1];
  if (d->frequent > d->columns) d->frequent = d->columns;
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
  design->middle = ws_alloc_array(rows->n, sizeof *design->middle);
  uint32_t *state = ws_alloc_zero(design->A, sizeof *state);
  size_t *next = ws_alloc_array(FREQUENCIES, sizeof *next);
  ws_status status = WS_ENOMEM;
  if (design->column && design->share && design->begin && design->middle && state &&
      next) {
    size_t cells = count_entries(design, matrix, rows);
    number_columns(design, next);
    design->cells = ws_alloc_zero(cells + WS__BEYOND, sizeof *design->cells);
    if (design->cells) {
      fill_rows(design, matrix, rows, factors, state, next);
      status = WS_OK;
    }
  }
  ws_free(next);
  ws_free(state);
  return status;
}

/* column_begin[r + 1] becomes where the cells of the r-th rare column begin; filling them
 * moves it to where they end. */
static size_t count_rare(ws__design *d) {
  size_t rare = d->columns - d->frequent, sum = 0;
  for (size_t r = 0; r <= rare + 1; r++) d->column_begin[r] = 0;
  for (size_t i = 0; i < d->n; i++)
    for (size_t c = d->middle[i]; c < d->begin[i + 1]; c++)
      d->column_begin[d->cells[c].index - d->frequent + 2]++;
  for (size_t r = 0; r < rare; r++)
    d->column_begin[r + 1] = sum += d->column_begin[r + 1];
  return sum + d->column_begin[rare + 1];
}

ws_status ws__design_transpose(ws__design *d) {
  size_t rare = d->columns - d->frequent;
  d->column_begin = ws_alloc_array(rare + 2, sizeof *d->column_begin);
  if (!d->column_begin) return WS_ENOMEM;
  size_t cells = count_rare(d);
  d->column_cells = ws_alloc_zero(cells + WS__BEYOND, sizeof *d->column_cells);
  if (!d->column_cells) return WS_ENOMEM;
  for (size_t i = 0; i < d->n; i++)
    for (size_t c = d->middle[i]; c < d->begin[i + 1]; c++) {
      size_t at = d->column_begin[d->cells[c].index - d->frequent + 1]++;
      d->column_cells[at] = (ws__cell){(uint32_t)i, d->cells[c].value};
    }
  return WS_OK;
}

void ws__design_clear(ws__design *design) {
  ws_free(design->column);
  ws_free(design->share);
  ws_free(design->begin);
  ws_free(design->middle);
  ws_free(design->cells);
  ws_free(design->column_begin);
  ws_free(design->column_cells);
  *design = (ws__design){0};
}
