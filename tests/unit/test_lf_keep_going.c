/* SPDX-License-Identifier: MIT
 *
 * Folders of which a part does not load: what is left out, why, and that the rest does
 * what it does without it.
 */
#include "../lf/lf_broken.h"

#include <weaksup/lf_tests.h>
#include <weaksup/votes_file.h>

static ws_buffer votes_of(lf_fixture *f) {
  ws_buffer bytes = {0};
  assert_ok(lf_load(f), &f->err);
  assert_ok(lf_apply(f), &f->err);
  assert_ok(ws_votes_encode(f->votes, &bytes), NULL);
  return bytes;
}

/* --- what is left out --- */

static void nothing_wrong_is_no_problem(void **state) {
  lf_fixture *f = *state;
  lf_broken_good_files(f);
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
  lf_broken_expect(f, 0,
                   "2 compile_error open r.rules:2:13: missing closing parenthesis");
  lf_broken_expect(
      f, 1,
      "4 compile_error  r.rules:4:1: expected the name of a labeling function "
      "(letters, digits, '_', '.', '-'), found '9x'");
  lf_broken_expect(
      f, 2,
      "5 compile_error there r.rules:5:7: unknown label 'SPM', did you mean 'SPAM'; "
      "the classes are HAM, SPAM");
  const ws_lf_problem *list = ws_lf_set_problem_at(f->set, 3);
  assert_int_equal(list->kind, WS_LF_PROBLEM_LOAD_ERROR);
  assert_string_equal(list->lfs[0], "list");
  lf_broken_expect(
      f, 4,
      "7 compile_error list2 r.rules:7:21: expected a comment or nothing more, found "
      "'trailing'");
  lf_broken_expect(
      f, 5,
      "8 compile_error bare r.rules:8:5: expected a class, found the end of the line");
}

static void very_many_wrong_lines_are_counted_together(void **state) {
  lf_fixture *f = *state;
  ws_buffer text = {0};
  for (int i = 0; i < 1500; i++)
    assert_ok(ws_buffer_printf(&text, "wrong%d SPAM /(/\n", i), NULL);
  lf_file(f, "a.rules", text.data);
  lf_broken_good_files(f);
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
      {"local io = require 'io'", "1 load_error  x.lua:1: undefined name 'require': "
                                  "there are no modules, what a file needs stands in it"},
      {"function lf.a(x) end local s = {}\n"
       "while true do s[#s + 1] = ('x'):rep(1000000) .. #s end",
       "0 memory a x.lua: needs more than 16 MiB of memory"},
      {"function lf.a(x) end local t = ('x'):rep(10000)\n"
       "while true do t:find('.-.-.-y') end",
       "2 time a x.lua:2: string functions took more than 1000000 steps"},
      {"function lf.a(x) end\n\xFF",
       "0 load_error a x.lua: not valid UTF-8: byte FF in line 2, column 1 (if it is "
       "Latin-1: iconv -f ISO-8859-1 -t UTF-8 FILE > NEW)"},
      {"\x1BLua",
       "1 compile_error  x.lua:1: attempt to load a binary chunk (mode is 't')"},
  };
  lf_fixture *f = *state;
  lf_broken_good_files(f);
  f->options.memory = 16 << 20;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    lf_file(f, "x.lua", cases[i].source);
    lf_expect(f, "0-0 -1- 01- ---");
    assert_int_equal(ws_lf_set_problem_count(f->set), 1);
    lf_broken_expect(f, 0, cases[i].expected);
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
  lf_broken_good_files(f);
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
  lf_broken_good_files(f);
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
  lf_broken_expect(f, 0, expected);
  snprintf(expected, sizeof expected,
           "3 load_error o o.lua:3: a labeling function is called 'o' already: "
           "%s/o.lua:2",
           f->lfs);
  lf_broken_expect(f, 1, expected);
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
  lf_broken_forget(f, "a.lua");
  lf_broken_forget(f, "b.rules");
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
  lf_broken_good_files(f);
  lf_file(f, "r.rules", "open SPAM /(/\n");
  assert_int_equal(lf_load(f), WS_ELF);
  assert_message(&f->err, "r.rules:1:13: missing closing parenthesis");
}

static void what_is_left_out_counts_in_the_digest(void **state) {
  lf_fixture *f = *state;
  char first[33];
  lf_broken_good_files(f);
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
  lf_broken_good_files(f);
  for (size_t i = 0; i < 4; i++) {
    const char *name = i < 2 ? "x.lua" : "x.rules";
    lf_file(f, name, before[i]);
    assert_ok(lf_load(f), &f->err);
    lf_file(f, name, after[i]);
    assert_int_equal(lf_apply(f), WS_ELF);
    assert_message(&f->err, "lfs: changed while it was being applied");
    lf_broken_forget(f, name);
  }
  // A list that comes later.
  lf_file(f, "x.rules", before[3]);
  assert_ok(lf_load(f), &f->err);
  assert_int_equal(ws_lf_set_problem_count(f->set), 1);
  lf_file(f, "w.txt", "word\n");
  assert_int_equal(lf_apply(f), WS_ELF);
  assert_message(&f->err, "lfs: changed while it was being applied");
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
#define TEST(name) cmocka_unit_test_setup_teardown(name, lf_broken_setup, lf_teardown)
  const struct CMUnitTest tests[] = {
      TEST(nothing_wrong_is_no_problem),
      TEST(a_wrong_line_costs_that_rule),
      TEST(very_many_wrong_lines_are_counted_together),
      TEST(a_lua_file_fails_whole),
      TEST(the_others_vote_as_if_it_were_not_there),
      TEST(the_second_of_one_name_is_left_out),
      TEST(nothing_left_is_an_error_that_says_why),
      TEST(without_keep_going_all_of_it_is_an_error),
      TEST(what_is_left_out_counts_in_the_digest),
      TEST(tests_of_what_is_left_out_are_left_out),
      TEST(workers_that_find_something_else_end_the_run),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
