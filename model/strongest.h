/* SPDX-License-Identifier: MIT
 *
 * Which features speak for a class.
 */
#ifndef WS_STRONGEST_H
#define WS_STRONGEST_H

#include "classifier_priv.h"

typedef struct ws__strong {
  double weight;
  uint32_t item;
} ws__strong;

/* The strongest so far, up to `most`: a heap, the weakest on top. */
typedef struct ws__strong_heap {
  ws__strong *items; // [most]
  size_t count, most;
} ws__strong_heap;

void ws__strong_offer(ws__strong_heap *heap, double weight, uint32_t item);
/* Sorts what is in the heap: the strongest first, equal ones by their numbers. */
void ws__strong_sort(ws__strong_heap *heap);

/* The mean over the classes of the weights of entry e. */
double ws__mean_weight(const ws_classifier *classifier, size_t e);
/* Notes it for the named entries: each class asks for it. */
void ws__mean_named(ws_classifier *classifier);

#endif
