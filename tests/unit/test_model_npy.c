/* SPDX-License-Identifier: MIT
 *
 * Rows of a matrix beside the records as features: weights by hand, and a row for each
 * record.
 */
#include <math.h>

#include "../model/vectors.h"

/* A matrix of float32 as NumPy writes it; the path, to be freed. */
static char *write_npy(const fixture *f, const char *name, unsigned rows,
                       unsigned columns, const float *numbers) {
  char bytes[1024] = "\x93NUMPY\x01";
  int length = snprintf(bytes + 10, 118,
                        "{'descr': '<f4', 'fortran_order': False, 'shape': (%u, %u), }",
                        rows, columns);
  memset(bytes + 10 + length, ' ', 118 - (size_t)length);
  bytes[127] = '\n';
  bytes[7] = 0;
  bytes[8] = 118;
  bytes[9] = 0;
  memcpy(bytes + 128, numbers, rows * columns * sizeof *numbers);
  return ws_test_file(f->folder, name, bytes, 128 + rows * columns * sizeof *numbers);
}

static void rows_of_a_matrix_are_features(void **state) {
  fixture *f = *state;
  const float numbers[] = {3, 4, 0, -1, 0, 0};
  char *path = write_npy(f, "m.npy", 3, 2, numbers), blocks[300];
  snprintf(blocks, sizeof blocks, "npy(%s)", path);
  ws_features *features = features_of_lines(blocks, lines, 18);
  const ws__matrix *m = matrix_of(features);
  assert_int_equal(m->A, 2);
  assert_near((double)m->cells[0].value, 0.6, 1e-7);
  assert_near((double)m->cells[1].value, 0.8, 1e-7);
  assert_near((double)m->cells[2].value, -1, 1e-7);
  ws_features_free(features);

  ws_classifier *c = train(blocks, lines, 0);
  ws_predictor *predictor = NULL;
  ws_npy *npy = NULL, *wide = NULL;
  ws_error err = WS_ERROR_INIT;
  ws_record record = {.row = 1};
  double probs[2];
  size_t columns = 0;
  assert_true(ws_classifier_needs_npy(c, &columns));
  assert_int_equal(columns, 2);
  assert_ok(ws_predictor_new(c, &predictor), NULL);
  assert_status(WS_EINVAL, ws_predict(predictor, &record, probs, &err));
  assert_message(&err, "expected a matrix with a row for each record");
  assert_ok(ws_npy_open(path, &npy, &err), &err);
  assert_ok(ws_predictor_set_npy(predictor, npy, &err), &err);
  assert_ok(ws_predict(predictor, &record, probs, &err), &err);
  assert_true(probs[1] > 0.5);
  record.row = 3;
  assert_status(WS_EINVAL, ws_predict(predictor, &record, probs, &err));
  assert_message(&err, "found 3 rows, and more records");
  char *other = write_npy(f, "wide.npy", 2, 3, numbers);
  assert_ok(ws_npy_open(other, &wide, &err), &err);
  assert_status(WS_EINVAL, ws_predictor_set_npy(predictor, wide, &err));
  assert_message(&err, "expected 2 columns as in training, found 3");
  ws_npy_free(wide);
  ws_npy_free(npy);
  ws_predictor_free(predictor);
  ws_classifier_free(c);
  free(other);
  free(path);
}

static void records_of_another_file_have_another_matrix(void **state) {
  fixture *f = *state;
  const float numbers[] = {3, 4, 0, -1, 0, 0}, more[] = {5, 0, 7, 7};
  char *path = write_npy(f, "m.npy", 3, 2, numbers);
  char *next = write_npy(f, "next.npy", 2, 2, more);
  char *wide = write_npy(f, "wide.npy", 2, 3, numbers), blocks[300];
  snprintf(blocks, sizeof blocks, "npy(%s)", path);
  ws_features *features = features_of_lines(blocks, lines, 18);
  ws_error err = WS_ERROR_INIT;
  assert_status(WS_EINVAL, ws_features_next_npy(features, NULL, &err));
  assert_message(&err, "expected a matrix of these records, too");
  assert_status(WS_EINVAL, ws_features_next_npy(features, wide, &err));
  assert_message(&err, "wide.npy: expected 2 columns as in ");
  assert_ok(ws_features_next_npy(features, next, &err), &err);
  ws_record record = {.row = 0}; // of the two rows only the first is taken
  assert_ok(ws_features_add(features, &record, &err), &err);
  record.row = 2;
  assert_status(WS_EINVAL, ws_features_add(features, &record, &err));
  const ws__matrix *m = matrix_of(features);
  assert_int_equal(m->n, 4);
  assert_int_equal(m->begin[4] - m->begin[3], 1);
  assert_near((double)m->cells[m->begin[3]].value, 1, 1e-7);
  ws_features_free(features);
  free(path);
  free(next);
  free(wide);
}

static void a_matrix_has_a_row_for_each_record(void **state) {
  fixture *f = *state;
  const float numbers[] = {1, 2, 3, 4, 5, (float)NAN, 7, 8};
  static const struct {
    unsigned rows, columns;
    const char *message;
  } cases[] = {
      {4, 1, "expected a row for each record, found 4 rows and 3 records"},
      {2, 1, "expected a row for each record, found 2 rows, and more records"},
      {3, 2, "row 2, column 1: expected a finite number"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *path = write_npy(f, "m.npy", cases[i].rows, cases[i].columns, numbers);
    ws_features_options options = ws_features_options_default();
    ws_features *features = NULL;
    ws_error err = WS_ERROR_INIT;
    char blocks[300];
    const ws__matrix *m;
    ws_records *records = records_of("r.jsonl", lines);
    snprintf(blocks, sizeof blocks, "npy(%s)", path);
    options.blocks = blocks;
    assert_ok(ws_features_new(&options, &features, &err), &err);
    ws_status status = add_records(features, records, &err);
    if (status == WS_OK) status = ws__features_matrix(features, &m, &err);
    assert_int_not_equal(status, WS_OK);
    assert_message(&err, cases[i].message);
    ws_features_free(features);
    ws_records_free(records);
    free(path);
  }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(rows_of_a_matrix_are_features),
      TEST(records_of_another_file_have_another_matrix),
      TEST(a_matrix_has_a_row_for_each_record),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
