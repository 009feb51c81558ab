/* SPDX-License-Identifier: MIT
 *
 * The recipe for weak labels. P are the label model's posteriors, Q is what naive Bayes
 * says of rows that it was not trained on. Two rounds of expectation and maximisation,
 * as Kamal Nigam and others have it (Text classification from labeled and unlabeled
 * documents using EM, 2000), but each with scores that are cross-fitted: the targets are
 * P Q on covered rows and Q on the others, and naive Bayes is trained on them again. The
 * regression's targets are P^1.5 Q^.5. Gold rows have their label throughout.
 */
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "classifier_priv.h"
#include "softmax.h"
#include "training_priv.h"

enum { ROUNDS = 2 };

/* What a row is read, about, by a training of naive Bayes and by one of the others. */
#define BAYES_PASSES  3
#define LINEAR_PASSES 40

#define NO_MASS 1e-6 // added to a probability before its logarithm is taken

/* Rows of one training: a selection of all. */
typedef struct selection {
  const ws__training *training;
  ws_branch branch;
  size_t n;
  size_t *rows;    // [n]
  double *targets; // [n][K]
  double *scores;  // [n][K] Q, or NULL
} selection;

/* --- choosing rows ------------------------------------------------------------------ */

static bool is_in(const ws__training *t, ws_branch branch, bool without_gold, size_t i) {
  switch (t->kind[i]) {
  case WS__WEAK:
    return true;
  case WS__GOLD:
    return !without_gold;
  case WS__UNCOVERED:
    return branch == WS_BRANCH_REGRESSION || branch == WS_BRANCH_BAYES ||
           t->options->uncovered;
  default:
    return false;
  }
}

static ws_status choose(selection *s, bool without_gold) {
  const ws__training *t = s->training;
  size_t K = t->K;
  for (size_t i = 0; i < t->n; i++) s->n += is_in(t, s->branch, without_gold, i);
  s->rows = ws_alloc_array(s->n, sizeof *s->rows);
  s->targets = s->n > SIZE_MAX / K ? NULL : ws_alloc_array(s->n * K, sizeof(double));
  if (!s->rows || !s->targets) return WS_ENOMEM;
  size_t at = 0;
  for (size_t i = 0; i < t->n; i++) {
    if (!is_in(t, s->branch, without_gold, i)) continue;
    for (size_t k = 0; k < K; k++)
      s->targets[at * K + k] = t->weights[i] * t->labels[i * K + k];
    s->rows[at++] = i;
  }
  return WS_OK;
}

/* --- expectation and maximisation --------------------------------------------------- */

static ws_status maximise(selection *s, ws__bayes *bayes, ws_error *err) {
  const ws_training_options *options = s->training->options;
  ws__bayes_options how = {options->seed, options->classifier.threads};
  ws__rows rows = {s->rows, s->n, s->targets};
  ws__work_next(s->training->work, BAYES_PASSES * (double)s->n);
  WS_TRY(ws__bayes_train(bayes, s->training->matrix, &rows, s->training->K, &how,
                         s->scores, err));
  for (size_t i = 0; i < s->n; i++)
    ws__normalise(s->scores + i * s->training->K, s->training->K);
  return WS_OK;
}

/* Targets P^p Q^q, Q where there is no P. */
static void expect(selection *s, double p, double q) {
  const ws__training *t = s->training;
  size_t K = t->K;
  for (size_t at = 0; at < s->n; at++) {
    size_t i = s->rows[at];
    double *target = s->targets + at * K;
    const double *label = t->labels + i * K, *score = s->scores + at * K;
    if (t->kind[i] == WS__GOLD) continue; // as it was chosen
    for (size_t k = 0; k < K; k++)
      target[k] = t->kind[i] == WS__WEAK
                      ? p * log(label[k] + NO_MASS) + q * log(score[k] + NO_MASS)
                      : score[k];
    if (t->kind[i] == WS__WEAK) ws__normalise(target, K);
    for (size_t k = 0; k < K; k++) target[k] *= t->weights[i];
  }
}

static ws_status sharpen(selection *s, ws__bayes *bayes, ws_error *err) {
  s->scores = ws_alloc_array(s->n * s->training->K, sizeof *s->scores);
  if (!s->scores) return ws_error_nomem(err);
  ws_status status = maximise(s, bayes, err);
  for (int round = 0; status == WS_OK && round < ROUNDS; round++) {
    expect(s, 1, 1);
    ws__bayes_clear(bayes);
    status = maximise(s, bayes, err);
  }
  if (status == WS_OK) expect(s, 1.5, 0.5);
  ws_free(s->scores);
  s->scores = NULL;
  return status;
}

/* --- training ----------------------------------------------------------------------- */

static void drop_uncovered(selection *s) {
  size_t K = s->training->K, kept = 0;
  for (size_t at = 0; at < s->n; at++) {
    if (s->training->kind[s->rows[at]] == WS__UNCOVERED) continue;
    s->rows[kept] = s->rows[at];
    memmove(s->targets + kept++ * K, s->targets + at * K, K * sizeof *s->targets);
  }
  s->n = kept;
}

/* A class that weighs more is one that the posterior odds favour as much more. */
static void weigh_classes(selection *s, ws__trained *out) {
  const double *weights = s->training->options->class_weights;
  size_t K = s->training->K;
  if (!weights) return;
  for (size_t i = 0; i < s->n * K; i++) s->targets[i] *= weights[i % K];
  for (size_t k = 0; out->has_bayes && k < K; k++) out->bayes.bias[k] += log(weights[k]);
}

static ws_status train(selection *s, ws__trained *out, ws_error *err) {
  const ws__training *t = s->training;
  out->has_bayes = s->branch == WS_BRANCH_BAYES;
  if (s->branch == WS_BRANCH_BAYES || s->branch == WS_BRANCH_REGRESSION)
    WS_TRY(sharpen(s, &out->bayes, err));
  if (s->branch == WS_BRANCH_REGRESSION) {
    ws__bayes_clear(&out->bayes);
    drop_uncovered(s);
  }
  weigh_classes(s, out);
  ws__linear_options how = ws__linear_options_of(&t->options->classifier);
  ws__rows rows = {s->rows, s->n, s->targets};
  out->rows = s->n;
  ws__work_next(t->work, LINEAR_PASSES * (double)s->n);
  if (t->options->classifier.hidden)
    return ws__classifier_train_mlp(&out->mlp, t->matrix, &rows, t->K,
                                    &t->options->classifier, err);
  return ws__linear_train(&out->linear, t->matrix, &rows, t->K, &how, err);
}

double ws__recipe_work(const ws__training *training, ws_branch branch) {
  bool sharpened = branch == WS_BRANCH_BAYES || branch == WS_BRANCH_REGRESSION;
  double all = 0, trained = 0;
  for (size_t i = 0; i < training->n; i++) {
    bool in = is_in(training, branch, false, i);
    all += in;
    trained +=
        in && (training->kind[i] != WS__UNCOVERED || branch != WS_BRANCH_REGRESSION);
  }
  return LINEAR_PASSES * trained + (sharpened ? (ROUNDS + 1) * BAYES_PASSES * all : 0);
}

ws_status ws__recipe_train(ws__trained *out, const ws__training *training,
                           ws_branch branch, bool without_gold, ws_error *err) {
  selection s = {.training = training, .branch = branch};
  *out = (ws__trained){0};
  ws_status status = choose(&s, without_gold);
  status = status == WS_OK ? train(&s, out, err) : ws_error_nomem(err);
  ws_free(s.rows);
  ws_free(s.targets);
  return status;
}

void ws__trained_clear(ws__trained *trained) {
  ws__linear_clear(&trained->linear);
  ws__bayes_clear(&trained->bayes);
  ws__mlp_clear(&trained->mlp);
}

void ws__trained_scores(const ws__trained *trained, const ws__matrix *matrix, size_t row,
                        double *scores, double *scratch) {
  size_t K = trained->linear.K;
  ws__linear_scores(&trained->linear, matrix, row, scores);
  if (!trained->has_bayes) return;
  // Scores are log-probabilities but for a constant, which does not matter.
  ws__bayes_scores(&trained->bayes, matrix, row, scratch);
  for (size_t k = 0; k < K; k++) scores[k] = (scores[k] + scratch[k]) / 2;
}
