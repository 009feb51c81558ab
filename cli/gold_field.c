/* SPDX-License-Identifier: MIT
 *
 * The field of the gold labels among those of the first record.
 */
#include "gold_field.h"

void gold_field_clear(gold_field *g) {
  ws_buffer_clear(&g->hint);
  *g = (gold_field){0};
}

static ws_status put_hint(gold_field *g, ws_value fields) {
  if (g->meant.text[0])
    return ws_buffer_printf(&g->hint, ", did you mean '%s'?", g->meant.text);
  WS_TRY(ws_buffer_string(&g->hint, "; the first record has "));
  return put_fields(&g->hint, fields);
}

ws_status gold_field_record(gold_field *g, const ws_task *task, ws_value fields) {
  if (g->begun) return WS_OK;
  g->begun = true;
  g->there = ws_value_get(fields, ws_text_of(ws_task_get(task, WS_TASK_GOLD))).at;
  if (g->there) return WS_OK;
  near_field(ws_task_get(task, WS_TASK_GOLD), ws_task_get(task, WS_TASK_TEXT), fields,
             &g->meant);
  return put_hint(g, fields);
}

const char *gold_field_hint(const gold_field *g) {
  return g->hint.size ? g->hint.data : "";
}
