/* SPDX-License-Identifier: MIT
 *
 * Temperature scaling (C. Guo and others: On calibration of modern neural networks, 2017)
 * of a label model's posteriors. One number is fitted, so a few dozen records do.
 */
#include "calibrate.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>

#include <weaksup/alloc.h>

#include "temper.h"

#define PRIOR_SD   0.5
#define STEPS      48
#define ITERATIONS 60
#define TOLERANCE  1e-9

typedef struct problem {
  const ws__judged *judged;
  unsigned without;
  double rho, eps;
  double *probs; // [K]
} problem;

/* -log of the penalised likelihood at ln scale = x. */
static double loss(double x, void *user) {
  const problem *p = user;
  const ws__judged *j = p->judged;
  double sum = x * x / (2 * PRIOR_SD * PRIOR_SD);
  for (size_t i = 0; i < j->count; i++) {
    const ws__judged_row *row = &j->rows[i];
    if (row->part == p->without || row->votes == 0) continue;
    memcpy(p->probs, j->probs + i * j->K, j->K * sizeof *p->probs);
    ws__temper(p->probs, j->K, row->votes, exp(x), p->rho, p->eps);
    sum -= log(fmax(p->probs[row->gold], 1e-300));
  }
  return sum;
}

/* Brent's method between two points, the loss being least at `middle` of the three. */
static double refine(problem *p, double low, double middle, double high) {
  gsl_function function = {loss, p};
  gsl_min_fminimizer *search = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
  if (!search) return middle;
  int status = gsl_min_fminimizer_set(search, &function, middle, low, high);
  for (int i = 0; status == GSL_SUCCESS && i < ITERATIONS; i++) {
    status = gsl_min_fminimizer_iterate(search);
    middle = gsl_min_fminimizer_x_minimum(search);
    if (gsl_min_test_interval(gsl_min_fminimizer_x_lower(search),
                              gsl_min_fminimizer_x_upper(search), TOLERANCE,
                              0) == GSL_SUCCESS)
      break;
  }
  gsl_min_fminimizer_free(search);
  return middle;
}

/* The best of some points first: the loss need not have one minimum only. */
static double search(problem *p) {
  double low = log(WS_SCALE_LOW), step = (log(WS_SCALE_HIGH) - low) / STEPS;
  double losses[STEPS + 1];
  int best = 0;
  for (int i = 0; i <= STEPS; i++) {
    losses[i] = loss(low + i * step, p);
    if (losses[i] < losses[best]) best = i;
  }
  double x = low + best * step;
  bool inside = best > 0 && best < STEPS && losses[best] < losses[best - 1] &&
                losses[best] < losses[best + 1];
  return inside ? refine(p, x - step, x, x + step) : x;
}

ws_status ws__fit_scale(const ws__judged *judged, unsigned without, double rho,
                        double eps, double *out) {
  problem p = {judged, without, rho, eps, ws_alloc_array(judged->K, sizeof *p.probs)};
  if (!p.probs) return WS_ENOMEM;
  *out = floor(exp(search(&p)) * 1e4 + 0.5) / 1e4;
  ws_free(p.probs);
  return WS_OK;
}
