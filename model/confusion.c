/* SPDX-License-Identifier: MIT
 *
 * See confusion.h. All in logarithms.
 */
#include "confusion.h"

#include <math.h>

#include <weaksup/alloc.h>

#include "softmax.h"

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

void ws__confusion_weights_ready(ws_label_model *model) {
  ws__confusion *c = &model->confusion;
  take_logs(c->weights, c->log_weights, c->S, WS_LEAST_STATE);
  if (!c->silent) return;
  take_logs(c->silent, c->log_silent, model->M * c->S, WS_LEAST_RATE);
  for (size_t j = 0; j < model->M; j++)
    for (size_t s = 0; s < c->S; s++) c->log_weights[s] += c->log_silent[j * c->S + s];
}

void ws__confusion_ready(ws_label_model *model) {
  ws__confusion *c = &model->confusion;
  if (c->G == 0) return;
  take_logs(c->rates, c->log_rates, model->C * c->S, WS_LEAST_RATE);
  ws__confusion_weights_ready(model);
}

/* --- prediction --------------------------------------------------------------------- */

/* Adds what one vote says of the states first .. first + count - 1. A column that had no
 * vote in the fit says nothing, not even that the LF abstained. */
static void add_vote(const ws_label_model *model, const uint32_t *id_of, uint32_t column,
                     size_t first, size_t count, double *x) {
  const ws__confusion *con = &model->confusion;
  if (ws__is_column(model, id_of[column])) {
    const double *rates = con->log_rates + id_of[column] * con->S + first;
    for (size_t s = 0; s < count; s++) x[s] += rates[s];
  }
  size_t j = con->silent ? ws__columns_lf(model, id_of, column) : model->M;
  if (j == model->M) return;
  const double *silent = con->log_silent + j * con->S + first;
  for (size_t s = 0; s < count; s++) x[s] -= silent[s];
}

/* log P(state, votes) of those states, up to a constant. */
static void log_states(const ws_label_model *model, const uint32_t *id_of,
                       ws_pattern pattern, size_t first, size_t count, double *x) {
  const double *weights = model->confusion.log_weights + first;
  for (size_t s = 0; s < count; s++) x[s] = weights[s];
  for (size_t i = 0; i < pattern.size; i++)
    add_vote(model, id_of, pattern.columns[i], first, count, x);
}

/* log of the sum over the subtypes of class k. */
static double log_class(const ws_label_model *model, const uint32_t *id_of,
                        ws_pattern pattern, size_t k) {
  size_t G = model->confusion.G;
  double x[MOST_SUBTYPES];
  log_states(model, id_of, pattern, k * G, G, x);
  return ws__softmax(x, G);
}

/* A known balance stands in place of the learned one. */
static double log_learned_balance(const ws_label_model *model, size_t k) {
  const ws__confusion *con = &model->confusion;
  double sum = 0;
  for (size_t g = 0; g < con->G; g++) sum += con->weights[k * con->G + g];
  return log(fmax(sum, WS_LEAST_STATE));
}

static double log_balance_instead(const ws_label_model *model, size_t k) {
  return model->balance ? ws__log_balance(model, k) - log_learned_balance(model, k) : 0;
}

void ws__confusion_posterior(const ws_label_model *model, const uint32_t *id_of,
                             ws_pattern pattern, double *probs) {
  if (model->confusion.G == 1)
    log_states(model, id_of, pattern, 0, model->K, probs);
  else
    for (size_t k = 0; k < model->K; k++) probs[k] = log_class(model, id_of, pattern, k);
  for (size_t k = 0; k < model->K; k++) probs[k] += log_balance_instead(model, k);
  ws__normalise(probs, model->K);
}

void ws__confusion_odds(const ws_label_model *model, const uint32_t *id_of,
                        size_t columns, double *odds) {
  const double *weights = model->confusion.log_weights;
  for (uint32_t v = 0; v < columns; v++) {
    double x[2] = {0, 0};
    add_vote(model, id_of, v, 0, 2, x);
    odds[v] = x[1] - x[0];
  }
  odds[columns] = weights[1] - weights[0] + log_balance_instead(model, 1) -
                  log_balance_instead(model, 0);
}
