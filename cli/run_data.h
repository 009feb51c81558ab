/* SPDX-License-Identifier: MIT
 *
 * The records of a run, found again: a run keeps votes and labels, not texts.
 */
#ifndef WS_RUN_DATA_H
#define WS_RUN_DATA_H

#include <weaksup/reader.h>
#include <weaksup/votes.h>

#include "options.h"

typedef enum run_data_part {
  RUN_DATA, // records
  RUN_DEV,
  RUN_TEST,
  RUN_INPUT, // the data, records or ready-made votes; the same of dev and test:
  RUN_DEV_INPUT,
  RUN_TEST_INPUT,
} run_data_part;

typedef struct run_data {
  ws_buffer path; // of the file; empty: it is not there
  ws_buffer why;  // why not, a part of a sentence: "train.jsonl has changed since"
  bool skips;     // bad records were left out
  bool of_votes;  // the run was made from ready-made votes, whose ids are in "id"
} run_data;

/* Looks for the file of a part: `given` (NULL: none was), else the one that the manifest
 * names, where it still has the same bytes: see run_put_path(). Votes that were
 * ready-made have no records. */
WS_CHECK ws_status run_data_find(const char *run, run_data_part part, const char *given,
                                 run_data *out, ws_error *err);
void run_data_clear(run_data *data);

/* Gets record i of the votes. */
typedef ws_status (*run_data_fn)(void *user, size_t i, const ws_record *record,
                                 ws_error *err);

/* Reads the records of the path and hands on each with the row of the votes that is it;
 * `how` NULL: default. WS_EIO where they are not the records of the votes. */
WS_CHECK ws_status run_data_each(const run_data *data, const ws_task *task,
                                 const ws_votes *votes, const ws_reader_options *how,
                                 run_data_fn fn, void *user, ws_error *err);

#endif
