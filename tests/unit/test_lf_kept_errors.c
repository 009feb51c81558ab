/* SPDX-License-Identifier: MIT
 *
 * Errors of votes that are kept between runs: told, counted and limited as if the LFs had
 * run; those that time decides are not kept.
 */
#include "../lf/lf_kept.h"

/* Each failing function fails in its own way: in the code, in what it returns, beyond the
 * steps. */
static const char failing_lfs[] =
    "local function inner(x) return x.none.field end\n"
    "function lf.a(x) if x.text ~= 'a' then local v = inner(x) return v end end\n"
    "function lf.b(x) return x.text == 'b' and 'NEITHER' or SPAM end\n"
    "function lf.c(x) if x.text == 'c' then\n"
    "  for i = 1, 1000 do local s = ('a'):rep(1000) end end end\n";

static void errors_are_kept_with_their_messages(void **state) {
  lf_kept *f = *state;
  ws_buffer first = {0}, second = {0};
  lf_file(&f->lf, "a.lua", failing_lfs);
  lf_file(&f->lf, "b.rules", "d HAM /(x+)+$/\n");
  lf_data(&f->lf, "d.txt", "a\nb\nc\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxz\nb\na\nb\n");
  f->lf.options.lua_steps = f->lf.options.pattern_steps = 10000;
  assert_int_equal(lf_kept_apply(f), 0);
  assert_int_equal(lf_kept_entries(f, NULL), 4);
  for (size_t j = 0; j < 4; j++)
    lf_kept_put_stats(ws_apply_report_at(f->lf.report, j), &first);
  for (size_t chunk = 0; chunk < 4; chunk++) {
    f->lf.apply.chunk = chunk;
    assert_int_equal(lf_kept_apply(f), 4);
    second.size = 0;
    for (size_t j = 0; j < 4; j++)
      lf_kept_put_stats(ws_apply_report_at(f->lf.report, j), &second);
    assert_string_equal(second.data, first.data);
  }
  const ws_lf_stats *stats = ws_apply_report_at(f->lf.report, 0);
  assert_int_equal(stats->errors_by_kind[WS_LF_ERROR_RUNTIME], 5);
  assert_non_null(strstr(stats->failures[0].traceback, "a.lua:1: in 'inner'"));
  stats = ws_apply_report_at(f->lf.report, 1);
  assert_int_equal(stats->errors_by_kind[WS_LF_ERROR_VOTE], 3);
  stats = ws_apply_report_at(f->lf.report, 2);
  assert_int_equal(stats->errors_by_kind[WS_LF_ERROR_PATTERN], 1);
  stats = ws_apply_report_at(f->lf.report, 3);
  assert_int_equal(stats->errors_by_kind[WS_LF_ERROR_PATTERN], 1);
  ws_buffer_clear(&first), ws_buffer_clear(&second);
}

static void messages_name_the_lines_that_there_are_now(void **state) {
  lf_kept *f = *state;
  lf_file(&f->lf, "a.lua", "function lf.a(x) return x.none.field end\n");
  lf_file(&f->lf, "b.rules", "b HAM /b/\n");
  lf_data(&f->lf, "d.txt", "a\nb\n");
  lf_kept_apply(f);
  assert_string_equal(lf_failure(&f->lf, 0, 0),
                      "a.lua:1: in 'a': attempt to index a nil value (field 'none')");
  lf_file(&f->lf, "a.lua", "\n\nfunction lf.a(x) return x.none.field end\n");
  assert_int_equal(lf_kept_apply(f), 1);
  for (int i = 0; i < 2; i++) {
    assert_string_equal(lf_failure(&f->lf, 0, 0),
                        "a.lua:3: in 'a': attempt to index a nil value (field 'none')");
    assert_int_equal(lf_kept_apply(f), 2);
  }
}

/* A share that quarantines it in one run and not in the next. */
static void the_share_is_judged_by_the_run_that_has_it(void **state) {
  lf_kept *f = *state;
  lf_file(&f->lf, "a.lua", failing_lfs);
  lf_data(&f->lf, "d.txt", "a\nb\nb\nb\na\n");
  lf_kept_apply(f);
  assert_int_equal(ws_apply_report_at(f->lf.report, 1)->quarantined,
                   WS_LF_QUARANTINE_FAILING);
  lf_kept_expect(f, "--- --- --- --- ---");
  f->lf.apply.quarantine_share = 1;
  assert_int_equal(lf_kept_apply(f), 3);
  assert_int_equal(ws_apply_report_at(f->lf.report, 1)->quarantined,
                   WS_LF_QUARANTINE_NONE);
  lf_kept_expect(f, "-1- --- --- --- -1-");
}

static void times_are_those_of_the_run_that_called(void **state) {
  lf_kept *f = *state;
  lf_file(&f->lf, "a.lua", LF_KEPT_LFS);
  lf_data(&f->lf, "d.txt", "a\nb\nab\nc\n");
  lf_kept_apply(f);
  ws_lf_stats before = *ws_apply_report_at(f->lf.report, 0);
  char id[20];
  snprintf(id, sizeof id, "%s", before.slowest_id);
  for (size_t chunk = 0; chunk < 4; chunk++) {
    f->lf.apply.chunk = chunk;
    assert_int_equal(lf_kept_apply(f), 3);
    const ws_lf_stats *stats = ws_apply_report_at(f->lf.report, 0);
    assert_int_equal(stats->timed_calls, 4);
    assert_int_equal(stats->timed_ns, before.timed_ns);
    assert_int_equal(stats->slowest_ns, before.slowest_ns);
    assert_int_equal(stats->slowest_row, before.slowest_row);
    assert_int_equal(stats->slowest_line, before.slowest_line);
    assert_string_equal(stats->slowest_id, id);
  }
}

static void time_limits_are_not_kept(void **state) {
  lf_kept *f = *state;
  lf_file(&f->lf, "a.lua",
          "function lf.slow(x) if x.text == 'slow' then while true do end end\n"
          "  return SPAM end\n"
          "function lf.fast(x) return HAM end\n");
  lf_data(&f->lf, "d.txt", "a\nslow\nb\n");
  lf_kept_apply(f);
  lf_kept_expect(f, "10 -0 10");
  assert_int_equal(lf_kept_apply(f), 1);
  lf_kept_expect(f, "10 -0 10");
  assert_int_equal(ws_apply_report_at(f->lf.report, 0)->errors_by_kind[WS_LF_ERROR_CPU],
                   1);
}

static void quarantined_ones_are_not_kept(void **state) {
  lf_kept *f = *state;
  ws_buffer text = {0};
  lf_file(&f->lf, "a.lua",
          "function lf.slow(x) while true do end end\n"
          "function lf.fast(x) return HAM end\n");
  for (int i = 0; i < 15; i++) assert_ok(ws_buffer_printf(&text, "%d\n", i), NULL);
  lf_data(&f->lf, "d.txt", text.data);
  f->lf.options.call_cpu_ms = 10;
  lf_kept_apply(f);
  assert_true(ws_apply_report_at(f->lf.report, 0)->quarantined);
  assert_int_equal(lf_kept_apply(f), 1);
  assert_true(ws_apply_report_at(f->lf.report, 0)->quarantined);
  assert_false(ws_apply_report_at(f->lf.report, 1)->quarantined);
  assert_int_equal(ws_votes_cast(f->lf.votes), 15);
  ws_buffer_clear(&text);
}

static void limits_on_errors_hold_the_same(void **state) {
  lf_kept *f = *state;
  ws_error first;
  lf_file(&f->lf, "a.lua",
          "function lf.a(x) return x.text == 'b' and x.none.field or SPAM end\n");
  lf_file(&f->lf, "b.rules", "b HAM /b/\n");
  lf_data(&f->lf, "d.txt", "a\nb\nb\na\n");
  lf_kept_apply(f);
  f->lf.apply.limit_errors = true;
  for (int kept = 0; kept < 2; kept++) {
    ws_cache *cache = f->lf.apply.cache;
    if (!kept) f->lf.apply.cache = NULL;
    f->lf.apply.max_error_share = 0.25; // 2 of 8 calls
    assert_ok(lf_apply(&f->lf), &f->lf.err);
    f->lf.apply.max_error_share = 0.2;
    assert_int_equal(lf_apply(&f->lf), WS_ELF);
    if (kept) assert_string_equal(f->lf.err.message, first.message);
    first = f->lf.err;
    f->lf.apply.max_error_share = -1;
    f->lf.apply.max_errors = 1;
    assert_int_equal(lf_apply(&f->lf), WS_ELF);
    f->lf.apply.cache = cache;
  }
}

/* A run that ends early keeps nothing. */
static void failed_runs_keep_nothing(void **state) {
  lf_kept *f = *state;
  lf_file(&f->lf, "a.lua",
          "function lf.a(x) return x.text == 'b' and x.none.field or SPAM end\n"
          "function lf.b(x) return SPAM end\n");
  lf_data(&f->lf, "d.txt", "a\nb\nb\na\n");
  f->lf.apply.limit_errors = true;
  assert_ok(lf_load(&f->lf), &f->lf.err);
  assert_int_equal(lf_apply(&f->lf), WS_ELF);
  assert_int_equal(lf_kept_entries(f, NULL), 0);
}

int main(int argc, char **argv) {
  LF_TEST_WORKER(argc, argv);
#define TEST(name) cmocka_unit_test_setup_teardown(name, lf_kept_setup, lf_kept_teardown)
  const struct CMUnitTest tests[] = {
      TEST(errors_are_kept_with_their_messages),
      TEST(messages_name_the_lines_that_there_are_now),
      TEST(the_share_is_judged_by_the_run_that_has_it),
      TEST(times_are_those_of_the_run_that_called),
      TEST(time_limits_are_not_kept),
      TEST(quarantined_ones_are_not_kept),
      TEST(limits_on_errors_hold_the_same),
      TEST(failed_runs_keep_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
