/* SPDX-License-Identifier: MIT
 *
 * Votes files, as they come and under a right checksum: what is taken at all is written
 * again as the same bytes.
 */
#include <string.h>

#include <weaksup/hash.h>
#include <weaksup/votes_file.h>

#include "fuzz.h"

static void check(ws_text bytes) {
  ws_votes *votes = NULL;
  ws_buffer again = {0};
  char digits[24];
  if (ws_votes_decode(bytes, &votes, NULL) != WS_OK) return;
  for (size_t i = 0; i < ws_votes_rows(votes); i++)
    FUZZ_CHECK(ws_utf8_valid(ws_votes_row_id(votes, i, digits)));
  FUZZ_CHECK(ws_votes_covered(votes) <= ws_votes_rows(votes));
  FUZZ_CHECK(ws_votes_encode(votes, &again) == WS_OK);
  FUZZ_CHECK(ws_text_equal(ws_buffer_as_text(&again), bytes));
  ws_buffer_clear(&again);
  ws_votes_free(votes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *copy = malloc(size + 1);
  memcpy(copy, data, size);
  check((ws_text){copy, size});
  if (size >= 16) {
    ws_hash128 hash = ws_hash128_of(copy, size - 16);
    memcpy(copy + size - 16, &hash.low, 8);
    memcpy(copy + size - 8, &hash.high, 8);
    check((ws_text){copy, size});
  }
  free(copy);
  return 0;
}
