/* SPDX-License-Identifier: MIT
 *
 * What `weaksup train` has in hand: shared by cmd_train.c, which works, and
 * train_write.c, which writes it down.
 */
#ifndef WS_TRAIN_H
#define WS_TRAIN_H

#include <weaksup/cross_validation.h>
#include <weaksup/metrics.h>

#include "label_file.h"
#include "run_folder.h"
#include "scores.h"

typedef struct train {
  const options *o;
  setup setup;
  bar bar;
  ws_folder *folder;
  label_file labels;
  ws_classifier *classifier;
  ws_training_report report;
  ws_choice choice;
  score_set test;
  double began;
} train;

/* Writes the run and puts the folder in its place. */
WS_CHECK ws_status train_write(train *t, ws_error *err);
/* Prints what metrics.json says; returns the exit code. */
int train_print_json(const train *t);

#endif
