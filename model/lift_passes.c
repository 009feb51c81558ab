/* SPDX-License-Identifier: MIT
 *
 * LIFT's passes over the patterns. They take all of the time of a fit, so two classes,
 * the usual case, have passes of their own: one number a vote, one logistic function a
 * pattern. Sums of a block: what moved, mass[K], right[C].
 */
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "lift_em.h"
#include "softmax.h"

ws_status ws__lift_init(ws__lift_em *e, ws_label_model *model,
                        const ws__fit_input *input) {
  size_t M = model->M, K = model->K, C = model->C, U = ws_votes_patterns(input->votes);
  size_t kept = K == 2 ? 1 : K;
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
      .odds = ws_alloc_array(C, sizeof *e->odds),
  };
  if (!e->lf || !e->label || !e->evidence || !e->q || !e->mass || !e->right ||
      !e->spread || !e->silence || !e->base || !e->odds)
    return WS_ENOMEM;
  for (size_t c = 0; c < C; c++) {
    e->lf[c] = model->columns[c].lf;
    e->label[c] = model->columns[c].label;
  }
  // After the sums of a block comes room for one posterior.
  return ws__blocks_new(U, 1 + K + C + K, model->fit_threads, &e->blocks);
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
  for (size_t j = 0; j < model->M; j++) {
    double spoken = 0; // the silence that a vote of j takes back
    for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++)
      spoken += e->label[c] ? e->silence[c] : -e->silence[c];
    for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++)
      e->odds[c] = (e->label[c] ? e->evidence[c] : -e->evidence[c]) - spoken;
  }
}

/* right[c] sums q(1), whatever the class of c. */
static void add_two(const ws__lift_em *e, ws_pattern pattern, double q, double *sums) {
  double share = (double)pattern.count * q, *right = sums + 3;
  sums[2] += share;
  for (size_t i = 0; i < pattern.size; i++) right[e->id_of[pattern.columns[i]]] += share;
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
    add_two(e, pattern, e->q[u], sums);
  }
}

static void expect_two(void *user, double *sums, size_t first, size_t end) {
  const ws__lift_em *e = user;
  for (size_t u = first; u < end; u++) {
    ws_pattern pattern = ws_votes_pattern(e->votes, u);
    if (pattern.size == 0) continue;
    double odds = e->base_odds;
    for (size_t i = 0; i < pattern.size; i++)
      odds += e->odds[e->id_of[pattern.columns[i]]];
    double q = 1 / (1 + exp(-odds)); // exp may be infinite: then it is 0
    sums[0] += (double)pattern.count * 2 * fabs(q - e->q[u]);
    e->q[u] = q;
    add_two(e, pattern, q, sums);
  }
}

/* --- both --------------------------------------------------------------------------- */

/* Runs a pass and takes its sums over; returns what moved. */
static double pass(ws__lift_em *e, ws__block_fn fn) {
  const ws_label_model *model = e->model;
  size_t K = model->K, C = model->C;
  const double *sums = ws__blocks_run(e->blocks, fn, e);
  memcpy(e->mass, sums + 1, K * sizeof *e->mass);
  memcpy(e->right, sums + 1 + K, C * sizeof *e->right);
  if (K != 2) return sums[0];
  e->mass[0] = (double)model->covered - e->mass[1];
  for (size_t c = 0; c < C; c++)
    if (e->label[c] == 0) e->right[c] = (double)model->columns[c].votes - e->right[c];
  return sums[0];
}

void ws__lift_start(ws__lift_em *e) {
  pass(e, e->model->K == 2 ? start_two : start_block);
}

double ws__lift_expect(ws__lift_em *e) {
  return pass(e, e->model->K == 2 ? expect_two : expect_block) /
         (double)e->model->covered;
}
