/* SPDX-License-Identifier: MIT
 *
 * The task file: what it says, and what it is told when it is wrong.
 */
#include "../lf/lf_test.h"

static ws_status load(const char *text, ws_task **task, ws_error *err) {
  char *folder = ws_test_folder();
  char *path = ws_test_file(folder, "weaksup.lua", text, strlen(text));
  ws_status status = ws_task_load(path, task, err);
  // Messages begin with the path; tests compare what is behind the folder.
  size_t front = strlen(folder) + 1;
  if (status != WS_OK) {
    assert_int_equal(strncmp(err->message, folder, front - 1), 0);
    memmove(err->message, err->message + front, strlen(err->message) - front + 1);
  } else if (*task && ws_task_get(*task, WS_TASK_DATA)) {
    const char *data = ws_task_get(*task, WS_TASK_DATA);
    if (strncmp(data, folder, front - 1) == 0) {
      char *rest = strdup(data + front);
      assert_ok(ws_task_set(*task, WS_TASK_DATA, ws_text_of(rest), NULL), NULL);
      free(rest);
    }
  }
  free(path);
  ws_test_remove_folder(folder);
  return status;
}

static void a_task_file_is_read(void **state) {
  (void)state;
  ws_task *task = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(load("\xEF\xBB\xBF-- a comment\n"
                 "local base = 'data/'\n"
                 "classes = {'HAM', 'SPAM'}\n"
                 "data = base .. 'train.jsonl'\ndev = '/abs/dev.jsonl'\ntest = '-'\n"
                 "text, gold, id = 'body', 'y', 'key'\ntask_text = 'Is it spam?'\n"
                 "describe = {SPAM = 'unwanted'}\n"
                 "prices = {input = 0.25, output = 3}\n",
                 &task, &err),
            &err);
  assert_int_equal(ws_task_classes(task), 2);
  assert_true(ws_text_equals(ws_task_class(task, 1), "SPAM"));
  assert_string_equal(ws_task_get(task, WS_TASK_DATA), "data/train.jsonl");
  assert_string_equal(ws_task_get(task, WS_TASK_DEV), "/abs/dev.jsonl");
  assert_string_equal(ws_task_get(task, WS_TASK_TEST), "-");
  assert_string_equal(ws_task_get(task, WS_TASK_TEXT), "body");
  assert_string_equal(ws_task_get(task, WS_TASK_GOLD), "y");
  assert_string_equal(ws_task_get(task, WS_TASK_ID), "key");
  assert_string_equal(ws_task_get(task, WS_TASK_TASK_TEXT), "Is it spam?");
  assert_true(ws_text_equals(ws_task_describe(task, 1), "unwanted"));
  assert_int_equal(ws_task_describe(task, 0).size, 0);
  assert_near(ws_task_prices_of(task).input, 0.25, 0);
  assert_near(ws_task_prices_of(task).output, 3, 0);
  ws_task_free(task);
}

/* A file, and a part of what is said of it. */
static const char *const wrong[][2] = {
    {"classes = {'A', 'B'}\n_ENV['data\\0x'] = 'd'", "unknown key 'data'"},
    {"classes = {'A', 'B'}\ndata =\n", "weaksup.lua:3: unexpected symbol near <eof>"},
    {"", "weaksup.lua: classes: expected a list of strings, found nothing"},
    {"local s = 'x'\nfor i = 1, 21 do s = s .. s end\nlocal a, b = s .. 1, s .. 2\n"
     "while true do local c = a < b end",
     "weaksup.lua:4: the task file takes too long"},
    {"classes = 'A,B'",
     "weaksup.lua: classes: expected a list of strings, found a string"},
    {"classes = {'A', 1}",
     "weaksup.lua: classes: expected a list of strings, found a number"},
    {"classes = {'A', x = 'B'}",
     "classes: expected a list of strings, found a table with keys"},
    {"classes = {[2] = 'A', [9] = 'B'}", "found a list with holes"},
    {"classes = {'A'}", "weaksup.lua: "},
    {"classes = {'A', 'A'}", "two classes are called 'A'"},
    {"classes = {A, B}",
     "weaksup.lua:1: undefined name 'A' (a text needs quotes: \"A\")"},
    {"classes = {'A', 'B'} dta = 'x'",
     "weaksup.lua: unknown key 'dta', did you mean 'data'?"},
    {"classes = {'A', 'B'} class_balance = {0.5, 0.5}",
     "weaksup.lua: unknown key 'class_balance': the task file says what the data are; "
     "this is an option of the command, with '-' for '_'"},
    {"classes = {'A', 'B'} zzzz = 'x'", "weaksup.lua: unknown key 'zzzz'"},
    {"classes = {'A', 'B'} data = 3",
     "weaksup.lua: data: expected a string, found a number"},
    {"classes = {'A', 'B'} data = ''", "weaksup.lua: data: expected a path"},
    {"classes = {'A', 'B'} prices = 3", "prices: expected a table { input = USD"},
    {"classes = {'A', 'B'} prices = {input = 3}", "prices: expected numbers `input`"},
    {"classes = {'A', 'B'} prices = {input = 'x', output = 1}",
     "prices: expected numbers, found a string"},
    {"classes = {'A', 'B'} prices = {input = -1, output = 1}", "not negative, found -1"},
    {"classes = {'A', 'B'} prices = {input = 0/0, output = 1}",
     "prices: expected numbers"},
    {"classes = {'A', 'B'} describe = 'x'",
     "describe: expected a table from class names"},
    {"classes = {'A', 'B'} describe = {'x'}",
     "describe: expected a table from class names"},
    {"classes = {'A', 'B'} describe = {A = 1}",
     "describe: expected strings, found a number"},
    {"classes = {'HAM', 'SPAM'} describe = {SPAN = 'x'}",
     "describe: 'SPAN' is no class, did you mean 'SPAM'?"},
    {"classes = {'A', 'B'} describe = {E = 'x', C = 'x', B = 1, D = 'x', A = 'x'}",
     "describe: expected strings, found a number"}, // the first by name
    {"classes = {'A', 'B\\xff'}", "classes: not valid UTF-8"},
    {"classes = {'A', 'B'} gold = '\\xff'", "gold: not valid UTF-8"},
    {"os.exit(0)", "undefined name 'os'"},
    {"local s = ('x'):rep(10)", "attempt to index a string value"},
    {"while true do end", "weaksup.lua:1: the task file takes too long"},
    {"local s = 'x' while true do s = s .. s end", "weaksup.lua: needs more than 16 MiB"},
    {"\x1bLua", "attempt to load a binary chunk"},
    {"classes = {'A', 'B'} -- \xff", "weaksup.lua: not valid UTF-8"},
};

static void wrong_task_files_are_explained(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    ws_task *task = NULL;
    ws_error err = WS_ERROR_INIT;
    assert_int_not_equal(load(wrong[i][0], &task, &err), WS_OK);
    if (!strstr(err.message, wrong[i][1]))
      print_error("%s: %s\n", wrong[i][0], err.message);
    assert_non_null(strstr(err.message, wrong[i][1]));
    assert_null(task);
  }
}

static void a_missing_file_is_an_error(void **state) {
  (void)state;
  ws_task *task = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_int_equal(ws_task_load("/nowhere/weaksup.lua", &task, &err), WS_EIO);
  assert_message(&err, "/nowhere/weaksup.lua: ");
}

static ws_status load_it(void *user) {
  ws_task *task = NULL;
  ws_status status = ws_task_load(user, &task, NULL);
  ws_task_free(task);
  // Lua reports its own lack of memory as a file that needs too much of it.
  return status == WS_EPARSE ? WS_ENOMEM : status;
}

static void lack_of_memory_is_survived(void **state) {
  (void)state;
  static const char text[] = "classes = {'A', 'B'} data = 'x' describe = {A = 'y'}";
  char *folder = ws_test_folder();
  char *path = ws_test_file(folder, "weaksup.lua", text, sizeof text - 1);
  ws_test_every_allocation_failure(load_it, path);
  free(path);
  ws_test_remove_folder(folder);
}

static void versions_are_told(void **state) {
  (void)state;
  assert_int_equal(strncmp(ws_lua_version(), "Lua 5.4", 7), 0);
  assert_int_equal(strncmp(ws_pcre2_version(), "PCRE2 10.", 9), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_task_file_is_read),
      cmocka_unit_test(wrong_task_files_are_explained),
      cmocka_unit_test(a_missing_file_is_an_error),
      cmocka_unit_test(lack_of_memory_is_survived),
      cmocka_unit_test(versions_are_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
