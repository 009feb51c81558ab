/* SPDX-License-Identifier: MIT
 *
 * Word vectors as a classifier holds them, and a text's vector: the mean of its words',
 * each weighing a / (a + p(word)) with a = 0.001 and p the word's share of the training
 * texts, scaled to length 1 (Sanjeev Arora, Yingyu Liang, Tengyu Ma: A simple but
 * tough-to-beat baseline for sentence embeddings, 2017, algorithm 1, without its second
 * step, which takes out the first principal component).
 */
#ifndef WS_WORD_TABLE_H
#define WS_WORD_TABLE_H

#include <float.h>
#include <math.h>

#include "vocabulary.h"

typedef struct ws__word_table {
  size_t words, dimensions;
  uint32_t *keys; // [words] the lower half of each word's hash, ascending
  float *weights; // [words] 0 .. 1
  float *vectors; // [words][dimensions]
} ws__word_table;

/* Reads the file of block b: the words that the vocabulary has, and of the others those
 * among the first `most`. Words that are one token only; of two that are the same in
 * lower case the first counts. Weights are 1. Must be cleared whatever the status. */
ws_status ws__word_table_read(ws__word_table *table, const ws__block *block, size_t b,
                              const ws__vocabulary *vocabulary, size_t most,
                              ws_error *err);
void ws__word_table_clear(ws__word_table *table);
ws_status ws__word_table_copy(const ws__word_table *table, ws__word_table *out);

/* Where the word with the hash stands; SIZE_MAX: nowhere. */
size_t ws__word_table_find(const ws__word_table *table, uint64_t hash);
/* Sets the weights; occurrences[words] in the training texts. */
void ws__word_table_weigh(ws__word_table *table, const double *occurrences);
/* A sum of vectors as a float, which may be too small for it: as the largest one then. */
static inline float ws__word_sum(double sum) {
  return (float)fmax(fmin(sum, (double)FLT_MAX), -(double)FLT_MAX);
}
/* Adds a word that occurs `count` times to sum[dimensions]. */
void ws__word_table_add(const ws__word_table *table, size_t word, double count,
                        double *sum);

#endif
