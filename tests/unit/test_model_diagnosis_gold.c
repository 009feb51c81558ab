/* SPDX-License-Identifier: MIT
 *
 * What the diagnosis makes of gold labels: LFs that are worse than chance, a dev set that
 * is too small, and a label model that is worse than the majority of the votes.
 */
#include <math.h>
#include <stdio.h>

#include "../model/patient.h"

/* Votes whose record i has the gold label golds[i]. */
static ws_votes *with_gold(const char *picture, const char *golds) {
  ws_task *task = ws_test_task("c0,c1");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  size_t lfs = strcspn(picture, " ");
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (size_t j = 0; j < lfs; j++) {
    char name[24];
    uint32_t lf;
    snprintf(name, sizeof name, "lf%zu", j);
    assert_ok(ws_votes_builder_lf(builder, ws_text_of(name), &lf, NULL), NULL);
  }
  for (size_t i = 0; golds[i]; i++) {
    ws_vote list[8];
    size_t count = 0;
    for (size_t j = 0; j < lfs; j++) {
      char vote = picture[i * (lfs + 1) + j];
      if (vote != '-') list[count++] = (ws_vote){(uint32_t)j, vote - '0'};
    }
    assert_ok(ws_votes_builder_add(builder, ws_text_of(""), golds[i] - '0', list, count),
              NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return votes;
}

/* LF 0 is wrong in 6 of 6 votes: at most 1 - .025^(1/6) = .459 right, where half of the
 * records are of its class. LF 1 is right in 6 of 6. */
static void gold_tells_who_is_worse_than_chance(void **state) {
  (void)state;
  static const char picture[] = "1-- 1-- 1-- 1-- 1-- 1-- -1- -1- -1- -1- -1- -1-";
  patient p = {.votes = ws_test_votes("11- 1-0 -10 1-- --0 -1-", 2),
               .gold = with_gold(picture, "000000111111")};
  examine(&p, "lift", NULL);
  const ws_finding *worse = must_find(&p, WS_WORSE_THAN_CHANCE);
  assert_int_equal(worse->lfs[0], 0);
  assert_int_equal(worse->classes[0], 1);
  assert_near(worse->figures[2].value, 1 - pow(0.025, 1.0 / 6), 1e-9);
  assert_near(worse->figures[3].value, 0.5, 1e-12);
  size_t count = 0;
  for (size_t i = 0; i < ws_diagnosis_count(p.found); i++)
    count += ws_diagnosis_at(p.found, i)->kind == WS_WORSE_THAN_CHANCE;
  assert_int_equal(count, 1);
  release(&p);
}

/* Who has a dev set is told to enlarge it; the gold of the votes themselves is none. */
static void gold_is_advised_as_far_as_it_is_missing(void **state) {
  (void)state;
  static const char picture[] = "1- 1- -1 -1";
  patient none = {.votes = with_gold(picture, "1111")};
  patient own = {.votes = with_gold(picture, "1111"), .gold = NULL};
  patient dev = {.votes = with_gold(picture, "1111"), .gold = with_gold(picture, "1111")};
  examine(&none, "lift", NULL);
  examine(&dev, "lift", NULL);
  own.gold = own.votes;
  examine(&own, "lift", NULL);
  own.gold = NULL; // it is released once
  const char *without = "give dev with gold labels", *more = "give dev more gold labels";
  assert_non_null(strstr(must_find(&none, WS_NO_OVERLAP)->todo.data, without));
  assert_non_null(strstr(must_find(&own, WS_NO_OVERLAP)->todo.data, without));
  assert_non_null(strstr(must_find(&dev, WS_NO_OVERLAP)->todo.data, more));
  release(&none);
  release(&own);
  release(&dev);
}

/* Which kinds come before and behind the finding. */
static void majority_vote_may_be_better(void **state) {
  (void)state;
  double model[40], majority[40];
  patient p = examined("0000 1111 01-- 10-- 0--- 1---", 2, 20, "lift", NULL);
  for (size_t i = 0; i < 40; i++) model[i] = majority[i] = i % 4 > 0;
  assert_ok(ws_diagnosis_compare(p.found, WS_BELOW_MAJORITY, "dev", model, majority, 40),
            NULL);
  assert_null(finding_of(&p, WS_BELOW_MAJORITY)); // as good
  model[0] = 1;
  assert_ok(ws_diagnosis_compare(p.found, WS_BELOW_MAJORITY, "dev", model, majority, 40),
            NULL);
  assert_null(finding_of(&p, WS_BELOW_MAJORITY)); // better
  assert_ok(ws_diagnosis_compare(p.found, WS_BELOW_MAJORITY, "dev", model, majority, 0),
            NULL);
  assert_null(finding_of(&p, WS_BELOW_MAJORITY)); // no gold
  model[0] = 0;
  model[1] = 0;
  size_t before = ws_diagnosis_count(p.found);
  assert_ok(ws_diagnosis_compare(p.found, WS_BELOW_MAJORITY, "dev", model, majority, 40),
            NULL);
  assert_int_equal(ws_diagnosis_count(p.found), before + 1);
  const ws_finding *finding = must_find(&p, WS_BELOW_MAJORITY);
  assert_false(finding->severe); // one record of forty
  assert_near(finding->figures[0].value, 29 / 40., 1e-12);
  assert_near(finding->figures[1].value, 30 / 40., 1e-12);
  assert_near(finding->figures[3].value, 0, 1e-12);
  assert_near(finding->figures[4].value, 40, 0);
  assert_non_null(strstr(finding->what.data, "not certain: on 40 records of dev with"));
  for (size_t i = 1; i <= before; i++)
    assert_true(ws_diagnosis_at(p.found, i - 1)->kind <=
                ws_diagnosis_at(p.found, i)->kind);
  release(&p);

  p = examined("0000 1111 01-- 10-- 0--- 1---", 2, 20, "lift", NULL);
  for (size_t i = 1; i < 40; i += 4) model[i] = 0;
  assert_ok(ws_diagnosis_compare(p.found, WS_BELOW_MAJORITY, "dev", model, majority, 40),
            NULL);
  finding = must_find(&p, WS_BELOW_MAJORITY);
  assert_true(finding->severe);
  assert_null(strstr(finding->what.data, "not certain"));
  assert_true(finding->figures[2].value <= -0.25 && finding->figures[3].value < 0);
  assert_ok(
      ws_diagnosis_compare(p.found, WS_CLASSIFIER_BELOW, "test", model, majority, 40),
      NULL);
  finding = must_find(&p, WS_CLASSIFIER_BELOW);
  assert_true(finding->severe);
  assert_non_null(
      strstr(finding->what.data, "of test with gold labels the classifier is"));
  assert_string_equal(finding->figures[0].name, "classifier");
  release(&p);

  p = examined("0000 1111 01-- 10-- 0--- 1---", 2, 20, "lift", NULL);
  assert_ok(ws_diagnosis_compare(p.found, WS_BELOW_MAJORITY, "dev", model, majority, 19),
            NULL);
  finding = must_find(&p, WS_BELOW_MAJORITY);
  assert_true(finding->figures[3].value < 0);
  assert_false(finding->severe); // of so few
  release(&p);
}

/* 40 records of gold 0, 0, 0, 1 over and over: always saying 0 is right on 30 of them,
 * and on 24 of the 32 that have a vote. */
static void one_class_may_be_better(void **state) {
  (void)state;
  enum { N = 160, VOTED = 128 };
  char picture[3 * N + 1] = "", golds[N + 1] = "";
  double model[N];
  for (size_t i = 0; i < N; i++) {
    memcpy(picture + 3 * i, i < VOTED ? "1- " : "-- ", 4);
    golds[i] = i % 4 == 3 ? '1' : '0';
    model[i] = i % 2 ? 1 : 0;
  }
  patient p = examined("0000 1111 01-- 10-- 0--- 1---", 2, 20, "lift", NULL);
  p.gold = with_gold(picture, golds);
  assert_ok(
      ws_diagnosis_compare_frequent(p.found, WS_BELOW_FREQUENT, "dev", p.gold, model),
      NULL);
  const ws_finding *finding = must_find(&p, WS_BELOW_FREQUENT);
  assert_true(finding->severe);
  assert_string_equal(finding->figures[1].name, "most_frequent_class");
  assert_near(finding->figures[0].value, 0.5, 1e-12);
  assert_near(finding->figures[1].value, 0.75, 1e-12);
  assert_near(finding->figures[4].value, VOTED, 0);
  assert_int_equal(finding->class_count, 1);
  assert_int_equal(finding->classes[0], 0);
  assert_non_null(strstr(finding->what.data, "less often right than always saying c0"));

  for (size_t i = 0; i < N; i++) model[i] = golds[i] == '0'; // says 0 of all
  assert_ok(ws_diagnosis_compare_frequent(p.found, WS_CLASSIFIER_BELOW_FREQUENT, "test",
                                          p.gold, model),
            NULL);
  finding = must_find(&p, WS_CLASSIFIER_BELOW_FREQUENT);
  assert_true(finding->severe); // it has learned nothing
  assert_near(finding->figures[4].value, N, 0);
  assert_non_null(strstr(finding->what.data, "no more often right than always saying"));
  size_t before = ws_diagnosis_count(p.found);
  model[3] = 1; // one is better
  assert_ok(
      ws_diagnosis_compare_frequent(p.found, WS_BELOW_FREQUENT, "dev", p.gold, model),
      NULL);
  ws_votes_free(p.gold);
  memset(golds, '0', N); // nothing can be better
  p.gold = with_gold(picture, golds);
  assert_ok(
      ws_diagnosis_compare_frequent(p.found, WS_BELOW_FREQUENT, "dev", p.gold, model),
      NULL);
  assert_int_equal(ws_diagnosis_count(p.found), before);
  release(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gold_tells_who_is_worse_than_chance),
      cmocka_unit_test(gold_is_advised_as_far_as_it_is_missing),
      cmocka_unit_test(majority_vote_may_be_better),
      cmocka_unit_test(one_class_may_be_better),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
