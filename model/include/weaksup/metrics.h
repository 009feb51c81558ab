/* SPDX-License-Identifier: MIT
 *
 * Scores of probabilistic predictions against gold labels.
 *
 * Ties are split evenly: where t classes share the largest probability (within WS_TIE),
 * the prediction counts 1/t for each of them; a record without votes is such a tie of all
 * K. All records with gold are in the denominator; the covered-only figure stands beside.
 */
#ifndef WEAKSUP_METRICS_H
#define WEAKSUP_METRICS_H

#include <weaksup/json.h>
#include <weaksup/labels.h>

WS_BEGIN_DECLS

/* Collects predictions one by one. */
typedef struct ws_scorer ws_scorer;

typedef struct ws_scores {
  uint64_t n;       // records with gold
  uint64_t covered; // of them: with a prediction of its own (not the prior)
  double accuracy;  // ties split
  double macro_f1;  // mean of the classes' F1 = 2 TP / (2 TP + FP + FN) over those that
                    // occur in gold or in a prediction; a tie of t adds 1/t of a
                    // record to the TP or FP of each and the missing rest to FN
  double f1;        // of class 1 where K = 2; NaN otherwise
  double log_loss;  // natural logarithm; probabilities floored at 1e-15
  double brier;     // mean over records of sum_k (p_k - [gold = k])^2 (G. W. Brier:
                    // Verification of forecasts expressed in terms of probability, 1950)
  double ece;       // expected calibration error of the largest probability, 15 bins
                    // of equal width (M. Pakdaman Naeini and others: Obtaining well
                    // calibrated probabilities using Bayesian binning, 2015)
  double coverage;  // covered / n
  double accuracy_covered; // over the covered; NaN where there are none
} ws_scores;

/* For K classes. WS_ENOMEM only. */
WS_API WS_CHECK ws_status ws_scorer_new(size_t classes, ws_scorer **out);
WS_API void ws_scorer_free(ws_scorer *scorer);
/* Adds a prediction, probs[K]; gold WS_ABSTAIN is passed over. An uncovered one is scored
 * as the tie of all classes in accuracy and F1, and by its probabilities in the other
 * figures.
 */
WS_API void ws_scorer_add(ws_scorer *scorer, const double *probs, bool covered,
                          int32_t gold);
/* All NaN but n where nothing was added. */
WS_API ws_scores ws_scorer_result(const ws_scorer *scorer);

/* Mean and standard deviation (with n - 1) of some values. */
typedef struct ws_spread {
  double mean, sd;
} ws_spread;

typedef struct ws_scores_spread {
  ws_spread accuracy, macro_f1, log_loss;
} ws_scores_spread;

/* Over the scores of several sets of records, such as the folds of a cross-validation:
 * scores[count], each counting the same, whatever its n. A deviation of one is NaN, and
 * so is all of none. */
WS_API ws_scores_spread ws_scores_over(const ws_scores *scores, size_t count);

/* Scores labels against the gold of the votes that they come from. */
WS_API WS_CHECK ws_status ws_score_labels(const ws_labels *labels, const ws_votes *votes,
                                          ws_scores *out);

/* The exact interval of a proportion (Clopper and Pearson 1934): both NaN without trials.
 * 0 < confidence < 1, successes <= trials. */
typedef struct ws_interval {
  double low, high;
} ws_interval;
WS_API ws_interval ws_binomial_interval(uint64_t successes, uint64_t trials,
                                        double confidence);
/* The score interval (E. B. Wilson: Probable inference, the law of succession, and
 * statistical inference, 1927): shorter than the exact one, and right in the mean. Same
 * conditions. */
WS_API ws_interval ws_wilson_interval(uint64_t successes, uint64_t trials,
                                      double confidence);
/* The exact interval of an accuracy (0 to 1) on n records. Ties count in parts, so that
 * it need not be a share of whole records: that of the nearest whole number of right ones
 * is taken. */
WS_API ws_interval ws_accuracy_interval(double accuracy, uint64_t n, double confidence);

/* {"n":..,"covered":..,"accuracy":..,"macro_f1":..,"f1":..,"log_loss":..,"brier":..,
 *  "ece":..,"coverage":..,"accuracy_covered":..}; NaN is null. */
WS_API void ws_scores_json(ws_json_writer *json, const ws_scores *scores);

WS_END_DECLS

#endif
