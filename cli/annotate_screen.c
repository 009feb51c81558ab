/* SPDX-License-Identifier: MIT
 *
 * What annotate shows: plain lines, one below the other, so that nothing of it is lost
 * and screen readers can read it.
 */
#include <stdio.h>
#include <string.h>

#include "annotate.h"
#include "quote.h"
#include "table.h"
#include "terminal.h"

enum { ID_COLUMNS = 30, LINES_SHOWN = 30 };

/* s, u, q and m are commands. */
static const char keys[] = "123456789abcdefghijklnoprtvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
_Static_assert(sizeof keys - 1 == KEY_CLASSES, "a key for each");

char key_of_class(size_t k) {
  return keys[k];
}

int class_of_key(int key, size_t classes) {
  const char *at = key > 0 ? strchr(keys, key) : NULL;
  return at && (size_t)(at - keys) < classes ? (int)(at - keys) : -1;
}

static size_t columns_shown(void) {
  size_t columns = terminal_columns();
  return columns == 0 ? 80 : columns < 20 ? 20 : columns;
}

/* --- a record ----------------------------------------------------------------------- */

static ws_status put_text(const queue *q, size_t i, size_t columns, ws_buffer *out) {
  return quote_wrapped(out, ws_buffer_as_text(&q->items[i].text), columns - 2, "  ");
}

/* The first lines of a long text. */
static void print_lines(const ws_buffer *lines, bool whole) {
  const char *at = lines->data, *end = at + lines->size;
  size_t count = 0, left = 0;
  while (at < end && (whole || count < LINES_SHOWN)) {
    const char *next = memchr(at, '\n', (size_t)(end - at));
    next = next ? next + 1 : end;
    fwrite(at, 1, (size_t)(next - at), stdout);
    at = next;
    count++;
  }
  for (; at < end; at++) left += *at == '\n';
  if (left) printf("  ... %zu more lines (m shows them)\n", left);
}

static size_t print_choice(size_t column, size_t columns, const char *key, ws_text name) {
  size_t width = strlen(key) + 1 + ws_text_width(name);
  if (column > 0 && column + 3 + width > columns) {
    printf("\n");
    column = 0;
  }
  printf("%s", column ? "   " : "");
  printf("%s ", key);
  text_print(name);
  return column + (column ? 3 : 0) + width;
}

static void print_choices(const queue *q, size_t columns) {
  static const char *const commands[][2] = {
      {"s", "skip"}, {"u", "undo"}, {"q", "quit"}, {"?", "help"}};
  size_t column = 0;
  for (size_t k = 0; k < ws_task_classes(q->task); k++) {
    char key[2] = {key_of_class(k), '\0'};
    column = print_choice(column, columns, key, ws_task_class(q->task, k));
  }
  printf("\n");
  column = 0;
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    column = print_choice(column, columns, commands[i][0], ws_text_of(commands[i][1]));
  printf("\n> ");
  fflush(stdout);
}

ws_status screen_record(const queue *q, size_t i, bool whole) {
  size_t columns = columns_shown();
  ws_buffer head = {0}, lines = {0};
  ws_status status = quote(&head, ws_buffer_as_text(&q->items[i].id), ID_COLUMNS);
  if (status == WS_OK) status = put_text(q, i, columns, &lines);
  if (status == WS_OK) {
    printf("\n%zu of %zu, id %.*s\n\n", i + 1, q->count, (int)(head.size - 2),
           head.data + 1);
    print_lines(&lines, whole);
    printf("\n");
    print_choices(q, columns);
  }
  ws_buffer_clear(&head);
  ws_buffer_clear(&lines);
  return status;
}

/* --- help --------------------------------------------------------------------------- */

static ws_status put_class(const queue *q, size_t k, size_t columns, ws_buffer *out) {
  ws_text words = ws_task_describe(q->task, k);
  printf("%c ", key_of_class(k));
  text_print(ws_task_class(q->task, k));
  printf("\n");
  out->size = 0;
  if (!words.size) return WS_OK;
  WS_TRY(quote_wrapped(out, words, columns - 4, "    "));
  printf("%s", out->data);
  return WS_OK;
}

ws_status screen_help(const queue *q) {
  size_t columns = columns_shown();
  const char *task = ws_task_get(q->task, WS_TASK_TASK_TEXT);
  ws_buffer lines = {0};
  ws_status status = WS_OK;
  printf("\n");
  if (task) status = quote_wrapped(&lines, ws_text_of(task), columns, "");
  if (status == WS_OK && task) printf("%s\n", lines.data);
  for (size_t k = 0; k < ws_task_classes(q->task) && status == WS_OK; k++)
    status = put_class(q, k, columns, &lines);
  printf("s skip: without a label; it comes again the next time\n"
         "u undo: takes the last answer back\n"
         "m more: the whole of a long text\n"
         "q quit: each answer is in the file already\n");
  ws_buffer_clear(&lines);
  return status;
}
