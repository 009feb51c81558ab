/* SPDX-License-Identifier: MIT
 *
 * The Unicode operations: what is valid, what lower case is, what a word is, how wide it
 * is.
 */
#include <weaksup/text.h>

#include "ws_test.h"

#define TEXT(literal) ((ws_text){literal, sizeof literal - 1})

static void valid_utf8_is_told_from_invalid(void **state) {
  (void)state;
  const ws_text good[] = {{NULL, 0},
                          TEXT(""),
                          TEXT("plain"),
                          TEXT("a\0b"),
                          TEXT("\xC3\xA9"),
                          TEXT("\xE2\x82\xAC"),
                          TEXT("\xF0\x9F\x98\x80"),
                          TEXT("\xEF\xBF\xBF"),
                          TEXT("\xF4\x8F\xBF\xBF")};
  const ws_text bad[] = {TEXT("\xC3"),
                         TEXT("\xA9"),
                         TEXT("\xE2\x82"),
                         TEXT("\xF0\x9F\x98"),
                         TEXT("\xC0\x80"),
                         TEXT("\xC1\xBF"),
                         TEXT("\xE0\x80\x80"),
                         TEXT("\xED\xA0\x80"),
                         TEXT("\xED\xBF\xBF"),
                         TEXT("\xF4\x90\x80\x80"),
                         TEXT("\xF0\x80\x80\x80"),
                         TEXT("\xFF"),
                         TEXT("\xFE"),
                         TEXT("abc\xC3(")};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    assert_true(ws_utf8_valid(good[i]));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(ws_utf8_valid(bad[i]));
}

static void one_bad_byte_is_found_anywhere(void **state) {
  (void)state;
  char text[200];
  memset(text, 'x', sizeof text);
  for (size_t i = 0; i < sizeof text; i++) {
    text[i] = '\xE9';
    assert_false(ws_utf8_valid((ws_text){text, sizeof text}));
    text[i] = 'x';
  }
  assert_true(ws_utf8_valid((ws_text){text, sizeof text}));
}

static void lower_case_goes_character_by_character(void **state) {
  (void)state;
  static const struct {
    const char *text, *lower;
  } cases[] = {
      {"", ""},
      {"AZaz@[`{09_", "azaz@[`{09_"},
      {"\xC3\x89T\xC3\x89", "\xC3\xA9t\xC3\xA9"}, // ÉTÉ
      {"\xC4\xB0", "i"},                          // İ: simple mapping, one letter
      {"STRA\xC3\x9F"
       "E",
       "stra\xC3\x9F"
       "e"},                                                    // ß stays
      {"\xE1\xBA\x9E", "\xC3\x9F"},                             // ẞ
      {"\xCE\xA3\xCE\x91\xCE\xA3", "\xCF\x83\xCE\xB1\xCF\x83"}, // ΣΑΣ: no final sigma
      {"\xE2\x84\xAA", "k"},                                    // the Kelvin sign
      {"\xC8\xBA", "\xE2\xB1\xA5"},                     // Ⱥ: two bytes become three
      {"\xF0\x90\x90\x80", "\xF0\x90\x90\xA8"},         // Deseret
      {"\xF0\x9F\x98\x80!", "\xF0\x9F\x98\x80!"},       // an emoji
      {"\xD0\x96\xE4\xB8\xAD", "\xD0\xB6\xE4\xB8\xAD"}, // Ж中
  };
  ws_buffer out = {0};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    out.size = 0;
    assert_status(WS_OK, ws_text_lower(ws_text_of(cases[i].text), &out));
    assert_string_equal(out.data, cases[i].lower);
  }
  ws_buffer_clear(&out);
}

static void lower_case_keeps_nul_and_appends(void **state) {
  (void)state;
  ws_buffer out = {0};
  assert_status(WS_OK, ws_buffer_string(&out, "A"));
  assert_status(WS_OK, ws_text_lower(TEXT("B\0C"), &out));
  assert_int_equal(out.size, 4);
  assert_memory_equal(out.data, "Ab\0c", 5);
  ws_buffer_clear(&out);
}

/* The words of a text, each in brackets. */
static void assert_words(const char *text, const char *expected) {
  ws_buffer out = {0};
  ws_text word;
  assert_status(WS_OK, ws_buffer_reserve(&out, 1));
  for (size_t at = 0; ws_text_next_word(ws_text_of(text), &at, &word);)
    assert_status(WS_OK, ws_buffer_printf(&out, "[%.*s]", WS_TEXT_ARG(word)));
  assert_string_equal(out.data, expected);
  ws_buffer_clear(&out);
}

static void words_are_runs_of_letters_digits_and_underscores(void **state) {
  (void)state;
  assert_words("", "");
  assert_words(" .,!? ", "");
  assert_words("one", "[one]");
  assert_words("check_out my2 channel!", "[check_out][my2][channel]");
  assert_words("don't e-mail", "[don][t][e][mail]");
  assert_words("http://a.b/c?d=1", "[http][a][b][c][d][1]");
  assert_words("_x__", "[_x__]");
}

static void words_of_other_scripts_keep_their_marks(void **state) {
  (void)state;
  assert_words("caf\xC3\xA9 na\xC3\xAFve", "[caf\xC3\xA9][na\xC3\xAFve]");
  assert_words("cafe\xCC\x81s", "[cafe\xCC\x81s]"); // the accent as a mark of its own
  // Hindi: vowel signs and the virama are marks.
  assert_words(
      "\xE0\xA4\xB9\xE0\xA4\xBF\xE0\xA4\xA8\xE0\xA5\x8D\xE0\xA4\xA6\xE0\xA5\x80!",
      "[\xE0\xA4\xB9\xE0\xA4\xBF\xE0\xA4\xA8\xE0\xA5\x8D\xE0\xA4\xA6\xE0\xA5\x80]");
  assert_words("\xE4\xB8\xAD\xE6\x96\x87\xE3\x80\x82\xE5\xAD\x97",
               "[\xE4\xB8\xAD\xE6\x96\x87][\xE5\xAD\x97]"); // a full stop between
  assert_words("\xD9\xA3\xE2\x85\xA7\xC2\xBD", "[\xD9\xA3\xE2\x85\xA7\xC2\xBD]"); // ٣Ⅷ½
  assert_words("a\xE2\x80\xBF"
               "b",
               "[a\xE2\x80\xBF"
               "b]"); // U+203F, a connector
}

static void a_mark_begins_no_word(void **state) {
  (void)state;
  assert_words("\xCC\x81", "");
  assert_words("\xCC\x81"
               "a",
               "[a]");
  assert_words("! \xCC\x81 b\xCC\x81", "[b\xCC\x81]");
}

static void emoji_and_byte_order_marks_are_between_words(void **state) {
  (void)state;
  assert_words("a\xF0\x9F\x98\x80"
               "b",
               "[a][b]");
  assert_words("\xEF\xBB\xBFwith\xEF\xBB\xBF"
               "bom",
               "[with][bom]");
}

static void width_counts_columns(void **state) {
  (void)state;
  assert_int_equal(ws_text_width((ws_text){NULL, 0}), 0);
  assert_int_equal(ws_text_width(TEXT("plain")), 5);
  assert_int_equal(ws_text_width(TEXT("\xC3\xA9")), 1);
  assert_int_equal(ws_text_width(TEXT("e\xCC\x81")), 1);
  assert_int_equal(ws_text_width(TEXT("\xE4\xB8\xAD\xE6\x96\x87")), 4);
  assert_int_equal(ws_text_width(TEXT("\xF0\x9F\x98\x80")), 2);
  assert_int_equal(ws_text_width(TEXT("\t\n\0")), 0);
}

/* What is not validated is no reason to read too far. */
static void bad_bytes_do_no_harm(void **state) {
  (void)state;
  char *bytes = malloc(3); // exactly, so that a sanitizer sees a byte too many
  memcpy(bytes, "a\xF0\x9F", 3);
  ws_text bad = {bytes, 3}, word;
  size_t at = 0;
  ws_buffer out = {0};
  assert_status(WS_OK, ws_text_lower(bad, &out));
  assert_true(ws_utf8_valid(ws_buffer_as_text(&out)));
  assert_true(ws_text_next_word(bad, &at, &word));
  assert_int_equal(word.size, 1);
  assert_false(ws_text_next_word(bad, &at, &word));
  assert_true(ws_text_width(bad) >= 1);
  ws_buffer_clear(&out);
  free(bytes);
}

/* The kinds of ASCII and its lower case are those of Unicode; between other characters
 * they are the same. */
static void characters_of_ascii_are_unicodes(void **state) {
  (void)state;
  for (unsigned c = 0; c < 128; c++) {
    bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                (c >= 'a' && c <= 'z') || c == '_';
    bool space = c == ' ' || (c >= 9 && c <= 13) || (c >= 28 && c <= 31);
    uint32_t lower = c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c, found[3];
    char text[6] = {(char)0xC3, (char)0x89, (char)c, (char)0xCC,
                    (char)0x81}; // "É", U+301
    assert_int_equal(ws_text_chars((ws_text){text + 2, 1}, found), 1);
    assert_int_equal(ws_char_lower(found[0]), lower);
    assert_int_equal(ws_char_kind_of(found[0]), word    ? WS_CHAR_WORD
                                                : space ? WS_CHAR_SPACE
                                                        : WS_CHAR_OTHER);
    uint32_t alone = found[0];
    assert_int_equal(ws_text_chars((ws_text){text, 5}, found), 3);
    assert_int_equal(found[1], alone);
    assert_int_equal(ws_char_lower(found[0]), 0xE9);
    assert_int_equal(ws_char_kind_of(found[2]), WS_CHAR_MARK);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(valid_utf8_is_told_from_invalid),
      cmocka_unit_test(one_bad_byte_is_found_anywhere),
      cmocka_unit_test(lower_case_goes_character_by_character),
      cmocka_unit_test(lower_case_keeps_nul_and_appends),
      cmocka_unit_test(words_are_runs_of_letters_digits_and_underscores),
      cmocka_unit_test(words_of_other_scripts_keep_their_marks),
      cmocka_unit_test(a_mark_begins_no_word),
      cmocka_unit_test(emoji_and_byte_order_marks_are_between_words),
      cmocka_unit_test(width_counts_columns),
      cmocka_unit_test(bad_bytes_do_no_harm),
      cmocka_unit_test(characters_of_ascii_are_unicodes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
