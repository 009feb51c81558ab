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
 * takes a solver half the iterations. Rows are summed in blocks.
 *
 * n rows, K classes, R columns; z_k = b_k + sum_r W_rk x_r.
 */
#include "linear.h"

#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "blocks.h"
#include "log_ratios.h"
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

static ws_status make_design(problem *p, const ws__matrix *matrix, const ws__rows *rows,
                             size_t K, bool log_ratios) {
  if (!log_ratios) return ws__design_init(&p->design, matrix, rows, K, NULL);
  float *factors = ws_alloc_array(matrix->A, sizeof *factors);
  ws_status status = factors ? ws__log_ratios(matrix, rows, K, factors) : WS_ENOMEM;
  if (status == WS_OK) status = ws__design_init(&p->design, matrix, rows, K, factors);
  ws_free(factors);
  return status;
}

static ws_status problem_init(problem *p, const ws__matrix *matrix, const ws__rows *rows,
                              size_t K, const ws__linear_options *options,
                              ws_error *err) {
  *p = (problem){.loss = options->loss, .c = options->c};
  WS_TRY(make_design(p, matrix, rows, K, options->log_ratios));
  p->size = (p->design.columns + 1) * K;
  WS_TRY(ws__solver_check(p->size, err));
  p->scale = ws_alloc_array(p->design.columns, sizeof *p->scale);
  p->mean = ws_alloc_array(K, sizeof *p->mean);
  if (!p->scale || !p->mean) return WS_ENOMEM;
  find_mean(p);
  set_scales(p);
  return ws__blocks_new_few(rows->n, p->size + 1, options->threads, &p->blocks);
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

/* A pass waits for memory above all: the weights of a row's columns lie anywhere. So each
 * block has floats of its own, and the K weights of a column stand beside the K sums of
 * their gradient, one behind the other: what the scores brought into the cache is there
 * for the gradient. The loops over classes are short: they cost less where their number
 * is known to the compiler. */
#if defined(__GNUC__)
#define INLINED         static inline __attribute__((always_inline))
#define PREFETCH(where) __builtin_prefetch(where)
#else
#define INLINED         static inline
#define PREFETCH(where) ((void)(where))
#endif
enum { AHEAD = 12 }; // cells whose weights are asked for before they are needed

/* The block's part of memory, in floats, with the weights and gradients of 0. */
static void fill_pairs(const problem *p, float *pairs) {
  size_t R = p->design.columns, K = p->design.K;
  for (size_t r = 0; r < R; r++)
    for (size_t k = 0; k < K; k++) pairs[2 * r * K + k] = (float)p->x[r * K + k];
}

/* z of row i. */
INLINED void scores(const problem *p, size_t i, size_t K, const float *pairs, double *z) {
  const ws__design *d = &p->design;
  const double *bias = p->x + d->columns * K;
  for (size_t k = 0; k < K; k++) z[k] = p->bias_scale * bias[k];
  for (size_t c = d->begin[i]; c < d->begin[i + 1]; c++) {
    const float *weights = pairs + 2 * K * d->cells[c].index;
    double value = (double)d->cells[c].value;
    PREFETCH(pairs + 2 * K * d->cells[c + AHEAD].index);
    for (size_t k = 0; k < K; k++) z[k] += value * (double)weights[k];
  }
}

/* Adds residual times x_i. */
INLINED void add_gradient(const problem *p, size_t i, size_t K, const double *residual,
                          float *pairs) {
  const ws__design *d = &p->design;
  for (size_t c = d->begin[i]; c < d->begin[i + 1]; c++) {
    float *sums = pairs + 2 * K * d->cells[c].index + K, value = d->cells[c].value;
    for (size_t k = 0; k < K; k++) sums[k] += value * (float)residual[k];
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

/* What a block adds up: its pairs; in double precision, the gradient of the bias and the
 * loss. */
typedef struct block_sums {
  float *pairs;
  double *bias, *loss;
} block_sums;

static block_sums sums_of(const problem *p, double *sums) {
  size_t cells = p->design.columns * p->design.K;
  return (block_sums){(float *)sums, sums + cells, sums + cells + p->design.K};
}

INLINED void pass_of(const problem *p, const block_sums *out, size_t first, size_t end,
                     size_t K, double *z) {
  for (size_t i = first; i < end; i++) {
    const double *target = p->design.targets + i * K;
    scores(p, i, K, out->pairs, z);
    *out->loss +=
        p->loss == WS_LOSS_HINGE ? hinge_loss(target, z, K) : logistic_loss(target, z, K);
    add_gradient(p, i, K, z, out->pairs);
    for (size_t k = 0; k < K; k++) out->bias[k] += p->bias_scale * z[k];
  }
}

static void pass(void *user, double *sums, size_t first, size_t end) {
  const problem *p = user;
  block_sums out = sums_of(p, sums);
  double small[4], z[WS_MAX_CLASSES];
  fill_pairs(p, out.pairs);
  switch (p->design.K) {
  case 2:
    pass_of(p, &out, first, end, 2, small);
    break;
  case 3:
    pass_of(p, &out, first, end, 3, small);
    break;
  case 4:
    pass_of(p, &out, first, end, 4, small);
    break;
  default:
    pass_of(p, &out, first, end, p->design.K, z);
  }
}

/* Adds the block's sums to the gradient; returns its loss. */
static double add_block(const problem *p, const double *sums, double *gradient) {
  size_t R = p->design.columns, K = p->design.K;
  const float *pairs = (const float *)sums;
  for (size_t r = 0; r < R; r++)
    for (size_t k = 0; k < K; k++)
      gradient[r * K + k] += (double)pairs[2 * r * K + K + k];
  for (size_t k = 0; k < K; k++) gradient[R * K + k] += sums[R * K + k];
  return sums[R * K + K];
}

static double evaluate(void *user, const double *x, double *gradient) {
  problem *p = user;
  double sum = 0;
  p->x = x;
  size_t blocks = ws__blocks_each(p->blocks, pass, p);
  memset(gradient, 0, p->size * sizeof *gradient);
  for (size_t b = 0; b < blocks; b++)
    sum += add_block(p, ws__blocks_sums(p->blocks, b), gradient);
  return sum + penalty(p, x, gradient);
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
  ws_status status = problem_init(&p, matrix, rows, K, options, err);
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
