/* SPDX-License-Identifier: MIT
 *
 * A file of word vectors in a folder, and classifiers that use it.
 */
#ifndef VECTORS_H
#define VECTORS_H

#include <math.h>
#include <stdio.h>

#include <weaksup/classifier.h>

#include "classifier_priv.h"
#include "features_rows.h"
#include "ws_test_records.h"

static const char vectors[] = "the 1 0\nred 0 2\nRed 9 9\nblue 3 1\nfar -1 -1\nold 5 5\n"
                              "two-words 7 7\n";

typedef struct fixture {
  char *folder, *path;
  char blocks[256];
} fixture;

static inline int setup(void **state) {
  fixture *f = calloc(1, sizeof *f);
  f->folder = ws_test_folder();
  f->path = ws_test_file(f->folder, "v.txt", vectors, sizeof vectors - 1);
  snprintf(f->blocks, sizeof f->blocks, "vectors(text,%s)", f->path);
  *state = f;
  return 0;
}

static inline int teardown(void **state) {
  fixture *f = *state;
  ws_test_remove_folder(f->folder);
  free(f->path);
  free(f);
  return 0;
}

static const char lines[] = "{\"text\": \"The red blue the old house\"}\n"
                            "{\"text\": \"red\"}\n{\"text\": \"nothing known\"}\n";

static inline const ws__matrix *matrix_of(ws_features *features) {
  const ws__matrix *matrix = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws__features_matrix(features, &matrix, &err), &err);
  return matrix;
}

static inline ws_classifier *train(const char *blocks, const char *bytes, size_t hidden) {
  ws_features *features = features_of_lines(blocks, bytes, 18);
  const ws_text classes[] = {ws_text_of("a"), ws_text_of("b")};
  const double targets[] = {1, 0, 0, 1, 0.5, 0.5};
  ws_classifier_options options = ws_classifier_options_default();
  ws_classifier *classifier = NULL;
  ws_error err = WS_ERROR_INIT;
  options.hidden = hidden;
  assert_ok(
      ws_classifier_train(features, targets, classes, 2, &options, &classifier, &err),
      &err);
  ws_features_free(features);
  return classifier;
}

static inline void predict(const ws_classifier *classifier, const char *text,
                           double *probs) {
  ws_predictor *predictor = NULL;
  ws_record record = {.text = ws_text_of(text)};
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_predictor_new(classifier, &predictor), NULL);
  assert_ok(ws_predict(predictor, &record, probs, &err), &err);
  ws_predictor_free(predictor);
}

/* The scores of a linear model by its matrix. */

#endif
