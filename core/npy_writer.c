/* SPDX-License-Identifier: MIT
 *
 * Writing .npy: version 1 of the format. The header is padded with blanks so that the
 * numbers begin at a multiple of 64 bytes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/bytes.h>
#include <weaksup/npy.h>

enum { MAGIC = 10, ALIGNMENT = 64 };

ws_status ws_npy_put_header(ws_buffer *out, ws_npy_type type, uint64_t rows,
                            size_t columns) {
  char shape[64], header[192];
  if (columns)
    snprintf(shape, sizeof shape, "(%" PRIu64 ", %zu)", rows, columns);
  else
    snprintf(shape, sizeof shape, "(%" PRIu64 ",)", rows);
  int size = snprintf(header, sizeof header,
                      "{'descr': '%s', 'fortran_order': False, 'shape': %s, }",
                      type == WS_NPY_INT64 ? "<i8" : "<f8", shape);
  size_t whole = MAGIC + (size_t)size + 1; // and the newline
  size_t blanks = (ALIGNMENT - whole % ALIGNMENT) % ALIGNMENT;
  WS_TRY(ws_buffer_text(out, (ws_text){"\x93NUMPY\x01", 7}));
  WS_TRY(ws_bytes_put(out, 0, 1));
  WS_TRY(ws_bytes_put(out, (size_t)size + blanks + 1, 2));
  WS_TRY(ws_buffer_text(out, (ws_text){header, (size_t)size}));
  for (size_t i = 0; i < blanks; i++) WS_TRY(ws_bytes_put(out, ' ', 1));
  return ws_bytes_put(out, '\n', 1);
}

ws_status ws_npy_put_int64(ws_buffer *out, int64_t value) {
  return ws_bytes_put(out, (uint64_t)value, 8);
}

ws_status ws_npy_put_float64(ws_buffer *out, double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return ws_bytes_put(out, bits, 8);
}
