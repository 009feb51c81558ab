/* SPDX-License-Identifier: MIT
 *
 * JSON in: every type, every limit, and what is refused. A parsed value is compared with
 * the text that the writer makes of it.
 */
#include <stdio.h>

#include <weaksup/json.h>

#include "ws_test.h"

/* Parses a copy with the padding that the contract asks for and not a byte more, so that
 * the sanitizer sees a read beyond it. */
static ws_status parse(ws_text text, ws_buffer *out, ws_error *err) {
  ws_json_parser *parser = NULL;
  char *copy = malloc(text.size + WS_JSON_PADDING);
  memcpy(copy, text.data, text.size);
  memset(copy + text.size, '"', WS_JSON_PADDING);
  assert_ok(ws_json_parser_new(&parser), NULL);
  ws_status status = ws_json_parse(parser, (ws_text){copy, text.size}, out, err);
  ws_json_parser_free(parser);
  free(copy);
  return status;
}

static void assert_reads_as(const char *text, const char *expected) {
  ws_buffer value = {0}, written = {0};
  ws_error err = WS_ERROR_INIT;
  ws_json_writer json = {.out = &written};
  assert_ok(parse(ws_text_of(text), &value, &err), &err);
  ws_json_value(&json, (ws_value){(const unsigned char *)value.data});
  assert_ok(json.status, NULL);
  assert_string_equal(written.data, expected);
  assert_int_equal(ws_value_size((ws_value){(const unsigned char *)value.data}),
                   value.size);
  ws_buffer_clear(&value);
  ws_buffer_clear(&written);
}

static void assert_refused_text(ws_text text, const char *why) {
  ws_buffer value = {0};
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_buffer_string(&value, "before"), NULL);
  ws_status status = parse(text, &value, &err);
  if (status != WS_EPARSE) print_error("taken: %.*s\n", WS_TEXT_ARG(text));
  assert_status(WS_EPARSE, status);
  assert_message(&err, "JSON: ");
  assert_message(&err, why);
  assert_int_equal(value.size, 6);
  assert_memory_equal(value.data, "before", 6);
  ws_buffer_clear(&value);
}

static void assert_refused(const char *text, const char *why) {
  assert_refused_text(ws_text_of(text), why);
}

static void every_type_is_read(void **state) {
  (void)state;
  assert_reads_as("{}", "{}");
  assert_reads_as("[ ]", "[]");
  assert_reads_as(" [null, true,false , 0,-1, 1.5,\"x\",[],{}] \r\n",
                  "[null,true,false,0,-1,1.5,\"x\",[],{}]");
  assert_reads_as("{\"b\":1,\"a\":{\"c\":[2]}}", "{\"b\":1,\"a\":{\"c\":[2]}}");
}

static void numbers_keep_what_they_are(void **state) {
  (void)state;
  assert_reads_as("[9223372036854775807,-9223372036854775808]",
                  "[9223372036854775807,-9223372036854775808]");
  assert_reads_as("[18446744073709551615]", "[1.8446744073709552e+19]");
  assert_reads_as("[1.0,1e2,-0.0,5e-324,1.7976931348623157e308]",
                  "[1,100,-0.0,5e-324,1.7976931348623157e+308]");
  assert_reads_as("[1e-400]", "[0]");
  assert_refused("[18446744073709551616]", "integer beyond 64 bits");
  assert_refused("[1e400]", "number");
}

static void malformed_numbers_are_refused(void **state) {
  (void)state;
  const char *const bad[] = {"[01]", "[+1]",  "[.5]",       "[1.]",
                             "[1e]", "[--1]", "[0x1]",      "[1_000]",
                             "[-]",  "[NaN]", "[Infinity]", "[-Infinity]"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_refused(bad[i], "");
}

static void integers_are_told_from_doubles(void **state) {
  (void)state;
  ws_buffer out = {0};
  ws_text key;
  ws_value item;
  const ws_type types[] = {WS_INT, WS_DOUBLE, WS_DOUBLE, WS_DOUBLE, WS_INT};
  assert_ok(parse(ws_text_of("[1,1.0,1e0,9223372036854775808,-1]"), &out, NULL), NULL);
  ws_value_iter it = ws_value_each((ws_value){(const unsigned char *)out.data});
  for (size_t i = 0; ws_value_next(&it, &key, &item); i++)
    assert_int_equal(ws_value_type(item), types[i]);
  ws_buffer_clear(&out);
}

static void escapes_are_undone(void **state) {
  (void)state;
  assert_reads_as("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
                  "[\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\"]");
  assert_reads_as("[\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\"]",
                  "[\"A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"]");
  assert_reads_as("{\"a\\u0000b\":\"\\u0000\"}", "{\"a\\u0000b\":\"\\u0000\"}");
}

/* What came through here is taken for valid UTF-8 everywhere behind it. */
static void lone_surrogates_are_refused(void **state) {
  (void)state;
  const char *const bad[] = {
      "[\"\\ud800\"]",        "[\"\\udc00\"]",        "[\"\\ud800x\"]",
      "[\"\\ud800\\n\"]",     "[\"\\udfff!\"]",       "{\"\\udead\":1}",
      "[\"\\ud800\\ud800\"]", "[\"\\ud800\\u0041\"]", "[\"\\udc00\\ud800\"]"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_refused(bad[i], "escape");
}

static void malformed_strings_are_refused(void **state) {
  (void)state;
  assert_refused("[\"a\tb\"]", "a control character");
  assert_refused("[\"a\nb\"]", "a control character");
  assert_refused_text((ws_text){"[\"a\0b\"]", 7}, "a control character");
  assert_refused("[\"\xE9\"]", "not valid UTF-8");
  assert_refused("[\"\xED\xA0\x80\"]", "not valid UTF-8");
  assert_refused("[\"\\x\"]", "escape");
  assert_refused("[\"\\u12\"]", "escape");
  assert_refused("[\"open]", "not closed");
  assert_refused("['a']", "");
}

static void only_one_whole_document_is_taken(void **state) {
  (void)state;
  assert_refused("", "found nothing");
  assert_refused(" \n ", "found nothing");
  const char *const bare[] = {"1", "null", "true", "\"x\"", "-1.5"};
  for (size_t i = 0; i < 5; i++) assert_refused(bare[i], "found a bare value");
  const char *const bad[] = {
      "{} {}", "[1] 2",     "{}x", "[1,]",  "{\"a\":1,}", "[1 2]",    "{\"a\"}",
      "{a:1}", "{\"a\" 1}", "[",   "{",     "]",          "}",        "[}",
      "[1",    "{\"a\":",   "nul", "[tru]", "[nulll]",    "// c\n{}", "{} // c"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_refused(bad[i], "");
  assert_refused("\xEF\xBB\xBF{}",
                 ""); // the readers drop the mark of a file, nobody else
}

/* `depth` arrays, or objects, inside one another. */
static char *nested(int depth, bool objects) {
  const char *open = objects ? "{\"a\":" : "[", *close = objects ? "}" : "]";
  char *text = calloc((size_t)depth * 6 + 2, 1);
  for (int i = 0; i < depth; i++)
    strcat(text, i + 1 < depth ? open : objects ? "{" : "[");
  for (int i = 0; i < depth; i++) strcat(text, close);
  return text;
}

static void depth_64_is_taken_and_65_is_not(void **state) {
  (void)state;
  for (int objects = 0; objects < 2; objects++) {
    char *deep = nested(64, objects), *deeper = nested(65, objects);
    char *deepest = nested(3000, objects);
    assert_reads_as(deep, deep);
    assert_refused(deeper, "nested deeper than 64 levels");
    assert_refused(deepest, "nested");
    free(deep), free(deeper), free(deepest);
  }
}

/* {"0":0,"1":0,...} with one key more if there is one. */
static char *members(int count, const char *extra) {
  char *text = malloc((size_t)count * 12 + 40), *at = text;
  *at++ = '{';
  for (int i = 0; i < count; i++) at += sprintf(at, "%s\"%d\":0", i ? "," : "", i);
  if (extra) at += sprintf(at, ",\"%s\":0", extra);
  strcpy(at, "}");
  return text;
}

static void members_up_to_a_limit_are_taken(void **state) {
  (void)state;
  char *full = members(WS_JSON_MAX_MEMBERS, NULL);
  char *over = members(WS_JSON_MAX_MEMBERS + 1, NULL);
  assert_reads_as(full, full);
  assert_refused(over, "more than 16384 members");
  free(full), free(over);
}

static void doubled_keys_are_refused_in_objects_of_any_size(void **state) {
  (void)state;
  assert_refused("{\"a\":1,\"a\":1}", "occurs twice");
  assert_refused("{\"a\":1,\"\\u0061\":2}", "occurs twice");
  assert_refused("[{\"x\":{\"\":1,\"b\":2,\"\":3}}]", "occurs twice");
  for (int count = 2; count < 200; count += 7) {
    char last[8];
    snprintf(last, sizeof last, "%d", count - 1);
    char *first_again = members(count, "0"), *last_again = members(count, last);
    assert_refused(first_again, "occurs twice");
    assert_refused(last_again, "occurs twice");
    free(first_again), free(last_again);
  }
}

/* The table of keys that a large object used must not be in the way of the next one. */
static void equal_keys_in_different_objects_are_fine(void **state) {
  (void)state;
  char *large = members(20, NULL), text[2000];
  assert_reads_as("[{\"a\":{\"a\":{\"a\":1}}},{\"a\":1}]",
                  "[{\"a\":{\"a\":{\"a\":1}}},{\"a\":1}]");
  snprintf(text, sizeof text, "[%s,%s,{\"0\":%s}]", large, large, large);
  assert_reads_as(text, text);
  free(large);
}

static void a_parser_serves_again_after_an_error(void **state) {
  (void)state;
  ws_json_parser *parser = NULL;
  ws_buffer out = {0};
  char good[64 + WS_JSON_PADDING] = "[1]", bad[64 + WS_JSON_PADDING] = "[1";
  assert_ok(ws_json_parser_new(&parser), NULL);
  for (int i = 0; i < 3; i++) {
    assert_status(WS_EPARSE, ws_json_parse(parser, (ws_text){bad, 2}, &out, NULL));
    assert_ok(ws_json_parse(parser, (ws_text){good, 3}, &out, NULL), NULL);
  }
  assert_int_equal(out.size, 3 * (9 + 9)); // values are appended
  ws_json_parser_free(parser);
  ws_json_parser_free(NULL);
  ws_buffer_clear(&out);
}

static ws_status parse_something(void *user) {
  ws_buffer out = {0};
  ws_status status = parse(ws_text_of(user), &out, NULL);
  ws_buffer_clear(&out);
  return status;
}

static void parsing_without_memory_says_so(void **state) {
  (void)state;
  char *large = members(300, NULL);
  ws_test_every_allocation_failure(parse_something, large);
  free(large);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_type_is_read),
      cmocka_unit_test(numbers_keep_what_they_are),
      cmocka_unit_test(malformed_numbers_are_refused),
      cmocka_unit_test(integers_are_told_from_doubles),
      cmocka_unit_test(escapes_are_undone),
      cmocka_unit_test(lone_surrogates_are_refused),
      cmocka_unit_test(malformed_strings_are_refused),
      cmocka_unit_test(only_one_whole_document_is_taken),
      cmocka_unit_test(depth_64_is_taken_and_65_is_not),
      cmocka_unit_test(members_up_to_a_limit_are_taken),
      cmocka_unit_test(doubled_keys_are_refused_in_objects_of_any_size),
      cmocka_unit_test(equal_keys_in_different_objects_are_fine),
      cmocka_unit_test(a_parser_serves_again_after_an_error),
      cmocka_unit_test(parsing_without_memory_says_so),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
