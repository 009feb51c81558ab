/* SPDX-License-Identifier: MIT
 *
 * A multilayer perceptron with one hidden layer: what a linear model of dense vectors
 * cannot say.
 */
#ifndef WS_MLP_H
#define WS_MLP_H

#include <weaksup/classifier.h>

#include "blocks.h"
#include "design.h"

typedef struct ws__mlp_options {
  size_t hidden; // H: 1 .. WS_MAX_HIDDEN
  double c;      // inverse strength of the penalty on the weights of both layers
  unsigned max_iterations;
  double tolerance; // of the gradient's norm, relative to its first
  double decrease;  // of the objective's mean a row: less ends the training
  unsigned threads; // 0: as many as there are processors; changes no result
  uint64_t seed;    // of the weights that the training begins with
  ws_progress_sink progress;
} ws__mlp_options;

/* Scores are bias2_k + sum_h second_hk tanh(bias1_h + sum over a row's entries e of
 * value * share_e * first[column_e]_h). */
typedef struct ws__mlp {
  size_t K, A, H, columns;
  uint32_t *column; // [A] UINT32_MAX: the entry has no weight
  float *share;     // [A]
  float *first;     // [columns][H], then bias1
  float *second;    // [H][K], then bias2
  double objective;
  unsigned iterations;
  bool converged;
} ws__mlp;

/* Minimises sum_i loss_i + (|first|^2 + |second|^2) / (2 C), the biases being free. To be
 * cleared whatever the status; WS_ESTOPPED where progress said so. */
ws_status ws__mlp_train(ws__mlp *out, const ws__matrix *matrix, const ws__rows *rows,
                        size_t K, const ws__mlp_options *options, ws_error *err);
void ws__mlp_clear(ws__mlp *mlp);
/* The weights of the first layer for all entries: to[A][H], from zeros. */
void ws__mlp_spread(const ws__mlp *mlp, float *to);

/* The objective by itself. The variables are x = [columns][H] first, [H] bias1,
 * [H][K] second, [K] bias2. */
typedef struct ws__mlp_problem {
  ws__design design;
  size_t H, size; // of x
  double c;
  const double *x; // of the pass
  ws__blocks *blocks;
} ws__mlp_problem;

ws_status ws__mlp_problem_init(ws__mlp_problem *problem, const ws__matrix *matrix,
                               const ws__rows *rows, size_t K,
                               const ws__mlp_options *options, ws_error *err);
void ws__mlp_problem_clear(ws__mlp_problem *problem);
double ws__mlp_evaluate(void *problem, const double *x, double *gradient);

#endif
