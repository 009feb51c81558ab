/* SPDX-License-Identifier: MIT
 *
 * Hashes and random numbers: fixed values, which files and results rest on. A change here
 * is a change of every format.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weaksup/hash.h>
#include <weaksup/rng.h>

#include "id_set.h"
#include "ws_test.h"

static void hashes_never_change(void **state) {
  (void)state;
  assert_true(ws_hash64("", 0, 0) == 0x2D06800538D394C2u);
  assert_true(ws_hash64("weaksup", 7, 0) == 0x9D9E3FDBBCCBEBE2u);
  assert_true(ws_hash64("weaksup", 7, 1) == 0xF3C5C4753CD12E21u);
  assert_true(ws_hash64("weaksup", 7, 0) != ws_hash64("weaksuq", 7, 0));
}

static void hex_has_the_high_half_first(void **state) {
  (void)state;
  char hex[33];
  ws_hash128_hex((ws_hash128){0x0123456789ABCDEFu, 0xFEDCBA9876543210u}, hex);
  assert_string_equal(hex, "fedcba98765432100123456789abcdef");
  ws_hash128_hex(ws_hash128_of("", 0), hex);
  assert_string_equal(hex, "99aa06d3014798d86001c324468d497f");
  ws_hash128_hex(ws_hash128_of("weaksup", 7), hex);
  assert_string_equal(hex, "e7c8c00ad5addd4feaa779dfe68bb87d");
}

static void sums_and_joins_tell_order_apart(void **state) {
  (void)state;
  ws_hash128 a = ws_hash128_of("a", 1), b = ws_hash128_of("b", 1), none = {0, 0};
  assert_true(ws_hash128_equals(ws_hash128_add(ws_hash128_add(none, a), b),
                                ws_hash128_add(ws_hash128_add(none, b), a)));
  assert_true(ws_hash128_equals(ws_hash128_add(none, a), a));
  assert_false(ws_hash128_equals(ws_hash128_join(a, b), ws_hash128_join(b, a)));
  ws_hash128 sum = ws_hash128_add((ws_hash128){UINT64_MAX, 1}, (ws_hash128){2, 3});
  assert_true(sum.low == 1 && sum.high == 5);
}

/* 1000 bytes: XXH3 treats long input in another way than short. */
static void long_input_hashes_as_it_always_did(void **state) {
  (void)state;
  unsigned char bytes[1000];
  char hex[33];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)(i * 7);
  ws_hash128_hex(ws_hash128_of(bytes, sizeof bytes), hex);
  assert_string_equal(hex, "abee229cdadad76d10ad30264426c830");
  assert_true(ws_hash64(bytes, sizeof bytes, 5) == 0xB1575FFAED9E308Cu);
}

/* --- random numbers --- */

static void a_seed_gives_these_numbers(void **state) {
  (void)state;
  static const uint64_t of_0[] = {0x99ec5f36cb75f2b4u, 0xbf6e1f784956452au,
                                  0x1a5f849d4933e6e0u, 0x6aa594f1262d2d2cu};
  static const uint64_t of_42[] = {0x15780b2e0c2ec716u, 0x6104d9866d113a7eu,
                                   0xae17533239e499a1u, 0xecb8ad4703b360a1u};
  ws_rng a, b;
  ws_rng_init(&a, 0);
  ws_rng_init(&b, 42);
  for (int i = 0; i < 4; i++) {
    assert_true(ws_rng_next(&a) == of_0[i]);
    assert_true(ws_rng_next(&b) == of_42[i]);
  }
}

static void uniform_numbers_are_the_top_53_bits(void **state) {
  (void)state;
  ws_rng rng;
  double sum = 0;
  ws_rng_init(&rng, 0);
  assert_near(ws_rng_uniform(&rng), (double)(0x99ec5f36cb75f2b4u >> 11) / 0x1p53, 0);
  for (int i = 0; i < 100000; i++) {
    double x = ws_rng_uniform(&rng);
    assert_true(x >= 0 && x < 1);
    sum += x;
  }
  assert_near(sum / 100000, 0.5, 5 * 0.2887 / 316); // five standard errors
}

/* Pearson's statistic with 6 degrees of freedom: beyond 27.9 once in ten thousand seeds,
 * and the seed is fixed. */
static void below_is_fair(void **state) {
  (void)state;
  ws_rng rng;
  size_t counts[7] = {0};
  double statistic = 0;
  ws_rng_init(&rng, 1);
  for (int i = 0; i < 70000; i++) counts[ws_rng_below(&rng, 7)]++;
  for (int k = 0; k < 7; k++) {
    double off = (double)counts[k] - 10000;
    statistic += off * off / 10000;
  }
  assert_true(statistic < 27.9);
}

/* With a bound just above 2^63 nearly half of the numbers must be thrown away; taking
 * them modulo the bound would put two thirds of the results into the lower half. */
static void below_has_no_bias_with_a_huge_bound(void **state) {
  (void)state;
  ws_rng rng;
  size_t low = 0;
  const uint64_t bound = ((uint64_t)3 << 62) - 1;
  ws_rng_init(&rng, 2);
  for (int i = 0; i < 10000; i++) {
    uint64_t x = ws_rng_below(&rng, bound);
    assert_true(x < bound);
    low += x < bound / 3;
  }
  assert_near((double)low / 10000, 1.0 / 3, 5 * 0.0047);
  assert_int_equal(ws_rng_below(&rng, 1), 0);
}

static void shuffling_is_a_permutation_that_the_seed_fixes(void **state) {
  (void)state;
  ws_rng a, b;
  uint32_t one[100], two[100];
  bool seen[100] = {false};
  for (uint32_t i = 0; i < 100; i++) one[i] = two[i] = i;
  ws_rng_init(&a, 7), ws_rng_init(&b, 7);
  ws_rng_shuffle(&a, one, 100);
  ws_rng_shuffle(&b, two, 100);
  assert_memory_equal(one, two, sizeof one);
  size_t moved = 0;
  for (uint32_t i = 0; i < 100; i++) seen[one[i]] = true, moved += one[i] != i;
  for (size_t i = 0; i < 100; i++) assert_true(seen[i]);
  assert_true(moved > 80);
  ws_rng_shuffle(&a, NULL, 0);
  ws_rng_shuffle(&a, one, 1);
}

/* The six orders of three items, each about as often: 5 degrees of freedom. */
static void every_order_is_as_likely(void **state) {
  (void)state;
  ws_rng rng;
  size_t counts[27] = {0};
  double statistic = 0;
  ws_rng_init(&rng, 3);
  for (int i = 0; i < 6000; i++) {
    uint32_t items[] = {0, 1, 2};
    ws_rng_shuffle(&rng, items, 3);
    counts[items[0] * 9 + items[1] * 3 + items[2]]++;
  }
  for (int k = 0; k < 27; k++) {
    double off = (double)counts[k] - 1000;
    if (counts[k]) statistic += off * off / 1000;
  }
  assert_true(statistic < 25.7);
}

/* --- files --- */

/* It would be waited for, and for ever, as its writer is gone. */
static void a_pipe_has_no_hash_and_is_not_waited_for(void **state) {
  char *folder = ws_test_folder(), path[300];
  ws_hash128 hash;
  ws_error err = WS_ERROR_INIT;
  (void)state;
  snprintf(path, sizeof path, "%s/pipe", folder);
  assert_int_equal(mkfifo(path, 0600), 0);
  alarm(20);
  assert_status(WS_EIO, ws_hash128_file(path, &hash, &err));
  alarm(0);
  assert_non_null(strstr(err.message, "pipe: expected a regular file"));
  ws_test_remove_folder(folder);
}

/* --- the set of ids, which rests on the hashes --- */

static ws_status add_ids(void *user) {
  ws__id_set set = {0};
  ws_status status = WS_OK;
  for (int round = 0; round < 2; round++)
    for (size_t i = 0; status == WS_OK && i < 1000; i++) {
      bool added = false;
      status = ws__id_set_add(
          &set, ws__id_set_expect(&set, (ws_text){(const char *)&i, sizeof i}), &added);
      if (status == WS_OK) assert_int_equal(added, round == 0);
    }
  ws__id_set_clear(&set);
  (void)user;
  return status;
}

static void an_id_set_knows_what_it_holds(void **state) {
  (void)state;
  assert_status(WS_OK, add_ids(NULL));
  ws_test_every_allocation_failure(add_ids, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(hashes_never_change),
      cmocka_unit_test(hex_has_the_high_half_first),
      cmocka_unit_test(sums_and_joins_tell_order_apart),
      cmocka_unit_test(long_input_hashes_as_it_always_did),
      cmocka_unit_test(a_seed_gives_these_numbers),
      cmocka_unit_test(uniform_numbers_are_the_top_53_bits),
      cmocka_unit_test(below_is_fair),
      cmocka_unit_test(below_has_no_bias_with_a_huge_bound),
      cmocka_unit_test(shuffling_is_a_permutation_that_the_seed_fixes),
      cmocka_unit_test(every_order_is_as_likely),
      cmocka_unit_test(a_pipe_has_no_hash_and_is_not_waited_for),
      cmocka_unit_test(an_id_set_knows_what_it_holds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
