/* SPDX-License-Identifier: MIT
 *
 * Votes that an earlier run kept, in a cache that somebody else may have written: what is
 * taken for a column is in order, and as much as its end says.
 */
#include <string.h>

#include <weaksup/hash.h>

#include "fuzz.h"
#include "kept_column.h"

enum { CLASSES = 2 };

static void check(ws_text bytes) {
  ws__column column;
  uint64_t votes = 0, cells = 0, next = 0, errors = 0;
  if (!ws__column_open(&column, bytes, CLASSES)) return;
  for (; column.more; ws__column_step(&column), cells++) {
    FUZZ_CHECK(column.row >= next && column.row < column.end.records);
    FUZZ_CHECK(column.label < CLASSES && column.label != WS_ABSTAIN);
    FUZZ_CHECK(column.label >= 0 || ws__column_takes(column.label));
    next = column.row + 1;
    votes += column.label >= 0;
  }
  for (size_t i = 0; i < WS__KEPT_KINDS; i++) errors += column.end.errors[i];
  FUZZ_CHECK(votes == column.end.votes && cells == votes + errors);
  FUZZ_CHECK(column.end.failure_count <= WS_LF_EXAMPLES);
  FUZZ_CHECK(column.end.times.calls <= column.end.records);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *copy = malloc(size + 1); // as large as it is, for the sanitizer
  memcpy(copy, data, size);
  check((ws_text){copy, size});
  free(copy);
  return 0;
}
