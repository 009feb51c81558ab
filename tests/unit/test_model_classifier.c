/* SPDX-License-Identifier: MIT
 *
 * Training and prediction.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/rng.h>

#include "classifier_priv.h"
#include "logistic.h"
#include "ws_test.h"

static const ws_text names[] = {{"HAM", 3}, {"SPAM", 4}, {"OTHER", 5}};

static ws_features *features_of(const char *const *texts, size_t count) {
  ws_features *features = NULL;
  assert_ok(ws_features_new(NULL, &features, NULL), NULL);
  for (size_t i = 0; i < count; i++)
    assert_ok(ws_features_add(features, ws_text_of(texts[i])), NULL);
  return features;
}

static ws_classifier *trained(const ws_features *features, const double *targets,
                              size_t K, const ws_classifier_options *options) {
  ws_classifier *classifier = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_classifier_train(features, targets, names, K, options, &classifier, &err),
            &err);
  return classifier;
}

static double probability(const ws_classifier *classifier, const char *text, size_t k) {
  ws_predictor *predictor = NULL;
  double probs[8];
  assert_ok(ws_predictor_new(classifier, &predictor), NULL);
  assert_ok(ws_predict(predictor, ws_text_of(text), probs), NULL);
  ws_predictor_free(predictor);
  return probs[k];
}

static const char *const spam[] = {
    "subscribe to my channel", "check out my channel", "great song",
    "i love this song",        "subscribe now please", "what a song love it",
    "check out check out now", "my great love",
};
static const double spam_targets[] = {0.1, 0.9, 0.1,  0.9,  0.9, 0.1, 0.8, 0.2,
                                      0.2, 0.8, 0.95, 0.05, 0,   0,   0.5, 0.5};

/* --- the objective ------------------------------------------------------------------ */

static void the_gradient_is_that_of_the_objective(void **state) {
  (void)state;
  double targets[8 * 3];
  ws_rng rng;
  ws_rng_init(&rng, 1);
  for (size_t i = 0; i < 8; i++) {
    double a = ws_rng_uniform(&rng), b = (1 - a) * ws_rng_uniform(&rng);
    targets[3 * i] = a;
    targets[3 * i + 1] = b;
    targets[3 * i + 2] = 1 - a - b;
  }
  ws_features *features = features_of(spam, 8);
  ws__design design;
  ws__logistic problem;
  assert_ok(ws__design_init(&design, features, targets, 3, NULL), NULL);
  assert_ok(ws__logistic_init(&problem, &design, 2), NULL);
  double *x = malloc(problem.size * sizeof *x),
         *gradient = malloc(problem.size * sizeof *x);
  double *scratch = malloc(problem.size * sizeof *x);
  for (size_t i = 0; i < problem.size; i++) x[i] = 4 * ws_rng_uniform(&rng) - 2;
  ws__logistic_value(&problem, x, gradient);
  const double step = 1e-5;
  for (size_t i = 0; i < problem.size; i++) {
    double at = x[i];
    x[i] = at + step;
    double up = ws__logistic_value(&problem, x, scratch);
    x[i] = at - step;
    double down = ws__logistic_value(&problem, x, scratch);
    x[i] = at;
    assert_near(gradient[i], (up - down) / (2 * step), 1e-7);
  }
  free(x);
  free(gradient);
  free(scratch);
  ws__logistic_clear(&problem);
  ws__design_clear(&design);
  ws_features_free(features);
}

/* What a text gives, minus what it should, and its length, from the public side. */
static double residual(const ws_classifier *classifier, size_t i, size_t k) {
  return probability(classifier, spam[i], k) - spam_targets[2 * i + k];
}

/* The length of a row's vector before normalising. */
static double length_of(const ws_classifier *classifier, const ws_features *features,
                        size_t i) {
  double squares = 0;
  for (size_t c = ws__row_begin(features, i); c < features->ends[i]; c++) {
    size_t a = ws__classifier_find(classifier, features->cells[c].bucket);
    double weight = ws__tf(features->cells[c].count) * (double)classifier->idf[a];
    squares += weight * weight;
  }
  return sqrt(squares);
}

/* At the minimum of the objective as the header states it, W_a = C sum_i (P_i - p_i) x_ia
 * for every bucket: merged columns and scaled variables must not show. */
static void the_minimum_is_that_of_the_plain_problem(void **state) {
  (void)state;
  ws_features *features = features_of(spam, 8);
  ws_classifier_options options = ws_classifier_options_default();
  options.tolerance = 1e-10;
  ws_classifier *classifier = trained(features, spam_targets, 2, &options);
  assert_int_equal(ws_classifier_rows(classifier), 7);
  double *expected = calloc(classifier->A, sizeof *expected), bias = 0;
  for (size_t i = 0; i < 8; i++) {
    if (i == 6) continue; // left out of the training
    bias += residual(classifier, i, 1);
    for (size_t c = ws__row_begin(features, i); c < features->ends[i]; c++) {
      size_t a = ws__classifier_find(classifier, features->cells[c].bucket);
      double weight = ws__tf(features->cells[c].count) * (double)classifier->idf[a];
      expected[a] -= options.c * residual(classifier, i, 1) * weight /
                     length_of(classifier, features, i);
    }
  }
  assert_near(bias, 0, 1e-6);
  for (size_t a = 0; a < classifier->A; a++) {
    assert_near((double)classifier->weights[2 * a + 1], expected[a], 1e-5);
    assert_near((double)classifier->weights[2 * a], -expected[a], 1e-5);
  }
  free(expected);
  ws_classifier_free(classifier);
  ws_features_free(features);
}

/* --- training ----------------------------------------------------------------------- */

static void a_separable_toy_is_learned(void **state) {
  (void)state;
  ws_features *features = features_of(spam, 8);
  ws_classifier *classifier = trained(features, spam_targets, 2, NULL);
  assert_true(ws_classifier_converged(classifier));
  assert_true(probability(classifier, "please subscribe to the channel", 1) > 0.7);
  assert_true(probability(classifier, "such a lovely song", 1) < 0.3);
  assert_int_equal(ws_classifier_classes(classifier), 2);
  assert_string_equal(ws_classifier_class(classifier, 1).data, "SPAM");
  ws_classifier_free(classifier);
  ws_features_free(features);
}

static void soft_targets_are_met_where_texts_say_nothing(void **state) {
  (void)state;
  const char *const texts[] = {"", "", ""};
  const double targets[] = {0.7, 0.3, 0, 0.5, 0.3, 0.2, 0.6, 0.3, 0.1};
  ws_features *features = features_of(texts, 3);
  ws_classifier *classifier = trained(features, targets, 3, NULL);
  assert_int_equal(ws_classifier_active(classifier), 0);
  assert_near(probability(classifier, "anything", 0), 0.6, 1e-4);
  assert_near(probability(classifier, "", 2), 0.1, 1e-4);
  ws_classifier_free(classifier);
  ws_features_free(features);
}

static void one_class_only_is_predicted_always(void **state) {
  (void)state;
  const double targets[] = {0, 1, 0, 1, 0, 1, 0, 1};
  ws_features *features = features_of(spam, 4);
  ws_classifier *classifier = trained(features, targets, 2, NULL);
  assert_true(ws_classifier_converged(classifier));
  assert_true(probability(classifier, "a song", 1) > 0.999);
  ws_classifier_free(classifier);
  ws_features_free(features);
}

static void unknown_words_give_the_bias(void **state) {
  (void)state;
  ws_features *features = features_of(spam, 8);
  ws_classifier *classifier = trained(features, spam_targets, 2, NULL);
  double ratio = exp((double)classifier->bias[1] - (double)classifier->bias[0]);
  assert_near(probability(classifier, "xyzzy", 1), ratio / (1 + ratio), 1e-12);
  assert_near(probability(classifier, "", 1), ratio / (1 + ratio), 1e-12);
  ws_classifier_free(classifier);
  ws_features_free(features);
}

static void training_twice_gives_the_same_bytes(void **state) {
  (void)state;
  ws_buffer bytes[2] = {{0}, {0}};
  for (int i = 0; i < 2; i++) {
    ws_features *features = features_of(spam, 8);
    ws_classifier *classifier = trained(features, spam_targets, 2, NULL);
    assert_ok(ws_classifier_encode(classifier, &bytes[i]), NULL);
    ws_classifier_free(classifier);
    ws_features_free(features);
  }
  assert_int_equal(bytes[0].size, bytes[1].size);
  assert_memory_equal(bytes[0].data, bytes[1].data, bytes[0].size);
  ws_buffer_clear(&bytes[0]);
  ws_buffer_clear(&bytes[1]);
}

static void too_few_iterations_are_no_error(void **state) {
  (void)state;
  ws_features *features = features_of(spam, 8);
  ws_classifier_options options = ws_classifier_options_default();
  for (unsigned max = 0; max < 3; max++) {
    options.max_iterations = max;
    ws_classifier *classifier = trained(features, spam_targets, 2, &options);
    assert_false(ws_classifier_converged(classifier));
    assert_int_equal(ws_classifier_iterations(classifier), max);
    assert_true(ws_classifier_objective(classifier) > 0);
    ws_classifier_free(classifier);
  }
  ws_features_free(features);
}

/* A tolerance of 0 cannot be reached: the line search gives up where rounding ends
 * descent. */
static void the_end_of_descent_is_no_error(void **state) {
  (void)state;
  ws_features *features = features_of(spam, 8);
  ws_classifier_options options = ws_classifier_options_default();
  options.tolerance = 0;
  ws_classifier *exact = trained(features, spam_targets, 2, &options);
  ws_classifier *usual = trained(features, spam_targets, 2, NULL);
  assert_near(ws_classifier_objective(exact), ws_classifier_objective(usual), 1e-5);
  ws_classifier_free(exact);
  ws_classifier_free(usual);
  ws_features_free(features);
}

static void wrong_input_is_refused(void **state) {
  (void)state;
  const double none[16] = {0};
  ws_features *features = features_of(spam, 8);
  ws_classifier *classifier = NULL;
  ws_error err = WS_ERROR_INIT;
  ws_classifier_options options = ws_classifier_options_default();
  assert_status(WS_EINVAL,
                ws_classifier_train(features, none, names, 2, NULL, &classifier, &err));
  assert_message(&err, "expected labels to train on, found none");
  options.c = 0;
  assert_status(WS_EINVAL, ws_classifier_train(features, spam_targets, names, 2, &options,
                                               &classifier, &err));
  assert_message(&err, "C: expected a number above 0, found 0");
  options = ws_classifier_options_default();
  options.tolerance = (double)NAN;
  assert_status(WS_EINVAL, ws_classifier_train(features, spam_targets, names, 2, &options,
                                               &classifier, &err));
  assert_message(&err, "tolerance");
  assert_null(classifier);
  ws_features_free(features);
}

static bool stop_at_two(void *user, const ws_progress *progress) {
  (void)user;
  assert_string_equal(progress->stage, "training");
  return progress->done < 2;
}

static void progress_can_stop_the_training(void **state) {
  (void)state;
  ws_features *features = features_of(spam, 8);
  ws_classifier *classifier = NULL;
  ws_classifier_options options = ws_classifier_options_default();
  options.progress.call = stop_at_two;
  ws_error err = WS_ERROR_INIT;
  assert_status(WS_ESTOPPED, ws_classifier_train(features, spam_targets, names, 2,
                                                 &options, &classifier, &err));
  assert_message(&err, "stopped");
  ws_features_free(features);
}

/* --- memory ------------------------------------------------------------------------- */

static void *nothing_left(void *user, void *ptr, size_t size) {
  (void)user, (void)size;
  free(size ? NULL : ptr);
  return NULL;
}

static void many_predictions_cost_no_allocation(void **state) {
  (void)state;
  ws_features *features = features_of(spam, 8);
  ws_classifier *classifier = trained(features, spam_targets, 2, NULL);
  ws_predictor *predictor = NULL;
  double first[8], again[2];
  assert_ok(ws_predictor_new(classifier, &predictor), NULL);
  for (int round = 0; round < 2; round++) // the second finds all the room it needs
    for (size_t i = 0; i < 8; i++) {
      double probs[2];
      assert_ok(ws_predict(predictor, ws_text_of(spam[i]), probs), NULL);
      first[i] = probs[0];
    }
  ws_set_allocator(nothing_left, NULL);
  for (size_t i = 0; i < 8; i++) {
    ws_status status = ws_predict(predictor, ws_text_of(spam[i]), again);
    assert_status(WS_OK, status);
    assert_memory_equal(&again[0], &first[i], sizeof again[0]);
  }
  ws_set_allocator(NULL, NULL);
  ws_predictor_free(predictor);
  ws_classifier_free(classifier);
  ws_features_free(features);
}

static ws_status train_and_predict(void *user) {
  const ws_features *features = user;
  ws_classifier *classifier = NULL;
  ws_predictor *predictor = NULL;
  double probs[2];
  ws_status status =
      ws_classifier_train(features, spam_targets, names, 2, NULL, &classifier, NULL);
  if (status == WS_OK) status = ws_predictor_new(classifier, &predictor);
  if (status == WS_OK) status = ws_predict(predictor, ws_text_of("my song"), probs);
  ws_predictor_free(predictor);
  ws_classifier_free(classifier);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  ws_features *features = features_of(spam, 8);
  ws_test_every_allocation_failure(train_and_predict, features);
  ws_features_free(features);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_gradient_is_that_of_the_objective),
      cmocka_unit_test(the_minimum_is_that_of_the_plain_problem),
      cmocka_unit_test(a_separable_toy_is_learned),
      cmocka_unit_test(soft_targets_are_met_where_texts_say_nothing),
      cmocka_unit_test(one_class_only_is_predicted_always),
      cmocka_unit_test(unknown_words_give_the_bias),
      cmocka_unit_test(training_twice_gives_the_same_bytes),
      cmocka_unit_test(too_few_iterations_are_no_error),
      cmocka_unit_test(the_end_of_descent_is_no_error),
      cmocka_unit_test(wrong_input_is_refused),
      cmocka_unit_test(progress_can_stop_the_training),
      cmocka_unit_test(many_predictions_cost_no_allocation),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
