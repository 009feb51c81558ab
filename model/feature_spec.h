/* SPDX-License-Identifier: MIT
 *
 * Which features there are: the specification as blocks.
 */
#ifndef WS_FEATURE_SPEC_H
#define WS_FEATURE_SPEC_H

#include <weaksup/features.h>

/* The numbers stand in classifier files. */
typedef enum ws__block_kind {
  WS__WORDS = 1,
  WS__CHARS = 2,
  WS__NUMBER = 3,
  WS__CATEGORY = 4,
  WS__FIELD = 5,
  WS__VECTOR = 6,
  WS__VECTORS = 7,
  WS__NPY = 8,
} ws__block_kind;

enum { WS__MOST_BLOCKS = 32, WS__FIELD_NAME = 128, WS__FILE_NAME = 256 };

typedef struct ws__block {
  ws__block_kind kind;
  char field[WS__FIELD_NAME]; // its name, NUL-terminated; "" of npy
  char file[WS__FILE_NAME];   // of vectors and npy, as it was given; "" of the others
  bool is_text;               // it is the record's .text
  unsigned min_n, max_n;      // of words and chars
  unsigned min_df;            // rows that a feature must occur in
} ws__block;

typedef struct ws__spec {
  ws__block blocks[WS__MOST_BLOCKS];
  size_t count;
} ws__spec;

/* `text` is the name of the task's text field. */
ws_status ws__spec_parse(const char *blocks, const char *text, ws__spec *out,
                         ws_error *err);
/* The specification in its shortest full form: "words(text,1-2) chars(text,2-5)". */
ws_status ws__spec_write(const ws__spec *spec, ws_buffer *out);

/* Whether the block is of terms that are weighted by tf and idf. */
static inline bool ws__block_has_terms(const ws__block *block) {
  return block->kind == WS__WORDS || block->kind == WS__CHARS;
}

/* Whether it looks at a text. */
static inline bool ws__block_has_text(const ws__block *block) {
  return ws__block_has_terms(block) || block->kind == WS__VECTORS;
}

/* Whether a record has a list of numbers in it, of one length: a feature a position. */
static inline bool ws__block_is_list(const ws__block *block) {
  return block->kind == WS__VECTOR || block->kind == WS__NPY;
}

/* Whether its entries are the positions of a vector. */
static inline bool ws__block_is_dense(const ws__block *block) {
  return ws__block_is_list(block) || block->kind == WS__VECTORS;
}

#endif
