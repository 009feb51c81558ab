/* SPDX-License-Identifier: MIT
 *
 * Trainings that cannot be.
 */
#include <weaksup/training.h>

#include "classifier_priv.h"
#include "ws_test_features.h"

static const ws_text names[] = {{"c0", 2}, {"c1", 2}};

static void fails(const double *targets, const ws_training_options *options,
                  const char *message) {
  const char *const texts[] = {"a b", "c d", "e"};
  ws_features *features = features_of(NULL, texts, 3);
  ws_training_rows rows = {.targets = targets};
  ws_classifier *classifier = NULL;
  ws_training_report report;
  ws_error err = WS_ERROR_INIT;
  assert_status(WS_EINVAL, ws_training_run(features, &rows, names, 2, options,
                                           &classifier, &report, &err));
  assert_message(&err, message);
  assert_null(classifier);
  ws_features_free(features);
}

static void classes_are_counted(void **state) {
  (void)state;
  const char *const texts[] = {"a b", "c d", "e"};
  const size_t counts[] = {0, WS_MAX_CLASSES + 1, SIZE_MAX};
  const double targets[] = {1, 0, 0, 1, 1, 0};
  ws_features *features = features_of(NULL, texts, 3);
  ws_training_rows rows = {.targets = targets};
  ws_classifier *classifier = NULL;
  ws_training_report report;
  ws_error err = WS_ERROR_INIT;
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    assert_status(WS_EINVAL, ws_training_run(features, &rows, names, counts[i], NULL,
                                             &classifier, &report, &err));
    assert_message(&err, "expected 1 to 10000 classes, found ");
    assert_status(WS_EINVAL, ws_classifier_train(features, targets, names, counts[i],
                                                 NULL, &classifier, &err));
  }
  ws_features_free(features);
}

/* Two rows with the same words, and as many classes as there may be. */
static void more_weights_than_can_be_are_told(void **state) {
  (void)state;
  enum { EACH = 220000 };
  ws__cell *cells = malloc(2 * EACH * sizeof *cells);
  size_t begin[] = {0, EACH, 2 * EACH};
  double *targets = calloc(2 * WS_MAX_CLASSES, sizeof *targets);
  ws__matrix matrix = {.n = 2, .A = EACH, .begin = begin, .cells = cells};
  ws__rows rows = {NULL, 2, targets};
  ws_classifier_options options = ws_classifier_options_default();
  ws__linear_options how = ws__linear_options_of(&options);
  ws__linear linear;
  ws_error err = WS_ERROR_INIT;
  for (uint32_t c = 0; c < 2 * EACH; c++) cells[c] = (ws__cell){c % EACH, (float)c};
  targets[0] = targets[WS_MAX_CLASSES + 1] = 1;
  assert_status(WS_EINVAL,
                ws__linear_train(&linear, &matrix, &rows, WS_MAX_CLASSES, &how, &err));
  assert_message(&err, "expected at most 2147483631 weights");
  ws__linear_clear(&linear);
  free(targets);
  free(cells);
}

static void labels_that_do_not_do_are_told(void **state) {
  (void)state;
  const double none[6] = {0}, one[] = {0.9, 0.1, 0, 0, 0.6, 0.4};
  const double bad[] = {0.9, 0.3, 0, 0, 0, 0}, two[] = {0.9, 0.1, 0, 0, 0.4, 0.6};
  const double negative[] = {1, -1};
  ws_training_options options = ws_training_options_default();
  fails(NULL, NULL, "expected labels to train on, found none on any of 3 records");
  fails(none, NULL, "expected labels to train on, found none on any of 3 records");
  fails(one, NULL, "found 'c0' on all 2 records with a label");
  fails(bad, NULL, "row 0: its targets are no distribution");
  options.min_confidence = 0.95;
  fails(two, &options, "2 records are left out, 1 have no label");
  options.min_confidence = 1.5;
  fails(two, &options, "confidence: expected 0 to 1, found 1.5");
  options.min_confidence = 0;
  options.class_weights = negative;
  fails(two, &options, "weight of class 1: expected a number above 0, found -1");
  const double vast[] = {1e308, 1e308};
  options.class_weights = vast;
  options.classifier.c = 1e10;
  fails(two, &options, "training leads to no finite number");
  options.classifier.c = 0;
  options.class_weights = NULL;
  options.gold_weight = 0;
  fails(two, &options, "weight of gold rows");
  options.gold_weight = 5;
  options.uncovered = true;
  fails(two, &options, "plain recipe");
}

static ws_status train_small(void *user) {
  const char *const texts[] = {"a b", "a c", "d b", "e c", "f"};
  double targets[] = {0.9, 0.1, 0.2, 0.8, 0.7, 0.3, 0, 0, 0, 0};
  int32_t gold[] = {WS_ABSTAIN, WS_ABSTAIN, WS_ABSTAIN, WS_ABSTAIN, 1};
  ws_training_rows rows = {.targets = targets, .gold = gold, .votes = user};
  ws_training_options options = ws_training_options_default();
  ws_training_report report;
  ws_classifier *classifier = NULL;
  ws_features *features = NULL;
  options.classifier.threads = 1;
  ws_status status = ws_features_new(NULL, &features, NULL);
  for (size_t i = 0; status == WS_OK && i < 5; i++) {
    ws_record record = record_of(texts[i]);
    status = ws_features_add(features, &record, NULL);
  }
  if (status == WS_OK)
    status =
        ws_training_run(features, &rows, names, 2, &options, &classifier, &report, NULL);
  ws_classifier_free(classifier);
  ws_features_free(features);
  return status;
}

static void no_memory_is_an_error(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("0- -1 01 --", 2);
  ws_test_every_allocation_failure(train_small, votes);
  ws_votes_free(votes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(classes_are_counted),
      cmocka_unit_test(more_weights_than_can_be_are_told),
      cmocka_unit_test(labels_that_do_not_do_are_told),
      cmocka_unit_test(no_memory_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
