/* SPDX-License-Identifier: MIT
 *
 * Printing tables.
 */
#include "table.h"

#include <stdarg.h>
#include <stdio.h>

#include <weaksup/alloc.h>

#include "cmd.h"
#include "prose.h"
#include "quote.h"
#include "say.h"

void table_cell(table *t, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int length = vsnprintf(NULL, 0, format, args);
  va_end(args);
  char *text = length < 0 ? NULL : ws_alloc((size_t)length + 1);
  t->failed = t->failed || !text ||
              !ws_grow(&t->cells, &t->capacity, t->count + 1, sizeof *t->cells);
  if (t->failed) {
    ws_free(text);
  } else {
    vsnprintf(text, (size_t)length + 1, format, again);
    ws_text_clean(text, (size_t)length); // names may come from anywhere
    t->cells[t->count++] = (table_text){text, MARK_NONE};
  }
  va_end(again);
}

void table_mark(table *t, term_mark mark) {
  if (t->count) t->cells[t->count - 1].mark = mark;
}

/* --- fitting ------------------------------------------------------------------------ */

enum { GAP = 2, LEAST_NAME = 12, HIDDEN = -1 };

static size_t width_of(const table *t, size_t column) {
  size_t widest = 0;
  for (size_t i = column; i < t->count; i += t->columns) {
    size_t width = ws_text_width(ws_text_of(t->cells[i].text));
    if (width > widest) widest = width;
  }
  return widest;
}

static size_t whole_width(const table *t, const int *widths) {
  size_t sum = 0;
  for (size_t c = 0; c < t->columns; c++)
    if (widths[c] != HIDDEN) sum += (size_t)widths[c] + (sum ? GAP : 0);
  return sum;
}

/* The column to leave out next; t->columns: none. */
static size_t next_to_hide(const table *t, const int *widths) {
  size_t found = t->columns;
  for (size_t c = 0; c < t->columns; c++)
    if (widths[c] != HIDDEN && t->give_up[c] &&
        (found == t->columns || t->give_up[c] < t->give_up[found]))
      found = c;
  return found;
}

/* Leaves columns out; what is still too much is taken from the names in the first one. */
static void fit_to(const table *t, int *widths, size_t most) {
  for (size_t c; whole_width(t, widths) > most; widths[c] = HIDDEN) {
    c = next_to_hide(t, widths);
    if (c == t->columns) break;
  }
  size_t whole = whole_width(t, widths);
  if (whole <= most || widths[0] < LEAST_NAME) return;
  size_t less = whole - most, spare = (size_t)widths[0] - LEAST_NAME;
  widths[0] -= (int)(less < spare ? less : spare);
}

static void say_hidden(const table *t, const int *widths) {
  ws_buffer names = {0};
  ws_status status = WS_OK;
  for (size_t c = 0; c < t->columns && status == WS_OK; c++)
    if (widths[c] == HIDDEN)
      status = ws_buffer_printf(&names, "%s%s", names.size ? ", " : "", t->cells[c].text);
  if (status == WS_OK && names.size)
    prose_print(" ", "(no room for: %s; a wider terminal has it, or --json)", names.data);
  ws_buffer_clear(&names);
}

/* --- printing ----------------------------------------------------------------------- */

/* So many bytes of the text are no wider than `most` columns. */
static size_t bytes_within(ws_text text, size_t most) {
  size_t fits = 0;
  for (size_t i = 1; i <= text.size; i++) {
    bool whole = i == text.size || ((unsigned char)text.data[i] & 0xC0) != 0x80;
    if (whole && ws_text_width((ws_text){text.data, i}) <= most) fits = i;
  }
  return fits;
}

static void print_text(const table_text *cell, size_t width) {
  ws_text text = ws_text_of(cell->text);
  bool cut = ws_text_width(text) > width;
  if (cut) text.size = bytes_within(text, width - 1);
  printf("%s%.*s%s%s", terminal_begin(cell->mark), (int)text.size, text.data,
         cut ? "…" : "", terminal_end(cell->mark));
}

/* No blanks at the end of the line: they are owed until something follows. */
static void print_row(const table *t, size_t first, const int *widths) {
  int owed = 0;
  for (size_t c = 0, shown = 0; c < t->columns; c++) {
    const table_text *cell = &t->cells[first + c];
    if (widths[c] == HIDDEN) continue;
    int width = (int)ws_text_width(ws_text_of(cell->text));
    int blanks = widths[c] > width ? widths[c] - width : 0;
    owed += (shown++ ? GAP : 0) + (t->right[c] ? blanks : 0);
    if (*cell->text) {
      printf("%*s", owed, "");
      print_text(cell, (size_t)widths[c]);
      owed = 0;
    }
    if (!t->right[c]) owed += blanks;
  }
  putchar('\n');
}

bool table_print(table *t) {
  size_t most = t->give_up ? terminal_columns() : 0;
  int *widths = ws_alloc_array(t->columns, sizeof *widths);
  bool fine = widths && !t->failed;
  for (size_t c = 0; fine && c < t->columns; c++) widths[c] = (int)width_of(t, c);
  if (fine && most) fit_to(t, widths, most);
  for (size_t i = 0; fine && i < t->count; i += t->columns) print_row(t, i, widths);
  if (fine) say_hidden(t, widths);
  for (size_t i = 0; i < t->count; i++) ws_free(t->cells[i].text);
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

void shell_print(ws_text text) {
  ws_buffer word = {0};
  if (quote_shell(&word, text) == WS_OK) fputs(word.data, stdout);
  ws_buffer_clear(&word);
}

int json_print(const ws_json_writer *json) {
  ws_error err = {json->status, {0}};
  if (json->status == WS_OK) puts(json->out->data);
  ws_buffer_clear(json->out);
  return json->status == WS_OK ? EXIT_DONE : say_failure(&err);
}
