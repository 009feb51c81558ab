/* SPDX-License-Identifier: MIT
 *
 * Parameters, near-duplicate groups and sampling intervals of labeling functions; what
 * changes between two labellings; votes with other counts.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/label_changes.h>
#include <weaksup/lf_report.h>
#include <weaksup/rng.h>

#include "ws_test.h"

static ws_label_model *fitted(const ws_votes *votes, const char *kind) {
  ws_label_model_options options = {.kind = kind};
  ws_label_model *model = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_label_model_fit(votes, &options, &model, &err), &err);
  return model;
}

/* --- near duplicates ---------------------------------------------------------------- */

/* LFs 0 and 1 vote for class 1 on 3 records each, 2 of them the same: J = 2/4. LF 3 votes
 * where 1 does and once more: J = 3/4 with 1, 2/5 with 0, so 1 links the two. LF 2 votes
 * for the other class on the same records as 1. */
static const char repeated[] = "1--- 1101 1101 -101 ---1 --0- 0--0";

static void check_repeated(const char *kind) {
  ws_votes *votes = ws_test_votes(repeated, 2);
  ws_label_model *model = fitted(votes, kind);
  ws_duplicate_groups *groups = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_duplicate_groups_find(model, votes, &groups, &err), &err);
  assert_int_equal(ws_duplicate_groups_count(groups), 2);
  const ws_duplicate_group *zero = ws_duplicate_groups_at(groups, 0),
                           *one = ws_duplicate_groups_at(groups, 1);
  assert_int_equal(zero->label, 0); // 0 and 3 on the last record: J = 1
  assert_int_equal(zero->count, 2);
  assert_near(zero->effective, 1, 1e-12);
  assert_int_equal(one->label, 1);
  assert_int_equal(one->count, 3);
  assert_int_equal(one->lfs[0], 0);
  assert_int_equal(one->lfs[1], 1);
  assert_int_equal(one->lfs[2], 3);
  assert_int_equal(one->fewest, 3);
  assert_near(one->effective, 1 / 1.5 + 1 / 2.25 + 1 / 1.75, 1e-12);
  ws_duplicate_groups_free(groups);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

static void near_duplicates_are_told_as_groups(void **state) {
  (void)state;
  check_repeated("lift");
  check_repeated("mv");
  check_repeated("hds");
}

/* The sum of the model's own omega is what a group counts. */
static void groups_agree_with_the_parameters(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes(repeated, 2);
  ws_label_model *model = fitted(votes, "lift");
  ws_duplicate_groups *groups = NULL;
  assert_ok(ws_duplicate_groups_find(model, votes, &groups, NULL), NULL);
  for (size_t i = 0; i < ws_duplicate_groups_count(groups); i++) {
    const ws_duplicate_group *group = ws_duplicate_groups_at(groups, i);
    double sum = 0;
    for (size_t m = 0; m < group->count; m++) {
      ws_lf_parameters p;
      assert_true(ws_label_model_parameters(model, group->lfs[m], group->label, &p));
      sum += p.omega;
    }
    assert_near(sum, group->effective, 1e-12);
  }
  ws_lf_parameters p;
  assert_false(ws_label_model_parameters(model, 1, 0, &p)); // it never votes for 0
  ws_duplicate_groups_free(groups);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

static void parameters_are_those_of_the_kind(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes(repeated, 2);
  ws_label_model *lift = fitted(votes, "lift"), *mv = fitted(votes, "mv");
  ws_lf_parameters p;
  assert_true(ws_label_model_parameters(lift, 1, 1, &p));
  assert_int_equal(p.votes, 3);
  assert_true(p.lift >= 2 && p.lift <= 30 && p.omega < 1);
  assert_near(p.accuracy, ws_label_model_accuracy_for(lift, 1, 1), 0);
  assert_true(ws_label_model_parameters(mv, 1, 1, &p));
  assert_true(isnan(p.lift) && isnan(p.omega) && p.clamp == WS_LIFT_FREE);
  ws_label_model_free(lift);
  ws_label_model_free(mv);
  ws_votes_free(votes);
}

/* --- intervals ---------------------------------------------------------------------- */

/* N records of two classes, M LFs, each right with its accuracy where it votes. With
 * `reversed` the LFs come in the other order, under their names. */
static ws_votes *drawn(size_t N, size_t M, bool reversed, bool backwards) {
  ws_task *task = ws_test_task("A,B");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (size_t j = 0; j < M; j++) {
    char name[24];
    uint32_t lf;
    snprintf(name, sizeof name, "lf%zu", reversed ? M - 1 - j : j);
    assert_ok(ws_votes_builder_lf(builder, ws_text_of(name), &lf, NULL), NULL);
  }
  ws_vote *list = malloc(M * sizeof *list);
  for (size_t i = 0; i < N; i++) {
    ws_rng rng;
    size_t row = backwards ? N - 1 - i : i, count = 0;
    int8_t said[64];
    ws_rng_init(&rng, row);
    int32_t truth = (int32_t)ws_rng_below(&rng, 2);
    for (size_t j = 0; j < M; j++) {
      bool speaks = ws_rng_uniform(&rng) < 0.4;
      bool right = ws_rng_uniform(&rng) < 0.6 + 0.3 * (double)j / (double)M;
      said[j] = (int8_t)(speaks ? (right ? truth : 1 - truth) : -1);
    }
    for (size_t j = 0; j < M; j++) {
      int8_t label = said[reversed ? M - 1 - j : j];
      if (label >= 0) list[count++] = (ws_vote){(uint32_t)j, label};
    }
    assert_ok(ws_votes_builder_add(builder, ws_text_of(""), WS_ABSTAIN, list, count),
              NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  free(list);
  return votes;
}

static ws_lf_intervals *intervals_of(const ws_votes *votes, const char *kind) {
  ws_label_model *model = fitted(votes, kind);
  ws_label_model_options options = {.kind = "auto"};
  ws_lf_intervals *found = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_lf_intervals_find(model, votes, &options, &found, &err), &err);
  for (size_t j = 0; ws_lf_intervals_rounds(found) && j < ws_votes_lfs(votes); j++) {
    ws_interval range = ws_lf_intervals_at(found, j);
    double accuracy = ws_label_model_accuracy(model, j);
    assert_true(range.low <= accuracy && accuracy <= range.high);
    assert_true(range.low >= 0 && range.high <= 1 && range.low < range.high);
  }
  ws_label_model_free(model);
  return found;
}

typedef struct watch {
  uint64_t calls, last, stop_at;
} watch;

static bool count_rounds(void *user, const ws_progress *progress) {
  watch *w = user;
  assert_string_equal(progress->stage, "intervals");
  assert_true(w->calls++ == 0 || progress->done == w->last + 1);
  assert_int_equal(progress->total, 100);
  w->last = progress->done;
  return progress->done < w->stop_at;
}

static void progress_is_told_of_rounds(void **state) {
  (void)state;
  watch w = {.stop_at = 1000};
  ws_label_model_options options = {.kind = "auto", .progress = {count_rounds, &w}};
  ws_votes *votes = drawn(200, 6, false, false);
  ws_label_model *model = fitted(votes, "lift");
  ws_lf_intervals *found = NULL;
  assert_ok(ws_lf_intervals_find(model, votes, &options, &found, NULL), NULL);
  assert_int_equal(w.calls, 100);
  ws_lf_intervals_free(found);
  w = (watch){.stop_at = 10};
  assert_status(WS_ESTOPPED, ws_lf_intervals_find(model, votes, &options, &found, NULL));
  assert_int_equal(w.last, 10);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

static void more_records_narrow_the_intervals(void **state) {
  (void)state;
  static const char *const kinds[] = {"lift", "mv"};
  ws_votes *few = drawn(60, 4, false, false), *many = drawn(2000, 4, false, false);
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    ws_lf_intervals *a = intervals_of(few, kinds[i]), *b = intervals_of(many, kinds[i]);
    assert_int_equal(ws_lf_intervals_rounds(a), 100);
    assert_true(ws_lf_intervals_rounds(b) >= 40);
    for (size_t j = 0; j < 4; j++) {
      ws_interval wide = ws_lf_intervals_at(a, j), narrow = ws_lf_intervals_at(b, j);
      assert_true(narrow.high - narrow.low < (wide.high - wide.low) / 2);
    }
    ws_lf_intervals_free(a);
    ws_lf_intervals_free(b);
  }
  ws_votes_free(few);
  ws_votes_free(many);
}

/* Majority vote's accuracy of a lone LF is 1 in each sample; of two that always disagree
 * it is 1/2. */
static void what_cannot_move_has_no_width(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("1-- 1-- 0-- -01 -10 -01", 2);
  ws_label_model *model = fitted(votes, "mv");
  ws_lf_intervals *found = NULL;
  assert_ok(ws_lf_intervals_find(model, votes, NULL, &found, NULL), NULL);
  assert_near(ws_lf_intervals_at(found, 0).low, 1, 0);
  assert_near(ws_lf_intervals_at(found, 0).high, 1, 0);
  assert_near(ws_lf_intervals_at(found, 1).low, 0.5, 0);
  assert_near(ws_lf_intervals_at(found, 2).high, 0.5, 0);
  ws_lf_intervals_free(found);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

static void intervals_do_not_depend_on_any_order(void **state) {
  (void)state;
  ws_votes *votes = drawn(300, 5, false, false), *rows = drawn(300, 5, false, true),
           *lfs = drawn(300, 5, true, false);
  ws_lf_intervals *a = intervals_of(votes, "lift"), *b = intervals_of(rows, "lift"),
                  *c = intervals_of(lfs, "lift");
  for (size_t j = 0; j < 5; j++) {
    ws_interval x = ws_lf_intervals_at(a, j), y = ws_lf_intervals_at(b, j),
                z = ws_lf_intervals_at(c, 4 - j);
    assert_near(x.low, y.low, 0);
    assert_near(x.high, y.high, 0);
    assert_near(x.low, z.low, 1e-9);
    assert_near(x.high, z.high, 1e-9);
  }
  ws_lf_intervals_free(a);
  ws_lf_intervals_free(b);
  ws_lf_intervals_free(c);
  ws_votes_free(votes);
  ws_votes_free(rows);
  ws_votes_free(lfs);
}

static void too_many_patterns_get_no_interval(void **state) {
  (void)state;
  ws_votes *votes = drawn(30000, 30, false, false);
  ws_lf_intervals *found = intervals_of(votes, "lift");
  assert_int_equal(ws_lf_intervals_rounds(found), 0);
  assert_true(isnan(ws_lf_intervals_at(found, 0).low));
  ws_lf_intervals_free(found);
  ws_votes_free(votes);
}

/* --- other counts ------------------------------------------------------------------- */

static void recounted_votes_have_the_counts(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("01 01 -1 -- 00", 2), *made = NULL;
  size_t U = ws_votes_patterns(votes);
  uint64_t counts[8];
  assert_int_equal(U, 4);
  for (size_t u = 0; u < U; u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    counts[u] = pattern.size == 2 ? 0 : 2 + pattern.size;
  }
  assert_ok(ws_votes_recount(votes, counts, &made), NULL);
  char *picture = ws_test_picture(made);
  assert_string_equal(picture, "-- -- -1 -1 -1");
  assert_int_equal(ws_votes_covered(made), 3);
  assert_int_equal(ws_votes_lfs(made), 2);
  assert_int_equal(ws_votes_row_gold(made, 0), WS_ABSTAIN);
  free(picture);
  ws_votes_free(made);
  ws_votes_free(votes);
}

/* --- changes ------------------------------------------------------------------------ */

static void changes_are_counted_by_pair_with_examples(void **state) {
  (void)state;
  // The same votes are the same pattern: 0-, -0, 01, 10, --, by these rows:
  ws_votes *votes = ws_test_votes("0- 01 0- -0 0- 10 -- 0- 01", 2);
  ws_labels *from = NULL, *to = NULL;
  ws_label_changes changes;
  assert_ok(ws_labels_new(ws_votes_patterns(votes), 2, &from), NULL);
  assert_ok(ws_labels_new(ws_votes_patterns(votes), 2, &to), NULL);
  static const double before[9][2] = {{1, 0},     {0.5, 0.5}, {1, 0}, {1, 0},    {1, 0},
                                      {0.5, 0.5}, {0.5, 0.5}, {1, 0}, {0.5, 0.5}};
  static const double after[9][2] = {{0.4, 0.6}, {0.2, 0.8}, {0.4, 0.6},
                                     {0.5, 0.5}, {0.4, 0.6}, {0.7, 0.3},
                                     {0.1, 0.9}, {0.4, 0.6}, {0.2, 0.8}};
  for (size_t i = 0; i < 9; i++)
    for (size_t k = 0; k < 2; k++) {
      ws_labels_at(from, ws_votes_row_pattern(votes, i))[k] = before[i][k];
      ws_labels_at(to, ws_votes_row_pattern(votes, i))[k] = after[i][k];
    }
  assert_ok(ws_label_changes_find(from, to, votes, &changes), NULL);
  assert_int_equal(changes.covered, 8);
  assert_int_equal(changes.flipped, 4);
  assert_int_equal(changes.settled, 3);
  assert_int_equal(changes.lost, 1);
  assert_int_equal(changes.pair_count, 4);
  assert_int_equal(changes.pairs[0].from, 0);
  assert_int_equal(changes.pairs[0].to, 1);
  assert_int_equal(changes.pairs[0].count, 4);
  assert_int_equal(changes.pairs[0].example_count, 3);
  assert_int_equal(changes.pairs[0].examples[2], 4);
  assert_int_equal(changes.pairs[1].from, WS_ABSTAIN);
  assert_int_equal(changes.pairs[1].to, 1);
  assert_int_equal(changes.pairs[1].count, 2);
  assert_int_equal(changes.pairs[1].examples[1], 8);
  assert_int_equal(changes.pairs[2].from, WS_ABSTAIN);
  assert_int_equal(changes.pairs[2].to, 0);
  assert_int_equal(changes.pairs[3].to, WS_ABSTAIN);
  ws_label_changes_clear(&changes);
  ws_labels_free(from);
  ws_labels_free(to);
  ws_votes_free(votes);
}

/* --- no memory ---------------------------------------------------------------------- */

typedef struct given {
  const ws_label_model *model;
  const ws_votes *votes;
} given;

static ws_status groups_once(void *user) {
  const given *g = user;
  ws_duplicate_groups *groups = NULL;
  ws_status status = ws_duplicate_groups_find(g->model, g->votes, &groups, NULL);
  ws_duplicate_groups_free(groups);
  return status;
}

static ws_status recount_once(void *user) {
  const given *g = user;
  static const uint64_t counts[8] = {1, 1, 1, 1, 1, 1, 1, 1};
  ws_votes *made = NULL;
  ws_status status = ws_votes_recount(g->votes, counts, &made);
  ws_votes_free(made);
  return status;
}

static void lack_of_memory_leaks_nothing(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes(repeated, 2);
  ws_label_model *model = fitted(votes, "lift");
  given g = {model, votes};
  ws_test_every_allocation_failure(groups_once, &g);
  ws_test_every_allocation_failure(recount_once, &g);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(near_duplicates_are_told_as_groups),
      cmocka_unit_test(groups_agree_with_the_parameters),
      cmocka_unit_test(parameters_are_those_of_the_kind),
      cmocka_unit_test(progress_is_told_of_rounds),
      cmocka_unit_test(more_records_narrow_the_intervals),
      cmocka_unit_test(what_cannot_move_has_no_width),
      cmocka_unit_test(intervals_do_not_depend_on_any_order),
      cmocka_unit_test(too_many_patterns_get_no_interval),
      cmocka_unit_test(recounted_votes_have_the_counts),
      cmocka_unit_test(changes_are_counted_by_pair_with_examples),
      cmocka_unit_test(lack_of_memory_leaks_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
