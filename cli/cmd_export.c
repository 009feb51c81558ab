/* SPDX-License-Identifier: MIT
 *
 * weaksup export: the probabilistic labels of a run, as JSONL or CSV; with --to the
 * classifier (export_model.c).
 */
#include "export_model.h"
#include "run_folder.h"
#include "say.h"
#include "setup.h"

typedef struct export {
  ws_votes *votes;
  ws_label_model *model;
  ws_labels *labels;
  ws_output *output;
}
export;

static ws_status write_piece(void *user, ws_text piece, ws_error *err) {
  return ws_output_write(user, piece, err);
}

static ws_status run_steps(export *e, const options *o, ws_labels_format form,
                           ws_error *err) {
  const char *path = o->arguments[0];
  WS_TRY(run_check(path, err));
  WS_TRY(run_votes(path, &e->votes, err));
  WS_TRY(run_label_model(path, &e->model, err));
  WS_TRY(ws_label_model_predict(e->model, e->votes, &e->labels, err));
  WS_TRY(ws_output_open(o->out ? o->out : "-", &e->output, err));
  WS_TRY(ws_labels_write(e->labels, e->votes, form, 0, SIZE_MAX, write_piece, e->output,
                         err));
  ws_output *output = e->output;
  e->output = NULL;
  return ws_output_commit(output, err);
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  ws_labels_format form;
  export e = {0};
  if (export_is_model(o)) return export_model(self, o);
  if (o->quantize || o->prune || o->max_size || o->name) {
    say_usage(self, "--quantize, --prune, --max-size and --name are for --to c-header");
    return EXIT_USAGE;
  }
  if (!setup_labels_format(self, o, &form)) return EXIT_USAGE;
  ws_status status = run_steps(&e, o, form, &err);
  ws_output_abort(e.output);
  ws_labels_free(e.labels);
  ws_label_model_free(e.model);
  ws_votes_free(e.votes);
  return status == WS_OK ? EXIT_DONE : say_failure(&err);
}

const command cmd_export = {
    .name = "export",
    .arguments = "RUN|MODEL",
    .summary = "labels of a run, or its classifier in C",
    .details =
        "Writes the probabilistic labels of the run in the folder RUN, a record a line:\n"
        "id, label (empty where the record has no vote or its classes tie), the "
        "probability\n"
        "of each class, and the votes. --format: jsonl or csv.\n"
        "With --to c-header the classifier of the run, or of the file MODEL\n"
        "(classifier.wsc), as a C99 header that needs no library; with --to json its\n"
        "features and weights. Where the header has not all of it, both predict the\n"
        "records of --data, or of the run, and the difference is said.\n",
    .examples = "weaksup export run --format csv --out labels.csv\n"
                "# The classifier for a microcontroller\n"
                "weaksup export run --to c-header --max-size 32K --out model.h\n",
    .takes = (const char *const[]){"to", "quantize", "prune", "max-size", "name", "data",
                                   "input-format", "on-error", "max-line", "text", "gold",
                                   "id", "out", "format", "quiet", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
