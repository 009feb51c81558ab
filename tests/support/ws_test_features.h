/* SPDX-License-Identifier: MIT
 *
 * Features of texts, for tests.
 */
#ifndef WS_TEST_FEATURES_H
#define WS_TEST_FEATURES_H

#include <weaksup/classifier.h>

#include "ws_test.h"

/* A record of nothing but its text, which it borrows. */
static inline ws_record record_of(const char *text) {
  return (ws_record){.text = ws_text_of(text), .gold = WS_ABSTAIN};
}

/* `blocks` NULL: the usual ones. */
static inline ws_features *features_of(const char *blocks, const char *const *texts,
                                       size_t count) {
  ws_features_options options = ws_features_options_default();
  ws_features *features = NULL;
  ws_error err = WS_ERROR_INIT;
  options.blocks = blocks;
  assert_ok(ws_features_new(&options, &features, &err), &err);
  for (size_t i = 0; i < count; i++) {
    ws_record record = record_of(texts[i]);
    assert_ok(ws_features_add(features, &record, &err), &err);
  }
  return features;
}

/* probs[K] of one text. */
static inline void predict_text(const ws_classifier *classifier, const char *text,
                                double *probs) {
  ws_predictor *predictor = NULL;
  ws_record record = record_of(text);
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_predictor_new(classifier, &predictor), NULL);
  assert_ok(ws_predict(predictor, &record, probs, &err), &err);
  ws_predictor_free(predictor);
}

#endif
