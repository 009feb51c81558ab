/* SPDX-License-Identifier: MIT
 *
 * A training under way: the rows with the labels that they are trained on, and the models
 * that come of them.
 */
#ifndef WS_TRAINING_PRIV_H
#define WS_TRAINING_PRIV_H

#include <weaksup/training.h>

#include "linear.h"
#include "mlp.h"
#include "naive_bayes.h"
#include "work.h"

typedef enum ws__row_kind { WS__OUT, WS__UNCOVERED, WS__WEAK, WS__GOLD } ws__row_kind;

enum { WS__PARTS = 5 };

typedef struct ws__training {
  const ws__matrix *matrix;
  size_t n, K;
  uint8_t *kind;                      // [n] ws__row_kind
  uint8_t *part;                      // [n] of a gold row: 0 .. WS__PARTS - 1
  double *labels;                     // [n][K] distributions; 0 where there is none
  double *weights;                    // [n]
  const ws_training_options *options; // its C is set
  ws__work *work;                     // how far all of it is
} ws__training;

/* Scores are those of the regression, or the mean of its and naive Bayes'. */
typedef struct ws__trained {
  bool has_bayes;
  size_t rows; // that the regression was trained on
  ws__linear linear;
  ws__bayes bayes;
  ws__mlp mlp; // in their place, where there are hidden units
} ws__trained;

/* The plain recipe weighs nothing unless it is told to. */
static inline ws_log_ratios ws__log_ratios_wanted(const ws_training_options *options) {
  ws_log_ratios how = options->classifier.log_ratios;
  bool plain = options->recipe == WS_RECIPE_PLAIN;
  return plain && how == WS_LOG_RATIOS_AUTO ? WS_LOG_RATIOS_OFF : how;
}

/* What it reads, in rows, all its passes together. */
double ws__recipe_work(const ws__training *training, ws_branch branch);
/* To be cleared whatever the status. */
ws_status ws__recipe_train(ws__trained *out, const ws__training *training,
                           ws_branch branch, bool without_gold, ws_error *err);
void ws__trained_clear(ws__trained *trained);
/* scores[K] of a row; scratch[K]. */
void ws__trained_scores(const ws__trained *trained, const ws__matrix *matrix, size_t row,
                        double *scores, double *scratch);

/* Writes the report into the classifier, in place of one that is there. */
ws_status ws__classifier_summarise(ws_classifier *classifier,
                                   const ws_training_report *report);

/* Fits a temperature to the weak rows, scored by models that have not seen them. */
ws_status ws__fit_weak_temperature(const ws__training *training, ws_branch branch,
                                   double *temperature, ws_error *err);

/* Fits the temperature on the gold rows, scored by a model that has not seen them, near
 * the one that *temperature is before; options->gold_probs gets what it says of them, at
 * the temperature that suits the other parts. */
ws_status ws__fit_temperature(const ws__training *training, ws_branch branch,
                              double *temperature, ws_error *err);

#endif
