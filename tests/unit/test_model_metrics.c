/* SPDX-License-Identifier: MIT
 *
 * Scores, by hand.
 */
#include <math.h>

#include <weaksup/metrics.h>
#include <weaksup/model.h>

#include "ws_test.h"

typedef struct prediction {
  double probs[3];
  bool covered;
  int32_t gold;
} prediction;

static ws_scores scored(size_t classes, const prediction *list, size_t count) {
  ws_scorer *scorer = NULL;
  assert_ok(ws_scorer_new(classes, &scorer), NULL);
  for (size_t i = 0; i < count; i++)
    ws_scorer_add(scorer, list[i].probs, list[i].covered, list[i].gold);
  ws_scores scores = ws_scorer_result(scorer);
  ws_scorer_free(scorer);
  return scores;
}

static void two_classes_by_hand(void **state) {
  (void)state;
  const prediction list[] = {
      {{0.1, 0.9}, true, 1}, {{0.8, 0.2}, true, 0},   {{0.3, 0.7}, true, 0},
      {{0.6, 0.4}, true, 1}, {{0.25, 0.75}, true, 1}, {{0.9, 0.1}, true, WS_ABSTAIN},
  };
  ws_scores s = scored(2, list, 6);
  assert_int_equal(s.n, 5);
  assert_int_equal(s.covered, 5);
  assert_near(s.coverage, 1, 0);
  assert_near(s.accuracy, 3.0 / 5, 1e-15);
  assert_near(s.accuracy_covered, 3.0 / 5, 1e-15);
  assert_near(s.f1, 2.0 * 2 / (3 + 3), 1e-15); // class 1: TP 2, FP 1, FN 1
  assert_near(s.macro_f1, (2.0 * 1 / (2 + 2) + 4.0 / 6) / 2, 1e-15);
  assert_near(s.log_loss, -(log(.9) + log(.8) + log(.3) + log(.4) + log(.75)) / 5, 1e-15);
  assert_near(s.brier, 2 * (.01 + .04 + .49 + .36 + .0625) / 5, 1e-15);
}

/* Confidences .9, .8, .7, .6, .75 fall in bins of width 1/15: 13, 12 (.8 up to rounding
 * is its lower edge), 10, 9 (the lower edge again), 11. Each is alone, so the error is
 * the mean distance from being right. */
static void calibration_error_by_hand(void **state) {
  (void)state;
  const prediction list[] = {{{0.1, 0.9}, true, 1},
                             {{0.8, 0.2}, true, 0},
                             {{0.3, 0.7}, true, 0},
                             {{0.6, 0.4}, true, 1},
                             {{0.25, 0.75}, true, 1}};
  assert_near(scored(2, list, 5).ece, (.1 + .2 + .7 + .6 + .25) / 5, 1e-15);
  const prediction same[] = {
      {{0.7, 0.3}, true, 0}, {{0.7, 0.3}, true, 0}, {{0.7, 0.3}, true, 1}};
  assert_near(scored(2, same, 3).ece, fabs(2.0 / 3 - 0.7), 1e-15);
}

static void sure_predictions_stay_within_the_bins(void **state) {
  (void)state;
  const prediction list[] = {{{1, 0}, true, 0}, {{1, 0}, true, 1}};
  ws_scores s = scored(2, list, 2);
  assert_near(s.ece, 0.5, 1e-15);
  assert_near(s.log_loss, -log(1e-15) / 2, 1e-12);
}

static void ties_are_split(void **state) {
  (void)state;
  const prediction list[] = {
      {{0.4, 0.4, 0.2}, true, 0},         // half right; 1/2 predicted for classes 0 and 1
      {{0.4, 0.4 + 1e-10, 0.2}, true, 2}, // a tie within WS_TIE, wrong
      {{0.2, 0.2, 0.6}, true, 2},
  };
  ws_scores s = scored(3, list, 3);
  assert_near(s.accuracy, (0.5 + 0 + 1) / 3, 1e-15);
  double f1_0 = 2 * 0.5 / (1 + 1), f1_1 = 0, f1_2 = 2.0 * 1 / (1 + 2);
  assert_near(s.macro_f1, (f1_0 + f1_1 + f1_2) / 3, 1e-15);
  assert_true(isnan(s.f1));
}

static void an_uncovered_record_is_a_tie_of_all_classes(void **state) {
  (void)state;
  const prediction list[] = {{{0.8, 0.1, 0.1}, false, 0}, {{0.9, 0.05, 0.05}, true, 0}};
  ws_scores s = scored(3, list, 2);
  assert_int_equal(s.covered, 1);
  assert_near(s.coverage, 0.5, 0);
  assert_near(s.accuracy, (1.0 / 3 + 1) / 2, 1e-15);
  assert_near(s.accuracy_covered, 1, 0);
  assert_near(s.log_loss, -(log(0.8) + log(0.9)) / 2, 1e-15);
  assert_near(s.ece, (0.2 + 0.1) / 2, 1e-15); // by its probabilities
}

static void classes_that_never_occur_are_left_out_of_macro_f1(void **state) {
  (void)state;
  const prediction list[] = {{{0.9, 0.1, 0}, true, 0}, {{0.2, 0.8, 0}, true, 1}};
  assert_near(scored(3, list, 2).macro_f1, 1, 0);
}

static void nothing_added_gives_nan(void **state) {
  (void)state;
  const prediction list[] = {{{0.5, 0.5}, true, WS_ABSTAIN}};
  ws_scores s = scored(2, list, 1);
  assert_int_equal(s.n, 0);
  assert_true(isnan(s.accuracy) && isnan(s.macro_f1) && isnan(s.f1) && isnan(s.log_loss));
  assert_true(isnan(s.brier) && isnan(s.ece) && isnan(s.coverage));
  assert_true(isnan(s.accuracy_covered));
}

static void json_has_null_for_nan(void **state) {
  (void)state;
  const prediction list[] = {{{0.5, 0.25, 0.25}, true, 0}};
  ws_scores s = scored(3, list, 1);
  ws_buffer out = {0};
  ws_json_writer json = {.out = &out};
  ws_scores_json(&json, &s);
  assert_int_equal(json.status, WS_OK);
  const char *text = out.data;
  assert_non_null(strstr(text, "\"n\""));
  assert_non_null(strstr(text, "\"accuracy\""));
  assert_non_null(strstr(text, "\"brier\""));
  assert_non_null(strstr(text, "null"));
  ws_buffer_clear(&out);
}

static void labels_are_scored_with_the_gold_of_their_votes(void **state) {
  (void)state;
  ws_task *task = ws_test_task("A,B");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  ws_labels *labels = NULL;
  uint32_t lf;
  ws_scores s;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  assert_ok(ws_votes_builder_lf(builder, ws_text_of("lf"), &lf, NULL), NULL);
  const ws_vote vote = {lf, 1};
  assert_ok(ws_votes_builder_add(builder, ws_text_of("a"), 1, &vote, 1), NULL);
  assert_ok(ws_votes_builder_add(builder, ws_text_of("b"), 0, &vote, 1), NULL);
  assert_ok(ws_votes_builder_add(builder, ws_text_of("c"), 0, NULL, 0), NULL);
  assert_ok(ws_votes_builder_add(builder, ws_text_of("d"), WS_ABSTAIN, &vote, 1), NULL);
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  assert_ok(ws_labels_new(ws_votes_patterns(votes), 2, &labels), NULL);
  for (size_t u = 0; u < 2; u++) {
    bool covered = ws_votes_pattern(votes, u).size > 0;
    ws_labels_at(labels, u)[0] = covered ? 0.1 : 0.5;
    ws_labels_at(labels, u)[1] = covered ? 0.9 : 0.5;
  }
  assert_ok(ws_score_labels(labels, votes, &s), NULL);
  assert_int_equal(s.n, 3);
  assert_near(s.accuracy, (1 + 0 + 0.5) / 3, 1e-15);
  ws_labels_free(labels);
  ws_votes_free(votes);
  ws_votes_builder_free(builder);
  ws_task_free(task);
}

static void binomial_intervals_are_exact(void **state) {
  (void)state;
  static const struct {
    uint64_t successes, trials;
    double low, high;
  } cases[] = {
      // closed form where none or all succeed: 1 - (alpha/2)^(1/n)
      {0, 10, 0, 0.308497107819},
      {10, 10, 0.691502892181, 1},
      // quantiles of beta distributions by SciPy
      {5, 10, 0.187086028447, 0.812913971553},
      {81, 263, 0.252736745585, 0.367621922601},
      {1, 1000000, 2.53178076638e-08, 5.57163065517e-06},
      {999999, 1000000, 0.999994428369, 0.999999974682},
      {100000000, 1000000000, 0.0999814068068, 0.100018595509},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws_interval in = ws_binomial_interval(cases[i].successes, cases[i].trials, 0.95);
    assert_near(in.low, cases[i].low, 1e-9 * fmax(cases[i].low, 1e-3));
    assert_near(in.high, cases[i].high, 1e-9);
  }
  assert_near(ws_binomial_interval(0, 10, 0.95).high, 1 - pow(0.025, 0.1), 1e-12);
  assert_true(isnan(ws_binomial_interval(0, 0, 0.95).low));
  assert_true(isnan(ws_binomial_interval(0, 0, 0.95).high));
  ws_interval whole = ws_binomial_interval(7, 10, 0.95);
  ws_interval tied = ws_accuracy_interval(0.73, 10, 0.95); // 7.3 right ones
  assert_near(tied.low, whole.low, 0);
  assert_near(tied.high, whole.high, 0);
}

static void spreads_over_folds_by_hand(void **state) {
  (void)state;
  const ws_scores folds[] = {{.accuracy = .5, .macro_f1 = .2, .log_loss = 3},
                             {.accuracy = .7, .macro_f1 = .2, .log_loss = 1},
                             {.accuracy = .9, .macro_f1 = .2, .log_loss = 2}};
  ws_scores_spread over = ws_scores_over(folds, 3);
  assert_near(over.accuracy.mean, .7, 1e-15);
  assert_near(over.accuracy.sd, .2, 1e-15); // sqrt((.04 + 0 + .04) / 2)
  assert_near(over.macro_f1.mean, .2, 1e-15);
  assert_near(over.macro_f1.sd, 0, 1e-15);
  assert_near(over.log_loss.mean, 2, 0);
  assert_near(over.log_loss.sd, 1, 0);
}

static void a_spread_needs_two(void **state) {
  (void)state;
  const ws_scores one = {.accuracy = .5};
  ws_scores_spread over = ws_scores_over(&one, 1);
  assert_near(over.accuracy.mean, .5, 0);
  assert_true(isnan(over.accuracy.sd));
  over = ws_scores_over(NULL, 0);
  assert_true(isnan(over.accuracy.mean) && isnan(over.accuracy.sd));
}

static void gsl_is_there(void **state) {
  (void)state;
  assert_int_equal(ws_gsl_version()[0], '2');
}

int main(void) {
  ws_model_startup();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_classes_by_hand),
      cmocka_unit_test(calibration_error_by_hand),
      cmocka_unit_test(sure_predictions_stay_within_the_bins),
      cmocka_unit_test(ties_are_split),
      cmocka_unit_test(an_uncovered_record_is_a_tie_of_all_classes),
      cmocka_unit_test(classes_that_never_occur_are_left_out_of_macro_f1),
      cmocka_unit_test(nothing_added_gives_nan),
      cmocka_unit_test(json_has_null_for_nan),
      cmocka_unit_test(labels_are_scored_with_the_gold_of_their_votes),
      cmocka_unit_test(binomial_intervals_are_exact),
      cmocka_unit_test(spreads_over_folds_by_hand),
      cmocka_unit_test(a_spread_needs_two),
      cmocka_unit_test(gsl_is_there),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
