/* SPDX-License-Identifier: MIT
 *
 * All occurrences of many byte strings in one pass over a text. Private to lf.
 */
#ifndef WS_LITERALS_H
#define WS_LITERALS_H

#include <weaksup/text.h>

#define WS__LITERALS_MAX (16u << 20) // bytes of all literals together

typedef struct ws__literals ws__literals;

/* None of the literals may be empty; of equal ones the first counts. Copies what it
 * needs. WS_EINVAL beyond WS__LITERALS_MAX. */
WS_CHECK ws_status ws__literals_new(const ws_text *literals, size_t count,
                                    ws__literals **out);
size_t ws__literals_size(const ws__literals *literals); // bytes that it takes
void ws__literals_free(ws__literals *literals);

/* A pass over a text: start from {.text = text}. */
typedef struct ws__literals_scan {
  ws_text text;
  size_t position;
  uint32_t state, pending;
} ws__literals_scan;

/* The next occurrence: which literal, and the offset behind its last byte. In the order
 * of their ends, longer ones first. */
bool ws__literals_next(const ws__literals *literals, ws__literals_scan *scan,
                       size_t *which, size_t *end);

/* The automaton itself, for those who lay it out in their own way. States count from 0,
 * which is the start: */
size_t ws__literals_states(const ws__literals *literals);
/* Where `byte` leads from a state. */
uint32_t ws__literals_step(const ws__literals *literals, uint32_t state,
                           unsigned char byte);
/* The state of the longest literal that ends in this one, and of the next shorter one; 0:
 * none. And which literal it is. */
uint32_t ws__literals_end(const ws__literals *literals, uint32_t state);
uint32_t ws__literals_shorter(const ws__literals *literals, uint32_t end);
size_t ws__literals_at(const ws__literals *literals, uint32_t end);

#endif
