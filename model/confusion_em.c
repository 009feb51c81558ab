/* SPDX-License-Identifier: MIT
 *
 * See confusion_em.h: the order of EM. The passes over the patterns are in
 * confusion_passes.c.
 */
#include "confusion_em.h"

#include <math.h>

#include <weaksup/alloc.h>

#include "confusion.h"

enum { PARTIAL_PASSES = 20 }; // at most, between two over all patterns
#define STANDS_STILL 0.1      // share of the tolerance that a settled posterior moves

/* --- M-step ------------------------------------------------------------------------- */

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

/* What a vote of LF j says, less what its silence would. */
static void take_logs(const ws__em *em, size_t j) {
  const ws_label_model *model = em->model;
  const ws__confusion *con = &model->confusion;
  size_t S = em->S;
  const double *silent = con->silent ? con->silent + j * S : NULL;
  for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++) {
    if (!em->wanted[c]) continue;
    const double *rates = con->rates + c * S;
    double *logs = con->log_rates + c * S;
    for (size_t s = 0; s < S; s++) logs[s] = log(fmax(rates[s], WS_LEAST_RATE));
    for (size_t s = 0; silent && s < S; s++)
      logs[s] -= log(fmax(silent[s], WS_LEAST_RATE));
  }
}

/* Items are the LFs and their columns; an LF belongs to the block that has it, which may
 * be found by its number: LF j is item lf_begin[j] + j. */
static void update_block(void *user, double *sums, size_t first, size_t end) {
  const ws__em *em = user;
  const size_t *lf_begin = em->model->lf_begin;
  for (size_t j = 0; j < em->model->M && lf_begin[j] + j < end; j++) {
    if (lf_begin[j] + j < first) continue;
    em->kind->update_lf(em, j, sums);
    take_logs(em, j);
  }
}

static void logs_block(void *user, double *sums, size_t first, size_t end) {
  const ws__em *em = user;
  const size_t *lf_begin = em->model->lf_begin;
  (void)sums;
  for (size_t j = 0; j < em->model->M && lf_begin[j] + j < end; j++)
    if (lf_begin[j] + j >= first) take_logs(em, j);
}

static void run_on_lfs(ws__em *em, ws__block_fn fn) {
  ws__blocks_run_on(em->blocks, em->model->C + em->model->M, fn, em);
}

static void maximise(ws__em *em) {
  em->kind->pool(em);
  if (em->input->balance_in_em) hold_balance(em->model);
  run_on_lfs(em, update_block);
  ws__confusion_weights_ready(em->model);
}

/* --- a warm start ------------------------------------------------------------------- */

static void copy_row(const double *from, double *to, size_t S) {
  for (size_t s = 0; s < S; s++) to[s] = from ? from[s] : 1;
}

/* The rates of an LF of the model from those of LF `lf` of `start`, M if it has no such.
 * A column that it does not know says as much as silence. */
static void take_rates(ws_label_model *model, size_t j, const ws_label_model *start,
                       size_t lf) {
  ws__confusion *to = &model->confusion;
  const ws__confusion *from = &start->confusion;
  size_t S = to->S;
  bool known = lf < start->M;
  double *silent = to->silent ? to->silent + j * S : NULL;
  if (silent) copy_row(known ? from->silent + lf * S : NULL, silent, S);
  for (size_t c = model->lf_begin[j]; c < model->lf_begin[j + 1]; c++) {
    const double *rates = silent;
    for (size_t d = known ? start->lf_begin[lf] : 0; known && d < start->lf_begin[lf + 1];
         d++)
      if (start->columns[d].label == model->columns[c].label) rates = from->rates + d * S;
    copy_row(rates, to->rates + c * S, S);
  }
}

/* The E-step from the parameters of `start`, by the names of its LFs. */
static void begin_warm(ws__em *em, const ws_label_model *start) {
  ws_label_model *model = em->model;
  size_t hint = 0;
  for (size_t j = 0; j < model->M; j++) {
    size_t lf = ws__label_model_find_lf(start, model->lfs[j], hint);
    if (lf < start->M) hint = lf + 1;
    take_rates(model, j, start, lf);
  }
  copy_row(start->confusion.weights, model->confusion.weights, em->S);
  run_on_lfs(em, logs_block);
  ws__confusion_weights_ready(model);
  ws__em_expect(em);
}

/* --- the fit ------------------------------------------------------------------------ */

static ws_status iterate(ws__em *em) {
  const ws__em_kind *kind = em->kind;
  ws_label_model *model = em->model;
  unsigned partial = 0; // passes that may still be
  while (!model->converged && model->iterations < kind->max_iterations) {
    if (!ws_progress_report(em->input->progress, "fitting", model->iterations,
                            kind->max_iterations, "iterations"))
      return WS_ESTOPPED;
    if (partial == 0 || model->iterations + 1 == kind->max_iterations)
      ws__em_take_all(em);
    maximise(em);
    double moved = ws__em_expect(em);
    model->iterations++;
    if (em->partial)
      partial = moved < kind->tolerance ? 0 : partial - 1;
    else if (!(model->converged = moved < kind->tolerance))
      partial =
          ws__em_take_moving(em, STANDS_STILL * kind->tolerance) ? PARTIAL_PASSES : 0;
  }
  return WS_OK;
}

/* Where silence says something, records without votes are a pattern too, the last one.
 * The table has room for it: it has been left out of the votes' patterns. */
static void add_uncovered(ws__vote_table *table, const ws_label_model *model) {
  if (!model->type->silence || model->records == model->covered) return;
  table->weight[table->U++] = (double)(model->records - model->covered);
  table->begin[table->U] = table->begin[table->U - 1];
}

static ws_status run(ws__em *em) {
  WS_TRY(ws__em_init(em));
  if (em->model->fit_start)
    begin_warm(em, em->model->fit_start);
  else
    ws__em_start(em);
  return iterate(em);
}

ws_status ws__em_fit(ws_label_model *model, const ws__fit_input *input,
                     const ws__em_kind *kind) {
  ws__vote_table table;
  ws__em em = {.kind = kind, .votes = &table, .input = input, .model = model};
  em.S = model->type->subtypes * model->K;
  ws_status status = ws__vote_table_init(&table, input->votes, input->id_of);
  model->converged = status == WS_OK && table.U == 0;
  if (status == WS_OK && table.U > 0) add_uncovered(&table, model);
  if (status == WS_OK) status = run(&em);
  ws__em_clear(&em);
  ws__vote_table_clear(&table);
  return status;
}
