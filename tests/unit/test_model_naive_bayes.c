/* SPDX-License-Identifier: MIT
 *
 * Naive Bayes on soft labels: its weights, cross-fitting, calibration.
 */
#include <math.h>

#include <weaksup/rng.h>

#include "naive_bayes.h"
#include "ws_test.h"

enum { K = 3, WORDS = 40 };

/* Rows of `words` each, drawn by a class of their own; targets are soft. */
typedef struct sample {
  ws__matrix matrix;
  ws__rows rows;
  double *targets;
} sample;

static sample draw(size_t n) {
  sample s = {.matrix = {.n = n, .A = WORDS}};
  size_t words = 6;
  ws_rng rng;
  ws_rng_init(&rng, 7);
  s.matrix.begin = calloc(n + 1, sizeof *s.matrix.begin);
  s.matrix.cells = calloc(n * words, sizeof *s.matrix.cells);
  s.targets = calloc(n * K, sizeof *s.targets);
  for (size_t i = 0; i < n; i++) {
    size_t own = (size_t)ws_rng_below(&rng, K);
    s.matrix.begin[i + 1] = (i + 1) * words;
    for (size_t w = 0; w < words; w++) {
      uint64_t word = ws_rng_below(&rng, WORDS);
      if (ws_rng_uniform(&rng) < 0.4) word = own * 10 + word % 10;
      s.matrix.cells[i * words + w] =
          (ws__cell){(uint32_t)word, (float)(0.1 + ws_rng_uniform(&rng))};
    }
    for (size_t k = 0; k < K; k++) s.targets[i * K + k] = k == own ? 0.8 : 0.1;
  }
  s.rows = (ws__rows){NULL, n, s.targets};
  return s;
}

static void clear(sample *s) {
  free(s->matrix.begin);
  free(s->matrix.cells);
  free(s->targets);
}

static ws__bayes trained(const sample *s, unsigned threads, double *scores) {
  ws__bayes bayes;
  ws__bayes_options options = {.seed = 1, .threads = threads};
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws__bayes_train(&bayes, &s->matrix, &s->rows, K, &options, scores, &err),
            &err);
  return bayes;
}

/* By hand: masses of word 0 are 2 * 1 and 0, of word 1 are 0 and 3 * .5. */
static void weights_are_those_of_the_formula(void **state) {
  (void)state;
  size_t begin[] = {0, 1, 2};
  ws__cell cells[] = {{0, 2}, {1, 3}};
  double targets[] = {1, 0, 0.5, 0.5};
  ws__matrix matrix = {.n = 2, .A = 3, .begin = begin, .cells = cells};
  ws__rows rows = {NULL, 2, targets};
  ws__bayes_options options = {0};
  ws__bayes bayes;
  double scores[2];
  assert_ok(ws__bayes_train(&bayes, &matrix, &rows, 2, &options, NULL, NULL), NULL);
  double mass[2] = {2 + 1.5 + 0.3, 1.5 + 0.3}; // smoothed: .1 for each of three words
  double log_odds = log(2.1 / mass[0]) - log(0.1 / mass[1]);
  ws__bayes_scores(&bayes, &matrix, 0, scores);
  double found = (scores[1] - bayes.bias[1]) / bayes.sharpness -
                 (scores[0] - bayes.bias[0]) / bayes.sharpness;
  assert_near(found, -2 * log_odds, 1e-5);
  log_odds = log(1.6 / mass[0]) - log(1.6 / mass[1]);
  ws__bayes_scores(&bayes, &matrix, 1, scores);
  found = (scores[1] - bayes.bias[1]) / bayes.sharpness -
          (scores[0] - bayes.bias[0]) / bayes.sharpness;
  assert_near(found, -3 * log_odds, 1e-5);
  ws__bayes_clear(&bayes);
}

/* What calibration adds is the same for all rows: taken back, a row's own target must not
 * be in its scores, and those of most others must have moved. */
static void no_row_is_scored_by_its_own_label(void **state) {
  (void)state;
  enum { N = 60, OWN = 17 };
  sample s = draw(N);
  double before[N * K], after[N * K];
  ws__bayes first = trained(&s, 1, before);
  for (size_t k = 0; k < K; k++) s.targets[OWN * K + k] = k == 2;
  ws__bayes second = trained(&s, 1, after);
  size_t moved = 0;
  for (size_t i = 0; i < N; i++)
    for (size_t k = 0; k < K; k++) {
      double a = (before[i * K + k] - first.bias[k]) / first.sharpness;
      double b = (after[i * K + k] - second.bias[k]) / second.sharpness;
      if (i == OWN) assert_near(a, b, 1e-6);
      moved += fabs(a - b) > 1e-5;
    }
  assert_true(moved > N * K / 2);
  ws__bayes_clear(&first);
  ws__bayes_clear(&second);
  clear(&s);
}

/* At the minimum the mean of the probabilities of a class is its share of the targets. */
static void scores_are_calibrated(void **state) {
  (void)state;
  enum { N = 3000 };
  sample s = draw(N);
  double *scores = calloc(N * K, sizeof *scores), shares[K] = {0}, sums[K] = {0};
  ws__bayes bayes = trained(&s, 0, scores);
  for (size_t i = 0; i < N; i++) {
    double sum = 0;
    for (size_t k = 0; k < K; k++) sum += exp(scores[i * K + k]);
    for (size_t k = 0; k < K; k++) {
      shares[k] += exp(scores[i * K + k]) / sum / N;
      sums[k] += s.targets[i * K + k] / N;
    }
  }
  for (size_t k = 0; k < K; k++) assert_near(shares[k], sums[k], 1e-3);
  assert_true(bayes.sharpness > 0);
  free(scores);
  ws__bayes_clear(&bayes);
  clear(&s);
}

static void rows_without_a_label_are_scored_only(void **state) {
  (void)state;
  enum { N = 200 };
  sample s = draw(N);
  double with[N * K], rows_with = 0;
  for (size_t i = 150; i < N; i++)
    for (size_t k = 0; k < K; k++) s.targets[i * K + k] = 0;
  ws__bayes all = trained(&s, 1, with);
  for (size_t i = 150 * K; i < N * K; i++) rows_with += fabs(with[i]);
  assert_true(rows_with > 1);
  s.rows.n = 150;
  ws__bayes few = trained(&s, 1, NULL);
  for (size_t i = 0; i < WORDS * K; i++)
    assert_near((double)all.weights[i], (double)few.weights[i], 0);
  ws__bayes_clear(&all);
  ws__bayes_clear(&few);
  clear(&s);
}

static void added_weights_are_the_model(void **state) {
  (void)state;
  enum { N = 100 };
  sample s = draw(N);
  ws__bayes bayes = trained(&s, 1, NULL);
  float weights[WORDS * K] = {0}, bias[K] = {0};
  ws__bayes_add_weights(&bayes, 0.5, weights, bias);
  for (size_t i = 0; i < N; i++) {
    double scores[K], sums[K];
    ws__bayes_scores(&bayes, &s.matrix, i, scores);
    for (size_t k = 0; k < K; k++) {
      sums[k] = (double)bias[k];
      for (size_t c = s.matrix.begin[i]; c < s.matrix.begin[i + 1]; c++)
        sums[k] += (double)s.matrix.cells[c].value *
                   (double)weights[s.matrix.cells[c].index * K + k];
      assert_near(sums[k], scores[k] / 2, 1e-4);
    }
  }
  ws__bayes_clear(&bayes);
  clear(&s);
}

static void threads_do_not_matter(void **state) {
  (void)state;
  enum { N = 13000 };
  sample s = draw(N);
  double *one = calloc(N * K, sizeof *one), *three = calloc(N * K, sizeof *three);
  ws__bayes a = trained(&s, 1, one), b = trained(&s, 3, three);
  assert_memory_equal(one, three, N * K * sizeof *one);
  assert_memory_equal(a.weights, b.weights, WORDS * K * sizeof *a.weights);
  assert_memory_equal(a.bias, b.bias, K * sizeof *a.bias);
  ws__bayes_clear(&a);
  ws__bayes_clear(&b);
  free(one);
  free(three);
  clear(&s);
}

static ws_status train_small(void *user) {
  const sample *s = user;
  ws__bayes bayes;
  ws__bayes_options options = {0};
  ws_status status =
      ws__bayes_train(&bayes, &s->matrix, &s->rows, K, &options, NULL, NULL);
  ws__bayes_clear(&bayes);
  return status;
}

static void no_memory_is_an_error(void **state) {
  (void)state;
  sample s = draw(20);
  ws_test_every_allocation_failure(train_small, &s);
  clear(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(weights_are_those_of_the_formula),
      cmocka_unit_test(no_row_is_scored_by_its_own_label),
      cmocka_unit_test(scores_are_calibrated),
      cmocka_unit_test(rows_without_a_label_are_scored_only),
      cmocka_unit_test(added_weights_are_the_model),
      cmocka_unit_test(threads_do_not_matter),
      cmocka_unit_test(no_memory_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
