/* SPDX-License-Identifier: MIT
 *
 * What `weaksup cv` has in hand: shared by cmd_cv.c, which reads and prints, and
 * cv_folds.c, which trains.
 */
#ifndef WS_CV_H
#define WS_CV_H

#include <weaksup/cross_validation.h>
#include <weaksup/metrics.h>
#include <weaksup/reliability.h>

#include "label_file.h"
#include "part.h"

/* Of one kind of model: the scores of each fold. */
typedef struct cv_scores {
  const char *name;
  ws_scores *folds; // [folds]
  bool has;
} cv_scores;

typedef struct cv {
  const options *o;
  setup setup;
  bar bar;
  label_file labels; // of --labels, or
  part part;         // of LFS
  ws_lf_set *lfs;
  ws_task *own_task;
  // Either way:
  const ws_task *task;
  ws_features *features;
  size_t n, K, folds;
  int32_t *gold;    // [n]
  uint64_t *groups; // [n], or NULL
  uint32_t *fold;   // [n]
  double *probs;    // [n][K] of rows with a fold
  cv_scores label_model, classifier;
  ws_reliability *details;
} cv;

/* Deals the folds, trains, predicts and scores. */
WS_CHECK ws_status cv_run(cv *c, ws_error *err);

#endif
