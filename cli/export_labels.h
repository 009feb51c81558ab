/* SPDX-License-Identifier: MIT
 *
 * weaksup export of labels for training elsewhere: what the forms share.
 */
#ifndef WS_EXPORT_LABELS_H
#define WS_EXPORT_LABELS_H

#include <weaksup/label_model.h>
#include <weaksup/output.h>

#include "cmd.h"
#include "run_data.h"

enum { CODE_SIZE = 3 }; // two letters and a NUL

/* Why records are not written. */
typedef struct export_left_out {
  uint64_t no_vote;   // no labeling function votes
  uint64_t tied;      // no class is the most probable one
  uint64_t unsure;    // its probability is below min_confidence
  uint64_t no_second; // no other class has the probability runner_up
} export_left_out;

typedef struct export_labels {
  const options *o;
  ws_task *task;
  ws_votes *votes;
  ws_label_model *model;
  ws_labels *labels;
  run_data data;
  ws_output *output;
  bool codes;            // answers are codes, not names
  bool sampled;          // the class is drawn, not the most probable one
  double min_confidence; // records whose label is less probable are left out
  double runner_up;      // how probable the rejected class must be
  ws_buffer line;        // working memory
  uint64_t written;
  export_left_out left_out;
} export_labels;

/* What a model is asked to answer for class k, "AB" or its name. The code is written into
 * `code`. */
ws_text export_answer(const export_labels *e, size_t k, char code[CODE_SIZE]);

/* Appends what a language model is told: the task, the classes and what they mean. */
WS_CHECK ws_status export_instructions(const export_labels *e, ws_buffer *out);

/* Each writes one form, to --out or standard output; npy into the folder --out. */
WS_CHECK ws_status export_huggingface(export_labels *e, ws_error *err);
WS_CHECK ws_status export_chat(export_labels *e, ws_error *err);
WS_CHECK ws_status export_preferences(export_labels *e, ws_error *err);
WS_CHECK ws_status export_npy(export_labels *e, ws_error *err);
WS_CHECK ws_status export_gbnf(export_labels *e, ws_error *err);
WS_CHECK ws_status export_json_schema(export_labels *e, ws_error *err);

#endif
