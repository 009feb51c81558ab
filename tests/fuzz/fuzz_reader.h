/* SPDX-License-Identifier: MIT
 *
 * What the targets that read records share.
 */
#ifndef WS_FUZZ_READER_H
#define WS_FUZZ_READER_H

#include <weaksup/reader.h>

#include "fuzz.h"

/* Reads the input to its end, once stopping at errors and once passing over them. */
int fuzz_reader(ws_input_format format, const uint8_t *data, size_t size);

#endif
