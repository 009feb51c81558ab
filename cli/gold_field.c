/* SPDX-License-Identifier: MIT
 *
 * The field of the gold labels among those of the first record.
 */
#include "gold_field.h"

#include <string.h>

#include "missing_fields.h"

enum { NAMES_MAX = 64 };

void gold_field_clear(gold_field *g) {
  ws_buffer_clear(&g->hint);
  *g = (gold_field){0};
}

/* The name near that of the gold field; not that of the text. */
static void find_meant(gold_field *g, const ws_task *task, ws_value fields) {
  char copies[NAMES_MAX][sizeof g->meant];
  const char *names[NAMES_MAX];
  size_t count = 0;
  ws_text name;
  ws_value value;
  for (ws_value_iter it = ws_value_each(fields);
       count < NAMES_MAX && ws_value_next(&it, &name, &value);) {
    if (name.size >= sizeof g->meant || memchr(name.data, '\0', name.size) ||
        ws_text_equals(name, ws_task_get(task, WS_TASK_TEXT)))
      continue;
    memcpy(copies[count], name.data, name.size);
    copies[count][name.size] = '\0';
    names[count] = copies[count];
    count++;
  }
  const char *meant =
      ws_suggest(ws_text_of(ws_task_get(task, WS_TASK_GOLD)), names, count);
  if (meant) memcpy(g->meant, meant, strlen(meant) + 1);
}

static ws_status put_hint(gold_field *g, ws_value fields) {
  if (g->meant[0]) return ws_buffer_printf(&g->hint, ", did you mean '%s'?", g->meant);
  WS_TRY(ws_buffer_string(&g->hint, "; the first record has "));
  return put_fields(&g->hint, fields);
}

ws_status gold_field_record(gold_field *g, const ws_task *task, ws_value fields) {
  if (g->begun) return WS_OK;
  g->begun = true;
  g->there = ws_value_get(fields, ws_text_of(ws_task_get(task, WS_TASK_GOLD))).at;
  if (g->there) return WS_OK;
  find_meant(g, task, fields);
  return put_hint(g, fields);
}

const char *gold_field_hint(const gold_field *g) {
  return g->hint.size ? g->hint.data : "";
}
