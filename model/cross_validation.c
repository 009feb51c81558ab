/* SPDX-License-Identifier: MIT
 *
 * Training on all folds but one, and predicting that.
 */
#include <weaksup/cross_validation.h>

#include <string.h>

#include <weaksup/alloc.h>

#include "classifier_priv.h"
#include "features_rows.h"
#include "softmax.h"

/* The labels that are left where a fold is hidden. */
typedef struct hidden {
  size_t n, K;
  double *targets; // [n][K], or NULL
  int32_t *gold;   // [n], or NULL
  double *weights; // [n]
} hidden;

static ws_status hidden_init(hidden *h, const ws_training_rows *rows, size_t n,
                             size_t K) {
  *h = (hidden){.n = n, .K = K};
  if (rows->targets) h->targets = ws_alloc_array(n * K, sizeof *h->targets);
  if (rows->gold) h->gold = ws_alloc_array(n, sizeof *h->gold);
  h->weights = ws_alloc_array(n, sizeof *h->weights);
  bool fine = h->weights && (h->targets || !rows->targets) && (h->gold || !rows->gold);
  return fine ? WS_OK : WS_ENOMEM;
}

static void hidden_clear(hidden *h) {
  ws_free(h->targets);
  ws_free(h->gold);
  ws_free(h->weights);
}

static void hide(hidden *h, const ws_training_rows *rows, const uint32_t *fold,
                 uint32_t hide) {
  size_t K = h->K;
  for (size_t i = 0; i < h->n; i++) {
    bool out = fold[i] == hide;
    h->weights[i] = out ? 0 : rows->weights ? rows->weights[i] : 1;
    if (h->gold) h->gold[i] = out ? WS_ABSTAIN : rows->gold[i];
    for (size_t k = 0; h->targets && k < K; k++)
      h->targets[i * K + k] = out ? 0 : rows->targets[i * K + k];
  }
}

static ws_status train(ws_features *features, const ws_training_rows *rows,
                       const ws_text *classes, size_t K,
                       const ws_training_options *options,
                       const ws_choice_options *choose, ws_classifier **out,
                       ws_error *err) {
  ws_training_report report;
  ws_choice choice;
  if (!choose)
    return ws_training_run(features, rows, classes, K, options, out, &report, err);
  return ws_training_choose(features, rows, classes, K, options, choose, out, &report,
                            &choice, err);
}

ws_status ws_cross_predict(ws_features *features, const ws_training_rows *rows,
                           const ws_text *classes, size_t class_count,
                           const ws_training_options *options,
                           const ws_choice_options *choose, const uint32_t *fold,
                           uint32_t folds, double *probs, ws_error *err) {
  const ws__matrix *matrix;
  size_t n = ws_features_rows(features), K = class_count;
  hidden h;
  WS_TRY(ws__classifier_check_classes(K, err));
  ws_status status = hidden_init(&h, rows, n, K) == WS_OK ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) status = ws__features_matrix(features, &matrix, err);
  for (uint32_t f = 0; status == WS_OK && f < folds; f++) {
    ws_classifier *classifier = NULL;
    hide(&h, rows, fold, f);
    ws_training_rows left = {h.targets, h.gold, h.weights, rows->votes};
    status = train(features, &left, classes, K, options, choose, &classifier, err);
    for (size_t i = 0; status == WS_OK && i < n; i++)
      if (fold[i] == f) ws__predict_row(classifier, matrix, i, probs + i * K);
    ws_classifier_free(classifier);
  }
  hidden_clear(&h);
  return status;
}
