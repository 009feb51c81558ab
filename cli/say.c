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
#include "events.h"
#include "stop.h"

/* One line. What it quotes may come from anywhere, and is made fit for a terminal. */
WS_PRINTF(2, 0)
static void say(const char *kind, const char *format, va_list args) {
  va_list again;
  va_copy(again, args);
  int size = vsnprintf(NULL, 0, format, again);
  va_end(again);
  char *line = size < 0 ? NULL : ws_alloc((size_t)size + 1);
  if (line) {
    vsnprintf(line, (size_t)size + 1, format, args);
    ws_text_clean(line, (size_t)size);
  }
  const char *text = line ? line : "out of memory for a message";
  if (events_on())
    event_message(kind, text);
  else
    fprintf(stderr, "weaksup: %s%s\n", strcmp(kind, "warning") == 0 ? "warning: " : "",
            text);
  ws_free(line);
}

WS_PRINTF(1, 2)
static void say_error(const char *format, ...) {
  va_list args;
  va_start(args, format);
  say("error", format, args);
  va_end(args);
}

int say_failure(const ws_error *err) {
  if (err->status == WS_ESTOPPED && stop_wanted())
    say_error("stopped: files and runs are as they were");
  else
    say_error("%s", err->message[0] ? err->message : ws_status_text(err->status));
  return EXIT_FAILED;
}

bool say_usage(const command *self, const char *format, ...) {
  va_list args;
  va_start(args, format);
  say("error", format, args);
  va_end(args);
  if (!events_on()) fprintf(stderr, "try 'weaksup %s --help'\n", self->name);
  return false;
}

static bool hushed;

void say_hush(bool on) {
  hushed = on;
}

void say_warning(const char *format, ...) {
  if (hushed) return;
  va_list args;
  va_start(args, format);
  say("warning", format, args);
  va_end(args);
}

void say_note(const options *o, const char *format, ...) {
  if (o->quiet) return;
  va_list args;
  va_start(args, format);
  say("note", format, args);
  va_end(args);
}

const char *input_name(const char *path) {
  return strcmp(path, "-") == 0 ? "standard input" : path;
}
