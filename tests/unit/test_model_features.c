/* SPDX-License-Identifier: MIT
 *
 * Terms of texts, and the weighted rows that a classifier is trained on.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/hash.h>

#include "design.h"
#include "ws_test.h"

static ws_features *features_of(unsigned max_ngram, const char *const *texts,
                                size_t count) {
  ws_features_options options = {.hash_bits = 20, .max_ngram = max_ngram};
  ws_features *features = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_features_new(&options, &features, &err), &err);
  for (size_t i = 0; i < count; i++)
    assert_ok(ws_features_add(features, ws_text_of(texts[i])), NULL);
  return features;
}

static uint32_t bucket_of(const char *term) {
  return (uint32_t)ws_hash64(term, strlen(term), 0) & ((1u << 20) - 1);
}

/* How often row i has the term. */
static uint32_t count_of(const ws_features *features, size_t i, const char *term) {
  for (size_t c = ws__row_begin(features, i); c < features->ends[i]; c++)
    if (features->cells[c].bucket == bucket_of(term)) return features->cells[c].count;
  return 0;
}

static size_t row_size(const ws_features *features, size_t i) {
  return features->ends[i] - ws__row_begin(features, i);
}

static void words_and_pairs_are_counted(void **state) {
  (void)state;
  const char *const texts[] = {"The cat. THE Cat sat!"};
  ws_features *features = features_of(2, texts, 1);
  assert_int_equal(row_size(features, 0), 6);
  assert_int_equal(count_of(features, 0, "the"), 2);
  assert_int_equal(count_of(features, 0, "cat"), 2);
  assert_int_equal(count_of(features, 0, "sat"), 1);
  assert_int_equal(count_of(features, 0, "the cat"), 2);
  assert_int_equal(count_of(features, 0, "cat the"), 1);
  assert_int_equal(count_of(features, 0, "cat sat"), 1);
  ws_features_free(features);
}

static void pairs_can_be_left_out(void **state) {
  (void)state;
  const char *const texts[] = {"one two one"};
  ws_features *features = features_of(1, texts, 1);
  assert_int_equal(row_size(features, 0), 2);
  assert_int_equal(count_of(features, 0, "one"), 2);
  assert_int_equal(count_of(features, 0, "one two"), 0);
  ws_features_free(features);
}

static void case_and_punctuation_do_not_matter(void **state) {
  (void)state;
  const char *const texts[] = {"\xC3\x89T\xC3\x89 2024, chaud",
                               "\xC3\xA9t\xC3\xA9 (2024) chaud"};
  ws_features *features = features_of(2, texts, 2);
  assert_int_equal(row_size(features, 0), 5);
  assert_int_equal(row_size(features, 1), 5);
  assert_memory_equal(features->cells, features->cells + 5, 5 * sizeof *features->cells);
  assert_int_equal(count_of(features, 0, "\xC3\xA9t\xC3\xA9"), 1);
  ws_features_free(features);
}

static void a_text_without_words_is_an_empty_row(void **state) {
  (void)state;
  const char *const texts[] = {"", "...!?", "word"};
  ws_features *features = features_of(2, texts, 3);
  assert_int_equal(ws_features_rows(features), 3);
  assert_int_equal(row_size(features, 0), 0);
  assert_int_equal(row_size(features, 1), 0);
  assert_int_equal(row_size(features, 2), 1);
  ws_features_free(features);
}

/* The table of terms grows, and the numbering of its slots comes round to 0. */
static void long_texts_and_many_texts_are_counted_alike(void **state) {
  (void)state;
  enum { WORDS = 3000 };
  char *text = malloc(WORDS * 8 + 1), *at = text;
  for (int i = 0; i < WORDS; i++) at += sprintf(at, "w%d ", i % 1000);
  const char *const texts[] = {"w1 w2", text, "w1 w2"};
  ws_features *features = features_of(1, texts, 3);
  features->terms.stamp = UINT32_MAX - 1;
  for (int i = 0; i < 3; i++)
    assert_ok(ws_features_add(features, ws_text_of("w1 w2")), NULL);
  assert_true(row_size(features, 1) > 990); // of 1000, but for words that share a bucket
  assert_int_equal(count_of(features, 1, "w7") % 3, 0);
  for (size_t i = 2; i < 6; i++) {
    assert_int_equal(row_size(features, i), 2);
    assert_int_equal(count_of(features, i, "w1"), 1);
  }
  ws_features_free(features);
  free(text);
}

static void options_out_of_range_are_refused(void **state) {
  (void)state;
  const ws_features_options wrong[] = {{7, 2}, {27, 2}, {18, 0}, {18, 3}};
  for (size_t i = 0; i < 4; i++) {
    ws_features *features = NULL;
    ws_error err = WS_ERROR_INIT;
    assert_status(WS_EINVAL, ws_features_new(&wrong[i], &features, &err));
    assert_message(&err, "found");
    assert_null(features);
  }
}

static void idf_is_smooth(void **state) {
  (void)state;
  assert_near((double)ws__idf(3, 1), 1 + log(4.0 / 2), 1e-6);
  assert_near((double)ws__idf(5, 5), 1, 0);
  assert_near(ws__tf(1), 1, 0);
  assert_near(ws__tf(3), 1 + log(3), 1e-15);
}

/* --- the design --------------------------------------------------------------------- */

/* The weight of a term in row r: its column's value, times its share of it. */
static double value_of(const ws__design *d, size_t r, const char *term) {
  for (size_t a = 0; a < d->active; a++) {
    if (d->buckets[a] != bucket_of(term)) continue;
    for (size_t c = d->begin[r]; c < d->begin[r + 1]; c++)
      if (d->index[c] == d->column[a]) return (double)d->value[c] * (double)d->share[a];
  }
  return 0;
}

static void rows_are_tf_idf_of_length_one(void **state) {
  (void)state;
  const char *const texts[] = {"a b b c", "a d", "a c e", ""};
  const double targets[] = {1, 0, 0.5, 0.5, 0, 0, 0, 1};
  ws_features *features = features_of(1, texts, 4);
  ws__design d;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws__design_init(&d, features, targets, 2, &err), &err);
  assert_int_equal(d.n, 3);       // the third row is left out,
  assert_int_equal(d.active, 4);  // and e with it
  assert_int_equal(d.columns, 3); // a; {b, c}; {d}
  // it still counts for idf: a is in 3 of 4 rows, b in 1, c in 2, d in 1
  double a = 1 + log(5.0 / 4), b = (1 + log(2)) * (1 + log(5.0 / 2)),
         c = 1 + log(5.0 / 3);
  double length = sqrt(a * a + b * b + c * c);
  assert_near(value_of(&d, 0, "a"), a / length, 1e-6);
  assert_near(value_of(&d, 0, "b"), b / length, 1e-6);
  assert_near(value_of(&d, 0, "c"), c / length, 1e-6);
  double e = 1 + log(5.0 / 2);
  assert_near(value_of(&d, 1, "d"), e / sqrt(a * a + e * e), 1e-6);
  assert_int_equal(d.begin[3], d.begin[2]); // the empty text
  ws__design_clear(&d);
  ws_features_free(features);
}

static void targets_must_be_distributions(void **state) {
  (void)state;
  const char *const texts[] = {"a", "b"};
  const double wrong[][4] = {
      {1, 0, 0.5, 0.4}, {1, 0, 2, -1}, {1, 0, (double)NAN, 1}, {0, 0, 0, 0}};
  ws_features *features = features_of(1, texts, 2);
  for (size_t i = 0; i < 4; i++) {
    ws__design d;
    ws_error err = WS_ERROR_INIT;
    assert_status(WS_EINVAL, ws__design_init(&d, features, wrong[i], 2, &err));
    assert_message(&err, i < 3 ? "row 1: its targets" : "expected labels to train on");
    ws__design_clear(&d);
  }
  ws_features_free(features);
}

static ws_status collect(void *user) {
  (void)user;
  ws_features *features = NULL;
  ws__design d = {0};
  const double targets[] = {1, 0, 0, 1};
  ws_status status = ws_features_new(NULL, &features, NULL);
  if (status == WS_OK) status = ws_features_add(features, ws_text_of("one two three"));
  if (status == WS_OK) status = ws_features_add(features, ws_text_of("two three four"));
  if (status == WS_OK) status = ws__design_init(&d, features, targets, 2, NULL);
  ws__design_clear(&d);
  ws_features_free(features);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  ws_test_every_allocation_failure(collect, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(words_and_pairs_are_counted),
      cmocka_unit_test(pairs_can_be_left_out),
      cmocka_unit_test(case_and_punctuation_do_not_matter),
      cmocka_unit_test(a_text_without_words_is_an_empty_row),
      cmocka_unit_test(long_texts_and_many_texts_are_counted_alike),
      cmocka_unit_test(options_out_of_range_are_refused),
      cmocka_unit_test(idf_is_smooth),
      cmocka_unit_test(rows_are_tf_idf_of_length_one),
      cmocka_unit_test(targets_must_be_distributions),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
