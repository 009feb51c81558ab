/* SPDX-License-Identifier: MIT
 *
 * weaksup completion: a script that makes a shell complete weaksup's command lines.
 */
#include <string.h>

#include "cmd.h"
#include "completion.h"
#include "say.h"

static const struct {
  const char *name;
  void (*print)(void);
} shells[] = {
    {"bash", completion_bash},
    {"fish", completion_fish},
    {"zsh", completion_zsh},
};

const char *completion_argument(const command *self) {
  if (self == &cmd_completion) return "bash fish zsh";
  if (strncmp(self->arguments, "LFS", 3) == 0) return "@folder";
  return *self->arguments ? "@file" : NULL;
}

void completion_quote(const char *text, const char *special) {
  putchar('\'');
  for (const char *c = text; *c; c++) {
    if (strchr(special, *c)) putchar('\\');
    if (*c == '\'')
      fputs("'\\''", stdout);
    else
      putchar(*c);
  }
  putchar('\'');
}

static int run(const command *self, const options *o) {
  for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
    if (strcmp(shells[i].name, o->arguments[0]) != 0) continue;
    shells[i].print();
    return EXIT_DONE;
  }
  say_usage(self, "expected bash, fish or zsh, found '%s'", o->arguments[0]);
  return EXIT_USAGE;
}

const command cmd_completion = {
    .name = "completion",
    .arguments = "SHELL",
    .summary = "a script that completes command lines",
    .details = "Prints a script for SHELL, which is bash, fish or zsh, that completes "
               "commands,\n"
               "options, their values and file names.\n",
    .examples = "eval \"$(weaksup completion bash)\"\n"
                "weaksup completion fish > ~/.config/fish/completions/weaksup.fish\n"
                "weaksup completion zsh > ~/.zfunc/_weaksup\n",
    .takes = (const char *const[]){NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
