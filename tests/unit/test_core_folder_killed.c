/* SPDX-License-Identifier: MIT
 *
 * A folder that is replaced whole, by processes that are killed, where two folders cannot
 * be exchanged, and without memory: the previous one is whole after all of that.
 */
#include <dirent.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weaksup/hash.h>

#include "../core/run_place.h"

/* --- processes that were killed --- */

/* The number of a process that is gone. */
static long dead_process(void) {
  pid_t child = fork();
  if (child == 0) _exit(0);
  assert_int_equal(waitpid(child, NULL, 0), child);
  return (long)child;
}

/* A temporary folder as such a process leaves it. */
static void leave_temporary(const place *p, const char *process, char *path,
                            size_t size) {
  char host[256] = "";
  gethostname(host, sizeof host - 1);
  uint64_t hash = ws_hash64(host, strlen(host), 0) & 0xFFFFFFFFu;
  snprintf(path, size, "%s/.run.weaksup-%08llx-%s", p->parent, (unsigned long long)hash,
           process);
  assert_int_equal(mkdir(path, 0700), 0);
  put(path, "manifest.json", MARK("half"));
}

static void what_dead_processes_left_is_removed(void **state) {
  const place *p = *state;
  char dead[300], dead_second[300], alive[300], other[300], process[40];
  long gone = dead_process();
  snprintf(process, sizeof process, "%ld", gone);
  leave_temporary(p, process, dead, sizeof dead);
  snprintf(process, sizeof process, "%ld-1", gone);
  leave_temporary(p, process, dead_second, sizeof dead_second);
  snprintf(process, sizeof process, "%ld", (long)getppid());
  leave_temporary(p, process, alive, sizeof alive);
  leave_temporary(p, "12x", other, sizeof other);
  make_run(p->path, MARK("new"));
  assert_int_equal(access(dead, F_OK), -1);
  assert_int_equal(access(dead_second, F_OK), -1);
  assert_int_equal(access(alive, F_OK), 0);
  assert_int_equal(access(other, F_OK), 0);
}

/* In containers every run may have the same number. */
static void a_leftover_of_our_own_number_is_not_in_the_way(void **state) {
  const place *p = *state;
  char left[300], process[24];
  snprintf(process, sizeof process, "%ld", (long)getpid());
  leave_temporary(p, process, left, sizeof left);
  make_run(p->path, MARK("new"));
  assert_holds(p->path, "manifest.json", MARK("new"));
  assert_holds(left, "manifest.json", MARK("half"));
}

static void a_killed_run_leaves_the_previous_one_whole(void **state) {
  const place *p = *state;
  make_run(p->path, MARK("old"));
  pid_t child = fork();
  if (child == 0) {
    ws_folder *folder = NULL;
    if (ws_folder_begin(p->path, owned, 2, &folder, NULL) == WS_OK)
      free(ws_test_file(p->parent, "begun", "", 0));
    _exit(0);
  }
  assert_int_equal(waitpid(child, NULL, 0), child);
  assert_holds(p->parent, "begun", "");
  assert_holds(p->path, "manifest.json", MARK("old"));
  make_run(p->path, MARK("new"));
  assert_names(p->parent, "begun run ");
}

/* --- file systems without the exchange of two folders --- */

/* From here on the system call that exchanges two names fails, as on NFS. */
static void forbid_exchange(void) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_renameat2, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[4])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  bool set = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
             prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
  if (!set) _exit(100);
}

/* The exit code of a process that replaces the run so; `lost`: the new folder is gone
 * when it shall take the place of the previous one. */
static int replace_by_renames(const place *p, bool lost) {
  int code;
  pid_t child = fork();
  if (child == 0) {
    ws_folder *folder = NULL;
    forbid_exchange();
    if (ws_folder_begin(p->path, owned, 2, &folder, NULL) != WS_OK) _exit(101);
    char *path = strdup(ws_folder_file(folder, "manifest.json"));
    if (lost) {
      *strrchr(path, '/') = '\0';
      if (rmdir(path) != 0) _exit(102);
    } else if (ws_output_file(path, ws_text_of(MARK("new")), NULL) != WS_OK) {
      _exit(103);
    }
    free(path);
    _exit((int)ws_folder_commit(folder, NULL));
  }
  assert_int_equal(waitpid(child, &code, 0), child);
  assert_true(WIFEXITED(code));
  return WEXITSTATUS(code);
}

static void two_renames_do_where_there_is_no_exchange(void **state) {
  const place *p = *state;
  make_run(p->path, MARK("old"));
  put(p->path, "notes.txt", "mine");
  assert_int_equal(replace_by_renames(p, false), WS_OK);
  assert_holds(p->path, "manifest.json", MARK("new"));
  assert_holds(p->path, "notes.txt", "mine");
  assert_names(p->parent, "run ");
}

static void the_previous_one_is_put_back(void **state) {
  const place *p = *state;
  make_run(p->path, MARK("old"));
  assert_int_equal(replace_by_renames(p, true), WS_EIO);
  assert_holds(p->path, "manifest.json", MARK("old"));
  assert_names(p->parent, "run ");
}

static ws_status make_run_once(void *user) {
  const place *p = user;
  ws_folder *folder = NULL;
  WS_TRY(ws_folder_begin(p->path, owned, 2, &folder, NULL));
  const char *path = ws_folder_file(folder, "manifest.json");
  ws_status status =
      path ? ws_output_file(path, ws_text_of(MARK("new")), NULL) : WS_ENOMEM;
  if (status == WS_OK) return ws_folder_commit(folder, NULL);
  ws_folder_abort(folder);
  return status;
}

static void a_run_without_memory_leaves_the_previous_one_whole(void **state) {
  const place *p = *state;
  make_run(p->path, MARK("old"));
  put(p->path, "notes.txt", "mine");
  ws_test_every_allocation_failure(make_run_once, *state);
  assert_names(p->parent, "run ");
  assert_names(p->path, "manifest.json notes.txt ");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(what_dead_processes_left_is_removed),
      TEST(a_leftover_of_our_own_number_is_not_in_the_way),
      TEST(a_killed_run_leaves_the_previous_one_whole),
      TEST(two_renames_do_where_there_is_no_exchange),
      TEST(the_previous_one_is_put_back),
      TEST(a_run_without_memory_leaves_the_previous_one_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
