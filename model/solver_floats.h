/* SPDX-License-Identifier: MIT
 *
 * Minimisation of smooth functions of very many variables: vectors of floats, on several
 * threads. Where the variables are few or floats too coarse, solver.h is the choice.
 */
#ifndef WS_SOLVER_FLOATS_H
#define WS_SOLVER_FLOATS_H

#include "solver.h"

typedef struct ws__float_objective {
  /* f(x), its gradient through `gradient`: both [size]. */
  double (*call)(void *user, const float *x, float *gradient);
  void *user;
  size_t size;
} ws__float_objective;

/* As ws__minimise. The result does not depend on the number of threads, 0 being as many
 * as there are processors. */
ws_status ws__minimise_floats(ws__float_objective objective,
                              const ws__solver_options *options, unsigned threads,
                              float *x, ws__solution *out, ws_error *err);

#endif
