/* SPDX-License-Identifier: MIT
 *
 * The terms of one text: hashed words and pairs of neighbouring words, with counts.
 * Training and prediction both come through here, so that they cannot differ.
 */
#ifndef WS_TERMS_H
#define WS_TERMS_H

#include <weaksup/features.h>

typedef struct ws__term {
  uint32_t bucket; // below 2^hash_bits
  uint32_t count;  // how often it occurs, from 1
} ws__term;

/* A slot of the hash table over `items`; empty unless its stamp is the current one. */
typedef struct ws__term_slot {
  uint32_t stamp, item;
} ws__term_slot;

/* Working memory, which serves one text after the other. Start from {.options = ...}. */
typedef struct ws__terms {
  ws_features_options options;
  ws__term *items; // [count] of the last text, in the order of first occurrence
  size_t count;
  size_t capacity;
  ws__term_slot *slots; // [slot_count], a power of two or 0
  size_t slot_count;
  uint32_t stamp;
  ws_buffer lower; // the text in lower case
  ws_buffer words; // its words with one blank between
} ws__terms;

ws_status ws__terms_count(ws__terms *terms, ws_text text);
void ws__terms_clear(ws__terms *terms);

#endif
