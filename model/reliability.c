/* SPDX-License-Identifier: MIT
 *
 * Counts by confidence and by class. Confidences are summed in the order of adding.
 */
#include <weaksup/reliability.h>

#include <assert.h>
#include <math.h>

#include <weaksup/alloc.h>

static const double rejections[WS_REJECTION_POINTS] = {.5, .6, .7, .8, .9, .95, .99};

struct ws_reliability {
  size_t K;
  uint64_t n;
  uint64_t bin_n[WS_RELIABILITY_BINS], bin_right[WS_RELIABILITY_BINS];
  double confidence[WS_RELIABILITY_BINS];
  uint64_t left_n[WS_REJECTION_POINTS], left_right[WS_REJECTION_POINTS];
  uint64_t *gold, *predicted, *right; // [K] each
  uint64_t *confusion;                // [K][K] gold, predicted; or NULL
};

ws_status ws_reliability_new(size_t classes, ws_reliability **out) {
  ws_reliability *r = ws_alloc_zero(1, sizeof *r);
  if (!r) return WS_ENOMEM;
  r->K = classes;
  r->gold = ws_alloc_zero(classes, sizeof *r->gold);
  r->predicted = ws_alloc_zero(classes, sizeof *r->predicted);
  r->right = ws_alloc_zero(classes, sizeof *r->right);
  bool matrix = classes <= WS_RELIABILITY_CLASSES;
  if (matrix) r->confusion = ws_alloc_zero(classes * classes, sizeof *r->confusion);
  if (!r->gold || !r->predicted || !r->right || (matrix && !r->confusion)) {
    ws_reliability_free(r);
    return WS_ENOMEM;
  }
  *out = r;
  return WS_OK;
}

void ws_reliability_free(ws_reliability *r) {
  if (!r) return;
  ws_free(r->gold);
  ws_free(r->predicted);
  ws_free(r->right);
  ws_free(r->confusion);
  ws_free(r);
}

static void count_label(ws_reliability *r, size_t label, size_t gold) {
  r->gold[gold]++;
  r->predicted[label]++;
  r->right[gold] += label == gold;
  if (r->confusion) r->confusion[gold * r->K + label]++;
}

void ws_reliability_add(ws_reliability *r, const double *probs, int32_t gold) {
  if (gold == WS_ABSTAIN) return;
  assert(gold >= 0 && (size_t)gold < r->K);
  size_t best = 0, g = (size_t)gold;
  for (size_t k = 1; k < r->K; k++)
    if (probs[k] > probs[best]) best = k;
  bool right = best == g;
  size_t bin = (size_t)(probs[best] * WS_RELIABILITY_BINS);
  if (bin >= WS_RELIABILITY_BINS) bin = WS_RELIABILITY_BINS - 1;
  r->n++;
  r->bin_n[bin]++;
  r->bin_right[bin] += right;
  r->confidence[bin] += probs[best];
  for (size_t i = 0; i < WS_REJECTION_POINTS && probs[best] >= rejections[i]; i++) {
    r->left_n[i]++;
    r->left_right[i] += right;
  }
  count_label(r, best, g);
}

void ws_reliability_add_label(ws_reliability *r, int32_t label, int32_t gold) {
  if (gold == WS_ABSTAIN) return;
  assert(gold >= 0 && (size_t)gold < r->K);
  r->n++;
  if (label == WS_ABSTAIN)
    r->gold[gold]++;
  else
    count_label(r, (size_t)label, (size_t)gold);
}

ws_labeled ws_reliability_labeled(const ws_reliability *r) {
  ws_labeled all = {0};
  for (size_t k = 0; k < r->K; k++) {
    all.n += r->predicted[k];
    all.right += r->right[k];
  }
  all.coverage = (double)all.n / (double)r->n;
  all.accuracy = (double)all.right / (double)all.n;
  return all;
}

uint64_t ws_reliability_rows(const ws_reliability *r) {
  return r->n;
}

ws_reliability_bin ws_reliability_bin_at(const ws_reliability *r, size_t bin) {
  double n = (double)r->bin_n[bin]; // without records all is 0/0, a NaN
  return (ws_reliability_bin){
      .low = (double)bin / WS_RELIABILITY_BINS,
      .high = (double)(bin + 1) / WS_RELIABILITY_BINS,
      .n = r->bin_n[bin],
      .confidence = r->confidence[bin] / n,
      .accuracy = (double)r->bin_right[bin] / n,
  };
}

ws_rejection ws_rejection_at(const ws_reliability *r, size_t point) {
  return (ws_rejection){
      .least = rejections[point],
      .n = r->left_n[point],
      .coverage = (double)r->left_n[point] / (double)r->n,
      .accuracy = (double)r->left_right[point] / (double)r->left_n[point],
  };
}

ws_class_scores ws_class_scores_at(const ws_reliability *r, size_t k) {
  double right = (double)r->right[k], gold = (double)r->gold[k],
         predicted = (double)r->predicted[k];
  return (ws_class_scores){
      .gold = r->gold[k],
      .predicted = r->predicted[k],
      .right = r->right[k],
      .precision = right / predicted,
      .recall = right / gold,
      .f1 = 2 * right / (predicted + gold),
  };
}

bool ws_has_confusion(const ws_reliability *r) {
  return r->confusion != NULL;
}

uint64_t ws_confusion_at(const ws_reliability *r, size_t gold, size_t predicted) {
  return r->confusion[gold * r->K + predicted];
}
