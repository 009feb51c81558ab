/* SPDX-License-Identifier: MIT
 *
 * Probabilistic labels: a distribution for each pattern.
 */
#include <weaksup/labels.h>

#include <weaksup/alloc.h>

struct ws_labels {
  size_t patterns, classes;
  double *probs; // [U][K]
};

int32_t ws_probs_argmax(const double *probs, size_t classes) {
  size_t best = 0, tied = 0;
  for (size_t k = 1; k < classes; k++)
    if (probs[k] > probs[best]) best = k;
  for (size_t k = 0; k < classes; k++) tied += probs[k] >= probs[best] - WS_TIE;
  return tied == 1 ? (int32_t)best : WS_ABSTAIN;
}

int32_t ws_probs_draw(const double *probs, size_t classes, double u) {
  double sum = 0;
  int32_t last = WS_ABSTAIN;
  for (size_t k = 0; k < classes; k++) {
    if (!(probs[k] > 0)) continue;
    sum += probs[k];
    last = (int32_t)k;
    if (u < sum) return last;
  }
  return last; // u is above what rounding left of the sum
}

ws_status ws_labels_new(size_t patterns, size_t classes, ws_labels **out) {
  ws_labels *labels = ws_alloc(sizeof *labels);
  if (!labels) return WS_ENOMEM;
  *labels = (ws_labels){patterns, classes, NULL};
  if (classes && patterns <= SIZE_MAX / classes)
    labels->probs = ws_alloc_zero(patterns * classes, sizeof(double));
  if (!labels->probs) {
    ws_free(labels);
    return WS_ENOMEM;
  }
  *out = labels;
  return WS_OK;
}

void ws_labels_free(ws_labels *labels) {
  if (!labels) return;
  ws_free(labels->probs);
  ws_free(labels);
}

size_t ws_labels_patterns(const ws_labels *labels) {
  return labels->patterns;
}

size_t ws_labels_classes(const ws_labels *labels) {
  return labels->classes;
}

double *ws_labels_at(ws_labels *labels, size_t u) {
  return labels->probs + u * labels->classes;
}

const double *ws_labels_get(const ws_labels *labels, size_t u) {
  return labels->probs + u * labels->classes;
}
