/* SPDX-License-Identifier: MIT
 *
 * Votes that are kept between runs: nothing is called that need not be, and nothing is
 * kept that would be wrong of other data.
 */
#include "../lf/lf_kept.h"

static void a_second_run_calls_nothing(void **state) {
  lf_kept *f = *state;
  lf_file(&f->lf, "a.lua", LF_KEPT_LFS);
  lf_file(&f->lf, "b.rules", "c SPAM /c/\n");
  lf_data(&f->lf, "d.txt", "a\nb\nab\nc\n\nabc\n");
  assert_int_equal(lf_kept_apply(f), 0);
  lf_kept_expect(f, "1--- -0-- 10-- ---1 ---- 10-1");
  assert_int_equal(lf_kept_entries(f, NULL), 4);
  assert_ok(lf_load(&f->lf), &f->lf.err);
  lf_file(&f->lf, "a.lua", "this is no Lua"); // a worker that loads it now would fail
  assert_ok(lf_apply(&f->lf), &f->lf.err);
  assert_int_equal(ws_apply_report_cached(f->lf.report), 4);
  lf_kept_expect(f, "1--- -0-- 10-- ---1 ---- 10-1");
  assert_int_equal(ws_apply_report_at(f->lf.report, 0)->calls, 6);
  assert_int_equal(ws_apply_report_at(f->lf.report, 0)->votes, 3);
  assert_int_equal(ws_apply_report_records(f->lf.report), 6);
}

static void without_a_cache_nothing_is_kept(void **state) {
  lf_kept *f = *state;
  lf_file(&f->lf, "a.lua", LF_KEPT_LFS);
  lf_data(&f->lf, "d.txt", "a\nb\n");
  ws_cache *cache = f->lf.apply.cache;
  f->lf.apply.cache = NULL;
  assert_int_equal(lf_kept_apply(f), 0);
  assert_int_equal(lf_kept_apply(f), 0);
  f->lf.apply.cache = cache;
  assert_int_equal(lf_kept_entries(f, NULL), 0);
}

static void other_data_other_votes(void **state) {
  lf_kept *f = *state;
  lf_file(&f->lf, "a.lua", LF_KEPT_LFS);
  lf_data(&f->lf, "d.txt", "a\nb\n");
  lf_kept_apply(f);
  lf_data(&f->lf, "d.txt", "b\na\n");
  assert_int_equal(lf_kept_apply(f), 0);
  lf_kept_expect(f, "-0- 1--");
  lf_data(&f->lf, "d.txt", "a\nb\n");
  assert_int_equal(lf_kept_apply(f), 3);
  lf_kept_expect(f, "1-- -0-");
}

static void the_order_of_classes_counts(void **state) {
  lf_kept *f = *state;
  lf_file(&f->lf, "a.lua", LF_KEPT_LFS);
  lf_data(&f->lf, "d.txt", "a\nb\n");
  lf_kept_apply(f);
  ws_lf_set_free(f->lf.set);
  f->lf.set = NULL;
  ws_task_free(f->lf.task);
  f->lf.task = ws_test_task("SPAM,HAM");
  assert_int_equal(lf_kept_apply(f), 0);
  lf_kept_expect(f, "0-- -1-");
}

/* --- data that change while they are read --- */

typedef struct appender {
  const char *path;
  bool done;
} appender;

static bool append_once(void *user, const ws_progress *progress) {
  appender *a = user;
  (void)progress;
  if (a->done) return true;
  FILE *file = fopen(a->path, "a");
  fputs("a\n", file);
  fclose(file);
  a->done = true;
  return true;
}

static ws_status apply_while_it_grows(lf_kept *f) {
  lf_fixture *lf = &f->lf;
  appender grow = {lf->data, false};
  ws_reader_options options = ws_reader_options_default();
  ws_reader *reader = NULL;
  ws_hash128 ignored;
  bool known;
  lf_forget_votes(lf);
  assert_ok(lf_load(lf), &lf->err);
  assert_ok(ws_reader_open(lf->data, lf->task, &options, &reader, &lf->err), &lf->err);
  assert_ok(ws_reader_key(reader, &ignored, &known, &lf->err), &lf->err);
  append_once(&grow, NULL);
  ws_status status = ws_apply_votes(lf->set, reader, &lf->apply, NULL, NULL, &lf->votes,
                                    &lf->report, &lf->err);
  ws_reader_free(reader);
  return status;
}

static void data_that_change_end_the_run_or_are_not_kept(void **state) {
  lf_kept *f = *state;
  lf_file(&f->lf, "a.lua", LF_KEPT_LFS);
  lf_data(&f->lf, "d.txt", "a\nb\n");
  assert_ok(apply_while_it_grows(f), &f->lf.err); // nothing came from the cache
  lf_kept_expect(f, "1-- -0- 1--");
  assert_int_equal(lf_kept_entries(f, NULL), 0);
  lf_data(&f->lf, "d.txt", "a\nb\n");
  lf_kept_apply(f);
  assert_int_equal(apply_while_it_grows(f), WS_EIO);
  assert_message(&f->lf.err, "d.txt: changed while it was being read");
  assert_int_equal(lf_kept_apply(f), 0); // the file has changed
  lf_kept_expect(f, "1-- -0- 1--");
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
#define TEST(name) cmocka_unit_test_setup_teardown(name, lf_kept_setup, lf_kept_teardown)
  const struct CMUnitTest tests[] = {
      TEST(a_second_run_calls_nothing),
      TEST(without_a_cache_nothing_is_kept),
      TEST(other_data_other_votes),
      TEST(the_order_of_classes_counts),
      TEST(data_that_change_end_the_run_or_are_not_kept),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
