/* SPDX-License-Identifier: MIT
 *
 * The table of all features.
 */
#include "vocabulary.h"
#include "ws_test.h"

static void features_are_numbered_as_they_come(void **state) {
  (void)state;
  ws__vocabulary v = {0};
  uint32_t ids[3];
  const ws__term first[] = {{77, 2}, {5, 1}}, second[] = {{5, 4}, {9, 1}, {77, 1}};
  assert_ok(ws__vocabulary_add(&v, 0, first, 2, ids), NULL);
  assert_int_equal(ids[0], 0);
  assert_int_equal(ids[1], 1);
  assert_ok(ws__vocabulary_add(&v, 0, second, 3, ids), NULL);
  assert_int_equal(ids[0], 1);
  assert_int_equal(ids[1], 2);
  assert_int_equal(ids[2], 0);
  assert_int_equal(v.count, 3);
  assert_int_equal(ws__vocabulary_find(&v, 0, 9), 2);
  assert_int_equal(ws__vocabulary_find(&v, 0, 10), UINT32_MAX);
  ws__vocabulary_clear(&v);
}

static void the_same_hash_in_two_blocks_is_two_features(void **state) {
  (void)state;
  ws__vocabulary v = {0};
  uint32_t a, b;
  const ws__term term = {0, 1};
  assert_int_equal(ws__vocabulary_find(&v, 0, 0), UINT32_MAX); // before the first
  assert_ok(ws__vocabulary_add(&v, 0, &term, 1, &a), NULL);
  assert_ok(ws__vocabulary_add(&v, 1, &term, 1, &b), NULL);
  assert_int_not_equal(a, b);
  assert_int_equal(v.blocks[a], 0);
  assert_int_equal(v.blocks[b], 1);
  assert_int_equal(ws__vocabulary_find(&v, 1, 0), b);
  ws__vocabulary_clear(&v);
}

/* The slot of a feature, by looking at all. */
static const ws__word *slot_of(const ws__vocabulary *v, uint32_t id) {
  for (size_t i = 0; i <= v->mask; i++)
    if (v->slots[i].count > 0 && v->slots[i].id == id) return &v->slots[i];
  return NULL;
}

static void rows_are_counted_and_survive_growing(void **state) {
  (void)state;
  enum { MANY = 20000 };
  ws__vocabulary v = {0};
  uint32_t id;
  for (uint64_t i = 0; i < MANY; i++) {
    const ws__term terms[] = {{i * 4096, 1}}; // all want the same slots
    assert_ok(ws__vocabulary_add(&v, 0, terms, 1, &id), NULL);
    if (i % 2 == 0) assert_ok(ws__vocabulary_add(&v, 0, terms, 1, &id), NULL);
    assert_int_equal(id, i);
  }
  assert_int_equal(v.count, MANY);
  assert_int_equal(slot_of(&v, 0)->count, 2);
  assert_int_equal(slot_of(&v, 777)->count, 1);
  assert_int_equal(slot_of(&v, MANY - 2)->count, 2);
  assert_int_equal(ws__word_key(slot_of(&v, 777), 0), 777 * 4096);
  ws__vocabulary_clear(&v);
}

static ws_status fill(void *user) {
  ws__vocabulary v = {0};
  ws_status status = WS_OK;
  uint32_t id;
  (void)user;
  for (uint64_t i = 0; status == WS_OK && i < 6000; i++) {
    const ws__term term = {i * 0x9e3779b97f4a7c15, 1};
    status = ws__vocabulary_add(&v, 0, &term, 1, &id);
  }
  ws__vocabulary_clear(&v);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  ws_test_every_allocation_failure(fill, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(features_are_numbered_as_they_come),
      cmocka_unit_test(the_same_hash_in_two_blocks_is_two_features),
      cmocka_unit_test(rows_are_counted_and_survive_growing),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
