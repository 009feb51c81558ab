/* SPDX-License-Identifier: MIT
 *
 * Votes merged from parts, which are pieces of the same data or of others.
 */
#include <stdio.h>

#include "../core/same_votes.h"

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
