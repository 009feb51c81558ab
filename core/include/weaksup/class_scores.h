/* SPDX-License-Identifier: MIT
 *
 * Votes from the class scores of another model: a zero-shot encoder, an NLI
 * cross-encoder, the head of a fine-tuned one. It becomes one labeling function (LF), or
 * several: one for each range of its score, so that a label model learns how right it is
 * in each.
 *
 * The scores of a record are K numbers from 0 to 1, which need not sum to 1 (scores of
 * independent questions do not). The class is the one with the largest score; where two
 * lead (WS_TIE) there is no vote.
 */
#ifndef WEAKSUP_CLASS_SCORES_H
#define WEAKSUP_CLASS_SCORES_H

#include <weaksup/reader.h>
#include <weaksup/votes.h>

WS_BEGIN_DECLS

#define WS_SCORE_BINS    64
#define WS_SCORE_DEFAULT 0.5 // more than all other classes together, where they sum to 1

typedef struct ws_score_options {
  const char *name;         // of the LF; NULL: the file's name without folder and ending,
                            // "scores" for standard input
  const double *thresholds; // [K] the vote is cast where the score is at least this much;
                            // NULL: WS_SCORE_DEFAULT of each class, with bins 0. Borrowed
  size_t bins;              // 0: one LF. Otherwise as many LFs NAME_LOW-HIGH, at most
                            // WS_SCORE_BINS, with about as many records each: the edges
                            // are quantiles of the scores, from the lowest threshold on,
                            // rounded to as few decimals as keep them apart. Fewer LFs
                            // where scores repeat
  double edges[WS_SCORE_BINS + 1]; // ascending, 0 .. 1; with edge_count above 0 these are
  size_t edge_count; // the bins: [e0, e1), [e1, e2), ..., the last one up to
                     // and with 1, which is added where it is not there;
                     // below e0 there is no vote. In place of `bins`
  bool softmax;      // the scores are logits: any numbers, of which the softmax is taken
  bool missing_abstain; // a record of the data without scores: an abstain, not an error
  bool unknown_skip;    // scores of an id that the data has not: left out, not an error
  ws_reader_options reader; // of the data: its format, what to do about bad records, ...
} ws_score_options;

WS_API ws_score_options ws_score_options_default(void);

typedef struct ws_score_report {
  uint64_t records;       // of the data
  uint64_t voted;         // with a vote
  uint64_t below, tied;   // without: the score is below the threshold; two classes lead
  uint64_t missing;       // without scores
  uint64_t unknown;       // scores without a record
  uint64_t distributions; // scores of a record that are not negative and sum to 1
  bool by_id;             // false: by their order
  size_t bins;            // LFs
  double edges[WS_SCORE_BINS + 1]; // [bins + 1] where there are bins
} ws_score_report;

/* Reads scores and data, and makes votes with the ids, the gold labels and the rows of
 * the data.
 *
 * A file that ends in .npy is a matrix [N][K], a row for each record of the data in their
 * order. Any other is read as ws_reader_open does: JSON Lines with "scores" or "probs",
 * an object {CLASS: score} (a class that is not in it has 0, but for logits) or a list of
 * K, in the order of the classes, or in that of a list "labels" of class names beside it;
 * or CSV with a column for each class, under its name or p_NAME. Its records are told by
 * the id field of the task, or by "id"; where none has one, by their order. Ids of the
 * data are those that the task names, as everywhere.
 *
 * WS_EPARSE, naming file and line: no scores, an unknown class, what is no number, NaN, a
 * number below 0 or above 1 (which without `softmax` are taken for logits); ids that
 * occur twice, that the data has not, or that have no scores: the first ones are named.
 * *report is filled on success; NULL: not wanted. */
WS_API WS_CHECK ws_status ws_votes_from_scores(const char *path, const char *data,
                                               const ws_task *task,
                                               const ws_score_options *options,
                                               ws_votes **out, ws_score_report *report,
                                               ws_error *err);

WS_END_DECLS

#endif
