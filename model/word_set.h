/* SPDX-License-Identifier: MIT
 *
 * The words of a text as a small set of hashes, to compare texts by.
 */
#ifndef WS_WORD_SET_H
#define WS_WORD_SET_H

#include <weaksup/text.h>

/* The smallest hashes of a set stand for it where it has more: Andrei Broder, On the
 * resemblance and containment of documents, 1997. */
enum { WS__WORD_SET_MOST = 256 };

typedef struct ws__word_set {
  uint64_t *hashes; // [count], ascending
  size_t count;
} ws__word_set;

/* In lower case. Clear it. */
WS_CHECK ws_status ws__word_set_make(ws_text text, ws__word_set *out);
void ws__word_set_clear(ws__word_set *set);

/* Words in both, of the words in either; two empty sets are the same. */
double ws__word_set_similarity(const ws__word_set *a, const ws__word_set *b);

#endif
