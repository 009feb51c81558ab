/* SPDX-License-Identifier: MIT
 *
 * weaksup predict: the classifier's distribution for each record of --data, or the label
 * model's for each of --votes.
 */

#include <weaksup/alloc.h>

#include "matrix.h"
#include "part.h"
#include "run_folder.h"
#include "say.h"
#include "scores.h"

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
  part part;
} predict;

static ws_status write_piece(void *user, ws_text piece, ws_error *err) {
  return ws_output_write(user, piece, err);
}

static ws_status predict_batch(predict *p, const ws_records *batch, ws_error *err) {
  for (size_t i = 0; i < ws_records_count(batch); i++) {
    ws_record record = ws_records_at(batch, i);
    setup_look_for_id(&p->setup, p->task, &record);
    WS_TRY(
        predict_record(p->predictor, &record, p->o->keys[WS_TASK_DATA], p->probs, err));
    if (ws_prediction_line(p->task, p->form, record.id, p->probs, &p->line) != WS_OK)
      return ws_error_nomem(err);
    WS_TRY(ws_output_write(p->output, ws_buffer_as_text(&p->line), err));
    p->line.size = 0;
  }
  return WS_OK;
}

static ws_status predict_all(predict *p, ws_reader *reader, ws_error *err) {
  ws_records *batch = NULL;
  size_t added = 1;
  ws_status status = ws_records_new(&batch) == WS_OK ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK && ws_prediction_header(p->task, p->form, &p->line) != WS_OK)
    status = ws_error_nomem(err);
  while (status == WS_OK && added) {
    ws_records_clear(batch);
    status = ws_reader_read(reader, batch, 1024, 1 << 20, &added, err);
    if (status == WS_OK) status = predict_batch(p, batch, err);
  }
  ws_records_free(batch);
  return status;
}

static ws_status from_classifier(predict *p, const char *path, ws_error *err) {
  ws_reader *reader = NULL;
  const char *run = p->o->arguments[0];
  WS_TRY(run_classifier(run, p->task, &p->classifier, err));
  if (!p->classifier)
    return ws_error_set(
        err, WS_EINVAL,
        "%s: the run has no classifier: it was made with --no-classifier, or "
        "from records without text",
        run);
  p->probs = ws_alloc_array(ws_classifier_classes(p->classifier), sizeof *p->probs);
  if (!p->probs) return ws_error_nomem(err);
  WS_TRY(
      predictor_open(p->classifier, p->o->npy, "--npy", &p->matrix, &p->predictor, err));
  p->setup.reader.need_gold = false;
  p->setup.reader.unique_ids = false;
  p->setup.reader.optional_id = true;
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
  return ws_labels_write(p->labels, p->part.votes, p->form, 0, SIZE_MAX, write_piece,
                         p->output, err);
}

static ws_status run_steps(predict *p, ws_error *err) {
  const char *data = p->o->keys[WS_TASK_DATA];
  WS_TRY(run_task(p->o->arguments[0], &p->task, err));
  for (int key = 0; key < WS_TASK_KEYS; key++)
    if (p->o->keys[key])
      WS_TRY(ws_task_set(p->task, (ws_task_key)key, ws_text_of(p->o->keys[key]), err));
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
  if (!setup_init(&p.setup, self, o, &p.bar)) return EXIT_USAGE;
  ws_status status = run_steps(&p, &err);
  bar_clear(&p.bar);
  predict_clear(&p);
  return status == WS_OK ? EXIT_DONE : say_failure(&err);
}

const command cmd_predict = {
    .name = "predict",
    .arguments = "RUN",
    .summary = "a distribution over the classes for each record",
    .details =
        "With --data: the classifier's distribution for each record of the file ('-' is\n"
        "standard input), needing its text only. With --votes: the label model's.\n"
        "Writes {\"id\", \"label\", \"probs\"} a line; --format: jsonl or csv.\n",
    .takes = (const char *const[]){"data", "votes", "votes-format", "input-format",
                                   "on-error", "max-line", "text", "gold", "id", "npy",
                                   "out", "format", "quiet", "verbose", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
