/* SPDX-License-Identifier: MIT
 *
 * Matrices in .npy files, made here byte by byte as NumPy writes them.
 */
#include <math.h>
#include <stdio.h>

#include <weaksup/npy.h>

#include "ws_test.h"

/* A file of the version with the header, padded as NumPy pads it, and the numbers. */
static ws_buffer make(unsigned version, const char *header, const void *numbers,
                      size_t size) {
  ws_buffer out = {0};
  size_t before = version == 1 ? 10 : 12, length = strlen(header) + 1;
  length += (64 - (before + length) % 64) % 64;
  const char start[] = {'\x93',
                        'N',
                        'U',
                        'M',
                        'P',
                        'Y',
                        (char)version,
                        0,
                        (char)(length & 255),
                        (char)(length >> 8),
                        0,
                        0};
  assert_ok(ws_buffer_append(&out, start, before), NULL);
  assert_ok(ws_buffer_string(&out, header), NULL);
  while (out.size < before + length - 1) assert_ok(ws_buffer_string(&out, " "), NULL);
  assert_ok(ws_buffer_string(&out, "\n"), NULL);
  assert_ok(ws_buffer_append(&out, numbers, size), NULL);
  return out;
}

#define F4(shape) "{'descr': '<f4', 'fortran_order': False, 'shape': " shape ", }"
#define F8(shape) "{'descr': '<f8', 'fortran_order': False, 'shape': " shape ", }"

static ws_npy *open_bytes(const ws_buffer *bytes) {
  ws_npy *npy = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_ok(ws_npy_open_memory("m.npy", ws_buffer_as_text(bytes), &npy, &err), &err);
  return npy;
}

static void assert_refused(ws_buffer bytes, const char *message) {
  ws_npy *npy = NULL;
  ws_error err = WS_ERROR_INIT;
  assert_status(WS_EPARSE,
                ws_npy_open_memory("m.npy", ws_buffer_as_text(&bytes), &npy, &err));
  assert_message(&err, "m.npy: ");
  assert_message(&err, message);
  ws_buffer_clear(&bytes);
}

static void rows_of_both_widths_are_read(void **state) {
  (void)state;
  const float f4[] = {1, 2, 3, -4, 0.5F, 1e38F};
  const double f8[] = {1, 2, 3, -4, 0.5, 1e38};
  for (unsigned version = 1; version <= 3; version++)
    for (int wide = 0; wide < 2; wide++) {
      ws_buffer bytes = wide ? make(version, F8("(2, 3)"), f8, sizeof f8)
                             : make(version, F4("(2, 3)"), f4, sizeof f4);
      ws_npy *npy = open_bytes(&bytes);
      double row[3];
      assert_int_equal(ws_npy_rows(npy), 2);
      assert_int_equal(ws_npy_columns(npy), 3);
      assert_ok(ws_npy_row(npy, 1, row, NULL), NULL);
      assert_near(row[0], -4, 0);
      assert_near(row[1], 0.5, 0);
      assert_near(row[2], 1e38, 1e32);
      assert_ok(ws_npy_row(npy, 0, row, NULL), NULL);
      assert_near(row[2], 3, 0);
      ws_npy_free(npy);
      ws_buffer_clear(&bytes);
    }
}

static void a_file_is_read_like_its_bytes(void **state) {
  (void)state;
  const float f4[] = {1, 2};
  char *folder = ws_test_folder();
  ws_buffer bytes = make(1, F4("(2, 1)"), f4, sizeof f4);
  char *path = ws_test_file(folder, "m.npy", bytes.data, bytes.size);
  ws_npy *npy = NULL;
  ws_error err = WS_ERROR_INIT;
  double number = 0;
  assert_ok(ws_npy_open(path, &npy, &err), &err);
  assert_ok(ws_npy_row(npy, 1, &number, &err), &err);
  assert_near(number, 2, 0);
  assert_status(WS_EINVAL, ws_npy_row(npy, 2, &number, &err));
  assert_message(&err, "expected a row for each record, found 2 rows, and more records");
  // what was cut off since is missed
  free(ws_test_file(folder, "m.npy", bytes.data, bytes.size - 2));
  assert_status(WS_EIO, ws_npy_row(npy, 1, &number, &err));
  assert_message(&err, "became shorter");
  ws_npy_free(npy);
  assert_status(WS_EPARSE, ws_npy_open(path, &npy, &err));
  assert_message(&err, "expected 2 rows of 4 bytes, as its header says, found 6 bytes");
  assert_status(WS_EIO, ws_npy_open("/nowhere.npy", &npy, &err));
  assert_status(WS_EIO, ws_npy_open(folder, &npy, &err));
  assert_message(&err, "expected a file");
  free(path);
  ws_buffer_clear(&bytes);
  ws_test_remove_folder(folder);
}

static void numbers_must_be_finite(void **state) {
  (void)state;
  const double bad[] = {1, (double)NAN, (double)INFINITY, 2, 3, 1e300};
  ws_buffer bytes = make(1, F8("(3, 2)"), bad, sizeof bad);
  ws_npy *npy = open_bytes(&bytes);
  ws_error err = WS_ERROR_INIT;
  double row[2];
  assert_status(WS_EPARSE, ws_npy_row(npy, 0, row, &err));
  assert_message(&err, "m.npy: row 0, column 1: expected a finite number");
  assert_status(WS_EPARSE, ws_npy_row(npy, 1, row, &err));
  assert_message(&err, "row 1, column 0: ");
  assert_status(WS_EPARSE, ws_npy_row(npy, 2, row, &err));
  assert_message(&err, "row 2, column 1: ");
  ws_npy_free(npy);
  ws_buffer_clear(&bytes);
}

static void other_matrices_are_refused(void **state) {
  (void)state;
  const float f4[6] = {0};
  assert_refused(make(1, F4("(6,)"), f4, 24), "expected 2 dimensions, a row for each "
                                              "record, found 1");
  assert_refused(make(1, F4("()"), f4, 24), "expected 2 dimensions");
  assert_refused(make(1, F4("(1, 2, 3)"), f4, 24), "found 3");
  assert_refused(make(1, F4("(6, 0)"), f4, 0), "expected 1 to 1048576 columns, found 0");
  assert_refused(make(1, F4("(2, 4)"), f4, 24),
                 "expected 2 rows of 16 bytes, as its header says, found 24 bytes");
  assert_refused(make(1, F4("(9223372036854775807, 3)"), f4, 24), "found 24 bytes");
  assert_refused(
      make(1, "{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3)}", f4, 24),
      "expected float32 or float64, little-endian ('<f4' or '<f8'), found "
      "'>f4'");
  assert_refused(
      make(1, "{'descr': '<i8', 'fortran_order': False, 'shape': (2, 3)}", f4, 24),
      "found '<i8'");
  assert_refused(
      make(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3)}", f4, 24),
      "expected a matrix in C order, found one in Fortran order");
  assert_refused(make(4, F4("(2, 3)"), f4, 24), "expected version 1, 2 or 3");
}

static void malformed_headers_are_refused(void **state) {
  (void)state;
  static const char *const headers[] = {
      "",
      "{}",
      "{'descr': '<f4'}",
      "{'descr': '<f4', 'descr': '<f4', 'shape': (2, 3)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} x",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2 3)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': 2}",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3)}",
      "{'descr': '<f4' 'fortran_order': False, 'shape': (2, 3)}",
      "{'other': '<f4', 'fortran_order': False, 'shape': (2, 3)}",
      "{'descr"};
  const float f4[6] = {0};
  for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
    assert_refused(make(1, headers[i], f4, 24), "expected the header of a .npy file");
  ws_buffer bytes = {0};
  assert_ok(ws_buffer_string(&bytes, "x,y\n1,2\n"), NULL);
  assert_refused(bytes, "expected the header of a .npy file");
  assert_refused((ws_buffer){0}, "expected the header of a .npy file");
}

static void every_truncation_is_noticed(void **state) {
  (void)state;
  const float f4[6] = {1};
  ws_buffer bytes = make(2, F4("(2, 3)"), f4, sizeof f4);
  for (size_t size = 0; size < bytes.size; size++) {
    char *exact = malloc(size ? size : 1); // so that a read beyond the end is seen
    ws_npy *npy = NULL;
    memcpy(exact, bytes.data, size);
    assert_status(WS_EPARSE,
                  ws_npy_open_memory("m.npy", (ws_text){exact, size}, &npy, NULL));
    free(exact);
  }
  ws_buffer_clear(&bytes);
}

static ws_status open_once(void *user) {
  const ws_buffer *bytes = user;
  ws_npy *npy = NULL;
  ws_status status = ws_npy_open_memory("m", ws_buffer_as_text(bytes), &npy, NULL);
  ws_npy_free(npy);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  const float f4[6] = {1};
  ws_buffer bytes = make(1, F4("(2, 3)"), f4, sizeof f4);
  ws_test_every_allocation_failure(open_once, &bytes);
  ws_buffer_clear(&bytes);
}

/* What is written is read again; the numbers begin at a multiple of 64 bytes. */
static void written_matrices_are_read(void **state) {
  (void)state;
  static const double numbers[] = {0.25, -1, 1e-300, 3, 0, 1e300 / 1e290};
  ws_buffer bytes = {0};
  ws_npy *npy = NULL;
  double row[3];
  assert_ok(ws_npy_put_header(&bytes, WS_NPY_FLOAT64, 2, 3), NULL);
  assert_int_equal(bytes.size % 64, 0);
  for (size_t i = 0; i < 6; i++) assert_ok(ws_npy_put_float64(&bytes, numbers[i]), NULL);
  assert_ok(ws_npy_open_memory("m", ws_buffer_as_text(&bytes), &npy, NULL), NULL);
  assert_int_equal(ws_npy_rows(npy), 2);
  assert_int_equal(ws_npy_columns(npy), 3);
  for (size_t i = 0; i < 2; i++) {
    assert_ok(ws_npy_row(npy, i, row, NULL), NULL);
    assert_memory_equal(row, numbers + i * 3, sizeof row);
  }
  ws_npy_free(npy);
  ws_buffer_clear(&bytes);
}

static void written_vectors_have_one_dimension(void **state) {
  (void)state;
  ws_buffer bytes = {0};
  assert_ok(ws_npy_put_header(&bytes, WS_NPY_INT64, 7, 0), NULL);
  assert_non_null(strstr(bytes.data + 10, "'descr': '<i8', 'fortran_order': False, "
                                          "'shape': (7,), }"));
  assert_ok(ws_npy_put_int64(&bytes, -1), NULL);
  for (size_t i = 0; i < 8; i++)
    assert_int_equal((unsigned char)bytes.data[bytes.size - 8 + i], 255);
  ws_buffer_clear(&bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_of_both_widths_are_read),
      cmocka_unit_test(a_file_is_read_like_its_bytes),
      cmocka_unit_test(numbers_must_be_finite),
      cmocka_unit_test(other_matrices_are_refused),
      cmocka_unit_test(malformed_headers_are_refused),
      cmocka_unit_test(every_truncation_is_noticed),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(written_matrices_are_read),
      cmocka_unit_test(written_vectors_have_one_dimension),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
