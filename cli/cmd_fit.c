/* SPDX-License-Identifier: MIT
 *
 * weaksup fit: the main job (fit_run.c), and what is printed of it.
 */
#include <stdio.h>

#include "fit.h"
#include "load_errors.h"
#include "say.h"

/* -v: where the time went. */
static void say_seconds(const fit *f) {
  if (!f->o->verbose) return;
  say_note(
      f->o,
      "votes %.3f s, label model %.3f s, classifier %.3f s, scores %.3f s, all %.3f s",
      f->seconds.votes, f->seconds.label_model, f->seconds.classifier, f->seconds.scores,
      seconds_now() - f->began);
}

static bool check_votes(const command *self, const options *o) {
  if (!o->votes && !o->argument_count)
    return say_usage(self, "expected LFS, or --votes FILE, or both");
  const char *extra = o->dev_votes ? "dev-votes" : o->test_votes ? "test-votes" : NULL;
  return !extra || (o->votes && o->argument_count) ||
         say_usage(self, "--%s: expected LFS and --votes too", extra);
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  fit f;
  if (!check_votes(self, o)) return EXIT_USAGE;
  if (o->select_lfs && o->no_dev_gold) {
    say_usage(self, "--select-lfs: expected no --no-dev-gold, as it looks at that gold");
    return EXIT_USAGE;
  }
  if (!fit_init(&f, self, o)) return EXIT_USAGE;
  ws_status status = fit_run(&f, &err);
  int code = EXIT_DONE;
  if (status != WS_OK && fit_has_table(o)) load_errors_say(load_errors_of(f.lfs));
  if (status != WS_OK)
    code = say_failure(&err);
  else if (o->json)
    code = fit_print_json(&f);
  else if (!o->quiet)
    fit_print(&f);
  if (status == WS_OK) say_seconds(&f);
  fit_clear(&f);
  return code;
}

const command cmd_fit = {
    .name = "fit",
    .arguments = "LFS",
    .summary = "label the data, train the classifier, write the run",
    .details = "Applies the labeling functions in the folder LFS to the data of the "
               "task, fits the\n"
               "label model, writes probabilistic labels, trains the classifier on them, "
               "scores\n"
               "both where there are gold labels, and prints a table of the labeling "
               "functions.\n"
               "Everything goes into the folder --out (run), which is replaced whole.\n"
               "With --votes FILE in place of LFS the votes are ready-made; --dev and "
               "--test are\n"
               "votes files then too. With both, the votes of FILE stand beside those "
               "of LFS, and\n"
               "--dev-votes and --test-votes are the same for dev and test. One file of "
               "several\n"
               "is made by `weaksup merge --columns`.\n",
    .examples = "# Label the data that weaksup.lua names and train on it\n"
                "weaksup fit lfs/\n"
                "# Without a task file\n"
                "weaksup fit lfs/ --classes HAM,SPAM --data comments.jsonl --out run\n"
                "# From votes that are there already\n"
                "weaksup fit --votes votes.csv --classes HAM,SPAM\n"
                "# Labeling functions and another model's votes\n"
                "weaksup fit lfs/ --votes zero_shot.wsv\n",
    .takes = (const char *const[]){FIT_OPTIONS, "no-dev-gold", "select-lfs", "votes",
                                   "votes-format", "dev-votes", "test-votes",
                                   "input-format", "fit:model", "hidden", "warm-start",
                                   "out", "json", "quiet", "verbose", NULL},
    .most = 1,
    .run = run,
};
