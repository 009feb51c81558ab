/* SPDX-License-Identifier: MIT
 *
 * XXH3, kept behind this file so that no other depends on xxHash.
 */
#include <weaksup/hash.h>

#include <xxhash.h>

#include "hash_stream.h"

uint64_t ws_hash64(const void *data, size_t size, uint64_t seed) {
  return XXH3_64bits_withSeed(data, size, seed);
}

ws_hash128 ws_hash128_of(const void *data, size_t size) {
  XXH128_hash_t hash = XXH3_128bits(data, size);
  return (ws_hash128){hash.low64, hash.high64};
}

ws_hash128 ws_hash128_join(ws_hash128 first, ws_hash128 second) {
  unsigned char bytes[32];
  const uint64_t words[4] = {first.low, first.high, second.low, second.high};
  for (int i = 0; i < 32; i++) bytes[i] = (unsigned char)(words[i / 8] >> 8 * (i % 8));
  return ws_hash128_of(bytes, sizeof bytes);
}

ws_hash128 ws_hash128_add(ws_hash128 sum, ws_hash128 member) {
  uint64_t low = sum.low + member.low;
  return (ws_hash128){low, sum.high + member.high + (low < member.low)};
}

bool ws_hash128_equals(ws_hash128 a, ws_hash128 b) {
  return a.low == b.low && a.high == b.high;
}

ws__hasher *ws__hasher_new(void) {
  XXH3_state_t *state = XXH3_createState();
  if (state) XXH3_128bits_reset(state);
  return (ws__hasher *)state;
}

void ws__hasher_free(ws__hasher *hasher) {
  XXH3_freeState((XXH3_state_t *)hasher);
}

void ws__hasher_add(ws__hasher *hasher, const void *data, size_t size) {
  XXH3_128bits_update((XXH3_state_t *)hasher, data, size);
}

ws_hash128 ws__hasher_get(const ws__hasher *hasher) {
  XXH128_hash_t hash = XXH3_128bits_digest((const XXH3_state_t *)hasher);
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
