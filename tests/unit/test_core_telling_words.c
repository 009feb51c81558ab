/* SPDX-License-Identifier: MIT
 *
 * Words that stand out, and frequent ones.
 */
#include <stdio.h>

#include <weaksup/telling_words.h>

#include "ws_test.h"

enum { TEXTS = 8 };
static const char *const lines[TEXTS] = {
    "Buy cheap pills now", "buy PILLS, cheap cheap", "cheap pills", "buy now, now",
    "see you now",         "you see a film",         "nice film",   "a film for you"};
static const int32_t labels[TEXTS] = {0, 0, 0, 0, 1, 1, 1, 1};

static void fill(ws_text texts[TEXTS]) {
  for (int i = 0; i < TEXTS; i++) texts[i] = ws_text_of(lines[i]);
}

static void assert_word(const ws_telling_words *words, size_t k, size_t i,
                        const char *word, uint64_t inside, uint64_t outside) {
  const ws_telling_word *found = ws_telling_words_at(words, k, i);
  assert_true(ws_text_equals(found->word, word));
  assert_int_equal(found->inside, inside);
  assert_int_equal(found->outside, outside);
}

static void words_are_ranked_by_their_log_odds(void **state) {
  (void)state;
  ws_text texts[TEXTS];
  ws_telling_words *words;
  fill(texts);
  assert_ok(ws_telling_words_new(texts, labels, TEXTS, 2, 10, &words), NULL);
  // each in three of four texts and in none of the others: byte order
  assert_int_equal(ws_telling_words_count(words, 0), 3);
  assert_word(words, 0, 0, "buy", 3, 0);
  assert_word(words, 0, 1, "cheap", 3, 0);
  assert_word(words, 0, 2, "pills", 3, 0);
  // log(3.5 / 1.5) - log(0.5 / 4.5) by sqrt(1/3.5 + 1/1.5 + 1/0.5 + 1/4.5)
  assert_near(ws_telling_words_at(words, 0, 0)->z, 3.04452243772 / 1.78174161, 1e-6);
  assert_word(words, 1, 0, "film", 3, 0);
  assert_word(words, 1, 1, "you", 3, 0);
  ws_telling_words_free(words);
}

static void the_most_telling_are_kept(void **state) {
  (void)state;
  ws_text texts[TEXTS];
  ws_telling_words *words;
  fill(texts);
  assert_ok(ws_telling_words_new(texts, labels, TEXTS, 3, 1, &words), NULL);
  assert_int_equal(ws_telling_words_count(words, 0), 1);
  assert_int_equal(ws_telling_words_count(words, 1), 1);
  assert_int_equal(ws_telling_words_count(words, 2), 0); // no text is of class 2
  assert_word(words, 1, 0, "film", 3, 0);
  ws_telling_words_free(words);
}

static void texts_of_no_class_do_not_count(void **state) {
  (void)state;
  ws_text texts[TEXTS];
  int32_t some[TEXTS];
  ws_telling_words *words;
  fill(texts);
  for (int i = 0; i < TEXTS; i++) some[i] = i % 4 == 0 ? labels[i] : -1;
  assert_ok(ws_telling_words_new(texts, some, TEXTS, 2, 10, &words), NULL);
  for (size_t i = 0; i < ws_telling_words_count(words, 0); i++)
    assert_int_equal(ws_telling_words_at(words, 0, i)->outside, 0);
  ws_telling_words_free(words);
  for (int i = 0; i < TEXTS; i++) some[i] = -1;
  assert_ok(ws_telling_words_new(texts, some, TEXTS, 2, 10, &words), NULL);
  assert_int_equal(ws_telling_words_count(words, 0), 0);
  ws_telling_words_free(words);
}

static void frequent_words_leave_out_those_that_are_everywhere(void **state) {
  (void)state;
  ws_text texts[TEXTS];
  ws_telling_words *words;
  fill(texts);
  assert_ok(ws_frequent_words_new(texts, TEXTS, 2, &words), NULL);
  assert_int_equal(ws_telling_words_count(words, 0), 2);
  assert_word(words, 0, 0, "cheap", 3, 0);
  assert_word(words, 0, 1, "film", 3, 0);
  ws_telling_words_free(words);
  // nothing else is there: then even those
  texts[0] = ws_text_of("the");
  assert_ok(ws_frequent_words_new(texts, 1, 5, &words), NULL);
  assert_int_equal(ws_telling_words_count(words, 0), 1);
  assert_word(words, 0, 0, "the", 1, 0);
  ws_telling_words_free(words);
  assert_ok(ws_frequent_words_new(texts, 0, 5, &words), NULL);
  assert_int_equal(ws_telling_words_count(words, 0), 0);
  ws_telling_words_free(words);
}

static ws_status make_both(void *user) {
  (void)user;
  ws_text texts[TEXTS];
  ws_telling_words *words;
  fill(texts);
  WS_TRY(ws_telling_words_new(texts, labels, TEXTS, 2, 10, &words));
  ws_telling_words_free(words);
  WS_TRY(ws_frequent_words_new(texts, TEXTS, 3, &words));
  ws_telling_words_free(words);
  return WS_OK;
}

static void memory_may_run_out(void **state) {
  (void)state;
  ws_test_every_allocation_failure(make_both, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(words_are_ranked_by_their_log_odds),
      cmocka_unit_test(the_most_telling_are_kept),
      cmocka_unit_test(texts_of_no_class_do_not_count),
      cmocka_unit_test(frequent_words_leave_out_those_that_are_everywhere),
      cmocka_unit_test(memory_may_run_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
