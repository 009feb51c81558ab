/* SPDX-License-Identifier: MIT
 *
 * A run, its records and its dev set.
 */
#include <string.h>
#include <unistd.h>

#include <weaksup/alloc.h>

#include "next.h"
#include "run_folder.h"
#include "say.h"

static ws_status open_data(next_run *n, ws_error *err) {
  n->how = ws_reader_options_default();
  n->bar = bar_new(n->o);
  n->how.progress = bar_sink(&n->bar);
  n->how.max_line = (size_t)n->o->max_line << 20;
  return run_data_find(n->path, RUN_DATA, options_path(n->o, WS_TASK_DATA), &n->data,
                       err);
}

static ws_status open_dev(next_run *n, ws_error *err) {
  WS_TRY(labelled_dev_path(n->path, n->o, &n->dev, err));
  n->has_dev = n->dev.size && access(n->dev.data, F_OK) == 0;
  if (n->dev.size && !n->has_dev)
    say_note(n->o, "the dev set %s is not there", n->dev.data);
  if (!n->has_dev) return WS_OK;
  return labelled_read(&n->labelled, n->dev.data, n->task, &n->how, err);
}

ws_status next_open(next_run *n, const options *o, ws_error *err) {
  *n = (next_run){.o = o, .path = o->arguments[0]};
  WS_TRY(run_task(n->path, &n->task, err));
  WS_TRY(run_votes(n->path, &n->votes, err));
  WS_TRY(run_label_model(n->path, &n->model, err));
  WS_TRY(ws_label_model_predict(n->model, n->votes, &n->labels, err));
  n->probs = ws_alloc_zero(ws_votes_classes(n->votes), sizeof *n->probs);
  if (!n->probs) return ws_error_nomem(err);
  WS_TRY(next_find_init(n, err));
  WS_TRY(open_data(n, err));
  return open_dev(n, err);
}

void next_clear(next_run *n) {
  bar_clear(&n->bar);
  labelled_clear(&n->labelled);
  ws_buffer_clear(&n->dev);
  run_data_clear(&n->data);
  ws_free(n->probs);
  ws_free(n->unread);
  ws_predictor_free(n->predictor);
  ws_classifier_free(n->classifier);
  ws_labels_free(n->labels);
  ws_label_model_free(n->model);
  ws_votes_free(n->unproven);
  ws_votes_free(n->votes);
  ws_task_free(n->task);
}

ws_status next_classifier(next_run *n, bool needed, ws_error *err) {
  size_t columns;
  WS_TRY(run_classifier(n->path, n->task, &n->classifier, err));
  if (!n->classifier)
    return needed ? ws_error_set(err, WS_EINVAL,
                                 "--classifier: the run %s has none: it was made with "
                                 "--no-classifier, or from records without text",
                                 n->path)
                  : WS_OK;
  if (ws_classifier_needs_npy(n->classifier, &columns)) {
    ws_classifier_free(n->classifier);
    n->classifier = NULL;
    return needed ? ws_error_set(err, WS_EINVAL,
                                 "--classifier: that of the run %s reads a matrix "
                                 "beside the records, which is not supported here",
                                 n->path)
                  : WS_OK;
  }
  return ws_predictor_new(n->classifier, &n->predictor) == WS_OK ? WS_OK
                                                                 : ws_error_nomem(err);
}

ws_status next_predict(next_run *n, const ws_record *record, ws_error *err) {
  ws_status status = ws_predict(n->predictor, record, n->probs, err);
  if (status != WS_OK)
    ws_error_prefix(err, "%s:%llu: ", n->data.path.data,
                    (unsigned long long)record->line);
  return status;
}
