/* SPDX-License-Identifier: MIT
 *
 * Which records to label by hand next: those whose labels would tell most, and not two
 * that are nearly the same.
 *
 * The choice takes three steps, so that texts of a million records need not be in memory:
 * ws_active_new looks at votes and labels, ws_active_shortlist names the few records
 * whose texts are wanted, ws_active_choose picks among them, greedily. The same records
 * are chosen in whatever order they come: ties are broken by a hash of the id.
 *
 * B. Settles: Active learning literature survey, 2009, has margin and entropy; the
 * disagreement is the vote entropy of I. Dagan, S. Engelson: Committee-based sampling for
 * training probabilistic classifiers, 1995, the LFs being the committee.
 */
#ifndef WEAKSUP_ACTIVE_H
#define WEAKSUP_ACTIVE_H

#include <weaksup/labels.h>

WS_BEGIN_DECLS

typedef enum ws_active_by {
  WS_ACTIVE_MIX,      // the last four in turn: evidence, entropy, disagreement, diverse
  WS_ACTIVE_MARGIN,   // 1 minus how much the first class leads the second
  WS_ACTIVE_EVIDENCE, // the LFs that vote on it have few gold votes: the sum over them
                      // of coverage / (1 + gold votes); a record that is chosen
                      // counts as a gold vote for the choice of the next
  WS_ACTIVE_ENTROPY,  // of the distribution over the classes, of log K
  WS_ACTIVE_DISAGREEMENT, // entropy of the votes, of log K
  WS_ACTIVE_DIVERSE,      // its words are not those of the records chosen before
  WS_ACTIVE_KINDS
} ws_active_by;

/* "mix", "margin", ...; false for other names. */
WS_API const char *ws_active_by_name(ws_active_by by);
WS_API bool ws_active_by_find(ws_text name, ws_active_by *out);

typedef struct ws_active_options {
  ws_active_by by;            // default WS_ACTIVE_MIX
  size_t count;               // how many to choose, 1 or more; default 20
  uint64_t seed;              // of the hash that breaks ties; default 0
  const uint64_t *gold_votes; // [M] of each LF, or NULL: none. Borrowed
} ws_active_options;

WS_API ws_active_options ws_active_options_default(void);

typedef struct ws_active ws_active;

/* Votes and labels are borrowed; `labels` must come from these votes. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_active_new(const ws_votes *votes, const ws_labels *labels,
                                        const ws_active_options *options,
                                        ws_active **out);
WS_API void ws_active_free(ws_active *active);

/* The record is labelled already: it is not chosen, and is a gold vote for each LF that
 * votes on it, unless options->gold_votes knows of more. */
WS_API void ws_active_leave_out(ws_active *active, size_t row);
/* The record has a distribution of its own, [K], such as a classifier's; without one it
 * has that of its votes. Copied. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_active_probs(ws_active *active, size_t row,
                                          const double *probs);

/* The records, ascending, that may be chosen: some thousands. Afterwards no more of the
 * above. The rows are the object's. */
WS_API WS_CHECK ws_status ws_active_shortlist(ws_active *active, const size_t **rows,
                                              size_t *count);
/* The text of a record; of one that is not on the list nothing is kept. Without texts
 * records are taken to be all different. */
WS_API WS_CHECK ws_status ws_active_text(ws_active *active, size_t row, ws_text text);

typedef struct ws_active_pick {
  size_t row;
  ws_active_by by; // of a mix, whose turn it was
  double score;    // 0 .. 1; of evidence: the part of all that is wanting
  int64_t lf;      // of evidence: the LF whose evidence is wanting most, else -1
} ws_active_pick;

/* Picks: the score, divided by one more than the records of the same vote pattern that
 * are chosen already (unless the distribution is the record's own), times the distance (1
 * minus Jaccard's similarity of the words) from the nearest chosen one. Records that
 * share 80 % of their words with a chosen one are passed over, and those whose score is
 * 0, so that it may be fewer than asked for. In the order of choice; the object's. */
WS_API WS_CHECK ws_status ws_active_choose(ws_active *active, const ws_active_pick **out,
                                           size_t *count);

/* Draws records by chance among those that `may` ([rows of the votes]; NULL: all) allows,
 * at most `most`: into rows[0 .. *count), in the order in which they were drawn. The same
 * records are drawn in whatever order they come, and the first ones of a larger draw are
 * those of a smaller one. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_active_draw(const ws_votes *votes, const bool *may,
                                         uint64_t seed, size_t most, size_t *rows,
                                         size_t *count);

WS_END_DECLS

#endif
