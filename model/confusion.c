/* SPDX-License-Identifier: MIT
 *
 * See confusion.h. All in logarithms; a rate of 0 counts as LEAST_RATE, so that one vote
 * that the fit has never seen in a class does not outweigh all others.
 */
#include "confusion.h"

#include <math.h>

#include <weaksup/alloc.h>

#include "softmax.h"

#define LEAST_RATE   1e-9
#define LEAST_WEIGHT 1e-300

enum { MOST_SUBTYPES = 8 };

/* --- parameters --------------------------------------------------------------------- */

static double *matrix(size_t rows, size_t columns) {
  return columns && rows > SIZE_MAX / columns
             ? NULL
             : ws_alloc_zero(rows * columns, sizeof(double));
}

ws_status ws__confusion_new(ws_label_model *model) {
  ws__confusion *c = &model->confusion;
  size_t G = model->type->subtypes;
  if (G == 0) return WS_OK;
  *c = (ws__confusion){.G = G, .S = G * model->K};
  c->weights = matrix(1, c->S);
  c->rates = matrix(model->C, c->S);
  c->log_weights = matrix(1, c->S);
  c->log_rates = matrix(model->C, c->S);
  if (!c->weights || !c->rates || !c->log_weights || !c->log_rates) return WS_ENOMEM;
  for (size_t s = 0; s < c->S; s++) c->weights[s] = 1 / (double)c->S;
  if (!model->type->silence) return WS_OK;
  c->silent = matrix(model->M, c->S);
  c->log_silent = matrix(model->M, c->S);
  return c->silent && c->log_silent ? WS_OK : WS_ENOMEM;
}

void ws__confusion_clear(ws__confusion *c) {
  ws_free(c->weights);
  ws_free(c->rates);
  ws_free(c->silent);
  ws_free(c->log_weights);
  ws_free(c->log_rates);
  ws_free(c->log_silent);
  *c = (ws__confusion){0};
}

static void take_logs(const double *from, double *to, size_t count, double least) {
  for (size_t i = 0; i < count; i++) to[i] = log(fmax(from[i], least));
}

void ws__confusion_ready(ws_label_model *model) {
  ws__confusion *c = &model->confusion;
  if (c->G == 0) return;
  take_logs(c->weights, c->log_weights, c->S, LEAST_WEIGHT);
  take_logs(c->rates, c->log_rates, model->C * c->S, LEAST_RATE);
  if (!c->silent) return;
  take_logs(c->silent, c->log_silent, model->M * c->S, LEAST_RATE);
  for (size_t j = 0; j < model->M; j++)
    for (size_t s = 0; s < c->S; s++) c->log_weights[s] += c->log_silent[j * c->S + s];
}

/* --- E-step ------------------------------------------------------------------------- */

/* log P(state s, votes of pattern u), up to a constant. */
static void log_joint(const ws__em *em, size_t u, double *x) {
  const ws__confusion *con = &em->model->confusion;
  size_t S = em->S;
  for (size_t s = 0; s < S; s++) x[s] = con->log_weights[s];
  for (size_t i = em->votes->begin[u]; i < em->votes->begin[u + 1]; i++) {
    const double *rates = con->log_rates + em->votes->ids[i] * S;
    for (size_t s = 0; s < S; s++) x[s] += rates[s];
    if (!con->silent) continue;
    const double *silent = con->log_silent + em->model->columns[em->votes->ids[i]].lf * S;
    for (size_t s = 0; s < S; s++) x[s] -= silent[s];
  }
}

/* The sums begin with the gold, whose classes are certain; its share of a subtype is not,
 * so kinds with subtypes take none. */
static void clear_sums(ws__em *em) {
  const ws_gold *gold = em->input->gold;
  size_t S = em->S;
  for (size_t s = 0; s < S; s++) em->mass[s] = gold ? (double)gold->counts[s] : 0;
  for (size_t c = 0; c < em->model->C; c++) {
    const ws__column *column = &em->model->columns[c];
    const uint64_t *counts =
        gold ? ws__gold_column(gold, column->lf, (size_t)column->label) : NULL;
    for (size_t s = 0; s < S; s++) em->counts[c * S + s] = counts ? (double)counts[s] : 0;
  }
}

static void add_to_sums(ws__em *em, size_t u) {
  const double *q = em->q + u * em->S;
  double weight = em->votes->weight[u];
  for (size_t s = 0; s < em->S; s++) em->mass[s] += weight * q[s];
  for (size_t i = em->votes->begin[u]; i < em->votes->begin[u + 1]; i++) {
    double *counts = em->counts + em->votes->ids[i] * em->S;
    for (size_t s = 0; s < em->S; s++) counts[s] += weight * q[s];
  }
}

/* The start: the shares of the votes. */
static void start(ws__em *em, const ws__em_kind *kind) {
  size_t K = em->model->K, S = em->S;
  clear_sums(em);
  for (size_t u = 0; u < em->votes->U; u++) {
    double *q = em->q + u * S, *share = kind->split ? em->scratch : q;
    size_t begin = em->votes->begin[u], end = em->votes->begin[u + 1];
    for (size_t k = 0; k < K; k++) share[k] = 0;
    for (size_t i = begin; i < end; i++)
      share[em->model->columns[em->votes->ids[i]].label] += 1;
    for (size_t k = 0; k < K; k++)
      share[k] = end > begin ? share[k] / (double)(end - begin) : 1 / (double)K;
    if (kind->split) kind->split(em, u, share, q);
    add_to_sums(em, u);
  }
}

/* Replaces q and the sums; returns the largest change. */
static double expect(ws__em *em) {
  double moved = 0;
  clear_sums(em);
  for (size_t u = 0; u < em->votes->U; u++) {
    double *q = em->q + u * em->S;
    log_joint(em, u, em->fresh);
    ws__softmax(em->fresh, em->S);
    for (size_t s = 0; s < em->S; s++) {
      moved = fmax(moved, fabs(em->fresh[s] - q[s]));
      q[s] = em->fresh[s];
    }
    add_to_sums(em, u);
  }
  return moved;
}

/* --- the fit ------------------------------------------------------------------------ */

/* Holds each class at its known balance; its subtypes keep their shares of it. */
static void hold_balance(const ws_label_model *model) {
  const ws__confusion *con = &model->confusion;
  for (size_t k = 0; k < model->K; k++) {
    double sum = 0, *weights = con->weights + k * con->G;
    for (size_t g = 0; g < con->G; g++) sum += weights[g];
    for (size_t g = 0; g < con->G; g++)
      weights[g] = model->balance[k] * (sum > 0 ? weights[g] / sum : 1 / (double)con->G);
  }
}

void ws__learn_weights(ws__em *em) {
  double W = 0, K = (double)em->model->K;
  for (size_t k = 0; k < em->model->K; k++) W += em->mass[k];
  for (size_t k = 0; k < em->model->K; k++)
    em->model->confusion.weights[k] = (em->mass[k] + 1) / (W + K);
}

static ws_status iterate(ws__em *em, const ws__em_kind *kind) {
  ws_label_model *model = em->model;
  start(em, kind);
  while (!model->converged && model->iterations < kind->max_iterations) {
    if (!ws_progress_report(em->input->progress, "fitting", model->iterations,
                            kind->max_iterations, "iterations"))
      return WS_ESTOPPED;
    kind->maximise(em);
    if (em->input->balance_in_em) hold_balance(model);
    ws__confusion_ready(model);
    model->converged = expect(em) < kind->tolerance;
    model->iterations++;
  }
  return WS_OK;
}

static ws_status em_init(ws__em *em) {
  size_t K = em->model->K, S = em->S;
  em->q = matrix(em->votes->U, S);
  em->mass = matrix(1, S);
  em->counts = matrix(em->model->C, S);
  em->fresh = matrix(1, S);
  em->scratch = matrix(K, K + 3);
  return em->q && em->mass && em->counts && em->fresh && em->scratch ? WS_OK : WS_ENOMEM;
}

/* Where silence says something, records without votes are a pattern too, the last one.
 * The table has room for it: it has been left out of the votes' patterns. */
static void add_uncovered(ws__vote_table *table, const ws_label_model *model) {
  if (!model->type->silence || model->records == model->covered) return;
  table->weight[table->U++] = (double)(model->records - model->covered);
  table->begin[table->U] = table->begin[table->U - 1];
}

ws_status ws__em_fit(ws_label_model *model, const ws__fit_input *input,
                     const ws__em_kind *kind) {
  ws__vote_table table;
  ws__em em = {.votes = &table, .input = input, .model = model};
  em.S = model->type->subtypes * model->K;
  ws_status status = ws__vote_table_init(&table, input->votes, input->id_of);
  model->converged = status == WS_OK && table.U == 0;
  if (status == WS_OK && table.U > 0) add_uncovered(&table, model);
  if (status == WS_OK) status = em_init(&em);
  if (status == WS_OK) status = iterate(&em, kind);
  ws_free(em.q);
  ws_free(em.mass);
  ws_free(em.counts);
  ws_free(em.fresh);
  ws_free(em.scratch);
  ws__vote_table_clear(&table);
  return status;
}

/* --- prediction --------------------------------------------------------------------- */

/* What one vote adds to the logarithm for state s. A column that had no vote in the fit
 * says nothing, not even that the LF abstained. */
static double vote_says(const ws_label_model *model, const uint32_t *id_of,
                        uint32_t column, size_t s) {
  const ws__confusion *con = &model->confusion;
  double x =
      id_of[column] == WS_NO_COLUMN ? 0 : con->log_rates[id_of[column] * con->S + s];
  if (!con->silent) return x;
  size_t j = ws__columns_lf(model, id_of, column);
  return j == model->M ? x : x - con->log_silent[j * con->S + s];
}

/* log of the sum over the subtypes of class k. */
static double log_class(const ws_label_model *model, const uint32_t *id_of,
                        ws_pattern pattern, size_t k) {
  const ws__confusion *con = &model->confusion;
  double x[MOST_SUBTYPES];
  for (size_t g = 0; g < con->G; g++) {
    size_t s = k * con->G + g;
    x[g] = con->log_weights[s];
    for (size_t i = 0; i < pattern.size; i++)
      x[g] += vote_says(model, id_of, pattern.columns[i], s);
  }
  return con->G == 1 ? x[0] : ws__softmax(x, con->G);
}

/* A known balance stands in place of the learned one. */
static double log_learned_balance(const ws_label_model *model, size_t k) {
  const ws__confusion *con = &model->confusion;
  double sum = 0;
  for (size_t g = 0; g < con->G; g++) sum += con->weights[k * con->G + g];
  return log(fmax(sum, LEAST_WEIGHT));
}

void ws__confusion_posterior(const ws_label_model *model, const uint32_t *id_of,
                             ws_pattern pattern, double *probs) {
  for (size_t k = 0; k < model->K; k++) {
    probs[k] = log_class(model, id_of, pattern, k);
    if (model->balance)
      probs[k] += ws__log_balance(model, k) - log_learned_balance(model, k);
  }
  ws__softmax(probs, model->K);
}
