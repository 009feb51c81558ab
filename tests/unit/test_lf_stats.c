/* SPDX-License-Identifier: MIT
 *
 * What is counted about LFs: errors by kind, tracebacks, and who is quarantined.
 */
#include "../lf/lf_stats_of.h"

#include "chunk.h"

/* --- kinds --- */

/* LF j fails on one record in the way of kind j; the last two kill, or fail as a rule. */
static const char kinds[] =
    "local function is(x, text) return x.text == text end\n"
    "function lf.runtime(x) if is(x, '7') then return x.no.field end end\n"
    "function lf.vote(x) if is(x, '8') then return 'SPAMM' end return HAM end\n"
    "function lf.cpu(x) while is(x, '9') do end end\n"
    "function lf.memory(x) local t = {} while is(x, '10') do t[#t + 1] = {} end end\n"
    "function lf.steps(x) if is(x, '11') then return ('a'):rep(1e5):find('.-.-[bc]') end "
    "end\n"
    "function lf.match(x) if is(x, '12') then\n"
    "  rx('(a+)+$'):test(('a'):rep(40) .. 'b') end end\n"
    "function lf.caught(x) if is(x, '13') then\n"
    "  pcall(function() rx('(a+)+$'):test(('a'):rep(40) .. 'b') end) error('other') end "
    "end\n";

static void each_kind_is_counted_as_itself(void **state) {
  lf_fixture *f = *state;
  static const ws_lf_error_kind expected[] = {
      WS_LF_ERROR_RUNTIME, WS_LF_ERROR_VOTE,    WS_LF_ERROR_CPU,    WS_LF_ERROR_MEMORY,
      WS_LF_ERROR_PATTERN, WS_LF_ERROR_PATTERN, WS_LF_ERROR_PATTERN};
  lf_file(f, "a.lua", kinds);
  lines(f, 1, 30);
  f->options.memory = 8u << 20;
  f->options.call_cpu_ms = 1000;
  f->options.worker_cpu_ms = 60000;
  f->options.wall_ms = 60000;
  assert_ok(lf_load(f), &f->err);
  for (f->apply.workers = 1; f->apply.workers <= 3; f->apply.workers++) {
    f->apply.chunk = f->apply.workers == 1 ? 0 : 4;
    assert_ok(lf_apply(f), &f->err);
    for (size_t j = 0; j < 7; j++) {
      const ws_lf_stats *stats = stats_of(f, j);
      assert_int_equal(stats->calls, 30);
      assert_int_equal(stats->votes, j == 1 ? 29 : 0);
      assert_int_equal(stats->errors, 1);
      for (int kind = 0; kind < WS_LF_ERROR_KINDS; kind++)
        assert_int_equal(stats->errors_by_kind[kind], kind == (int)expected[j]);
      assert_int_equal(stats->failure_count, 1);
      assert_int_equal(stats->failures[0].kind, expected[j]);
      assert_int_equal(stats->failures[0].row, 6 + j);
      assert_false(stats->quarantined);
    }
  }
}

static void rules_fail_by_kind_too(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.rules",
          "steps HAM /(a+)+$/\nfield SPAM n ~ /x/\nwords SPAM n ~ @w.txt\n");
  lf_file(f, "w.txt", "x\n");
  lf_data(f, "d.jsonl",
          "{\"text\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\",\"n\":1}\n");
  assert_ok(lf_load(f), &f->err);
  assert_ok(lf_apply(f), &f->err);
  assert_int_equal(stats_of(f, 0)->errors_by_kind[WS_LF_ERROR_PATTERN], 1);
  assert_int_equal(stats_of(f, 1)->errors_by_kind[WS_LF_ERROR_RUNTIME], 1);
  assert_int_equal(stats_of(f, 2)->errors_by_kind[WS_LF_ERROR_RUNTIME], 1);
  assert_null(stats_of(f, 0)->failures[0].traceback);
}

static void kinds_and_reasons_have_names(void **state) {
  (void)state;
  assert_string_equal(ws_lf_error_kind_name(WS_LF_ERROR_RUNTIME), "runtime_error");
  assert_string_equal(ws_lf_error_kind_name(WS_LF_ERROR_KILLED), "killed");
  for (int kind = 0; kind < WS_LF_ERROR_KINDS; kind++)
    assert_non_null(ws_lf_error_kind_name((ws_lf_error_kind)kind));
  assert_null(ws_lf_quarantine_name(WS_LF_QUARANTINE_NONE));
  assert_string_equal(ws_lf_quarantine_name(WS_LF_QUARANTINE_FAILING), "failing");
}

/* --- tracebacks --- */

/* Of failure 0 of LF j, the folder left out. */
static void expect_trace(const lf_fixture *f, size_t j, const char *expected) {
  const ws_lf_stats *stats = stats_of(f, j);
  char found[WS__TRACEBACK] = "";
  size_t front = strlen(f->lfs) + 1, size = 0;
  assert_true(stats->failure_count > 0);
  assert_non_null(stats->failures[0].traceback);
  for (const char *at = stats->failures[0].traceback; *at;)
    if (strncmp(at, f->lfs, front - 1) == 0)
      at += front;
    else
      found[size++] = *at++;
  assert_string_equal(found, expected);
}

static const char raising[] =
    "local function helper(x)\n"
    "  return x.no.field\n"
    "end\n"
    "function field.deep(x)\n"
    "  local v = helper(x)\n"
    "  return v\n"
    "end\n"
    "function lf.named(x)\n"
    "  local v = helper(x)\n"
    "  return v\n"
    "end\n"
    "function lf.derived(x) local v = x.deep return v end\n"
    "function lf.recursive(x)\n"
    "  local function down(n) if n == 0 then error('there') end local v = down(n - 1) "
    "return v end\n"
    "  local v = down(30) return v\n"
    "end\n"
    "function lf.sorts(x) table.sort({3, 2, 1}, function(a, b) return a < b.x end) end\n"
    "function lf.object(x) error({}) end\n"
    "function lf.votes(x) return 0.5 end\n"
    "function lf.hides(x) local t = { ['a\\27[31m\\n'] = function() error('no') end }\n"
    "  t['a\\27[31m\\n']() end\n";

static void tracebacks_name_lua_functions_only(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua", raising);
  lines(f, 1, 2);
  assert_ok(lf_load(f), &f->err);
  assert_ok(lf_apply(f), &f->err);
  expect_trace(f, 0, "a.lua:2: in 'helper'; a.lua:9: in 'named'");
  expect_trace(f, 1,
               "a.lua:2: in 'helper'; a.lua:5: in the function of line 4; "
               "a.lua:12: in 'derived'");
  expect_trace(f, 3, "a.lua:17: in the function of line 17; a.lua:17: in 'sorts'");
  expect_trace(f, 4, "a.lua:18: in 'object'");
  assert_null(stats_of(f, 5)->failures[0].traceback);
  expect_trace(f, 6, "a.lua:20: in 'a?[31m?'; a.lua:21: in 'hides'");
}

static void tracebacks_are_bounded(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua", raising);
  lines(f, 1, 2);
  assert_ok(lf_load(f), &f->err);
  assert_ok(lf_apply(f), &f->err);
  const char *trace = stats_of(f, 2)->failures[0].traceback;
  size_t frames = 0;
  for (const char *at = trace; (at = strstr(at, "in 'down'")); at++) frames++;
  assert_true(frames > 1 && frames <= 10);
  assert_true(strlen(trace) < WS__TRACEBACK);
  assert_string_equal(trace + strlen(trace) - 5, "; ...");
}

static void the_first_three_errors_are_shown(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua",
          "function lf.a(x) if tonumber(x.text) % 9 == 0 then error(x.text) end end");
  lines(f, 1, 100);
  f->apply.workers = 3;
  f->apply.chunk = 5;
  assert_ok(lf_load(f), &f->err);
  assert_ok(lf_apply(f), &f->err);
  const ws_lf_stats *stats = stats_of(f, 0);
  assert_int_equal(stats->errors, 11);
  assert_int_equal(stats->failure_count, 3);
  for (size_t i = 0; i < 3; i++) assert_int_equal(stats->failures[i].line, 9 * (i + 1));
  expect_trace(f, 0, "a.lua:1: in 'a'");
}

/* --- quarantine by share --- */

/* `failures` of so many records; returns why the LF was given up. */
static ws_lf_quarantine run(lf_fixture *f, size_t failures, size_t records) {
  char source[200];
  snprintf(source, sizeof source,
           "function lf.a(x) if tonumber(x.text) <= %zu then error('no') end return HAM "
           "end\nlf.b = keywords(SPAM, {'1'})",
           failures);
  lf_file(f, "a.lua", source);
  lines(f, 1, records);
  assert_ok(lf_load(f), &f->err);
  assert_ok(lf_apply(f), &f->err);
  const ws_lf_stats *stats = stats_of(f, 0);
  assert_int_equal(stats->errors, failures);
  assert_int_equal(stats->votes, records - failures);
  uint64_t kept = stats->quarantined ? 0 : records - failures;
  assert_int_equal(ws_votes_cast(f->votes), kept + 1);
  assert_int_equal(stats_of(f, 1)->quarantined, WS_LF_QUARANTINE_NONE);
  return stats->quarantined;
}

static void more_than_a_tenth_is_too_much(void **state) {
  lf_fixture *f = *state;
  assert_int_equal(run(f, 3, 30), WS_LF_QUARANTINE_NONE);
  assert_int_equal(run(f, 3, 29), WS_LF_QUARANTINE_FAILING);
  assert_int_equal(run(f, 4, 39), WS_LF_QUARANTINE_FAILING);
  assert_int_equal(run(f, 70, 700), WS_LF_QUARANTINE_NONE);
  assert_int_equal(run(f, 71, 700), WS_LF_QUARANTINE_FAILING);
  assert_int_equal(run(f, 5, 5), WS_LF_QUARANTINE_FAILING);
}

static void two_failures_tell_nothing(void **state) {
  lf_fixture *f = *state;
  assert_int_equal(run(f, 1, 5), WS_LF_QUARANTINE_NONE);
  assert_int_equal(run(f, 2, 2), WS_LF_QUARANTINE_NONE);
}

static void the_share_can_be_set(void **state) {
  lf_fixture *f = *state;
  f->apply.quarantine_share = 1;
  assert_int_equal(run(f, 9, 9), WS_LF_QUARANTINE_NONE);
  f->apply.quarantine_share = 0;
  assert_int_equal(run(f, 3, 3000), WS_LF_QUARANTINE_FAILING);
  f->apply.quarantine_share = 0.5;
  assert_int_equal(run(f, 10, 20), WS_LF_QUARANTINE_NONE);
}

static void workers_do_not_change_the_decision(void **state) {
  lf_fixture *f = *state;
  f->apply.chunk = 3;
  for (f->apply.workers = 1; f->apply.workers < 5; f->apply.workers++) {
    assert_int_equal(run(f, 11, 109), WS_LF_QUARANTINE_FAILING);
    assert_int_equal(run(f, 11, 110), WS_LF_QUARANTINE_NONE);
  }
}

static void a_run_that_ends_early_is_not_judged(void **state) {
  lf_fixture *f = *state;
  lf_file(f, "a.lua", "function lf.a(x) error('no') end");
  lines(f, 1, 30);
  f->apply.limit_errors = true;
  f->apply.max_errors = 9;
  assert_ok(lf_load(f), &f->err);
  assert_int_equal(lf_apply(f), WS_ELF);
  assert_int_equal(stats_of(f, 0)->errors, 10);
  assert_int_equal(stats_of(f, 0)->quarantined, WS_LF_QUARANTINE_NONE);
}

/* --- what a hostile worker may say --- */

static void only_a_parent_says_killed_and_messages_need_an_error(void **state) {
  (void)state;
  ws__chunk chunk = {0};
  int32_t votes[] = {1,
                     WS_ABSTAIN,
                     WS_VOTE_ERROR,
                     ws__vote_failed(WS_LF_ERROR_KILLED),
                     -9,
                     INT32_MIN,
                     2,
                     ws__vote_failed(WS_LF_ERROR_PATTERN)};
  ws__slot_error errors[] = {
      {.position = 0, .size = 2, .text = "no"},
      {.position = 2, .size = 3, .text = "yes", .trace_size = 400},
      {.position = 7, .size = 3, .trace_size = 2, .text = "y\ns", .trace = "a\x80"}};
  uint32_t count = 3;
  int32_t labels[8];
  ws__slot_parts slot = {NULL, votes, &count, errors, 3, NULL, 0};
  assert_ok(ws_records_new(&chunk.records), NULL);
  chunk.labels = labels;
  ws__chunk_lfs lfs = {slot.lfs, 2, NULL};
  assert_ok(ws__chunk_harvest(&chunk, &slot, &lfs, 0, 8), NULL);
  ws__chunk_sort_errors(&chunk);
  for (size_t i = 3; i < 7; i++)
    assert_int_equal(labels[i], ws__vote_failed(WS_LF_ERROR_VOTE));
  assert_int_equal(labels[2], ws__vote_failed(WS_LF_ERROR_RUNTIME));
  assert_int_equal(chunk.error_count, 2);
  assert_int_equal(chunk.errors[0].position, 3); // what the parent found out
  assert_string_equal(chunk.errors[1].text, "y?s");
  assert_string_equal(chunk.errors[1].trace, "a?");
  chunk.labels = NULL;
  ws__chunk_clear(&chunk);
}

int main(int argc, char **argv) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, lf_setup, lf_teardown)
  const struct CMUnitTest tests[] = {
      TEST(each_kind_is_counted_as_itself),
      TEST(rules_fail_by_kind_too),
      TEST(kinds_and_reasons_have_names),
      TEST(tracebacks_name_lua_functions_only),
      TEST(tracebacks_are_bounded),
      TEST(the_first_three_errors_are_shown),
      TEST(more_than_a_tenth_is_too_much),
      TEST(two_failures_tell_nothing),
      TEST(the_share_can_be_set),
      TEST(workers_do_not_change_the_decision),
      TEST(a_run_that_ends_early_is_not_judged),
      TEST(only_a_parent_says_killed_and_messages_need_an_error),
  };
  LF_TEST_WORKER(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
