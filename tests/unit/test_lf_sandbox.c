/* SPDX-License-Identifier: MIT
 *
 * What Lua code in LFs can see and do.
 */
#include "../lf/lf_engine.h"

#include <unistd.h>

static void there_is_no_way_out(void **state) {
  static const char *const names[] = {
      "_G",       "load",   "loadstring",   "loadfile",     "dofile",    "require",
      "io",       "os",     "debug",        "package",      "coroutine", "collectgarbage",
      "print",    "warn",   "getmetatable", "setmetatable", "rawget",    "rawset",
      "rawequal", "rawlen", "xpcall",       "_VERSION"};
  char body[64];
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    snprintf(body, sizeof body, "return %s", names[i]);
    lf_expect_refused(*state, body, "undefined name");
  }
  lf_expect_error(*state, "return string.dump(lf.it)", "attempt to call a nil value");
  lf_expect_error(*state, "return ('x').dump(lf.it)", "attempt to call a nil value");
  lf_expect_error(*state, "return math.random()", "attempt to call a nil value");
  lf_expect_error(*state, "return table.move({}, 1, 1 << 60, 2)",
                  "attempt to call a nil value");
  lf_expect_error(*state, "return string.pack('i', 1)", "attempt to call a nil value");
}

static void nothing_can_be_changed(void **state) {
  lf_engine *e = *state;
  lf_expect_error(e, "local s = string s.lower = 1", "read-only (field 'lower')");
  lf_expect_error(e, "class.SPAM = 3", "the classes cannot be changed");
  lf_expect_error(e, "x.text = 'y'", "a record is read-only (field 'text')");
  lf_expect_error(e, "local y = x.text x.text = y", "a record is read-only");
  lf_expect_error(e, "x.tags[1] = 'y'", "read-only");
  lf_expect_error(e, "table.insert(x.tags, 'y')", "read-only");
  lf_expect_error(e, "table.sort(x.tags, function(a, b) return a > b end)", "read-only");
  lf_expect_error(e, "lf.other = function() end", "outside of all functions");
  lf_expect_error(e, "local e = _ENV e.n = 1", "assigns the global 'n'");
  lf_expect_refused(e, "keywords(SPAM, {'a'})", "outside of all functions");
  lf_expect_refused(e, "lines('a.txt')", "outside of all functions");
}

static void state_between_records_is_refused(void **state) {
  lf_engine *e = *state;
  lf_expect_load_error(e, "local n = 0\nfunction lf.a(x)\n n = n + 1 end",
                       "a.lua:2: assigns a ");
  lf_expect_load_error(e, "function lf.a(x) n = 1 end",
                       "a.lua:1: assigns a global ('n')");
  lf_expect_load_error(e,
                       "local n = 0 local function f() return function() n = 1 end end\n"
                       "function lf.a(x) f()() end",
                       "('n')");
  lf_expect_load_error(e,
                       "local it = ('a b'):gmatch('.') function lf.a(x) return it() end",
                       "an iterator cannot be kept");
  assert_int_equal(lf_engine_run(e,
                                 "local n = 0 local f = function() n = n + 1 end f() f() "
                                 "if n == 2 then return SPAM end"),
                   1);
  lf_file(&e->f, "a.lua",
          "local seen = {deep = {}} function lf.it(x) seen[x.text] = 1 end\n"
          "list = {1} function lf.two(x) list[1] = 2 end\n"
          "function lf.three(x) seen.deep.er = 1 end\n");
  assert_ok(lf_engine_load(e), &e->err);
  lf_engine_take(e, "{\"text\": \"t\"}");
  for (size_t j = 0; j < 3; j++) {
    assert_int_equal(ws__program_vote(e->program, j, &e->err), WS_VOTE_ERROR);
    assert_message(&e->err, "read-only");
  }
}

static void tables_of_a_file_are_read_as_usual(void **state) {
  lf_engine *e = *state;
  const char *source =
      "local t = {'a', 'b', c = {d = 'e'}}\n"
      "function lf.it(x)\n"
      "  local n = 0 for i, v in ipairs(t) do n = n + i end assert(n == 3)\n"
      "  local k = '' for key in pairs(t) do k = k .. tostring(key) end assert(k == "
      "'12c')\n"
      "  assert(#t == 2 and t.c.d == 'e' and table.concat(t) == 'ab' and next(t) == 1)\n"
      "  assert(next(t, 2) == 'c' and next(t, 'c') == nil and select('#', "
      "table.unpack(t)) == 2)\n"
      "  return SPAM end\n";
  int32_t label = lf_engine_vote(e, source, "{\"text\": \"\"}");
  if (label != 1) print_error("%s\n", e->err.message);
  assert_int_equal(label, 1);
}

static void pairs_has_a_fixed_order(void **state) {
  lf_engine *e = *state;
  assert_int_equal(
      lf_engine_run(
          e, "local t = {z=1, [true]=1, a=1, [2]=1, [1.5]=1, [-1]=1, [false]=1}"
             "local s = '' for k, v in pairs(t) do s = s .. tostring(k) .. ' ' end "
             "assert(s == '-1 1.5 2 a z false true ', s) return HAM"),
      0);
  lf_expect_error(e, "for k in pairs({[{}] = 1}) do end", "no fixed order");
  assert_int_equal(lf_engine_run(e, "local s = '' for k, v in pairs(x) do s = s .. k end "
                                    "assert(s == 'ntagstext', s) return HAM"),
                   0);
}

static void addresses_stay_hidden(void **state) {
  lf_engine *e = *state;
  assert_int_equal(
      lf_engine_run(
          e, "assert(tostring({}) == 'table') assert(tostring(pairs) == 'function')"
             "assert(string.format('%s %5.1f', {}, 1.25) == 'table   1.2')"
             "assert(tostring(nil) == 'nil' and tostring(1.5) == '1.5') return HAM"),
      0);
  lf_expect_error(e, "return string.format('%p', {})", "'%p'");
}

static void patterns_match(void **state) {
  lf_engine *e = *state;
  assert_int_equal(
      lf_engine_run(e, "if rx('HELLO', 'i'):test(x.text) then return SPAM end"), 1);
  assert_int_equal(lf_engine_run(e, "local a, b = rx('o w', 'i'):find(x.text) "
                                    "assert(a == 5 and b == 7) return HAM"),
                   0);
  assert_int_equal(lf_engine_run(e, "local a, b = rx('(l+)(z)?'):match(x.text, 5) "
                                    "assert(a == 'l' and b == nil) "
                                    "assert(rx('W.'):match(x.text) == 'Wo') "
                                    "assert(rx('$'):find(x.text, 12) == 12) "
                                    "assert(rx('x'):find(x.text) == nil) return HAM"),
                   0);
  lf_expect_refused(e, "return rx('('):test('')",
                    "missing closing parenthesis (at byte 2");
  lf_expect_refused(e, "return rx('a', 'q'):test('')", "unknown flag 'q'");
  lf_expect_error(e, "return rx('.'):test(('\\u{e9}'):sub(1, 1))", "not valid UTF-8");
  lf_expect_error(e, "return rx('^(a+)+$'):test(('a'):rep(40) .. 'b')",
                  "more than 1000000 steps");
  lf_expect_error(e, "return rx('a'):test(x.nothing)", "string expected, got nil");
}

static void helpers_help(void **state) {
  lf_engine *e = *state;
  lf_file(&e->f, "w.txt", "\xEF\xBB\xBF# list\r\none\r\n\r\n two \n#x\nthree");
  assert_int_equal(
      lf_engine_vote(e,
                     "local w = lines 'w.txt'\nlocal s = set(w)\n"
                     "lf.it = keywords('SPAM', w)\n"
                     "function lf.two(x) assert(#w == 3 and w[2] == 'two' and s.three)\n"
                     "assert(lower('ÄX') == 'äx' and #words(\"it's a b\") == 4)\n"
                     "return SPAM end\nlf.three = keywords(1, s)",
                     "{\"text\": \"is TWO here\"}"),
      1);
  for (size_t j = 1; j < 3; j++)
    assert_int_equal(ws__program_vote(e->program, j, &e->err), 1);
  lf_expect_load_error(e, "lf.a = keywords(SPAN, {'a'})", "undefined name 'SPAN'");
  lf_expect_load_error(e, "lf.a = keywords('SPAN', {'a'})", "did you mean 'SPAM'?");
  lf_expect_load_error(e, "lf.a = keywords(SPAM, {})", "the list is empty");
  lf_expect_load_error(e, "lf.a = keywords(SPAM, {1})", "a list or a set of texts");
  lf_expect_load_error(e, "lf.a = keywords(SPAM, {''})", "an empty text");
  lf_expect_load_error(e, "lines '../d.txt'", "a.lua:1: ");
  lf_expect_load_error(e, "lines '/etc/passwd'", "expected the name of a file");
}

static void files_stay_inside_the_folder(void **state) {
  lf_engine *e = *state;
  free(ws_test_file(e->f.folder, "secret.txt", "x\n", 2));
  lf_expect_load_error(e, "lines '../secret.txt'", "leads out of the folder");
  char *link = lf_join(e->f.lfs, "link.txt"),
       *target = lf_join(e->f.folder, "secret.txt");
  assert_int_equal(symlink(target, link), 0);
  lf_expect_load_error(e, "lines 'link.txt'", "leads out of the folder");
  lf_expect_load_error(e, "lines '.'", "leads out of the folder");
  char *inner = lf_join(e->f.lfs, "inner");
  assert_int_equal(mkdir(inner, 0700), 0);
  lf_expect_load_error(e, "lines 'inner'", "not a regular file");
  free(inner);
  free(link);
  free(target);
}

static void a_global_of_a_file_is_not_seen_in_another(void **state) {
  lf_engine *e = *state;
  lf_file(&e->f, "a.lua", "mine = 1 function lf.a(x) return mine end");
  lf_file(&e->f, "b.lua", "function lf.b(x) return mine end");
  assert_int_equal(lf_engine_load(e), WS_ELF);
  assert_message(&e->err, "b.lua:1: undefined name 'mine'");
}

int main(void) {
#define TEST(name)                                                                       \
  cmocka_unit_test_setup_teardown(name, lf_engine_setup, lf_engine_teardown)
  const struct CMUnitTest tests[] = {
      TEST(there_is_no_way_out),
      TEST(nothing_can_be_changed),
      TEST(state_between_records_is_refused),
      TEST(tables_of_a_file_are_read_as_usual),
      TEST(pairs_has_a_fixed_order),
      TEST(addresses_stay_hidden),
      TEST(patterns_match),
      TEST(helpers_help),
      TEST(files_stay_inside_the_folder),
      TEST(a_global_of_a_file_is_not_seen_in_another),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
