/* SPDX-License-Identifier: MIT
 *
 * The scores of one data set with gold labels: majority vote's, the label model's and the
 * classifier's beside one another.
 */
#ifndef WS_SCORES_H
#define WS_SCORES_H

#include <weaksup/classifier.h>
#include <weaksup/decision.h>
#include <weaksup/label_model.h>
#include <weaksup/metrics.h>
#include <weaksup/mistakes.h>
#include <weaksup/reader.h>
#include <weaksup/reliability.h>

#include "data_matrix.h"

typedef struct score_set {
  const char *name; // "data", "dev", "test"
  bool has_majority, has_label_model, has_classifier;
  bool cross_fitted;            // the label model's: the set's gold helped to fit it
  bool classifier_cross_fitted; // the same of the classifier's
  ws_scores majority, label_model, classifier;
} score_set;

/* Scores a label model on votes that carry gold labels. */
WS_CHECK ws_status score_label_model(const ws_label_model *model, const ws_votes *votes,
                                     ws_scores *out, ws_error *err);
/* The same, with the labels that are wrong; `wrong` may be NULL. */
WS_CHECK ws_status score_label_model_in_detail(const ws_label_model *model,
                                               const ws_votes *votes, ws_scores *out,
                                               ws_mistakes *wrong, ws_error *err);
/* Scores majority vote on the same: it knows no class balance. */
WS_CHECK ws_status score_majority(const ws_votes *votes, ws_scores *out, ws_error *err);
/* ws_predict, saying where in the file `path` a record is that has not what features
 * need. */
WS_CHECK ws_status predict_record(ws_predictor *predictor, const ws_record *record,
                                  const char *path, double *probs, ws_error *err);

/* Scores a classifier on the records of a file; WS_EINVAL where none has a gold label.
 * With the matrix `npy`, if it needs one, `option` being how that is given. */
WS_CHECK ws_status score_classifier(const ws_classifier *classifier, const ws_task *task,
                                    const char *path, const ws_reader_options *options,
                                    data_matrix matrix, ws_scores *out, ws_error *err);
/* What else a scoring counts. */
typedef struct score_details {
  ws_reliability *all;         // every prediction; or NULL
  const ws_decision *decision; // NULL: none
  ws_reliability *decided;     // the labels that it decides on
  ws_mistakes *wrong;          // of these labels, or else of the most probable; or NULL
  double *right;               // [right_count] how right predictions are, of the first
  size_t right_count;          // records with gold (run_diff.h); or NULL
} score_details;

/* The same, with details. */
WS_CHECK ws_status score_classifier_in_detail(const ws_classifier *classifier,
                                              const ws_task *task, const char *path,
                                              const ws_reader_options *options,
                                              data_matrix matrix, ws_scores *out,
                                              const score_details *details,
                                              ws_error *err);

/* Writes "NAME": and the scores, or null. */
void scores_json(ws_json_writer *json, const char *name, bool has,
                 const ws_scores *scores);
/* Writes "NAME": {"majority_vote": ..., "label_model": ..., "classifier": ...}, null for
 * what there is not. */
void score_set_json(ws_json_writer *json, const score_set *set);
/* A table of all sets that have scores, F1 being that of classes[1] where there are two;
 * false where there was no memory. */
bool score_sets_print(const score_set *sets, size_t count, const ws_text *classes,
                      size_t class_count);

#endif
