/* SPDX-License-Identifier: MIT
 *
 * The hash of features. It is our own because stretches of characters that begin at one
 * place share their beginnings, so that one more character costs one multiplication, and
 * because exported classifiers, which have no library, must compute the same. FNV-1a
 * (Glenn Fowler, Landon Curt Noll, Kiem-Phong Vo: the FNV hash, 64 bits) over code points
 * instead of bytes, then the last steps of MurmurHash3's mixer (Austin Appleby).
 */
#ifndef WS_FEATURE_HASH_H
#define WS_FEATURE_HASH_H

#include <stdint.h>

#define WS__HASH_START UINT64_C(0xcbf29ce484222325)

static inline uint64_t ws__hash_step(uint64_t hash, uint32_t character) {
  return (hash ^ character) * UINT64_C(0x100000001b3);
}

/* A word's hash behind that of the words before it. */
static inline uint64_t ws__hash_join(uint64_t words, uint64_t word) {
  return words * UINT64_C(0x9e3779b97f4a7c15) + word;
}

static inline uint64_t ws__hash_end(uint64_t hash) {
  hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
  return hash ^ hash >> 33;
}

#endif
