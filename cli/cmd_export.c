/* SPDX-License-Identifier: MIT
 *
 * weaksup export: the probabilistic labels of a run, as JSONL or CSV.
 */
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
    .arguments = "RUN",
    .summary = "the probabilistic labels of a run",
    .details =
        "Writes the probabilistic labels of the run in the folder RUN, a record a line:\n"
        "id, label (empty where the record has no vote or its classes tie), the "
        "probability\n"
        "of each class, and the votes. --format: jsonl or csv.\n",
    .takes = (const char *const[]){"out", "format", "quiet", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
