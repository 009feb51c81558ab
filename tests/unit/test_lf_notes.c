/* SPDX-License-Identifier: MIT
 *
 * What is noted about files that load: functions that nothing uses, names that hide
 * others.
 */
#include "../lf/lf_language.h"

static void noted(lf_fixture *f, size_t i, const char *note) {
  assert_true(i < ws_lf_set_notes(f->set));
  const char *found = ws_lf_set_note(f->set, i);
  size_t front = strlen(f->lfs);
  if (strncmp(found, f->lfs, front) == 0) found += front + 1;
  assert_string_equal(found, note);
}

static void a_function_without_lf_is_noted(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "function lf.a(x) return HAM end\n"
          "function zoo(x) return HAM end function has_link(x) return SPAM end\n"
          "function apple(x) return used(x) end\n"
          "function used(x) return HAM end\n"
          "function also(x) return HAM end\n"
          "lf.b = also\n");
  lf_file(f, "b.lua", "function lf.c(x) return HAM end\nfunction tail(x) end\n");
  assert_ok(lf_load(f), &f->err);
  assert_int_equal(ws_lf_set_notes(f->set), 4);
  noted(f, 0,
        "a.lua:2: nothing uses the function 'has_link': did you mean 'function "
        "lf.has_link(x)'?");
  noted(f, 1,
        "a.lua:2: nothing uses the function 'zoo': did you mean 'function lf.zoo(x)'?");
  noted(
      f, 2,
      "a.lua:3: nothing uses the function 'apple': did you mean 'function lf.apple(x)'?");
  noted(f, 3,
        "b.lua:2: nothing uses the function 'tail': did you mean 'function lf.tail(x)'?");
}

static void a_file_of_such_functions_alone_is_refused(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "b.rules", "r SPAM /x/\n");
  lf_refused(f, "\nfunction has_link(x) return SPAM end\nfunction zoo(x) end\n",
             "a.lua:2: nothing uses the function 'has_link', and the file defines no "
             "labeling function: did you mean 'function lf.has_link(x)'?");
}

/* Beyond the 255th constant names are looked up in another way. */
static void uses_are_found_in_large_files(void **state) {
  lf_fixture *f = *state;
  ws_buffer source = {0};
  assert_ok(ws_buffer_string(&source, "function lf.a(x)\nlocal t = {"), NULL);
  for (int i = 0; i < 300; i++) assert_ok(ws_buffer_printf(&source, "'s%d',", i), NULL);
  assert_ok(ws_buffer_string(&source,
                             "}\nreturn helper(t) end\n"
                             "function helper(t) return #t == 300 and HAM or nil end\n"),
            NULL);
  lf_file(f, "a.lua", source.data);
  lf_data(f, "d.jsonl", "{\"text\":\"a\"}\n");
  lf_expect(f, "0");
  assert_int_equal(ws_lf_set_notes(f->set), 0);
  ws_buffer_clear(&source);
}

static void notes_are_bounded(void **state) {
  lf_fixture *f = *state;
  for (int i = 0; i < 7; i++) {
    ws_buffer source = {0};
    char name[16];
    assert_ok(ws_buffer_printf(&source, "function lf.lf%d(x) end\n", i), NULL);
    for (int k = 0; k < 30; k++)
      assert_ok(ws_buffer_printf(&source, "function f%02d(x) end\n", k), NULL);
    snprintf(name, sizeof name, "%d.lua", i);
    lf_file(f, name, source.data);
    ws_buffer_clear(&source);
  }
  assert_ok(lf_load(f), &f->err);
  assert_int_equal(ws_lf_set_notes(f->set), 100);
  noted(f, 99,
        "4.lua:21: nothing uses the function 'f19': did you mean 'function lf.f19(x)'?");
}

static void a_class_that_hides_a_function_is_noted_once(void **state) {
  lf_fixture *f = *state;
  ws_task_free(f->task);
  f->task = ws_test_task("count,other,string");
  lf_file(f, "a.lua", "function lf.a(x) return count end\n");
  lf_file(f, "b.lua", "function lf.b(x) return other end\n");
  lf_data(f, "d.jsonl", "{\"text\":\"a\"}\n");
  lf_expect(f, "01");
  assert_int_equal(ws_lf_set_notes(f->set), 2);
  noted(f, 0,
        "the class 'count' hides the function or library of that name in .lua files");
  noted(f, 1,
        "the class 'string' hides the function or library of that name in .lua files");
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
#define TEST(name) cmocka_unit_test_setup_teardown(name, lf_setup, lf_teardown)
  const struct CMUnitTest tests[] = {
      TEST(a_function_without_lf_is_noted),
      TEST(a_file_of_such_functions_alone_is_refused),
      TEST(uses_are_found_in_large_files),
      TEST(notes_are_bounded),
      TEST(a_class_that_hides_a_function_is_noted_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
