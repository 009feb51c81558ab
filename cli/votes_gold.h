/* SPDX-License-Identifier: MIT
 *
 * Votes with gold labels that their records did not carry.
 */
#ifndef WS_VOTES_GOLD_H
#define WS_VOTES_GOLD_H

#include <weaksup/votes.h>

/* A copy of the votes in which record i has gold[i], a class or WS_ABSTAIN. */
WS_CHECK ws_status votes_with_gold(const ws_votes *votes, const int32_t *gold,
                                   const ws_task *task, ws_votes **out, ws_error *err);

#endif
