/* SPDX-License-Identifier: MIT
 *
 * Linear models in the primal. Logistic regression: Christopher Bishop, Pattern
 * Recognition and Machine Learning, 2006, section 4.3.4; the loss is eq. 4.108 with
 * targets P_ik, its gradient eq. 4.109, sum_i (p_i - P_i) x_i. The support vector machine
 * is that of Kai-Wei Chang, Cho-Jui Hsieh, Chih-Jen Lin: Coordinate descent method for
 * large-scale L2-loss linear support vector machines, 2008, eq. 2, one against the rest;
 * a target P_ik counts as P_ik of a row in the class and 1 - P_ik of one that is not.
 *
 * The curvature of the bias is thousands of times that of a rare word's weight. So each
 * column is scaled by the root of its own second derivative at the start, 1/C + v sum_i
 * x_i^2 with v the mean of P (1 - P), or 1 for the hinge (Jacobi's preconditioner), which
 * takes a solver half the iterations. Rows are summed in blocks, in double precision.
 *
 * n rows, K classes, R columns; z_k = b_k + sum_r W_rk x_r.
 */
#include "linear.h"

#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "blocks.h"
#include "softmax.h"
#include "solver.h"

/* The variables are x = [R][K] scaled weights, then [K] the scaled bias. */
typedef struct problem {
  ws__design design; // whose values have been multiplied with the scale of their columns
  ws_loss loss;
  size_t size;   // of x: (R + 1) K
  double *scale; // [R] weight = scale * x
  double bias_scale;
  double *mean; // [K] mean target
  double mass;  // of all targets
  double c;
  const double *x; // of the pass
  ws__blocks *blocks;
} problem;

/* --- setting up --------------------------------------------------------------------- */

static void find_mean(problem *p) {
  const ws__design *d = &p->design;
  p->mass = 0;
  for (size_t k = 0; k < d->K; k++) p->mean[k] = 0;
  for (size_t i = 0; i < d->n; i++)
    for (size_t k = 0; k < d->K; k++) p->mean[k] += d->targets[i * d->K + k];
  for (size_t k = 0; k < d->K; k++) p->mass += p->mean[k];
  for (size_t k = 0; k < d->K && p->mass > 0; k++) p->mean[k] /= p->mass;
}

static void set_scales(problem *p) {
  ws__design *d = &p->design;
  size_t cells = d->begin[d->n];
  double v = 0, weight = d->n ? p->mass / (double)d->n : 0;
  for (size_t k = 0; k < d->K; k++) v += p->mean[k] * (1 - p->mean[k]) / (double)d->K;
  v = weight * (p->loss == WS_LOSS_HINGE ? 1 : v);
  for (size_t r = 0; r < d->columns; r++) p->scale[r] = 0;
  for (size_t c = 0; c < cells; c++)
    p->scale[d->cells[c].index] += (double)d->cells[c].value * (double)d->cells[c].value;
  for (size_t r = 0; r < d->columns; r++)
    p->scale[r] = 1 / sqrt(1 / p->c + v * p->scale[r]);
  p->bias_scale = 1 / sqrt(1 / p->c + v * (double)d->n);
  for (size_t c = 0; c < cells; c++)
    d->cells[c].value = (float)((double)d->cells[c].value * p->scale[d->cells[c].index]);
}

static ws_status problem_init(problem *p, const ws__matrix *matrix, const ws__rows *rows,
                              size_t K, const ws__linear_options *options) {
  *p = (problem){.loss = options->loss, .c = options->c};
  WS_TRY(ws__design_init(&p->design, matrix, rows, K));
  p->size = (p->design.columns + 1) * K;
  p->scale = ws_alloc_array(p->design.columns, sizeof *p->scale);
  p->mean = ws_alloc_array(K, sizeof *p->mean);
  if (!p->scale || !p->mean) return WS_ENOMEM;
  find_mean(p);
  set_scales(p);
  return ws__blocks_new(rows->n, p->size + 1, options->threads, &p->blocks);
}

static void problem_clear(problem *p) {
  ws__blocks_free(p->blocks);
  ws__design_clear(&p->design);
  ws_free(p->scale);
  ws_free(p->mean);
}

/* W = 0; the bias at the logarithm of the mean target, centred, or at 0. */
static void set_start(const problem *p, double *x) {
  size_t K = p->design.K;
  double *bias = x + p->design.columns * K, centre = 0;
  for (size_t i = 0; i < p->size; i++) x[i] = 0;
  if (p->loss == WS_LOSS_HINGE) return;
  for (size_t k = 0; k < K; k++) {
    bias[k] = log(p->mean[k] + 1e-6); // no class is impossible
    centre += bias[k] / (double)K;
  }
  for (size_t k = 0; k < K; k++) bias[k] = (bias[k] - centre) / p->bias_scale;
}

/* --- the objective ------------------------------------------------------------------ */

/* |W|^2 / (2 C); its gradient is added. */
static double penalty(const problem *p, const double *x, double *gradient) {
  size_t R = p->design.columns, K = p->design.K;
  double sum = 0;
  for (size_t r = 0; r < R; r++) {
    double strength = p->scale[r] * p->scale[r] / p->c;
    for (size_t i = r * K; i < (r + 1) * K; i++) {
      gradient[i] += strength * x[i];
      sum += strength * x[i] * x[i];
    }
  }
  return sum / 2;
}

/* z of row i. */
static void scores(const problem *p, size_t i, double *z) {
  const ws__design *d = &p->design;
  size_t K = d->K;
  const double *bias = p->x + d->columns * K;
  for (size_t k = 0; k < K; k++) z[k] = p->bias_scale * bias[k];
  for (size_t c = d->begin[i]; c < d->begin[i + 1]; c++) {
    const double *weights = p->x + d->cells[c].index * K;
    double value = (double)d->cells[c].value;
    for (size_t k = 0; k < K; k++) z[k] += value * weights[k];
  }
}

/* Adds residual times x_i. */
static void add_gradient(const problem *p, size_t i, const double *residual,
                         double *gradient) {
  const ws__design *d = &p->design;
  size_t K = d->K;
  double *bias = gradient + d->columns * K;
  for (size_t k = 0; k < K; k++) bias[k] += p->bias_scale * residual[k];
  for (size_t c = d->begin[i]; c < d->begin[i + 1]; c++) {
    double *weights = gradient + d->cells[c].index * K;
    double value = (double)d->cells[c].value;
    for (size_t k = 0; k < K; k++) weights[k] += value * residual[k];
  }
}

/* The losses of scores z[K], which become their derivatives. */

static double logistic_loss(const double *target, double *z, size_t K) {
  double mass = 0, agreement = 0;
  for (size_t k = 0; k < K; k++) {
    mass += target[k];
    agreement += target[k] * z[k];
  }
  double loss = mass * ws__softmax(z, K) - agreement; // -sum_k P log p
  for (size_t k = 0; k < K; k++) z[k] = mass * z[k] - target[k];
  return loss;
}

static double hinge_loss(const double *target, double *z, size_t K) {
  double mass = 0, loss = 0;
  for (size_t k = 0; k < K; k++) mass += target[k];
  for (size_t k = 0; k < K; k++) {
    double in = fmax(0, 1 - z[k]), out = fmax(0, 1 + z[k]), rest = mass - target[k];
    loss += target[k] * in * in + rest * out * out;
    z[k] = 2 * (rest * out - target[k] * in);
  }
  return loss;
}

static void pass(void *user, double *sums, size_t first, size_t end) {
  const problem *p = user;
  size_t K = p->design.K;
  double z[WS_MAX_CLASSES], loss = 0;
  for (size_t i = first; i < end; i++) {
    const double *target = p->design.targets + i * K;
    scores(p, i, z);
    loss +=
        p->loss == WS_LOSS_HINGE ? hinge_loss(target, z, K) : logistic_loss(target, z, K);
    add_gradient(p, i, z, sums);
  }
  sums[p->size] = loss;
}

static double evaluate(void *user, const double *x, double *gradient) {
  problem *p = user;
  p->x = x;
  const double *sums = ws__blocks_run(p->blocks, pass, p);
  memcpy(gradient, sums, p->size * sizeof *gradient);
  return sums[p->size] + penalty(p, x, gradient);
}

/* --- training ----------------------------------------------------------------------- */

/* Where the start is nearly the minimum, as with one class only, the first gradient is no
 * measure: a thousandth of the rows is then. */
static ws_status minimise(problem *p, const ws__linear_options *options, double *x,
                          ws__solution *solution, ws_error *err) {
  ws__solver_options solver = {
      .max_iterations = options->max_iterations,
      .tolerance = options->tolerance,
      .floor = 1e-3 * p->bias_scale * (double)p->design.n,
      .decrease = options->decrease * p->mass,
      .progress = options->progress,
  };
  set_start(p, x);
  return ws__minimise((ws__objective){evaluate, p, p->size}, &solver, x, solution, err);
}

static ws_status take_solution(ws__linear *out, problem *p, const double *x,
                               const ws__solution *solution) {
  size_t K = p->design.K, R = p->design.columns;
  out->weights = ws_alloc_array(R * K, sizeof *out->weights);
  out->bias = ws_alloc_array(K, sizeof *out->bias);
  if (!out->weights || !out->bias) return WS_ENOMEM;
  for (size_t r = 0; r < R; r++)
    for (size_t k = 0; k < K; k++)
      out->weights[r * K + k] = (float)(p->scale[r] * x[r * K + k]);
  for (size_t k = 0; k < K; k++) out->bias[k] = (float)(p->bias_scale * x[R * K + k]);
  out->column = p->design.column;
  out->share = p->design.share;
  p->design.column = NULL;
  p->design.share = NULL;
  out->K = K;
  out->A = p->design.A;
  out->columns = R;
  out->objective = solution->value;
  out->iterations = solution->iterations;
  out->converged = solution->converged;
  return WS_OK;
}

ws_status ws__linear_train(ws__linear *out, const ws__matrix *matrix,
                           const ws__rows *rows, size_t K,
                           const ws__linear_options *options, ws_error *err) {
  problem p;
  ws__solution solution = {0};
  double *x = NULL;
  *out = (ws__linear){0};
  ws_status status = problem_init(&p, matrix, rows, K, options);
  if (status == WS_OK) {
    x = ws_alloc_array(p.size, sizeof *x);
    status = x ? minimise(&p, options, x, &solution, err) : WS_ENOMEM;
  }
  if (status == WS_OK) status = take_solution(out, &p, x, &solution);
  ws_free(x);
  problem_clear(&p);
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}

void ws__linear_clear(ws__linear *linear) {
  ws_free(linear->column);
  ws_free(linear->share);
  ws_free(linear->weights);
  ws_free(linear->bias);
  *linear = (ws__linear){0};
}

/* --- using it ----------------------------------------------------------------------- */

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
