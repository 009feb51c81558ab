/* SPDX-License-Identifier: MIT
 *
 * LIFT's passes over the patterns. They take most of the time of a fit, so two classes,
 * the usual case, have passes of their own: one number a vote, found by the votes' own
 * columns, and one logistic function a pattern. Sums of a block: what moved, mass[K],
 * right[C], or right[M][K] by the votes' columns for two classes.
 */
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "lift_em.h"
#include "sigmoid.h"
#include "softmax.h"

ws_status ws__lift_init(ws__lift_em *e, ws_label_model *model,
                        const ws__fit_input *input) {
  size_t M = model->M, K = model->K, C = model->C, U = ws_votes_patterns(input->votes);
  size_t kept = K == 2 ? 1 : K, voted = K == 2 ? M * K : 0;
  *e = (ws__lift_em){
      .input = input,
      .votes = input->votes,
      .id_of = input->id_of,
      .model = model,
      .lf = ws_alloc_array(C, sizeof *e->lf),
      .label = ws_alloc_array(C, sizeof *e->label),
      .evidence = ws_alloc_array(C, sizeof *e->evidence),
      .q = U > SIZE_MAX / kept ? NULL : ws_alloc_zero(U * kept, sizeof *e->q),
      .mass = ws_alloc_zero(K, sizeof *e->mass),
      .right = ws_alloc_zero(C, sizeof *e->right),
      .spread = ws_alloc_array(M, sizeof *e->spread),
      .silence = ws_alloc_array(C, sizeof *e->silence),
      .base = ws_alloc_array(K, sizeof *e->base),
      .odds = ws_alloc_zero(voted, sizeof *e->odds),
  };
  if (!e->lf || !e->label || !e->evidence || !e->q || !e->mass || !e->right ||
      !e->spread || !e->silence || !e->base || !e->odds)
    return WS_ENOMEM;
  for (size_t c = 0; c < C; c++) {
    e->lf[c] = model->columns[c].lf;
    e->label[c] = model->columns[c].label;
  }
  // After the sums of a block comes room for one posterior, where that is K numbers.
  return ws__blocks_new(U, 1 + K + (K == 2 ? voted : C + K), model->fit_threads,
                        &e->blocks);
}

void ws__lift_clear(ws__lift_em *e) {
  ws__blocks_free(e->blocks);
  ws_free(e->lf);
  ws_free(e->label);
  ws_free(e->evidence);
  ws_free(e->q);
  ws_free(e->mass);
  ws_free(e->right);
  ws_free(e->spread);
  ws_free(e->silence);
  ws_free(e->base);
  ws_free(e->odds);
}

/* --- any number of classes ---------------------------------------------------------- */

static void add_to_sums(const ws__lift_em *e, ws_pattern pattern, const double *q,
                        double *sums) {
  double weight = (double)pattern.count, *mass = sums + 1, *right = mass + e->model->K;
  for (size_t k = 0; k < e->model->K; k++) mass[k] += weight * q[k];
  for (size_t i = 0; i < pattern.size; i++) {
    uint32_t c = e->id_of[pattern.columns[i]];
    right[c] += weight * q[e->label[c]];
  }
}

static void start_block(void *user, double *sums, size_t first, size_t end) {
  const ws__lift_em *e = user;
  size_t K = e->model->K;
  for (size_t u = first; u < end; u++) {
    ws_pattern pattern = ws_votes_pattern(e->votes, u);
    if (pattern.size == 0) continue;
    double *q = e->q + u * K, sum = 0;
    for (size_t i = 0; i < pattern.size; i++) {
      const ws__column *column = &e->model->columns[e->id_of[pattern.columns[i]]];
      q[column->label] += column->omega;
      sum += column->omega;
    }
    for (size_t k = 0; k < K; k++) q[k] /= sum;
    add_to_sums(e, pattern, q, sums);
  }
}

/* log q_u(k) up to a constant = sum_{voted c, l = k} omega_c log(h_c / f_c)
 *                              + sum_{j abstains} A_jk: all of them, less those that
 * vote. */
static void log_posterior(const ws__lift_em *e, ws_pattern pattern, double *x) {
  const size_t *lf_begin = e->model->lf_begin;
  for (size_t k = 0; k < e->model->K; k++) x[k] = e->base[k];
  for (size_t i = 0; i < pattern.size; i++) {
    uint32_t voted = e->id_of[pattern.columns[i]];
    x[e->label[voted]] += e->evidence[voted];
    size_t end = lf_begin[e->lf[voted] + 1];
    for (size_t c = lf_begin[e->lf[voted]]; c < end; c++) x[e->label[c]] -= e->silence[c];
  }
}

static void expect_block(void *user, double *sums, size_t first, size_t end) {
  const ws__lift_em *e = user;
  size_t K = e->model->K;
  double *fresh = sums + 1 + K + e->model->C;
  for (size_t u = first; u < end; u++) {
    ws_pattern pattern = ws_votes_pattern(e->votes, u);
    if (pattern.size == 0) continue;
    double *q = e->q + u * K, change = 0;
    log_posterior(e, pattern, fresh);
    ws__normalise(fresh, K);
    for (size_t k = 0; k < K; k++) {
      change += fabs(fresh[k] - q[k]);
      q[k] = fresh[k];
    }
    sums[0] += (double)pattern.count * change;
    add_to_sums(e, pattern, q, sums);
  }
}

/* --- two classes -------------------------------------------------------------------- */

void ws__lift_fold(ws__lift_em *e) {
  const ws_label_model *model = e->model;
  e->base_odds = e->base[1] - e->base[0];
  for (size_t v = 0; v < model->M * 2; v++) {
    uint32_t voted = e->id_of[v];
    if (voted == WS_NO_COLUMN) continue;
    double spoken = 0; // the silence that a vote of the LF takes back
    for (size_t c = model->lf_begin[v / 2]; c < model->lf_begin[v / 2 + 1]; c++)
      spoken += e->label[c] ? e->silence[c] : -e->silence[c];
    e->odds[v] = (v % 2 ? e->evidence[voted] : -e->evidence[voted]) - spoken;
  }
}

/* right[] sums q(1), whatever the class of the column. */
static void add_two(ws_pattern pattern, double q, double *sums) {
  double share = (double)pattern.count * q, *right = sums + 3;
  sums[2] += share;
  for (size_t i = 0; i < pattern.size; i++) right[pattern.columns[i]] += share;
}

static void start_two(void *user, double *sums, size_t first, size_t end) {
  const ws__lift_em *e = user;
  for (size_t u = first; u < end; u++) {
    ws_pattern pattern = ws_votes_pattern(e->votes, u);
    if (pattern.size == 0) continue;
    double side[2] = {0, 0};
    for (size_t i = 0; i < pattern.size; i++) {
      const ws__column *column = &e->model->columns[e->id_of[pattern.columns[i]]];
      side[column->label] += column->omega;
    }
    e->q[u] = side[1] / (side[0] + side[1]);
    add_two(pattern, e->q[u], sums);
  }
}

/* Of the patterns from `first` on, at most WS_SIGMOID_CHUNK. */
static void find_odds(const ws__lift_em *e, size_t first, size_t count, double *odds) {
  for (size_t u = 0; u < count; u++) {
    ws_pattern pattern = ws_votes_pattern(e->votes, first + u);
    double sum = e->base_odds;
    for (size_t i = 0; i < pattern.size; i++) sum += e->odds[pattern.columns[i]];
    odds[u] = sum;
  }
}

static void expect_two(void *user, double *sums, size_t first, size_t end) {
  const ws__lift_em *e = user;
  double q[WS_SIGMOID_CHUNK];
  for (size_t count; first < end; first += count) {
    count = end - first < WS_SIGMOID_CHUNK ? end - first : WS_SIGMOID_CHUNK;
    find_odds(e, first, count, q);
    ws__sigmoid(q, count);
    for (size_t u = 0; u < count; u++) {
      ws_pattern pattern = ws_votes_pattern(e->votes, first + u);
      if (pattern.size == 0) continue;
      sums[0] += (double)pattern.count * 2 * fabs(q[u] - e->q[first + u]);
      e->q[first + u] = q[u];
      add_two(pattern, q[u], sums);
    }
  }
}

/* --- both --------------------------------------------------------------------------- */

/* The sums of q(1) by column become those of q(l). */
static void take_right(ws__lift_em *e, const double *sums) {
  const ws_label_model *model = e->model;
  for (size_t v = 0; v < model->M * 2; v++) {
    uint32_t c = e->id_of[v];
    if (c == WS_NO_COLUMN) continue;
    e->right[c] = v % 2 ? sums[v] : (double)model->columns[c].votes - sums[v];
  }
}

/* Runs a pass and takes its sums over; returns what moved. */
static double pass(ws__lift_em *e, ws__block_fn fn) {
  size_t K = e->model->K;
  const double *sums = ws__blocks_run(e->blocks, fn, e);
  memcpy(e->mass, sums + 1, K * sizeof *e->mass);
  if (K == 2) {
    e->mass[0] = (double)e->model->covered - e->mass[1];
    take_right(e, sums + 1 + K);
  } else {
    memcpy(e->right, sums + 1 + K, e->model->C * sizeof *e->right);
  }
  return sums[0];
}

void ws__lift_start(ws__lift_em *e) {
  pass(e, e->model->K == 2 ? start_two : start_block);
}

double ws__lift_expect(ws__lift_em *e) {
  return pass(e, e->model->K == 2 ? expect_two : expect_block) /
         (double)e->model->covered;
}
