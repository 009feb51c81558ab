/* SPDX-License-Identifier: MIT
 *
 * A lock: one process at a time, told who has it; nothing stays.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weaksup/lock.h>

#include "ws_test.h"

typedef struct place {
  char *folder;
  char path[200];
} place;

static int set_up(void **state) {
  place *p = *state = calloc(1, sizeof *p);
  p->folder = ws_test_folder();
  snprintf(p->path, sizeof p->path, "%s/lock", p->folder);
  return 0;
}

static int tear_down(void **state) {
  place *p = *state;
  ws_test_remove_folder(p->folder);
  free(p);
  return 0;
}

/* A process that has taken the lock, and ends when it is killed. */
static pid_t start_holder(const char *path) {
  int ends[2];
  char byte;
  assert_int_equal(pipe(ends), 0);
  pid_t pid = fork();
  if (pid == 0) {
    ws_lock *lock = NULL;
    close(ends[0]);
    if (ws_lock_take(path, &lock, NULL) != WS_OK || write(ends[1], "x", 1) != 1) _exit(1);
    for (;;) pause();
  }
  close(ends[1]);
  assert_int_equal(read(ends[0], &byte, 1), 1);
  close(ends[0]);
  return pid;
}

static void the_file_is_there_while_it_is_held(void **state) {
  const place *p = *state;
  ws_lock *lock = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_lock_take(p->path, &lock, &err), &err);
  assert_int_equal(access(p->path, F_OK), 0);
  ws_lock_release(lock);
  assert_int_not_equal(access(p->path, F_OK), 0);
}

static void another_process_is_named(void **state) {
  const place *p = *state;
  ws_lock *lock = NULL;
  ws_error err = WS_ERROR_INIT;
  char expected[300];
  pid_t pid = start_holder(p->path);
  snprintf(expected, sizeof expected,
           "%s: process %ld works here: wait until it ends, or stop it", p->path,
           (long)pid);
  assert_status(WS_EIO, ws_lock_take(p->path, &lock, &err));
  assert_string_equal(err.message, expected);
  assert_null(lock);
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
}

static void what_a_killed_process_leaves_keeps_nobody_away(void **state) {
  const place *p = *state;
  ws_lock *lock = NULL;
  ws_error err = WS_ERROR_INIT;
  pid_t pid = start_holder(p->path);
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  assert_int_equal(access(p->path, F_OK), 0);
  assert_ok(ws_lock_take(p->path, &lock, &err), &err);
  ws_lock_release(lock);
  assert_int_not_equal(access(p->path, F_OK), 0);
}

static void no_link_is_followed(void **state) {
  const place *p = *state;
  char other[220];
  ws_lock *lock = NULL;
  ws_error err = WS_ERROR_INIT;
  snprintf(other, sizeof other, "%s/other", p->folder);
  assert_int_equal(symlink(other, p->path), 0);
  assert_status(WS_EIO, ws_lock_take(p->path, &lock, &err));
  assert_int_not_equal(access(other, F_OK), 0);
  assert_int_equal(unlink(p->path), 0);
  assert_int_equal(mkfifo(p->path, 0600), 0);
  assert_status(WS_EIO, ws_lock_take(p->path, &lock, &err));
}

static void a_folder_that_is_not_there(void **state) {
  const place *p = *state;
  char path[220];
  ws_lock *lock = NULL;
  ws_error err = WS_ERROR_INIT;
  snprintf(path, sizeof path, "%s/none/lock", p->folder);
  assert_status(WS_EIO, ws_lock_take(path, &lock, &err));
  assert_non_null(strstr(err.message, "none/lock: cannot be made: No such file"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(the_file_is_there_while_it_is_held, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(another_process_is_named, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_a_killed_process_leaves_keeps_nobody_away,
                                      set_up, tear_down),
      cmocka_unit_test_setup_teardown(no_link_is_followed, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_folder_that_is_not_there, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
