/* SPDX-License-Identifier: MIT
 *
 * Completion for zsh: a call of _arguments for each command.
 */
#include <stdio.h>
#include <string.h>

#include "completion.h"

/* Characters that mean something in a specification. */
#define SPECIAL "\\:[]"

static const char *action(const char *values) {
  if (!values) return " ";
  if (strcmp(values, "@file") == 0) return "_files";
  if (strcmp(values, "@folder") == 0) return "_files -/";
  return NULL;
}

/* ":MESSAGE:ACTION" */
static void print_value(const char *message, const char *values) {
  const char *found = action(values);
  printf("':'");
  completion_quote(message, SPECIAL);
  printf("':'");
  if (found)
    completion_quote(found, "");
  else
    printf("'(%s)'", values);
}

static void print_option(const option *o) {
  bool repeated = o->kind == TEXTS || o->kind == COUNT;
  printf(" \\\n        ");
  if (o->letter)
    printf("'(-%c --%s)'{-%c%s,--%s%s}", o->letter, option_shown(o), o->letter,
           option_has_value(o) ? "+" : "", option_shown(o),
           option_has_value(o) ? "=" : "");
  else
    printf("'%s--%s%s'", repeated ? "*" : "", option_shown(o),
           option_has_value(o) ? "=" : "");
  printf("'['");
  completion_quote(o->help, SPECIAL);
  printf("']'");
  if (option_has_value(o)) print_value(o->metavar, o->values);
}

static void print_command(const command *self) {
  option_walk walk = {0};
  const char *argument = completion_argument(self);
  printf("      %s)\n        _arguments -s -S", self->name);
  for (const option *o; (o = option_next(self, &walk));) print_option(o);
  if (argument) {
    printf(" \\\n        '*'");
    print_value(self->arguments, argument);
  }
  printf(" ;;\n");
}

void completion_zsh(void) {
  printf("#compdef weaksup\n# Completion of weaksup for zsh.\n"
         "_weaksup_commands() {\n  local -a names\n  names=(\n");
  for (size_t i = 0; i < command_count; i++) {
    printf("    '%s:'", commands[i]->name);
    completion_quote(commands[i]->summary, SPECIAL);
    putchar('\n');
  }
  printf("    'help:what a command does'\n  )\n  _describe command names\n}\n"
         "_weaksup() {\n  local context state state_descr line\n  typeset -A opt_args\n"
         "  _arguments -C '1:command:_weaksup_commands' '*::argument:->argument'\n"
         "  [[ $state == argument ]] || return\n"
         "  case $words[1] in\n      help|manual) _weaksup_commands ;;\n");
  for (size_t i = 0; i < command_count; i++)
    if (commands[i] != &cmd_manual) print_command(commands[i]);
  printf(
      "  esac\n}\n"
      "if [[ $funcstack[1] == _weaksup ]]; then _weaksup \"$@\"; else compdef _weaksup "
      "weaksup; fi\n");
}
