/* SPDX-License-Identifier: MIT
 *
 * A few records of each kind that people should look at: labels that are wrong, ties,
 * conflicts, records without votes. Which ones depends on their ids and the seed, and on
 * nothing else: not on the order of the records.
 */
#ifndef WEAKSUP_EXAMPLES_H
#define WEAKSUP_EXAMPLES_H

#include <weaksup/labels.h>

WS_BEGIN_DECLS

/* A record may be of several kinds. */
typedef enum ws_example_kind {
  WS_EXAMPLE_WRONG,     // the label is not the gold label
  WS_EXAMPLE_TIE,       // it has votes and no label
  WS_EXAMPLE_FLIP,      // majority vote gives another label
  WS_EXAMPLE_CONFLICT,  // its votes are for different classes
  WS_EXAMPLE_AGREED,    // it has votes, all for one class
  WS_EXAMPLE_UNCOVERED, // it has no vote
  WS_EXAMPLE_KINDS,
} ws_example_kind;

/* "wrong", "tie", "flip", "conflict", "agreed", "uncovered". */
WS_API const char *ws_example_kind_name(ws_example_kind kind);

typedef struct ws_example_set {
  uint64_t count; // records of the kind
  size_t *rows;   // [picked] of the votes: a sample, but of WS_EXAMPLE_WRONG those with
                  // the surest labels, the surest first
  size_t picked;
} ws_example_set;

typedef struct ws_examples {
  ws_example_set kinds[WS_EXAMPLE_KINDS];
} ws_examples;

/* At most `most` records of each kind. `majority` are majority vote's labels of the same
 * votes. Clear *out. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_examples_pick(const ws_votes *votes, const ws_labels *labels,
                                           const ws_labels *majority, size_t most,
                                           uint64_t seed, ws_examples *out);
WS_API void ws_examples_clear(ws_examples *examples);

WS_END_DECLS

#endif
