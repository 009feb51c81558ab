/* SPDX-License-Identifier: MIT
 *
 * Mistakes that a model was sure of.
 */
#include "wrong_print.h"

#include <stdio.h>

#include "members.h"
#include "quote.h"
#include "table.h"
#include "terminal.h"

enum { ID_COLUMNS = 20, CLASS_COLUMNS = 16, TEXT_COLUMNS = 100, TEXT_LEAST = 20 };

/* Without the quotes. */
static ws_status put_short(table *t, ws_buffer *cell, ws_text text, size_t columns) {
  cell->size = 0;
  WS_TRY(quote(cell, text, columns));
  table_cell(t, "%.*s", (int)(cell->size - 2), cell->data + 1);
  return WS_OK;
}

static ws_status put_row(table *t, ws_buffer *cell, const ws_mistake *m,
                         const ws_task *task, size_t columns) {
  WS_TRY(put_short(t, cell, m->id, ID_COLUMNS));
  WS_TRY(put_short(t, cell, ws_task_class(task, (size_t)m->gold), CLASS_COLUMNS));
  WS_TRY(put_short(t, cell, ws_task_class(task, (size_t)m->label), CLASS_COLUMNS));
  table_cell(t, "%.3f", m->probability);
  cell->size = 0;
  if (m->text.data) WS_TRY(quote(cell, m->text, columns));
  table_cell(t, "%s", cell->size ? cell->data : "");
  return WS_OK;
}

static size_t width_of(ws_text text, size_t most) {
  size_t width = ws_text_width(text);
  return width < most ? width : most;
}

/* What is left of a line for the texts: all of a pipe's. */
static size_t text_columns(const ws_mistake *items, size_t count, const ws_task *task) {
  size_t width = terminal_columns(), id = 2, gold = 4, label = 5;
  if (!width) return TEXT_COLUMNS;
  for (size_t i = 0; i < count; i++) {
    size_t a = width_of(items[i].id, ID_COLUMNS);
    size_t b = width_of(ws_task_class(task, (size_t)items[i].gold), CLASS_COLUMNS);
    size_t c = width_of(ws_task_class(task, (size_t)items[i].label), CLASS_COLUMNS);
    id = a > id ? a : id;
    gold = b > gold ? b : gold;
    label = c > label ? c : label;
  }
  size_t taken = id + gold + label + 5 + 4 * 2 + 2; // "prob.", gaps, quotes
  return width > taken + TEXT_LEAST ? width - taken : TEXT_LEAST;
}

bool wrong_print(const char *model, ws_mistakes *mistakes, const ws_task *task) {
  static const bool right[] = {false, false, false, true, false};
  static const char *const heads[] = {"id", "gold", "label", "prob.", "text"};
  const ws_mistake *items;
  size_t count;
  if (ws_mistakes_sorted(mistakes, &items, &count) != WS_OK) return false;
  unsigned long long all = (unsigned long long)ws_mistakes_count(mistakes);
  static const unsigned char give_up[] = {0, 0, 0, 1, 0};
  table t = {.columns = 5, .right = right, .give_up = give_up};
  ws_buffer cell = {0};
  ws_status status = WS_OK;
  printf("\nwrong by the %s: %llu%s", model, all, all ? "; the surest first\n" : "\n");
  if (!count) return true;
  size_t columns = text_columns(items, count, task);
  for (size_t i = 0; i < 5; i++) table_cell(&t, "%s", heads[i]);
  for (size_t i = 0; i < count && status == WS_OK; i++)
    status = put_row(&t, &cell, &items[i], task, columns);
  ws_buffer_clear(&cell);
  t.failed = t.failed || status != WS_OK;
  return table_print(&t);
}

static void put_mistake(ws_json_writer *json, const ws_mistake *m, const ws_task *task) {
  ws_json_open(json, '{');
  json_put_text(json, "id", m->id);
  json_put_uint(json, "row", m->row);
  json_put_text(json, "gold", ws_task_class(task, (size_t)m->gold));
  json_put_text(json, "label", ws_task_class(task, (size_t)m->label));
  json_put_number(json, "probability", m->probability);
  json_put_number(json, "gold_probability", m->gold_probability);
  ws_json_key(json, "text");
  if (m->text.data)
    ws_json_text(json, m->text);
  else
    ws_json_null(json);
  ws_json_close(json, '}');
}

void wrong_json(ws_json_writer *json, const char *key, ws_mistakes *mistakes,
                const ws_task *task) {
  const ws_mistake *items = NULL;
  size_t count = 0;
  ws_json_key(json, key);
  if (!mistakes) {
    ws_json_null(json);
    return;
  }
  if (ws_mistakes_sorted(mistakes, &items, &count) != WS_OK) json->status = WS_ENOMEM;
  ws_json_open(json, '{');
  json_put_uint(json, "count", ws_mistakes_count(mistakes));
  ws_json_key(json, "records");
  ws_json_open(json, '[');
  for (size_t i = 0; i < count; i++) put_mistake(json, &items[i], task);
  ws_json_close(json, ']');
  ws_json_close(json, '}');
}
