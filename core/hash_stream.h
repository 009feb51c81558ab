/* SPDX-License-Identifier: MIT
 *
 * The hash of bytes that come piece by piece; the same as ws_hash128_of gives for all of
 * them. Private to core.
 */
#ifndef WS_HASH_STREAM_H
#define WS_HASH_STREAM_H

#include <weaksup/hash.h>

typedef struct ws__hasher ws__hasher;

ws__hasher *ws__hasher_new(void); // NULL where there is no memory
void ws__hasher_free(ws__hasher *hasher);
void ws__hasher_add(ws__hasher *hasher, const void *data, size_t size);
ws_hash128 ws__hasher_get(const ws__hasher *hasher);

#endif
