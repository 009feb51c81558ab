/* SPDX-License-Identifier: MIT
 *
 * What a classifier has learnt, for people.
 */
#include "strongest.h"

#include <stdlib.h>

#include <weaksup/alloc.h>
#include <weaksup/export.h>

/* --- the heap ----------------------------------------------------------------------- */

static int by_strength(const void *a, const void *b) {
  const ws__strong *x = a, *y = b;
  if (x->weight != y->weight) return x->weight > y->weight ? -1 : 1;
  return (x->item > y->item) - (x->item < y->item);
}

static bool is_weaker(const ws__strong *a, const ws__strong *b) {
  return by_strength(a, b) > 0;
}

static void sink(ws__strong_heap *heap, size_t at) {
  for (size_t child; (child = 2 * at + 1) < heap->count; at = child) {
    if (child + 1 < heap->count &&
        is_weaker(&heap->items[child + 1], &heap->items[child]))
      child++;
    if (!is_weaker(&heap->items[child], &heap->items[at])) return;
    ws__strong item = heap->items[at];
    heap->items[at] = heap->items[child];
    heap->items[child] = item;
  }
}

void ws__strong_offer(ws__strong_heap *heap, double weight, uint32_t item) {
  ws__strong offered = {weight, item};
  if (heap->count < heap->most) {
    heap->items[heap->count++] = offered;
    if (heap->count == heap->most)
      for (size_t i = heap->most / 2 + 1; i-- > 0;) sink(heap, i);
  } else if (heap->most > 0 && is_weaker(&heap->items[0], &offered)) {
    heap->items[0] = offered;
    sink(heap, 0);
  }
}

void ws__strong_sort(ws__strong_heap *heap) {
  qsort(heap->items, heap->count, sizeof *heap->items, by_strength);
}

/* --- of a classifier ---------------------------------------------------------------- */

double ws__mean_weight(const ws_classifier *classifier, size_t e) {
  const float *W = classifier->weights + e * classifier->K;
  double sum = 0;
  for (size_t k = 0; k < classifier->K; k++) sum += (double)W[k];
  return sum / (double)classifier->K;
}

void ws__mean_named(ws_classifier *classifier) {
  for (size_t i = 0; i < classifier->named_count && classifier->H == 0; i++)
    classifier->named[i].mean = ws__mean_weight(classifier, classifier->named[i].entry);
}

static size_t block_of(const ws_classifier *classifier, size_t e) {
  size_t b = 0;
  while (e >= classifier->ends[b]) b++;
  return b;
}

ws_status ws_classifier_strongest(const ws_classifier *c, size_t k, size_t most,
                                  ws_strong_feature *out, size_t *count) {
  if (c->H > 0) most = 0; // weights are of hidden units, not of classes
  if (most > c->named_count) most = c->named_count;
  ws__strong_heap heap = {ws_alloc_array(most, sizeof *heap.items), 0, most};
  *count = 0;
  if (!heap.items) return WS_ENOMEM;
  for (size_t i = 0; i < c->named_count && most > 0; i++) {
    size_t e = c->named[i].entry;
    double weight = (double)c->weights[e * c->K + k] - c->named[i].mean;
    if (weight > 0) ws__strong_offer(&heap, weight * (double)c->scale[e], (uint32_t)i);
  }
  ws__strong_sort(&heap);
  for (; *count < heap.count; ++*count) {
    const ws__named *named = &c->named[heap.items[*count].item];
    out[*count] = (ws_strong_feature){block_of(c, named->entry), named->name,
                                      heap.items[*count].weight};
  }
  ws_free(heap.items);
  return WS_OK;
}

ws_status ws_classifier_block(const ws_classifier *classifier, size_t b, ws_buffer *out) {
  ws__spec one = {.count = 1};
  one.blocks[0] = classifier->spec.blocks[b];
  return ws__spec_write(&one, out);
}

size_t ws_classifier_block_count(const ws_classifier *classifier) {
  return classifier->spec.count;
}

size_t ws_classifier_block_size(const ws_classifier *classifier, size_t b) {
  return classifier->ends[b] - ws__matrix_first(classifier->ends, b);
}

double ws_classifier_c(const ws_classifier *classifier) {
  return classifier->c;
}

ws_loss ws_classifier_loss(const ws_classifier *classifier) {
  return classifier->loss;
}

ws_text ws_classifier_summary(const ws_classifier *classifier) {
  return classifier->summary;
}
