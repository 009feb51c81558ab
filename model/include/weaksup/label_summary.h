/* SPDX-License-Identifier: MIT
 *
 * Probabilistic labels at a glance: how sure they are, and how the classes share the
 * votes, the labels and the gold labels.
 */
#ifndef WEAKSUP_LABEL_SUMMARY_H
#define WEAKSUP_LABEL_SUMMARY_H

#include <weaksup/labels.h>

WS_BEGIN_DECLS

/* Bins of equal width from 0 to 1, each with its lower end, the last one with both. */
enum { WS_POSTERIOR_BINS = 20 };

typedef struct ws_class_summary {
  uint64_t votes;  // cast for it, by all LFs
  uint64_t labels; // covered records of which it is the label
  uint64_t gold;   // records of which it is the gold label
  double mass;     // sum of its probability over the covered records
} ws_class_summary;

typedef struct ws_label_summary {
  uint64_t records, covered;
  uint64_t ties; // covered, and without a label
  uint64_t gold; // records with a gold label
  uint64_t cast; // votes in all
  // Covered records by a probability: of two classes that of the second one, else that of
  // the most probable class.
  uint64_t histogram[WS_POSTERIOR_BINS];
  ws_class_summary *classes; // [class_count]
  size_t class_count;
} ws_label_summary;

/* `labels` must come from these votes. Clear *out. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_label_summary_find(const ws_labels *labels,
                                                const ws_votes *votes,
                                                ws_label_summary *out);
WS_API void ws_label_summary_clear(ws_label_summary *summary);

WS_END_DECLS

#endif
