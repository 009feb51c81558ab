/* SPDX-License-Identifier: MIT
 *
 * Specifications of features: what they mean, how they are written again, and what is
 * said of those that are none.
 */
#include "feature_spec.h"
#include "ws_test.h"

static ws__spec parse(const char *blocks) {
  ws__spec spec;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws__spec_parse(blocks, "text", &spec, &err), &err);
  return spec;
}

static void assert_refused(const char *blocks, const char *message) {
  ws__spec spec;
  ws_error err = WS_ERROR_INIT;
  assert_status(WS_EPARSE, ws__spec_parse(blocks, "text", &spec, &err));
  assert_message(&err, message);
}

static void assert_written(const char *blocks, const char *expected) {
  ws__spec spec = parse(blocks);
  ws_buffer out = {0};
  assert_ok(ws__spec_write(&spec, &out), NULL);
  assert_string_equal(out.data, expected);
  ws_buffer_clear(&out);
}

static void blocks_have_defaults(void **state) {
  (void)state;
  ws__spec spec = parse("words(text) chars(title) number(age)");
  assert_int_equal(spec.count, 3);
  const ws__block *words = &spec.blocks[0], *chars = &spec.blocks[1];
  assert_int_equal(words->kind, WS__WORDS);
  assert_true(words->is_text);
  assert_int_equal(words->min_n, 1);
  assert_int_equal(words->max_n, 2);
  assert_int_equal(words->min_df, 1);
  assert_int_equal(chars->kind, WS__CHARS);
  assert_false(chars->is_text);
  assert_string_equal(chars->field, "title");
  assert_int_equal(chars->min_n, 2);
  assert_int_equal(chars->max_n, 5);
  assert_int_equal(chars->min_df, 2);
  assert_int_equal(spec.blocks[2].kind, WS__NUMBER);
}

static void a_specification_is_written_in_full(void **state) {
  (void)state;
  assert_written("words(text)", "words(text,1-2)");
  assert_written(" words ( text , 3 ) ,chars(a b,1-8)\n field(x)\t",
                 "words(text,3-3) chars(a b,1-8) field(x)");
  assert_written("category(c) number(n) vector(v)", "category(c) number(n) vector(v)");
  assert_written("vectors(text, data/glove.txt) npy(x.npy)",
                 "vectors(text,data/glove.txt) npy(x.npy)");
}

static void what_is_written_is_read_again_alike(void **state) {
  (void)state;
  static const char *const full = "words(text,1-2) chars(t,2-5) vectors(text,f) npy(m)";
  assert_written(full, full);
}

static void malformed_specifications_are_explained(void **state) {
  (void)state;
  assert_refused("", "expected blocks such as words(text), found the end");
  assert_refused("word(text)", "found 'word' (did you mean 'words'?)");
  assert_refused("bigrams(text)", "expected words, chars, number, category, field, "
                                  "vector, vectors or npy, found 'bigrams'");
  assert_refused("words", "expected '(' and a field, found the end");
  assert_refused("words()", "expected the name of a field, found ')'");
  assert_refused("words(text", "expected ')', found the end");
  assert_refused("number(age,1)", "expected ')', found ',1)'");
  assert_refused("vectors(text)", "expected ',' and a file, found ')'");
  assert_refused("vectors(text,)", "expected the name of a file, found ')'");
  assert_refused("npy", "expected '(' and a file, found the end");
  assert_refused("npy(a,b)", "expected ')', found ',b)'");
}

static void lengths_out_of_range_are_shown_whole(void **state) {
  (void)state;
  assert_refused("words(text,0)", "words: expected lengths such as 1-2, at most 5, "
                                  "found '0'");
  assert_refused("words(text,1-9)", "found '1-9'");
  assert_refused("chars(text,5-2)", "chars: expected lengths such as 2-5, at most 8, "
                                    "found '5-2'");
  assert_refused("chars(text,2-)", "found '2-'");
  assert_refused("chars(text,two)", "found 'two'");
  assert_refused("words(text,1-2-3)", "found '1-2-3'");
}

static void names_and_blocks_have_limits(void **state) {
  (void)state;
  char blocks[33 * 12 + 1] = "", field[200] = "number(";
  for (int i = 0; i < 33; i++) strcat(blocks, "number(a) ");
  assert_refused(blocks, "expected at most 32 blocks");
  memset(field + 7, 'x', 127);
  strcpy(field + 7 + 127, ")");
  (void)parse(field);
  memset(field + 7, 'x', 128);
  strcpy(field + 7 + 128, ")");
  assert_refused(field, "the name of a field of at most 127 bytes, found 'xxx");
}

static ws_status write(void *user) {
  ws_buffer out = {0};
  ws_status status = ws__spec_write(user, &out);
  ws_buffer_clear(&out);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  ws__spec spec = parse("words(text) chars(text) vectors(text,file)");
  ws_test_every_allocation_failure(write, &spec);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(blocks_have_defaults),
      cmocka_unit_test(a_specification_is_written_in_full),
      cmocka_unit_test(what_is_written_is_read_again_alike),
      cmocka_unit_test(malformed_specifications_are_explained),
      cmocka_unit_test(lengths_out_of_range_are_shown_whole),
      cmocka_unit_test(names_and_blocks_have_limits),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
