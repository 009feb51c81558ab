/* SPDX-License-Identifier: MIT
 *
 * Votes made from others: some of their records, other gold labels, fewer votes.
 */
#include "ws_test.h"

/* Records "a" in row 0, "b" in row 2 and so on: every other one was skipped. */
static ws_votes *with_gaps(const char *picture, const char *golds) {
  ws_task *task = ws_test_task("c0,c1");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  uint32_t lf;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (const char *name = "xyz"; *name; name++)
    assert_ok(ws_votes_builder_lf(builder, (ws_text){name, 1}, &lf, NULL), NULL);
  for (size_t i = 0; golds[i]; i++) {
    ws_vote cast[3];
    size_t count = 0;
    char id = (char)('a' + i);
    for (uint32_t j = 0; j < 3; j++)
      if (picture[4 * i + j] != '-')
        cast[count++] = (ws_vote){j, picture[4 * i + j] - '0'};
    assert_ok(ws_votes_builder_add_at(builder, 2 * i, (ws_text){&id, 1},
                                      golds[i] == '-' ? WS_ABSTAIN : golds[i] - '0', cast,
                                      count),
              NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return votes;
}

static void expect(ws_votes *votes, const char *picture, const char *ids,
                   const char *golds, const uint64_t *rows) {
  char *found = ws_test_picture(votes), digits[24];
  assert_string_equal(found, picture);
  for (size_t i = 0; ids[i]; i++) {
    int32_t gold = golds[i] == '-' ? WS_ABSTAIN : golds[i] - '0';
    assert_int_equal(*ws_votes_row_id(votes, i, digits).data, ids[i]);
    assert_int_equal(ws_votes_row_gold(votes, i), gold);
    assert_int_equal(ws_votes_row_number(votes, i), rows[i]);
  }
  free(found);
  ws_votes_free(votes);
}

static bool has_gold(const void *votes, size_t i) {
  return ws_votes_row_gold(votes, i) != WS_ABSTAIN;
}

static bool is_none(const void *user, size_t i) {
  (void)user, (void)i;
  return false;
}

static void picked_records_keep_their_ids_and_gold(void **state) {
  (void)state;
  ws_votes *votes = with_gaps("0-1 11- --- 0-1", "1--0"), *some = NULL;
  assert_ok(ws_votes_pick(votes, has_gold, votes, &some), NULL);
  assert_int_equal(ws_votes_patterns(some), 1);
  assert_int_equal(ws_votes_lfs(some), 3);
  expect(some, "0-1 0-1", "ad", "10", (const uint64_t[]){0, 1});
  assert_ok(ws_votes_pick(votes, is_none, NULL, &some), NULL);
  assert_int_equal(ws_votes_rows(some), 0);
  assert_int_equal(ws_votes_classes(some), 2);
  ws_votes_free(some);
  ws_votes_free(votes);
}

static void gold_is_replaced_and_nothing_else(void **state) {
  (void)state;
  const int32_t gold[] = {WS_ABSTAIN, 0, 1};
  ws_votes *votes = with_gaps("0-1 11- ---", "1-0"), *copy = NULL;
  assert_ok(ws_votes_with_gold(votes, gold, &copy), NULL);
  expect(copy, "0-1 11- ---", "abc", "-01", (const uint64_t[]){0, 2, 4});
  ws_votes_free(votes);
}

static void silenced_lfs_abstain_in_their_places(void **state) {
  (void)state;
  const bool silent[] = {true, false, true};
  ws_votes *votes = with_gaps("0-1 11- 1-- 01-", "1-01"), *copy = NULL;
  assert_ok(ws_votes_silence(votes, silent, &copy), NULL);
  assert_int_equal(ws_votes_patterns(copy), 2);
  assert_int_equal(ws_votes_cast(copy), 2);
  expect(copy, "--- -1- --- -1-", "abcd", "1-01", (const uint64_t[]){0, 2, 4, 6});
  ws_votes_free(votes);
}

static ws_status copy_all(void *user) {
  const bool silent[] = {true, false, false};
  ws_votes *some = NULL, *fewer = NULL;
  ws_status status = ws_votes_pick(user, has_gold, user, &some);
  if (status == WS_OK) status = ws_votes_silence(some, silent, &fewer);
  ws_votes_free(some);
  ws_votes_free(fewer);
  return status;
}

static void memory_may_run_out(void **state) {
  (void)state;
  ws_votes *votes = with_gaps("0-1 11- ---", "1-0");
  ws_test_every_allocation_failure(copy_all, votes);
  ws_votes_free(votes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(picked_records_keep_their_ids_and_gold),
      cmocka_unit_test(gold_is_replaced_and_nothing_else),
      cmocka_unit_test(silenced_lfs_abstain_in_their_places),
      cmocka_unit_test(memory_may_run_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
