/* SPDX-License-Identifier: MIT
 *
 * Votes on some of the records.
 */
#ifndef WS_VOTES_PICK_H
#define WS_VOTES_PICK_H

#include <weaksup/votes.h>

/* Whether record i is one of them. */
typedef bool (*votes_in)(const void *user, size_t i);

/* The votes of the same LFs on the records that `in` says, in their order; NULL: on all.
 */
WS_CHECK ws_status votes_pick(const ws_votes *votes, const ws_task *task, votes_in in,
                              const void *user, ws_votes **out, ws_error *err);

/* With the votes themselves as `user`: whether record i has a gold label. */
bool votes_has_gold_at(const void *votes, size_t i);

#endif
