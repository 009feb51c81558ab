/* SPDX-License-Identifier: MIT
 *
 * What a subcommand is. Each lives in a file cmd_NAME.c and is one entry of the table in
 * main.c. The commands translate: options to the library's, results to tables and files.
 */
#ifndef WS_CMD_H
#define WS_CMD_H

#include <stddef.h>

#include "options.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

typedef struct command {
  const char *name;
  const char *arguments;    // as the usage line shows them: "LFS"
  const char *summary;      // one line, for the list of commands
  const char *details;      // for --help
  const char *examples;     // the same: command lines, with '#' in front of remarks
  const char *const *takes; // names of the options it takes, NULL at the end
  size_t least, most;       // how many arguments that are no options
  int (*run)(const struct command *self, const options *o);
} command;

extern const command cmd_fit, cmd_annotate, cmd_doctor, cmd_init, cmd_apply, cmd_ask,
    cmd_generate, cmd_analyze, cmd_completion, cmd_cv, cmd_diff, cmd_predict,
    cmd_evaluate, cmd_explain, cmd_export, cmd_inspect, cmd_label, cmd_manual, cmd_merge,
    cmd_next, cmd_report, cmd_test, cmd_train, cmd_try, cmd_verify, cmd_version,
    cmd_import_votes, cmd_active;

#endif
