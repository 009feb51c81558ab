/* SPDX-License-Identifier: MIT
 *
 * weaksup report: a run as one HTML page that needs nothing else.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <weaksup/output.h>

#include "members.h"
#include "out_check.h"
#include "report_page.h"
#include "run_folder.h"
#include "say.h"
#include "step.h"
#include "table.h"

static ws_status write_page(const report *r, const char *path, ws_error *err) {
  html page = {{0}, WS_OK};
  report_page(&page, r);
  ws_status status = page.status == WS_OK
                         ? ws_output_file(path, ws_buffer_as_text(&page.out), err)
                         : ws_error_nomem(err);
  ws_buffer_clear(&page.out);
  return status;
}

static ws_status run_steps(report *r, const char *path, ws_error *err) {
  WS_TRY(report_load(r, err));
  WS_TRY(report_find_records(r, err));
  WS_TRY(report_find_gold(r, err));
  bar_clear(&r->bar);
  return write_page(r, path, err);
}

/* The system's own program for "open this": what fails there is said, and no failure of
 * ours. */
static void open_page(const char *path) {
#ifdef __APPLE__
  static char program[] = "open";
#else
  static char program[] = "xdg-open";
#endif
  extern char **environ;
  char name[4096];
  int size = snprintf(name, sizeof name, "%s%s", path[0] == '-' ? "./" : "", path);
  char *const arguments[] = {program, name, NULL};
  pid_t child;
  int status = -1;
  posix_spawn_file_actions_t quiet; // browsers talk about themselves
  if (posix_spawn_file_actions_init(&quiet) != 0) return;
  bool fine =
      size > 0 && (size_t)size < sizeof name &&
      posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0) == 0 &&
      posix_spawn_file_actions_adddup2(&quiet, 1, 2) == 0 &&
      posix_spawnp(&child, program, &quiet, NULL, arguments, environ) == 0 &&
      waitpid(child, &status, 0) == child && status == 0;
  posix_spawn_file_actions_destroy(&quiet);
  if (!fine) say_warning("%s cannot open it: open %s by hand", program, path);
}

/* --out, or report.html in the run. */
static ws_status find_path(const options *o, ws_buffer *out, ws_error *err) {
  ws_status status = o->out ? ws_buffer_string(out, o->out)
                            : ws_buffer_printf(out, "%s/%s", o->arguments[0], RUN_REPORT);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

static bool check_options(const command *self, const options *o) {
  if (o->open && o->out && strcmp(o->out, "-") == 0)
    return say_usage(self, "--open: expected a file to open, found --out -");
  if (o->examples < 1 || o->examples > 1000)
    return say_usage(self, "--examples: expected 1 to 1000, found %llu",
                     (unsigned long long)o->examples);
  return true;
}

static int print_json(const report *r, const char *path) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  ws_json_open(&json, '{');
  json_put_string(&json, "run", r->run);
  json_put_string(&json, "report", path);
  json_put_string(&json, "no_texts", r->no_texts.size ? r->no_texts.data : NULL);
  ws_json_close(&json, '}');
  return json_print(&json);
}

/* A run of `train` has no labeling functions, and needs none; rules are found in texts.
 */
static void say_next(const report *r) {
  if (!run_has(r->run, RUN_VOTES) || r->no_texts.size) return;
  step s = step_to(&cmd_next);
  step_argument(&s, r->run);
  step_number(&s, "lfs", 5);
  step_say(&s, r->o, "which rules would help");
}

/* What is said of a page that lies in a file. */
static int tell(const report *r, const char *path) {
  int code = EXIT_DONE;
  bool json = r->o->json;
  if (json) code = print_json(r, path);
  if (!json && r->no_texts.size)
    say_note(r->o, "the page shows no texts: %s", r->no_texts.data);
  if (!json) say_note(r->o, "the report is in %s", path);
  if (r->o->open) open_page(path);
  if (!json) say_next(r);
  return code;
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  ws_buffer path = {0};
  report r = {.o = o,
              .run = o->arguments[0],
              .bar = bar_new(o),
              .journal = {.torn = SIZE_MAX, .file = {.fd = -1}}};
  if (!check_options(self, o) || !check_json_out(self, o)) return EXIT_USAGE;
  if (!setup_init(&r.setup, self, o, &r.bar)) return EXIT_USAGE;
  ws_status status = find_path(o, &path, &err);
  if (status == WS_OK) status = run_steps(&r, path.data, &err);
  bar_clear(&r.bar);
  int code = status == WS_OK ? EXIT_DONE : say_failure(&err);
  if (status == WS_OK && strcmp(path.data, "-") != 0) code = tell(&r, path.data);
  ws_buffer_clear(&path);
  report_clear(&r);
  return code;
}

const command cmd_report = {
    .name = "report",
    .arguments = "RUN",
    .summary = "a run as one HTML page",
    .details =
        "Writes one page that needs no other file and no network: scores and warnings, "
        "the\n"
        "labeling functions, where they meet, how sure the labels are and how often "
        "right,\n"
        "what the label model changes, and records of each kind with what matched and "
        "why\n"
        "they have their label. It goes into the run folder as report.html, or to --out. "
        "The\n"
        "texts come from the data that the run names, or from --data where that lies "
        "now; if\n"
        "it is not the same data, by its hash, the page shows ids only.\n",
    .examples = "weaksup fit lfs/\n"
                "weaksup report run --open\n"
                "# The data lies elsewhere now\n"
                "weaksup report run --data /archive/comments.jsonl --out page.html\n",
    .takes = (const char *const[]){"report:data", "out", "open", "examples", "report:top",
                                   "input-format", "max-line", "dev-npy", "test-npy",
                                   "jobs", "lf-steps", "lf-memory", "lf-time", "no-jit",
                                   "seed", "json", "quiet", "verbose", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
