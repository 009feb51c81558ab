/* SPDX-License-Identifier: MIT
 *
 * Which labeling function turned a label.
 */
#ifndef WS_RUN_DIFF_CAUSE_H
#define WS_RUN_DIFF_CAUSE_H

#include <weaksup/run_diff.h>

/* A record whose label is another one. */
typedef struct ws__flip {
  size_t before, after; // its patterns
  size_t row;           // of the votes after
  int32_t from, to;     // WS_ABSTAIN: no label
} ws__flip;

typedef struct ws__cause {
  int64_t lf;   // in the list of the difference; -1: none of them
  bool by_vote; // its vote is another one
} ws__cause;

WS_CHECK ws_status ws__flip_cause(const ws_run_diff *diff, const ws_run_side *before,
                                  const ws_run_side *after, const ws__flip *flip,
                                  ws__cause *out, ws_error *err);

#endif
