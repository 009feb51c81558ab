/* SPDX-License-Identifier: MIT
 *
 * The cache where it cannot write, stays below its limits, or is used by many processes.
 */
#define _XOPEN_SOURCE 700 // utimensat
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ws_test_cache.h"

static const ws_hash128 key = {0x0123456789abcdefu, 0xfedcba9876543210u};

/* --- what cannot be written --- */

static void a_folder_that_cannot_be_made_is_an_error(void **state) {
  ws_test_cache *f = *state;
  ws_error err = WS_ERROR_INIT;
  ws_cache *cache = NULL;
  char path[300];
  free(ws_test_file(f->folder, "file", "x", 1));
  snprintf(path, sizeof path, "%s/file/cache", f->folder);
  assert_int_equal(ws_cache_open(path, NULL, &cache, &err), WS_EIO);
  assert_message(&err, "/file/cache: cannot make the folder: ");
  snprintf(path, sizeof path, "%s/file", f->folder);
  assert_int_equal(ws_cache_open(path, NULL, &cache, &err), WS_EIO);
  snprintf(path, sizeof path, "%s/a/b/c", f->folder);
  assert_int_equal(ws_cache_open(path, NULL, &cache, &err), WS_EIO);
  assert_null(cache);
}

static void a_folder_that_is_gone_stores_nothing(void **state) {
  ws_test_cache *f = *state;
  assert_int_equal(rmdir(f->path), 0);
  ws_cache_put(f->cache, key, ws_text_of("x"));
  ws_test_cache_expect(f, key, NULL);
  assert_non_null(strstr(ws_cache_trouble(f->cache), "cannot write: "));
}

/* The limit on the size of files stands in for a full disk: write fails half way. */
static void a_full_disk_leaves_no_entry(void **state) {
  ws_test_cache *f = *state;
  char *large = calloc(1, 100000);
  pid_t child = fork();
  if (child == 0) {
    struct rlimit limit = {5000, 5000};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    ws_cache_put(f->cache, key, (ws_text){large, 100000});
    _exit(ws_cache_trouble(f->cache) ? 42 : 1);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(WEXITSTATUS(status), 42);
  ws_test_cache_expect(f, key, NULL);
  assert_int_equal(ws_test_cache_files(f), 0);
  free(large);
}

/* --- limits --- */

static ws_hash128 number(unsigned i) {
  return (ws_hash128){i, 1};
}

static void age(const ws_test_cache *f, unsigned i, time_t seconds) {
  char name[64], path[400];
  struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
  snprintf(name, sizeof name, "0000000000000001%016x.cache", i);
  ws_test_cache_path(f, name, path);
  assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void the_least_recently_used_go_first(void **state) {
  ws_test_cache *f = *state;
  ws_cache_options few = {.max_bytes = (uint64_t)1 << 30, .max_entries = 3};
  free(ws_test_file(f->path, "notes.txt", "mine", 4));
  free(ws_test_file(f->path, "0000.cache", "mine", 4));
  for (unsigned i = 0; i < 6; i++) {
    ws_cache_put(f->cache, number(i), ws_text_of("x"));
    age(f, i, 1000 + (time_t)(5 - i)); // 5 is the oldest
  }
  ws_test_cache_open(f, &few);             // nothing was too much
  ws_test_cache_expect(f, number(4), "x"); // used now
  ws_cache_put(f->cache, number(6), ws_text_of("x"));
  ws_test_cache_open(f, &few);
  assert_int_equal(ws_test_cache_files(f), 3 + 2);
  ws_test_cache_expect(f, number(0), "x");
  ws_test_cache_expect(f, number(4), "x");
  ws_test_cache_expect(f, number(6), "x");
}

static void the_folder_stays_below_its_size(void **state) {
  ws_test_cache *f = *state;
  ws_cache_options small = {.max_bytes = 100000, .max_entries = 1000};
  char *block = calloc(1, 30000);
  ws_test_cache_open(f, &small);
  for (unsigned i = 0; i < 10; i++) {
    ws_cache_put(f->cache, number(i), (ws_text){block, 30000});
    age(f, i, 1000 + (time_t)i);
  }
  assert_int_equal(ws_test_cache_files(f), 10);
  ws_test_cache_open(f, &small);
  assert_int_equal(ws_test_cache_files(f), 3);
  ws_cache_entry entry;
  for (unsigned i = 7; i < 10; i++) {
    assert_true(ws_cache_get(f->cache, number(i), &entry));
    ws_cache_release(&entry);
  }
  free(block);
}

static void abandoned_temporary_files_are_removed(void **state) {
  ws_test_cache *f = *state;
  static const char *const names[] = {"00000000000000010000000000000007.cache.tmp-1-1",
                                      "00000000000000010000000000000007.cache.tmp-1-2"};
  struct timespec old[2] = {{1000, 0}, {1000, 0}};
  char path[400];
  for (int i = 0; i < 2; i++) free(ws_test_file(f->path, names[i], "x", 1));
  ws_test_cache_path(f, names[0], path);
  assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
  ws_cache_put(f->cache, key, ws_text_of("x"));
  ws_test_cache_open(f, NULL);
  assert_int_equal(access(path, F_OK), -1);
  assert_int_equal(ws_test_cache_files(f),
                   2); // the entry and the one that may be at work
}

/* --- many processes --- */

static void fill_entry(char *out, unsigned i) {
  memset(out, (int)('a' + i), 2000);
  out[2000 + i * 100] = '\0';
  memset(out + 2000, 'z', i * 100);
}

/* Puts and gets the same few keys, with a limit that removes them all the time. An entry
 * is whole or not there. */
static int hammer(const char *path, unsigned seed) {
  char text[4000];
  ws_cache_options few = {.max_bytes = 1 << 20, .max_entries = 4};
  for (unsigned round = 0; round < 60; round++) {
    ws_cache *cache = NULL;
    if (ws_cache_open(path, &few, &cache, NULL) != WS_OK) return 1;
    for (unsigned i = 0; i < 8; i++) {
      unsigned n = (i * 5 + seed + round) % 8;
      ws_cache_entry entry;
      fill_entry(text, n);
      if (ws_cache_get(cache, number(n), &entry)) {
        bool same = ws_text_equals(entry.bytes, text);
        ws_cache_release(&entry);
        if (!same) return 2;
      } else {
        ws_cache_put(cache, number(n), ws_text_of(text));
      }
    }
    ws_cache_close(cache);
  }
  return 42;
}

static void processes_do_not_disturb_each_other(void **state) {
  ws_test_cache *f = *state;
  enum { PROCESSES = 4 };
  pid_t children[PROCESSES];
  for (unsigned i = 0; i < PROCESSES; i++)
    if ((children[i] = fork()) == 0) _exit(hammer(f->path, i));
  for (unsigned i = 0; i < PROCESSES; i++) {
    int status;
    assert_int_equal(waitpid(children[i], &status, 0), children[i]);
    assert_int_equal(WEXITSTATUS(status), 42);
  }
  ws_cache_options few = {.max_bytes = 1 << 20, .max_entries = 4};
  ws_test_cache_open(f, &few);
  ws_cache_put(f->cache, key, ws_text_of("x"));
  ws_test_cache_open(f, NULL);
  assert_true(ws_test_cache_files(f) <= 4);
}

int main(void) {
#define TEST(name)                                                                       \
  cmocka_unit_test_setup_teardown(name, ws_test_cache_setup, ws_test_cache_teardown)
  const struct CMUnitTest tests[] = {
      TEST(a_folder_that_cannot_be_made_is_an_error),
      TEST(a_folder_that_is_gone_stores_nothing),
      TEST(a_full_disk_leaves_no_entry),
      TEST(the_least_recently_used_go_first),
      TEST(the_folder_stays_below_its_size),
      TEST(abandoned_temporary_files_are_removed),
      TEST(processes_do_not_disturb_each_other),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
