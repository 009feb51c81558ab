/* SPDX-License-Identifier: MIT
 *
 * The table of commands, and what is printed about them.
 */
#ifndef WS_COMMANDS_H
#define WS_COMMANDS_H

#include <stdio.h>

#include "cmd.h"

extern const command *const commands[];
extern const size_t command_count;

/* NULL where there is none of the name. */
const command *command_find(const char *name);

/* The one that a name which is none is near to, or NULL. */
const char *command_suggest(const char *name);

/* "fit LFS", as usage lines and tables name it. Writes at most `size` bytes. */
void command_usage(const command *self, char *out, size_t size);

/* What weaksup does: all commands, a line each. */
void help_overview(FILE *to);

/* What one command does, and its options. */
void help_command(const command *self);

#endif
