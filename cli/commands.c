/* SPDX-License-Identifier: MIT
 *
 * The commands, in the order in which a user meets them.
 */
#include "commands.h"

#include <string.h>

#include <weaksup/text.h>

enum { COMMANDS_MOST = 64 }; // to suggest one of them

const command *const commands[] = {
    &cmd_init,       &cmd_fit,      &cmd_train,    &cmd_cv,           &cmd_apply,
    &cmd_analyze,    &cmd_test,     &cmd_verify,   &cmd_try,          &cmd_report,
    &cmd_next,       &cmd_annotate, &cmd_generate, &cmd_active,       &cmd_ask,
    &cmd_explain,    &cmd_diff,     &cmd_merge,    &cmd_import_votes, &cmd_label,
    &cmd_predict,    &cmd_evaluate, &cmd_export,   &cmd_inspect,      &cmd_doctor,
    &cmd_completion, &cmd_manual,   &cmd_version,
};
const size_t command_count = sizeof commands / sizeof *commands;

const command *command_find(const char *name) {
  for (size_t i = 0; i < command_count; i++)
    if (strcmp(commands[i]->name, name) == 0) return commands[i];
  return NULL;
}

const char *command_suggest(const char *name) {
  const char *names[COMMANDS_MOST] = {"help"};
  size_t count = 1;
  for (size_t i = 0; i < command_count && count < COMMANDS_MOST; i++)
    names[count++] = commands[i]->name;
  return ws_suggest(ws_text_of(name), names, count);
}

void command_usage(const command *self, char *out, size_t size) {
  snprintf(out, size, "%s%s%s", self->name, *self->arguments ? " " : "", self->arguments);
}
