/* SPDX-License-Identifier: MIT
 *
 * Richard Brent: Algorithms for minimization without derivatives, 1973, chapter 5, done
 * by GSL.
 */
#include "brent.h"

#include <stdbool.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>

#define ITERATIONS 60
#define TOLERANCE  1e-9

/* Between two points, f being least at `middle` of the three. */
static double refine(gsl_function *f, double low, double middle, double high) {
  gsl_min_fminimizer *search = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
  if (!search) return middle;
  int status = gsl_min_fminimizer_set(search, f, middle, low, high);
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

double ws__least(double (*f)(double x, void *user), void *user, double low, double high,
                 int steps) {
  double step = (high - low) / steps, before = 0, last = 0, at_best = 0, after = 0;
  int best = -1;
  for (int i = 0; i <= steps; i++) {
    double value = f(low + i * step, user);
    if (best < 0 || value < at_best) {
      best = i;
      at_best = value;
      before = last;
    } else if (i == best + 1) {
      after = value;
    }
    last = value;
  }
  double x = low + best * step;
  bool inside = best > 0 && best < steps && at_best < before && at_best < after;
  return inside ? refine(&(gsl_function){f, user}, x - step, x, x + step) : x;
}
