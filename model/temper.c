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

void ws__temper(double *probs, size_t K, size_t votes, double scale, double rho,
                double eps) {
  if (scale == 1 && rho == 0 && eps == 0) return;
  double t = scale / (1 + rho * ((double)votes - 1));
  for (size_t k = 0; k < K; k++) probs[k] = t * log(fmax(probs[k], 1e-300));
  ws__normalise(probs, K);
  for (size_t k = 0; k < K; k++) probs[k] = (1 - eps) * probs[k] + eps / (double)K;
}
