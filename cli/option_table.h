/* SPDX-License-Identifier: MIT
 *
 * The table of options: what parsing, --help, the manual pages and the completion of
 * shells are made from.
 */
#ifndef WS_OPTION_TABLE_H
#define WS_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct command;

typedef enum option_kind { TEXT, TEXTS, NUMBER, FLAG, COUNT } option_kind;

/* "COMMAND:NAME" is the option NAME of one command, for which it means something of its
 * own. */
typedef struct option {
  const char *name;
  char letter;
  option_kind kind;
  size_t at; // offset in struct options
  const char *metavar;
  const char *help;
  const char *values; // what a shell may offer: words, with blanks between them, "@file",
                      // "@folder"; NULL: nothing
} option;

typedef struct option_group {
  const char *title;
  const option *options;
  size_t count;
} option_group;

extern const option_group option_groups[];
extern const size_t option_group_count;

/* Goes through the options that a command takes, in the order of the table: start with
 * {0}. NULL at the end. */
typedef struct option_walk {
  size_t group, at;
} option_walk;
const option *option_next(const struct command *self, option_walk *walk);

/* The name as a user writes it. */
const char *option_shown(const option *opt);

bool option_has_value(const option *opt);

/* The value as a number that the option takes; else says which these are. Of
 * option_range.c. */
bool option_number(const struct command *self, const option *opt, const char *value,
                   uint64_t *out);

#endif
