/* SPDX-License-Identifier: MIT
 *
 * Files in memory: mapped where they can be, read where not, the same bytes both ways.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weaksup/mapping.h>
#include <weaksup/output.h>

#include "ws_test.h"

static char *folder;

static int set_up(void **state) {
  (void)state;
  folder = ws_test_folder();
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  ws_test_remove_folder(folder);
  return 0;
}

static void check(const ws_mapping *mapping, const char *bytes) {
  assert_int_equal(mapping->bytes.size, strlen(bytes));
  assert_memory_equal(mapping->bytes.data, bytes, strlen(bytes));
}

static void a_file_is_mapped(void **state) {
  char *path = ws_test_file(folder, "file", "some bytes", 10);
  ws_mapping mapping;
  ws_error err = WS_ERROR_INIT;
  (void)state;
  assert_ok(ws_mapping_open(path, &mapping, &err), &err);
  assert_true(mapping.mapped);
  check(&mapping, "some bytes");
  // Another file takes its place, and these bytes stay.
  assert_ok(ws_output_file(path, ws_text_of("others"), &err), &err);
  check(&mapping, "some bytes");
  ws_mapping_clear(&mapping);
  assert_null(mapping.bytes.data);
  ws_mapping_clear(&mapping);
  free(path);
}

static void an_empty_file_has_no_bytes(void **state) {
  char *path = ws_test_file(folder, "file", "", 0);
  ws_mapping mapping;
  ws_error err = WS_ERROR_INIT;
  (void)state;
  assert_ok(ws_mapping_open(path, &mapping, &err), &err);
  assert_int_equal(mapping.bytes.size, 0);
  ws_mapping_clear(&mapping);
  free(path);
}

static void write_pipe(const char *path) {
  int fd = open(path, O_WRONLY);
  _exit(fd >= 0 && write(fd, "through a pipe", 14) == 14 ? 0 : 1);
}

static void a_pipe_is_read(void **state) {
  char *path = ws_test_file(folder, "pipe", "", 0);
  ws_mapping mapping;
  ws_error err = WS_ERROR_INIT;
  (void)state;
  assert_int_equal(unlink(path), 0);
  assert_int_equal(mkfifo(path, 0600), 0);
  pid_t writer = fork();
  if (writer == 0) write_pipe(path);
  assert_ok(ws_mapping_open(path, &mapping, &err), &err);
  assert_false(mapping.mapped);
  check(&mapping, "through a pipe");
  ws_mapping_clear(&mapping);
  assert_int_equal(waitpid(writer, NULL, 0), writer);
  free(path);
}

static void what_is_no_file_is_an_error(void **state) {
  ws_mapping mapping;
  ws_error err = WS_ERROR_INIT;
  (void)state;
  assert_status(WS_EIO, ws_mapping_open("/no/such/file", &mapping, &err));
  assert_message(&err, "/no/such/file: cannot open");
  assert_status(WS_EIO, ws_mapping_open(folder, &mapping, &err));
}

static void bytes_are_taken_over(void **state) {
  ws_buffer bytes = {0};
  (void)state;
  assert_ok(ws_buffer_text(&bytes, ws_text_of("bytes")), NULL);
  ws_mapping mapping = ws_mapping_of(&bytes);
  assert_null(bytes.data);
  check(&mapping, "bytes");
  ws_mapping_clear(&mapping);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_file_is_mapped, set_up, tear_down),
      cmocka_unit_test_setup_teardown(an_empty_file_has_no_bytes, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_pipe_is_read, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_is_no_file_is_an_error, set_up, tear_down),
      cmocka_unit_test(bytes_are_taken_over),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
