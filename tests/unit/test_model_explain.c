/* SPDX-License-Identifier: MIT
 *
 * Explanations: the terms add up to the posterior for every kind of label model, and are
 * those that the formulas give.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/explain.h>
#include <weaksup/lf_report.h>

#include "label_model_priv.h"
#include "ws_test.h"

static const char K2[] = "11-0 1--- 111- --00 ---0 -1-0 1-00 ---- 11-- --00 --10 111-";
static const char K3[] = "01- 0-2 2-2 11- 00- -22 112 0-- -1- 222";

static ws_label_model *fitted(const ws_votes *votes, const char *kind,
                              const double *balance) {
  ws_label_model_options options = {
      .kind = kind, .class_balance = balance, .class_count = ws_votes_classes(votes)};
  ws_label_model *model = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_label_model_fit(votes, &options, &model, &err), &err);
  return model;
}

static ws_explanation *explained(const ws_label_model *model, const ws_votes *votes,
                                 size_t u) {
  ws_explanation *why = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_explain(model, votes, u, &why, &err), &err);
  return why;
}

static ws_labels *predicted(const ws_label_model *model, const ws_votes *votes,
                            bool raw) {
  ws_labels *labels = NULL;
  assert_ok(raw ? ws_label_model_predict_raw(model, votes, &labels, NULL)
                : ws_label_model_predict(model, votes, &labels, NULL),
            NULL);
  return labels;
}

/* --- the sums ----------------------------------------------------------------------- */

/* The sum over the terms, without tempering where `raw`. */
static double sum_of(const ws_explanation *why, size_t k, bool raw) {
  double sum = 0;
  for (size_t i = 0; i < ws_explanation_terms(why); i++) {
    const ws_term *term = ws_explanation_term(why, i);
    if (raw && (term->kind == WS_TERM_SCALE || term->kind == WS_TERM_FLOOR)) continue;
    sum += term->adds[k];
  }
  return sum;
}

static void check_sums(const ws_explanation *why, const double *probs, size_t K,
                       bool raw) {
  for (size_t k = 0; k < K; k++) {
    double sum = sum_of(why, k, raw);
    if (!ws_explanation_is_log(why))
      assert_near(sum, probs[k], 1e-12);
    else // log P(k) against log P(0)
      assert_near(sum - sum_of(why, 0, raw), log(probs[k]) - log(probs[0]), 1e-9);
  }
}

static void check_votes(const char *picture, int K, const char *kind,
                        const double *balance) {
  ws_votes *votes = ws_test_votes(picture, K);
  ws_label_model *model = fitted(votes, kind, balance);
  ws_labels *labels = predicted(model, votes, false),
            *bare = predicted(model, votes, true);
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_explanation *why = explained(model, votes, u);
    check_sums(why, ws_labels_get(labels, u), (size_t)K, false);
    check_sums(why, ws_labels_get(bare, u), (size_t)K, true);
    for (size_t k = 0; k < (size_t)K; k++)
      assert_near(ws_explanation_probs(why)[k], ws_labels_get(labels, u)[k], 1e-12);
    ws_explanation_free(why);
  }
  ws_labels_free(labels);
  ws_labels_free(bare);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

static void terms_add_up_for_every_kind(void **state) {
  (void)state;
  const double two[] = {0.8, 0.2}, three[] = {0.5, 0.3, 0.2};
  for (const char *const *kind = ws_label_model_kinds(); *kind; kind++) {
    check_votes(K2, 2, *kind, NULL);
    check_votes(K2, 2, *kind, two);
    check_votes(K3, 3, *kind, NULL);
    check_votes(K3, 3, *kind, three);
  }
}

static size_t pattern_of(const ws_votes *votes, size_t row) {
  return ws_votes_row_pattern(votes, row);
}

/* The vote of lift adds omega log(h / f) to its class and nothing to the others; with
 * rho = .1 and eps = .05 two votes are scaled by 1 / 1.1. */
static void the_terms_of_lift_are_its_formula(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes(K2, 2);
  ws_label_model *model = fitted(votes, "lift", NULL);
  ws_explanation *why = explained(model, votes, pattern_of(votes, 5)); // -1-0
  assert_int_equal(ws_explanation_terms(why), 5);
  double logits[2] = {0, 0};
  for (size_t i = 1; i <= 2; i++) {
    const ws_term *term = ws_explanation_term(why, i);
    ws_lf_parameters p;
    size_t k = (size_t)term->label, j = i == 1 ? 1 : 3;
    assert_true(ws_text_equal(term->lf, ws_votes_lf(votes, j)));
    assert_true(ws_label_model_parameters(model, j, k, &p));
    assert_near(term->adds[k], p.omega * log(p.lift), 1e-12);
    assert_near(term->adds[1 - k], 0, 0);
    logits[k] += term->adds[k];
  }
  const ws_term *scale = ws_explanation_term(why, 3),
                *floor = ws_explanation_term(why, 4);
  assert_int_equal(scale->kind, WS_TERM_SCALE);
  assert_near(scale->parameter, 1 / 1.1, 1e-12);
  double raw = logits[1] - logits[0], scaled = raw / 1.1;
  assert_near(scale->adds[1] - scale->adds[0], scaled - raw, 1e-9);
  double p = 0.95 / (1 + exp(-scaled)) + 0.025;
  assert_near(floor->adds[1] - floor->adds[0], log(p / (1 - p)) - scaled, 1e-9);
  assert_near(floor->parameter, 0.05, 0);
  ws_explanation_free(why);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

static void silence_is_told_where_it_counts(void **state) {
  (void)state;
  static const struct {
    const char *kind;
    size_t silences;
  } cases[] = {{"dawid-skene", 2}, {"hds", 0}, {"lift", 0}, {"ebcc", 0}};
  ws_votes *votes = ws_test_votes(K2, 2);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws_label_model *model = fitted(votes, cases[i].kind, NULL);
    ws_explanation *why = explained(model, votes, pattern_of(votes, 5)); // -1-0
    size_t silences = 0;
    for (size_t t = 0; t < ws_explanation_terms(why); t++)
      silences += ws_explanation_term(why, t)->kind == WS_TERM_SILENCE;
    assert_int_equal(silences, cases[i].silences);
    ws_explanation_free(why);
    ws_label_model_free(model);
  }
  ws_votes_free(votes);
}

static void without_votes_there_is_the_prior_alone(void **state) {
  (void)state;
  const double balance[] = {0.8, 0.2};
  ws_votes *votes = ws_test_votes(K2, 2);
  for (const char *const *kind = ws_label_model_kinds(); *kind; kind++) {
    ws_label_model *model = fitted(votes, *kind, balance);
    ws_explanation *why = explained(model, votes, pattern_of(votes, 7)); // ----
    assert_int_equal(ws_explanation_terms(why), 1);
    assert_int_equal(ws_explanation_term(why, 0)->kind, WS_TERM_PRIOR);
    assert_int_equal(ws_explanation_first(why), 0);
    assert_int_equal(ws_explanation_second(why), 1);
    assert_near(ws_explanation_probs(why)[0], 0.8, 1e-12);
    ws_explanation_free(why);
    ws_label_model_free(model);
  }
  ws_votes_free(votes);
}

/* Votes of a model that was fitted on others: columns it has never seen say nothing. */
static void unseen_votes_say_nothing(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes(K2, 2), *others = ws_test_votes("00-1 -0-1 0---", 2);
  for (const char *const *kind = ws_label_model_kinds(); *kind; kind++) {
    ws_label_model *model = fitted(votes, *kind, NULL);
    ws_labels *labels = predicted(model, others, false);
    for (size_t u = 0; u < ws_votes_patterns(others); u++) {
      ws_explanation *why = explained(model, others, u);
      check_sums(why, ws_labels_get(labels, u), 2, false);
      ws_explanation_free(why);
    }
    ws_labels_free(labels);
    ws_label_model_free(model);
  }
  ws_votes_free(votes);
  ws_votes_free(others);
}

/* --- many votes, other orders, no memory -------------------------------------------- */

/* At scale 2 the probabilities of some kinds are 0. */
static void check_many_votes(double scale) {
  enum { LFS = 500, ROWS = 6 };
  char *picture = malloc(ROWS * (LFS + 1)), *at = picture;
  for (int i = 0; i < ROWS; i++) {
    for (int j = 0; j < LFS; j++) *at++ = (char)('0' + (i * j + i) % 2);
    *at++ = i + 1 < ROWS ? ' ' : '\0';
  }
  ws_votes *votes = ws_test_votes(picture, 2);
  for (const char *const *kind = ws_label_model_kinds(); *kind; kind++) {
    ws_label_model *model = fitted(votes, *kind, NULL);
    model->scale = scale;
    for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
      ws_explanation *why = explained(model, votes, u);
      for (size_t i = 0; i < ws_explanation_terms(why); i++)
        assert_true(isfinite(ws_explanation_margin(why, i)));
      assert_near(ws_explanation_probs(why)[0] + ws_explanation_probs(why)[1], 1, 1e-12);
      ws_explanation_free(why);
    }
    ws_label_model_free(model);
  }
  ws_votes_free(votes);
  free(picture);
}

static void five_hundred_votes_stay_finite(void **state) {
  (void)state;
  check_many_votes(1);
  check_many_votes(2);
}

/* The picture with the LFs in the other order. */
static char *mirrored(const char *picture) {
  size_t lfs = strcspn(picture, " "), size = strlen(picture);
  char *copy = malloc(size + 1);
  memcpy(copy, picture, size + 1);
  for (size_t at = 0; at < size; at += lfs + 1)
    for (size_t j = 0; j < lfs; j++) copy[at + j] = picture[at + lfs - 1 - j];
  return copy;
}

static void permuting_the_lfs_permutes_the_terms(void **state) {
  (void)state;
  char *other = mirrored(K3);
  ws_votes *votes = ws_test_votes(K3, 3), *swapped = ws_test_votes(other, 3);
  ws_label_model *model = fitted(votes, "lift", NULL),
                 *model2 = fitted(swapped, "lift", NULL);
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    ws_explanation *a = explained(model, votes, pattern_of(votes, i)),
                   *b = explained(model2, swapped, pattern_of(swapped, i));
    size_t cast = ws_votes_pattern(votes, pattern_of(votes, i)).size;
    assert_int_equal(ws_explanation_terms(a), ws_explanation_terms(b));
    for (size_t v = 1; v <= cast; v++)
      for (size_t k = 0; k < 3; k++)
        assert_near(ws_explanation_term(a, v)->adds[k],
                    ws_explanation_term(b, cast + 1 - v)->adds[k], 1e-12);
    ws_explanation_free(a);
    ws_explanation_free(b);
  }
  ws_label_model_free(model);
  ws_label_model_free(model2);
  ws_votes_free(votes);
  ws_votes_free(swapped);
  free(other);
}

typedef struct given {
  const ws_label_model *model;
  const ws_votes *votes;
} given;

static ws_status explain_once(void *user) {
  const given *g = user;
  ws_explanation *why = NULL;
  ws_status status = ws_explain(g->model, g->votes, 0, &why, NULL);
  ws_explanation_free(why);
  return status;
}

static void lack_of_memory_leaks_nothing(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes(K2, 2);
  ws_label_model *model = fitted(votes, "dawid-skene", NULL);
  given g = {model, votes};
  ws_test_every_allocation_failure(explain_once, &g);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(terms_add_up_for_every_kind),
      cmocka_unit_test(the_terms_of_lift_are_its_formula),
      cmocka_unit_test(silence_is_told_where_it_counts),
      cmocka_unit_test(without_votes_there_is_the_prior_alone),
      cmocka_unit_test(unseen_votes_say_nothing),
      cmocka_unit_test(five_hundred_votes_stay_finite),
      cmocka_unit_test(permuting_the_lfs_permutes_the_terms),
      cmocka_unit_test(lack_of_memory_leaks_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
