/* SPDX-License-Identifier: MIT
 *
 * Reading from a pipe without waiting: whatever the pieces in which bytes come, the same
 * records and errors as from a file, and each record as soon as it is there.
 */
#define _XOPEN_SOURCE 700 // mkfifo
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/json.h>

#include "ws_read.h"

typedef struct peer {
  char *folder, *path;
  const ws_task *task;
  int to; // our end of the pipe
  ws_reader *reader;
  ws_buffer seen;
  ws_error err;
  bool ended;
} peer;

static void on_skip(void *user, const ws_error *why) {
  peer *p = user;
  assert_ok(ws_buffer_printf(&p->seen, "skipped %s\n", strrchr(why->message, '/') + 1),
            NULL);
}

static void begin(peer *p, const char *name, const ws_task *task) {
  *p = (peer){.folder = ws_test_folder(), .task = task};
  p->path = malloc(strlen(p->folder) + strlen(name) + 2);
  assert_non_null(p->path);
  strcat(strcat(strcpy(p->path, p->folder), "/"), name);
  assert_int_equal(mkfifo(p->path, 0600), 0);
  p->to = open(p->path, O_RDWR);
  assert_true(p->to >= 0);
  assert_ok(ws_buffer_string(&p->seen, ""), NULL);
}

static void open_reader(peer *p, size_t max_line) {
  ws_reader_options options = ws_reader_options_default();
  options.on_error = WS_SKIP;
  options.max_line = max_line;
  options.skipped = on_skip;
  options.skipped_user = p;
  assert_ok(ws_reader_open(p->path, p->task, &options, &p->reader, &p->err), &p->err);
  assert_true(ws_reader_descriptor(p->reader) >= 0);
}

static void send_bytes(const peer *p, const char *data, size_t size) {
  assert_int_equal(write(p->to, data, size), size);
}

static void add_record(peer *p, const ws_record *record) {
  ws_json_writer json = {.out = &p->seen};
  assert_ok(ws_buffer_printf(&p->seen, "%d:%d %.*s - ", (int)record->row,
                             (int)record->line, WS_TEXT_ARG(record->id)),
            NULL);
  ws_json_value(&json, record->fields);
  assert_ok(ws_buffer_string(&p->seen, "\n"), NULL);
}

/* The next record, if it is there. */
static bool take_one(peer *p, ws_records *batch) {
  ws_records_clear(batch);
  ws_status status =
      ws_reader_read_ready(p->reader, batch, 1, SIZE_MAX, &p->ended, &p->err);
  size_t count = ws_records_count(batch);
  if (count) {
    ws_record record = ws_records_at(batch, 0);
    add_record(p, &record);
  }
  if (status == WS_OK) return count > 0;
  assert_ok(ws_buffer_printf(&p->seen, "%s: %s\n", ws_status_text(status),
                             strrchr(p->err.message, '/') + 1),
            NULL);
  p->ended = true;
  return false;
}

/* Takes what is there; how many records that was. */
static size_t take(peer *p) {
  ws_records *batch = NULL;
  size_t count = 0;
  assert_ok(ws_records_new(&batch), NULL);
  while (take_one(p, batch)) count++;
  ws_records_free(batch);
  return count;
}

static void hang_up(peer *p) {
  close(p->to);
  while (!p->ended) take(p);
}

static void end(peer *p) {
  ws_reader_free(p->reader);
  ws_buffer_clear(&p->seen);
  ws_test_remove_folder(p->folder);
  free(p->path);
}

/* The first `head` bytes are there when the reader is opened. */
static void check_pieces(const ws_task *task, const char *name, ws_text bytes,
                         size_t head, size_t max_line) {
  ws_reader_options options = ws_reader_options_default();
  options.on_error = WS_SKIP;
  options.max_line = max_line;
  char *expected = ws_test_read_bytes(name, bytes, task, &options);
  for (size_t piece = 1; piece <= 7; piece += 2) {
    peer p;
    begin(&p, name, task);
    send_bytes(&p, bytes.data, head);
    open_reader(&p, max_line);
    for (size_t at = head; at < bytes.size; at += piece) {
      size_t left = bytes.size - at;
      if (!p.ended) take(&p);
      if (!p.ended) send_bytes(&p, bytes.data + at, left < piece ? left : piece);
    }
    hang_up(&p);
    assert_string_equal(p.seen.data, expected);
    end(&p);
  }
  free(expected);
}

static void check(const ws_task *task, const char *name, const char *text, size_t head) {
  check_pieces(task, name, ws_text_of(text), head, 40);
}

static void pieces_do_not_change_records(void **state) {
  check(*state, "a.jsonl", "\xEF\xBB\xBF{\"text\":\"a\"}\n\n{\"text\":\"b\"}\r\n{\"te",
        0);
  check(*state, "a.jsonl", "{\"text\":\"a\"}\n{}\n{\"text\":\"b\"}", 0);
  check(*state, "a.jsonl",
        "{\"text\":\"a line that is longer than it may be\"}\n{\"text\":\"b\"}\n", 0);
  check(*state, "a.txt", "\n\na\nb\n\n\xEF\xBB\xBF\n", 0);
  check(*state, "a.txt", "\xEF\xBB\nab\n", 0);
  check(*state, "a.csv", "text,n\n\n\na,1\n\"b\n\nc\",2\r\n\n\"d\"\"\n\",3", 7);
  check(*state, "a.csv", "text,n\na\nb,2\nc\"d,3\n\"e\",4\n\"f", 7);
  check(*state, "a.csv",
        "text,n\nlonger than a line may be in this case,1\n\"g\",2\n\"lines\nthat\nare "
        "longer\ntogether than a line may be\",3\n",
        7);
}

static void gzip_comes_in_pieces(void **state) {
  ws_buffer packed = {0};
  ws_test_gzip(ws_text_of("{\"text\":\"a\"}\n{\"te"), &packed);
  ws_test_gzip(ws_text_of("xt\":\"b\"}\n"), &packed);
  check_pieces(*state, "a.jsonl", ws_buffer_as_text(&packed), 0, 40);
  assert_ok(ws_buffer_append(&packed, "\0\0\0\0", 4), NULL);
  check_pieces(*state, "a.jsonl", ws_buffer_as_text(&packed), 0, 40);
  packed.size -= 6;
  check_pieces(*state, "a.jsonl", ws_buffer_as_text(&packed), 0, 40);
  packed.size += 2;
  size_t size = packed.size;
  ws_test_gzip(ws_text_of("x"), &packed); // behind padding: no member any more
  packed.data[size - 1] = '\0';
  check_pieces(*state, "a.jsonl", ws_buffer_as_text(&packed), 0, 40);
  ws_buffer_clear(&packed);
}

static void a_record_is_there_with_its_last_byte(void **state) {
  static const char *const texts[][2] = {
      {"a.jsonl", "{\"text\":\"a\"}\n"}, {"a.txt", "a\n"}, {"a.csv", "\"a\nb\"\n"}};
  for (size_t i = 0; i < 3; i++) {
    peer p;
    begin(&p, texts[i][0], *state);
    if (i == 2) send_bytes(&p, "text\n", 5);
    open_reader(&p, 100);
    for (int round = 0; round < 3; round++) {
      size_t size = strlen(texts[i][1]);
      assert_int_equal(take(&p), 0);
      send_bytes(&p, texts[i][1], size - 1);
      assert_int_equal(take(&p), 0);
      send_bytes(&p, texts[i][1] + size - 1, 1);
      assert_int_equal(take(&p), 1);
      assert_false(p.ended);
    }
    hang_up(&p);
    end(&p);
  }
}

/* A read that waits goes on where one that did not has stopped. */
static void both_ways_of_reading_mix(void **state) {
  peer p;
  ws_records *batch = NULL;
  size_t added;
  begin(&p, "a.csv", *state);
  send_bytes(&p, "text\n\"a\n", 8);
  open_reader(&p, 100);
  assert_int_equal(take(&p), 0);
  send_bytes(&p, "b\"\n\"c", 5);
  assert_ok(ws_records_new(&batch), NULL);
  assert_ok(ws_reader_read(p.reader, batch, 1, SIZE_MAX, &added, &p.err), &p.err);
  assert_int_equal(added, 1);
  assert_true(ws_text_equals(ws_records_at(batch, 0).text, "a\nb"));
  assert_int_equal(take(&p), 0);
  send_bytes(&p, "\"\n", 2);
  assert_int_equal(take(&p), 1);
  assert_string_equal(p.seen.data, "1:4 1 - {\"text\":\"c\"}\n");
  ws_records_free(batch);
  hang_up(&p);
  end(&p);
}

static void files_never_wait(void **state) {
  ws_reader *reader = NULL;
  ws_records *batch = NULL;
  bool ended;
  char *folder = ws_test_folder(), *path = ws_test_file(folder, "a.txt", "a\nb\nc", 5);
  assert_ok(ws_records_new(&batch), NULL);
  assert_ok(ws_reader_open(path, *state, NULL, &reader, NULL), NULL);
  assert_int_equal(ws_reader_descriptor(reader), -1);
  assert_ok(ws_reader_read_ready(reader, batch, 2, SIZE_MAX, &ended, NULL), NULL);
  assert_int_equal(ws_records_count(batch), 2);
  assert_false(ended);
  assert_ok(ws_reader_read_ready(reader, batch, 9, SIZE_MAX, &ended, NULL), NULL);
  assert_int_equal(ws_records_count(batch), 3);
  assert_true(ended);
  ws_reader_free(reader);
  ws_records_free(batch);
  ws_test_remove_folder(folder);
  free(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pieces_do_not_change_records),
      cmocka_unit_test(gzip_comes_in_pieces),
      cmocka_unit_test(a_record_is_there_with_its_last_byte),
      cmocka_unit_test(both_ways_of_reading_mix),
      cmocka_unit_test(files_never_wait),
  };
  alarm(100); // a read that waits would wait for ever
  return cmocka_run_group_tests(tests, ws_test_task_setup, ws_test_task_teardown);
}
