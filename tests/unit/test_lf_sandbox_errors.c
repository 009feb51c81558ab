/* SPDX-License-Identifier: MIT
 *
 * What Lua code in LFs is told when it goes wrong: in words, and with its line.
 */
#include "../lf/lf_engine.h"

static void a_misspelt_name_is_an_error(void **state) {
  lf_engine *e = *state;
  lf_expect_refused(e, "return SPAN", "undefined name 'SPAN', did you mean 'SPAM'?");
  lf_expect_refused(e, "return tostrin(1)", "did you mean 'tostring'?");
  lf_expect_refused(e, "return zzzzzz", "undefined name 'zzzzzz'");
  lf_expect_refused(e, "return class.SPAN",
                    "undefined class 'SPAN', did you mean 'SPAM'?");
  lf_expect_error(e, "local e = _ENV return e.SPAN",
                  "undefined name 'SPAN', did you mean");
  lf_expect_error(e, "return x.nothing.more",
                  "attempt to index a nil value (field 'nothing')");
  lf_expect_load_error(e, "local a = 1\nlocal b = wrods('')",
                       "a.lua:2: undefined name 'wrods'");
}

static void load_errors_name_the_line(void **state) {
  static const char *const cases[][2] = {
      {"function lf.a(x)\n return if end", "a.lua:2: unexpected symbol near 'if'"},
      {"\n\nerror('no')", "a.lua:3: no"},
      {"error({})", "raised an error that is no text but a table"},
      {"lf.a = 3", "a.lua:1: lf.a: expected a function, keywords(...) or a table of "
                   "options, found a number"},
      {"lf['a b'] = function() end", "must be letters"},
      {"lf[1] = function() end", "must be letters"},
      {"SPAM = 3", "'SPAM' cannot be assigned: it is a class"},
      {"lf = {}", "'lf' cannot be assigned"},
      {"\x1bLua", "attempt to load a binary chunk"},
      {"local a <close> = 3", "a.lua:1: variable 'a' got a non-closable value"},
      {"x = 1", "no labeling function"},
      {"function lf.a(x) end\nfunction lf.a(x) end", "called 'a': "},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    lf_expect_load_error(*state, cases[i][0], cases[i][1]);
}

/* Tables are hashed with a seed that is another one each time. */
static void of_many_errors_the_first_by_name_is_told(void **state) {
  lf_engine *e = *state;
  lf_expect_load_error(e,
                       "function lf.f() z = 1 end\nfunction lf.e() z = 1 end\n"
                       "function lf.c() z = 1 end\nfunction lf.b() z = 1 end\n"
                       "function lf.a() z = 1 end\nfunction lf.d() z = 1 end",
                       "a.lua:5: assigns a global ('z')");
  lf_expect_load_error(e, "cat6, cat2, cat1, cat3, cat5, cat4 = 1, 1, 1, 1, 1, 1\ncat()",
                       "undefined name 'cat', did you mean 'cat1'?");
  lf_expect_load_error(
      e, "lf.a = keywords(SPAM, {a = 1, b = true, c = 2, ['\\xff'] = true})",
      "a list or a set of texts");
  assert_int_equal(
      lf_engine_vote(e,
                     "function field.f(x) return {f = print_, b = {}, e = x, d = {}, "
                     "c = {[x] = 1}, a = function() end} end\nprint_ = lower\n"
                     "function lf.it(x) return x.f end",
                     "{\"text\": \"\"}"),
      WS_VOTE_ERROR);
  assert_message(&e->err, "a derived field must be plain data, found a function");
}

static void run_time_errors_name_line_and_lf(void **state) {
  lf_engine *e = *state;
  assert_int_equal(lf_engine_vote(e,
                                  "local function help(s)\n  return s.x.y\nend\n"
                                  "function lf.it(x) return help(x) end",
                                  "{\"text\": \"\"}"),
                   WS_VOTE_ERROR);
  assert_message(&e->err, "a.lua:2: in 'it': attempt to index a nil value (field 'x')");
  lf_expect_error(e, "error(nil)", "no text but a nil");
  lf_expect_error(e, "error('plain', 0)", "plain");
  lf_expect_error(e, "error(('x'):rep(1000))", "xxx...");
  assert_true(strlen(e->err.message) < 500);
  lf_expect_error(e, "local function f() return f() + 1 end return f()", "memory");
}

int main(void) {
#define TEST(name)                                                                       \
  cmocka_unit_test_setup_teardown(name, lf_engine_setup, lf_engine_teardown)
  const struct CMUnitTest tests[] = {
      TEST(a_misspelt_name_is_an_error),
      TEST(load_errors_name_the_line),
      TEST(of_many_errors_the_first_by_name_is_told),
      TEST(run_time_errors_name_line_and_lf),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
