/* SPDX-License-Identifier: MIT
 *
 * From labels to a classifier: which rows are trained on, with what targets, weights and
 * strength. The recipe for weak labels is docs/classifier.md's.
 */
#ifndef WEAKSUP_TRAINING_H
#define WEAKSUP_TRAINING_H

#include <weaksup/classifier.h>
#include <weaksup/json.h>
#include <weaksup/label_model.h>
#include <weaksup/votes.h>

WS_BEGIN_DECLS

typedef enum ws_recipe {
  WS_RECIPE_AUTO,  // what is best for weak labels, decided by evidence
  WS_RECIPE_PLAIN, // regression on the labels as they are; log ratios are OFF where they
                   // would be AUTO
} ws_recipe;

#define WS_WEIGHT_MOST 1e9 // of a row: what is beyond it leaves the others nothing to say

/* The labels of the rows of some features. */
typedef struct ws_training_rows {
  const double *targets; // [rows][K] probabilistic labels; all 0: none, uncovered
  const int32_t *gold;   // [rows] classes; WS_ABSTAIN: no gold label. NULL: none at all.
                         // Where there is one, the row's targets are not looked at
  const double *weights; // [rows] 0 to WS_WEIGHT_MOST, 0 leaves the row out;
                         // NULL: 1
  const ws_votes *votes; // row i is row i of the features; they may end before. NULL:
                         // unknown
} ws_training_rows;

typedef struct ws_training_options {
  ws_classifier_options classifier; // its C 0, the default: 3; 10 where all labels are
                                    // gold; 1 of the hinge
  ws_recipe recipe;                 // default WS_RECIPE_AUTO
  bool hard;             // the most probable class instead of the distribution; a row
                         // whose classes tie has no label then
  double min_confidence; // weak rows whose largest probability is less are left out
  bool uncovered;        // plain: uncovered rows are in, at the classes' shares
  double gold_weight;    // of a gold row among weak ones; default 5
  const double *class_weights;               // [K], each above 0, or NULL: 1
  uint64_t seed;                             // of folds, of splits of LFs, of samples
  const ws_label_model_options *label_model; // how the gate fits it again, without the
                                             // votes of some LFs; NULL: default
  double *gold_probs; // [rows][K] or NULL. Gets the distribution of each row with gold by
                      // a classifier that was trained without it, where the report says
                      // so (cross_fitted); nothing else
} ws_training_options;

WS_API ws_training_options ws_training_options_default(void);

enum { WS_GATE_SPLITS = 5 };

/* Which way the rows were trained on, and why. */
typedef enum ws_branch {
  WS_BRANCH_PLAIN,      // labels as they are: as was asked for, or a hidden layer
  WS_BRANCH_GOLD,       // the same, as all labels are gold
  WS_BRANCH_REGRESSION, // regression on covered rows, targets sharpened by naive Bayes
  WS_BRANCH_BAYES,      // regression on all rows, averaged with naive Bayes
} ws_branch;

/* What was decided, and on what evidence. */
typedef struct ws_training_report {
  uint64_t covered, uncovered, gold, left_out; // rows
  double c;
  ws_branch branch;
  bool has_votes;  // whether votes were known; else there was nothing to decide by
  bool has_gate;   // whether there were votes enough to decide by
  unsigned splits; // of the LFs that left records enough
  double z[WS_GATE_SPLITS], median_z;   // [splits] of naive Bayes over regression
  double agree_regression, agree_bayes; // shares of the hidden rows
  uint64_t hidden;    // rows seen by hidden LFs only, all splits together
  bool cross_fitted;  // the temperature was fitted on gold rows among weak ones
  double temperature; // scores were divided by; 1: not. Of an SVM on weak labels it is
                      // fitted to those first, a third of them held out in turn
  bool log_ratios;    // n-grams were weighted by them
  bool both;          // the scores are the mean of two losses' (ws_training_choose); c is
                      // that of logistic regression
} ws_training_report;

/* Naive Bayes is taken where median_z is above this. */
#define WS_GATE_LEAST_Z 2.0

/* A z in digits: one behind the point, or as many as it takes to be on the same side of
 * WS_GATE_LEAST_Z. */
typedef struct ws_gate_z {
  char text[32];
} ws_gate_z;
WS_API ws_gate_z ws_gate_z_of(double z);

/* Weights for the classes, out[class_count], by which all of them weigh the same in the
 * labels of `rows` rows: sum / (class_count x own), the "balanced" of scikit-learn, where
 * a class's own is its targets and, for each row with its gold, gold_weight (1 where
 * there are no targets), times the rows' own weights; 1 for a class without labels. Votes
 * are not looked at. To be given as ws_training_options.class_weights. */
WS_API void ws_balanced_weights(const ws_training_rows *labels, size_t rows,
                                size_t class_count, double gold_weight, double *out);

/* Trains. WS_EINVAL where no row has a label, or all have the same one. */
WS_API WS_CHECK ws_status ws_training_run(ws_features *features,
                                          const ws_training_rows *rows,
                                          const ws_text *classes, size_t class_count,
                                          const ws_training_options *options,
                                          ws_classifier **out, ws_training_report *report,
                                          ws_error *err);

/* Writes the report as an object: the value of a member, or a document. */
WS_API void ws_training_report_json(ws_json_writer *json,
                                    const ws_training_report *report);

WS_END_DECLS

#endif
