/* SPDX-License-Identifier: MIT
 *
 * What is counted in some votes before a fit, once for all that ask.
 */
#ifndef WS_VOTE_COUNTS_H
#define WS_VOTE_COUNTS_H

#include <weaksup/votes.h>

typedef struct ws__vote_counts {
  size_t M, K;
  uint64_t *columns; // [M][K] votes of each LF for each class
  uint64_t rows, covered, votes;
  uint64_t overlaps; // records with two or more votes
} ws__vote_counts;

/* Fills `counts`, to be cleared whatever the status. */
WS_CHECK ws_status ws__vote_counts_init(ws__vote_counts *counts, const ws_votes *votes);
void ws__vote_counts_clear(ws__vote_counts *counts);

#endif
