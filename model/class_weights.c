/* SPDX-License-Identifier: MIT
 *
 * Weights of classes that make up for how rare they are.
 */
#include <weaksup/training.h>

void ws_balanced_weights(const ws_training_rows *labels, size_t rows, size_t class_count,
                         double gold_weight, double *out) {
  double sum = 0, gold = labels->targets ? gold_weight : 1;
  size_t K = class_count;
  for (size_t k = 0; k < K; k++) out[k] = 0;
  for (size_t i = 0; i < rows; i++) {
    double weight = labels->weights ? labels->weights[i] : 1;
    for (size_t k = 0; labels->targets && k < K; k++)
      out[k] += weight * labels->targets[i * K + k];
    if (labels->gold && labels->gold[i] != WS_ABSTAIN)
      out[labels->gold[i]] += weight * gold;
  }
  for (size_t k = 0; k < K; k++) sum += out[k];
  for (size_t k = 0; k < K; k++) out[k] = out[k] > 0 ? sum / ((double)K * out[k]) : 1;
}
