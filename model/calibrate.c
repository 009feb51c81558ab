/* SPDX-License-Identifier: MIT
 *
 * Temperature scaling (C. Guo and others: On calibration of modern neural networks, 2017)
 * of a label model's posteriors. One number is fitted, so a few dozen records do.
 */
#include "calibrate.h"

#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "brent.h"
#include "temper.h"

#define PRIOR_SD 0.5
#define STEPS    48

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

ws_status ws__fit_scale(const ws__judged *judged, unsigned without, double rho,
                        double eps, double *out) {
  problem p = {judged, without, rho, eps, ws_alloc_array(judged->K, sizeof *p.probs)};
  if (!p.probs) return WS_ENOMEM;
  double x = ws__least(loss, &p, log(WS_SCALE_LOW), log(WS_SCALE_HIGH), STEPS);
  *out = floor(exp(x) * 1e4 + 0.5) / 1e4;
  ws_free(p.probs);
  return WS_OK;
}
