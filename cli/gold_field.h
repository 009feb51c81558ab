/* SPDX-License-Identifier: MIT
 *
 * Why a data set has no gold labels: its first record has the field under another name.
 */
#ifndef WS_GOLD_FIELD_H
#define WS_GOLD_FIELD_H

#include <weaksup/task.h>
#include <weaksup/value.h>

#include "missing_fields.h"

typedef struct gold_field {
  bool begun;
  bool there;       // in the first record
  field_name meant; // the field of the first record with the nearest name; "": none
  ws_buffer hint;   // what is said of it
} gold_field;

void gold_field_clear(gold_field *g);

/* Looks at a record, if it is the first one. WS_ENOMEM. */
WS_CHECK ws_status gold_field_record(gold_field *g, const ws_task *task, ws_value fields);
/* What is to be said behind "no record has a gold label in the field 'lable'": ", did you
 * mean 'label'?", or which fields there are; empty where the first record has it, or
 * there is none. As long as `g`. */
const char *gold_field_hint(const gold_field *g);

#endif
