/* SPDX-License-Identifier: MIT
 *
 * Talk goes to standard error, one line a message, with the program's name in front.
 */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/text.h>

#include "cmd.h"

/* One line. What it quotes may come from anywhere, and is made fit for a terminal. */
WS_PRINTF(2, 0)
static void say(const char *front, const char *format, va_list args) {
  va_list again;
  va_copy(again, args);
  int size = vsnprintf(NULL, 0, format, again);
  va_end(again);
  char *line = size < 0 ? NULL : ws_alloc((size_t)size + 1);
  if (line) {
    vsnprintf(line, (size_t)size + 1, format, args);
    ws_text_clean(line, (size_t)size);
  }
  fprintf(stderr, "weaksup: %s%s\n", front, line ? line : "out of memory for a message");
  ws_free(line);
}

WS_PRINTF(1, 2)
static void say_line(const char *format, ...) {
  va_list args;
  va_start(args, format);
  say("", format, args);
  va_end(args);
}

int say_failure(const ws_error *err) {
  say_line("%s", err->message[0] ? err->message : ws_status_text(err->status));
  return EXIT_FAILED;
}

bool say_usage(const command *self, const char *format, ...) {
  va_list args;
  va_start(args, format);
  say("", format, args);
  va_end(args);
  fprintf(stderr, "try 'weaksup %s --help'\n", self->name);
  return false;
}

void say_warning(const char *format, ...) {
  va_list args;
  va_start(args, format);
  say("warning: ", format, args);
  va_end(args);
}

void say_note(const options *o, const char *format, ...) {
  if (o->quiet) return;
  va_list args;
  va_start(args, format);
  say("", format, args);
  va_end(args);
}

const char *input_name(const char *path) {
  return strcmp(path, "-") == 0 ? "standard input" : path;
}
