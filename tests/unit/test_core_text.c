/* SPDX-License-Identifier: MIT
 *
 * Text, buffers, numbers in text, and "did you mean".
 */
#include <weaksup/csv.h>
#include <weaksup/text.h>

#include "ws_test.h"

#include <stdio.h>

#define TEXT(literal) ((ws_text){literal, sizeof literal - 1})

static void text_compares_by_bytes_shorter_first(void **state) {
  (void)state;
  const ws_text sorted[] = {{NULL, 0},    TEXT("A"),  TEXT("a"), TEXT("a\0"),
                            TEXT("a\0b"), TEXT("ab"), TEXT("b"), TEXT("\xC3\xA9")};
  const int n = sizeof sorted / sizeof *sorted;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      int order = ws_text_compare(sorted[i], sorted[j]);
      assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
      assert_int_equal(ws_text_equal(sorted[i], sorted[j]), i == j);
    }
  assert_true(ws_text_equals(TEXT("ab"), "ab"));
  assert_false(ws_text_equals(TEXT("ab\0"), "ab"));
  assert_true(ws_text_equals((ws_text){NULL, 0}, ""));
}

static void shown_text_is_cut_between_characters(void **state) {
  (void)state;
  char text[300];
  memset(text, 'x', sizeof text);
  assert_int_equal(ws_text_shown((ws_text){text, 200}), 200);
  assert_int_equal(ws_text_shown((ws_text){text, 201}), 200);
  memcpy(text + 198, "\xE2\x82\xAC", 3); // bytes 198, 199, 200
  assert_int_equal(ws_text_shown((ws_text){text, 300}), 198);
  assert_int_equal(ws_text_shown((ws_text){NULL, 0}), 0);
}

static void an_index_is_digits_and_nothing_else(void **state) {
  (void)state;
  uint64_t index = 77;
  const char *const bad[] = {"",
                             "-1",
                             "+1",
                             " 1",
                             "1 ",
                             "1.0",
                             "0x1",
                             "1e3",
                             "one",
                             "18446744073709551616",
                             "99999999999999999999"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(ws_text_to_index(ws_text_of(bad[i]), &index));
  assert_int_equal(index, 77);
  assert_true(ws_text_to_index(TEXT("0"), &index) && index == 0);
  assert_true(ws_text_to_index(TEXT("17"), &index) && index == 17);
  assert_true(ws_text_to_index(TEXT("9999999999999999999"), &index));
  assert_true(index == 9999999999999999999u);
}

static void a_number_is_read_whole_or_not_at_all(void **state) {
  (void)state;
  double number = 77;
  const char *const bad[] = {"",    "+1",   " 1",    "1 ",    "1,5", "0x10", "nan",
                             "inf", "-inf", "1e400", "1.5.2", "e5",  "-",    "."};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(ws_text_to_double(ws_text_of(bad[i]), &number));
  assert_near(number, 77, 0);
  assert_true(ws_text_to_double(TEXT("-2.5e-3"), &number));
  assert_near(number, -0.0025, 0);
  assert_true(ws_text_to_double(TEXT(".5"), &number));
  assert_near(number, 0.5, 0);
  assert_true(ws_text_to_double((ws_text){"123", 2}, &number));
  assert_near(number, 12, 0);
}

/* --- buffers --- */

static void a_buffer_ends_in_a_nul_that_does_not_count(void **state) {
  (void)state;
  ws_buffer out = {0};
  assert_status(WS_OK, ws_buffer_reserve(&out, 0));
  assert_string_equal(out.data, "");
  assert_status(WS_OK, ws_buffer_string(&out, "ab"));
  assert_status(WS_OK, ws_buffer_text(&out, TEXT("c\0d")));
  assert_status(WS_OK, ws_buffer_text(&out, (ws_text){NULL, 0}));
  assert_status(WS_OK, ws_buffer_printf(&out, "%s-%03d", "e", 7));
  assert_int_equal(out.size, 10);
  assert_memory_equal(out.data, "abc\0de-007", 11);
  assert_true(ws_text_equal(ws_buffer_as_text(&out), TEXT("abc\0de-007")));
  ws_buffer_clear(&out);
  assert_null(out.data);
  ws_buffer_clear(&out);
}

static void long_text_goes_through_printf_whole(void **state) {
  (void)state;
  ws_buffer out = {0};
  assert_status(WS_OK, ws_buffer_printf(&out, "%05000d|", 1));
  assert_int_equal(out.size, 5001);
  assert_string_equal(out.data + 4998, "01|");
  ws_buffer_clear(&out);
}

static void *no_memory(void *user, void *ptr, size_t size) {
  (void)user, (void)ptr, (void)size;
  return NULL;
}

static void an_impossible_buffer_is_refused_and_unchanged(void **state) {
  (void)state;
  ws_buffer out = {0};
  assert_status(WS_OK, ws_buffer_string(&out, "kept"));
  assert_status(WS_ENOMEM, ws_buffer_reserve(&out, SIZE_MAX));
  ws_set_allocator(no_memory, NULL);
  ws_status almost = ws_buffer_reserve(&out, SIZE_MAX - 5);
  ws_status half = ws_buffer_append(&out, NULL, SIZE_MAX / 2);
  ws_set_allocator(NULL, NULL);
  assert_status(WS_ENOMEM, almost);
  assert_status(WS_ENOMEM, half);
  assert_string_equal(out.data, "kept");
  ws_buffer_clear(&out);
}

static ws_status fill_buffer(void *user) {
  (void)user;
  ws_buffer out = {0}, lower = {0};
  ws_status status = WS_OK;
  for (int i = 0; status == WS_OK && i < 40; i++)
    status = ws_buffer_printf(&out, "line %d\n", i);
  if (status == WS_OK) status = ws_text_lower(ws_buffer_as_text(&out), &lower);
  if (status == WS_OK) status = ws_csv_cell(&out, TEXT("a,b"));
  ws_buffer_clear(&out);
  ws_buffer_clear(&lower);
  return status;
}

static void a_buffer_without_memory_says_so(void **state) {
  (void)state;
  ws_test_every_allocation_failure(fill_buffer, NULL);
}

static void what_terminals_obey_is_taken_out(void **state) {
  (void)state;
  static const struct {
    const char *text, *clean;
  } cases[] = {
      {"", ""},
      {"gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x8E\xB5",
       "gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x8E\xB5"},
      {"a\x1B[2J\t\n\x7F", "a?[2J???"},
      {"\xC2\x9B"
       "31m\xC2\xA0",
       "??31m\xC2\xA0"},
      {"\xD8\x9C\xE2\x80\x8E\xE2\x80\xAE\xE2\x81\xA9", "???????????"},
      {"\xE2\x80\x8D\xE2\x80\xA7\xE2\x81\xA5", "\xE2\x80\x8D\xE2\x80\xA7\xE2\x81\xA5"},
      {"\xEF\xBB\xBF\xEF\xBB\xBE", "???\xEF\xBB\xBE"},
      {"\xC3\xA4\xFF\xC3\xA4\xE2\x82", "\xC3\xA4?\xC3\xA4??"}, // only what is no UTF-8
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[64];
    snprintf(text, sizeof text, "%s", cases[i].text);
    ws_text_clean(text, strlen(text));
    assert_string_equal(text, cases[i].clean);
    assert_int_equal(ws_text_is_clean(ws_text_of(cases[i].text)),
                     strcmp(cases[i].text, cases[i].clean) == 0);
  }
}

static void csv_cells_are_quoted_where_they_must(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"", ""},           {"plain", "plain"},       {"a b", "a b"},
      {"a,b", "\"a,b\""}, {"\"", "\"\"\"\""},       {"a\nb", "\"a\nb\""},
      {"\r", "\"\r\""},   {" lead", "\" lead\""},   {"trail ", "\"trail \""},
      {"\t", "\"\t\""},   {"\xC3\xA9", "\xC3\xA9"},
  };
  ws_buffer out = {0};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    out.size = 0;
    assert_status(WS_OK, ws_csv_cell(&out, ws_text_of(cases[i][0])));
    assert_string_equal(out.data, cases[i][1]);
  }
  ws_buffer_clear(&out);
}

/* --- did you mean --- */

static const char *meant(const char *word) {
  static const char *const names[] = {"subscribe", "HAM", "SPAM", "a", "check_out"};
  return ws_suggest(ws_text_of(word), names, sizeof names / sizeof *names);
}

static void near_names_are_suggested(void **state) {
  (void)state;
  assert_string_equal(meant("spam"), "SPAM");
  assert_string_equal(meant("SAPM"), "SPAM"); // neighbours swapped
  assert_string_equal(meant("SPM"), "SPAM");
  assert_string_equal(meant("SPAMM"), "SPAM");
  assert_string_equal(meant("HAN"), "HAM");
  assert_string_equal(meant("subscribbe"), "subscribe");
  assert_string_equal(meant("usbscrieb"), "subscribe");
  assert_string_equal(meant("checkout"), "check_out");
  assert_string_equal(meant("subscribe_to_my_channel"), "subscribe");
}

static void far_names_are_not(void **state) {
  (void)state;
  char longest[80];
  memset(longest, 'a', sizeof longest);
  assert_null(meant(""));
  assert_null(meant("b"));
  assert_null(meant("news"));
  assert_null(meant("xubxcxixe"));
  assert_null(ws_suggest((ws_text){longest, sizeof longest}, NULL, 0));
  longest[79] = '\0';
  const char *const names[] = {longest};
  assert_null(ws_suggest((ws_text){longest, 60}, names, 1));
}

static void of_equally_near_names_the_first_is_meant(void **state) {
  (void)state;
  const char *const names[] = {"cat", "bat", "rat"};
  assert_string_equal(ws_suggest(ws_text_of("hat"), names, 3), "cat");
  assert_string_equal(ws_suggest(ws_text_of("bats"), names, 3), "bat");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(text_compares_by_bytes_shorter_first),
      cmocka_unit_test(shown_text_is_cut_between_characters),
      cmocka_unit_test(an_index_is_digits_and_nothing_else),
      cmocka_unit_test(a_number_is_read_whole_or_not_at_all),
      cmocka_unit_test(a_buffer_ends_in_a_nul_that_does_not_count),
      cmocka_unit_test(long_text_goes_through_printf_whole),
      cmocka_unit_test(an_impossible_buffer_is_refused_and_unchanged),
      cmocka_unit_test(a_buffer_without_memory_says_so),
      cmocka_unit_test(what_terminals_obey_is_taken_out),
      cmocka_unit_test(csv_cells_are_quoted_where_they_must),
      cmocka_unit_test(near_names_are_suggested),
      cmocka_unit_test(far_names_are_not),
      cmocka_unit_test(of_equally_near_names_the_first_is_meant),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
