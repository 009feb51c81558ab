/* SPDX-License-Identifier: MIT
 *
 * --select-lfs: labeling functions that gold shows to be no better than chance are left
 * out. Their votes are taken out, as those of a quarantined LF are: they keep their names
 * and places, so that label models know them and pass over their votes later on.
 */
#ifndef WS_LF_SELECTION_H
#define WS_LF_SELECTION_H

#include <weaksup/gold.h>

#include "options.h"

typedef struct lf_selection {
  ws_gold_verdict *lfs; // [count]; NULL: nothing was asked for
  bool *left_out;       // [count]
  size_t count, left_out_count;
} lf_selection;

/* Judges the LFs of `votes` by the gold labels of `gold`. WS_EINVAL where none has one,
 * and where no LF that votes would be left. To be cleared whatever the status. */
WS_CHECK ws_status lf_selection_find(lf_selection *s, const ws_votes *votes,
                                     const ws_votes *gold, ws_error *err);
void lf_selection_clear(lf_selection *s);

/* Takes the votes of what is left out from *votes. */
WS_CHECK ws_status lf_selection_drop(const lf_selection *s, ws_votes **votes,
                                     ws_error *err);

/* A note for each LF that is left out. */
void lf_selection_say(const lf_selection *s, const ws_votes *votes, const options *o);

#endif
