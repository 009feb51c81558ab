/* SPDX-License-Identifier: MIT
 *
 * Multinomial naive Bayes on weighted features and soft labels, without class priors.
 * Where a regression rebuilds the rules that the labels come from, this spreads weight
 * over every feature that occurs with them.
 */
#ifndef WS_NAIVE_BAYES_H
#define WS_NAIVE_BAYES_H

#include "design.h"

/* Scores are T * (x W, less its mean over the classes) + b. W of a feature without any
 * mass is the same for all such: it stands in `base`, which counts once for each unit of
 * the row's sum, and weights hold the difference to it. */
typedef struct ws__bayes {
  size_t K, A;
  float *weights;   // [A][K] log(1 + mass / smoothing)
  double *base;     // [K] log(smoothing / mass of the class), less its mean
  double *bias;     // [K] b
  double sharpness; // T
} ws__bayes;

typedef struct ws__bayes_options {
  uint64_t seed;    // of the folds
  unsigned threads; // 0: as many as there are processors; the result does not depend on
                    // it
} ws__bayes_options;

/* Trains on the rows. One whose targets are all 0 is not trained on, but scored like the
 * others: scores[n][K], where wanted, are those of row i by a model that has not seen the
 * fifth of the rows that it is in, and calibrated: T and b make their softmax fit the
 * targets best. To be cleared whatever the status. */
ws_status ws__bayes_train(ws__bayes *out, const ws__matrix *matrix, const ws__rows *rows,
                          size_t K, const ws__bayes_options *options, double *scores,
                          ws_error *err);
void ws__bayes_clear(ws__bayes *bayes);

/* scores[K] of a row of the matrix. */
void ws__bayes_scores(const ws__bayes *bayes, const ws__matrix *matrix, size_t row,
                      double *scores);
/* Adds factor times the model: to[A][K], bias[K]. */
void ws__bayes_add_weights(const ws__bayes *bayes, double factor, float *to, float *bias);

#endif
