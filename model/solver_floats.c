/* SPDX-License-Identifier: MIT
 *
 * L-BFGS (Dong Liu, Jorge Nocedal: On the limited memory BFGS method for large scale
 * optimization, 1989), its two loops done on products in place of vectors (Weizhu Chen,
 * Zhenghao Wang, Jingren Zhou: Large-scale L-BFGS using MapReduce, 2014): the direction
 * is a sum of the remembered vectors and the gradient, and its coefficients follow from
 * their products alone. With millions of variables the solver's own vectors cost as much
 * as the objective, and liblbfgs (solver_lbfgs.c) has them in double precision, on one
 * thread, and goes over them twice as often. Here they are floats, all sums end in
 * doubles, and all processors take part.
 * The first step's length is unknown, all others are nearly always 1: a plain bracketing
 * line search is enough.
 */
#include "solver_floats.h"

#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "blocks.h"

/* Pairs of steps and gradient changes that are remembered: fewer where a hundred million
 * numbers would be needed for them. */
enum { MEMORY = 5, LEAST_MEMORY = 3, LANES = 8, STRETCH = 256, MOST_TRIES = 30 };
enum { PRODUCTS = 2 * MEMORY + 3 };

/* The least share of the fall that the slope promises; what sums of floats leave open. A
 * step that falls by less is shortened, so that none is small by chance, which would end
 * the training too early. */
static const double LEAST_FALL = 0.1, ROUNDING = 1e-7;

/* A sum of the remembered vectors and the gradient. */
typedef struct combination {
  double step[MEMORY], change[MEMORY], gradient;
} combination;

typedef struct run {
  ws__float_objective objective;
  const ws__solver_options *options;
  ws__blocks *blocks;
  float *x, *gradient;             // where it is
  float *next, *next_gradient;     // where it tries to go
  float *direction;                // downhill
  float *steps[MEMORY];            // the last moves of x
  float *changes[MEMORY];          // of the gradient
  float *memory;                   // all vectors
  size_t most, remembered, newest; // pairs

  // Products: of the i-th step and the j-th change, of two changes, of both with the
  // gradient, of the gradient with itself; [i][i] of the first is the pair's curvature.
  double step_change[MEMORY][MEMORY], changes_product[MEMORY][MEMORY];
  double step_gradient[MEMORY], change_gradient[MEMORY], squares;
  double direction_change[MEMORY];
  double enough; // the gradient's norm to reach
  double first_gain;
  ws__solution solution;
} run;

/* The place of the pair that is so many iterations old. */
static size_t place(const run *r, size_t age) {
  return (r->newest + r->most - age) % r->most;
}

/* --- vectors ------------------------------------------------------------------------ */

/* Of at most STRETCH numbers: sums of floats, which are short enough to be. */
static double multiply_stretch(const float *a, const float *b, size_t size) {
  float lanes[LANES] = {0};
  double sum = 0;
  size_t i = 0;
  for (; i + LANES <= size; i += LANES)
    for (size_t l = 0; l < LANES; l++) lanes[l] += a[i + l] * b[i + l];
  for (; i < size; i++) sum += (double)a[i] * (double)b[i];
  for (size_t l = 0; l < LANES; l++) sum += (double)lanes[l];
  return sum;
}

static size_t stretch_at(size_t i, size_t end) {
  return end - i < STRETCH ? end - i : STRETCH;
}

typedef struct two {
  const float *a, *b;
} two;

static void multiply_block(void *user, double *sums, size_t first, size_t end) {
  const two *v = user;
  for (size_t i = first; i < end; i += STRETCH)
    sums[0] += multiply_stretch(v->a + i, v->b + i, stretch_at(i, end));
}

static double multiply(run *r, const float *a, const float *b) {
  return ws__blocks_run(r->blocks, multiply_block, &(two){a, b})[0];
}

static void add_stretch(float *restrict sum, double factor, const float *restrict v,
                        size_t size) {
  float f = (float)factor;
  for (size_t i = 0; i < size; i++) sum[i] += f * v[i];
}

/* x + factor * direction, where it tries to go first. */
typedef struct departure {
  run *r;
  combination c;
  double step;
} departure;

static void depart_block(void *user, double *sums, size_t first, size_t end) {
  const departure *d = user;
  const run *r = d->r;
  (void)sums;
  for (size_t i = first; i < end; i += STRETCH) {
    size_t size = stretch_at(i, end);
    float sum[STRETCH] = {0};
    add_stretch(sum, d->c.gradient, r->gradient + i, size);
    for (size_t age = 0; age < r->remembered; age++) {
      size_t p = place(r, age);
      add_stretch(sum, d->c.change[p], r->changes[p] + i, size);
      add_stretch(sum, d->c.step[p], r->steps[p] + i, size);
    }
    memcpy(r->direction + i, sum, size * sizeof *sum);
    memcpy(r->next + i, r->x + i, size * sizeof *sum);
    add_stretch(r->next + i, d->step, sum, size);
  }
}

static void step_block(void *user, double *sums, size_t first, size_t end) {
  const departure *d = user;
  const run *r = d->r;
  (void)sums;
  memcpy(r->next + first, r->x + first, (end - first) * sizeof *r->x);
  add_stretch(r->next + first, d->step, r->direction + first, end - first);
}

static void scale_block(void *user, double *sums, size_t first, size_t end) {
  const departure *d = user;
  (void)sums;
  for (size_t i = first; i < end; i++) d->r->direction[i] *= (float)d->step;
}

/* --- direction ---------------------------------------------------------------------- */

/* The product of a combination with a change. */
static double times_change(const run *r, const combination *c, size_t p) {
  double sum = c->gradient * r->change_gradient[p];
  for (size_t age = 0; age < r->remembered; age++) {
    size_t q = place(r, age);
    sum += c->change[q] * r->changes_product[q][p] + c->step[q] * r->step_change[q][p];
  }
  return sum;
}

static double times_gradient(const run *r, const combination *c) {
  double sum = c->gradient * r->squares;
  for (size_t age = 0; age < r->remembered; age++) {
    size_t p = place(r, age);
    sum += c->change[p] * r->change_gradient[p] + c->step[p] * r->step_gradient[p];
  }
  return sum;
}

/* The product with a step, as long as there are no steps in the combination. */
static double times_step(const run *r, const combination *c, size_t p) {
  double sum = c->gradient * r->step_gradient[p];
  for (size_t age = 0; age < r->remembered; age++)
    sum += c->change[place(r, age)] * r->step_change[p][place(r, age)];
  return sum;
}

/* The two loops: -H gradient. */
static combination find_direction(run *r) {
  combination c = {.gradient = -1};
  double alpha[MEMORY];
  size_t m = r->remembered, last = r->newest;
  for (size_t age = 0; age < m; age++) {
    size_t p = place(r, age);
    alpha[age] = times_step(r, &c, p) / r->step_change[p][p];
    c.change[p] = -alpha[age];
  }
  double scale = m ? r->step_change[last][last] / r->changes_product[last][last] : 1;
  c.gradient *= scale;
  for (size_t p = 0; p < MEMORY; p++) c.change[p] *= scale;
  for (size_t age = m; age-- > 0;) {
    size_t p = place(r, age);
    c.step[p] = alpha[age] - times_change(r, &c, p) / r->step_change[p][p];
  }
  for (size_t age = 0; age < m; age++)
    r->direction_change[place(r, age)] = times_change(r, &c, place(r, age));
  return c;
}

/* --- line search -------------------------------------------------------------------- */

typedef struct point {
  double step, value, slope;
} point;

/* Looks at `next`. */
static point try_next(run *r, double step) {
  double value = r->objective.call(r->objective.user, r->next, r->next_gradient);
  return (point){step, value, multiply(r, r->next_gradient, r->direction)};
}

static point try_step(run *r, double step) {
  ws__blocks_each(r->blocks, step_block, &(departure){.r = r, .step = step});
  return try_next(r, step);
}

/* Between two steps, where a parabola through both that has the first one's slope is
 * lowest, and not too near to either. */
static double between(point low, point high) {
  double width = high.step - low.step;
  double bend = high.value - low.value - low.slope * width;
  double share = -low.slope * width / (2 * bend);
  return low.step + width * (share >= 0.1 ? share <= 0.9 ? share : 0.9 : 0.1);
}

/* Behind the farthest step, where the slope would be 0 if it went on to change so. */
static double beyond(point before, point last) {
  double change = last.slope - before.slope;
  double more =
      change > 0 ? -last.slope / change * (last.step - before.step) : (double)INFINITY;
  return last.step + fmin(fmax(more, 0.1 * last.step), 9 * last.step);
}

/* Whether f is low enough. As far as rounding hides how much lower it is, the slopes tell
 * (William Hager, Hongchao Zhang, 2005, eq. 4.1). */
static bool is_low(point start, point p) {
  if (p.value <= start.value + LEAST_FALL * p.step * start.slope) return true;
  return p.value <= start.value + ROUNDING * fabs(start.value) &&
         p.slope <= (2 * LEAST_FALL - 1) * start.slope;
}

/* Finds a step that lowers f enough, and so much that the slope has become flatter (the
 * weak conditions of Wolfe); false where there is none. The first is `p`. */
static bool search(run *r, point start, point *p) {
  point low = start, high = {(double)INFINITY, 0, 0};
  for (int tries = 1;; tries++) {
    double step;
    if (!is_low(start, *p)) { // nor is NaN
      high = *p;
      step = isfinite(p->value) ? between(low, high) : (low.step + p->step) / 2;
    } else if (p->slope < 0.9 * start.slope) {
      point before = low;
      low = *p;
      step = isfinite(high.step) ? between(low, high) : beyond(before, low);
    } else {
      return true;
    }
    if (tries == MOST_TRIES) return false;
    *p = try_step(r, step);
  }
}

/* --- iterations --------------------------------------------------------------------- */

static void swap(float **a, float **b) {
  float *c = *a;
  *a = *b;
  *b = c;
}

/* The change into its place, and the products that it and the new gradient have. */
static void change_block(void *user, double *sums, size_t first, size_t end) {
  const run *r = user;
  size_t last = r->newest;
  for (size_t i = first; i < end; i += STRETCH) {
    size_t size = stretch_at(i, end), count = 0;
    const float *new = r->next_gradient + i, *old = r->gradient + i;
    float *change = r->changes[last] + i;
    for (size_t s = 0; s < size; s++) change[s] = new[s] - old[s];
    sums[count++] += multiply_stretch(new, new, size);
    sums[count++] += multiply_stretch(change, change, size);
    for (size_t age = 0; age < r->remembered; age++) {
      size_t p = place(r, age);
      sums[count++] += multiply_stretch(r->changes[p] + i, new, size);
      if (p != last) sums[count++] += multiply_stretch(r->steps[p] + i, new, size);
    }
  }
}

/* Products with the newest pair follow from those with the gradient before and after. */
static void update_products(run *r, const double *sums, point start, point end) {
  size_t last = r->newest, count = 0;
  r->squares = sums[count++];
  r->changes_product[last][last] = sums[count++];
  for (size_t age = 0; age < r->remembered; age++) {
    size_t p = place(r, age);
    double change = sums[count++];
    if (p != last) {
      double step = sums[count++];
      r->changes_product[last][p] = r->changes_product[p][last] =
          change - r->change_gradient[p];
      r->step_change[p][last] = step - r->step_gradient[p];
      r->step_change[last][p] = end.step * r->direction_change[p];
      r->step_gradient[p] = step;
    }
    r->change_gradient[p] = change;
  }
  r->step_change[last][last] = end.step * (end.slope - start.slope);
  r->step_gradient[last] = end.step * end.slope;
}

/* Moves on to `next`, and remembers how it got there. */
static void move(run *r, point start, point end) {
  r->newest = r->remembered ? (r->newest + 1) % r->most : 0;
  if (r->remembered < r->most) r->remembered++;
  if (end.step != 1)
    ws__blocks_each(r->blocks, scale_block, &(departure){.r = r, .step = end.step});
  swap(&r->direction, &r->steps[r->newest]);
  update_products(r, ws__blocks_run(r->blocks, change_block, r), start, end);
  swap(&r->x, &r->next);
  swap(&r->gradient, &r->next_gradient);
  r->solution.value = end.value;
  if (!(r->step_change[r->newest][r->newest] > 0)) r->remembered = 0; // rounding
}

static bool report(run *r, double gain) {
  unsigned i = r->solution.iterations;
  if (i == 1) r->first_gain = gain;
  return ws_progress_report(r->options->progress, "training", i,
                            ws__solver_expected(r->options, i, r->first_gain, gain),
                            "iterations");
}

/* One iteration; false where there is no further descent. */
static bool descend(run *r) {
  combination c = find_direction(r);
  point start = {0, r->solution.value, times_gradient(r, &c)};
  if (!(start.slope < 0)) return false;
  double step = r->remembered ? 1 : 1 / sqrt(-start.slope);
  ws__blocks_each(r->blocks, depart_block, &(departure){r, c, step});
  point end = try_next(r, step);
  if (!search(r, start, &end)) return false;
  move(r, start, end);
  r->solution.iterations++;
  return true;
}

static ws_status iterate(run *r, ws_error *err) {
  ws__solution *s = &r->solution;
  s->value = r->objective.call(r->objective.user, r->x, r->gradient);
  r->squares = multiply(r, r->gradient, r->gradient);
  r->enough = r->options->tolerance * fmax(sqrt(r->squares), r->options->floor);
  for (;;) {
    double before = s->value;
    s->converged = sqrt(r->squares) <= r->enough;
    if (s->converged || s->iterations >= r->options->max_iterations) return WS_OK;
    if (!descend(r)) return WS_OK;
    if (!report(r, before - s->value))
      return ws_error_set(err, WS_ESTOPPED, "training was stopped");
    s->converged = r->options->decrease > 0 && before - s->value < r->options->decrease;
    if (s->converged) return WS_OK;
  }
}

static size_t memory_for(size_t size) {
  size_t pairs = (size_t)100000000 / (2 * (size ? size : 1));
  return pairs > MEMORY ? MEMORY : pairs < LEAST_MEMORY ? LEAST_MEMORY : pairs;
}

static ws_status make_room(run *r, unsigned threads) {
  size_t size = r->objective.size, stride = (size + 15) / 16 * 16, vectors = 5;
  r->most = memory_for(size);
  vectors += 2 * r->most;
  if (stride < size || stride > SIZE_MAX / vectors) return WS_ENOMEM;
  r->memory = ws_alloc_array(vectors * stride, sizeof *r->memory);
  if (!r->memory) return WS_ENOMEM;
  float **named[] = {&r->x, &r->gradient, &r->next, &r->next_gradient, &r->direction};
  for (size_t i = 0; i < 5; i++) *named[i] = r->memory + i * stride;
  for (size_t i = 0; i < r->most; i++) {
    r->steps[i] = r->memory + (5 + 2 * i) * stride;
    r->changes[i] = r->memory + (6 + 2 * i) * stride;
  }
  return ws__blocks_new(size, PRODUCTS, threads, &r->blocks);
}

ws_status ws__minimise_floats(ws__float_objective objective,
                              const ws__solver_options *options, unsigned threads,
                              float *x, ws__solution *out, ws_error *err) {
  run r = {.objective = objective, .options = options};
  ws_status status = make_room(&r, threads);
  if (status == WS_OK) {
    memcpy(r.x, x, objective.size * sizeof *x);
    status = iterate(&r, err);
  }
  if (status == WS_OK) status = ws__solver_finite(r.solution.value, err);
  if (status == WS_OK) {
    memcpy(x, r.x, objective.size * sizeof *x);
    *out = r.solution;
  }
  ws__blocks_free(r.blocks);
  ws_free(r.memory);
  return status;
}
