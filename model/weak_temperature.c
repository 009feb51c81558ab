/* SPDX-License-Identifier: MIT
 *
 * How sure an SVM should be whose labels are weak: its scores are no log-probabilities.
 * They are divided by the temperature at which, on rows that it was not trained on, they
 * say what the label model says: a third of the weak rows is held out in turn. Gold rows
 * among them are trained on throughout.
 */
#include <string.h>

#include <weaksup/alloc.h>

#include "temperature.h"
#include "training_priv.h"

enum {
  THIRDS = 3,
  LEAST_ROWS = 30, // of fewer the temperature stays 1
};

typedef struct held {
  const ws__training *training;
  uint8_t *kind;   // [n] those of the training; in each third its rows are out
  uint8_t *third;  // [n] of weak rows
  size_t count;    // of weak rows
  double *scores;  // [count][K]
  double *targets; // [count][K]
  double *scratch; // [K]
} held;

/* Rows are dealt class by class. */
static ws_status deal(held *h) {
  const ws__training *t = h->training;
  size_t *dealt = ws_alloc_zero(t->K + 1, sizeof *dealt); // the last one: ties
  if (!dealt) return WS_ENOMEM;
  for (size_t i = 0; i < t->n; i++) {
    if (t->kind[i] != WS__WEAK) continue;
    int32_t top = ws_probs_argmax(t->labels + i * t->K, t->K);
    h->third[i] = (uint8_t)(dealt[top == WS_ABSTAIN ? t->K : (size_t)top]++ % THIRDS);
    h->count++;
  }
  ws_free(dealt);
  h->scores = ws_alloc_array(h->count * t->K, sizeof *h->scores);
  h->targets = ws_alloc_array(h->count * t->K, sizeof *h->targets);
  return h->scores && h->targets ? WS_OK : WS_ENOMEM;
}

static ws_status score_third(held *h, ws_branch branch, uint8_t third, ws_error *err) {
  ws__training part = *h->training;
  const ws__training *t = h->training;
  ws__trained trained;
  size_t at = 0;
  part.kind = h->kind;
  for (size_t i = 0; i < t->n; i++) {
    bool out = t->kind[i] == WS__WEAK && h->third[i] == third;
    h->kind[i] = out ? WS__OUT : t->kind[i];
  }
  ws_status status = ws__recipe_train(&trained, &part, branch, false, err);
  for (size_t i = 0; status == WS_OK && i < t->n; i++) {
    if (t->kind[i] != WS__WEAK) continue;
    if (h->third[i] == third)
      ws__trained_scores(&trained, t->matrix, i, h->scores + at * t->K, h->scratch);
    at++;
  }
  ws__trained_clear(&trained);
  return status;
}

/* A row counts as its label does in the training. */
static ws_status fit(held *h, double *temperature) {
  const ws__training *t = h->training;
  size_t at = 0;
  for (size_t i = 0; i < t->n; i++) {
    if (t->kind[i] != WS__WEAK) continue;
    for (size_t k = 0; k < t->K; k++)
      h->targets[at * t->K + k] = t->weights[i] * t->labels[i * t->K + k];
    at++;
  }
  return ws__temperature_fit_soft(h->scores, h->targets, h->count, t->K, temperature);
}

static ws_status run(held *h, ws_branch branch, double *temperature, ws_error *err) {
  const ws__training *t = h->training;
  h->kind = ws_alloc_array(t->n, sizeof *h->kind);
  h->third = ws_alloc_zero(t->n, sizeof *h->third);
  h->scratch = ws_alloc_array(t->K, sizeof *h->scratch);
  if (!h->kind || !h->third || !h->scratch || deal(h) != WS_OK)
    return ws_error_nomem(err);
  if (h->count < LEAST_ROWS) return WS_OK;
  for (uint8_t third = 0; third < THIRDS; third++)
    WS_TRY(score_third(h, branch, third, err));
  return fit(h, temperature) == WS_OK ? WS_OK : ws_error_nomem(err);
}

ws_status ws__fit_weak_temperature(const ws__training *training, ws_branch branch,
                                   double *temperature, ws_error *err) {
  held h = {.training = training};
  *temperature = 1;
  ws_status status = run(&h, branch, temperature, err);
  ws_free(h.kind);
  ws_free(h.third);
  ws_free(h.scores);
  ws_free(h.targets);
  ws_free(h.scratch);
  return status;
}
