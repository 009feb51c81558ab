/* SPDX-License-Identifier: MIT
 *
 * Decisions: thresholds first, then the most probable class.
 */
#include <weaksup/decision.h>

#include <math.h>

static bool has_threshold(const ws_decision *decision, size_t k) {
  return decision->thresholds && !isnan(decision->thresholds[k]);
}

/* probs[k] / threshold; negative where the class has none, or does not reach it. */
static double ratio_of(const ws_decision *decision, const double *probs, size_t k) {
  if (!has_threshold(decision, k) || !(probs[k] >= decision->thresholds[k])) return -1;
  return probs[k] / decision->thresholds[k]; // which are above 0
}

/* The class furthest above its threshold: false where none reaches it. *label is
 * WS_ABSTAIN where two are equally far. */
static bool by_threshold(const ws_decision *decision, const double *probs, size_t K,
                         int32_t *label) {
  double most = -1;
  size_t tied = 0;
  for (size_t k = 0; k < K; k++) most = fmax(most, ratio_of(decision, probs, k));
  if (most < 0) return false;
  for (size_t k = 0; k < K; k++)
    if (ratio_of(decision, probs, k) >= most - WS_TIE) *label = (int32_t)k, tied++;
  if (tied > 1) *label = WS_ABSTAIN;
  return true;
}

/* The most probable of the classes without a threshold. */
static int32_t most_probable(const ws_decision *decision, const double *probs, size_t K) {
  int32_t best = WS_ABSTAIN;
  for (size_t k = 0; k < K; k++)
    if (!has_threshold(decision, k) && (best == WS_ABSTAIN || probs[k] > probs[best]))
      best = (int32_t)k;
  if (best == WS_ABSTAIN || probs[best] < decision->reject_below) return WS_ABSTAIN;
  for (size_t k = 0; k < K; k++)
    if ((int32_t)k != best && !has_threshold(decision, k) &&
        probs[k] >= probs[best] - WS_TIE)
      return WS_ABSTAIN;
  return best;
}

int32_t ws_decide(const ws_decision *decision, const double *probs, size_t classes) {
  int32_t label = WS_ABSTAIN;
  if (!decision) return ws_probs_argmax(probs, classes);
  if (by_threshold(decision, probs, classes, &label)) return label;
  return most_probable(decision, probs, classes);
}
