/* SPDX-License-Identifier: MIT
 *
 * Choosing records for a second opinion. It is a property of the vote pattern, so
 * patterns are looked at, and records sorted by what theirs says.
 */
#include <weaksup/cascade.h>

#include <stdlib.h>

#include <weaksup/alloc.h>

typedef struct candidate {
  double sure; // the largest probability
  size_t row;
} candidate;

static bool conflicts(ws_pattern pattern, size_t classes) {
  for (size_t i = 1; i < pattern.size; i++)
    if (pattern.columns[i] % classes != pattern.columns[0] % classes) return true;
  return false;
}

static double largest(const double *probs, size_t classes) {
  double most = probs[0];
  for (size_t k = 1; k < classes; k++)
    if (probs[k] > most) most = probs[k];
  return most;
}

static int compare(const void *a, const void *b) {
  const candidate *x = a, *y = b;
  if (x->sure != y->sure) return x->sure < y->sure ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

static size_t collect(const ws_votes *votes, const ws_labels *labels, double below,
                      candidate *out) {
  size_t K = ws_votes_classes(votes), count = 0;
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    size_t u = ws_votes_row_pattern(votes, i);
    double sure = largest(ws_labels_get(labels, u), K);
    if (sure < below || conflicts(ws_votes_pattern(votes, u), K))
      out[count++] = (candidate){sure, i};
  }
  return count;
}

ws_status ws_cascade_choose(const ws_votes *votes, const ws_labels *labels, double below,
                            size_t *rows, size_t *count) {
  candidate *found = ws_alloc_array(ws_votes_rows(votes), sizeof *found);
  if (!found) return WS_ENOMEM;
  *count = collect(votes, labels, below, found);
  qsort(found, *count, sizeof *found, compare);
  for (size_t i = 0; i < *count; i++) rows[i] = found[i].row;
  ws_free(found);
  return WS_OK;
}
