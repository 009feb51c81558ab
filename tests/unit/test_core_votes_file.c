/* SPDX-License-Identifier: MIT
 *
 * The .wsv file: nothing damaged is read, and nothing wrong either, be its checksum
 * right.
 */
#include <weaksup/hash.h>
#include <weaksup/votes_file.h>

#include "ws_test.h"

static ws_status decode(const ws_buffer *bytes, ws_votes **out, ws_error *err) {
  return ws_votes_decode(ws_buffer_as_text(bytes), out, err);
}

/* Three records, two LFs, classes c0 and c1, explicit ids, gold. */
static ws_buffer sample(void) {
  ws_task *task = ws_test_task("c0,c1");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  ws_buffer out = {0};
  uint32_t lf;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  assert_ok(ws_votes_builder_lf(builder, ws_text_of("x"), &lf, NULL), NULL);
  assert_ok(ws_votes_builder_lf(builder, ws_text_of("y"), &lf, NULL), NULL);
  const ws_vote row[] = {{0, 1}, {1, 0}};
  assert_ok(ws_votes_builder_add(builder, ws_text_of("a"), 1, row, 2), NULL);
  assert_ok(ws_votes_builder_add(builder, ws_text_of("\xC3\xA9"), -1, NULL, 0), NULL);
  assert_ok(ws_votes_builder_add(builder, ws_text_of("ccc"), 0, row, 2), NULL);
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  assert_ok(ws_votes_encode(votes, &out), NULL);
  ws_votes_builder_free(builder);
  ws_votes_free(votes);
  ws_task_free(task);
  return out;
}

/* Where the parts of the sample begin. */
enum {
  VERSION_AT = 8,
  FLAGS_AT = 12,
  CLASSES_AT = 16,
  LFS_AT = 24,
  PATTERNS_AT = 32,
  COLUMNS_AT = 40,
  ROWS_AT = 48,
  NAMES = 56,
  SIZES = NAMES + 6 + 6 + 5 + 5,
  COUNTS = SIZES + 2 * 4,
  COLUMNS = COUNTS + 2 * 8,
  ROW_PATTERNS = COLUMNS + 2 * 4,
  ID_SIZES = ROW_PATTERNS + 3 * 4,
  IDS = ID_SIZES + 3 * 4,
  GOLD = IDS + 6,
  CHECKSUM = GOLD + 3 * 4,
  SIZE = CHECKSUM + 16
};

static void the_layout_is_as_it_is_written_down(void **state) {
  (void)state;
  static const char layout[] =
      "WSVOTES\n\1\0\0\0\3\0\0\0"                        // version, flags
      "\2\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0" // K, M, U
      "\2\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0"                 // C, N
      "\2\0\0\0c0\2\0\0\0c1\1\0\0\0x\1\0\0\0y"           // names
      "\0\0\0\0\2\0\0\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0" // sizes, counts
      "\1\0\0\0\2\0\0\0\1\0\0\0\0\0\0\0\1\0\0\0"         // columns, rows
      "\1\0\0\0\2\0\0\0\3\0\0\0a\xC3\xA9"
      "ccc"                               // ids
      "\1\0\0\0\xFF\xFF\xFF\xFF\0\0\0\0"; // gold
  ws_buffer bytes = sample();
  assert_int_equal(bytes.size, SIZE);
  assert_int_equal(sizeof layout - 1, CHECKSUM);
  assert_memory_equal(bytes.data, layout, CHECKSUM);
  ws_hash128 hash = ws_hash128_of(layout, CHECKSUM);
  assert_memory_equal(bytes.data + CHECKSUM, &hash.low, 8);
  assert_memory_equal(bytes.data + CHECKSUM + 8, &hash.high, 8);
  ws_buffer_clear(&bytes);
}

static void what_is_written_reads_back(void **state) {
  (void)state;
  ws_buffer bytes = sample(), again = {0};
  ws_votes *votes = NULL;
  char digits[24];
  assert_ok(decode(&bytes, &votes, NULL), NULL);
  char *picture = ws_test_picture(votes);
  assert_string_equal(picture, "10 -- 10");
  assert_true(ws_text_equals(ws_votes_row_id(votes, 1, digits), "\xC3\xA9"));
  assert_true(ws_text_equals(ws_votes_row_id(votes, 2, digits), "ccc"));
  assert_int_equal(ws_votes_row_gold(votes, 0), 1);
  assert_int_equal(ws_votes_row_gold(votes, 1), -1);
  assert_int_equal(ws_votes_find_lf(votes, ws_text_of("y")), 1);
  assert_ok(ws_buffer_string(&again, "before"), NULL); // encoding appends
  assert_ok(ws_votes_encode(votes, &again), NULL);
  assert_int_equal(again.size, SIZE + 6);
  assert_memory_equal(again.data + 6, bytes.data, SIZE);
  ws_votes_free(votes);
  ws_buffer_clear(&bytes), ws_buffer_clear(&again);
  free(picture);
}

static void votes_of_any_shape_read_back(void **state) {
  (void)state;
  static const char *const pictures[] = {"0", "-", "---", "01-210 ------ 222222",
                                         "0 1 0 1 - 2"};
  for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++) {
    ws_votes *votes = ws_test_votes(pictures[i], 3), *back = NULL;
    ws_buffer bytes = {0}, again = {0};
    assert_ok(ws_votes_encode(votes, &bytes), NULL);
    assert_ok(decode(&bytes, &back, NULL), NULL);
    assert_ok(ws_votes_encode(back, &again), NULL);
    assert_int_equal(bytes.size, again.size);
    assert_memory_equal(bytes.data, again.data, bytes.size);
    char *picture = ws_test_picture(back);
    assert_string_equal(picture, pictures[i]);
    ws_votes_free(votes), ws_votes_free(back);
    ws_buffer_clear(&bytes), ws_buffer_clear(&again);
    free(picture);
  }
}

/* --- what is refused --- */

static void assert_refused(const ws_buffer *bytes) {
  ws_votes *votes = NULL;
  assert_status(WS_EPARSE, decode(bytes, &votes, NULL));
  assert_null(votes);
}

static void every_changed_bit_is_seen(void **state) {
  (void)state;
  ws_buffer bytes = sample();
  for (size_t i = 0; i < bytes.size; i++)
    for (int bit = 0; bit < 8; bit++) {
      bytes.data[i] = (char)(bytes.data[i] ^ 1 << bit);
      assert_refused(&bytes);
      bytes.data[i] = (char)(bytes.data[i] ^ 1 << bit);
    }
  ws_buffer_clear(&bytes);
}

static void every_truncation_and_extension_is_seen(void **state) {
  (void)state;
  ws_buffer bytes = sample();
  for (size_t size = 0; size < SIZE; size++) {
    char *copy = malloc(size + 1); // exactly, so that a sanitizer sees a byte too many
    memcpy(copy + 1, bytes.data, size);
    ws_buffer cut = {.data = copy + 1, .size = size};
    assert_refused(&cut);
    free(copy);
  }
  assert_ok(ws_buffer_append(&bytes, "\0", 1), NULL);
  assert_refused(&bytes);
  ws_buffer_clear(&bytes);
}

/* Puts the right checksum under what a test has edited. */
static void seal(ws_buffer *bytes) {
  ws_hash128 hash = ws_hash128_of(bytes->data, bytes->size - 16);
  memcpy(bytes->data + bytes->size - 16, &hash.low, 8);
  memcpy(bytes->data + bytes->size - 8, &hash.high, 8);
}

/* The sample with `size` bytes at `at` replaced, and a right checksum. */
static void assert_edit_refused(size_t at, const char *edit, size_t size,
                                const char *why) {
  ws_buffer bytes = sample();
  ws_votes *votes = NULL;
  ws_error err = WS_ERROR_INIT;
  memcpy(bytes.data + at, edit, size);
  seal(&bytes);
  ws_status status = decode(&bytes, &votes, &err);
  if (status == WS_OK)
    print_error("taken: byte %zu is %u\n", at, (unsigned)(edit[0] & 0xFF));
  assert_status(WS_EPARSE, status);
  assert_message(&err, why);
  assert_null(votes);
  ws_buffer_clear(&bytes);
}

#define EDIT(at, literal, why)                                                           \
  assert_edit_refused((at), literal, sizeof literal - 1, (why))

static void wrong_headers_are_refused_under_a_right_checksum(void **state) {
  (void)state;
  EDIT(0, "w", "expected a votes file");
  EDIT(VERSION_AT, "\2", "expected a votes file of version 1, found 2");
  EDIT(VERSION_AT, "\0", "expected a votes file of version 1, found 0");
  EDIT(FLAGS_AT, "\7", "not a valid votes file");
  EDIT(FLAGS_AT, "\13", "it holds too much");
  EDIT(FLAGS_AT + 3, "\x80", "it holds too much");
  EDIT(FLAGS_AT, "\2", "");
  EDIT(FLAGS_AT, "\1", "");
  for (int at = CLASSES_AT; at <= ROWS_AT; at += 8)
    for (int byte = 0; byte < 8; byte++) {
      EDIT((size_t)(at + byte), "\1", "not a valid votes file");
      EDIT((size_t)(at + byte), "\x7F", "not a valid votes file");
      EDIT((size_t)(at + byte), "\xFF", "not a valid votes file");
    }
  EDIT(CLASSES_AT, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "out of range");
  EDIT(LFS_AT, "\0\0\0\0\0\0\0", "");
}

static void wrong_names_are_refused_under_a_right_checksum(void **state) {
  (void)state;
  EDIT(NAMES, "\0", "");
  EDIT(NAMES, "\xFF\xFF\xFF\xFF", "it ends early");
  EDIT(NAMES + 4, "\xE9", "a name is not text");
  EDIT(NAMES + 11, "0", "two names are the same");
  EDIT(NAMES + 21, "x", "two names are the same");
  EDIT(NAMES + 16, "\xFF", "a name is not text");
}

static void wrong_patterns_are_refused_under_a_right_checksum(void **state) {
  (void)state;
  EDIT(SIZES, "\1", "do not add up");
  EDIT(SIZES + 4, "\1", "do not add up");
  EDIT(SIZES + 4, "\xFF\xFF\xFF\xFF", "do not add up");
  EDIT(SIZES, "\2\0\0\0\0", "out of order");
  EDIT(COLUMNS, "\4", "out of order or range");
  EDIT(COLUMNS + 4, "\4", "out of order or range");
  EDIT(COLUMNS + 4, "\1", "out of order or range"); // the same LF twice
  EDIT(COLUMNS, "\2\0\0\0\1", "out of order or range");
  EDIT(COLUMNS, "\0\0\0\0\1", "out of order or range"); // both classes of one LF
  EDIT(COUNTS, "\2", "do not agree");
  EDIT(COUNTS, "\0", "do not agree");
  EDIT(COUNTS + 7, "\x80", "do not agree");
  EDIT(COUNTS + 8, "\3", "do not agree");
  EDIT(ROW_PATTERNS, "\2", "do not agree");
  EDIT(ROW_PATTERNS, "\0", "do not agree");
  EDIT(ROW_PATTERNS + 3, "\xFF", "do not agree");
}

/* Two records of some shard, the rows being 1 and 4. */
static void wrong_rows_are_refused_under_a_right_checksum(void **state) {
  (void)state;
  static const unsigned char bad[][16] = {
      {4, [8] = 1}, {1, [8] = 1}, {0, [8] = 1}, {0xFF, [8] = 4}, {1, [8] = 0}};
  ws_task *task = ws_test_task("A,B");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL, *again = NULL;
  ws_buffer bytes = {0};
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  assert_ok(ws_votes_builder_add_at(builder, 1, ws_text_of("1"), -1, NULL, 0), NULL);
  assert_ok(ws_votes_builder_add_at(builder, 4, ws_text_of("4"), -1, NULL, 0), NULL);
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  assert_ok(ws_votes_encode(votes, &bytes), NULL);
  assert_ok(decode(&bytes, &again, NULL), NULL);
  assert_int_equal(ws_votes_row_number(again, 1), 4);
  char digits[24];
  assert_true(ws_text_equals(ws_votes_row_id(again, 1, digits), "4"));
  ws_votes_free(again);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    ws_error err = WS_ERROR_INIT;
    memcpy(bytes.data + bytes.size - 32, bad[i], 16);
    seal(&bytes);
    assert_status(WS_EPARSE, decode(&bytes, &again, &err));
    assert_message(&err, "the rows of the records are out of order");
  }
  ws_buffer_clear(&bytes);
  ws_votes_builder_free(builder);
  ws_votes_free(votes);
  ws_task_free(task);
}

static void wrong_ids_and_gold_are_refused_under_a_right_checksum(void **state) {
  (void)state;
  EDIT(ID_SIZES, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "it ends early");
  EDIT(ID_SIZES, "\2\0\0\0\1",
       "the ids are row numbers or not text"); // splits a character
  EDIT(ID_SIZES + 8, "\4", "");
  EDIT(ID_SIZES + 8, "\2", "");
  EDIT(IDS, "\xFF", "the ids are row numbers or not text");
  EDIT(GOLD, "\2", "a gold label is out of range");
  EDIT(GOLD, "\xFE\xFF\xFF\xFF", "a gold label is out of range");
  EDIT(GOLD, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "has none");
  EDIT(GOLD + 3, "\x80", "a gold label is out of range");
}

/* Row numbers are not stored as ids: that would be a second form of the same votes. */
static void stored_ids_that_are_row_numbers_are_refused(void **state) {
  (void)state;
  ws_buffer bytes = sample();
  ws_votes *votes = NULL;
  ws_error err;
  memcpy(bytes.data + ID_SIZES,
         "\1\0\0\0\1\0\0\0\1\0\0\0"
         "012",
         15);
  memmove(bytes.data + IDS + 3, bytes.data + GOLD, 12);
  bytes.size -= 3;
  seal(&bytes);
  assert_status(WS_EPARSE, decode(&bytes, &votes, &err));
  assert_message(&err, "the ids are row numbers or not text");
  bytes.data[IDS + 2] = '3';
  seal(&bytes);
  assert_ok(decode(&bytes, &votes, &err), &err);
  ws_votes_free(votes);
  ws_buffer_clear(&bytes);
}

/* --- files --- */

static void a_file_is_loaded_and_told_by_name(void **state) {
  (void)state;
  char *folder = ws_test_folder();
  ws_buffer bytes = sample();
  ws_votes *votes = NULL;
  ws_error err;
  char *path = ws_test_file(folder, "a.wsv", bytes.data, bytes.size);
  assert_ok(ws_votes_load(path, &votes, &err), &err);
  ws_votes_free(votes);
  free(path);
  path = ws_test_file(folder, "b.wsv", bytes.data, bytes.size - 1);
  assert_status(WS_EPARSE, ws_votes_load(path, &votes, &err));
  assert_message(&err, "/b.wsv: not a valid votes file: checksum mismatch");
  free(path);
  assert_status(WS_EIO, ws_votes_load("/no/such.wsv", &votes, &err));
  assert_message(&err, "/no/such.wsv: cannot open");
  ws_buffer_clear(&bytes);
  ws_test_remove_folder(folder);
}

static ws_status encode_and_decode(void *votes) {
  ws_buffer bytes = {0};
  ws_votes *back = NULL;
  ws_status status = ws_votes_encode(votes, &bytes);
  if (status == WS_OK) status = decode(&bytes, &back, NULL);
  ws_votes_free(back);
  ws_buffer_clear(&bytes);
  return status;
}

static ws_status load(void *path) {
  ws_votes *votes = NULL;
  ws_status status = ws_votes_load(path, &votes, NULL);
  ws_votes_free(votes);
  return status;
}

static void files_without_memory_say_so(void **state) {
  (void)state;
  char *folder = ws_test_folder();
  ws_buffer bytes = sample();
  ws_votes *votes = NULL;
  char *path = ws_test_file(folder, "a.wsv", bytes.data, bytes.size);
  assert_ok(decode(&bytes, &votes, NULL), NULL);
  ws_test_every_allocation_failure(encode_and_decode, votes);
  ws_test_every_allocation_failure(load, path);
  ws_votes_free(votes);
  ws_buffer_clear(&bytes);
  ws_test_remove_folder(folder);
  free(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_layout_is_as_it_is_written_down),
      cmocka_unit_test(what_is_written_reads_back),
      cmocka_unit_test(votes_of_any_shape_read_back),
      cmocka_unit_test(every_changed_bit_is_seen),
      cmocka_unit_test(every_truncation_and_extension_is_seen),
      cmocka_unit_test(wrong_headers_are_refused_under_a_right_checksum),
      cmocka_unit_test(wrong_names_are_refused_under_a_right_checksum),
      cmocka_unit_test(wrong_patterns_are_refused_under_a_right_checksum),
      cmocka_unit_test(wrong_rows_are_refused_under_a_right_checksum),
      cmocka_unit_test(wrong_ids_and_gold_are_refused_under_a_right_checksum),
      cmocka_unit_test(stored_ids_that_are_row_numbers_are_refused),
      cmocka_unit_test(a_file_is_loaded_and_told_by_name),
      cmocka_unit_test(files_without_memory_say_so),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
