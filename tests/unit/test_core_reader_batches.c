/* SPDX-License-Identifier: MIT
 *
 * Reading in batches: how much comes at a time, what is counted, how it is stopped, and
 * what happens without memory.
 */
#include <stdio.h>

#include <weaksup/hash.h>

#include "ws_read.h"

typedef struct fixture {
  ws_task *task;
  char *folder, *path; // of ten records
  ws_reader *reader;
  ws_records *batch;
} fixture;

static void write_ten(fixture *f) {
  ws_buffer bytes = {0};
  for (int i = 0; i < 10; i++)
    assert_ok(ws_buffer_printf(&bytes, "{\"text\":\"%d\"}\n", i), NULL);
  f->path = ws_test_file(f->folder, "ten.jsonl", bytes.data, bytes.size);
  ws_buffer_clear(&bytes);
}

static int set_up(void **state) {
  fixture *f = *state = calloc(1, sizeof *f);
  f->task = ws_test_task("HAM,SPAM");
  f->folder = ws_test_folder();
  write_ten(f);
  assert_ok(ws_records_new(&f->batch), NULL);
  assert_ok(ws_reader_open(f->path, f->task, NULL, &f->reader, NULL), NULL);
  return 0;
}

static int tear_down(void **state) {
  fixture *f = *state;
  ws_reader_free(f->reader);
  ws_records_free(f->batch);
  ws_task_free(f->task);
  ws_test_remove_folder(f->folder);
  free(f->path);
  free(f);
  return 0;
}

static void batches_hold_so_many_records(void **state) {
  fixture *f = *state;
  size_t added, expected[] = {4, 4, 2, 0, 0};
  for (size_t i = 0; i < 5; i++) {
    ws_records_clear(f->batch);
    assert_ok(ws_reader_read(f->reader, f->batch, 4, SIZE_MAX, &added, NULL), NULL);
    assert_int_equal(added, expected[i]);
    assert_int_equal(ws_records_count(f->batch), expected[i]);
  }
  assert_int_equal(ws_reader_rows(f->reader), 10);
  assert_int_equal(ws_reader_skipped(f->reader), 0);
}

static void batches_grow_where_they_are_not_cleared(void **state) {
  fixture *f = *state;
  size_t added;
  for (size_t most = 3; most <= 9; most += 3) {
    assert_ok(ws_reader_read(f->reader, f->batch, most, SIZE_MAX, &added, NULL), NULL);
    assert_int_equal(added, 3);
    assert_int_equal(ws_records_count(f->batch), most);
  }
  for (size_t i = 0; i < 9; i++) {
    ws_record record = ws_records_at(f->batch, i);
    assert_int_equal(record.row, i);
    assert_int_equal(record.line, i + 1);
    assert_int_equal(record.text.data[0], '0' + (int)i);
    assert_true(ws_text_equal(record.id, record.text));
  }
}

/* A record takes 9 + 4 + 4 + 5 + 1 bytes; the one that reaches the limit is the last. */
static void batches_hold_so_many_bytes(void **state) {
  fixture *f = *state;
  size_t added;
  assert_ok(ws_reader_read(f->reader, f->batch, 100, 1, &added, NULL), NULL);
  assert_int_equal(added, 1);
  assert_int_equal(ws_records_bytes(f->batch), 23);
  assert_ok(ws_reader_read(f->reader, f->batch, 100, 46, &added, NULL), NULL);
  assert_int_equal(added, 2);
  assert_ok(ws_reader_read(f->reader, f->batch, 100, 47, &added, NULL), NULL);
  assert_int_equal(added, 3);
}

static ws_status take_seven(void *user, const ws_record *record, ws_error *err) {
  size_t *count = user;
  assert_int_equal(record->row, *count);
  if (++*count < 7) return WS_OK;
  return ws_error_set(err, WS_EINVAL, "enough");
}

static void all_records_are_handed_on_until_one_is_refused(void **state) {
  fixture *f = *state;
  ws_error err = WS_ERROR_INIT;
  size_t count = 0;
  assert_status(WS_EINVAL, ws_reader_each(f->reader, take_seven, &count, &err));
  assert_message(&err, "enough");
  assert_int_equal(count, 7);
}

static void the_digest_is_the_hash_of_the_files_bytes(void **state) {
  fixture *f = *state;
  ws_buffer bytes = {0}, packed = {0};
  char digest[33], expected[33];
  size_t added = 1;
  while (added) {
    ws_records_clear(f->batch);
    assert_ok(ws_reader_read(f->reader, f->batch, 3, SIZE_MAX, &added, NULL), NULL);
  }
  for (int i = 0; i < 10; i++)
    assert_ok(ws_buffer_printf(&bytes, "{\"text\":\"%d\"}\n", i), NULL);
  ws_reader_digest(f->reader, digest);
  ws_hash128_hex(ws_hash128_of(bytes.data, bytes.size), expected);
  assert_string_equal(digest, expected);
  assert_int_equal(ws_reader_bytes_read(f->reader), bytes.size);
  assert_int_equal(ws_reader_bytes_total(f->reader), bytes.size);
  ws_buffer_clear(&bytes);
  ws_buffer_clear(&packed);
}

static void the_digest_of_gzip_is_that_of_the_packed_bytes(void **state) {
  fixture *f = *state;
  ws_buffer packed = {0};
  ws_reader *reader = NULL;
  char digest[33], expected[33];
  size_t added = 1;
  ws_test_gzip(ws_text_of("{\"text\":\"a\"}\n"), &packed);
  assert_ok(ws_buffer_append(&packed, "\0\0", 2), NULL);
  char *path = ws_test_file(f->folder, "a.gz", packed.data, packed.size);
  assert_ok(ws_reader_open(path, f->task, NULL, &reader, NULL), NULL);
  while (added)
    assert_ok(ws_reader_read(reader, f->batch, SIZE_MAX, SIZE_MAX, &added, NULL), NULL);
  ws_reader_digest(reader, digest);
  ws_hash128_hex(ws_hash128_of(packed.data, packed.size), expected);
  assert_string_equal(digest, expected);
  assert_int_equal(ws_reader_bytes_read(reader), packed.size);
  ws_reader_free(reader);
  ws_buffer_clear(&packed);
  free(path);
}

/* What came before the bad record of a batch is there. */
static void records_before_an_error_are_kept(void **state) {
  fixture *f = *state;
  ws_error err;
  ws_reader *reader = NULL;
  size_t added;
  char *path = ws_test_file(f->folder, "b.txt", "a\nb\n\xFF\nd\n", 8);
  assert_ok(ws_reader_open(path, f->task, NULL, &reader, NULL), NULL);
  assert_status(WS_EPARSE, ws_reader_read(reader, f->batch, 100, SIZE_MAX, &added, &err));
  assert_message(&err, "b.txt:3: not valid UTF-8");
  assert_int_equal(ws_records_count(f->batch), 2);
  assert_int_equal(ws_records_at(f->batch, 1).text.data[0], 'b');
  ws_reader_free(reader);
  free(path);
}

/* --- stopping --- */

/* Who does not want to wait gets to do something else after so many bad ones, too. */
static void a_long_run_of_bad_records_is_read_in_parts(void **state) {
  fixture *f = *state;
  ws_reader_options options = ws_reader_options_default();
  ws_reader *reader = NULL;
  bool ended;
  size_t added;
  const char *text = "1\n2\n3\n4\n5\n6\n7\n{\"text\":\"a\"}\n9\n";
  options.on_error = WS_SKIP;
  assert_ok(ws_reader_open_memory("a.jsonl", ws_text_of(text), f->task, &options, &reader,
                                  NULL),
            NULL);
  for (size_t skipped = 3; skipped <= 6; skipped += 3) {
    assert_ok(ws_reader_read_ready(reader, f->batch, 3, SIZE_MAX, &ended, NULL), NULL);
    assert_int_equal(ws_reader_skipped(reader), skipped);
    assert_int_equal(ws_records_count(f->batch), 0);
    assert_false(ended || ws_reader_waits(reader));
  }
  assert_ok(ws_reader_read(reader, f->batch, 1, SIZE_MAX, &added, NULL), NULL);
  assert_int_equal(added, 1);
  assert_int_equal(ws_records_at(f->batch, 0).row, 7);
  assert_ok(ws_reader_read(reader, f->batch, 1, SIZE_MAX, &added, NULL), NULL);
  assert_int_equal(added, 0); // the batch is full, and nothing was read
  assert_int_equal(ws_reader_skipped(reader), 7);
  ws_records_clear(f->batch);
  assert_ok(ws_reader_read(reader, f->batch, 1, SIZE_MAX, &added, NULL), NULL);
  assert_int_equal(added, 0);
  assert_int_equal(ws_reader_skipped(reader), 8);
  ws_reader_free(reader);
}

static bool stop_at(void *user, const ws_progress *progress) {
  uint64_t *limit = user;
  assert_string_equal(progress->stage, "reading");
  assert_string_equal(progress->unit, "bytes");
  assert_true(progress->done <= progress->total);
  return progress->done < *limit;
}

static ws_status read_stopping_at(const fixture *f, const char *path, uint64_t limit,
                                  ws_error *err) {
  ws_reader_options options = ws_reader_options_default();
  ws_reader *reader = NULL;
  size_t added = 1;
  options.on_error = WS_SKIP;
  options.progress = (ws_progress_sink){stop_at, &limit};
  ws_status status = ws_reader_open(path, f->task, &options, &reader, err);
  while (status == WS_OK && added) {
    ws_records_clear(f->batch);
    status = ws_reader_read(reader, f->batch, 10000, SIZE_MAX, &added, err);
  }
  ws_reader_free(reader);
  return status;
}

static void the_sink_stops_the_reading(void **state) {
  fixture *f = *state;
  ws_error err = WS_ERROR_INIT;
  ws_buffer bytes = {0};
  while (bytes.size < (size_t)5 << 20)
    assert_ok(ws_buffer_string(&bytes, "some words of a line\n"), NULL);
  char *path = ws_test_file(f->folder, "large.txt", bytes.data, bytes.size);
  assert_ok(read_stopping_at(f, path, (uint64_t)1 << 40, &err), &err);
  assert_status(WS_ESTOPPED, read_stopping_at(f, path, (uint64_t)3 << 20, &err));
  assert_int_equal(err.status, WS_ESTOPPED);
  assert_string_equal(err.message, "stopped by the caller");
  ws_buffer_clear(&bytes);
  free(path);
}

/* --- without memory --- */

static ws_status read_file(void *path) {
  ws_task *task = NULL;
  ws_reader *reader = NULL;
  ws_records *batch = NULL;
  size_t added = 1;
  ws_status status = ws_task_from_names("HAM,SPAM", &task, NULL);
  if (status == WS_OK) status = ws_records_new(&batch);
  if (status == WS_OK) status = ws_reader_open(path, task, NULL, &reader, NULL);
  while (status == WS_OK && added)
    status = ws_reader_read(reader, batch, SIZE_MAX, SIZE_MAX, &added, NULL);
  ws_reader_free(reader);
  ws_records_free(batch);
  ws_task_free(task);
  return status;
}

static void every_format_survives_without_memory(void **state) {
  const fixture *f = *state;
  static const char *const cases[][2] = {
      {"a.jsonl",
       "{\"text\":\"a\",\"label\":\"HAM\",\"n\":[1,{\"b\":2}]}\n{\"text\":\"b\"}\n"},
      {"a.csv", "text,label,n\na,HAM,\"x\ny\"\nb,,\"\"\"\"\n"},
      {"a.tsv", "text\tlabel\na\tHAM\n"},
      {"a.txt", "a\nb\n"},
  };
  for (size_t i = 0; i < 4; i++)
    for (int gzip = 0; gzip < 2; gzip++) {
      ws_buffer bytes = {0};
      if (gzip)
        ws_test_gzip(ws_text_of(cases[i][1]), &bytes);
      else
        assert_ok(ws_buffer_string(&bytes, cases[i][1]), NULL);
      char *path = ws_test_file(f->folder, cases[i][0], bytes.data, bytes.size);
      ws_test_every_allocation_failure(read_file, path);
      ws_buffer_clear(&bytes);
      free(path);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(batches_hold_so_many_records),
      TEST(batches_grow_where_they_are_not_cleared),
      TEST(batches_hold_so_many_bytes),
      TEST(all_records_are_handed_on_until_one_is_refused),
      TEST(the_digest_is_the_hash_of_the_files_bytes),
      TEST(the_digest_of_gzip_is_that_of_the_packed_bytes),
      TEST(records_before_an_error_are_kept),
      TEST(a_long_run_of_bad_records_is_read_in_parts),
      TEST(the_sink_stops_the_reading),
      TEST(every_format_survives_without_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
