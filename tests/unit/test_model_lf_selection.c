/* SPDX-License-Identifier: MIT
 *
 * Selecting labeling functions: planted ones are judged as they were planted.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <weaksup/lf_selection.h>
#include <weaksup/model.h>
#include <weaksup/rng.h>

#include "../model/lf_plants.h"

static const double even[] = {0.5, 0.5};

/* --- copies --- */

static const plant copied[] = {
    {"old", 0, 0.4, 0.05, NULL, 0},   {"good", 1, 0.6, 0.05, NULL, 0},
    {"copy", 1, 0, 0, "good", 0},     {"near", 1, 0, 0, "good", 20},
    {"looser", 1, 0, 0, "good", 200}, {"old_again", 0, 0, 0, "old", 0},
    {"other", 0, 0.5, 0.05, NULL, 0}};

static void of_copies_one_stays(void **state) {
  fixture *f = *state;
  plant_all(f, copied, 7, 1, even, 2);
  select_lfs(f, true);
  expect(f, "good", WS_LF_ACCEPTED, WS_LF_NO_REASON);
  expect(f, "copy", WS_LF_REJECTED, WS_LF_DUPLICATE_VOTES);
  expect(f, "near", WS_LF_REJECTED, WS_LF_DUPLICATE_VOTES);
  expect(f, "old_again", WS_LF_REJECTED, WS_LF_DUPLICATE_VOTES);
  expect(f, "other", WS_LF_ACCEPTED, WS_LF_NO_REASON);
  assert_string_equal(find(f, "copy")->duplicate_of, "good");
  assert_string_equal(find(f, "old_again")->duplicate_of, "old");
  assert_near(find(f, "copy")->jaccard, 1, 0);
  assert_near(find(f, "near")->jaccard, 0.98, 0.01);
  assert_true(find(f, "looser")->reason != WS_LF_DUPLICATE_VOTES);
}

static void equal_sources_are_copies(void **state) {
  fixture *f = *state;
  static const plant plants[] = {{"a", 1, 0.6, 0.05, NULL, 0},
                                 {"b", 0, 0.6, 0.05, NULL, 0},
                                 {"c", 1, 0.3, 0.05, NULL, 0}};
  const ws_hash128 sources[] = {{1, 1}, {0, 0}, {1, 1}};
  f->options.sources = sources;
  plant_all(f, plants, 3, 0, even, 2);
  select_lfs(f, true);
  expect(f, "a", WS_LF_ACCEPTED, WS_LF_NO_REASON);
  expect(f, "b", WS_LF_ACCEPTED, WS_LF_NO_REASON);
  expect(f, "c", WS_LF_REJECTED, WS_LF_DUPLICATE_SOURCE);
  assert_string_equal(find(f, "c")->duplicate_of, "a");
}

/* --- gain --- */

static const plant several[] = {
    {"a0", 0, 0.5, 0.05, NULL, 0},  {"b0", 0, 0.4, 0.05, NULL, 0},
    {"c0", 0, 0.3, 0.04, NULL, 0},  {"d0", 0, 0.3, 0.04, NULL, 0},
    {"a1", 1, 0.2, 0.02, NULL, 0},  {"b1", 1, 0.15, 0.02, NULL, 0},
    {"weak", 1, 0.5, 0.42, NULL, 0}};

static void labels_get_better_with_what_is_taken(void **state) {
  fixture *f = *state;
  plant_all(f, several, 7, 0, even, 2);
  select_lfs(f, true);
  assert_true(ws_lf_selection_chosen(f->selection) >= 4);
  assert_true(ws_lf_selection_loss_after(f->selection) <
              ws_lf_selection_loss_before(f->selection) - 0.1);
  assert_near(ws_lf_selection_loss_before(f->selection), log(2), 0.01);
  double sum = 0;
  for (size_t c = 0; c < 7; c++) {
    const ws_lf_choice *choice = ws_lf_selection_at(f->selection, c);
    if (choice->chosen) sum += choice->gain;
    assert_int_equal(choice->chosen, choice->tier == WS_LF_ACCEPTED);
  }
  assert_near(sum,
              ws_lf_selection_loss_before(f->selection) -
                  ws_lf_selection_loss_after(f->selection),
              1e-9);
  assert_false(find(f, "weak")->chosen);
}

static void a_limit_is_shared_by_the_classes(void **state) {
  fixture *f = *state;
  size_t taken[2] = {0, 0};
  f->options.max_lfs = 4;
  plant_all(f, several, 7, 0, even, 2);
  select_lfs(f, true);
  assert_int_equal(ws_lf_selection_chosen(f->selection), 4);
  for (size_t c = 0; c < 7; c++) {
    const ws_lf_choice *choice = ws_lf_selection_at(f->selection, c);
    if (choice->chosen) taken[choice->label]++;
  }
  assert_int_equal(taken[0], 2);
  assert_int_equal(taken[1], 2);
  bool beyond = false;
  for (size_t c = 0; c < 7; c++)
    beyond = beyond || ws_lf_selection_at(f->selection, c)->reason == WS_LF_BEYOND_MOST;
  assert_true(beyond);
}

static void unproven_ones_are_taken_where_that_is_wanted(void **state) {
  static const plant plants[] = {{"good", 1, 0.5, 0.05, NULL, 0},
                                 {"good0", 0, 0.5, 0.05, NULL, 0},
                                 {"few", 0, 0.008, 0, NULL, 0}};
  fixture *f = *state;
  plant_all(f, plants, 3, 0, even, 2);
  select_lfs(f, true);
  expect(f, "few", WS_LF_UNPROVEN, WS_LF_UNDECIDED);
  assert_false(find(f, "few")->chosen);
  f->options.include_unproven = true;
  select_lfs(f, true);
  expect(f, "few", WS_LF_UNPROVEN, WS_LF_UNDECIDED);
  assert_true(find(f, "few")->chosen);
}

/* --- without dev --- */

static void without_dev_the_label_model_estimates(void **state) {
  fixture *f = *state;
  static const plant plants[] = {
      {"a0", 0, 0.5, 0.05, NULL, 0},   {"b0", 0, 0.4, 0.05, NULL, 0},
      {"a1", 1, 0.5, 0.05, NULL, 0},   {"b1", 1, 0.45, 0.05, NULL, 0},
      {"noise", 1, 0.4, 0.4, NULL, 0}, {"copy", 0, 0, 0, "a0", 0}};
  plant_all(f, plants, 6, 0, even, 2);
  select_lfs(f, false);
  assert_false(ws_lf_selection_validated(f->selection));
  expect(f, "a0", WS_LF_ACCEPTED, WS_LF_NO_REASON);
  expect(f, "a1", WS_LF_ACCEPTED, WS_LF_NO_REASON);
  expect(f, "copy", WS_LF_REJECTED, WS_LF_DUPLICATE_VOTES);
  expect(f, "noise", WS_LF_REJECTED, WS_LF_MODEL_NO_LIFT);
  assert_null(find(f, "a0")->lifts);
  assert_true(find(f, "a0")->estimated > 0.7);
}

/* --- the same every time --- */

static void choices_are_the_same_every_time(void **state) {
  fixture *f = *state;
  ws_buffer lines[2] = {{0}, {0}};
  plant_all(f, several, 7, 2, even, 2);
  ws_label_model_options model = ws_label_model_options_default();
  f->options.label_model = &model;
  for (unsigned round = 0; round < 2; round++) {
    model.threads = 1 + round;
    select_lfs(f, true);
    for (size_t c = 0; c < 5; c++) {
      const ws_lf_choice *choice = ws_lf_selection_at(f->selection, c);
      assert_ok(ws_buffer_printf(&lines[round], "%s %zu %.17g %s\n",
                                 ws_lf_tier_name(choice->tier), choice->rank,
                                 choice->gain, choice->evidence),
                NULL);
    }
  }
  assert_string_equal(lines[0].data, lines[1].data);
  ws_buffer_clear(&lines[0]);
  ws_buffer_clear(&lines[1]);
}

/* --- what to label --- */

static void records_are_asked_for_that_decide_most(void **state) {
  static const plant plants[] = {{"good", 1, 0.5, 0.05, NULL, 0},
                                 {"few", 0, 0.01, 0.001, NULL, 0},
                                 {"fewer", 0, 0.008, 0.001, NULL, 0}};
  fixture *f = *state;
  size_t rows[30], count = 0, few = 0;
  plant_all(f, plants, 3, 0, even, 2);
  select_lfs(f, true);
  assert_int_equal(find(f, "few")->tier, WS_LF_UNPROVEN);
  assert_ok(ws_lf_selection_ask(f->selection, f->pool.candidates, 30, 5, rows, &count),
            NULL);
  assert_true(count >= 5 && count <= 10);
  for (size_t i = 0; i < count; i++) {
    ws_pattern p = ws_votes_pattern(f->pool.candidates,
                                    ws_votes_row_pattern(f->pool.candidates, rows[i]));
    for (size_t v = 0; v < p.size; v++) few += p.columns[v] / 2 == 1;
    for (size_t j = 0; j < i; j++) assert_true(rows[i] != rows[j]);
  }
  assert_true(few >= 5);
}

/* --- what does not fit --- */

static void votes_that_do_not_fit_are_refused(void **state) {
  fixture *f = *state;
  plant_all(f, several, 7, 2, even, 2);
  ws_selection_votes other = {f->pool.candidates, f->dev.existing};
  assert_status(WS_EINVAL, ws_lf_select(&other, NULL, NULL, &f->selection, &f->err));
  assert_message(&f->err, "expected votes on the same records of the pool, found 400");
  other = (ws_selection_votes){f->pool.candidates, f->pool.candidates};
  assert_status(WS_EINVAL, ws_lf_select(&other, NULL, NULL, &f->selection, &f->err));
  assert_message(&f->err, "a candidate and an existing LF are called 'c0'");
  other = (ws_selection_votes){f->pool.candidates, f->pool.existing};
  assert_status(WS_EINVAL, ws_lf_select(&f->pool, &other, NULL, &f->selection, &f->err));
  assert_message(&f->err, "no record of dev has a gold label");
  other = (ws_selection_votes){f->dev.existing, NULL};
  assert_status(WS_EINVAL, ws_lf_select(&f->pool, &other, NULL, &f->selection, &f->err));
  assert_message(&f->err, "expected votes of the same LFs and classes on dev");
}

static ws_status select_small(void *user) {
  ws_votes *const *votes = user;
  ws_selection_votes pool = {votes[0], votes[1]};
  ws_selection_options options = ws_selection_options_default();
  ws_label_model_options model = ws_label_model_options_default();
  ws_lf_selection *selection = NULL;
  ws_selection_effect effect;
  model.threads = 1;
  options.label_model = &model;
  WS_TRY(ws_lf_select(&pool, NULL, &options, &selection, NULL));
  ws_lf_selection_free(selection);
  ws_selection_votes dev = {votes[2], NULL};
  pool.existing = NULL;
  WS_TRY(ws_lf_select(&pool, &dev, &options, &selection, NULL));
  ws_lf_selection_free(selection);
  return ws_selection_effect_on_labels(&pool, &dev, NULL, NULL, &model, 0, &effect, NULL);
}

static void memory_may_run_out(void **state) {
  static const plant plants[] = {{"old", 1, 0.5, 0.05, NULL, 0},
                                 {"a", 0, 0.5, 0.1, NULL, 0},
                                 {"b", 0, 0, 0, "a", 0}};
  fixture *f = *state;
  drawn *d = calloc(1, sizeof *d);
  assert_non_null(d);
  f->plants = plants;
  f->count = 3;
  f->balance = even;
  f->K = 2;
  draw(f, 1, 40, d);
  f->made[0] = build(f, d, 40, 1, 3, false);
  f->made[1] = build(f, d, 40, 0, 1, false);
  f->made[2] = build(f, d, 40, 1, 3, true);
  free(d);
  ws_test_every_allocation_failure(select_small, f->made);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
  const struct CMUnitTest tests[] = {TEST(of_copies_one_stays),
                                     TEST(equal_sources_are_copies),
                                     TEST(labels_get_better_with_what_is_taken),
                                     TEST(a_limit_is_shared_by_the_classes),
                                     TEST(unproven_ones_are_taken_where_that_is_wanted),
                                     TEST(without_dev_the_label_model_estimates),
                                     TEST(choices_are_the_same_every_time),
                                     TEST(records_are_asked_for_that_decide_most),
                                     TEST(votes_that_do_not_fit_are_refused),
                                     TEST(memory_may_run_out)};
  ws_model_startup();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
