/* SPDX-License-Identifier: MIT
 *
 * How sure the classifier should be, from gold rows among weak ones (C. Guo and others:
 * On calibration of modern neural networks, 2017). They are trained on, too, so they are
 * scored by a model that was trained without any of them. Leaving out a fifth at a time
 * would be nearer to the final model, but few gold records often are variants of one
 * another: those that stay in would tell the others' labels.
 */
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "brent.h"
#include "softmax.h"
#include "training_priv.h"

#define PRIOR_SD 0.5 // of the temperature's logarithm: few rows hardly move it from 0
#define LOWEST   0.1
#define HIGHEST  10.0
#define STEPS    48

typedef struct judged {
  const ws__training *training;
  size_t count;
  size_t *rows;     // [count] with gold
  double *scores;   // [count][K]
  double *probs;    // [K] working memory
  unsigned without; // the part that is not looked at; WS__PARTS: none
} judged;

static void temper(const judged *j, size_t at, double temperature, double *probs) {
  size_t K = j->training->K;
  for (size_t k = 0; k < K; k++) probs[k] = j->scores[at * K + k] / temperature;
  ws__normalise(probs, K);
}

/* -log of the penalised likelihood at ln temperature = x. */
static double loss(double x, void *user) {
  const judged *j = user;
  size_t K = j->training->K;
  double sum = x * x / (2 * PRIOR_SD * PRIOR_SD);
  for (size_t at = 0; at < j->count; at++) {
    const double *label = j->training->labels + j->rows[at] * K;
    if (j->training->part[j->rows[at]] == j->without) continue;
    temper(j, at, exp(x), j->probs);
    for (size_t k = 0; k < K; k++)
      if (label[k] > 0) sum -= log(fmax(j->probs[k], 1e-300));
  }
  return sum;
}

/* Rounded to four places: the rest is noise. */
static double fit(judged *j, unsigned without) {
  j->without = without;
  double x = ws__least(loss, j, log(LOWEST), log(HIGHEST), STEPS);
  return floor(exp(x) * 1e4 + 0.5) / 1e4;
}

/* Scores the gold rows by a model trained without them. */
static ws_status score(judged *j, ws_branch branch, ws_error *err) {
  const ws__training *t = j->training;
  ws__trained trained;
  ws_status status = ws__recipe_train(&trained, t, branch, true, err);
  for (size_t at = 0; status == WS_OK && at < j->count; at++)
    ws__trained_scores(&trained, t->matrix, j->rows[at], j->scores + at * t->K, j->probs);
  ws__trained_clear(&trained);
  return status;
}

/* What is said of a row is tempered by what the other parts say of the temperature. */
static void keep_probs(judged *j) {
  double *out = j->training->options->gold_probs;
  size_t K = j->training->K;
  if (!out) return;
  for (unsigned part = 0; part < WS__PARTS; part++) {
    double temperature = fit(j, part);
    for (size_t at = 0; at < j->count; at++)
      if (j->training->part[j->rows[at]] == part)
        temper(j, at, temperature, out + j->rows[at] * K);
  }
}

static ws_status prepare(judged *j) {
  const ws__training *t = j->training;
  for (size_t i = 0; i < t->n; i++) j->count += t->kind[i] == WS__GOLD;
  j->rows = ws_alloc_array(j->count, sizeof *j->rows);
  j->scores = ws_alloc_array(j->count * t->K, sizeof *j->scores);
  j->probs = ws_alloc_array(t->K, sizeof *j->probs);
  if (!j->rows || !j->scores || !j->probs) return WS_ENOMEM;
  size_t at = 0;
  for (size_t i = 0; i < t->n; i++)
    if (t->kind[i] == WS__GOLD) j->rows[at++] = i;
  return WS_OK;
}

ws_status ws__fit_temperature(const ws__training *training, ws_branch branch,
                              double *temperature, ws_error *err) {
  judged j = {.training = training};
  ws_status status = prepare(&j);
  status = status == WS_OK ? score(&j, branch, err) : ws_error_nomem(err);
  if (status == WS_OK) {
    *temperature = fit(&j, WS__PARTS);
    keep_probs(&j);
  }
  ws_free(j.rows);
  ws_free(j.scores);
  ws_free(j.probs);
  return status;
}
