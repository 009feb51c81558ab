/* SPDX-License-Identifier: MIT
 *
 * Weighting n-grams by naive Bayes' log ratios: the factors, what becomes of them in the
 * weights, and where they are used.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/model.h>
#include <weaksup/training.h>

#include "linear.h"
#include "log_ratios.h"
#include "ws_test_features.h"

/* --- factors ------------------------------------------------------------------------ */

/* Three rows of words 0, 1 and 2, and number 3. */
typedef struct tiny {
  size_t begin[4];
  ws__cell cells[7];
  ws__matrix matrix;
} tiny;

static void tiny_init(tiny *t) {
  *t = (tiny){.begin = {0, 2, 5, 7},
              .cells = {{0, 2}, {3, -5}, {0, 1}, {1, 2}, {3, 9}, {1, 1}, {2, 3}}};
  t->matrix = (ws__matrix){.n = 3, .A = 4, .ends = {3, 4}};
  t->matrix.begin = t->begin;
  t->matrix.cells = t->cells;
  t->matrix.spec.count = 2;
  t->matrix.spec.blocks[0].kind = WS__WORDS;
  t->matrix.spec.blocks[1].kind = WS__NUMBER;
}

static void factors_of(const size_t *rows, size_t n, const double *targets, size_t K,
                       float *factors) {
  tiny t;
  tiny_init(&t);
  ws__rows chosen = {rows, n, targets};
  assert_ok(ws__log_ratios(&t.matrix, &chosen, K, factors), NULL);
}

/* By hand: row 0 is of class 0, row 1 of class 1 with weight 2. Masses of word 0 are 2
 * and 2, of word 1 are 0 and 4; word 2 is in no row. */
static void factors_are_those_of_the_formula(void **state) {
  (void)state;
  const size_t rows[] = {0, 1};
  const double targets[] = {1, 0, 0, 2};
  float factors[4];
  factors_of(rows, 2, targets, 2, factors);
  double all[] = {log(2 + 0.2), log(6 + 0.2)};
  // of two numbers the standard deviation is half of their difference
  double r[] = {fabs((log(2.1) - all[0]) - (log(2.1) - all[1])) / 2,
                fabs((log(0.1) - all[0]) - (log(4.1) - all[1])) / 2};
  double before = 4 + 2 * (1 + 4);
  double after = 4 * r[0] * r[0] + 2 * (r[0] * r[0] + 4 * r[1] * r[1]);
  double f = sqrt(before / after);
  assert_near((double)factors[0], (1 + f * r[0]) / 2, 1e-6);
  assert_near((double)factors[1], (1 + f * r[1]) / 2, 1e-6);
  assert_near((double)factors[2], 1, 0); // rows that are not trained on have no say
  assert_near((double)factors[3], 1, 0); // a number is no n-gram
  assert_true(factors[1] > factors[0]);
}

static void assert_same(const float *a, const float *b) {
  for (size_t e = 0; e < 4; e++) assert_near((double)a[e], (double)b[e], 1e-6);
}

static void a_weight_of_two_is_a_row_twice(void **state) {
  (void)state;
  const size_t once[] = {0, 1, 2}, twice[] = {0, 1, 1, 2};
  const double weighted[] = {1, 0, 0, 2, 1, 0}, repeated[] = {1, 0, 0, 1, 0, 1, 1, 0};
  float a[4], b[4];
  factors_of(once, 3, weighted, 2, a);
  factors_of(twice, 4, repeated, 2, b);
  assert_same(a, b);
}

static void a_class_without_rows_changes_nothing(void **state) {
  (void)state;
  const double two[] = {1, 0, 0, 1, 1, 0}, three[] = {1, 0, 0, 0, 0, 1, 1, 0, 0};
  float a[4], b[4];
  factors_of(NULL, 3, two, 2, a);
  factors_of(NULL, 3, three, 3, b);
  assert_true(a[2] != 1);
  assert_same(a, b);
}

static void one_class_has_no_ratios(void **state) {
  (void)state;
  const double targets[] = {1, 0, 1, 0, 1, 0};
  float factors[4];
  factors_of(NULL, 3, targets, 2, factors);
  for (size_t e = 0; e < 4; e++) assert_near((double)factors[e], 1, 0);
}

/* --- weights ------------------------------------------------------------------------ */

static ws__linear trained(const ws__matrix *matrix, const double *targets, size_t K,
                          bool log_ratios) {
  ws__linear linear;
  ws__rows rows = {NULL, matrix->n, targets};
  ws__linear_options how = {.c = 10,
                            .max_iterations = 200,
                            .tolerance = 1e-7,
                            .threads = 1,
                            .log_ratios = log_ratios};
  assert_ok(ws__linear_train(&linear, matrix, &rows, K, &how, NULL), NULL);
  return linear;
}

/* Training on the products by hand gives the same scores. */
static void weights_are_multiplied_back(void **state) {
  (void)state;
  tiny t, scaled;
  const double targets[] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  float factors[4];
  double expected[3], found[3];
  tiny_init(&t);
  tiny_init(&scaled);
  factors_of(NULL, 3, targets, 3, factors);
  for (size_t c = 0; c < 7; c++) scaled.cells[c].value *= factors[scaled.cells[c].index];
  ws__linear plain = trained(&scaled.matrix, targets, 3, false);
  ws__linear linear = trained(&t.matrix, targets, 3, true);
  for (size_t i = 0; i < 3; i++) {
    ws__linear_scores(&plain, &scaled.matrix, i, expected);
    ws__linear_scores(&linear, &t.matrix, i, found);
    for (size_t k = 0; k < 3; k++) assert_near(found[k], expected[k], 1e-4);
  }
  ws__linear_clear(&plain);
  ws__linear_clear(&linear);
}

static void permuted_classes_have_permuted_scores(void **state) {
  (void)state;
  const double targets[] = {1, 0, 0, 0, 2, 0, 0, 0, 1};
  const double permuted[] = {0, 1, 0, 0, 0, 2, 1, 0, 0};
  tiny t;
  double a[3], b[3];
  tiny_init(&t);
  ws__linear first = trained(&t.matrix, targets, 3, true);
  ws__linear second = trained(&t.matrix, permuted, 3, true);
  for (size_t i = 0; i < 3; i++) {
    ws__linear_scores(&first, &t.matrix, i, a);
    ws__linear_scores(&second, &t.matrix, i, b);
    for (size_t k = 0; k < 3; k++) assert_near(a[k], b[(k + 1) % 3], 1e-3);
  }
  ws__linear_clear(&first);
  ws__linear_clear(&second);
}

/* --- where they are used ------------------------------------------------------------ */

enum { N = WS_LOG_RATIOS_LEAST, K = 2 };
static const ws_text classes[K] = {{"a", 1}, {"b", 1}};

typedef struct labels {
  int32_t gold[N];
  double targets[N * K];
} labels;

static labels make_labels(void) {
  labels l = {0};
  for (size_t i = 0; i < N; i++) {
    l.gold[i] = (int32_t)(i % K);
    l.targets[i * K + i % K] = 1;
  }
  return l;
}

static ws_features *make_features(void) {
  char texts[N][32];
  const char *pointers[N];
  for (size_t i = 0; i < N; i++) {
    snprintf(texts[i], sizeof texts[i], "%s w%zu x%zu", i % 2 ? "yes" : "no", i % 7,
             i % 3);
    pointers[i] = texts[i];
  }
  return features_of("words(text)", pointers, N);
}

/* The classifier's bytes. */
static ws_buffer bytes_of(const ws_training_rows *rows, ws_log_ratios how,
                          unsigned threads, ws_training_report *report) {
  ws_buffer bytes = {0};
  ws_features *features = make_features();
  ws_training_options options = ws_training_options_default();
  ws_classifier *classifier = NULL;
  options.classifier.log_ratios = how;
  options.classifier.threads = threads;
  assert_ok(
      ws_training_run(features, rows, classes, K, &options, &classifier, report, NULL),
      NULL);
  assert_ok(ws_classifier_encode(classifier, &bytes), NULL);
  ws_classifier_free(classifier);
  ws_features_free(features);
  return bytes;
}

static bool same_bytes(const ws_buffer *a, const ws_buffer *b) {
  return a->size == b->size && memcmp(a->data, b->data, a->size) == 0;
}

static void gold_labels_are_trained_on_with_them(void **state) {
  (void)state;
  labels l = make_labels();
  ws_training_rows rows = {.gold = l.gold};
  ws_training_report report;
  ws_buffer usual = bytes_of(&rows, WS_LOG_RATIOS_AUTO, 1, &report);
  assert_true(report.log_ratios);
  ws_buffer on = bytes_of(&rows, WS_LOG_RATIOS_ON, 4, &report);
  assert_true(report.log_ratios);
  ws_buffer off = bytes_of(&rows, WS_LOG_RATIOS_OFF, 1, &report);
  assert_false(report.log_ratios);
  assert_true(same_bytes(&usual, &on)); // on four threads, too
  assert_false(same_bytes(&usual, &off));
  ws_buffer_clear(&usual);
  ws_buffer_clear(&on);
  ws_buffer_clear(&off);
}

static void few_gold_labels_are_trained_on_without(void **state) {
  (void)state;
  labels l = make_labels();
  ws_training_rows rows = {.gold = l.gold};
  ws_training_report report;
  l.gold[7] = WS_ABSTAIN;
  ws_buffer usual = bytes_of(&rows, WS_LOG_RATIOS_AUTO, 1, &report);
  assert_false(report.log_ratios);
  ws_buffer off = bytes_of(&rows, WS_LOG_RATIOS_OFF, 1, &report);
  ws_buffer on = bytes_of(&rows, WS_LOG_RATIOS_ON, 1, &report);
  assert_true(report.log_ratios);
  assert_true(same_bytes(&usual, &off));
  assert_false(same_bytes(&usual, &on));
  ws_buffer_clear(&usual);
  ws_buffer_clear(&off);
  ws_buffer_clear(&on);
}

static void weak_labels_are_trained_on_without(void **state) {
  (void)state;
  labels l = make_labels();
  ws_training_rows rows = {.targets = l.targets};
  ws_training_report report;
  ws_buffer usual = bytes_of(&rows, WS_LOG_RATIOS_AUTO, 1, &report);
  assert_false(report.log_ratios);
  ws_buffer off = bytes_of(&rows, WS_LOG_RATIOS_OFF, 1, &report);
  assert_true(same_bytes(&usual, &off));
  ws_buffer_clear(&usual);
  ws_buffer_clear(&off);
}

static ws_status train_with(ws_training_options *options, const ws_training_rows *rows,
                            ws_error *err) {
  ws_features *features = make_features();
  ws_classifier *classifier = NULL;
  ws_training_report report;
  options->classifier.log_ratios = WS_LOG_RATIOS_ON;
  ws_status status =
      ws_training_run(features, rows, classes, K, options, &classifier, &report, err);
  ws_classifier_free(classifier);
  ws_features_free(features);
  return status;
}

static void where_there_can_be_none_they_are_refused(void **state) {
  (void)state;
  labels l = make_labels();
  ws_training_rows weak = {.targets = l.targets}, gold = {.gold = l.gold};
  ws_training_options options = ws_training_options_default();
  ws_error err = WS_ERROR_INIT;
  assert_status(WS_EINVAL, train_with(&options, &weak, &err));
  assert_message(&err, "expected gold labels only, found probabilistic ones on 300");
  options.classifier.hidden = 2;
  assert_status(WS_EINVAL, train_with(&options, &gold, &err));
  assert_message(&err, "log ratios: expected a linear model");
}

static ws_status train_once(void *user) {
  tiny t;
  const double targets[] = {1, 0, 0, 1, 1, 0};
  ws__rows rows = {NULL, 3, targets};
  ws__linear_options how = {
      .c = 1, .max_iterations = 3, .threads = 1, .log_ratios = true};
  ws__linear linear;
  (void)user;
  tiny_init(&t);
  ws_status status = ws__linear_train(&linear, &t.matrix, &rows, 2, &how, NULL);
  ws__linear_clear(&linear);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  ws_test_every_allocation_failure(train_once, NULL);
}

int main(void) {
  ws_model_startup();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(factors_are_those_of_the_formula),
      cmocka_unit_test(a_weight_of_two_is_a_row_twice),
      cmocka_unit_test(a_class_without_rows_changes_nothing),
      cmocka_unit_test(one_class_has_no_ratios),
      cmocka_unit_test(weights_are_multiplied_back),
      cmocka_unit_test(permuted_classes_have_permuted_scores),
      cmocka_unit_test(gold_labels_are_trained_on_with_them),
      cmocka_unit_test(few_gold_labels_are_trained_on_without),
      cmocka_unit_test(weak_labels_are_trained_on_without),
      cmocka_unit_test(where_there_can_be_none_they_are_refused),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
