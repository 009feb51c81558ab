/* SPDX-License-Identifier: MIT
 *
 * What `weaksup next` and `weaksup annotate` share: a run with its records at hand, and
 * the records to label next.
 */
#ifndef WS_NEXT_H
#define WS_NEXT_H

#include <weaksup/active.h>
#include <weaksup/classifier.h>
#include <weaksup/label_model.h>

#include "bar.h"
#include "cmd.h"
#include "labelled.h"
#include "run_data.h"

typedef struct next_run {
  const options *o;
  const char *path;
  ws_task *task;
  ws_votes *votes;
  ws_label_model *model;
  ws_labels *labels;
  ws_classifier *classifier; // NULL: the run has none, or none is wanted
  ws_predictor *predictor;   // of it
  double *probs;             // [K]
  run_data data;             // path empty: the texts are not there
  ws_reader_options how;     // to read data and dev
  ws_buffer dev;             // path; empty: none
  bool has_dev;              // whether the file is there
  bar bar;
  labelled labelled;  // of dev
  ws_votes *unproven; // of LFs that are to be decided about, on the same rows; or NULL
  bool *unread;       // [M] LFs with words that `init` dealt out blindly; NULL: none
  size_t unread_count;
  const bool *passed; // [rows of the votes] what is not to be chosen; NULL: nothing is
} next_run;

/* Opens what --data, --dev, --max-line say. Clear it whatever the status. */
WS_CHECK ws_status next_open(next_run *n, const options *o, ws_error *err);
void next_clear(next_run *n);
/* Fills `unread`. */
WS_CHECK ws_status next_find_init(next_run *n, ws_error *err);
/* Makes ready to ask the classifier. Without one: WS_EINVAL where it is `needed`. */
WS_CHECK ws_status next_classifier(next_run *n, bool needed, ws_error *err);
/* Its distribution into n->probs. */
WS_CHECK ws_status next_predict(next_run *n, const ws_record *record, ws_error *err);

/* A record that is to be labelled. */
typedef struct next_record {
  ws_active_pick pick;
  ws_buffer id, text; // empty without data
  ws_buffer line;     // the record as a line of JSON, without the line end
} next_record;

typedef struct next_records {
  next_record *items; // [count] in the order of choice
  size_t count;
  uint64_t left_out;    // labelled already
  uint64_t *gold_votes; // [M] before the choice
} next_records;

/* False: wrong usage of --by, already said. */
bool next_by(const command *self, const options *o, ws_active_by *out);
/* Chooses. Clear it whatever the status. */
WS_CHECK ws_status next_choose(next_run *n, ws_active_by by, size_t count,
                               next_records *out, ws_error *err);
/* The records in these rows of the votes, each once, in that order; `by` is what they are
 * said to be chosen by, NULL: by chance. Clear it whatever the status. */
WS_CHECK ws_status next_take(next_run *n, const char *by, const size_t *rows,
                             size_t count, next_records *out, ws_error *err);
/* Whether next_choose does as next_draw. */
bool next_draws(const next_run *n);
/* Draws records at random, as many at most as `count`, as next_choose does; where votes
 * tell nothing of what is worth a label, and labels that they chose would be lopsided. */
WS_CHECK ws_status next_draw(next_run *n, size_t count, next_records *out, ws_error *err);
/* With --unproven; after so many labels it is time to judge again. */
enum { UNPROVEN_MOST = 30 };
/* Chooses records that decide most about the LFs in `folder`, 30 at most. Clear it
 * whatever the status. */
WS_CHECK ws_status next_unproven(next_run *n, const command *self, const char *folder,
                                 size_t most, next_records *out, ws_error *err);
void next_records_clear(next_records *r);

/* The two halves of the command; both return the exit code. */
int next_print_records(const next_run *n, const next_records *r, ws_active_by by);
int next_lfs(next_run *n);

#endif
