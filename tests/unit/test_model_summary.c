/* SPDX-License-Identifier: MIT
 *
 * What a fit reports of its posteriors, against the posteriors that it predicts.
 */
#include <math.h>
#include <stdlib.h>

#include <weaksup/label_model.h>
#include <weaksup/rng.h>

#include "sigmoid.h"
#include "ws_test.h"

enum { ROWS = 3000, LFS = 9 };

/* --- the logistic function --- */

static double slow_sigmoid(double x) {
  return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x));
}

static void the_logistic_function_is_right_to_the_last_digits(void **state) {
  (void)state;
  double x[WS_SIGMOID_CHUNK], expected[WS_SIGMOID_CHUNK];
  for (double from = -700; from < 700; from += 256 * 0.0371) {
    for (size_t i = 0; i < WS_SIGMOID_CHUNK; i++) {
      x[i] = from + (double)i * 0.0371;
      expected[i] = slow_sigmoid(x[i]);
    }
    ws__sigmoid(x, WS_SIGMOID_CHUNK);
    for (size_t i = 0; i < WS_SIGMOID_CHUNK; i++)
      assert_near(x[i] / expected[i], 1, 1e-15);
  }
}

static void the_logistic_function_has_no_other_values_than_probabilities(void **state) {
  (void)state;
  double x[] = {0, -0.0, 1e300, -1e300, (double)INFINITY, -(double)INFINITY, 40, -40};
  ws__sigmoid(x, sizeof x / sizeof *x);
  assert_true(x[0] == 0.5 && x[1] == 0.5);
  assert_true(x[2] == 1 && x[4] == 1 && x[6] <= 1);
  assert_true(x[3] > 0 && x[3] < 1e-300 && x[5] == x[3]);
  assert_true(x[7] > 0 && x[7] < 1e-17);
}

/* --- the summary --- */

/* Most records have a few votes, some none. */
static ws_votes *drawn(int K) {
  char *picture = malloc(ROWS * (LFS + 1)), *at = picture;
  for (size_t i = 0; i < ROWS; i++) {
    ws_rng rng;
    ws_rng_init(&rng, i);
    size_t truth = ws_rng_below(&rng, (size_t)K);
    for (size_t j = 0; j < LFS; j++) {
      bool votes = ws_rng_uniform(&rng) < 0.3, right = ws_rng_uniform(&rng) < 0.6;
      size_t label = right ? truth : ws_rng_below(&rng, (size_t)K);
      *at++ = votes ? (char)('0' + label) : '-';
    }
    *at++ = i + 1 < ROWS ? ' ' : '\0';
  }
  ws_votes *votes = ws_test_votes(picture, K);
  free(picture);
  return votes;
}

/* The mean over the records of the largest probability. */
static double mean_largest(const ws_votes *votes, const ws_labels *labels) {
  double sum = 0;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    const double *probs = ws_labels_get(labels, u);
    double largest = 0;
    for (size_t k = 0; k < ws_votes_classes(votes); k++)
      largest = fmax(largest, probs[k]);
    sum += (double)ws_votes_pattern(votes, u).count * largest;
  }
  return sum / ROWS;
}

/* The mean probability of what LF j votes for, over its votes for class k. */
static double mean_right(const ws_votes *votes, const ws_labels *raw, size_t j,
                         size_t k) {
  double right = 0, cast = 0;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    for (size_t i = 0; i < pattern.size; i++) {
      if (pattern.columns[i] != j * ws_votes_classes(votes) + k) continue;
      right += (double)pattern.count * ws_labels_get(raw, u)[k];
      cast += (double)pattern.count;
    }
  }
  return right / cast;
}

static void check_summary(const ws_votes *votes, const char *kind,
                          const double *balance) {
  size_t K = ws_votes_classes(votes);
  ws_label_model_options options = ws_label_model_options_default();
  ws_label_model *model = NULL;
  ws_labels *raw = NULL, *tempered = NULL;
  options.kind = kind;
  options.class_balance = balance;
  options.class_count = balance ? K : 0;
  assert_ok(ws_label_model_fit(votes, &options, &model, NULL), NULL);
  assert_ok(ws_label_model_predict_raw(model, votes, &raw, NULL), NULL);
  assert_ok(ws_label_model_predict(model, votes, &tempered, NULL), NULL);
  assert_near(ws_label_model_mean_max_raw(model), mean_largest(votes, raw), 1e-12);
  assert_near(ws_label_model_mean_max(model), mean_largest(votes, tempered), 1e-12);
  for (size_t j = 0; j < LFS; j++)
    for (size_t k = 0; k < K; k++)
      assert_near(ws_label_model_accuracy_for(model, j, k), mean_right(votes, raw, j, k),
                  1e-12);
  ws_labels_free(raw);
  ws_labels_free(tempered);
  ws_label_model_free(model);
}

static void the_summary_is_that_of_the_predictions(void **state) {
  (void)state;
  static const double balance[] = {0.7, 0.2, 0.1}, of_two[] = {0.9, 0.1};
  for (int K = 2; K <= 3; K++) {
    ws_votes *votes = drawn(K);
    for (const char *const *kind = ws_label_model_kinds(); *kind; kind++) {
      check_summary(votes, *kind, NULL);
      check_summary(votes, *kind, K == 2 ? of_two : balance);
    }
    ws_votes_free(votes);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_logistic_function_is_right_to_the_last_digits),
      cmocka_unit_test(the_logistic_function_has_no_other_values_than_probabilities),
      cmocka_unit_test(the_summary_is_that_of_the_predictions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
