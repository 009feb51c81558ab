/* SPDX-License-Identifier: MIT
 *
 * Differences between two predictions of the same records.
 */
#include <weaksup/run_diff.h>

#include <math.h>
#include <stdlib.h>

#include <weaksup/alloc.h>
#include <weaksup/rng.h>

enum { ROUNDS = 1000, LOW = 25, HIGH = 974 }; // of the sorted means: 2.5 and 97.5 %

static int by_value(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return a < b ? -1 : a > b;
}

static double mean_of_sample(const double *values, size_t n, ws_rng *rng) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += values[ws_rng_below(rng, n)];
  return sum / (double)n;
}

ws_status ws_paired_interval(const double *differences, size_t n, uint64_t seed,
                             ws_paired *out) {
  ws_rng rng;
  double sum = 0;
  *out = (ws_paired){(double)NAN, (double)NAN, (double)NAN};
  if (n == 0) return WS_OK;
  double *means = ws_alloc_array(ROUNDS, sizeof *means);
  if (!means) return WS_ENOMEM;
  for (size_t i = 0; i < n; i++) sum += differences[i];
  ws_rng_init(&rng, seed);
  for (size_t r = 0; r < ROUNDS; r++) means[r] = mean_of_sample(differences, n, &rng);
  qsort(means, ROUNDS, sizeof *means, by_value);
  *out = (ws_paired){sum / (double)n, means[LOW], means[HIGH]};
  ws_free(means);
  return WS_OK;
}

double ws_prediction_right(const double *probs, size_t classes, bool covered,
                           int32_t gold) {
  double most = 0;
  size_t tied = 0;
  if (!covered) return 1 / (double)classes;
  for (size_t k = 0; k < classes; k++) most = probs[k] > most ? probs[k] : most;
  for (size_t k = 0; k < classes; k++) tied += probs[k] >= most - WS_TIE;
  return probs[gold] >= most - WS_TIE ? 1 / (double)tied : 0;
}

void ws_labels_right(const ws_labels *labels, const ws_votes *votes, double *out) {
  size_t K = ws_votes_classes(votes), at = 0;
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    int32_t gold = ws_votes_row_gold(votes, i);
    size_t u = ws_votes_row_pattern(votes, i);
    if (gold == WS_ABSTAIN) continue;
    out[at++] = ws_prediction_right(ws_labels_get(labels, u), K,
                                    ws_votes_pattern(votes, u).size > 0, gold);
  }
}
