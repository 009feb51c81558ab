/* SPDX-License-Identifier: MIT
 *
 * Talk: everything that goes to standard error.
 */
#ifndef WS_SAY_H
#define WS_SAY_H

#include <stdbool.h>

#include <weaksup/status.h>

struct command;
struct options;

/* Prints "weaksup: message"; returns EXIT_FAILED. */
int say_failure(const ws_error *err);
/* Prints what is wrong with the command line and where help is; returns false. */
bool say_usage(const struct command *self, const char *format, ...) WS_PRINTF(2, 3);
/* Something that went wrong and did not end the work: said with -q, too. */
void say_warning(const char *format, ...) WS_PRINTF(1, 2);
/* No warnings until it is turned off: the same work is done again, and they were said. */
void say_hush(bool on);
/* A remark, unless -q. */
void say_note(const struct options *o, const char *format, ...) WS_PRINTF(2, 3);

/* For "%s%s%s" behind a name that is none: the one that was meant; NULL: not known. */
#define DID_YOU_MEAN(name)                                                               \
  (name) ? ", did you mean '" : "", (name) ? (name) : "", (name) ? "'?" : ""

/* What messages call an input: "-" is standard input. */
const char *input_name(const char *path);

#endif
