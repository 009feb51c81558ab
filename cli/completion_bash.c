/* SPDX-License-Identifier: MIT
 *
 * Completion for bash: three functions that answer from the tables, and one that asks
 * them. Bash itself has few means; bash-completion's helpers may not be there.
 */
#include <stdio.h>

#include "completion.h"

static const char ask[] =
    "_weaksup() {\n"
    "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
    "  local command=${COMP_WORDS[1]} offer\n"
    "  if [[ $cur == '=' ]]; then cur=; fi\n"
    "  if [[ $prev == '=' ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
    "  if ((COMP_CWORD == 1)); then offer=$_weaksup_commands\n"
    "  elif [[ $command == help || $command == manual ]]; then offer=$_weaksup_commands\n"
    "  elif offer=$(_weaksup_values \"$command\" \"$prev\"); then :\n"
    "  elif [[ $cur == -* ]]; then offer=$(_weaksup_options \"$command\")\n"
    "  else offer=$(_weaksup_arguments \"$command\")\n"
    "  fi\n"
    "  local IFS=$'\\n'\n"
    "  case $offer in\n"
    "    @file) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n"
    "    @folder) COMPREPLY=($(compgen -d -- \"$cur\")) ;;\n"
    "    *) COMPREPLY=($(compgen -W \"${offer// /$'\\n'}\" -- \"$cur\")) ;;\n"
    "  esac\n"
    "}\n"
    "complete -o filenames -o bashdefault -F _weaksup weaksup\n";

static void print_options(void) {
  printf("_weaksup_options() {\n  case $1 in\n");
  for (size_t i = 0; i < command_count; i++) {
    option_walk walk = {0};
    printf("    %s) echo '", commands[i]->name);
    const char *blank = "";
    for (const option *o; (o = option_next(commands[i], &walk)); blank = " ")
      printf("%s--%s", blank, option_shown(o));
    printf("' ;;\n");
  }
  printf("  esac\n}\n");
}

/* It fails where the word before is no option that takes a value. */
static void print_values(void) {
  printf("_weaksup_values() {\n  case \"$1 $2\" in\n");
  for (size_t i = 0; i < command_count; i++) {
    option_walk walk = {0};
    for (const option *o; (o = option_next(commands[i], &walk));) {
      if (!option_has_value(o)) continue;
      printf("    '%s --%s'", commands[i]->name, option_shown(o));
      if (o->letter) printf("|'%s -%c'", commands[i]->name, o->letter);
      printf(") echo '%s' ;;\n", o->values ? o->values : "");
    }
  }
  printf("    *) return 1 ;;\n  esac\n}\n");
}

static void print_arguments(void) {
  printf("_weaksup_arguments() {\n  case $1 in\n");
  for (size_t i = 0; i < command_count; i++) {
    const char *argument = completion_argument(commands[i]);
    if (argument) printf("    %s) echo '%s' ;;\n", commands[i]->name, argument);
  }
  printf("  esac\n}\n");
}

void completion_bash(void) {
  printf("# Completion of weaksup for bash.\n_weaksup_commands='help");
  for (size_t i = 0; i < command_count; i++) printf(" %s", commands[i]->name);
  printf("'\n");
  print_options();
  print_values();
  print_arguments();
  fputs(ask, stdout);
}
