/* SPDX-License-Identifier: MIT
 *
 * Vetting candidates: what is said of files and names, before any code counts.
 */
#include "../lf/lf_vetted.h"

static void a_folder_of_which_nothing_loads_has_verdicts(void **state) {
  fixture *f = *state;
  write_sample(f, 10);
  lf_file(&f->lf, "a.lua", "function lf.a(x) return end end\n");
  lf_file(&f->lf, "b.lua", "-- nothing but words\n");
  lf_file(&f->lf, "c.rules", "c SPAM /(/\n");
  assert_ok(vet(f), &f->lf.err);
  assert_int_equal(ws_vetting_count(f->vetting), 3);
  expect(f, "a", WS_VET_STATIC, WS_VET_COMPILE_ERROR);
  expect(f, "", WS_VET_STATIC, WS_VET_LOAD_ERROR);
  assert_string_equal(find(f, "")->evidence, "b.lua: defines no labeling function");
  expect(f, "c", WS_VET_STATIC, WS_VET_COMPILE_ERROR);
  assert_int_equal(ws_vetting_passed(f->vetting), 0);
  assert_int_equal(ws_votes_lfs(ws_vetting_votes(f->vetting)), 0);
  assert_int_equal(ws_votes_rows(ws_vetting_votes(f->vetting)), 10);
}

static void files_without_any_lf_are_named(void **state) {
  fixture *f = *state;
  write_sample(f, 10);
  lf_file(&f->lf, "b.lua", "-- nothing but words\n");
  assert_ok(vet(f), &f->lf.err);
  assert_int_equal(ws_vetting_count(f->vetting), 1);
  expect(f, "", WS_VET_STATIC, WS_VET_LOAD_ERROR);
}

static void a_folder_without_files_is_refused(void **state) {
  fixture *f = *state;
  write_sample(f, 10);
  assert_status(WS_ELF, vet(f));
  assert_message(&f->lf.err, "expected files *.lua or *.rules");
}

static void names_that_are_taken_are_rejected(void **state) {
  static const char *const taken[] = {"other", "free"};
  fixture *f = *state;
  f->options.taken = taken;
  f->options.taken_count = 2;
  write_sample(f, 30);
  lf_file(&f->lf, "a.rules", "free SPAM /free/\neven HAM /even/\n");
  lf_file(&f->lf, "b.rules", "even SPAM /odd/\n");
  assert_ok(vet(f), &f->lf.err);
  expect(f, "free", WS_VET_STATIC, WS_VET_NAME_TAKEN);
  expect(f, "even", WS_VET_COVERAGE, WS_VET_PASSED);
  assert_int_equal(ws_vetting_count(f->vetting), 3);
  assert_string_equal(ws_vetting_at(f->vetting, 2)->file, "b.rules");
  assert_int_equal(ws_vetting_at(f->vetting, 2)->reason, WS_VET_NAME_TAKEN);
}

static void what_code_says_decides_nothing(void **state) {
  fixture *f = *state;
  write_sample(f, 10);
  lf_file(&f->lf, "a.lua",
          "error(\"x: a labeling function is called 'a' already: b\")\n"
          "function lf.a(x) end\n");
  lf_file(&f->lf, "b.lua", "error('y: no labeling function: expected nothing')\n");
  assert_ok(vet(f), &f->lf.err);
  expect(f, "a", WS_VET_STATIC, WS_VET_LOAD_ERROR);
  expect(f, "", WS_VET_STATIC, WS_VET_LOAD_ERROR);
}

static void files_that_are_large_or_no_text_are_rejected(void **state) {
  fixture *f = *state;
  ws_buffer large = {0};
  write_sample(f, 30);
  assert_ok(ws_buffer_string(&large, "free SPAM /free/\n"), NULL);
  while (large.size <= f->options.source_max)
    assert_ok(ws_buffer_string(&large, "# and so on and on and on\n"), NULL);
  lf_file(&f->lf, "large.rules", large.data);
  lf_file(&f->lf, "bytes.lua", "function lf.bytes(x) return '\xFF' end\n");
  lf_file(&f->lf, "code.lua", "\x1BLua");
  assert_ok(vet(f), &f->lf.err);
  expect(f, "free", WS_VET_STATIC, WS_VET_TOO_LARGE);
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(ws_vetting_at(f->vetting, i)->reason, WS_VET_NOT_TEXT);
    assert_int_equal(ws_vetting_at(f->vetting, i)->stage, WS_VET_STATIC);
  }
  ws_buffer_clear(&large);
}

/* A loop defines more than anybody proposed: it costs the others neither their verdicts
 * nor their records. */
static void files_with_many_lfs_are_rejected(void **state) {
  fixture *f = *state;
  write_sample(f, RECORDS);
  lf_file(&f->lf, "loop.lua",
          "for i = 1, 65 do lf['x' .. i] = function(x)\n"
          "  if x.text:find('thing ' .. i) then return SPAM end end end\n");
  lf_file(&f->lf, "less.lua",
          "for i = 1, 64 do lf['y' .. i] = function(x)\n"
          "  if x.text:find('thing ' .. i) then return SPAM end end end\n");
  lf_file(&f->lf, "good.rules", "free SPAM /\\bfree\\b/i\n");
  assert_ok(vet(f), &f->lf.err);
  assert_int_equal(ws_vetting_count(f->vetting), 65 + 64 + 1);
  expect(f, "x1", WS_VET_STATIC, WS_VET_TOO_LARGE);
  expect(f, "x65", WS_VET_STATIC, WS_VET_TOO_LARGE);
  assert_string_equal(find(f, "x65")->evidence,
                      "loop.lua: expected at most 64 labeling functions, found 65");
  expect(f, "y1", WS_VET_COVERAGE, WS_VET_PASSED);
  expect(f, "free", WS_VET_COVERAGE, WS_VET_PASSED);
  assert_int_equal(find(f, "free")->votes, RECORDS / 5);
  assert_int_equal(ws_votes_rows(ws_vetting_votes(f->vetting)), RECORDS);
}

int main(int argc, char **argv) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
  const struct CMUnitTest tests[] = {
      TEST(a_folder_of_which_nothing_loads_has_verdicts),
      TEST(files_without_any_lf_are_named),
      TEST(a_folder_without_files_is_refused),
      TEST(names_that_are_taken_are_rejected),
      TEST(what_code_says_decides_nothing),
      TEST(files_that_are_large_or_no_text_are_rejected),
      TEST(files_with_many_lfs_are_rejected),
  };
  LF_TEST_WORKER(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
