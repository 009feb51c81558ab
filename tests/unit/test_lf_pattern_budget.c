/* SPDX-License-Identifier: MIT
 *
 * An end to every match: Lua's string functions in LFs stop when their steps are spent.
 */
#include "../lf/lf_engine.h"

/* The vote on {"text": "x"} of an LF with this body, with its message. */
static int32_t vote(const char *body, uint64_t steps, ws_error *err) {
  lf_engine e;
  char source[1024];
  lf_engine_begin(&e);
  e.options.lua_steps = steps;
  e.options.memory = 64u << 20;
  snprintf(source, sizeof source, "function lf.it(x) %s end", body);
  int32_t found = lf_engine_vote(&e, source, "{\"text\": \"x\"}");
  *err = e.err;
  lf_engine_end(&e);
  return found;
}

/* Each takes minutes or more with Lua's own functions, or a good part of a second. */
static const char *const hostile[] = {
    "('a'):rep(32):find(('a?'):rep(32) .. ('a'):rep(32) .. 'b?c?' .. '[^a]')",
    "('a'):rep(400):find(('.-'):rep(8) .. '[bc]')",
    "('x'):rep(3000):gsub(('.*'):rep(4) .. '[yz]', 'z')",
    "('a'):rep(2e5):find('.-.-[bc]')",
    "('('):rep(2e5):find('%b()')",
    "for _ in ((' '):rep(1e5)):gmatch('%s+.-[xy]') do end",
    "((' '):rep(6e4) .. 'x'):match('^(.-)%s*$')",
    "('a'):rep(3e4):find('(a*)%1b')",
    "while true do pcall(string.find, ('a'):rep(1000), '.-.-.-[bc]') end",
    "while true do pcall(function() pcall(string.gsub, ('a'):rep(1000), '.-b', '') end) "
    "end",
    "local s = ('a'):rep(1e6) while true do s:find('b', 1, true) end",
    "('a'):gsub('a', function() return ('a'):rep(1000):find('.-.-.-[bc]') end)",
    "local t = {} for i = 1, 1e5 do t[i] = i end table.sort(t) table.sort(t)"
    " table.sort(t)",
    "while true do table.unpack({}, 1, 2e5) end",
    "local s = ('9'):rep(6e5) while true do tonumber(s) end",
    "local s = ('\\0'):rep(6e5) while true do string.format('%q', s) end",
    "local s = ('x'):rep(1e6) while true do s:rep(8) end",
    "local t = {} for i = 1, 1e5 do t[i] = '' end while true do table.concat(t) end",
    "local t = {} for i = 1, 1e5 do t[i] = '' end while true do table.insert(t, 1, 1) "
    "end",
};

static void hostile_patterns_stop_within_the_budget(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
    ws_error err = WS_ERROR_INIT;
    int32_t found = vote(hostile[i], 1000000, &err);
    int32_t expected = ws__vote_failed(WS_LF_ERROR_PATTERN);
    if (found != expected) print_error("%s: %d\n", hostile[i], (int)found);
    assert_int_equal(found, expected);
    assert_message(&err, "in 'it': string functions took more than 1000000 steps");
  }
}

/* The same where Lua's own would not stop, and ours finds the answer. */
static void some_hostile_patterns_have_an_answer(void **state) {
  static const char *const bodies[] = {
      "return ('a'):rep(32):find(('a?'):rep(32) .. ('a'):rep(32) .. 'b')",
      "return ('a'):rep(2e5):find('.-.-b')",
      "return (('a.'):rep(2e4)):find('[%w%.]+@[%w%.]+%.%w+')",
      "for _ in ((' '):rep(1e5)):gmatch('%s+x') do end",
      "return ('a'):rep(2e6):find(('a'):rep(1e6) .. 'b', 1, true)",
  };
  (void)state;
  for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
    ws_error err = WS_ERROR_INIT;
    int32_t found = vote(bodies[i], 2000000, &err);
    if (found != WS_ABSTAIN) print_error("%s: %s\n", bodies[i], err.message);
    assert_int_equal(found, WS_ABSTAIN);
  }
}

static void the_budget_is_exact_and_each_call_has_its_own(void **state) {
  static const char body[] =
      "local n = 0 for w in ('ab cd ef'):gmatch('%a+') do n = n + 1 "
      "end return ('ab'):match('(.-)b') and n == 3 and SPAM";
  (void)state;
  ws_error err = WS_ERROR_INIT;
  uint64_t least = 1;
  while (vote(body, least, &err) != 1) least++;
  assert_int_equal(least, 24);
}

/* `slow` and the derived field run out of steps on records with many blanks. */
static void votes_do_not_depend_on_the_number_of_workers(void **state) {
  lf_fixture f;
  ws_buffer text = {0};
  (void)state;
  lf_begin(&f, "HAM,SPAM");
  lf_file(&f, "a.lua",
          "function field.trimmed(x) return x.text:match('^(.-)%s*$') end\n"
          "function lf.first(x) if x.trimmed == 'x' then return HAM end end\n"
          "function lf.slow(x) pcall(string.find, x.text, '.-.-[yz]') return SPAM end\n"
          "function lf.trim(x) if #x.trimmed > 0 then return HAM end end\n");
  for (int i = 0; i < 300; i++)
    assert_ok(ws_buffer_printf(&text, "%*sx\n", i % 7 * 60, ""), NULL);
  lf_data(&f, "r.txt", text.data);
  ws_buffer_clear(&text);
  f.options.lua_steps = 5000;
  f.options.call_cpu_ms = f.options.worker_cpu_ms = 5000;
  f.apply.chunk = 16;
  char *found[2];
  uint64_t errors[2];
  assert_ok(lf_load(&f), &f.err);
  for (unsigned i = 0; i < 2; i++) {
    f.apply.workers = i == 0 ? 1 : 3;
    assert_ok(lf_apply(&f), &f.err);
    found[i] = ws_test_picture(f.votes);
    errors[i] = ws_apply_report_errors(f.report);
  }
  assert_string_equal(found[0], found[1]);
  assert_int_equal(errors[0], errors[1]);
  assert_true(errors[0] >= 100 && errors[0] <= 300);
  free(found[0]);
  free(found[1]);
  lf_end(&f);
}

static void a_derived_field_that_fails_is_paid_for(void **state) {
  static const char source[] =
      "function field.f(x) x.text:find('.-.-[yz]') error('no') end\n"
      "function lf.it(x) while true do pcall(function() return x.f end) end end\n";
  (void)state;
  lf_fixture f;
  lf_begin(&f, "HAM,SPAM");
  lf_file(&f, "a.lua", source);
  lf_data(&f, "r.txt", "some text here\n");
  f.options.call_cpu_ms = f.options.worker_cpu_ms = 5000;
  assert_ok(lf_load(&f), &f.err);
  assert_ok(lf_apply(&f), &f.err);
  assert_string_equal(lf_failure(&f, 0, 0),
                      "a.lua:2: in 'it': string functions took more "
                      "than 1000000 steps");
  lf_end(&f);
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(hostile_patterns_stop_within_the_budget),
      cmocka_unit_test(some_hostile_patterns_have_an_answer),
      cmocka_unit_test(the_budget_is_exact_and_each_call_has_its_own),
      cmocka_unit_test(votes_do_not_depend_on_the_number_of_workers),
      cmocka_unit_test(a_derived_field_that_fails_is_paid_for),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
