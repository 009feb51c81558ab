/* SPDX-License-Identifier: MIT
 *
 * The collected term counts from inside, for the classifier.
 */
#ifndef WS_FEATURES_ROWS_H
#define WS_FEATURES_ROWS_H

#include "terms.h"

struct ws_features {
  ws__terms terms; // working memory; .options are the features' own
  size_t rows;     // n
  size_t *ends;    // [rows] the terms of row i end before cells[ends[i]]
  size_t ends_capacity;
  ws__term *cells;
  size_t cells_capacity;
};

static inline size_t ws__row_begin(const ws_features *features, size_t i) {
  return i ? features->ends[i - 1] : 0;
}

/* Smooth idf, 1 + log((1 + n) / (1 + df)), of a term that df of n rows have. */
float ws__idf(size_t n, size_t df);

/* Sublinear term frequency, 1 + log count. */
double ws__tf(uint32_t count);

#endif
