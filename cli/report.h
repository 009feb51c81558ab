/* SPDX-License-Identifier: MIT
 *
 * What `weaksup report` has in hand: all that the page shows. cmd_report.c makes it,
 * report_load.c reads the run, report_records.c the records that are shown and what the
 * LFs match in them, report_gold.c looks where predictions are right, and the files that
 * report_page.h lists write the page.
 */
#ifndef WS_REPORT_H
#define WS_REPORT_H

#include <weaksup/classifier.h>
#include <weaksup/examples.h>
#include <weaksup/label_changes.h>
#include <weaksup/label_summary.h>
#include <weaksup/reliability.h>
#include <weaksup/trace.h>
#include <weaksup/vote_pairs.h>

#include "active_journal.h"
#include "lf_table.h"
#include "load_errors.h"
#include "setup.h"

/* A record that is shown. */
typedef struct report_record {
  size_t row;       // of the votes
  bool found;       // whether its fields are there
  ws_value fields;  // borrowed from the batch
  ws_text text;     // {NULL, 0}: none
  size_t at;        // in the batch
  ws_trace *traces; // NULL: none
} report_record;

/* Where gold labels tell how often predictions are right. */
typedef struct report_gold {
  const char *set;             // "test", "dev", "data"; NULL: none
  bool fitted;                 // the models saw these gold labels
  ws_reliability *label_model; // NULL: not known
  ws_reliability *classifier;
  ws_buffer note; // why something is missing; empty: nothing is
} report_gold;

typedef struct report {
  const options *o;
  const char *run;
  setup setup;
  bar bar;

  ws_task *task;
  ws_buffer metrics_bytes, manifest_bytes;
  ws_value metrics, manifest;
  ws_votes *votes;
  ws_label_model *model;
  ws_classifier *classifier; // NULL: the run has none
  lf_table table;
  load_errors errors;
  ws_arena arena; // of what was read

  ws_labels *labels, *majority;
  ws_vote_pairs *pairs;
  ws_label_summary summary;
  ws_label_changes changes;
  ws_examples examples;

  report_record *records; // [record_count] by row, each once
  size_t record_count;
  ws_records *batch;  // of their fields
  ws_buffer lines;    // the same as JSON, a line each
  ws_buffer no_texts; // why there are no texts; empty: there are
  ws_buffer no_spans; // why nothing is highlighted
  ws_lf_set *lfs;     // NULL: not there any more
  size_t *lf_of;      // [M] of the votes: the place in `lfs`, or SIZE_MAX
  report_gold gold;
  active_journal journal; // of `weaksup active`; empty: it was not at work
  ws_buffer journal_note; // why it cannot be read
} report;

/* Reads the run and counts what is shown of it. */
WS_CHECK ws_status report_load(report *r, ws_error *err);
void report_clear(report *r);

/* Looks for the texts of the records that are shown, and runs the LFs on them. What
 * cannot be had is said in no_texts and no_spans: it is no error. WS_ENOMEM, and
 * what a signal says. */
WS_CHECK ws_status report_find_records(report *r, ws_error *err);
void report_clear_records(report *r);
/* The record of a row, which must be shown. */
const report_record *report_record_of(const report *r, size_t row);

/* Fills `gold`; what cannot be had is said in its note. */
WS_CHECK ws_status report_find_gold(report *r, ws_error *err);

/* The path that an object of the manifest names, as it is seen from here or, if there is
 * nothing, from beside the run; NULL where it names none. */
const char *report_kept_path(report *r, ws_value object);
/* Members of a data set in the manifest ("data", "dev", "test"): its path and the hash of
 * its bytes; NULL where there are none. End in NUL, as long as the report. */
const char *report_path_of(report *r, const char *set, const char **digest);
/* Whether the file is there and has this hash; else says why not in *why. */
WS_CHECK ws_status report_same_file(const char *path, const char *digest, bool *same,
                                    ws_buffer *why);

#endif
