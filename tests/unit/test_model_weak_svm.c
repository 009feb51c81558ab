/* SPDX-License-Identifier: MIT
 *
 * An SVM on weak labels: after the temperature its probabilities are those of the labels.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/model.h>
#include <weaksup/training.h>

#include "ws_test_features.h"

enum { N = 120 };
static const ws_text classes[] = {{"A", 1}, {"B", 1}};

typedef struct fixture {
  size_t n;
  double targets[N][2];
  int32_t gold[N];
  double sure; // of the labels
  ws_training_options how;
  ws_training_report report;
} fixture;

static fixture make_fixture(double sure) {
  fixture f = {.n = N, .sure = sure, .how = ws_training_options_default()};
  f.how.classifier.loss = WS_LOSS_HINGE;
  f.how.classifier.threads = 1;
  f.how.recipe = WS_RECIPE_PLAIN;
  for (size_t i = 0; i < N; i++) {
    f.targets[i][i % 2] = sure;
    f.targets[i][1 - i % 2] = 1 - sure;
    f.gold[i] = WS_ABSTAIN;
  }
  return f;
}

static ws_status train(fixture *f, ws_classifier **out) {
  ws_features_options options = ws_features_options_default();
  ws_features *features = NULL;
  options.blocks = "words(text,1)";
  ws_training_rows rows = {.targets = f->targets[0], .gold = f->gold};
  ws_status status = ws_features_new(&options, &features, NULL);
  for (size_t i = 0; status == WS_OK && i < f->n; i++) {
    char text[32];
    snprintf(text, sizeof text, "%s word%zu", i % 2 ? "bad" : "good", i % 7);
    ws_record record = record_of(text);
    status = ws_features_add(features, &record, NULL);
  }
  if (status == WS_OK)
    status = ws_training_run(features, &rows, classes, 2, &f->how, out, &f->report, NULL);
  ws_features_free(features);
  return status;
}

static double says_good(fixture *f) {
  ws_classifier *classifier = NULL;
  double probs[2];
  assert_ok(train(f, &classifier), NULL);
  predict_text(classifier, "good word3", probs);
  ws_classifier_free(classifier);
  return probs[0];
}

static void it_is_as_sure_as_its_labels(void **state) {
  (void)state;
  static const double sure[] = {0.6, 0.75, 0.9, 0.97};
  for (size_t i = 0; i < sizeof sure / sizeof *sure; i++) {
    fixture f = make_fixture(sure[i]);
    assert_near(says_good(&f), sure[i], 0.04);
    assert_true(f.report.temperature != 1);
    assert_near(f.report.c, 1, 0);
    assert_int_equal(f.report.branch, WS_BRANCH_PLAIN);
  }
}

/* The recipe sharpens labels: surer than they, the same class; no gate, with votes or
 * without. */
static void the_recipe_sharpens(void **state) {
  (void)state;
  fixture f = make_fixture(0.8);
  f.how.recipe = WS_RECIPE_AUTO;
  assert_true(says_good(&f) > 0.75);
  assert_int_equal(f.report.branch, WS_BRANCH_REGRESSION);
  assert_false(f.report.has_gate);
}

/* Gold that is surer than the weak labels say makes it surer. */
static void gold_moves_the_temperature(void **state) {
  (void)state;
  fixture weak = make_fixture(0.7), gold;
  weak.how.recipe = WS_RECIPE_AUTO;
  gold = weak;
  for (size_t i = 0; i < 60; i++) gold.gold[i] = (int32_t)(i % 2);
  double before = says_good(&weak), after = says_good(&gold);
  assert_true(gold.report.cross_fitted);
  assert_true(gold.report.temperature < weak.report.temperature);
  assert_true(after > before);
}

static void few_labels_leave_it_as_it_is(void **state) {
  (void)state;
  fixture f = make_fixture(0.9);
  f.n = 20;
  assert_true(says_good(&f) > 0.5);
  assert_near(f.report.temperature, 1, 0);
}

static ws_status train_once(void *user) {
  ws_classifier *classifier = NULL;
  ws_status status = train(user, &classifier);
  ws_classifier_free(classifier);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  fixture f = make_fixture(0.9);
  f.n = 36;
  f.how.recipe = WS_RECIPE_AUTO;
  f.gold[3] = 1;
  ws_test_every_allocation_failure(train_once, &f);
}

int main(void) {
  ws_model_startup();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_is_as_sure_as_its_labels),
      cmocka_unit_test(the_recipe_sharpens),
      cmocka_unit_test(gold_moves_the_temperature),
      cmocka_unit_test(few_labels_leave_it_as_it_is),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
