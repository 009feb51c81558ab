/* SPDX-License-Identifier: MIT
 *
 * Names and texts from anywhere, as files of labeling functions have them.
 */
#include <weaksup/lf_write.h>

#include "ws_test.h"

static void only_what_lua_takes_is_a_name(void **state) {
  (void)state;
  assert_true(ws_lf_is_name(ws_text_of("SPAM_2")));
  assert_true(ws_lf_is_name(ws_text_of("_")));
  assert_false(ws_lf_is_name(ws_text_of("")));
  assert_false(ws_lf_is_name(ws_text_of("2nd")));
  assert_false(ws_lf_is_name(ws_text_of("any name")));
  assert_false(ws_lf_is_name(ws_text_of("while")));
  assert_false(ws_lf_is_name(ws_text_of("\xC3\xA9t\xC3\xA9")));
}

static void expect(ws_buffer *out, const char *expected) {
  assert_string_equal(out->data, expected);
  ws_buffer_clear(out);
}

static void strings_hide_nothing_from_a_terminal(void **state) {
  (void)state;
  ws_buffer out = {0};
  assert_ok(ws_lf_put_string(&out, ws_text_of("")), NULL);
  expect(&out, "\"\"");
  assert_ok(ws_lf_put_string(&out, ws_text_of("a \"b\" \\ \xC3\xA9")), NULL);
  expect(&out, "\"a \\\"b\\\" \\\\ \xC3\xA9\"");
  assert_ok(ws_lf_put_string(&out, ws_text_of("\n1\x1B[2J\xE2\x80\xAE\xFF")), NULL);
  expect(&out, "\"\\0101\\027[2J\\226\\128\\174\\255\"");
  assert_ok(ws_lf_put_string(&out, (ws_text){"\0"
                                             "0",
                                             2}),
            NULL);
  expect(&out, "\"\\0000\"");
}

static void a_class_is_a_constant_where_nothing_else_is_called_so(void **state) {
  (void)state;
  static const struct {
    const char *name, *expected;
  } cases[] = {{"SPAM", "SPAM"},
               {"any name", "class[\"any name\"]"},
               {"end", "class[\"end\"]"},
               {"x", "class[\"x\"]"},
               {"_ENV", "class[\"_ENV\"]"},
               {"best", "class[\"best\"]"}};
  static const char *const locals[] = {"most", "best", NULL};
  ws_buffer out = {0};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_ok(ws_lf_put_class(&out, ws_text_of(cases[i].name), locals), NULL);
    expect(&out, cases[i].expected);
  }
  assert_ok(ws_lf_put_class(&out, ws_text_of("best"), NULL), NULL);
  expect(&out, "best");
}

static void a_rule_names_its_class_or_gives_its_index(void **state) {
  (void)state;
  static const char *const expected[] = {"SPAM", "\"any name\"", "002", "\"2\"",
                                         "\"02\""};
  const ws_text names[] = {ws_text_of("SPAM"), ws_text_of("any name"),
                           ws_text_of("a \"quote\""), ws_text_of("2"), ws_text_of("02")};
  ws_task *task = NULL;
  ws_buffer out = {0};
  assert_ok(ws_task_new(names, 5, &task, NULL), NULL);
  for (int32_t k = 0; k < 5; k++) {
    int32_t read;
    assert_ok(ws_lf_put_rule_class(&out, task, k), NULL);
    ws_text text = ws_buffer_as_text(&out);
    if (*text.data == '"') text = (ws_text){text.data + 1, text.size - 2};
    assert_ok(ws_task_label_text(task, text, &read, NULL), NULL);
    assert_int_equal(read, k);
    expect(&out, expected[k]);
  }
  ws_task_free(task);
}

static void a_test_names_any_class(void **state) {
  (void)state;
  const ws_text names[] = {ws_text_of("SPAM"), ws_text_of("any \"name\""),
                           ws_text_of("nil"), ws_text_of("if"),
                           ws_text_of("a\xE2\x80\xAE")};
  static const char *const expected[] = {"SPAM", "\"any \\\"name\\\"\"", "\"nil\"", "if",
                                         "4"};
  ws_task *task = NULL;
  ws_buffer out = {0};
  assert_ok(ws_task_new(names, 5, &task, NULL), NULL);
  for (int32_t k = 0; k < 5; k++) {
    assert_ok(ws_lf_put_test_class(&out, task, k), NULL);
    expect(&out, expected[k]);
  }
  ws_task_free(task);
}

static ws_status write_all(void *user) {
  ws_buffer out = {0};
  ws_status status = ws_lf_put_class(&out, ws_text_of("any name"), NULL);
  if (status == WS_OK) status = ws_lf_put_rule_class(&out, user, 1);
  if (status == WS_OK) status = ws_lf_put_test_class(&out, user, 1);
  ws_buffer_clear(&out);
  return status;
}

static void memory_may_run_out(void **state) {
  (void)state;
  ws_task *task = ws_test_task("a,b\"");
  ws_test_every_allocation_failure(write_all, task);
  ws_task_free(task);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(only_what_lua_takes_is_a_name),
      cmocka_unit_test(strings_hide_nothing_from_a_terminal),
      cmocka_unit_test(a_class_is_a_constant_where_nothing_else_is_called_so),
      cmocka_unit_test(a_rule_names_its_class_or_gives_its_index),
      cmocka_unit_test(a_test_names_any_class),
      cmocka_unit_test(memory_may_run_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
