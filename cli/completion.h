/* SPDX-License-Identifier: MIT
 *
 * Completion for shells, from the tables of commands and options. Each prints a script to
 * standard output.
 */
#ifndef WS_COMPLETION_H
#define WS_COMPLETION_H

#include "commands.h"
#include "option_table.h"

void completion_bash(void);
void completion_fish(void);
void completion_zsh(void);

/* What may stand for an argument that is no option: "@file", "@folder", words, or NULL.
 */
const char *completion_argument(const command *self);

/* Prints the text in single quotes, as sh and zsh read it, with a backslash in front of
 * each character of `special`. */
void completion_quote(const char *text, const char *special);

#endif
