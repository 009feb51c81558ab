/* SPDX-License-Identifier: MIT
 *
 * Workers that do not come back from a file while they load it, or lie about it. Some
 * files of these tests make the worker misbehave, see worker().
 */
#include "../lf/lf_broken.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <weaksup/vet.h>

#include "lf_set_priv.h"

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
  lf_broken_good_files(f);
  lf_file(f, "a.lua", "function lf.a(x) end\nwhile true do end");
  lf_file(f, "b.lua", "function lf.b(x) end\nwhile true do pcall(error) end");
  for (int i = 0; i < 12000; i++)
    assert_ok(ws_buffer_printf(&rules, "r%d SPAM /(\\w+|\\pL{2,%d}){2,9}[0-%d]x+$/i\n", i,
                               i % 90 + 10, i % 10),
              NULL);
  lf_file(f, "c.rules", rules.data);
  assert_ok(load_within(f, 100, 20000), &f->err);
  assert_int_equal(ws_lf_set_problem_count(f->set), 3);
  lf_broken_expect(f, 0, "2 time a a.lua:2: took more than 100 ms of CPU time");
  lf_broken_expect(f, 1, "2 time b b.lua:2: took more than 100 ms of CPU time");
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
  lf_broken_good_files(f);
  lf_file(f, "crash.lua", "function lf.c(x) end");
  lf_file(f, "hang.lua", "function lf.h(x) end");
  lf_file(f, "kill.rules", "k HAM /k/\nl HAM /l/\n");
  lf_file(f, "wrong.lua", "function lf.w(x)");
  assert_ok(load_within(f, 5000, 2000), &f->err);
  assert_int_equal(ws_lf_set_problem_count(f->set), 4);
  lf_broken_expect(
      f, 0,
      "0 killed c crash.lua: cannot be loaded: its worker process ended with exit "
      "code 7");
  lf_broken_expect(f, 1, "0 time h hang.lua: not loaded after 2000 ms");
  lf_broken_expect(
      f, 2,
      "0 killed k,l kill.rules: cannot be loaded: its worker process died of signal "
      "9");
  lf_broken_expect(f, 3, "1 compile_error w wrong.lua:1: 'end' expected near <eof>");
  assert_int_equal(ws_lf_set_count(f->set), 3);
  assert_ok(lf_apply(f), &f->err);
  f->options.keep_going = false;
  assert_int_equal(load_within(f, 5000, 2000), WS_ELF);
  assert_message(&f->err, "crash.lua: cannot be loaded: its worker process ended with");
}

static void a_worker_that_somebody_kills_once_is_no_problem(void **state) {
  lf_fixture *f = *state;
  lf_broken_good_files(f);
  lf_file(f, "once.rules", "k HAM /hello/\n");
  assert_ok(lf_load(f), &f->err);
  assert_int_equal(ws_lf_set_problem_count(f->set), 0);
  assert_int_equal(ws_lf_set_count(f->set), 4);
}

static void a_worker_that_ends_elsewhere_is_an_error(void **state) {
  lf_fixture *f = *state;
  lf_broken_good_files(f);
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
  lf_broken_good_files(f);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    lf_file(f, names[i], "k HAM /k/\n");
    assert_int_equal(lf_load(f), WS_ELF);
    assert_message(&f->err, i == 1 ? "lfs: changed while it was being loaded"
                                   : "a worker process sent something unexpected");
    lf_broken_forget(f, names[i]);
  }
  f->options.keep_going = false;
  lf_file(f, "lie-again.rules", "k HAM /k/\n");
  assert_int_equal(lf_load(f), WS_ELF);
  assert_message(&f->err, "a worker process sent something unexpected");
  lf_broken_forget(f, "lie-again.rules");
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
  NUMBER(0); // its name is not taken
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

/* --- candidates ----------------------------------------------------------------------
 */

/* What a candidate does to the process that loads it is its own verdict, and nobody
 * else's. */
static void a_candidate_in_which_the_worker_ends_is_rejected_for_it(void **state) {
  lf_fixture *f = *state;
  ws_vet_options how = ws_vet_options_default();
  ws_vetting *vetting = NULL;
  ws_reader *reader = NULL;
  how.lf = f->options;
  how.workers = 1;
  lf_file(f, "crash.lua", "function lf.c(x) return SPAM end\n");
  lf_file(f, "kill.rules", "k HAM /k/\nl HAM /l/\n");
  lf_file(f, "good.rules", "one SPAM /one/\n");
  lf_data(f, "sample.jsonl",
          "{\"text\": \"one\"}\n{\"text\": \"one k\"}\n{\"text\": \"two\"}\n");
  assert_ok(ws_reader_open(f->data, f->task, NULL, &reader, &f->err), &f->err);
  assert_ok(ws_vet(f->lfs, f->task, reader, &how, &vetting, &f->err), &f->err);
  assert_int_equal(ws_vetting_count(vetting), 4);
  for (size_t i = 0; i < 4; i++) {
    const ws_vet_verdict *v = ws_vetting_at(vetting, i);
    bool good = strcmp(v->name, "one") == 0;
    assert_int_equal(v->reason, good ? WS_VET_PASSED : WS_VET_LOAD_KILLED);
    assert_int_equal(v->stage, good ? WS_VET_COVERAGE : WS_VET_STATIC);
    assert_int_equal(v->loaded, good);
    if (!good) assert_non_null(strstr(v->evidence, "cannot be loaded"));
  }
  assert_string_equal(ws_vet_reason_name(WS_VET_LOAD_KILLED), "load_killed");
  assert_int_equal(ws_vetting_passed(vetting), 1);
  ws_vetting_free(vetting);
  ws_reader_free(reader);
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], WS_LF_WORKER_ARG) == 0) return worker(argc, argv);
#define TEST(name) cmocka_unit_test_setup_teardown(name, lf_broken_setup, lf_teardown)
  const struct CMUnitTest tests[] = {
      TEST(files_that_take_too_long),
      TEST(files_in_which_the_worker_ends),
      TEST(a_worker_that_somebody_kills_once_is_no_problem),
      TEST(a_worker_that_ends_elsewhere_is_an_error),
      TEST(lies_are_found_out),
      TEST(texts_of_workers_are_cleaned),
      TEST(a_candidate_in_which_the_worker_ends_is_rejected_for_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
