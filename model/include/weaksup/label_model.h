/* SPDX-License-Identifier: MIT
 *
 * Label models: from votes to probabilistic labels.
 *
 * A label model estimates from agreements and disagreements alone how far each LF can be
 * trusted. It works on vote patterns with counts; records do not occur. Fitting and
 * predicting are deterministic: no seed, no restart, fixed order of every sum.
 *
 * The kinds with a confusion matrix for each LF are after A. P. Dawid, A. M. Skene:
 * Maximum likelihood estimation of observer error-rates using the EM algorithm, 1979;
 * docs/label-models.md tells what each kind makes of it, and its source.
 */
#ifndef WEAKSUP_LABEL_MODEL_H
#define WEAKSUP_LABEL_MODEL_H

#include <weaksup/gold.h>
#include <weaksup/labels.h>
#include <weaksup/metrics.h>
#include <weaksup/progress.h>
#include <weaksup/votes.h>

WS_BEGIN_DECLS

typedef struct ws_label_model ws_label_model;

typedef struct ws_label_model_options {
  const char *kind; // one of ws_label_model_kinds(); NULL: "auto"
  const double
      *class_balance;   // [K], each > 0, sum 1 within 1e-6: the known class balance, used
                        // in prediction only; NULL: unknown, taken as uniform or learned
  size_t class_count;   // K of class_balance
  bool balance_in_em;   // use the balance while fitting too, which mostly hurts. Kinds
                        // without EM do not look at it
  const double *priors; // [M], each above 0 and below 1, or 0: none. What the user takes
                        // the accuracy of an LF to be before any vote is seen; kinds
                        // that take none (ws_label_model_takes_priors) do not look at
                        // it. NULL: none at all
  size_t prior_count;   // M of priors
  const ws_gold *gold;  // what the dev set's gold says about the LFs of the votes, or
                        // NULL; kinds that take none do not look at it. Borrowed
  bool balance_from_gold;     // the class balance is the gold's (ws_gold_balance)
  bool gold_for_balance_only; // and the fit does not see the gold
  bool first_look;  // kind "lift" without its second look at LFs that mostly vote alone
                    // (docs/label-models.md)
  unsigned threads; // 0 (default): as many as there are processors. The model is the same
                    // to the byte whatever their number
  const ws_label_model *start; // NULL (default), or a model of the same kind and classes,
                               // fitted on much the same votes: the fit begins with its
                               // rates, by the names of the LFs, and takes fewer
                               // iterations to the same fixed point; the bytes are not
                               // those of a fit without it. Votes that are counted only
                               // (mv, weighted-mv) have no use for it
  ws_progress_sink progress;   // "fitting", in iterations
} ws_label_model_options;

WS_API ws_label_model_options ws_label_model_options_default(void);

/* The names that `kind` takes, for messages and completion; ends in NULL. */
WS_API const char *const *ws_label_model_kinds(void);
/* The same in a sentence: "auto, lift, ... or ebcc". Static. */
WS_API const char *ws_label_model_kinds_text(void);

/* Fits a model to the votes, of which it keeps nothing but names and counts. `options`
 * NULL: the defaults. WS_EINVAL for an unknown kind, and where the balance, the priors,
 * the gold or the model to start from do not fit the votes; WS_ESTOPPED where progress
 * says so. Not converging is no error. */
WS_API WS_CHECK ws_status ws_label_model_fit(const ws_votes *votes,
                                             const ws_label_model_options *options,
                                             ws_label_model **out, ws_error *err);
WS_API void ws_label_model_free(ws_label_model *model);

/* The posterior of every pattern of `votes`, which may be others than those of the fit.
 * Their classes must be the model's, and each of their LFs that votes must be one of the
 * model's, by name (order does not matter): WS_EINVAL with the first that is not.
 * Patterns without a vote get the class balance (uniform where it is unknown). */
WS_API WS_CHECK ws_status ws_label_model_predict(const ws_label_model *model,
                                                 const ws_votes *votes, ws_labels **out,
                                                 ws_error *err);
/* The same without the scale that gold labels gave, for a classifier to be trained on:
 * labels that are right about how sure they are make a worse teacher than cautious ones
 * (docs/training.md). */
WS_API WS_CHECK ws_status ws_label_model_targets(const ws_label_model *model,
                                                 const ws_votes *votes, ws_labels **out,
                                                 ws_error *err);
/* The same before tempering: the bare posterior of the model's formulas. */
WS_API WS_CHECK ws_status ws_label_model_predict_raw(const ws_label_model *model,
                                                     const ws_votes *votes,
                                                     ws_labels **out, ws_error *err);

/* The scores of label models on a dev set whose gold helps to fit them: its records are
 * dealt into `folds` parts (at least 2; at most as many as there are records with gold
 * are used), and each part is predicted by a model that was fitted to `votes` without the
 * gold of that part. options->gold only tells which records are targeted. Which part a
 * record is in depends on its votes and gold, not on the order of the records.
 *
 * How sure the posteriors should be shows in the same predictions: each part is scored
 * with the scale (docs/label-models.md) that suits the others best, and `model`, which
 * was fitted to the same votes and the gold of all of dev, gets the one that suits them
 * all. NULL: no model does. `right` NULL, or [records of dev with gold, in their order]:
 * how right each prediction is (ws_prediction_right, run_diff.h). */
WS_API WS_CHECK ws_status ws_label_model_cross_fit(const ws_votes *votes,
                                                   const ws_label_model_options *options,
                                                   const ws_votes *dev, size_t folds,
                                                   ws_label_model *model, double *right,
                                                   ws_scores *out, ws_error *err);

/* Why kind "auto" took the kind that it took, as a sentence with its figures; empty where
 * the kind was chosen. */
WS_API ws_text ws_label_model_why(const ws_label_model *model);
/* What the votes cannot tell and what the model rests on instead, as a sentence; empty
 * where there are enough LFs that vote on the same records. */
WS_API ws_text ws_label_model_note(const ws_label_model *model);
/* How many records with gold went into the fit. */
WS_API uint64_t ws_label_model_gold_rows(const ws_label_model *model);
/* Whether its kind uses priors, gold in the fit, a balance inside EM. */
WS_API bool ws_label_model_takes_priors(const ws_label_model *model);
WS_API bool ws_label_model_takes_gold(const ws_label_model *model);
WS_API bool ws_label_model_takes_balance_in_em(const ws_label_model *model);
/* The class balance of prediction, [K], or NULL: unknown. */
WS_API const double *ws_label_model_balance(const ws_label_model *model);

/* What was learned. Names are the model's. */
WS_API const char *ws_label_model_kind(const ws_label_model *model);
WS_API size_t ws_label_model_lfs(const ws_label_model *model);     // M
WS_API size_t ws_label_model_classes(const ws_label_model *model); // K
WS_API ws_text ws_label_model_lf(const ws_label_model *model, size_t j);
WS_API ws_text ws_label_model_class(const ws_label_model *model, size_t k);
/* The estimated accuracy of LF j over its votes (of the fit): the mean posterior
 * probability, before tempering, of what it voted for. NaN where it never voted. */
WS_API double ws_label_model_accuracy(const ws_label_model *model, size_t j);
/* The same over its votes for class k. */
WS_API double ws_label_model_accuracy_for(const ws_label_model *model, size_t j,
                                          size_t k);
/* The prior that LF j was given, or 0. */
WS_API double ws_label_model_prior(const ws_label_model *model, size_t j);
WS_API unsigned ws_label_model_iterations(const ws_label_model *model);
WS_API bool ws_label_model_converged(const ws_label_model *model);
/* What the logarithms of its bare posteriors are multiplied by: above 1 it is surer than
 * without, below less sure. 1 unless ws_label_model_cross_fit set it. */
WS_API double ws_label_model_scale(const ws_label_model *model);
/* Mean over the records of the fit (all N, the uncovered with theirs) of the largest
 * posterior probability, tempered and raw. NaN without records. */
WS_API double ws_label_model_mean_max(const ws_label_model *model);
WS_API double ws_label_model_mean_max_raw(const ws_label_model *model);

/* label_model.json: a sealed document (json.h); docs/formats.md lists its members.
 * Encoding appends to `out`. WS_EPARSE for a file that is none, or is damaged; WS_EIO
 * where it cannot be read. */
WS_API WS_CHECK ws_status ws_label_model_encode(const ws_label_model *model,
                                                ws_buffer *out, ws_error *err);
WS_API WS_CHECK ws_status ws_label_model_load(const char *path, ws_label_model **out,
                                              ws_error *err);

WS_END_DECLS

#endif
