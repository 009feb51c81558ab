/* SPDX-License-Identifier: MIT
 *
 * weaksup predict: the classifier's distribution for each record of --data, or the label
 * model's for each of --votes.
 */

#include <poll.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "data_matrix.h"
#include "decide.h"
#include "part.h"
#include "run_folder.h"
#include "say.h"
#include "scores.h"
#include "stop.h"

typedef struct predict {
  const options *o;
  setup setup;
  bar bar;
  ws_labels_format form;
  ws_task *task;
  ws_classifier *classifier;
  ws_npy *matrix; // of the classifier's features, or NULL
  ws_predictor *predictor;
  ws_label_model *model;
  ws_labels *labels;
  ws_output *output;
  ws_buffer line;
  double *probs; // [K]
  ws_decision decision;
  double *thresholds; // [K] what decision.thresholds points to
  part part;
} predict;

/* --- what is decided ---------------------------------------------------------------- */

static bool check_options(predict *p, const command *self) {
  const options *o = p->o;
  bool csv = p->form == WS_LABELS_CSV;
  if (o->probs && strcmp(o->probs, "all") != 0 && strcmp(o->probs, "none") != 0)
    return say_usage(self, "--probs: expected all or none, found '%s'", o->probs);
  if (o->top_k == 0) return say_usage(self, "--top-k: expected 1 or more, found 0");
  if (o->top_k != TOP_K_ALL && csv)
    return say_usage(self, "--top-k: expected --format jsonl: a CSV has a column for "
                           "each class");
  if (!decide_check(self, o, &p->decision)) return false;
  bool decides =
      o->reject_below || o->threshold_count || o->top_k != TOP_K_ALL || o->probs;
  return !o->votes || !decides ||
         say_usage(self, "--votes: expected no --reject-below, --threshold, --top-k or "
                         "--probs, which are for the classifier");
}

/* --- records ------------------------------------------------------------------------ */

static ws_status predict_batch(predict *p, const ws_records *batch, ws_error *err) {
  size_t K = ws_task_classes(p->task);
  ws_prediction line = {.probs = p->probs,
                        .top = p->o->top_k == TOP_K_ALL ? 0 : (size_t)p->o->top_k,
                        .bare = p->o->probs && strcmp(p->o->probs, "none") == 0};
  p->line.size = 0;
  for (size_t i = 0; i < ws_records_count(batch); i++) {
    ws_record record = ws_records_at(batch, i);
    setup_look_for_id(&p->setup, p->task, &record);
    WS_TRY(
        predict_record(p->predictor, &record, p->o->keys[WS_TASK_DATA], p->probs, err));
    line.id = record.id;
    line.label = ws_decide(&p->decision, p->probs, K);
    if (ws_prediction_put(p->task, p->form, &line, &p->line) != WS_OK)
      return ws_error_nomem(err);
  }
  return ws_output_write(p->output, ws_buffer_as_text(&p->line), err);
}

static ws_status put_header(predict *p, ws_error *err) {
  bool bare = p->o->probs && strcmp(p->o->probs, "none") == 0;
  ws_status status = bare && p->form == WS_LABELS_CSV
                         ? ws_buffer_string(&p->line, "id,label\n")
                         : ws_prediction_header(p->task, p->form, &p->line);
  if (status != WS_OK) return ws_error_nomem(err);
  return ws_output_write(p->output, ws_buffer_as_text(&p->line), err);
}

/* Who sent some records and waits for the answers gets them. */
static ws_status wait_for_input(predict *p, const ws_reader *reader, ws_error *err) {
  struct pollfd wait = {ws_reader_descriptor(reader), POLLIN, 0};
  WS_TRY(ws_output_flush(p->output, err));
  (void)poll(&wait, 1, -1); // an error shows when it is read
  return stop_wanted() ? ws_error_set(err, WS_ESTOPPED, "stopped") : WS_OK;
}

/* A bad record ends the work: those before it have their answers. */
static void answer_before(predict *p, const ws_records *batch) {
  ws_error ignored;
  ws_status status = predict_batch(p, batch, &ignored);
  if (status == WS_OK) status = ws_output_flush(p->output, &ignored);
  (void)status; // the error that is told is the first one
}

static ws_status predict_all(predict *p, ws_reader *reader, ws_error *err) {
  ws_records *batch = NULL;
  bool ended = false;
  ws_status status = ws_records_new(&batch) == WS_OK ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) status = put_header(p, err);
  while (status == WS_OK && !ended) {
    ws_records_clear(batch);
    status = ws_reader_read_ready(reader, batch, 1024, 1 << 20, &ended, err);
    if (status != WS_OK) answer_before(p, batch);
    if (status == WS_OK) status = predict_batch(p, batch, err);
    if (status == WS_OK && ws_reader_waits(reader))
      status = wait_for_input(p, reader, err);
  }
  ws_records_free(batch);
  return status;
}

static ws_status from_classifier(predict *p, const char *path, ws_error *err) {
  ws_reader *reader = NULL;
  p->probs = ws_alloc_array(ws_classifier_classes(p->classifier), sizeof *p->probs);
  if (!p->probs) return ws_error_nomem(err);
  WS_TRY(predictor_open(p->classifier, (data_matrix){p->o->npy, "--npy"}, &p->matrix,
                        &p->predictor, err));
  WS_TRY(decide_read(p->o, p->task, &p->thresholds, &p->decision, err));
  p->setup.reader.need_gold = false;
  p->setup.reader.unique_ids = false;
  p->setup.reader.optional_id = true;
  p->setup.reader.need_text = ws_classifier_needs_text(p->classifier);
  WS_TRY(ws_reader_open(path, p->task, &p->setup.reader, &reader, err));
  ws_status status = predict_all(p, reader, err);
  if (status == WS_OK) status = check_matrix(p->matrix, reader, err);
  ws_reader_free(reader);
  return status;
}

static ws_status from_label_model(predict *p, ws_error *err) {
  WS_TRY(run_label_model(p->o->arguments[0], &p->model, err));
  WS_TRY(part_import(&p->part, &p->setup, p->task, p->o->votes, false, err));
  WS_TRY(ws_label_model_predict(p->model, p->part.votes, &p->labels, err));
  return run_write_labels(p->labels, p->part.votes, p->form, p->output, err);
}

static ws_status run_steps(predict *p, ws_error *err) {
  const char *data = p->o->keys[WS_TASK_DATA];
  WS_TRY(data ? run_or_model(p->o->arguments[0], &p->task, &p->classifier, err)
              : run_task(p->o->arguments[0], &p->task, err));
  WS_TRY(setup_keys(p->o, p->task, err));
  WS_TRY(ws_output_open(p->o->out ? p->o->out : "-", &p->output, err));
  WS_TRY(data ? from_classifier(p, data, err) : from_label_model(p, err));
  ws_output *output = p->output;
  p->output = NULL;
  return ws_output_commit(output, err);
}

static void predict_clear(predict *p) {
  ws_output_abort(p->output);
  ws_buffer_clear(&p->line);
  ws_free(p->probs);
  ws_free(p->thresholds);
  part_clear(&p->part);
  ws_labels_free(p->labels);
  ws_label_model_free(p->model);
  ws_predictor_free(p->predictor);
  ws_npy_free(p->matrix);
  ws_classifier_free(p->classifier);
  ws_task_free(p->task);
  setup_clear(&p->setup);
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  predict p = {.o = o, .bar = bar_new(o)};
  if (!setup_labels_format(self, o, &p.form)) return EXIT_USAGE;
  if (!o->keys[WS_TASK_DATA] == !o->votes) {
    say_usage(self, "expected either --data FILE or --votes FILE");
    return EXIT_USAGE;
  }
  if (!check_options(&p, self)) return EXIT_USAGE;
  if (!setup_init(&p.setup, self, o, &p.bar)) return EXIT_USAGE;
  ws_status status = run_steps(&p, &err);
  bar_clear(&p.bar);
  predict_clear(&p);
  return status == WS_OK ? EXIT_DONE : say_failure(&err);
}

const command cmd_predict = {
    .name = "predict",
    .arguments = "RUN|MODEL",
    .summary = "a distribution over the classes for each record",
    .details =
        "With --data: the classifier's distribution for each record of the file ('-' is\n"
        "standard input), needing its text only; MODEL is a classifier.wsc without its\n"
        "run. With --votes: the label model's.\n"
        "Writes {\"id\", \"label\", \"probs\"} a line; --format: jsonl or csv.\n",
    .examples = "weaksup predict run --data new.jsonl --out labels.jsonl\n"
                "# A stream, where \"don't know\" is an answer\n"
                "weaksup predict run --data - --reject-below 0.8 < new.jsonl\n",
    .takes = (const char *const[]){"data", "votes", "votes-format", "input-format",
                                   "on-error", "max-line", "text", "gold", "id", "npy",
                                   "out", "format", "probs", "top-k", "reject-below",
                                   "threshold", "quiet", "verbose", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
