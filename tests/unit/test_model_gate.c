/* SPDX-License-Identifier: MIT
 *
 * The gate where classes have few LFs: what hiding one shows, and what it does not.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/rng.h>
#include <weaksup/training.h>

#include "ws_test_features.h"

enum { N = 600 };

static const ws_text names[] = {{"c0", 2}, {"c1", 2}};

/* Records with one vote each: LF j looks for the word "key<j>", and votes for of[j]. The
 * other words tell the class most of the time. */
static ws_training_report report_of(const int32_t *of, size_t lfs) {
  ws_training_report report;
  ws_task *task = ws_test_task("c0,c1");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  ws_features *features = features_of(NULL, NULL, 0);
  ws_classifier *classifier = NULL;
  ws_error err = WS_ERROR_INIT;
  static double targets[2 * N];
  ws_rng rng;
  ws_rng_init(&rng, 3);
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (size_t j = 0; j < lfs; j++) {
    char name[] = {'l', 'f', (char)('0' + j), 0};
    uint32_t at;
    assert_ok(ws_votes_builder_lf(builder, ws_text_of(name), &at, NULL), NULL);
  }
  for (size_t i = 0; i < N; i++) {
    char text[64];
    ws_vote vote = {(uint32_t)ws_rng_below(&rng, lfs), 0};
    vote.label = of[vote.lf];
    int32_t topic = ws_rng_uniform(&rng) < 0.8 ? vote.label : 1 - vote.label;
    snprintf(text, sizeof text, "key%u %c%u %c%u", vote.lf, "tu"[topic],
             (unsigned)ws_rng_below(&rng, 9), "tu"[topic],
             (unsigned)ws_rng_below(&rng, 9));
    ws_record record = record_of(text);
    assert_ok(ws_features_add(features, &record, NULL), NULL);
    assert_ok(ws_votes_builder_add(builder, ws_text_of(""), WS_ABSTAIN, &vote, 1), NULL);
    targets[2 * i] = vote.label ? 0.1 : 0.9;
    targets[2 * i + 1] = 1 - targets[2 * i];
  }
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  ws_training_rows rows = {.targets = targets, .votes = votes};
  assert_ok(ws_training_run(features, &rows, names, 2, NULL, &classifier, &report, &err),
            &err);
  ws_classifier_free(classifier);
  ws_features_free(features);
  ws_votes_free(votes);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return report;
}

/* What the other LF teaches says nothing of a class that is hidden with its only one. */
static void a_single_lf_of_each_class_decides_nothing(void **state) {
  (void)state;
  const int32_t of[] = {0, 1};
  ws_training_report report = report_of(of, 2);
  assert_true(report.has_votes);
  assert_false(report.has_gate);
  assert_int_equal(report.hidden, 0);
  assert_int_equal(report.branch, WS_BRANCH_REGRESSION);
}

/* Class 1 is judged whenever one of its two is hidden; class 0 never is. */
static void only_classes_that_are_learned_are_judged(void **state) {
  (void)state;
  const int32_t of[] = {0, 1, 1};
  ws_training_report report = report_of(of, 3);
  assert_true(report.has_gate);
  assert_true(report.hidden > 0);
  assert_true(report.hidden < (uint64_t)N * report.splits * 3 / 4);
}

/* An LF that is alone is hidden with one of the others in one split, alone in another. */
static void splits_differ(void **state) {
  (void)state;
  const int32_t of[] = {0, 1, 1};
  ws_training_report report = report_of(of, 3);
  double least = report.z[0], most = report.z[0];
  assert_int_equal(report.splits, WS_GATE_SPLITS);
  for (unsigned s = 1; s < report.splits; s++) {
    least = fmin(least, report.z[s]);
    most = fmax(most, report.z[s]);
  }
  assert_true(most - least > 0.1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_single_lf_of_each_class_decides_nothing),
      cmocka_unit_test(only_classes_that_are_learned_are_judged),
      cmocka_unit_test(splits_differ),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
