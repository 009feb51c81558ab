/* SPDX-License-Identifier: MIT
 *
 * Temperature scaling (C. Guo and others: On calibration of modern neural networks, 2017)
 * of linear scores: the negative log-likelihood is convex in the inverse temperature, so
 * Brent's method between two bounds finds the least.
 */
#include "temperature.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>

#include <weaksup/alloc.h>

#include "softmax.h"

#define BOUND      3.912 // ln 50
#define ITERATIONS 60
#define TOLERANCE  1e-6

typedef struct problem {
  const double *scores;
  const int32_t *gold;
  size_t n, K;
  double *z; // [K]
} problem;

/* Of the inverse temperature exp(x): the mean of -log P(gold). */
static double loss_at(double x, void *user) {
  const problem *p = user;
  double sum = 0, inverse = exp(x);
  for (size_t i = 0; i < p->n; i++) {
    for (size_t k = 0; k < p->K; k++) p->z[k] = inverse * p->scores[i * p->K + k];
    double own = p->z[p->gold[i]];
    sum += ws__softmax(p->z, p->K) - own;
  }
  return p->n ? sum / (double)p->n : 0;
}

/* From the least of some points: Brent's method wants one between its bounds. */
static double search(problem *p) {
  enum { STEPS = 8 };
  double step = 2 * BOUND / STEPS, losses[STEPS + 1];
  int best = 0;
  for (int i = 0; i <= STEPS; i++) {
    losses[i] = loss_at(-BOUND + i * step, p);
    if (losses[i] < losses[best]) best = i;
  }
  double x = -BOUND + best * step;
  if (best == 0 || best == STEPS || !(losses[best] < losses[best - 1]) ||
      !(losses[best] < losses[best + 1]))
    return x;
  gsl_function function = {loss_at, p};
  gsl_min_fminimizer *brent = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
  if (!brent) return x;
  int status = gsl_min_fminimizer_set(brent, &function, x, x - step, x + step);
  for (int i = 0; status == GSL_SUCCESS && i < ITERATIONS; i++) {
    status = gsl_min_fminimizer_iterate(brent);
    x = gsl_min_fminimizer_x_minimum(brent);
    if (gsl_min_test_interval(gsl_min_fminimizer_x_lower(brent),
                              gsl_min_fminimizer_x_upper(brent), TOLERANCE,
                              0) == GSL_SUCCESS)
      break;
  }
  gsl_min_fminimizer_free(brent);
  return x;
}

ws_status ws__temperature_fit(const double *scores, const int32_t *gold, size_t n,
                              size_t K, double *out, double *loss) {
  problem p = {scores, gold, n, K, ws_alloc_array(K, sizeof *p.z)};
  if (!p.z) return WS_ENOMEM;
  double temperature = exp(-search(&p));
  double unit = pow(10, floor(log10(temperature)) - 3);
  *out = floor(temperature / unit + 0.5) * unit;
  *loss = loss_at(-log(*out), &p);
  ws_free(p.z);
  return WS_OK;
}

void ws__classifier_temper(ws_classifier *classifier, double temperature) {
  size_t K = classifier->K;
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
