/* SPDX-License-Identifier: MIT
 *
 * Files that appear whole or not at all, and reading them whole. Nothing here leans on
 * permissions: the tests may run as root.
 */
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/json.h>
#include <weaksup/output.h>

#include "ws_test.h"

typedef struct place {
  char *folder;
  char path[200]; // of a file in it, which holds "before"
} place;

static int set_up(void **state) {
  place *p = *state = calloc(1, sizeof *p);
  p->folder = ws_test_folder();
  snprintf(p->path, sizeof p->path, "%s/out", p->folder);
  free(ws_test_file(p->folder, "out", "before", 6));
  return 0;
}

static int tear_down(void **state) {
  place *p = *state;
  ws_test_remove_folder(p->folder);
  free(p);
  return 0;
}

static void assert_holds(const char *path, const char *expected) {
  ws_buffer bytes = {0};
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_input_file(path, 1 << 20, &bytes, &err), &err);
  assert_string_equal(bytes.data, expected);
  ws_buffer_clear(&bytes);
}

static size_t files_in(const char *path) {
  size_t count = 0;
  DIR *folder = opendir(path);
  assert_non_null(folder);
  for (struct dirent *entry; (entry = readdir(folder));) count += entry->d_name[0] != '.';
  closedir(folder);
  return count;
}

static void a_file_takes_its_place_when_it_is_whole(void **state) {
  const place *p = *state;
  ws_output *output = NULL;
  assert_ok(ws_output_open(p->path, &output, NULL), NULL);
  assert_ok(ws_output_write(output, ws_text_of("af"), NULL), NULL);
  assert_ok(ws_output_write(output, (ws_text){NULL, 0}, NULL), NULL);
  assert_ok(ws_output_write(output, ws_text_of("ter"), NULL), NULL);
  assert_holds(p->path, "before");
  assert_ok(ws_output_commit(output, NULL), NULL);
  assert_holds(p->path, "after");
  assert_int_equal(files_in(p->folder), 1);
}

static void giving_up_leaves_the_target_as_it_was(void **state) {
  const place *p = *state;
  ws_output *output = NULL;
  ws_buffer large = {0};
  assert_ok(ws_buffer_printf(&large, "%0300000d", 1), NULL);
  assert_ok(ws_output_open(p->path, &output, NULL), NULL);
  assert_ok(ws_output_write(output, ws_buffer_as_text(&large), NULL), NULL);
  ws_output_abort(output);
  assert_holds(p->path, "before");
  assert_int_equal(files_in(p->folder), 1);
  ws_output_abort(NULL);
  assert_ok(ws_output_commit(NULL, NULL), NULL);
  ws_buffer_clear(&large);
}

/* Sizes around the buffer's, so that every way through it is taken. */
static void pieces_of_any_size_come_out_in_order(void **state) {
  const place *p = *state;
  static const size_t sizes[] = {1, 65535, 1, 65536, 65537, 3, 131072, 65535, 2, 0, 7};
  ws_output *output = NULL;
  ws_buffer expected = {0}, found = {0};
  assert_ok(ws_output_open(p->path, &output, NULL), NULL);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    char *piece = malloc(sizes[i] + 1);
    memset(piece, 'a' + (int)i, sizes[i]);
    assert_ok(ws_buffer_append(&expected, piece, sizes[i]), NULL);
    assert_ok(ws_output_write(output, (ws_text){piece, sizes[i]}, NULL), NULL);
    free(piece);
  }
  assert_ok(ws_output_commit(output, NULL), NULL);
  assert_ok(ws_input_file(p->path, expected.size, &found, NULL), NULL);
  assert_true(ws_text_equal(ws_buffer_as_text(&expected), ws_buffer_as_text(&found)));
  ws_buffer_clear(&expected);
  ws_buffer_clear(&found);
}

static void two_writers_do_not_meet(void **state) {
  const place *p = *state;
  ws_output *one = NULL, *two = NULL;
  assert_ok(ws_output_open(p->path, &one, NULL), NULL);
  assert_ok(ws_output_open(p->path, &two, NULL), NULL);
  assert_ok(ws_output_write(one, ws_text_of("one"), NULL), NULL);
  assert_ok(ws_output_write(two, ws_text_of("two"), NULL), NULL);
  assert_ok(ws_output_commit(two, NULL), NULL);
  assert_holds(p->path, "two");
  assert_ok(ws_output_commit(one, NULL), NULL);
  assert_holds(p->path, "one");
  assert_int_equal(files_in(p->folder), 1);
}

static void a_full_disk_is_an_error_at_the_latest_on_commit(void **state) {
  (void)state;
  ws_output *output = NULL;
  ws_error err;
  ws_buffer large = {0};
  if (access("/dev/full", W_OK) != 0) skip();
  assert_ok(ws_output_open("/dev/full", &output, NULL), NULL);
  assert_ok(ws_output_write(output, ws_text_of("few bytes"), NULL), NULL);
  assert_status(WS_EIO, ws_output_commit(output, &err));
  assert_string_equal(err.message, "/dev/full: cannot write: No space left on device");
  assert_ok(ws_buffer_printf(&large, "%0300000d", 1), NULL);
  assert_status(WS_EIO, ws_output_file("/dev/full", ws_buffer_as_text(&large), &err));
  assert_message(&err, "/dev/full: cannot write");
  ws_buffer_clear(&large);
}

static void what_cannot_be_written_is_told_at_once(void **state) {
  const place *p = *state;
  ws_output *output = NULL;
  ws_error err;
  char inside[300], expected[300];
  assert_status(WS_EIO, ws_output_open(p->folder, &output, &err));
  snprintf(expected, sizeof expected, "%s: cannot write: it is a folder", p->folder);
  assert_string_equal(err.message, expected);
  snprintf(inside, sizeof inside, "%s/no/such/folder", p->folder);
  assert_status(WS_EIO, ws_output_open(inside, &output, &err));
  assert_message(&err, "/no/such/folder: cannot write: No such file or directory");
  snprintf(inside, sizeof inside, "%s/inside", p->path); // a file is no folder
  assert_status(WS_EIO, ws_output_open(inside, &output, &err));
  assert_message(&err, "/inside: cannot write: Not a directory");
  assert_null(output);
}

static void a_pipe_is_written_directly(void **state) {
  const place *p = *state;
  char path[300], found[6] = "";
  snprintf(path, sizeof path, "%s/pipe", p->folder);
  assert_int_equal(mkfifo(path, 0600), 0);
  FILE *reader = fopen(path, "r+"); // does not wait for the other end
  assert_ok(ws_output_file(path, ws_text_of("piped"), NULL), NULL);
  assert_int_equal(fread(found, 1, 5, reader), 5);
  assert_string_equal(found, "piped");
  fclose(reader);
}

static void a_dash_is_standard_output(void **state) {
  const place *p = *state;
  fflush(stdout);
  int saved = dup(1);
  assert_non_null(freopen(p->path, "w", stdout));
  ws_status status = ws_output_file("-", ws_text_of("to stdout"), NULL);
  dup2(saved, 1);
  close(saved);
  assert_ok(status, NULL);
  assert_holds(p->path, "to stdout");
}

static void a_file_is_read_up_to_its_limit(void **state) {
  const place *p = *state;
  ws_buffer bytes = {0};
  ws_error err;
  assert_ok(ws_input_file(p->path, 6, &bytes, NULL), NULL);
  assert_int_equal(bytes.size, 6);
  for (size_t i = 0; i < WS_JSON_PADDING; i++) assert_int_equal(bytes.data[6 + i], 0);
  ws_buffer_clear(&bytes);
  assert_status(WS_EIO, ws_input_file(p->path, 5, &bytes, &err));
  assert_message(&err, "/out: larger than the limit of 5 bytes");
  assert_status(WS_EIO, ws_input_file(p->folder, 5, &bytes, &err));
  assert_message(&err, "cannot read: Is a directory");
  assert_status(WS_EIO, ws_input_file("/no/such", 5, &bytes, &err));
  assert_string_equal(err.message, "/no/such: cannot open: No such file or directory");
  ws_buffer_clear(&bytes);
}

static ws_status write_and_read(void *user) {
  const place *p = user;
  ws_buffer bytes = {0};
  ws_status status = ws_output_file(p->path, ws_text_of("after"), NULL);
  if (status == WS_OK) status = ws_input_file(p->path, 100, &bytes, NULL);
  ws_buffer_clear(&bytes);
  return status;
}

static void writing_without_memory_leaves_one_of_the_two(void **state) {
  const place *p = *state;
  ws_test_every_allocation_failure(write_and_read, *state);
  assert_int_equal(files_in(p->folder), 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(a_file_takes_its_place_when_it_is_whole),
      TEST(giving_up_leaves_the_target_as_it_was),
      TEST(pieces_of_any_size_come_out_in_order),
      TEST(two_writers_do_not_meet),
      TEST(a_full_disk_is_an_error_at_the_latest_on_commit),
      TEST(what_cannot_be_written_is_told_at_once),
      TEST(a_pipe_is_written_directly),
      TEST(a_dash_is_standard_output),
      TEST(a_file_is_read_up_to_its_limit),
      TEST(writing_without_memory_leaves_one_of_the_two),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
