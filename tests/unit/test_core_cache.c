/* SPDX-License-Identifier: MIT
 *
 * The cache: what was stored comes back, and nothing else ever does.
 */
#define _XOPEN_SOURCE 700 // utimensat

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weaksup/cache.h>
#include <weaksup/reader.h>

#include "ws_test.h"

typedef struct fixture {
  char *folder, path[256];
  ws_cache *cache;
} fixture;

static const ws_hash128 key = {0x0123456789abcdefu, 0xfedcba9876543210u};
static const char key_file[] = "fedcba98765432100123456789abcdef.cache";

static void reopen(fixture *f, const ws_cache_options *options) {
  ws_error err = WS_ERROR_INIT;
  ws_cache_close(f->cache);
  f->cache = NULL;
  assert_ok(ws_cache_open(f->path, options, &f->cache, &err), &err);
}

static int begin(void **state) {
  fixture *f = calloc(1, sizeof *f);
  f->folder = ws_test_folder();
  snprintf(f->path, sizeof f->path, "%s/.weaksup/cache", f->folder);
  reopen(f, NULL);
  *state = f;
  return 0;
}

static int end(void **state) {
  fixture *f = *state;
  ws_cache_close(f->cache);
  ws_test_remove_folder(f->folder);
  free(f);
  return 0;
}

static void file_path(const fixture *f, const char *name, char out[400]) {
  snprintf(out, 400, "%s/%s", f->path, name);
}

static void assert_entry(fixture *f, ws_hash128 at, const char *expected) {
  ws_cache_entry entry;
  assert_int_equal(ws_cache_get(f->cache, at, &entry), expected != NULL);
  if (expected) {
    assert_int_equal(entry.bytes.size, strlen(expected));
    assert_memory_equal(entry.bytes.data, expected, strlen(expected));
  } else {
    assert_int_equal(entry.bytes.size, 0);
  }
  ws_cache_release(&entry);
}

static size_t count_files(const fixture *f) {
  size_t count = 0;
  DIR *folder = opendir(f->path);
  assert_non_null(folder);
  for (struct dirent *item; (item = readdir(folder));) count += item->d_name[0] != '.';
  closedir(folder);
  return count;
}

static void what_was_stored_comes_back(void **state) {
  fixture *f = *state;
  ws_hash128 other = {key.low, key.high + 1};
  assert_entry(f, key, NULL);
  ws_cache_put(f->cache, key, ws_text_of("some bytes"));
  ws_cache_put(f->cache, other, (ws_text){"", 0});
  assert_entry(f, key, "some bytes");
  assert_entry(f, other, "");
  reopen(f, NULL);
  assert_entry(f, key, "some bytes");
  ws_cache_put(f->cache, key, ws_text_of("others"));
  assert_entry(f, key, "others");
  ws_cache_drop(f->cache, key);
  assert_entry(f, key, NULL);
  assert_int_equal(count_files(f), 1);
  assert_null(ws_cache_trouble(f->cache));
}

static void pieces_are_one_entry(void **state) {
  fixture *f = *state;
  static const size_t rooms[] = {0, 1, 7, 30, 100000};
  for (size_t r = 0; r < sizeof rooms / sizeof *rooms; r++) {
    ws_buffer expected = {0};
    ws_cache_writer *writer = ws_cache_begin(f->cache, key, rooms[r]);
    for (int i = 0; i < 500; i++) {
      char piece[24];
      int size = snprintf(piece, sizeof piece, "%zu:%d%*s", r, i, i % 9, "");
      ws_cache_append(writer, piece, (size_t)size);
      assert_ok(ws_buffer_append(&expected, piece, (size_t)size), NULL);
    }
    ws_cache_commit(writer);
    assert_entry(f, key, expected.data);
    ws_buffer_clear(&expected);
  }
  assert_int_equal(count_files(f), 1);
}

static void what_is_given_up_leaves_nothing(void **state) {
  fixture *f = *state;
  ws_cache_writer *writer = ws_cache_begin(f->cache, key, 10);
  for (int i = 0; i < 10; i++) ws_cache_append(writer, "0123456789", 10);
  assert_int_equal(count_files(f), 1); // the temporary file
  ws_cache_abort(writer);
  ws_cache_abort(NULL);
  assert_int_equal(count_files(f), 0);
  assert_entry(f, key, NULL);
}

static void a_new_folder_is_hidden_from_git(void **state) {
  fixture *f = *state;
  char path[300], text[8] = {0};
  snprintf(path, sizeof path, "%s/.weaksup/.gitignore", f->folder);
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  assert_int_equal(fread(text, 1, sizeof text, file), 2);
  fclose(file);
  assert_string_equal(text, "*\n");
}

/* --- what is not to be trusted --- */

static void overwrite(const fixture *f, const char *data, size_t size) {
  free(ws_test_file(f->path, key_file, data, size));
}

static void every_truncation_and_every_changed_byte_is_noticed(void **state) {
  fixture *f = *state;
  char path[400], bytes[200], bad[200];
  ws_cache_put(f->cache, key, ws_text_of("precious"));
  file_path(f, key_file, path);
  FILE *file = fopen(path, "rb");
  size_t size = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  assert_int_equal(size, 8 + 16 + 8 + 16);
  for (size_t cut = 0; cut < size; cut++) {
    overwrite(f, bytes, cut);
    assert_entry(f, key, NULL);
  }
  for (size_t i = 0; i < size; i++) {
    memcpy(bad, bytes, size);
    bad[i] ^= 0x10;
    overwrite(f, bad, size);
    assert_entry(f, key, NULL);
  }
  memcpy(bad, bytes, size);
  bad[size] = 0;
  overwrite(f, bad, size + 1);
  assert_entry(f, key, NULL);
  ws_cache_put(f->cache, key, ws_text_of("precious")); // and it is written again
  assert_entry(f, key, "precious");
}

static void an_entry_of_another_key_is_not_taken(void **state) {
  fixture *f = *state;
  char from[400], to[400];
  ws_hash128 other = {key.low, key.high + 1};
  ws_cache_put(f->cache, other, ws_text_of("of another"));
  file_path(f, "fedcba98765432110123456789abcdef.cache", from);
  file_path(f, key_file, to);
  assert_int_equal(rename(from, to), 0);
  assert_entry(f, key, NULL);
}

/* The first copy is in memory, the second one beyond what may be there. */
static void entries_in_use_outlive_their_file(void **state) {
  fixture *f = *state;
  enum { SIZE = 20 << 20 };
  ws_cache_entry entries[3];
  char *block = malloc(SIZE), path[400];
  for (size_t i = 0; i < SIZE; i++) block[i] = (char)(i * 7 + i / 1000);
  ws_cache_put(f->cache, key, (ws_text){block, SIZE});
  for (int i = 0; i < 3; i++) assert_true(ws_cache_get(f->cache, key, &entries[i]));
  assert_int_equal(count_files(f), 1);
  file_path(f, key_file, path);
  assert_int_equal(truncate(path, 0), 0);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(entries[i].bytes.size, SIZE);
    assert_memory_equal(entries[i].bytes.data, block, SIZE);
    ws_cache_release(&entries[i]);
  }
  assert_entry(f, key, NULL);
  free(block);
}

static void things_that_are_no_files_are_not_read(void **state) {
  fixture *f = *state;
  char path[400];
  file_path(f, key_file, path);
  assert_int_equal(mkfifo(path, 0600), 0); // opening it must not wait
  assert_entry(f, key, NULL);
  unlink(path);
  assert_int_equal(mkdir(path, 0700), 0);
  assert_entry(f, key, NULL);
  ws_cache_put(f->cache, key, ws_text_of("x"));
  assert_non_null(ws_cache_trouble(f->cache));
  assert_entry(f, key, NULL);
  assert_int_equal(count_files(f), 1);
}

static void entries_of_another_build_are_not_found(void **state) {
  fixture *f = *state;
  char *program = ws_test_file(f->folder, "program", "one", 3);
  ws_cache_options options = ws_cache_options_default();
  options.program = program;
  ws_cache_put(f->cache, key, ws_text_of("of no program"));
  reopen(f, &options);
  assert_entry(f, key, NULL);
  ws_cache_put(f->cache, key, ws_text_of("of one"));
  reopen(f, &options);
  assert_entry(f, key, "of one");
  free(ws_test_file(f->folder, "program", "other", 5));
  reopen(f, &options);
  assert_entry(f, key, NULL);
  reopen(f, NULL);
  assert_entry(f, key, "of no program");
  free(program);
}

/* --- what cannot be written --- */

static void a_folder_that_cannot_be_made_is_an_error(void **state) {
  fixture *f = *state;
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
  fixture *f = *state;
  assert_int_equal(rmdir(f->path), 0);
  ws_cache_put(f->cache, key, ws_text_of("x"));
  assert_entry(f, key, NULL);
  assert_non_null(strstr(ws_cache_trouble(f->cache), "cannot write: "));
}

/* The limit on the size of files stands in for a full disk: write fails half way. */
static void a_full_disk_leaves_no_entry(void **state) {
  fixture *f = *state;
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
  assert_entry(f, key, NULL);
  assert_int_equal(count_files(f), 0);
  free(large);
}

/* --- limits --- */

static ws_hash128 number(unsigned i) {
  return (ws_hash128){i, 1};
}

static void age(const fixture *f, unsigned i, time_t seconds) {
  char name[64], path[400];
  struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
  snprintf(name, sizeof name, "0000000000000001%016x.cache", i);
  file_path(f, name, path);
  assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void the_least_recently_used_go_first(void **state) {
  fixture *f = *state;
  ws_cache_options few = {.max_bytes = (uint64_t)1 << 30, .max_entries = 3};
  free(ws_test_file(f->path, "notes.txt", "mine", 4));
  free(ws_test_file(f->path, "0000.cache", "mine", 4));
  for (unsigned i = 0; i < 6; i++) {
    ws_cache_put(f->cache, number(i), ws_text_of("x"));
    age(f, i, 1000 + (time_t)(5 - i)); // 5 is the oldest
  }
  reopen(f, &few);                 // nothing was too much
  assert_entry(f, number(4), "x"); // used now
  ws_cache_put(f->cache, number(6), ws_text_of("x"));
  reopen(f, &few);
  assert_int_equal(count_files(f), 3 + 2);
  assert_entry(f, number(0), "x");
  assert_entry(f, number(4), "x");
  assert_entry(f, number(6), "x");
}

static void the_folder_stays_below_its_size(void **state) {
  fixture *f = *state;
  ws_cache_options small = {.max_bytes = 100000, .max_entries = 1000};
  char *block = calloc(1, 30000);
  reopen(f, &small);
  for (unsigned i = 0; i < 10; i++) {
    ws_cache_put(f->cache, number(i), (ws_text){block, 30000});
    age(f, i, 1000 + (time_t)i);
  }
  assert_int_equal(count_files(f), 10);
  reopen(f, &small);
  assert_int_equal(count_files(f), 3);
  ws_cache_entry entry;
  for (unsigned i = 7; i < 10; i++) {
    assert_true(ws_cache_get(f->cache, number(i), &entry));
    ws_cache_release(&entry);
  }
  free(block);
}

static void abandoned_temporary_files_are_removed(void **state) {
  fixture *f = *state;
  static const char *const names[] = {"00000000000000010000000000000007.cache.tmp-1-1",
                                      "00000000000000010000000000000007.cache.tmp-1-2"};
  struct timespec old[2] = {{1000, 0}, {1000, 0}};
  char path[400];
  for (int i = 0; i < 2; i++) free(ws_test_file(f->path, names[i], "x", 1));
  file_path(f, names[0], path);
  assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
  ws_cache_put(f->cache, key, ws_text_of("x"));
  reopen(f, NULL);
  assert_int_equal(access(path, F_OK), -1);
  assert_int_equal(count_files(f), 2); // the entry and the one that may be at work
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
  fixture *f = *state;
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
  reopen(f, &few);
  ws_cache_put(f->cache, key, ws_text_of("x"));
  reopen(f, NULL);
  assert_true(count_files(f) <= 4);
}

/* --- memory --- */

static ws_status open_and_store(void *user) {
  fixture *f = user;
  ws_cache *cache = NULL;
  ws_status status = ws_cache_open(f->path, NULL, &cache, NULL);
  if (status != WS_OK) return status;
  ws_cache_writer *writer = ws_cache_begin(cache, key, 100);
  for (int i = 0; i < 30; i++) ws_cache_append(writer, "0123456789", 10);
  ws_cache_commit(writer);
  ws_cache_entry entry;
  if (!ws_cache_get(cache, key, &entry)) status = WS_ENOMEM;
  ws_cache_release(&entry);
  ws_cache_drop(cache, key);
  ws_cache_close(cache);
  return status;
}

static void every_allocation_may_fail(void **state) {
  fixture *f = *state;
  ws_test_every_allocation_failure(open_and_store, f);
  ws_cache_drop(f->cache, key); // the last one to fail is that which removes it
  assert_int_equal(count_files(f), 0);
}

/* --- the reader's key --- */

static ws_hash128 key_of(const char *path, const char *classes,
                         const ws_reader_options *options) {
  ws_error err = WS_ERROR_INIT;
  ws_reader *reader = NULL;
  ws_task *task = ws_test_task(classes);
  ws_hash128 found = {0, 0};
  bool known = false;
  assert_ok(ws_reader_open(path, task, options, &reader, &err), &err);
  assert_ok(ws_reader_key(reader, &found, &known, &err), &err);
  assert_true(known);
  ws_reader_free(reader);
  ws_task_free(task);
  return found;
}

static bool same(ws_hash128 a, ws_hash128 b) {
  return a.low == b.low && a.high == b.high;
}

static void the_key_of_data_follows_what_changes_records(void **state) {
  fixture *f = *state;
  const char a[] = "{\"text\":\"a\"}\n", b[] = "{\"text\":\"b\"}\n";
  char *one = ws_test_file(f->folder, "one.jsonl", a, strlen(a));
  char *same_bytes = ws_test_file(f->folder, "two.json", a, strlen(a));
  char *other = ws_test_file(f->folder, "other.jsonl", b, strlen(b));
  ws_reader_options stop = ws_reader_options_default(), skip = stop, text = stop;
  skip.on_error = WS_SKIP;
  text.format = WS_INPUT_TEXT;
  ws_hash128 expected = key_of(one, "A,B", &stop);
  assert_true(same(expected, key_of(same_bytes, "A,B", &stop)));
  assert_true(same(expected, key_of(one, "A,C", &stop)));
  assert_false(same(expected, key_of(other, "A,B", &stop)));
  assert_false(same(expected, key_of(one, "A,B", &text)));
  assert_false(same(expected, key_of(one, "A,B", &skip)));
  assert_false(same(key_of(one, "A,B", &skip), key_of(one, "A,C", &skip)));
  skip.unique_ids = false;
  assert_false(same(key_of(one, "A,B", &skip), expected));
  free(one), free(same_bytes), free(other);
}

static ws_status read_rest(ws_reader *reader, ws_error *err) {
  ws_records *batch = NULL;
  size_t added = 1;
  assert_ok(ws_records_new(&batch), NULL);
  while (added) assert_ok(ws_reader_read(reader, batch, 10, 1000, &added, err), err);
  ws_records_free(batch);
  return ws_reader_key_check(reader, err);
}

static void data_that_change_while_they_are_read_are_noticed(void **state) {
  fixture *f = *state;
  ws_error err = WS_ERROR_INIT;
  ws_task *task = ws_test_task("A,B");
  char *path = ws_test_file(f->folder, "d.txt", "one\ntwo\n", 8);
  for (int change = 0; change < 2; change++) {
    ws_reader *reader = NULL;
    ws_hash128 found;
    bool known;
    assert_ok(ws_reader_open(path, task, NULL, &reader, &err), &err);
    assert_ok(ws_reader_key(reader, &found, &known, &err), &err);
    if (change) {
      FILE *file = fopen(path, "a");
      fputs("three\n", file);
      fclose(file);
    }
    assert_int_equal(read_rest(reader, &err), change ? WS_EIO : WS_OK);
    ws_reader_free(reader);
  }
  assert_message(&err, "d.txt: changed while it was being read");
  ws_task_free(task);
  free(path);
}

static void bytes_without_a_file_have_no_key(void **state) {
  (void)state;
  ws_error err = WS_ERROR_INIT;
  ws_task *task = ws_test_task("A,B");
  ws_reader *reader = NULL;
  ws_hash128 found;
  bool known = true;
  assert_ok(
      ws_reader_open_memory("m.txt", ws_text_of("one\n"), task, NULL, &reader, &err),
      &err);
  assert_ok(ws_reader_key(reader, &found, &known, &err), &err);
  assert_false(known);
  assert_int_equal(read_rest(reader, &err), WS_OK);
  ws_reader_free(reader);
  ws_task_free(task);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(what_was_stored_comes_back),
      TEST(pieces_are_one_entry),
      TEST(what_is_given_up_leaves_nothing),
      TEST(a_new_folder_is_hidden_from_git),
      TEST(every_truncation_and_every_changed_byte_is_noticed),
      TEST(an_entry_of_another_key_is_not_taken),
      TEST(entries_in_use_outlive_their_file),
      TEST(things_that_are_no_files_are_not_read),
      TEST(entries_of_another_build_are_not_found),
      TEST(a_folder_that_cannot_be_made_is_an_error),
      TEST(a_folder_that_is_gone_stores_nothing),
      TEST(a_full_disk_leaves_no_entry),
      TEST(the_least_recently_used_go_first),
      TEST(the_folder_stays_below_its_size),
      TEST(abandoned_temporary_files_are_removed),
      TEST(processes_do_not_disturb_each_other),
      TEST(every_allocation_may_fail),
      TEST(the_key_of_data_follows_what_changes_records),
      TEST(data_that_change_while_they_are_read_are_noticed),
      TEST(bytes_without_a_file_have_no_key),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
