/* SPDX-License-Identifier: MIT
 *
 * The code that exported headers share, compiled here with tables made on the spot: its
 * characters are those of ws_text_chars, its functions those of the C library.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/rng.h>
#include <weaksup/text.h>

#include "export_priv.h"
#include "ws_test.h"

static ws__characters made;
#define NAME_PAGES      made.pages
#define NAME_page_first made.page_first
#define NAME_page_at    made.page_at
#define NAME_runs       ((const unsigned char *)made.runs.data)
#define NAME_CASES      made.case_count
#define NAME_cases      made.cases
#include "templates/characters.h"
typedef double NAME_real;
#include "templates/numbers.h"

static int make_tables(void **state) {
  (void)state;
  return ws__characters_init(&made) != WS_OK;
}

static int clear_tables(void **state) {
  (void)state;
  ws__characters_clear(&made);
  return 0;
}

/* Both tokenizers see the same characters. The text is in memory of its size alone. */
static void compare(const unsigned char *bytes, size_t size) {
  char *text = malloc(size ? size : 1);
  uint32_t *expected = malloc((size ? size : 1) * sizeof *expected);
  assert_non_null(text);
  assert_non_null(expected);
  memcpy(text, bytes, size);
  size_t count = ws_text_chars((ws_text){text, size}, expected), at = 0, found = 0;
  while (at < size) {
    assert_true(found < count);
    assert_int_equal(NAME_next(text, size, &at), expected[found++]);
  }
  assert_int_equal(at, size);
  assert_int_equal(found, count);
  free(text);
  free(expected);
}

static void every_character_is_the_same(void **state) {
  (void)state;
  for (uint32_t c = 0; c <= 0x10FFFF; c++) {
    char bytes[4];
    if (c >= 0xD800 && c < 0xE000) continue;
    compare((const unsigned char *)bytes, ws__utf8_encode(c, bytes));
  }
}

/* Bytes that begin characters, continue them, or neither, more often than others. */
static unsigned char random_byte(ws_rng *rng) {
  static const unsigned char likely[] = {0x80, 0xBF, 0xC2, 0xE0, 0xED, 0xEF,
                                         0xF0, 0xF4, 0x9F, 0xA0, 'a',  ' '};
  uint64_t draw = ws_rng_next(rng);
  return draw & 1 ? (unsigned char)(draw >> 8) : likely[(draw >> 8) % sizeof likely];
}

static void bytes_that_are_no_text_are_the_same(void **state) {
  (void)state;
  ws_rng rng;
  ws_rng_init(&rng, 7);
  for (size_t i = 0; i < 100000; i++) {
    unsigned char bytes[24];
    size_t size = (size_t)(ws_rng_next(&rng) % sizeof bytes);
    for (size_t j = 0; j < size; j++) bytes[j] = random_byte(&rng);
    compare(bytes, size);
  }
}

static void logarithms_are_exact(void **state) {
  (void)state;
  assert_true(NAME_log(1) == 0);
  for (uint32_t count = 1; count < 2000; count++)
    assert_near(NAME_log(count), log(count), 1e-11);
  assert_near(NAME_log(UINT32_MAX), log(UINT32_MAX), 1e-11);
}

static void exponentials_are_exact(void **state) {
  (void)state;
  assert_true(NAME_exp(0) == 1);
  for (double x = 0; x > -87; x -= 0.013) assert_near(NAME_exp(x) / exp(x), 1, 1e-12);
  assert_true(NAME_exp(-1000) == 0);
}

static void roots_are_exact(void **state) {
  (void)state;
  assert_true(NAME_sqrt(0) == 0);
  for (double x = 1e-12; x < 1e15; x *= 1.7)
    assert_near(NAME_sqrt(x) / sqrt(x), 1, 1e-14);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_character_is_the_same),
      cmocka_unit_test(bytes_that_are_no_text_are_the_same),
      cmocka_unit_test(logarithms_are_exact),
      cmocka_unit_test(exponentials_are_exact),
      cmocka_unit_test(roots_are_exact),
  };
  return cmocka_run_group_tests(tests, make_tables, clear_tables);
}
