/* SPDX-License-Identifier: MIT
 *
 * Votes as patterns: built in any order, merged from any pieces, always the same.
 */
#include <stdio.h>

#include <weaksup/rng.h>
#include <weaksup/votes_file.h>

#include "ws_test.h"

/* The votes as their file's bytes: equal votes are equal bytes. */
static ws_buffer bytes_of(const ws_votes *votes) {
  ws_buffer out = {0};
  assert_ok(ws_votes_encode(votes, &out), NULL);
  return out;
}

static void assert_same_votes(const ws_votes *a, const ws_votes *b) {
  ws_buffer left = bytes_of(a), right = bytes_of(b);
  assert_int_equal(left.size, right.size);
  assert_memory_equal(left.data, right.data, left.size);
  ws_buffer_clear(&left);
  ws_buffer_clear(&right);
}

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

/* Records with these ids and this gold, and no votes. */
static ws_votes *with_ids(const char *const *ids, const int32_t *gold, size_t count) {
  ws_task *task = ws_test_task("A,B");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (size_t i = 0; i < count; i++)
    assert_ok(ws_votes_builder_add(builder, ws_text_of(ids[i]),
                                   gold ? gold[i] : WS_ABSTAIN, NULL, 0),
              NULL);
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return votes;
}

static void assert_ids(const ws_votes *votes, const char *const *ids) {
  char digits[24];
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    ws_text id = ws_votes_row_id(votes, i, digits);
    if (!ws_text_equals(id, ids[i]))
      print_error("%.*s, not %s\n", WS_TEXT_ARG(id), ids[i]);
    assert_true(ws_text_equals(id, ids[i]));
  }
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

/* --- properties, on random votes --- */

enum { ROWS = 300, LFS = 5, CLASSES = 3 };

/* ROWS groups of LFS characters; a few hundred distinct ones. */
static void random_picture(ws_rng *rng, size_t rows, char *out) {
  for (size_t i = 0; i < rows; i++) {
    if (i) *out++ = ' ';
    for (int j = 0; j < LFS; j++) {
      uint64_t vote = ws_rng_below(rng, 2 * CLASSES);
      *out++ = vote < CLASSES ? (char)('0' + vote) : '-';
    }
  }
  *out = '\0';
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

static void merging_is_building_at_once(void **state) {
  (void)state;
  ws_rng rng;
  ws_rng_init(&rng, 2);
  for (size_t first = 1; first < ROWS; first += 37) {
    char whole[ROWS * (LFS + 1)], front[ROWS * (LFS + 1)];
    random_picture(&rng, ROWS, whole);
    strcpy(front, whole);
    front[first * (LFS + 1) - 1] = '\0';
    ws_votes *a = ws_test_votes(front, CLASSES);
    ws_votes *b = ws_test_votes(whole + first * (LFS + 1), CLASSES);
    ws_votes *both = ws_test_votes(whole, CLASSES), *merged = NULL;
    assert_ok(ws_votes_merge(a, b, &merged, NULL), NULL);
    assert_same_votes(both, merged);
    ws_votes_free(a), ws_votes_free(b), ws_votes_free(both), ws_votes_free(merged);
  }
}

static void merging_counts_row_numbers_on_and_keeps_ids(void **state) {
  (void)state;
  static const char *const numbers[] = {"0", "1"}, *const names[] = {"x", "y"};
  static const char *const later[] = {"2", "3"};
  static const int32_t gold[] = {1, -1};
  ws_votes *plain = with_ids(numbers, NULL, 2), *named = with_ids(names, gold, 2);
  ws_votes *counted = with_ids(later, NULL, 2), *merged[4];
  assert_ok(ws_votes_merge(plain, plain, &merged[0], NULL), NULL);
  assert_ok(ws_votes_merge(plain, named, &merged[1], NULL), NULL);
  assert_ok(ws_votes_merge(named, plain, &merged[2], NULL), NULL);
  assert_ok(ws_votes_merge(plain, counted, &merged[3], NULL), NULL);
  assert_ids(merged[0], (const char *const[]){"0", "1", "2", "3"});
  assert_ids(merged[1], (const char *const[]){"0", "1", "x", "y"});
  assert_ids(merged[2], (const char *const[]){"x", "y", "2", "3"});
  assert_same_votes(merged[0], merged[3]);
  assert_int_equal(ws_votes_row_gold(merged[1], 2), 1);
  assert_int_equal(ws_votes_row_gold(merged[2], 0), 1);
  assert_int_equal(ws_votes_row_gold(merged[2], 2), -1);
  for (size_t i = 0; i < 4; i++) ws_votes_free(merged[i]);
  ws_votes_free(plain), ws_votes_free(named), ws_votes_free(counted);
}

static void votes_of_different_lfs_or_classes_do_not_merge(void **state) {
  (void)state;
  ws_error err;
  ws_votes *a = ws_test_votes("01", 2), *more = ws_test_votes("01-", 2), *merged = NULL;
  ws_votes *classes = ws_test_votes("01", 3);
  assert_status(WS_EINVAL, ws_votes_merge(a, more, &merged, &err));
  assert_string_equal(err.message,
                      "3 LFs, expected 2 as in the first votes: 'lf2' is new");
  assert_status(WS_EINVAL, ws_votes_merge(classes, a, &merged, &err));
  assert_string_equal(err.message,
                      "2 classes, expected 3 as in the first votes: 'c2' is missing");
  static const char *const ids[] = {"0"};
  ws_votes *other = with_ids(ids, NULL, 1); // classes A, B
  assert_status(WS_EINVAL, ws_votes_merge(a, other, &merged, &err));
  assert_string_equal(err.message, "class 0 is 'A', expected 'c0' as in the first votes");
  assert_null(merged);
  ws_votes_free(a), ws_votes_free(more), ws_votes_free(classes), ws_votes_free(other);
}

/* --- shards --- */

/* Records 0 .. ROWS - 1 of a picture, without every fifth, those of one shard of
 * `shards`; all where shards is 1. Ids are row numbers, or names. */
static ws_votes *shard_of(const char *picture, size_t shard, size_t shards, bool named) {
  ws_votes *all = ws_test_votes(picture, CLASSES), *votes = NULL;
  ws_votes_builder *builder = NULL;
  static const char *const names[] = {"A", "B", "C"};
  ws_text classes[] = {ws_text_of(names[0]), ws_text_of(names[1]), ws_text_of(names[2])};
  ws_task *task = NULL;
  assert_ok(ws_task_new(classes, CLASSES, &task, NULL), NULL);
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (size_t j = 0; j < LFS; j++) {
    uint32_t lf;
    assert_ok(ws_votes_builder_lf(builder, ws_votes_lf(all, j), &lf, NULL), NULL);
  }
  for (size_t i = 0; i < ws_votes_rows(all); i++) {
    ws_pattern pattern = ws_votes_pattern(all, ws_votes_row_pattern(all, i));
    ws_vote row[LFS];
    char id[16];
    if (i % 5 == 4 || i % shards != shard) continue;
    for (size_t c = 0; c < pattern.size; c++)
      row[c] = (ws_vote){pattern.columns[c] / CLASSES,
                         (int32_t)(pattern.columns[c] % CLASSES)};
    snprintf(id, sizeof id, named ? "n%zu" : "%zu", i);
    assert_ok(ws_votes_builder_add_at(builder, i, ws_text_of(id), (int32_t)(i % 3) - 1,
                                      row, pattern.size),
              NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  ws_votes_free(all);
  return votes;
}

static ws_votes *merged_of(const ws_votes *a, const ws_votes *b, const ws_votes *c) {
  ws_votes_source sources[] = {{"a", a}, {"b", b}, {"c", c}};
  ws_votes *merged = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_votes_merge_shards(sources, c ? 3 : 2, &merged, &err), &err);
  return merged;
}

static void shards_in_any_order_are_the_whole(void **state) {
  (void)state;
  ws_rng rng;
  ws_rng_init(&rng, 7);
  char picture[ROWS * (LFS + 1)];
  random_picture(&rng, ROWS, picture);
  for (int named = 0; named < 2; named++) {
    ws_votes *s[3], *whole = shard_of(picture, 0, 1, named), *some, *all;
    for (size_t i = 0; i < 3; i++) s[i] = shard_of(picture, i, 3, named);
    for (size_t i = 0; i < 3; i++) {
      all = merged_of(s[i], s[(i + 2) % 3], s[(i + 1) % 3]);
      assert_same_votes(whole, all);
      ws_votes_free(all);
      some = merged_of(s[i], s[(i + 1) % 3], NULL);
      all = merged_of(some, s[(i + 2) % 3], NULL);
      assert_same_votes(whole, all);
      ws_votes_free(some), ws_votes_free(all);
    }
    assert_int_equal(ws_votes_row_number(whole, 4), 5);
    assert_int_equal(ws_votes_row_number(s[1], 1), 7);
    for (size_t i = 0; i < 3; i++) ws_votes_free(s[i]);
    ws_votes_free(whole);
  }
}

static void a_shard_given_twice_is_told(void **state) {
  (void)state;
  char picture[ROWS * (LFS + 1)];
  ws_rng rng;
  ws_rng_init(&rng, 8);
  random_picture(&rng, ROWS, picture);
  ws_votes *one = shard_of(picture, 1, 3, true), *two = shard_of(picture, 2, 3, true);
  ws_votes_source sources[] = {{"one.wsv", one}, {"two.wsv", two}, {"again.wsv", one}};
  ws_votes *merged = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_status(WS_EINVAL, ws_votes_merge_shards(sources, 3, &merged, &err));
  assert_string_equal(
      err.message, "again.wsv: the id 'n1' is in one.wsv, too: expected shards of some "
                   "data, each once, or records with ids of their own");
  assert_null(merged);
  ws_votes_free(one), ws_votes_free(two);
}

static void votes_on_different_data_follow_one_another(void **state) {
  (void)state;
  static const char *const x[] = {"x", "y"}, *const z[] = {"z", "0"};
  ws_votes *a = with_ids(x, NULL, 2), *b = with_ids(z, NULL, 2);
  ws_votes *ab = merged_of(a, b, NULL), *ba = merged_of(b, a, NULL);
  assert_ids(ab, (const char *const[]){"x", "y", "z", "0"});
  assert_ids(ba, (const char *const[]){"z", "0", "x", "y"});
  ws_votes_free(a), ws_votes_free(b), ws_votes_free(ab), ws_votes_free(ba);
}

/* --- without memory --- */

static ws_status add_records(ws_votes_builder *builder) {
  uint32_t lf;
  for (int j = 0; j < 3; j++) {
    char name[] = {(char)('a' + j), '\0'};
    WS_TRY(ws_votes_builder_lf(builder, ws_text_of(name), &lf, NULL));
  }
  for (int i = 0; i < 60; i++) {
    const ws_vote votes[] = {{0, i % 2}, {1, i / 2 % 2}, {2, i / 4 % 2}};
    char id[8];
    snprintf(id, sizeof id, i < 20 ? "%d" : "n%d", i);
    WS_TRY(ws_votes_builder_add(builder, ws_text_of(id), i < 30 ? -1 : 0, votes,
                                (size_t)(i % 4)));
  }
  return WS_OK;
}

static ws_status build_and_merge(void *task) {
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL, *merged = NULL;
  ws_status status = ws_votes_builder_new(task, &builder);
  if (status == WS_OK) status = add_records(builder);
  if (status == WS_OK) status = ws_votes_builder_finish(builder, &votes);
  if (status == WS_OK) status = ws_votes_merge(votes, votes, &merged, NULL);
  ws_votes_builder_free(builder);
  ws_votes_free(votes);
  ws_votes_free(merged);
  return status;
}

static void building_and_merging_without_memory_lose_nothing(void **state) {
  (void)state;
  ws_task *task = ws_test_task("A,B");
  ws_test_every_allocation_failure(build_and_merge, task);
  ws_task_free(task);
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
      cmocka_unit_test(merging_is_building_at_once),
      cmocka_unit_test(merging_counts_row_numbers_on_and_keeps_ids),
      cmocka_unit_test(votes_of_different_lfs_or_classes_do_not_merge),
      cmocka_unit_test(shards_in_any_order_are_the_whole),
      cmocka_unit_test(a_shard_given_twice_is_told),
      cmocka_unit_test(votes_on_different_data_follow_one_another),
      cmocka_unit_test(building_and_merging_without_memory_lose_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
