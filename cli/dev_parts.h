/* SPDX-License-Identifier: MIT
 *
 * Records in memory, and a dev set in two parts: what prompts may show, and what selects
 * labeling functions. generate and next --unproven judge by the same part.
 */
#ifndef WS_DEV_PARTS_H
#define WS_DEV_PARTS_H

#include <weaksup/arena.h>
#include <weaksup/dev_split.h>
#include <weaksup/reader.h>

/* The field that says for what a record was chosen, in what `next` and `annotate` write:
 * such records are no fair sample of the data. */
#define CHOSEN_BY "weaksup_chosen_by"

/* Records as they are and as readers take them, without gold labels. */
typedef struct kept_records {
  ws_buffer lines; // JSON Lines
  ws_arena arena;  // of the texts
  ws_text *texts;  // [count]
  int32_t *gold;   // [count]
  bool *targeted;  // [count] CHOSEN_BY is there
  size_t count, capacity, gold_capacity, targeted_capacity;
} kept_records;

WS_CHECK ws_status kept_records_add(kept_records *r, const ws_task *task,
                                    const ws_record *record, ws_error *err);
void kept_records_clear(kept_records *r);
/* Opens a reader of the records; `how` is that of the file they come from. */
WS_CHECK ws_status kept_records_open(const kept_records *r, const char *name,
                                     const ws_task *task, const ws_reader_options *how,
                                     ws_reader **out, ws_error *err);

typedef struct dev_parts {
  kept_records all;    // records with gold
  bool *in_prompt;     // [all.count] may be shown
  kept_records shown;  // those,
  kept_records select; // and the others
  uint64_t *counts;    // [classes] of all that were not chosen for something
  ws_dev_split split;
} dev_parts;

/* Reads the dev set of the task and splits it. Where it has none, or no gold labels, all
 * parts are empty. Clear it whatever the status. */
WS_CHECK ws_status dev_parts_read(dev_parts *p, const char *path, const ws_task *task,
                                  const ws_reader_options *how, uint64_t seed,
                                  ws_error *err);
void dev_parts_clear(dev_parts *p);

/* Which classes have no record in the part that selects; says so. WS_ENOMEM. */
WS_CHECK ws_status dev_parts_say_classes(const dev_parts *p, const ws_task *task);

#endif
