/* SPDX-License-Identifier: MIT
 *
 * The parts of weaksup diff.
 */
#ifndef WS_DIFF_H
#define WS_DIFF_H

#include <weaksup/classifier.h>
#include <weaksup/run_diff.h>

#include "cmd.h"
#include "decisions.h"
#include "table.h"

typedef struct side {
  const char *run; // the folder
  ws_task *task;
  ws_votes *votes;
  ws_label_model *model;
  ws_labels *labels;
  ws_classifier *classifier; // NULL: none
} side;

/* Scores of both on the same records. */
typedef struct score_pair {
  bool known;
  ws_compared is;
} score_pair;

typedef struct condition {
  const char *text;
  const char *name; // of `names` in diff_conditions.c
  const char *end;  // "low" or "high", of the interval; NULL: the difference itself
  bool above;       // fails above the limit, else below
  double limit;
} condition;

typedef struct diff {
  const options *o;
  side sides[2];
  ws_run_diff *found;
  decisions decided;
  score_pair label_model; // on records with gold
  score_pair classifier;  // on the records of --data, or of the test set
  char scored_on[256];    // what those are; "" where there are none
  condition conditions[MAX_CONDITIONS];
  size_t condition_count;
} diff;

WS_CHECK ws_status diff_score(diff *d, ws_error *err);

int diff_print(const diff *d);
int diff_print_json(const diff *d);

/* False: wrong usage, said. */
bool diff_read_conditions(diff *d, const command *self);

/* Whether a condition is met; says which. */
bool diff_fails(const diff *d);

/* The difference that a condition is about; NaN: not known. */
double diff_value(const diff *d, const condition *c);

#endif
