/* SPDX-License-Identifier: MIT
 *
 * What a trained linear model says of a row, and its weights by the matrix's entries.
 */
#include "linear.h"

void ws__linear_scores(const ws__linear *linear, const ws__matrix *matrix, size_t row,
                       double *scores) {
  size_t K = linear->K;
  for (size_t k = 0; k < K; k++) scores[k] = (double)linear->bias[k];
  for (size_t c = matrix->begin[row]; c < matrix->begin[row + 1]; c++) {
    uint32_t e = matrix->cells[c].index, column = linear->column[e];
    if (column == UINT32_MAX) continue;
    double value = (double)matrix->cells[c].value * (double)linear->share[e];
    const float *weights = linear->weights + column * K;
    for (size_t k = 0; k < K; k++) scores[k] += value * (double)weights[k];
  }
}

void ws__linear_add_weights(const ws__linear *linear, double factor, float *to) {
  size_t K = linear->K;
  for (size_t e = 0; e < linear->A; e++) {
    if (linear->column[e] == UINT32_MAX) continue;
    double share = factor * (double)linear->share[e];
    const float *weights = linear->weights + linear->column[e] * K;
    for (size_t k = 0; k < K; k++)
      to[e * K + k] = (float)((double)to[e * K + k] + share * (double)weights[k]);
  }
}
