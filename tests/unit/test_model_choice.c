/* SPDX-License-Identifier: MIT
 *
 * Choosing between losses by cross-validation on gold labels.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/cross_validation.h>

#include "temperature.h"
#include "ws_test_features.h"

enum { ROWS = 60 };

static const ws_text names[] = {{"c0", 2}, {"c1", 2}};

/* A word tells the class; another one is noise. */
static ws_status fill(ws_features *features, int32_t *gold) {
  for (int i = 0; i < ROWS; i++) {
    char text[32];
    snprintf(text, sizeof text, "%s n%d", i % 2 ? "yes" : "no", i % 7);
    ws_record record = record_of(text);
    gold[i] = i % 2;
    WS_TRY(ws_features_add(features, &record, NULL));
  }
  return WS_OK;
}

static ws_status choose(const ws_choice_options *how, ws_choice *choice) {
  int32_t gold[ROWS];
  ws_features_options what = {.blocks = "words(text)", .hash_bits = 18};
  ws_training_options options = ws_training_options_default();
  ws_training_report report;
  ws_features *features = NULL;
  ws_classifier *classifier = NULL;
  options.classifier.threads = 1;
  ws_status status = ws_features_new(&what, &features, NULL);
  if (status == WS_OK) status = fill(features, gold);
  ws_training_rows rows = {.gold = gold};
  if (status == WS_OK)
    status = ws_training_choose(features, &rows, names, 2, &options, how, &classifier,
                                &report, choice, NULL);
  ws_classifier_free(classifier);
  ws_features_free(features);
  return status;
}

static void losses_and_both_together_are_compared(void **state) {
  (void)state;
  ws_choice choice;
  assert_ok(choose(&(ws_choice_options){.losses = true}, &choice), NULL);
  assert_null(choice.why_not);
  assert_int_equal(choice.count, 3);
  assert_int_equal(choice.folds, 5);
  assert_true(choice.trials[2].both);
  for (size_t i = 0; i < choice.count; i++) assert_near(choice.trials[i].accuracy, 1, 0);
}

static void strengths_of_the_given_loss_are_compared(void **state) {
  (void)state;
  ws_choice choice;
  assert_ok(choose(&(ws_choice_options){.strengths = true}, &choice), NULL);
  assert_int_equal(choice.count, 5);
  for (size_t i = 1; i < choice.count; i++)
    assert_true(choice.trials[i].c > choice.trials[i - 1].c);
}

static void nothing_is_tried_where_nothing_is_open(void **state) {
  (void)state;
  ws_choice choice;
  assert_ok(choose(&(ws_choice_options){0}, &choice), NULL);
  assert_int_equal(choice.count, 0);
}

/* Rows of few groups: no fold is without rows, and none has them all. */
static void there_are_no_more_folds_than_groups(void **state) {
  (void)state;
  ws_choice choice;
  uint64_t groups[ROWS];
  for (uint64_t count = 1; count <= 6; count++) {
    for (uint64_t i = 0; i < ROWS; i++) groups[i] = i / 2 % count;
    assert_ok(choose(&(ws_choice_options){.losses = true, .groups = groups}, &choice),
              NULL);
    if (count == 1) {
      assert_string_equal(choice.why_not, "all gold labels are of one group");
      assert_int_equal(choice.count, 0);
      continue;
    }
    assert_null(choice.why_not);
    assert_int_equal(choice.folds, count < 5 ? count : 5);
    for (size_t i = 0; i < choice.count; i++)
      assert_near(choice.trials[i].accuracy, 1, 0);
  }
}

/* Words that few records have, and gold labels of which some are wrong. */
static ws_features *rare_words(int32_t *gold) {
  char texts[ROWS][40];
  const char *list[ROWS];
  for (int i = 0; i < ROWS; i++) {
    snprintf(texts[i], sizeof texts[i], "%s n%d r%d r%d", i % 2 ? "yes" : "no", i % 7,
             i * 5 % 23, i * i % 31);
    gold[i] = i % 10 == 3 ? 0 : i % 2;
    list[i] = texts[i];
  }
  return features_of("words(text)", list, ROWS);
}

/* As ws_fold_predict has it, which counts the words of the other folds only. */
static void trials_do_not_see_the_texts_that_they_are_judged_on(void **state) {
  (void)state;
  int32_t gold[ROWS];
  uint32_t fold[ROWS];
  double scores[ROWS][2], temperature, loss;
  ws_training_options how = ws_training_options_default();
  ws_training_report report;
  ws_choice_options open = {.seed = 3};
  ws_folds_options deal = {.folds = 5, .seed = 3, .allow_rare = true};
  ws_choice choice;
  ws_classifier *classifier = NULL;
  ws_training_rows rows = {.gold = gold};
  ws_features *features = rare_words(gold);
  how.classifier.loss = WS_LOSS_HINGE;
  how.classifier.c = 1;
  assert_ok(ws_folds_deal(gold, ROWS, names, 2, &deal, fold, NULL), NULL);
  for (uint32_t f = 0; f < 5; f++)
    assert_ok(
        ws_fold_predict(features, &rows, names, 2, &how, NULL, fold, f, scores[0], NULL),
        NULL);
  for (size_t i = 0; i < ROWS; i++)
    for (size_t k = 0; k < 2; k++) scores[i][k] = log(scores[i][k]);
  assert_ok(ws__temperature_fit(scores[0], gold, ROWS, 2, 1, &temperature, &loss), NULL);
  assert_ok(ws_training_choose(features, &rows, names, 2, &how, &open, &classifier,
                               &report, &choice, NULL),
            NULL);
  assert_int_equal(choice.count, 1);
  assert_near(choice.trials[0].temperature, temperature, 0);
  assert_near(choice.trials[0].log_loss, loss, 1e-12);
  ws_classifier_free(classifier);
  ws_features_free(features);
}

static ws_status choose_groups(void *user) {
  ws_choice choice;
  return choose(&(ws_choice_options){.losses = true, .groups = user}, &choice);
}

static void no_memory_is_an_error(void **state) {
  (void)state;
  uint64_t groups[ROWS];
  for (uint64_t i = 0; i < ROWS; i++) groups[i] = i / 2;
  ws_test_every_allocation_failure(choose_groups, groups);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(losses_and_both_together_are_compared),
      cmocka_unit_test(strengths_of_the_given_loss_are_compared),
      cmocka_unit_test(there_are_no_more_folds_than_groups),
      cmocka_unit_test(nothing_is_tried_where_nothing_is_open),
      cmocka_unit_test(trials_do_not_see_the_texts_that_they_are_judged_on),
      cmocka_unit_test(no_memory_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
