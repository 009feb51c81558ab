/* SPDX-License-Identifier: MIT
 *
 * Printing tables.
 */
#include "table.h"

#include <stdarg.h>
#include <stdio.h>

#include <weaksup/alloc.h>

#include "cmd.h"
#include "say.h"

void table_cell(table *t, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int length = vsnprintf(NULL, 0, format, args);
  va_end(args);
  char *cell = length < 0 ? NULL : ws_alloc((size_t)length + 1);
  t->failed =
      t->failed || !cell || !ws_grow(&t->cells, &t->capacity, t->count + 1, sizeof cell);
  if (t->failed) {
    ws_free(cell);
  } else {
    vsnprintf(cell, (size_t)length + 1, format, again);
    ws_text_clean(cell, (size_t)length); // names may come from anywhere
    t->cells[t->count++] = cell;
  }
  va_end(again);
}

static size_t width_of(const table *t, size_t column) {
  size_t widest = 0;
  for (size_t i = column; i < t->count; i += t->columns) {
    size_t width = ws_text_width(ws_text_of(t->cells[i]));
    if (width > widest) widest = width;
  }
  return widest;
}

static void print_cell(const table *t, size_t i, size_t width) {
  size_t column = i % t->columns;
  bool last = column + 1 == t->columns;
  int blanks = (int)(width - ws_text_width(ws_text_of(t->cells[i])));
  if (column > 0 && !(last && !*t->cells[i])) fputs("  ", stdout);
  if (t->right[column])
    printf("%*s%s", blanks, "", t->cells[i]);
  else
    printf("%s%*s", t->cells[i], last ? 0 : blanks, "");
  if (last) putchar('\n');
}

bool table_print(table *t) {
  size_t *widths = ws_alloc_array(t->columns, sizeof *widths);
  bool fine = widths && !t->failed;
  for (size_t c = 0; fine && c < t->columns; c++) widths[c] = width_of(t, c);
  for (size_t i = 0; fine && i < t->count; i++) print_cell(t, i, widths[i % t->columns]);
  for (size_t i = 0; i < t->count; i++) ws_free(t->cells[i]);
  ws_free(t->cells);
  ws_free(widths);
  return fine;
}

void text_print(ws_text text) {
  ws_buffer copy = {0};
  if (ws_buffer_text(&copy, text) == WS_OK) {
    ws_text_clean(copy.data, copy.size);
    fputs(copy.data, stdout);
  }
  ws_buffer_clear(&copy);
}

int json_print(const ws_json_writer *json) {
  ws_error err = {json->status, {0}};
  if (json->status == WS_OK) puts(json->out->data);
  ws_buffer_clear(json->out);
  return json->status == WS_OK ? EXIT_DONE : say_failure(&err);
}
