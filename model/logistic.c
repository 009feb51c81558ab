/* SPDX-License-Identifier: MIT
 *
 * Multinomial logistic regression in the primal (Christopher Bishop: Pattern Recognition
 * and Machine Learning, 2006, section 4.3.4): the loss is eq. 4.108 with probabilities
 * P_ik as targets, its gradient eq. 4.109, sum_i (p_i - P_i) x_i. Rows are summed in
 * order, in double precision; the sparse rows themselves are stored as floats.
 *
 * The curvature of the bias is thousands of times that of a rare word's weight. So each
 * column is scaled by the root of its own second derivative at the start, 1/C + v sum_i
 * x_i^2 with v the mean of P (1 - P) (Jacobi's preconditioner), which takes a solver half
 * the iterations.
 *
 * n rows, K classes, R columns; z_k = b_k + sum_r W_rk x_r, p = softmax(z).
 */
#include "logistic.h"

#include <math.h>

#include <weaksup/alloc.h>

#include "softmax.h"

/* --- setting up --------------------------------------------------------------------- */

/* The mean target, [K]. */
static void mean_target(const ws__design *d, double *mean) {
  for (size_t k = 0; k < d->K; k++) mean[k] = 0;
  for (size_t i = 0; i < d->n; i++)
    for (size_t k = 0; k < d->K; k++) mean[k] += ws__design_target(d, i)[k];
  for (size_t k = 0; k < d->K; k++) mean[k] /= (double)d->n;
}

static void set_scales(ws__logistic *problem) {
  ws__design *d = problem->design;
  size_t cells = d->begin[d->n];
  double v = 0;
  mean_target(d, problem->probs);
  for (size_t k = 0; k < d->K; k++)
    v += problem->probs[k] * (1 - problem->probs[k]) / (double)d->K;
  for (size_t r = 0; r < d->columns; r++) problem->scale[r] = 0;
  for (size_t c = 0; c < cells; c++)
    problem->scale[d->index[c]] += (double)d->value[c] * (double)d->value[c];
  for (size_t r = 0; r < d->columns; r++)
    problem->scale[r] = 1 / sqrt(1 / problem->c + v * problem->scale[r]);
  problem->bias_scale = 1 / sqrt(1 / problem->c + v * (double)d->n);
  for (size_t c = 0; c < cells; c++)
    d->value[c] = (float)((double)d->value[c] * problem->scale[d->index[c]]);
}

ws_status ws__logistic_init(ws__logistic *problem, ws__design *design, double c) {
  *problem =
      (ws__logistic){.design = design, .size = (design->columns + 1) * design->K, .c = c};
  problem->scale = ws_alloc_array(design->columns, sizeof *problem->scale);
  problem->probs = ws_alloc_array(design->K, sizeof *problem->probs);
  if (!problem->scale || !problem->probs) return WS_ENOMEM;
  set_scales(problem);
  return WS_OK;
}

void ws__logistic_clear(ws__logistic *problem) {
  ws_free(problem->scale);
  ws_free(problem->probs);
  *problem = (ws__logistic){0};
}

void ws__logistic_start(const ws__logistic *problem, double *x) {
  const ws__design *d = problem->design;
  double *bias = x + d->columns * d->K, centre = 0;
  for (size_t i = 0; i < problem->size; i++) x[i] = 0;
  mean_target(d, bias);
  for (size_t k = 0; k < d->K; k++) {
    bias[k] = log(bias[k] + 1e-6); // no class is impossible
    centre += bias[k] / (double)d->K;
  }
  for (size_t k = 0; k < d->K; k++) bias[k] = (bias[k] - centre) / problem->bias_scale;
}

void ws__logistic_weights(const ws__logistic *problem, const double *x, float *weights,
                          float *bias) {
  const ws__design *d = problem->design;
  size_t K = d->K;
  for (size_t a = 0; a < d->active; a++) {
    size_t r = d->column[a];
    double factor = (double)d->share[a] * problem->scale[r];
    for (size_t k = 0; k < K; k++) weights[a * K + k] = (float)(factor * x[r * K + k]);
  }
  for (size_t k = 0; k < K; k++)
    bias[k] = (float)(problem->bias_scale * x[d->columns * K + k]);
}

/* --- the objective ------------------------------------------------------------------ */

/* |W|^2 / (2 C); the gradient begins as its. */
static double penalty(const ws__logistic *problem, const double *x, double *gradient) {
  size_t R = problem->design->columns, K = problem->design->K;
  double sum = 0;
  for (size_t r = 0; r < R; r++) {
    double strength = problem->scale[r] * problem->scale[r] / problem->c;
    for (size_t i = r * K; i < (r + 1) * K; i++) {
      gradient[i] = strength * x[i];
      sum += gradient[i] * x[i];
    }
  }
  for (size_t k = 0; k < K; k++) gradient[R * K + k] = 0;
  return sum / 2;
}

/* z of row i. */
static void scores(const ws__logistic *problem, size_t i, const double *x, double *z) {
  const ws__design *d = problem->design;
  const double *bias = x + d->columns * d->K;
  for (size_t k = 0; k < d->K; k++) z[k] = problem->bias_scale * bias[k];
  for (size_t c = d->begin[i]; c < d->begin[i + 1]; c++) {
    const double *weights = x + d->index[c] * d->K;
    double value = (double)d->value[c];
    for (size_t k = 0; k < d->K; k++) z[k] += value * weights[k];
  }
}

/* Adds (p_i - P_i) x_i; `residual` is the first factor. */
static void add_gradient(const ws__logistic *problem, size_t i, const double *residual,
                         double *gradient) {
  const ws__design *d = problem->design;
  double *bias = gradient + d->columns * d->K;
  for (size_t k = 0; k < d->K; k++) bias[k] += problem->bias_scale * residual[k];
  for (size_t c = d->begin[i]; c < d->begin[i + 1]; c++) {
    double *weights = gradient + d->index[c] * d->K;
    double value = (double)d->value[c];
    for (size_t k = 0; k < d->K; k++) weights[k] += value * residual[k];
  }
}

double ws__logistic_value(const ws__logistic *problem, const double *x,
                          double *gradient) {
  const ws__design *d = problem->design;
  double *p = problem->probs;
  double sum = penalty(problem, x, gradient);
  for (size_t i = 0; i < d->n; i++) {
    const double *target = ws__design_target(d, i);
    double mass = 0, agreement = 0;
    scores(problem, i, x, p);
    for (size_t k = 0; k < d->K; k++) {
      mass += target[k];
      agreement += target[k] * p[k];
    }
    sum +=
        mass * ws__softmax(p, d->K) - agreement; // -sum_k P log p = log sum exp z - P z
    for (size_t k = 0; k < d->K; k++) p[k] = mass * p[k] - target[k];
    add_gradient(problem, i, p, gradient);
  }
  return sum;
}

double ws__logistic_call(void *user, const double *x, double *gradient) {
  return ws__logistic_value(user, x, gradient);
}
