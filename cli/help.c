/* SPDX-License-Identifier: MIT
 *
 * What --help prints.
 */
#include <string.h>

#include "commands.h"
#include "option_table.h"

void help_overview(FILE *to) {
  fputs("usage: weaksup COMMAND [OPTION]... [ARGUMENT]...\n\n", to);
  for (size_t i = 0; i < command_count; i++) {
    char left[64];
    command_usage(commands[i], left, sizeof left);
    fprintf(to, "  %-22s %s\n", left, commands[i]->summary);
  }
  fputs("  help COMMAND           what a command does, and its options\n", to);
}

static void print_option(const option *o) {
  char left[64], letter[5] = "    ";
  if (o->letter) snprintf(letter, sizeof letter, "-%c, ", o->letter);
  snprintf(left, sizeof left, "--%s%s%s", option_shown(o), o->metavar ? " " : "",
           o->metavar ? o->metavar : "");
  printf("  %s%-24s %s\n", letter, left, o->help);
}

/* Under the titles of their groups. */
static void print_options(const command *self) {
  option_walk walk = {0};
  size_t group = option_group_count;
  for (const option *o; (o = option_next(self, &walk));) {
    if (walk.group != group) printf("\n%s:\n", option_groups[walk.group].title);
    group = walk.group;
    print_option(o);
  }
}

static void print_examples(const char *examples) {
  printf("\nExamples:\n");
  for (const char *line = examples; *line;) {
    size_t size = strcspn(line, "\n");
    printf("  %.*s\n", (int)size, line);
    line += size + (line[size] == '\n');
  }
}

void help_command(const command *self) {
  printf("usage: weaksup %s [OPTION]...%s%s\n\n%s", self->name,
         *self->arguments ? " " : "", self->arguments, self->details);
  print_options(self);
  if (self->examples) print_examples(self->examples);
}
