/* SPDX-License-Identifier: MIT
 *
 * Decisions, temperatures and reliability, by hand.
 */
#include <math.h>

#include <weaksup/decision.h>
#include <weaksup/model.h>
#include <weaksup/reliability.h>

#include "temperature.h"
#include "ws_test.h"

static const double probs[] = {.5, .3, .2};

static void without_thresholds_the_most_probable_class_is_taken(void **state) {
  (void)state;
  const double tied[] = {.4, .4, .2};
  ws_decision none = {0};
  assert_int_equal(ws_decide(NULL, probs, 3), 0);
  assert_int_equal(ws_decide(&none, probs, 3), 0);
  assert_int_equal(ws_decide(&none, tied, 3), WS_ABSTAIN);
}

static void what_is_less_sure_is_rejected(void **state) {
  (void)state;
  ws_decision at = {.reject_below = .5}, above = {.reject_below = .51};
  assert_int_equal(ws_decide(&at, probs, 3), 0);
  assert_int_equal(ws_decide(&above, probs, 3), WS_ABSTAIN);
}

static void a_class_that_reaches_its_threshold_is_taken(void **state) {
  (void)state;
  const double low[] = {(double)NAN, .25, (double)NAN},
               high[] = {.6, (double)NAN, (double)NAN}, two[] = {(double)NAN, .25, .1},
               all[] = {.6, .6, .6};
  ws_decision decision = {.thresholds = low};
  assert_int_equal(ws_decide(&decision, probs, 3), 1);
  decision.thresholds = high; // the next one without a threshold
  assert_int_equal(ws_decide(&decision, probs, 3), 1);
  decision.thresholds = two; // twice its threshold, against 1.2 times
  assert_int_equal(ws_decide(&decision, probs, 3), 2);
  decision.thresholds = all;
  assert_int_equal(ws_decide(&decision, probs, 3), WS_ABSTAIN);
}

static void temperature_is_found_that_scores_were_multiplied_by(void **state) {
  (void)state;
  // Three of four are right: log-odds log 3, so 10 log 3 must be divided by 10.
  // So many rows that the prior of the temperature is nothing.
  enum { ROWS = 20000 };
  static double scores[2 * ROWS];
  static int32_t gold[ROWS];
  double temperature, loss;
  for (int i = 0; i < ROWS; i++) {
    scores[2 * i] = 10 * log(3);
    gold[i] = i % 4 == 3;
  }
  assert_ok(ws__temperature_fit(scores, gold, ROWS, 2, 1, &temperature, &loss), NULL);
  assert_near(temperature, 10, 1e-2);
  assert_near(loss, -(3 * log(.75) + log(.25)) / 4, 1e-6);
}

static void few_rows_that_are_all_right_do_not_make_scores_certain(void **state) {
  (void)state;
  const double scores[] = {1, 0, 0, 1, 1, 0};
  const int32_t gold[] = {0, 1, 0};
  double temperature, loss;
  assert_ok(ws__temperature_fit(scores, gold, 3, 2, 1, &temperature, &loss), NULL);
  assert_true(temperature > 1.0 / 10 && temperature < 1);
}

static void of_no_rows_the_temperature_is_1(void **state) {
  (void)state;
  double temperature, loss;
  assert_ok(ws__temperature_fit(NULL, NULL, 0, 2, 1, &temperature, &loss), NULL);
  assert_near(temperature, 1, 0);
  assert_near(loss, 0, 0);
}

static void reliability_counts_by_confidence_and_class(void **state) {
  (void)state;
  const double sure[] = {.95, .03, .02}, unsure[] = {.2, .45, .35};
  ws_reliability *r = NULL;
  assert_ok(ws_reliability_new(3, &r), NULL);
  ws_reliability_add(r, sure, 0);
  ws_reliability_add(r, sure, 0);
  ws_reliability_add(r, sure, 2);
  ws_reliability_add(r, unsure, 1);
  ws_reliability_add(r, unsure, WS_ABSTAIN);
  assert_int_equal(ws_reliability_rows(r), 4);
  ws_reliability_bin bin = ws_reliability_bin_at(r, 9);
  assert_int_equal(bin.n, 3);
  assert_near(bin.confidence, .95, 1e-15);
  assert_near(bin.accuracy, 2.0 / 3, 1e-15);
  assert_true(isnan(ws_reliability_bin_at(r, 0).accuracy));
  ws_rejection half = ws_rejection_at(r, 0), most = ws_rejection_at(r, 6);
  assert_near(half.least, .5, 0);
  assert_near(half.coverage, .75, 0);
  assert_near(half.accuracy, 2.0 / 3, 1e-15);
  assert_int_equal(most.n, 0);
  assert_true(isnan(most.accuracy));
  assert_near(ws_class_scores_at(r, 0).precision, 2.0 / 3, 1e-15);
  assert_near(ws_class_scores_at(r, 0).recall, 1, 0);
  assert_near(ws_class_scores_at(r, 0).f1, .8, 1e-15);
  assert_int_equal(ws_confusion_at(r, 2, 0), 1);
  assert_int_equal(ws_confusion_at(r, 1, 1), 1);
  ws_reliability_free(r);
}

int main(void) {
  ws_model_startup();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_thresholds_the_most_probable_class_is_taken),
      cmocka_unit_test(what_is_less_sure_is_rejected),
      cmocka_unit_test(a_class_that_reaches_its_threshold_is_taken),
      cmocka_unit_test(temperature_is_found_that_scores_were_multiplied_by),
      cmocka_unit_test(few_rows_that_are_all_right_do_not_make_scores_certain),
      cmocka_unit_test(of_no_rows_the_temperature_is_1),
      cmocka_unit_test(reliability_counts_by_confidence_and_class),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
