/* SPDX-License-Identifier: MIT
 *
 * Applying sets of LFs in worker processes: the same votes whatever the workers do.
 */
#include "../lf/lf_test.h"

#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

static void rules_and_lua_vote_together(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "function lf.short(x) if #x.text < 6 then return HAM end end\n"
          "lf.money = keywords(SPAM, {'cash', 'free money'})\n"
          "function lf.never(x) return nil end\n");
  lf_file(f, "b.rules", "link SPAM /https?:/i\nquestion 0 /\\?$/ # a comment\n");
  lf_data(f, "d.txt", "hi\nget Cash now\nHTTP://x FREE MONEY\nwhat is this?\ncashier\n");
  lf_expect(f, "0---- -1--- -1-1- ----0 -----");
  assert_int_equal(ws_lf_set_count(f->set), 5);
  assert_string_equal(ws_lf_set_at(f->set, 3)->name, "link");
  assert_int_equal(ws_lf_set_at(f->set, 3)->label, 1);
  assert_int_equal(ws_lf_set_at(f->set, 1)->kind, WS_LF_KEYWORDS);
  assert_int_equal(ws_lf_set_at(f->set, 1)->line, 2);
  assert_int_equal(ws_apply_report_records(f->report), 5);
  assert_int_equal(ws_apply_report_at(f->report, 1)->votes, 2);
  assert_int_equal(ws_apply_report_at(f->report, 1)->calls, 5);
}

/* Data of so many lines, in which many LFs have something to say. */
static void many_lines(lf_fixture *f, size_t count) {
  ws_buffer text = {0};
  for (size_t i = 0; i < count; i++)
    assert_ok(ws_buffer_printf(&text, "line %zu %s %s\n", i, i % 3 ? "cash" : "free",
                               i % 7 ? "" : "error"),
              NULL);
  lf_data(f, "many.txt", text.data);
  ws_buffer_clear(&text);
}

static void workers_and_chunks_do_not_change_votes(void **state) {
  lf_fixture *f = *state;
  static const unsigned workers[] = {1, 2, 7};
  static const size_t chunks[] = {1, 3, 1000, 0};
  char *first = NULL, *failure = NULL;
  lf_file(
      f, "a.lua",
      "function lf.a(x) if x.text:find('cash') then return SPAM end end\n"
      "function lf.b(x) if rx('[05] ').test(rx('[05] '), x.text) then return HAM end "
      "end\n"
      "function lf.c(x) if x.text:find('error') then error('at ' .. x.text) end end\n");
  lf_file(f, "b.rules", "d SPAM /free/\ne HAM /9/\n");
  many_lines(f, 500);
  assert_ok(lf_load(f), &f->err);
  for (size_t w = 0; w < 3; w++)
    for (size_t c = 0; c < 4; c++) {
      f->apply.workers = workers[w];
      f->apply.chunk = chunks[c];
      assert_ok(lf_apply(f), &f->err);
      char *picture = ws_test_picture(f->votes);
      if (!first) first = strdup(picture);
      assert_string_equal(picture, first);
      free(picture);
      const ws_lf_stats *stats = ws_apply_report_at(f->report, 2);
      assert_int_equal(stats->errors, 72);
      assert_int_equal(stats->failure_count, WS_LF_EXAMPLES);
      assert_int_equal(stats->failures[1].row, 7);
      assert_int_equal(stats->failures[2].line, 15);
      assert_string_equal(stats->failures[1].id, "7");
      if (!failure) failure = strdup(stats->failures[2].what);
      assert_string_equal(stats->failures[2].what, failure);
    }
  assert_string_equal(lf_failure(f, 2, 0), "a.lua:3: in 'c': at line 0 free error");
  free(first);
  free(failure);
}

static void an_endless_loop_is_an_error_and_the_worker_lives(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "function lf.loop(x) if x.text == 'b' then while true do pcall(function() "
          "while true "
          "do end end) end end return HAM end\nfunction lf.after(x) return SPAM end\n");
  lf_data(f, "d.txt", "a\nb\nc\n");
  f->options.worker_cpu_ms = 2000;
  f->options.wall_ms = 60000;
  lf_expect(f, "01 -1 01");
  const ws_lf_stats *stats = ws_apply_report_at(f->report, 0);
  assert_int_equal(stats->errors_by_kind[WS_LF_ERROR_CPU], 1);
  assert_int_equal(stats->errors_by_kind[WS_LF_ERROR_KILLED], 0);
  assert_string_equal(lf_failure(f, 0, 0),
                      "a.lua:1: in 'loop': took more than 50 ms of CPU time");
}

/* A pattern cannot be interrupted; without a limit on its steps it hangs. */
static const char hanging[] =
    "function lf.hang(x) if x.text == 'b' then return "
    "(('a'):rep(40)):find(('a?'):rep(40) .. "
    "('a'):rep(40)) and HAM end return HAM end\nfunction lf.after(x) return SPAM end\n";

static void a_call_that_hangs_costs_its_worker(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua", hanging);
  f->options.lua_steps = UINT64_MAX;
  f->options.wall_ms = 60000;
  lf_data(f, "d.txt", "a\nb\nc\n");
  lf_expect(f, "01 -1 01");
  const ws_lf_stats *stats = ws_apply_report_at(f->report, 0);
  assert_int_equal(stats->errors_by_kind[WS_LF_ERROR_KILLED], 1);
  assert_int_equal(stats->errors, 1);
  assert_false(stats->quarantined);
  assert_string_equal(lf_failure(f, 0, 0),
                      "a.lua:1: in 'hang': took more than 150 ms of CPU time");
}

static void a_worker_without_progress_is_killed(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua", hanging);
  f->options.lua_steps = UINT64_MAX;
  lf_data(f, "d.txt", "a\nb\nc\n");
  f->options.worker_cpu_ms = 60000;
  f->options.wall_ms = 1000;
  lf_expect(f, "01 -1 01");
  assert_string_equal(
      lf_failure(f, 0, 0),
      "a.lua:1: in 'hang': no progress for 1000 ms, its worker process was killed");
}

static void three_kills_are_quarantine(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua", hanging);
  f->options.lua_steps = UINT64_MAX;
  lf_data(f, "d.txt", "a\nb\nb\na\nb\na\nb\n");
  f->apply.workers = 1;
  f->options.worker_cpu_ms = 60;
  f->options.wall_ms = 60000;
  lf_expect(f, "-1 -1 -1 -1 -1 -1 -1");
  const ws_lf_stats *stats = ws_apply_report_at(f->report, 0);
  assert_true(stats->quarantined);
  assert_int_equal(stats->errors_by_kind[WS_LF_ERROR_KILLED], 3);
  assert_int_equal(stats->calls, 5);
  assert_false(ws_apply_report_at(f->report, 1)->quarantined);
}

static void memory_beyond_the_limit_is_an_error(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "function lf.hog(x) local t = {} while x.text == 'b' do t[#t + 1] = {} end "
          "return HAM end\n");
  lf_data(f, "d.txt", "a\nb\nc\n");
  f->options.memory = 4u << 20;
  f->options.call_cpu_ms = f->options.worker_cpu_ms = 5000;
  lf_expect(f, "0 - 0");
  assert_string_equal(lf_failure(f, 0, 0),
                      "a.lua:1: in 'hog': needs more than 4 MiB of memory");
}

/* Each call has the memory that it would have alone. */
static void what_others_read_of_a_record_takes_no_memory_away(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "function field.long(x) return ('x'):rep(5 << 20) end\n"
          "function lf.a(x) if #x.long > 9 then return HAM end end\n");
  lf_file(f, "b.lua",
          "function lf.b(x) local s = ('y'):rep(5 << 20) .. x.text return HAM end\n"
          "function lf.c(x) return lf.b(x) end\n");
  lf_data(f, "d.txt", "a\nb\n");
  f->options.memory = 13u << 20;
  f->options.call_cpu_ms = f->options.worker_cpu_ms = 5000;
  lf_expect(f, "000 000");
}

static void a_large_record_makes_the_memory_grow(void **state) {
  lf_fixture *f = *state;
  size_t size = 3u << 20;
  char *text = malloc(size + 16);
  memset(text, 'x', size);
  memcpy(text, "small\n", 6);
  memcpy(text + size, "END\nsmall\n", 11);
  lf_file(f, "a.rules", "end SPAM /END$/\nsmall HAM /^small/\n");
  lf_data(f, "d.txt", text);
  f->apply.workers = 1;
  f->apply.chunk = 1;
  lf_expect(f, "-0 1- -0");
  free(text);
}

static void a_thousand_rules_are_applied(void **state) {
  lf_fixture *f = *state;
  ws_buffer rules = {0};
  for (int i = 0; i < 1200; i++)
    assert_ok(ws_buffer_printf(&rules, "r%d SPAM /\\bline %d\\b/\n", i, i), NULL);
  lf_file(f, "a.rules", rules.data);
  ws_buffer_clear(&rules);
  many_lines(f, 300);
  assert_ok(lf_load(f), &f->err);
  assert_ok(lf_apply(f), &f->err);
  assert_int_equal(ws_votes_lfs(f->votes), 1200);
  assert_int_equal(ws_votes_cast(f->votes), 300);
}

static void the_first_error_can_end_the_run(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "function lf.a(x) local e = _ENV if x.text > 'b' then return e.SPAN end end\n");
  lf_data(f, "d.txt", "a\nb\nc\nd\n");
  f->apply.limit_errors = true;
  assert_ok(lf_load(f), &f->err);
  assert_int_equal(lf_apply(f), WS_ELF);
  assert_null(f->votes);
  assert_message(&f->err, "a.lua:1: in 'a': undefined name 'SPAN', did you mean 'SPAM'? "
                          "(record 2, line 3)");
  f->apply.max_errors = 2;
  assert_ok(lf_apply(f), &f->err);
  f->apply.max_errors = 1;
  assert_int_equal(lf_apply(f), WS_ELF);
  assert_message(&f->err, "more than 1 vote errors, the first: ");
  f->apply.max_error_share = 0.5;
  assert_ok(lf_apply(f), &f->err);
  f->apply.max_error_share = 0.4;
  assert_int_equal(lf_apply(f), WS_ELF);
  assert_message(&f->err, "2 of 4 calls failed");
  assert_non_null(f->report);
}

static bool stop_soon(void *user, const ws_progress *progress) {
  int *left = user;
  assert_string_equal(progress->stage, "applying");
  return --*left > 0;
}

static int open_descriptors(void) {
  int count = 0;
  DIR *folder = opendir("/proc/self/fd");
  while (readdir(folder)) count++;
  closedir(folder);
  return count;
}

static void a_run_that_is_stopped_leaves_nothing(void **state) {
  lf_fixture *f = *state;
  int before = open_descriptors(), left = 1;
  lf_file(f, "a.rules", "a HAM /x/\n");
  many_lines(f, 100);
  f->apply.progress = (ws_progress_sink){stop_soon, &left};
  assert_ok(lf_load(f), &f->err);
  assert_int_equal(lf_apply(f), WS_ESTOPPED);
  assert_int_equal(open_descriptors(), before);
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); // no children, no zombies
}

static ws_status count_records(void *user, const ws_record *record, const int32_t *labels,
                               ws_error *err) {
  uint64_t *next = user;
  assert_int_equal(record->row, *next);
  (void)labels;
  return ++*next == 250 ? ws_error_set(err, WS_EIO, "enough") : WS_OK;
}

static void records_come_in_order_and_the_caller_can_fail(void **state) {
  lf_fixture *f = *state;
  ws_reader *reader = NULL;
  uint64_t next = 0;
  lf_file(f, "a.rules", "a HAM /x/\n");
  many_lines(f, 400);
  f->apply.workers = 3;
  f->apply.chunk = 7;
  assert_ok(lf_load(f), &f->err);
  assert_ok(ws_reader_open(f->data, f->task, NULL, &reader, &f->err), &f->err);
  assert_int_equal(
      ws_apply(f->set, reader, &f->apply, count_records, &next, NULL, &f->err), WS_EIO);
  assert_message(&f->err, "enough");
  assert_int_equal(next, 250);
  ws_reader_free(reader);
}

static void gold_and_ids_are_kept(void **state) {
  lf_fixture *f = *state;
  char digits[24];
  assert_ok(ws_task_set(f->task, WS_TASK_ID, ws_text_of("key"), NULL), NULL);
  lf_file(f, "a.rules", "a HAM kind ~ /x/\nb SPAM /y/\n");
  lf_data(f, "d.jsonl",
          "{\"key\":\"k1\",\"text\":\"y\",\"label\":\"SPAM\"}\n"
          "{\"key\":\"k2\",\"text\":\"\",\"kind\":\"xx\"}\n"
          "{\"key\":\"k3\",\"text\":\"\",\"kind\":5}\n");
  lf_expect(f, "-1 0- --");
  assert_int_equal(ws_votes_row_gold(f->votes, 0), 1);
  assert_true(ws_text_equals(ws_votes_row_id(f->votes, 1, digits), "k2"));
  assert_string_equal(
      lf_failure(f, 0, 0),
      "a.rules:1: in 'a': expected a string in field 'kind', found a number");
}

static void a_folder_that_changes_is_refused(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.rules", "a HAM /x/\n");
  lf_data(f, "d.txt", "x\n");
  assert_ok(lf_load(f), &f->err);
  assert_int_equal(strlen(ws_lf_set_digest(f->set)), 32);
  lf_file(f, "a.rules", "a HAM /y/\n");
  assert_int_equal(lf_apply(f), WS_ELF);
  assert_message(&f->err, "lfs: changed while it was being applied");
}

static pid_t apply_in_child(lf_fixture *f) {
  pid_t pid = fork();
  if (pid == 0) {
    ws_reader *reader = NULL;
    ws_status status = ws_reader_open(f->data, f->task, NULL, &reader, NULL);
    if (status == WS_OK)
      status = ws_apply(f->set, reader, &f->apply, NULL, NULL, NULL, NULL);
    _exit(status == WS_OK ? 0 : 1);
  }
  return pid;
}

static void a_set_can_be_applied_in_a_forked_child(void **state) {
  lf_fixture *f = *state;
  int status = 1;
  lf_file(f, "a.rules", "a HAM /x/\n");
  lf_data(f, "d.txt", "x\n");
  assert_ok(lf_load(f), &f->err);
  pid_t pid = apply_in_child(f);
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(status, 0);
}

static ws_status load_and_apply(void *user) {
  lf_fixture *f = user;
  ws_lf_set *set = NULL;
  ws_reader *reader = NULL;
  ws_votes *votes = NULL;
  ws_apply_report *report = NULL;
  ws_error err = WS_ERROR_INIT;
  ws_status status = ws_lf_set_load(f->lfs, f->task, &f->options, &set, &err);
  if (status == WS_OK) status = ws_reader_open(f->data, f->task, NULL, &reader, &err);
  if (status == WS_OK)
    status = ws_apply_votes(set, reader, &f->apply, NULL, NULL, &votes, &report, &err);
  ws_votes_free(votes);
  ws_apply_report_free(report);
  ws_reader_free(reader);
  ws_lf_set_free(set);
  return status;
}

static void lack_of_memory_is_survived(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.rules", "a HAM /[02]/\n");
  lf_file(f, "b.lua", "function lf.b(x) error('no') end\n");
  many_lines(f, 4);
  f->apply.workers = 2;
  f->apply.chunk = 2;
  ws_test_every_allocation_failure(load_and_apply, f);
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

int main(int argc, char **argv) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, lf_setup, lf_teardown)
  const struct CMUnitTest tests[] = {
      TEST(rules_and_lua_vote_together),
      TEST(workers_and_chunks_do_not_change_votes),
      TEST(an_endless_loop_is_an_error_and_the_worker_lives),
      TEST(a_call_that_hangs_costs_its_worker),
      TEST(a_worker_without_progress_is_killed),
      TEST(three_kills_are_quarantine),
      TEST(memory_beyond_the_limit_is_an_error),
      TEST(what_others_read_of_a_record_takes_no_memory_away),
      TEST(a_large_record_makes_the_memory_grow),
      TEST(a_thousand_rules_are_applied),
      TEST(the_first_error_can_end_the_run),
      TEST(a_run_that_is_stopped_leaves_nothing),
      TEST(records_come_in_order_and_the_caller_can_fail),
      TEST(gold_and_ids_are_kept),
      TEST(a_folder_that_changes_is_refused),
      TEST(a_set_can_be_applied_in_a_forked_child),
      TEST(lack_of_memory_is_survived),
  };
  LF_TEST_WORKER(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
