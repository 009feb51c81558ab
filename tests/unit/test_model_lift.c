/* SPDX-License-Identifier: MIT
 *
 * LIFT and its tempering: golden vectors of the reference implementation, votes that
 * could trip it, and what must hold whatever the votes are.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/label_model.h>
#include <weaksup/rng.h>

#include "../model/model_golden.h"
#include "label_model_priv.h"

static ws_label_model_options lift_with(const double *balance) {
  ws_label_model_options options = ws_label_model_options_default();
  options.kind = "lift";
  options.class_balance = balance;
  return options;
}

static ws_label_model *fitted(const ws_votes *votes, const double *balance) {
  ws_label_model_options options = lift_with(balance);
  options.class_count = ws_votes_classes(votes);
  return fitted_by(votes, options);
}

/* --- golden vectors ----------------------------------------------------------------- */

static void check_lift(const char *picture, int K, const double *balance,
                       unsigned iterations, size_t first, const double *raw,
                       const double *tempered) {
  ws_label_model_options options = lift_with(balance);
  options.class_count = (size_t)K;
  check_fit(picture, K, options, iterations, first, raw, tempered);
}

static void two_classes_match_the_reference(void **state) {
  (void)state;
  const double raw[] = {0.6760822289, 0.7263620571, 0.9734712937, 0.0714631589,
                        0.2190916399, 0.4401834135, 0.1696393705, 0.5000000000,
                        0.8815084289, 0.0714631589, 0.5805131998, 0.9734712937};
  const double tempered[] = {0.6412341954, 0.7150439542, 0.9300397790, 0.1091356267,
                             0.2331370579, 0.4482972819, 0.2247266821, 0.5000000000,
                             0.8430337097, 0.1091356267, 0.5696391694, 0.9300397790};
  check_lift(K2, 2, NULL, 15, 1, raw, tempered);
}

static void a_known_balance_matches_the_reference(void **state) {
  (void)state;
  const double balance[] = {0.8, 0.2};
  const double raw[] = {0.3428837798, 0.3988997423, 0.9017078643, 0.0188775783,
                        0.0655428235, 0.1642812715, 0.0485922061, 0.2000000000,
                        0.6503318875, 0.0188775783, 0.2570393529, 0.9017078643};
  const double tempered[] = {0.3743235679, 0.4039547552, 0.8455807823, 0.0504754147,
                             0.0872656823, 0.2013241160, 0.0984944582, 0.2000000000,
                             0.6305283154, 0.0504754147, 0.2870991759, 0.8455807823};
  check_lift(K2, 2, balance, 15, 1, raw, tempered);
}

static void three_classes_match_the_reference(void **state) {
  (void)state;
  const double raw[] = {
      0.6193768089, 0.3034742321, 0.0771489590, 0.5588099003, 0.0696048052, 0.3715852946,
      0.0197723458, 0.0197723458, 0.9604553084, 0.0505677062, 0.8988645875, 0.0505677062,
      0.9711574125, 0.0144212937, 0.0144212937, 0.0196301948, 0.0196301948, 0.9607396104,
      0.0414697416, 0.7371440179, 0.2213862405, 0.8005648722, 0.0997175639, 0.0997175639,
      0.1685313513, 0.6629372975, 0.1685313513, 0.0022354922, 0.0022354922, 0.9955290155};
  const double tempered[] = {
      0.5843988133, 0.3134756314, 0.1021255553, 0.5327987674, 0.0943583669, 0.3728428658,
      0.0429622146, 0.0429622146, 0.9140755708, 0.0772394269, 0.8455211461, 0.0772394269,
      0.9270238786, 0.0364880607, 0.0364880607, 0.0427931105, 0.0427931105, 0.9144137789,
      0.0758887443, 0.6682967910, 0.2558144647, 0.7772032952, 0.1113983524, 0.1113983524,
      0.1767714504, 0.6464570993, 0.1767714504, 0.0224894807, 0.0224894807, 0.9550210386};
  check_lift(K3, 3, NULL, 5, 0, raw, tempered);
}

/* --- what must always hold ---------------------------------------------------------- */

/* No NaN, sums of 1, for what the labels hold and for what the model reports. */
static void check_sound(const ws_votes *votes, const double *balance) {
  size_t K = ws_votes_classes(votes);
  ws_label_model *model = fitted(votes, balance);
  check_distributions(votes, model);
  assert_true(ws_label_model_mean_max(model) <=
              ws_label_model_mean_max_raw(model) + 1e-12);
  assert_true(ws_label_model_mean_max(model) >= 1 / (double)K - 1e-12);
  for (size_t c = 0; c < model->C; c++) {
    const ws__column *column = &model->columns[c];
    assert_true(column->h > 0 && column->h < 1 && column->f > 0 && column->f < 1);
    assert_true(column->omega > 0 && column->omega <= 1);
    assert_true(column->accuracy >= 0 && column->accuracy <= 1);
  }
  ws_label_model_free(model);
}

static void strange_votes_give_sound_posteriors(void **state) {
  (void)state;
  const double balance[] = {0.999, 0.001};
  for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
    ws_votes *votes = ws_test_votes(strange[i], 2);
    check_sound(votes, NULL);
    check_sound(votes, balance);
    ws_votes_free(votes);
  }
}

/* 500 LFs; on every fifth record only 72 of them vote. */
static void hundreds_of_votes_on_a_record_do_not_overflow(void **state) {
  (void)state;
  enum { N = 60, M = 500 };
  char *picture = malloc(N * (M + 1)), *at = picture;
  for (size_t i = 0; i < N; i++) {
    for (size_t j = 0; j < M; j++)
      *at++ = i % 5 == 4 && j % 7 ? '-' : (char)('0' + (i * (j % 11 == 0) + i / 2) % 3);
    *at++ = i + 1 < N ? ' ' : '\0';
  }
  ws_votes *votes = ws_test_votes(picture, 3);
  check_sound(votes, NULL);
  ws_votes_free(votes);
  free(picture);
}

/* A picture whose columns are taken in another order. */
static void permute(const char *picture, const size_t *order, size_t M, char *out) {
  strcpy(out, picture);
  for (size_t at = 0; picture[at]; at += M + (picture[at + M] == ' '))
    for (size_t j = 0; j < M; j++) out[at + j] = picture[at + order[j]];
}

static void permuting_lfs_permutes_the_answer(void **state) {
  (void)state;
  const size_t order[] = {2, 0, 3, 1};
  char other[sizeof K2];
  permute(K2, order, 4, other);
  ws_votes *a = ws_test_votes(K2, 2), *b = ws_test_votes(other, 2);
  ws_label_model *model_a = fitted(a, NULL), *model_b = fitted(b, NULL);
  ws_labels *labels_a = predicted(model_a, a, false),
            *labels_b = predicted(model_b, b, false);
  for (size_t i = 0; i < ws_votes_rows(a); i++)
    assert_near(row(labels_b, b, i)[1], row(labels_a, a, i)[1], 1e-12);
  for (size_t j = 0; j < 4; j++)
    assert_near(ws_label_model_accuracy(model_b, j),
                ws_label_model_accuracy(model_a, order[j]), 1e-12);
  ws_labels_free(labels_a);
  ws_labels_free(labels_b);
  ws_label_model_free(model_a);
  ws_label_model_free(model_b);
  ws_votes_free(a);
  ws_votes_free(b);
}

static void the_order_of_records_leaves_every_byte_as_it_is(void **state) {
  (void)state;
  ws_votes *a = ws_test_votes("11-0 1--- 111- --00 ---0 -1-0 ---- 11--", 2);
  ws_votes *b = ws_test_votes("---0 11-- 1--- ---- --00 11-0 -1-0 111-", 2);
  ws_label_model *model_a = fitted(a, NULL), *model_b = fitted(b, NULL);
  ws_buffer bytes_a = {0}, bytes_b = {0};
  assert_ok(ws_label_model_encode(model_a, &bytes_a, NULL), NULL);
  assert_ok(ws_label_model_encode(model_b, &bytes_b, NULL), NULL);
  assert_int_equal(bytes_a.size, bytes_b.size);
  assert_memory_equal(bytes_a.data, bytes_b.data, bytes_a.size);
  ws_buffer_clear(&bytes_a);
  ws_buffer_clear(&bytes_b);
  ws_label_model_free(model_a);
  ws_label_model_free(model_b);
  ws_votes_free(a);
  ws_votes_free(b);
}

/* --- learning ----------------------------------------------------------------------- */

enum { RULES = 12, RECORDS = 20000 };
static const double precisions[RULES] = {0.95, 0.65, 0.85, 0.75, 0.90, 0.70,
                                         0.80, 0.60, 0.95, 0.85, 0.75, 0.90};

/* Rule j votes for class j mod 2 on 15 % of the records, independently of the others
 * given the class, and is right as often as `precisions` says. */
static ws_votes *drawn_votes(ws_rng *rng) {
  ws_task *task = ws_test_task("A,B");
  ws_votes_builder *builder = NULL;
  ws_votes *votes = NULL;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (size_t j = 0; j < RULES; j++) {
    char name[24];
    uint32_t lf;
    snprintf(name, sizeof name, "lf%zu", j);
    assert_ok(ws_votes_builder_lf(builder, ws_text_of(name), &lf, NULL), NULL);
  }
  for (size_t i = 0; i < RECORDS; i++) {
    ws_vote list[RULES];
    size_t count = 0;
    int32_t class = (int32_t)ws_rng_below(rng, 2);
    for (size_t j = 0; j < RULES; j++) {
      int32_t label = (int32_t)(j % 2);
      double right = label == class ? precisions[j] : 1 - precisions[j];
      if (ws_rng_uniform(rng) < 0.3 * right)
        list[count++] = (ws_vote){(uint32_t)j, label};
    }
    char id[24];
    snprintf(id, sizeof id, "%zu", i);
    assert_ok(ws_votes_builder_add(builder, ws_text_of(id), class, list, count), NULL);
  }
  assert_ok(ws_votes_builder_finish(builder, &votes), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return votes;
}

/* The model is that of the draw, so the estimates differ from the truth by sampling (3000
 * votes an LF, standard error below .01) and by what LIFT believes beforehand: equal
 * classes, a precision of .8 and a lift within 2 .. 30. The reference implementation errs
 * by up to .04. */
static void known_accuracies_are_recovered(void **state) {
  (void)state;
  ws_rng rng;
  ws_rng_init(&rng, 7);
  ws_votes *votes = drawn_votes(&rng);
  ws_label_model *model = fitted(votes, NULL);
  for (size_t j = 0; j < RULES; j++) {
    assert_near(ws_label_model_accuracy(model, j), precisions[j], 0.05);
    assert_near(ws_label_model_accuracy_for(model, j, j % 2),
                ws_label_model_accuracy(model, j), 1e-12);
    assert_true(isnan(ws_label_model_accuracy_for(model, j, 1 - j % 2)));
  }
  ws_label_model_free(model);
  ws_votes_free(votes);
}

/* --- a second look ------------------------------------------------------------------ */

static ws_votes *repeated(const char *const *rows, const size_t *times, size_t count,
                          int K) {
  static char picture[8192];
  size_t width = strlen(rows[0]) + 1, at = 0;
  for (size_t g = 0; g < count; g++)
    for (size_t i = 0; i < times[g]; i++, at += width) {
      assert_true(at + width <= sizeof picture);
      memcpy(picture + at, rows[g], width - 1);
      picture[at + width - 1] = ' ';
    }
  picture[at - 1] = '\0';
  return ws_test_votes(picture, K);
}

static ws_label_model *fitted_at_first(const ws_votes *votes) {
  ws_label_model_options options = ws_label_model_options_default();
  ws_label_model *model = NULL;
  options.kind = "lift";
  options.first_look = true;
  assert_ok(ws_label_model_fit(votes, &options, &model, NULL), NULL);
  return model;
}

static void standing_alone_is_no_reason_to_distrust(void **state) {
  (void)state;
  static const char *const rows[] = {"0---", "-1--", "--2-", "---3"};
  static const size_t times[] = {550, 250, 120, 100};
  ws_votes *votes = repeated(rows, times, 4, 6);
  ws_label_model *first = fitted_at_first(votes), *model = fitted(votes, NULL);
  assert_true(ws_label_model_accuracy_for(first, 0, 0) < 0.5); // by silence alone
  for (size_t j = 0; j < 4; j++) // nothing but the prior speaks of it
    assert_near(ws_label_model_accuracy_for(model, j, j), 0.8, 1e-9);
  ws_label_model_free(first);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

/* LF 0 votes for class 0 where LFs 1 and 2, who are right elsewhere, say class 1. */
static void whom_others_contradict_stays_distrusted(void **state) {
  (void)state;
  static const char *const rows[] = {"011--", "-11--", "---00", "0----"};
  static const size_t times[] = {60, 200, 200, 5};
  ws_votes *votes = repeated(rows, times, 4, 2);
  ws_label_model *first = fitted_at_first(votes), *model = fitted(votes, NULL);
  assert_true(ws_label_model_accuracy_for(model, 0, 0) < 0.5);
  assert_near(ws_label_model_accuracy_for(model, 0, 0),
              ws_label_model_accuracy_for(first, 0, 0), 0.05);
  ws_label_model_free(first);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

static bool stop_at_two(void *user, const ws_progress *progress) {
  size_t *calls = user;
  assert_string_equal(progress->stage, "fitting");
  assert_string_equal(progress->unit, "iterations");
  ++*calls;
  return progress->done < 2;
}

static void progress_can_stop_a_fit(void **state) {
  (void)state;
  size_t calls = 0;
  ws_votes *votes = ws_test_votes(K2, 2);
  ws_label_model_options options = ws_label_model_options_default();
  options.progress = (ws_progress_sink){stop_at_two, &calls};
  ws_label_model *model = NULL;
  assert_status(WS_ESTOPPED, ws_label_model_fit(votes, &options, &model, NULL));
  assert_null(model);
  assert_int_equal(calls, 3);
  ws_votes_free(votes);
}

static ws_status fit_and_predict(void *user) {
  ws_label_model *model = NULL;
  ws_labels *labels = NULL;
  ws_status status = ws_label_model_fit(user, NULL, &model, NULL);
  if (status == WS_OK) status = ws_label_model_predict(model, user, &labels, NULL);
  ws_labels_free(labels);
  ws_label_model_free(model);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes(K3, 3);
  ws_test_every_allocation_failure(fit_and_predict, votes);
  ws_votes_free(votes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_classes_match_the_reference),
      cmocka_unit_test(a_known_balance_matches_the_reference),
      cmocka_unit_test(three_classes_match_the_reference),
      cmocka_unit_test(strange_votes_give_sound_posteriors),
      cmocka_unit_test(hundreds_of_votes_on_a_record_do_not_overflow),
      cmocka_unit_test(permuting_lfs_permutes_the_answer),
      cmocka_unit_test(the_order_of_records_leaves_every_byte_as_it_is),
      cmocka_unit_test(known_accuracies_are_recovered),
      cmocka_unit_test(standing_alone_is_no_reason_to_distrust),
      cmocka_unit_test(whom_others_contradict_stays_distrusted),
      cmocka_unit_test(progress_can_stop_a_fit),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
