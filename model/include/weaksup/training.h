/* SPDX-License-Identifier: MIT
 *
 * From labels to a classifier: which rows are trained on, with what targets, weights and
 * strength. The recipe for weak labels is docs/classifier.md's.
 */
#ifndef WEAKSUP_TRAINING_H
#define WEAKSUP_TRAINING_H

#include <weaksup/classifier.h>
#include <weaksup/label_model.h>
#include <weaksup/votes.h>

WS_BEGIN_DECLS

typedef enum ws_recipe {
  WS_RECIPE_AUTO,  // what is best for weak labels, decided by evidence
  WS_RECIPE_PLAIN, // regression on the probabilistic labels as they are
} ws_recipe;

/* The labels of the rows of some features. */
typedef struct ws_training_rows {
  const double *targets; // [rows][K] probabilistic labels; all 0: none, uncovered
  const int32_t *gold;   // [rows] classes; WS_ABSTAIN: no gold label. NULL: none at all
  const double *weights; // [rows] 0 or more, 0 leaves the row out; NULL: 1
  const ws_votes *votes; // row i is row i of the features; they may end before. NULL:
                         // unknown
} ws_training_rows;

typedef struct ws_training_options {
  ws_classifier_options classifier; // its C 0, the default: 3; 10 where all labels are
                                    // gold
  ws_recipe recipe;
  bool hard;                   // the most probable class instead of the distribution
  double min_confidence;       // weak rows whose largest probability is less are left out
  bool uncovered;              // plain: uncovered rows are in, at the classes' shares
  double gold_weight;          // of a gold row among weak ones; default 5
  const double *class_weights; // [K], or NULL: 1
  uint64_t seed;
  const ws_label_model_options *label_model; // how the gate fits it again; NULL: default
} ws_training_options;

WS_API ws_training_options ws_training_options_default(void);

enum { WS_GATE_SPLITS = 5 };

/* What was decided, and on what evidence. */
typedef struct ws_training_report {
  uint64_t covered, uncovered, gold, left_out; // rows
  double c;
  bool has_gate;                        // whether there were votes enough to decide by
  double z[WS_GATE_SPLITS], mean_z;     // of naive Bayes over regression, by left-out LFs
  double agree_regression, agree_bayes; // shares of the hidden rows
  uint64_t hidden;                      // rows seen by hidden LFs only, all splits
  bool bayes;                           // the naive-Bayes branch was taken
  double temperature;                   // scores were divided by; 1: not
} ws_training_report;

/* Trains. WS_EINVAL where no row has a label, or all have the same one. */
WS_API WS_CHECK ws_status ws_training_run(ws_features *features,
                                          const ws_training_rows *rows,
                                          const ws_text *classes, size_t class_count,
                                          const ws_training_options *options,
                                          ws_classifier **out, ws_training_report *report,
                                          ws_error *err);

WS_END_DECLS

#endif
