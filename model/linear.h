/* SPDX-License-Identifier: MIT
 *
 * Linear models of the rows of a matrix: multinomial logistic regression with soft
 * targets, and one-against-rest support vector machines with the squared hinge.
 */
#ifndef WS_LINEAR_H
#define WS_LINEAR_H

#include <weaksup/classifier.h>

#include "design.h"

typedef struct ws__linear_options {
  ws_loss loss;
  double c; // inverse strength of the penalty
  unsigned max_iterations;
  double tolerance; // of the gradient's norm, relative to its first
  double decrease;  // of the objective's mean a row: less ends the training
  unsigned
      threads; // 0: as many as there are processors; the result does not depend on it
  ws_progress_sink progress;
  bool log_ratios; // train on features that are weighted by them
} ws__linear_options;

/* Scores are bias_k + sum over a row's entries e of value * share_e * weight[column_e]_k.
 */
typedef struct ws__linear {
  size_t K, A, columns;
  uint32_t *column; // [A] UINT32_MAX: the entry has no weight
  float *share;     // [A]
  float *weights;   // [columns][K]
  float *bias;      // [K]
  double objective;
  unsigned iterations;
  bool converged;
} ws__linear;

/* Minimises sum_i loss_i + |W|^2 / (2 C), the bias being free. To be cleared whatever the
 * status; WS_ESTOPPED where progress said so. */
ws_status ws__linear_train(ws__linear *out, const ws__matrix *matrix,
                           const ws__rows *rows, size_t K,
                           const ws__linear_options *options, ws_error *err);
void ws__linear_clear(ws__linear *linear);

/* scores[K] of a row of the matrix. */
void ws__linear_scores(const ws__linear *linear, const ws__matrix *matrix, size_t row,
                       double *scores);
/* Adds factor times the weights of all entries: to[A][K]. */
void ws__linear_add_weights(const ws__linear *linear, double factor, float *to);

#endif
