/* SPDX-License-Identifier: MIT
 *
 * Which records are worth a second, dearer opinion: those on which votes disagree, and
 * those of whose label the label model is not sure.
 */
#ifndef WEAKSUP_CASCADE_H
#define WEAKSUP_CASCADE_H

#include <weaksup/labels.h>

WS_BEGIN_DECLS

/* Writes into rows[N] the records whose largest probability is below `below`, or on which
 * votes of different classes meet, the least sure first (equally sure ones as they
 * stand); `labels` must come from these votes, and `below` is from 0 (none) to 1. *count
 * receives how many there are. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_cascade_choose(const ws_votes *votes,
                                            const ws_labels *labels, double below,
                                            size_t *rows, size_t *count);

WS_END_DECLS

#endif
