/* SPDX-License-Identifier: MIT
 *
 * What changed between two fits: known answers on votes by hand.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/run_diff.h>

#include "ws_test.h"

typedef struct two {
  ws_votes *votes[2];
  ws_label_model *models[2];
  ws_labels *labels[2];
} two;

static ws_run_side side_of(const two *t, size_t i) {
  return (ws_run_side){t->votes[i], t->models[i], t->labels[i]};
}

static void fit(two *t, size_t i, ws_votes *votes, const char *kind) {
  ws_label_model_options options = {.kind = kind};
  ws_error err = WS_ERROR_INIT;
  t->votes[i] = votes;
  assert_ok(ws_label_model_fit(votes, &options, &t->models[i], &err), &err);
  assert_ok(ws_label_model_predict(t->models[i], votes, &t->labels[i], &err), &err);
}

static two fitted(const char *before, const char *after, const char *kind) {
  two t;
  fit(&t, 0, ws_test_votes(before, 2), kind);
  fit(&t, 1, ws_test_votes(after, 2), kind);
  return t;
}

static void clear(two *t) {
  for (size_t i = 0; i < 2; i++) {
    ws_labels_free(t->labels[i]);
    ws_label_model_free(t->models[i]);
    ws_votes_free(t->votes[i]);
  }
}

static ws_run_diff *compared(const two *t) {
  ws_run_side before = side_of(t, 0), after = side_of(t, 1);
  ws_run_diff *diff = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_run_diff_new(&before, &after, &diff, &err), &err);
  return diff;
}

static void nothing_changed_is_nothing(void **state) {
  (void)state;
  two t = fitted("11- 0-0 1-1 --- -00", "11- 0-0 1-1 --- -00", "lift");
  ws_run_diff *diff = compared(&t);
  assert_int_equal(diff->records, 5);
  assert_int_equal(diff->flipped, 0);
  assert_int_equal(diff->flip_count, 0);
  assert_int_equal(diff->lf_count, 3);
  for (size_t j = 0; j < 3; j++) {
    const ws_lf_diff *lf = &diff->lfs[j];
    assert_true(lf->before && lf->after);
    assert_int_equal(lf->gained + lf->lost + lf->changed + lf->flips, 0);
    assert_int_equal(lf->votes_before, lf->votes_after);
  }
  ws_run_diff_free(diff);
  clear(&t);
}

/* The third LF votes for the other class: by majority it turns the labels of the first
 * two records, makes a tie of the fourth, and nobody else can be it. */
static void the_one_that_voted_otherwise_turned_the_labels(void **state) {
  (void)state;
  two t = fitted("011 011 000 -1- 0--", "010 010 000 -10 0--", "mv");
  ws_run_diff *diff = compared(&t);
  assert_int_equal(diff->lfs[2].changed, 2);
  assert_int_equal(diff->lfs[2].gained, 1);
  assert_int_equal(diff->lfs[2].lost, 0);
  assert_int_equal(diff->flipped, 3);
  assert_int_equal(diff->lfs[2].flips, 3);
  assert_int_equal(diff->lfs[2].flips_by_vote, 3);
  assert_int_equal(diff->flipped_otherwise, 0);
  assert_int_equal(diff->flip_count, 2);
  assert_int_equal(diff->flips[0].from, 1);
  assert_int_equal(diff->flips[0].to, 0);
  assert_int_equal(diff->flips[0].records, 2);
  assert_int_equal(diff->flips[0].examples[0], 0);
  assert_int_equal(diff->flips[0].examples[1], 1);
  assert_int_equal(diff->flips[1].from, 1);
  assert_int_equal(diff->flips[1].to, WS_ABSTAIN);
  assert_int_equal(diff->flips[1].examples[0], 3);
  ws_run_diff_free(diff);
  clear(&t);
}

/* A column more: the LF is new, what it votes is gained. */
static void new_and_gone_lfs_are_told(void **state) {
  (void)state;
  two t = fitted("00 1- -1 --", "001 1-1 -1- --0", "mv");
  ws_run_diff *diff = compared(&t);
  assert_int_equal(diff->lf_count, 3);
  assert_false(diff->lfs[2].before);
  assert_true(diff->lfs[2].after);
  assert_int_equal(diff->lfs[2].gained, 3);
  assert_int_equal(diff->flipped, 1);
  assert_int_equal(diff->lfs[2].flips, 1);
  assert_int_equal(diff->flips[0].from, WS_ABSTAIN);
  assert_int_equal(diff->flips[0].to, 0);
  ws_run_diff_free(diff);
  two back = {.votes = {t.votes[1], t.votes[0]},
              .models = {t.models[1], t.models[0]},
              .labels = {t.labels[1], t.labels[0]}};
  diff = compared(&back);
  assert_true(diff->lfs[2].before);
  assert_false(diff->lfs[2].after);
  assert_int_equal(diff->lfs[2].lost, 3);
  assert_int_equal(diff->flipped, 1);
  assert_int_equal(diff->lfs[2].flips, 1);
  ws_run_diff_free(diff);
  clear(&t);
}

/* Every flip has one cause, for kinds with log-odds and those that count. */
static void causes_add_up(void **state) {
  (void)state;
  static const char *const kinds[] = {"lift", "mv",          "weighted-mv",
                                      "hds",  "dawid-skene", "one-coin"};
  static const char before[] = "11-0 1--- 111- --00 ---0 -1-0 1-00 ---- 11-- --00 --10";
  static const char after[] = "1100 0--- 101- 1-00 ---1 -110 1-00 0--- 11-- --01 --10";
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    two t = fitted(before, after, kinds[i]);
    ws_run_diff *diff = compared(&t);
    uint64_t causes = diff->flipped_otherwise, flips = 0;
    for (size_t j = 0; j < diff->lf_count; j++) {
      causes += diff->lfs[j].flips;
      assert_true(diff->lfs[j].flips_by_vote <= diff->lfs[j].flips);
    }
    for (size_t f = 0; f < diff->flip_count; f++) flips += diff->flips[f].records;
    assert_true(diff->flipped > 0);
    assert_int_equal(causes, diff->flipped);
    assert_int_equal(flips, diff->flipped);
    ws_run_diff_free(diff);
    clear(&t);
  }
}

/* Records are matched by id: those behind the end of the shorter one are in one only. */
static void records_of_one_run_are_counted(void **state) {
  (void)state;
  two t = fitted("11 00 1-", "11 00 1- 0- --", "mv");
  ws_run_diff *diff = compared(&t);
  assert_int_equal(diff->records, 3);
  assert_int_equal(diff->only_before, 0);
  assert_int_equal(diff->only_after, 2);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(diff->rows_before[i], i);
    assert_int_equal(diff->rows_after[i], i);
  }
  ws_run_diff_free(diff);
  clear(&t);
}

static void other_classes_are_refused(void **state) {
  (void)state;
  two t;
  ws_run_diff *diff = NULL;
  ws_error err = WS_ERROR_INIT;
  fit(&t, 0, ws_test_votes("11 00", 2), "mv");
  fit(&t, 1, ws_test_votes("11 02", 3), "mv");
  ws_run_side before = side_of(&t, 0), after = side_of(&t, 1);
  assert_status(WS_EINVAL, ws_run_diff_new(&before, &after, &diff, &err));
  assert_non_null(strstr(err.message, "same classes"));
  clear(&t);
}

static ws_status compare_once(void *user) {
  const two *t = user;
  ws_run_side before = side_of(t, 0), after = side_of(t, 1);
  ws_run_diff *diff = NULL;
  ws_status status = ws_run_diff_new(&before, &after, &diff, NULL);
  if (status == WS_OK) ws_run_diff_free(diff);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  two t = fitted("011 011 000 -1- 0--", "010 010 000 -10 0--", "lift");
  ws_test_every_allocation_failure(compare_once, &t);
  clear(&t);
}

static void paired_intervals(void **state) {
  (void)state;
  double values[400] = {0};
  ws_paired found, again;
  assert_ok(ws_paired_interval(values, 0, 0, &found), NULL);
  assert_true(isnan(found.mean) && isnan(found.low) && isnan(found.high));
  for (size_t i = 0; i < 400; i++) values[i] = 0.5;
  assert_ok(ws_paired_interval(values, 400, 0, &found), NULL);
  assert_near(found.low, 0.5, 1e-12);
  assert_near(found.high, 0.5, 1e-12);
  // Of 400 records 40 gain and 20 lose: mean .05, standard error .0193 by the formula.
  for (size_t i = 0; i < 400; i++) values[i] = i < 40 ? 1 : i < 60 ? -1 : 0;
  assert_ok(ws_paired_interval(values, 400, 1, &found), NULL);
  assert_near(found.mean, 0.05, 1e-12);
  assert_near(found.low, 0.05 - 1.96 * 0.0192, 0.006);
  assert_near(found.high, 0.05 + 1.96 * 0.0192, 0.006);
  assert_ok(ws_paired_interval(values, 400, 1, &again), NULL);
  assert_memory_equal(&found, &again, sizeof found);
}

static void rightness_is_the_scorers(void **state) {
  (void)state;
  static const struct {
    double probs[3];
    bool covered;
  } cases[] = {{{0.2, 0.5, 0.3}, true}, {{0.4, 0.4, 0.2}, true},
               {{1, 0, 0}, true},       {{0.4, 0.4, 0.2}, false},
               {{0, 0, 1}, true},       {{1.0 / 3, 1.0 / 3, 1.0 / 3}, true}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    for (int32_t gold = 0; gold < 3; gold++) {
      ws_scorer *scorer = NULL;
      assert_ok(ws_scorer_new(3, &scorer), NULL);
      ws_scorer_add(scorer, cases[i].probs, cases[i].covered, gold);
      assert_near(ws_prediction_right(cases[i].probs, 3, cases[i].covered, gold),
                  ws_scorer_result(scorer).accuracy, 1e-12);
      ws_scorer_free(scorer);
    }
}

/* Records whose label is right, and then mostly wrong: what is known of the scores must
 * be what the scorer says, and the intervals must hold the differences. */
static void comparisons_have_intervals_of_all_scores(void **state) {
  (void)state;
  enum { N = 300, K = 3 };
  ws_comparison *c;
  ws_compared found, again;
  assert_ok(ws_comparison_new(K, &c), NULL);
  for (int i = 0; i < N; i++) {
    const double sure[] = {i % K == 0 ? .8 : .1, i % K == 1 ? .8 : .1,
                           i % K == 2 ? .8 : .1};
    const double tied[] = {.4, .4, .2}, wrong[] = {.1, .1, .8};
    const double *after = i % 5 == 0 ? tied : i % 5 == 1 ? wrong : sure;
    assert_ok(ws_comparison_add(c, sure, true, after, i % 10 != 0, i % K), NULL);
    assert_ok(ws_comparison_add(c, sure, true, sure, true, WS_ABSTAIN), NULL);
  }
  assert_ok(ws_comparison_result(c, 1, &found), NULL);
  assert_int_equal(found.before.n, N);
  assert_near(found.before.accuracy, 1, 1e-12);
  assert_near(found.accuracy.mean, found.after.accuracy - 1, 1e-12);
  assert_near(found.macro_f1.mean, found.after.macro_f1 - found.before.macro_f1, 1e-12);
  assert_near(found.log_loss.mean, found.after.log_loss - found.before.log_loss, 1e-12);
  const ws_paired all[] = {found.accuracy, found.macro_f1, found.log_loss};
  for (size_t i = 0; i < 3; i++) {
    double width = all[i].high - all[i].low;
    assert_true(all[i].low < all[i].mean && all[i].mean < all[i].high);
    assert_true(width > .02 && width < .3); // four standard errors of a share are .1
  }
  assert_true(found.accuracy.high < 0 && found.macro_f1.high < 0);
  assert_true(found.log_loss.low > 0);
  assert_ok(ws_comparison_result(c, 1, &again), NULL);
  assert_memory_equal(&found, &again, sizeof found);
  ws_comparison_free(c);
}

static ws_status compare_few(void *user) {
  const double probs[] = {.5, .5}, other[] = {.2, .8};
  ws_comparison *c = NULL;
  ws_compared found;
  (void)user;
  WS_TRY(ws_comparison_new(2, &c));
  ws_status status = ws_comparison_add(c, probs, true, other, true, 1);
  if (status == WS_OK) status = ws_comparison_result(c, 0, &found);
  ws_comparison_free(c);
  return status;
}

static void comparing_may_fail_to_allocate(void **state) {
  (void)state;
  ws_test_every_allocation_failure(compare_few, NULL);
}

/* The same samples as where accuracy stands alone. */
static void one_score_alone_has_the_same_interval(void **state) {
  (void)state;
  enum { N = 50 };
  ws_comparison *c;
  ws_compared found;
  ws_paired alone;
  double differences[N];
  assert_ok(ws_comparison_new(2, &c), NULL);
  for (int i = 0; i < N; i++) {
    const double a[] = {.7, .3}, b[] = {.4, .6};
    assert_ok(ws_comparison_add(c, a, true, b, true, i % 3 == 0), NULL);
    differences[i] = i % 3 == 0 ? 1 : -1;
  }
  assert_ok(ws_comparison_result(c, 7, &found), NULL);
  assert_ok(ws_paired_interval(differences, N, 7, &alone), NULL);
  assert_near(found.accuracy.low, alone.low, 1e-12);
  assert_near(found.accuracy.high, alone.high, 1e-12);
  ws_comparison_free(c);
  assert_ok(ws_comparison_new(2, &c), NULL);
  assert_ok(ws_comparison_result(c, 7, &found), NULL);
  assert_true(isnan(found.macro_f1.low) && isnan(found.log_loss.mean));
  ws_comparison_free(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_changed_is_nothing),
      cmocka_unit_test(the_one_that_voted_otherwise_turned_the_labels),
      cmocka_unit_test(new_and_gone_lfs_are_told),
      cmocka_unit_test(causes_add_up),
      cmocka_unit_test(records_of_one_run_are_counted),
      cmocka_unit_test(other_classes_are_refused),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(paired_intervals),
      cmocka_unit_test(comparisons_have_intervals_of_all_scores),
      cmocka_unit_test(one_score_alone_has_the_same_interval),
      cmocka_unit_test(comparing_may_fail_to_allocate),
      cmocka_unit_test(rightness_is_the_scorers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
