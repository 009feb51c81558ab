/* SPDX-License-Identifier: MIT
 *
 * Prediction: a record's features, block by block, their weights, and the linear scores,
 * accumulated in double precision. Features that training never saw are passed over, in
 * the length of the vector too, as scikit-learn does with words out of vocabulary.
 */
#include <math.h>

#include <weaksup/alloc.h>

#include "classifier_priv.h"
#include "softmax.h"
#include "terms.h"

struct ws_predictor {
  const ws_classifier *classifier;
  ws__terms terms;
  double scores[]; // [K] of one block
};

ws_status ws_predictor_new(const ws_classifier *classifier, ws_predictor **out) {
  ws_predictor *predictor =
      ws_alloc_zero(1, sizeof *predictor + classifier->K * sizeof *predictor->scores);
  if (!predictor) return WS_ENOMEM;
  predictor->classifier = classifier;
  *out = predictor;
  return WS_OK;
}

void ws_predictor_free(ws_predictor *predictor) {
  if (!predictor) return;
  ws__terms_clear(&predictor->terms);
  ws_free(predictor);
}

static size_t find(const ws_classifier *classifier, size_t b, uint64_t hash) {
  if (classifier->spec.blocks[b].kind != WS__VECTOR)
    return ws__classifier_find(classifier, b, (uint32_t)hash);
  return ws__matrix_first(classifier->ends, b) + (size_t)hash; // a position
}

/* scores = sum of weight x W over the known terms of the block; returns the sum of
 * squared weights. */
static double add_terms(const ws_classifier *classifier, size_t b, const ws__terms *terms,
                        double *scores) {
  const ws__block *block = &classifier->spec.blocks[b];
  size_t K = classifier->K;
  double squares = 0;
  for (size_t k = 0; k < K; k++) scores[k] = 0;
  for (size_t i = 0; i < terms->count; i++) {
    size_t e = find(classifier, b, terms->items[i].hash);
    if (e == SIZE_MAX) continue;
    double weight = ws__weight(block, (double)terms->items[i].value, classifier->scale[e],
                               classifier->shift[e]);
    const float *W = classifier->weights + e * K;
    for (size_t k = 0; k < K; k++) scores[k] += weight * (double)W[k];
    squares += weight * weight;
  }
  return squares;
}

/* Lists have the length of those in training. */
static ws_status check_length(const ws_classifier *classifier, size_t b, size_t found,
                              ws_error *err) {
  const ws__block *block = &classifier->spec.blocks[b];
  size_t expected = classifier->ends[b] - ws__matrix_first(classifier->ends, b);
  if (block->kind != WS__VECTOR || found == 0 || found == expected) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "field '%s': expected %zu numbers as in training, found %zu",
                      block->field, expected, found);
}

ws_status ws_predict(ws_predictor *predictor, const ws_record *record, double *probs,
                     ws_error *err) {
  const ws_classifier *classifier = predictor->classifier;
  ws__terms *terms = &predictor->terms;
  for (size_t k = 0; k < classifier->K; k++) probs[k] = (double)classifier->bias[k];
  for (size_t b = 0; b < classifier->spec.count; b++) {
    const ws__block *block = &classifier->spec.blocks[b];
    WS_TRY(ws__terms_collect(terms, block, record, err));
    WS_TRY(check_length(classifier, b, terms->count, err));
    double squares = add_terms(classifier, b, terms, predictor->scores), scale = 1;
    if (ws__block_is_normal(block)) scale = squares > 0 ? 1 / sqrt(squares) : 0;
    for (size_t k = 0; k < classifier->K; k++) probs[k] += scale * predictor->scores[k];
  }
  ws__normalise(probs, classifier->K);
  return WS_OK;
}
