/* SPDX-License-Identifier: MIT
 *
 * What the trials say of rows that were held out. The rows outside of a fold are counted
 * again for it, and those inside are predicted as new records are: which n-grams are
 * features, and how they are weighted, must not depend on texts that are held out.
 */
#include "choice.h"

#include <weaksup/alloc.h>

#include "classifier_priv.h"
#include "features_rows.h"
#include "log_ratios.h"

/* The rows outside of a fold. */
typedef struct outside {
  size_t n;
  size_t *rows;          // [n] of all features
  double *targets;       // [n][K]
  ws_features *features; // of these rows alone
  const ws__matrix *matrix;
} outside;

static void outside_clear(outside *o) {
  ws_free(o->rows);
  ws_free(o->targets);
  ws_features_free(o->features);
}

static ws_status outside_init(outside *o, const ws__chooser *c, uint32_t f,
                              ws_error *err) {
  size_t K = c->K;
  *o = (outside){0};
  o->rows = ws_alloc_array(c->n, sizeof *o->rows);
  o->targets = c->n > SIZE_MAX / K ? NULL : ws_alloc_array(c->n * K, sizeof *o->targets);
  if (!o->rows || !o->targets) return ws_error_nomem(err);
  for (size_t i = 0; i < c->n; i++) {
    if (c->fold[i] == f) continue;
    double *target = o->targets + o->n * K;
    for (size_t k = 0; k < K; k++)
      target[k] = (size_t)c->gold[i] == k ? c->weights[i] : 0;
    o->rows[o->n++] = c->rows[i];
  }
  WS_TRY(ws_features_pick(c->features, o->rows, o->n, &o->features, err));
  return ws__features_matrix(o->features, &o->matrix, err);
}

/* As in training on all of them. */
static bool has_log_ratios(const ws__chooser *c) {
  return c->how->log_ratios == WS_LOG_RATIOS_ON ||
         (c->how->log_ratios == WS_LOG_RATIOS_AUTO && ws__log_ratios_pay(c->n, c->K));
}

static bool on_progress(void *user, const ws_progress *training) {
  const ws__chooser *c = user;
  (void)training;
  return ws_progress_report(c->how->progress, "choosing", c->done, c->total, "trainings");
}

static ws_status train(ws__chooser *c, const outside *o, const ws_trial *trial,
                       ws_classifier **out, ws_error *err) {
  ws__linear linear;
  ws__linear_options how = ws__linear_options_of(c->how);
  how.loss = trial->loss;
  how.c = trial->c;
  how.log_ratios = has_log_ratios(c);
  how.progress = (ws_progress_sink){on_progress, c};
  ws__rows all = {.n = o->n, .targets = o->targets};
  ws_status status = ws__linear_train(&linear, o->matrix, &all, c->K, &how, err);
  if (status == WS_OK &&
      ws__classifier_begin(o->features, o->matrix, c->classes, c->K, out) != WS_OK)
    status = ws_error_nomem(err);
  if (status == WS_OK) ws__classifier_take_linear(*out, &linear);
  ws__linear_clear(&linear);
  return status;
}

static ws_status score_inside(const ws__chooser *c, const ws_classifier *classifier,
                              uint32_t f, double *scores, ws_error *err) {
  ws_predictor *predictor = NULL;
  if (ws_predictor_new(classifier, &predictor) != WS_OK) return ws_error_nomem(err);
  ws_status status = WS_OK;
  for (size_t i = 0; status == WS_OK && i < c->n; i++)
    if (c->fold[i] == f)
      status =
          ws__predict_scores(predictor, c->features, c->rows[i], scores + i * c->K, err);
  ws_predictor_free(predictor);
  return status;
}

static ws_status score_fold(ws__chooser *c, const ws_choice *choice, uint32_t f,
                            ws_error *err) {
  outside o;
  ws_status status = outside_init(&o, c, f, err);
  for (size_t t = 0; status == WS_OK && t < choice->count; t++) {
    ws_classifier *classifier = NULL;
    status = train(c, &o, &choice->trials[t], &classifier, err);
    if (status == WS_OK)
      status = score_inside(c, classifier, f, c->scores + t * c->n * c->K, err);
    ws_classifier_free(classifier);
    c->done++;
  }
  outside_clear(&o);
  return status;
}

ws_status ws__choice_score(ws__chooser *c, const ws_choice *choice, ws_error *err) {
  c->total = choice->count * c->folds;
  for (uint32_t f = 0; f < c->folds; f++) WS_TRY(score_fold(c, choice, f, err));
  return WS_OK;
}
