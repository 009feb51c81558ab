/* SPDX-License-Identifier: MIT
 *
 * A folder that is replaced whole: the previous one stands until the new one is there,
 * and what is not ours stays.
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
#include <weaksup/output.h>

#include "ws_test.h"

typedef struct place {
  char *parent;
  char path[200]; // parent/run
} place;

/* What makes a file a manifest. */
#define MARK(text) "{\n \"format\": \"weaksup test\",\n \"text\": \"" text "\"\n}\n"

static const char *const owned[] = {"manifest.json", "votes.wsv"};

static int set_up(void **state) {
  place *p = *state = calloc(1, sizeof *p);
  p->parent = ws_test_folder();
  snprintf(p->path, sizeof p->path, "%s/run", p->parent);
  return 0;
}

static int tear_down(void **state) {
  place *p = *state;
  ws_test_remove_folder(p->parent);
  free(p);
  return 0;
}

static void put(const char *folder, const char *name, const char *text) {
  free(ws_test_file(folder, name, text, strlen(text)));
}

/* All names in a folder, sorted, with a blank behind each. */
static void assert_names(const char *path, const char *expected) {
  struct dirent **entries;
  char names[1000] = "";
  int count = scandir(path, &entries, NULL, alphasort);
  assert_true(count >= 2);
  for (int i = 0; i < count; i++) {
    const char *name = entries[i]->d_name;
    if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
      strcat(strcat(names, name), " ");
    free(entries[i]);
  }
  free(entries);
  assert_string_equal(names, expected);
}

static void assert_holds(const char *folder, const char *name, const char *expected) {
  char path[400];
  ws_buffer bytes = {0};
  snprintf(path, sizeof path, "%s/%s", folder, name);
  assert_ok(ws_input_file(path, 1000, &bytes, NULL), NULL);
  assert_string_equal(bytes.data, expected);
  ws_buffer_clear(&bytes);
}

static ws_folder *begin(const char *path) {
  ws_folder *folder = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_folder_begin(path, owned, 2, &folder, &err), &err);
  return folder;
}

static void write_file(ws_folder *folder, const char *name, const char *text) {
  assert_ok(ws_output_file(ws_folder_file(folder, name), ws_text_of(text), NULL), NULL);
}

static void commit(ws_folder *folder) {
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_folder_commit(folder, &err), &err);
}

/* A run whose files hold `text`. */
static void make_run(const char *path, const char *text) {
  ws_folder *folder = begin(path);
  write_file(folder, "manifest.json", text);
  write_file(folder, "votes.wsv", text);
  commit(folder);
}

static void a_new_folder_appears_on_commit(void **state) {
  const place *p = *state;
  ws_folder *folder = begin(p->path);
  write_file(folder, "manifest.json", MARK("1"));
  assert_int_equal(access(p->path, F_OK), -1);
  commit(folder);
  assert_names(p->parent, "run ");
  assert_names(p->path, "manifest.json ");
}

static void the_previous_one_stands_until_commit(void **state) {
  const place *p = *state;
  make_run(p->path, MARK("old"));
  ws_folder *folder = begin(p->path);
  write_file(folder, "manifest.json", MARK("new"));
  assert_holds(p->path, "manifest.json", MARK("old"));
  commit(folder);
  assert_holds(p->path, "manifest.json", MARK("new"));
  assert_names(p->path, "manifest.json "); // votes.wsv was ours, and is not made anew
  assert_names(p->parent, "run ");
}

static void giving_up_leaves_everything_as_it_was(void **state) {
  const place *p = *state;
  make_run(p->path, MARK("old"));
  put(p->path, "notes.txt", "mine");
  ws_folder *folder = begin(p->path);
  write_file(folder, "manifest.json", MARK("new"));
  ws_folder_abort(folder);
  assert_names(p->path, "manifest.json notes.txt votes.wsv ");
  assert_holds(p->path, "manifest.json", MARK("old"));
  assert_names(p->parent, "run ");
  ws_folder_abort(NULL);
}

static void the_users_own_files_are_carried_over(void **state) {
  const place *p = *state;
  char inner[300];
  struct stat before, after;
  make_run(p->path, MARK("old"));
  put(p->path, "notes.txt", "mine");
  snprintf(inner, sizeof inner, "%s/plots", p->path);
  assert_int_equal(mkdir(inner, 0700), 0);
  put(inner, "a.svg", "picture");
  snprintf(inner, sizeof inner, "%s/notes.txt", p->path);
  assert_int_equal(stat(inner, &before), 0);
  make_run(p->path, MARK("new"));
  assert_names(p->path, "manifest.json notes.txt plots votes.wsv ");
  assert_holds(p->path, "notes.txt", "mine");
  assert_holds(p->path, "plots/a.svg", "picture");
  assert_holds(p->path, "votes.wsv", MARK("new"));
  assert_int_equal(stat(inner, &after), 0);
  assert_int_equal(before.st_ino, after.st_ino); // the file itself, not a copy
  assert_int_equal(after.st_nlink, 1);
  assert_names(p->parent, "run ");
}

static void links_and_pipes_of_the_user_are_carried_over(void **state) {
  const place *p = *state;
  char inner[300], link[40];
  make_run(p->path, MARK("old"));
  snprintf(inner, sizeof inner, "%s/latest.txt", p->path);
  assert_int_equal(symlink("nowhere", inner), 0);
  snprintf(inner, sizeof inner, "%s/pipe", p->path);
  assert_int_equal(mkfifo(inner, 0600), 0);
  make_run(p->path, MARK("new"));
  assert_names(p->path, "latest.txt manifest.json pipe votes.wsv ");
  assert_names(p->parent, "run ");
  snprintf(inner, sizeof inner, "%s/latest.txt", p->path);
  assert_int_equal(readlink(inner, link, sizeof link), 7);
}

static void a_folder_that_is_not_ours_is_refused(void **state) {
  const place *p = *state;
  ws_folder *folder = NULL;
  ws_error err;
  assert_int_equal(mkdir(p->path, 0700), 0);
  put(p->path, "thesis.tex", "years");
  assert_status(WS_EIO, ws_folder_begin(p->path, owned, 2, &folder, &err));
  assert_message(&err,
                 "/run: a folder with other files in it (no manifest.json of weaksup's)");
  assert_null(folder);
  assert_names(p->parent, "run ");
  assert_holds(p->path, "thesis.tex", "years");
}

static void a_manifest_of_something_else_is_not_ours(void **state) {
  const place *p = *state;
  ws_folder *folder = NULL;
  assert_int_equal(mkdir(p->path, 0700), 0);
  put(p->path, "manifest.json", "{\"name\": \"a web page\"}");
  assert_status(WS_EIO, ws_folder_begin(p->path, owned, 2, &folder, NULL));
  assert_holds(p->path, "manifest.json", "{\"name\": \"a web page\"}");
}

static void permissions_are_kept(void **state) {
  const place *p = *state;
  struct stat about;
  make_run(p->path, MARK("old"));
  assert_int_equal(chmod(p->path, 0700), 0);
  make_run(p->path, MARK("new"));
  assert_int_equal(stat(p->path, &about), 0);
  assert_int_equal(about.st_mode & 07777, 0700);
}

/* Two that began while there was no target: both end well, and the last one stands. */
static void two_at_once_end_well(void **state) {
  const place *p = *state;
  ws_folder *one = begin(p->path);
  write_file(one, "manifest.json", MARK("one"));
  make_run(p->path, MARK("two"));
  put(p->path, "notes.txt", "mine");
  commit(one);
  assert_holds(p->path, "manifest.json", MARK("one"));
  assert_holds(p->path, "notes.txt", "mine");
  assert_names(p->parent, "run ");
}

static void an_empty_folder_is_taken(void **state) {
  const place *p = *state;
  assert_int_equal(mkdir(p->path, 0700), 0);
  make_run(p->path, MARK("new"));
  assert_names(p->path, "manifest.json votes.wsv ");
}

static void files_and_missing_parents_are_refused(void **state) {
  const place *p = *state;
  ws_folder *folder = NULL;
  ws_error err;
  char path[300];
  put(p->parent, "run", "a file");
  assert_status(WS_EIO, ws_folder_begin(p->path, owned, 2, &folder, &err));
  assert_message(&err, "/run: expected a folder, found a file");
  snprintf(path, sizeof path, "%s/no/such", p->parent);
  assert_status(WS_EIO, ws_folder_begin(path, owned, 2, &folder, &err));
  assert_message(&err, "/no/such: expected a folder to make it in, found no '");
}

static void a_slash_at_the_end_changes_nothing(void **state) {
  const place *p = *state;
  char path[300];
  snprintf(path, sizeof path, "%s//", p->path);
  make_run(path, MARK("old"));
  make_run(path, MARK("new"));
  assert_names(p->parent, "run ");
  assert_holds(p->path, "manifest.json", MARK("new"));
}

static void a_link_stays_and_its_target_is_replaced(void **state) {
  const place *p = *state;
  char link[300];
  struct stat about;
  snprintf(link, sizeof link, "%s/latest", p->parent);
  make_run(p->path, MARK("old"));
  assert_int_equal(symlink("run", link), 0);
  make_run(link, MARK("new"));
  assert_int_equal(lstat(link, &about), 0);
  assert_true(S_ISLNK(about.st_mode));
  assert_holds(p->path, "manifest.json", MARK("new"));
  assert_names(p->parent, "latest run ");
}

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
      TEST(a_new_folder_appears_on_commit),
      TEST(the_previous_one_stands_until_commit),
      TEST(giving_up_leaves_everything_as_it_was),
      TEST(the_users_own_files_are_carried_over),
      TEST(links_and_pipes_of_the_user_are_carried_over),
      TEST(a_folder_that_is_not_ours_is_refused),
      TEST(a_manifest_of_something_else_is_not_ours),
      TEST(permissions_are_kept),
      TEST(two_at_once_end_well),
      TEST(an_empty_folder_is_taken),
      TEST(files_and_missing_parents_are_refused),
      TEST(a_slash_at_the_end_changes_nothing),
      TEST(a_link_stays_and_its_target_is_replaced),
      TEST(what_dead_processes_left_is_removed),
      TEST(a_leftover_of_our_own_number_is_not_in_the_way),
      TEST(a_killed_run_leaves_the_previous_one_whole),
      TEST(two_renames_do_where_there_is_no_exchange),
      TEST(the_previous_one_is_put_back),
      TEST(a_run_without_memory_leaves_the_previous_one_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
