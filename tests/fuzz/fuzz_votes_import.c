/* SPDX-License-Identifier: MIT
 *
 * Ready-made votes: the first byte says in which form the rest is to be read. What is
 * taken is written as a votes file and read again.
 */
#include <weaksup/votes_file.h>

#include "fuzz.h"

static void check(const ws_votes *votes) {
  ws_buffer bytes = {0};
  ws_votes *back = NULL;
  FUZZ_CHECK(ws_votes_encode(votes, &bytes) == WS_OK);
  FUZZ_CHECK(ws_votes_decode(ws_buffer_as_text(&bytes), &back, NULL) == WS_OK);
  FUZZ_CHECK(ws_votes_cast(back) == ws_votes_cast(votes));
  ws_votes_free(back);
  ws_buffer_clear(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ws_votes_import_options options = ws_votes_import_options_default();
  ws_votes *votes = NULL;
  char digest[33];
  if (size == 0) return 0;
  options.format = data[0] & 1 ? WS_VOTES_LONG : WS_VOTES_AUTO;
  options.reader.format = data[0] & 2 ? WS_INPUT_CSV : WS_INPUT_JSONL;
  options.reader.on_error = data[0] & 4 ? WS_SKIP : WS_STOP;
  const char *path = fuzz_file(data + 1, size - 1, "input");
  if (ws_votes_import(path, fuzz_task(), &options, &votes, digest, NULL) == WS_OK)
    check(votes);
  ws_votes_free(votes);
  return 0;
}
