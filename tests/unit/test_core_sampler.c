/* SPDX-License-Identifier: MIT
 *
 * Samples of items that come one after another: of the size asked for, and fair.
 */
#include <weaksup/rng.h>

#include "ws_test.h"

static size_t sample(uint64_t seed, uint64_t count, uint64_t most, bool *taken) {
  ws_sampler sampler;
  size_t n = 0;
  ws_sampler_init(&sampler, seed, count, most);
  for (uint64_t i = 0; i < count; i++) n += taken[i] = ws_sampler_next(&sampler);
  assert_false(ws_sampler_next(&sampler)); // there is no such item
  return n;
}

static void a_sample_has_the_size_asked_for(void **state) {
  (void)state;
  bool taken[100];
  for (uint64_t seed = 0; seed < 20; seed++) {
    assert_int_equal(sample(seed, 100, 7, taken), 7);
    assert_int_equal(sample(seed, 100, 0, taken), 0);
    assert_int_equal(sample(seed, 5, 5, taken), 5);
    assert_int_equal(sample(seed, 5, 9, taken), 5);
    assert_int_equal(sample(seed, 0, 9, taken), 0);
  }
}

/* Each of the 10 pairs of 5 items comes 1000 times of 10000, with a standard deviation of
 * 30: five of them are never left. */
static void each_sample_is_as_likely(void **state) {
  (void)state;
  unsigned times[32] = {0};
  for (uint64_t seed = 0; seed < 10000; seed++) {
    bool taken[5];
    unsigned set = 0;
    sample(seed, 5, 2, taken);
    for (unsigned i = 0; i < 5; i++) set |= (unsigned)taken[i] << i;
    times[set]++;
  }
  for (unsigned a = 0; a < 5; a++)
    for (unsigned b = a + 1; b < 5; b++)
      assert_in_range(times[1u << a | 1u << b], 850, 1150);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sample_has_the_size_asked_for),
      cmocka_unit_test(each_sample_is_as_likely),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
