/* SPDX-License-Identifier: MIT
 *
 * Training and prediction.
 */
#include <math.h>

#include "classifier_priv.h"
#include "features_rows.h"
#include "ws_test_features.h"

static const ws_text names[] = {{"HAM", 3}, {"SPAM", 4}, {"OTHER", 5}};

static ws_classifier *trained(ws_features *features, const double *targets, size_t K,
                              const ws_classifier_options *options) {
  ws_classifier *classifier = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_classifier_train(features, targets, names, K, options, &classifier, &err),
            &err);
  return classifier;
}

static double probability(const ws_classifier *classifier, const char *text, size_t k) {
  double probs[8];
  predict_text(classifier, text, probs);
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

/* What a text gives, minus what it should, and its length, from the public side. */
static double residual(const ws_classifier *classifier, size_t i, size_t k) {
  return probability(classifier, spam[i], k) - spam_targets[2 * i + k];
}

/* At the minimum of the objective as the header states it, W_e = C sum_i (P_i - p_i) x_ie
 * for every entry: merged columns and scaled variables must not show. */
static void the_minimum_is_that_of_the_plain_problem(void **state) {
  (void)state;
  ws_features *features = features_of(NULL, spam, 8);
  const ws__matrix *matrix = NULL;
  ws_classifier_options options = ws_classifier_options_default();
  options.tolerance = 1e-10;
  options.decrease = 0;
  options.max_iterations = 1000;
  ws_classifier *classifier = trained(features, spam_targets, 2, &options);
  assert_ok(ws__features_matrix(features, &matrix, NULL), NULL);
  assert_int_equal(ws_classifier_rows(classifier), 7);
  assert_int_equal(classifier->A, matrix->A);
  double *expected = calloc(classifier->A, sizeof *expected), bias = 0;
  for (size_t i = 0; i < 8; i++) {
    if (i == 6) continue; // left out of the training
    bias += residual(classifier, i, 1);
    for (size_t c = matrix->begin[i]; c < matrix->begin[i + 1]; c++)
      expected[matrix->cells[c].index] -=
          options.c * residual(classifier, i, 1) * (double)matrix->cells[c].value;
  }
  assert_near(bias, 0, 5e-5); // passes are in single precision
  for (size_t a = 0; a < classifier->A; a++) {
    assert_near((double)classifier->weights[2 * a + 1], expected[a], 1e-4);
    assert_near((double)classifier->weights[2 * a], -expected[a], 1e-4);
  }
  free(expected);
  ws_classifier_free(classifier);
  ws_features_free(features);
}

/* The scores of row i by the classifier's weights. */
static void scores_of(const ws_classifier *classifier, const ws__matrix *matrix, size_t i,
                      double *scores) {
  for (size_t k = 0; k < classifier->K; k++) scores[k] = (double)classifier->bias[k];
  for (size_t c = matrix->begin[i]; c < matrix->begin[i + 1]; c++)
    for (size_t k = 0; k < classifier->K; k++)
      scores[k] += (double)matrix->cells[c].value *
                   (double)classifier->weights[matrix->cells[c].index * 2 + k];
}

/* The same of the squared hinge: W_ek = 2 C sum_i (P max(0, 1 - z) - (1 - P) max(0, 1 +
 * z)) x_ie. */
static void the_hinge_has_its_minimum(void **state) {
  (void)state;
  ws_features *features = features_of(NULL, spam, 8);
  const ws__matrix *matrix = NULL;
  ws_classifier_options options = {
      .loss = WS_LOSS_HINGE, .c = 0.7, .max_iterations = 2000, .tolerance = 1e-10};
  ws_classifier *classifier = trained(features, spam_targets, 2, &options);
  assert_ok(ws__features_matrix(features, &matrix, NULL), NULL);
  double *expected = calloc(classifier->A, sizeof *expected);
  for (size_t i = 0; i < 8; i++) {
    double z[2], p = spam_targets[2 * i + 1];
    if (i == 6) continue;
    scores_of(classifier, matrix, i, z);
    double slope = 2 * (p * fmax(0, 1 - z[1]) - (1 - p) * fmax(0, 1 + z[1]));
    for (size_t c = matrix->begin[i]; c < matrix->begin[i + 1]; c++)
      expected[matrix->cells[c].index] +=
          options.c * slope * (double)matrix->cells[c].value;
  }
  for (size_t a = 0; a < classifier->A; a++)
    assert_near((double)classifier->weights[2 * a + 1], expected[a], 1e-4);
  free(expected);
  ws_classifier_free(classifier);
  ws_features_free(features);
}

/* --- training ----------------------------------------------------------------------- */

static void a_separable_toy_is_learned(void **state) {
  (void)state;
  ws_features *features = features_of(NULL, spam, 8);
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
  ws_features *features = features_of(NULL, texts, 3);
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
  ws_features *features = features_of(NULL, spam, 4);
  ws_classifier *classifier = trained(features, targets, 2, NULL);
  assert_true(ws_classifier_converged(classifier));
  assert_true(probability(classifier, "a song", 1) > 0.999);
  ws_classifier_free(classifier);
  ws_features_free(features);
}

static void unknown_words_give_the_bias(void **state) {
  (void)state;
  ws_features *features = features_of("words(text)", spam, 8);
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
    ws_features *features = features_of(NULL, spam, 8);
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
  ws_features *features = features_of(NULL, spam, 8);
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
  ws_features *features = features_of(NULL, spam, 8);
  ws_classifier_options options = ws_classifier_options_default();
  options.tolerance = 0;
  options.decrease = 0;
  options.max_iterations = 1000;
  ws_classifier *exact = trained(features, spam_targets, 2, &options);
  ws_classifier *usual = trained(features, spam_targets, 2, NULL);
  assert_near(ws_classifier_objective(exact), ws_classifier_objective(usual), 1e-3);
  ws_classifier_free(exact);
  ws_classifier_free(usual);
  ws_features_free(features);
}

static void wrong_input_is_refused(void **state) {
  (void)state;
  const double none[16] = {0};
  ws_features *features = features_of(NULL, spam, 8);
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
  ws_features *features = features_of(NULL, spam, 8);
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
  ws_features *features = features_of(NULL, spam, 8);
  ws_classifier *classifier = trained(features, spam_targets, 2, NULL);
  ws_predictor *predictor = NULL;
  double first[8], again[2];
  assert_ok(ws_predictor_new(classifier, &predictor), NULL);
  for (int round = 0; round < 2; round++) // the second finds all the room it needs
    for (size_t i = 0; i < 8; i++) {
      double probs[2];
      ws_record record = record_of(spam[i]);
      assert_ok(ws_predict(predictor, &record, probs, NULL), NULL);
      first[i] = probs[0];
    }
  ws_set_allocator(nothing_left, NULL);
  for (size_t i = 0; i < 8; i++) {
    ws_record record = record_of(spam[i]);
    ws_status status = ws_predict(predictor, &record, again, NULL);
    assert_status(WS_OK, status);
    assert_memory_equal(&again[0], &first[i], sizeof again[0]);
  }
  ws_set_allocator(NULL, NULL);
  ws_predictor_free(predictor);
  ws_classifier_free(classifier);
  ws_features_free(features);
}

static ws_status train_and_predict(void *user) {
  ws_features *features = user;
  ws_classifier *classifier = NULL;
  ws_predictor *predictor = NULL;
  double probs[2];
  ws_status status =
      ws_classifier_train(features, spam_targets, names, 2, NULL, &classifier, NULL);
  if (status == WS_OK) status = ws_predictor_new(classifier, &predictor);
  ws_record record = record_of("my song");
  if (status == WS_OK) status = ws_predict(predictor, &record, probs, NULL);
  ws_predictor_free(predictor);
  ws_classifier_free(classifier);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  ws_features *features = features_of(NULL, spam, 8);
  const ws__matrix *matrix;
  assert_ok(ws__features_matrix(features, &matrix, NULL), NULL); // which stays
  ws_test_every_allocation_failure(train_and_predict, features);
  ws_features_free(features);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_hinge_has_its_minimum),
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
