/* SPDX-License-Identifier: MIT
 *
 * Every kind of label model: golden vectors where there is a reference, what each
 * promises whatever the votes are, and that it comes back from its file.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <weaksup/label_model.h>
#include <weaksup/rng.h>

#include "../model/model_golden.h"
#include "label_model_priv.h"

static const char *const all[] = {"lift",        "hds",      "mv",  "weighted-mv",
                                  "dawid-skene", "one-coin", "ebcc"};
enum { KINDS = sizeof all / sizeof *all };
/* Those that never move a record away from the class for which all of its votes are. */
static const char *const unanimous[] = {"lift", "mv", "weighted-mv", "one-coin"};

static ws_label_model *fitted(const ws_votes *votes, ws_label_model_options options) {
  ws_label_model *model = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_label_model_fit(votes, &options, &model, &err), &err);
  return model;
}

/* --- golden vectors ----------------------------------------------------------------- */

static void hds_matches_the_reference_for_two_classes(void **state) {
  (void)state;
  const double raw[] = {0.9989997580, 0.9821492014, 0.9966973763, 0.9718294559,
                        0.9747951672, 0.9947131534, 0.9945689857, 0.5000000000,
                        0.9962778911, 0.9718294559, 0.9775812945, 0.9966973763};
  const double tempered[] = {0.9624886739, 0.9580417413, 0.9489485065, 0.9164941362,
                             0.9510554088, 0.9583870973, 0.9397560904, 0.5000000000,
                             0.9622798780, 0.9164941362, 0.9256411145, 0.9489485065};
  ws_votes *votes = ws_test_votes(K2, 2);
  ws_label_model *model = fitted(votes, (ws_label_model_options){.kind = "hds"});
  assert_int_equal(ws_label_model_iterations(model), 15);
  check_golden(votes, model, 1, raw, tempered);
  ws_label_model_free(model);
  ws_votes_free(votes);
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
  ws_votes *votes = ws_test_votes(K3, 3);
  ws_label_model *model = fitted(votes, (ws_label_model_options){.kind = "hds"});
  assert_int_equal(ws_label_model_iterations(model), 48);
  check_golden(votes, model, 0, raw, tempered);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

/* --- what every kind promises ------------------------------------------------------- */

static void check_sound(const ws_votes *votes, const ws_label_model *model) {
  size_t K = ws_votes_classes(votes);
  for (int raw = 0; raw < 2; raw++) {
    ws_labels *labels = predicted(model, votes, raw == 1);
    for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
      const double *probs = ws_labels_get(labels, u);
      double sum = 0;
      for (size_t k = 0; k < K; k++) {
        assert_true(probs[k] >= 0 && probs[k] <= 1);
        sum += probs[k];
      }
      assert_near(sum, 1, 1e-12);
    }
    ws_labels_free(labels);
  }
}

static const char *const strange[] = {
    "---",                  // one record, no vote
    "--- --- ---",          // nothing at all
    "0",                    // one vote in all
    "1 1 1 - 1",            // one LF, one class
    "0 1 1 - 0",            // one LF, both classes
    "01 10 11 -0 1-",       // two LFs
    "0-1 1-1 1-- --0",      // an LF that never votes
    "00- 01- 000 0-1",      // one that always votes
    "00 00 00 0- -0",       // a class nobody votes for
    "01 01 01 01",          // always in conflict
    "111111 000000 111111", // all the same
    "0- -1 0- -1",          // never on one record
};

/* Encodes, loads, and compares the bytes and the predictions. */
static void check_file(const ws_votes *votes, const ws_label_model *model) {
  char *folder = ws_test_folder();
  ws_buffer once = {0}, twice = {0};
  ws_label_model *again = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_label_model_encode(model, &once, &err), &err);
  char *path = ws_test_file(folder, "label_model.json", once.data, once.size);
  assert_ok(ws_label_model_load(path, &again, &err), &err);
  assert_ok(ws_label_model_encode(again, &twice, &err), &err);
  assert_string_equal(once.data, twice.data);
  ws_labels *a = predicted(model, votes, false), *b = predicted(again, votes, false);
  for (size_t u = 0; u < ws_votes_patterns(votes); u++)
    assert_memory_equal(ws_labels_get(a, u), ws_labels_get(b, u),
                        ws_votes_classes(votes) * sizeof(double));
  ws_labels_free(a);
  ws_labels_free(b);
  ws_label_model_free(again);
  ws_buffer_clear(&once);
  ws_buffer_clear(&twice);
  free(path);
  ws_test_remove_folder(folder);
}

static void strange_votes_give_sound_posteriors_of_every_kind(void **state) {
  (void)state;
  const double balance[] = {0.9, 0.1};
  for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
    ws_votes *votes = ws_test_votes(strange[i], 2);
    for (size_t kind = 0; kind < 3 * KINDS; kind++) {
      ws_label_model_options options = {.kind = all[kind % KINDS]};
      options.class_balance = kind < KINDS ? NULL : balance;
      options.class_count = 2;
      options.balance_in_em = kind >= 2 * KINDS;
      ws_label_model *model = fitted(votes, options);
      check_sound(votes, model);
      check_file(votes, model);
      ws_label_model_free(model);
    }
    ws_votes_free(votes);
  }
}

/* `records` of `lfs` votes each, all for `label`. */
static char *wall(size_t records, size_t lfs, char label) {
  char *picture = malloc(records * (lfs + 1)), *at = picture;
  for (size_t i = 0; i < records; i++) {
    for (size_t j = 0; j < lfs; j++) *at++ = label;
    *at++ = i + 1 < records ? ' ' : '\0';
  }
  return picture;
}

static void five_hundred_votes_on_a_record_are_no_nan(void **state) {
  (void)state;
  char *ones = wall(3, 500, '1'), *picture = malloc(5 * 501);
  snprintf(picture, 5 * 501, "%s %s", ones, "0");
  memset(picture + 3 * 501, '0', 500);
  picture[3 * 501 + 500] = '\0';
  ws_votes *votes = ws_test_votes(picture, 2);
  for (size_t kind = 0; kind < KINDS; kind++) {
    ws_label_model *model = fitted(votes, (ws_label_model_options){.kind = all[kind]});
    check_sound(votes, model);
    ws_labels *labels = predicted(model, votes, false);
    assert_true(row(labels, votes, 0)[1] > 0.5);
    ws_labels_free(labels);
    ws_label_model_free(model);
  }
  ws_votes_free(votes);
  free(ones);
  free(picture);
}

static void where_all_vote_for_a_class_every_kind_says_so(void **state) {
  (void)state;
  const char *const pictures[] = {"1 1 1", "11 11 1- -1", "111111",
                                  "1111 1--- --11 ----"};
  for (size_t i = 0; i < 4; i++)
    for (size_t kind = 0; kind < KINDS; kind++) {
      ws_votes *votes = ws_test_votes(pictures[i], 2);
      ws_label_model *model = fitted(votes, (ws_label_model_options){.kind = all[kind]});
      ws_labels *labels = predicted(model, votes, false);
      assert_true(row(labels, votes, 0)[1] > 0.5);
      ws_labels_free(labels);
      ws_label_model_free(model);
      ws_votes_free(votes);
    }
}

/* Random votes of `lfs` LFs, some of which only vote for one class. */
static char *random_votes(ws_rng *rng, size_t records, size_t lfs, unsigned classes) {
  char *picture = malloc(records * (lfs + 1)), *at = picture;
  for (size_t i = 0; i < records; i++) {
    for (size_t j = 0; j < lfs; j++) {
      uint64_t k = j % 3 ? ws_rng_below(rng, classes) : j % classes;
      *at++ = ws_rng_below(rng, 10) < 5 ? '-' : (char)('0' + k);
    }
    *at++ = i + 1 < records ? ' ' : '\0';
  }
  return picture;
}

/* The class that all votes of the pattern are for, or -1. */
static int64_t only_class(ws_pattern pattern, size_t K) {
  if (pattern.size == 0) return -1;
  for (size_t i = 1; i < pattern.size; i++)
    if (pattern.columns[i] % K != pattern.columns[0] % K) return -1;
  return (int64_t)(pattern.columns[0] % K);
}

static void votes_that_agree_are_never_overruled(void **state) {
  (void)state;
  ws_rng rng;
  ws_rng_init(&rng, 7);
  for (size_t round = 0; round < 40; round++) {
    unsigned K = 2 + (unsigned)round % 3;
    char *picture = random_votes(&rng, 30, 7, K);
    ws_votes *votes = ws_test_votes(picture, (int)K);
    for (size_t kind = 0; kind < sizeof unanimous / sizeof *unanimous; kind++) {
      ws_label_model *model =
          fitted(votes, (ws_label_model_options){.kind = unanimous[kind]});
      ws_labels *labels = predicted(model, votes, false);
      for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
        int64_t k = only_class(ws_votes_pattern(votes, u), K);
        if (k >= 0) assert_int_equal(ws_probs_argmax(ws_labels_get(labels, u), K), k);
      }
      ws_labels_free(labels);
      ws_label_model_free(model);
    }
    ws_votes_free(votes);
    free(picture);
  }
}

/* --- order -------------------------------------------------------------------------- */

/* The votes of the picture with records, LFs and classes in other places; lf_at[j] and
 * class_at[k] are where LF j and class k went; records are reversed. Names move along. */
static ws_votes *rearranged(const ws_votes *votes, const size_t *lf_at,
                            const size_t *class_at) {
  size_t M = ws_votes_lfs(votes), K = ws_votes_classes(votes), N = ws_votes_rows(votes);
  ws_text names[8];
  ws_task *task = NULL;
  ws_votes_builder *builder = NULL;
  ws_votes *out = NULL;
  uint32_t at;
  for (size_t k = 0; k < K; k++) names[class_at[k]] = ws_votes_class(votes, k);
  assert_ok(ws_task_new(names, K, &task, NULL), NULL);
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (size_t to = 0; to < M; to++)
    for (size_t j = 0; j < M; j++)
      if (lf_at[j] == to)
        assert_ok(ws_votes_builder_lf(builder, ws_votes_lf(votes, j), &at, NULL), NULL);
  for (size_t i = N; i-- > 0;) {
    ws_pattern p = ws_votes_pattern(votes, ws_votes_row_pattern(votes, i));
    ws_vote cells[16];
    size_t count = 0;
    for (size_t to = 0; to < M; to++)
      for (size_t v = 0; v < p.size; v++)
        if (lf_at[p.columns[v] / K] == to)
          cells[count++] = (ws_vote){(uint32_t)to, (int32_t)class_at[p.columns[v] % K]};
    assert_ok(ws_votes_builder_add(builder, ws_text_of(""), WS_ABSTAIN, cells, count),
              NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &out), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return out;
}

static void permuted_votes_give_permuted_posteriors(void **state) {
  (void)state;
  static const size_t lf_at[] = {3, 0, 6, 1, 5, 2, 4}, class_at[] = {2, 0, 1};
  ws_rng rng;
  ws_rng_init(&rng, 11);
  char *picture = random_votes(&rng, 40, 7, 3);
  ws_votes *a = ws_test_votes(picture, 3), *b = rearranged(a, lf_at, class_at);
  for (size_t kind = 0; kind < KINDS; kind++) {
    ws_label_model_options options = {.kind = all[kind]};
    ws_label_model *of_a = fitted(a, options), *of_b = fitted(b, options);
    ws_labels *in_a = predicted(of_a, a, false), *in_b = predicted(of_b, b, false);
    size_t N = ws_votes_rows(a);
    for (size_t i = 0; i < N; i++)
      for (size_t k = 0; k < 3; k++)
        assert_near(row(in_b, b, N - 1 - i)[class_at[k]], row(in_a, a, i)[k], 1e-7);
    ws_labels_free(in_a);
    ws_labels_free(in_b);
    ws_label_model_free(of_a);
    ws_label_model_free(of_b);
  }
  ws_votes_free(a);
  ws_votes_free(b);
  free(picture);
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
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws_votes *votes = ws_test_votes(cases[i].picture, 2);
    ws_label_model *model = fitted(votes, ws_label_model_options_default());
    assert_string_equal(ws_label_model_kind(model), cases[i].kind);
    assert_non_null(strstr(ws_label_model_why(model).data, cases[i].why));
    ws_label_model_free(model);
    model = fitted(votes, (ws_label_model_options){.kind = cases[i].kind});
    assert_int_equal(ws_label_model_why(model).size, 0);
    ws_label_model_free(model);
    ws_votes_free(votes);
  }
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
    ws_label_model *model = fitted(votes, ws_label_model_options_default());
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
  ws_label_model *model = fitted(votes, options);
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
      fitted(fit, (ws_label_model_options){
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
      cmocka_unit_test(strange_votes_give_sound_posteriors_of_every_kind),
      cmocka_unit_test(five_hundred_votes_on_a_record_are_no_nan),
      cmocka_unit_test(where_all_vote_for_a_class_every_kind_says_so),
      cmocka_unit_test(votes_that_agree_are_never_overruled),
      cmocka_unit_test(permuted_votes_give_permuted_posteriors),
      cmocka_unit_test(auto_takes_what_suits_the_votes),
      cmocka_unit_test(too_few_votes_are_said),
      cmocka_unit_test(an_unknown_kind_is_refused),
      cmocka_unit_test(a_balance_moves_every_kind_but_mv),
      cmocka_unit_test(a_weighted_vote_counts_log_odds),
      cmocka_unit_test(a_silent_one_keeps_its_prior),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
