/* SPDX-License-Identifier: MIT
 *
 * Which records are worth a second opinion.
 */
#include <weaksup/cascade.h>

#include "ws_test.h"

static ws_labels *labels_for(const ws_votes *votes, double of_two_votes) {
  ws_labels *labels = NULL;
  assert_ok(ws_labels_new(ws_votes_patterns(votes), 2, &labels), NULL);
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    size_t size = ws_votes_pattern(votes, u).size;
    double sure = size == 0 ? 0.5 : size == 1 ? 0.8 : of_two_votes;
    ws_labels_at(labels, u)[0] = 1 - sure;
    ws_labels_at(labels, u)[1] = sure;
  }
  return labels;
}

static void the_least_sure_and_conflicts_are_chosen(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("11 1- -- 01 -1 11 --", 2);
  ws_labels *labels = labels_for(votes, 0.99);
  size_t rows[7], count = 0;
  assert_ok(ws_cascade_choose(votes, labels, 0.9, rows, &count), NULL);
  const size_t expected[] = {2, 6, 1, 4, 3}; // the conflict last: 0.99
  assert_int_equal(count, 5);
  for (size_t i = 0; i < 5; i++) assert_int_equal(rows[i], expected[i]);
  assert_ok(ws_cascade_choose(votes, labels, 0.6, rows, &count), NULL);
  assert_int_equal(count, 3);
  assert_int_equal(rows[2], 3);
  ws_labels_free(labels);
  ws_votes_free(votes);
}

static void nothing_is_chosen_where_all_is_sure(void **state) {
  (void)state;
  ws_votes *votes = ws_test_votes("11 00 11", 2);
  ws_labels *labels = labels_for(votes, 0.95);
  size_t rows[3], count = 9;
  assert_ok(ws_cascade_choose(votes, labels, 0.95, rows, &count), NULL);
  assert_int_equal(count, 0);
  ws_labels_free(labels);
  ws_votes_free(votes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_least_sure_and_conflicts_are_chosen),
      cmocka_unit_test(nothing_is_chosen_where_all_is_sure),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
