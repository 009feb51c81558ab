/* SPDX-License-Identifier: MIT
 *
 * Folds: stratified, by groups, the same for a seed.
 */
#include <string.h>

#include <weaksup/cross_validation.h>
#include <weaksup/model.h>

#include "ws_test.h"

enum { N = 103 };
static const ws_text classes[] = {{"A", 1}, {"B", 1}, {"rare", 4}};

/* 60 of A, 40 of B, 3 without a label. */
static void make_labels(int32_t *labels) {
  for (int i = 0; i < N; i++) labels[i] = i % 34 == 33 ? WS_ABSTAIN : i < 62 ? 0 : 1;
}

static void each_fold_has_its_share_of_every_class(void **state) {
  (void)state;
  int32_t labels[N];
  uint32_t fold[N];
  size_t total[2] = {0, 0}, have[5][2] = {{0}};
  make_labels(labels);
  assert_ok(ws_folds_deal(labels, N, classes, 2, NULL, fold, NULL), NULL);
  for (int i = 0; i < N; i++) {
    if (labels[i] == WS_ABSTAIN) {
      assert_int_equal(fold[i], WS_NO_FOLD);
      continue;
    }
    assert_in_range(fold[i], 0, 4);
    have[fold[i]][labels[i]]++;
    total[labels[i]]++;
  }
  for (int f = 0; f < 5; f++)
    for (int k = 0; k < 2; k++) {
      assert_true(have[f][k] >= total[k] / 5);
      assert_true(have[f][k] <= total[k] / 5 + 1);
    }
}

static void a_seed_gives_the_same_folds_and_another_gives_others(void **state) {
  (void)state;
  int32_t labels[N];
  uint32_t first[N], again[N], other[N];
  ws_folds_options how = ws_folds_options_default();
  make_labels(labels);
  assert_ok(ws_folds_deal(labels, N, classes, 2, &how, first, NULL), NULL);
  assert_ok(ws_folds_deal(labels, N, classes, 2, &how, again, NULL), NULL);
  how.seed = 1;
  assert_ok(ws_folds_deal(labels, N, classes, 2, &how, other, NULL), NULL);
  assert_memory_equal(first, again, sizeof first);
  assert_true(memcmp(first, other, sizeof first) != 0);
}

static void groups_stay_together(void **state) {
  (void)state;
  int32_t labels[N];
  uint32_t fold[N];
  uint64_t groups[N];
  ws_folds_options how = ws_folds_options_default();
  make_labels(labels);
  for (int i = 0; i < N; i++) groups[i] = (uint64_t)(i / 4);
  how.groups = groups;
  assert_ok(ws_folds_deal(labels, N, classes, 2, &how, fold, NULL), NULL);
  for (int i = 0; i < N; i++)
    for (int j = i / 4 * 4; j < i; j++)
      if (labels[i] != WS_ABSTAIN && labels[j] != WS_ABSTAIN)
        assert_int_equal(fold[i], fold[j]);
}

static void a_class_with_too_few_members_is_named(void **state) {
  (void)state;
  int32_t labels[N];
  uint32_t fold[N];
  uint64_t groups[N];
  ws_error err = WS_ERROR_INIT;
  ws_folds_options how = ws_folds_options_default();
  make_labels(labels);
  for (int i = 0; i < 4; i++) labels[10 * i] = 2;
  assert_int_equal(ws_folds_deal(labels, N, classes, 3, &how, fold, &err), WS_EINVAL);
  assert_string_equal(err.message,
                      "class 'rare': expected a record with a gold label for "
                      "each of 5 folds, found 4: fewer folds, or more labels");
  how.folds = 4;
  assert_ok(ws_folds_deal(labels, N, classes, 3, &how, fold, NULL), NULL);
  for (int i = 0; i < N; i++) groups[i] = labels[i] == 2 ? 1000 : (uint64_t)i;
  how.groups = groups;
  assert_int_equal(ws_folds_deal(labels, N, classes, 3, &how, fold, &err), WS_EINVAL);
  assert_string_equal(err.message,
                      "class 'rare': expected a group with a gold label for "
                      "each of 4 folds, found 1: fewer folds, or more labels");
  how.allow_rare = true;
  assert_ok(ws_folds_deal(labels, N, classes, 3, &how, fold, NULL), NULL);
}

static void one_fold_is_none(void **state) {
  (void)state;
  int32_t labels[N];
  uint32_t fold[N];
  ws_folds_options how = {.folds = 1};
  make_labels(labels);
  assert_int_equal(ws_folds_deal(labels, N, classes, 2, &how, fold, NULL), WS_EINVAL);
}

int main(void) {
  ws_model_startup();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_fold_has_its_share_of_every_class),
      cmocka_unit_test(a_seed_gives_the_same_folds_and_another_gives_others),
      cmocka_unit_test(groups_stay_together),
      cmocka_unit_test(a_class_with_too_few_members_is_named),
      cmocka_unit_test(one_fold_is_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
