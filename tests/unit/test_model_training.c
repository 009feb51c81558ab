/* SPDX-License-Identifier: MIT
 *
 * From weak labels to a classifier: the gate, the branches, the targets.
 */
#include <math.h>

#include "../model/corpus.h"
#include "training_priv.h"

/* --- the gate ----------------------------------------------------------------------- */

static void topics_are_for_naive_bayes(void **state) {
  (void)state;
  ws_training_report report;
  corpus *c = corpus_of(MOST, true, false);
  ws_classifier *classifier = run(c, NULL, NULL, &report);
  assert_true(report.has_votes && report.has_gate);
  assert_int_equal(report.splits, WS_GATE_SPLITS);
  assert_true(report.hidden > 100);
  assert_true(report.agree_bayes > report.agree_regression);
  assert_int_equal(report.branch,
                   report.median_z > 2 ? WS_BRANCH_BAYES : WS_BRANCH_REGRESSION);
  assert_int_equal(report.branch, WS_BRANCH_BAYES);
  assert_int_equal(ws_classifier_rows(classifier), MOST);
  assert_int_equal(report.covered + report.uncovered, MOST);
  assert_true(accuracy(classifier, c) > 0.82);
  assert_near(report.c, 3, 0);
  ws_classifier_free(classifier);
  corpus_free(c);
}

static void noise_is_for_regression(void **state) {
  (void)state;
  ws_training_report report;
  corpus *c = corpus_of(MOST, false, false);
  ws_classifier *classifier = run(c, NULL, NULL, &report);
  assert_true(report.has_gate);
  assert_true(report.median_z < 2);
  assert_int_equal(report.branch, WS_BRANCH_REGRESSION);
  assert_int_equal(ws_classifier_rows(classifier), report.covered);
  ws_classifier_free(classifier);
  corpus_free(c);
}

static void few_records_decide_nothing(void **state) {
  (void)state;
  ws_training_report report;
  corpus *c = corpus_of(30, true, false);
  ws_classifier *classifier = run(c, NULL, NULL, &report);
  assert_true(report.has_votes);
  assert_false(report.has_gate);
  assert_int_equal(report.branch, WS_BRANCH_REGRESSION);
  ws_classifier_free(classifier);
  corpus_free(c);
}

/* A record has one vote at most, so each that is looked at is hidden once in a split.
 * What is seen of the sample must be its own texts and labels, or nothing would agree. */
static void many_records_are_sampled(void **state) {
  (void)state;
  enum { SAMPLED = 10000 };
  ws_training_report few, many, again;
  ws_training_options other = ws_training_options_default();
  other.seed = 1;
  corpus *c = corpus_of(MOST, true, false), *d = corpus_of(MANY, true, false);
  ws_classifier_free(run(c, NULL, NULL, &few));
  assert_int_equal(few.hidden, WS_GATE_SPLITS * few.covered);
  ws_classifier_free(run(d, NULL, NULL, &many));
  assert_true(many.covered > SAMPLED);
  assert_int_equal(many.hidden, WS_GATE_SPLITS * SAMPLED);
  assert_int_equal(many.branch, WS_BRANCH_BAYES);
  assert_true(many.median_z > few.median_z);
  assert_true(many.agree_bayes > few.agree_bayes - 0.02);
  ws_classifier_free(run(d, &other, NULL, &again)); // another sample
  assert_int_equal(again.hidden, WS_GATE_SPLITS * SAMPLED);
  assert_true(again.agree_bayes != many.agree_bayes);
  assert_near(again.agree_bayes, many.agree_bayes, 0.05);
  corpus_free(c);
  corpus_free(d);
}

static void without_votes_there_is_no_gate(void **state) {
  (void)state;
  ws_training_report report;
  corpus *c = corpus_of(200, true, false);
  ws_votes_free(c->votes);
  c->votes = NULL;
  ws_classifier *classifier = run(c, NULL, NULL, &report);
  assert_false(report.has_votes || report.has_gate);
  assert_int_equal(report.branch, WS_BRANCH_REGRESSION);
  ws_classifier_free(classifier);
  corpus_free(c);
}

static void the_order_of_lfs_does_not_matter(void **state) {
  (void)state;
  ws_training_report a, b;
  corpus *c = corpus_of(400, true, false), *d = corpus_of(400, true, true);
  ws_classifier *first = run(c, NULL, NULL, &a), *second = run(d, NULL, NULL, &b);
  assert_int_equal(a.hidden, b.hidden);
  for (unsigned s = 0; s < a.splits; s++) assert_near(a.z[s], b.z[s], 1e-6);
  assert_int_equal(first->A, second->A);
  for (size_t i = 0; i < first->A * 2; i++)
    assert_near((double)first->weights[i], (double)second->weights[i], 1e-3);
  ws_classifier_free(first);
  ws_classifier_free(second);
  corpus_free(c);
  corpus_free(d);
}

static void same_bytes(corpus *c, const ws_training_options *a,
                       const ws_training_options *b, bool same) {
  ws_training_report report;
  ws_buffer one = {0}, two = {0};
  ws_classifier *first = run(c, a, NULL, &report), *second = run(c, b, NULL, &report);
  assert_ok(ws_classifier_encode(first, &one), NULL);
  assert_ok(ws_classifier_encode(second, &two), NULL);
  assert_int_equal(ws_text_equal(ws_buffer_as_text(&one), ws_buffer_as_text(&two)), same);
  ws_buffer_clear(&one);
  ws_buffer_clear(&two);
  ws_classifier_free(first);
  ws_classifier_free(second);
}

static void threads_do_not_matter_the_seed_does(void **state) {
  (void)state;
  corpus *c = corpus_of(MOST, true, false);
  ws_label_model_options one_thread = ws_label_model_options_default();
  ws_training_options a = ws_training_options_default(), b = a, d = a;
  one_thread.threads = 1;
  a.classifier.threads = 1;
  a.label_model = &one_thread;
  b.classifier.threads = 3;
  d.seed = 1;
  same_bytes(c, &a, &b, true);
  same_bytes(c, &a, &d, false);
  corpus_free(c);
}

/* --- targets ------------------------------------------------------------------------ */

static void plain_is_the_bare_regression(void **state) {
  (void)state;
  ws_training_report report;
  ws_training_options options = ws_training_options_default();
  options.recipe = WS_RECIPE_PLAIN;
  corpus *c = corpus_of(100, true, false);
  ws_classifier *ours = run(c, &options, NULL, &report), *bare = NULL;
  assert_int_equal(report.branch, WS_BRANCH_PLAIN);
  assert_ok(ws_classifier_train(c->features, c->targets, names, 2, NULL, &bare, NULL),
            NULL);
  assert_memory_equal(ours->weights, bare->weights, ours->A * 2 * sizeof(float));
  assert_memory_equal(ours->bias, bare->bias, 2 * sizeof(float));
  ws_classifier_free(bare);
  ws_classifier_free(ours);
  corpus_free(c);
}

static void rows_are_chosen_as_told(void **state) {
  (void)state;
  ws_training_report report;
  ws_training_options options = ws_training_options_default();
  double targets[] = {0.9, 0.1, 0.6, 0.4, 0.5, 0.5, 0, 0, 0.2, 0.8};
  const char *const texts[] = {"a b", "a c", "d", "e", "f b"};
  double weights[] = {1, 1, 1, 1, 1};
  ws_training_rows rows = {.targets = targets, .weights = weights};
  ws_features *features = features_of(NULL, texts, 5);
  ws_classifier *classifier = NULL;
  options.recipe = WS_RECIPE_PLAIN;
  options.min_confidence = 0.7;
  assert_ok(
      ws_training_run(features, &rows, names, 2, &options, &classifier, &report, NULL),
      NULL);
  assert_int_equal(report.covered, 2);
  assert_int_equal(report.left_out, 2);
  assert_int_equal(report.uncovered, 1);
  assert_int_equal(ws_classifier_rows(classifier), 2);
  ws_classifier_free(classifier);
  options.min_confidence = 0;
  options.hard = options.uncovered = true; // the tie has no label then
  weights[0] = 0;
  assert_ok(
      ws_training_run(features, &rows, names, 2, &options, &classifier, &report, NULL),
      NULL);
  assert_int_equal(report.covered, 2);
  assert_int_equal(report.uncovered, 2);
  assert_int_equal(report.left_out, 1);
  assert_int_equal(ws_classifier_rows(classifier), 4);
  ws_classifier_free(classifier);
  ws_features_free(features);
}

/* Odds of classes that weigh so much more are so much higher, on average. */
static void class_weights_move_the_odds(void **state) {
  (void)state;
  ws_training_report report;
  ws_training_options options = ws_training_options_default();
  const double weights[] = {1, 4};
  for (int topic = 0; topic < 2; topic++) {
    corpus *c = corpus_of(MOST, topic, false);
    options.class_weights = NULL;
    ws_classifier *even = run(c, &options, NULL, &report);
    options.class_weights = weights;
    ws_classifier *uneven = run(c, &options, NULL, &report);
    double before = (double)(even->bias[1] - even->bias[0]);
    double after = (double)(uneven->bias[1] - uneven->bias[0]);
    assert_true(after - before > 0.5 && after - before < 2.5);
    ws_classifier_free(even);
    ws_classifier_free(uneven);
    corpus_free(c);
  }
}

static void a_z_is_shown_on_its_side_of_the_bound(void **state) {
  (void)state;
  const struct {
    double z;
    const char *shown;
  } cases[] = {{-8.84, "-8.8"},    {2, "2.0"},    {2.04, "2.04"}, {1.96, "1.96"},
               {2.0004, "2.0004"}, {7.46, "7.5"}, {1.94, "1.9"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_string_equal(ws_gate_z_of(cases[i].z).text, cases[i].shown);
  assert_true(strlen(ws_gate_z_of((double)NAN).text) > 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(topics_are_for_naive_bayes),
      cmocka_unit_test(noise_is_for_regression),
      cmocka_unit_test(few_records_decide_nothing),
      cmocka_unit_test(many_records_are_sampled),
      cmocka_unit_test(without_votes_there_is_no_gate),
      cmocka_unit_test(the_order_of_lfs_does_not_matter),
      cmocka_unit_test(threads_do_not_matter_the_seed_does),
      cmocka_unit_test(plain_is_the_bare_regression),
      cmocka_unit_test(rows_are_chosen_as_told),
      cmocka_unit_test(class_weights_move_the_odds),
      cmocka_unit_test(a_z_is_shown_on_its_side_of_the_bound),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
