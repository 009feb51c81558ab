/* SPDX-License-Identifier: MIT
 *
 * Selecting labeling functions by their lift over the class prior.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <weaksup/lf_selection.h>
#include <weaksup/model.h>
#include <weaksup/rng.h>

#include "../model/lf_plants.h"

static const double even[] = {0.5, 0.5};
static const double nine_to_one[] = {0.9, 0.1};

/* --- lift --- */

static void lift_over_the_prior_counts_not_accuracy(void **state) {
  static const plant plants[] = {
      {"majority", 0, 1, 1, NULL, 0},          // right nine times in ten
      {"half_majority", 0, 0.5, 0.5, NULL, 0}, // the same, and abstains
      {"rare", 1, 0.5, 0.0455, NULL, 0},       // right in 0.55 of its votes
      {"rare_again", 1, 0.4, 0.036, NULL, 0},  {"surer_majority", 0, 0.5, 0.02, NULL, 0},
      {"seldom", 1, 0.01, 0.001, NULL, 0},     {"never", 1, 0, 0, NULL, 0}};
  fixture *f = *state;
  plant_all(f, plants, 7, 0, nine_to_one, 2);
  select_lfs(f, true);
  expect(f, "majority", WS_LF_REJECTED, WS_LF_NO_LIFT);
  assert_true(find(f, "half_majority")->tier != WS_LF_ACCEPTED);
  expect(f, "rare", WS_LF_ACCEPTED, WS_LF_NO_REASON);
  expect(f, "rare_again", WS_LF_ACCEPTED, WS_LF_NO_REASON);
  expect(f, "surer_majority", WS_LF_ACCEPTED, WS_LF_NO_REASON);
  expect(f, "never", WS_LF_UNPROVEN, WS_LF_SILENT);
  const ws_lf_choice *rare = find(f, "rare");
  double precision = (double)rare->dev_right / (double)rare->dev_votes;
  assert_true(precision > 0.45 && precision < 0.65);
  assert_true(find(f, "majority")->dev_right > DEV * 85 / 100);
  assert_true(ws_lf_selection_validated(f->selection));
}

/* Ten records prove little, but not where all of them get the same vote. */
static void a_constant_voter_is_rejected_however_small_dev_is(void **state) {
  static const plant plants[] = {{"majority", 0, 1, 1, NULL, 0},
                                 {"good", 1, 0.6, 0.02, NULL, 0}};
  fixture *f = *state;
  drawn *d = calloc(1, sizeof *d);
  assert_non_null(d);
  plant_all(f, plants, 2, 0, nine_to_one, 2);
  draw(f, 9, 10, d);
  ws_votes_free(f->made[2]);
  f->made[2] = build(f, d, 10, 0, 2, true);
  f->dev.candidates = f->made[2];
  free(d);
  select_lfs(f, true);
  expect(f, "majority", WS_LF_REJECTED, WS_LF_NO_LIFT);
  assert_int_equal(find(f, "good")->tier, WS_LF_UNPROVEN);
  assert_non_null(strstr(find(f, "majority")->evidence, "votes for 'c0' on all of dev"));
}

/* Of `rows` records the first `gold1` are of class 1, of which the LF votes for `right`,
 * and for `wrong` others. */
static const ws_class_lift *lift_of(fixture *f, size_t rows, size_t gold1, size_t right,
                                    size_t wrong) {
  static const plant plants[] = {{"lf", 1, 0.6, 0.02, NULL, 0}};
  drawn *d = calloc(1, sizeof *d);
  assert_non_null(d);
  plant_all(f, plants, 1, 0, even, 2);
  for (size_t i = 0; i < rows; i++) {
    bool votes = i < right || (i >= gold1 && i < gold1 + wrong);
    d->gold[i] = i < gold1;
    d->votes[0][i] = votes ? 1 : WS_ABSTAIN;
  }
  ws_votes_free(f->made[2]);
  f->made[2] = build(f, d, rows, 0, 1, true);
  f->dev.candidates = f->made[2];
  free(d);
  select_lfs(f, true);
  return &find(f, "lf")->lifts[1];
}

/* However rare the class is, one vote or two may be chance. */
static void a_vote_or_two_prove_nothing(void **state) {
  fixture *f = *state;
  assert_int_equal(lift_of(f, 400, 10, 1, 0)->tier, WS_LF_UNPROVEN);
  assert_non_null(strstr(find(f, "lf")->evidence, "fewer than 3 prove nothing"));
  assert_int_equal(lift_of(f, 400, 10, 2, 0)->tier, WS_LF_UNPROVEN);
  assert_int_equal(lift_of(f, 400, 10, 0, 2)->tier, WS_LF_UNPROVEN);
  assert_int_equal(lift_of(f, 400, 10, 3, 0)->tier, WS_LF_ACCEPTED);
}

/* A third of 9 records may be of a class that half of all are of. */
static void the_prior_is_uncertain_where_dev_is_small(void **state) {
  fixture *f = *state;
  const ws_class_lift *lift = lift_of(f, 9, 3, 3, 0);
  assert_true(lift->precision.low > lift->needed);
  assert_true(lift->certain.low < lift->needed);
  assert_int_equal(lift->tier, WS_LF_UNPROVEN);
  const double known[] = {0.67, 0.33};
  f->options.prior = known;
  lift = lift_of(f, 9, 3, 3, 0);
  assert_near(lift->certain.low, lift->precision.low, 1e-12);
  assert_int_equal(lift->tier, WS_LF_ACCEPTED);
}

/* Votes on records that were asked about for them make classes seem more frequent. */
static void the_prior_is_that_of_records_not_chosen(void **state) {
  fixture *f = *state;
  bool targeted[DEV] = {false};
  const ws_class_lift *lift = lift_of(f, 130, 100, 80, 4); // 100 were asked about
  assert_near(lift->prior, 100 / 130., 1e-12);
  assert_int_equal(lift->tier, WS_LF_ACCEPTED);
  lift = lift_of(f, 130, 100, 70, 8);
  assert_int_equal(lift->tier, WS_LF_UNPROVEN);
  for (size_t i = 10; i < 110; i++) targeted[i] = true;
  f->options.targeted = targeted;
  lift = lift_of(f, 130, 100, 70, 8);
  assert_near(lift->prior, 10 / 30., 1e-12);
  assert_int_equal(lift->votes, 78);
  assert_int_equal(lift->tier, WS_LF_ACCEPTED);
}

static void more_gold_makes_the_prior_more_certain(void **state) {
  fixture *f = *state;
  const uint64_t counts[] = {600, 300};
  double low = lift_of(f, 9, 3, 3, 0)->certain.low;
  f->options.counts = counts;
  const ws_class_lift *lift = lift_of(f, 9, 3, 3, 0);
  assert_near(lift->prior, 1 / 3., 1e-12);
  assert_true(lift->certain.low > low && lift->certain.low < lift->precision.low);
}

/* As `ws_selection_options.prior` says, and it is not replaced by dev's. */
static void a_balance_that_is_known_is_the_prior(void **state) {
  fixture *f = *state;
  const double known[] = {0.8, 0.2};
  ws_label_model_options model = ws_label_model_options_default();
  model.class_balance = known;
  model.class_count = 2;
  f->options.label_model = &model;
  assert_near(lift_of(f, 130, 100, 70, 8)->prior, 0.2, 1e-12);
}

static void one_class_without_lift_rejects(void **state) {
  fixture *f = *state;
  drawn *d = calloc(1, sizeof *d);
  static const plant plants[] = {{"both", 1, 0.9, 0.02, NULL, 0},
                                 {"sure", 1, 0.8, 0.1, NULL, 0}};
  assert_non_null(d);
  plant_all(f, plants, 2, 0, even, 2);
  draw(f, 3, DEV, d);
  for (size_t i = 0; i < DEV; i++) // for class 0 it is right in a third of its votes
    if (i % 2 && (d->gold[i] || i % 4 == 1)) d->votes[0][i] = 0;
  ws_votes_free(f->made[2]);
  f->made[2] = build(f, d, DEV, 0, 2, true);
  f->dev.candidates = f->made[2];
  free(d);
  select_lfs(f, true);
  expect(f, "both", WS_LF_REJECTED, WS_LF_NO_LIFT);
  const ws_class_lift *lifts = find(f, "both")->lifts;
  assert_int_equal(lifts[0].tier, WS_LF_REJECTED);
  assert_int_equal(lifts[1].tier, WS_LF_ACCEPTED);
  assert_non_null(strstr(find(f, "both")->evidence, "for 'c0' right in"));
  expect(f, "sure", WS_LF_ACCEPTED, WS_LF_NO_REASON);
}

static void wilsons_interval_is_as_published(void **state) {
  (void)state; // R. Newcombe: Two-sided confidence intervals, 1998, table I, method 3
  ws_interval a = ws_wilson_interval(81, 263, 0.95),
              b = ws_wilson_interval(15, 148, 0.95);
  assert_near(a.low, 0.2553, 0.00005);
  assert_near(a.high, 0.3662, 0.00005);
  assert_near(b.low, 0.0624, 0.00005);
  assert_near(b.high, 0.1605, 0.00005);
  ws_interval none = ws_wilson_interval(0, 20, 0.95),
              all = ws_wilson_interval(29, 29, 0.95);
  assert_near(none.low, 0, 0);
  assert_near(none.high, 0.1611, 0.00005);
  assert_near(all.high, 1, 0);
  assert_near(all.low, 0.8830, 0.00005);
  assert_true(isnan(ws_wilson_interval(0, 0, 0.95).low));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
  const struct CMUnitTest tests[] = {
      TEST(lift_over_the_prior_counts_not_accuracy),
      TEST(a_constant_voter_is_rejected_however_small_dev_is),
      TEST(a_vote_or_two_prove_nothing),
      TEST(the_prior_is_uncertain_where_dev_is_small),
      TEST(the_prior_is_that_of_records_not_chosen),
      TEST(more_gold_makes_the_prior_more_certain),
      TEST(a_balance_that_is_known_is_the_prior),
      TEST(one_class_without_lift_rejects),
      TEST(wilsons_interval_is_as_published),
  };
  ws_model_startup();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
