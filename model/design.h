/* SPDX-License-Identifier: MIT
 *
 * A training set: some rows of the matrix with their targets, and as few columns as the
 * problem allows, the more frequent first.
 */
#ifndef WS_DESIGN_H
#define WS_DESIGN_H

#include <weaksup/status.h>

#include "matrix.h"

/* Rows to train on. */
typedef struct ws__rows {
  const size_t *rows; // [n] of the matrix; NULL: all, in their order
  size_t n;
  const double *targets; // [n][K] each row's weight times P(class)
} ws__rows;

static inline size_t ws__row_of(const ws__rows *rows, size_t i) {
  return rows->rows ? rows->rows[i] : i;
}

enum { WS__BEYOND = 16 };

typedef struct ws__design {
  size_t n;               // rows
  size_t K;               // classes
  size_t columns;         // R
  size_t frequent;        // the first so many columns have a place in the cache
  size_t A;               // entries of the matrix
  uint32_t *column;       // [A] the column that stands for the entry; UINT32_MAX: none
  float *share;           // [A] weight of the entry = share * weight of its column
  size_t *begin;          // [n + 1]
  size_t *middle;         // [n] of a row's cells those of frequent columns end here
  ws__cell *cells;        // [begin[n]] .index is the column; WS__BEYOND zeros behind
  size_t *column_begin;   // [columns - frequent + 1], by ws__design_transpose
  ws__cell *column_cells; // of the columns behind, .index is the row; WS__BEYOND behind
  const double *targets;  // [n][K], the caller's
} ws__design;

/* Values are multiplied with factors[A] of their entries, each above 0 (NULL: 1), and so
 * are shares: weights stay those of the matrix. To be cleared whatever the status: WS_OK
 * or WS_ENOMEM. */
ws_status ws__design_init(ws__design *design, const ws__matrix *matrix,
                          const ws__rows *rows, size_t K, const float *factors);
/* Fills the cells of the columns that are not frequent. */
ws_status ws__design_transpose(ws__design *design);
void ws__design_clear(ws__design *design);

#endif
