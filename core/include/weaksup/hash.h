/* SPDX-License-Identifier: MIT
 *
 * Hashes for cache keys, ids and checksums (XXH3, by xxHash). The values are
 * part of the file formats: they do not change between versions or machines.
 */
#ifndef WEAKSUP_HASH_H
#define WEAKSUP_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weaksup/status.h>

WS_BEGIN_DECLS

typedef struct ws_hash128 {
  uint64_t low, high;
} ws_hash128;

/* Of size bytes, which may be none; another seed gives another hash. */
WS_API uint64_t ws_hash64(const void *data, size_t size, uint64_t seed);
WS_API ws_hash128 ws_hash128_of(const void *data, size_t size);
/* The hash of one hash behind another. */
WS_API ws_hash128 ws_hash128_join(ws_hash128 first, ws_hash128 second);
/* Of a collection whose order does not count: start from zeros, add the hash of each
 * member. */
WS_API ws_hash128 ws_hash128_add(ws_hash128 sum, ws_hash128 member);
WS_API bool ws_hash128_equals(ws_hash128 a, ws_hash128 b);
/* The hash of a file's bytes. WS_EIO where it cannot be read or is no regular file. */
WS_API WS_CHECK ws_status ws_hash128_file(const char *path, ws_hash128 *out,
                                          ws_error *err);
/* 32 hexadecimal digits and a NUL. */
WS_API void ws_hash128_hex(ws_hash128 hash, char out[33]);

WS_END_DECLS

#endif
