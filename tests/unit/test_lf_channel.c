/* SPDX-License-Identifier: MIT
 *
 * What a parent makes of the first words of a worker that lies.
 */
#include "lf_set_priv.h"
#include "ws_test.h"

#include <weaksup/bytes.h>

typedef struct first_words {
  ws_lf_set set;
  ws_task *task;
  ws_buffer bytes;
  ws_error err;
} first_words;

static int begin(void **state) {
  first_words *w = calloc(1, sizeof *w);
  w->set.task = w->task = ws_test_task("HAM,SPAM");
  *state = w;
  return 0;
}

static int end(void **state) {
  first_words *w = *state;
  ws_arena_clear(&w->set.arena);
  ws_buffer_clear(&w->bytes);
  ws_task_free(w->task);
  free(w);
  return 0;
}

static void put(first_words *w, uint64_t number) {
  assert_ok(ws_bytes_put(&w->bytes, number, 8), NULL);
}

static void put_text(first_words *w, const char *text) {
  assert_ok(ws_bytes_put_text(&w->bytes, ws_text_of(text)), NULL);
}

static void put_function(first_words *w, const char *name) {
  put_text(w, name);
  put_text(w, "lfs/a.lua");
  put(w, WS_LF_LUA);
  put(w, 1);
  put(w, (uint32_t)WS_ABSTAIN);
  for (uint64_t half = 0; half < 4; half++) put(w, half); // its keys
  put(w, 0);                                              // no prior
  put_text(w, "");                                        // the text field
}

static void put_functions(first_words *w, const char *one, const char *other) {
  put(w, WS_OK);
  put_text(w, "0123456789abcdef0123456789abcdef");
  put(w, 2);
  put(w, 0); // files that failed
  put_function(w, one);
  put_function(w, other);
  put(w, 0); // notes
}

static ws_status read(first_words *w) {
  return ws__lf_set_read(&w->set, ws_buffer_as_text(&w->bytes), false, &w->err);
}

static void functions_of_different_names_are_taken(void **state) {
  first_words *w = *state;
  put_functions(w, "b", "a");
  assert_ok(read(w), &w->err);
  assert_int_equal(w->set.count, 2);
}

static void functions_of_one_name_are_refused(void **state) {
  first_words *w = *state;
  put_functions(w, "a", "a");
  assert_status(WS_ELF, read(w));
  assert_message(&w->err, "a worker process sent something unexpected");
}

static void a_failure_without_a_message_is_refused(void **state) {
  first_words *w = *state;
  const ws_text messages[] = {{"", 0}, {"\0no", 3}};
  for (size_t i = 0; i < 2; i++) {
    w->bytes.size = 0;
    put(w, WS_ELF);
    assert_ok(ws_bytes_put_text(&w->bytes, messages[i]), NULL);
    assert_status(WS_ELF, read(w));
    assert_message(&w->err, "a worker process sent something unexpected");
  }
}

static void messages_hold_nothing_that_a_terminal_obeys(void **state) {
  first_words *w = *state;
  put(w, WS_ELF);
  put_text(w, "caf\xC3\xA9 \xC2\x9B"
              "2J\x1B[2J");
  assert_status(WS_ELF, read(w));
  assert_string_equal(w->err.message, "caf\xC3\xA9 ??2J?[2J");
}

static void messages_are_utf_8(void **state) {
  first_words *w = *state;
  put(w, WS_ELF);
  put_text(w, "caf\xC3\xA9 \xFF");
  assert_status(WS_ELF, read(w));
  assert_string_equal(w->err.message, "caf\xC3\xA9 ?"); // only what is none is taken out
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
  const struct CMUnitTest tests[] = {
      TEST(functions_of_different_names_are_taken),
      TEST(functions_of_one_name_are_refused),
      TEST(a_failure_without_a_message_is_refused),
      TEST(messages_hold_nothing_that_a_terminal_obeys),
      TEST(messages_are_utf_8),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
