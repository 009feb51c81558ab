/* SPDX-License-Identifier: MIT
 *
 * What a report shows of votes and labels: pairs of LFs, the summary of labels, examples.
 */
#include <stdio.h>

#include <weaksup/examples.h>
#include <weaksup/label_model.h>
#include <weaksup/label_summary.h>
#include <weaksup/vote_pairs.h>

#include "ws_test.h"

/* --- pairs -------------------------------------------------------------------------- */

static void pairs_count_records_and_differences(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("00- 01- 01- -11 --1 ---", 2);
  ws_vote_pairs *pairs = NULL;
  assert_ok(ws_vote_pairs_find(votes, 10, &pairs), NULL);
  assert_int_equal(ws_vote_pairs_count(pairs), 3);
  assert_int_equal(ws_vote_pairs_votes(pairs, 0), 3);
  assert_int_equal(ws_vote_pairs_votes(pairs, 1), 4);
  assert_int_equal(ws_vote_pairs_votes(pairs, 2), 2);
  ws_vote_pair first = ws_vote_pairs_at(pairs, 1, 0);
  assert_int_equal(first.a, 0);
  assert_int_equal(first.b, 1);
  assert_int_equal(first.both, 3);
  assert_int_equal(first.differ, 2);
  assert_int_equal(first.either, 4);
  assert_int_equal(ws_vote_pairs_at(pairs, 0, 2).both, 0);
  assert_int_equal(ws_vote_pairs_at(pairs, 0, 2).either, 5);
  ws_vote_pairs_free(pairs);
  ws_votes_free(votes);
}

static void pairs_stand_in_the_order_asked_for(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("00- 01- 01- -11 -11 --1 ---", 2);
  ws_vote_pairs *pairs = NULL;
  ws_vote_pair out[3];
  assert_ok(ws_vote_pairs_find(votes, 10, &pairs), NULL);
  assert_int_equal(ws_vote_pairs_first(pairs, WS_PAIRS_BY_CONFLICT, 3, out), 1);
  assert_int_equal(out[0].a, 0);
  assert_int_equal(out[0].b, 1);
  assert_int_equal(ws_vote_pairs_first(pairs, WS_PAIRS_BY_OVERLAP, 3, out), 2);
  assert_int_equal(out[0].b, 1); // 3 of 5, then 2 of 6
  assert_int_equal(out[1].a, 1);
  assert_int_equal(out[1].b, 2);
  assert_int_equal(ws_vote_pairs_first(pairs, WS_PAIRS_BY_OVERLAP, 1, out), 1);
  assert_int_equal(out[0].a, 0);
  assert_int_equal(ws_vote_pairs_first(pairs, WS_PAIRS_BY_OVERLAP, 0, out), 0);
  ws_vote_pairs_free(pairs);
  ws_votes_free(votes);
}

static void the_lfs_in_most_conflicts_have_places(void **state) {
  (void)state;
  // LF 0 votes most, LFs 1 and 3 contradict each other.
  ws_votes *votes = ws_test_votes("0--- 0--- 0--- 0--- -0-1 -0-1 --1-", 2);
  ws_vote_pairs *pairs = NULL;
  assert_ok(ws_vote_pairs_find(votes, 2, &pairs), NULL);
  assert_int_equal(ws_vote_pairs_count(pairs), 2);
  assert_int_equal(ws_vote_pairs_lf(pairs, 0), 1);
  assert_int_equal(ws_vote_pairs_lf(pairs, 1), 3);
  assert_int_equal(ws_vote_pairs_at(pairs, 0, 1).differ, 2);
  ws_vote_pairs_free(pairs);
  assert_ok(ws_vote_pairs_find(votes, 3, &pairs), NULL);
  assert_int_equal(ws_vote_pairs_lf(pairs, 0), 0);
  ws_vote_pairs_free(pairs);
  assert_ok(ws_vote_pairs_find(votes, 0, &pairs), NULL);
  assert_int_equal(ws_vote_pairs_count(pairs), 0);
  ws_vote_pairs_free(pairs);
  ws_votes_free(votes);
}

/* --- labels ------------------------------------------------------------------------- */

static ws_labels *labels_of(const ws_votes *votes, const double *probs) {
  ws_labels *labels = NULL;
  size_t U = ws_votes_patterns(votes), K = ws_votes_classes(votes);
  assert_ok(ws_labels_new(U, K, &labels), NULL);
  for (size_t i = 0; i < ws_votes_rows(votes); i++)
    for (size_t k = 0; k < K; k++)
      ws_labels_at(labels, ws_votes_row_pattern(votes, i))[k] = probs[i * K + k];
  return labels;
}

static ws_votes *votes_with_gold(const char *ids[], const int32_t *gold, size_t count,
                                 const int32_t (*votes)[2]) {
  ws_task *task = ws_test_task("A,B");
  ws_votes_builder *builder = NULL;
  ws_votes *out = NULL;
  uint32_t lf;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  assert_ok(ws_votes_builder_lf(builder, ws_text_of("f"), &lf, &err), &err);
  assert_ok(ws_votes_builder_lf(builder, ws_text_of("g"), &lf, &err), &err);
  for (size_t i = 0; i < count; i++) {
    ws_vote cast[2];
    size_t n = 0;
    for (uint32_t j = 0; j < 2; j++)
      if (votes[i][j] >= 0) cast[n++] = (ws_vote){j, votes[i][j]};
    assert_ok(ws_votes_builder_add(builder, ws_text_of(ids[i]), gold[i], cast, n), NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &out), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return out;
}

static void a_summary_counts_labels_ties_and_votes(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("00 01 1- -- 1-", 2);
  const double probs[] = {0.9, 0.1, 0.5, 0.5, 0.2, 0.8, 0.5, 0.5, 0.2, 0.8};
  ws_labels *labels = labels_of(votes, probs);
  ws_label_summary s;
  assert_ok(ws_label_summary_find(labels, votes, &s), NULL);
  assert_int_equal(s.records, 5);
  assert_int_equal(s.covered, 4);
  assert_int_equal(s.ties, 1);
  assert_int_equal(s.gold, 0);
  assert_int_equal(s.cast, 6);
  assert_int_equal(s.classes[0].votes, 3);
  assert_int_equal(s.classes[1].votes, 3);
  assert_int_equal(s.classes[0].labels, 1);
  assert_int_equal(s.classes[1].labels, 2);
  assert_near(s.classes[0].mass, 0.9 + 0.5 + 0.4, 1e-12);
  assert_int_equal(s.histogram[2], 1);
  assert_int_equal(s.histogram[10], 1);
  assert_int_equal(s.histogram[16], 2);
  ws_label_summary_clear(&s);
  ws_labels_free(labels);
  ws_votes_free(votes);
}

static void of_many_classes_the_largest_probability_is_binned(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("0 1", 3);
  const double probs[] = {1, 0, 0, 0.3, 0.36, 0.34};
  ws_labels *labels = labels_of(votes, probs);
  ws_label_summary s;
  assert_ok(ws_label_summary_find(labels, votes, &s), NULL);
  assert_int_equal(s.histogram[WS_POSTERIOR_BINS - 1], 1);
  assert_int_equal(s.histogram[7], 1);
  ws_label_summary_clear(&s);
  ws_labels_free(labels);
  ws_votes_free(votes);
}

/* --- examples ----------------------------------------------------------------------- */

static void examples_are_of_their_kinds(void **state) {
  (void)state;
  const char *ids[] = {"a", "b", "c", "d", "e", "f"};
  const int32_t gold[] = {1, -1, 1, 0, 1, 0};
  const int32_t cast[][2] = {{0, 0}, {0, 1}, {-1, -1}, {1, -1}, {-1, 0}, {1, 0}};
  ws_votes *votes = votes_with_gold(ids, gold, 6, cast);
  const double probs[] = {0.9, 0.1, 0.5, 0.5, 0.5, 0.5, 0.01, 0.99, 0.6, 0.4, 0.3, 0.7};
  const double shares[] = {1, 0, 0.5, 0.5, 0.5, 0.5, 0, 1, 1, 0, 1, 0};
  ws_labels *labels = labels_of(votes, probs), *majority = labels_of(votes, shares);
  ws_examples out;
  assert_ok(ws_examples_pick(votes, labels, majority, 10, 0, &out), NULL);
  const ws_example_set *wrong = &out.kinds[WS_EXAMPLE_WRONG];
  assert_int_equal(wrong->count, 4);
  assert_int_equal(wrong->picked, 4);
  assert_int_equal(wrong->rows[0], 3); // the surest first
  assert_int_equal(wrong->rows[1], 0);
  assert_int_equal(wrong->rows[2], 5);
  assert_int_equal(wrong->rows[3], 4);
  assert_int_equal(out.kinds[WS_EXAMPLE_TIE].count, 1);
  assert_int_equal(out.kinds[WS_EXAMPLE_TIE].rows[0], 1);
  assert_int_equal(out.kinds[WS_EXAMPLE_FLIP].count, 1);
  assert_int_equal(out.kinds[WS_EXAMPLE_FLIP].rows[0], 5);
  assert_int_equal(out.kinds[WS_EXAMPLE_CONFLICT].count, 2);
  assert_int_equal(out.kinds[WS_EXAMPLE_AGREED].count, 3);
  assert_int_equal(out.kinds[WS_EXAMPLE_UNCOVERED].count, 1);
  assert_int_equal(out.kinds[WS_EXAMPLE_UNCOVERED].rows[0], 2);
  ws_examples_clear(&out);
  ws_labels_free(labels);
  ws_labels_free(majority);
  ws_votes_free(votes);
}

enum { MANY = 500, FEW = 7 };

/* Records "0".."499", or the same from the last to the first. */
static ws_votes *many_votes(bool backwards) {
  char digits[MANY][8];
  const char *ids[MANY];
  int32_t gold[MANY], cast[MANY][2];
  for (size_t i = 0; i < MANY; i++) {
    size_t number = backwards ? MANY - 1 - i : i;
    snprintf(digits[i], sizeof digits[i], "r%zu", number);
    ids[i] = digits[i];
    gold[i] = -1;
    cast[i][0] = cast[i][1] = number % 2 ? 0 : -1;
  }
  const int32_t(*votes)[2] = (const int32_t(*)[2])cast;
  return votes_with_gold(ids, gold, MANY, votes);
}

static void pick(const ws_votes *votes, uint64_t seed, char ids[FEW][24]) {
  double probs[MANY * 2];
  char digits[24];
  for (size_t i = 0; i < MANY * 2; i++) probs[i] = 0.5;
  ws_labels *labels = labels_of(votes, probs);
  ws_examples out;
  assert_ok(ws_examples_pick(votes, labels, labels, FEW, seed, &out), NULL);
  const ws_example_set *set = &out.kinds[WS_EXAMPLE_AGREED];
  assert_int_equal(set->count, MANY / 2);
  assert_int_equal(set->picked, FEW);
  for (size_t i = 0; i < FEW; i++) {
    ws_text id = ws_votes_row_id(votes, set->rows[i], digits);
    snprintf(ids[i], 24, "%.*s", (int)id.size, id.data);
  }
  ws_examples_clear(&out);
  ws_labels_free(labels);
}

static void a_sample_depends_on_ids_and_the_seed_alone(void **state) {
  (void)state;
  char first[FEW][24], again[FEW][24], other[FEW][24];
  ws_votes *votes = many_votes(false), *backwards = many_votes(true);
  pick(votes, 1, first);
  pick(backwards, 1, again);
  pick(votes, 2, other);
  size_t same = 0;
  for (size_t i = 0; i < FEW; i++) {
    assert_string_equal(first[i], again[i]);
    same += strcmp(first[i], other[i]) == 0;
  }
  assert_true(same < FEW);
  ws_votes_free(votes);
  ws_votes_free(backwards);
}

static ws_status everything(void *user) {
  const ws_votes *votes = user;
  ws_vote_pairs *pairs = NULL;
  ws_labels *labels = NULL;
  ws_label_summary summary;
  ws_examples examples;
  WS_TRY(ws_vote_pairs_find(votes, 2, &pairs));
  ws_vote_pairs_free(pairs);
  WS_TRY(ws_labels_new(ws_votes_patterns(votes), ws_votes_classes(votes), &labels));
  ws_status status = ws_label_summary_find(labels, votes, &summary);
  if (status == WS_OK) ws_label_summary_clear(&summary);
  if (status == WS_OK) status = ws_examples_pick(votes, labels, labels, 3, 0, &examples);
  if (status == WS_OK) ws_examples_clear(&examples);
  ws_labels_free(labels);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("00- 01- 01- -11 --1 ---", 2);
  ws_test_every_allocation_failure(everything, votes);
  ws_votes_free(votes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pairs_count_records_and_differences),
      cmocka_unit_test(pairs_stand_in_the_order_asked_for),
      cmocka_unit_test(the_lfs_in_most_conflicts_have_places),
      cmocka_unit_test(a_summary_counts_labels_ties_and_votes),
      cmocka_unit_test(of_many_classes_the_largest_probability_is_binned),
      cmocka_unit_test(examples_are_of_their_kinds),
      cmocka_unit_test(a_sample_depends_on_ids_and_the_seed_alone),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
