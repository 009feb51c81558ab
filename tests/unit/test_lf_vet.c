/* SPDX-License-Identifier: MIT
 *
 * Vetting candidates: planted ones end as they were planted, each stage says why, and
 * what one does costs no other its verdict.
 */
#include "../lf/lf_vetted.h"

#include <weaksup/rng.h>

#include "vet_priv.h"

static void write_planted(fixture *f) {
  lf_file(&f->lf, "good.rules",
          "free SPAM /\\bfree\\b/i\nbob HAM author ~ /bob/\nrare HAM /thing 77\\b/\n");
  lf_file(&f->lf, "good.lua",
          "function lf.even(x)\n  if x.text:find('even') then return HAM end\nend\n");
  lf_file(&f->lf, "constant.lua", "function lf.constant(x) return SPAM end\n");
  lf_file(&f->lf, "always.lua",
          "function lf.always(x)\n"
          "  if x.text:find('odd') then return SPAM end\n"
          "  return HAM\nend\n");
  lf_file(&f->lf, "never.rules", "never SPAM /nothing has this/\n");
  lf_file(&f->lf, "slow.lua", "function lf.slow(x) while #x.text > 4 do end end\n");
  lf_file(&f->lf, "pattern.lua",
          "function lf.pattern(x)\n"
          "  if rx('(a+)+$'):test(('a'):rep(28) .. '!') then return SPAM end\nend\n");
  lf_file(&f->lf, "memory.lua",
          "function lf.memory(x) local s = x.text .. 'abc' while true do s = s .. s end "
          "end\n");
  lf_file(&f->lf, "steals.lua", "function lf.steals(x) return os.getenv('KEY') end\n");
  lf_file(&f->lf, "broken.lua", "function lf.broken(x) retrun SPAM end\n");
  lf_file(&f->lf, "crash.lua",
          "function lf.crash(x) return x.title:find('a') and SPAM or nil end\n");
  lf_file(&f->lf, "empty_text.lua",
          "function lf.empty_text(x) if words(x.lower)[1]:find('free') then return SPAM "
          "end end\n");
  lf_file(&f->lf, "liar.lua",
          "function lf.liar(x) if x.text:find('thing 9') then return 'SPAN' end end\n");
}

static void planted_candidates_end_as_planted(void **state) {
  fixture *f = *state;
  write_sample(f, RECORDS);
  write_planted(f);
  assert_ok(vet(f), &f->lf.err);
  assert_int_equal(ws_vetting_count(f->vetting), 15);
  expect(f, "free", WS_VET_COVERAGE, WS_VET_PASSED);
  expect(f, "even", WS_VET_COVERAGE, WS_VET_PASSED);
  expect(f, "bob", WS_VET_COVERAGE, WS_VET_PASSED);
  expect(f, "rare", WS_VET_COVERAGE, WS_VET_COVERAGE_LOW);
  expect(f, "constant", WS_VET_COVERAGE, WS_VET_CONSTANT);
  expect(f, "always", WS_VET_COVERAGE, WS_VET_COVERAGE_HIGH);
  expect(f, "never", WS_VET_COVERAGE, WS_VET_NEVER_VOTES);
  expect(f, "slow", WS_VET_EDGE, WS_VET_LIMIT_CPU);
  expect(f, "pattern", WS_VET_EDGE, WS_VET_LIMIT_PATTERN);
  expect(f, "memory", WS_VET_EDGE, WS_VET_LIMIT_MEM);
  expect(f, "steals", WS_VET_STATIC, WS_VET_LOAD_ERROR);
  expect(f, "broken", WS_VET_STATIC, WS_VET_COMPILE_ERROR);
  expect(f, "crash", WS_VET_EDGE, WS_VET_RUNTIME_ERROR);
  expect(f, "empty_text", WS_VET_EDGE, WS_VET_RUNTIME_ERROR);
  expect(f, "liar", WS_VET_CALLS, WS_VET_VOTE_ERROR);
  assert_int_equal(ws_vetting_passed(f->vetting), 3);
}

static void figures_are_those_of_the_sample(void **state) {
  fixture *f = *state;
  write_sample(f, RECORDS);
  write_planted(f);
  assert_ok(vet(f), &f->lf.err);
  const ws_vet_verdict *v = find(f, "free");
  assert_string_equal(v->file, "good.rules");
  assert_int_equal(v->line, 1);
  assert_int_equal(v->label, 1);
  assert_int_equal(v->records, RECORDS);
  assert_int_equal(v->votes, RECORDS / 5);
  assert_int_equal(v->votes_by_class[0], 0);
  assert_int_equal(v->votes_by_class[1], RECORDS / 5);
  assert_near(v->coverage, 0.2, 0);
  assert_int_equal(v->errors, 0);
  assert_true(v->edge_records > 20);
  assert_string_equal(find(f, "rare")->evidence,
                      "votes on 1 of 200 records, expected at least 2");
  assert_string_equal(find(f, "empty_text")->evidence,
                      "on 12 of 22 odd records, the first being an empty text: "
                      "empty_text.lua:1: in 'empty_text': attempt to index a nil value "
                      "(field 'integer index')");
}

static void votes_are_of_those_that_passed(void **state) {
  fixture *f = *state;
  write_sample(f, 20);
  write_planted(f);
  assert_ok(vet(f), &f->lf.err);
  const ws_votes *votes = ws_vetting_votes(f->vetting);
  assert_int_equal(ws_votes_lfs(votes), 3);
  assert_true(ws_text_equals(ws_votes_lf(votes, 0), "even"));
  char *picture = ws_test_picture(votes);
  assert_string_equal(picture, "010 --- 0-- --0 0-- -1- 0-0 --- 0-- --0 01- --- 0-0 --- "
                               "0-- -10 0-- --- 0-0 ---");
  free(picture);
  assert_int_equal(ws_votes_row_gold(votes, 0), 1);
  assert_int_equal(ws_votes_row_gold(votes, 1), 0);
}

static void those_that_passed_vote_on_other_records(void **state) {
  fixture *f = *state;
  ws_reader *reader = NULL;
  ws_votes *votes = NULL;
  write_sample(f, 40);
  write_planted(f);
  assert_ok(vet(f), &f->lf.err);
  lf_data(&f->lf, "dev.jsonl",
          "{\"text\": \"free thing\", \"label\": 1, \"author\": \"x\"}\n"
          "{\"text\": \"even\", \"label\": 0, \"author\": \"bob\"}\n");
  assert_ok(ws_reader_open(f->lf.data, f->lf.task, NULL, &reader, &f->lf.err),
            &f->lf.err);
  assert_ok(ws_vetting_apply(f->vetting, reader, NULL, NULL, &votes, &f->lf.err),
            &f->lf.err);
  char *picture = ws_test_picture(votes);
  assert_string_equal(picture, "-1- 0-0");
  free(picture);
  ws_votes_free(votes);
  ws_reader_free(reader);
}

static void verdicts_are_the_same_every_time(void **state) {
  fixture *f = *state;
  ws_buffer first = {0}, again = {0};
  write_sample(f, 60);
  write_planted(f);
  for (int round = 0; round < 2; round++) {
    ws_buffer *out = round ? &again : &first;
    f->options.workers = round ? 3 : 1;
    f->options.seed = (uint64_t)round;
    assert_ok(vet(f), &f->lf.err);
    for (size_t i = 0; i < ws_vetting_count(f->vetting); i++) {
      const ws_vet_verdict *v = ws_vetting_at(f->vetting, i);
      assert_ok(ws_buffer_printf(out, "%s:%d %s %s %s %s\n", v->file, (int)v->line,
                                 v->name, ws_vet_stage_name(v->stage),
                                 ws_vet_reason_name(v->reason), v->evidence),
                NULL);
    }
  }
  assert_string_equal(first.data, again.data);
  ws_buffer_clear(&first);
  ws_buffer_clear(&again);
}

static void few_crashes_are_forgiven(void **state) {
  fixture *f = *state;
  write_sample(f, RECORDS);
  lf_file(&f->lf, "a.lua",
          "function lf.two(x)\n"
          "  if x.text:find('thing 1[01] ') then error('no') end\n"
          "  if x.text:find('free') then return SPAM end\nend\n"
          "function lf.three(x)\n"
          "  if x.text:find('thing 1[012] ') then error('no') end\n"
          "  if x.text:find('free') then return SPAM end\nend\n");
  assert_ok(vet(f), &f->lf.err);
  expect(f, "two", WS_VET_COVERAGE, WS_VET_PASSED);
  assert_int_equal(find(f, "two")->errors, 2);
  expect(f, "three", WS_VET_CALLS, WS_VET_RUNTIME_ERROR);
  assert_string_equal(find(f, "three")->evidence,
                      "on 3 of 200 records: a.lua:6: in 'three': no");
}

/* As many good patterns do, though few need a text as odd as that. */
static void limits_on_huge_records_are_no_reason(void **state) {
  fixture *f = *state;
  write_sample(f, RECORDS);
  lf_file(&f->lf, "a.lua",
          "function lf.mail(x)\n"
          "  if rx([[(?:a+)+y|thing \\d+5 ]]):test(x.text) then return HAM end\nend\n");
  assert_ok(vet(f), &f->lf.err);
  expect(f, "mail", WS_VET_COVERAGE, WS_VET_PASSED);
  assert_int_equal(find(f, "mail")->edge_errors, 1);
}

static void small_samples_prove_no_constant(void **state) {
  fixture *f = *state;
  write_sample(f, 10);
  lf_file(&f->lf, "a.rules", "all SPAM /thing/\n");
  assert_ok(vet(f), &f->lf.err);
  expect(f, "all", WS_VET_COVERAGE, WS_VET_PASSED);
  write_sample(f, 20);
  assert_ok(vet(f), &f->lf.err);
  expect(f, "all", WS_VET_COVERAGE, WS_VET_CONSTANT);
}

static void other_votes_in_another_order_are_found(void **state) {
  const int32_t first[] = {0, 1, WS_ABSTAIN, 1, 0, WS_VOTE_ERROR};
  const int32_t second[] = {0, WS_ABSTAIN, 0, 1, 1, 1};
  const uint32_t order[] = {2, 0, 1}; // rows of the first
  uint64_t differing[2] = {0, 0};
  (void)state;
  ws__vet_compare(first, second, order, 3, 2, differing);
  assert_int_equal(differing[0], 1);
  assert_int_equal(differing[1], 1);
}

/* Whatever the seed of the hashes, votes and keys are the same. */
static void a_salt_changes_no_vote(void **state) {
  fixture *f = *state;
  char *pictures[2];
  ws_hash128 keys[2];
  write_sample(f, 30);
  lf_file(&f->lf, "a.lua",
          "function lf.first(x)\n  local t = {}\n"
          "  for w in x.text:gmatch('%w+') do t[w] = #w end\n"
          "  for _, v in pairs(t) do return v % 2 end\nend\n");
  for (int i = 0; i < 2; i++) {
    f->lf.options.hash_salt = (uint64_t)i * 77;
    assert_ok(lf_load(&f->lf), &f->lf.err);
    assert_ok(lf_apply(&f->lf), &f->lf.err);
    pictures[i] = ws_test_picture(f->lf.votes);
    keys[i] = ws_lf_set_at(f->lf.set, 0)->key;
  }
  assert_string_equal(pictures[0], pictures[1]);
  assert_true(ws_hash128_equals(keys[0], keys[1]));
  free(pictures[0]);
  free(pictures[1]);
}

/* --- what is slow --- */

/* One record in ten is long: a row of the letter q. */
static void write_long_sample(fixture *f, size_t every) {
  ws_buffer out = {0};
  for (size_t i = 0; i < RECORDS; i++) {
    assert_ok(ws_buffer_printf(&out, "{\"text\": \"thing %zu ", i), NULL);
    for (int q = 0; q < 700 && i % every == 0; q++)
      assert_ok(ws_buffer_string(&out, "q"), NULL);
    assert_ok(ws_buffer_printf(&out, "%s\"}\n", i % 3 ? "" : " z"), NULL);
  }
  lf_data(&f->lf, "sample.jsonl", out.data);
  ws_buffer_clear(&out);
}

static void write_slow(fixture *f) {
  lf_file(&f->lf, "rule.rules", "rule SPAM /q.*q.*q.*q#|z/\n");
  lf_file(
      &f->lf, "pattern.lua",
      "function lf.pattern(x) if rx('q.*q.*q.*q#|z'):test(x.text) then return SPAM end "
      "end\n");
  lf_file(&f->lf, "find.lua",
          "function lf.find(x)\n  if x.text:find('qq') then\n"
          "    for i = 1, 14 do x.text:find('q.-[#!]') end\n  end\n  if x.text:find('z') "
          "then return SPAM end\nend\n");
  lf_file(&f->lf, "loop.lua",
          "function lf.loop(x)\n  local n = 0\n"
          "  if x.text:find('qq') then for i = 1, 600000 do n = n + i end end\n"
          "  return n >= 0 and x.text:find('z') and SPAM or nil\nend\n");
  lf_file(
      &f->lf, "caught.lua",
      "function lf.caught(x)\n  local n = 0\n"
      "  if x.text:find('qq') then pcall(function() for i = 1, 600000 do n = n + i end "
      "end) end\n  if x.text:find('z') then return SPAM end\nend\n");
  lf_file(&f->lf, "quick.lua",
          "function lf.quick(x)\n  for i = 1, 1000 do end\n"
          "  if x.text:find('z') then return SPAM end\nend\n");
}

static void what_costs_much_on_many_records_is_slow(void **state) {
  static const char *const names[] = {"rule", "pattern", "find", "loop", "caught"};
  fixture *f = *state;
  f->options.lf.call_cpu_ms = f->options.lf.worker_cpu_ms = 5000; // whatever is beside
  f->options.lf.wall_ms = 60000;
  write_long_sample(f, 10);
  write_slow(f);
  assert_ok(vet(f), &f->lf.err);
  for (size_t i = 0; i < 5; i++) {
    expect(f, names[i], WS_VET_CALLS, WS_VET_SLOW);
    assert_int_equal(find(f, names[i])->slow_calls, RECORDS / 10);
    assert_string_equal(
        find(f, names[i])->evidence,
        "on 20 of 200 records a call takes more than 200000 steps or "
        "1000000 instructions, on more than 1 % of them: it is to look at "
        "less, or at shorter pieces");
  }
  expect(f, "quick", WS_VET_COVERAGE, WS_VET_PASSED);
  assert_int_equal(find(f, "quick")->slow_calls, 0);
  assert_true(find(f, "quick")->p99_micros > 0);
}

/* The 99th percentile is that of a call that does not. */
static void what_costs_much_on_few_records_passes(void **state) {
  static const char *const names[] = {"rule", "pattern", "find", "loop", "caught"};
  fixture *f = *state;
  f->options.lf.call_cpu_ms = f->options.lf.worker_cpu_ms = 5000;
  f->options.lf.wall_ms = 60000;
  write_long_sample(f, 100);
  write_slow(f);
  assert_ok(vet(f), &f->lf.err);
  for (size_t i = 0; i < 5; i++) {
    const ws_vet_verdict *v = find(f, names[i]);
    assert_int_equal(v->slow_calls, 2);
    assert_true(v->passed);
  }
}

int main(int argc, char **argv) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
  const struct CMUnitTest tests[] = {
      TEST(planted_candidates_end_as_planted),
      TEST(figures_are_those_of_the_sample),
      TEST(votes_are_of_those_that_passed),
      TEST(those_that_passed_vote_on_other_records),
      TEST(verdicts_are_the_same_every_time),
      TEST(few_crashes_are_forgiven),
      TEST(limits_on_huge_records_are_no_reason),
      TEST(small_samples_prove_no_constant),
      TEST(other_votes_in_another_order_are_found),
      TEST(a_salt_changes_no_vote),
      TEST(what_costs_much_on_many_records_is_slow),
      TEST(what_costs_much_on_few_records_passes),
  };
  LF_TEST_WORKER(argc, argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
