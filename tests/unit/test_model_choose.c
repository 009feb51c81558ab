/* SPDX-License-Identifier: MIT
 *
 * Choosing a classifier by cross-validation, and predicting what was held out: what is
 * chosen predicts, labels that do not allow it are told, memory may run out anywhere.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/cross_validation.h>
#include <weaksup/export.h>
#include <weaksup/model.h>

#include "ws_test_features.h"

enum { N = 60, FOLDS = 3 };
static const ws_text classes[] = {{"A", 1}, {"B", 1}};

typedef struct fixture {
  char texts[N][32];
  int32_t gold[N];
  uint32_t fold[N];
  ws_training_options how;
  ws_choice_options choose;
} fixture;

static fixture make_fixture(void) {
  fixture f = {.how = ws_training_options_default(),
               .choose = {.losses = true, .strengths = true}};
  for (size_t i = 0; i < N; i++) {
    f.gold[i] = (int32_t)(i % 2);
    f.fold[i] = (uint32_t)(i % FOLDS);
    snprintf(f.texts[i], sizeof f.texts[i], "%s word%zu", i % 2 ? "bad" : "good", i % 7);
  }
  f.how.classifier.threads = 1;
  return f;
}

static ws_status make_features(const fixture *f, ws_features **out) {
  ws_features_options options = ws_features_options_default();
  options.blocks = "words(text,1) chars(text,2-3)";
  ws_status status = ws_features_new(&options, out, NULL);
  for (size_t i = 0; status == WS_OK && i < N; i++) {
    ws_record record = record_of(f->texts[i]);
    status = ws_features_add(*out, &record, NULL);
  }
  return status;
}

static ws_status choose(fixture *f, ws_classifier **out, ws_choice *choice,
                        ws_error *err) {
  ws_features *features = NULL;
  ws_training_report report;
  ws_training_rows rows = {.gold = f->gold};
  ws_status status = make_features(f, &features);
  if (status == WS_OK)
    status = ws_training_choose(features, &rows, classes, 2, &f->how, &f->choose, out,
                                &report, choice, err);
  ws_features_free(features);
  return status;
}

static void what_is_chosen_predicts(void **state) {
  (void)state;
  fixture f = make_fixture();
  ws_classifier *classifier = NULL;
  ws_choice choice;
  double probs[2];
  assert_ok(choose(&f, &classifier, &choice, NULL), NULL);
  assert_null(choice.why_not);
  assert_true(choice.count > 1 && choice.best < choice.count);
  assert_true(choice.trials[choice.best].accuracy > 0.9);
  predict_text(classifier, "good", probs);
  assert_true(probs[0] > 0.5);
  ws_classifier_free(classifier);
}

typedef struct seen {
  uint64_t last, total;
  bool steady;
} seen;

static bool on_progress(void *user, const ws_progress *p) {
  seen *s = user;
  if (strcmp(p->stage, "choosing") != 0) return true;
  s->steady = s->steady && p->done >= s->last && p->done < p->total;
  s->last = p->done;
  s->total = p->total;
  return true;
}

static void choosing_tells_how_far_it_is(void **state) {
  (void)state;
  fixture f = make_fixture();
  seen s = {.steady = true};
  ws_classifier *classifier = NULL;
  ws_choice choice;
  f.how.classifier.progress = (ws_progress_sink){on_progress, &s};
  assert_ok(choose(&f, &classifier, &choice, NULL), NULL);
  assert_true(s.steady);
  assert_int_equal(s.total,
                   (choice.count - 1) * choice.folds); // both together is no more
  assert_true(s.last + choice.folds >= s.total);
  ws_classifier_free(classifier);
}

static void too_few_labels_choose_nothing(void **state) {
  (void)state;
  fixture f = make_fixture();
  ws_classifier *classifier = NULL;
  ws_choice choice;
  for (size_t i = 4; i < N; i++) f.gold[i] = WS_ABSTAIN;
  assert_ok(choose(&f, &classifier, &choice, NULL), NULL);
  assert_non_null(choice.why_not);
  assert_int_equal(choice.count, 0);
  ws_classifier_free(classifier);
}

/* What is written into the file is what the classifier is in the end. */
static void the_summary_is_of_what_was_chosen(void **state) {
  (void)state;
  fixture f = make_fixture();
  ws_classifier *classifier = NULL;
  ws_choice choice;
  double temperature = 0;
  assert_ok(choose(&f, &classifier, &choice, NULL), NULL);
  ws_text summary = ws_classifier_summary(classifier);
  const char *at = strstr(summary.data, "\"temperature\":");
  assert_non_null(at);
  assert_int_equal(sscanf(at, "\"temperature\":%lf", &temperature), 1);
  assert_true(choice.trials[choice.best].temperature != 1);
  assert_near(temperature, choice.trials[choice.best].temperature, 1e-9);
  assert_int_equal(strstr(summary.data, "\"both\":true") != NULL,
                   choice.trials[choice.best].both);
  ws_classifier_free(classifier);
}

static void gold_that_is_no_class_is_an_error(void **state) {
  (void)state;
  const int32_t bad[] = {2, -2, INT32_MAX};
  const double weights[] = {1, 2};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    fixture f = make_fixture();
    ws_classifier *classifier = NULL;
    ws_choice choice;
    ws_error err = WS_ERROR_INIT;
    f.gold[7] = bad[i];
    f.how.class_weights = weights;
    assert_status(WS_EINVAL, choose(&f, &classifier, &choice, &err));
    assert_message(&err, "row 7: its gold label is no class");
  }
}

static void hidden_units_are_not_compared(void **state) {
  (void)state;
  fixture f = make_fixture();
  ws_classifier *classifier = NULL;
  ws_choice choice;
  f.how.classifier.hidden = 3;
  assert_ok(choose(&f, &classifier, &choice, NULL), NULL);
  assert_string_equal(choice.why_not, "only linear models are compared");
  assert_int_equal(choice.count, 0);
  assert_int_equal(ws_classifier_hidden(classifier), 3);
  ws_classifier_free(classifier);
}

static void no_label_at_all_is_an_error(void **state) {
  (void)state;
  fixture f = make_fixture();
  ws_classifier *classifier = NULL;
  ws_choice choice;
  ws_error err = WS_ERROR_INIT;
  for (size_t i = 0; i < N; i++) f.gold[i] = WS_ABSTAIN;
  assert_status(WS_EINVAL, choose(&f, &classifier, &choice, &err));
  assert_null(classifier);
}

static ws_status predict_folds(fixture *f, double *probs, ws_error *err) {
  ws_features *features = NULL;
  ws_training_rows rows = {.gold = f->gold};
  ws_status status = make_features(f, &features);
  for (uint32_t fold = 0; status == WS_OK && fold < FOLDS; fold++)
    status = ws_fold_predict(features, &rows, classes, 2, &f->how, &f->choose, f->fold,
                             fold, probs, err);
  ws_features_free(features);
  return status;
}

/* Rows of no fold are trained on, and not touched. */
static void rows_held_out_are_predicted(void **state) {
  (void)state;
  fixture f = make_fixture();
  double probs[N][2];
  f.fold[5] = WS_NO_FOLD;
  probs[5][0] = probs[5][1] = -1;
  assert_ok(predict_folds(&f, probs[0], NULL), NULL);
  for (size_t i = 0; i < N; i++) {
    if (i == 5) {
      assert_near(probs[i][0], -1, 0);
      continue;
    }
    assert_near(probs[i][0] + probs[i][1], 1, 1e-9);
    assert_true(probs[i][i % 2] > 0.5);
  }
}

/* What a classifier says that was trained where there is no other fold, of a new text. */
static void predict_alone(fixture *f, uint32_t fold, size_t row, double *probs) {
  const char *texts[N];
  fixture rest = *f;
  ws_classifier *classifier = NULL;
  ws_training_report report;
  ws_choice choice;
  size_t n = 0;
  for (size_t i = 0; i < N; i++) {
    if (f->fold[i] == fold) continue;
    rest.gold[n] = f->gold[i];
    texts[n++] = f->texts[i];
  }
  ws_features *features = features_of("words(text,1) chars(text,2-3)", texts, n);
  ws_training_rows rows = {.gold = rest.gold};
  assert_ok(ws_training_choose(features, &rows, classes, 2, &f->how, &f->choose,
                               &classifier, &report, &choice, NULL),
            NULL);
  predict_text(classifier, f->texts[row], probs);
  ws_classifier_free(classifier);
  ws_features_free(features);
}

/* To the last bit: words that only the fold has, and how often it has others, are not
 * known. */
static void a_fold_is_predicted_as_new_records_are(void **state) {
  (void)state;
  fixture f = make_fixture();
  double probs[N][2], alone[2];
  for (size_t i = 0; i < N; i += FOLDS)
    snprintf(f.texts[i], sizeof f.texts[i], "%s odd%zu word%zu",
             f.gold[i] ? "bad" : "good", i % 4, i % 5);
  assert_ok(predict_folds(&f, probs[0], NULL), NULL);
  for (size_t i = 0; i < 12; i++) {
    predict_alone(&f, f.fold[i], i, alone);
    assert_memory_equal(alone, probs[i], sizeof alone);
  }
}

static void texts_of_a_fold_do_not_move_its_classifier(void **state) {
  (void)state;
  fixture f = make_fixture();
  double before[N][2], after[N][2];
  assert_ok(predict_folds(&f, before[0], NULL), NULL);
  for (size_t i = FOLDS; i < N; i += FOLDS) // but the first row of fold 0
    snprintf(f.texts[i], sizeof f.texts[i], "word0 new%zu", i);
  assert_ok(predict_folds(&f, after[0], NULL), NULL);
  assert_memory_equal(before[0], after[0], sizeof before[0]);
  assert_memory_not_equal(before[1], after[1], sizeof before[1]);
}

static void features_that_were_trained_on_are_gone(void **state) {
  (void)state;
  fixture f = make_fixture();
  ws_features *features = NULL, *picked = NULL;
  ws_classifier *classifier = NULL;
  ws_predictor *predictor = NULL;
  ws_training_report report;
  ws_training_rows rows = {.gold = f.gold};
  ws_record record = record_of("good");
  double probs[2];
  const size_t some[] = {3, 1};
  assert_ok(make_features(&f, &features), NULL);
  assert_ok(ws_features_pick(features, some, 2, &picked, NULL), NULL);
  assert_int_equal(ws_features_rows(picked), 2);
  assert_status(WS_EINVAL, ws_features_add(picked, &record, NULL));
  assert_ok(
      ws_training_run(features, &rows, classes, 2, &f.how, &classifier, &report, NULL),
      NULL);
  assert_ok(ws_predictor_new(classifier, &predictor), NULL);
  assert_ok(ws_predict_features(predictor, picked, 0, probs, NULL), NULL);
  assert_status(WS_EINVAL, ws_predict_features(predictor, features, 0, probs, NULL));
  ws_features_free(picked);
  assert_status(WS_EINVAL, ws_features_pick(features, some, 2, &picked, NULL));
  ws_predictor_free(predictor);
  ws_classifier_free(classifier);
  ws_features_free(features);
}

/* --- memory ------------------------------------------------------------------------- */

static ws_status choose_once(void *user) {
  ws_classifier *classifier = NULL;
  ws_choice choice;
  ws_status status = choose(user, &classifier, &choice, NULL);
  ws_classifier_free(classifier);
  return status;
}

static ws_status predict_folds_once(void *user) {
  double probs[N][2];
  return predict_folds(user, probs[0], NULL);
}

static ws_status deal_once(void *user) {
  fixture *f = user;
  uint32_t fold[N];
  uint64_t groups[N];
  ws_folds_options how = ws_folds_options_default();
  for (size_t i = 0; i < N; i++) groups[i] = i / 2;
  how.groups = groups;
  return ws_folds_deal(f->gold, N, classes, 2, &how, fold, NULL);
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  fixture f = make_fixture();
  f.choose.strengths = false; // more trials are more of the same
  ws_test_every_allocation_failure(choose_once, &f);
  ws_test_every_allocation_failure(predict_folds_once, &f);
  ws_test_every_allocation_failure(deal_once, &f);
}

int main(void) {
  ws_model_startup();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_chosen_predicts),
      cmocka_unit_test(choosing_tells_how_far_it_is),
      cmocka_unit_test(too_few_labels_choose_nothing),
      cmocka_unit_test(the_summary_is_of_what_was_chosen),
      cmocka_unit_test(gold_that_is_no_class_is_an_error),
      cmocka_unit_test(hidden_units_are_not_compared),
      cmocka_unit_test(no_label_at_all_is_an_error),
      cmocka_unit_test(rows_held_out_are_predicted),
      cmocka_unit_test(a_fold_is_predicted_as_new_records_are),
      cmocka_unit_test(texts_of_a_fold_do_not_move_its_classifier),
      cmocka_unit_test(features_that_were_trained_on_are_gone),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
