/* SPDX-License-Identifier: MIT
 *
 * What `weaksup active` has done, line by line in active.jsonl of its run:
 * docs/formats.md describes it. A line is on the disk before the next question is asked,
 * so that nothing is asked twice, and the run folder that a fit replaces takes the file
 * over.
 */
#ifndef WS_ACTIVE_JOURNAL_H
#define WS_ACTIVE_JOURNAL_H

#include <weaksup/json.h>
#include <weaksup/votes.h>

#include "annotate.h"
#include "scores.h"

#define RUN_ACTIVE "active.jsonl"

/* What a fit was worth; NaN where it is not known. */
typedef struct active_score {
  double accuracy, log_loss;
} active_score;

typedef struct active_round {
  uint64_t round;  // 0: before the first question
  uint64_t labels; // gold labels that were fitted with
  uint64_t asked;  // records so far
  char set[8];     // "test", or "dev": cross-fitted; empty: there are no gold labels
  uint64_t n;      // records of the set
  active_score label_model, classifier;
} active_round;

/* A record of the votes, with the hash of its id. */
typedef struct active_row {
  size_t row;
  uint64_t id;
  bool none; // it got no label
} active_row;

/* In the order of adding, no row twice. */
typedef struct active_rows {
  active_row *items; // [count]
  size_t count, capacity;
  size_t *slots; // [slot_count], a power of two: index + 1, or 0
  size_t slot_count;
} active_rows;

typedef struct active_journal {
  ws_buffer path, dev;  // of the file; of the file of labels: empty before it has begun
  active_round *rounds; // [round_count]
  size_t round_count, round_capacity;
  active_rows asked; // answered, or passed over by the oracle
  active_rows batch; // that is open: those asked are among them
  size_t torn;       // where half a line begins, which the next one replaces; or SIZE_MAX
  size_t twice;      // a row that a line has a second time; or SIZE_MAX
  label_output file;
} active_journal;

/* Of active_rows.c. The row that is added is not among them. */
bool active_rows_have(const active_rows *rows, size_t row);
WS_CHECK ws_status active_rows_add(active_rows *rows, active_row row);
void active_rows_drop(active_rows *rows, size_t row); // if it is there
void active_rows_empty(active_rows *rows);            // keeps the room
void active_rows_clear(active_rows *rows);

/* Reads the journal of a run; empty where there is none. Clear it whatever the status.
 * Half a line at the end, which only a power failure leaves, does not count. */
WS_CHECK ws_status journal_read(active_journal *j, const char *run, ws_error *err);
void journal_clear(active_journal *j);

/* Each appends a line and syncs. */
WS_CHECK ws_status journal_begin(active_journal *j, const char *dev, const options *o,
                                 ws_error *err);
WS_CHECK ws_status journal_batch(active_journal *j, const ws_votes *votes,
                                 const next_records *chosen, ws_error *err);
/* The label's name, empty where the oracle gave none; `undone`: it is taken back. */
WS_CHECK ws_status journal_answer(active_journal *j, size_t row, ws_text id,
                                  ws_text label, bool undone, ws_error *err);
/* Closes the batch. */
WS_CHECK ws_status journal_round(active_journal *j, const active_round *round,
                                 ws_error *err);
void journal_put_round(ws_json_writer *json, const active_round *round);

/* WS_EINVAL where the journal speaks of other records than these. */
WS_CHECK ws_status journal_check(const active_journal *j, const ws_votes *votes,
                                 ws_error *err);
/* How many of those asked about got no label. */
uint64_t journal_skipped(const active_journal *j);

#endif
