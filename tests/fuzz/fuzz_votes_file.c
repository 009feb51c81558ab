/* SPDX-License-Identifier: MIT
 *
 * Votes files, as they come and under a right checksum: what is taken at all is written
 * again as the same bytes.
 */
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
  fuzz_sealed(data, size, check);
  return 0;
}
