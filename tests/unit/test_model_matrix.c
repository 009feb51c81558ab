/* SPDX-License-Identifier: MIT
 *
 * Weighted rows, against figures of scikit-learn's TfidfVectorizer (sublinear_tf=True)
 * and by hand.
 */
#include <math.h>
#include <stdio.h>

#include "feature_hash.h"
#include "features_rows.h"
#include "ws_test_records.h"

static const ws__matrix *matrix_of(ws_features *features) {
  const ws__matrix *matrix = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws__features_matrix(features, &matrix, &err), &err);
  return matrix;
}

/* The weight that row i has in block b under the key; NaN: it is no entry. */
static double weight_of(const ws__matrix *m, size_t b, size_t i, uint32_t key) {
  size_t first = ws__matrix_first(m->ends, b), e = first;
  while (e < m->ends[b] && m->keys[e] != key) e++;
  if (e == m->ends[b]) return (double)NAN;
  for (size_t c = m->begin[i]; c < m->begin[i + 1]; c++)
    if (m->cells[c].index == e) return (double)m->cells[c].value;
  return 0;
}

static uint32_t chars_key(const char *characters) {
  uint64_t hash = WS__HASH_START;
  for (; *characters; characters++)
    hash = ws__hash_step(hash, (unsigned char)*characters);
  return (uint32_t)ws__hash_end(hash);
}

static uint32_t words_key(const char *words) {
  uint64_t hash = 0;
  char word[64];
  for (int n; sscanf(words, "%63s%n", word, &n) == 1; words += n) {
    uint64_t one = WS__HASH_START;
    for (const char *c = word; *c; c++) one = ws__hash_step(one, (unsigned char)*c);
    hash = ws__hash_join(hash, one);
  }
  return (uint32_t)ws__hash_end(hash);
}

static void words_weigh_what_scikit_learn_says(void **state) {
  (void)state;
  ws_features *features = features_of_lines(
      "words(text)",
      "{\"text\": \"The cat sat. The end!\"}\n{\"text\": \"a cat, a dog\"}\n"
      "{\"text\": \"Dog days\"}\n",
      18);
  const ws__matrix *m = matrix_of(features);
  assert_int_equal(m->begin[1], 12);
  assert_near(weight_of(m, 0, 0, words_key("the")), 0.4617554, 1e-6);
  assert_near(weight_of(m, 0, 0, words_key("cat")), 0.2074107, 1e-6);
  assert_near(weight_of(m, 0, 0, words_key("sat .")), 0.2727201, 1e-6);
  assert_near(weight_of(m, 0, 1, words_key("a")), 0.5636456, 1e-6);
  assert_near(weight_of(m, 0, 1, words_key(", a")), 0.3328981, 1e-6);
  assert_near(weight_of(m, 0, 2, words_key("dog")), 0.4736296, 1e-6);
  assert_near(weight_of(m, 0, 2, words_key("dog days")), 0.622766, 1e-6);
  ws_features_free(features);
}

/* TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3), sublinear_tf=True, min_df=2) */
static void stretches_of_one_record_drop_out(void **state) {
  (void)state;
  ws_features *features = features_of_lines(
      "chars(text,2-3)",
      "{\"text\": \"cat\"}\n{\"text\": \"cats\"}\n{\"text\": \"at\"}\n", 18);
  const ws__matrix *m = matrix_of(features);
  assert_true(isnan(weight_of(m, 0, 1, chars_key("ats"))));
  assert_near(weight_of(m, 0, 0, chars_key("at")), 0.3022162, 1e-6);
  assert_near(weight_of(m, 0, 0, chars_key("at ")), 0.3891584, 1e-6);
  assert_near(weight_of(m, 0, 1, chars_key(" ca")), 0.4660958, 1e-6);
  assert_near(weight_of(m, 0, 2, chars_key("t ")), 0.6198054, 1e-6);
  ws_features_free(features);
}

static void each_block_has_length_1(void **state) {
  (void)state;
  ws_features *features = features_of_lines(
      "words(text) vector(v) chars(text)",
      "{\"text\": \"one two\", \"v\": [3, 4]}\n{\"text\": \"one\", \"v\": [0, -2]}\n",
      18);
  const ws__matrix *m = matrix_of(features);
  for (size_t i = 0; i < 2; i++) {
    double squares[3] = {0};
    for (size_t c = m->begin[i]; c < m->begin[i + 1]; c++) {
      size_t b = 0;
      while (m->cells[c].index >= m->ends[b]) b++;
      squares[b] += (double)m->cells[c].value * (double)m->cells[c].value;
    }
    for (size_t b = 0; b < 3; b++) assert_near(squares[b], 1, 1e-6);
  }
  assert_near(weight_of(m, 1, 0, 0), 0.6, 1e-7);
  assert_near(weight_of(m, 1, 0, 1), 0.8, 1e-7);
  assert_near(weight_of(m, 1, 1, 1), -1, 1e-7);
  ws_features_free(features);
}

static void numbers_are_standardised(void **state) {
  (void)state;
  ws_features *features = features_of_lines(
      "number(x) field(y)",
      "{\"x\": 1, \"y\": 10}\n{\"x\": 3, \"y\": \"red\"}\n{\"x\": null, \"y\": 30}\n"
      "{\"x\": 8, \"y\": \"20\"}\n",
      18);
  const ws__matrix *m = matrix_of(features);
  // mean 4, variance (9 + 1 + 16) / 3; a record without a number is at the mean
  double sd = sqrt(26.0 / 3);
  assert_near(weight_of(m, 0, 0, 0), -3 / sd, 1e-6);
  assert_near(weight_of(m, 0, 2, 0), 0, 0);
  assert_near(weight_of(m, 0, 3, 0), 4 / sd, 1e-6);
  // 10, 20, 30 beside a category
  assert_near(weight_of(m, 1, 0, 0), -10 / sqrt(200.0 / 3), 1e-6);
  assert_near(weight_of(m, 1, 3, 0), 0, 1e-6);
  assert_near(weight_of(m, 1, 1, chars_key("red") | 1), 1, 0);
  assert_near(weight_of(m, 1, 1, 0), 0, 0);
  ws_features_free(features);
}

static void a_constant_weighs_nothing(void **state) {
  (void)state;
  ws_features *features = features_of_lines(
      "number(x) number(y)",
      "{\"x\": 0.1, \"y\": 1e-44}\n{\"x\": 0.1, \"y\": 3e-44}\n{\"x\": 0.1, \"y\": 0}\n",
      18);
  const ws__matrix *m = matrix_of(features);
  for (size_t i = 0; i < 3; i++) assert_near(weight_of(m, 0, i, 0), 0, 0);
  for (size_t e = 0; e < m->A; e++) assert_true(isfinite(m->scale[e]));
  ws_features_free(features);
}

/* --- the cap ------------------------------------------------------------------------ */

/* Records with the words w<first> .. w299, each in one more record than the one before
 * it; in order or reversed. */
static char *many_words(bool reversed) {
  enum { WORDS = 300, SIZE = 1 << 19 };
  char *lines = malloc(SIZE), *at = lines;
  for (int r = 0; r < WORDS; r += 2) {
    int first = reversed ? WORDS - 2 - r : r;
    at += sprintf(at, "{\"text\": \"");
    for (int w = first; w < WORDS; w++) at += sprintf(at, "w%d ", w);
    at += sprintf(at, "\"}\n");
  }
  assert_true(at < lines + SIZE);
  return lines;
}

static void the_most_frequent_are_kept(void **state) {
  (void)state;
  char *lines = many_words(false), word[16];
  ws_features *features = features_of_lines("words(text,1)", lines, 8);
  const ws__matrix *m = matrix_of(features);
  assert_int_equal(m->A, 256);
  for (int w = 0; w < 300; w++) { // w0 and w1 are in one record, w2 and w3 in two, ...
    snprintf(word, sizeof word, "w%d", w);
    assert_int_equal(isnan(weight_of(m, 0, 149, words_key(word))), w < 44);
  }
  ws_features_free(features);
  free(lines);
}

static void the_order_of_records_does_not_choose(void **state) {
  (void)state;
  char *lines = many_words(false), *reversed = many_words(true);
  // pairs, too: many are equally frequent, so that hashes decide
  ws_features *a = features_of_lines("words(text,1-3)", lines, 9),
              *b = features_of_lines("words(text,1-3)", reversed, 9);
  const ws__matrix *m = matrix_of(a), *n = matrix_of(b);
  assert_int_equal(m->A, 512);
  assert_int_equal(n->A, 512);
  assert_memory_equal(m->keys, n->keys, m->A * sizeof *m->keys);
  assert_memory_equal(m->scale, n->scale, m->A * sizeof *m->scale);
  ws_features_free(a);
  ws_features_free(b);
  free(lines);
  free(reversed);
}

static void lists_are_never_cut(void **state) {
  (void)state;
  enum { LENGTH = 300 };
  char line[LENGTH * 4 + 32] = "{\"v\": [1";
  for (int i = 1; i < LENGTH; i++) strcat(line, ", 1");
  strcat(line, "]}");
  ws_features *features = features_of_lines("vector(v)", line, 8);
  const ws__matrix *m = matrix_of(features);
  assert_int_equal(m->A, LENGTH);
  for (uint32_t e = 0; e < LENGTH; e++) assert_int_equal(m->keys[e], e);
  ws_features_free(features);
}

static ws_status make(void *user) {
  ws_features_options options = ws_features_options_default();
  ws_features *features = NULL;
  const ws__matrix *m;
  options.blocks = "words(text) chars(text) field(x) vector(v)";
  ws_status status = ws_features_new(&options, &features, NULL);
  if (status == WS_OK) status = add_records(features, user, NULL);
  if (status == WS_OK) status = ws__features_matrix(features, &m, NULL);
  ws_features_free(features);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  ws_records *records =
      records_of("r.jsonl", "{\"text\": \"one two\", \"x\": 1, \"v\": [1, 2]}\n"
                            "{\"text\": \"two three\", \"x\": \"a\", \"v\": null}\n");
  ws_test_every_allocation_failure(make, records);
  ws_records_free(records);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(words_weigh_what_scikit_learn_says),
      cmocka_unit_test(stretches_of_one_record_drop_out),
      cmocka_unit_test(each_block_has_length_1),
      cmocka_unit_test(numbers_are_standardised),
      cmocka_unit_test(a_constant_weighs_nothing),
      cmocka_unit_test(the_most_frequent_are_kept),
      cmocka_unit_test(the_order_of_records_does_not_choose),
      cmocka_unit_test(lists_are_never_cut),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
