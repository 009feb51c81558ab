/* SPDX-License-Identifier: MIT
 *
 * The table of LFs: what each does, how often it is right where gold labels tell, and
 * what the label model learned of it. Printed, written into metrics.json, and read from
 * there again.
 */
#ifndef WS_LF_TABLE_H
#define WS_LF_TABLE_H

#include <weaksup/lf_report.h>

#include "lf_selection.h"
#include "lf_stats.h"
#include "missing_fields.h"

typedef struct name_list {
  ws_text *items; // [count]
  size_t count;
} name_list;

/* What the label model learned of the votes for one class. */
typedef struct lf_learned {
  ws_text label;
  ws_lf_parameters parameters;
} lf_learned;

typedef struct lf_row {
  ws_text name;
  name_list polarity; // the classes it votes for
  uint64_t votes;
  double coverage, overlaps, conflicts;
  uint64_t gold_votes, gold_correct;
  double learned;       // NaN: not learned
  ws_interval sampling; // of it: the sampling error only; NaN: not known
  lf_learned *by_class; // [by_class_count] the classes that it votes for
  size_t by_class_count;
  bool applied;           // false: the votes were ready-made, and there are no
  ws_lf_stats stats;      // of the data; texts are the report's, or the table's
  bool left_out;          // by gold: its votes were taken out
  double at_most, chance; // where it is: ws_gold_verdict
} lf_row;

typedef struct lf_table {
  ws_arena arena; // of the texts
  lf_row *rows;   // [count]
  size_t count;
  uint64_t records;
  double coverage, overlaps, conflicts; // of all LFs together
  name_list silent;                     // classes that no LF votes for
  const char
      *gold_set; // "data" or "dev": whose gold labels gold_votes speaks of, or NULL
  uint64_t gold_records; // how many of its records have one
  uint64_t rounds;       // of the bootstrap behind `sampling`; 0: none
} lf_table;

enum { LF_FEW_VOTES = 10 };

/* Whether what was learned of it is held at a bound. */
bool lf_row_at_bound(const lf_row *row);
/* A sentence about the LFs of whose accuracy neither the votes nor gold labels say
 * anything, so that "nothing stands out" does not pass for "they are right". Adds nothing
 * where there are none, or nothing was learned of any. */
WS_CHECK ws_status lf_table_put_unsure(const lf_table *t, ws_buffer *out);

/* `gold` are votes on records with gold labels (the dev set's; NULL: those of `votes`, if
 * there are any); model and report may be NULL. The report must outlive the table. */
WS_CHECK ws_status lf_table_new(const ws_votes *votes, const ws_votes *gold,
                                const ws_label_model *model,
                                const ws_apply_report *report, lf_table *out);
/* Adds what else the model learned: parameters, and intervals (of the same votes). */
WS_CHECK ws_status lf_table_learned(lf_table *t, const ws_label_model *model,
                                    const ws_lf_intervals *intervals);
/* Adds what was left out by gold. */
void lf_table_selected(lf_table *t, const lf_selection *selection);
/* From the members that lf_table_json wrote; WS_EPARSE where something is missing. */
WS_CHECK ws_status lf_table_read(ws_value object, lf_table *out, ws_error *err);
/* Adds what the report of the data says beyond that, from the run's manifest: failures
 * and times. */
WS_CHECK ws_status lf_table_read_report(ws_value manifest, lf_table *t, ws_error *err);
void lf_table_clear(lf_table *t);

/* Writes the members "records", "coverage", ..., "lfs" into the open object. With
 * `details` also failures and times, which hold paths and differ between runs. */
void lf_table_json(ws_json_writer *json, const lf_table *t, bool details);
/* Writes the member "lfs" of a data set in the manifest: its report. */
void lf_table_json_report(ws_json_writer *json, const ws_lf_set *lfs,
                          const ws_apply_report *report);
/* Warns of LFs that vote on no record, with the reason where it is a field that none has;
 * lfs: those of the table, or NULL where they are not known. */
void lf_table_say_silent(const lf_table *t, const ws_lf_set *lfs,
                         const missing_fields *missing);
/* To standard output; false where there was no memory. With `details` also how long calls
 * take, and the first errors of each LF. */
bool lf_table_print(const lf_table *t, bool details);

#endif
