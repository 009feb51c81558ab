/* SPDX-License-Identifier: MIT
 *
 * From a distribution to a label, or to "don't know".
 */
#ifndef WEAKSUP_DECISION_H
#define WEAKSUP_DECISION_H

#include <weaksup/labels.h>

WS_BEGIN_DECLS

typedef struct ws_decision {
  double reject_below;      // a largest probability below it is no label; 0: none is
  const double *thresholds; // [K] a class that has one (not NaN) is taken where its
                            // probability reaches it, and never below; NULL: none has
} ws_decision;

/* Of the classes that reach their thresholds the one furthest above its own (by ratio),
 * and where none does the most probable of those without one, unless it is rejected.
 * WS_ABSTAIN: don't know, or a tie. NULL decision: ws_probs_argmax. */
WS_API int32_t ws_decide(const ws_decision *decision, const double *probs,
                         size_t classes);

WS_END_DECLS

#endif
