/* SPDX-License-Identifier: MIT
 *
 * The bricks of binary files.
 */
#include <math.h>

#include <weaksup/bytes.h>

#include "ws_test.h"

static void doubles_keep_their_bits(void **state) {
  (void)state;
  const double numbers[] = {0, -0.0, 0.1, -1e300, 5e-324, (double)INFINITY};
  enum { COUNT = sizeof numbers / sizeof *numbers };
  ws_buffer bytes = {0};
  for (size_t i = 0; i < COUNT; i++)
    assert_ok(ws_bytes_put_double(&bytes, numbers[i]), NULL);
  ws_bytes in = ws_bytes_of(ws_buffer_as_text(&bytes));
  for (size_t i = 0; i < COUNT; i++) {
    double again = ws_bytes_take_double(&in);
    assert_memory_equal(&again, &numbers[i], sizeof again);
  }
  assert_false(in.bad);
  assert_near(ws_bytes_take_double(&in), 0, 0);
  assert_true(in.bad);
  ws_buffer_clear(&bytes);
}

static void one_is_little_endian(void **state) {
  (void)state;
  ws_buffer bytes = {0};
  assert_ok(ws_bytes_put_double(&bytes, 1), NULL);
  assert_int_equal(bytes.size, 8);
  assert_memory_equal(bytes.data, "\0\0\0\0\0\0\xf0\x3f", 8);
  ws_buffer_clear(&bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(doubles_keep_their_bits),
      cmocka_unit_test(one_is_little_endian),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
