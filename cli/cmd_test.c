/* SPDX-License-Identifier: MIT
 *
 * weaksup test: the tests that stand in comments above the labeling functions.
 */
#include <stdio.h>

#include <weaksup/lf_tests.h>

#include "load_errors.h"
#include "members.h"
#include "say.h"
#include "setup.h"
#include "step.h"
#include "table.h"

typedef struct test_run {
  setup setup;
  bar bar;
  ws_task *task;
  ws_lf_set *lfs;
  ws_lf_tests *tests;
} test_run;

/* Comments that are nearly tests. */
static void say_notes(const ws_lf_tests *tests) {
  enum { SHOWN = 10 };
  size_t count = ws_lf_tests_notes(tests);
  for (size_t i = 0; i < count && i < SHOWN; i++)
    say_warning("%s", ws_lf_tests_note(tests, i));
  if (count > SHOWN)
    say_warning("%zu more comments look like tests and are none", count - SHOWN);
}

static ws_status run_steps(test_run *r, const options *o, ws_error *err) {
  const char *folder = o->arguments[0];
  WS_TRY(setup_task(o, folder, &r->task, err));
  WS_TRY(setup_lfs(&r->setup, folder, r->task, &r->lfs, err));
  load_errors_say(load_errors_of(r->lfs));
  WS_TRY(ws_lf_tests_load(r->lfs, &r->tests, err));
  say_notes(r->tests);
  return ws_lf_tests_run(r->tests, bar_sink(&r->bar), err);
}

/* As a test says it, and an error as such. */
static ws_text label_name(const ws_task *task, int32_t label) {
  if (label >= 0) return ws_task_class(task, (size_t)label);
  return ws_text_of(label == WS_ABSTAIN ? "ABSTAIN" : "an error");
}

/* FILE:LINE: 'NAME': expected SPAM, found ABSTAIN for "..." */
static ws_status put_failure(const test_run *r, const ws_lf_test *test, ws_buffer *out) {
  const ws_lf_info *lf = ws_lf_set_at(r->lfs, test->lf);
  ws_text expected = label_name(r->task, test->expected);
  ws_text found = label_name(r->task, test->found);
  ws_json_writer json = {.out = out};
  WS_TRY(ws_buffer_printf(out, "%s:%llu: '%s': expected %.*s, found %.*s for ", lf->file,
                          (unsigned long long)test->line, lf->name, WS_TEXT_ARG(expected),
                          WS_TEXT_ARG(found)));
  ws_json_text(&json, test->text);
  if (json.status != WS_OK || !test->message) return json.status;
  return ws_buffer_printf(out, ": %s", test->message);
}

static ws_status print_failures(const test_run *r, ws_buffer *line) {
  for (size_t i = 0; i < ws_lf_tests_count(r->tests); i++) {
    const ws_lf_test *test = ws_lf_tests_at(r->tests, i);
    if (ws_lf_test_passed(test)) continue;
    line->size = 0;
    WS_TRY(put_failure(r, test, line));
    ws_text_clean(line->data, line->size); // texts of tests may hold anything
    puts(line->data);
  }
  return WS_OK;
}

static size_t count_untested(const test_run *r) {
  size_t count = 0;
  for (size_t j = 0; j < ws_lf_set_count(r->lfs); j++)
    count += !ws_lf_tests_has(r->tests, j);
  return count;
}

/* -v: which ones they are, a line each, ready to be looked up. */
static void print_untested(const test_run *r) {
  for (size_t j = 0; j < ws_lf_set_count(r->lfs); j++) {
    const ws_lf_info *lf = ws_lf_set_at(r->lfs, j);
    if (!ws_lf_tests_has(r->tests, j))
      printf("%s:%llu: '%s' has no test\n", lf->file, (unsigned long long)lf->line,
             lf->name);
  }
}

static void print_summary(const test_run *r) {
  size_t tests = ws_lf_tests_count(r->tests), untested = count_untested(r);
  printf("%zu test%s, %zu failed", tests, tests == 1 ? "" : "s",
         ws_lf_tests_failed(r->tests));
  if (untested)
    printf("; %zu of %zu labeling functions without tests", untested,
           ws_lf_set_count(r->lfs));
  putchar('\n');
}

/* --- JSON --- */

static void write_label(ws_json_writer *json, const char *key, const ws_task *task,
                        int32_t label) {
  ws_json_key(json, key);
  if (label >= 0)
    ws_json_text(json, ws_task_class(task, (size_t)label));
  else
    ws_json_null(json);
}

static void write_failure(ws_json_writer *json, const test_run *r,
                          const ws_lf_test *test) {
  const ws_lf_info *lf = ws_lf_set_at(r->lfs, test->lf);
  ws_json_open(json, '{');
  json_put_string(json, "lf", lf->name);
  json_put_string(json, "file", lf->file);
  json_put_uint(json, "line", test->line);
  json_put_text(json, "text", test->text);
  write_label(json, "expected", r->task, test->expected);
  write_label(json, "found", r->task, test->found);
  json_put_string(json, "error", test->message);
  ws_json_close(json, '}');
}

static void write_failures(ws_json_writer *json, const test_run *r) {
  ws_json_key(json, "failures");
  ws_json_open(json, '[');
  for (size_t i = 0; i < ws_lf_tests_count(r->tests); i++) {
    const ws_lf_test *test = ws_lf_tests_at(r->tests, i);
    if (!ws_lf_test_passed(test)) write_failure(json, r, test);
  }
  ws_json_close(json, ']');
}

static void write_untested(ws_json_writer *json, const test_run *r) {
  ws_json_key(json, "lfs_without_tests");
  ws_json_open(json, '[');
  for (size_t j = 0; j < ws_lf_set_count(r->lfs); j++)
    if (!ws_lf_tests_has(r->tests, j))
      ws_json_string(json, ws_lf_set_at(r->lfs, j)->name);
  ws_json_close(json, ']');
}

static int print_json(const test_run *r) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  ws_json_open(&json, '{');
  json_put_uint(&json, "tests", ws_lf_tests_count(r->tests));
  json_put_uint(&json, "failed", ws_lf_tests_failed(r->tests));
  write_failures(&json, r);
  write_untested(&json, r);
  load_errors_json(&json, load_errors_of(r->lfs));
  ws_json_close(&json, '}');
  return json_print(&json);
}

/* --- the command --- */

static void print_next(const test_run *r, const options *o) {
  bool failed = ws_lf_tests_failed(r->tests) || ws_lf_set_problem_count(r->lfs);
  step s = step_to(failed ? &cmd_test : &cmd_analyze);
  step_argument(&s, o->arguments[0]);
  step_options(&s, &cmd_test, o, NULL);
  step_print(&s, o,
             failed ? "mend the functions, or what is expected of them; then again"
                    : "what they do on the data");
}

static int print_text(const test_run *r, const options *o) {
  ws_buffer line = {0};
  ws_error err = {print_failures(r, &line), {0}};
  ws_buffer_clear(&line);
  if (err.status != WS_OK) return say_failure(&err);
  if (!o->quiet && o->verbose) print_untested(r);
  if (!o->quiet) print_summary(r);
  print_next(r, o);
  return EXIT_DONE;
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  test_run r = {.bar = bar_new(o)};
  if (!setup_init(&r.setup, self, o, &r.bar)) return EXIT_USAGE;
  ws_status status = run_steps(&r, o, &err);
  bar_clear(&r.bar);
  int code = EXIT_FAILED;
  if (status != WS_OK)
    say_failure(&err);
  else
    code = o->json ? print_json(&r) : print_text(&r, o);
  if (code == EXIT_DONE &&
      (ws_lf_tests_failed(r.tests) || ws_lf_set_problem_count(r.lfs)))
    code = EXIT_FAILED;
  ws_lf_tests_free(r.tests);
  ws_lf_set_free(r.lfs);
  ws_task_free(r.task);
  setup_clear(&r.setup);
  return code;
}

const command cmd_test = {
    .name = "test",
    .arguments = "LFS",
    .summary = "run the tests above the labeling functions",
    .details =
        "Runs the tests that stand above the labeling functions in the folder LFS, in\n"
        "comments:\n"
        "  in *.lua files     --- @test \"text\" -> CLASS\n"
        "  in *.rules files   # @test \"text\" -> CLASS\n"
        "CLASS may be ABSTAIN; the text is written as in JSON. Prints the tests that "
        "fail,\n"
        "a line each, and how many there are; exit code 1 if any fails, or a labeling\n"
        "function does not load. With -v also names the labeling functions without "
        "tests.\n",
    .examples = "weaksup test lfs/\n",
    .takes =
        (const char *const[]){"task", "classes", "lf-steps", "lf-memory", "lf-time",
                              "keep-going", "no-jit", "json", "quiet", "verbose", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
