/* SPDX-License-Identifier: MIT
 *
 * Votes side by side: by id, whatever the order, and nothing is guessed.
 */
#include "ws_test.h"

/* "a01 b-1": records with their ids and the votes of LFs called `names`. */
static ws_votes *make(const char *names, const char *picture) {
  ws_task *task = ws_test_task("HAM,SPAM");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  uint32_t lf;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (const char *n = names; *n; n++)
    assert_ok(ws_votes_builder_lf(builder, (ws_text){n, 1}, &lf, NULL), NULL);
  for (const char *at = picture; *at; at += *at == ' ') {
    ws_vote row[8];
    size_t count = 0;
    const char *id = at++;
    for (uint32_t j = 0; *at && *at != ' '; at++, j++)
      if (*at != '-') row[count++] = (ws_vote){j, *at - '0'};
    assert_ok(ws_votes_builder_add(builder, (ws_text){id, 1}, WS_ABSTAIN, row, count),
              NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return votes;
}

static ws_votes *golden(const char *id, int32_t gold) {
  ws_task *task = ws_test_task("HAM,SPAM");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  uint32_t lf;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  assert_ok(ws_votes_builder_lf(builder, ws_text_of("g"), &lf, NULL), NULL);
  assert_ok(ws_votes_builder_add(builder, ws_text_of(id), gold, NULL, 0), NULL);
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return votes;
}

static void assert_joins(ws_votes *a, ws_votes *b, const char *expected) {
  ws_votes_source sources[] = {{"a.wsv", a}, {"b.wsv", b}};
  ws_votes *all = NULL;
  ws_error err = WS_ERROR_INIT;
  ws_status status = ws_votes_join(sources, 2, &all, &err);
  if (status == WS_OK) {
    char *picture = ws_test_picture(all);
    assert_string_equal(picture, expected);
    free(picture);
  } else {
    assert_status(WS_EINVAL, status);
    if (!strstr(err.message, expected)) assert_string_equal(err.message, expected);
  }
  ws_votes_free(all);
  ws_votes_free(a);
  ws_votes_free(b);
}

static void columns_stand_side_by_side(void **state) {
  (void)state;
  assert_joins(make("pq", "x01 y-1"), make("r", "x1 y-"), "011 -1-");
}

static void records_are_found_by_their_ids(void **state) {
  (void)state;
  assert_joins(make("pq", "x01 y-1 z--"), make("r", "z1 x0 y-"), "010 -1- --1");
}

static void records_that_one_lacks_are_named(void **state) {
  (void)state;
  assert_joins(make("p", "x0 y1"), make("r", "x0"),
               "b.wsv: the record 'y' of a.wsv is not in it: expected votes on the same "
               "records");
  assert_joins(make("p", "x0"), make("r", "y1 x0"),
               "a.wsv: the record 'y' of b.wsv is not in it");
  assert_joins(make("p", "x0"), make("r", "01"),
               "b.wsv: the record 'x' of a.wsv is not in it (its ids are row numbers)");
}

static void an_id_must_not_occur_twice(void **state) {
  (void)state;
  // The first has 'a' twice, which would leave the other's 'c' out unseen.
  assert_joins(make("x", "a0 a1 b0"), make("y", "a1 b1 c1"),
               "a.wsv: the id 'a' occurs twice: expected each once, as votes are joined "
               "by their ids");
  assert_joins(make("x", "a0 b1 c0"), make("y", "b1 b1 a1"),
               "b.wsv: the id 'b' occurs twice");
  assert_joins(make("x", "a0 a1"), make("y", "a1 b1 a0"),
               "a.wsv: the id 'a' occurs twice");
}

static void names_and_gold_must_not_clash(void **state) {
  (void)state;
  assert_joins(make("pq", "x00"), make("q", "x1"),
               "b.wsv: the labeling function 'q' is in a.wsv, too");
  ws_votes *a = golden("x", 1), *b = make("r", "x0");
  ws_votes_source sources[] = {{"a", b}, {"b", a}};
  ws_votes *all = NULL;
  assert_ok(ws_votes_join(sources, 2, &all, NULL), NULL);
  assert_int_equal(ws_votes_row_gold(all, 0), 1);
  ws_votes_free(all);
  ws_votes *other = golden("x", 0);
  ws_votes_source clash[] = {{"a", a}, {"b", b}, {"c", other}};
  ws_error err = WS_ERROR_INIT;
  assert_status(WS_EINVAL, ws_votes_join(clash, 2 + 1, &all, &err));
  assert_message(&err, "c: the labeling function 'g' is in a, too");
  ws_votes_free(a), ws_votes_free(b), ws_votes_free(other);
}

static ws_status join(void *user) {
  ws_votes *all = NULL;
  ws_status status = ws_votes_join(user, 2, &all, NULL);
  ws_votes_free(all);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  ws_votes *a = make("pq", "x01 y-1 z--"), *b = make("r", "z1 x0 y-");
  ws_votes_source sources[] = {{"a.wsv", a}, {"b.wsv", b}};
  ws_test_every_allocation_failure(join, sources);
  ws_votes_free(a), ws_votes_free(b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns_stand_side_by_side),
      cmocka_unit_test(records_are_found_by_their_ids),
      cmocka_unit_test(records_that_one_lacks_are_named),
      cmocka_unit_test(an_id_must_not_occur_twice),
      cmocka_unit_test(names_and_gold_must_not_clash),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
