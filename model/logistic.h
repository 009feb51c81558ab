/* SPDX-License-Identifier: MIT
 *
 * The objective of multinomial logistic regression with soft targets, in variables that a
 * solver likes.
 */
#ifndef WS_LOGISTIC_H
#define WS_LOGISTIC_H

#include "design.h"

/* The variables are x = [R][K] scaled weights, then [K] the scaled bias. */
typedef struct ws__logistic {
  ws__design *design; // whose values have been multiplied with the scale of their columns
  size_t size;        // of x: (R + 1) K
  double *scale;      // [R] weight = scale * x
  double bias_scale;
  double c;      // inverse strength of the penalty
  double *probs; // [K] scratch
} ws__logistic;

/* Takes the design over into scaled variables; to be cleared whatever the status. */
ws_status ws__logistic_init(ws__logistic *problem, ws__design *design, double c);
void ws__logistic_clear(ws__logistic *problem);

/* F = sum_i -sum_k P_ik log p_ik + |W|^2 / (2 C), and its gradient for x. */
double ws__logistic_value(const ws__logistic *problem, const double *x, double *gradient);

/* The same for ws__objective; `user` is the problem. */
double ws__logistic_call(void *user, const double *x, double *gradient);

/* W = 0 and the bias at the logarithm of the mean target, centred. */
void ws__logistic_start(const ws__logistic *problem, double *x);

/* The weights of the buckets, [A][K], and the bias, [K], as floats. */
void ws__logistic_weights(const ws__logistic *problem, const double *x, float *weights,
                          float *bias);

#endif
