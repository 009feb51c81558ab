/* SPDX-License-Identifier: MIT
 *
 * Where predictions are right: by how sure they are, and by class.
 *
 * A prediction is its most probable class, the first of equals; records without gold are
 * passed over.
 */
#ifndef WEAKSUP_RELIABILITY_H
#define WEAKSUP_RELIABILITY_H

#include <weaksup/labels.h>

WS_BEGIN_DECLS

typedef struct ws_reliability ws_reliability;

/* Beyond so many classes there is no confusion matrix. */
#define WS_RELIABILITY_CLASSES 1000
WS_API WS_CHECK ws_status ws_reliability_new(size_t classes, ws_reliability **out);
WS_API void ws_reliability_free(ws_reliability *reliability);
/* Adds a prediction, probs[K], and its gold label. */
WS_API void ws_reliability_add(ws_reliability *reliability, const double *probs,
                               int32_t gold);
/* The same with the label that was decided on (decision.h), WS_ABSTAIN: none. It counts
 * by class only; a record without a label is missing from what is predicted. */
WS_API void ws_reliability_add_label(ws_reliability *reliability, int32_t label,
                                     int32_t gold);
/* How many records have a label, their share, and how many of them are right. */
typedef struct ws_labeled {
  uint64_t n, right;
  double coverage, accuracy; // NaN of none
} ws_labeled;
WS_API ws_labeled ws_reliability_labeled(const ws_reliability *reliability);
WS_API uint64_t ws_reliability_rows(const ws_reliability *reliability);

/* Records whose largest probability is in [low, high), the last bin with its end. */
enum { WS_RELIABILITY_BINS = 10 };
typedef struct ws_reliability_bin {
  double low, high;
  uint64_t n;
  double confidence, accuracy; // means; NaN of none
} ws_reliability_bin;
WS_API ws_reliability_bin ws_reliability_bin_at(const ws_reliability *reliability,
                                                size_t bin);

/* What is left, and how much of it is right, where a largest probability below `least` is
 * rejected: .5 .6 .7 .8 .9 .95 .99. */
enum { WS_REJECTION_POINTS = 7 };
typedef struct ws_rejection {
  double least;
  uint64_t n;
  double coverage, accuracy; // NaN of none
} ws_rejection;
WS_API ws_rejection ws_rejection_at(const ws_reliability *reliability, size_t point);

typedef struct ws_class_scores {
  uint64_t gold, predicted, right;
  double precision, recall, f1; // NaN where they are 0/0
} ws_class_scores;
/* Of class k: records that have it as gold label, as prediction, and both. */
WS_API ws_class_scores ws_class_scores_at(const ws_reliability *reliability, size_t k);

/* Whether there is a confusion matrix; records of class `gold` that are predicted as
 * `predicted`. */
WS_API bool ws_has_confusion(const ws_reliability *reliability);
WS_API uint64_t ws_confusion_at(const ws_reliability *reliability, size_t gold,
                                size_t predicted);

WS_END_DECLS

#endif
