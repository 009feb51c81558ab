/* SPDX-License-Identifier: MIT
 *
 * weaksup diff: what changed between two runs.
 */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "diff.h"
#include "run_folder.h"
#include "say.h"

static ws_status load_side(side *s, const char *run, ws_error *err) {
  s->run = run;
  WS_TRY(run_task(run, &s->task, err));
  WS_TRY(run_votes(run, &s->votes, err));
  WS_TRY(run_label_model(run, &s->model, err));
  WS_TRY(ws_label_model_predict(s->model, s->votes, &s->labels, err));
  return run_has(run, RUN_CLASSIFIER) ? run_classifier(run, s->task, &s->classifier, err)
                                      : WS_OK;
}

static void clear_side(side *s) {
  ws_classifier_free(s->classifier);
  ws_labels_free(s->labels);
  ws_label_model_free(s->model);
  ws_votes_free(s->votes);
  ws_task_free(s->task);
}

static ws_run_side as_run_side(const side *s) {
  return (ws_run_side){s->votes, s->model, s->labels};
}

static ws_status run_steps(diff *d, ws_error *err) {
  for (size_t i = 0; i < 2; i++) WS_TRY(load_side(&d->sides[i], d->o->arguments[i], err));
  ws_run_side before = as_run_side(&d->sides[0]), after = as_run_side(&d->sides[1]);
  WS_TRY(ws_run_diff_new(&before, &after, &d->found, err));
  WS_TRY(decisions_find(d->sides[0].run, d->sides[1].run, &d->decided, err));
  return diff_score(d, err);
}

static int finish(const diff *d) {
  int code = d->o->json ? diff_print_json(d) : d->o->quiet ? EXIT_DONE : diff_print(d);
  return code == EXIT_DONE && diff_fails(d) ? EXIT_FAILED : code;
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  diff d = {.o = o};
  if (!diff_read_conditions(&d, self)) return EXIT_USAGE;
  ws_status status = run_steps(&d, &err);
  int code = status == WS_OK ? finish(&d) : say_failure(&err);
  ws_run_diff_free(d.found);
  decisions_clear(&d.decided);
  clear_side(&d.sides[0]);
  clear_side(&d.sides[1]);
  return code;
}

const command cmd_diff = {
    .name = "diff",
    .arguments = "RUN RUN",
    .summary = "what changed between two runs",
    .details =
        "Compares two runs of one task, before and after: labeling functions that are\n"
        "new, gone or vote otherwise, labels that flipped and which labeling function\n"
        "turned them, what else was decided otherwise (the label model, how the "
        "classifier\n"
        "was trained, options), and scores with 95 % intervals of their differences, "
        "where "
        "records\n"
        "have gold labels: those of the data, and for the classifiers the records of\n"
        "--data, or of the test set that both runs name. Records are matched by their\n"
        "ids.\n"
        "--fail-if NAME < NUMBER (or >) makes the exit code 1 where the difference of a\n"
        "score, after minus before, is so; NAME is accuracy, macro_f1, log_loss or\n"
        "coverage, of the classifier where both have one and there is gold, else of the\n"
        "label model, which label_model.NAME and classifier.NAME say; or flipped, the\n"
        "share of labels that are others.\n",
    .examples = "weaksup fit lfs/ --out before\n"
                "weaksup fit lfs/ --out after\n"
                "weaksup diff before after\n"
                "# In CI\n"
                "weaksup diff before after -q --fail-if \"accuracy < -0.01\"\n",
    .takes = (const char *const[]){"data", "input-format", "on-error", "max-line",
                                   "fail-if", "seed", "json", "quiet", "verbose", NULL},
    .least = 2,
    .most = 2,
    .run = run,
};
