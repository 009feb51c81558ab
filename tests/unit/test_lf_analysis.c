/* SPDX-License-Identifier: MIT
 *
 * LF analysis, on votes small enough to count by hand.
 */
#include <weaksup/lf_analysis.h>

#include <math.h>

#include "ws_test.h"

static void the_counts_are_those_of_snorkel(void **state) {
  (void)state;
  // Snorkel's own test of LFAnalysis has this matrix (its abstain is -1).
  ws_votes *votes = ws_test_votes("--100- -22--2 01---- 0-13-- 20220-", 4);
  ws_lf_analysis *a = NULL;
  assert_int_equal(ws_lf_analysis_new(votes, &a), WS_OK);
  assert_int_equal(ws_lf_analysis_lfs(a), 6);
  assert_near(ws_lf_analysis_coverage(a), 1, 1e-12);
  assert_near(ws_lf_analysis_overlaps(a), 1, 1e-12);
  assert_near(ws_lf_analysis_conflicts(a), 0.8, 1e-12);
  const double coverage[] = {0.6, 0.6, 0.8, 0.6, 0.4, 0.2};
  const double conflicts[] = {0.6, 0.4, 0.6, 0.6, 0.4, 0};
  for (size_t j = 0; j < 6; j++) {
    const ws_lf_summary *summary = ws_lf_analysis_at(a, j);
    assert_near(summary->coverage, coverage[j], 1e-12);
    assert_near(summary->overlaps, coverage[j], 1e-12);
    assert_near(summary->conflicts, conflicts[j], 1e-12);
    assert_true(isnan(summary->empirical));
  }
  assert_int_equal(ws_lf_analysis_votes_for(a, 2, 1), 2);
  assert_int_equal(ws_lf_analysis_votes_for(a, 2, 2), 2);
  assert_int_equal(ws_lf_analysis_votes_for(a, 2, 0), 0);
  assert_int_equal(ws_lf_analysis_only_class(a, 5), 2);
  assert_int_equal(ws_lf_analysis_only_class(a, 2), WS_ABSTAIN);
  ws_lf_analysis_free(a);
  ws_votes_free(votes);
}

static void lone_votes_neither_overlap_nor_conflict(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("0- -1 -- 00", 2);
  ws_lf_analysis *a = NULL;
  assert_int_equal(ws_lf_analysis_new(votes, &a), WS_OK);
  assert_near(ws_lf_analysis_coverage(a), 0.75, 1e-12);
  assert_near(ws_lf_analysis_overlaps(a), 0.25, 1e-12);
  assert_near(ws_lf_analysis_conflicts(a), 0, 1e-12);
  assert_near(ws_lf_analysis_at(a, 0)->coverage, 0.5, 1e-12);
  assert_near(ws_lf_analysis_at(a, 0)->overlaps, 0.25, 1e-12);
  ws_lf_analysis_free(a);
  ws_votes_free(votes);
}

/* Votes of one LF, with gold. */
static ws_votes *with_gold(const char *labels, const char *gold) {
  ws_task *task = ws_test_task("A,B");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  uint32_t lf;
  assert_int_equal(ws_votes_builder_new(task, &builder), WS_OK);
  assert_int_equal(ws_votes_builder_lf(builder, ws_text_of("it"), &lf, NULL), WS_OK);
  for (size_t i = 0; labels[i]; i++) {
    ws_vote vote = {lf, labels[i] - '0'};
    char id[2] = {(char)('a' + i), '\0'};
    assert_int_equal(ws_votes_builder_add(builder, ws_text_of(id),
                                          gold[i] == '-' ? WS_ABSTAIN : gold[i] - '0',
                                          &vote, labels[i] != '-'),
                     WS_OK);
  }
  assert_int_equal(ws_votes_builder_finish(builder, &votes), WS_OK);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return votes;
}

static void accuracy_counts_votes_on_records_with_gold(void **state) {
  (void)state;
  ws_votes *votes = with_gold("0110-0", "01-10-");
  ws_lf_analysis *a = NULL;
  assert_int_equal(ws_lf_analysis_new(votes, &a), WS_OK);
  const ws_lf_summary *summary = ws_lf_analysis_at(a, 0);
  assert_int_equal(summary->votes, 5);
  assert_int_equal(summary->gold_votes, 3);
  assert_int_equal(summary->gold_correct, 2);
  assert_near(summary->empirical, 2.0 / 3, 1e-12);
  ws_lf_analysis_free(a);
  ws_votes_free(votes);
}

static ws_status analyse(void *user) {
  ws_lf_analysis *a = NULL;
  ws_status status = ws_lf_analysis_new(user, &a);
  ws_lf_analysis_free(a);
  return status;
}

static void lack_of_memory_is_survived(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("01 10", 2);
  ws_test_every_allocation_failure(analyse, votes);
  ws_votes_free(votes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_counts_are_those_of_snorkel),
      cmocka_unit_test(lone_votes_neither_overlap_nor_conflict),
      cmocka_unit_test(accuracy_counts_votes_on_records_with_gold),
      cmocka_unit_test(lack_of_memory_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
