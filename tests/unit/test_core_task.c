/* SPDX-License-Identifier: MIT
 *
 * Tasks: what classes may be called, and how a label is read everywhere.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/json.h>

#include "ws_test.h"

static void classes_are_numbered_as_they_come(void **state) {
  (void)state;
  ws_task *task = ws_test_task(" HAM , SPAM,not sure ");
  assert_int_equal(ws_task_classes(task), 3);
  assert_string_equal(ws_task_class(task, 0).data, "HAM");
  assert_string_equal(ws_task_class(task, 2).data, "not sure");
  assert_int_equal(ws_task_find(task, ws_text_of("SPAM")), 1);
  assert_int_equal(ws_task_find(task, ws_text_of("spam")), WS_ABSTAIN);
  assert_int_equal(ws_task_find(task, (ws_text){"SPAM", 3}), WS_ABSTAIN);
  assert_string_equal(ws_task_suggest(task, ws_text_of("spam")), "SPAM");
  assert_null(ws_task_suggest(task, ws_text_of("politics")));
  ws_task_free(task);
  ws_task_free(NULL);
}

static void impossible_classes_are_refused(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"", "expected 2 to 10000 classes, found 1"},
      {"HAM", "expected 2 to 10000 classes, found 1"},
      {"HAM,,SPAM", "class 1 has an empty name"},
      {"HAM, ", "class 1 has an empty name"},
      {"HAM,HAM", "two classes are called 'HAM'"},
      {"HAM, HAM ", "two classes are called 'HAM'"},
      {"HAM,ABSTAIN", "cannot be called ABSTAIN"},
      {"HAM,\xE9", "the name of class 1 is not valid UTF-8"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws_task *task = NULL;
    ws_error err;
    assert_status(WS_EINVAL, ws_task_from_names(cases[i][0], &task, &err));
    assert_message(&err, cases[i][1]);
    assert_null(task);
  }
}

static void a_class_name_with_a_nul_is_refused(void **state) {
  (void)state;
  const ws_text names[] = {{"A", 1}, {"B\0C", 3}};
  ws_task *task = NULL;
  assert_status(WS_EINVAL, ws_task_new(names, 2, &task, NULL));
}

static void there_are_at_most_10000_classes(void **state) {
  (void)state;
  ws_task *task = NULL;
  ws_text *names = malloc(10001 * sizeof *names);
  char *bytes = malloc(10001 * 8);
  for (int k = 0; k <= 10000; k++) {
    int size = sprintf(bytes + 8 * k, "c%d", k);
    names[k] = (ws_text){bytes + 8 * k, (size_t)size};
  }
  assert_status(WS_EINVAL, ws_task_new(names, 10001, &task, NULL));
  assert_ok(ws_task_new(names, 10000, &task, NULL), NULL);
  assert_int_equal(ws_task_find(task, ws_text_of("c9999")), 9999);
  ws_task_free(task);
  free(names), free(bytes);
}

static void keys_have_defaults_and_are_copied(void **state) {
  (void)state;
  ws_task *task = ws_test_task("A,B");
  char field[] = "body";
  assert_string_equal(ws_task_get(task, WS_TASK_TEXT), "text");
  assert_string_equal(ws_task_get(task, WS_TASK_GOLD), "label");
  assert_null(ws_task_get(task, WS_TASK_ID));
  assert_null(ws_task_get(task, WS_TASK_DATA));
  assert_ok(ws_task_set(task, WS_TASK_TEXT, ws_text_of(field), NULL), NULL);
  field[0] = 'x';
  assert_string_equal(ws_task_get(task, WS_TASK_TEXT), "body");
  assert_ok(ws_task_set(task, WS_TASK_TASK_TEXT, ws_text_of(""), NULL), NULL);
  assert_string_equal(ws_task_key_name(WS_TASK_TASK_TEXT), "task_text");
  ws_task_free(task);
}

static void an_empty_text_unsets_a_key(void **state) {
  (void)state;
  ws_task *task = ws_test_task("A,B");
  assert_ok(ws_task_set(task, WS_TASK_ID, ws_text_of("key"), NULL), NULL);
  assert_ok(ws_task_set(task, WS_TASK_ID, ws_text_of(""), NULL), NULL);
  assert_null(ws_task_get(task, WS_TASK_ID));
  ws_task_free(task);
}

static void keys_take_only_text(void **state) {
  (void)state;
  ws_task *task = ws_test_task("A,B");
  ws_error err;
  assert_status(WS_EINVAL, ws_task_set(task, WS_TASK_GOLD, ws_text_of(""), &err));
  assert_message(&err, "gold is empty");
  assert_status(WS_EINVAL, ws_task_set(task, WS_TASK_DATA, ws_text_of("\xFF"), &err));
  assert_message(&err, "data is not valid UTF-8");
  assert_status(WS_EINVAL, ws_task_set(task, WS_TASK_DATA, (ws_text){"a\0b", 3}, &err));
  assert_null(ws_task_get(task, WS_TASK_DATA));
  ws_task_free(task);
}

static void classes_are_described_in_words(void **state) {
  (void)state;
  ws_task *task = ws_test_task("A,B");
  assert_int_equal(ws_task_describe(task, 1).size, 0);
  assert_ok(ws_task_set_describe(task, 1, ws_text_of("the other one")), NULL);
  assert_string_equal(ws_task_describe(task, 1).data, "the other one");
  assert_int_equal(ws_task_describe(task, 0).size, 0);
  ws_task_free(task);
}

/* --- labels --- */

static ws_status read_label(const ws_task *task, const char *json, int32_t *out,
                            ws_error *err) {
  ws_json_parser *parser = NULL;
  ws_buffer bytes = {0};
  char text[200 + WS_JSON_PADDING] = {0};
  int size = snprintf(text, 200, "[%s]", json);
  assert_ok(ws_json_parser_new(&parser), NULL);
  assert_ok(ws_json_parse(parser, (ws_text){text, (size_t)size}, &bytes, NULL), NULL);
  ws_status status =
      ws_task_label(task, (ws_value){(const unsigned char *)bytes.data + 9}, out, err);
  ws_json_parser_free(parser);
  ws_buffer_clear(&bytes);
  return status;
}

static void a_label_is_a_name_or_an_index(void **state) {
  (void)state;
  static const struct {
    const char *json;
    int32_t label;
  } cases[] = {{"\"A\"", 0},     {"\"1\"", 2},
               {"\"2\"", 2},     {"\"0\"", 0},
               {"0", 0},         {"1", 1},
               {"2", 2},         {"\"-1\"", -1},
               {"-1", -1},       {"\"\"", -1},
               {"null", -1},     {"1.0", 1},
               {"\"1.0\"", 2},   {"\"0.000e+00\"", 0},
               {"\"-1.0\"", -1}, {"\"20e-1\"", 2}};
  ws_task *task = ws_test_task("A,B,1"); // a class called 1 has the number 2
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int32_t label = 77;
    assert_ok(read_label(task, cases[i].json, &label, NULL), NULL);
    assert_int_equal(label, cases[i].label);
  }
  int32_t absent = 77;
  assert_ok(ws_task_label(task, (ws_value){NULL}, &absent, NULL), NULL);
  assert_int_equal(absent, WS_ABSTAIN);
  ws_task_free(task);
}

static void what_is_no_label_is_refused_never_guessed(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"1.5", "found a number that is no integer"},
      {"3", "expected a class index from 0 to 1, found 3"},
      {"-2", "expected a class index from 0 to 1, found -2"},
      {"4294967296", "found 4294967296"},
      {"9223372036854775807", "found 9223372036854775807"},
      {"true", "found a boolean"},
      {"[0]", "found an array"},
      {"{}", "found an object"},
      {"\"2\"", "expected a class index from 0 to 1, found 2"},
      {"\"spam\"",
       "unknown label 'spam', did you mean 'SPAM'; the classes are HAM, SPAM"},
      {"\" HAM\"", "unknown label ' HAM'"},
      {"\"1.5\"", "unknown label '1.5'"},
      {"\"-2\"", "expected a class index from 0 to 1, found -2"},
      {"\"ABSTAIN\"", "unknown label 'ABSTAIN'"},
      {"\"99999999999999999999\"", "unknown label"},
  };
  ws_task *task = ws_test_task("HAM,SPAM");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int32_t label;
    ws_error err;
    assert_status(WS_EPARSE, read_label(task, cases[i][0], &label, &err));
    assert_message(&err, cases[i][1]);
  }
  ws_task_free(task);
}

static void a_class_called_minus_one_is_that_class(void **state) {
  (void)state;
  ws_task *task = ws_test_task("1,-1");
  int32_t label;
  assert_ok(ws_task_label_text(task, ws_text_of("-1"), &label, NULL), NULL);
  assert_int_equal(label, 1);
  assert_ok(ws_task_label_text(task, ws_text_of("1"), &label, NULL), NULL);
  assert_int_equal(label, 0);
  assert_ok(ws_task_label_text(task, ws_text_of("1.0"), &label, NULL), NULL);
  assert_int_equal(label, 0);
  assert_ok(ws_task_label_text(task, ws_text_of("01"), &label, NULL),
            NULL); // never a name
  assert_int_equal(label, 1);
  ws_task_free(task);
}

static void many_classes_are_listed_as_far_as_they_fit(void **state) {
  (void)state;
  char names[2000] = "", first[300];
  ws_error err;
  int32_t label;
  for (int k = 0; k < 300; k++) sprintf(names + strlen(names), "%sc%d", k ? "," : "", k);
  ws_task *task = ws_test_task(names);
  assert_status(WS_EPARSE, ws_task_label_text(task, ws_text_of("zzzzz"), &label, &err));
  assert_message(&err, "the classes are c0, c1, c2");
  assert_string_equal(err.message + strlen(err.message) - 5, ", ...");
  ws_task_free(task);
  memset(first, 'x', 298);
  strcpy(first + 298, ",");
  strcpy(names, first);
  task = ws_test_task(strcat(names, "B"));
  assert_status(WS_EPARSE, ws_task_label_text(task, ws_text_of("?"), &label, &err));
  assert_message(&err, "the classes are ...");
  ws_task_free(task);
}

static ws_status make_task(void *user) {
  ws_task *task = NULL;
  (void)user;
  WS_TRY(ws_task_from_names("HAM,SPAM,EGGS", &task, NULL));
  ws_status status = ws_task_set(task, WS_TASK_ID, ws_text_of("id"), NULL);
  if (status == WS_OK) status = ws_task_set_describe(task, 0, ws_text_of("good"));
  ws_task_free(task);
  return status;
}

static void prices_are_not_known_until_they_are_said(void **state) {
  (void)state;
  ws_task *task = ws_test_task("A,B");
  ws_error err = WS_ERROR_INIT;
  assert_true(isnan(ws_task_prices_of(task).input));
  assert_true(isnan(ws_task_prices_of(task).output));
  assert_ok(ws_task_set_prices(task, (ws_task_prices){0, 2.5}, &err), &err);
  assert_near(ws_task_prices_of(task).output, 2.5, 0);
  assert_int_equal(ws_task_set_prices(task, (ws_task_prices){-1, 1}, &err), WS_EINVAL);
  assert_message(&err, "not negative, found -1");
  assert_near(ws_task_prices_of(task).input, 0, 0);
  ws_task_free(task);
}

static void a_task_without_memory_is_none(void **state) {
  (void)state;
  ws_test_every_allocation_failure(make_task, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(classes_are_numbered_as_they_come),
      cmocka_unit_test(impossible_classes_are_refused),
      cmocka_unit_test(a_class_name_with_a_nul_is_refused),
      cmocka_unit_test(there_are_at_most_10000_classes),
      cmocka_unit_test(keys_have_defaults_and_are_copied),
      cmocka_unit_test(an_empty_text_unsets_a_key),
      cmocka_unit_test(keys_take_only_text),
      cmocka_unit_test(classes_are_described_in_words),
      cmocka_unit_test(a_label_is_a_name_or_an_index),
      cmocka_unit_test(what_is_no_label_is_refused_never_guessed),
      cmocka_unit_test(a_class_called_minus_one_is_that_class),
      cmocka_unit_test(many_classes_are_listed_as_far_as_they_fit),
      cmocka_unit_test(prices_are_not_known_until_they_are_said),
      cmocka_unit_test(a_task_without_memory_is_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
