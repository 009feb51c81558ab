/* SPDX-License-Identifier: MIT
 *
 * The allocation seam and the arena: overflowing sizes are refused before anything is
 * asked for, and what fails leaves everything as it was.
 */
#include <stdalign.h>

#include <weaksup/arena.h>

#include "ws_test.h"

static void nothing_is_a_valid_request(void **state) {
  (void)state;
  void *blocks[] = {ws_alloc(0), ws_alloc_zero(0, 8), ws_alloc_array(8, 0)};
  for (size_t i = 0; i < 3; i++) {
    assert_non_null(blocks[i]);
    ws_free(blocks[i]);
  }
  ws_free(NULL);
}

static void sizes_that_overflow_are_refused(void **state) {
  (void)state;
  size_t half = SIZE_MAX / 2 + 1;
  assert_null(ws_alloc_array(half, 2));
  assert_null(ws_alloc_array(2, half));
  assert_null(ws_alloc_zero(SIZE_MAX, SIZE_MAX));
  char *block = ws_alloc_array(3, 1);
  memcpy(block, "ab", 3);
  assert_null(ws_realloc_array(block, half, 2));
  assert_string_equal(block, "ab");
  ws_free(block);
}

static void zeroed_memory_is_zero(void **state) {
  (void)state;
  unsigned char *block = ws_alloc_zero(100, 3);
  for (size_t i = 0; i < 300; i++) assert_int_equal(block[i], 0);
  ws_free(block);
}

static void growing_at_least_doubles(void **state) {
  (void)state;
  int *items = NULL;
  size_t capacity = 0, grown = 0;
  for (size_t i = 0; i < 1000; i++) {
    size_t before = capacity;
    assert_true(ws_grow(&items, &capacity, i + 1, sizeof *items));
    assert_true(capacity >= i + 1);
    if (capacity != before) grown++, assert_true(capacity >= 2 * before);
    items[i] = (int)i;
  }
  assert_true(grown <= 8);
  for (int i = 0; i < 1000; i++) assert_int_equal(items[i], i);
  ws_free(items);
}

static void growing_beyond_everything_changes_nothing(void **state) {
  (void)state;
  size_t capacity = 0;
  double *items = NULL;
  assert_false(ws_grow(&items, &capacity, SIZE_MAX / 4, sizeof *items));
  assert_null(items);
  assert_true(ws_grow(&items, &capacity, 4, sizeof *items));
  double *before = items;
  size_t room = capacity;
  assert_false(ws_grow(&items, &capacity, SIZE_MAX, sizeof *items));
  assert_ptr_equal(items, before);
  assert_int_equal(capacity, room);
  ws_free(items);
}

static void *count_calls(void *user, void *ptr, size_t size) {
  ++*(size_t *)user;
  if (size) return realloc(ptr, size);
  free(ptr);
  return NULL;
}

static void everything_goes_through_the_seam(void **state) {
  (void)state;
  size_t calls = 0;
  ws_set_allocator(count_calls, &calls);
  void *block = ws_alloc(8);
  block = block ? ws_realloc_array(block, 4, 4) : NULL;
  ws_free(block);
  ws_free(NULL);
  ws_set_allocator(NULL, NULL);
  assert_int_equal(calls, 3);
}

/* --- the arena --- */

static void arena_blocks_are_aligned_and_apart(void **state) {
  (void)state;
  ws_arena arena = {0};
  unsigned char *blocks[300];
  for (size_t i = 0; i < 300; i++) {
    blocks[i] = ws_arena_alloc(&arena, i);
    assert_int_equal((uintptr_t)blocks[i] % alignof(max_align_t), 0);
    memset(blocks[i], (int)(i & 0xFF), i);
  }
  for (size_t i = 0; i < 300; i++)
    for (size_t at = 0; at < i; at++) assert_int_equal(blocks[i][at], i & 0xFF);
  ws_arena_clear(&arena);
  assert_null(arena.blocks);
  ws_arena_clear(&arena);
}

static void an_arena_takes_a_large_request(void **state) {
  (void)state;
  ws_arena arena = {0};
  char *large = ws_arena_alloc(&arena, (size_t)3 << 20);
  assert_non_null(large);
  memset(large, 1, (size_t)3 << 20);
  assert_non_null(ws_arena_alloc(&arena, 1));
  assert_null(ws_arena_alloc(&arena, SIZE_MAX));
  assert_null(ws_arena_alloc(&arena, SIZE_MAX - 20));
  ws_arena_clear(&arena);
}

static void arena_text_is_a_copy_with_a_nul_behind(void **state) {
  (void)state;
  ws_arena arena = {0};
  char source[] = "a\0b";
  ws_text copy, empty;
  assert_status(WS_OK, ws_arena_text(&arena, (ws_text){source, 3}, &copy));
  assert_status(WS_OK, ws_arena_text(&arena, (ws_text){NULL, 0}, &empty));
  source[0] = 'x';
  assert_int_equal(copy.size, 3);
  assert_memory_equal(copy.data, "a\0b", 4);
  assert_string_equal(empty.data, "");
  assert_status(WS_ENOMEM, ws_arena_text(&arena, (ws_text){source, SIZE_MAX}, &copy));
  ws_arena_clear(&arena);
}

static ws_status fill_arena(void *user) {
  (void)user;
  ws_arena arena = {0};
  ws_status status = WS_OK;
  for (size_t i = 1; status == WS_OK && i < 2000; i *= 3)
    if (!ws_arena_alloc(&arena, i)) status = WS_ENOMEM;
  ws_arena_clear(&arena);
  return status;
}

static void an_arena_without_memory_loses_nothing(void **state) {
  (void)state;
  ws_test_every_allocation_failure(fill_arena, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_a_valid_request),
      cmocka_unit_test(sizes_that_overflow_are_refused),
      cmocka_unit_test(zeroed_memory_is_zero),
      cmocka_unit_test(growing_at_least_doubles),
      cmocka_unit_test(growing_beyond_everything_changes_nothing),
      cmocka_unit_test(everything_goes_through_the_seam),
      cmocka_unit_test(arena_blocks_are_aligned_and_apart),
      cmocka_unit_test(an_arena_takes_a_large_request),
      cmocka_unit_test(arena_text_is_a_copy_with_a_nul_behind),
      cmocka_unit_test(an_arena_without_memory_loses_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
