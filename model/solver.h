/* SPDX-License-Identifier: MIT
 *
 * Unconstrained minimisation of smooth functions of many variables.
 */
#ifndef WS_SOLVER_H
#define WS_SOLVER_H

#include <stddef.h>

#include <weaksup/progress.h>
#include <weaksup/status.h>

typedef struct ws__objective {
  /* f(x), its gradient through `gradient`: both [size]. */
  double (*call)(void *user, const double *x, double *gradient);
  void *user;
  size_t size;
} ws__objective;

typedef struct ws__solver_options {
  unsigned max_iterations;
  double tolerance; // stop when |gradient| <= tolerance * max(|first gradient|, floor)
  double floor;
  double decrease;           // or when an iteration lowers f by less; 0: not for this
  ws_progress_sink progress; // "training", in iterations
} ws__solver_options;

typedef struct ws__solution {
  double value; // f at x
  unsigned iterations;
  bool converged; // it stopped for one of these two
} ws__solution;

/* How many iterations it may take in all, for who waits: what one gains shrinks about
 * geometrically, from that of the first to options->decrease. */
unsigned ws__solver_expected(const ws__solver_options *options, unsigned iteration,
                             double first_gain, double gain);

/* WS_EINVAL where there are more variables than the solver can count: to be asked before
 * memory for them is. */
ws_status ws__solver_check(size_t size, ws_error *err);

/* WS_EINVAL where a minimum is no number: what was to be minimised is too large or small
 * for one. */
ws_status ws__solver_finite(double value, ws_error *err);

/* Moves x[size] to a minimum. Ending short of it, by the number of iterations or because
 * rounding allows no further descent, is no error: .converged tells. WS_ESTOPPED where
 * progress said so; WS_EINVAL where f at the end is not finite. */
ws_status ws__minimise(ws__objective objective, const ws__solver_options *options,
                       double *x, ws__solution *out, ws_error *err);

#endif
