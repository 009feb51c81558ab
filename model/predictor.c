/* SPDX-License-Identifier: MIT
 *
 * Prediction: terms of a text, their weights, and the linear scores, accumulated in
 * double precision. Buckets that training never saw are passed over, in the length of the
 * vector too, as scikit-learn does with words out of vocabulary.
 */
#include <math.h>

#include <weaksup/alloc.h>

#include "classifier_priv.h"
#include "features_rows.h"
#include "softmax.h"

struct ws_predictor {
  const ws_classifier *classifier;
  ws__terms terms;
  double scores[]; // [K]
};

ws_status ws_predictor_new(const ws_classifier *classifier, ws_predictor **out) {
  ws_predictor *predictor =
      ws_alloc_zero(1, sizeof *predictor + classifier->K * sizeof *predictor->scores);
  if (!predictor) return WS_ENOMEM;
  predictor->classifier = classifier;
  predictor->terms.options = classifier->options;
  *out = predictor;
  return WS_OK;
}

void ws_predictor_free(ws_predictor *predictor) {
  if (!predictor) return;
  ws__terms_clear(&predictor->terms);
  ws_free(predictor);
}

/* scores = sum of weight x W over the known terms; returns the sum of squared weights. */
static double add_terms(const ws_classifier *classifier, const ws__terms *terms,
                        double *scores) {
  size_t K = classifier->K;
  double squares = 0;
  for (size_t k = 0; k < K; k++) scores[k] = 0;
  for (size_t i = 0; i < terms->count; i++) {
    size_t a = ws__classifier_find(classifier, terms->items[i].bucket);
    if (a == classifier->A) continue;
    double weight = ws__tf(terms->items[i].count) * (double)classifier->idf[a];
    const float *W = classifier->weights + a * K;
    for (size_t k = 0; k < K; k++) scores[k] += weight * (double)W[k];
    squares += weight * weight;
  }
  return squares;
}

ws_status ws_predict(ws_predictor *predictor, ws_text text, double *probs) {
  const ws_classifier *classifier = predictor->classifier;
  WS_TRY(ws__terms_count(&predictor->terms, text));
  double squares = add_terms(classifier, &predictor->terms, predictor->scores);
  double scale = squares > 0 ? 1 / sqrt(squares) : 0;
  for (size_t k = 0; k < classifier->K; k++)
    probs[k] = (double)classifier->bias[k] + scale * predictor->scores[k];
  ws__normalise(probs, classifier->K);
  return WS_OK;
}
