/* SPDX-License-Identifier: MIT
 *
 * Word vectors as features: weights by hand, prediction like training, and what a
 * classifier keeps of them.
 */
#include <math.h>

#include "../model/vectors.h"

static void a_text_is_the_mean_of_its_words_by_rarity(void **state) {
  fixture *f = *state;
  ws_features *features = features_of_lines(f->blocks, lines, 18);
  const ws__matrix *m = matrix_of(features);
  // 6 words that have vectors: the 2, red 2, blue, old; a / (a + share)
  double the = 1e-3 / (1e-3 + 2.0 / 6), red = the, blue = 1e-3 / (1e-3 + 1.0 / 6);
  double x = 2 * the * 1 + blue * 3 + blue * 5, y = red * 2 + blue * 1 + blue * 5;
  double length = sqrt(x * x + y * y);
  assert_int_equal(m->A, 2);
  assert_int_equal(m->begin[1], 2);
  assert_near((double)m->cells[0].value, x / length, 1e-6);
  assert_near((double)m->cells[1].value, y / length, 1e-6);
  assert_int_equal(m->begin[2], 3); // red has a 0 in front
  assert_int_equal(m->cells[2].index, 1);
  assert_near((double)m->cells[2].value, 1, 1e-7);
  assert_int_equal(m->begin[3], 3); // nothing known
  ws_features_free(features);
}

/* Words have places in the table, numbers have entries: the same numbers of two kinds. */
static void numbers_beside_vectors_are_standardised(void **state) {
  fixture *f = *state;
  static const char numbered[] = "{\"text\": \"the the red blue old\", \"n\": 10}\n"
                                 "{\"text\": \"far the\", \"n\": 20}\n"
                                 "{\"text\": \"red\", \"n\": 30}\n";
  for (int first = 0; first < 2; first++) {
    char blocks[sizeof f->blocks + 16];
    snprintf(blocks, sizeof blocks, first ? "number(n) %s" : "%s number(n)", f->blocks);
    ws_features *features = features_of_lines(blocks, numbered, 18);
    const ws__matrix *m = matrix_of(features);
    size_t entry = first ? 0 : 2;
    assert_int_equal(m->A, 3);
    assert_near((double)m->shift[entry], 20, 1e-5);
    assert_near((double)m->scale[entry], 1 / sqrt(200.0 / 3), 1e-6);
    ws_features_free(features);
  }
}

/* Words of the data, and of the others the first ones of the file. */
static void the_table_is_bounded(void **state) {
  fixture *f = *state;
  static const struct {
    size_t most, words;
  } cases[] = {{0, 4}, {2, 4}, {5, 5}, {50000, 5}}; // two-words is no token
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ws_features_options options = ws_features_options_default();
    ws_features *features = NULL;
    ws_error err = WS_ERROR_INIT;
    ws_records *records = records_of("r.jsonl", lines);
    options.blocks = f->blocks;
    options.vector_words = cases[i].most;
    assert_ok(ws_features_new(&options, &features, &err), &err);
    assert_ok(add_records(features, records, &err), &err);
    assert_int_equal(matrix_of(features)->tables[0].words, cases[i].words);
    ws_features_free(features);
    ws_records_free(records);
  }
}

/* The scores of a linear model by its matrix. */
static void prediction_sees_what_training_saw(void **state) {
  fixture *f = *state;
  ws_features *features = features_of_lines(f->blocks, lines, 18);
  const ws__matrix *m = matrix_of(features);
  ws_classifier *c = train(f->blocks, lines, 0);
  double score[2] = {(double)c->bias[0], (double)c->bias[1]}, probs[2];
  for (size_t i = 0; i < m->begin[1]; i++)
    for (size_t k = 0; k < 2; k++)
      score[k] +=
          (double)m->cells[i].value * (double)c->weights[m->cells[i].index * 2 + k];
  predict(c, "The red blue the old house", probs);
  assert_near(log(probs[0] / probs[1]), score[0] - score[1], 1e-5);
  predict(c, "", probs);
  assert_near(log(probs[0] / probs[1]), (double)c->bias[0] - (double)c->bias[1], 1e-9);
  ws_classifier_free(c);
  ws_features_free(features);
}

/* "far" is in no record: its vector alone says something of it. */
static void unseen_words_count_by_their_vectors(void **state) {
  fixture *f = *state;
  ws_classifier *c = train(f->blocks, lines, 0);
  double known[2], unseen[2], nothing[2];
  predict(c, "blue", known);
  predict(c, "far", unseen);
  predict(c, "unheard", nothing);
  assert_true(known[0] > nothing[0]);
  assert_true(fabs(unseen[0] - nothing[0]) > 1e-3);
  ws_classifier_free(c);
}

static void the_file_holds_all_that_prediction_needs(void **state) {
  fixture *f = *state;
  for (size_t hidden = 0; hidden <= 3; hidden += 3) {
    ws_classifier *c = train(f->blocks, lines, hidden), *loaded = NULL;
    ws_buffer bytes = {0}, again = {0};
    ws_error err = WS_ERROR_INIT;
    double a[2], b[2];
    assert_ok(ws_classifier_encode(c, &bytes), NULL);
    assert_ok(ws_classifier_decode(ws_buffer_as_text(&bytes), &loaded, &err), &err);
    assert_int_equal(ws_classifier_hidden(loaded), hidden);
    assert_ok(ws_classifier_encode(loaded, &again), NULL);
    assert_int_equal(again.size, bytes.size);
    assert_memory_equal(again.data, bytes.data, bytes.size);
    predict(c, "far blue house", a);
    predict(loaded, "far blue house", b);
    assert_memory_equal(a, b, sizeof a);
    for (size_t i = 0; i < 8 * bytes.size; i += 7) { // damage is noticed
      ws_classifier *damaged = NULL;
      bytes.data[i / 8] ^= (char)(1 << i % 8);
      assert_status(WS_EPARSE,
                    ws_classifier_decode(ws_buffer_as_text(&bytes), &damaged, NULL));
      bytes.data[i / 8] ^= (char)(1 << i % 8);
    }
    ws_classifier_free(c);
    ws_classifier_free(loaded);
    ws_buffer_clear(&bytes);
    ws_buffer_clear(&again);
  }
}

/* Weights are 0 to 1. Vectors may be as large as floats are, their sum larger. */
static void no_table_makes_probabilities_nan(void **state) {
  fixture *f = *state;
  ws_classifier *c = train(f->blocks, lines, 0), *loaded = NULL;
  ws_buffer bytes = {0};
  ws_error err = WS_ERROR_INIT;
  const float weights[] = {3e38F, -0.1F, 1.5F};
  double probs[2];
  for (size_t i = 0; i < 2 * c->tables[0].words; i++) c->tables[0].vectors[i] = 3e38F;
  for (size_t i = 0; i < c->tables[0].words; i++) c->tables[0].weights[i] = 1;
  assert_ok(ws_classifier_encode(c, &bytes), NULL);
  assert_ok(ws_classifier_decode(ws_buffer_as_text(&bytes), &loaded, &err), &err);
  predict(loaded, "the red the red the red blue blue old old", probs);
  assert_near(probs[0] + probs[1], 1, 1e-12);
  ws_classifier_free(loaded);
  for (size_t i = 0; i < sizeof weights / sizeof *weights; i++) {
    c->tables[0].weights[0] = weights[i];
    ws_buffer_clear(&bytes);
    assert_ok(ws_classifier_encode(c, &bytes), NULL);
    assert_status(WS_EPARSE,
                  ws_classifier_decode(ws_buffer_as_text(&bytes), &loaded, &err));
    assert_message(&err, "a weight of a word is out of range");
  }
  ws_buffer_clear(&bytes);
  ws_classifier_free(c);
}

static void malformed_files_are_errors_of_the_features(void **state) {
  fixture *f = *state;
  ws_features *features = NULL;
  ws_error err = WS_ERROR_INIT;
  ws_features_options options = ws_features_options_default();
  options.blocks = "vectors(text,/nowhere.txt)";
  assert_status(WS_EIO, ws_features_new(&options, &features, &err));
  assert_message(&err, "/nowhere.txt: cannot open");
  // what is wrong further on shows when the file is read whole
  free(ws_test_file(f->folder, "v.txt", "a 1 2\nb 1 x\n", 12));
  options.blocks = f->blocks;
  assert_ok(ws_features_new(&options, &features, &err), &err);
  const ws__matrix *m;
  assert_status(WS_EPARSE, ws__features_matrix(features, &m, &err));
  assert_message(&err, "v.txt:2: expected a number, found 'x'");
  ws_features_free(features);
}

static void the_digest_is_that_of_the_contents(void **state) {
  fixture *f = *state;
  ws_features_options options = ws_features_options_default();
  ws_hash128 none, before, after;
  assert_ok(ws_features_digest(&options, &none, NULL), NULL);
  options.blocks = f->blocks;
  assert_ok(ws_features_digest(&options, &before, NULL), NULL);
  assert_false(ws_hash128_equals(none, before));
  free(ws_test_file(f->folder, "v.txt", "a 1 2\n", 6));
  assert_ok(ws_features_digest(&options, &after, NULL), NULL);
  assert_false(ws_hash128_equals(before, after));
  free(ws_test_file(f->folder, "v.txt", vectors, sizeof vectors - 1));
  assert_ok(ws_features_digest(&options, &after, NULL), NULL);
  assert_true(ws_hash128_equals(before, after));
}

typedef struct attempt {
  ws_records *records;
  const char *blocks;
} attempt;

static ws_status make(void *user) {
  const attempt *a = user;
  ws_features_options options = ws_features_options_default();
  const ws_text classes[] = {ws_text_of("a"), ws_text_of("b")};
  const double targets[] = {1, 0, 0, 1, 0.5, 0.5};
  ws_features *features = NULL;
  ws_classifier *classifier = NULL, *loaded = NULL;
  ws_predictor *predictor = NULL;
  ws_record record = {.text = ws_text_of("red far")};
  ws_classifier_options how = ws_classifier_options_default();
  ws_buffer bytes = {0};
  double probs[2];
  options.blocks = a->blocks;
  how.hidden = 2;
  how.threads = 1;
  ws_status status = ws_features_new(&options, &features, NULL);
  if (status == WS_OK) status = add_records(features, a->records, NULL);
  if (status == WS_OK)
    status = ws_classifier_train(features, targets, classes, 2, &how, &classifier, NULL);
  if (status == WS_OK) status = ws_classifier_encode(classifier, &bytes);
  if (status == WS_OK)
    status = ws_classifier_decode(ws_buffer_as_text(&bytes), &loaded, NULL);
  if (status == WS_OK) status = ws_predictor_new(loaded, &predictor);
  if (status == WS_OK) status = ws_predict(predictor, &record, probs, NULL);
  ws_predictor_free(predictor);
  ws_classifier_free(classifier);
  ws_classifier_free(loaded);
  ws_features_free(features);
  ws_buffer_clear(&bytes);
  return status;
}

static void every_allocation_may_fail(void **state) {
  fixture *f = *state;
  attempt a = {records_of("r.jsonl", lines), f->blocks};
  ws_test_every_allocation_failure(make, &a);
  ws_records_free(a.records);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_text_is_the_mean_of_its_words_by_rarity),
      TEST(numbers_beside_vectors_are_standardised),
      TEST(the_table_is_bounded),
      TEST(prediction_sees_what_training_saw),
      TEST(unseen_words_count_by_their_vectors),
      TEST(the_file_holds_all_that_prediction_needs),
      TEST(no_table_makes_probabilities_nan),
      TEST(malformed_files_are_errors_of_the_features),
      TEST(the_digest_is_that_of_the_contents),
      TEST(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
