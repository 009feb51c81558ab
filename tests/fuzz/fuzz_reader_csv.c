/* SPDX-License-Identifier: MIT
 *
 * Records from CSV, and the same bytes read as TSV.
 */
#include "fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_reader(WS_INPUT_TSV, data, size);
  return fuzz_reader(WS_INPUT_CSV, data, size);
}
