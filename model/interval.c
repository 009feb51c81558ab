/* SPDX-License-Identifier: MIT
 *
 * The exact interval of a proportion (C. J. Clopper, E. S. Pearson: The use of confidence
 * or fiducial limits illustrated in the case of the binomial, Biometrika 26, 1934), whose
 * limits are quantiles of beta distributions. GSL's own quantile (gsl_cdf_beta_Pinv, 2.7)
 * gives NaN from about a million trials on; its distribution function does not, so the
 * quantile is found by bisection of that, down to neighbouring doubles.
 */
#include <weaksup/metrics.h>

#include <assert.h>
#include <math.h>

#include <gsl/gsl_cdf.h>

/* x with P(X <= x) = tail, X ~ Beta(a, b). */
static double lower_limit(double tail, double a, double b) {
  double low = 0, high = 1;
  for (;;) {
    double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return low;
    if (gsl_cdf_beta_P(middle, a, b) < tail)
      low = middle;
    else
      high = middle;
  }
}

/* x with P(X > x) = tail. */
static double upper_limit(double tail, double a, double b) {
  double low = 0, high = 1;
  for (;;) {
    double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (gsl_cdf_beta_Q(middle, a, b) > tail)
      low = middle;
    else
      high = middle;
  }
}

ws_interval ws_binomial_interval(uint64_t successes, uint64_t trials, double confidence) {
  assert(successes <= trials && confidence > 0 && confidence < 1);
  if (trials == 0) return (ws_interval){(double)NAN, (double)NAN};
  double s = (double)successes, n = (double)trials, tail = (1 - confidence) / 2;
  return (ws_interval){
      .low = successes == 0 ? 0 : lower_limit(tail, s, n - s + 1),
      .high = successes == trials ? 1 : upper_limit(tail, s + 1, n - s),
  };
}

ws_interval ws_wilson_interval(uint64_t successes, uint64_t trials, double confidence) {
  assert(successes <= trials && confidence > 0 && confidence < 1);
  if (trials == 0) return (ws_interval){(double)NAN, (double)NAN};
  double n = (double)trials, p = (double)successes / n;
  double z = gsl_cdf_ugaussian_Qinv((1 - confidence) / 2), z2 = z * z;
  double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  double half = z * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);
  return (ws_interval){
      .low = successes == 0 ? 0 : middle - half,
      .high = successes == trials ? 1 : middle + half,
  };
}

ws_interval ws_accuracy_interval(double accuracy, uint64_t n, double confidence) {
  return ws_binomial_interval((uint64_t)llround(accuracy * (double)n), n, confidence);
}
