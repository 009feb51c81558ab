/* SPDX-License-Identifier: MIT
 *
 * Features from records to the rows that a classifier is trained on.
 */
#include <math.h>
#include <stdio.h>

#include "design.h"
#include "feature_hash.h"
#include "features_rows.h"
#include "ws_test_features.h"

/* The key of a word, or of two with a blank between. */
static uint32_t key_of(const char *term) {
  uint64_t hash = WS__HASH_START, words = 0;
  for (; *term; term++) {
    if (*term != ' ') {
      hash = ws__hash_step(hash, (unsigned char)*term);
      continue;
    }
    words = ws__hash_join(words, hash);
    hash = WS__HASH_START;
  }
  return (uint32_t)ws__hash_end(ws__hash_join(words, hash));
}

static const ws__matrix *matrix_of(ws_features *features) {
  const ws__matrix *matrix = NULL;
  assert_ok(ws__features_matrix(features, &matrix, NULL), NULL);
  return matrix;
}

/* The weight of a term in row i. */
static double weight_of(const ws__matrix *m, size_t i, const char *term) {
  for (size_t c = m->begin[i]; c < m->begin[i + 1]; c++)
    if (m->keys[m->cells[c].index] == key_of(term)) return (double)m->cells[c].value;
  return 0;
}

static size_t row_size(const ws__matrix *m, size_t i) {
  return m->begin[i + 1] - m->begin[i];
}

static void words_marks_and_pairs_are_counted(void **state) {
  (void)state;
  const char *const texts[] = {"The cat. THE Cat sat!"};
  ws_features *features = features_of("words(text)", texts, 1);
  const ws__matrix *m = matrix_of(features);
  assert_int_equal(row_size(m, 0), 10); // 5 words and marks, 5 pairs
  assert_near(weight_of(m, 0, "the") / weight_of(m, 0, "sat"), 1 + log(2), 1e-6);
  assert_near(weight_of(m, 0, "the cat") / weight_of(m, 0, "cat ."), 1 + log(2), 1e-6);
  assert_true(weight_of(m, 0, "!") > 0);
  assert_true(weight_of(m, 0, "cat the") == 0);
  ws_features_free(features);
}

static void case_does_not_matter(void **state) {
  (void)state;
  const char *const texts[] = {"\xC3\x89T\xC3\x89 2024", "\xC3\xA9t\xC3\xA9  2024"};
  ws_features *features = features_of(NULL, texts, 2);
  const ws__matrix *m = matrix_of(features);
  assert_int_equal(row_size(m, 0), row_size(m, 1));
  assert_memory_equal(m->cells, m->cells + m->begin[1],
                      row_size(m, 0) * sizeof *m->cells);
  ws_features_free(features);
}

static void a_text_without_words_is_an_empty_row(void **state) {
  (void)state;
  const char *const texts[] = {"", " \t\n", "word"};
  ws_features *features = features_of("words(text)", texts, 3);
  const ws__matrix *m = matrix_of(features);
  assert_int_equal(ws_features_rows(features), 3);
  assert_int_equal(row_size(m, 0), 0);
  assert_int_equal(row_size(m, 1), 0);
  assert_int_equal(row_size(m, 2), 1);
  ws_features_free(features);
}

/* The table of terms grows, and the numbering of its slots comes round to 0. */
static void long_texts_and_many_texts_are_counted_alike(void **state) {
  (void)state;
  enum { WORDS = 3000 };
  char *text = malloc(WORDS * 8 + 1), *at = text;
  for (int i = 0; i < WORDS; i++) at += sprintf(at, "w%d ", i % 1000);
  const char *const texts[] = {"w1 w2", text, "w1 w2"};
  ws_features *features = features_of("words(text, 1)", texts, 3);
  features->terms.stamp = UINT32_MAX - 1;
  for (int i = 0; i < 3; i++) {
    ws_record record = record_of("w1 w2");
    assert_ok(ws_features_add(features, &record, NULL), NULL);
  }
  const ws__matrix *m = matrix_of(features);
  assert_int_equal(row_size(m, 1), 1000);
  for (size_t i = 2; i < 6; i++) assert_int_equal(row_size(m, i), 2);
  ws_features_free(features);
  free(text);
}

static void options_out_of_range_are_refused(void **state) {
  (void)state;
  const ws_features_options wrong[] = {
      {.hash_bits = 7}, {.hash_bits = 27}, {.hash_bits = 18, .blocks = "word(text)"}};
  for (size_t i = 0; i < 3; i++) {
    ws_features *features = NULL;
    ws_error err = WS_ERROR_INIT;
    assert_true(ws_features_new(&wrong[i], &features, &err) != WS_OK);
    assert_message(&err, i < 2 ? "hash bits: expected 8 to 26" : "did you mean 'words'?");
    assert_null(features);
  }
}

static void no_record_follows_the_training(void **state) {
  (void)state;
  const char *const texts[] = {"a"};
  ws_features *features = features_of(NULL, texts, 1);
  ws_record record = record_of("b");
  ws_error err = WS_ERROR_INIT;
  matrix_of(features);
  assert_status(WS_EINVAL, ws_features_add(features, &record, &err));
  assert_message(&err, "no record can follow");
  ws_features_free(features);
}

/* --- the design --------------------------------------------------------------------- */

/* The weight of a term in row r: its column's value, times its share of it. */
static double value_of(const ws__design *d, const ws__matrix *m, size_t r,
                       const char *term) {
  for (size_t e = 0; e < m->A; e++) {
    if (m->keys[e] != key_of(term)) continue;
    for (size_t c = d->begin[r]; c < d->begin[r + 1]; c++)
      if (d->cells[c].index == d->column[e])
        return (double)d->cells[c].value * (double)d->share[e];
  }
  return 0;
}

static void rows_are_tf_idf_of_length_one(void **state) {
  (void)state;
  const char *const texts[] = {"a b b c", "a d", "a c e", ""};
  const double targets[] = {1, 0, 0.5, 0.5, 0, 1};
  const size_t rows[] = {0, 1, 3};
  ws_features *features = features_of("words(text, 1)", texts, 4);
  const ws__matrix *m = matrix_of(features);
  ws__design d;
  assert_ok(ws__design_init(&d, m, &(ws__rows){rows, 3, targets}, 2, NULL), NULL);
  assert_int_equal(d.columns, 3); // {b, c}; a; {d}: e is in no row
  // the third row counts for idf: a is in 3 of 4 rows, b in 1, c in 2, d in 1
  double a = 1 + log(5.0 / 4), b = (1 + log(2)) * (1 + log(5.0 / 2)),
         c = 1 + log(5.0 / 3);
  double length = sqrt(a * a + b * b + c * c);
  assert_near(value_of(&d, m, 0, "a"), a / length, 1e-6);
  assert_near(value_of(&d, m, 0, "b"), b / length, 1e-6);
  assert_near(value_of(&d, m, 0, "c"), c / length, 1e-6);
  double e = 1 + log(5.0 / 2);
  assert_near(value_of(&d, m, 1, "d"), e / sqrt(a * a + e * e), 1e-6);
  assert_int_equal(d.begin[3], d.begin[2]); // the empty text
  ws__design_clear(&d);
  ws_features_free(features);
}

static ws_status collect(void *user) {
  (void)user;
  const char *const texts[] = {"one two three", "two three four"};
  const double targets[] = {1, 0, 0, 1};
  const ws__matrix *m = NULL;
  ws_features *features = NULL;
  ws__design d = {0};
  ws_status status = ws_features_new(NULL, &features, NULL);
  for (size_t i = 0; i < 2 && status == WS_OK; i++) {
    ws_record record = record_of(texts[i]);
    status = ws_features_add(features, &record, NULL);
  }
  if (status == WS_OK) status = ws__features_matrix(features, &m, NULL);
  if (status == WS_OK)
    status = ws__design_init(&d, m, &(ws__rows){NULL, 2, targets}, 2, NULL);
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
      cmocka_unit_test(words_marks_and_pairs_are_counted),
      cmocka_unit_test(case_does_not_matter),
      cmocka_unit_test(a_text_without_words_is_an_empty_row),
      cmocka_unit_test(long_texts_and_many_texts_are_counted_alike),
      cmocka_unit_test(options_out_of_range_are_refused),
      cmocka_unit_test(no_record_follows_the_training),
      cmocka_unit_test(rows_are_tf_idf_of_length_one),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
