/* SPDX-License-Identifier: MIT
 *
 * The surest mistakes, by hand and against a full sort.
 */
#include <stdio.h>
#include <stdlib.h>

#include <weaksup/mistakes.h>
#include <weaksup/rng.h>

#include "ws_test.h"

static void add(ws_mistakes *m, uint64_t row, const char *text, double p, int32_t label,
                int32_t gold) {
  double probs[] = {1 - p, p};
  char id[24];
  snprintf(id, sizeof id, "r%u", (unsigned)row);
  ws_text none = {NULL, 0};
  assert_ok(ws_mistakes_add(m, row, ws_text_of(id), text ? ws_text_of(text) : none, probs,
                            label, gold),
            NULL);
}

static void the_surest_come_first(void **state) {
  (void)state;
  ws_mistakes *m;
  const ws_mistake *items;
  size_t count;
  assert_ok(ws_mistakes_new(2, &m), NULL);
  assert_ok(ws_mistakes_sorted(m, &items, &count), NULL);
  assert_int_equal(count, 0);
  add(m, 0, "a", .6, 1, 0);
  add(m, 1, "right", .99, 1, 1);
  add(m, 2, "no gold", .99, 1, WS_ABSTAIN);
  add(m, 3, "a tie", .5, WS_ABSTAIN, 1);
  add(m, 4, NULL, .2, 0, 1);
  add(m, 5, "c", .8, 1, 0);
  add(m, 6, "d", .7, 1, 0);
  assert_ok(ws_mistakes_sorted(m, &items, &count), NULL);
  assert_int_equal(count, 2);
  assert_int_equal(ws_mistakes_count(m), 4);
  assert_int_equal(items[0].row, 4); // as sure as row 5, and before it
  assert_int_equal(items[0].label, 0);
  assert_int_equal(items[0].gold, 1);
  assert_near(items[0].probability, .8, 1e-15);
  assert_near(items[0].gold_probability, .2, 1e-15);
  assert_null(items[0].text.data);
  assert_true(ws_text_equals(items[0].id, "r4"));
  assert_true(ws_text_equals(items[1].id, "r5"));
  assert_true(ws_text_equals(items[1].text, "c"));
  ws_mistakes_free(m);
}

static void they_are_those_of_a_full_sort(void **state) {
  (void)state;
  enum { ROWS = 3000, MOST = 17 };
  ws_mistakes *some, *all;
  ws_rng rng;
  size_t count, every;
  ws_rng_init(&rng, 5);
  assert_ok(ws_mistakes_new(MOST, &some), NULL);
  assert_ok(ws_mistakes_new(ROWS, &all), NULL);
  for (uint64_t i = 0; i < ROWS; i++) {
    double p = (double)(500 + ws_rng_below(&rng, 500)) / 1000; // equals among them
    add(some, i, "t", p, 1, (int32_t)ws_rng_below(&rng, 2));
  }
  ws_rng_init(&rng, 5);
  for (uint64_t i = 0; i < ROWS; i++) {
    double p = (double)(500 + ws_rng_below(&rng, 500)) / 1000;
    add(all, i, "t", p, 1, (int32_t)ws_rng_below(&rng, 2));
  }
  const ws_mistake *a, *b;
  assert_ok(ws_mistakes_sorted(some, &a, &count), NULL);
  assert_ok(ws_mistakes_sorted(all, &b, &every), NULL);
  assert_int_equal(count, MOST);
  assert_int_equal(every, ws_mistakes_count(some));
  for (size_t i = 0; i < count; i++) assert_int_equal(a[i].row, b[i].row);
  ws_mistakes_free(some);
  ws_mistakes_free(all);
}

static ws_status try_all(void *user) {
  ws_mistakes *m = NULL;
  const ws_mistake *items;
  size_t count;
  const double probs[] = {.3, .7};
  (void)user;
  ws_status status = ws_mistakes_new(2, &m);
  for (uint64_t i = 0; i < 9 && status == WS_OK; i++)
    status = ws_mistakes_add(m, i, ws_text_of("id"), ws_text_of("text"), probs, 1, 0);
  if (status == WS_OK) status = ws_mistakes_sorted(m, &items, &count);
  ws_mistakes_free(m);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  ws_test_every_allocation_failure(try_all, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_surest_come_first),
      cmocka_unit_test(they_are_those_of_a_full_sort),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
