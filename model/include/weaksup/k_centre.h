/* SPDX-License-Identifier: MIT
 *
 * A few texts that stand for many: as different from one another as possible, none of the
 * others far from all of them.
 */
#ifndef WEAKSUP_K_CENTRE_H
#define WEAKSUP_K_CENTRE_H

#include <weaksup/votes.h>

WS_BEGIN_DECLS

/* Chooses up to `most` of texts[count]: the greedy solution of the k-centre problem
 * (Teofilo Gonzalez: Clustering to minimize the maximum intercluster distance, 1985). The
 * distance is 1 minus the cosine of tf-idf vectors of lower-case words. Each next text is
 * the one that is farthest from those chosen before, ties going to the lower index; the
 * first is the one nearest to the mean, unless there are such before it.
 *
 * `passed` [count] (NULL: none) are texts that were chosen earlier: they are not chosen
 * again, and others keep away from them. Texts without a word, and those that say with
 * the same words what a chosen one says, are not chosen, so that it may be fewer.
 * rows[most] in the order of choice; *chosen how many. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_k_centre(const ws_text *texts, size_t count,
                                      const bool *passed, size_t most, size_t *rows,
                                      size_t *chosen);

/* The same among the records that no LF votes on; texts[N] and passed[N] (not NULL) are
 * those of the records of the votes. */
WS_API WS_CHECK ws_status ws_k_centre_uncovered(const ws_votes *votes,
                                                const ws_text *texts, const bool *passed,
                                                size_t most, size_t *rows,
                                                size_t *chosen);

WS_END_DECLS

#endif
