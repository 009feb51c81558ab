/* SPDX-License-Identifier: MIT
 *
 * The kinds of label models: golden vectors where there is a reference, which one auto
 * takes, and what a balance does to them. test_model_promises.c: what all have in common.
 */
#include <math.h>

#include <weaksup/label_model.h>

#include "../model/model_golden.h"

/* --- golden vectors ----------------------------------------------------------------- */

static void check_hds(const char *picture, int K, unsigned iterations, size_t first,
                      const double *raw, const double *tempered) {
  ws_label_model_options options = {.kind = "hds"};
  check_fit(picture, K, options, iterations, first, raw, tempered);
}

static void hds_matches_the_reference_for_two_classes(void **state) {
  (void)state;
  const double raw[] = {0.9989997580, 0.9821492014, 0.9966973763, 0.9718294559,
                        0.9747951672, 0.9947131534, 0.9945689857, 0.5000000000,
                        0.9962778911, 0.9718294559, 0.9775812945, 0.9966973763};
  const double tempered[] = {0.9624886739, 0.9580417413, 0.9489485065, 0.9164941362,
                             0.9510554088, 0.9583870973, 0.9397560904, 0.5000000000,
                             0.9622798780, 0.9164941362, 0.9256411145, 0.9489485065};
  check_hds(K2, 2, 15, 1, raw, tempered);
}

static void hds_matches_the_reference_for_three_classes(void **state) {
  (void)state;
  const double raw[] = {
      0.1127739226, 0.8678788430, 0.0193472345, 0.3656324396, 0.1986767485, 0.4356908119,
      0.0171825744, 0.0552110989, 0.9276063266, 0.0030880037, 0.9936522914, 0.0032597050,
      0.9754686065, 0.0110009094, 0.0135304841, 0.0093951437, 0.0101686296, 0.9804362267,
      0.0022243316, 0.9877439091, 0.0100317592, 0.5978539350, 0.2354014977, 0.1667445674,
      0.0283886511, 0.9459237094, 0.0256876395, 0.0011125319, 0.0016445473, 0.9972429207};
  const double tempered[] = {
      0.1733522035, 0.7696060228, 0.0570417736, 0.3596428001, 0.2312008278, 0.4091563721,
      0.0547299173, 0.1100906336, 0.8351794491, 0.0275938699, 0.9443478218, 0.0280583083,
      0.9053700530, 0.0448804226, 0.0497495245, 0.0418217446, 0.0434001574, 0.9147780981,
      0.0361685795, 0.8971684169, 0.0666630036, 0.5846279049, 0.2402980895, 0.1750740057,
      0.0436358853, 0.9152941906, 0.0410699242, 0.0298045272, 0.0334395735, 0.9367558993};
  check_hds(K3, 3, 48, 0, raw, tempered);
}

/* --- auto, and what is said ----------------------------------------------------------
 */

static void auto_takes_what_suits_the_votes(void **state) {
  (void)state;
  const struct {
    const char *picture, *kind, *why;
  } cases[] = {
      {"01 10 11 00 01", "hds",
       "like annotators: 100.0 % of the records have a vote and "
       "100.0 % of the votes"},
      {"0-- -1- 0-1 -11 01-", "lift",
       "like rules: 100.0 % of the records have a vote and "
       "0.0 % of the votes"},
      {"01 10 11 -- 01", "lift", "80.0 % of the records"},
      {"01 10 --", "lift", "66.7 % of the records"}, // as the table has it, 0.667
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws_votes *votes = ws_test_votes(cases[i].picture, 2);
    ws_label_model *model = fitted_by(votes, ws_label_model_options_default());
    assert_string_equal(ws_label_model_kind(model), cases[i].kind);
    assert_non_null(strstr(ws_label_model_why(model).data, cases[i].why));
    ws_label_model_free(model);
    model = fitted_by(votes, (ws_label_model_options){.kind = cases[i].kind});
    assert_int_equal(ws_label_model_why(model).size, 0);
    ws_label_model_free(model);
    ws_votes_free(votes);
  }
}

/* 95 of 96, 0.9896, does not reach the bound of 99 %, and is not shown as if it did. */
static void a_share_is_not_rounded_up_to_a_bound(void **state) {
  (void)state;
  char picture[96 * 3] = "";
  for (int i = 0; i < 95; i++) strcat(picture, i % 2 ? "10 " : "01 ");
  strcat(picture, "--");
  ws_votes *votes = ws_test_votes(picture, 2);
  ws_label_model *model = fitted_by(votes, ws_label_model_options_default());
  assert_string_equal(ws_label_model_kind(model), "lift");
  assert_non_null(
      strstr(ws_label_model_why(model).data, "98.9 % of the records have a vote"));
  ws_label_model_free(model);
  ws_votes_free(votes);
}

static void too_few_votes_are_said(void **state) {
  (void)state;
  const struct {
    const char *picture, *note;
  } cases[] = {
      {"0 1 1", "1 of them vote, 0.0 %"},
      {"01 10 --", "2 of them vote, 100.0 %"},
      {"0-- -1- --1", "3 of them vote, 0.0 %"},
      {"--- ---", "there are no votes"},
      {"01- 1-1 -11", NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws_votes *votes = ws_test_votes(cases[i].picture, 2);
    ws_label_model *model = fitted_by(votes, ws_label_model_options_default());
    ws_text note = ws_label_model_note(model);
    if (cases[i].note)
      assert_non_null(strstr(note.data, cases[i].note));
    else
      assert_int_equal(note.size, 0);
    ws_label_model_free(model);
    ws_votes_free(votes);
  }
}

static void an_unknown_kind_is_refused(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("01 10", 2);
  ws_label_model *model = NULL;
  ws_error err = WS_ERROR_INIT;
  ws_label_model_options options = {.kind = "best"};
  assert_status(WS_EINVAL, ws_label_model_fit(votes, &options, &model, &err));
  assert_message(&err, "label model: expected auto, lift, hds, mv, weighted-mv, "
                       "dawid-skene, one-coin or ebcc, found 'best'");
  ws_votes_free(votes);
}

/* --- the balance and the weighted vote ------------------------------------------------
 */

/* P(class 1) of the first record. */
static double first(const ws_votes *votes, ws_label_model_options options) {
  ws_label_model *model = fitted_by(votes, options);
  ws_labels *labels = predicted(model, votes, true);
  double p = row(labels, votes, 0)[1];
  ws_labels_free(labels);
  ws_label_model_free(model);
  return p;
}

static void a_balance_moves_every_kind_but_mv(void **state) {
  (void)state;
  const double rare[] = {0.95, 0.05}, common[] = {0.05, 0.95};
  ws_votes *votes = ws_test_votes("01-- 110- 01-1 -100 0--0 1-11 0100", 2);
  for (size_t kind = 0; kind < 2 * KINDS; kind++) {
    ws_label_model_options options = {.kind = all[kind % KINDS], .class_count = 2};
    options.balance_in_em = kind >= KINDS;
    options.class_balance = rare;
    double low = first(votes, options);
    options.class_balance = common;
    double high = first(votes, options);
    if (strcmp(options.kind, "mv") == 0)
      assert_near(low, high, 0);
    else
      assert_true(low < high);
  }
  ws_votes_free(votes);
}

static void a_weighted_vote_counts_log_odds(void **state) {
  (void)state;
  const double priors[] = {0.9, 0.6, 0}, balance[] = {0.75, 0.25};
  ws_votes *votes = ws_test_votes("01- 0-1 11- -00", 2);
  ws_label_model_options options = {.kind = "weighted-mv"};
  assert_near(first(votes, options), 0.5, 1e-15);
  options.class_balance = balance;
  options.class_count = 2;
  assert_near(first(votes, options), 0.25, 1e-15);
  options.priors = priors;
  options.prior_count = 3;
  double strong = log(9) * 0.75, weak = log(1.5) * 0.25;
  assert_near(first(votes, options), weak / (strong + weak), 1e-12);
  ws_votes_free(votes);
}

/* The prior is an LF's own, whether or not it voted when the model was fitted. */
static void a_silent_one_keeps_its_prior(void **state) {
  (void)state;
  const double priors[] = {0.9, 0, 0};
  ws_votes *fit = ws_test_votes("-01 -00 -11", 2), *votes = ws_test_votes("01-", 2);
  ws_label_model *model =
      fitted_by(fit, (ws_label_model_options){
                         .kind = "weighted-mv", .priors = priors, .prior_count = 3});
  ws_labels *labels = predicted(model, votes, true);
  assert_near(row(labels, votes, 0)[1], log(4) / (log(9) + log(4)), 1e-12);
  ws_labels_free(labels);
  ws_label_model_free(model);
  ws_votes_free(votes);
  ws_votes_free(fit);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(hds_matches_the_reference_for_two_classes),
      cmocka_unit_test(hds_matches_the_reference_for_three_classes),
      cmocka_unit_test(auto_takes_what_suits_the_votes),
      cmocka_unit_test(a_share_is_not_rounded_up_to_a_bound),
      cmocka_unit_test(too_few_votes_are_said),
      cmocka_unit_test(an_unknown_kind_is_refused),
      cmocka_unit_test(a_balance_moves_every_kind_but_mv),
      cmocka_unit_test(a_weighted_vote_counts_log_odds),
      cmocka_unit_test(a_silent_one_keeps_its_prior),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
