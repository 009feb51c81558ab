/* SPDX-License-Identifier: MIT
 *
 * weaksup doctor: whether weaksup can work here, and what is missing.
 */
#include <stdio.h>

#include "checkup.h"
#include "members.h"
#include "say.h"
#include "step.h"
#include "table.h"
#include "terminal.h"

static const char *const states[] = {"ok", "warning", "error"};
static const term_mark marks[] = {MARK_NONE, MARK_POOR, MARK_BAD};

static void print_checks(const checkup *c, bool quiet) {
  for (size_t i = 0; i < c->count; i++) {
    const check *one = &c->checks[i];
    if (quiet && one->state == CHECK_OK) continue;
    printf("%s%-7s%s  %s: %s\n", terminal_begin(marks[one->state]), states[one->state],
           terminal_end(marks[one->state]), one->name, one->found);
    if (one->advice) printf("         %s\n", one->advice);
  }
  if (quiet) return;
  if (checkup_any(c, CHECK_ERROR))
    printf("something is broken: see the errors\n");
  else
    printf("weaksup can work here%s\n",
           checkup_any(c, CHECK_WARNING) ? "; see the warnings" : "");
}

static void print_next(const command *self, const options *o) {
  const char *given = o->argument_count ? o->arguments[0] : NULL;
  ws_buffer beside = {0};
  if (!given && setup_finds_task(o)) step_lfs_beside(o, &beside);
  if (!given && beside.size) given = beside.data;
  if (given) {
    step s = step_to(&cmd_fit);
    step_argument(&s, given);
    step_options(&s, self, o, NULL);
    step_run_beside(&s, o, given);
    step_print(&s, o, "fit");
  }
  ws_buffer_clear(&beside);
}

static int print_json(const checkup *c) {
  ws_buffer out = {0};
  ws_json_writer json = {.out = &out};
  ws_json_open(&json, '{');
  json_put_bool(&json, "usable", !checkup_any(c, CHECK_ERROR));
  ws_json_key(&json, "checks");
  ws_json_open(&json, '[');
  for (size_t i = 0; i < c->count; i++) {
    ws_json_open(&json, '{');
    json_put_string(&json, "name", c->checks[i].name);
    json_put_string(&json, "state", states[c->checks[i].state]);
    json_put_string(&json, "found", c->checks[i].found);
    json_put_string(&json, "advice", c->checks[i].advice);
    ws_json_close(&json, '}');
  }
  ws_json_close(&json, ']');
  ws_json_close(&json, '}');
  return json_print(&json);
}

static int run(const command *self, const options *o) {
  bar b = bar_new(o);
  setup s;
  checkup c = {.count = 0};
  if (!setup_init(&s, self, o, &b)) return EXIT_USAGE;
  checkup_program(&c);
  checkup_system(&c);
  checkup_task(&c, &s, o->argument_count ? o->arguments[0] : NULL);
  setup_clear(&s);
  int code = checkup_any(&c, CHECK_ERROR) ? EXIT_FAILED : EXIT_DONE;
  if (!o->json) {
    print_checks(&c, o->quiet);
    if (code == EXIT_DONE) print_next(self, o);
    return code;
  }
  int printed = print_json(&c);
  return printed == EXIT_DONE ? code : printed;
}

const command cmd_doctor = {
    .name = "doctor",
    .arguments = "[LFS]",
    .summary = "whether weaksup can work here, and what is missing",
    .details =
        "Looks at the libraries, at what locks workers down, at memory and other limits, "
        "at the\n"
        "locale and the terminal, and at the task: weaksup.lua in the current directory, "
        "or beside\n"
        "LFS, or --task FILE; whether its data can be read, dev has gold labels and the "
        "labeling\n"
        "functions load. Each line is ok, a warning or an error, with what to do. Exit "
        "code "
        "0 where\n"
        "there is no error, 1 otherwise.\n",
    .examples = "weaksup doctor\n"
                "weaksup doctor lfs/\n",
    .takes = (const char *const[]){"task", "classes", "data", "dev", "test", "text",
                                   "gold", "id", "input-format", "max-line", "cache",
                                   "json", "quiet", NULL},
    .least = 0,
    .most = 1,
    .run = run,
};
