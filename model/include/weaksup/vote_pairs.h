/* SPDX-License-Identifier: MIT
 *
 * Where labeling functions meet: for each two of them the records on which both vote, and
 * those on which they vote for different classes. Counted over vote patterns.
 */
#ifndef WEAKSUP_VOTE_PAIRS_H
#define WEAKSUP_VOTE_PAIRS_H

#include <weaksup/votes.h>

WS_BEGIN_DECLS

/* Two LFs by their places, a < b, and in how many records they meet. */
typedef struct ws_vote_pair {
  size_t a, b;
  uint64_t both;   // records on which both vote
  uint64_t differ; // of them: for different classes
  uint64_t either; // records on which one of them votes, or both
} ws_vote_pair;

typedef struct ws_vote_pairs ws_vote_pairs;

/* A matrix has at most `most` places. Where there are more LFs, those are taken that are
 * in conflict with others on most records, then those that vote on most, then the first.
 * WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_vote_pairs_find(const ws_votes *votes, size_t most,
                                             ws_vote_pairs **out);
WS_API void ws_vote_pairs_free(ws_vote_pairs *pairs);

WS_API size_t ws_vote_pairs_count(const ws_vote_pairs *pairs); // places
/* The LF at a place; they stand in the order of the votes. */
WS_API size_t ws_vote_pairs_lf(const ws_vote_pairs *pairs, size_t place);
/* Records on which it votes. */
WS_API uint64_t ws_vote_pairs_votes(const ws_vote_pairs *pairs, size_t place);
/* The pair of two places, in either order. */
WS_API ws_vote_pair ws_vote_pairs_at(const ws_vote_pairs *pairs, size_t a, size_t b);

typedef enum ws_vote_pairs_order {
  WS_PAIRS_BY_CONFLICT, // the most records with different votes first; those without a
                        // conflict are left out
  WS_PAIRS_BY_OVERLAP,  // the largest both / either first; those that never meet are left
                        // out
} ws_vote_pairs_order;

/* The first `most` pairs in that order, of equal ones the one with the lower places:
 * out[most]; returns how many there are. */
WS_API size_t ws_vote_pairs_first(const ws_vote_pairs *pairs, ws_vote_pairs_order order,
                                  size_t most, ws_vote_pair *out);

WS_END_DECLS

#endif
