/* SPDX-License-Identifier: MIT
 *
 * Selecting labeling functions (LFs) among candidates: which are better than their class
 * is frequent, which say what others say already, which make the labels better, and
 * whether all of them together do.
 *
 * It is lift over the class prior that counts, not accuracy: where nine records in ten
 * are of one class, an LF that always votes for it is right nine times in ten and says
 * nothing.
 */
#ifndef WEAKSUP_LF_SELECTION_H
#define WEAKSUP_LF_SELECTION_H

#include <weaksup/classifier.h>
#include <weaksup/dependence.h>
#include <weaksup/hash.h>
#include <weaksup/label_model.h>
#include <weaksup/run_diff.h>
#include <weaksup/training.h>

WS_BEGIN_DECLS

typedef enum ws_lf_tier {
  WS_LF_ACCEPTED,
  WS_LF_UNPROVEN, // too few votes on dev to tell
  WS_LF_REJECTED,
} ws_lf_tier;

/* "accepted", "unproven", "rejected". */
WS_API const char *ws_lf_tier_name(ws_lf_tier tier);

/* In the order in which it is decided. */
typedef enum ws_lf_verdict_reason {
  WS_LF_NO_REASON = 0,    // accepted: "accepted"
  WS_LF_NO_LIFT,          // rejected: for some class its precision is not above the
                          // prior by delta, and that is certain
  WS_LF_SILENT,           // unproven: no vote on a record of dev with gold
  WS_LF_UNDECIDED,        // unproven: its intervals hold prior + delta, or it has too few
                          // votes for any class
  WS_LF_MODEL_NO_LIFT,    // rejected, without dev: by the label model's estimate
  WS_LF_DUPLICATE_SOURCE, // rejected: another LF is made of the same
  WS_LF_DUPLICATE_VOTES,  // rejected: another LF has nearly the same votes
  WS_LF_NO_GAIN,          // rejected: labels are no better with it
  WS_LF_BEYOND_MOST,      // rejected: max_lfs are taken
  WS_LF_VERDICT_REASONS
} ws_lf_verdict_reason;

/* "accepted", "no_lift", "silent_on_dev", "undecided", "model_no_lift",
 * "duplicate_source", "duplicate_votes", "no_gain", "beyond_most". */
WS_API const char *ws_lf_verdict_reason_name(ws_lf_verdict_reason reason);

/* Votes of the same records: `candidates` [C LFs] and, or NULL, `existing` ones, whose
 * names are others. The rows of both must be the same. All borrowed for the call. */
typedef struct ws_selection_votes {
  const ws_votes *candidates;
  const ws_votes *existing;
} ws_selection_votes;

typedef struct ws_selection_options {
  double delta;         // lift that is asked for over the prior, 0 or more; default 0.05.
                        // Of a class whose prior p leaves less room: half of 1 - p
  double confidence;    // of the intervals; default 0.95
  const double *prior;  // [K] the class prior, if it is known; NULL: the shares in dev's
                        // gold, whose own interval counts, or without dev the label
                        // model's
  const bool *targeted; // [rows of dev] records that were chosen for what votes on them
                        // or is unsure about them: precision counts them, the prior and
                        // the balance of the classes do not. NULL: none; where all are,
                        // the prior has nothing else and counts them
  const uint64_t *counts; // [K] records of each class in a fair sample, where there are
                          // more than dev's, as when a part of them was shown to an
                          // author; NULL: those of dev that are not targeted
  size_t least_votes;     // for a class, on dev; fewer prove nothing. Default 3
  double jaccard;         // of the votes, from which on LFs are duplicates; default
                          // 0.95
  const ws_hash128 *sources; // [C] candidates with the same one are the same, unless it
                             // is zero (ws_vet_verdict.source); NULL: not known
  size_t max_lfs;            // accepted ones at most; 0, the default: any number
  bool include_unproven;     // they may be taken, too; default false
  double least_gain;         // that an LF must bring, in nats a record of dev. NaN, the
                             // default: any; and of one that is accepted for its lift
                             // the loss may rise by 2 nats over all records, as chance
                             // does (measured: strictness costs coverage and accuracy)
  const ws_label_model_options *label_model; // how it is fitted; no gold. NULL: default
  ws_progress_sink progress;                 // "selecting", in LFs
} ws_selection_options;

WS_API ws_selection_options ws_selection_options_default(void);

/* What dev says of the votes of one candidate for one class. */
typedef struct ws_class_lift {
  uint64_t votes, right; // on records with gold
  double prior, needed;  // the class prior, and what precision must be above
  ws_interval precision; // Wilson's; both NaN without votes
  ws_interval certain;   // the same, wider by what is unknown of the prior (Newcombe's
                         // interval of the difference, put around the prior), and at the
                         // lower end by the number of classes that the candidate votes
                         // for (Bonferroni): the needed one is compared with this
  ws_lf_tier tier;
} ws_class_lift;

typedef struct ws_lf_choice {
  ws_lf_tier tier;
  ws_lf_verdict_reason reason;
  bool chosen;          // it is among the LFs that the selection takes: those that are
                        // accepted, and with include_unproven the unproven that help
  int32_t label;        // the class that it votes for most, on the pool
  size_t rank;          // chosen: it was taken as the so many-th, from 0
  const char *evidence; // one line that says why, with the figures
  const char *duplicate_of;      // the name of the LF that it repeats, or NULL
  double jaccard;                // with that one
  uint64_t pool_votes;           // on the pool
  uint64_t dev_votes, dev_right; // on records of dev with gold
  const ws_class_lift *lifts;    // [K]; votes 0: it never voted for the class there.
                                 // NULL without dev
  double estimated; // the label model's estimate of its accuracy, beside all others; NaN
                    // where it never voted
  double gain; // how much the loss fell when it was taken, or would fall at the end; NaN:
               // it did not come so far
} ws_lf_choice;

typedef struct ws_lf_selection ws_lf_selection;

/* Judges and selects. `dev` NULL: there is no gold, so that all rests on the label
 * model's estimates (ws_lf_selection_validated is false). Its records may not be any that
 * an author of candidates was shown (dev_split.h).
 *
 * Redundancy is decided on the pool: the existing one stays, else the better one by tier,
 * lift and votes. Then LFs are taken one by one, the one first that lowers the loss of
 * the labels most: the log-loss on dev of a label model fitted on the pool, in whose fit
 * the gold of other parts of dev helps; without dev the cross-entropy to the labels by
 * all that are left. With max_lfs a class takes its share of them before others get more.
 * WS_EINVAL where rows, classes or names do not fit, or dev is given and
 * no record of it has gold. */
WS_API WS_CHECK ws_status ws_lf_select(const ws_selection_votes *pool,
                                       const ws_selection_votes *dev,
                                       const ws_selection_options *options,
                                       ws_lf_selection **out, ws_error *err);
WS_API void ws_lf_selection_free(ws_lf_selection *selection);

/* C, and the choice on candidate j, in the order of the pool's candidates. */
WS_API size_t ws_lf_selection_count(const ws_lf_selection *selection);
WS_API const ws_lf_choice *ws_lf_selection_at(const ws_lf_selection *selection, size_t j);
WS_API size_t ws_lf_selection_chosen(const ws_lf_selection *selection); // how many
/* False: there was no dev set, and nothing but the label model's estimates. */
WS_API bool ws_lf_selection_validated(const ws_lf_selection *selection);
/* The class prior that lift is over, [K]. */
WS_API const double *ws_lf_selection_prior(const ws_lf_selection *selection);
/* The loss before anything was taken, and in the end. */
WS_API double ws_lf_selection_loss_before(const ws_lf_selection *selection);
WS_API double ws_lf_selection_loss_after(const ws_lf_selection *selection);

/* The votes of the existing LFs and of the candidates for which keep[j], in this order;
 * keep NULL: of all. `votes` may be those of the pool or of dev. WS_EINVAL as above. */
WS_API WS_CHECK ws_status ws_selection_join(const ws_selection_votes *votes,
                                            const bool *keep, ws_votes **out,
                                            ws_error *err);

/* --- what depends on one another ---------------------------------------------------- */

/* Pairs of the pool's LFs, existing ones first, that agree beyond what the label model of
 * all of them explains. The class balance is that of `label_model`, else dev's (NULL: not
 * known) without the `targeted` rows. WS_EINVAL as above. */
WS_API WS_CHECK ws_status ws_selection_dependence(
    const ws_selection_votes *pool, const ws_selection_votes *dev, const bool *targeted,
    const ws_label_model_options *label_model, ws_dependent_pairs **out, ws_error *err);

/* --- end to end --------------------------------------------------------------------- */

/* Predictions of the records of dev with gold, without the new LFs and with them. */
typedef struct ws_selection_effect {
  ws_scores before, after;
  ws_paired accuracy; // after - before, over records; interval by the bootstrap
  ws_paired log_loss; // before - after: above 0 is better
} ws_selection_effect;

/* Of the label model: fitted on the pool without candidates and with those kept. A record
 * without votes counts as predicted by the class prior, which is right where the record
 * is of the most frequent class; without existing LFs that is all there is before.
 * `keep` as in ws_selection_join; `targeted` [rows of dev] (NULL: none) are not measured
 * on unless all are, as they are no fair sample. */
WS_API WS_CHECK ws_status ws_selection_effect_on_labels(
    const ws_selection_votes *pool, const ws_selection_votes *dev, const bool *keep,
    const bool *targeted, const ws_label_model_options *label_model, uint64_t seed,
    ws_selection_effect *out, ws_error *err);

/* Of the classifier that is trained on these labels. Row i of `features` is row i of the
 * pool's votes; `records` are those of dev's votes, in their order. Without existing LFs
 * nothing can be trained before: its predictions are the class prior. */
WS_API WS_CHECK ws_status ws_selection_effect_on_classifier(
    const ws_selection_votes *pool, const ws_selection_votes *dev, const bool *keep,
    const bool *targeted, ws_features *features, const ws_records *records,
    const ws_training_options *training, uint64_t seed, ws_selection_effect *out,
    ws_error *err);

/* --- what to label next ------------------------------------------------------------- */

/* The rows of the pool whose gold labels would decide most: chosen one by one so that
 * each unproven candidate gets votes on up to `enough` of them. rows[most]; returns how
 * many through *count. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_lf_selection_ask(const ws_lf_selection *selection,
                                              const ws_votes *candidates, size_t most,
                                              size_t enough, size_t *rows, size_t *count);

WS_END_DECLS

#endif
