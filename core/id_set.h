/* SPDX-License-Identifier: MIT
 *
 * A set of ids, kept as 128-bit hashes: 32 to 64 bytes an id, as at most half of the
 * slots are taken; two different ids meet with a probability below 1e-20 for a billion of
 * them. Private to core.
 */
#ifndef WS_ID_SET_H
#define WS_ID_SET_H

#include <weaksup/hash.h>
#include <weaksup/text.h>

typedef struct ws__id_set {
  ws_hash128 *slots; // [size], a power of two; all zero: empty
  size_t size, count;
} ws__id_set;

void ws__id_set_clear(ws__id_set *set);
/* An id in two steps, with other work between them: the table is larger than any cache,
 * and the first one asks for the place that the second one looks at. */
ws_hash128 ws__id_set_expect(const ws__id_set *set, ws_text id);
/* *added is false where the id was there already. */
WS_CHECK ws_status ws__id_set_add(ws__id_set *set, ws_hash128 id, bool *added);

#endif
