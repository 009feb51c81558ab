/* SPDX-License-Identifier: MIT
 *
 * Worker processes as processes: what they inherit, and what becomes of them and of the
 * votes when somebody kills one side or the other.
 */
#include "../lf/lf_test.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lf_set_priv.h"

/* The children of a process; 0 where there are fewer. */
static pid_t child_of(pid_t parent, int which) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)parent, (int)parent);
  FILE *file = fopen(path, "r");
  int child = 0;
  if (!file) return 0;
  for (int i = 0; i <= which; i++)
    if (fscanf(file, "%d", &child) != 1) child = 0;
  fclose(file);
  return child;
}

static void nap(int ms) {
  struct timespec pause = {ms / 1000, ms % 1000 * 1000000L};
  nanosleep(&pause, NULL);
}

static void numbered_lines(lf_fixture *f, size_t count) {
  ws_buffer text = {0};
  for (size_t i = 0; i < count; i++)
    assert_ok(ws_buffer_printf(&text, "line %zu\n", i), NULL);
  lf_data(f, "many.txt", text.data);
  ws_buffer_clear(&text);
}

static const char slow_lf[] =
    "function lf.a(x) local n = 0 for i = 1, 20000 do n = n + i end\n"
    "  if x.text:find('[05]$') then return SPAM end end\n"
    "function lf.b(x) if x.text:find('1') then return HAM end end\n";

typedef struct killer {
  int kills;
  uint64_t next; // when so many records are done
} killer;

static bool kill_a_worker(void *user, const ws_progress *progress) {
  killer *k = user;
  pid_t child = child_of(getpid(), (int)(progress->done % 2));
  if (!child || k->kills == 14 || progress->done < k->next) return true;
  if (kill(child, SIGKILL) == 0) k->kills++;
  k->next = progress->done + 200;
  return true;
}

static void workers_that_somebody_kills_change_no_vote(void **state) {
  lf_fixture *f = *state;
  killer k = {0, 0};
  lf_file(f, "a.lua", slow_lf);
  numbered_lines(f, 6000);
  f->apply.workers = 2;
  f->apply.chunk = 50;
  f->options.call_cpu_ms = f->options.worker_cpu_ms = 5000;
  assert_ok(lf_load(f), &f->err);
  assert_ok(lf_apply(f), &f->err);
  char *expected = ws_test_picture(f->votes);
  f->apply.progress = (ws_progress_sink){kill_a_worker, &k};
  assert_ok(lf_apply(f), &f->err);
  char *found = ws_test_picture(f->votes);
  assert_true(k.kills > 1);
  assert_string_equal(found, expected);
  assert_int_equal(ws_apply_report_errors(f->report), 0);
  free(expected);
  free(found);
}

static void workers_die_with_their_parent(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua", "function lf.a(x) while true do end end");
  numbered_lines(f, 1);
  f->options.call_cpu_ms = f->options.worker_cpu_ms = f->options.wall_ms = 60000;
  assert_ok(lf_load(f), &f->err);
  pid_t parent = fork();
  if (parent == 0) {
    ws_reader *reader = NULL;
    if (ws_reader_open(f->data, f->task, NULL, &reader, NULL) == WS_OK)
      _exit(ws_apply(f->set, reader, &f->apply, NULL, NULL, NULL, NULL) == WS_OK);
    _exit(1);
  }
  pid_t worker = 0;
  for (int i = 0; i < 500 && !worker; i++, nap(10)) worker = child_of(parent, 0);
  assert_true(worker > 0);
  nap(100);
  assert_int_equal(kill(worker, 0), 0);
  kill(parent, SIGKILL);
  assert_int_equal(waitpid(parent, NULL, 0), parent);
  bool gone = false;
  char path[64], text[256];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)worker);
  for (int i = 0; i < 500 && !gone; i++, nap(10)) {
    FILE *file = fopen(path, "r");
    gone = !file || !fgets(text, sizeof text, file) || strstr(text, ") Z ");
    if (file) fclose(file);
  }
  assert_true(gone);
}

/* Of the first worker: descriptors beyond the five it should have. */
static bool look_at_descriptors(void *user, const ws_progress *progress) {
  int *most = user;
  char path[64];
  if (progress->done == 0) return true; // it has only just been started
  snprintf(path, sizeof path, "/proc/%d/fd", (int)child_of(getpid(), 0));
  DIR *folder = opendir(path);
  for (struct dirent *entry; folder && (entry = readdir(folder));)
    if (atoi(entry->d_name) > *most) *most = atoi(entry->d_name);
  if (folder) closedir(folder);
  return true;
}

static void workers_inherit_nothing(void **state) {
  lf_fixture *f = *state;
  int most = 0, open_fd = open("/dev/null", O_RDONLY);
  assert_true(dup2(open_fd, 77) == 77);
  lf_file(f, "a.lua", slow_lf);
  numbered_lines(f, 3000);
  f->apply.chunk = 10;
  f->options.call_cpu_ms = f->options.worker_cpu_ms = 5000;
  f->apply.progress = (ws_progress_sink){look_at_descriptors, &most};
  assert_ok(lf_load(f), &f->err);
  assert_ok(lf_apply(f), &f->err);
  close(77);
  close(open_fd);
  if (most == 0 && geteuid() != 0) skip(); // only root may look into a locked process
  assert_true(most > 0 && most <= 4);
}

static void a_host_that_uses_low_descriptors_is_fine(void **state) {
  lf_fixture *f = *state;
  int zero = dup(0), one = dup(1), two = dup(2);
  lf_file(f, "a.rules", "a HAM /0/");
  numbered_lines(f, 2);
  close(0);
  ws_status loaded = lf_load(f), applied = loaded == WS_OK ? lf_apply(f) : loaded;
  dup2(zero, 0);
  close(zero);
  close(one);
  close(two);
  assert_ok(applied, &f->err);
}

static void programs_that_are_no_worker_are_found_out(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.rules", "a HAM /0/");
  f->options.worker = NULL;
  assert_int_equal(lf_load(f), WS_EINVAL);
  f->options.worker = "/nowhere/weaksup";
  assert_int_equal(lf_load(f), WS_EIO);
  assert_message(&f->err, "cannot start a worker process: /nowhere/weaksup: ");
  f->options.worker = "/bin/false";
  assert_int_equal(lf_load(f), WS_ELF);
  assert_message(&f->err, "/bin/false: does not work as a worker process: ");
}

/* Garbage is collected at the end of a call and counts as its time. Where the limit is
 * hit then, depends on the size of the garbage: some of these sizes do it. */
static void a_limit_hit_while_collecting_is_not_the_next_call_s(void **state) {
  lf_fixture *f = *state;
  lf_file(
      f, "a.lua",
      "function lf.hog(x) local t = {} for i = 1, tonumber(x.text:match('%d+')) * 1000 "
      "do t[i] = {} end end\nfunction lf.after(x) return HAM end\n");
  numbered_lines(f, 120);
  f->apply.workers = 1;
  f->options.call_cpu_ms = 10;
  f->options.worker_cpu_ms = f->options.wall_ms = 60000;
  f->options.memory = 256u << 20;
  assert_ok(lf_load(f), &f->err);
  for (int i = 0; i < 5; i++) {
    assert_ok(lf_apply(f), &f->err);
    assert_int_equal(ws_apply_report_at(f->report, 1)->errors, 0);
    assert_int_equal(ws_apply_report_at(f->report, 1)->votes, 120);
  }
}

/* Whatever the number of workers and the size of chunks (0: as it is chosen), the report
 * must be the same. */
static void apply_in_all_ways(lf_fixture *f, void (*check)(const ws_apply_report *)) {
  static const size_t chunks[] = {0, 1, 7, 50};
  f->options.call_cpu_ms = f->options.worker_cpu_ms = 20000;
  f->options.wall_ms = 60000;
  assert_ok(lf_load(f), &f->err);
  for (unsigned workers = 1; workers <= 3; workers++)
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++) {
      f->apply.workers = workers;
      f->apply.chunk = chunks[i];
      assert_ok(lf_apply(f), &f->err);
      check(f->report);
    }
}

static void ten_were_counted(const ws_apply_report *report) {
  const ws_lf_stats *stats = ws_apply_report_at(report, 0);
  assert_int_equal(stats->quarantined, WS_LF_QUARANTINE_EXHAUSTED);
  assert_int_equal(stats->errors, 10);
  assert_int_equal(stats->calls, 32); // up to record 31
  assert_int_equal(stats->failure_count, 3);
  assert_int_equal(stats->failures[2].row, 7);
}

/* What is counted are the first failures in the order of the records, whoever had
 * others. */
static void what_is_given_up_does_not_hang_on_workers(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "function lf.hog(x) if x.text:find('[147]$') then return #('a'):rep(1e9) end "
          "return HAM end\n");
  numbered_lines(f, 300);
  apply_in_all_ways(f, ten_were_counted);
}

static void only_the_frequent_one_is_out(const ws_apply_report *report) {
  const ws_lf_stats *often = ws_apply_report_at(report, 0);
  assert_int_equal(often->quarantined, WS_LF_QUARANTINE_EXHAUSTED);
  assert_int_equal(often->errors_by_kind[WS_LF_ERROR_PATTERN], 100);
  assert_int_equal(often->calls, 332);
  const ws_lf_stats *rare = ws_apply_report_at(report, 1);
  assert_int_equal(rare->quarantined, WS_LF_QUARANTINE_NONE);
  assert_int_equal(rare->errors_by_kind[WS_LF_ERROR_PATTERN], 14);
}

/* Steps are up sooner than time: only where that happens often. */
static void what_runs_out_of_steps_often_is_given_up(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "function lf.often(x) if x.text:find('[147]$') then\n"
          "  pcall(function() rx('(a+)+$'):test(('a'):rep(40) .. 'b') end) end end\n"
          "function lf.rare(x) if x.text:find('00$') then\n"
          "  return #('ab'):rep(1e5) end end\n");
  numbered_lines(f, 1500);
  f->options.pattern_steps = f->options.lua_steps = 2000;
  apply_in_all_ways(f, only_the_frequent_one_is_out);
}

static void folders_that_cannot_be_loaded(void **state) {
  lf_fixture *f = *state;
  assert_int_equal(ws_lf_set_load("/nowhere", f->task, &f->options, &f->set, &f->err),
                   WS_EIO);
  assert_message(&f->err, "/nowhere: expected a folder of labeling functions");
  lf_file(f, "a.txt", "x");
  char *path = lf_join(f->lfs, "a.txt");
  assert_int_equal(ws_lf_set_load(path, f->task, &f->options, &f->set, &f->err), WS_ELF);
  assert_message(&f->err, "expected a folder, or a file *.lua or *.rules");
  free(path);
  assert_int_equal(lf_load(f), WS_ELF);
  assert_message(&f->err, "lfs: no labeling function: expected 'function lf.NAME(x)'");
  lf_file(f, "a.lua", "while true do end");
  ws__load_limits limits = {.cpu_ms = 100, .end_cpu_ms = 10000, .wall_ms = 60000};
  assert_int_equal(
      ws__lf_set_load(f->lfs, f->task, &f->options, &limits, &f->set, &f->err), WS_ELF);
  assert_message(&f->err, "a.lua:1: took more than 100 ms of CPU time");
  assert_int_equal(ws__load_limits_default().cpu_ms, 5000); // as documented
}

static void a_single_file_and_nested_folders_load(void **state) {
  lf_fixture *f = *state;
  char *inner = lf_join(f->lfs, "inner"), *hidden = lf_join(f->lfs, ".git");
  char *loop = lf_join(inner, "loop");
  assert_int_equal(mkdir(inner, 0700), 0);
  assert_int_equal(mkdir(hidden, 0700), 0);
  assert_int_equal(symlink("..", loop), 0);
  lf_file(f, "b.rules", "b HAM /0/");
  lf_file(f, ".hidden.rules", "nonsense");
  lf_file(f, ".git/x.rules", "nonsense");
  lf_file(f, "inner/a.lua", "lf.a = keywords(HAM, lines 'a.txt')");
  lf_file(f, "inner/a.txt", "one\ntwo\n");
  lf_file(f, "inner/c.rules", "c HAM @a.txt");
  assert_ok(lf_load(f), &f->err);
  assert_int_equal(ws_lf_set_count(f->set), 3);
  assert_string_equal(ws_lf_set_at(f->set, 0)->name, "b");
  assert_string_equal(ws_lf_set_at(f->set, 1)->name, "a");
  assert_string_equal(ws_lf_set_at(f->set, 2)->name, "c");
  ws_lf_set_free(f->set);
  f->set = NULL;
  char *path = lf_join(inner, "c.rules");
  assert_ok(ws_lf_set_load(path, f->task, &f->options, &f->set, &f->err), &f->err);
  assert_int_equal(ws_lf_set_count(f->set), 1);
  assert_string_equal(ws_lf_set_at(f->set, 0)->file, path);
  free(path);
  free(loop);
  free(hidden);
  free(inner);
}

static void started_by_hand_a_worker_says_so(void **state) {
  (void)state;
  int status = 0, pipes[2];
  char said[200] = {0};
  assert_int_equal(pipe(pipes), 0);
  pid_t pid = fork();
  if (pid == 0) {
    dup2(pipes[1], 2);
    close(3);
    execl("/proc/self/exe", "weaksup", WS_LF_WORKER_ARG, (char *)NULL);
    _exit(99);
  }
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_int_equal(WEXITSTATUS(status), 1);
  assert_true(read(pipes[0], said, sizeof said - 1) > 0);
  assert_non_null(strstr(said, "a part of weaksup"));
  close(pipes[0]);
  close(pipes[1]);
}

int main(int argc, char **argv) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, lf_setup, lf_teardown)
  const struct CMUnitTest tests[] = {
      TEST(workers_that_somebody_kills_change_no_vote),
      TEST(workers_die_with_their_parent),
      TEST(workers_inherit_nothing),
      TEST(a_host_that_uses_low_descriptors_is_fine),
      TEST(programs_that_are_no_worker_are_found_out),
      TEST(a_limit_hit_while_collecting_is_not_the_next_call_s),
      TEST(what_is_given_up_does_not_hang_on_workers),
      TEST(what_runs_out_of_steps_often_is_given_up),
      TEST(folders_that_cannot_be_loaded),
      TEST(a_single_file_and_nested_folders_load),
      TEST(started_by_hand_a_worker_says_so),
  };
  LF_TEST_WORKER(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
