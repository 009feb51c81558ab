/* SPDX-License-Identifier: MIT
 *
 * What changed between two fits of the same task: votes, labels, and which labeling
 * function turned a label. Records are matched by their ids.
 */
#ifndef WEAKSUP_RUN_DIFF_H
#define WEAKSUP_RUN_DIFF_H

#include <weaksup/label_model.h>
#include <weaksup/metrics.h>

WS_BEGIN_DECLS

/* One of the two; all borrowed until the difference is freed. */
typedef struct ws_run_side {
  const ws_votes *votes;
  const ws_label_model *model;
  const ws_labels *labels; // of the votes, by the model
} ws_run_side;

/* What a labeling function does otherwise, on the records that both runs have. */
typedef struct ws_lf_diff {
  ws_text lf;
  bool before, after;     // whether the run has it
  uint64_t votes_before;  // on records of both
  uint64_t votes_after;   //
  uint64_t gained;        // voted only after
  uint64_t lost;          // voted only before
  uint64_t changed;       // voted for another class
  uint64_t flips;         // labels that it turned more than any other
  uint64_t flips_by_vote; // of them: its own vote is another one; else its weight is
} ws_lf_diff;

enum { WS_FLIP_EXAMPLES = 3 };

/* Labels that were `from` and are `to`; WS_ABSTAIN: none. */
typedef struct ws_label_flip {
  int32_t from, to;
  uint64_t records;
  size_t examples[WS_FLIP_EXAMPLES]; // rows of the votes after; the first ones
} ws_label_flip;

typedef struct ws_run_diff {
  uint64_t records;           // of both
  uint64_t only_before;       // records that only the run before has
  uint64_t only_after;        //
  uint64_t flipped;           // labels that are others
  uint64_t flipped_otherwise; // of them: turned by the class balance or the tempering, or
                              // the models are of kinds that cannot be compared
  ws_lf_diff *lfs;            // [lf_count] those of the run before in its order, then the
  size_t lf_count;            // added ones
  ws_label_flip *flips;       // [flip_count] the most frequent first
  size_t flip_count;
  size_t *rows_before, *rows_after; // [records] the rows of the votes that are one record
} ws_run_diff;

/* WS_EINVAL where the classes are others, or no record is in both. */
WS_API WS_CHECK ws_status ws_run_diff_new(const ws_run_side *before,
                                          const ws_run_side *after, ws_run_diff **out,
                                          ws_error *err);
WS_API void ws_run_diff_free(ws_run_diff *diff);

/* --- scores that are paired --------------------------------------------------------- */

/* The mean of `differences` [n] and its 95 % interval by the bootstrap over records
 * (Efron 1979: percentiles of 1000 samples drawn with `seed`). All NaN where n is 0. */
typedef struct ws_paired {
  double mean, low, high;
} ws_paired;
WS_API WS_CHECK ws_status ws_paired_interval(const double *differences, size_t n,
                                             uint64_t seed, ws_paired *out);

/* How right a prediction is: 1, 0, or 1/t of the t classes that tie; an uncovered one 1/K
 * (metrics.h). */
WS_API double ws_prediction_right(const double *probs, size_t classes, bool covered,
                                  int32_t gold);
/* The same of each record with gold, in their order. */
WS_API void ws_labels_right(const ws_labels *labels, const ws_votes *votes, double *out);

/* Two predictions of the same records, before and after; records are added one by one. */
typedef struct ws_comparison ws_comparison;
WS_API WS_CHECK ws_status ws_comparison_new(size_t classes, ws_comparison **out);
WS_API void ws_comparison_free(ws_comparison *comparison);

/* As ws_scorer_add; those without gold do not count. WS_ENOMEM. */
WS_API WS_CHECK ws_status ws_comparison_add(ws_comparison *comparison,
                                            const double *before, bool covered_before,
                                            const double *after, bool covered_after,
                                            int32_t gold);

/* The scores, and their differences, after minus before, with intervals as
 * ws_paired_interval has them: all of the same samples of records. */
typedef struct ws_compared {
  ws_scores before, after;
  ws_paired accuracy, macro_f1, log_loss;
} ws_compared;
WS_API WS_CHECK ws_status ws_comparison_result(const ws_comparison *comparison,
                                               uint64_t seed, ws_compared *out);

WS_END_DECLS

#endif
