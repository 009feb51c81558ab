/* SPDX-License-Identifier: MIT
 *
 * Which rules to write next: known answers.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/ideas.h>
#include <weaksup/rng.h>

#include "ngrams.h"
#include "ws_test.h"

typedef struct record {
  const char *id, *votes, *text; // votes as in ws_test_votes
  double spam;                   // by a classifier; below 0: none
} record;

typedef struct data {
  ws_votes *votes;
  ws_labels *labels;
} data;

static size_t read_votes(const char *picture, ws_vote *out) {
  size_t count = 0;
  for (uint32_t j = 0; picture[j]; j++)
    if (picture[j] != '-') out[count++] = (ws_vote){j, picture[j] - '0'};
  return count;
}

static data data_of(const record *records, size_t count) {
  ws_task *task = ws_test_task("HAM,SPAM");
  ws_votes_builder *builder;
  ws_error err = WS_ERROR_INIT;
  data d;
  uint32_t lf;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  assert_ok(ws_votes_builder_lf(builder, ws_text_of("a"), &lf, &err), &err);
  assert_ok(ws_votes_builder_lf(builder, ws_text_of("b"), &lf, &err), &err);
  for (size_t i = 0; i < count; i++) {
    ws_vote votes[2];
    size_t n = read_votes(records[i].votes, votes);
    assert_ok(
        ws_votes_builder_add(builder, ws_text_of(records[i].id), WS_ABSTAIN, votes, n),
        NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &d.votes), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  size_t U = ws_votes_patterns(d.votes);
  assert_ok(ws_labels_new(U, 2, &d.labels), NULL);
  for (size_t u = 0; u < U; u++) {
    ws_pattern pattern = ws_votes_pattern(d.votes, u);
    double *probs = ws_labels_at(d.labels, u), all = (double)pattern.size + 0.2;
    probs[0] = probs[1] = 0.1 / all;
    for (size_t i = 0; i < pattern.size; i++) probs[pattern.columns[i] % 2] += 1 / all;
  }
  return d;
}

static void clear(data *d) {
  ws_labels_free(d->labels);
  ws_votes_free(d->votes);
}

static ws_ideas *run(const data *d, const record *records, size_t count,
                     const ws_ideas_options *options, const record *gold,
                     size_t gold_count) {
  ws_ideas *ideas;
  assert_ok(ws_ideas_new(d->votes, d->labels, options, &ideas), NULL);
  for (int pass = 0; pass < WS_IDEA_PASSES; pass++) {
    for (size_t i = 0; i < count; i++) {
      double probs[] = {1 - records[i].spam, records[i].spam};
      assert_ok(ws_ideas_row(ideas, i, ws_text_of(records[i].text),
                             options->own_probs ? probs : NULL),
                NULL);
    }
    for (size_t i = 0; pass == WS_IDEA_PASSES - 1 && i < gold_count; i++)
      assert_ok(ws_ideas_gold(ideas, ws_text_of(gold[i].text), gold[i].votes[0] - '0'),
                NULL);
    assert_ok(ws_ideas_end_pass(ideas), NULL);
  }
  return ideas;
}

static const record mail[] = {
    {"0", "--", "free gift inside", 0.9},     {"1", "--", "a Free gift", 0.9},
    {"2", "--", "your free, gift!", 0.95},    {"3", "--", "dear mother", 0.1},
    {"4", "--", "mother is here", 0.1},       {"5", "--", "call mother and go", 0.15},
    {"6", "1-", "free gift now", 0.95},       {"7", "0-", "mother says hello", 0.05},
    {"8", "01", "a gift of mother", 0.5},     {"9", "11", "buy gift inside here", 0.9},
    {"10", "0-", "is here and inside", 0.05}, {"11", "--", "nothing known", 0.5},
};
enum { MAIL = sizeof mail / sizeof *mail };

static const ws_idea *find(const ws_idea *ideas, size_t count, const char *words) {
  for (size_t i = 0; i < count; i++)
    if (ws_text_equals(ideas[i].words, words)) return &ideas[i];
  return NULL;
}

static void ngrams_are_words_and_neighbours(void **state) {
  (void)state;
  ws__ngrams grams = {0};
  assert_ok(ws__ngrams_read(&grams, ws_text_of("To be, OR not to be")), NULL);
  assert_int_equal(grams.count, 4 + 4); // to be or not; to be, be or, or not, not to
  assert_ok(ws__ngrams_read(&grams, ws_text_of("")), NULL);
  assert_int_equal(grams.count, 0);
  ws__ngrams_clear(&grams);
}

static bool reads(ws__ngrams *grams, const char *text, const char *word) {
  assert_ok(ws__ngrams_read(grams, ws_text_of(text)), NULL);
  for (size_t g = 0; g < grams->count; g++)
    if (!grams->items[g].second.data && ws_text_equals(grams->items[g].first, word))
      return true;
  return false;
}

static void pieces_at_an_apostrophe_are_no_words(void **state) {
  (void)state;
  ws__ngrams grams = {0};
  assert_false(reads(&grams, "It doesn't", "t"));
  assert_false(reads(&grams, "It doesn't", "doesn"));
  assert_false(reads(&grams, "it doesn\xE2\x80\x99t", "t"));
  assert_false(reads(&grams, "l'homme", "l"));
  assert_true(reads(&grams, "l'homme", "homme"));
  assert_true(reads(&grams, "his father's", "father"));
  assert_false(reads(&grams, "his father's", "s"));
  assert_true(reads(&grams, "i'll see", "i"));
  assert_true(reads(&grams, "plan 't' is on", "t"));
  assert_true(reads(&grams, "vitamin t", "t"));
  ws__ngrams_clear(&grams);
}

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

/* LF a votes on what has "bonus" or "prize", LF b on nearly everything. */
static const record had[] = {
    {"0", "10", "bonus one", 0.9},    {"1", "10", "bonus two", 0.9},
    {"2", "10", "a bonus", 0.9},      {"3", "10", "bonus now", 0.9},
    {"4", "10", "prize one", 0.9},    {"5", "10", "prize two", 0.9},
    {"6", "10", "a prize", 0.9},      {"7", "10", "prize now", 0.9},
    {"8", "-0", "lottery one", 0.9},  {"9", "--", "lottery two", 0.9},
    {"10", "--", "a lottery", 0.9},   {"11", "--", "lottery now", 0.9},
    {"12", "-0", "mother", 0.1},      {"13", "-0", "mother two", 0.1},
    {"14", "-0", "mother says", 0.1}, {"15", "-0", "father", 0.1},
    {"16", "-0", "father two", 0.1},  {"17", "-0", "father says", 0.1},
    {"18", "-0", "home", 0.1},        {"19", "-0", "home two", 0.1},
};
enum { HAD = sizeof had / sizeof *had };

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

static void check_found(const char *words, const char *text, const char *expected) {
  ws_span at = {0, 0};
  bool found;
  assert_ok(ws_idea_find(ws_text_of(words), ws_text_of(text), &at, &found), NULL);
  assert_int_equal(found, expected != NULL);
  if (!expected) return;
  assert_int_equal(at.end - at.start, strlen(expected));
  assert_memory_equal(text + at.start, expected, strlen(expected));
}

static void words_are_found_in_texts(void **state) {
  (void)state;
  check_found("gift", "A Gift.", "Gift");
  check_found("free gift", "is free? FREE,\n gift", "FREE,\n gift");
  check_found("free gift", "freed gift, free of gift", NULL);
  check_found("gift", "gifted", NULL);
  check_found("gift", "", NULL);
  // U+0130 has a lower case of another length
  check_found("\xC8\xA3"
              "b",
              "\xC8\xBA \xC8\xA2"
              "B x",
              "\xC8\xA2"
              "B");
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
      cmocka_unit_test(ngrams_are_words_and_neighbours),
      cmocka_unit_test(pieces_at_an_apostrophe_are_no_words),
      cmocka_unit_test(lists_that_compete_are_known),
      cmocka_unit_test(counts_are_exact),
      cmocka_unit_test(ideas_cover_other_records),
      cmocka_unit_test(votes_judge_without_a_classifier),
      cmocka_unit_test(gold_tells_where_votes_do_not),
      cmocka_unit_test(gold_refuses_what_is_mostly_wrong),
      cmocka_unit_test(few_gold_labels_deny),
      cmocka_unit_test(gold_alone_tells_where_votes_are_unread),
      cmocka_unit_test(what_labeling_functions_have_is_no_idea),
      cmocka_unit_test(what_is_left_out_is_no_idea),
      cmocka_unit_test(words_are_found_in_texts),
      cmocka_unit_test(the_order_of_records_does_not_matter),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
