/* SPDX-License-Identifier: MIT
 *
 * Minimisation by L-BFGS (Dong Liu, Jorge Nocedal: On the limited memory BFGS method for
 * large scale optimization, 1989), done by the system's liblbfgs. This is the only file
 * that knows it: its stopping rules are turned off in favour of ours, and its codes end
 * here. It asks malloc for memory, past weaksup's own allocator.
 */
#include "solver.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include <lbfgs.h>

/* Pairs of steps and gradient changes that are remembered: fewer where a hundred million
 * numbers would be needed for them. */
enum { MEMORY = 5, LEAST_MEMORY = 3 };

static int memory_for(size_t size) {
  size_t pairs = (size_t)100000000 / (2 * (size ? size : 1));
  return pairs > MEMORY ? MEMORY : pairs < LEAST_MEMORY ? LEAST_MEMORY : (int)pairs;
}

typedef struct run {
  ws__objective objective;
  const ws__solver_options *options;
  double enough; // the gradient's norm to reach
  ws__solution solution;
  double first_gain;
  bool stopped;
} run;

static double evaluate(void *user, const double *x, double *gradient, int n,
                       double step) {
  (void)n, (void)step;
  run *r = user;
  return r->objective.call(r->objective.user, x, gradient);
}

/* Called after each iteration; another number than 0 ends the run. */
static int progress(void *user, const double *x, const double *gradient, double value,
                    double x_norm, double gradient_norm, double step, int n,
                    int iteration, int evaluations) {
  (void)x, (void)gradient, (void)x_norm, (void)step, (void)n, (void)evaluations;
  run *r = user;
  double gain = r->solution.value - value;
  bool still = gain < r->options->decrease;
  if (iteration == 1) r->first_gain = gain;
  r->solution.value = value;
  r->solution.iterations = (unsigned)iteration;
  r->solution.converged = gradient_norm <= r->enough || still;
  unsigned expected =
      ws__solver_expected(r->options, (unsigned)iteration, r->first_gain, gain);
  r->stopped = !ws_progress_report(r->options->progress, "training", (uint64_t)iteration,
                                   expected, "iterations");
  return r->stopped || r->solution.converged ||
         r->solution.iterations >= r->options->max_iterations;
}

static double norm(const double *x, size_t size) {
  double squares = 0;
  for (size_t i = 0; i < size; i++) squares += x[i] * x[i];
  return sqrt(squares);
}

/* What a code of liblbfgs comes to, when it was not `progress` that ended the run. */
static ws_status status_of(int code, ws_error *err) {
  switch (code) {
  case LBFGS_SUCCESS:
  case LBFGS_STOP:
  case LBFGS_ALREADY_MINIMIZED:
  // the line search found no lower value: x stays at the lowest
  case LBFGSERR_OUTOFINTERVAL:
  case LBFGSERR_INCORRECT_TMINMAX:
  case LBFGSERR_ROUNDING_ERROR:
  case LBFGSERR_MINIMUMSTEP:
  case LBFGSERR_MAXIMUMSTEP:
  case LBFGSERR_MAXIMUMLINESEARCH:
  case LBFGSERR_WIDTHTOOSMALL:
  case LBFGSERR_INCREASEGRADIENT:
    return WS_OK;
  case LBFGSERR_OUTOFMEMORY:
    return WS_ENOMEM;
  default:
    return ws_error_set(err, WS_ECONVERGE, "the solver failed with its code %d", code);
  }
}

/* `point` is liblbfgs' own memory, aligned as its vector code wants it. */
static ws_status solve(run *r, double *point, ws_error *err) {
  lbfgs_parameter_t parameters;
  lbfgs_parameter_init(&parameters);
  parameters.m = memory_for(r->objective.size);
  parameters.epsilon = 0;
  int code =
      lbfgs((int)r->objective.size, point, NULL, evaluate, progress, r, &parameters);
  if (r->stopped) return ws_error_set(err, WS_ESTOPPED, "training was stopped");
  return r->solution.converged ? WS_OK : status_of(code, err);
}

/* Values and gradient at the start: fixes what is enough, which may be reached already.
 */
static bool begin(run *r, const double *x, double *gradient) {
  r->solution.value = r->objective.call(r->objective.user, x, gradient);
  double first = norm(gradient, r->objective.size);
  r->enough = r->options->tolerance * fmax(first, r->options->floor);
  r->solution.converged = first <= r->enough;
  return !r->solution.converged && r->options->max_iterations > 0;
}

unsigned ws__solver_expected(const ws__solver_options *options, unsigned iteration,
                             double first_gain, double gain) {
  double least = options->decrease, most = options->max_iterations;
  if (iteration == options->max_iterations || least <= 0) return options->max_iterations;
  double way = log(first_gain / least), gone = log(first_gain / gain);
  if (!(way > 0 && gone > 0)) return options->max_iterations;
  double expected = 1 + ceil((iteration - 1) * way / gone);
  return (unsigned)fmin(fmax(expected, iteration + 1.0), most);
}

ws_status ws__solver_check(size_t size, ws_error *err) {
  if (size <= INT_MAX - 16) return WS_OK;
  return ws_error_set(err, WS_EINVAL, "expected at most %d weights, found %zu",
                      INT_MAX - 16, size);
}

ws_status ws__solver_finite(double value, ws_error *err) {
  if (isfinite(value)) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "training leads to no finite number: the weights of records or "
                      "classes, or C, are too large or too small");
}

ws_status ws__minimise(ws__objective objective, const ws__solver_options *options,
                       double *x, ws__solution *out, ws_error *err) {
  WS_TRY(ws__solver_check(objective.size, err));
  run r = {.objective = objective, .options = options};
  double *point = lbfgs_malloc((int)objective.size);
  double *gradient = lbfgs_malloc((int)objective.size);
  ws_status status = WS_ENOMEM;
  if (point && gradient) {
    status = WS_OK;
    memcpy(point, x, objective.size * sizeof *x);
    bool more = begin(&r, point, gradient);
    lbfgs_free(gradient);
    gradient = NULL;
    if (more) status = solve(&r, point, err);
  }
  if (status == WS_OK) status = ws__solver_finite(r.solution.value, err);
  if (status == WS_OK) {
    memcpy(x, point, objective.size * sizeof *x);
    *out = r.solution;
  }
  lbfgs_free(point);
  lbfgs_free(gradient);
  return status;
}
