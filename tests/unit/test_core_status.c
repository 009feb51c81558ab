/* SPDX-License-Identifier: MIT
 *
 * Error messages: what goes in comes out, on one line, cut to fit and harmless to a
 * terminal.
 */
#include <stdio.h>

#include <weaksup/text.h>

#include "ws_test.h"

enum { LAST = WS_ERROR_MESSAGE_SIZE - 1 };

static void every_status_has_its_text(void **state) {
  (void)state;
#define CHECK_TEXT(name, value, text)                                                    \
  assert_int_equal(WS_##name, value);                                                    \
  assert_string_equal(ws_status_text(WS_##name), text);
  WS_STATUS_MAP(CHECK_TEXT)
#undef CHECK_TEXT
  assert_string_equal(ws_status_text((ws_status)99), "unknown status");
}

static void setting_an_error_returns_its_status(void **state) {
  (void)state;
  ws_error err = WS_ERROR_INIT;
  assert_int_equal(err.status, WS_OK);
  assert_status(WS_EPARSE,
                ws_error_set(&err, WS_EPARSE, "expected %d, found %s", 3, "two"));
  assert_int_equal(err.status, WS_EPARSE);
  assert_string_equal(err.message, "expected 3, found two");
  assert_status(WS_ENOMEM, ws_error_nomem(&err));
  assert_string_equal(err.message, "out of memory");
}

static void nobody_has_to_want_the_message(void **state) {
  (void)state;
  assert_status(WS_EIO, ws_error_set(NULL, WS_EIO, "%s", "lost"));
  assert_status(WS_ENOMEM, ws_error_nomem(NULL));
  ws_error_prefix(NULL, "%s: ", "nowhere");
}

static void control_characters_become_question_marks(void **state) {
  (void)state;
  ws_error err;
  ws_error_set(&err, WS_EPARSE, "'%s'", "a\x1b[31m\n\t\x7f z");
  assert_string_equal(err.message, "'a?[31m??? z'");
  ws_error_prefix(&err, "%s:%d: ", "evil\r\a.csv", 7);
  assert_string_equal(err.message, "evil??.csv:7: 'a?[31m??? z'");
}

/* U+0080 to U+009F are control characters too: U+009B begins an escape sequence. */
static void two_byte_control_characters_are_replaced_as_well(void **state) {
  (void)state;
  ws_error err;
  ws_error_set(&err, WS_EPARSE, "%s",
               "a\xC2\x9B"
               "31m\xC2\x80\xC2\xA0\xC3\x9B");
  assert_string_equal(err.message, "a??31m??\xC2\xA0\xC3\x9B");
}

static void prefixes_stand_in_front_in_turn(void **state) {
  (void)state;
  ws_error err;
  ws_error_set(&err, WS_EPARSE, "wrong");
  ws_error_prefix(&err, "in '%s': ", "label");
  ws_error_prefix(&err, "%s:%d: ", "a.csv", 2);
  assert_string_equal(err.message, "a.csv:2: in 'label': wrong");
  assert_int_equal(err.status, WS_EPARSE);
}

static void a_message_that_just_fits_is_whole(void **state) {
  (void)state;
  char text[LAST + 2];
  ws_error err;
  memset(text, 'x', sizeof text);
  text[LAST] = '\0';
  ws_error_set(&err, WS_EIO, "%s", text);
  assert_string_equal(err.message, text);
  text[LAST] = 'x', text[LAST + 1] = '\0';
  ws_error_set(&err, WS_EIO, "%s", text);
  assert_int_equal(strlen(err.message), LAST);
  assert_string_equal(err.message + LAST - 4, "x...");
}

static void a_cut_never_splits_a_character(void **state) {
  (void)state;
  for (int lead = 0; lead < 4; lead++) {
    char text[1200];
    ws_error err;
    memset(text, 'x', (size_t)lead);
    for (int at = lead; at < 1190; at += 4) memcpy(text + at, "\xF0\x9F\x98\x80", 5);
    ws_error_set(&err, WS_EIO, "%s", text);
    assert_true(ws_utf8_valid(ws_text_of(err.message)));
    assert_string_equal(err.message + strlen(err.message) - 3, "...");
  }
}

static void a_prefix_cuts_the_end_of_a_long_message(void **state) {
  (void)state;
  ws_error err;
  ws_error_set(&err, WS_EIO, "%01000d", 7);
  ws_error_prefix(&err, "%s: ", "a-name-of-some-length.jsonl");
  assert_int_equal(strlen(err.message), LAST);
  assert_memory_equal(err.message, "a-name-of-some-length.jsonl: 000", 32);
  assert_string_equal(err.message + LAST - 4, "0...");
}

static void a_prefix_may_fill_everything(void **state) {
  (void)state;
  ws_error err;
  ws_error_set(&err, WS_EIO, "the reason");
  ws_error_prefix(&err, "%02000d", 1);
  assert_int_equal(strlen(err.message), LAST);
  assert_string_equal(err.message + LAST - 4, "0...");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_status_has_its_text),
      cmocka_unit_test(setting_an_error_returns_its_status),
      cmocka_unit_test(nobody_has_to_want_the_message),
      cmocka_unit_test(control_characters_become_question_marks),
      cmocka_unit_test(two_byte_control_characters_are_replaced_as_well),
      cmocka_unit_test(prefixes_stand_in_front_in_turn),
      cmocka_unit_test(a_message_that_just_fits_is_whole),
      cmocka_unit_test(a_cut_never_splits_a_character),
      cmocka_unit_test(a_prefix_cuts_the_end_of_a_long_message),
      cmocka_unit_test(a_prefix_may_fill_everything),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
