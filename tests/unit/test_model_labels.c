/* SPDX-License-Identifier: MIT
 *
 * Label models by their public face: options, majority vote, and votes other than those
 * of the fit.
 */
#include <math.h>

#include <string.h>

#include <stdlib.h>

#include <weaksup/label_model.h>

#include "ws_test.h"

static ws_label_model *fitted(const ws_votes *votes, const char *kind,
                              const double *balance) {
  ws_label_model_options options = ws_label_model_options_default();
  options.kind = kind;
  options.class_balance = balance;
  options.class_count = balance ? ws_votes_classes(votes) : 0;
  ws_label_model *model = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_label_model_fit(votes, &options, &model, &err), &err);
  return model;
}

static ws_labels *predicted(const ws_label_model *model, const ws_votes *votes) {
  ws_labels *labels = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_label_model_predict(model, votes, &labels, &err), &err);
  return labels;
}

static const double *row(const ws_labels *labels, const ws_votes *votes, size_t i) {
  return ws_labels_get(labels, ws_votes_row_pattern(votes, i));
}

/* --- majority vote ------------------------------------------------------------------ */

static void majority_vote_gives_shares(void **state) {
  (void)state;
  const double balance[] = {0.5, 0.3, 0.2};
  ws_votes *votes = ws_test_votes("012- 0011 --2- ---- 0-01", 3);
  ws_label_model *model = fitted(votes, "mv", balance);
  ws_labels *labels = predicted(model, votes);
  const double expected[5][3] = {{1.0 / 3, 1.0 / 3, 1.0 / 3},
                                 {0.5, 0.5, 0},
                                 {0, 0, 1},
                                 {0.5, 0.3, 0.2},
                                 {2.0 / 3, 1.0 / 3, 0}};
  for (size_t i = 0; i < 5; i++)
    for (size_t k = 0; k < 3; k++)
      assert_near(row(labels, votes, i)[k], expected[i][k], 1e-15);
  assert_near(ws_label_model_mean_max(model), (1.0 / 3 + 0.5 + 1 + 0.5 + 2.0 / 3) / 5,
              1e-15);
  assert_near(ws_label_model_mean_max_raw(model), ws_label_model_mean_max(model), 0);
  ws_labels_free(labels);
  ws_label_model_free(model);
  ws_votes_free(votes);
}

static void the_accuracy_of_majority_vote_is_the_mean_share(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("01-- 00-- 11-- 0---", 2);
  ws_label_model *model = fitted(votes, "mv", NULL);
  assert_near(ws_label_model_accuracy(model, 0), (0.5 + 1 + 1 + 1) / 4, 1e-15);
  assert_near(ws_label_model_accuracy_for(model, 0, 0), (0.5 + 1 + 1) / 3, 1e-15);
  assert_near(ws_label_model_accuracy_for(model, 0, 1), 1, 1e-15);
  assert_true(isnan(ws_label_model_accuracy(model, 2)));
  assert_string_equal(ws_label_model_kind(model), "mv");
  assert_int_equal(ws_label_model_iterations(model), 0);
  assert_true(ws_label_model_converged(model));
  ws_label_model_free(model);
  ws_votes_free(votes);
}

/* --- options ------------------------------------------------------------------------ */

static void refused(const ws_votes *votes, const char *kind, const double *balance,
                    size_t count, const char *message) {
  ws_label_model_options options = {
      .kind = kind, .class_balance = balance, .class_count = count};
  ws_label_model *model = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_status(WS_EINVAL, ws_label_model_fit(votes, &options, &model, &err));
  assert_message(&err, message);
  assert_null(model);
}

static void wrong_options_are_refused(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("01 10", 2);
  const double zero[] = {1, 0}, over[] = {0.5, 0.6}, nan_balance[] = {(double)NAN, 0.5};
  const double three[] = {0.2, 0.3, 0.5};
  refused(votes, "snorkel", NULL, 0, "dawid-skene, one-coin or ebcc, found 'snorkel'");
  refused(votes, "lift", zero, 2, "above 0 for class 'c1', found 0");
  refused(votes, "lift", nan_balance, 2, "above 0 for class 'c0'");
  refused(votes, "mv", over, 2, "expected a sum of 1, found 1.1");
  refused(votes, "lift", three, 3, "expected 2 numbers, found 3");
  ws_votes_free(votes);
}

static void the_kinds_are_listed_default_first(void **state) {
  (void)state;
  const char *const *kinds = ws_label_model_kinds();
  assert_string_equal(kinds[0], ws_label_model_options_default().kind);
  char *text = strdup(ws_label_model_kinds_text()), *at = text;
  for (; *kinds; kinds++) { // the sentence has the same in the same order
    size_t size = strlen(*kinds);
    assert_memory_equal(at, *kinds, size);
    at += size + (kinds[1] && !kinds[2] ? strlen(" or ") : kinds[1] ? strlen(", ") : 0);
  }
  assert_int_equal(*at, '\0');
  free(text);
}

/* --- prediction on other votes ------------------------------------------------------ */

static ws_votes *named_votes(const char *classes, const char *const *lfs, size_t M,
                             const ws_vote *votes, size_t count) {
  ws_task *task = ws_test_task(classes);
  ws_votes_builder *builder = NULL;
  ws_votes *out = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_votes_builder_new(task, &builder), NULL);
  for (size_t j = 0; j < M; j++) {
    uint32_t lf;
    assert_ok(ws_votes_builder_lf(builder, ws_text_of(lfs[j]), &lf, &err), &err);
  }
  assert_ok(ws_votes_builder_add(builder, ws_text_of("0"), WS_ABSTAIN, votes, count),
            NULL);
  assert_ok(ws_votes_builder_finish(builder, &out), NULL);
  ws_votes_builder_free(builder);
  ws_task_free(task);
  return out;
}

static const char fit_picture[] = "11-0 1--- 111- --00 ---0 -1-0 1-00 ---- 11-- --10";

static void lfs_are_found_by_name(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes(fit_picture, 2);
  ws_label_model *model = fitted(votes, "lift", NULL);
  ws_labels *labels = predicted(model, votes);
  const char *const lfs[] = {"lf3", "stranger", "lf1", "lf0"}; // record 0 again: 11-0
  const ws_vote list[] = {{0, 0}, {2, 1}, {3, 1}};
  ws_votes *other = named_votes("c0,c1", lfs, 4, list, 3);
  ws_labels *others = predicted(model, other);
  assert_near(ws_labels_get(others, 0)[1], row(labels, votes, 0)[1], 1e-15);
  ws_labels_free(labels);
  ws_labels_free(others);
  ws_label_model_free(model);
  ws_votes_free(votes);
  ws_votes_free(other);
}

static void a_vote_for_a_class_the_fit_never_saw_says_nothing(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes(fit_picture, 2);
  ws_label_model *model = fitted(votes, "lift", NULL);
  const char *const lfs[] = {"lf3"};
  ws_votes *other = named_votes("c0,c1", lfs, 1, &(ws_vote){0, 1}, 1);
  ws_labels *labels = predicted(model, other);
  assert_near(ws_labels_get(labels, 0)[0], 0.5, 1e-15);
  ws_labels_free(labels);
  ws_label_model_free(model);
  ws_votes_free(votes);
  ws_votes_free(other);
}

static void not_predicted(const ws_label_model *model, ws_votes *votes,
                          const char *message) {
  ws_labels *labels = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_status(WS_EINVAL, ws_label_model_predict(model, votes, &labels, &err));
  assert_message(&err, message);
  assert_null(labels);
  ws_votes_free(votes);
}

static void other_lfs_and_classes_are_refused(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes(fit_picture, 2);
  ws_label_model *model = fitted(votes, "lift", NULL);
  const char *const lfs[] = {"lf0", "silent", "stranger"};
  const ws_vote list[] = {{0, 1}, {2, 1}};
  not_predicted(model, named_votes("c0,c1", lfs, 3, list, 2),
                "has no labeling function 'stranger'");
  not_predicted(model, named_votes("c0,c1,c2", lfs, 1, list, 1), "2 classes, found 3");
  not_predicted(model, named_votes("c1,c0", lfs, 1, list, 1),
                "expected 'c0' for class 0");
  ws_label_model_free(model);
  ws_votes_free(votes);
}

static void a_record_without_votes_gets_the_balance(void **state) {
  (void)state;
  const double balance[] = {0.7, 0.3};
  ws_votes *votes = ws_test_votes(fit_picture, 2);
  ws_label_model *known = fitted(votes, "lift", balance),
                 *unknown = fitted(votes, "lift", NULL);
  ws_labels *a = predicted(known, votes), *b = predicted(unknown, votes);
  assert_near(row(a, votes, 7)[0], 0.7, 1e-15);
  assert_near(row(b, votes, 7)[0], 0.5, 1e-15);
  ws_labels_free(a);
  ws_labels_free(b);
  ws_label_model_free(known);
  ws_label_model_free(unknown);
  ws_votes_free(votes);
}

static void names_and_sizes_are_those_of_the_votes(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("01-", 2);
  ws_label_model *model = fitted(votes, "lift", NULL);
  assert_int_equal(ws_label_model_lfs(model), 3);
  assert_int_equal(ws_label_model_classes(model), 2);
  assert_string_equal(ws_label_model_lf(model, 2).data, "lf2");
  assert_string_equal(ws_label_model_class(model, 1).data, "c1");
  ws_label_model_free(model);
  ws_votes_free(votes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(majority_vote_gives_shares),
      cmocka_unit_test(the_accuracy_of_majority_vote_is_the_mean_share),
      cmocka_unit_test(wrong_options_are_refused),
      cmocka_unit_test(the_kinds_are_listed_default_first),
      cmocka_unit_test(lfs_are_found_by_name),
      cmocka_unit_test(a_vote_for_a_class_the_fit_never_saw_says_nothing),
      cmocka_unit_test(other_lfs_and_classes_are_refused),
      cmocka_unit_test(a_record_without_votes_gets_the_balance),
      cmocka_unit_test(names_and_sizes_are_those_of_the_votes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
