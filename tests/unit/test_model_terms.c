/* SPDX-License-Identifier: MIT
 *
 * What a block sees of a record. The n-grams of characters are those of scikit-learn's
 * char_wb, the tokens those of the pattern \w+|[^\w\s].
 */
#include <stdio.h>

#include "feature_hash.h"
#include "terms.h"
#include "ws_test_records.h"

static uint64_t hash_of(const char *characters) {
  uint64_t hash = WS__HASH_START;
  for (; *characters; characters++)
    hash = ws__hash_step(hash, (unsigned char)*characters);
  return hash;
}

static uint64_t chars_hash(const char *characters) {
  return ws__hash_end(hash_of(characters));
}

/* Of words with single blanks between. */
static uint64_t words_hash(const char *words) {
  uint64_t hash = 0;
  char word[64];
  for (int n; sscanf(words, "%63s%n", word, &n) == 1; words += n)
    hash = ws__hash_join(hash, hash_of(word));
  return ws__hash_end(hash);
}

static float count_of(const ws__terms *terms, uint64_t hash) {
  for (size_t i = 0; i < terms->count; i++)
    if (terms->items[i].hash == hash) return terms->items[i].value;
  return 0;
}

static void collect_text(ws__terms *terms, const char *block, const char *text) {
  ws__spec spec;
  assert_ok(ws__spec_parse(block, "text", &spec, NULL), NULL);
  assert_ok(ws__terms_of_text(terms, &spec.blocks[0], ws_text_of(text)), NULL);
}

typedef struct expectation {
  const char *term;
  float count;
} expectation;

static void stretches_are_those_of_char_wb(void **state) {
  (void)state;
  // CountVectorizer(analyzer="char_wb", ngram_range=(2, 5)) on "an a  banana"
  static const expectation expected[] = {
      {" a", 2},  {" a ", 1},  {" an", 1},   {" an ", 1},  {" b", 1},
      {" ba", 1}, {" ban", 1}, {" bana", 1}, {"a ", 2},    {"an", 3},
      {"an ", 1}, {"ana", 2},  {"ana ", 1},  {"anan", 1},  {"anana", 1},
      {"ba", 1},  {"ban", 1},  {"bana", 1},  {"banan", 1}, {"n ", 1},
      {"na", 2},  {"na ", 1},  {"nan", 1},   {"nana", 1},  {"nana ", 1}};
  enum { COUNT = sizeof expected / sizeof *expected };
  ws__terms terms = {0};
  collect_text(&terms, "chars(text)", "an a  banana");
  for (size_t i = 0; i < COUNT; i++)
    assert_near((double)count_of(&terms, chars_hash(expected[i].term)),
                (double)expected[i].count, 0);
  // scikit-learn counts "an " of "an" and of no other word; ours the same
  assert_int_equal(terms.count, COUNT);
  ws__terms_clear(&terms);
}

static void a_word_too_short_counts_as_a_whole(void **state) {
  (void)state;
  ws__terms terms = {0};
  collect_text(&terms, "chars(text,4-5)", "A an");
  assert_int_equal(terms.count, 2);
  assert_near((double)count_of(&terms, chars_hash(" a ")), 1, 0);
  assert_near((double)count_of(&terms, chars_hash(" an ")), 1, 0);
  ws__terms_clear(&terms);
}

static void words_and_marks_are_tokens(void **state) {
  (void)state;
  static const expectation expected[] = {
      {"the", 2},     {"cat", 1},   {".", 1},     {"end", 1},     {"!", 1},
      {"the cat", 1}, {"cat .", 1}, {". the", 1}, {"the end", 1}, {"end !", 1}};
  ws__terms terms = {0};
  collect_text(&terms, "words(text)", "The cat. THE end!");
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
    assert_near((double)count_of(&terms, words_hash(expected[i].term)),
                (double)expected[i].count, 0);
  assert_int_equal(terms.count, sizeof expected / sizeof *expected);
  collect_text(&terms, "words(text,3)", "a b c d");
  assert_int_equal(terms.count, 2);
  assert_near((double)count_of(&terms, words_hash("b c d")), 1, 0);
  ws__terms_clear(&terms);
}

static void blanks_alone_are_nothing(void **state) {
  (void)state;
  ws__terms terms = {0};
  collect_text(&terms, "words(text)", " \t\n\xC2\xA0 ");
  assert_int_equal(terms.count, 0);
  collect_text(&terms, "chars(text)", " \t\n\xC2\xA0 ");
  assert_int_equal(terms.count, 0);
  collect_text(&terms, "chars(text)", "");
  assert_int_equal(terms.count, 0);
  ws__terms_clear(&terms);
}

/* --- fields ------------------------------------------------------------------------- */

/* What the block sees of the first record of the file. */
static void collect(ws__terms *terms, const char *block, const char *name,
                    const char *bytes) {
  ws__spec spec;
  ws_error err = WS_ERROR_INIT;
  ws_records *records = records_of(name, bytes);
  ws_record record = ws_records_at(records, 0);
  assert_ok(ws__spec_parse(block, "text", &spec, &err), &err);
  assert_ok(ws__terms_collect(terms, &spec.blocks[0], &record, &err), &err);
  ws_records_free(records);
}

static void assert_number(const char *block, const char *name, const char *bytes,
                          double number) {
  ws__terms terms = {0};
  collect(&terms, block, name, bytes);
  assert_int_equal(terms.count, 1);
  assert_int_equal(terms.items[0].hash, 0);
  assert_near((double)terms.items[0].value, number, 0);
  ws__terms_clear(&terms);
}

static void assert_category(const char *block, const char *bytes, const char *text) {
  ws__terms terms = {0};
  collect(&terms, block, "r.jsonl", bytes);
  assert_int_equal(terms.count, 1);
  assert_int_equal(terms.items[0].hash, chars_hash(text) | 1);
  assert_near((double)terms.items[0].value, 1, 0);
  ws__terms_clear(&terms);
}

static void numbers_are_taken_as_they_are(void **state) {
  (void)state;
  assert_number("number(x)", "r.jsonl", "{\"x\": 3}", 3);
  assert_number("number(x)", "r.jsonl", "{\"x\": -2.5}", -2.5);
  assert_number("number(x)", "r.jsonl", "{\"x\": \"7\"}", 7);
  assert_number("number(x)", "r.csv", "x,y\n0.25,a\n", 0.25);
  assert_number("field(x)", "r.csv", "x,y\n0.25,a\n", 0.25);
}

static void texts_and_truth_values_are_categories(void **state) {
  (void)state;
  assert_category("category(x)", "{\"x\": \"red\"}", "red");
  assert_category("category(x)", "{\"x\": true}", "true");
  assert_category("category(x)", "{\"x\": 12}", "12");
  assert_category("category(x)", "{\"x\": \"12\"}", "12");
  assert_category("field(x)", "{\"x\": \"red\"}", "red");
  assert_category("field(x)", "{\"x\": false}", "false");
}

static void null_and_the_empty_text_are_nothing(void **state) {
  (void)state;
  static const char *const blocks[] = {"number(x)",   "category(x)", "field(x)",
                                       "words(x)",    "chars(x)",    "vector(x)",
                                       "vectors(x,f)"};
  ws__terms terms = {0};
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
    collect(&terms, blocks[i], "r.jsonl", "{\"x\": null}");
    assert_int_equal(terms.count, 0);
  }
  for (size_t i = 0; i < 3; i++) {
    collect(&terms, blocks[i], "r.csv", "x,y\n,1\n");
    assert_int_equal(terms.count, 0);
  }
  collect(&terms, "vector(x)", "r.jsonl", "{\"x\": []}");
  assert_int_equal(terms.count, 0);
  ws__terms_clear(&terms);
}

static void lists_are_numbers_by_position(void **state) {
  (void)state;
  ws__terms terms = {0};
  collect(&terms, "vector(x)", "r.jsonl", "{\"x\": [1, 0, -0.5]}");
  assert_int_equal(terms.count, 3);
  for (size_t i = 0; i < 3; i++) assert_int_equal(terms.items[i].hash, i);
  assert_near((double)terms.items[2].value, -0.5, 0);
  ws__terms_clear(&terms);
}

static void values_of_another_type_are_refused(void **state) {
  (void)state;
  assert_features_refused("number(x)", "r.jsonl", "{\"x\": \"many\"}",
                          "field 'x': expected a number, found 'many'");
  assert_features_refused("number(x)", "r.jsonl", "{\"x\": true}",
                          "field 'x': expected a number, found a boolean");
  assert_features_refused("number(x)", "r.jsonl", "{\"x\": 1e39}",
                          "field 'x': expected a number between -3.4e38 and 3.4e38, "
                          "found 1e+39");
  assert_features_refused("category(x)", "r.jsonl", "{\"x\": 1.5}",
                          "field 'x': expected a text, a truth value or a whole number");
  assert_features_refused("field(x)", "r.jsonl", "{\"x\": [1]}",
                          "field 'x': expected a text, a truth value or a whole number, "
                          "found an array");
  assert_features_refused("words(x)", "r.jsonl", "{\"x\": 5}",
                          "field 'x': expected a text");
  assert_features_refused("vector(x)", "r.jsonl", "{\"x\": \"1 2\"}",
                          "field 'x': expected a list of numbers, found a string");
  assert_features_refused("vector(x)", "r.jsonl", "{\"x\": [1, \"2\"]}",
                          "expected a list of numbers, found a string as item 2");
  assert_features_refused("vector(x)", "r.jsonl", "{\"x\": [1, null]}", "as item 2");
  assert_features_refused("vector(x)", "r.jsonl", "{\"x\": [-1e300]}", "found -1e+300");
}

static void a_missing_field_is_named_with_what_is_near(void **state) {
  (void)state;
  assert_features_refused("number(lenght)", "r.jsonl", "{\"length\": 3, \"b\": 1}",
                          "expected the field 'lenght', of which features are made, "
                          "found none (did you mean 'length'?)");
  assert_features_refused("words(title)", "r.jsonl", "{\"b\": 1}",
                          "the field 'title', of which features are made, found none");
}

static void a_record_without_fields_lacks_them(void **state) {
  (void)state;
  ws_features_options options = {.blocks = "number(x)", .hash_bits = 18};
  ws_features *features = NULL;
  ws_error err = WS_ERROR_INIT;
  ws_record record = {.text = ws_text_of("a text")};
  assert_ok(ws_features_new(&options, &features, &err), &err);
  assert_status(WS_EPARSE, ws_features_add(features, &record, &err));
  assert_message(&err, "expected the field 'x'");
  ws_features_free(features);
}

static void lists_have_one_length(void **state) {
  (void)state;
  assert_features_refused("vector(x)", "r.jsonl",
                          "{\"x\": [1, 2]}\n{\"x\": null}\n{\"x\": [1, 2, 3]}\n",
                          "field 'x': expected 2 numbers as in the records before, "
                          "found 3");
}

static ws_status collect_both(void *user) {
  ws__terms terms = {0};
  ws__spec spec;
  (void)user;
  ws_status status = ws__spec_parse("words(text) chars(text)", "text", &spec, NULL);
  for (size_t b = 0; status == WS_OK && b < spec.count; b++)
    status =
        ws__terms_of_text(&terms, &spec.blocks[b], ws_text_of("some words of a text"));
  ws__terms_clear(&terms);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  ws_test_every_allocation_failure(collect_both, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(stretches_are_those_of_char_wb),
      cmocka_unit_test(a_word_too_short_counts_as_a_whole),
      cmocka_unit_test(words_and_marks_are_tokens),
      cmocka_unit_test(blanks_alone_are_nothing),
      cmocka_unit_test(numbers_are_taken_as_they_are),
      cmocka_unit_test(texts_and_truth_values_are_categories),
      cmocka_unit_test(null_and_the_empty_text_are_nothing),
      cmocka_unit_test(lists_are_numbers_by_position),
      cmocka_unit_test(values_of_another_type_are_refused),
      cmocka_unit_test(a_missing_field_is_named_with_what_is_near),
      cmocka_unit_test(a_record_without_fields_lacks_them),
      cmocka_unit_test(lists_have_one_length),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
