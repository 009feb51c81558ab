/* SPDX-License-Identifier: MIT
 *
 * Files of word vectors: every word that is given out is one, with finite numbers.
 */
#include <math.h>
#include <string.h>

#include <weaksup/word_vectors.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ws_word_vectors *file = NULL;
  ws_text bytes = {(const char *)data, size}, word;
  bool more = true;
  if (ws_word_vectors_open_memory("v.txt", bytes, &file, NULL) != WS_OK) return 0;
  size_t dimensions = ws_word_vectors_dimensions(file);
  float *numbers = malloc(dimensions * sizeof *numbers);
  FUZZ_CHECK(dimensions >= 1 && dimensions <= WS_MAX_VECTOR_DIMENSIONS);
  while (ws_word_vectors_next(file, &word, numbers, &more, NULL) == WS_OK && more) {
    FUZZ_CHECK(word.size > 0 && ws_utf8_valid(word));
    for (size_t d = 0; d < dimensions; d++) FUZZ_CHECK(isfinite(numbers[d]));
  }
  free(numbers);
  ws_word_vectors_free(file);
  return 0;
}
