/* SPDX-License-Identifier: MIT
 *
 * Cross-validation on gold labels: folds, the predictions for rows that training did not
 * see, and choosing a classifier by them.
 */
#ifndef WEAKSUP_CROSS_VALIDATION_H
#define WEAKSUP_CROSS_VALIDATION_H

#include <weaksup/training.h>

WS_BEGIN_DECLS

#define WS_NO_FOLD UINT32_MAX

typedef struct ws_folds_options {
  uint32_t folds; // 2 or more, default 5
  uint64_t seed;
  const uint64_t *groups; // [rows] rows with the same number stay together; NULL: none do
  bool allow_rare;        // a class may be in fewer folds than there are
} ws_folds_options;

WS_API ws_folds_options ws_folds_options_default(void);

/* Deals the rows with a label (labels[i] != WS_ABSTAIN) to the folds, so that each has
 * about the same share of every class: out[rows], WS_NO_FOLD for the others. The same for
 * a seed, everywhere. WS_EINVAL, naming it, where a class has fewer rows (or groups) than
 * there are folds. */
WS_API WS_CHECK ws_status ws_folds_deal(const int32_t *labels, size_t rows,
                                        const ws_text *classes, size_t class_count,
                                        const ws_folds_options *options, uint32_t *out,
                                        ws_error *err);

/* --- choosing ----------------------------------------------------------------------- */

typedef struct ws_choice_options {
  bool losses; // between logistic regression and the linear SVM; else the loss is given
  bool strengths; // of some values of C; else it is the one given, or the loss's own
  uint64_t seed;
  const uint64_t *groups; // [rows] as in ws_folds_options, or NULL
} ws_choice_options;

/* One that was tried. */
typedef struct ws_trial {
  bool both; // the mean of the log-probabilities of the best one of each loss
  ws_loss loss;
  double c;
  double accuracy, log_loss; // on rows not trained on, after tempering
  double temperature;
} ws_trial;

enum { WS_TRIALS_MOST = 16 };

typedef struct ws_choice {
  const char *why_not; // a sentence: why nothing was tried; NULL: it was
  uint32_t folds;
  size_t count, best;
  ws_trial trials[WS_TRIALS_MOST];
} ws_choice;

/* ws_training_run, but where all labels are gold the loss and C are first chosen by
 * cross-validation on them: of those that are as accurate as the most accurate one, but
 * for one standard error of the difference, the one with the least log-loss. Logistic
 * regression, the SVM, and both together as one linear model are compared. The one taken
 * is then made as sure as it was right on the rows not trained on (temperature scaling:
 * C. Guo and others, On calibration of modern neural networks, 2017). Where weak labels
 * are among them, or too few or too many rows, nothing is tried, and `why_not` says so.
 * `why_not` is a constant. For each fold the features of the rows outside are counted
 * again, as ws_fold_predict does. WS_EINVAL, too, where there is something to try and
 * `features` were trained on. */
WS_API WS_CHECK ws_status ws_training_choose(
    ws_features *features, const ws_training_rows *rows, const ws_text *classes,
    size_t class_count, const ws_training_options *options,
    const ws_choice_options *choose, ws_classifier **out, ws_training_report *report,
    ws_choice *choice, ws_error *err);

/* --- predicting rows that were held out --------------------------------------------- */

/* Trains, as ws_training_choose does (choose NULL: as ws_training_run), on the rows
 * outside of one fold, and predicts those inside: probs[rows][K], not touched elsewhere.
 * The rows inside are as good as not there: vocabulary and idf are those of the rows
 * outside, and the probabilities what ws_predict says of new records. rows->votes are
 * those of the rows outside, in their order; they may end before. options->gold_probs is
 * not looked at. WS_EINVAL where `features` were trained on. */
WS_API WS_CHECK ws_status ws_fold_predict(ws_features *features,
                                          const ws_training_rows *rows,
                                          const ws_text *classes, size_t class_count,
                                          const ws_training_options *options,
                                          const ws_choice_options *choose,
                                          const uint32_t *fold, uint32_t which,
                                          double *probs, ws_error *err);

WS_END_DECLS

#endif
