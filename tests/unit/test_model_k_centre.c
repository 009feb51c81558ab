/* SPDX-License-Identifier: MIT */
#include <weaksup/k_centre.h>

#include <string.h>

#include "ws_test.h"

enum { MOST = 8 };

static size_t choose(const char *const *texts, size_t count, const bool *passed,
                     size_t most, size_t *rows) {
  ws_text all[MOST];
  size_t chosen = 99;
  for (size_t i = 0; i < count; i++) all[i] = ws_text_of(texts[i]);
  assert_int_equal(ws_k_centre(all, count, passed, most, rows, &chosen), WS_OK);
  return chosen;
}

static const char *const comments[] = {
    "please subscribe to my channel", "subscribe to my channel please",
    "PLEASE SUBSCRIBE TO MY CHANNEL", "what a lovely song",
    "a lovely song, what a voice",    "price of apples in winter",
};

static void one_of_each_kind_is_chosen(void **state) {
  size_t rows[3];
  (void)state;
  assert_int_equal(choose(comments, 6, NULL, 3, rows), 3);
  int kinds[3] = {0};
  for (size_t i = 0; i < 3; i++) kinds[rows[i] < 3 ? 0 : rows[i] < 5 ? 1 : 2]++;
  for (size_t k = 0; k < 3; k++) assert_int_equal(kinds[k], 1);
}

static void the_same_words_are_not_chosen_twice(void **state) {
  size_t rows[6];
  (void)state;
  assert_int_equal(choose(comments, 6, NULL, 6, rows), 4);
}

static void others_keep_away_from_what_was_chosen_earlier(void **state) {
  bool passed[6] = {true, false, false, false, false, true};
  size_t rows[6];
  (void)state;
  assert_int_equal(choose(comments, 6, passed, 1, rows), 1);
  assert_true(rows[0] == 3 || rows[0] == 4);
  assert_int_equal(choose(comments, 6, passed, 6, rows), 2);
}

static void uncovered_records_only(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("-- 1- -- -- -0 --", 2);
  bool passed[6] = {false, false, false, false, false, true};
  ws_text texts[6];
  size_t rows[6], count;
  for (size_t i = 0; i < 6; i++) texts[i] = ws_text_of(comments[i]);
  assert_int_equal(ws_k_centre_uncovered(votes, texts, passed, 6, rows, &count), WS_OK);
  assert_int_equal(count, 2); // 0 and 2 say the same, 5 was chosen earlier
  assert_true(rows[0] == 3 || rows[1] == 3);
  ws_votes_free(votes);
}

static void the_farthest_of_all_comes_next(void **state) {
  static const char *const texts[] = {"red green blue", "red green blue grey",
                                      "red green white grey", "black grey white brown"};
  static const bool passed[4] = {true, false, false, false};
  size_t rows[3];
  (void)state;
  assert_int_equal(choose(texts, 4, passed, 3, rows), 3);
  assert_int_equal(rows[0], 3); // no word of the first
  assert_int_equal(rows[1], 2); // two of four of either
  assert_int_equal(rows[2], 1);
}

static void texts_without_words_are_not_chosen(void **state) {
  static const char *const texts[] = {"", "...", "!? -", "one word"};
  size_t rows[4];
  (void)state;
  assert_int_equal(choose(texts, 4, NULL, 4, rows), 1);
  assert_int_equal(rows[0], 3);
  assert_int_equal(choose(texts, 3, NULL, 3, rows), 0);
  assert_int_equal(choose(texts, 0, NULL, 3, rows), 0);
}

static ws_status attempt(void *user) {
  const ws_text *texts = user;
  size_t rows[2], chosen;
  return ws_k_centre(texts, 2, NULL, 2, rows, &chosen);
}

static void every_allocation_may_fail(void **state) {
  ws_text texts[2] = {ws_text_of("some words"), ws_text_of("others")};
  (void)state;
  ws_test_every_allocation_failure(attempt, texts);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_of_each_kind_is_chosen),
      cmocka_unit_test(the_same_words_are_not_chosen_twice),
      cmocka_unit_test(others_keep_away_from_what_was_chosen_earlier),
      cmocka_unit_test(uncovered_records_only),
      cmocka_unit_test(the_farthest_of_all_comes_next),
      cmocka_unit_test(texts_without_words_are_not_chosen),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
