/* SPDX-License-Identifier: MIT
 *
 * Which features of a block are kept.
 */
#ifndef WS_FREQUENT_H
#define WS_FREQUENT_H

#include "features_rows.h"

typedef struct ws__frequent {
  uint64_t hash;
  uint32_t key, id, rows; // id: in the vocabulary; rows that have it
} ws__frequent;

/* The features of block b that enough rows have, the most frequent 2^hash_bits of them
 * (of lists, all); by key, then by hash. *items is the caller's to free. */
ws_status ws__frequent_features(const ws_features *features, size_t b,
                                ws__frequent **items, size_t *count);

#endif
