/* SPDX-License-Identifier: MIT
 *
 * What a text must hold for a pattern to match it.
 */
#include "../lf/lf_test.h"
#include "regex.h"
#include "required.h"

#define TEXT(literal) ((ws_text){literal, sizeof literal - 1})

/* --- what patterns require --- */

/* The literals that a pattern requires, with '|' between them. */
static char *required(ws_text pattern, const char *flags) {
  static char shown[1000];
  ws_arena arena = {NULL};
  const ws__literal *first;
  shown[0] = '\0';
  assert_ok(ws__required(pattern, ws_text_of(flags), &arena, &first), NULL);
  for (const ws__literal *at = first; at; at = at->next)
    snprintf(shown + strlen(shown), sizeof shown - strlen(shown), "%s%.*s",
             at == first ? "" : "|", WS_TEXT_ARG(at->text));
  ws_arena_clear(&arena);
  return shown;
}

static void a_pattern_requires_its_plain_parts(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"\\bWater\\s+heaters?\\b", "heater"},
      {"check out", "check out"},
      {"\\b(furnace|heat pumps?|boiler)\\b", "furnace|heat pump|boiler"},
      {"(flower|raised) beds?", "flower|raised"},
      {"a\\/c\\b|\\bair", "a/c|air"},
      {"(foo)?barrel", "barrel"},
      {"(?:foo)+bar{2,3}x*", "foo"},
      {"food{0}barx", "barx"},
      {"zoom|", ""},
      {"zoom|\\d+", ""},
      {"zoom(|s)", "zoom"},
      {"(?<!pilot )light(?!house)", "light"},
      {"^(?!.*hot).*tap$", "tap"},
      {"on.demand[^]b]it", "demand"},
      {"[[:alpha:]x]money", "money"},
      {"\\p{L}\\pLmoney", "money"},
      {"caf\xC3\xA9 latte", " latte"},
      {"\\$\\d+", "$"},
      {"in", ""},
      {"(((deep)))", "deep"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_string_equal(required(ws_text_of(cases[i][0]), "i"), cases[i][1]);
}

static void what_is_not_known_requires_nothing(void **state) {
  (void)state;
  static const char *const cases[] = {
      "(?i)money",      "(?i:money)", "(*ANYCRLF)money", "\\Qmoney\\E", "\\x6doney",
      "mo(?#x)ney",     "(m)oney\\1", "(?<a>money)",     "(?'a'money)", "(?|money)",
      "money(?1)?(x)",  "money{,3}",  "money\\E",        "money[\\Q]",  "money[[:<:]]",
      "money(*ACCEPT)", "money\\o{1}"};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_string_equal(required(ws_text_of(cases[i]), ""), "");
  assert_string_equal(required(TEXT("mo ney"), "ix"), "");
}

/* ws__prefilter_scan counts on it. */
static void two_characters_match_an_ascii_letter_in_the_other_case(void **state) {
  (void)state;
  ws__regexes *regexes = NULL;
  ws__regex *regex = NULL;
  size_t offset, found = 0;
  assert_ok(ws__regexes_new(1000, &regexes), NULL);
  assert_ok(
      ws__regex_new(regexes, TEXT("[\\x00-\\x7f]"), TEXT("i"), &regex, &offset, NULL),
      NULL);
  for (uint32_t c = 0x80; c < 0x110000; c++) {
    if (c >= 0xD800 && c < 0xE000) continue;
    char bytes[4], *at = bytes;
    if (c < 0x800) {
      *at++ = (char)(0xC0 | c >> 6);
    } else {
      if (c >= 0x10000) *at++ = (char)(0xF0 | c >> 18);
      *at++ = (char)(c >= 0x10000 ? 0x80 | (c >> 12 & 0x3F) : 0xE0 | c >> 12);
      *at++ = (char)(0x80 | (c >> 6 & 0x3F));
    }
    *at++ = (char)(0x80 | (c & 0x3F));
    if (!ws__regex_match(regex, (ws_text){bytes, (size_t)(at - bytes)}, 0)) continue;
    assert_true(c == 0x17F || c == 0x212A);
    found++;
  }
  assert_int_equal(found, 2);
  ws__regex_free(regex);
  ws__regexes_free(regexes);
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_pattern_requires_its_plain_parts),
      cmocka_unit_test(what_is_not_known_requires_nothing),
      cmocka_unit_test(two_characters_match_an_ascii_letter_in_the_other_case),
  };
  LF_TEST_WORKER(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
