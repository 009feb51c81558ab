/* SPDX-License-Identifier: MIT
 *
 * What a label model learned of each labeling function, beyond its accuracy: parameters,
 * near duplicates, and how far the accuracy would move with another sample of records.
 */
#ifndef WEAKSUP_LF_REPORT_H
#define WEAKSUP_LF_REPORT_H

#include <weaksup/label_model.h>

WS_BEGIN_DECLS

/* --- parameters --------------------------------------------------------------------- */

typedef enum ws_lift_clamp {
  WS_LIFT_FREE,
  WS_LIFT_LOW,  // held at its least, 2: it looks no better than chance
  WS_LIFT_HIGH, // held at its greatest, 30
} ws_lift_clamp;

/* Of the votes of one LF for one class. */
typedef struct ws_lf_parameters {
  uint64_t votes;
  double accuracy; // mean posterior of the class over these votes, before tempering
  double lift;     // how much likelier the vote is where the class is right; NaN for
                   // kinds other than lift
  double omega;    // what a vote counts: below 1 where another LF nearly repeats it; NaN
                   // for kinds that count each vote
  ws_lift_clamp clamp;
  uint64_t gold_votes, gold_right; // of the gold that went into the fit
} ws_lf_parameters;

/* False where LF j never voted for class k. */
WS_API bool ws_label_model_parameters(const ws_label_model *model, size_t j, size_t k,
                                      ws_lf_parameters *out);

/* Which priors changed next to nothing: idle[M], true where LF j was given one and its
 * accuracy is within 0.005 of what it is where nobody gives any. `model` was fitted to
 * the votes with the options; it takes another fit. */
WS_API WS_CHECK ws_status ws_idle_priors_find(const ws_label_model *model,
                                              const ws_votes *votes,
                                              const ws_label_model_options *options,
                                              bool *idle, ws_error *err);

/* --- near duplicates ---------------------------------------------------------------- */

/* LFs that vote for one class on nearly the same records: each with another of the group
 * on at least half of the records on which either does. */
typedef struct ws_duplicate_group {
  size_t label;
  const uint32_t *lfs; // [count] of the votes, in the model's order
  size_t count;        // at least 2
  uint64_t fewest;     // votes for the class of the LF that has fewest
  double effective;    // what their votes are worth together, between 1 and count: the
                       // sum of omega. Kind lift counts them so
} ws_duplicate_group;

typedef struct ws_duplicate_groups ws_duplicate_groups;

/* The groups of the votes that the model was fitted on, by class, then by their first
 * LF. Conditions as for ws_label_model_predict. */
WS_API WS_CHECK ws_status ws_duplicate_groups_find(const ws_label_model *model,
                                                   const ws_votes *votes,
                                                   ws_duplicate_groups **out,
                                                   ws_error *err);
WS_API void ws_duplicate_groups_free(ws_duplicate_groups *groups);
WS_API size_t ws_duplicate_groups_count(const ws_duplicate_groups *groups);
WS_API const ws_duplicate_group *ws_duplicate_groups_at(const ws_duplicate_groups *groups,
                                                        size_t i);

/* --- intervals ---------------------------------------------------------------------- */

/* How far the learned accuracies move from sample to sample: 95 % percentile intervals of
 * a bootstrap over the vote patterns (B. Efron: Bootstrap methods, 1979), the model being
 * fitted again to each sample. This is sampling error only. That the LFs are not
 * independent, or the balance is not known, moves the estimates more, and the interval
 * knows nothing of it: where there is gold, prefer ws_binomial_interval. */
typedef struct ws_lf_intervals ws_lf_intervals;

/* `options` are those of the fit; NULL: the defaults. Their progress is told of rounds
 * ("intervals"), not of the fits; WS_ESTOPPED where it says so. The samples are drawn
 * with a fixed seed, pattern by pattern, and depend neither on the order of the LFs and
 * records nor on the number of threads. 100 rounds, or fewer (at least 40) where they
 * would take more than a tenth of a second or so, by the size of the votes; none where 40
 * would. */
WS_API WS_CHECK ws_status ws_lf_intervals_find(const ws_label_model *model,
                                               const ws_votes *votes,
                                               const ws_label_model_options *options,
                                               ws_lf_intervals **out, ws_error *err);
WS_API void ws_lf_intervals_free(ws_lf_intervals *intervals);
WS_API unsigned ws_lf_intervals_rounds(const ws_lf_intervals *intervals); // 0: none
/* Of the accuracy of LF j; both NaN where there were no rounds, or it voted in fewer than
 * half of them. */
WS_API ws_interval ws_lf_intervals_at(const ws_lf_intervals *intervals, size_t j);

WS_END_DECLS

#endif
