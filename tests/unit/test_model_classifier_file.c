/* SPDX-License-Identifier: MIT
 *
 * classifier.wsc: what was written predicts the same bit for bit, and a damaged or
 * impossible file is refused.
 */
#include <math.h>

#include <weaksup/classifier.h>
#include <weaksup/hash.h>
#include <weaksup/output.h>

#include "ws_test_features.h"

static const char *const texts[] = {"good good film", "bad film", "good", "bad and long"};

typedef struct fixture {
  ws_classifier *classifier;
  ws_buffer bytes;
} fixture;

static int setup(void **state) {
  const ws_text names[] = {{"GOOD", 4}, {"BAD", 3}};
  const double targets[] = {0.9, 0.1, 0.2, 0.8, 1, 0, 0.1, 0.9};
  fixture *f = calloc(1, sizeof *f);
  ws_features *features = features_of("words(text, 1)", texts, 4);
  assert_ok(ws_classifier_train(features, targets, names, 2, NULL, &f->classifier, NULL),
            NULL);
  assert_ok(ws_classifier_encode(f->classifier, &f->bytes), NULL);
  ws_features_free(features);
  *state = f;
  return 0;
}

static int teardown(void **state) {
  fixture *f = *state;
  ws_classifier_free(f->classifier);
  ws_buffer_clear(&f->bytes);
  free(f);
  return 0;
}

static void check_same(const ws_classifier *a, const ws_classifier *b) {
  for (size_t i = 0; i < 4; i++) {
    double probs_a[2], probs_b[2];
    predict_text(a, texts[i], probs_a);
    predict_text(b, texts[i], probs_b);
    assert_memory_equal(probs_a, probs_b, sizeof probs_a);
  }
  assert_int_equal(ws_classifier_active(a), ws_classifier_active(b));
  assert_int_equal(ws_classifier_rows(a), ws_classifier_rows(b));
  assert_int_equal(ws_classifier_iterations(a), ws_classifier_iterations(b));
  assert_int_equal(ws_classifier_converged(a), ws_classifier_converged(b));
  assert_near(ws_classifier_objective(a), ws_classifier_objective(b), 0);
  assert_string_equal(ws_classifier_class(a, 1).data, ws_classifier_class(b, 1).data);
}

static void what_was_written_predicts_the_same(void **state) {
  fixture *f = *state;
  ws_classifier *loaded = NULL;
  ws_buffer again = {0};
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_classifier_decode(ws_buffer_as_text(&f->bytes), &loaded, &err), &err);
  check_same(f->classifier, loaded);
  assert_ok(ws_classifier_encode(loaded, &again), NULL);
  assert_int_equal(again.size, f->bytes.size);
  assert_memory_equal(again.data, f->bytes.data, again.size);
  ws_buffer_clear(&again);
  ws_classifier_free(loaded);
}

static void a_file_is_loaded_by_its_path(void **state) {
  fixture *f = *state;
  char *folder = ws_test_folder();
  char *path = ws_test_file(folder, "classifier.wsc", f->bytes.data, f->bytes.size);
  ws_classifier *loaded = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_classifier_load(path, &loaded, &err), &err);
  check_same(f->classifier, loaded);
  ws_classifier_free(loaded);
  free(path);
  path = ws_test_file(folder, "other.wsc", "nothing", 7);
  assert_status(WS_EPARSE, ws_classifier_load(path, &loaded, &err));
  assert_message(&err, "other.wsc: expected a classifier (.wsc), found something else");
  assert_status(WS_EIO, ws_classifier_load("/no/such/classifier.wsc", &loaded, &err));
  free(path);
  ws_test_remove_folder(folder);
}

static void a_file_that_is_cut_off_is_an_error(void **state) {
  fixture *f = *state;
  char *folder = ws_test_folder();
  for (size_t size = 0; size < f->bytes.size; size += 5) {
    char *path = ws_test_file(folder, "cut.wsc", f->bytes.data, size);
    ws_classifier *loaded = NULL;
    ws_error err = WS_ERROR_INIT;
    assert_status(WS_EPARSE, ws_classifier_load(path, &loaded, &err));
    assert_message(&err, "cut.wsc: ");
    free(path);
  }
  ws_test_remove_folder(folder);
}

/* As a run is, when it is trained again while somebody predicts with it. */
static void a_file_may_be_replaced_while_it_is_used(void **state) {
  fixture *f = *state;
  char *folder = ws_test_folder();
  char *path = ws_test_file(folder, "classifier.wsc", f->bytes.data, f->bytes.size);
  ws_classifier *loaded = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_classifier_load(path, &loaded, &err), &err);
  assert_ok(ws_output_file(path, ws_text_of("another"), &err), &err);
  check_same(f->classifier, loaded);
  ws_classifier_free(loaded);
  free(path);
  ws_test_remove_folder(folder);
}

/* The arrays begin at multiples of 64 bytes: five keys of 4 bytes lie at 192 (behind the
 * header, the block and the names), scales at 256, shifts at 320, the bias at 384, the
 * weights at 448. */
static void arrays_are_aligned(void **state) {
  fixture *f = *state;
  assert_int_equal(ws_classifier_active(f->classifier), 5);
  assert_int_equal(f->bytes.size, 448 + 5 * 2 * 4 + 16);
}

/* --- damage ------------------------------------------------------------------------- */

static void every_altered_bit_is_noticed(void **state) {
  fixture *f = *state;
  for (size_t i = 0; i < 8 * f->bytes.size; i++) {
    ws_classifier *loaded = NULL;
    f->bytes.data[i / 8] ^= (char)(1 << i % 8);
    assert_status(WS_EPARSE,
                  ws_classifier_decode(ws_buffer_as_text(&f->bytes), &loaded, NULL));
    f->bytes.data[i / 8] ^= (char)(1 << i % 8);
  }
}

static void every_truncation_is_noticed(void **state) {
  fixture *f = *state;
  for (size_t size = 0; size < f->bytes.size; size++) {
    ws_classifier *loaded = NULL;
    char *exact = malloc(size ? size : 1); // so that a read beyond the end is seen
    memcpy(exact, f->bytes.data, size);
    assert_status(WS_EPARSE, ws_classifier_decode((ws_text){exact, size}, &loaded, NULL));
    free(exact);
  }
}

/* Puts a checksum that fits behind the content. */
static void seal(ws_buffer *bytes) {
  ws_hash128 hash = ws_hash128_of(bytes->data, bytes->size - 16);
  for (size_t i = 0; i < 8; i++) {
    bytes->data[bytes->size - 16 + i] = (char)(hash.low >> 8 * i);
    bytes->data[bytes->size - 8 + i] = (char)(hash.high >> 8 * i);
  }
}

static void refused_with(fixture *f, size_t offset, const void *data, size_t size,
                         const char *message) {
  ws_buffer bytes = {0};
  ws_classifier *loaded = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_buffer_text(&bytes, ws_buffer_as_text(&f->bytes)), NULL);
  memcpy(bytes.data + offset, data, size);
  seal(&bytes);
  assert_status(WS_EPARSE,
                ws_classifier_decode(ws_buffer_as_text(&bytes), &loaded, &err));
  assert_message(&err, message);
  ws_buffer_clear(&bytes);
}

static void impossible_content_is_refused(void **state) {
  fixture *f = *state;
  const unsigned char ff[8] = {255, 255, 255, 255, 255, 255, 255, 255}, zero[8] = {0};
  const unsigned char seven[8] = {7};
  refused_with(f, 8, seven, 4, "expected version 3 of the format, found 7");
  refused_with(f, 12, seven, 4, "another tokenizer");
  refused_with(f, 16, seven, 4, "options are out of range"); // hash bits
  refused_with(f, 20, seven, 4, "options are out of range"); // loss
  refused_with(f, 28, seven, 4, "options are out of range"); // converged
  refused_with(f, 32, zero, 8, "options are out of range");  // C
  refused_with(f, 40, ff, 8, "options are out of range");    // objective NaN
  refused_with(f, 48, ff, 8, "sizes do not fit");            // K
  refused_with(f, 48, zero, 8, "sizes do not fit");
  refused_with(f, 56, ff, 8, "sizes do not fit"); // A
  refused_with(f, 56, seven, 8, "blocks do not make up its features");
  refused_with(f, 72, zero, 4, "options are out of range"); // blocks
  refused_with(f, 72, seven, 4, "block of features is malformed");
  refused_with(f, 76, seven, 4, "sizes do not fit");      // named entries
  refused_with(f, 80, ff, 4, "options are out of range"); // hidden units
  refused_with(f, 80, seven, 4, "arrays do not fit");
  refused_with(f, 84, ff, 4, "a name is malformed");               // text field
  refused_with(f, 92, seven, 4, "block of features is malformed"); // kind
  refused_with(f, 96, zero, 4, "block of features is malformed");  // n-grams
  refused_with(f, 108, ff, 4, "block of features is malformed");   // entries
  refused_with(f, 108, zero, 4, "blocks do not make up its features");
  refused_with(f, 112, seven, 4, "block of features is malformed"); // words of none
  refused_with(f, 124, seven, 4, "block of features is malformed"); // file of none
  refused_with(f, 128, ff, 4, "a name is cut off");
  refused_with(f, 132, ff, 1, "a name is not UTF-8");
  refused_with(f, 162, seven, 1, "arrays do not fit"); // filling
  refused_with(f, 196, zero, 4, "features are not ascending");
  refused_with(f, 256, ff, 4, "not finite"); // idf NaN
  refused_with(f, 448, ff, 4, "not finite"); // weight NaN
}

static ws_status decode(void *user) {
  const fixture *f = user;
  ws_classifier *loaded = NULL;
  ws_status status = ws_classifier_decode(ws_buffer_as_text(&f->bytes), &loaded, NULL);
  ws_classifier_free(loaded);
  return status;
}

static ws_status encode(void *user) {
  const fixture *f = user;
  ws_buffer bytes = {0};
  ws_status status = ws_classifier_encode(f->classifier, &bytes);
  ws_buffer_clear(&bytes);
  return status;
}

static void every_allocation_may_fail(void **state) {
  ws_test_every_allocation_failure(decode, *state);
  ws_test_every_allocation_failure(encode, *state);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(what_was_written_predicts_the_same, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(a_file_is_loaded_by_its_path, setup, teardown),
      cmocka_unit_test_setup_teardown(a_file_that_is_cut_off_is_an_error, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(a_file_may_be_replaced_while_it_is_used, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(arrays_are_aligned, setup, teardown),
      cmocka_unit_test_setup_teardown(every_altered_bit_is_noticed, setup, teardown),
      cmocka_unit_test_setup_teardown(every_truncation_is_noticed, setup, teardown),
      cmocka_unit_test_setup_teardown(impossible_content_is_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(every_allocation_may_fail, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
