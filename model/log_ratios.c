/* SPDX-License-Identifier: MIT
 *
 * Sida Wang, Christopher Manning: Baselines and bigrams: simple, good sentiment and topic
 * classification, 2012: a linear model of features that are multiplied with naive Bayes'
 * log ratios penalises those less that tell more. They have two classes; here the size of
 * a ratio is the standard deviation over the classes of log P(feature | class), and half
 * of a value stays as it is:
 *
 *   factor_e = (1 + f r_e) / 2,  r_e = sd_k log((N_ek + .1) / sum_e' (N_e'k + .1)),
 *
 * N_ek being the mass sum_i P_ik x_ie, and f such that the sum of squares of all values,
 * each row counting with its weight, would be the same with f r_e as their factors. A
 * class without any row does not count.
 */
#include "log_ratios.h"

#include <math.h>

#include <weaksup/alloc.h>

#define SMOOTHING 0.1

typedef struct counter {
  const ws__matrix *matrix;
  const ws__rows *rows;
  size_t K;
  float *mass;  // [A][K] N
  double *base; // [K] log sum_e (N_ek + .1)
  bool *is_in;  // [K] whether rows have the class
  size_t classes;
  float *factors; // [A] the caller's; 1 for n-grams of the rows, 0 for other entries
} counter;

/* --- masses ------------------------------------------------------------------------- */

/* Naive Bayes of terms: other features can be negative, or large. */
static void mark_terms(counter *c, float mark) {
  const ws__matrix *m = c->matrix;
  for (size_t b = 0; b < m->spec.count; b++)
    for (size_t e = ws__matrix_first(m->ends, b); e < m->ends[b]; e++)
      if (ws__block_has_terms(&m->spec.blocks[b])) c->factors[e] = mark;
}

/* Most targets are 0 where they are gold. */
static void add_row(counter *c, size_t i) {
  const ws__matrix *m = c->matrix;
  size_t row = ws__row_of(c->rows, i);
  for (size_t k = 0; k < c->K; k++) {
    double target = c->rows->targets[i * c->K + k];
    if (target == 0) continue;
    c->is_in[k] = true;
    for (size_t at = m->begin[row]; at < m->begin[row + 1]; at++)
      c->mass[m->cells[at].index * c->K + k] += (float)target * m->cells[at].value;
  }
}

static void count(counter *c) {
  size_t terms = 0;
  for (size_t k = 0; k < c->K; k++) c->base[k] = 0;
  for (size_t i = 0; i < c->rows->n; i++) add_row(c, i);
  for (size_t e = 0; e < c->matrix->A; e++) {
    double sum = 0;
    for (size_t k = 0; k < c->K; k++) sum += (double)c->mass[e * c->K + k];
    if (c->factors[e] == 0 || sum == 0) {
      c->factors[e] = 0;
      continue;
    }
    terms++;
    for (size_t k = 0; k < c->K; k++) c->base[k] += (double)c->mass[e * c->K + k];
  }
  for (size_t k = 0; k < c->K; k++) {
    c->base[k] = log(c->base[k] + SMOOTHING * (double)terms);
    c->classes += c->is_in[k];
  }
}

/* --- ratios ------------------------------------------------------------------------- */

/* r_e. */
static double ratio(const counter *c, size_t e) {
  double logs[WS_MAX_CLASSES], mean = 0, squares = 0, classes = (double)c->classes;
  for (size_t k = 0; k < c->K; k++) {
    if (!c->is_in[k]) continue;
    logs[k] = log((double)c->mass[e * c->K + k] + SMOOTHING) - c->base[k];
    mean += logs[k] / classes;
  }
  for (size_t k = 0; k < c->K; k++)
    if (c->is_in[k]) squares += (logs[k] - mean) * (logs[k] - mean);
  return sqrt(squares / classes);
}

/* f, the factors being ratios. 0: there are none. */
static double balance(const counter *c) {
  const ws__matrix *m = c->matrix;
  double before = 0, after = 0;
  for (size_t i = 0; i < c->rows->n; i++) {
    size_t row = ws__row_of(c->rows, i);
    double weight = 0;
    for (size_t k = 0; k < c->K; k++) weight += c->rows->targets[i * c->K + k];
    for (size_t at = m->begin[row]; at < m->begin[row + 1]; at++) {
      double r = (double)c->factors[m->cells[at].index];
      double value = (double)m->cells[at].value;
      if (r < 0) continue;
      before += weight * value * value;
      after += weight * value * value * r * r;
    }
  }
  return after > 0 ? sqrt(before / after) : 0;
}

static void set_factors(counter *c) {
  size_t A = c->matrix->A;
  for (size_t e = 0; e < A; e++)
    c->factors[e] = c->factors[e] == 0 ? -1 : (float)ratio(c, e); // -1: it has none
  double f = balance(c);
  for (size_t e = 0; e < A; e++) {
    double r = (double)c->factors[e];
    c->factors[e] = r < 0 || f == 0 ? 1 : (float)((1 + f * r) / 2);
  }
}

ws_status ws__log_ratios(const ws__matrix *matrix, const ws__rows *rows, size_t K,
                         float *factors) {
  counter c = {.matrix = matrix, .rows = rows, .K = K, .factors = factors};
  c.mass = matrix->A > SIZE_MAX / K ? NULL : ws_alloc_zero(matrix->A * K, sizeof(float));
  c.base = ws_alloc_array(K, sizeof *c.base);
  c.is_in = ws_alloc_zero(K, sizeof *c.is_in);
  ws_status status = c.mass && c.base && c.is_in ? WS_OK : WS_ENOMEM;
  if (status == WS_OK) {
    for (size_t e = 0; e < matrix->A; e++) factors[e] = 0;
    mark_terms(&c, 1);
    count(&c);
    set_factors(&c);
  }
  ws_free(c.mass);
  ws_free(c.base);
  ws_free(c.is_in);
  return status;
}
