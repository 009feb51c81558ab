/* SPDX-License-Identifier: MIT
 *
 * Tests of labeling functions: how the comments are read, which function each is of, and
 * what comes of running them.
 */
#include <stdio.h>

#include <weaksup/lf_tests.h>

#include "../lf/lf_test.h"

static ws_status load_tests(lf_fixture *f, ws_lf_tests **out) {
  assert_ok(lf_load(f), &f->err);
  return ws_lf_tests_load(f->set, out, &f->err);
}

/* "LF:LINE TEXT expected found" of each test, a line each. */
static char *transcript(const lf_fixture *f, const ws_lf_tests *tests) {
  ws_buffer out = {0};
  assert_ok(ws_buffer_string(&out, ""), NULL);
  for (size_t i = 0; i < ws_lf_tests_count(tests); i++) {
    const ws_lf_test *test = ws_lf_tests_at(tests, i);
    const char *name = ws_lf_set_at(f->set, test->lf)->name;
    assert_ok(ws_buffer_printf(&out, "%s:%d %.*s %d %d\n", name, (int)test->line,
                               WS_TEXT_ARG(test->text), (int)test->expected,
                               (int)test->found),
              NULL);
  }
  return out.data;
}

static void expect_run(lf_fixture *f, const char *expected) {
  ws_lf_tests *tests = NULL;
  ws_progress_sink silent = {NULL, NULL};
  assert_ok(load_tests(f, &tests), &f->err);
  assert_ok(ws_lf_tests_run(tests, silent, &f->err), &f->err);
  char *found = transcript(f, tests);
  assert_string_equal(found, expected);
  free(found);
  ws_lf_tests_free(tests);
}

static void a_test_is_of_the_function_below_it(void **state) {
  (void)state;
  lf_fixture f;
  lf_begin(&f, "HAM,SPAM");
  lf_file(&f, "a.lua",
          "-- @test \"xa\" -> SPAM\n"
          "-- what it is for\n"
          "\n"
          "  ---  @test \"b\" -> ABSTAIN\n"
          "local pattern = rx 'a'\n"
          "function lf.a(x) if pattern:test(x.text) then return SPAM end end\n"
          "--- @test \"b\" -> HAM\n"
          "lf.list = keywords(HAM, {\n"
          "  'b'\n"
          "})\n");
  lf_file(&f, "b.rules",
          "# @test \"xa\" -> 0\r\n"
          "## @test \"a\"->\"SPAM\"\r\n"
          "# @tests \"not one\"\r\n"
          "r SPAM /^a/  # @test \"not one\" -> HAM\r\n"
          "s SPAM /b/\n");
  expect_run(&f, "a:1 xa 1 1\n"
                 "a:4 b -1 -1\n"
                 "list:7 b 0 0\n"
                 "r:1 xa 0 -1\n"
                 "r:2 a 1 1\n");
  lf_end(&f);
}

static void texts_and_classes_are_json_strings(void **state) {
  (void)state;
  lf_fixture f;
  lf_begin(&f, "no heat,B");
  lf_file(&f, "a.rules",
          "# @test \"a \\\"q\\\" \\\\ \\n \\u00e9\xC3\xA9\" -> \"no heat\"\n"
          "# @test \"\" -> ABSTAIN\n"
          "a \"no heat\" /^a \"q\" \\\\ \\n \xC3\xA9\xC3\xA9$/\n");
  expect_run(&f, "a:1 a \"q\" \\ \n \xC3\xA9\xC3\xA9 0 0\n"
                 "a:2  -1 -1\n");
  lf_end(&f);
}

static void the_text_goes_into_the_field_of_the_task(void **state) {
  (void)state;
  lf_fixture f;
  lf_begin(&f, "A,B");
  assert_ok(ws_task_set(f.task, WS_TASK_TEXT, ws_text_of("body"), NULL), NULL);
  assert_ok(ws_task_set(f.task, WS_TASK_ID, ws_text_of("key"), NULL), NULL);
  lf_file(&f, "a.rules", "# @test \"x\" -> A\na A body ~ /x/\n");
  expect_run(&f, "a:1 x 0 0\n");
  lf_end(&f);
}

static void lines_that_are_no_tests_are_explained(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"# @test\na A /x/\n",
       "a.rules:1:8: expected a text in double quotes behind @test, found the end of the "
       "line"},
      {"# @test x -> A\na A /x/\n",
       "a.rules:1:9: expected a text in double quotes behind @test, found 'x'"},
      {"#\n# @test \"x -> A\na A /x/\n",
       "a.rules:2:9: expected a second '\"', found the end of the line"},
      {"# @test \"x\\\" -> A\na A /x/\n", "a.rules:1:9: expected a second '\"'"},
      {"# @test \"\\x41\" -> A\na A /x/\n", "a.rules:1:9: JSON: "},
      {"# @test \"\xC3\xA9\" A\na A /x/\n",
       "a.rules:1:13: expected '->' and a class behind the text, found 'A'"},
      {"# @test \"x\" ->\na A /x/\n",
       "a.rules:1:15: expected a class, or ABSTAIN, found the end of the line"},
      {"# @test \"x\" -> AA\na A /x/\n", "a.rules:1:16: "},
      {"# @test \"x\" -> A B\na A /x/\n",
       "a.rules:1:18: expected nothing more behind the class, found 'B'"},
      {"a A /x/\n# @test \"x\" -> A\n",
       "a.rules:2:1: expected a labeling function below the test, found none"},
  };
  lf_fixture f;
  lf_begin(&f, "A,B");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws_lf_tests *tests = NULL;
    lf_file(&f, "a.rules", cases[i][0]);
    assert_int_equal(load_tests(&f, &tests), WS_ELF);
    assert_message(&f.err, cases[i][1]);
    assert_null(tests);
  }
  lf_end(&f);
}

static void what_is_nearly_a_test_is_noted(void **state) {
  (void)state;
  ws_lf_tests *tests = NULL;
  lf_fixture f;
  lf_begin(&f, "A,B");
  lf_file(&f, "a.rules",
          "# @tset \"x\" -> A\n"
          "# test driven -> no\n"
          "# @test_data \"x\"\n"
          "# \xC3\xA9 @tset \"x\" -> A\n"
          "#\t@TEST: \"x\" -> A\n"
          "a A /x/\n");
  assert_ok(load_tests(&f, &tests), &f.err);
  assert_int_equal(ws_lf_tests_count(tests), 0);
  assert_int_equal(ws_lf_tests_notes(tests), 2);
  assert_string_equal(ws_lf_tests_note(tests, 0) + strlen(f.lfs),
                      "/a.rules:1:3: '@tset' is no test, did you mean '@test'?");
  assert_string_equal(ws_lf_tests_note(tests, 1) + strlen(f.lfs),
                      "/a.rules:5:3: '@TEST' is no test, did you mean '@test'?");
  ws_lf_tests_free(tests);
  lf_end(&f);
}

static void two_functions_in_the_next_line_are_one_too_many(void **state) {
  (void)state;
  ws_lf_tests *tests = NULL;
  lf_fixture f;
  lf_begin(&f, "A,B");
  lf_file(&f, "a.lua",
          "--- @test \"x\" -> A\n"
          "for _, n in ipairs { 'a', 'b' } do lf[n] = keywords(A, { n }) end\n");
  assert_int_equal(load_tests(&f, &tests), WS_ELF);
  assert_message(&f.err, "a.lua:1:1: expected one labeling function below the test, "
                         "found 2 in line 2");
  lf_end(&f);
}

static void vote_errors_are_failures_with_their_message(void **state) {
  (void)state;
  ws_lf_tests *tests = NULL;
  ws_progress_sink silent = {NULL, NULL};
  lf_fixture f;
  lf_begin(&f, "A,B");
  lf_file(&f, "a.lua",
          "--- @test \"1\" -> A\n--- @test \"2\" -> ABSTAIN\n--- @test \"3\" -> A\n"
          "--- @test \"4\" -> A\n--- @test \"5\" -> A\n--- @test \"fine\" -> A\n"
          "function lf.a(x)\n"
          "  if x.text == 'fine' then return A end\n"
          "  error('not ' .. x.text)\n"
          "end\n"
          "function lf.b(x) end\n");
  assert_ok(load_tests(&f, &tests), &f.err);
  assert_true(ws_lf_tests_has(tests, 0));
  assert_false(ws_lf_tests_has(tests, 1));
  for (int again = 0; again < 2; again++) {
    assert_ok(ws_lf_tests_run(tests, silent, &f.err), &f.err);
    assert_int_equal(ws_lf_tests_failed(tests), 5);
    for (size_t i = 0; i < 5; i++) {
      char message[32];
      snprintf(message, sizeof message, "a.lua:9: in 'a': not %d", (int)i + 1);
      assert_int_equal(ws_lf_tests_at(tests, i)->found, WS_VOTE_ERROR);
      assert_non_null(strstr(ws_lf_tests_at(tests, i)->message, message));
    }
    assert_true(ws_lf_test_passed(ws_lf_tests_at(tests, 5)));
    assert_null(ws_lf_tests_at(tests, 5)->message);
  }
  ws_lf_tests_free(tests);
  lf_end(&f);
}

/* It is quarantined after three times; its other tests are run all the same. */
static void a_function_that_hangs_fails_its_own_tests_only(void **state) {
  (void)state;
  lf_fixture f;
  lf_begin(&f, "A,B");
  f.options.call_cpu_ms = 1000;
  f.options.worker_cpu_ms = 50; // the worker ends before the call does
  lf_file(&f, "a.lua",
          "--- @test \"1\" -> A\n--- @test \"2\" -> A\n--- @test \"3\" -> ABSTAIN\n"
          "--- @test \"4\" -> ABSTAIN\n--- @test \"fine\" -> ABSTAIN\n"
          "function lf.hangs(x) while x.text ~= 'fine' do end end\n"
          "--- @test \"4\" -> A\n"
          "function lf.good(x) return A end\n");
  expect_run(&f, "hangs:1 1 0 -2\nhangs:2 2 0 -2\nhangs:3 3 -1 -2\nhangs:4 4 -1 -2\n"
                 "hangs:5 fine -1 -1\ngood:7 4 0 0\n");
  lf_end(&f);
}

static void there_may_be_no_tests(void **state) {
  (void)state;
  lf_fixture f;
  lf_begin(&f, "A,B");
  lf_file(&f, "a.rules", "a A /x/\n");
  expect_run(&f, "");
  lf_end(&f);
}

static ws_status load_and_run(void *user) {
  lf_fixture *f = user;
  ws_lf_tests *tests = NULL;
  ws_progress_sink silent = {NULL, NULL};
  ws_status status = ws_lf_tests_load(f->set, &tests, NULL);
  if (status == WS_OK) status = ws_lf_tests_run(tests, silent, NULL);
  ws_lf_tests_free(tests);
  return status;
}

static void lack_of_memory_is_survived(void **state) {
  (void)state;
  lf_fixture f;
  lf_begin(&f, "A,B");
  lf_file(&f, "a.rules", "# @test \"x\" -> A\n# @test \"y\" -> \"B\"\na A /x/\n");
  assert_ok(lf_load(&f), &f.err);
  ws_test_every_allocation_failure(load_and_run, &f);
  lf_end(&f);
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_test_is_of_the_function_below_it),
      cmocka_unit_test(texts_and_classes_are_json_strings),
      cmocka_unit_test(the_text_goes_into_the_field_of_the_task),
      cmocka_unit_test(lines_that_are_no_tests_are_explained),
      cmocka_unit_test(what_is_nearly_a_test_is_noted),
      cmocka_unit_test(two_functions_in_the_next_line_are_one_too_many),
      cmocka_unit_test(vote_errors_are_failures_with_their_message),
      cmocka_unit_test(a_function_that_hangs_fails_its_own_tests_only),
      cmocka_unit_test(there_may_be_no_tests),
      cmocka_unit_test(lack_of_memory_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
