/* SPDX-License-Identifier: MIT
 *
 * The collected features from inside.
 */
#ifndef WS_FEATURES_ROWS_H
#define WS_FEATURES_ROWS_H

#include <weaksup/npy.h>

#include "matrix.h"
#include "vocabulary.h"

struct ws_features {
  ws__spec spec;
  char text[WS__FIELD_NAME]; // the task's text field
  unsigned hash_bits;
  size_t vector_words; // kept of word vectors, beside those that occur
  ws_npy *npy;         // of the block npy, or NULL
  double *npy_row;     // [columns] working memory
  bool npy_checked;    // it is not the first one, whose rows were counted
  uint64_t npy_next;   // the row behind the last one that was read
  ws__terms terms;     // working memory
  ws__vocabulary vocabulary;
  size_t dimensions[WS__MOST_BLOCKS]; // of a block of lists, once one was seen
  uint32_t *ids;                      // of one row, working memory
  size_t ids_capacity;
  size_t rows;  // n
  size_t *ends; // [rows] row i ends before cells[ends[i]]; blocks in their order
  size_t ends_capacity;
  ws__cell *cells; // .index is the feature's number in the vocabulary
  size_t cells_capacity;
  uint64_t *hashes;  // [hash_count] of the features by number, once they were asked for
  size_t hash_count; // of the vocabulary then
  bool picked;       // from others: no record can be added
  ws_buffer sample;  // texts to find the names of features in: see sample.h
  bool weighted;     // they were taken over into:
  ws__matrix matrix;
};

/* The rows as a matrix, made at the first call; no row can be added after it. */
ws_status ws__features_matrix(ws_features *features, const ws__matrix **out,
                              ws_error *err);

/* Where there is a matrix beside the records, it has a row for each. */
ws_status ws__features_check_npy(const ws_features *features, ws_error *err);

/* Appends what features->terms holds, of block b, to the row that ends at *end; then ends
 * the row. */
ws_status ws__features_append(ws_features *features, size_t b, size_t *end);
ws_status ws__features_end_row(ws_features *features, size_t end);

/* Finds features->hashes; then what a row has in block b, as it was collected. */
ws_status ws__features_hashes(ws_features *features);
ws_status ws__features_terms(const ws_features *features, size_t row, size_t b,
                             ws__terms *terms);

#endif
