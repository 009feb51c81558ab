/* SPDX-License-Identifier: MIT
 *
 * Which rules to write next, where gold labels tell what words are worth: they speak
 * where votes and classifier do not, and against what they are sure of.
 */
#include "../model/idea_records.h"

static const record unknown[] = {
    {"0", "--", "moon rises", -1}, {"1", "--", "moon sets", -1},
    {"2", "--", "the moon", -1},   {"3", "--", "moon", -1},
    {"4", "1-", "sun", -1},        {"5", "0-", "rain", -1},
};

static void gold_tells_where_votes_do_not(void **state) {
  (void)state;
  static const record gold[] = {{"", "1", "moon", 0}, {"", "1", "moon two", 0}};
  ws_ideas_options options = ws_ideas_options_default();
  const ws_idea *items;
  size_t count;
  data d = data_of(unknown, 6);
  ws_ideas *ideas = run(&d, unknown, 6, &options, NULL, 0);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  assert_int_equal(count, 1);
  assert_int_equal(items[0].label, WS_ABSTAIN);
  assert_int_equal(items[0].judged, 0);
  ws_ideas_free(ideas);
  ideas = run(&d, unknown, 6, &options, gold, 2);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  assert_int_equal(count, 1);
  assert_int_equal(items[0].label, 1);
  assert_int_equal(items[0].gold, 2);
  assert_int_equal(items[0].gold_right, 2);
  ws_interval exact = ws_binomial_interval(2, 2, 0.95);
  assert_near(items[0].precision.low, exact.low, 0);
  ws_ideas_free(ideas);
  clear(&d);
}

static void gold_refuses_what_is_mostly_wrong(void **state) {
  (void)state;
  static const record gold[] = {
      {"", "1", "mother", 0}, {"", "1", "mother", 0}, {"", "1", "mother", 0},
      {"", "1", "mother", 0}, {"", "1", "mother", 0}, {"", "1", "mother", 0},
      {"", "1", "mother", 0}, {"", "1", "mother", 0},
  };
  ws_ideas_options options = ws_ideas_options_default();
  const ws_idea *items;
  size_t count;
  options.own_probs = true;
  data d = data_of(mail, MAIL);
  ws_ideas *ideas = run(&d, mail, MAIL, &options, gold, 8);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  assert_null(find(items, count, "mother"));
  assert_int_equal(count, 1);
  ws_ideas_free(ideas);
  clear(&d);
}

/* A classifier says HAM of "mother" with 0.83, gold SPAM: the share is that of SPAM. */
static void the_share_is_that_of_the_class(void **state) {
  (void)state;
  static const record gold[] = {
      {"", "1", "mother", 0}, {"", "1", "mother", 0}, {"", "1", "mother", 0},
      {"", "1", "mother", 0}, {"", "1", "mother", 0}, {"", "1", "mother", 0},
      {"", "0", "rain", 0},   {"", "0", "rain", 0},   {"", "0", "sun", 0},
      {"", "0", "sun", 0},    {"", "0", "wind", 0},   {"", "0", "wind", 0},
      {"", "0", "rain", 0},   {"", "0", "rain", 0},   {"", "0", "sun", 0},
      {"", "0", "sun", 0},    {"", "0", "wind", 0},   {"", "0", "wind", 0},
  };
  ws_ideas_options options = ws_ideas_options_default();
  const ws_idea *items, *mother;
  size_t count;
  options.own_probs = true;
  data d = data_of(mail, MAIL);
  ws_ideas *ideas = run(&d, mail, MAIL, &options, NULL, 0);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  assert_non_null(mother = find(items, count, "mother"));
  assert_int_equal(mother->label, 0);
  double share = mother->share, base = mother->base;
  ws_ideas_free(ideas);
  ideas = run(&d, mail, MAIL, &options, gold, 18);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  assert_non_null(mother = find(items, count, "mother"));
  assert_int_equal(mother->label, 1);
  assert_near(mother->share, 1 - share, 1e-9);
  assert_near(mother->base, 1 - base, 1e-9);
  ws_ideas_free(ideas);
  clear(&d);
}

static const record unsure_gold[] = {
    {"", "1", "mother", 0}, {"", "1", "a mother", 0}, {"", "0", "rain", 0},
    {"", "0", "sun", 0},    {"", "0", "wind", 0},
};

/* A classifier says HAM of "mother" with 0.83: two gold labels against it are enough. */
static void few_gold_labels_deny(void **state) {
  (void)state;
  ws_ideas_options options = ws_ideas_options_default();
  const ws_idea *items;
  size_t count;
  options.own_probs = true;
  data d = data_of(mail, MAIL);
  ws_ideas *ideas = run(&d, mail, MAIL, &options, unsure_gold, 2);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  assert_null(find(items, count, "mother"));
  assert_non_null(find(items, count, "gift"));
  ws_ideas_free(ideas);
  ideas = run(&d, mail, MAIL, &options, unsure_gold, 1);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  assert_non_null(find(items, count, "mother"));
  ws_ideas_free(ideas);
  clear(&d);
}

/* "gift" is right where LFs vote, and not where they do not, which a rule would be for;
 * "mother" is right there. */
static void what_a_rule_would_newly_decide_comes_first(void **state) {
  (void)state;
  static const record gold[] = {
      {"", "11", "gift", 0},   {"", "11", "gift", 0},   {"", "11", "gift", 0},
      {"", "11", "gift", 0},   {"", "11", "gift", 0},   {"", "11", "gift", 0},
      {"", "1-", "gift", 0},   {"", "1-", "gift", 0},   {"", "0-", "gift", 0},
      {"", "0-", "mother", 0}, {"", "0-", "mother", 0}, {"", "0-", "mother", 0},
      {"", "0-", "mother", 0}, {"", "0-", "mother", 0}, {"", "0-", "mother", 0},
  };
  ws_ideas_options options = ws_ideas_options_default();
  const ws_idea *items;
  size_t count;
  options.own_probs = true;
  data d = data_of(mail, MAIL);
  ws_ideas *ideas = run(&d, mail, MAIL, &options, gold, 15);
  assert_ok(ws_ideas_leave_out(ideas, ws_text_of("free")), NULL); // on the same records
  assert_ok(ws_ideas_leave_out(ideas, ws_text_of("free gift")), NULL);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  assert_true(ws_text_equals(items[0].words, "mother"));
  assert_true(items[0].proven && items[0].gold_fresh);
  const ws_idea *gift = find(items, count, "gift");
  assert_non_null(gift);
  assert_false(gift->proven);
  assert_true(gift->gold_fresh);
  assert_int_equal(gift->gold, 3);
  assert_int_equal(gift->gold_right, 2);
  ws_ideas_free(ideas);
  ideas = run(&d, mail, MAIL, &options, gold, 6); // of records that LFs vote on alone
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  gift = find(items, count, "gift");
  assert_false(gift->gold_fresh);
  assert_int_equal(gift->gold_right, 6);
  ws_ideas_free(ideas);
  clear(&d);
}

/* Where nobody means the votes, all records are searched, also what an LF has, and gold
 * alone tells classes, if it is more than chance. */
static void gold_alone_tells_where_votes_are_unread(void **state) {
  (void)state;
  static const bool unread[] = {true, true};
  static const record gold[] = {
      {"", "0", "bonus", 0},  {"", "0", "a bonus", 0}, {"", "0", "bonus two", 0},
      {"", "1", "father", 0}, {"", "1", "sun", 0},     {"", "1", "wind", 0},
      {"", "1", "mother", 0}, {"", "0", "mother", 0},  {"", "1", "snow", 0},
      {"", "1", "tea", 0},    {"", "1", "tea", 0},     {"", "1", "tea", 0},
      {"", "1", "tea", 0},    {"", "1", "tea", 0},     {"", "1", "tea", 0},
  };
  ws_ideas_options options = ws_ideas_options_default();
  const ws_idea *items;
  size_t count;
  options.own_probs = true;
  options.unread = unread;
  options.count = 100;
  data d = data_of(had, HAD);
  ws_ideas *ideas = run(&d, had, HAD, &options, gold, 0);
  assert_int_equal(ws_ideas_target_counts(ideas).uncovered, HAD);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  assert_int_equal(count, 0);
  ws_ideas_free(ideas);
  ideas = run(&d, had, HAD, &options, gold, 15);
  assert_ok(ws_ideas_choose(ideas, &items, &count), NULL);
  assert_int_equal(count, 1);
  assert_true(ws_text_equals(items[0].words, "bonus"));
  assert_int_equal(items[0].label, 0); // the classifier said SPAM
  assert_int_equal(items[0].records, 4);
  assert_int_equal(items[0].gold_right, 3);
  ws_ideas_free(ideas);
  clear(&d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gold_tells_where_votes_do_not),
      cmocka_unit_test(gold_refuses_what_is_mostly_wrong),
      cmocka_unit_test(the_share_is_that_of_the_class),
      cmocka_unit_test(few_gold_labels_deny),
      cmocka_unit_test(what_a_rule_would_newly_decide_comes_first),
      cmocka_unit_test(gold_alone_tells_where_votes_are_unread),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
