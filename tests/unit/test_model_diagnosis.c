/* SPDX-License-Identifier: MIT
 *
 * The diagnosis: each finding from votes that show it, and none from healthy ones.
 */
#include <math.h>

#include "../model/patient.h"

static void assert_what(const ws_finding *finding, const char *expected) {
  assert_string_equal(finding->what.data, expected);
}

/* Four LFs that overlap, two for each class, none like another. */
static const char healthy[] = "11-- 1--- -1-- 11-- --00 --0- ---0 --00 1--0 -10- 1--- "
                              "---0";

static void healthy_votes_have_no_findings(void **state) {
  (void)state;
  patient p = examined(healthy, 2, 10, "lift", NULL);
  for (size_t i = 0; i < ws_diagnosis_count(p.found); i++)
    print_error("found: %s\n", ws_diagnosis_at(p.found, i)->what.data);
  assert_int_equal(ws_diagnosis_count(p.found), 0);
  release(&p);
}

static void dead_lfs_and_classes_without_votes(void **state) {
  (void)state;
  patient p = examined("11--- 1-0-- -10-- 1---- --0-- -1---", 3, 4, "lift", NULL);
  const ws_finding *dead = must_find(&p, WS_DEAD),
                   *empty = must_find(&p, WS_CLASS_WITHOUT_VOTES);
  assert_int_equal(dead->lf_count, 2);
  assert_int_equal(dead->lfs[0], 3);
  assert_int_equal(dead->lfs[1], 4);
  assert_what(dead, "'lf3' and 'lf4' vote on no record");
  assert_false(dead->severe);
  assert_int_equal(empty->class_count, 1);
  assert_int_equal(empty->classes[0], 2);
  assert_what(empty,
              "no labeling function votes for c2, so no record can get that label");
  assert_true(empty->severe);
  release(&p);
}

static void lfs_that_never_meet_another(void **state) {
  (void)state;
  patient p = examined("11-- 1-0- -10- ---1 ---1", 2, 4, "lift", NULL);
  const ws_finding *alone = must_find(&p, WS_NO_OVERLAP);
  assert_int_equal(alone->lf_count, 1);
  assert_int_equal(alone->lfs[0], 3);
  assert_what(alone,
              "'lf3' never votes where another does: its accuracy is a prior, not an "
              "estimate");
  assert_null(finding_of(&p, WS_DISCONNECTED));
  release(&p);
}

static void groups_that_never_meet(void **state) {
  (void)state;
  patient p = examined("10-- 11-- -0-- --10 --11 ---0", 2, 4, "lift", NULL);
  const ws_finding *apart = must_find(&p, WS_DISCONNECTED);
  assert_int_equal(apart->lf_count, 2);
  assert_int_equal(apart->lfs[0], 2);
  assert_int_equal(apart->lfs[1], 3);
  assert_near(apart->figures[0].value, 2, 0);
  assert_true(strstr(apart->what.data, "('lf0' and 'lf1'; 'lf2' and 'lf3')") != NULL);
  assert_null(finding_of(&p, WS_NO_OVERLAP));
  release(&p);
}

static void too_few_lfs_to_tell(void **state) {
  (void)state;
  patient p = examined("1- -0 10", 2, 5, "lift", NULL);
  const ws_finding *few = must_find(&p, WS_NOT_IDENTIFIABLE);
  assert_near(few->figures[0].value, 2, 0);
  assert_near(few->figures[1].value, 1.0 / 3, 1e-12);
  release(&p);
}

static void lfs_that_vote_nearly_always(void **state) {
  (void)state;
  patient p = examined("11-1 1--1 -101 1-01 1101 --01", 2, 4, "lift", NULL);
  const ws_finding *broad = must_find(&p, WS_TOO_BROAD);
  assert_int_equal(broad->lfs[0], 3);
  assert_what(broad, "'lf3' votes for c1 on every record");
  release(&p);
  p = examined("11-1", 2, 2, "lift", NULL); // on so few it is no surprise
  assert_null(finding_of(&p, WS_TOO_BROAD));
  release(&p);
}

/* LF 0 votes for class 1 on half of the records, of which one tenth are that: at least
 * 1 - .1 / .5 of its votes are wrong. */
static void a_balance_shows_who_votes_too_much(void **state) {
  (void)state;
  const double balance[] = {0.9, 0.1};
  patient p = examined("1-0 1-- --0 -0- 1-- --0 -00 1--", 2, 4, "lift", balance);
  const ws_finding *broad = must_find(&p, WS_TOO_BROAD);
  assert_int_equal(broad->lfs[0], 0);
  assert_near(broad->figures[0].value, 0.5, 1e-12);
  assert_near(broad->figures[2].value, 0.8, 1e-12);
  assert_true(strstr(broad->what.data, "at least 80 % of its votes are wrong") ||
              strstr(broad->what.data, "at least 79 % of its votes are wrong"));
  release(&p);
}

static void near_duplicates_with_what_they_count(void **state) {
  (void)state;
  patient p = examined("11-- 11-- 1--0 --00 --0- -1-0 11-- ---0", 2, 10, "lift", NULL);
  const ws_finding *twins = must_find(&p, WS_NEAR_DUPLICATES);
  assert_int_equal(twins->lf_count, 2);
  assert_int_equal(twins->lfs[1], 1);
  assert_near(twins->figures[0].value, 2 / (1 + 0.6), 1e-12); // J = 3 / 5
  assert_what(twins, "'lf0' and 'lf1' nearly duplicate one another for c1: counted as "
                     "1.2 votes");
  release(&p);
  p = examined("11-- 11-- 1--0 --00 --0- -1-0 11-- ---0", 2, 10, "mv", NULL);
  assert_what(must_find(&p, WS_NEAR_DUPLICATES),
              "'lf0' and 'lf1' nearly duplicate one another for c1: worth 1.2 votes, but "
              "mv counts each");
  release(&p);
}

static void coverage_and_classes_that_are_rare(void **state) {
  (void)state;
  patient p = examined("1-- ---", 2, 30, "lift", NULL);
  assert_null(finding_of(&p, WS_LOW_COVERAGE)); // half is not less than half
  release(&p);
  p = examined("11- --- --- -11", 2, 30, "lift", NULL);
  assert_null(finding_of(&p, WS_LOW_COVERAGE));
  release(&p);
  p = examined("11- --- --- -11 ---", 2, 30, "lift", NULL);
  assert_what(must_find(&p, WS_LOW_COVERAGE),
              "40.0 % of the records have a vote: the others get the class balance and "
              "no label");
  release(&p);
  // One of 30 covered records has a vote for class 0, where 15 are expected.
  p = examined("11- 11- -11 1-1 11- -11 11- 11- -11 1-1 11- -11 11- 11- -11 1-1 11- -11 "
               "11- 11- -11 1-1 11- -11 11- 11- -11 1-1 11- 0--",
               2, 1, "lift", NULL);
  const ws_finding *rare = must_find(&p, WS_CLASS_HARDLY_VOTED);
  assert_int_equal(rare->classes[0], 0);
  assert_near(rare->figures[0].value, 1, 0);
  assert_near(rare->figures[1].value, 15, 1e-12);
  release(&p);
}

/* All LFs vote for one class each and the labels come out further apart than 4 : 1. */
static void an_unknown_balance(void **state) {
  (void)state;
  const char picture[] = "1--- -1-- --1- 11-- 1--- -1-- --1- 1--- -1-- ---0 1--- -1-- "
                         "1--- -1-- --1- -11- 1--- -1-- --1- 1--- -1-- --1- 1--- -1--";
  patient p = examined(picture, 2, 5, "lift", NULL);
  const ws_finding *unknown = must_find(&p, WS_BALANCE_UNKNOWN);
  assert_int_equal(unknown->classes[0], 0);
  assert_near(unknown->figures[1].value, 1.0 / 24, 1e-12);
  assert_true(unknown->severe);
  release(&p);
  const double balance[] = {0.3, 0.7};
  p = examined(picture, 2, 5, "lift", balance);
  assert_null(finding_of(&p, WS_BALANCE_UNKNOWN));
  release(&p);
}

/* --- LFs of low lift ---------------------------------------------------------------- */

/* LF 3 votes for 1 where the others agree on 0: the lift of its votes is held at 2. */
static void lfs_no_better_than_chance(void **state) {
  (void)state;
  patient p =
      examined("00-1 0-01 -001 00-1 11-- 1-1- -11- 11-- 000- 111-", 2, 10, "lift", NULL);
  const ws_finding *random = must_find(&p, WS_NO_BETTER_THAN_CHANCE);
  assert_int_equal(random->lf_count, 1);
  assert_int_equal(random->lfs[0], 3);
  release(&p);
}

/* LFs 1 and 2 repeat one another and are held at the least lift, but nobody contradicts
 * them. */
static void lfs_that_the_votes_cannot_judge(void **state) {
  (void)state;
  patient p = examined("1-- 1-- 1-- 1-- 1-- 1-- 11- -11 -11 -11 -11 --0 --0 --0", 2, 10,
                       "lift", NULL);
  const ws_finding *open = must_find(&p, WS_CANNOT_TELL);
  assert_int_equal(open->lf_count, 2);
  assert_int_equal(open->lfs[0], 1);
  assert_null(finding_of(&p, WS_NO_BETTER_THAN_CHANCE));
  assert_null(strstr(open->todo.data, "remove"));
  release(&p);
}

/* One rule alone: all that is said is that nothing is known. */
static void a_lone_lf_is_no_worse_than_its_prior(void **state) {
  (void)state;
  patient p = examined("1 1 1 - - - - -", 2, 10, "lift", NULL);
  assert_near(ws_label_model_accuracy(p.model, 0), 0.8, 1e-9);
  must_find(&p, WS_NO_OVERLAP);
  assert_null(finding_of(&p, WS_NO_BETTER_THAN_CHANCE));
  assert_null(finding_of(&p, WS_CANNOT_TELL));
  release(&p);
}

/* --- properties --------------------------------------------------------------------- */

static void other_votes_are_refused(void **state) {
  (void)state;
  patient p = examined(healthy, 2, 2, "lift", NULL);
  ws_votes *other = ws_test_votes("11- --0", 2);
  ws_diagnosis *found = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_status(WS_EINVAL,
                ws_diagnose(p.model, other, p.labels, NULL, NULL, &found, &err));
  assert_message(&err, "expected the votes that the label model was fitted on");
  ws_votes_free(other);
  release(&p);
}

/* Class 0 of the one is class 1 of the other. */
static void classes_in_another_order_are_refused(void **state) {
  (void)state;
  patient p = examined("11- 1-0 -10 --0", 2, 2, "lift", NULL);
  ws_task *task = ws_test_task("c1,c0");
  ws_votes_builder *builder = NULL;
  ws_votes *other = NULL;
  ws_diagnosis *found = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (uint32_t j = 0, at; j < 3; j++)
    assert_ok(ws_votes_builder_lf(builder, ws_votes_lf(p.votes, j), &at, NULL), NULL);
  assert_ok(ws_votes_builder_add(builder, ws_text_of(""), 0, NULL, 0), NULL);
  assert_ok(ws_votes_builder_finish(builder, &other), NULL);
  assert_status(WS_EINVAL,
                ws_diagnose(p.model, p.votes, p.labels, other, NULL, &found, &err));
  assert_message(&err, "gold labels of the votes' classes in their order");
  assert_status(WS_EINVAL,
                ws_diagnose(p.model, other, p.labels, NULL, NULL, &found, &err));
  assert_message(&err, "expected the votes that the label model was fitted on");
  ws_votes_free(other);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  release(&p);
}

static ws_status diagnose_once(void *user) {
  const patient *p = user;
  ws_diagnosis *found = NULL;
  ws_status status = ws_diagnose(p->model, p->votes, p->labels, NULL, NULL, &found, NULL);
  ws_diagnosis_free(found);
  return status;
}

static void lack_of_memory_leaks_nothing(void **state) {
  (void)state;
  patient p = examined("11-- 11-- 1--0 --00 --0- -1-0 11-- ----", 3, 10, "lift", NULL);
  assert_true(ws_diagnosis_count(p.found) > 1);
  ws_test_every_allocation_failure(diagnose_once, &p);
  release(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(healthy_votes_have_no_findings),
      cmocka_unit_test(dead_lfs_and_classes_without_votes),
      cmocka_unit_test(lfs_that_never_meet_another),
      cmocka_unit_test(groups_that_never_meet),
      cmocka_unit_test(too_few_lfs_to_tell),
      cmocka_unit_test(lfs_that_vote_nearly_always),
      cmocka_unit_test(a_balance_shows_who_votes_too_much),
      cmocka_unit_test(near_duplicates_with_what_they_count),
      cmocka_unit_test(coverage_and_classes_that_are_rare),
      cmocka_unit_test(an_unknown_balance),
      cmocka_unit_test(lfs_no_better_than_chance),
      cmocka_unit_test(lfs_that_the_votes_cannot_judge),
      cmocka_unit_test(a_lone_lf_is_no_worse_than_its_prior),
      cmocka_unit_test(other_votes_are_refused),
      cmocka_unit_test(classes_in_another_order_are_refused),
      cmocka_unit_test(lack_of_memory_leaks_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
