/* SPDX-License-Identifier: MIT
 *
 * What writing and reading classifier.wsc share. The layout stands in classifier_file.c.
 */
#ifndef WS_CLASSIFIER_FILE_H
#define WS_CLASSIFIER_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define WS__CLASS_MAGIC "WSCLASS\n"
enum {
  WS__CLASS_MAGIC_SIZE = 8,
  WS__CLASS_VERSION = 3,
  WS__CLASS_TOKENIZER = 2, // counted up when tokens or their hashes change
  WS__CLASS_ALIGN = 64,    // of arrays
};

/* Whether numbers stand in memory as in the file. */
static inline bool ws__is_little_endian(void) {
  const uint32_t one = 1;
  unsigned char first;
  memcpy(&first, &one, 1);
  return first == 1;
}

/* Numbers of 4 bytes. */
static inline void ws__swap_words(void *words, size_t count) {
  unsigned char *bytes = words;
  for (size_t i = 0; i < count; i++, bytes += 4) {
    unsigned char a = bytes[0], b = bytes[1];
    bytes[0] = bytes[3];
    bytes[1] = bytes[2];
    bytes[2] = b;
    bytes[3] = a;
  }
}

#endif
