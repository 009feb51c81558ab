/* SPDX-License-Identifier: MIT
 *
 * What Lua code in LFs can see and do, and what it is told when it goes wrong. The engine
 * runs in this process here, without workers.
 */
#define _XOPEN_SOURCE 700 // setitimer
#include "../lf/lf_test.h"
#include "program.h"

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <weaksup/json.h>

typedef struct engine {
  lf_fixture f;
  ws__program *program;
  ws_json_parser *parser;
  ws_buffer record;
  ws_error err;
} engine;

static void on_loading(void *user, ws__lua *lua, const char *file) {
  (void)user, (void)lua, (void)file;
}

static ws_status load(engine *e) {
  ws__program_options options = {.folder = e->f.lfs,
                                 .task = e->f.task,
                                 .text_field = {"text", 4},
                                 .pattern_steps = 1000000,
                                 .lua_steps = 1000000,
                                 .memory = 16u << 20,
                                 .load_cpu_ms = 1000,
                                 .loading = on_loading};
  ws__program_free(e->program);
  e->program = NULL;
  return ws__program_new(&options, &e->program, &e->err);
}

static int begin(void **state) {
  engine *e = calloc(1, sizeof *e);
  lf_begin(&e->f, "HAM,SPAM,two words");
  assert_int_equal(ws_json_parser_new(&e->parser), WS_OK);
  *state = e;
  return 0;
}

static int end(void **state) {
  engine *e = *state;
  ws__program_free(e->program);
  ws_json_parser_free(e->parser);
  ws_buffer_clear(&e->record);
  lf_end(&e->f);
  free(e);
  return 0;
}

/* The record is a JSON object. */
static void take(engine *e, const char *json) {
  char text[4096];
  e->record.size = 0;
  size_t size = strlen(json);
  assert_true(size + WS_JSON_PADDING < sizeof text);
  memset(text, 0, sizeof text);
  memcpy(text, json, size);
  assert_ok(ws_json_parse(e->parser, (ws_text){text, size}, &e->record, &e->err),
            &e->err);
  ws__program_record(e->program, (ws_value){(const unsigned char *)e->record.data});
}

/* The vote of LF 0 of a file with this text, on a record. */
static int32_t vote(engine *e, const char *source, const char *json) {
  lf_file(&e->f, "a.lua", source);
  assert_ok(load(e), &e->err);
  take(e, json);
  return ws__program_vote(e->program, 0, &e->err);
}

/* With the body of a function. */
static int32_t run(engine *e, const char *body) {
  char source[4096];
  snprintf(source, sizeof source, "function lf.it(x) %s end", body);
  return vote(e, source,
              "{\"text\": \"Hello World\", \"n\": 3, \"tags\": [\"a\", \"b\"]}");
}

#define SEVEN "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
#define EIGHT SEVEN "\xC3\xA4"

static void expect_error(engine *e, const char *body, const char *part) {
  int32_t found = run(e, body);
  bool failed = ws__is_vote_error(found);
  if (!failed) print_error("%s: voted %d\n", body, found);
  assert_true(failed);
  if (!strstr(e->err.message, part)) print_error("%s: %s\n", body, e->err.message);
  assert_non_null(strstr(e->err.message, part));
  assert_non_null(strstr(e->err.message, "/a.lua:1: in 'it': "));
}

static void expect_load_error(engine *e, const char *source, const char *part) {
  lf_file(&e->f, "a.lua", source);
  ws_status status = load(e);
  if (status != WS_ELF) print_error("%s\n", source);
  assert_int_equal(status, WS_ELF);
  if (!strstr(e->err.message, part)) print_error("%s: %s\n", source, e->err.message);
  assert_non_null(strstr(e->err.message, part));
}

/* A function with this body does not load. */
static void expect_refused(engine *e, const char *body, const char *part) {
  char source[4096];
  snprintf(source, sizeof source, "function lf.it(x) %s end", body);
  expect_load_error(e, source, part);
  assert_non_null(strstr(e->err.message, "/a.lua:1: "));
}

static void a_vote_is_a_class_a_name_or_an_index(void **state) {
  engine *e = *state;
  assert_int_equal(run(e, "return SPAM"), 1);
  assert_int_equal(run(e, "return 'SPAM'"), 1);
  assert_int_equal(run(e, "return 1"), 1);
  assert_int_equal(run(e, "return class['two words']"), 2);
  assert_int_equal(run(e, "return 'two words'"), 2);
  assert_int_equal(run(e, "return class.HAM"), 0);
  assert_int_equal(run(e, "return ABSTAIN"), WS_ABSTAIN);
  assert_int_equal(run(e, "return nil"), WS_ABSTAIN);
  assert_int_equal(run(e, ""), WS_ABSTAIN);
}

static void anything_else_is_an_error(void **state) {
  static const char *const cases[][2] = {
      {"return 1.0", "returned the float 1.0, expected a class"},
      {"return 1.5", "returned 1.5, expected a class"},
      {"return 0/0", "expected a class"},
      {"return 3", "returned 3, expected a class index from 0 to 2"},
      {"return -2", "returned -2"},
      {"return 4294967296", "returned 4294967296"},
      {"return {}", "returned a table"},
      {"return true", "returned true, expected a class"},
      {"return #x.text > 99 and SPAM", "instead of 'return test and HAM' write"},
      {"return lf.it", "returned a function"},
      {"return 'SPAN'", "returned 'SPAN', which is no class, did you mean 'SPAM'?"},
      {"return 'SPAM '", "returned 'SPAM '"},
      {"return 'SPAM\\0'", "which is no class"},
      {"return '1'", "returned '1', which is no class"},
      {"return SPAM, HAM", "returned two classes"},
      {"local c = class return c.SPAN", "undefined class 'SPAN', did you mean 'SPAM'?"},
      // 63 bytes would end inside of a character.
      {"return class[('\xC3\xA4'):rep(40)]", EIGHT EIGHT EIGHT SEVEN "...'"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    expect_error(*state, cases[i][0], cases[i][1]);
}

static void a_misspelt_name_is_an_error(void **state) {
  engine *e = *state;
  expect_refused(e, "return SPAN", "undefined name 'SPAN', did you mean 'SPAM'?");
  expect_refused(e, "return tostrin(1)", "did you mean 'tostring'?");
  expect_refused(e, "return zzzzzz", "undefined name 'zzzzzz'");
  expect_refused(e, "return class.SPAN", "undefined class 'SPAN', did you mean 'SPAM'?");
  expect_error(e, "local e = _ENV return e.SPAN", "undefined name 'SPAN', did you mean");
  expect_error(e, "return x.nothing.more",
               "attempt to index a nil value (field 'nothing')");
  expect_load_error(e, "local a = 1\nlocal b = wrods('')",
                    "a.lua:2: undefined name 'wrods'");
}

static void there_is_no_way_out(void **state) {
  static const char *const names[] = {
      "_G",       "load",   "loadstring",   "loadfile",     "dofile",    "require",
      "io",       "os",     "debug",        "package",      "coroutine", "collectgarbage",
      "print",    "warn",   "getmetatable", "setmetatable", "rawget",    "rawset",
      "rawequal", "rawlen", "xpcall",       "_VERSION"};
  char body[64];
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    snprintf(body, sizeof body, "return %s", names[i]);
    expect_refused(*state, body, "undefined name");
  }
  expect_error(*state, "return string.dump(lf.it)", "attempt to call a nil value");
  expect_error(*state, "return ('x').dump(lf.it)", "attempt to call a nil value");
  expect_error(*state, "return math.random()", "attempt to call a nil value");
  expect_error(*state, "return table.move({}, 1, 1 << 60, 2)",
               "attempt to call a nil value");
  expect_error(*state, "return string.pack('i', 1)", "attempt to call a nil value");
}

static void nothing_can_be_changed(void **state) {
  engine *e = *state;
  expect_error(e, "local s = string s.lower = 1", "read-only (field 'lower')");
  expect_error(e, "class.SPAM = 3", "the classes cannot be changed");
  expect_error(e, "x.text = 'y'", "a record is read-only (field 'text')");
  expect_error(e, "local y = x.text x.text = y", "a record is read-only");
  expect_error(e, "x.tags[1] = 'y'", "read-only");
  expect_error(e, "table.insert(x.tags, 'y')", "read-only");
  expect_error(e, "table.sort(x.tags, function(a, b) return a > b end)", "read-only");
  expect_error(e, "lf.other = function() end", "outside of all functions");
  expect_error(e, "local e = _ENV e.n = 1", "assigns the global 'n'");
  expect_refused(e, "keywords(SPAM, {'a'})", "outside of all functions");
  expect_refused(e, "lines('a.txt')", "outside of all functions");
}

static void state_between_records_is_refused(void **state) {
  engine *e = *state;
  expect_load_error(e, "local n = 0\nfunction lf.a(x)\n n = n + 1 end",
                    "a.lua:2: assigns a ");
  expect_load_error(e, "function lf.a(x) n = 1 end", "a.lua:1: assigns a global ('n')");
  expect_load_error(e,
                    "local n = 0 local function f() return function() n = 1 end end\n"
                    "function lf.a(x) f()() end",
                    "('n')");
  expect_load_error(e, "local it = ('a b'):gmatch('.') function lf.a(x) return it() end",
                    "an iterator cannot be kept");
  assert_int_equal(run(e, "local n = 0 local f = function() n = n + 1 end f() f() "
                          "if n == 2 then return SPAM end"),
                   1);
  lf_file(&e->f, "a.lua",
          "local seen = {deep = {}} function lf.it(x) seen[x.text] = 1 end\n"
          "list = {1} function lf.two(x) list[1] = 2 end\n"
          "function lf.three(x) seen.deep.er = 1 end\n");
  assert_ok(load(e), &e->err);
  take(e, "{\"text\": \"t\"}");
  for (size_t j = 0; j < 3; j++) {
    assert_int_equal(ws__program_vote(e->program, j, &e->err), WS_VOTE_ERROR);
    assert_message(&e->err, "read-only");
  }
}

static void tables_of_a_file_are_read_as_usual(void **state) {
  engine *e = *state;
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
  int32_t label = vote(e, source, "{\"text\": \"\"}");
  if (label != 1) print_error("%s\n", e->err.message);
  assert_int_equal(label, 1);
}

static void pairs_has_a_fixed_order(void **state) {
  engine *e = *state;
  assert_int_equal(
      run(e, "local t = {z=1, [true]=1, a=1, [2]=1, [1.5]=1, [-1]=1, [false]=1}"
             "local s = '' for k, v in pairs(t) do s = s .. tostring(k) .. ' ' end "
             "assert(s == '-1 1.5 2 a z false true ', s) return HAM"),
      0);
  expect_error(e, "for k in pairs({[{}] = 1}) do end", "no fixed order");
  assert_int_equal(run(e, "local s = '' for k, v in pairs(x) do s = s .. k end "
                          "assert(s == 'ntagstext', s) return HAM"),
                   0);
}

static void replacements_are_fields_of_the_record(void **state) {
  engine *e = *state;
  int32_t label = vote(e,
                       "function field.d(x) return 'no' end\n"
                       "function lf.it(x)\n"
                       "  local s = ('a d text'):gsub('%w+', x)\n"
                       "  assert(s == 'A d T' and x.d == 'no', s) return SPAM end\n",
                       "{\"text\": \"T\", \"a\": \"A\"}");
  if (label != 1) print_error("%s\n", e->err.message);
  assert_int_equal(label, 1);
}

static void addresses_stay_hidden(void **state) {
  engine *e = *state;
  assert_int_equal(
      run(e, "assert(tostring({}) == 'table') assert(tostring(pairs) == 'function')"
             "assert(string.format('%s %5.1f', {}, 1.25) == 'table   1.2')"
             "assert(tostring(nil) == 'nil' and tostring(1.5) == '1.5') return HAM"),
      0);
  expect_error(e, "return string.format('%p', {})", "'%p'");
}

static void fields_are_typed(void **state) {
  engine *e = *state;
  int32_t label = vote(
      e,
      "function lf.it(x)\n assert(x.text == 'ÄB' and x.lower == 'äb' and x.i == 5)\n"
      "assert(math.type(x.i) == 'integer' and x.d == 1.5 and x.b == false and x.no == "
      "nil)\n"
      "assert(x.absent == nil and x[1] == nil and #x.list == 3 and x.list[3][1] == 2)\n"
      "assert(x.o.k == 'v' and x.o.list == nil) return SPAM end",
      "{\"text\":\"ÄB\",\"i\":5,\"d\":1.5,\"b\":false,\"no\":null,\"list\":[1,\"x\",[2]],"
      "\"o\":{\"k\":\"v\"}}");
  if (label != 1) print_error("%s\n", e->err.message);
  assert_int_equal(label, 1);
}

static void each_record_is_fresh(void **state) {
  engine *e = *state;
  lf_file(&e->f, "a.lua",
          "field.n = function(x) return #x.text end\n"
          "function lf.it(x) if x.n == 1 and x.text == 'a' then return 1 end\n"
          " if x.n == 2 and x.text == 'bb' and x.c == nil then return 0 end end");
  lf_file(&e->f, "b.lua", "function lf.two(x) if x.text == 'a' then return 0 end end");
  assert_ok(load(e), &e->err);
  take(e, "{\"text\": \"a\", \"c\": 1}");
  assert_int_equal(ws__program_vote(e->program, 0, &e->err), 1);
  assert_int_equal(ws__program_vote(e->program, 1, &e->err), 0);
  take(e, "{\"text\": \"bb\"}");
  assert_int_equal(ws__program_vote(e->program, 0, &e->err), 0);
  assert_int_equal(ws__program_vote(e->program, 1, &e->err), WS_ABSTAIN);
}

static void derived_fields_are_computed_once(void **state) {
  engine *e = *state;
  const char *source =
      "function field.words(x) return words(x.lower) end\n"
      "function field.count(x) return #x.words end\n"
      "function field.none(x) return nil end\n"
      "function lf.it(x) assert(x.words == x.words and x.none == nil and x.none == nil)\n"
      " if x.count == 2 and x.words[1] == 'hello' then return SPAM end end\n"
      "function lf.change(x) x.words[1] = 'y' end\n";
  assert_int_equal(vote(e, source, "{\"text\": \"Hello World\"}"), 1);
  assert_int_equal(ws__program_vote(e->program, 1, &e->err), WS_VOTE_ERROR);
  assert_message(&e->err, "read-only");
}

static void derived_fields_that_cannot_be(void **state) {
  engine *e = *state;
  assert_int_equal(vote(e,
                        "function field.a(x) return x.b end\n"
                        "function field.b(x) return x.a end\n"
                        "function lf.it(x) return x.a end",
                        "{\"text\": \"\"}"),
                   WS_VOTE_ERROR);
  assert_message(&e->err, "a.lua:2: in 'it': the derived field 'a' needs itself");
  assert_int_equal(
      vote(e, "function field.n(x) return 1 end function lf.it(x) return x.n end",
           "{\"text\": \"\", \"n\": 3}"),
      WS_VOTE_ERROR);
  assert_message(&e->err, "the derived field 'n' has the name of a field of the record");
  assert_int_equal(vote(e,
                        "function field.f(x) return {function() end} end\n"
                        "function lf.it(x) return x.f end",
                        "{\"text\": \"\"}"),
                   WS_VOTE_ERROR);
  assert_message(&e->err,
                 "in 'it': a derived field must be plain data, found a function");
  expect_load_error(e, "function field.text(x) end", "cannot be called 'text'");
  expect_load_error(e, "field.n = 3", "expected a function, found a number");
}

static void patterns_match(void **state) {
  engine *e = *state;
  assert_int_equal(run(e, "if rx('HELLO', 'i'):test(x.text) then return SPAM end"), 1);
  assert_int_equal(run(e, "local a, b = rx('o w', 'i'):find(x.text) "
                          "assert(a == 5 and b == 7) return HAM"),
                   0);
  assert_int_equal(run(e, "local a, b = rx('(l+)(z)?'):match(x.text, 5) "
                          "assert(a == 'l' and b == nil) "
                          "assert(rx('W.'):match(x.text) == 'Wo') "
                          "assert(rx('$'):find(x.text, 12) == 12) "
                          "assert(rx('x'):find(x.text) == nil) return HAM"),
                   0);
  expect_refused(e, "return rx('('):test('')", "missing closing parenthesis (at byte 2");
  expect_refused(e, "return rx('a', 'q'):test('')", "unknown flag 'q'");
  expect_error(e, "return rx('.'):test(('\\u{e9}'):sub(1, 1))", "not valid UTF-8");
  expect_error(e, "return rx('^(a+)+$'):test(('a'):rep(40) .. 'b')",
               "more than 1000000 steps");
  expect_error(e, "return rx('a'):test(x.nothing)", "string expected, got nil");
}

static void helpers_help(void **state) {
  engine *e = *state;
  lf_file(&e->f, "w.txt", "\xEF\xBB\xBF# list\r\none\r\n\r\n two \n#x\nthree");
  assert_int_equal(
      vote(e,
           "local w = lines 'w.txt'\nlocal s = set(w)\n"
           "lf.it = keywords('SPAM', w)\n"
           "function lf.two(x) assert(#w == 3 and w[2] == 'two' and s.three)\n"
           "assert(lower('ÄX') == 'äx' and #words(\"it's a b\") == 4)\n"
           "return SPAM end\nlf.three = keywords(1, s)",
           "{\"text\": \"is TWO here\"}"),
      1);
  for (size_t j = 1; j < 3; j++)
    assert_int_equal(ws__program_vote(e->program, j, &e->err), 1);
  expect_load_error(e, "lf.a = keywords(SPAN, {'a'})", "undefined name 'SPAN'");
  expect_load_error(e, "lf.a = keywords('SPAN', {'a'})", "did you mean 'SPAM'?");
  expect_load_error(e, "lf.a = keywords(SPAM, {})", "the list is empty");
  expect_load_error(e, "lf.a = keywords(SPAM, {1})", "a list or a set of texts");
  expect_load_error(e, "lf.a = keywords(SPAM, {''})", "an empty text");
  expect_load_error(e, "lines '../d.txt'", "a.lua:1: ");
  expect_load_error(e, "lines '/etc/passwd'", "expected the name of a file");
}

static void files_stay_inside_the_folder(void **state) {
  engine *e = *state;
  free(ws_test_file(e->f.folder, "secret.txt", "x\n", 2));
  expect_load_error(e, "lines '../secret.txt'", "leads out of the folder");
  char *link = lf_join(e->f.lfs, "link.txt"),
       *target = lf_join(e->f.folder, "secret.txt");
  assert_int_equal(symlink(target, link), 0);
  expect_load_error(e, "lines 'link.txt'", "leads out of the folder");
  expect_load_error(e, "lines '.'", "leads out of the folder");
  char *inner = lf_join(e->f.lfs, "inner");
  assert_int_equal(mkdir(inner, 0700), 0);
  expect_load_error(e, "lines 'inner'", "not a regular file");
  free(inner);
  free(link);
  free(target);
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
    expect_load_error(*state, cases[i][0], cases[i][1]);
}

/* Tables are hashed with a seed that is another one each time. */
static void of_many_errors_the_first_by_name_is_told(void **state) {
  engine *e = *state;
  expect_load_error(e,
                    "function lf.f() z = 1 end\nfunction lf.e() z = 1 end\n"
                    "function lf.c() z = 1 end\nfunction lf.b() z = 1 end\n"
                    "function lf.a() z = 1 end\nfunction lf.d() z = 1 end",
                    "a.lua:5: assigns a global ('z')");
  expect_load_error(e, "cat6, cat2, cat1, cat3, cat5, cat4 = 1, 1, 1, 1, 1, 1\ncat()",
                    "undefined name 'cat', did you mean 'cat1'?");
  expect_load_error(e,
                    "lf.a = keywords(SPAM, {a = 1, b = true, c = 2, ['\\xff'] = true})",
                    "a list or a set of texts");
  assert_int_equal(vote(e,
                        "function field.f(x) return {f = print_, b = {}, e = x, d = {}, "
                        "c = {[x] = 1}, a = function() end} end\nprint_ = lower\n"
                        "function lf.it(x) return x.f end",
                        "{\"text\": \"\"}"),
                   WS_VOTE_ERROR);
  assert_message(&e->err, "a derived field must be plain data, found a function");
}

static void run_time_errors_name_line_and_lf(void **state) {
  engine *e = *state;
  assert_int_equal(vote(e,
                        "local function help(s)\n  return s.x.y\nend\n"
                        "function lf.it(x) return help(x) end",
                        "{\"text\": \"\"}"),
                   WS_VOTE_ERROR);
  assert_message(&e->err, "a.lua:2: in 'it': attempt to index a nil value (field 'x')");
  expect_error(e, "error(nil)", "no text but a nil");
  expect_error(e, "error('plain', 0)", "plain");
  expect_error(e, "error(('x'):rep(1000))", "xxx...");
  assert_true(strlen(e->err.message) < 500);
  expect_error(e, "local function f() return f() + 1 end return f()", "memory");
}

static void a_global_of_a_file_is_not_seen_in_another(void **state) {
  engine *e = *state;
  lf_file(&e->f, "a.lua", "mine = 1 function lf.a(x) return mine end");
  lf_file(&e->f, "b.lua", "function lf.b(x) return mine end");
  assert_int_equal(load(e), WS_ELF);
  assert_message(&e->err, "b.lua:1: undefined name 'mine'");
}

static void memory_is_limited_and_comes_back(void **state) {
  engine *e = *state;
  for (int i = 0; i < 2; i++) {
    expect_error(e, "local t = {} while true do t[#t + 1] = {} end", "16 MiB of memory");
    expect_error(e, "while true do pcall(string.rep, 'x', 1e8) end", "16 MiB of memory");
    expect_error(e, "local s = 'x' while true do s = s .. s end", "16 MiB of memory");
    assert_int_equal(run(e, "return SPAM"), 1);
  }
  assert_int_equal(run(e, "if (''):rep(1 << 60) == '' then return SPAM end"), 1);
  assert_int_equal(run(e, "if ('ab'):rep(2, '-') == 'ab-ab' then return SPAM end"), 1);
  assert_int_equal(run(e, "return pcall(error, 'a') and HAM or SPAM"), 1);
}

static ws__lua *to_expire;

static void on_alarm(int signal_number) {
  (void)signal_number;
  ws__lua_expire(to_expire);
}

static void the_time_limit_is_not_caught(void **state) {
  engine *e = *state;
  lf_file(&e->f, "a.lua",
          "function lf.it(x) while true do pcall(function() while true do end "
          "end) end end\nfunction lf.two(x) return SPAM end");
  assert_ok(load(e), &e->err);
  take(e, "{\"text\": \"\"}");
  to_expire = ws__program_lua(e->program);
  signal(SIGALRM, on_alarm);
  struct itimerval soon = {{0, 0}, {0, 20000}};
  assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
  assert_int_equal(ws__program_vote(e->program, 0, &e->err),
                   ws__vote_failed(WS_LF_ERROR_CPU));
  assert_message(&e->err, "in 'it': took more than 1000 ms of CPU time");
  assert_int_equal(ws__program_vote(e->program, 1, &e->err), 1);
}

/* An allocator under which time runs out whenever something is freed. */
static void *expire_on_free(void *user, void *ptr, size_t size) {
  if (size) return realloc(ptr, size);
  ws__lua_expire(user);
  free(ptr);
  return NULL;
}

/* Garbage is collected at the end of a call, which may be when its time runs out. */
static void the_next_call_has_a_time_of_its_own(void **state) {
  engine *e = *state;
  lf_file(&e->f, "a.lua",
          "function lf.it(x) local t = {} for i = 1, 1e5 do t[i] = { i } end return SPAM "
          "end\nfunction lf.two(x) return SPAM end");
  assert_ok(load(e), &e->err);
  take(e, "{\"text\": \"\"}");
  ws_set_allocator(expire_on_free, ws__program_lua(e->program));
  int32_t vote = ws__program_vote(e->program, 0, &e->err);
  ws_set_allocator(NULL, NULL);
  assert_int_equal(vote, 1);
  assert_int_equal(ws__program_vote(e->program, 1, &e->err), 1);
}

static void a_limit_that_is_hit_between_calls_does_not_hit_the_next(void **state) {
  engine *e = *state;
  assert_int_equal(run(e, "for i = 1, 1000 do pcall(error) end return SPAM"), 1);
  ws__lua_expire(ws__program_lua(e->program)); // while garbage is collected, say
  assert_int_equal(ws__program_vote(e->program, 0, &e->err), 1);
}

static ws_status load_program(void *user) {
  engine *e = user;
  ws_status status = load(e);
  ws__program_free(e->program);
  e->program = NULL;
  // Lua reports its own lack of memory as a file that needs too much of it.
  return status == WS_ELF && strstr(e->err.message, "MiB of memory") ? WS_ENOMEM : status;
}

static void lack_of_memory_is_survived(void **state) {
  engine *e = *state;
  lf_file(&e->f, "w.txt", "one\ntwo\n");
  lf_file(&e->f, "a.rules", "r SPAM /x/i\ns HAM @w.txt\nt HAM f ~ /x/");
  lf_file(&e->f, "b.lua",
          "local p = rx('a', 'i')\nlocal t = {a = {1, 2}}\nlf.a = keywords(HAM, lines "
          "'w.txt')\n"
          "function field.w(x) return words(x.lower) end\nfunction lf.b(x) return t.a[1] "
          "end\n");
  ws_test_every_allocation_failure(load_program, e);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
  const struct CMUnitTest tests[] = {
      TEST(a_vote_is_a_class_a_name_or_an_index),
      TEST(anything_else_is_an_error),
      TEST(a_misspelt_name_is_an_error),
      TEST(there_is_no_way_out),
      TEST(nothing_can_be_changed),
      TEST(state_between_records_is_refused),
      TEST(tables_of_a_file_are_read_as_usual),
      TEST(pairs_has_a_fixed_order),
      TEST(replacements_are_fields_of_the_record),
      TEST(addresses_stay_hidden),
      TEST(fields_are_typed),
      TEST(each_record_is_fresh),
      TEST(derived_fields_are_computed_once),
      TEST(derived_fields_that_cannot_be),
      TEST(patterns_match),
      TEST(helpers_help),
      TEST(files_stay_inside_the_folder),
      TEST(load_errors_name_the_line),
      TEST(of_many_errors_the_first_by_name_is_told),
      TEST(run_time_errors_name_line_and_lf),
      TEST(a_global_of_a_file_is_not_seen_in_another),
      TEST(memory_is_limited_and_comes_back),
      TEST(the_time_limit_is_not_caught),
      TEST(the_next_call_has_a_time_of_its_own),
      TEST(a_limit_that_is_hit_between_calls_does_not_hit_the_next),
      TEST(lack_of_memory_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
