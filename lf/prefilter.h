/* SPDX-License-Identifier: MIT
 *
 * Which of many patterns a text may match, in one pass over the text. Private to lf.
 */
#ifndef WS_PREFILTER_H
#define WS_PREFILTER_H

#include "required.h"

typedef struct ws__prefilter ws__prefilter;

/* A pattern, and what it requires: see ws__required. */
typedef struct ws__prefilter_entry {
  const ws__literal *required; // NULL: it is not filtered
  uint32_t bit;                // of the pattern in ws__prefilter_scan's set
} ws__prefilter_entry;

/* Copies what it needs. Sets `filtered` of those that a scan decides on: not of those
 * that require nothing, nor of those for which the table would grow too large. *out =
 * NULL where there are none. */
WS_CHECK ws_status ws__prefilter_new(const ws__prefilter_entry *entries, size_t count,
                                     bool *filtered, ws__prefilter **out);
void ws__prefilter_free(ws__prefilter *prefilter);

/* Sets bit b, that is bit b % 64 of set[b / 64], for each pattern that may match. */
void ws__prefilter_scan(const ws__prefilter *prefilter, ws_text text, uint64_t *set);

#endif
