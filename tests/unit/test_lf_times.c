/* SPDX-License-Identifier: MIT
 *
 * How long labeling functions take: of a sample of calls, and of those that are slowest.
 */
#include "../lf/lf_stats_of.h"

#include "chunk.h"

static void calls_are_timed(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "function lf.fast(x) return HAM end\n"
          "function lf.slow(x) if x.text == '50' then for i = 1, 3e7 do end end end\n");
  lines(f, 1, 60);
  f->options.call_cpu_ms = f->options.worker_cpu_ms = f->options.wall_ms = 60000;
  assert_ok(lf_load(f), &f->err);
  for (f->apply.workers = 1; f->apply.workers < 3; f->apply.workers++) {
    assert_ok(lf_apply(f), &f->err);
    const ws_lf_stats *fast = stats_of(f, 0), *slow = stats_of(f, 1);
    assert_int_equal(fast->timed_calls, 60);
    assert_true(fast->timed_ns >= fast->slowest_ns && fast->slowest_ns > 0);
    assert_int_equal(slow->slowest_row, 49);
    assert_int_equal(slow->slowest_line, 50);
    assert_string_equal(slow->slowest_id, "49");
    assert_true(slow->slowest_ns > 1000000);
  }
}

/* Far behind the first records few calls are timed; the clock notices a slow one. */
static void a_slow_call_outside_of_the_sample_is_noticed(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "function lf.a(x) if tonumber(x.text) > 1990 then for i = 1, 1e7 do end end "
          "end\n");
  lines(f, 1, 2000);
  f->apply.workers = 1;
  f->options.call_cpu_ms = f->options.worker_cpu_ms = f->options.wall_ms = 60000;
  assert_ok(lf_load(f), &f->err);
  assert_ok(lf_apply(f), &f->err);
  const ws_lf_stats *stats = stats_of(f, 0);
  assert_true(stats->timed_calls >= 256 && stats->timed_calls < 700);
  assert_true(stats->slowest_row >= 1990 && stats->slowest_ns > 1000000);
}

static void a_call_that_cost_its_worker_is_the_slowest(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "function lf.a(x) if x.text == '7' then ('a'):rep(40):find(('a?'):rep(40) .. "
          "('a'):rep(40)) end end\n");
  lines(f, 1, 9);
  f->options.lua_steps = UINT64_MAX;
  assert_ok(lf_load(f), &f->err);
  assert_ok(lf_apply(f), &f->err);
  assert_int_equal(stats_of(f, 0)->errors_by_kind[WS_LF_ERROR_KILLED], 1);
  assert_int_equal(stats_of(f, 0)->slowest_line, 7);
  assert_true(stats_of(f, 0)->slowest_ns >= 150000000);
}

static ws__timing times_of(const uint64_t *numbers) {
  return (ws__timing){.calls = numbers[0],
                      .ns = numbers[1],
                      .slowest_ns = numbers[2],
                      .slowest_record = numbers[3]};
}

static void a_time_is_in_the_range_that_ends_behind_it(void **state) {
  (void)state;
  assert_int_equal(ws__time_range(0), 0);
  assert_int_equal(ws__time_range(95), 0);
  assert_int_equal(ws__time_range(96), 1);
  assert_int_equal(ws__time_range(UINT64_MAX), WS__TIME_RANGES - 1);
  for (uint64_t ns = 64; ns < 100000000; ns += ns / 7) {
    size_t range = ws__time_range(ns);
    assert_true(ws__time_of_range(range) >= ns);
    assert_true(ws__time_of_range(range) < ns + ns / 2 + 1);
    assert_true(range == 0 || ws__time_of_range(range - 1) < ns);
  }
}

/* One call in twenty is slow: that is more than one in a hundred. */
static void most_calls_take_no_longer(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "function lf.fast(x) return HAM end\n"
          "function lf.once(x) if x.text == '50' then for i = 1, 1e6 do end end end\n"
          "function lf.often(x) if tonumber(x.text) % 20 == 0 then for i = 1, 1e6 do end "
          "end end\n");
  lines(f, 1, 200);
  f->options.call_cpu_ms = f->options.worker_cpu_ms = f->options.wall_ms = 60000;
  assert_ok(lf_load(f), &f->err);
  for (f->apply.workers = 1; f->apply.workers < 3; f->apply.workers++) {
    assert_ok(lf_apply(f), &f->err);
    const ws_lf_stats *fast = stats_of(f, 0), *once = stats_of(f, 1);
    assert_true(fast->p99_ns > 0 && fast->p99_ns <= fast->slowest_ns);
    assert_true(once->p99_ns < once->slowest_ns);
    assert_true(stats_of(f, 2)->p99_ns > 1000000);
    assert_true(stats_of(f, 2)->p99_ns <= stats_of(f, 2)->slowest_ns);
  }
}

static void times_that_cannot_be_true_are_not_added(void **state) {
  (void)state;
  static const uint64_t lies[][4] = {{11, 5, 1, 0},          // more calls than records
                                     {UINT64_MAX, 5, 1, 0},  //
                                     {1, 1001, 1, 0},        // longer than the job
                                     {1, UINT64_MAX, 1, 0},  //
                                     {1, 5, 1001, 0},        // a call longer than that
                                     {1, 5, UINT64_MAX, 0},  //
                                     {1, 5, 1, 10},          // a record that is not there
                                     {1, 5, 1, UINT64_MAX}}; //
  ws__timing sum = times_of((const uint64_t[]){3, 30, 20, 2});
  for (size_t i = 0; i < sizeof lies / sizeof *lies; i++)
    ws__timing_add(&sum, times_of(lies[i]), 10, 1000);
  assert_int_equal(sum.calls, 3);
  assert_int_equal(sum.ns, 30);
  assert_int_equal(sum.slowest_ns, 20);
  ws__timing more = times_of((const uint64_t[]){10, 1000, 1000, 9});
  more.ranges[3] = 11; // calls that there were not
  ws__timing_add(&sum, more, 10, 1000);
  assert_int_equal(sum.ranges[3], 0);
  assert_int_equal(sum.calls, 13);
  assert_int_equal(sum.slowest_ns, 1000);
  assert_int_equal(sum.slowest_record, 9);
}

int main(int argc, char **argv) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, lf_setup, lf_teardown)
  const struct CMUnitTest tests[] = {
      TEST(calls_are_timed),
      TEST(a_time_is_in_the_range_that_ends_behind_it),
      TEST(most_calls_take_no_longer),
      TEST(a_slow_call_outside_of_the_sample_is_noticed),
      TEST(a_call_that_cost_its_worker_is_the_slowest),
      TEST(times_that_cannot_be_true_are_not_added),
  };
  LF_TEST_WORKER(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
