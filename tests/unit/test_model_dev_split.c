/* SPDX-License-Identifier: MIT
 *
 * Splitting dev: by texts, whatever their order, with the same shares of every class.
 */
#include <stdio.h>
#include <stdlib.h>

#include <weaksup/dev_split.h>
#include <weaksup/rng.h>

#include "ws_test.h"

enum { ROWS = 400 };

typedef struct fixture {
  char bytes[ROWS][40];
  ws_text texts[ROWS];
  int32_t gold[ROWS];
  bool in_prompt[ROWS];
  ws_dev_split found;
} fixture;

/* One record in four is of class 1, one in ten has no label. */
static int begin(void **state) {
  fixture *f = calloc(1, sizeof *f);
  assert_non_null(f);
  for (size_t i = 0; i < ROWS; i++) {
    snprintf(f->bytes[i], sizeof f->bytes[i], "text number %zu", i);
    f->texts[i] = ws_text_of(f->bytes[i]);
    f->gold[i] = i % 10 == 9 ? WS_ABSTAIN : i % 4 == 0;
  }
  *state = f;
  return 0;
}

static int end(void **state) {
  free(*state);
  return 0;
}

static void split(fixture *f, const ws_dev_split_options *options) {
  assert_ok(
      ws_dev_split_rows(f->texts, f->gold, ROWS, 2, options, f->in_prompt, &f->found),
      NULL);
}

static void each_class_is_split_by_the_share(void **state) {
  fixture *f = *state;
  size_t all[3] = {0}, shown[3] = {0};
  split(f, NULL);
  for (size_t i = 0; i < ROWS; i++) {
    all[f->gold[i] + 1]++;
    shown[f->gold[i] + 1] += f->in_prompt[i];
  }
  for (size_t k = 0; k < 3; k++)
    assert_int_equal(shown[k], (size_t)(0.3 * (double)all[k] + 0.5));
  assert_int_equal(f->found.prompt, shown[0] + shown[1] + shown[2]);
  assert_int_equal(f->found.prompt + f->found.select, ROWS);
  assert_int_equal(f->found.prompt_gold, shown[1] + shown[2]);
  assert_int_equal(f->found.select_gold, all[1] + all[2] - shown[1] - shown[2]);
  assert_int_equal(f->found.texts, ROWS);
  assert_int_equal(f->found.twice, 0);
}

static void a_text_is_on_one_side_only(void **state) {
  fixture *f = *state;
  ws_dev_split_options options = ws_dev_split_options_default();
  static char same[40][40];
  for (size_t i = 0; i < 40; i++) { // also where case, blanks and labels differ
    snprintf(same[i], sizeof same[i], " Text \t NUMBER  %zu\n", 100 + i / 2);
    f->texts[i] = ws_text_of(same[i]);
  }
  options.prompt_share = 0.5;
  for (options.seed = 0; options.seed < 5; options.seed++) {
    size_t on_prompt = 0;
    split(f, &options);
    assert_int_equal(f->found.texts, ROWS - 40);
    assert_int_equal(f->found.twice, 60);
    for (size_t i = 0; i < 40; i++) {
      assert_int_equal(f->in_prompt[i], f->in_prompt[100 + i / 2]);
      on_prompt += f->in_prompt[i];
    }
    assert_true(on_prompt > 0 && on_prompt < 40);
  }
}

static void the_order_of_records_does_not_matter(void **state) {
  fixture *f = *state, *other = calloc(1, sizeof *other);
  uint32_t order[ROWS];
  ws_rng rng;
  assert_non_null(other);
  ws_rng_init(&rng, 7);
  for (uint32_t i = 0; i < ROWS; i++) order[i] = i;
  ws_rng_shuffle(&rng, order, ROWS);
  for (size_t i = 0; i < ROWS; i++) {
    other->texts[i] = f->texts[order[i]];
    other->gold[i] = f->gold[order[i]];
  }
  split(f, NULL);
  split(other, NULL);
  for (size_t i = 0; i < ROWS; i++)
    assert_int_equal(other->in_prompt[i], f->in_prompt[order[i]]);
  free(other);
}

static void another_seed_deals_otherwise(void **state) {
  fixture *f = *state;
  bool before[ROWS];
  ws_dev_split_options options = ws_dev_split_options_default();
  size_t others = 0;
  split(f, NULL);
  memcpy(before, f->in_prompt, sizeof before);
  options.seed = 1;
  split(f, &options);
  for (size_t i = 0; i < ROWS; i++) others += before[i] != f->in_prompt[i];
  assert_true(others > ROWS / 4);
}

/* Adding records moves few of those that were there. */
static void a_grown_dev_is_split_nearly_the_same(void **state) {
  fixture *f = *state;
  bool before[ROWS];
  size_t others = 0;
  assert_ok(ws_dev_split_rows(f->texts, f->gold, ROWS - 20, 2, NULL, before, NULL), NULL);
  split(f, NULL);
  for (size_t i = 0; i < ROWS - 20; i++) others += before[i] != f->in_prompt[i];
  assert_true(others <= 20);
}

static void the_only_text_of_a_class_selects(void **state) {
  fixture *f = *state;
  ws_dev_split_options options = {.prompt_share = 0.9};
  for (size_t i = 0; i < ROWS; i++) f->gold[i] = i == 17;
  split(f, &options);
  assert_false(f->in_prompt[17]);
  assert_int_equal(f->found.prompt, (ROWS - 1) * 9 / 10);
}

static void there_may_be_no_gold_and_no_record(void **state) {
  fixture *f = *state;
  assert_ok(ws_dev_split_rows(f->texts, NULL, ROWS, 2, NULL, f->in_prompt, &f->found),
            NULL);
  assert_int_equal(f->found.prompt, ROWS * 3 / 10);
  assert_int_equal(f->found.select_gold, 0);
  assert_ok(ws_dev_split_rows(NULL, NULL, 0, 2, NULL, NULL, &f->found), NULL);
  assert_int_equal(f->found.prompt + f->found.select, 0);
}

static void texts_are_found_in_any_case_and_with_any_blanks(void **state) {
  (void)state;
  const ws_text those[] = {{"Free money", 10}, {"hello", 5}},
                texts[] = {{"free  MONEY ", 12}, {"free", 4}, {"hello", 5}};
  bool found[3];
  assert_ok(ws_dev_split_find(those, 2, texts, 3, found), NULL);
  assert_true(found[0] && !found[1] && found[2]);
  assert_ok(ws_dev_split_find(NULL, 0, texts, 3, found), NULL);
  assert_false(found[0] || found[1] || found[2]);
}

/* Four of class 0, two of class 1, one of class 2 may be shown. */
static const int32_t shown_gold[] = {0, 0, 1, 0, 2, 0, WS_ABSTAIN, 1, 0, 2};
static const bool shown[] = {1, 1, 1, 0, 1, 1, 1, 1, 1, 0};

static void examples_take_turns_by_class(void **state) {
  (void)state;
  size_t rows[10], count = 0, seen[3] = {0}, places = 0;
  assert_ok(ws_dev_split_examples(shown_gold, shown, 10, 3, 1, rows, &count), NULL);
  assert_int_equal(count, 7);
  for (size_t i = 0; i < count; i++) {
    assert_true(shown[rows[i]]);
    assert_false(places >> rows[i] & 1); // each once
    places |= (size_t)1 << rows[i];
    size_t turn = i < 3 ? 0 : i < 5 ? 1 : i - 3;
    assert_int_equal(seen[shown_gold[rows[i]]]++, turn);
  }
}

static void examples_are_drawn_by_the_seed(void **state) {
  (void)state;
  size_t first[10], again[10], count = 0, others = 0;
  assert_ok(ws_dev_split_examples(shown_gold, shown, 10, 3, 0, first, &count), NULL);
  for (uint64_t seed = 0; seed < 8; seed++) {
    assert_ok(ws_dev_split_examples(shown_gold, shown, 10, 3, seed, again, &count), NULL);
    others += memcmp(first, again, count * sizeof *first) != 0;
  }
  assert_true(others > 0 && others < 8);
  assert_ok(ws_dev_split_examples(NULL, NULL, 0, 3, 0, again, &count), NULL);
  assert_int_equal(count, 0);
}

static ws_status order_some(void *user) {
  size_t rows[10], count;
  (void)user;
  return ws_dev_split_examples(shown_gold, shown, 10, 3, 0, rows, &count);
}

static ws_status split_some(void *user) {
  fixture *f = user;
  return ws_dev_split_rows(f->texts, f->gold, 20, 2, NULL, f->in_prompt, NULL);
}

static void memory_may_run_out(void **state) {
  ws_test_every_allocation_failure(split_some, *state);
  ws_test_every_allocation_failure(order_some, NULL);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
  const struct CMUnitTest tests[] = {
      TEST(each_class_is_split_by_the_share),
      TEST(a_text_is_on_one_side_only),
      TEST(the_order_of_records_does_not_matter),
      TEST(another_seed_deals_otherwise),
      TEST(a_grown_dev_is_split_nearly_the_same),
      TEST(the_only_text_of_a_class_selects),
      TEST(there_may_be_no_gold_and_no_record),
      TEST(texts_are_found_in_any_case_and_with_any_blanks),
      TEST(examples_take_turns_by_class),
      TEST(examples_are_drawn_by_the_seed),
      TEST(memory_may_run_out)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
