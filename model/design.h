/* SPDX-License-Identifier: MIT
 *
 * The training set of the classifier as numbers: weighted, normalised sparse rows, with
 * as few columns as the problem allows.
 */
#ifndef WS_DESIGN_H
#define WS_DESIGN_H

#include <weaksup/status.h>

#include "features_rows.h"

typedef struct ws__design {
  size_t n;              // rows that are trained on
  size_t K;              // classes
  size_t active;         // A, buckets that occur in them
  size_t columns;        // R <= A, columns of the design
  uint32_t *buckets;     // [A] ascending
  float *idf;            // [A]
  uint32_t *column;      // [A] the column that stands for the bucket
  float *share;          // [A] weight of the bucket = share * weight of its column
  size_t *begin;         // [n + 1]
  uint32_t *index;       // [begin[n]] columns
  float *value;          // [begin[n]]; the rows have length 1, or 0 if they are empty
  size_t *row;           // [n] which row of the features each is
  const double *targets; // [rows][K] P(class), the caller's
} ws__design;

/* Fills `design` from the rows whose targets (rows x K) are not all 0; to be cleared
 * whatever the status. WS_EINVAL where targets are no distribution or no row is left. */
ws_status ws__design_init(ws__design *design, const ws_features *features,
                          const double *targets, size_t K, ws_error *err);
void ws__design_clear(ws__design *design);

/* P(class) of row i of the design: [K]. */
static inline const double *ws__design_target(const ws__design *design, size_t i) {
  return design->targets + design->row[i] * design->K;
}

#endif
