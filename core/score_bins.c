/* SPDX-License-Identifier: MIT
 *
 * Ranges of a score. Quantiles put about as many records into each, so that each is
 * judged by about as much evidence: scores of a trained model crowd near 1, where bins of
 * equal width would leave all but one empty.
 */
#include "scores_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The quantiles, without those that repeat; the last edge is 1. Returns how many edges.
 */
static size_t raw_edges(double *scores, size_t count, double lowest, size_t bins,
                        double *edges) {
  size_t used = 0, first = 0;
  qsort(scores, count, sizeof *scores, by_size);
  while (first < count && scores[first] < lowest) first++;
  edges[used++] = lowest;
  for (size_t b = 1; b < bins; b++) {
    size_t at = first + (count - first) * b / bins;
    double edge = at < count ? scores[at] : 1;
    if (edge > edges[used - 1] && edge < 1) edges[used++] = edge;
  }
  edges[used++] = 1;
  return used;
}

static bool round_to(int decimals, const double *from, size_t count, double *to) {
  double scale = pow(10, decimals);
  for (size_t i = 0; i < count; i++) {
    to[i] = floor(from[i] * scale + 1e-9) / scale; // so that it stays in its bin
    if (i && to[i] <= to[i - 1]) return false;
  }
  return true;
}

/* Fewer than two decimals would move edges far. */
static void shorten(double *edges, size_t count) {
  double rounded[WS_SCORE_BINS + 1];
  for (int decimals = 2; decimals <= 12; decimals++)
    if (round_to(decimals, edges + 1, count - 1, rounded + 1) &&
        (count < 3 || rounded[1] > edges[0])) {
      memcpy(edges + 1, rounded + 1, (count - 1) * sizeof *edges);
      return;
    }
}

size_t ws__score_edges(double *scores, size_t count, double lowest, size_t bins,
                       double *edges) {
  size_t used = raw_edges(scores, count, lowest, bins, edges);
  shorten(edges, used);
  return used - 1;
}

int64_t ws__score_bin(const double *edges, size_t bins, double score) {
  if (score < edges[0]) return -1;
  size_t b = bins - 1;
  while (b > 0 && score < edges[b]) b--;
  return (int64_t)b;
}
