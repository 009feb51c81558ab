/* SPDX-License-Identifier: MIT
 *
 * What the gold labels of a dev set say about labeling functions: counts, which a label
 * model takes beside the votes.
 */
#ifndef WEAKSUP_GOLD_H
#define WEAKSUP_GOLD_H

#include <weaksup/votes.h>

WS_BEGIN_DECLS

typedef struct ws_gold ws_gold;

/* Counts the votes of `dev` against its gold labels, for the LFs of `votes`; they are
 * found by name, and LFs that only `dev` has are left out. WS_EINVAL where the classes
 * differ or no record of `dev` has a gold label. */
WS_API WS_CHECK ws_status ws_gold_count(const ws_votes *votes, const ws_votes *dev,
                                        ws_gold **out, ws_error *err);
/* The same, and the rows of dev for which targeted[row] are no fair sample, as they were
 * chosen for what votes on them, or is unsure about them: they count for what LFs are
 * worth, and not for the balance of the classes. NULL: none; where all with gold are, the
 * balance has nothing else and counts them. */
WS_API WS_CHECK ws_status ws_gold_count_fair(const ws_votes *votes, const ws_votes *dev,
                                             const bool *targeted, ws_gold **out,
                                             ws_error *err);
WS_API void ws_gold_free(ws_gold *gold);

WS_API uint64_t ws_gold_rows(const ws_gold *gold);                 // with a gold label
WS_API uint64_t ws_gold_class_rows(const ws_gold *gold, size_t k); // whose gold is k
/* How often LF j voted for class k on them, and how often it was right. */
WS_API uint64_t ws_gold_votes(const ws_gold *gold, size_t j, size_t k);
WS_API uint64_t ws_gold_right(const ws_gold *gold, size_t j, size_t k);

/* The class balance that the gold suggests: (d_k + m) / (n_d + m K), m = 20 (K - 1),
 * for d_k of n_d records that are not targeted, into balance[K]. So thirty records hardly
 * move it from uniform.
 */
WS_API void ws_gold_balance(const ws_gold *gold, double *balance);

/* --- choosing LFs ------------------------------------------------------------------- */

enum { WS_GOLD_LEAST_VOTES = 5 }; // fewer say too little about an LF

/* What gold says of one LF, over its votes for all classes. */
typedef struct ws_gold_verdict {
  uint64_t votes, right;
  double at_most; // upper end of the exact 95 % interval of its accuracy; NaN: no votes
  double chance; // what it would have right if gold had nothing to do with its votes: the
                 // mean over them of the share of gold rows that have the class. NaN: no
                 // votes
  bool no_better; // it has votes enough, and at_most does not exceed chance
} ws_gold_verdict;

/* Of LF j. */
WS_API ws_gold_verdict ws_gold_judge(const ws_gold *gold, size_t j);

WS_END_DECLS

#endif
