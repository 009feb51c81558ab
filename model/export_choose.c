/* SPDX-License-Identifier: MIT
 *
 * Which features matter. Leaving one out moves the scores of a text that has it by its
 * weight in the text times its weights of the classes; the mean square of that over all
 * texts is, up to the length of the text,
 *   share of the texts that have it x idf^2 x sum_k (W_k - mean W)^2,
 * the softmax seeing only differences between classes. Idf tells the share:
 * idf = 1 + log((1+n)/(1+df)).
 *
 * Where few are left and those are trained again, the frequent ones that mean little can
 * make up for less, and the root of the share does better: measured on the samples and on
 * published sets.
 */
#include <math.h>
#include <stdlib.h>

#include <weaksup/alloc.h>

#include "export_priv.h"

typedef struct worth {
  double value;
  uint32_t entry;
} worth;

static double worth_of(const ws_classifier *from, size_t e, bool few) {
  const float *W = from->weights + e * from->K;
  double mean = 0, spread = 0, idf = (double)from->scale[e];
  for (size_t k = 0; k < from->K; k++) mean += (double)W[k] / (double)from->K;
  for (size_t k = 0; k < from->K; k++)
    spread += ((double)W[k] - mean) * ((double)W[k] - mean);
  return exp((1 - idf) * (few ? 0.5 : 1)) * idf * idf * spread;
}

static int by_value(const void *a, const void *b) {
  const worth *x = a, *y = b;
  if (x->value != y->value) return x->value > y->value ? -1 : 1;
  return (x->entry > y->entry) - (x->entry < y->entry);
}

static int by_entry(const void *a, const void *b) {
  const uint32_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

ws_status ws__export_choose(const ws_classifier *from, size_t most, uint32_t *out) {
  worth *all = ws_alloc_array(from->A, sizeof *all);
  if (!all) return WS_ENOMEM;
  bool few = ws__export_is_few(most, from->A);
  for (size_t e = 0; e < from->A; e++)
    all[e] = (worth){worth_of(from, e, few), (uint32_t)e};
  if (most < from->A) qsort(all, from->A, sizeof *all, by_value);
  for (size_t i = 0; i < most; i++) out[i] = all[i].entry;
  qsort(out, most, sizeof *out, by_entry);
  ws_free(all);
  return WS_OK;
}
