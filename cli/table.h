/* SPDX-License-Identifier: MIT
 *
 * What goes to standard output: JSON documents and tables, whose columns are as wide as
 * their widest cell, in terminal columns rather than bytes.
 */
#ifndef WS_TABLE_H
#define WS_TABLE_H

#include <weaksup/json.h>

#include "terminal.h"

typedef struct table_text {
  char *text;
  term_mark mark;
} table_text;

typedef struct table {
  size_t columns;
  const bool *right;            // [columns] whether the column is set flush right
  const unsigned char *give_up; // [columns] which are left out where the terminal is too
                                // narrow: 1 first, 0 never. NULL: lines may be too long
  table_text *cells;            // [count], row after row; the first row is the heads
  size_t count, capacity;
  bool failed; // no memory: the table is not printed
} table;

/* Adds a cell; rows fill from left to right. */
void table_cell(table *t, const char *format, ...) WS_PRINTF(2, 3);
/* Marks the cell that was added last. */
void table_mark(table *t, term_mark mark);
/* Prints it to standard output and frees it; false where there was no memory. */
bool table_print(table *t);

/* Prints a text that may come from anywhere, made fit for terminals. */
void text_print(ws_text text);
/* The same as one word of a command that can be copied. */
void shell_print(ws_text text);

/* Prints a JSON document to standard output, frees its buffer; returns the exit code. */
int json_print(const ws_json_writer *json);

#endif
