/* SPDX-License-Identifier: MIT
 *
 * XXH3, kept behind this file so that no other depends on xxHash.
 */
#include <weaksup/hash.h>

#include <xxhash.h>

uint64_t ws_hash64(const void *data, size_t size, uint64_t seed) {
  return XXH3_64bits_withSeed(data, size, seed);
}

ws_hash128 ws_hash128_of(const void *data, size_t size) {
  XXH128_hash_t hash = XXH3_128bits(data, size);
  return (ws_hash128){hash.low64, hash.high64};
}

void ws_hash128_hex(ws_hash128 hash, char out[33]) {
  static const char digits[] = "0123456789abcdef";
  for (int i = 0; i < 16; i++) {
    out[i] = digits[hash.high >> (60 - 4 * i) & 15];
    out[16 + i] = digits[hash.low >> (60 - 4 * i) & 15];
  }
  out[32] = '\0';
}
