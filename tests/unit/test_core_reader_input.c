/* SPDX-License-Identifier: MIT
 *
 * Where records come from: gzip told by content, plain text, standard input, pipes, files
 * that are none; and batches, progress and the digest.
 */
#include <stdio.h>
#include <unistd.h>

#include "ws_read.h"

static void assert_reads(const ws_task *task, const char *name, ws_text bytes,
                         const char *expected) {
  char *seen = ws_test_read_bytes(name, bytes, task, NULL);
  assert_string_equal(seen, expected);
  free(seen);
}

static const char two[] = "{\"text\":\"a\"}\n{\"text\":\"b\"}\n";
static const char two_read[] = "0:1 0 - {\"text\":\"a\"}\n1:2 1 - {\"text\":\"b\"}\n";

static void gzip_is_told_by_content_not_by_name(void **state) {
  ws_buffer packed = {0};
  ws_test_gzip(ws_text_of(two), &packed);
  assert_reads(*state, "a.jsonl.gz", ws_buffer_as_text(&packed), two_read);
  assert_reads(*state, "a.jsonl", ws_buffer_as_text(&packed), two_read);
  assert_reads(*state, "nameless", ws_buffer_as_text(&packed), two_read);
  assert_reads(*state, "a.jsonl.gz", ws_text_of(two), two_read);
  ws_buffer_clear(&packed);
}

static void every_format_may_be_gzip(void **state) {
  static const char *const cases[][3] = {
      {"a.csv", "text,n\na,1\n", "0:2 0 - {\"text\":\"a\",\"n\":\"1\"}\n"},
      {"a.tsv.gz", "text\tn\na\t1\n", "0:2 0 - {\"text\":\"a\",\"n\":\"1\"}\n"},
      {"a.txt", "a\nb", "0:1 0 - {\"text\":\"a\"}\n1:2 1 - {\"text\":\"b\"}\n"},
  };
  for (size_t i = 0; i < 3; i++) {
    ws_buffer packed = {0};
    ws_test_gzip(ws_text_of(cases[i][1]), &packed);
    assert_reads(*state, cases[i][0], ws_buffer_as_text(&packed), cases[i][2]);
    ws_buffer_clear(&packed);
  }
}

/* A member for each byte: also the byte-order mark comes in pieces. */
static void members_behind_one_another_are_one_stream(void **state) {
  static const char text[] = "\xEF\xBB\xBF{\"text\":\"a\"}\n{\"text\":\"b\"}\n";
  ws_buffer packed = {0};
  for (size_t i = 0; i < sizeof text - 1; i++)
    ws_test_gzip((ws_text){text + i, 1}, &packed);
  ws_test_gzip((ws_text){"", 0}, &packed);
  assert_reads(*state, "a.jsonl", ws_buffer_as_text(&packed), two_read);
  assert_reads(*state, "nameless", ws_buffer_as_text(&packed), two_read);
  ws_buffer_clear(&packed);
}

static void a_second_byte_order_mark_is_text(void **state) {
  ws_buffer packed = {0};
  ws_test_gzip(ws_text_of("\xEF\xBB\xBF"), &packed);
  ws_test_gzip(ws_text_of("\xEF\xBB\xBFx\n"), &packed);
  assert_reads(*state, "a.txt", ws_buffer_as_text(&packed),
               "0:1 0 - {\"text\":\"\xEF\xBB\xBFx\"}\n");
  ws_buffer_clear(&packed);
}

static void zero_bytes_behind_gzip_are_padding_anything_else_is_not(void **state) {
  ws_buffer packed = {0};
  ws_test_gzip(ws_text_of(two), &packed);
  size_t size = packed.size;
  assert_ok(ws_buffer_append(&packed, "\0\0\0\0\0\0", 6), NULL);
  assert_reads(*state, "a.jsonl", ws_buffer_as_text(&packed), two_read);
  packed.data[size + 4] = 'x';
  char *seen = ws_test_read_bytes("a.jsonl", ws_buffer_as_text(&packed), *state, NULL);
  assert_non_null(strstr(seen,
                         "malformed input: a.jsonl:3: something follows the end of the "
                         "gzip data\n"));
  free(seen);
  ws_buffer_clear(&packed);
}

/* Whatever is missing at the end: an error, also when bad records are to be skipped. */
static void truncated_gzip_is_always_an_error(void **state) {
  ws_buffer packed = {0};
  ws_reader_options options = ws_reader_options_default();
  options.on_error = WS_SKIP;
  ws_test_gzip(ws_text_of(two), &packed);
  for (size_t size = 2; size < packed.size; size++) {
    ws_text cut = {packed.data, size};
    char *seen = ws_test_read_bytes("a.jsonl", cut, *state, &options);
    assert_non_null(strstr(seen, "malformed input: a.jsonl:"));
    assert_non_null(strstr(seen, ": truncated gzip data\n"));
    assert_null(strstr(seen, "skipped"));
    free(seen);
  }
  ws_buffer_clear(&packed);
}

/* A flipped bit behind the header never changes a record: only the few bits that fill up
 * the last byte of the packed data go unseen. */
static void damaged_gzip_never_gives_other_records(void **state) {
  ws_buffer packed = {0};
  ws_test_gzip(ws_text_of(two), &packed);
  for (size_t i = 10; i < packed.size; i++)
    for (int bit = 0; bit < 8; bit++) {
      packed.data[i] = (char)(packed.data[i] ^ 1 << bit);
      char *seen =
          ws_test_read_bytes("a.jsonl", ws_buffer_as_text(&packed), *state, NULL);
      if (!strstr(seen, "malformed input: ")) assert_string_equal(seen, two_read);
      free(seen);
      packed.data[i] = (char)(packed.data[i] ^ 1 << bit);
    }
  ws_buffer_clear(&packed);
}

static void a_line_may_be_longer_than_any_buffer(void **state) {
  size_t size = (size_t)3 << 20;
  ws_buffer bytes = {0};
  assert_ok(
      ws_buffer_printf(&bytes, "{\"text\":\"%0*d\"}\n{\"text\":\"b\"}\n", (int)size, 0),
      NULL);
  char *seen = ws_test_read_bytes("a.jsonl", ws_buffer_as_text(&bytes), *state, NULL);
  assert_int_equal(strlen(seen), size + 2 * strlen("0:1 0 - {\"text\":\"\"}\n") + 1);
  free(seen);
  ws_reader_options options = ws_reader_options_default();
  options.on_error = WS_SKIP;
  options.max_line = (size_t)1 << 20;
  seen = ws_test_read_bytes("a.jsonl", ws_buffer_as_text(&bytes), *state, &options);
  assert_string_equal(
      seen,
      "skipped a.jsonl:1: a line longer than 1048576 bytes (--max-line MB allows more)\n"
      "1:2 1 - {\"text\":\"b\"}\n");
  free(seen);
  ws_buffer_clear(&bytes);
}

static void plain_text_is_a_record_a_line(void **state) {
  assert_reads(*state, "a.txt", ws_text_of("\xEF\xBB\xBF{ a\t\r\n\n\"b\""),
               "0:1 0 - {\"text\":\"{ a\\t\"}\n1:2 1 - {\"text\":\"\"}\n"
               "2:3 2 - {\"text\":\"\\\"b\\\"\"}\n");
  ws_reader_options options = ws_reader_options_default();
  options.on_error = WS_SKIP;
  options.max_line = 4;
  char *seen = ws_test_read_bytes("a.txt", (ws_text){"\xE9\nabcde\na\0b\nabcd\n", 17},
                                  *state, &options);
  assert_string_equal(
      seen, "skipped a.txt:1: not valid UTF-8: byte E9 in column 1 (if it is Latin-1: "
            "iconv -f ISO-8859-1 -t UTF-8 FILE > NEW)\n"
            "skipped a.txt:2: a line longer than 4 bytes (--max-line MB allows more)\n"
            "skipped a.txt:3: a NUL byte: expected text in UTF-8\n"
            "3:4 3 - {\"text\":\"abcd\"}\n");
  free(seen);
  assert_reads(*state, "a.txt", ws_text_of(""),
               "malformed input: a.txt: no records: the file is empty\n");
}

static void a_format_is_chosen_by_name_or_first_byte(void **state) {
  ws_input_format format = WS_INPUT_AUTO;
  assert_reads(*state, "a.ndjson", ws_text_of(two), two_read);
  assert_reads(*state, "a.json.gz", ws_text_of(two), two_read);
  assert_reads(*state, "a", ws_text_of(two), two_read);
  assert_reads(*state, "a", ws_text_of("\xEF\xBB\xBF \n{\"text\":\"a\"}"),
               "0:2 0 - {\"text\":\"a\"}\n");
  assert_reads(
      *state, "a", ws_text_of("text\na\n"),
      "malformed input: a: cannot tell the format: expected JSON Lines, or a name that "
      "ends in .jsonl, .csv, .tsv or .txt; --input-format names it\n");
  ws_reader_options options = ws_reader_options_default();
  options.format = WS_INPUT_CSV;
  char *seen = ws_test_read_bytes("a.txt", ws_text_of("text\na\n"), *state, &options);
  assert_string_equal(seen, "0:2 0 - {\"text\":\"a\"}\n");
  free(seen);
  assert_true(ws_input_format_find(ws_text_of("tsv"), &format) && format == WS_INPUT_TSV);
  assert_false(ws_input_format_find(ws_text_of("auto"), &format));
  assert_false(ws_input_format_find(ws_text_of("xml"), &format));
}

static void what_is_no_file_is_told_so(void **state) {
  char *folder = ws_test_folder(), expected[300];
  char *seen = ws_test_read("/no/such/file.csv", *state, NULL);
  assert_string_equal(seen, "input/output error: file.csv: cannot open: No such file or "
                            "directory\n");
  free(seen);
  seen = ws_test_read(folder, *state, NULL);
  snprintf(expected, sizeof expected,
           "input/output error: %s: expected a file, found a folder\n",
           strrchr(folder, '/') + 1);
  assert_string_equal(seen, expected);
  free(seen);
  ws_test_remove_folder(folder);
}

/* Runs with standard input being a pipe that holds the bytes. */
static char *read_stdin(ws_text bytes, const ws_task *task) {
  int ends[2], saved = dup(0);
  assert_int_equal(pipe(ends), 0);
  assert_int_equal(write(ends[1], bytes.data, bytes.size), bytes.size);
  close(ends[1]);
  assert_int_equal(dup2(ends[0], 0), 0);
  close(ends[0]);
  char *seen = ws_test_read("-", task, NULL);
  assert_int_equal(dup2(saved, 0), 0);
  close(saved);
  return seen;
}

static void a_dash_is_standard_input(void **state) {
  ws_buffer packed = {0};
  ws_test_gzip(ws_text_of(two), &packed);
  const ws_text inputs[] = {ws_text_of(two), ws_buffer_as_text(&packed)};
  for (size_t i = 0; i < 2; i++) {
    char *seen = read_stdin(inputs[i], *state);
    assert_string_equal(seen, two_read);
    free(seen);
  }
  ws_buffer_clear(&packed);
  char *seen = read_stdin(ws_text_of("{\"text\":\"a\"}\nx\n"), *state);
  assert_string_equal(
      seen,
      "0:1 0 - {\"text\":\"a\"}\nmalformed input: standard input:2: JSON: column 1: "
      "expected a value, found 'x'\n");
  free(seen);
}

static void expect_two(const ws_task *task, const char *name, ws_text bytes) {
  ws_reader *reader = NULL;
  ws_records *batch = NULL;
  ws_error err = WS_ERROR_INIT;
  size_t added = 0;
  assert_ok(ws_records_new(&batch), NULL);
  assert_ok(ws_reader_open_memory(name, bytes, task, NULL, &reader, &err), &err);
  assert_ok(ws_reader_read(reader, batch, 9, SIZE_MAX, &added, &err), &err);
  assert_int_equal(added, 2);
  assert_true(ws_text_equals(ws_records_at(batch, 1).text, "b"));
  assert_int_equal(ws_reader_bytes_read(reader), bytes.size);
  assert_int_equal(ws_reader_bytes_total(reader), bytes.size);
  ws_reader_free(reader);
  ws_records_free(batch);
}

static void memory_reads_like_a_file(void **state) {
  ws_buffer packed = {0};
  ws_test_gzip(ws_text_of(two), &packed);
  expect_two(*state, "nameless", ws_text_of(two));
  expect_two(*state, "nameless", ws_buffer_as_text(&packed));
  expect_two(*state, "a.csv", ws_text_of("text\na\nb\n"));
  ws_buffer_clear(&packed);
}

static void memory_is_called_by_its_name_in_messages(void **state) {
  static const char *const cases[][2] = {
      {"", "the record: no records: the file is empty"},
      {"{\"text\":1}", "the record:1: expected a string in the field 'text'"}};
  for (size_t i = 0; i < 2; i++) {
    ws_reader *reader = NULL;
    ws_records *batch = NULL;
    ws_error err = WS_ERROR_INIT;
    size_t added = 0;
    assert_ok(ws_records_new(&batch), NULL);
    assert_ok(ws_reader_open_memory("the record", ws_text_of(cases[i][0]), *state, NULL,
                                    &reader, &err),
              &err);
    assert_int_equal(ws_reader_read(reader, batch, 9, SIZE_MAX, &added, &err), WS_EPARSE);
    assert_message(&err, cases[i][1]);
    ws_reader_free(reader);
    ws_records_free(batch);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gzip_is_told_by_content_not_by_name),
      cmocka_unit_test(every_format_may_be_gzip),
      cmocka_unit_test(members_behind_one_another_are_one_stream),
      cmocka_unit_test(a_second_byte_order_mark_is_text),
      cmocka_unit_test(zero_bytes_behind_gzip_are_padding_anything_else_is_not),
      cmocka_unit_test(truncated_gzip_is_always_an_error),
      cmocka_unit_test(damaged_gzip_never_gives_other_records),
      cmocka_unit_test(a_line_may_be_longer_than_any_buffer),
      cmocka_unit_test(plain_text_is_a_record_a_line),
      cmocka_unit_test(a_format_is_chosen_by_name_or_first_byte),
      cmocka_unit_test(what_is_no_file_is_told_so),
      cmocka_unit_test(a_dash_is_standard_input),
      cmocka_unit_test(memory_reads_like_a_file),
      cmocka_unit_test(memory_is_called_by_its_name_in_messages),
  };
  return cmocka_run_group_tests(tests, ws_test_task_setup, ws_test_task_teardown);
}
