/* SPDX-License-Identifier: MIT
 *
 * Mistakes in functions that are found while a file is loaded, not when the line runs.
 */
#include "../lf/lf_test.h"

static int begin(void **state) {
  lf_fixture *f = calloc(1, sizeof *f);
  lf_begin(f, "HAM,SPAM");
  *state = f;
  return 0;
}

static int end(void **state) {
  lf_end(*state);
  free(*state);
  return 0;
}

/* The file does not load; the message, without the folder in front, is this. */
static void refused(lf_fixture *f, const char *source, const char *message) {
  lf_file(f, "a.lua", source);
  ws_status status = lf_load(f);
  if (status != WS_ELF) print_error("loaded: %s\n", source);
  assert_int_equal(status, WS_ELF);
  assert_string_equal(f->err.message + strlen(f->lfs) + 1, message);
}

static void loads(lf_fixture *f, const char *source) {
  lf_file(f, "a.lua", source);
  ws_status status = lf_load(f);
  if (status != WS_OK) print_error("%s\n%s\n", source, f->err.message);
  assert_int_equal(status, WS_OK);
}

/* --- names -------------------------------------------------------------------------- */

static void a_misspelt_name_is_refused_in_its_line(void **state) {
  lf_fixture *f = *state;
  static const char span[] = "undefined name 'SPAN', did you mean 'SPAM'?";
  static const char *const cases[][2] = {
      {"function lf.a(x)\n  if x.text:find('q') then\n    return SPAN\n  end\nend", "3"},
      {"function lf.a(x)\n  return helper(x)\nend\nfunction helper(x)\n  return SPAN end",
       "5"},
      {"local function helper(x)\n  return SPAN\nend\n"
       "function lf.a(x) return helper(x) end",
       "2"},
      {"function field.f(x)\n  return SPAN end\nfunction lf.a(x) return x.f end", "2"},
      {"function lf.a(x)\n  local function inner()\n    return SPAN\n  end\n"
       "  return inner()\nend",
       "3"},
      {"local t = { deep = { function()\n return SPAN end } }\n"
       "function lf.a(x) return t.deep[1]() end",
       "2"},
      {"lf.a = { label = HAM, run = function(x)\n return SPAN end }", "2"},
      {"function lf.b(x)\n\n return SPAN end\nfunction lf.a(x)\n return SPAN end", "3"},
      {"function lf.b(x)\n local ok = pcall(function()\n return SPAN end) end", "3"},
  };
  char expected[200];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    snprintf(expected, sizeof expected, "a.lua:%s: %s", cases[i][1], span);
    refused(f, cases[i][0], expected);
  }
  refused(f, "function lf.a(x)\n return x.y and\n class.SPAN end",
          "a.lua:3: undefined class 'SPAN', did you mean 'SPAM'?");
}

/* The dump of a function has differences of lines, and now and then a line itself. */
static void lines_far_away_are_found(void **state) {
  lf_fixture *f = *state;
  static const int gaps[] = {1, 126, 127, 128, 129, 300, 5000};
  for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
    ws_buffer source = {0};
    char expected[200];
    assert_ok(ws_buffer_string(&source, "function lf.a(x)\n local n = 0\n"), NULL);
    for (int k = 0; k < 400; k++)
      assert_ok(ws_buffer_string(&source, "n = n + #x.text\n"), NULL);
    for (int k = 0; k < gaps[i]; k++) assert_ok(ws_buffer_string(&source, "\n"), NULL);
    assert_ok(ws_buffer_string(&source, "n = n * 2 return SPAN end\n"), NULL);
    snprintf(expected, sizeof expected,
             "a.lua:%d: undefined name 'SPAN', did you mean 'SPAM'?", 403 + gaps[i]);
    refused(f, source.data, expected);
    ws_buffer_clear(&source);
  }
}

static void names_that_are_there_are_none_of_that(void **state) {
  static const char *const cases[] = {
      "function lf.a(x) return later(x) end function later(x) return LAST end LAST = HAM",
      "function lf.a(x) local _ENV = { n = 1 } return n end",
      "function lf.a(x) local _ENV = { n = 1 } return (function() return n end)() end",
      "local _ENV = { n = 1, lf = lf } function lf.a(x) return n or m end",
      "function lf.a(x) return class.SPAM end",
      "function lf.a(x) local o = { SPAN = 1 } return (x.y and class or o).SPAN end",
      "function lf.a(x) local o = { SPAN = 1 } return (o or class).SPAN end",
      "function lf.a(x) end function unused(x) return SPAN end",
      "function lf.a(x) return lf.b or lf.a(x) end",
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) loads(*state, cases[i]);
}

/* --- calls -------------------------------------------------------------------------- */

static void a_pattern_that_is_none_is_refused(void **state) {
  lf_fixture *f = *state;
  refused(f, "function lf.a(x)\n  if x.y then\n return rx('(abc'):test(x.text) end end",
          "a.lua:3: rx: missing closing parenthesis (at byte 5 of the pattern)");
  refused(f,
          "local function h(s)\n return rx('a', 'q'):test(s) end\n"
          "function lf.a(x) return h(x.text) end",
          "a.lua:2: rx: unknown flag 'q': the flags of a pattern are i, s, m and x");
  loads(f, "function rx(s) return s end function lf.a(x) return rx('(abc') end");
  loads(f, "function lf.a(x) end function unused(s) return rx('('):test(s) end");
}

static void what_reads_files_is_refused_in_functions(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "l.txt", "a\nb\n");
  refused(f, "function lf.a(x)\n return has(x.text, lines 'l.txt') end",
          "a.lua:2: lines(...) must stand outside of all functions: it runs when the "
          "file is loaded");
  refused(f, "function lf.a(x)\n local k = keywords(HAM, {'a'}) end",
          "a.lua:2: keywords(...) must stand outside of all functions: it runs when the "
          "file is loaded");
  refused(f, "function lf.a(x) h() end\nfunction h() return csv('t.csv') end",
          "a.lua:2: csv(...) must stand outside of all functions: it runs when the file "
          "is loaded");
  loads(f, "function list(n) return set(lines(n)) end local l = list('l.txt')\n"
           "function lf.a(x) return l.a and HAM end");
  loads(f, "local u = { list = function(n) return lines(n) end, h = function() end }\n"
           "local l = u.list('l.txt') function lf.a(x) return u.h(l) end");
  loads(f, "function lf.a(x) return lines(x) end function lines(x) return HAM end");
}

/* --- notes -------------------------------------------------------------------------- */

static void noted(lf_fixture *f, size_t i, const char *note) {
  assert_true(i < ws_lf_set_notes(f->set));
  assert_string_equal(ws_lf_set_note(f->set, i) + strlen(f->lfs) + 1, note);
}

static void a_backspace_in_a_pattern_is_noted(void **state) {
  lf_fixture *f = *state;
  static const char text[] = "the pattern holds a backspace, which is what \"\\b\" is in "
                             "Lua: write [[\\b]] or \"\\\\b\"";
  char expected[200];
  loads(f,
        "function lf.a(x)\n return rx('\\bfree\\b'):test(x.text) and HAM end\n"
        "lf.b = { label = HAM, run = rx('\\bcheap', 'i') }\n"
        "local p = rx('\\bcheap', 'i')\n"
        "function lf.c(x) return (p:test(x.text) or rx([[\\b]]):test('')) and HAM end");
  assert_int_equal(ws_lf_set_notes(f->set), 2);
  for (size_t i = 0; i < 2; i++) {
    snprintf(expected, sizeof expected, "a.lua:%zu: %s", i + 2, text);
    noted(f, i, expected);
  }
}

static void an_escape_in_quotes_is_explained(void **state) {
  refused(*state, "\nlf.a = { label = HAM, run = rx('\\d') }",
          "a.lua:2: invalid escape sequence near ''\\d' (write patterns as [[...]])");
}

static void reading_the_gold_label_is_noted(void **state) {
  lf_fixture *f = *state;
  static const char text[] = "reads the gold label x.label: gold is for scores only";
  char expected[200];
  loads(f, "function lf.a(x)\n return x.label end\n"
           "function lf.b(x)\n local function g() return x.label end return g() end\n"
           "lf.c = { label = HAM, field = 'label', run = rx('x') }\n"
           "function field.d(row) return row['label'] end\n"
           "function lf.e(x) for _, x in ipairs(x.t) do local y = x.label end end\n"
           "function lf.f(x) x = x.t return x.label end\n"
           "function lf.g(x) local t = { label = 1 } return t.label end\n");
  assert_int_equal(ws_lf_set_notes(f->set), 4);
  static const int lines[] = {2, 4, 5, 6};
  for (size_t i = 0; i < 4; i++) {
    snprintf(expected, sizeof expected, "a.lua:%d: %s", lines[i], text);
    noted(f, i, expected);
  }
  assert_int_equal(ws_task_set(f->task, WS_TASK_GOLD, (ws_text){"truth", 5}, &f->err),
                   WS_OK);
  loads(f, "function lf.a(x) return x.label end function lf.b(x) return x.truth end");
  assert_int_equal(ws_lf_set_notes(f->set), 1);
  noted(f, 0, "a.lua:1: reads the gold label x.truth: gold is for scores only");
  loads(f, "function field.truth(x) end function lf.b(x) return x.truth end");
  assert_int_equal(ws_lf_set_notes(f->set), 0);
}

static void definitions_without_lf_are_noted(void **state) {
  lf_fixture *f = *state;
  loads(f, "function lf.a(x) return used:test(x.text) and HAM end used = rx('a')\n"
           "third = rx('c')\n"
           "music = keywords(HAM, {\n 'a' })\n"
           "other = { label = HAM, run = function(x) end }\n"
           "plain = { label = HAM } words2 = set { 'a' } number = 1\n"
           "lf.b = { label = HAM, run = rx('b') }\n"
           "song = keywords(HAM, { 'b' }) lf.c = song\n");
  assert_int_equal(ws_lf_set_notes(f->set), 3);
  noted(f, 0,
        "a.lua:2: nothing uses the pattern 'third': did you mean 'lf.third = ...'?");
  noted(f, 1,
        "a.lua:4: nothing uses the keyword list 'music': did you mean 'lf.music = "
        "...'?");
  noted(f, 2, "a.lua:5: nothing uses the table 'other': did you mean 'lf.other = ...'?");
  refused(f, "\nmusic = keywords(HAM, { 'a' })",
          "a.lua:2: nothing uses the keyword list 'music', and the file defines no "
          "labeling function: did you mean 'lf.music = ...'?");
}

static void local_functions_that_nothing_uses_are_noted(void **state) {
  lf_fixture *f = *state;
  loads(f, "local function used(x) return x.text end\n"
           "local function first(x) return SPAM end -- first is one\n"
           "local s = [[\n"
           "first\n"
           "]]\n"
           "local function again(n) return n > 0 and again(n - 1) end\n"
           "function lf.a(x)\n"
           "  local function inner() return 'first' end\n"
           "  return used(x) == s and HAM\n"
           "end\n"
           "local function handed(x) end\n"
           "lf.b = handed\n"
           "local function _unused(x) end\n"
           "local\tfunction last (x) end");
  assert_int_equal(ws_lf_set_notes(f->set), 2);
  noted(f, 0,
        "a.lua:2: nothing uses the local function 'first': did you mean 'function "
        "lf.first(x)'?");
  noted(f, 1,
        "a.lua:14: nothing uses the local function 'last': did you mean 'function "
        "lf.last(x)'?");
  loads(f, "\xEF\xBB\xBFlocal function first(x) end\r\nlf.a = keywords(HAM, {'a'})\r\n"
           "local function second(x) end lf.b = second");
  assert_int_equal(ws_lf_set_notes(f->set), 1);
  noted(f, 0,
        "a.lua:1: nothing uses the local function 'first': did you mean 'function "
        "lf.first(x)'?");
  loads(f, "lf.a = keywords(HAM, {'a'})\r\nlocal function first(x) end\r\n");
  assert_int_equal(ws_lf_set_notes(f->set), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
  const struct CMUnitTest tests[] = {
      TEST(a_misspelt_name_is_refused_in_its_line),
      TEST(lines_far_away_are_found),
      TEST(names_that_are_there_are_none_of_that),
      TEST(a_pattern_that_is_none_is_refused),
      TEST(what_reads_files_is_refused_in_functions),
      TEST(definitions_without_lf_are_noted),
      TEST(local_functions_that_nothing_uses_are_noted),
      TEST(a_backspace_in_a_pattern_is_noted),
      TEST(an_escape_in_quotes_is_explained),
      TEST(reading_the_gold_label_is_noted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
