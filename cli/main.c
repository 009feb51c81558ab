/* SPDX-License-Identifier: MIT
 *
 * weaksup: the table of commands, and what all of them share: start-up, help, and a last
 * look at standard output, so that a full disk is never taken for success.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <weaksup/lf_set.h>
#include <weaksup/model.h>

#include "bar.h"
#include "commands.h"
#include "events.h"
#include "out_check.h"
#include "say.h"
#include "stop.h"
#include "terminal.h"

static int unknown_command(const char *name) {
  const char *meant = command_suggest(name);
  fprintf(stderr, "weaksup: unknown command '%s'%s%s%s\ntry 'weaksup help'\n", name,
          DID_YOU_MEAN(meant));
  return EXIT_USAGE;
}

static int print_help(const command *self) {
  help_command(self);
  return EXIT_DONE;
}

static int help(int argc, char **argv) {
  if (argc < 3 || strcmp(argv[2], "help") == 0) {
    help_overview(stdout);
    return EXIT_DONE;
  }
  const command *self = command_find(argv[2]);
  return self ? print_help(self) : unknown_command(argv[2]);
}

static int no_command(void) {
  help_overview(stderr);
  return EXIT_USAGE;
}

static int run(int argc, char **argv) {
  options o;
  if (argc < 2) return no_command();
  const char *name = argv[1];
  if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
    return help(argc, argv);
  if (strcmp(name, "--version") == 0) name = "version";
  const command *self = command_find(name);
  if (!self) return unknown_command(name);
  if (!options_parse(self, argc, argv, 2, &o)) return EXIT_USAGE;
  if (o.help) return print_help(self);
  if (o.log_json) events_enable();
  if (o.color && !terminal_set_color(o.color)) {
    say_usage(self, "--color: expected auto, always or never, found '%s'", o.color);
    return EXIT_USAGE;
  }
  if (!out_check(self, &o)) return EXIT_FAILED;
  double began = seconds_now();
  int code = self->run(self, &o);
  if (events_on()) event_done(code, seconds_now() - began);
  if (o.verbose && !events_on())
    say_note(&o, "%s: %.3f s", self->name, seconds_now() - began);
  return code;
}

/* A descriptor of the first three that is closed would be given to the next file that is
 * opened, and messages would go into that. */
static bool open_standard(void) {
  int fd;
  bool closed = fcntl(1, F_GETFD) < 0;
  do fd = open("/dev/null", O_RDWR);
  while (fd >= 0 && fd < 3);
  if (fd >= 0) close(fd);
  if (fd < 0 || !closed) return fd >= 0;
  fd = open("/dev/null", O_RDONLY); // what is written there is lost: writing fails
  if (fd < 0 || dup2(fd, 1) < 0) return false;
  close(fd);
  return true;
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], WS_LF_WORKER_ARG) == 0)
    return ws_lf_worker_main(argc, argv);
  if (!open_standard()) return EXIT_FAILED;
  ws_model_startup();
  stop_prepare();
  int code = run(argc, argv);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    perror("weaksup: standard output: cannot write");
    code = EXIT_FAILED;
  }
  stop_obey();
  return code;
}
