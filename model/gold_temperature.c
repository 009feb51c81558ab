/* SPDX-License-Identifier: MIT
 *
 * How sure the classifier should be, from gold rows among weak ones. They are trained on,
 * too, so they are scored by a model that was trained without any of them. Leaving out a
 * fifth at a time would be nearer to the final model, but few gold records often are
 * variants of one another: those that stay in would tell the others' labels.
 */
#include <string.h>

#include <weaksup/alloc.h>

#include "softmax.h"
#include "temperature.h"
#include "training_priv.h"

#define PRIOR_SD 0.5 // of the temperature's logarithm: few rows hardly move it from 0

typedef struct judged {
  const ws__training *training;
  size_t count;
  size_t *rows;        // [count] with gold
  int32_t *gold;       // [count]
  double *scores;      // [count][K]
  double *some_scores; // [count][K] of the rows that a temperature is fitted to
  int32_t *some_gold;  // [count] the same
  double *scratch;     // [K]
  double usual;        // temperature of the scores before
} judged;

/* To the rows of all parts but `without`; WS__PARTS: of all. */
static ws_status fit(judged *j, unsigned without, double *temperature) {
  size_t K = j->training->K, n = 0;
  double loss;
  for (size_t at = 0; at < j->count; at++) {
    if (j->training->part[j->rows[at]] == without) continue;
    memcpy(j->some_scores + n * K, j->scores + at * K, K * sizeof *j->scores);
    j->some_gold[n++] = j->gold[at];
  }
  return ws__temperature_fit(j->some_scores, j->some_gold, n, K, PRIOR_SD, temperature,
                             &loss);
}

/* Scores the gold rows by a model trained without them. */
static ws_status score(judged *j, ws_branch branch, ws_error *err) {
  const ws__training *t = j->training;
  ws__trained trained;
  ws_status status = ws__recipe_train(&trained, t, branch, true, err);
  for (size_t at = 0; status == WS_OK && at < j->count; at++)
    ws__trained_scores(&trained, t->matrix, j->rows[at], j->scores + at * t->K,
                       j->scratch);
  for (size_t i = 0; status == WS_OK && i < j->count * t->K; i++)
    j->scores[i] /= j->usual;
  ws__trained_clear(&trained);
  return status;
}

/* What is said of a row is tempered by what the other parts say of the temperature. */
static ws_status keep_probs(judged *j) {
  const ws__training *t = j->training;
  double *probs = t->options->gold_probs, temperature;
  for (unsigned part = 0; probs && part < WS__PARTS; part++) {
    WS_TRY(fit(j, part, &temperature));
    for (size_t at = 0; at < j->count; at++) {
      double *out = probs + j->rows[at] * t->K;
      if (t->part[j->rows[at]] != part) continue;
      for (size_t k = 0; k < t->K; k++) out[k] = j->scores[at * t->K + k] / temperature;
      ws__normalise(out, t->K);
    }
  }
  return WS_OK;
}

static ws_status prepare(judged *j) {
  const ws__training *t = j->training;
  for (size_t i = 0; i < t->n; i++) j->count += t->kind[i] == WS__GOLD;
  j->rows = ws_alloc_array(j->count, sizeof *j->rows);
  j->gold = ws_alloc_array(j->count, sizeof *j->gold);
  j->scores = ws_alloc_array(j->count * t->K, sizeof *j->scores);
  j->some_scores = ws_alloc_array(j->count * t->K, sizeof *j->some_scores);
  j->some_gold = ws_alloc_array(j->count, sizeof *j->some_gold);
  j->scratch = ws_alloc_array(t->K, sizeof *j->scratch);
  if (!j->rows || !j->gold || !j->scores || !j->some_scores || !j->some_gold ||
      !j->scratch)
    return WS_ENOMEM;
  size_t at = 0;
  for (size_t i = 0; i < t->n; i++) {
    if (t->kind[i] != WS__GOLD) continue;
    j->gold[at] = ws_probs_argmax(t->labels + i * t->K, t->K);
    j->rows[at++] = i;
  }
  return WS_OK;
}

ws_status ws__fit_temperature(const ws__training *training, ws_branch branch,
                              double *temperature, ws_error *err) {
  judged j = {.training = training, .usual = *temperature};
  ws_status status = prepare(&j);
  status = status == WS_OK ? score(&j, branch, err) : ws_error_nomem(err);
  if (status == WS_OK &&
      (fit(&j, WS__PARTS, temperature) != WS_OK || keep_probs(&j) != WS_OK))
    status = ws_error_nomem(err);
  if (status == WS_OK) *temperature *= j.usual;
  ws_free(j.rows);
  ws_free(j.gold);
  ws_free(j.scores);
  ws_free(j.some_scores);
  ws_free(j.some_gold);
  ws_free(j.scratch);
  return status;
}
