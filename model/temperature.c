/* SPDX-License-Identifier: MIT
 *
 * Temperature scaling (C. Guo and others: On calibration of modern neural networks, 2017)
 * of linear scores: the negative log-likelihood is convex in the inverse temperature, so
 * Brent's method between two bounds finds the least.
 */
#include "temperature.h"

#include <math.h>

#include <weaksup/alloc.h>

#include "brent.h"
#include "softmax.h"

#define BOUND 3.912 // ln 50
#define STEPS 8

typedef struct problem {
  const double *scores;
  const int32_t *gold;   // or
  const double *targets; // [n][K]
  size_t n, K;
  double prior_sd;
  double *z; // [K]
} problem;

/* Of the inverse temperature exp(x): the mean of -log P(gold). */
static double mean_loss(const problem *p, double x) {
  double sum = 0, inverse = exp(x);
  for (size_t i = 0; i < p->n; i++) {
    for (size_t k = 0; k < p->K; k++) p->z[k] = inverse * p->scores[i * p->K + k];
    double own = p->z[p->gold[i]];
    sum += ws__softmax(p->z, p->K) - own;
  }
  return sum / (double)p->n;
}

static double soft_loss_at(double x, void *user) {
  const problem *p = user;
  double sum = 0, inverse = exp(x);
  for (size_t i = 0; i < p->n; i++) {
    const double *target = p->targets + i * p->K;
    double mass = 0, agreement = 0;
    for (size_t k = 0; k < p->K; k++) {
      p->z[k] = inverse * p->scores[i * p->K + k];
      mass += target[k];
      agreement += target[k] * p->z[k];
    }
    sum += mass * ws__softmax(p->z, p->K) - agreement;
  }
  return sum / (double)p->n;
}

/* Four significant digits. */
static double temperature_of(double x) {
  double temperature = exp(-x), unit = pow(10, floor(log10(temperature)) - 3);
  return floor(temperature / unit + 0.5) * unit;
}

/* The prior keeps scores that are right each time from being made certain. */
static double loss_at(double x, void *user) {
  const problem *p = user;
  double deviations = x / p->prior_sd;
  return mean_loss(p, x) + deviations * deviations / (2 * (double)p->n);
}

ws_status ws__temperature_fit(const double *scores, const int32_t *gold, size_t n,
                              size_t K, double prior_sd, double *out, double *loss) {
  *out = 1;
  *loss = 0;
  if (n == 0) return WS_OK;
  problem p = {scores, gold, NULL, n, K, prior_sd, ws_alloc_array(K, sizeof *p.z)};
  if (!p.z) return WS_ENOMEM;
  *out = temperature_of(ws__least(loss_at, &p, -BOUND, BOUND, STEPS));
  *loss = mean_loss(&p, -log(*out));
  ws_free(p.z);
  return WS_OK;
}

ws_status ws__temperature_fit_soft(const double *scores, const double *targets, size_t n,
                                   size_t K, double *out) {
  *out = 1;
  if (n == 0) return WS_OK;
  problem p = {scores, NULL, targets, n, K, 0, ws_alloc_array(K, sizeof *p.z)};
  if (!p.z) return WS_ENOMEM;
  *out = temperature_of(ws__least(soft_loss_at, &p, -BOUND, BOUND, STEPS));
  ws_free(p.z);
  return WS_OK;
}

void ws__classifier_temper(ws_classifier *classifier, double temperature) {
  size_t K = classifier->K, H = classifier->H;
  for (size_t i = 0; i < (H + 1) * K && H > 0; i++) // the output's weights and bias
    classifier->second[i] = (float)((double)classifier->second[i] / temperature);
  if (H > 0) return;
  for (size_t i = 0; i < classifier->A * K; i++)
    classifier->weights[i] = (float)((double)classifier->weights[i] / temperature);
  for (size_t k = 0; k < K; k++)
    classifier->bias[k] = (float)((double)classifier->bias[k] / temperature);
}

void ws__classifier_add(ws_classifier *classifier, const ws_classifier *other) {
  size_t K = classifier->K;
  for (size_t i = 0; i < classifier->A * K; i++)
    classifier->weights[i] =
        (float)((double)classifier->weights[i] + (double)other->weights[i]);
  for (size_t k = 0; k < K; k++)
    classifier->bias[k] = (float)((double)classifier->bias[k] + (double)other->bias[k]);
}
