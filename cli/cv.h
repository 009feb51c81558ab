/* SPDX-License-Identifier: MIT
 *
 * What `weaksup cv` has in hand: shared by cmd_cv.c, which is the command, cv_read.c,
 * cv_folds.c and cv_weak.c, which train, and cv_print.c.
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
  part part, dev;    // of LFS; dev where it is the yardstick
  ws_lf_set *lfs;
  ws_task *own_task;
  ws_votes *dev_votes; // on dev's records with gold: NULL where the data has gold itself
  unsigned *left_out;  // [LFs] folds in which each was left out; NULL: not asked for
  // Either way:
  const ws_task *task;
  ws_features *features;
  size_t n, K, folds;
  size_t base;      // rows of the data in front of the yardstick's, dev's; else 0
  int32_t *gold;    // [n]
  uint64_t *groups; // [n], or NULL
  uint32_t *fold;   // [n]
  double *probs;    // [n][K] of rows with a fold
  cv_scores label_model, classifier;
  ws_reliability *details;
} cv;

/* The votes on the rows from `base` on, which are dealt into folds; NULL with --labels.
 */
static inline const ws_votes *cv_yardstick(const cv *c) {
  return c->dev_votes ? c->dev_votes : c->part.votes;
}

/* Reads records, labels and votes. */
WS_CHECK ws_status cv_read(cv *c, ws_error *err);
/* Deals the folds, trains, predicts and scores. */
WS_CHECK ws_status cv_run(cv *c, ws_error *err);
/* With labeling functions: fits the label model and trains for each fold. */
WS_CHECK ws_status cv_weak_folds(cv *c, ws_error *err);
/* Predicts fold f into probs by what is trained on the labels of the other folds. */
WS_CHECK ws_status cv_predict_fold(cv *c, const ws_training_rows *rows, uint32_t f,
                                   ws_error *err);
/* Writes --folds-out. */
WS_CHECK ws_status cv_write_folds(const cv *c, ws_error *err);

void cv_print(const cv *c);
int cv_print_json(const cv *c); // returns the exit code

#endif
