/* SPDX-License-Identifier: MIT
 *
 * The key of data: it follows what changes records, and data that change are noticed.
 */
#include <stdio.h>

#include <weaksup/reader.h>

#include "ws_test.h"

static int make_folder(void **state) {
  *state = ws_test_folder();
  return 0;
}

static int remove_folder(void **state) {
  ws_test_remove_folder(*state);
  return 0;
}

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

static void the_key_of_data_follows_what_changes_records(void **state) {
  const char a[] = "{\"text\":\"a\"}\n", b[] = "{\"text\":\"b\"}\n";
  char *one = ws_test_file(*state, "one.jsonl", a, strlen(a));
  char *same_bytes = ws_test_file(*state, "two.json", a, strlen(a));
  char *other = ws_test_file(*state, "other.jsonl", b, strlen(b));
  ws_reader_options stop = ws_reader_options_default(), skip = stop, text = stop;
  skip.on_error = WS_SKIP;
  text.format = WS_INPUT_TEXT;
  ws_hash128 expected = key_of(one, "A,B", &stop);
  assert_true(ws_hash128_equals(expected, key_of(same_bytes, "A,B", &stop)));
  assert_true(ws_hash128_equals(expected, key_of(one, "A,C", &stop)));
  assert_false(ws_hash128_equals(expected, key_of(other, "A,B", &stop)));
  assert_false(ws_hash128_equals(expected, key_of(one, "A,B", &text)));
  assert_false(ws_hash128_equals(expected, key_of(one, "A,B", &skip)));
  assert_false(ws_hash128_equals(key_of(one, "A,B", &skip), key_of(one, "A,C", &skip)));
  skip.unique_ids = false;
  assert_false(ws_hash128_equals(key_of(one, "A,B", &skip), expected));
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
  ws_error err = WS_ERROR_INIT;
  ws_task *task = ws_test_task("A,B");
  char *path = ws_test_file(*state, "d.txt", "one\ntwo\n", 8);
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

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
  const struct CMUnitTest tests[] = {
      TEST(the_key_of_data_follows_what_changes_records),
      TEST(data_that_change_while_they_are_read_are_noticed),
      cmocka_unit_test(bytes_without_a_file_have_no_key),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
