/* SPDX-License-Identifier: MIT
 *
 * What is said of a text that is not UTF-8: where, and which encoding it looks like.
 */
#include "ws_test.h"

#include <weaksup/text.h>

static void assert_says(const char *bytes, const char *expected) {
  ws_error err = WS_ERROR_INIT;
  assert_false(ws_utf8_valid(ws_text_of(bytes)));
  assert_status(WS_EPARSE, ws_not_utf8(ws_text_of(bytes), &err));
  assert_string_equal(err.message, expected);
}

#define LATIN1  " (if it is Latin-1: iconv -f ISO-8859-1 -t UTF-8 FILE > NEW)"
#define WINDOWS " (if it is Windows-1252: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW)"
#define AMONG                                                                            \
  ", among characters that are (iconv -c -f UTF-8 -t UTF-8 FILE > NEW drops such bytes)"

static void letters_with_accents_are_latin_1(void **state) {
  (void)state;
  assert_says("caf\xE9", "not valid UTF-8: byte E9 in column 4" LATIN1);
  assert_says("\xC4pfel, B\xE4ume", "not valid UTF-8: byte C4 in column 1" LATIN1);
  assert_says("cut \xC3", "not valid UTF-8: byte C3 in column 5" LATIN1);
}

static void what_latin_1_has_no_letter_for_is_windows_own(void **state) {
  (void)state;
  assert_says("\x93quoted\x94", "not valid UTF-8: byte 93 in column 1" WINDOWS);
  assert_says("caf\xE9 5 \x80", "not valid UTF-8: byte E9 in column 4" WINDOWS);
  assert_says("\x93 \x81", "not valid UTF-8: byte 93 in column 1" LATIN1);
}

static void characters_of_utf_8_speak_against_another_encoding(void **state) {
  (void)state;
  assert_says("gr\xC3\xBCn \xE9", "not valid UTF-8: byte E9 in column 6" AMONG);
  assert_says("\xE9 gr\xC3\xBCn", "not valid UTF-8: byte E9 in column 1" AMONG);
}

static void of_several_lines_the_line_is_told(void **state) {
  (void)state;
  assert_says("a\nbc\xE9\n", "not valid UTF-8: byte E9 in line 2, column 3" LATIN1);
  assert_says("\xE9\n", "not valid UTF-8: byte E9 in line 1, column 1" LATIN1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(letters_with_accents_are_latin_1),
      cmocka_unit_test(what_latin_1_has_no_letter_for_is_windows_own),
      cmocka_unit_test(characters_of_utf_8_speak_against_another_encoding),
      cmocka_unit_test(of_several_lines_the_line_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
