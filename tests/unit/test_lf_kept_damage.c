/* SPDX-License-Identifier: MIT
 *
 * Kept votes that are not what they should be, by damage, by somebody's hand or by a
 * worker that lies: they are not taken.
 */
#include "../lf/lf_kept.h"

#include <unistd.h>

#include "chunk.h"
#include "kept_column.h"

/* --- entries that are not what they should be --- */

static void truncate_it(const char *path) {
  struct stat about;
  assert_int_equal(stat(path, &about), 0);
  assert_int_equal(truncate(path, about.st_size / 2), 0);
}

static void change_it(const char *path) {
  FILE *file = fopen(path, "r+");
  assert_non_null(file);
  assert_int_equal(fseek(file, 24, SEEK_SET), 0);
  int byte = getc(file);
  assert_int_equal(fseek(file, 24, SEEK_SET), 0);
  putc(byte ^ 1, file);
  fclose(file);
}

static void empty_it(const char *path) {
  assert_int_equal(truncate(path, 0), 0);
}

static void damaged_columns_are_computed_again(void **state) {
  lf_kept *f = *state;
  static void (*const damages[])(const char *path) = {truncate_it, change_it, empty_it};
  lf_file(&f->lf, "a.lua", LF_KEPT_LFS);
  lf_data(&f->lf, "d.txt", "a\nb\nab\n");
  lf_kept_apply(f);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(lf_kept_entries(f, damages[i]), 3);
    assert_int_equal(lf_kept_apply(f), 0);
    lf_kept_expect(f, "1-- -0- 10-");
    assert_int_equal(lf_kept_apply(f), 3);
    lf_kept_expect(f, "1-- -0- 10-");
  }
}

/* Writes entries over all others that are whole, each under its own key, but hold
 * something else. */
static size_t forge(lf_kept *f, const char *bytes, size_t size) {
  ws_hash128 keys[8];
  size_t count = 0;
  DIR *folder = opendir(f->cache);
  for (struct dirent *item; (item = readdir(folder));) {
    unsigned long long high, low;
    if (sscanf(item->d_name, "%16llx%16llx.cache", &high, &low) == 2)
      keys[count++] = (ws_hash128){low, high};
  }
  closedir(folder);
  for (size_t i = 0; i < count; i++)
    ws_cache_put(f->lf.apply.cache, keys[i], (ws_text){bytes, size});
  return count;
}

/* The numbers behind the cells, and a message of row 0. */
enum {
  BYTES,
  CLASSES,
  RECORDS,
  VOTES,
  ERRORS,
  TIMED = 9,
  SLOWEST = 12,
  MESSAGES,
  NUMBERS
};

typedef struct change {
  const char *cells;
  size_t size;
  int at; // number `at` is `value`; below 0: none is another
  uint64_t value;
} change;

static void put_column(const change *c, ws_buffer *out) {
  uint64_t numbers[NUMBERS] = {[BYTES] = c->size, [CLASSES] = 2, [RECORDS] = 3};
  numbers[VOTES] = 1;
  numbers[ERRORS] = numbers[MESSAGES] = 1;
  if (c->at >= 0 && c->at < NUMBERS) numbers[c->at] = c->value;
  assert_ok(ws_buffer_append(out, c->cells, c->size), NULL);
  for (size_t i = 0; i < NUMBERS; i++) assert_ok(ws_bytes_put(out, numbers[i], 8), NULL);
  assert_ok(ws_bytes_put(out, c->at == NUMBERS ? c->value : 0, 8), NULL); // the row
  assert_ok(ws_bytes_put_text(out, ws_text_of("a.lua:1: in 'a': no")), NULL);
  assert_ok(ws_bytes_put_text(out, (ws_text){"", 0}), NULL);
  uint64_t size = c->at == NUMBERS + 1 ? c->value : out->size - c->size;
  assert_ok(ws_bytes_put(out, size, 8), NULL);
}

static bool opens(const change *c) {
  ws_buffer bytes = {0};
  ws__column column;
  put_column(c, &bytes);
  bool opened = ws__column_open(&column, ws_buffer_as_text(&bytes), 2);
  ws_buffer_clear(&bytes);
  return opened;
}

static void only_what_is_right_in_all_its_numbers_is_a_column(void **state) {
  (void)state;
  // an error, and a vote on the record after the next
  static const change right = {"\x02\x00\x03", 3, -1, 0};
  static const change wrong[] = {
      {"\x02\x00\x03", 3, BYTES, 4},
      {"\x02\x00\x03", 3, CLASSES, 3},
      {"\x02\x00\x03", 3, RECORDS, 1},
      {"\x02\x00\x03", 3, VOTES, 2},
      {"\x02\x00\x03", 3, ERRORS, 0},
      {"\x02\x00\x03", 3, ERRORS + 1, 1},
      {"\x02\x00\x03", 3, TIMED, 4},       // more calls than records
      {"\x02\x00\x03", 3, SLOWEST, 3},     // of a record that is not there
      {"\x02\x00\x03", 3, MESSAGES, 0},    // bytes are left
      {"\x02\x00\x03", 3, MESSAGES, 2},    // none is left
      {"\x02\x00\x03", 3, MESSAGES, 4},    // more than are kept
      {"\x02\x00\x03", 3, NUMBERS, 3},     // of a record that is not there
      {"\x02\x00\x03", 3, NUMBERS + 1, 9}, // begins somewhere
      {"\x02\x00\x03", 3, NUMBERS + 1, UINT64_MAX},
      {"\x02\x03\x03", 3, -1, 0},     // no kind
      {"\x02\x00\x83", 3, -1, 0},     // cut inside a number
      {"\x01\x02", 2, -1, 0},         // cut before the kind
      {"\x02\x00\x03\x01", 4, -1, 0}, // one more
      {"\x02\x00\x07", 3, -1, 0},     // beyond the last record
      {"\x02\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 13, -1, 0},
      {"\x02\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12, -1, 0},
  };
  assert_true(opens(&right));
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    if (opens(&wrong[i])) fail_msg("case %zu is taken for a column", i);
}

static void whole_entries_with_nonsense_are_not_taken(void **state) {
  lf_kept *f = *state;
  static const change nonsense = {"\x03\x83", 2, -1, 0};
  ws_buffer bytes = {0};
  lf_file(&f->lf, "a.lua", LF_KEPT_LFS);
  lf_data(&f->lf, "d.txt", "a\nb\nab\n");
  lf_kept_apply(f);
  put_column(&nonsense, &bytes);
  assert_int_equal(forge(f, bytes.data, bytes.size), 3);
  assert_int_equal(lf_kept_apply(f), 0);
  lf_kept_expect(f, "1-- -0- 10-");
  forge(f, "short", 5);
  assert_int_equal(lf_kept_apply(f), 0);
  ws_buffer_clear(&bytes);
}

/* Nothing but somebody's hand can make this; it must not be for ever. */
static void a_column_of_other_records_is_an_error_once(void **state) {
  lf_kept *f = *state;
  ws_buffer bytes = {0};
  lf_file(&f->lf, "a.lua", LF_KEPT_LFS);
  lf_data(&f->lf, "d.txt", "a\nb\nab\n");
  lf_kept_apply(f);
  const ws__column_end end = {.classes = 2, .records = 4};
  assert_ok(ws__column_put_end(&end, 0, &bytes), NULL);
  forge(f, bytes.data, bytes.size);
  assert_ok(lf_load(&f->lf), &f->lf.err);
  assert_int_equal(lf_apply(&f->lf), WS_EIO);
  assert_message(&f->lf.err, "are of other data, and are removed now: run it again");
  assert_int_equal(lf_kept_apply(f), 0);
  lf_kept_expect(f, "1-- -0- 10-");
  ws_buffer_clear(&bytes);
}

/* --- workers that lie --- */

/* A worker was not asked about LF 1: what it says about it, even so, is not taken. */
static void votes_that_nobody_asked_for_are_not_taken(void **state) {
  (void)state;
  static const unsigned char left_out[3] = {0, 1, 0};
  static const int32_t votes[6] = {1, 0, -1, -1, -5, 7};
  ws__slot_error errors[2] = {{.position = 1, .size = 4, .text = "oops"},
                              {.position = 5, .size = 4, .text = "oops"}};
  ws__timing times[3] = {{.calls = 0}}, sum[3] = {{.calls = 0}};
  uint32_t count = 2;
  ws__slot_parts slot = {NULL, votes, &count, errors, 2, times, 3};
  ws__chunk_lfs lfs = {3, 2, left_out};
  ws__chunk chunk;
  int32_t labels[6];
  assert_ok(ws__chunk_init(&chunk), NULL);
  chunk.labels = labels;
  chunk.times = sum;
  assert_ok(ws__chunk_harvest(&chunk, &slot, &lfs, 0, 6), NULL);
  const int32_t expected[6] = {1, -1, -1, -1, -1, ws__vote_failed(WS_LF_ERROR_VOTE)};
  assert_memory_equal(labels, expected, sizeof expected);
  assert_int_equal(chunk.error_count, 2); // both of position 5
  assert_int_equal(chunk.errors[0].position, 5);
  assert_int_equal(chunk.errors[1].position, 5);
  assert_true(chunk.forged);
  chunk.labels = NULL;
  chunk.times = NULL;
  ws__chunk_clear(&chunk);
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
#define TEST(name) cmocka_unit_test_setup_teardown(name, lf_kept_setup, lf_kept_teardown)
  const struct CMUnitTest tests[] = {
      TEST(damaged_columns_are_computed_again),
      cmocka_unit_test(only_what_is_right_in_all_its_numbers_is_a_column),
      TEST(whole_entries_with_nonsense_are_not_taken),
      TEST(a_column_of_other_records_is_an_error_once),
      cmocka_unit_test(votes_that_nobody_asked_for_are_not_taken),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
