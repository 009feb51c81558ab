/* SPDX-License-Identifier: MIT
 *
 * weaksup label: the probabilistic labels that the label model of a run gives to votes,
 * such as those of one shard of the data it was fitted on.
 */
#include "part.h"
#include "run_folder.h"
#include "say.h"

typedef struct label {
  setup setup;
  bar bar;
  ws_labels_format form;
  ws_task *task;
  ws_label_model *model;
  part part;
  ws_labels *labels;
  ws_output *output;
} label;

static ws_status predict(label *l, const options *o, ws_error *err) {
  WS_TRY(part_import(&l->part, &l->setup, l->task, o->votes, false, err));
  WS_TRY(part_check_learned(&l->part, l->model, o->votes, err));
  ws_status status = ws_label_model_predict(l->model, l->part.votes, &l->labels, err);
  if (status == WS_EINVAL) ws_error_prefix(err, "%s: ", o->votes);
  return status;
}

static ws_status run_steps(label *l, const options *o, ws_error *err) {
  const char *run = o->arguments[0];
  WS_TRY(run_task(run, &l->task, err));
  WS_TRY(setup_keys(o, l->task, err));
  WS_TRY(run_label_model(run, &l->model, err));
  WS_TRY(predict(l, o, err));
  WS_TRY(ws_output_open(o->out ? o->out : "-", &l->output, err));
  WS_TRY(run_write_labels(l->labels, l->part.votes, l->form, l->output, err));
  ws_output *output = l->output;
  l->output = NULL;
  return ws_output_commit(output, err);
}

static void label_clear(label *l) {
  ws_output_abort(l->output);
  ws_labels_free(l->labels);
  part_clear(&l->part);
  ws_label_model_free(l->model);
  ws_task_free(l->task);
  setup_clear(&l->setup);
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  label l = {.bar = bar_new(o)};
  if (!setup_labels_format(self, o, &l.form)) return EXIT_USAGE;
  if (!o->votes) {
    say_usage(self, "expected --votes FILE");
    return EXIT_USAGE;
  }
  if (!setup_init(&l.setup, self, o, &l.bar)) return EXIT_USAGE;
  ws_status status = run_steps(&l, o, &err);
  bar_clear(&l.bar);
  label_clear(&l);
  return status == WS_OK ? EXIT_DONE : say_failure(&err);
}

const command cmd_label = {
    .name = "label",
    .arguments = "RUN",
    .summary = "probabilistic labels for votes, by a run's label model",
    .details =
        "Writes a probabilistic label for each record of --votes, such as a shard of the "
        "data\n"
        "that the run in the folder RUN was fitted on: the lines that its labels.jsonl "
        "has.\n"
        "--format: jsonl or csv.\n",
    .examples = "weaksup label run --votes 1.wsv --out labels-1.jsonl\n",
    .takes = (const char *const[]){"votes", "votes-format", "input-format", "on-error",
                                   "max-line", "gold", "id", "out", "format", "quiet",
                                   "verbose", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
