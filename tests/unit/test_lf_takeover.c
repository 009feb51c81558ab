/* SPDX-License-Identifier: MIT
 *
 * Workers that code has taken over. A thread of the worker, which its lockdown does not
 * hold, does to the memory and the socket that it shares with the parent what such code
 * could do, and more. The parent must end, say who is to blame, and count right.
 */
#define _DEFAULT_SOURCE // usleep
#include "../lf/lf_test.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "channel.h"

/* --- the worker --- */

typedef struct taken {
  ws__shared *shared;
  char *slots;
  size_t slots_size;
  char what[32];
} taken;

static void send_done(uint64_t serial) {
  struct {
    ws__frame frame;
    uint64_t serial;
  } message = {{WS__FRAME_DONE, sizeof serial}, serial};
  ssize_t sent = send(WS__FD_SOCKET, &message, sizeof message, MSG_NOSIGNAL);
  (void)sent;
}

static void flood(void) {
  static const char zeros[65536];
  ws__frame frame = {WS__FRAME_DONE, WS__FRAME_MAX};
  ssize_t sent = send(WS__FD_SOCKET, &frame, sizeof frame, MSG_NOSIGNAL);
  while (sent > 0) sent = send(WS__FD_SOCKET, zeros, sizeof zeros, MSG_NOSIGNAL);
}

/* Other bytes all the time, in what the parent copies: some right, most wrong. */
static void scribble(taken *t, uint32_t *state) {
  for (size_t at = 0; at + 4 <= t->slots_size; at += 4) {
    *state = *state * 1664525u + 1013904223u;
    uint32_t value = *state >> 24 & 1 ? *state : *state >> 28;
    *(volatile uint32_t *)(void *)(t->slots + at) = value;
  }
}

/* One move of many. */
static void step(taken *t, uint64_t turn) {
  ws__blame *blame = &t->shared->blame;
  uint32_t serial = atomic_load(&blame->serial), state = (uint32_t)turn;
  bool at_once = turn == 0;
  if (strcmp(t->what, "raise") == 0) {
    atomic_fetch_add(&blame->seq, 2);
  } else if (strcmp(t->what, "outside") == 0) {
    atomic_fetch_add(&blame->seq, 1);
    atomic_store(&blame->position, turn * 0x9E3779B97F4A7C15u);
  } else if (strcmp(t->what, "back") == 0) {
    atomic_fetch_add(&blame->seq, 2);
    atomic_store(&blame->position, turn % 2);
  } else if (strcmp(t->what, "serials") == 0) {
    atomic_fetch_add(&blame->seq, 2);
    atomic_store(&blame->serial, (uint32_t)turn);
  } else if (strcmp(t->what, "idle") == 0) {
    atomic_store(&blame->seq, turn * 2);
  } else if (strcmp(t->what, "slow") == 0) {
    usleep(10000);
    atomic_fetch_add(&blame->seq, 2);
    if (turn % 40 == 39) atomic_fetch_add(&blame->position, 1);
  } else if (strcmp(t->what, "stop") == 0) {
    kill(getpid(), SIGSTOP);
  } else if (strcmp(t->what, "shut") == 0) {
    if (at_once) shutdown(WS__FD_SOCKET, SHUT_RDWR);
    atomic_fetch_add(&blame->seq, 2); // or its call ends by time
  } else if (strcmp(t->what, "unknown") == 0 && at_once) {
    send_done(serial + 1000);
  } else if (strcmp(t->what, "early") == 0 && at_once) {
    send_done(serial + 1);
    send_done(serial);
  } else if (strcmp(t->what, "twice") == 0 && at_once) {
    send_done(serial);
    send_done(serial);
  } else if (strcmp(t->what, "flood") == 0 && at_once) {
    flood();
  } else if (strcmp(t->what, "scribble") == 0) {
    scribble(t, &state);
    if (turn % 64 == 63) send_done(serial);
  }
}

/* Only its own calls are its own: what it does in a call of 'before' is blamed on that.
 */
static bool is_called(const ws__blame *blame) {
  return atomic_load(&blame->serial) != 0 && atomic_load(&blame->seq) % 2 == 1 &&
         atomic_load(&blame->position) % 2 == 1;
}

static void *act(void *user) {
  taken *t = user;
  while (!is_called(&t->shared->blame)) usleep(100);
  size_t start = ws__shared_size(t->shared->init_size);
  struct stat info;
  if (fstat(WS__FD_MEMORY, &info) != 0 || (size_t)info.st_size <= start) return NULL;
  t->slots_size = (size_t)info.st_size - start;
  t->slots = mmap(NULL, t->slots_size, PROT_READ | PROT_WRITE, MAP_SHARED, WS__FD_MEMORY,
                  (off_t)start);
  if (t->slots == MAP_FAILED) return NULL;
  for (uint64_t turn = 0;; turn++) step(t, turn);
}

/* What is to be done stands in a file beside the folder of labeling functions. */
static bool read_plan(taken *t) {
  struct stat info;
  if (fstat(WS__FD_MEMORY, &info) != 0) return false;
  t->shared = mmap(NULL, (size_t)info.st_size, PROT_READ | PROT_WRITE, MAP_SHARED,
                   WS__FD_MEMORY, 0);
  if (t->shared == MAP_FAILED) return false;
  ws_text bytes = {(const char *)(t->shared + 1), t->shared->init_size};
  ws__worker_init init;
  ws_task *task = NULL;
  char path[600];
  FILE *file = NULL;
  if (ws__take_init(bytes, &init, &task) == WS_OK) {
    snprintf(path, sizeof path, "%.*s/../plan", (int)init.folder.size, init.folder.data);
    file = fopen(path, "r");
  }
  bool read = file && fgets(t->what, sizeof t->what, file);
  if (file) fclose(file);
  ws__problems_clear(&init.outside);
  ws_task_free(task);
  return read;
}

static int taken_main(int argc, char **argv) {
  static taken t;
  pthread_t thread;
  if (read_plan(&t) && pthread_create(&thread, NULL, act, &t) != 0) return 1;
  return ws_lf_worker_main(argc, argv);
}

/* --- the parent --- */

/* Its calls would never end, if limits were not. */
static int begin(void **state) {
  lf_setup(state);
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "function lf.before(x) return HAM end\n"
          "function lf.taken(x) while true do end end\n");
  lf_data(f, "data.txt", "one\ntwo\nthree\nfour\n");
  f->options.lua_steps = UINT64_MAX >> 1;
  f->options.call_cpu_ms = f->options.worker_cpu_ms = 200;
  f->options.wall_ms = 500;
  f->apply.workers = 1;
  f->apply.chunk = 2;
  assert_ok(lf_load(f), &f->err);
  alarm(120); // rather than forever
  return 0;
}

static ws_status run(lf_fixture *f, const char *plan) {
  free(ws_test_file(f->folder, "plan", plan, strlen(plan)));
  return lf_apply(f);
}

/* What the labeling function that was taken over says of itself. */
static const char *told(const lf_fixture *f) {
  const ws_lf_stats *stats = ws_apply_report_at(f->report, 1);
  assert_true(stats->failure_count > 0);
  return stats->failures[0].what;
}

static void expect_conviction(lf_fixture *f, const char *plan, const char *why) {
  assert_ok(run(f, plan), &f->err);
  assert_non_null(strstr(told(f), "in 'taken': "));
  if (!strstr(told(f), why))
    print_error("%s: expected %s, found %s\n", plan, why, told(f));
  assert_non_null(strstr(told(f), why));
  assert_int_equal(ws_apply_report_at(f->report, 0)->votes, 4);
}

static void expect_error(lf_fixture *f, const char *plan, const char *what) {
  assert_int_equal(run(f, plan), WS_ELF);
  assert_message(&f->err, what);
  assert_message(&f->err, ", after a call of '");
}

static void progress_that_is_none_ends(void **state) {
  lf_fixture *f = *state;
  expect_conviction(f, "raise", "no progress for 500 ms");
}

/* Which of the two is blamed is a matter of chance. */
static void steps_back_are_no_progress(void **state) {
  lf_fixture *f = *state;
  if (run(f, "back") != WS_OK)
    assert_message(&f->err, "labeling functions cannot be applied: no progress");
  else
    assert_true(ws_apply_report_errors(f->report) > 0);
}

static void positions_and_jobs_that_are_not_there_are_no_progress(void **state) {
  lf_fixture *f = *state;
  expect_error(f, "outside", "labeling functions cannot be applied: no progress");
  expect_error(f, "serials", "labeling functions cannot be applied: no progress");
}

static void progress_outside_of_calls_ends(void **state) {
  expect_error(*state, "idle", "labeling functions cannot be applied: no progress");
}

static void progress_that_is_slow_ends(void **state) {
  static const char why[] = "took longer than its calls may together, and was killed";
  lf_fixture *f = *state;
  bool found = false;
  f->apply.chunk = 4;
  f->options.wall_ms = 1000;
  assert_ok(lf_load(f), &f->err);
  if (run(f, "slow") != WS_OK) found = strstr(f->err.message, why) != NULL;
  for (size_t j = 0; !found && j < 2; j++) {
    const ws_lf_stats *stats = ws_apply_report_at(f->report, j);
    for (size_t i = 0; i < stats->failure_count; i++)
      found = found || strstr(stats->failures[i].what, why);
  }
  assert_true(found);
}

static void a_worker_that_stops_itself_is_killed(void **state) {
  expect_conviction(*state, "stop", "no progress for 500 ms");
}

static void a_worker_that_closes_its_socket_is_killed(void **state) {
  expect_conviction(*state, "shut", "closed its socket, and was killed");
}

static void answers_to_nothing_end_the_run(void **state) {
  expect_error(*state, "unknown", "something unexpected");
  expect_error(*state, "twice", "something unexpected");
}

/* With time enough for all of it, or the worker is killed by its limits before. */
static void a_flood_ends_the_run(void **state) {
  lf_fixture *f = *state;
  f->options.call_cpu_ms = f->options.worker_cpu_ms = f->options.wall_ms = 30000;
  assert_ok(lf_load(f), &f->err);
  // Its own answer may lie in the middle of what it sends: which is seen is chance.
  assert_int_equal(run(f, "flood"), WS_ELF);
  assert_true(strstr(f->err.message, "sends too much") ||
              strstr(f->err.message, "something unexpected"));
  assert_message(&f->err, ", after a call of '");
}

/* Votes may be lies, but they are of classes, and every record has some. */
static void answers_that_come_early_or_change_are_counted(void **state) {
  static const char *const plans[] = {"early", "scribble"};
  lf_fixture *f = *state;
  for (size_t i = 0; i < 2; i++) {
    ws_status status = run(f, plans[i]);
    if (status != WS_OK) {
      assert_int_equal(status, WS_ELF);
      assert_message(&f->err, ", after a call of '");
      continue;
    }
    assert_int_equal(ws_votes_rows(f->votes), 4);
    for (size_t j = 0; j < 2; j++) {
      const ws_lf_stats *stats = ws_apply_report_at(f->report, j);
      assert_true(stats->votes + stats->errors <= stats->calls && stats->calls <= 4);
    }
  }
}

int main(int argc, char **argv) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, lf_teardown)
  const struct CMUnitTest tests[] = {
      TEST(progress_that_is_none_ends),
      TEST(steps_back_are_no_progress),
      TEST(positions_and_jobs_that_are_not_there_are_no_progress),
      TEST(progress_outside_of_calls_ends),
      TEST(progress_that_is_slow_ends),
      TEST(a_worker_that_stops_itself_is_killed),
      TEST(a_worker_that_closes_its_socket_is_killed),
      TEST(answers_to_nothing_end_the_run),
      TEST(a_flood_ends_the_run),
      TEST(answers_that_come_early_or_change_are_counted),
  };
  if (argc > 1 && strcmp(argv[1], WS_LF_WORKER_ARG) == 0) return taken_main(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
