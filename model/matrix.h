/* SPDX-License-Identifier: MIT
 *
 * The features of all records as numbers: which are kept, how they are weighted, and the
 * weighted sparse rows.
 */
#ifndef WS_MATRIX_H
#define WS_MATRIX_H

#include "word_table.h"

typedef struct ws__cell {
  uint32_t index; // of the entry
  float value;
} ws__cell;

/* The features that are kept are entries, block after block. */
typedef struct ws__matrix {
  ws__spec spec;
  unsigned hash_bits;
  size_t n, A;                  // rows; entries
  size_t ends[WS__MOST_BLOCKS]; // the entries of block b end before ends[b]
  uint32_t *keys;               // [A] lower half of the hash, ascending in each block
  float *scale;                 // [A] idf of terms; 1 / sd of numbers; 1
  float *shift;                 // [A] mean of numbers; 0
  size_t *begin;                // [n + 1]
  ws__cell *cells;              // [begin[n]]
  ws__word_table tables[WS__MOST_BLOCKS]; // of blocks of word vectors
} ws__matrix;

/* Takes the rows of the features over, and reads files of word vectors; to be cleared
 * whatever the status. */
ws_status ws__matrix_init(ws__matrix *matrix, ws_features *features, ws_error *err);
void ws__matrix_clear(ws__matrix *matrix);

static inline size_t ws__matrix_first(const size_t *ends, size_t block) {
  return block ? ends[block - 1] : 0;
}

/* Smooth idf, 1 + log((1 + n) / (1 + df)), of a term that df of n rows have. */
float ws__idf(size_t n, size_t df);

/* What a feature weighs before its block is scaled. */
double ws__weight(const ws__block *block, double value, float scale, float shift);

/* Whether the block's vector is scaled to length 1. */
static inline bool ws__block_is_normal(const ws__block *block) {
  return ws__block_has_terms(block) || ws__block_is_dense(block);
}

#endif
