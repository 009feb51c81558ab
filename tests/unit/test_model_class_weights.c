/* SPDX-License-Identifier: MIT
 *
 * Weights that balance classes, by hand.
 */
#include <weaksup/training.h>

#include "ws_test.h"

static void gold_labels_alone_count_one_each(void **state) {
  (void)state;
  const int32_t gold[] = {0, 0, 0, 1, WS_ABSTAIN, 0};
  double weights[2];
  ws_balanced_weights(&(ws_training_rows){.gold = gold}, 6, 2, 5, weights);
  assert_near(weights[0], 5.0 / (2 * 4), 1e-15);
  assert_near(weights[1], 5.0 / (2 * 1), 1e-15);
}

static void gold_among_targets_counts_its_weight(void **state) {
  (void)state;
  const double targets[] = {.75, .25, 0, 0, .5, .5};
  const int32_t gold[] = {WS_ABSTAIN, 1, WS_ABSTAIN};
  double weights[2];
  ws_training_rows rows = {.targets = targets, .gold = gold};
  ws_balanced_weights(&rows, 3, 2, 5, weights);
  assert_near(weights[0], 7 / (2 * 1.25), 1e-15);
  assert_near(weights[1], 7 / (2 * 5.75), 1e-15);
}

static void a_class_without_labels_weighs_one(void **state) {
  (void)state;
  const int32_t gold[] = {2, 0};
  double weights[3];
  ws_balanced_weights(&(ws_training_rows){.gold = gold}, 2, 3, 5, weights);
  assert_near(weights[0], 2.0 / 3, 1e-15);
  assert_near(weights[1], 1, 0);
  assert_near(weights[2], 2.0 / 3, 1e-15);
}

static void rows_count_by_their_weights(void **state) {
  (void)state;
  const int32_t gold[] = {0, 1, 1}, twice[] = {0, 0, 1};
  const double own[] = {2, 1, 0};
  double weights[2], others[2];
  ws_balanced_weights(&(ws_training_rows){.gold = gold, .weights = own}, 3, 2, 5,
                      weights);
  ws_balanced_weights(&(ws_training_rows){.gold = twice}, 3, 2, 5, others);
  assert_memory_equal(weights, others, sizeof weights);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gold_labels_alone_count_one_each),
      cmocka_unit_test(gold_among_targets_counts_its_weight),
      cmocka_unit_test(rows_count_by_their_weights),
      cmocka_unit_test(a_class_without_labels_weighs_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
