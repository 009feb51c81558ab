/* SPDX-License-Identifier: MIT
 *
 * All features that occur, by their 64-bit hashes, with the number of rows that each
 * occurs in. They are numbered in the order of first occurrence.
 */
#ifndef WS_VOCABULARY_H
#define WS_VOCABULARY_H

#include "terms.h"

typedef struct ws__word { // a slot; empty where count is 0
  uint64_t hash;
  uint32_t id, count; // rows that have it
} ws__word;

typedef struct ws__vocabulary {
  ws__word *slots; // [mask + 1]
  size_t mask;     // 0 before the first
  uint32_t count;  // of features
  uint8_t *blocks; // [count] the block that each belongs to
  size_t blocks_capacity;
} ws__vocabulary;

void ws__vocabulary_clear(ws__vocabulary *vocabulary);

/* Counts the terms of one row in one block; ids[count] receives their numbers. */
ws_status ws__vocabulary_add(ws__vocabulary *vocabulary, size_t block,
                             const ws__term *terms, size_t count, uint32_t *ids);

/* The number of a term, or UINT32_MAX where no row has it. */
uint32_t ws__vocabulary_find(const ws__vocabulary *vocabulary, size_t block,
                             uint64_t hash);

/* What tells equal hashes of different blocks apart. */
static inline uint64_t ws__block_seed(size_t block) {
  return (uint64_t)(block + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

/* The lower half of the feature's own hash: how classifiers know it. */
static inline uint32_t ws__word_key(const ws__word *word, size_t block) {
  return (uint32_t)(word->hash ^ ws__block_seed(block));
}

#endif
