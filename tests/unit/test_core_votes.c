/* SPDX-License-Identifier: MIT
 *
 * Votes as patterns: built in any order, merged from any pieces, always the same.
 */
#include <stdio.h>

#include "../core/same_votes.h"

static void equal_records_share_a_pattern(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("01- 1-- 01- --- 012 01-", 3);
  assert_int_equal(ws_votes_rows(votes), 6);
  assert_int_equal(ws_votes_lfs(votes), 3);
  assert_int_equal(ws_votes_classes(votes), 3);
  assert_int_equal(ws_votes_patterns(votes), 4);
  assert_int_equal(ws_votes_covered(votes), 5);
  assert_int_equal(ws_votes_cast(votes), 3 * 2 + 1 + 3);
  char *picture = ws_test_picture(votes);
  assert_string_equal(picture, "01- 1-- 01- --- 012 01-");
  free(picture);
  ws_votes_free(votes);
  ws_votes_free(NULL);
}

/* The column of LF j's vote for class k is 3 j + k. */
static void patterns_are_sorted_shorter_first(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("01- 1-- 01- --- 012 0--", 3);
  static const uint32_t columns[][3] = {{0}, {0}, {0, 4}, {0, 4, 8}, {1}};
  static const size_t sizes[] = {0, 1, 2, 3, 1};
  static const uint64_t counts[] = {1, 1, 2, 1, 1};
  assert_int_equal(ws_votes_patterns(votes), 5);
  for (size_t u = 0; u < 5; u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    assert_int_equal(pattern.size, sizes[u]);
    assert_int_equal(pattern.count, counts[u]);
    for (size_t i = 0; i < sizes[u]; i++)
      assert_int_equal(pattern.columns[i], columns[u][i]);
  }
  assert_int_equal(ws_votes_row_pattern(votes, 1), 4);
  ws_votes_free(votes);
}

static void lfs_have_names_and_numbers(void **state) {
  (void)state;
  ws_task *task = ws_test_task("A,B");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  uint32_t lf;
  ws_error err;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (uint32_t i = 0; i < 100; i++) {
    char name[16];
    snprintf(name, sizeof name, "lf %u", i * 7 % 50);
    assert_ok(ws_votes_builder_lf(builder, ws_text_of(name), &lf, NULL), NULL);
    assert_int_equal(lf, i % 50);
  }
  assert_status(WS_EINVAL, ws_votes_builder_lf(builder, ws_text_of(""), &lf, &err));
  assert_message(&err, "an LF has an empty name");
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  assert_int_equal(ws_votes_lfs(votes), 50);
  assert_string_equal(ws_votes_lf(votes, 1).data, "lf 7");
  assert_string_equal(ws_votes_class(votes, 1).data, "B");
  assert_int_equal(ws_votes_find_lf(votes, ws_text_of("lf 7")), 1);
  assert_int_equal(ws_votes_find_lf(votes, ws_text_of("lf 50")), -1);
  ws_votes_builder_free(builder);
  ws_votes_free(votes);
  ws_task_free(task);
}

static void no_records_at_all_are_votes_too(void **state) {
  (void)state;
  ws_task *task = ws_test_task("A,B");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  assert_int_equal(ws_votes_rows(votes) + ws_votes_patterns(votes) + ws_votes_lfs(votes),
                   0);
  assert_int_equal(ws_votes_find_lf(votes, ws_text_of("x")), -1);
  assert_false(ws_votes_has_gold(votes));
  ws_votes_builder_free(builder);
  ws_votes_builder_free(NULL);
  ws_votes_free(votes);
  ws_task_free(task);
}

static void ids_may_be_row_numbers_or_not_or_mixed(void **state) {
  (void)state;
  static const char *const cases[][4] = {
      {"0", "1", "2", "3"},  {"a", "b", "c", "d"}, {"0", "1", "x", "3"},
      {"0", "1", "2", "02"}, {"3", "2", "1", "0"}, {"", "1", "\xC3\xA9", "long id"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws_votes *votes = with_ids(cases[i], NULL, 4);
    assert_ids(votes, cases[i]);
    ws_votes_free(votes);
  }
}

static void gold_is_there_from_the_first_label_on(void **state) {
  (void)state;
  static const char *const ids[] = {"0", "1", "2", "3"};
  static const int32_t none[] = {-1, -1, -1, -1}, some[] = {-1, -1, 1, -1};
  ws_votes *without = with_ids(ids, none, 4), *with = with_ids(ids, some, 4);
  assert_false(ws_votes_has_gold(without));
  assert_true(ws_votes_has_gold(with));
  for (size_t i = 0; i < 4; i++) {
    assert_int_equal(ws_votes_row_gold(without, i), -1);
    assert_int_equal(ws_votes_row_gold(with, i), some[i]);
  }
  ws_votes_free(without);
  ws_votes_free(with);
}

static void the_order_of_records_does_not_change_the_patterns(void **state) {
  (void)state;
  char picture[ROWS * (LFS + 1)], shuffled[ROWS * (LFS + 1)];
  uint32_t order[ROWS];
  ws_rng rng;
  ws_rng_init(&rng, 1);
  random_picture(&rng, ROWS, picture);
  for (uint32_t i = 0; i < ROWS; i++) order[i] = i;
  ws_rng_shuffle(&rng, order, ROWS);
  strcpy(shuffled, picture);
  for (size_t i = 0; i < ROWS; i++)
    memcpy(shuffled + i * (LFS + 1), picture + order[i] * (LFS + 1), LFS);
  ws_votes *a = ws_test_votes(picture, CLASSES), *b = ws_test_votes(shuffled, CLASSES);
  assert_int_equal(ws_votes_patterns(a), ws_votes_patterns(b));
  for (size_t u = 0; u < ws_votes_patterns(a); u++) {
    ws_pattern p = ws_votes_pattern(a, u), q = ws_votes_pattern(b, u);
    assert_int_equal(p.size, q.size);
    assert_int_equal(p.count, q.count);
    if (p.size) assert_memory_equal(p.columns, q.columns, p.size * sizeof *p.columns);
  }
  for (size_t i = 0; i < ROWS; i++)
    assert_int_equal(ws_votes_row_pattern(b, i), ws_votes_row_pattern(a, order[i]));
  ws_votes_free(a);
  ws_votes_free(b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(equal_records_share_a_pattern),
      cmocka_unit_test(patterns_are_sorted_shorter_first),
      cmocka_unit_test(lfs_have_names_and_numbers),
      cmocka_unit_test(no_records_at_all_are_votes_too),
      cmocka_unit_test(ids_may_be_row_numbers_or_not_or_mixed),
      cmocka_unit_test(gold_is_there_from_the_first_label_on),
      cmocka_unit_test(the_order_of_records_does_not_change_the_patterns),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
