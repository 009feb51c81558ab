/* SPDX-License-Identifier: MIT
 *
 * Records from JSON Lines.
 */
#include "fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  return fuzz_reader(WS_INPUT_JSONL, data, size);
}
