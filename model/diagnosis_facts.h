/* SPDX-License-Identifier: MIT
 *
 * What a diagnosis rests on: counts over votes, gold and labels.
 */
#ifndef WS_DIAGNOSIS_FACTS_H
#define WS_DIAGNOSIS_FACTS_H

#include <weaksup/labels.h>

typedef struct ws__facts {
  size_t M, K;
  uint64_t records, covered, overlapped; // the last with two or more votes
  size_t active;                         // LFs that vote
  uint64_t *cast;                        // [M][K] votes
  uint64_t *votes;                       // [M]
  size_t *polarity;                      // [M] classes that it votes for
  uint64_t *shared;                      // [M] records on which another votes too
  uint64_t *backed; // [M][K] of its votes for k: where most of the others vote for k, too
  uint64_t *against;     // [M][K] and where most of the others do not
  uint64_t *class_votes; // [K] records with a vote for the class
  uint32_t *part;        // [M] the first LF of those linked with it by common records
  bool has_dev;          // gold is not that of the votes themselves
  uint64_t gold_rows;    // records with gold, of which
  uint64_t *gold_class;  // [K] of the class
  uint64_t *gold_cast;   // [M][K] votes on them
  uint64_t *gold_right;  // [M][K] and right ones
  double *labeled;       // [K] mean over the covered records of the labels,
  double *voted;         // [K] of the shares of the votes
} ws__facts;

/* To be cleared whatever the status; `gold` may be NULL. */
WS_CHECK ws_status ws__facts_gather(ws__facts *facts, const ws_votes *votes,
                                    const ws_labels *labels, const ws_votes *gold);
void ws__facts_clear(ws__facts *facts);

#endif
