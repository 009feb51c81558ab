/* SPDX-License-Identifier: MIT
 *
 * Tempering. The exponent t follows the design effect of a cluster of `votes` members
 * with intraclass correlation rho, 1 + rho (votes - 1) (Leslie Kish: Survey Sampling,
 * 1965): that many votes are worth as one. Order and ties of the classes stay as they
 * were.
 */
#include "temper.h"

#include <math.h>

#include "softmax.h"

double ws__temper_exponent(size_t votes, double scale, double rho) {
  return scale / (1 + rho * ((double)votes - 1));
}

void ws__temper(double *probs, size_t K, size_t votes, double scale, double rho,
                double eps) {
  if (scale == 1 && rho == 0 && eps == 0) return;
  double t = ws__temper_exponent(votes, scale, rho);
  for (size_t k = 0; k < K; k++) probs[k] = t * log(fmax(probs[k], WS_TEMPER_LEAST));
  ws__normalise(probs, K);
  for (size_t k = 0; k < K; k++) probs[k] = (1 - eps) * probs[k] + eps / (double)K;
}
