/* SPDX-License-Identifier: MIT
 *
 * Folders of which a part does not load: what is left out, why, and that the rest does
 * what it does without it. Some files of these tests make the worker misbehave, see
 * worker().
 */
#include "../lf/lf_test.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <weaksup/lf_tests.h>
#include <weaksup/votes_file.h>

#include "lf_set_priv.h"
#include "rules.h"

static int begin(void **state) {
  lf_setup(state);
  lf_fixture *f = *state;
  lf_data(f, "d.txt", "hello there\nbye now\nhello bye\nnothing\n");
  f->options.keep_going = true;
  return 0;
}

static const char good_lua[] =
    "function lf.hello(x) if x.text:find('hello') then return HAM end end\n";
static const char good_rules[] = "bye SPAM /bye/\nthere HAM /there/\n";

static void good_files(lf_fixture *f) {
  lf_file(f, "m.lua", good_lua);
  lf_file(f, "n.rules", good_rules);
}

/* "LINE KIND NAME,NAME message" of problem i, the message without the folder. */
static void expect(const lf_fixture *f, size_t i, const char *expected) {
  char found[2000];
  assert_true(i < ws_lf_set_problem_count(f->set));
  const ws_lf_problem *problem = ws_lf_set_problem_at(f->set, i);
  int at = snprintf(found, sizeof found, "%d %s ", (int)problem->line,
                    ws_lf_problem_kind_name(problem->kind));
  for (size_t j = 0; j < problem->lf_count; j++)
    at += snprintf(found + at, sizeof found - (size_t)at, "%s%s", j ? "," : "",
                   problem->lfs[j]);
  size_t front = strlen(f->lfs) + 1;
  assert_int_equal(strncmp(problem->file, f->lfs, front - 1), 0);
  assert_int_equal(strncmp(problem->message, f->lfs, front - 1), 0);
  snprintf(found + at, sizeof found - (size_t)at, " %s", problem->message + front);
  assert_string_equal(found, expected);
}

static ws_buffer votes_of(lf_fixture *f) {
  ws_buffer bytes = {0};
  assert_ok(lf_load(f), &f->err);
  assert_ok(lf_apply(f), &f->err);
  assert_ok(ws_votes_encode(f->votes, &bytes), NULL);
  return bytes;
}

static void forget(lf_fixture *f, const char *name) {
  char *path = lf_join(f->lfs, name);
  assert_int_equal(unlink(path), 0);
  free(path);
}

/* --- what is left out --- */

static void nothing_wrong_is_no_problem(void **state) {
  lf_fixture *f = *state;
  good_files(f);
  lf_expect(f, "0-0 -1- 01- ---");
  assert_int_equal(ws_lf_set_problem_count(f->set), 0);
}

static void a_wrong_line_costs_that_rule(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "r.rules",
          "bye SPAM /bye/\n"
          "open SPAM /(/\n"
          "# a comment\n"
          "9x SPAM /a/\n"
          "there SPM /there/\n"
          "list HAM @none.txt\n"
          "list2 HAM @none.txt trailing\n"
          "bare\n"
          "hello HAM /hello/\n");
  lf_expect(f, "-0 1- 10 --");
  assert_int_equal(ws_lf_set_problem_count(f->set), 6);
  expect(f, 0, "2 compile_error open r.rules:2:13: missing closing parenthesis");
  expect(f, 1,
         "4 compile_error  r.rules:4:1: expected the name of a labeling function "
         "(letters, digits, '_', '.', '-'), found '9x'");
  expect(f, 2,
         "5 compile_error there r.rules:5:7: unknown label 'SPM', did you mean 'SPAM'; "
         "the classes are HAM, SPAM");
  const ws_lf_problem *list = ws_lf_set_problem_at(f->set, 3);
  assert_int_equal(list->kind, WS_LF_PROBLEM_LOAD_ERROR);
  assert_string_equal(list->lfs[0], "list");
  expect(f, 4,
         "7 compile_error list2 r.rules:7:21: expected a comment or nothing more, found "
         "'trailing'");
  expect(f, 5,
         "8 compile_error bare r.rules:8:5: expected a class, found the end of the line");
}

static void very_many_wrong_lines_are_counted_together(void **state) {
  lf_fixture *f = *state;
  ws_buffer text = {0};
  for (int i = 0; i < 1500; i++)
    assert_ok(ws_buffer_printf(&text, "wrong%d SPAM /(/\n", i), NULL);
  lf_file(f, "a.rules", text.data);
  good_files(f);
  lf_expect(f, "0-0 -1- 01- ---");
  assert_int_equal(ws_lf_set_problem_count(f->set), 1000);
  assert_int_equal(ws_lf_set_problem_at(f->set, 998)->lf_count, 1);
  assert_int_equal(ws_lf_set_problem_at(f->set, 999)->lf_count, 501);
  ws_buffer_clear(&text);
}

static void a_lua_file_fails_whole(void **state) {
  static const struct {
    const char *source, *expected;
  } cases[] = {
      {"function lf.a(x) return SPAM end\nlf.b = )\n",
       "2 compile_error a,b x.lua:2: unexpected symbol near ')'"},
      {"function lf.a(x) return SPAM end\nlf['b'] = nil .. 'x'\n",
       "2 load_error a,b x.lua:2: attempt to concatenate a nil value"},
      {"function lf.a(x) return SPAM end\nerror('no')\nfunction lf.c(x) end",
       "2 load_error a,c x.lua:2: no"},
      {"local n = 0\nfunction lf.a(x) n = n + 1 end\n",
       "2 load_error a x.lua:2: assigns a variable from outside of the function ('n'): a "
       "labeling function cannot keep anything from one record to the next"},
      {"lf.a = 5",
       "1 load_error a x.lua:1: lf.a: expected a function, keywords(...) or a "
       "table of options, found a number"},
      {"local io = require 'io'", "1 load_error  x.lua:1: undefined name 'require'"},
      {"function lf.a(x) end local s = {}\n"
       "while true do s[#s + 1] = ('x'):rep(1000000) .. #s end",
       "0 memory a x.lua: needs more than 16 MiB of memory"},
      {"function lf.a(x) end local t = ('x'):rep(10000)\n"
       "while true do t:find('.-.-.-y') end",
       "2 time a x.lua:2: string functions took more than 1000000 steps"},
      {"function lf.a(x) end\n\xFF", "0 load_error a x.lua: not valid UTF-8"},
      {"\x1BLua",
       "1 compile_error  x.lua:1: attempt to load a binary chunk (mode is 't')"},
  };
  lf_fixture *f = *state;
  good_files(f);
  f->options.memory = 16 << 20;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    lf_file(f, "x.lua", cases[i].source);
    lf_expect(f, "0-0 -1- 01- ---");
    assert_int_equal(ws_lf_set_problem_count(f->set), 1);
    expect(f, 0, cases[i].expected);
  }
}

/* In all places, and with everything that code can leave behind. */
static void the_others_vote_as_if_it_were_not_there(void **state) {
  static const char leaves_rest[] =
      "local rest = ('x'):rep(6000000)\nfunction lf.keep(x) return #rest end\n"
      "hello = 1 rx('hel+o'):test('') function field.words(x) return 1 end\nerror('no')";
  static const char *const bad[] = {"a.lua", "mm.lua", "z.lua", "o.rules"};
  static const char *const sources[] = {
      leaves_rest,
      "function lf.hello(x) return SPAM end function lf.bye(x) return SPAM end (",
      "string.find = nil lf.third = keywords(SPAM, {'hello'}) field.text = 1",
      "bad SPAM /(/\nhello2 SPAM\n"};
  lf_fixture *f = *state;
  good_files(f);
  lf_file(f, "y.lua",
          "local big = ('y'):rep(6000000)\n"
          "function field.words(x) return words(x.lower) end\n"
          "function lf.long(x) if #x.words > 1 and #big == 6000000 then return HAM end "
          "end\n");
  f->options.memory = 16 << 20;
  ws_buffer expected = votes_of(f);
  assert_int_equal(ws_lf_set_problem_count(f->set), 0);
  for (size_t i = 0; i < 4; i++) lf_file(f, bad[i], sources[i]);
  ws_buffer found = votes_of(f);
  assert_int_equal(ws_lf_set_problem_count(f->set), 5);
  assert_int_equal(found.size, expected.size);
  assert_memory_equal(found.data, expected.data, expected.size);
  f->apply.workers = 3;
  f->apply.chunk = 1;
  ws_buffer again = votes_of(f);
  assert_memory_equal(again.data, expected.data, expected.size);
  ws_buffer_clear(&expected);
  ws_buffer_clear(&found);
  ws_buffer_clear(&again);
}

static void the_second_of_one_name_is_left_out(void **state) {
  lf_fixture *f = *state;
  good_files(f);
  lf_file(f, "o.lua",
          "function lf.hello(x) return SPAM end\nfunction lf.o(x) return HAM end\n"
          "lf.o = keywords(SPAM, {'a'})\n");
  lf_file(f, "p.rules", "hello SPAM /./\nbye HAM @x.txt\n");
  lf_file(f, "x.txt", "there\n");
  lf_expect(f, "0-00 -1-0 01-0 ---0");
  assert_int_equal(ws_lf_set_problem_count(f->set), 4);
  char expected[400];
  snprintf(expected, sizeof expected,
           "1 load_error hello o.lua:1: a labeling function is called 'hello' already: "
           "%s/m.lua:1",
           f->lfs);
  expect(f, 0, expected);
  snprintf(expected, sizeof expected,
           "3 load_error o o.lua:3: a labeling function is called 'o' already: "
           "%s/o.lua:2",
           f->lfs);
  expect(f, 1, expected);
  assert_string_equal(ws_lf_set_problem_at(f->set, 2)->lfs[0], "hello");
  assert_string_equal(ws_lf_set_problem_at(f->set, 3)->lfs[0], "bye");
}

static void nothing_left_is_an_error_that_says_why(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua", "function lf.a(x)");
  lf_file(f, "b.rules", "b SPAM /(/\n");
  assert_int_equal(lf_load(f), WS_ELF);
  assert_message(&f->err, "lfs: no labeling function can be loaded: ");
  assert_message(&f->err, "a.lua:1: 'end' expected near <eof>; ");
  assert_message(&f->err, "b.rules:1:10: missing closing parenthesis");
  forget(f, "a.lua");
  forget(f, "b.rules");
  assert_int_equal(lf_load(f), WS_ELF);
  assert_message(&f->err, "lfs: no labeling function: expected 'function lf.NAME(x)'");
  ws_buffer text = {0};
  for (int i = 0; i < 50; i++)
    assert_ok(ws_buffer_printf(&text, "b%d SPAM /(/\n", i), NULL);
  lf_file(f, "b.rules", text.data);
  assert_int_equal(lf_load(f), WS_ELF);
  assert_message(&f->err, " more");
  ws_buffer_clear(&text);
}

static void without_keep_going_all_of_it_is_an_error(void **state) {
  lf_fixture *f = *state;
  f->options.keep_going = false;
  good_files(f);
  lf_file(f, "r.rules", "open SPAM /(/\n");
  assert_int_equal(lf_load(f), WS_ELF);
  assert_message(&f->err, "r.rules:1:13: missing closing parenthesis");
}

static void what_is_left_out_counts_in_the_digest(void **state) {
  lf_fixture *f = *state;
  char first[33];
  good_files(f);
  for (int i = 0; i < 2; i++) {
    const char *name = i ? "x.rules" : "x.lua", *wrong = i ? "a SPAM /(/" : "(";
    const char *other = i ? "a SPAM /((/" : "((";
    lf_file(f, name, wrong);
    assert_ok(lf_load(f), &f->err);
    memcpy(first, ws_lf_set_digest(f->set), sizeof first);
    lf_file(f, name, other);
    assert_ok(lf_load(f), &f->err);
    assert_string_not_equal(first, ws_lf_set_digest(f->set));
  }
}

static void tests_of_what_is_left_out_are_left_out(void **state) {
  lf_fixture *f = *state;
  ws_lf_tests *tests = NULL;
  lf_file(f, "a.lua", "--- @test \"a\" -> HAM\nfunction lf.a(x)");
  lf_file(f, "b.rules",
          "# @test \"bye\" -> SPAM\nbye SPAM /bye/\n# @test \"x\" -> SPAM\nx SPAM /(/\n"
          "# @test \"there\" -> HAM\nthere HAM /there/\n");
  assert_ok(lf_load(f), &f->err);
  assert_ok(ws_lf_tests_load(f->set, &tests, &f->err), &f->err);
  assert_int_equal(ws_lf_tests_count(tests), 2);
  assert_int_equal(ws_lf_tests_at(tests, 0)->line, 1);
  assert_int_equal(ws_lf_tests_at(tests, 1)->line, 5);
  ws_lf_tests_free(tests);
}

/* --- files that change --- */

static void workers_that_find_something_else_end_the_run(void **state) {
  static const char *const before[] = {"function lf.a(x)", "function lf.a(x) end",
                                       "a SPAM /(/", "a SPAM @w.txt"};
  static const char *const after[] = {"function lf.a(x) end", "function lf.a(x)",
                                      "a SPAM /a/", "a SPAM @w.txt #"};
  lf_fixture *f = *state;
  good_files(f);
  for (size_t i = 0; i < 4; i++) {
    const char *name = i < 2 ? "x.lua" : "x.rules";
    lf_file(f, name, before[i]);
    assert_ok(lf_load(f), &f->err);
    lf_file(f, name, after[i]);
    assert_int_equal(lf_apply(f), WS_ELF);
    assert_message(&f->err, "lfs: changed while it was being applied");
    forget(f, name);
  }
  // A list that comes later.
  lf_file(f, "x.rules", before[3]);
  assert_ok(lf_load(f), &f->err);
  assert_int_equal(ws_lf_set_problem_count(f->set), 1);
  lf_file(f, "w.txt", "word\n");
  assert_int_equal(lf_apply(f), WS_ELF);
  assert_message(&f->err, "lfs: changed while it was being applied");
}

/* --- names in sources --- */

static void names_are_found_in_the_text(void **state) {
  static const struct {
    const char *source, *names;
  } cases[] = {
      {"function lf.a(x) end lf.b = 1 lf [ 'c-d' ] = 2 lf.  e\n= 3", "a b c-d e"},
      {"-- function lf.a()\n--[[ lf.b = 1\n lf.c = 1 ]] lf.d = 1", "d"},
      {"--[==[ ]] lf.b = 1 ]=] ]==] lf.d = 1", "d"},
      {"x = 'lf.a = 1' y = \"lf.b = \\\" lf.c = 1\" z = [[ lf.d = 1 ]] lf.e = 1", "e"},
      {"x = 'open lf.a = 1\nlf.b = 1 [[ open lf.c = 1", "b c"},
      {"--[[ lf.a = 1", ""},
      {"if lf.a == 1 then lf.b() end t.lf.c = 1 t:lf.d = 2 elf.f = 1 lf.g.h = 1 f(lf.i)",
       ""},
      {"function lf.a.b(x) end function lf:c() end local function lf", ""},
      {"lf.a = lf.b lf.a = 1", "a"},
      {"lf['\xC3\xA4'] = 1 lf[''] = 1 lf[a] = 2 lf['x", ""},
      {"lf", ""},
      {"lf.", ""},
      {"lf['a'", ""},
      {"lf['ab\n] = 1 lf['c'\n] = 1", "c"},
      {"[[[[[[[=[=[==[", ""},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws__problems problems = {0};
    ws_buffer found = {0};
    ws_text source = ws_text_of(cases[i].source);
    assert_ok(ws__problems_add(&problems, "a.lua", 0, WS_LF_PROBLEM_KILLED, "x"), NULL);
    assert_ok(ws__problems_add_names_of(&problems, "a.lua", source), NULL);
    assert_ok(ws_buffer_reserve(&found, 1), NULL);
    found.data[0] = '\0';
    for (size_t j = 0; j < problems.items[0].lf_count; j++)
      assert_ok(ws_buffer_printf(&found, "%s%s", j ? " " : "", problems.items[0].lfs[j]),
                NULL);
    assert_string_equal(found.data, cases[i].names);
    ws_buffer_clear(&found);
    ws__problems_clear(&problems);
  }
}

/* Of any text, in a block of its size so that a byte too far is seen: what is found is a
 * name, and stands there. */
static void any_text_can_be_searched(void **state) {
  static const char *const parts[] = {"lf", ".",  "a",  "=",         "[",    "]",
                                      "\"", "'",  "--", "[[",        "]]",   "[=[",
                                      "\\", "\n", " ",  "function ", "\xC3", "("};
  uint32_t random = 1;
  (void)state;
  for (int round = 0; round < 20000; round++) {
    ws_buffer text = {0};
    for (uint32_t left = random % 30 + 1; left; left--) {
      random = random * 1664525u + 1013904223u;
      size_t part = (random >> 16) % (sizeof parts / sizeof *parts);
      assert_ok(ws_buffer_string(&text, parts[part]), NULL);
    }
    char *exact = malloc(text.size);
    assert_non_null(exact);
    memcpy(exact, text.data, text.size);
    ws__problems problems = {0};
    const char *file = round % 2 ? "a.lua" : "a.rules";
    assert_ok(ws__problems_add(&problems, file, 0, WS_LF_PROBLEM_KILLED, "x"), NULL);
    assert_ok(ws__problems_add_names_of(&problems, file, (ws_text){exact, text.size}),
              NULL);
    for (size_t j = 0; j < problems.items[0].lf_count; j++) {
      assert_true(ws__is_lf_name(ws_text_of(problems.items[0].lfs[j])));
      assert_non_null(strstr(text.data, problems.items[0].lfs[j]));
    }
    ws__problems_clear(&problems);
    ws_buffer_clear(&text);
    free(exact);
  }
}

/* --- workers that do not come back --- */

static ws_status load_within(lf_fixture *f, unsigned cpu_ms, unsigned wall_ms) {
  ws__load_limits limits = {cpu_ms, 2 * cpu_ms, wall_ms};
  ws_lf_set_free(f->set);
  f->set = NULL;
  return ws__lf_set_load(f->lfs, f->task, &f->options, &limits, &f->set, &f->err);
}

static void files_that_take_too_long(void **state) {
  lf_fixture *f = *state;
  ws_buffer rules = {0};
  good_files(f);
  lf_file(f, "a.lua", "function lf.a(x) end\nwhile true do end");
  lf_file(f, "b.lua", "function lf.b(x) end\nwhile true do pcall(error) end");
  for (int i = 0; i < 12000; i++)
    assert_ok(ws_buffer_printf(&rules, "r%d SPAM /(\\w+|\\pL{2,%d}){2,9}[0-%d]x+$/i\n", i,
                               i % 90 + 10, i % 10),
              NULL);
  lf_file(f, "c.rules", rules.data);
  assert_ok(load_within(f, 100, 20000), &f->err);
  assert_int_equal(ws_lf_set_problem_count(f->set), 3);
  expect(f, 0, "2 time a a.lua:2: took more than 100 ms of CPU time");
  expect(f, 1, "2 time b b.lua:2: took more than 100 ms of CPU time");
  const ws_lf_problem *slow = ws_lf_set_problem_at(f->set, 2);
  assert_int_equal(slow->kind, WS_LF_PROBLEM_TIME);
  assert_non_null(
      strstr(slow->message, "c.rules: cannot be loaded: took more than 200 ms of CPU"));
  assert_int_equal(slow->lf_count, 1000);
  assert_int_equal(ws_lf_set_count(f->set), 3);
  assert_ok(lf_apply(f), &f->err); // the same are left out of other workers
  ws_buffer_clear(&rules);
}

static void files_in_which_the_worker_ends(void **state) {
  lf_fixture *f = *state;
  good_files(f);
  lf_file(f, "crash.lua", "function lf.c(x) end");
  lf_file(f, "hang.lua", "function lf.h(x) end");
  lf_file(f, "kill.rules", "k HAM /k/\nl HAM /l/\n");
  lf_file(f, "wrong.lua", "function lf.w(x)");
  assert_ok(load_within(f, 5000, 2000), &f->err);
  assert_int_equal(ws_lf_set_problem_count(f->set), 4);
  expect(f, 0,
         "0 killed c crash.lua: cannot be loaded: its worker process ended with exit "
         "code 7");
  expect(f, 1, "0 time h hang.lua: not loaded after 2000 ms");
  expect(f, 2,
         "0 killed k,l kill.rules: cannot be loaded: its worker process died of signal "
         "9");
  expect(f, 3, "1 compile_error w wrong.lua:1: 'end' expected near <eof>");
  assert_int_equal(ws_lf_set_count(f->set), 3);
  assert_ok(lf_apply(f), &f->err);
  f->options.keep_going = false;
  assert_int_equal(load_within(f, 5000, 2000), WS_ELF);
  assert_message(&f->err, "crash.lua: cannot be loaded: its worker process ended with");
}

static void a_worker_that_somebody_kills_once_is_no_problem(void **state) {
  lf_fixture *f = *state;
  good_files(f);
  lf_file(f, "once.rules", "k HAM /hello/\n");
  assert_ok(lf_load(f), &f->err);
  assert_int_equal(ws_lf_set_problem_count(f->set), 0);
  assert_int_equal(ws_lf_set_count(f->set), 4);
}

static void a_worker_that_ends_elsewhere_is_an_error(void **state) {
  lf_fixture *f = *state;
  good_files(f);
  lf_file(f, "elsewhere.rules", "k HAM /hello/\n");
  assert_int_equal(lf_load(f), WS_ELF);
  assert_message(&f->err, "ended with exit code 7");
}

/* --- workers that lie --- */

static void lies_are_found_out(void **state) {
  static const char *const names[] = {
      "lie-again-nothing.rules", "lie-again-unknown.rules", "lie-again-twice.rules",
      "lie-kind.rules",          "lie-name.rules",          "lie-names.rules",
      "lie-count.rules",         "lie-nul.rules",           "lie-short.rules",
      "lie-none.rules"};
  lf_fixture *f = *state;
  good_files(f);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    lf_file(f, names[i], "k HAM /k/\n");
    assert_int_equal(lf_load(f), WS_ELF);
    assert_message(&f->err, i == 1 ? "lfs: changed while it was being loaded"
                                   : "a worker process sent something unexpected");
    forget(f, names[i]);
  }
  f->options.keep_going = false;
  lf_file(f, "lie-again.rules", "k HAM /k/\n");
  assert_int_equal(lf_load(f), WS_ELF);
  assert_message(&f->err, "a worker process sent something unexpected");
  forget(f, "lie-again.rules");
  lf_file(f, "lie-bytes.rules", "k HAM /k/\n");
  assert_int_equal(lf_load(f), WS_ELF);
  assert_message(&f->err, "a worker process sent something unexpected");
}

static void texts_of_workers_are_cleaned(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "lie-bytes.rules", "k HAM /k/\n");
  assert_ok(lf_load(f), &f->err);
  const ws_lf_problem *problem = ws_lf_set_problem_at(f->set, 0);
  assert_string_equal(problem->file, "a?b");
  assert_string_equal(problem->message, "x?\xC3\xA4?[31m??y???");
}

/* The misbehaviour that the name of a file asks for. */

static bool is_called(const char *path, const char *name) {
  return strstr(strrchr(path, '/'), name) != NULL;
}

static void send_frame(const ws_buffer *payload) {
  ws__frame frame = {WS__FRAME_LOADED, (uint32_t)payload->size};
  if (send(WS__FD_SOCKET, &frame, sizeof frame, 0) != (ssize_t)sizeof frame ||
      send(WS__FD_SOCKET, payload->data, payload->size, 0) != (ssize_t)payload->size)
    _exit(8);
}

#define NUMBER(number) assert_ok(ws_bytes_put(&out, (number), 8), NULL)
#define TEXT(text)     assert_ok(ws_bytes_put_text(&out, ws_text_of(text)), NULL)

static void put_problem(ws_buffer *to, const char *file, uint64_t kind,
                        const char *message) {
  ws_buffer out = *to;
  TEXT(file);
  NUMBER(1);
  NUMBER(kind);
  TEXT(message);
  *to = out;
}

static void lie_again(const char *path) {
  ws_buffer out = {0};
  NUMBER(WS__LOAD_AGAIN);
  NUMBER(is_called(path, "nothing") ? 0 : is_called(path, "twice") ? 2 : 1);
  for (int i = 0; i < 2; i++) {
    put_problem(&out, is_called(path, "unknown") ? "other" : path, 0, "x");
    NUMBER(0);
  }
  send_frame(&out);
}

static void lie(const char *path) {
  ws_buffer out = {0};
  NUMBER(WS_OK);
  TEXT("0123456789abcdef0123456789abcdef");
  NUMBER(is_called(path, "none") ? 0 : 1);
  NUMBER(is_called(path, "none") ? 0 : is_called(path, "count") ? UINT64_MAX : 1);
  bool bytes = is_called(path, "bytes");
  if (!is_called(path, "none"))
    put_problem(&out,
                bytes ? "a\xFF"
                        "b"
                      : "a",
                is_called(path, "kind") ? 5 : 0,
                bytes ? "x\n\xC3\xA4\x1B[31m\xC2\x9By\xE2\x80\xAE" : "x");
  if (is_called(path, "nul")) out.data[out.size - 1] = '\0';
  NUMBER(is_called(path, "names") ? UINT64_MAX : 1);
  TEXT(is_called(path, "name") ? "no name" : "k");
  if (is_called(path, "short")) out.size -= 1;
  TEXT("k");
  TEXT("k.rules");
  NUMBER(WS_LF_RULE);
  NUMBER(1);
  NUMBER(0);
  for (uint64_t i = 1; i <= 4; i++) NUMBER(i); // its keys
  NUMBER(0);                                   // its prior: none
  TEXT("");                                    // its field: the text
  NUMBER(0);                                   // notes
  send_frame(&out);
}

static void misbehave(ws__shared *shared, const char *path) {
  strncpy(shared->loading, path, sizeof shared->loading - 1);
  atomic_store(&shared->blame.seq, is_called(path, "elsewhere") ? 2 : 1);
  if (is_called(path, "elsewhere") || is_called(path, "crash")) _exit(7);
  if (is_called(path, "hang")) pause();
  if (is_called(path, "kill")) raise(SIGKILL);
  if (is_called(path, "once")) {
    char marker[600];
    snprintf(marker, sizeof marker, "%s.done", path);
    int fd = open(marker, O_CREAT | O_EXCL, 0600);
    if (fd >= 0) raise(SIGKILL);
  }
  if (is_called(path, "lie-again"))
    lie_again(path);
  else if (is_called(path, "lie-"))
    lie(path);
  else
    atomic_store(&shared->blame.seq, 0);
  if (is_called(path, "lie-")) pause(); // killed by the parent
}

static int worker(int argc, char **argv) {
  struct stat info;
  ws__worker_init init;
  ws_task *task = NULL;
  ws__files *files = NULL;
  char folder[500];
  ws_error err;
  if (fstat(WS__FD_MEMORY, &info) != 0) return 9;
  ws__shared *shared = mmap(NULL, (size_t)info.st_size, PROT_READ | PROT_WRITE,
                            MAP_SHARED, WS__FD_MEMORY, 0);
  ws_text bytes = {(const char *)(shared + 1), shared->init_size};
  if (ws__take_init(bytes, &init, &task) != WS_OK) return 9;
  snprintf(folder, sizeof folder, "%.*s", (int)init.folder.size, init.folder.data);
  if (ws__files_open(folder, &files, &err) == WS_OK)
    for (size_t i = 0; i < ws__files_count(files); i++)
      if (!ws__problems_find(&init.outside, ws__files_path(files, i)))
        misbehave(shared, ws__files_path(files, i));
  ws__files_free(files);
  ws__problems_clear(&init.outside);
  ws_task_free(task);
  munmap(shared, (size_t)info.st_size);
  return ws_lf_worker_main(argc, argv);
}

/* --- without memory --- */

static ws_status pass_problems_on(void *user) {
  ws__problems from = {0}, to = {0};
  ws_buffer bytes = {0};
  (void)user;
  ws_status status =
      ws__problems_add(&from, "a.lua", 1, WS_LF_PROBLEM_TIME, "a.lua:1: x");
  if (status == WS_OK)
    status = ws__problems_add_names_of(&from, "a.lua",
                                       ws_text_of("lf.a = 1 lf.b = 1 lf.c = 1"));
  if (status == WS_OK) status = ws__put_problems(&bytes, &from);
  ws_bytes wire = ws_bytes_of(ws_buffer_as_text(&bytes));
  if (status == WS_OK) status = ws__take_problems(&wire, &to);
  if (status == WS_OK) {
    assert_int_equal(to.items[0].lf_count, 3);
    assert_string_equal(to.items[0].lfs[2], "c");
  }
  ws__problems_clear(&from);
  ws__problems_clear(&to);
  ws_buffer_clear(&bytes);
  return status;
}

static void problems_survive_a_lack_of_memory(void **state) {
  (void)state;
  ws_test_every_allocation_failure(pass_problems_on, NULL);
}

int main(int argc, char **argv) {
#define TEST_IN(name) cmocka_unit_test_setup_teardown(name, begin, lf_teardown)
  const struct CMUnitTest tests[] = {
      TEST_IN(nothing_wrong_is_no_problem),
      TEST_IN(a_wrong_line_costs_that_rule),
      TEST_IN(very_many_wrong_lines_are_counted_together),
      TEST_IN(a_lua_file_fails_whole),
      TEST_IN(the_others_vote_as_if_it_were_not_there),
      TEST_IN(the_second_of_one_name_is_left_out),
      TEST_IN(nothing_left_is_an_error_that_says_why),
      TEST_IN(without_keep_going_all_of_it_is_an_error),
      TEST_IN(what_is_left_out_counts_in_the_digest),
      TEST_IN(tests_of_what_is_left_out_are_left_out),
      TEST_IN(workers_that_find_something_else_end_the_run),
      cmocka_unit_test(names_are_found_in_the_text),
      cmocka_unit_test(any_text_can_be_searched),
      TEST_IN(files_that_take_too_long),
      TEST_IN(files_in_which_the_worker_ends),
      TEST_IN(a_worker_that_somebody_kills_once_is_no_problem),
      TEST_IN(a_worker_that_ends_elsewhere_is_an_error),
      TEST_IN(lies_are_found_out),
      TEST_IN(texts_of_workers_are_cleaned),
      cmocka_unit_test(problems_survive_a_lack_of_memory),
  };
  if (argc > 1 && strcmp(argv[1], WS_LF_WORKER_ARG) == 0) return worker(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
