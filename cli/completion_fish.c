/* SPDX-License-Identifier: MIT
 *
 * Completion for fish: a line for each command and each of its options.
 */
#include <stdio.h>
#include <string.h>

#include "completion.h"

/* In single quotes fish knows two escapes, \' and \\. */
static void print_quoted(const char *text) {
  putchar('\'');
  for (const char *c = text; *c; c++) {
    if (*c == '\'' || *c == '\\') putchar('\\');
    putchar(*c);
  }
  putchar('\'');
}

static void print_values(const char *values) {
  if (!values)
    printf(" -x");
  else if (strcmp(values, "@file") == 0)
    printf(" -r -F");
  else if (strcmp(values, "@folder") == 0)
    printf(" -x -a '(__fish_complete_directories)'");
  else {
    printf(" -x -a ");
    print_quoted(values);
  }
}

static void print_option(const command *self, const option *o) {
  printf("complete -c weaksup -n '__fish_seen_subcommand_from %s' -l %s", self->name,
         option_shown(o));
  if (o->letter) printf(" -s %c", o->letter);
  if (option_has_value(o)) print_values(o->values);
  printf(" -d ");
  print_quoted(o->help);
  putchar('\n');
}

static void print_argument(const command *self) {
  const char *argument = completion_argument(self);
  if (argument && strcmp(argument, "@file") == 0) {
    printf("complete -c weaksup -n '__fish_seen_subcommand_from %s' -F\n", self->name);
  } else if (argument) {
    printf("complete -c weaksup -n '__fish_seen_subcommand_from %s'", self->name);
    print_values(argument);
    putchar('\n');
  }
}

void completion_fish(void) {
  printf("# Completion of weaksup for fish.\ncomplete -c weaksup -f\n");
  for (size_t i = 0; i < command_count; i++) {
    printf("complete -c weaksup -n __fish_use_subcommand -a %s -d ", commands[i]->name);
    print_quoted(commands[i]->summary);
    putchar('\n');
  }
  printf("complete -c weaksup -n __fish_use_subcommand -a help -d 'what a command does'\n"
         "complete -c weaksup -n '__fish_seen_subcommand_from help manual' -a '");
  for (size_t i = 0; i < command_count; i++)
    printf("%s%s", i ? " " : "", commands[i]->name);
  printf("'\n");
  for (size_t i = 0; i < command_count; i++) {
    option_walk walk = {0};
    print_argument(commands[i]);
    for (const option *o; (o = option_next(commands[i], &walk));)
      print_option(commands[i], o);
  }
}
