/* SPDX-License-Identifier: MIT
 *
 * What the fuzz targets share. A target is one function, called with one input after the
 * other: by libFuzzer, or by standalone.c with the files of a corpus.
 */
#ifndef WS_FUZZ_H
#define WS_FUZZ_H

#include <stdint.h>
#include <stdlib.h>

#include <weaksup/task.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input as a file of that name; always the same path. */
const char *fuzz_file(const uint8_t *data, size_t size, const char *name);
/* Once: makes another file beside it. */
void fuzz_beside(const char *name, const char *text);

/* The classes A and B, the id field "id". */
const ws_task *fuzz_task(void);

/* Calls `check` with the input, and with what it is when its last 16 bytes are the hash
 * of those before: no fuzzer finds that by chance. */
void fuzz_sealed(const uint8_t *data, size_t size, void (*check)(ws_text bytes));

/* What must hold for every input. */
#define FUZZ_CHECK(condition)                                                            \
  do {                                                                                   \
    if (!(condition)) abort();                                                           \
  } while (0)

#endif
