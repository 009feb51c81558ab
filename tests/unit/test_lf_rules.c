/* SPDX-License-Identifier: MIT
 *
 * The language of .rules files, patterns and keyword lists.
 */
#include "../lf/lf_test.h"
#include "keywords.h"
#include "literals.h"
#include "regex.h"
#include "rules.h"

#define TEXT(literal) ((ws_text){literal, sizeof literal - 1})

/* --- rules --- */

static ws_status read_one(const char *text, ws__rule *rule, bool *more, ws_error *err) {
  ws_task *task = ws_test_task("HAM,SPAM,two words");
  ws__rules rules = {"r.rules", task, ws_text_of(text), 0, 0};
  ws_status status = ws__rules_next(&rules, rule, more, err);
  ws_task_free(task);
  return status;
}

static void rules_are_read(void **state) {
  (void)state;
  static const struct {
    const char *line, *name;
    int label;
    const char *field, *pattern, *flags, *list;
  } cases[] = {
      {"a SPAM /b/", "a", 1, "", "b", "", ""},
      {"  a-b.c\t0\t/b c/is  ", "a-b.c", 0, "", "b c", "is", ""},
      {"a \"two words\" /b\\/c/i # why", "a", 2, "", "b\\/c", "i", ""},
      {"a SPAM title ~ /x#y/\r\n", "a", 1, "title", "x#y", "", ""},
      {"a SPAM title~/x/", NULL, 0, "", "", "", ""},
      {"a SPAM \"a ~ b\" ~ /x/", "a", 1, "a ~ b", "x", "", ""},
      {"a SPAM @w.txt # why", "a", 1, "", "", "", "w.txt"},
      {"a SPAM title ~ @\"my words.txt\"", "a", 1, "title", "", "", "my words.txt"},
      {"\xEF\xBB\xBF# c\n\n \t\r\n# @test \"x\" -> SPAM\na 2 /\\\\/", "a", 2, "", "\\\\",
       "", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws__rule rule;
    bool more = false;
    ws_error err = WS_ERROR_INIT;
    if (!cases[i].name) {
      assert_int_equal(read_one(cases[i].line, &rule, &more, &err), WS_ELF);
      continue;
    }
    assert_ok(read_one(cases[i].line, &rule, &more, &err), &err);
    assert_true(more);
    assert_true(ws_text_equals(rule.name, cases[i].name));
    assert_int_equal(rule.label, cases[i].label);
    assert_true(ws_text_equals(rule.field, cases[i].field));
    assert_true(ws_text_equals(rule.pattern, cases[i].pattern));
    assert_true(ws_text_equals(rule.flags, cases[i].flags));
    assert_true(ws_text_equals(rule.list, cases[i].list));
  }
}

static void wrong_rules_are_located(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"1a SPAM /b/", "r.rules:1:1: expected the name of a labeling function"},
      {"a", "r.rules:1:2: expected a class, found the end of the line"},
      {"\na SPAN /b/", "r.rules:2:3: "},
      {"a -1 /b/",
       "r.rules:1:3: expected a class, found '-1': a rule cannot vote to abstain"},
      {"a 3 /b/", "r.rules:1:3: "},
      {"a SPAM", "r.rules:1:7: expected a /pattern/, a @file"},
      {"a SPAM # x", "expected a /pattern/, a @file"},
      {"a SPAM xyz",
       "r.rules:1:8: expected a /pattern/, a @file or the name of a field and "
       "'~', found 'xyz'"},
      {"a SPAM title /x/", "r.rules:1:14: expected '~' behind the name of a field"},
      {"a SPAM title ~ x", "r.rules:1:16: expected a /pattern/ or a @file, found 'x'"},
      {"SPAM /b/", "r.rules:1:6: expected a class, found '/b/': is the name of the rule "
                   "missing in front of the class 'SPAM'?"},
      {"SPAM title ~ /b/", "missing in front of the class 'SPAM'?"},
      {"a /b/", "r.rules:1:3: expected a class behind the name 'a', found '/b/'"},
      {"a SPAM /b", "r.rules:1:8: expected a '/' that ends the pattern"},
      {"a SPAM /b\\/", "expected a '/' that ends the pattern"},
      {"a SPAM /b\\", "expected a '/' that ends the pattern"},
      {"a SPAM //", "r.rules:1:8: expected a pattern, found nothing"},
      {"a SPAM /\xC3\xA4/ x",
       "r.rules:1:12: expected a comment or nothing more, found 'x'"},
      {"a SPAM @", "r.rules:1:9: expected the name of a file"},
      {"a \"SPAM /b/", "r.rules:1:3: expected a second '\"'"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws__rule rule;
    bool more;
    ws_error err = WS_ERROR_INIT;
    assert_int_equal(read_one(cases[i][0], &rule, &more, &err), WS_ELF);
    if (!strstr(err.message, cases[i][1]))
      print_error("%s: %s\n", cases[i][0], err.message);
    assert_non_null(strstr(err.message, cases[i][1]));
  }
}

static void wrong_patterns_are_located(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"ok HAM /a/\nbad SPAM /\xC3\xA4(b/ # x",
       "b.rules:2:14: missing closing parenthesis"},
      {"bad SPAM /ab/iq", "b.rules:1:15: unknown flag 'q'"},
      {"bad SPAM /a\\C/", "b.rules:1:14: using \\C is disabled"},
      {"bad SPAM @no.txt", "b.rules:1:11: "},
      {"bad SPAM @empty.txt", "b.rules:1:11: the list 'empty.txt' is empty"},
      {"bad SPAM @../d.txt", "leads out of the folder"},
      {"a HAM /a/\na HAM /b/", "two labeling functions are called 'a': "},
      {"# nothing", "no labeling function: expected 'function lf.NAME(x)'"},
      {"a HAM /\xFF/", "b.rules: not valid UTF-8"},
  };
  lf_fixture f;
  lf_begin(&f, "HAM,SPAM");
  lf_data(&f, "d.txt", "x");
  lf_file(&f, "empty.txt", "# only this\n\n");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    lf_file(&f, "b.rules", cases[i][0]);
    assert_int_equal(lf_load(&f), WS_ELF);
    if (!strstr(f.err.message, cases[i][1]))
      print_error("%s: %s\n", cases[i][0], f.err.message);
    assert_non_null(strstr(f.err.message, cases[i][1]));
  }
  lf_end(&f);
}

/* --- patterns --- */

static int match(const char *pattern, const char *flags, ws_text subject) {
  ws__regexes *regexes = NULL;
  ws__regex *regex = NULL;
  size_t offset;
  ws_error err = WS_ERROR_INIT;
  assert_int_equal(ws__regexes_new(100000, &regexes), WS_OK);
  assert_ok(ws__regex_new(regexes, ws_text_of(pattern), ws_text_of(flags), &regex,
                          &offset, &err),
            &err);
  int found = ws__regex_match(regex, subject, 0);
  if (found < 0) {
    assert_int_equal(ws__regex_explain(regex, found, &err), WS_ELF);
    assert_message(&err, "the pattern needs more than 100000 steps");
  }
  ws__regex_free(regex);
  ws__regexes_free(regexes);
  return found;
}

static void patterns_are_unicode(void **state) {
  (void)state;
  assert_int_equal(match("\\bstra\xC3\x9F"
                         "e\\b",
                         "",
                         TEXT("die Stra\xC3\x9F"
                              "e")),
                   0);
  assert_int_equal(match("\\bstra\xC3\x9F"
                         "e\\b",
                         "i",
                         TEXT("die Stra\xC3\x9F"
                              "e")),
                   1);
  assert_int_equal(match("\xC3\xA4", "i", TEXT("\xC3\x84")), 1);
  assert_int_equal(match("^\\D$", "", TEXT("\xC3\xA9")), 1);
  assert_int_equal(match("^\\w+$", "", TEXT("\xC3\xA9t\xC3\xA9")), 1);
  assert_int_equal(match("a.b", "s", TEXT("a\nb")), 1);
  assert_int_equal(match("a.b", "", TEXT("a\nb")), 0);
  assert_int_equal(match("^b", "m", TEXT("a\nb")), 1);
  assert_int_equal(match("a b # c", "x", TEXT("ab")), 1);
  assert_int_equal(match("a", "", TEXT("\0a")), 1);
  assert_int_equal(match("a*", "", (ws_text){NULL, 0}), 1);
}

static void a_look_ahead_matches(void **state) {
  (void)state;
  assert_int_equal(match("(?=b)a?b", "", TEXT("ab")), 1);
  assert_int_equal(match("(?!x)a?b", "", TEXT("ab")), 1);
  assert_int_equal(match("(*positive_lookahead:b)a?b", "", TEXT("ab")), 1);
}

static void a_pattern_cannot_hang(void **state) {
  (void)state;
  assert_true(
      match("^(a+)+$", "", TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")) < 0);
  char *long_text = malloc(200000);
  memset(long_text, 'a', 200000);
  long_text[199999] = '!';
  assert_true(match("^(a|a)*$", "", (ws_text){long_text, 200000}) < 0);
  free(long_text);
}

static void patterns_too_large_are_refused(void **state) {
  (void)state;
  ws__regexes *regexes = NULL;
  ws__regex *regex = NULL;
  size_t offset;
  char large[5000];
  memset(large, 'a', sizeof large);
  assert_int_equal(ws__regexes_new(1000, &regexes), WS_OK);
  ws_text texts[] = {{large, sizeof large}, TEXT("(((a{1,500}){1,500}){1,500})")};
  for (size_t i = 0; i < 2; i++)
    assert_int_equal(ws__regex_new(regexes, texts[i], TEXT(""), &regex, &offset, NULL),
                     WS_EPARSE);
  memset(large, '(', 100);
  memset(large + 100, ')', 100);
  assert_int_equal(
      ws__regex_new(regexes, (ws_text){large, 200}, TEXT(""), &regex, &offset, NULL),
      WS_EPARSE);
  ws__regexes_free(regexes);
}

static ws_status make_pattern(void *user) {
  (void)user;
  ws__regexes *regexes = NULL;
  ws__regex *regex = NULL;
  size_t offset;
  ws_status status = ws__regexes_new(1000, &regexes);
  if (status == WS_OK)
    status = ws__regex_new(regexes, TEXT("(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)"), TEXT("i"),
                           &regex, &offset, NULL);
  ws__regex_free(regex);
  ws__regexes_free(regexes);
  return status;
}

/* --- keywords --- */

static bool keyword(const char *words, ws_text text) {
  ws_text entries[16];
  size_t count = 0;
  for (const char *at = words; *at;
       at += strcspn(at, ",") + (at[strcspn(at, ",")] == ','))
    entries[count++] = (ws_text){at, strcspn(at, ",")};
  ws__keywords *keywords = NULL;
  ws_buffer lower = {0};
  assert_ok(ws__keywords_new(entries, count, &keywords, NULL), NULL);
  assert_ok(ws_text_lower(text, &lower), NULL);
  bool found = ws__keywords_match(keywords, ws_buffer_as_text(&lower));
  ws_buffer_clear(&lower);
  ws__keywords_free(keywords);
  return found;
}

static void keywords_are_whole_words_in_any_case(void **state) {
  (void)state;
  assert_true(keyword("art", TEXT("the Art of")));
  assert_true(keyword("art", TEXT("art")));
  assert_false(keyword("art", TEXT("cart arts art_ art1")));
  assert_true(keyword("art", TEXT("cart, art")));
  assert_true(keyword("c++", TEXT("(c++)")));
  assert_true(keyword("c++", TEXT("c++11")));
  assert_false(keyword("c++", TEXT("xc++")));
  assert_true(keyword("check out", TEXT("CHECK OUT!")));
  assert_false(keyword("check out", TEXT("check  out")));
  assert_true(keyword("\xC3\x89T\xC3\x89", TEXT("l'\xC3\xA9t\xC3\xA9")));
  assert_false(keyword("t", TEXT("\xC3\xA9t\xC3\xA9")));
  assert_false(keyword("cafe", TEXT("cafe\xCC\x81"))); // e with a combining accent
  assert_true(keyword("x", TEXT("\xE2\x82\xACx\xE2\x82\xAC")));
  assert_false(keyword("x", TEXT("")));
}

/* However many there are between a letter and the keyword. */
static void combining_marks_belong_to_the_letter_before_them(void **state) {
  (void)state;
  char text[2 + 2 * 40 + 1] = "a";
  for (size_t i = 0; i < 40; i++) memcpy(text + 1 + 2 * i, "\xCC\x81", 2);
  text[81] = 'x';
  assert_false(keyword("x", (ws_text){text, 82}));
  text[0] = '-';
  assert_true(keyword("x", (ws_text){text, 82}));
  assert_true(keyword("\xCC\x81x", (ws_text){text, 82}));
}

static void overlapping_keywords_are_all_tried(void **state) {
  (void)state;
  assert_true(keyword("abcd,bc d,c", TEXT("xabc d")) == false);
  assert_true(keyword("ab,b c", TEXT("a b c")));
  assert_true(keyword("new york city,york", TEXT("new york cityx")));
  assert_true(keyword("he,she,hers,his", TEXT("ushers his")));
  assert_false(keyword("he,she,hers", TEXT("ushers")));
}

static void literals_are_found_everywhere(void **state) {
  (void)state;
  const ws_text words[] = {TEXT("he"), TEXT("she"), TEXT("his"), TEXT("hers"),
                           TEXT("he")};
  const size_t expected[][2] = {{1, 4}, {0, 4}, {3, 6}}; // which, end
  ws__literals *literals = NULL;
  ws__literals_scan scan = {.text = TEXT("ushers")};
  size_t which, end, found = 0;
  assert_ok(ws__literals_new(words, 5, &literals), NULL);
  for (; ws__literals_next(literals, &scan, &which, &end); found++) {
    assert_int_equal(which, expected[found][0]);
    assert_int_equal(end, expected[found][1]);
  }
  assert_int_equal(found, 3);
  ws__literals_free(literals);
}

/* Against the plain search, over all words of two letters in random texts. */
static void literals_agree_with_a_plain_search(void **state) {
  (void)state;
  unsigned seed = 7;
  char text[400];
  for (int round = 0; round < 200; round++) {
    char words[20][6];
    ws_text entries[20];
    for (int w = 0; w < 20; w++) {
      size_t size = 1 + (seed = seed * 1103515245u + 12345u) / 65536u % 5;
      for (size_t i = 0; i < size; i++)
        words[w][i] = (char)('a' + (seed = seed * 1103515245u + 12345u) / 65536u % 3);
      entries[w] = (ws_text){words[w], size};
    }
    for (size_t i = 0; i < sizeof text; i++)
      text[i] = (char)('a' + (seed = seed * 1103515245u + 12345u) / 65536u % 3);
    size_t expected = 0, found = 0, which, end;
    for (int w = 0; w < 20; w++) {
      bool doubled = false;
      for (int v = 0; v < w; v++) doubled |= ws_text_equal(entries[v], entries[w]);
      for (size_t i = 0; !doubled && i + entries[w].size <= sizeof text; i++)
        expected += memcmp(text + i, words[w], entries[w].size) == 0;
    }
    ws__literals *literals = NULL;
    ws__literals_scan scan = {.text = {text, sizeof text}};
    assert_ok(ws__literals_new(entries, 20, &literals), NULL);
    while (ws__literals_next(literals, &scan, &which, &end)) {
      assert_memory_equal(text + end - entries[which].size, words[which],
                          entries[which].size);
      found++;
    }
    assert_int_equal(found, expected);
    ws__literals_free(literals);
  }
}

static ws_status make_keywords(void *user) {
  (void)user;
  const ws_text words[] = {TEXT("alpha"), TEXT("beta gamma"), TEXT("\xC3\x84")};
  ws__keywords *keywords = NULL;
  ws_status status = ws__keywords_new(words, 3, &keywords, NULL);
  ws__keywords_free(keywords);
  return status;
}

static void lack_of_memory_is_survived(void **state) {
  (void)state;
  ws_test_every_allocation_failure(make_keywords, NULL);
  ws_test_every_allocation_failure(make_pattern, NULL);
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rules_are_read),
      cmocka_unit_test(wrong_rules_are_located),
      cmocka_unit_test(wrong_patterns_are_located),
      cmocka_unit_test(patterns_are_unicode),
      cmocka_unit_test(a_look_ahead_matches),
      cmocka_unit_test(a_pattern_cannot_hang),
      cmocka_unit_test(patterns_too_large_are_refused),
      cmocka_unit_test(keywords_are_whole_words_in_any_case),
      cmocka_unit_test(combining_marks_belong_to_the_letter_before_them),
      cmocka_unit_test(overlapping_keywords_are_all_tried),
      cmocka_unit_test(literals_are_found_everywhere),
      cmocka_unit_test(literals_agree_with_a_plain_search),
      cmocka_unit_test(lack_of_memory_is_survived),
  };
  LF_TEST_WORKER(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
