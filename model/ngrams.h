/* SPDX-License-Identifier: MIT
 *
 * The different words and pairs of neighbouring words of a text, in lower case.
 */
#ifndef WS_NGRAMS_H
#define WS_NGRAMS_H

#include <weaksup/text.h>

/* Of longer texts the beginning only; longer words are passed over, and
 * the pieces of those with an apostrophe. */
enum { WS__NGRAM_WORDS = 4000, WS__NGRAM_WORD_BYTES = 64 };

typedef struct ws__ngram {
  uint64_t hash;
  ws_text first, second; // second.data NULL: a word alone; they lie in ws__ngrams.lower
} ws__ngram;

/* Working memory, for many texts; start from {0}. */
typedef struct ws__ngrams {
  ws_buffer lower;
  ws__ngram *items; // [count] by hash, each once
  size_t count, capacity;
} ws__ngrams;

void ws__ngrams_clear(ws__ngrams *grams);
WS_CHECK ws_status ws__ngrams_read(ws__ngrams *grams, ws_text text);

#endif
