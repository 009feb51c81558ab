/* SPDX-License-Identifier: MIT
 *
 * Transcripts of readers (ws_read.h).
 */
#include "ws_read.h"

#include <stdio.h>
#include <zlib.h>

#include <weaksup/json.h>

typedef struct transcript {
  ws_buffer text;
  const char *path;
  uint64_t skipped;
} transcript;

/* Adds a message without the folder that its path begins with. */
static void add_message(transcript *t, const char *what, const char *message) {
  const char *slash = strrchr(t->path, '/');
  size_t folder = slash ? (size_t)(slash + 1 - t->path) : 0;
  if (strncmp(message, t->path, strlen(t->path)) == 0) message += folder;
  assert_ok(ws_buffer_printf(&t->text, "%s%s\n", what, message), NULL);
}

static void on_skip(void *user, const ws_error *why) {
  transcript *t = user;
  assert_int_equal(why->status, WS_EPARSE);
  add_message(t, "skipped ", why->message);
  t->skipped++;
}

static void add_record(transcript *t, const ws_record *record, const ws_task *task) {
  const char *field = ws_task_get(task, WS_TASK_TEXT);
  ws_value text = ws_value_get(record->fields, ws_text_of(field));
  ws_json_writer json = {.out = &t->text};
  if (record->text.data) assert_true(ws_text_equal(record->text, ws_value_text(text)));
  assert_ok(ws_buffer_printf(&t->text, "%d:%d %.*s ", (int)record->row, (int)record->line,
                             WS_TEXT_ARG(record->id)),
            NULL);
  if (record->gold == WS_ABSTAIN)
    assert_ok(ws_buffer_string(&t->text, "- "), NULL);
  else
    assert_ok(ws_buffer_printf(&t->text, "%d ", (int)record->gold), NULL);
  ws_json_value(&json, record->fields);
  assert_ok(json.status, NULL);
  assert_ok(ws_buffer_string(&t->text, "\n"), NULL);
}

static ws_status read_all(transcript *t, ws_reader *reader, const ws_task *task,
                          ws_error *err) {
  ws_records *batch = NULL;
  ws_status status;
  uint64_t rows = 0;
  size_t added = 1;
  assert_ok(ws_records_new(&batch), NULL);
  while ((status = ws_reader_read(reader, batch, 1, SIZE_MAX, &added, err)) == WS_OK &&
         added) {
    assert_int_equal(ws_records_count(batch), added);
    for (size_t i = 0; i < added; i++) {
      ws_record record = ws_records_at(batch, i);
      assert_int_equal(record.row, rows++ + t->skipped);
      add_record(t, &record, task);
    }
    ws_records_clear(batch);
  }
  if (status == WS_OK) assert_int_equal(ws_reader_rows(reader), rows);
  assert_int_equal(ws_reader_skipped(reader), t->skipped);
  ws_records_free(batch);
  return status;
}

char *ws_test_read(const char *path, const ws_task *task,
                   const ws_reader_options *options) {
  transcript t = {.path = path};
  ws_reader_options with = options ? *options : ws_reader_options_default();
  ws_reader *reader = NULL;
  ws_error err = WS_ERROR_INIT;
  with.skipped = on_skip;
  with.skipped_user = &t;
  assert_ok(ws_buffer_reserve(&t.text, 0), NULL);
  ws_status status = ws_reader_open(path, task, &with, &reader, &err);
  if (status == WS_OK) status = read_all(&t, reader, task, &err);
  if (status != WS_OK) {
    assert_int_equal(err.status, status);
    assert_ok(ws_buffer_printf(&t.text, "%s: ", ws_status_text(status)), NULL);
    add_message(&t, "", err.message);
  }
  ws_reader_free(reader);
  char *out = strdup(t.text.data);
  ws_buffer_clear(&t.text);
  return out;
}

char *ws_test_read_bytes(const char *name, ws_text bytes, const ws_task *task,
                         const ws_reader_options *options) {
  char *folder = ws_test_folder();
  char *path = ws_test_file(folder, name, bytes.size ? bytes.data : "", bytes.size);
  char *seen = ws_test_read(path, task, options);
  ws_test_remove_folder(folder);
  free(path);
  return seen;
}

void ws_test_gzip(ws_text bytes, ws_buffer *out) {
  z_stream zip = {0};
  assert_int_equal(deflateInit2(&zip, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
                   Z_OK);
  size_t room = deflateBound(&zip, bytes.size) + 32;
  unsigned char *packed = malloc(room);
  zip.next_in = (z_const Bytef *)(uintptr_t)bytes.data;
  zip.avail_in = (uInt)bytes.size;
  zip.next_out = packed;
  zip.avail_out = (uInt)room;
  assert_int_equal(deflate(&zip, Z_FINISH), Z_STREAM_END);
  assert_ok(ws_buffer_append(out, packed, zip.total_out), NULL);
  deflateEnd(&zip);
  free(packed);
}

int ws_test_task_setup(void **state) {
  *state = ws_test_task("HAM,SPAM");
  return 0;
}

int ws_test_task_teardown(void **state) {
  ws_task_free(*state);
  return 0;
}
