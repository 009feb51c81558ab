/* SPDX-License-Identifier: MIT
 *
 * What one labelling of some votes changes against another, record by record: the label
 * model's against majority vote's, say.
 */
#ifndef WEAKSUP_LABEL_CHANGES_H
#define WEAKSUP_LABEL_CHANGES_H

#include <weaksup/labels.h>

WS_BEGIN_DECLS

#define WS_CHANGE_EXAMPLES 3

/* Records whose label goes from one class to another; WS_ABSTAIN stands for a tie. */
typedef struct ws_label_change {
  int32_t from, to;
  uint64_t count;
  size_t examples[WS_CHANGE_EXAMPLES]; // the first such records, by row
  size_t example_count;
} ws_label_change;

/* All counts are of records with a vote. */
typedef struct ws_label_changes {
  uint64_t covered;       // those records
  uint64_t flipped;       // from one class to another
  uint64_t settled;       // from a tie to a class
  uint64_t lost;          // from a class to a tie
  ws_label_change *pairs; // [pair_count], the most frequent first, then by from and to
  size_t pair_count;
} ws_label_changes;

/* Both labels must be of these votes. Clear *out. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_label_changes_find(const ws_labels *from,
                                                const ws_labels *to,
                                                const ws_votes *votes,
                                                ws_label_changes *out);
WS_API void ws_label_changes_clear(ws_label_changes *changes);

WS_END_DECLS

#endif
