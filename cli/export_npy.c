/* SPDX-License-Identifier: MIT
 *
 * Labels as NumPy's matrices, with a row for each record of the run: labels.npy (-1: no
 * label), probs.npy, and beside them ids.json and classes.json.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <weaksup/npy.h>

#include "export_labels.h"
#include "members.h"
#include "say.h"

static int32_t label_of(const export_labels *e, size_t i) {
  size_t u = ws_votes_row_pattern(e->votes, i), K = ws_task_classes(e->task);
  if (ws_votes_pattern(e->votes, u).size == 0) return WS_ABSTAIN;
  const double *probs = ws_labels_get(e->labels, u);
  int32_t label = ws_probs_argmax(probs, K);
  return label != WS_ABSTAIN && probs[label] < e->min_confidence ? WS_ABSTAIN : label;
}

static ws_status put_labels(export_labels *e, ws_buffer *out) {
  size_t n = ws_votes_rows(e->votes);
  WS_TRY(ws_npy_put_header(out, WS_NPY_INT64, n, 0));
  for (size_t i = 0; i < n; i++) WS_TRY(ws_npy_put_int64(out, label_of(e, i)));
  return WS_OK;
}

static ws_status put_probs(export_labels *e, ws_buffer *out) {
  size_t n = ws_votes_rows(e->votes), K = ws_task_classes(e->task);
  WS_TRY(ws_npy_put_header(out, WS_NPY_FLOAT64, n, K));
  for (size_t i = 0; i < n; i++) {
    const double *probs = ws_labels_get(e->labels, ws_votes_row_pattern(e->votes, i));
    for (size_t k = 0; k < K; k++) WS_TRY(ws_npy_put_float64(out, probs[k]));
  }
  return WS_OK;
}

static ws_status put_ids(export_labels *e, ws_buffer *out) {
  ws_json_writer json = {.out = out};
  char digits[24];
  ws_json_open(&json, '[');
  for (size_t i = 0; i < ws_votes_rows(e->votes); i++)
    ws_json_text(&json, ws_votes_row_id(e->votes, i, digits));
  ws_json_close(&json, ']');
  return json.status == WS_OK ? ws_buffer_text(out, ws_text_of("\n")) : json.status;
}

static ws_status put_classes(export_labels *e, ws_buffer *out) {
  ws_json_writer json = {.out = out};
  ws_json_open(&json, '[');
  for (size_t k = 0; k < ws_task_classes(e->task); k++)
    ws_json_text(&json, ws_task_class(e->task, k));
  ws_json_close(&json, ']');
  return json.status == WS_OK ? ws_buffer_text(out, ws_text_of("\n")) : json.status;
}

static ws_status write_file(export_labels *e, const char *name,
                            ws_status (*put)(export_labels *, ws_buffer *),
                            ws_error *err) {
  ws_buffer path = {0};
  e->line.size = 0;
  ws_status status = put(e, &e->line);
  if (status == WS_OK) status = ws_buffer_text(&path, ws_text_of(e->o->out));
  if (status == WS_OK) status = ws_buffer_text(&path, ws_text_of("/"));
  if (status == WS_OK) status = ws_buffer_text(&path, ws_text_of(name));
  status = status == WS_OK ? ws_output_file(path.data, ws_buffer_as_text(&e->line), err)
                           : ws_error_nomem(err);
  ws_buffer_clear(&path);
  return status;
}

ws_status export_npy(export_labels *e, ws_error *err) {
  const char *folder = e->o->out;
  if (mkdir(folder, 0777) != 0 && errno != EEXIST)
    return ws_error_set(err, WS_EIO, "%s: cannot be made: %s", folder, strerror(errno));
  WS_TRY(write_file(e, "classes.json", put_classes, err));
  WS_TRY(write_file(e, "ids.json", put_ids, err));
  WS_TRY(write_file(e, "probs.npy", put_probs, err));
  return write_file(e, "labels.npy", put_labels, err);
}
