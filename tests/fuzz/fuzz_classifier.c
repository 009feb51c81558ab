/* SPDX-License-Identifier: MIT
 *
 * classifier.wsc, as it comes and under a right checksum: what is taken at all is written
 * again as the same bytes, predicts distributions, and can be looked into and exported.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/export.h>

#include "fuzz.h"

/* Records of all that a block may look at, and of less. */
static const char *const records[] = {
    "{}",
    "{\"text\":\"\",\"n\":0,\"c\":\"\",\"v\":[]}",
    "{\"text\":\"good food, good wine\",\"n\":-1.5,\"c\":\"x\",\"v\":[1,2]}",
    "{\"text\":\"caf\xC3\xA9\",\"n\":1e308,\"c\":true,\"v\":[0,0,1e308]}",
};

/* Whether `text` is JSON, parsed into `tree`. */
static bool parse(ws_text text, ws_buffer *tree) {
  static ws_json_parser *parser;
  if (!parser) FUZZ_CHECK(ws_json_parser_new(&parser) == WS_OK);
  char *padded = calloc(text.size + WS_JSON_PADDING, 1);
  if (text.size > 0) memcpy(padded, text.data, text.size);
  tree->size = 0;
  ws_status status = ws_json_parse(parser, (ws_text){padded, text.size}, tree, NULL);
  free(padded);
  return status == WS_OK;
}

static ws_record record_of(const char *line, size_t row, ws_buffer *tree) {
  FUZZ_CHECK(parse(ws_text_of(line), tree));
  ws_record record = {
      .fields = {(const unsigned char *)tree->data}, .gold = WS_ABSTAIN, .row = row};
  ws_value text = ws_value_get(record.fields, ws_text_of("text"));
  if (text.at) record.text = ws_value_text(text);
  return record;
}

static void check_probs(const double *probs, size_t classes) {
  double sum = 0;
  for (size_t k = 0; k < classes; k++) {
    FUZZ_CHECK(probs[k] >= 0 && probs[k] <= 1);
    sum += probs[k];
  }
  FUZZ_CHECK(fabs(sum - 1) < 1e-9);
}

/* The matrix of which features may be made: as many columns as the classifier wants. */
static ws_npy *matrix_of(const ws_classifier *classifier) {
  static const float numbers[4 * 8] = {1, -2, 0, 3e38f};
  size_t columns = 0;
  char head[128] = "\x93NUMPY\x01\x00\x76\x00";
  static char file[128 + sizeof numbers]; // the matrix borrows it
  ws_npy *npy = NULL;
  if (!ws_classifier_needs_npy(classifier, &columns) || columns < 1 || columns > 8)
    return NULL;
  int size = snprintf(head + 10, sizeof head - 10,
                      "{'descr':'<f4','fortran_order':False,'shape':(4,%zu),}", columns);
  memset(head + 10 + size, ' ', sizeof head - 10 - (size_t)size);
  head[sizeof head - 1] = '\n';
  memcpy(file, head, sizeof head);
  memcpy(file + sizeof head, numbers, 16 * columns);
  ws_text bytes = {file, sizeof head + 16 * columns};
  FUZZ_CHECK(ws_npy_open_memory("rows.npy", bytes, &npy, NULL) == WS_OK);
  return npy;
}

static void check_predicting(const ws_classifier *classifier) {
  size_t classes = ws_classifier_classes(classifier);
  double *probs = malloc(classes * sizeof *probs);
  ws_predictor *predictor = NULL;
  ws_npy *npy = matrix_of(classifier);
  ws_buffer tree = {0};
  FUZZ_CHECK(ws_predictor_new(classifier, &predictor) == WS_OK);
  if (npy) FUZZ_CHECK(ws_predictor_set_npy(predictor, npy, NULL) == WS_OK);
  for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
    ws_record record = record_of(records[i], i, &tree);
    ws_status status = ws_predict(predictor, &record, probs, NULL);
    // it wants another field, or a matrix that there is not
    FUZZ_CHECK(status == WS_OK || status == WS_EPARSE || status == WS_EINVAL);
    if (status == WS_OK) check_probs(probs, classes);
  }
  ws_buffer_clear(&tree);
  ws_npy_free(npy);
  ws_predictor_free(predictor);
  free(probs);
}

/* --- what people look at ------------------------------------------------------------ */

static void check_strongest(const ws_classifier *classifier) {
  ws_strong_feature strong[4];
  for (size_t k = 0; k < ws_classifier_classes(classifier) && k < 4; k++) {
    size_t count = 0;
    FUZZ_CHECK(ws_classifier_strongest(classifier, k, 4, strong, &count) == WS_OK);
    FUZZ_CHECK(count <= 4);
    for (size_t i = 0; i < count; i++) {
      FUZZ_CHECK(strong[i].block < ws_classifier_block_count(classifier));
      FUZZ_CHECK(isfinite(strong[i].weight));
      FUZZ_CHECK(i == 0 || strong[i].weight <= strong[i - 1].weight);
    }
  }
}

static void check_blocks(const ws_classifier *classifier) {
  ws_buffer text = {0};
  size_t features = 0;
  for (size_t b = 0; b < ws_classifier_block_count(classifier); b++) {
    features += ws_classifier_block_size(classifier, b);
    FUZZ_CHECK(ws_classifier_block(classifier, b, &text) == WS_OK);
  }
  FUZZ_CHECK(features == ws_classifier_active(classifier));
  FUZZ_CHECK(ws_classifier_blocks(classifier, &text) == WS_OK);
  ws_buffer_clear(&text);
}

/* --- exports ------------------------------------------------------------------------ */

static void check_json(const ws_classifier *classifier) {
  ws_buffer text = {0}, tree = {0};
  ws_status status = ws_export_json(classifier, &text, NULL);
  FUZZ_CHECK(status == WS_OK || status == WS_EINVAL); // a hidden layer, word vectors
  if (status == WS_OK) FUZZ_CHECK(parse(ws_buffer_as_text(&text), &tree));
  ws_buffer_clear(&text);
  ws_buffer_clear(&tree);
}

/* Nothing of the file gets out of a comment or of a string of the header. */
static void check_header_text(ws_text header) {
  for (size_t i = 0; i < header.size; i++) {
    unsigned char c = (unsigned char)header.data[i];
    FUZZ_CHECK(c == '\n' || (c >= ' ' && c != 0x7F));
    FUZZ_CHECK(i == 0 || c != '?' || header.data[i - 1] != '?');
  }
}

static void teach(ws_export *exported, const ws_classifier *classifier) {
  size_t classes = ws_classifier_classes(classifier);
  double *probs = calloc(classes, sizeof *probs);
  ws_buffer tree = {0};
  probs[0] = 1;
  for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
    ws_record record = record_of(records[i], i, &tree);
    ws_status status = ws_export_teach(exported, &record, probs, NULL);
    FUZZ_CHECK(status == WS_OK || status == WS_EPARSE);
  }
  ws_buffer_clear(&tree);
  free(probs);
  FUZZ_CHECK(ws_export_learn(exported, 1, NULL) == WS_OK);
}

static void check_header(const ws_classifier *classifier, bool int8, bool learn) {
  ws_export_options how = ws_export_options_default();
  ws_export *exported = NULL;
  ws_buffer text = {0};
  how.int8 = int8;
  how.entries = int8 ? 3 : 0;
  ws_status status = ws_export_new(classifier, &how, &exported, NULL);
  FUZZ_CHECK(status == WS_OK || status == WS_EINVAL);
  if (status != WS_OK) return;
  if (learn) teach(exported, classifier);
  check_predicting(ws_export_classifier(exported));
  FUZZ_CHECK(ws_export_header(exported, &text) == WS_OK);
  check_header_text(ws_buffer_as_text(&text));
  ws_buffer_clear(&text);
  ws_export_free(exported);
}

static void check(ws_text bytes) {
  ws_classifier *classifier = NULL;
  ws_buffer again = {0};
  if (ws_classifier_decode(bytes, &classifier, NULL) != WS_OK) return;
  FUZZ_CHECK(ws_classifier_encode(classifier, &again) == WS_OK);
  FUZZ_CHECK(ws_text_equal(ws_buffer_as_text(&again), bytes));
  check_predicting(classifier);
  check_strongest(classifier);
  check_blocks(classifier);
  check_json(classifier);
  // A header has tables of all of Unicode: writing one takes as long as all the rest.
  if (bytes.size % 4 == 0) check_header(classifier, bytes.size % 8 == 0, bytes.size % 16);
  ws_buffer_clear(&again);
  ws_classifier_free(classifier);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_sealed(data, size, check);
  return 0;
}
