/* SPDX-License-Identifier: MIT
 *
 * Talk goes to standard error, one line a message, with the program's name in front.
 */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"

int say_failure(const ws_error *err) {
  fprintf(stderr, "weaksup: %s\n",
          err->message[0] ? err->message : ws_status_text(err->status));
  return EXIT_FAILED;
}

WS_PRINTF(1, 0)
static void say(const char *format, va_list args) {
  fputs("weaksup: ", stderr);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
}

bool say_usage(const command *self, const char *format, ...) {
  va_list args;
  va_start(args, format);
  say(format, args);
  va_end(args);
  fprintf(stderr, "try 'weaksup %s --help'\n", self->name);
  return false;
}

void say_warning(const char *format, ...) {
  va_list args;
  va_start(args, format);
  fputs("weaksup: warning: ", stderr);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
}

void say_note(const options *o, const char *format, ...) {
  if (o->quiet) return;
  va_list args;
  va_start(args, format);
  say(format, args);
  va_end(args);
}

const char *input_name(const char *path) {
  return strcmp(path, "-") == 0 ? "standard input" : path;
}
