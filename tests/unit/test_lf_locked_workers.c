/* SPDX-License-Identifier: MIT
 *
 * Labeling functions do not notice that their workers are locked down.
 */
#include "../lf/lf_engine.h"

#include <weaksup/protections.h>

#define HOUSEHOLD WS_TEST_DATA "/../../samples/household"

static int begin(void **state) {
  lf_setup(state);
  lf_fixture *f = *state;
  lf_file(f, "a.rules", "a HAM /0/");
  return 0;
}

static void records_of_ten_megabytes_reach_a_worker(void **state) {
  lf_fixture *f = *state;
  size_t size = 10u << 20;
  char *text = malloc(2 * size + 8);
  assert_non_null(text);
  memcpy(text, "1\n", 2);
  memset(text + 2, 'x', 2 * size);
  text[size] = '0';
  text[size + 1] = text[2 * size] = '\n';
  text[2 * size + 1] = '\0';
  lf_data(f, "data.txt", text);
  lf_expect(f, "- 0 -");
  free(text);
}

static void patterns_made_late_vote_alike(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.rules", "rule HAM /(\\w+)@(\\w+)\\.(com|org)/i");
  lf_file(
      f, "b.lua",
      "local head = [[(\\w+)@]]\n"
      "function lf.early(x) if rx([[(\\w+)@(\\w+)\\.(com|org)]], 'i'):test(x.text) then\n"
      "  return HAM end end\n"
      "function lf.late(x) if rx(head .. [[(\\w+)\\.(com|org)]], 'i'):test(x.text) then\n"
      "  return HAM end end\n"
      "function lf.alike(x) local a, b, c = rx([[(\\w+)@(\\w+)\\.(com|org)]], 'i')\n"
      "    :match(x.text)\n"
      "  local d, e, f = rx(head .. [[(\\w+)\\.(com|org)]], 'i'):match(x.text)\n"
      "  return (a == d and b == e and c == f) and HAM or SPAM end\n");
  lf_data(f, "data.txt",
          "me@here.COM\nnothing\nx@y.org and z@y.com\n@.com\n\xC3\xA9@y.org\n");
  lf_expect(f, "0000 ---0 0000 ---0 0000");
}

static void patterns_of_records_are_forgotten_and_made_again(void **state) {
  lf_fixture *f = *state;
  ws_buffer text = {0};
  lf_file(f, "a.rules", "a HAM /1/");
  lf_file(
      f, "b.lua",
      "function lf.b(x)\n"
      "  for i = 1, 400 do rx(x.text .. i, ('i'):rep(i % 3)) end\n"
      "  if rx('1'):test(x.text) and rx('^' .. x.text):test(x.text) then return HAM end\n"
      "end\n");
  for (int i = 0; i < 60; i++) // 24000 patterns
    assert_ok(ws_buffer_printf(&text, "line %d\n", i), NULL);
  lf_data(f, "data.txt", text.data);
  f->apply.workers = 1;
  f->options.call_cpu_ms = f->options.worker_cpu_ms = 5000;
  assert_ok(lf_load(f), &f->err);
  assert_ok(lf_apply(f), &f->err);
  char *found = ws_test_picture(f->votes);
  for (const char *at = found; at; at = strchr(at, ' ')) {
    at += *at == ' ';
    assert_int_equal(at[0], at[1]);
  }
  assert_int_equal(ws_apply_report_errors(f->report), 0);
  free(found);
  ws_buffer_clear(&text);
}

typedef struct comparison {
  ws__program *program; // in this process, which is not locked
  uint64_t votes;
} comparison;

static ws_status compare(void *user, const ws_record *record, const int32_t *labels,
                         ws_error *err) {
  comparison *c = user;
  ws__program_record(c->program, record->fields);
  for (size_t j = 0; j < ws__program_count(c->program); j++) {
    assert_int_equal(ws__program_vote(c->program, j, err), labels[j]);
    c->votes += labels[j] != WS_ABSTAIN;
  }
  return WS_OK;
}

static void votes_are_those_of_a_process_that_is_not_locked(void **state) {
  lf_fixture *f = *state;
  ws_reader *reader = NULL;
  comparison c = {NULL, 0};
  ws_task_free(f->task);
  f->task = NULL;
  assert_ok(ws_task_load(HOUSEHOLD "/weaksup.lua", &f->task, &f->err), &f->err);
  ws__program_options options = lf_program_options(HOUSEHOLD "/lfs", f->task);
  options.pattern_steps = f->options.pattern_steps;
  options.lua_steps = f->options.lua_steps;
  options.memory = f->options.memory;
  assert_ok(ws__program_new(&options, &c.program, &f->err), &f->err);
  assert_ok(ws_lf_set_load(HOUSEHOLD "/lfs", f->task, &f->options, &f->set, &f->err),
            &f->err);
  assert_ok(
      ws_reader_open(HOUSEHOLD "/data/train.jsonl", f->task, NULL, &reader, &f->err),
      &f->err);
  assert_ok(ws_apply(f->set, reader, &f->apply, compare, &c, &f->report, &f->err),
            &f->err);
  assert_true(c.votes > 1000);
  assert_int_equal(ws_apply_report_errors(f->report), 0);
  ws_reader_free(reader);
  ws__program_free(c.program);
}

static void workers_tell_what_they_have(void **state) {
  (void)state;
  unsigned held = 0;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_lf_protections("/proc/self/exe", &held, &err), &err);
  assert_true(held & WS_PROTECT_PRIVILEGES);
  assert_int_equal(ws_lf_protections("/nowhere", &held, &err), WS_EIO);
  assert_int_equal(ws_lf_protections("/bin/false", &held, &err), WS_ELF);
  assert_message(&err, "no answer from a worker process");
}

int main(int argc, char **argv) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, lf_teardown)
  const struct CMUnitTest tests[] = {
      TEST(records_of_ten_megabytes_reach_a_worker),
      TEST(patterns_made_late_vote_alike),
      TEST(patterns_of_records_are_forgotten_and_made_again),
      TEST(votes_are_those_of_a_process_that_is_not_locked),
      TEST(workers_tell_what_they_have),
  };
  LF_TEST_WORKER(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
