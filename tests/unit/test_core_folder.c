/* SPDX-License-Identifier: MIT
 *
 * A folder that is replaced whole: the previous one stands until the new one is there,
 * and what is not ours stays.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../core/run_place.h"

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
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
