/* SPDX-License-Identifier: MIT
 *
 * A dev set's gold in the fit: counts, the golden vector of the reference, cross-fitting.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <string.h>

#include <weaksup/label_model.h>

#include "label_model_priv.h"
#include "ws_test.h"

static const char K2[] = "11-0 1--- 111- --00 ---0 -1-0 1-00 ---- 11-- --00 --10 111-";
static const char dev_votes[] = "11-0 1--- 111- --00";
static const int32_t dev_gold[] = {1, 1, 1, 0};

/* The votes of a picture with gold labels; the LFs in reverse where `reversed`. */
static ws_votes *with_gold(const char *picture, const int32_t *gold, bool reversed) {
  ws_votes *plain = ws_test_votes(picture, 2), *out = NULL;
  ws_task *task = ws_test_task("c0,c1");
  ws_text names[2] = {ws_votes_class(plain, 0), ws_votes_class(plain, 1)};
  ws_votes_builder *builder = NULL;
  ws_task_free(task);
  assert_ok(ws_task_new(names, 2, &task, NULL), NULL);
  size_t M = ws_votes_lfs(plain);
  uint32_t at;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (size_t j = 0; j < M; j++)
    assert_ok(ws_votes_builder_lf(builder, ws_votes_lf(plain, reversed ? M - 1 - j : j),
                                  &at, NULL),
              NULL);
  for (size_t i = 0; i < ws_votes_rows(plain); i++) {
    ws_pattern p = ws_votes_pattern(plain, ws_votes_row_pattern(plain, i));
    ws_vote cells[8];
    for (size_t v = 0; v < p.size; v++) {
      size_t from = reversed ? p.size - 1 - v : v;
      uint32_t j = p.columns[from] / 2;
      cells[v] =
          (ws_vote){reversed ? (uint32_t)M - 1 - j : j, (int32_t)(p.columns[from] % 2)};
    }
    assert_ok(ws_votes_builder_add(builder, ws_text_of(""), gold[i], cells, p.size),
              NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &out), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  ws_votes_free(plain);
  return out;
}

static ws_gold *counted(const ws_votes *votes, const ws_votes *dev) {
  ws_gold *gold = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_gold_count(votes, dev, &gold, &err), &err);
  return gold;
}

static void gold_is_counted_by_the_names_of_lfs(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes(K2, 2);
  for (int reversed = 0; reversed < 2; reversed++) {
    ws_votes *dev = with_gold(dev_votes, dev_gold, reversed == 1);
    ws_gold *gold = counted(votes, dev);
    double balance[2];
    assert_int_equal(ws_gold_rows(gold), 4);
    assert_int_equal(ws_gold_class_rows(gold, 1), 3);
    assert_int_equal(ws_gold_votes(gold, 0, 1), 3);
    assert_int_equal(ws_gold_right(gold, 0, 1), 3);
    assert_int_equal(ws_gold_votes(gold, 3, 0), 2);
    assert_int_equal(ws_gold_right(gold, 3, 0), 1);
    assert_int_equal(ws_gold_votes(gold, 3, 1), 0);
    ws_gold_balance(gold, balance);
    assert_near(balance[0], 21.0 / 44, 1e-15);
    assert_near(balance[1], 23.0 / 44, 1e-15);
    ws_gold_free(gold);
    ws_votes_free(dev);
  }
  ws_votes_free(votes);
}

/* Of what was chosen for its votes nothing follows for the shares of the classes. */
static void targeted_records_do_not_count_for_the_balance(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes(K2, 2), *dev = with_gold(dev_votes, dev_gold, false);
  size_t rows = ws_votes_rows(dev), fair[2] = {0, 0};
  bool targeted[16] = {false};
  ws_gold *gold = NULL, *all = counted(votes, dev);
  double balance[2], plain[2];
  targeted[0] = targeted[1] = true;
  for (size_t i = 2; i < rows; i++)
    if (ws_votes_row_gold(dev, i) != WS_ABSTAIN) fair[ws_votes_row_gold(dev, i)]++;
  assert_ok(ws_gold_count_fair(votes, dev, targeted, &gold, NULL), NULL);
  ws_gold_balance(gold, balance);
  assert_near(balance[0], (20.0 + (double)fair[0]) / (40.0 + (double)(fair[0] + fair[1])),
              1e-15);
  assert_int_equal(ws_gold_rows(gold), ws_gold_rows(all)); // for what LFs are worth
  assert_int_equal(ws_gold_right(gold, 0, 1), ws_gold_right(all, 0, 1));
  ws_gold_free(gold);
  for (size_t i = 0; i < rows; i++) targeted[i] = true; // there is nothing else
  assert_ok(ws_gold_count_fair(votes, dev, targeted, &gold, NULL), NULL);
  ws_gold_balance(gold, balance);
  ws_gold_balance(all, plain);
  assert_near(balance[0], plain[0], 1e-15);
  ws_gold_free(gold);
  ws_gold_free(all);
  ws_votes_free(dev);
  ws_votes_free(votes);
}

/* A part of dev is predicted by a model with the balance of the fair rest. */
static void cross_fitting_knows_what_was_targeted(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes(K2, 2), *dev = with_gold(dev_votes, dev_gold, false);
  bool targeted[16] = {false, true, true};
  ws_gold *gold = NULL, *all = counted(votes, dev);
  ws_label_model_options options = {.kind = "lift", .gold = all};
  ws_scores with_all, without;
  assert_ok(
      ws_label_model_cross_fit(votes, &options, dev, 2, NULL, NULL, &with_all, NULL),
      NULL);
  assert_ok(ws_gold_count_fair(votes, dev, targeted, &gold, NULL), NULL);
  options.gold = gold;
  assert_ok(ws_label_model_cross_fit(votes, &options, dev, 2, NULL, NULL, &without, NULL),
            NULL);
  assert_int_equal(with_all.n, without.n);
  assert_true(with_all.log_loss > without.log_loss ||
              with_all.log_loss < without.log_loss);
  ws_gold_free(gold);
  ws_gold_free(all);
  ws_votes_free(dev);
  ws_votes_free(votes);
}

static void lift_with_gold_matches_the_reference(void **state) {
  (void)state;
  const double raw[] = {0.8883835083, 0.7942944314, 0.9923988517, 0.1363286090,
                        0.3538461538, 0.6930246565, 0.3575330474, 0.5227272727,
                        0.9408931019, 0.1363286090, 0.8178976723, 0.9923988517};
  const double tempered[] = {0.8317730859, 0.7795797098, 0.9588889918, 0.1744553427,
                             0.3611538462, 0.6682023670, 0.3862556167, 0.5227272727,
                             0.9039860461, 0.1744553427, 0.7818361045, 0.9588889918};
  ws_votes *votes = ws_test_votes(K2, 2), *dev = with_gold(dev_votes, dev_gold, false);
  ws_gold *gold = counted(votes, dev);
  ws_label_model_options options = {.kind = "lift", .gold = gold};
  ws_label_model *model = NULL;
  ws_labels *bare = NULL, *labels = NULL;
  assert_ok(ws_label_model_fit(votes, &options, &model, NULL), NULL);
  assert_int_equal(ws_label_model_iterations(model), 11);
  assert_int_equal(ws_label_model_gold_rows(model), 4);
  assert_ok(ws_label_model_predict_raw(model, votes, &bare, NULL), NULL);
  assert_ok(ws_label_model_predict(model, votes, &labels, NULL), NULL);
  for (size_t i = 0; i < 12; i++) {
    size_t u = ws_votes_row_pattern(votes, i);
    assert_near(ws_labels_get(bare, u)[1], raw[i], 1e-9);
    assert_near(ws_labels_get(labels, u)[1], tempered[i], 1e-9);
  }
  ws_labels_free(bare);
  ws_labels_free(labels);
  ws_label_model_free(model);
  ws_gold_free(gold);
  ws_votes_free(dev);
  ws_votes_free(votes);
}

static char *encoded(const ws_label_model *model) {
  ws_buffer bytes = {0};
  assert_ok(ws_label_model_encode(model, &bytes, NULL), NULL);
  return bytes.data;
}

/* LF 0 is always right and LF 1 always wrong, which votes alone cannot tell. */
static void gold_settles_what_votes_leave_open(void **state) {
  (void)state;
  static const char *const kinds[] = {"lift", "hds", "dawid-skene", "one-coin"};
  static const char conflicts[] = "01 10 01 10 01 10";
  static const int32_t truth[] = {0, 1, 0, 1, 0, 1};
  ws_votes *votes = ws_test_votes(conflicts, 2),
           *dev = with_gold(conflicts, truth, false);
  ws_gold *gold = counted(votes, dev);
  for (size_t i = 0; i < 4; i++) {
    ws_label_model_options options = {.kind = kinds[i], .gold = gold};
    ws_label_model *model = NULL, *again = NULL;
    ws_labels *labels = NULL;
    assert_ok(ws_label_model_fit(votes, &options, &model, NULL), NULL);
    char *json = encoded(model), *folder = ws_test_folder();
    char *path = ws_test_file(folder, "m.json", json, strlen(json));
    assert_ok(ws_label_model_load(path, &again, NULL), NULL);
    assert_ok(ws_label_model_predict(again, votes, &labels, NULL), NULL);
    for (size_t r = 0; r < 6; r++)
      assert_true(ws_labels_get(labels, ws_votes_row_pattern(votes, r))[truth[r]] > 0.6);
    ws_labels_free(labels);
    ws_label_model_free(model);
    ws_label_model_free(again);
    ws_test_remove_folder(folder);
    free(path);
    free(json);
  }
  ws_gold_free(gold);
  ws_votes_free(dev);
  ws_votes_free(votes);
}

static void gold_for_the_balance_only_leaves_the_fit_alone(void **state) {
  (void)state;
  const double balance[] = {21.0 / 44, 23.0 / 44};
  ws_votes *votes = ws_test_votes(K2, 2), *dev = with_gold(dev_votes, dev_gold, false);
  ws_gold *gold = counted(votes, dev);
  ws_label_model_options by_gold = {.kind = "lift",
                                    .gold = gold,
                                    .balance_from_gold = true,
                                    .gold_for_balance_only = true};
  ws_label_model_options by_hand = {
      .kind = "lift", .class_balance = balance, .class_count = 2};
  ws_label_model *a = NULL, *b = NULL;
  assert_ok(ws_label_model_fit(votes, &by_gold, &a, NULL), NULL);
  assert_ok(ws_label_model_fit(votes, &by_hand, &b, NULL), NULL);
  char *of_a = encoded(a), *of_b = encoded(b);
  assert_string_equal(of_a, of_b);
  free(of_a);
  free(of_b);
  ws_label_model_free(a);
  ws_label_model_free(b);
  ws_gold_free(gold);
  ws_votes_free(dev);
  ws_votes_free(votes);
}

/* Each LF's gold is all on one record, so a model that sees a record's gold gets it
 * right, and one that does not cannot. */
static void cross_fitting_never_looks_at_a_records_own_gold(void **state) {
  (void)state;
  static const char pairs[] = "01-- 10-- --01 --10";
  static const int32_t gold[] = {0, 0, 0, 0};
  ws_votes *votes = ws_test_votes(pairs, 2), *dev = with_gold(pairs, gold, false);
  ws_label_model_options options = {.kind = "one-coin"};
  ws_scores scores;
  ws_error err = WS_ERROR_INIT;
  double right[] = {9, 9, 9, 9};
  assert_ok(ws_label_model_cross_fit(votes, &options, dev, 9, NULL, right, &scores, &err),
            &err);
  assert_int_equal(scores.n, 4);
  for (size_t i = 0; i < 4; i++) assert_near(right[i], 0, 1e-12);
  assert_near(scores.accuracy, 0, 1e-12); // the other record of the pair says the reverse
  ws_votes_free(dev);
  ws_votes_free(votes);
}

static void the_order_of_dev_does_not_count(void **state) {
  (void)state;
  static const char there[] = "11-0 1--- 111- --00 -1-0 1-00 11-- --10";
  static const char back[] = "--10 11-- 1-00 -1-0 --00 111- 1--- 11-0";
  static const int32_t gold[] = {1, 1, 1, 0, 0, 0, 1, 1},
                       dlog[] = {1, 1, 0, 0, 0, 1, 1, 1};
  ws_votes *votes = ws_test_votes(K2, 2);
  ws_votes *a = with_gold(there, gold, false), *b = with_gold(back, dlog, false);
  ws_scores of_a, of_b;
  assert_ok(ws_label_model_cross_fit(votes, NULL, a, 3, NULL, NULL, &of_a, NULL), NULL);
  assert_ok(ws_label_model_cross_fit(votes, NULL, b, 3, NULL, NULL, &of_b, NULL), NULL);
  assert_near(of_a.accuracy, of_b.accuracy, 1e-12);
  assert_near(of_a.log_loss, of_b.log_loss, 1e-12);
  ws_votes_free(a);
  ws_votes_free(b);
  ws_votes_free(votes);
}

/* Two LFs that agree: the model is sure, and dev says how sure it may be. */
static double scale_after(const char *picture, size_t rights, size_t wrongs) {
  int32_t gold[64];
  char text[64 * 5 + 1];
  for (size_t i = 0; i < rights + wrongs; i++) {
    memcpy(text + i * 5, i % 2 ? "00-- " : "11-- ", 5);
    gold[i] = (int32_t)((i % 2 == 0) == (i < rights));
  }
  text[(rights + wrongs) * 5 - 1] = '\0';
  ws_votes *votes = ws_test_votes(picture, 2), *dev = with_gold(text, gold, false);
  ws_label_model_options options = {.kind = "lift"};
  ws_label_model *model = NULL;
  ws_scores scores;
  ws_gold *counts = NULL;
  assert_ok(ws_gold_count(votes, dev, &counts, NULL), NULL);
  options.gold = counts;
  assert_ok(ws_label_model_fit(votes, &options, &model, NULL), NULL);
  assert_near(ws_label_model_scale(model), 1, 0);
  assert_ok(ws_label_model_cross_fit(votes, &options, dev, 5, model, NULL, &scores, NULL),
            NULL);
  double scale = ws_label_model_scale(model);
  ws_label_model_free(model);
  ws_gold_free(counts);
  ws_votes_free(dev);
  ws_votes_free(votes);
  return scale;
}

static void gold_says_how_sure_to_be(void **state) {
  (void)state;
  double sure = scale_after(K2, 60, 0), unsure = scale_after(K2, 34, 26);
  assert_true(sure > 1.1);
  assert_true(unsure < sure);
  assert_true(unsure < 1);
}

static void a_dev_set_without_gold_is_refused(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes(K2, 2), *dev = ws_test_votes(dev_votes, 2);
  ws_gold *gold = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_status(WS_EINVAL, ws_gold_count(votes, dev, &gold, &err));
  assert_message(&err, "dev set: no record has a gold label");
  ws_votes_free(dev);
  ws_votes_free(votes);
}

/* Clopper and Pearson's upper limit after no success in n is 1 - 0.025^(1/n): .602 of 4,
 * .522 of 5, .459 of 6. */
static void what_gold_shows_no_better_than_chance(void **state) {
  (void)state;
  // LF 0 is wrong in 6 of 6, LF 1 in 5 of 5, LF 2 in 4 of 4, LF 3 right in all; half of
  // the gold is 1
  const char picture[] = "1110 1110 1110 1110 11-0 1--0 ---1 ---1 ---1 ---1 ---1 ---1";
  const int32_t half[] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1};
  ws_votes *votes = with_gold(picture, half, false);
  ws_gold *gold = counted(votes, votes);
  ws_gold_verdict v[4];
  for (size_t j = 0; j < 4; j++) v[j] = ws_gold_judge(gold, j);
  assert_int_equal(v[0].votes, 6);
  assert_int_equal(v[0].right, 0);
  assert_near(v[0].at_most, 1 - pow(0.025, 1.0 / 6), 1e-9);
  assert_near(v[0].chance, 0.5, 1e-12);
  assert_true(v[0].no_better);
  assert_near(v[1].at_most, 1 - pow(0.025, 1.0 / 5), 1e-9);
  assert_false(v[1].no_better); // .522 is above .5
  assert_false(v[2].no_better);
  assert_false(v[3].no_better);
  assert_near(v[3].at_most, 1, 0);
  assert_near(v[3].chance, 0.5, 1e-12);
  ws_gold_free(gold);
  ws_votes_free(votes);
}

/* Chance is that of the classes voted for; four votes decide nothing, however wrong. */
static void chance_is_that_of_the_classes_voted_for(void **state) {
  (void)state;
  // LF 0 votes 1 where 10 of 12 are 1; LF 1 votes 0 twice and 1 four times
  const char picture[] = "11 11 11 11 -0 -0 -- -- -- -- -- --";
  const int32_t mostly[] = {0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  ws_votes *votes = with_gold(picture, mostly, false);
  ws_gold *gold = counted(votes, votes);
  ws_gold_verdict v = ws_gold_judge(gold, 0);
  assert_int_equal(v.votes, 4);
  assert_near(v.chance, 10.0 / 12, 1e-12);
  assert_false(v.no_better);
  v = ws_gold_judge(gold, 1);
  assert_int_equal(v.votes, 6);
  assert_int_equal(v.right, 2);
  assert_near(v.chance, (4 * 10.0 + 2 * 2.0) / 12 / 6, 1e-12);
  assert_false(v.no_better);
  ws_gold_free(gold);
  ws_votes_free(votes);
}

/* Dev has four votes of lf0 for a class that it never votes for elsewhere: these are not
 * the records on which it abstains. */
static void unseen_votes_of_gold_are_no_abstaining(void **state) {
  (void)state;
  static const int32_t truth[] = {1, 1, 1, 1};
  ws_votes *votes = ws_test_votes("00 0- -1 -1 -1", 2),
           *dev = with_gold("1- 1- 1- 11", truth, false);
  ws_gold *gold = counted(votes, dev);
  ws_label_model_options options = {.kind = "dawid-skene", .gold = gold};
  ws_label_model *model = NULL;
  assert_ok(ws_label_model_fit(votes, &options, &model, NULL), NULL);
  double mass = model->confusion.weights[1] * (5 + 4);
  assert_int_equal(model->lf_begin[1], 1);
  assert_near(mass * (model->confusion.silent[1] + model->confusion.rates[1]), mass - 4,
              1e-4);
  ws_label_model_free(model);
  ws_gold_free(gold);
  ws_votes_free(dev);
  ws_votes_free(votes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gold_is_counted_by_the_names_of_lfs),
      cmocka_unit_test(targeted_records_do_not_count_for_the_balance),
      cmocka_unit_test(cross_fitting_knows_what_was_targeted),
      cmocka_unit_test(lift_with_gold_matches_the_reference),
      cmocka_unit_test(gold_settles_what_votes_leave_open),
      cmocka_unit_test(gold_for_the_balance_only_leaves_the_fit_alone),
      cmocka_unit_test(cross_fitting_never_looks_at_a_records_own_gold),
      cmocka_unit_test(the_order_of_dev_does_not_count),
      cmocka_unit_test(gold_says_how_sure_to_be),
      cmocka_unit_test(unseen_votes_of_gold_are_no_abstaining),
      cmocka_unit_test(a_dev_set_without_gold_is_refused),
      cmocka_unit_test(what_gold_shows_no_better_than_chance),
      cmocka_unit_test(chance_is_that_of_the_classes_voted_for),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
