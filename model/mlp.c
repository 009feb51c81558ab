/* SPDX-License-Identifier: MIT
 *
 * The perceptron with one hidden layer of tanh units and a softmax, by backpropagation
 * (Christopher Bishop: Pattern Recognition and Machine Learning, 2006, section 5.3.2) and
 * L-BFGS over all rows, which needs no learning rate and gives the same bytes for a seed
 * whatever the number of threads.
 *
 * n rows, K classes, R columns, H hidden units; z_h = b1_h + sum_r V_rh x_r,
 * a_h = tanh z_h, y_k = b2_k + sum_h U_hk a_h.
 */
#include "mlp.h"

#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/rng.h>

#include "softmax.h"
#include "solver.h"

/* --- the objective ------------------------------------------------------------------ */

/* Where in x the parts after `first` begin. */
static size_t bias1_at(const ws__mlp_problem *p) {
  return p->design.columns * p->H;
}
static size_t second_at(const ws__mlp_problem *p) {
  return bias1_at(p) + p->H;
}
static size_t bias2_at(const ws__mlp_problem *p) {
  return second_at(p) + p->H * p->design.K;
}

ws_status ws__mlp_problem_init(ws__mlp_problem *p, const ws__matrix *matrix,
                               const ws__rows *rows, size_t K,
                               const ws__mlp_options *options, ws_error *err) {
  *p = (ws__mlp_problem){.H = options->hidden, .c = options->c};
  WS_TRY(ws__design_init(&p->design, matrix, rows, K, NULL));
  p->size = bias2_at(p) + K;
  WS_TRY(ws__solver_check(p->size, err));
  return ws__blocks_new(rows->n, p->size + 1, options->threads, &p->blocks);
}

void ws__mlp_problem_clear(ws__mlp_problem *p) {
  ws__blocks_free(p->blocks);
  ws__design_clear(&p->design);
}

/* a of row i. */
static void hidden_values(const ws__mlp_problem *p, size_t i, double *a) {
  const ws__design *d = &p->design;
  memcpy(a, p->x + bias1_at(p), p->H * sizeof *a);
  for (size_t c = d->begin[i]; c < d->begin[i + 1]; c++) {
    const double *first = p->x + d->cells[c].index * p->H;
    double value = (double)d->cells[c].value;
    for (size_t h = 0; h < p->H; h++) a[h] += value * first[h];
  }
  for (size_t h = 0; h < p->H; h++) a[h] = tanh(a[h]);
}

/* y becomes its derivative; returns -sum_k P_k log p_k. */
static double loss_of(const double *target, double *y, size_t K) {
  double mass = 0, agreement = 0;
  for (size_t k = 0; k < K; k++) {
    mass += target[k];
    agreement += target[k] * y[k];
  }
  double loss = mass * ws__softmax(y, K) - agreement;
  for (size_t k = 0; k < K; k++) y[k] = mass * y[k] - target[k];
  return loss;
}

/* Adds the gradient of row i: dy[K] is that of its output, a[H] becomes that of z. */
static void add_gradient(const ws__mlp_problem *p, size_t i, const double *dy, double *a,
                         double *gradient) {
  const ws__design *d = &p->design;
  size_t H = p->H, K = d->K;
  const double *second = p->x + second_at(p);
  double *d_second = gradient + second_at(p), *d_bias1 = gradient + bias1_at(p);
  for (size_t k = 0; k < K; k++) gradient[bias2_at(p) + k] += dy[k];
  for (size_t h = 0; h < H; h++) {
    double back = 0;
    for (size_t k = 0; k < K; k++) {
      d_second[h * K + k] += a[h] * dy[k];
      back += second[h * K + k] * dy[k];
    }
    a[h] = back * (1 - a[h] * a[h]);
    d_bias1[h] += a[h];
  }
  for (size_t c = d->begin[i]; c < d->begin[i + 1]; c++) {
    double *first = gradient + d->cells[c].index * H, value = (double)d->cells[c].value;
    for (size_t h = 0; h < H; h++) first[h] += value * a[h];
  }
}

static void pass(void *user, double *sums, size_t begin, size_t end) {
  const ws__mlp_problem *p = user;
  size_t K = p->design.K;
  const double *second = p->x + second_at(p), *bias2 = p->x + bias2_at(p);
  double a[WS_MAX_HIDDEN], y[WS_MAX_CLASSES], loss = 0;
  for (size_t i = begin; i < end; i++) {
    hidden_values(p, i, a);
    for (size_t k = 0; k < K; k++) y[k] = bias2[k];
    for (size_t h = 0; h < p->H; h++)
      for (size_t k = 0; k < K; k++) y[k] += second[h * K + k] * a[h];
    loss += loss_of(p->design.targets + i * K, y, K);
    add_gradient(p, i, y, a, sums);
  }
  sums[p->size] = loss;
}

/* |W|^2 / (2 C) of x[first .. end); its gradient is added. */
static double penalty(const ws__mlp_problem *p, size_t first, size_t end,
                      double *gradient) {
  double squares = 0;
  for (size_t i = first; i < end; i++) {
    squares += p->x[i] * p->x[i];
    gradient[i] += p->x[i] / p->c;
  }
  return squares / (2 * p->c);
}

double ws__mlp_evaluate(void *problem, const double *x, double *gradient) {
  ws__mlp_problem *p = problem;
  p->x = x;
  const double *sums = ws__blocks_run(p->blocks, pass, p);
  memcpy(gradient, sums, p->size * sizeof *gradient);
  double value = sums[p->size] + penalty(p, 0, bias1_at(p), gradient);
  return value + penalty(p, second_at(p), bias2_at(p), gradient);
}

/* --- training ----------------------------------------------------------------------- */

static double between(ws_rng *rng, double most) {
  return most * (2 * ws_rng_uniform(rng) - 1);
}

/* Weights of the first layer such that z has a deviation of 1, of the second as Xavier
 * Glorot and Yoshua Bengio draw them (Understanding the difficulty of training deep
 * feedforward neural networks, 2010, eq. 16). The bias of the output at the logarithm of
 * the mean target. */
static void set_start(const ws__mlp_problem *p, uint64_t seed, double *x) {
  const ws__design *d = &p->design;
  size_t K = d->K, cells = d->begin[d->n];
  double squares = 0, mass = 0;
  ws_rng rng;
  ws_rng_init(&rng, seed);
  for (size_t c = 0; c < cells; c++)
    squares += (double)d->cells[c].value * (double)d->cells[c].value;
  double most = squares > 0 ? sqrt(3 * (double)d->n / squares) : 1;
  for (size_t i = 0; i < bias1_at(p); i++) x[i] = between(&rng, most);
  for (size_t i = bias1_at(p); i < second_at(p); i++) x[i] = between(&rng, 0.5);
  most = sqrt(6 / (double)(p->H + K));
  for (size_t i = second_at(p); i < bias2_at(p); i++) x[i] = between(&rng, most);
  double *bias = x + bias2_at(p);
  for (size_t k = 0; k < K; k++) {
    bias[k] = 0;
    for (size_t i = 0; i < d->n; i++) bias[k] += d->targets[i * K + k];
    mass += bias[k];
  }
  for (size_t k = 0; k < K; k++) bias[k] = log(mass > 0 ? bias[k] / mass + 1e-6 : 1);
}

static void round_all(const double *from, size_t count, float *to) {
  for (size_t i = 0; i < count; i++) to[i] = (float)from[i];
}

static ws_status take_solution(ws__mlp *out, ws__mlp_problem *p, const double *x,
                               const ws__solution *solution) {
  size_t first = second_at(p), second = p->size - first;
  out->first = ws_alloc_array(first, sizeof *out->first);
  out->second = ws_alloc_array(second, sizeof *out->second);
  if (!out->first || !out->second) return WS_ENOMEM;
  round_all(x, first, out->first);
  round_all(x + first, second, out->second);
  out->column = p->design.column;
  out->share = p->design.share;
  p->design.column = NULL; // they are ours now
  p->design.share = NULL;
  out->K = p->design.K;
  out->A = p->design.A;
  out->H = p->H;
  out->columns = p->design.columns;
  out->objective = solution->value;
  out->iterations = solution->iterations;
  out->converged = solution->converged;
  return WS_OK;
}

static ws_status minimise(ws__mlp *out, ws__mlp_problem *p,
                          const ws__mlp_options *options, ws_error *err) {
  ws__solver_options solver = {
      .max_iterations = options->max_iterations,
      .tolerance = options->tolerance,
      .floor = 1e-3 * (double)p->design.n,
      .decrease = options->decrease * (double)p->design.n,
      .progress = options->progress,
  };
  ws__solution solution = {0};
  double *x = ws_alloc_array(p->size, sizeof *x);
  if (!x) return WS_ENOMEM;
  set_start(p, options->seed, x);
  ws_status status = ws__minimise((ws__objective){ws__mlp_evaluate, p, p->size}, &solver,
                                  x, &solution, err);
  if (status == WS_OK) status = take_solution(out, p, x, &solution);
  ws_free(x);
  return status;
}

ws_status ws__mlp_train(ws__mlp *out, const ws__matrix *matrix, const ws__rows *rows,
                        size_t K, const ws__mlp_options *options, ws_error *err) {
  ws__mlp_problem p;
  *out = (ws__mlp){0};
  ws_status status = ws__mlp_problem_init(&p, matrix, rows, K, options, err);
  if (status == WS_OK) status = minimise(out, &p, options, err);
  ws__mlp_problem_clear(&p);
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}

void ws__mlp_clear(ws__mlp *mlp) {
  ws_free(mlp->column);
  ws_free(mlp->share);
  ws_free(mlp->first);
  ws_free(mlp->second);
  *mlp = (ws__mlp){0};
}

void ws__mlp_spread(const ws__mlp *mlp, float *to) {
  for (size_t e = 0; e < mlp->A; e++) {
    if (mlp->column[e] == UINT32_MAX) continue;
    const float *first = mlp->first + mlp->column[e] * mlp->H;
    for (size_t h = 0; h < mlp->H; h++) to[e * mlp->H + h] = mlp->share[e] * first[h];
  }
}
