/* SPDX-License-Identifier: MIT
 *
 * Jason Rennie and others: Tackling the poor assumptions of naive Bayes text classifiers,
 * 2003, sections 2 and 4, for weights of terms in place of counts; labels are soft, so a
 * row adds P(class) of its weights to each class. The mass of class k and feature e is
 * N_ek = sum_i P_ik x_ie + .1.
 *
 * Naive Bayes is far too sure of what it says: T and b (Platt's scaling for K classes)
 * are fitted to scores that are no row's own. Five folds need each the total less their
 * own part, so two arrays [A][K] do, and each row is read three times.
 */
#include "naive_bayes.h"

#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/rng.h>

#include "blocks.h"
#include "softmax.h"
#include "solver.h"

#define SMOOTHING  0.1
#define RIDGE      1e-5 // keeps T and b finite where the labels can be had without error
#define ITERATIONS 60

enum {
  FOLDS = 5,
  ALL = FOLDS,
  CALIBRATED = 50000, // rows at most: K + 1 numbers need no more
};

typedef struct trainer {
  const ws__matrix *matrix;
  const ws__rows *rows;
  size_t K, A;
  uint8_t *fold;          // [n]
  float *total, *weights; // [A][K]
  double *base;           // [K]
  double *scores;         // [n][K], or NULL
  int scored;             // the fold whose rows are being scored
  ws__blocks *entries, *blocks;
} trainer;

/* --- counting ----------------------------------------------------------------------- */

/* Adds the mass of the rows of one fold, or ALL, to sums[A][K]. */
static void count(const trainer *t, int fold, float *sums) {
  const ws__matrix *m = t->matrix;
  size_t K = t->K;
  float target[WS_MAX_CLASSES];
  for (size_t i = 0; i < t->rows->n; i++) {
    double mass = 0;
    if (fold != ALL && t->fold[i] != fold) continue;
    for (size_t k = 0; k < K; k++) {
      mass += t->rows->targets[i * K + k];
      target[k] = (float)t->rows->targets[i * K + k];
    }
    if (mass == 0) continue;
    size_t row = ws__row_of(t->rows, i);
    for (size_t c = m->begin[row]; c < m->begin[row + 1]; c++) {
      float *sum = sums + m->cells[c].index * K, value = m->cells[c].value;
      for (size_t k = 0; k < K; k++) sum[k] += value * target[k];
    }
  }
}

/* The masses in `weights` become those of the other folds, then logarithms. Features of
 * numbers can be negative: such mass is none. The sums are the masses of the classes. */
static void take_logs(void *user, double *sums, size_t first, size_t end) {
  const trainer *t = user;
  size_t K = t->K;
  for (size_t e = first; e < end; e++)
    for (size_t k = 0; k < K; k++) {
      float *weight = t->weights + e * K + k;
      float mass = t->weights == t->total ? *weight : t->total[e * K + k] - *weight;
      *weight = mass > 0 ? log1pf(mass * (float)(1 / SMOOTHING)) : 0;
      if (mass > 0) sums[k] += (double)mass;
    }
}

static void weigh(trainer *t) {
  const double *mass = ws__blocks_run(t->entries, take_logs, t);
  double mean = 0;
  for (size_t k = 0; k < t->K; k++) {
    t->base[k] = -log(mass[k] / SMOOTHING + (double)t->A);
    mean += t->base[k] / (double)t->K;
  }
  for (size_t k = 0; k < t->K; k++) t->base[k] -= mean;
}

/* --- scoring ------------------------------------------------------------------------ */

static void score_row(const ws__matrix *m, size_t row, size_t K, const float *weights,
                      const double *base, double *scores) {
  double sum = 0, mean = 0;
  for (size_t k = 0; k < K; k++) scores[k] = 0;
  for (size_t c = m->begin[row]; c < m->begin[row + 1]; c++) {
    double value = (double)m->cells[c].value;
    const float *weight = weights + m->cells[c].index * K;
    for (size_t k = 0; k < K; k++) scores[k] += value * (double)weight[k];
    sum += value;
  }
  for (size_t k = 0; k < K; k++) {
    scores[k] += sum * base[k];
    mean += scores[k] / (double)K;
  }
  for (size_t k = 0; k < K; k++) scores[k] -= mean;
}

static void score_rows(void *user, double *sums, size_t first, size_t end) {
  const trainer *t = user;
  (void)sums;
  for (size_t i = first; i < end; i++)
    if (t->fold[i] == t->scored)
      score_row(t->matrix, ws__row_of(t->rows, i), t->K, t->weights, t->base,
                t->scores + i * t->K);
}

/* The rows of each fold by the mass of the others. */
static void cross_fit(trainer *t) {
  for (t->scored = 0; t->scored < FOLDS; t->scored++) {
    memset(t->weights, 0, t->A * t->K * sizeof *t->weights);
    count(t, t->scored, t->weights);
    weigh(t);
    ws__blocks_run(t->blocks, score_rows, t);
  }
}

/* --- calibrating -------------------------------------------------------------------- */

/* The variables are log T (for scores of deviation 1), then b. */
typedef struct calibration {
  const double *scores, *targets; // [n][K]
  size_t n, K, step;              // every step-th row is looked at
  double deviation, mass;
  const double *x;
  ws__blocks *blocks;
} calibration;

static void add_losses(void *user, double *sums, size_t first, size_t end) {
  const calibration *c = user;
  size_t K = c->K;
  double z[WS_MAX_CLASSES], sharpness = exp(c->x[0]) / c->deviation;
  for (size_t at = first; at < end; at++) {
    const double *score = c->scores + at * c->step * K;
    const double *target = c->targets + at * c->step * K;
    double mass = 0, agreement = 0;
    for (size_t k = 0; k < K; k++) {
      z[k] = sharpness * score[k] + c->x[1 + k];
      mass += target[k];
      agreement += target[k] * z[k];
    }
    if (mass == 0) continue;
    sums[K + 1] += mass * ws__softmax(z, K) - agreement;
    for (size_t k = 0; k < K; k++) {
      double residual = mass * z[k] - target[k];
      sums[0] += residual * sharpness * score[k];
      sums[1 + k] += residual;
    }
  }
}

static double mean_loss(void *user, const double *x, double *gradient) {
  calibration *c = user;
  c->x = x;
  const double *sums = ws__blocks_run(c->blocks, add_losses, c);
  double loss = sums[c->K + 1] / c->mass;
  for (size_t v = 0; v <= c->K; v++) {
    gradient[v] = sums[v] / c->mass + RIDGE * x[v];
    loss += RIDGE * x[v] * x[v] / 2;
  }
  return loss;
}

/* Deviation of the scores (their mean is 0) and mass of the rows that are looked at. */
static void measure(calibration *c, size_t rows) {
  double squares = 0;
  size_t count = 0;
  c->mass = 0;
  for (size_t at = 0; at < rows; at++) {
    const double *target = c->targets + at * c->step * c->K;
    double before = c->mass;
    for (size_t k = 0; k < c->K; k++) c->mass += target[k];
    if (c->mass == before) continue;
    for (size_t k = 0; k < c->K; k++) {
      double score = c->scores[at * c->step * c->K + k];
      squares += score * score;
    }
    count += c->K;
  }
  c->deviation = (count ? sqrt(squares / (double)count) : 0) + 1e-9;
}

static ws_status calibrate(const trainer *t, ws__bayes *out, unsigned threads,
                           ws_error *err) {
  calibration c = {.scores = t->scores, .targets = t->rows->targets, .K = t->K};
  size_t n = t->rows->n;
  c.step = n > CALIBRATED ? (n + CALIBRATED - 1) / CALIBRATED : 1;
  size_t looked_at = n / c.step + (n % c.step != 0);
  measure(&c, looked_at);
  out->sharpness = 1 / c.deviation;
  if (c.mass == 0) return WS_OK; // b stays 0
  double *x = ws_alloc_zero(t->K + 1, sizeof *x);
  ws_status status =
      x ? ws__blocks_new(looked_at, t->K + 2, threads, &c.blocks) : WS_ENOMEM;
  ws__solution solution;
  ws__solver_options how = {
      .max_iterations = ITERATIONS, .tolerance = 1e-5, .floor = 1e-3, .decrease = 1e-9};
  if (status == WS_OK)
    status =
        ws__minimise((ws__objective){mean_loss, &c, t->K + 1}, &how, x, &solution, err);
  if (status == WS_OK) {
    out->sharpness = exp(x[0]) / c.deviation;
    memcpy(out->bias, x + 1, t->K * sizeof *x);
  }
  ws__blocks_free(c.blocks);
  ws_free(x);
  return status;
}

static void rescale(const ws__bayes *bayes, double *scores) {
  for (size_t k = 0; k < bayes->K; k++)
    scores[k] = bayes->sharpness * scores[k] + bayes->bias[k];
}

/* --- training ----------------------------------------------------------------------- */

static ws_status deal_folds(trainer *t, uint64_t seed) {
  size_t n = t->rows->n;
  ws_rng rng;
  ws_rng_init(&rng, seed);
  t->fold = ws_alloc_array(n, sizeof *t->fold);
  if (!t->fold) return WS_ENOMEM;
  for (size_t i = 0; i < n; i++) t->fold[i] = (uint8_t)(i % FOLDS);
  for (size_t i = n; i > 1; i--) { // Fisher and Yates
    size_t j = (size_t)ws_rng_below(&rng, i);
    uint8_t fold = t->fold[i - 1];
    t->fold[i - 1] = t->fold[j];
    t->fold[j] = fold;
  }
  return WS_OK;
}

static ws_status make_room(trainer *t, ws__bayes *out, unsigned threads) {
  size_t cells = t->A > SIZE_MAX / t->K ? 0 : t->A * t->K;
  if (t->A && !cells) return WS_ENOMEM;
  out->weights = ws_alloc_zero(cells, sizeof *out->weights);
  out->base = ws_alloc_array(t->K, sizeof *out->base);
  out->bias = ws_alloc_zero(t->K, sizeof *out->bias);
  t->weights = ws_alloc_array(cells, sizeof *t->weights);
  if (!out->weights || !out->base || !out->bias || !t->weights) return WS_ENOMEM;
  t->total = out->weights;
  t->base = out->base;
  WS_TRY(ws__blocks_new(t->A, t->K, threads, &t->entries));
  return ws__blocks_new(t->rows->n, 0, threads, &t->blocks);
}

static ws_status train(trainer *t, ws__bayes *out, const ws__bayes_options *options,
                       ws_error *err) {
  WS_TRY(deal_folds(t, options->seed));
  WS_TRY(make_room(t, out, options->threads));
  count(t, ALL, t->total);
  cross_fit(t);
  ws_free(t->weights);
  t->weights = t->total;
  weigh(t);
  ws_status status = calibrate(t, out, options->threads, err);
  for (size_t i = 0; i < t->rows->n; i++) rescale(out, t->scores + i * t->K);
  return status;
}

ws_status ws__bayes_train(ws__bayes *out, const ws__matrix *matrix, const ws__rows *rows,
                          size_t K, const ws__bayes_options *options, double *scores,
                          ws_error *err) {
  trainer t = {.matrix = matrix, .rows = rows, .K = K, .A = matrix->A, .scores = scores};
  double *own = scores ? NULL : ws_alloc_array(rows->n * K, sizeof *own);
  *out = (ws__bayes){.K = K, .A = matrix->A};
  if (!scores) t.scores = own;
  ws_status status = t.scores ? train(&t, out, options, err) : WS_ENOMEM;
  if (t.weights != out->weights) ws_free(t.weights);
  ws_free(t.fold);
  ws_free(own);
  ws__blocks_free(t.entries);
  ws__blocks_free(t.blocks);
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}

void ws__bayes_clear(ws__bayes *bayes) {
  ws_free(bayes->weights);
  ws_free(bayes->base);
  ws_free(bayes->bias);
  *bayes = (ws__bayes){0};
}

/* --- using it ----------------------------------------------------------------------- */

void ws__bayes_scores(const ws__bayes *bayes, const ws__matrix *matrix, size_t row,
                      double *scores) {
  score_row(matrix, row, bayes->K, bayes->weights, bayes->base, scores);
  rescale(bayes, scores);
}

void ws__bayes_add_weights(const ws__bayes *bayes, double factor, float *to,
                           float *bias) {
  size_t K = bayes->K;
  double sharpness = factor * bayes->sharpness;
  for (size_t k = 0; k < K; k++)
    bias[k] = (float)((double)bias[k] + factor * bayes->bias[k]);
  for (size_t e = 0; e < bayes->A; e++) {
    const float *weight = bayes->weights + e * K;
    double mean = 0;
    for (size_t k = 0; k < K; k++) mean += (double)weight[k] / (double)K;
    for (size_t k = 0; k < K; k++)
      to[e * K + k] += (float)(sharpness * ((double)weight[k] + bayes->base[k] - mean));
  }
}
