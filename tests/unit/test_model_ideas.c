/* SPDX-License-Identifier: MIT
 *
 * Which rules to write next: known answers.
 */
#include <weaksup/rng.h>

#include "../model/idea_records.h"

enum { LISTED = 200 };

/* An LF that counts words of two lists: it has "gift", and yet does not vote for its
 * class on each seventh record with it, where the other list has more words. */
static void lists_that_compete_are_known(void **state) {
  (void)state;
  static char ids[LISTED][8];
  static record records[LISTED];
  ws_ideas_options options = ws_ideas_options_default();
  const ws_idea *items;
  size_t count;
  for (size_t i = 0; i < LISTED; i++) {
    bool gift = i < 70, rose = i % 4 == 1, lily = rose && i % 8 == 1;
    snprintf(ids[i], sizeof ids[i], "%zu", i);
    records[i] = (record){ids[i], "--", "nothing", .2};
    if (rose) records[i] = (record){ids[i], "--", lily ? "rose lily" : "rose", .9};
    if (gift) records[i] = (record){ids[i], i % 7 ? "10" : "00", "gift", .9};
  }
  options.own_probs = true;
  data d = data_of(records, LISTED);
  ws_ideas *ideas = run(&d, records, LISTED, &options, NULL, 0);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  assert_null(find(items, count, "gift"));
  assert_int_equal(ws_ideas_known(ideas), 1);
  const ws_idea *rose = find(items, count, "rose");
  assert_non_null(rose);
  assert_int_equal(rose->targets, 32);
  assert_int_equal(rose->with_count, 1);
  assert_true(ws_text_equals(rose->with[0].words, "lily"));
  assert_int_equal(rose->with[0].records, 16);
  ws_ideas_free(ideas);
  clear(&d);
}

static void counts_are_exact(void **state) {
  (void)state;
  ws_ideas_options options = ws_ideas_options_default();
  const ws_idea *items;
  size_t count;
  options.own_probs = true;
  data d = data_of(mail, MAIL);
  ws_ideas *ideas = run(&d, mail, MAIL, &options, NULL, 0);
  ws_ideas_targets targets = ws_ideas_target_counts(ideas);
  assert_int_equal(targets.uncovered, 7);
  assert_int_equal(targets.conflicts, 1);
  assert_int_equal(targets.searched, 8);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  assert_int_equal(count, 2);
  const ws_idea *mother = find(items, count, "mother");
  assert_non_null(mother);
  assert_int_equal(mother->records, 5);
  assert_int_equal(mother->uncovered, 3);
  assert_int_equal(mother->conflicts, 1);
  assert_int_equal(mother->label, 0);
  assert_int_equal(mother->judged, 5);
  assert_near(mother->share, (0.9 + 0.9 + 0.85 + 0.95 + 0.5) / 5, 1e-12);
  assert_int_equal(mother->example_count, 3);
  const ws_idea *gift = find(items, count, "gift"); // one more target than "free"
  assert_non_null(gift);
  assert_int_equal(gift->records, 6);
  assert_int_equal(gift->uncovered, 3);
  assert_int_equal(gift->conflicts, 1);
  assert_int_equal(gift->label, 1);
  assert_int_equal(gift->gold, 0);
  assert_near(gift->share, (0.9 + 0.9 + 0.95 + 0.95 + 0.5 + 0.9) / 6, 1e-12);
  assert_int_equal(items[0].fresh, 4); // both have the conflict: it counts once
  assert_int_equal(items[1].fresh, 3);
  ws_ideas_free(ideas);
  clear(&d);
}

static void ideas_cover_other_records(void **state) {
  (void)state;
  ws_ideas_options options = ws_ideas_options_default();
  const ws_idea *items;
  size_t count;
  options.own_probs = true;
  options.count = 100;
  options.least = 1;
  data d = data_of(mail, MAIL);
  ws_ideas *ideas = run(&d, mail, MAIL, &options, NULL, 0);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  uint64_t fresh = 0;
  for (size_t i = 0; i < count; i++) {
    assert_true(items[i].fresh >= 1);
    fresh += items[i].fresh;
  }
  assert_true(fresh <= 8);
  ws_ideas_free(ideas);
  clear(&d);
}

static void votes_judge_without_a_classifier(void **state) {
  (void)state;
  ws_ideas_options options = ws_ideas_options_default();
  const ws_idea *items;
  size_t count;
  data d = data_of(mail, MAIL);
  ws_ideas *ideas = run(&d, mail, MAIL, &options, NULL, 0);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  for (size_t i = 0; i < count; i++)
    assert_true(items[i].judged <= 5); // the uncovered tell nothing of themselves
  ws_ideas_free(ideas);
  clear(&d);
}

static void what_labeling_functions_have_is_no_idea(void **state) {
  (void)state;
  ws_ideas_options options = ws_ideas_options_default();
  const ws_idea *items;
  size_t count;
  options.own_probs = true;
  options.count = 100;
  data d = data_of(had, HAD);
  ws_ideas *ideas = run(&d, had, HAD, &options, NULL, 0);
  assert_int_equal(ws_ideas_target_counts(ideas).conflicts, 8);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  assert_null(find(items, count, "bonus"));
  assert_null(find(items, count, "prize"));
  assert_non_null(find(items, count, "lottery"));
  assert_int_equal(ws_ideas_known(ideas), 2);
  ws_ideas_free(ideas);
  clear(&d);
}

static void what_is_left_out_is_no_idea(void **state) {
  (void)state;
  ws_ideas_options options = ws_ideas_options_default();
  const ws_idea *items;
  size_t count;
  options.own_probs = true;
  data d = data_of(mail, MAIL);
  ws_ideas *ideas = run(&d, mail, MAIL, &options, NULL, 0);
  assert_ok(ws_ideas_leave_out(ideas, ws_text_of("a")), NULL);
  assert_ok(ws_ideas_leave_out(ideas, ws_text_of("gift")), NULL);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  assert_null(find(items, count, "gift"));
  assert_non_null(find(items, count, "free")); // the next best
  assert_non_null(find(items, count, "mother"));
  assert_int_equal(ws_ideas_known(ideas), 1);
  ws_ideas_free(ideas);
  clear(&d);
}

/* --- samples and order -------------------------------------------------------------- */

enum { ROWS = 4000 };

/* Record n of a made-up set: "bonus" is spam, "letter" is not. */
static record made(uint32_t n, char (*store)[96]) {
  static const char *const topics[] = {"bonus", "letter", "plain", "other"};
  ws_rng rng;
  ws_rng_init(&rng, n);
  size_t topic = (size_t)ws_rng_below(&rng, 4);
  snprintf(store[0], 96, "r%u", (unsigned)n);
  snprintf(store[1], 96, "%s x%d y%d", topics[topic], (int)ws_rng_below(&rng, 50),
           (int)ws_rng_below(&rng, 50));
  return (record){store[0], ws_rng_below(&rng, 5) ? "--" : "1-", store[1],
                  topic == 0   ? 0.9
                  : topic == 1 ? 0.1
                               : 0.5};
}

static void choose_in_order(const uint32_t *order, char *out, size_t size) {
  char(*store)[2][96] = malloc(sizeof *store * ROWS);
  record *records = malloc(sizeof *records * ROWS);
  ws_ideas_options options = ws_ideas_options_default();
  const ws_idea *items;
  size_t count, length = 0;
  assert_true(store && records);
  for (size_t i = 0; i < ROWS; i++) records[i] = made(order[i], store[i]);
  options.own_probs = true;
  options.sample = 1000;
  data d = data_of(records, ROWS);
  ws_ideas *ideas = run(&d, records, ROWS, &options, NULL, 0);
  ws_ideas_targets targets = ws_ideas_target_counts(ideas);
  assert_true(targets.searched > 850 && targets.searched < 1150);
  assert_true(targets.uncovered > 3000);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  for (size_t i = 0; i < count; i++)
    length += (size_t)snprintf(
        out + length, size - length, "%.*s:%d:%llu:%llu:%u ", WS_TEXT_ARG(items[i].words),
        items[i].label, (unsigned long long)items[i].records,
        (unsigned long long)items[i].fresh, (unsigned)order[items[i].examples[0]]);
  ws_ideas_free(ideas);
  clear(&d);
  free(records);
  free(store);
}

static void the_order_of_records_does_not_matter(void **state) {
  (void)state;
  static char first[4096], again[4096];
  uint32_t order[ROWS];
  ws_rng rng;
  ws_rng_init(&rng, 3);
  for (uint32_t i = 0; i < ROWS; i++) order[i] = i;
  choose_in_order(order, first, sizeof first);
  ws_rng_shuffle(&rng, order, ROWS);
  choose_in_order(order, again, sizeof again);
  assert_string_equal(first, again);
  assert_non_null(strstr(first, "bonus:1:"));
  assert_non_null(strstr(first, "letter:0:"));
  assert_null(strstr(first, "plain"));
}

/* --- memory ------------------------------------------------------------------------- */

static ws_status try_all(void *user) {
  const data *d = user;
  ws_ideas *ideas = NULL;
  const ws_idea *items;
  size_t count;
  ws_status status = ws_ideas_new(d->votes, d->labels, NULL, &ideas);
  for (int pass = 0; status == WS_OK && pass < WS_IDEA_PASSES; pass++) {
    for (size_t i = 0; i < MAIL && status == WS_OK; i++)
      status = ws_ideas_row(ideas, i, ws_text_of(mail[i].text), NULL);
    if (status == WS_OK) status = ws_ideas_end_pass(ideas);
  }
  if (status == WS_OK) status = ws_ideas_choose(ideas, &items, &count);
  ws_ideas_free(ideas);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  data d = data_of(mail, MAIL);
  ws_test_every_allocation_failure(try_all, &d);
  clear(&d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lists_that_compete_are_known),
      cmocka_unit_test(counts_are_exact),
      cmocka_unit_test(ideas_cover_other_records),
      cmocka_unit_test(votes_judge_without_a_classifier),
      cmocka_unit_test(what_labeling_functions_have_is_no_idea),
      cmocka_unit_test(what_is_left_out_is_no_idea),
      cmocka_unit_test(the_order_of_records_does_not_matter),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
