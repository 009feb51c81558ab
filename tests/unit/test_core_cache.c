/* SPDX-License-Identifier: MIT
 *
 * The cache: what was stored comes back, and nothing else ever does.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "ws_test_cache.h"

static const ws_hash128 key = {0x0123456789abcdefu, 0xfedcba9876543210u};
static const char key_file[] = "fedcba98765432100123456789abcdef.cache";

static void what_was_stored_comes_back(void **state) {
  ws_test_cache *f = *state;
  ws_hash128 other = {key.low, key.high + 1};
  ws_test_cache_expect(f, key, NULL);
  ws_cache_put(f->cache, key, ws_text_of("some bytes"));
  ws_cache_put(f->cache, other, (ws_text){"", 0});
  ws_test_cache_expect(f, key, "some bytes");
  ws_test_cache_expect(f, other, "");
  ws_test_cache_open(f, NULL);
  ws_test_cache_expect(f, key, "some bytes");
  ws_cache_put(f->cache, key, ws_text_of("others"));
  ws_test_cache_expect(f, key, "others");
  ws_cache_drop(f->cache, key);
  ws_test_cache_expect(f, key, NULL);
  assert_int_equal(ws_test_cache_files(f), 1);
  assert_null(ws_cache_trouble(f->cache));
}

static void pieces_are_one_entry(void **state) {
  ws_test_cache *f = *state;
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
    ws_test_cache_expect(f, key, expected.data);
    ws_buffer_clear(&expected);
  }
  assert_int_equal(ws_test_cache_files(f), 1);
}

static void what_is_given_up_leaves_nothing(void **state) {
  ws_test_cache *f = *state;
  ws_cache_writer *writer = ws_cache_begin(f->cache, key, 10);
  for (int i = 0; i < 10; i++) ws_cache_append(writer, "0123456789", 10);
  assert_int_equal(ws_test_cache_files(f), 1); // the temporary file
  ws_cache_abort(writer);
  ws_cache_abort(NULL);
  assert_int_equal(ws_test_cache_files(f), 0);
  ws_test_cache_expect(f, key, NULL);
}

static void a_new_folder_is_hidden_from_git(void **state) {
  ws_test_cache *f = *state;
  char path[300], text[8] = {0};
  snprintf(path, sizeof path, "%s/.weaksup/.gitignore", f->folder);
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  assert_int_equal(fread(text, 1, sizeof text, file), 2);
  fclose(file);
  assert_string_equal(text, "*\n");
}

/* --- what is not to be trusted --- */

static void overwrite(const ws_test_cache *f, const char *data, size_t size) {
  free(ws_test_file(f->path, key_file, data, size));
}

static void every_truncation_and_every_changed_byte_is_noticed(void **state) {
  ws_test_cache *f = *state;
  char path[400], bytes[200], bad[200];
  ws_cache_put(f->cache, key, ws_text_of("precious"));
  ws_test_cache_path(f, key_file, path);
  FILE *file = fopen(path, "rb");
  size_t size = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  assert_int_equal(size, 8 + 16 + 8 + 16);
  for (size_t cut = 0; cut < size; cut++) {
    overwrite(f, bytes, cut);
    ws_test_cache_expect(f, key, NULL);
  }
  for (size_t i = 0; i < size; i++) {
    memcpy(bad, bytes, size);
    bad[i] ^= 0x10;
    overwrite(f, bad, size);
    ws_test_cache_expect(f, key, NULL);
  }
  memcpy(bad, bytes, size);
  bad[size] = 0;
  overwrite(f, bad, size + 1);
  ws_test_cache_expect(f, key, NULL);
  ws_cache_put(f->cache, key, ws_text_of("precious")); // and it is written again
  ws_test_cache_expect(f, key, "precious");
}

static void an_entry_of_another_key_is_not_taken(void **state) {
  ws_test_cache *f = *state;
  char from[400], to[400];
  ws_hash128 other = {key.low, key.high + 1};
  ws_cache_put(f->cache, other, ws_text_of("of another"));
  ws_test_cache_path(f, "fedcba98765432110123456789abcdef.cache", from);
  ws_test_cache_path(f, key_file, to);
  assert_int_equal(rename(from, to), 0);
  ws_test_cache_expect(f, key, NULL);
}

/* The first copy is in memory, the second one beyond what may be there. */
static void entries_in_use_outlive_their_file(void **state) {
  ws_test_cache *f = *state;
  enum { SIZE = 20 << 20 };
  ws_cache_entry entries[3];
  char *block = malloc(SIZE), path[400];
  for (size_t i = 0; i < SIZE; i++) block[i] = (char)(i * 7 + i / 1000);
  ws_cache_put(f->cache, key, (ws_text){block, SIZE});
  for (int i = 0; i < 3; i++) assert_true(ws_cache_get(f->cache, key, &entries[i]));
  assert_int_equal(ws_test_cache_files(f), 1);
  ws_test_cache_path(f, key_file, path);
  assert_int_equal(truncate(path, 0), 0);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(entries[i].bytes.size, SIZE);
    assert_memory_equal(entries[i].bytes.data, block, SIZE);
    ws_cache_release(&entries[i]);
  }
  ws_test_cache_expect(f, key, NULL);
  free(block);
}

static void things_that_are_no_files_are_not_read(void **state) {
  ws_test_cache *f = *state;
  char path[400];
  ws_test_cache_path(f, key_file, path);
  assert_int_equal(mkfifo(path, 0600), 0); // opening it must not wait
  ws_test_cache_expect(f, key, NULL);
  unlink(path);
  assert_int_equal(mkdir(path, 0700), 0);
  ws_test_cache_expect(f, key, NULL);
  ws_cache_put(f->cache, key, ws_text_of("x"));
  assert_non_null(ws_cache_trouble(f->cache));
  ws_test_cache_expect(f, key, NULL);
  assert_int_equal(ws_test_cache_files(f), 1);
}

static void entries_of_another_build_are_not_found(void **state) {
  ws_test_cache *f = *state;
  char *program = ws_test_file(f->folder, "program", "one", 3);
  ws_cache_options options = ws_cache_options_default();
  options.program = program;
  ws_cache_put(f->cache, key, ws_text_of("of no program"));
  ws_test_cache_open(f, &options);
  ws_test_cache_expect(f, key, NULL);
  ws_cache_put(f->cache, key, ws_text_of("of one"));
  ws_test_cache_open(f, &options);
  ws_test_cache_expect(f, key, "of one");
  free(ws_test_file(f->folder, "program", "other", 5));
  ws_test_cache_open(f, &options);
  ws_test_cache_expect(f, key, NULL);
  ws_test_cache_open(f, NULL);
  ws_test_cache_expect(f, key, "of no program");
  free(program);
}

/* --- memory --- */

static ws_status open_and_store(void *user) {
  ws_test_cache *f = user;
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
  ws_test_cache *f = *state;
  ws_test_every_allocation_failure(open_and_store, f);
  ws_cache_drop(f->cache, key); // the last one to fail is that which removes it
  assert_int_equal(ws_test_cache_files(f), 0);
}

int main(void) {
#define TEST(name)                                                                       \
  cmocka_unit_test_setup_teardown(name, ws_test_cache_setup, ws_test_cache_teardown)
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
      TEST(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
