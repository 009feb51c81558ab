/* SPDX-License-Identifier: MIT
 *
 * .npy matrices: of what is taken, every row can be read, or is refused for its numbers.
 */
#include <math.h>
#include <string.h>

#include <weaksup/npy.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ws_npy *npy = NULL;
  char *copy = malloc(size + 1); // exact, so that a read beyond the end is seen
  memcpy(copy, data, size);
  if (ws_npy_open_memory("m.npy", (ws_text){copy, size}, &npy, NULL) == WS_OK) {
    size_t columns = ws_npy_columns(npy);
    double *row = malloc(columns * sizeof *row);
    FUZZ_CHECK(columns >= 1 && ws_npy_rows(npy) <= size / columns / 4);
    for (uint64_t i = 0; i < ws_npy_rows(npy); i++) {
      ws_status status = ws_npy_row(npy, i, row, NULL);
      FUZZ_CHECK(status == WS_OK || status == WS_EPARSE);
      for (size_t c = 0; status == WS_OK && c < columns; c++)
        FUZZ_CHECK(isfinite(row[c]));
    }
    FUZZ_CHECK(ws_npy_row(npy, ws_npy_rows(npy), row, NULL) == WS_EINVAL);
    free(row);
    ws_npy_free(npy);
  }
  free(copy);
  return 0;
}
