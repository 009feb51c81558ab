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
 * takes a solver half the iterations.
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
#include "solver_floats.h"

/* The variables are x = [R][K] scaled weights, then [K] the scaled bias. Floats are exact
 * enough for them; sums over rows are of doubles. */
typedef struct problem {
  ws__design design; // whose values have been multiplied with the scale of their columns
  ws_loss loss;
  size_t size;   // of x: (R + 1) K
  double *scale; // [R] weight = scale * x
  double bias_scale;
  double *mean; // [K] mean target
  double mass;  // of all targets
  double c;
  float *residuals; // [n][K] derivatives of the losses by the scores
  const float *x;   // of the pass
  float *gradient;  // of the pass
  ws__blocks *blocks, *column_blocks;
  size_t block_count; // of the pass over rows
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
  const ws__design *d = &p->design;
  p->size = (d->columns + 1) * K;
  WS_TRY(ws__solver_check(p->size, err));
  p->scale = ws_alloc_array(d->columns, sizeof *p->scale);
  p->mean = ws_alloc_array(K, sizeof *p->mean);
  p->residuals = ws_alloc_array(d->n * K, sizeof *p->residuals);
  if (!p->scale || !p->mean || !p->residuals) return WS_ENOMEM;
  find_mean(p);
  set_scales(p);
  WS_TRY(ws__design_transpose(&p->design));
  WS_TRY(ws__blocks_new(d->columns, 1, options->threads, &p->column_blocks));
  return ws__blocks_new_few(d->n, (d->frequent + 1) * K + 1, options->threads,
                            &p->blocks);
}

static void problem_clear(problem *p) {
  ws__blocks_free(p->blocks);
  ws__blocks_free(p->column_blocks);
  ws__design_clear(&p->design);
  ws_free(p->scale);
  ws_free(p->mean);
  ws_free(p->residuals);
}

/* W = 0; the bias at the logarithm of the mean target, centred, or at 0. */
static void set_start(const problem *p, float *x) {
  size_t K = p->design.K;
  float *bias = x + p->design.columns * K;
  double centre = 0;
  for (size_t i = 0; i < p->size; i++) x[i] = 0;
  if (p->loss == WS_LOSS_HINGE) return;
  for (size_t k = 0; k < K; k++) {
    double start = log(p->mean[k] + 1e-6); // no class is impossible
    bias[k] = (float)(start / p->bias_scale);
    centre += start / p->bias_scale / (double)K;
  }
  for (size_t k = 0; k < K; k++) bias[k] = (float)((double)bias[k] - centre);
}

/* --- the objective ------------------------------------------------------------------ */

/* Both passes wait for memory above all. Of columns in many rows each block of rows has
 * sums of its own, which fit into the cache; the gradient of the others is gathered
 * column by column from the residuals of the rows, so that it is written once. The loops
 * over classes are short: they cost less where their number is known to the compiler. */
#if defined(__GNUC__)
#define INLINED         static inline __attribute__((always_inline))
#define PREFETCH(where) __builtin_prefetch(where)
#else
#define INLINED         static inline
#define PREFETCH(where) ((void)(where))
#endif
enum { AHEAD = 12 }; // cells whose numbers are asked for before they are needed

/* z of row i. */
INLINED void scores(const problem *p, size_t i, size_t K, float *sum, double *z) {
  const ws__design *d = &p->design;
  const float *bias = p->x + d->columns * K;
  for (size_t k = 0; k < K; k++) sum[k] = 0;
  for (size_t c = d->begin[i]; c < d->begin[i + 1]; c++) {
    const float *weights = p->x + K * d->cells[c].index;
    float value = d->cells[c].value;
    PREFETCH(p->x + K * d->cells[c + AHEAD].index);
    for (size_t k = 0; k < K; k++) sum[k] += value * weights[k];
  }
  for (size_t k = 0; k < K; k++) z[k] = p->bias_scale * (double)bias[k] + (double)sum[k];
}

/* Adds the residual times x_i, as far as its columns are frequent. */
INLINED void add_gradient(const ws__design *d, size_t i, size_t K, const float *residual,
                          float *sums) {
  for (size_t c = d->begin[i]; c < d->middle[i]; c++) {
    float *sum = sums + K * d->cells[c].index, value = d->cells[c].value;
    for (size_t k = 0; k < K; k++) sum[k] += value * residual[k];
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

/* What a block of rows adds up: the gradient of the frequent columns; in double
 * precision, that of the bias and the loss. */
typedef struct block_sums {
  float *frequent;
  double *bias, *loss;
} block_sums;

static block_sums sums_of(const problem *p, double *sums) {
  size_t K = p->design.K, cells = p->design.frequent * K;
  return (block_sums){(float *)sums, sums + cells, sums + cells + K};
}

INLINED void rows_of(const problem *p, const block_sums *out, size_t first, size_t end,
                     size_t K, float *sum, double *z) {
  for (size_t i = first; i < end; i++) {
    const double *target = p->design.targets + i * K;
    float *residual = p->residuals + i * K;
    scores(p, i, K, sum, z);
    *out->loss +=
        p->loss == WS_LOSS_HINGE ? hinge_loss(target, z, K) : logistic_loss(target, z, K);
    for (size_t k = 0; k < K; k++) {
      residual[k] = (float)z[k];
      out->bias[k] += p->bias_scale * z[k];
    }
    add_gradient(&p->design, i, K, residual, out->frequent);
  }
}

static void pass_rows(void *user, double *sums, size_t first, size_t end) {
  const problem *p = user;
  block_sums out = sums_of(p, sums);
  float few[4], many[WS_MAX_CLASSES];
  double small[4], z[WS_MAX_CLASSES];
  switch (p->design.K) {
  case 2:
    rows_of(p, &out, first, end, 2, few, small);
    break;
  case 3:
    rows_of(p, &out, first, end, 3, few, small);
    break;
  case 4:
    rows_of(p, &out, first, end, 4, few, small);
    break;
  default:
    rows_of(p, &out, first, end, p->design.K, many, z);
  }
}

/* sum[K] = sum_i x_ir residual_i of a column that is not frequent. */
INLINED void gather(const problem *p, size_t r, size_t K, double *sum) {
  const ws__design *d = &p->design;
  const size_t *begin = d->column_begin + (r - d->frequent);
  for (size_t k = 0; k < K; k++) sum[k] = 0;
  for (size_t c = begin[0]; c < begin[1]; c++) {
    const float *residual = p->residuals + K * d->column_cells[c].index;
    double value = (double)d->column_cells[c].value;
    PREFETCH(p->residuals + K * d->column_cells[c + AHEAD].index);
    for (size_t k = 0; k < K; k++) sum[k] += value * (double)residual[k];
  }
}

static void add_blocks(const problem *p, size_t r, double *sum) {
  size_t K = p->design.K;
  for (size_t k = 0; k < K; k++) sum[k] = 0;
  for (size_t b = 0; b < p->block_count; b++) {
    const float *sums = (const float *)ws__blocks_sums(p->blocks, b) + r * K;
    for (size_t k = 0; k < K; k++) sum[k] += (double)sums[k];
  }
}

/* The gradient of the columns, that of the penalty |W|^2 / (2 C) with it; *squares is
 * W's part of |W|^2 / C. */
INLINED void columns_of(const problem *p, size_t first, size_t end, size_t K, double *sum,
                        double *squares) {
  for (size_t r = first; r < end; r++) {
    double strength = p->scale[r] * p->scale[r] / p->c;
    const float *x = p->x + r * K;
    if (r < p->design.frequent)
      add_blocks(p, r, sum);
    else
      gather(p, r, K, sum);
    for (size_t k = 0; k < K; k++) {
      p->gradient[r * K + k] = (float)(sum[k] + strength * (double)x[k]);
      *squares += strength * (double)x[k] * (double)x[k];
    }
  }
}

static void pass_columns(void *user, double *sums, size_t first, size_t end) {
  const problem *p = user;
  double small[4], sum[WS_MAX_CLASSES];
  switch (p->design.K) {
  case 2:
    columns_of(p, first, end, 2, small, sums);
    break;
  case 3:
    columns_of(p, first, end, 3, small, sums);
    break;
  case 4:
    columns_of(p, first, end, 4, small, sums);
    break;
  default:
    columns_of(p, first, end, p->design.K, sum, sums);
  }
}

static double evaluate(void *user, const float *x, float *gradient) {
  problem *p = user;
  size_t K = p->design.K, cells = p->design.frequent * K;
  double loss = 0, bias[WS_MAX_CLASSES] = {0};
  p->x = x;
  p->gradient = gradient;
  p->block_count = ws__blocks_each(p->blocks, pass_rows, p);
  for (size_t b = 0; b < p->block_count; b++) {
    const double *sums = ws__blocks_sums(p->blocks, b) + cells;
    for (size_t k = 0; k < K; k++) bias[k] += sums[k];
    loss += sums[K];
  }
  for (size_t k = 0; k < K; k++) gradient[p->design.columns * K + k] = (float)bias[k];
  return loss + *ws__blocks_run(p->column_blocks, pass_columns, p) / 2;
}

/* --- training ----------------------------------------------------------------------- */

/* Where the start is nearly the minimum, as with one class only, the first gradient is no
 * measure: a thousandth of the rows is then. */
static ws_status minimise(problem *p, const ws__linear_options *options, float *x,
                          ws__solution *solution, ws_error *err) {
  ws__solver_options solver = {
      .max_iterations = options->max_iterations,
      .tolerance = options->tolerance,
      .floor = 1e-3 * p->bias_scale * (double)p->design.n,
      .decrease = options->decrease * p->mass,
      .progress = options->progress,
  };
  set_start(p, x);
  return ws__minimise_floats((ws__float_objective){evaluate, p, p->size}, &solver,
                             options->threads, x, solution, err);
}

static ws_status take_solution(ws__linear *out, problem *p, const float *x,
                               const ws__solution *solution) {
  size_t K = p->design.K, R = p->design.columns;
  out->weights = ws_alloc_array(R * K, sizeof *out->weights);
  out->bias = ws_alloc_array(K, sizeof *out->bias);
  if (!out->weights || !out->bias) return WS_ENOMEM;
  for (size_t r = 0; r < R; r++)
    for (size_t k = 0; k < K; k++)
      out->weights[r * K + k] = (float)(p->scale[r] * (double)x[r * K + k]);
  for (size_t k = 0; k < K; k++)
    out->bias[k] = (float)(p->bias_scale * (double)x[R * K + k]);
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
  float *x = NULL;
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
