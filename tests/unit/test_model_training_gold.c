/* SPDX-License-Identifier: MIT
 *
 * From gold labels to a classifier: alone, and among weak ones.
 */
#include <math.h>

#include "../model/corpus.h"
#include "training_priv.h"

static void gold_alone_is_trained_on_with_less_penalty(void **state) {
  (void)state;
  ws_training_report report;
  corpus *c = corpus_of(100, true, false);
  free(c->targets);
  c->targets = NULL;
  ws_classifier *classifier = run(c, NULL, c->own, &report);
  assert_int_equal(report.branch, WS_BRANCH_GOLD);
  assert_int_equal(report.gold, 100);
  assert_near(report.c, 10, 0);
  assert_false(report.cross_fitted);
  assert_true(accuracy(classifier, c) > 0.98);
  ws_classifier_free(classifier);
  corpus_free(c);
}

/* Gold of every tenth record. */
static void gold_of(const corpus *c, int32_t *gold) {
  for (size_t i = 0; i < c->n; i++) gold[i] = i % 10 ? WS_ABSTAIN : c->own[i];
}

static void gold_among_weak_labels_fits_the_temperature(void **state) {
  (void)state;
  ws_training_report report;
  ws_training_options options = ws_training_options_default();
  corpus *c = corpus_of(300, true, false);
  int32_t gold[MOST];
  double probs[MOST * 2];
  for (size_t i = 0; i < 600; i++) probs[i] = -1;
  gold_of(c, gold);
  options.gold_probs = probs;
  ws_classifier *classifier = run(c, &options, gold, &report);
  assert_int_equal(report.gold, 30);
  assert_true(report.cross_fitted);
  assert_true(report.temperature > 0.1 && report.temperature < 10);
  assert_true(report.temperature != 1);
  for (size_t i = 0; i < c->n; i++) {
    if (gold[i] == WS_ABSTAIN)
      assert_near(probs[2 * i], -1, 0);
    else
      assert_near(probs[2 * i] + probs[2 * i + 1], 1, 1e-12);
  }
  ws_classifier_free(classifier);
  corpus_free(c);
}

/* One gold row of each class: each is tempered by what the other one says. Only one at
 * all: there is nothing to temper it by. */
static void few_gold_rows_are_tempered_by_one_another(void **state) {
  (void)state;
  ws_training_report report;
  ws_training_options options = ws_training_options_default();
  double tempered[2 * MOST], alone[2 * MOST];
  corpus *c = corpus_of(300, true, false);
  int32_t gold[MOST];
  size_t at[2] = {MOST, MOST};
  for (size_t i = 0; i < c->n; i++) {
    gold[i] = WS_ABSTAIN;
    if (at[c->own[i]] == MOST) at[c->own[i]] = i;
  }
  gold[at[0]] = 0;
  gold[at[1]] = 1;
  options.gold_probs = tempered;
  ws_classifier_free(run(c, &options, gold, &report));
  assert_true(report.cross_fitted);
  gold[at[1]] = WS_ABSTAIN;
  options.gold_probs = alone;
  ws_classifier_free(run(c, &options, gold, &report));
  for (size_t k = 0; k < 2; k++)
    assert_true(fabs(log(tempered[2 * at[k]] / tempered[2 * at[k] + 1])) > 0.2);
  assert_true(fabs(log(alone[2 * at[0]] / alone[2 * at[0] + 1])) > 0.2);
  corpus_free(c);
}

/* A training without gold must not change with its labels. */
static void gold_can_be_left_out(void **state) {
  (void)state;
  enum { N = 60 };
  corpus *c = corpus_of(N, true, false);
  ws_training_options options = ws_training_options_default();
  uint8_t kind[N], part[N];
  double labels[2 * N], weights[N];
  const ws__matrix *matrix = NULL;
  assert_ok(ws__features_matrix(c->features, &matrix, NULL), NULL);
  options.classifier.c = 3;
  ws__training t = {.matrix = matrix,
                    .n = N,
                    .K = 2,
                    .kind = kind,
                    .part = part,
                    .labels = labels,
                    .weights = weights,
                    .options = &options};
  for (size_t i = 0; i < N; i++) {
    kind[i] = i < 20 ? WS__GOLD : c->targets[2 * i] > 0 ? WS__WEAK : WS__UNCOVERED;
    part[i] = (uint8_t)(i % WS__PARTS);
    weights[i] = i < 20 ? 5 : 1;
    memcpy(labels + 2 * i, c->targets + 2 * i, 2 * sizeof(double));
    if (i < 20) labels[2 * i] = 1 - (labels[2 * i + 1] = c->own[i]);
  }
  const ws_branch branches[] = {WS_BRANCH_REGRESSION, WS_BRANCH_BAYES};
  for (size_t b = 0; b < 2; b++) {
    double z[2][2], scratch[2];
    for (int turn = 0; turn < 2; turn++) {
      ws__trained trained;
      assert_ok(ws__recipe_train(&trained, &t, branches[b], true, NULL), NULL);
      ws__trained_scores(&trained, matrix, 7, z[turn], scratch);
      ws__trained_clear(&trained);
      for (size_t i = 0; i < 20; i++) {
        double other = labels[2 * i];
        labels[2 * i] = labels[2 * i + 1];
        labels[2 * i + 1] = other;
      }
    }
    assert_memory_equal(z[0], z[1], sizeof z[0]);
  }
  corpus_free(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gold_alone_is_trained_on_with_less_penalty),
      cmocka_unit_test(gold_among_weak_labels_fits_the_temperature),
      cmocka_unit_test(few_gold_rows_are_tempered_by_one_another),
      cmocka_unit_test(gold_can_be_left_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
