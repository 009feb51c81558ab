/* SPDX-License-Identifier: MIT
 *
 * The softmax, with the largest log-weight taken out first so that nothing overflows and
 * the sum is at least 1.
 */
#include "softmax.h"

#include <math.h>

/* *largest is what was taken out; returns the sum before it became 1. */
static double normalise(double *x, size_t K, double *largest) {
  size_t top = 0;
  for (size_t k = 1; k < K; k++)
    if (x[k] > x[top]) top = k;
  *largest = x[top];
  double sum = 0;
  for (size_t k = 0; k < K; k++) {
    x[k] = k == top ? 1 : exp(x[k] - *largest);
    sum += x[k];
  }
  for (size_t k = 0; k < K; k++) x[k] /= sum;
  return sum;
}

void ws__normalise(double *x, size_t K) {
  double largest;
  normalise(x, K, &largest);
}

double ws__softmax(double *x, size_t K) {
  double largest, sum = normalise(x, K, &largest);
  return largest + log(sum);
}
