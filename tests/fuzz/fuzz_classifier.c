/* SPDX-License-Identifier: MIT
 *
 * classifier.wsc, as it comes and under a right checksum: what is taken at all is written
 * again as the same bytes, and predicts distributions.
 */
#include <math.h>
#include <string.h>

#include <weaksup/classifier.h>
#include <weaksup/hash.h>

#include "fuzz.h"

static void check_predicting(const ws_classifier *classifier) {
  static const char *const texts[] = {"", "good food, good wine", "caf\xC3\xA9"};
  size_t classes = ws_classifier_classes(classifier);
  double *probs = malloc(classes * sizeof *probs);
  ws_predictor *predictor = NULL;
  FUZZ_CHECK(ws_predictor_new(classifier, &predictor) == WS_OK);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    double sum = 0;
    ws_record record = {.text = ws_text_of(texts[i]), .gold = WS_ABSTAIN};
    ws_status status = ws_predict(predictor, &record, probs, NULL);
    if (status == WS_EPARSE) continue; // it wants another field
    FUZZ_CHECK(status == WS_OK);
    for (size_t k = 0; k < classes; k++) {
      FUZZ_CHECK(probs[k] >= 0 && probs[k] <= 1);
      sum += probs[k];
    }
    FUZZ_CHECK(fabs(sum - 1) < 1e-9);
  }
  ws_predictor_free(predictor);
  free(probs);
}

static void check(ws_text bytes) {
  ws_classifier *classifier = NULL;
  ws_buffer again = {0};
  if (ws_classifier_decode(bytes, &classifier, NULL) != WS_OK) return;
  FUZZ_CHECK(ws_classifier_encode(classifier, &again) == WS_OK);
  FUZZ_CHECK(ws_text_equal(ws_buffer_as_text(&again), bytes));
  check_predicting(classifier);
  ws_buffer_clear(&again);
  ws_classifier_free(classifier);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *copy = malloc(size + 1);
  memcpy(copy, data, size);
  check((ws_text){copy, size});
  if (size >= 16) {
    ws_hash128 hash = ws_hash128_of(copy, size - 16);
    memcpy(copy + size - 16, &hash.low, 8);
    memcpy(copy + size - 8, &hash.high, 8);
    check((ws_text){copy, size});
  }
  free(copy);
  return 0;
}
