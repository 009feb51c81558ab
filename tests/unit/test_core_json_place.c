/* SPDX-License-Identifier: MIT
 *
 * Where JSON is wrong: the place that is told, and that it agrees with simdjson about
 * what is wrong at all.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/json.h>

#include "ws_test.h"

static const char unknown[] = "JSON: somewhere";

/* What is said of a text that was refused. */
static void place(ws_text text, ws_error *err) {
  *err = (ws_error)WS_ERROR_INIT;
  assert_status(WS_EPARSE, ws_error_set(err, WS_EPARSE, "%s", unknown));
  ws_json_place(text, 0, err);
}

static void the_place_is_told(void **state) {
  static const char *const cases[][2] = {
      {"{\"a\":1", "column 7: expected ',' or '}' behind the value, found the end"},
      {"[1 2]", "column 4: expected ',' or ']' behind the value, found '2'"},
      {"{\"a\":\"he said \"hi\" there\"}",
       "column 16: expected ',' or '}' behind the value, found 'hi'"},
      {"{\"a\":1,}",
       "column 8: expected a key in double quotes behind the comma, found '}'"},
      {"[1,]", "column 4: expected a value behind the comma, found ']'"},
      {"{'a':1}",
       "column 2: expected a key in double quotes, or '}', found a single quote "
       "(JSON has double quotes)"},
      {"{\"a\" 1}", "column 6: expected ':' behind the key, found '1'"},
      {"{\"a\":}", "column 6: expected a value, found '}'"},
      {"{\"a\":True}", "column 6: expected a value, found 'True'"},
      {"{\"a\":NaN}",
       "column 6: expected a value, found 'NaN', which JSON has not: write null"},
      {"[abcdefghijklmnopqrstuvwxyz]",
       "column 2: expected a value, or ']', found 'abcdefghijklmnopqrst...'"},
      {"{\"\xC3\xA9\":\xC3\xA9}", "column 6: expected a value, found '\xC3\xA9'"},
      {"{} {}", "column 4: expected nothing behind the value, found '{'"},
      {"[1]]", "column 4: expected nothing behind the value, found ']'"},
      {"[\"a]", "column 2: the string that begins here is not closed"},
      {"[\"\\q\"]", "column 3: a malformed escape in a string"},
      {"[\"\\u12\"]", "column 3: expected four hexadecimal digits behind \\u"},
      {"[\"\\uD800\"]", "column 3: half of a surrogate pair in a string"},
      {"[\"\t\"]", "column 3: a control character inside a string: JSON writes it as "
                   "\\u0009"},
      {"[\"a\xE9\"]", "column 4: not valid UTF-8"},
      {"[\"a\xE9", "column 4: not valid UTF-8"},
      {"[\xFF]", "column 2: not valid UTF-8"},
      {"[\x01]", "column 2: expected a value, or ']', found a control character"},
      {"[01]", "column 2: a malformed number"},
      {"[-]", "column 2: a malformed number"},
      {"[1.]", "column 2: a malformed number"},
      {"[1e]", "column 2: a malformed number"},
      {"[1x]", "column 2: a malformed number"},
      {"[18446744073709551616]", "column 2: an integer beyond 64 bits"},
      {"[-9223372036854775809]", "column 2: an integer beyond 64 bits"},
      {"[1e999]", "column 2: a number beyond the largest double"},
      {"[-12.5E+400]", "column 2: a number beyond the largest double"},
      {"{\n \"a\": 1,\n \"b\" 2\n}",
       "line 3, column 6: expected ':' behind the key, found "
       "'2'"},
      {"   ", "column 4: expected a value, found the end"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws_error err;
    char expected[200];
    place(ws_text_of(cases[i][0]), &err);
    snprintf(expected, sizeof expected, "JSON: %s", cases[i][1]);
    assert_string_equal(err.message, expected);
  }
}

static void other_errors_stay_as_they_are(void **state) {
  static const char *const cases[] = {"{\"a\":1,\"a\":2}", "[]", " {\"a\":[1,{}]} ", "1",
                                      ""};
  ws_error err;
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    place(ws_text_of(cases[i]), &err);
    assert_string_equal(err.message, unknown);
  }
  char deep[3000];
  memset(deep, '[', sizeof deep); // more levels than are kept: no place, and no overrun
  place((ws_text){deep, sizeof deep}, &err);
  assert_string_equal(err.message, unknown);
  ws_json_place(ws_text_of("["), 0, NULL);
}

/* simdjson and the walk are of one mind about `text`, which WS_JSON_PADDING bytes
 * follow. */
static bool agrees(ws_json_parser *parser, ws_text text) {
  ws_buffer value = {0};
  ws_error err = WS_ERROR_INIT, told;
  bool good = ws_json_parse(parser, text, &value, &err) == WS_OK;
  ws_buffer_clear(&value);
  place(text, &told);
  bool found = strcmp(told.message, unknown) != 0;
  bool ours = strstr(err.message, "occurs twice") || strstr(err.message, "bare value") ||
              strstr(err.message, "found nothing");
  if (good ? !found : found || ours) return true;
  print_error("'%.*s': %s, %s\n", WS_TEXT_ARG(text), err.message, told.message);
  return false;
}

/* Every byte of a document in turn is left out, and replaced by others. */
static void simdjson_finds_fault_with_the_same_texts(void **state) {
  static const char *const documents[] = {
      "{\"a\":[1,-2.5e3,true,null],\"b\":{\"c\":\"x\\n\\u00e9\\uD83D\\uDE00y\"}}",
      "[{\"k\":false},[],{},\"\xC3\xA9\xE2\x82\xAC\",0,-0.0,10E+2,18446744073709551615]",
      " [ 9223372036854775807 , \"\\\\\\\"\" ] ", "[1.5e-320,1.23e-324,0.1e-9]"};
  static const char others[] =
      "{}[],:\"\\/0-19.eE+tunflax' \t\x01\x7F\x80\xBF\xC3\xE2\xFF";
  ws_json_parser *parser = NULL;
  char text[256];
  (void)state;
  assert_ok(ws_json_parser_new(&parser), NULL);
  for (size_t d = 0; d < sizeof documents / sizeof *documents; d++) {
    size_t size = strlen(documents[d]);
    for (size_t i = 0; i < size; i++)
      for (size_t o = 0; o < sizeof others; o++) { // the NUL at the end: left out
        memset(text, '"', sizeof text);
        memcpy(text, documents[d], i);
        bool out = o + 1 == sizeof others;
        text[i] = others[o];
        memcpy(text + i + !out, documents[d] + i + 1, size - i - 1);
        assert_true(agrees(parser, (ws_text){text, size - out}));
      }
    for (size_t cut = 1; cut <= size; cut++) {
      memset(text, '"', sizeof text);
      memcpy(text, documents[d], cut);
      assert_true(agrees(parser, (ws_text){text, cut}));
    }
  }
  ws_json_parser_free(parser);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_place_is_told),
      cmocka_unit_test(other_errors_stay_as_they_are),
      cmocka_unit_test(simdjson_finds_fault_with_the_same_texts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
