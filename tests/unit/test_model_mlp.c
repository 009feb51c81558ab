/* SPDX-License-Identifier: MIT
 *
 * The perceptron: its gradient against differences, a problem that no linear model
 * solves, and the same bytes from any number of threads.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/rng.h>

#include "classifier_priv.h"
#include "features_rows.h"
#include "mlp.h"
#include "ws_test_records.h"

/* Points of the plane in four corners; row i belongs to class i % 2 by the exclusive or
 * of its coordinates' signs. */
static ws_features *corners(size_t count, double *targets) {
  ws_buffer lines = {0};
  ws_rng rng;
  ws_rng_init(&rng, 7);
  for (size_t i = 0; i < count; i++) {
    double x = i % 4 < 2 ? 1 : -1, y = i % 2 ? -x : x;
    x += 0.4 * ws_rng_uniform(&rng) - 0.2;
    y += 0.4 * ws_rng_uniform(&rng) - 0.2;
    assert_ok(ws_buffer_printf(&lines, "{\"x\": %.6f, \"y\": %.6f}\n", x, y), NULL);
    targets[2 * i] = i % 2 ? 0.1 : 0.9;
    targets[2 * i + 1] = i % 2 ? 0.9 : 0.1;
  }
  ws_features *features = features_of_lines("number(x) number(y)", lines.data, 18);
  ws_buffer_clear(&lines);
  return features;
}

static void the_gradient_is_that_of_the_objective(void **state) {
  (void)state;
  enum { N = 12, H = 3, K = 2 };
  double targets[N * K];
  ws_features *features = corners(N, targets);
  const ws__matrix *m = NULL;
  ws__mlp_problem p;
  ws__mlp_options options = {.hidden = H, .c = 2, .threads = 1};
  ws__rows rows = {.n = N, .targets = targets};
  assert_ok(ws__features_matrix(features, &m, NULL), NULL);
  targets[0] = 2.7; // a row that weighs 3
  targets[1] = 0.3;
  assert_ok(ws__mlp_problem_init(&p, m, &rows, K, &options, NULL), NULL);
  assert_int_equal(p.size, 2 * H + H + H * K + K);
  double *x = malloc(p.size * sizeof *x), *gradient = malloc(p.size * sizeof *x),
         *unused = malloc(p.size * sizeof *x);
  ws_rng rng;
  ws_rng_init(&rng, 1);
  for (size_t i = 0; i < p.size; i++) x[i] = 2 * ws_rng_uniform(&rng) - 1;
  (void)ws__mlp_evaluate(&p, x, gradient);
  for (size_t i = 0; i < p.size; i++) {
    const double step = 1e-5, at = x[i];
    x[i] = at + step;
    double above = ws__mlp_evaluate(&p, x, unused);
    x[i] = at - step;
    double below = ws__mlp_evaluate(&p, x, unused);
    x[i] = at;
    assert_near(gradient[i], (above - below) / (2 * step), 1e-7);
  }
  free(x);
  free(gradient);
  free(unused);
  ws__mlp_problem_clear(&p);
  ws_features_free(features);
}

static ws_classifier *train(ws_features *features, const double *targets, size_t hidden,
                            uint64_t seed, unsigned threads) {
  const ws_text classes[] = {ws_text_of("a"), ws_text_of("b")};
  ws_classifier_options options = ws_classifier_options_default();
  ws_classifier *classifier = NULL;
  ws_error err = WS_ERROR_INIT;
  options.hidden = hidden;
  options.seed = seed;
  options.threads = threads;
  options.c = 10;
  options.max_iterations = 300;
  assert_ok(
      ws_classifier_train(features, targets, classes, 2, &options, &classifier, &err),
      &err);
  return classifier;
}

/* How many of the corners it tells right. */
static int right(const ws_classifier *classifier) {
  int count = 0;
  ws_records *records = records_of("r.csv", "x,y\n1,1\n1,-1\n-1,-1\n-1,1\n");
  ws_predictor *predictor = NULL;
  assert_ok(ws_predictor_new(classifier, &predictor), NULL);
  for (size_t i = 0; i < 4; i++) {
    ws_record record = ws_records_at(records, i);
    double probs[2];
    assert_ok(ws_predict(predictor, &record, probs, NULL), NULL);
    assert_near(probs[0] + probs[1], 1, 1e-12);
    count += probs[i % 2] > 0.7;
  }
  ws_predictor_free(predictor);
  ws_records_free(records);
  return count;
}

static void it_solves_what_no_linear_model_can(void **state) {
  (void)state;
  enum { N = 200 };
  double targets[2 * N];
  ws_features *features = corners(N, targets);
  ws_classifier *linear = train(features, targets, 0, 0, 0);
  assert_int_equal(right(linear), 0);
  ws_classifier_free(linear);
  for (uint64_t seed = 0; seed < 5; seed++) {
    ws_classifier *mlp = train(features, targets, 8, seed, 0);
    assert_int_equal(right(mlp), 4);
    assert_true(ws_classifier_converged(mlp));
    // at best the entropy of the targets, 0.325 a row
    assert_true(ws_classifier_objective(mlp) > 0.325 * N);
    assert_true(ws_classifier_objective(mlp) < 0.5 * N);
    ws_classifier_free(mlp);
  }
  ws_features_free(features);
}

static ws_buffer encoded(ws_features *features, const double *targets, uint64_t seed,
                         unsigned threads) {
  ws_buffer bytes = {0};
  ws_classifier *c = train(features, targets, 4, seed, threads);
  assert_ok(ws_classifier_encode(c, &bytes), NULL);
  ws_classifier_free(c);
  return bytes;
}

static void a_seed_gives_the_same_bytes_from_any_threads(void **state) {
  (void)state;
  enum { N = 2000 };
  double *targets = malloc(2 * N * sizeof *targets);
  ws_features *features = corners(N, targets);
  ws_buffer one = encoded(features, targets, 3, 1),
            four = encoded(features, targets, 3, 4),
            other = encoded(features, targets, 4, 1);
  assert_int_equal(one.size, four.size);
  assert_memory_equal(one.data, four.data, one.size);
  assert_memory_not_equal(one.data, other.data, one.size);
  ws_buffer_clear(&one);
  ws_buffer_clear(&four);
  ws_buffer_clear(&other);
  ws_features_free(features);
  free(targets);
}

static void options_out_of_range_are_refused(void **state) {
  (void)state;
  double targets[8];
  ws_features *features = corners(4, targets);
  const ws_text classes[] = {ws_text_of("a"), ws_text_of("b")};
  ws_classifier_options options = ws_classifier_options_default();
  ws_classifier *classifier = NULL;
  ws_error err = WS_ERROR_INIT;
  options.hidden = 1025;
  assert_status(WS_EINVAL, ws_classifier_train(features, targets, classes, 2, &options,
                                               &classifier, &err));
  assert_message(&err, "hidden units: expected at most 1024, found 1025");
  options.hidden = 5;
  options.loss = WS_LOSS_HINGE;
  assert_status(WS_EINVAL, ws_classifier_train(features, targets, classes, 2, &options,
                                               &classifier, &err));
  assert_message(&err, "expected the logistic loss for hidden units");
  ws_features_free(features);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_gradient_is_that_of_the_objective),
      cmocka_unit_test(it_solves_what_no_linear_model_can),
      cmocka_unit_test(a_seed_gives_the_same_bytes_from_any_threads),
      cmocka_unit_test(options_out_of_range_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
