/* SPDX-License-Identifier: MIT
 *
 * The features of one record in one block: hashes with counts, or numbers. Training and
 * prediction both come through here, so that they cannot differ.
 */
#ifndef WS_TERMS_H
#define WS_TERMS_H

#include "feature_spec.h"

typedef struct ws__term {
  uint64_t hash; // of a list of numbers, the position; of a number, 0
  float value;   // how often it occurs; the number; of a category, 1
} ws__term;

/* A slot of the hash table over `items`; empty unless its stamp is the current one. */
typedef struct ws__term_slot {
  uint32_t stamp, item;
} ws__term_slot;

/* Working memory, which serves one text after the other. Start from zeros. */
typedef struct ws__terms {
  ws__term *items; // [count] of the last record, in the order of first occurrence
  size_t count;
  size_t capacity;
  ws__term_slot *slots; // [slot_count], a power of two or 0
  size_t slot_count;
  uint32_t stamp;
  uint32_t *chars; // of the text: ws_text_chars
  size_t chars_capacity;
  uint64_t *words; // hashes of the text's words
  size_t words_capacity;
} ws__terms;

/* What the block sees of the record; WS_EPARSE, naming the field, where it is missing or
 * of another type. */
ws_status ws__terms_collect(ws__terms *terms, const ws__block *block,
                            const ws_record *record, ws_error *err);
/* The numbers of a list, as those of a vector. */
ws_status ws__terms_of_list(ws__terms *terms, const double *numbers, size_t count);
/* The same of a text, for the blocks that look at one. */
ws_status ws__terms_of_text(ws__terms *terms, const ws__block *block, ws_text text);
void ws__terms_clear(ws__terms *terms);

#endif
