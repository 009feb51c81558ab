/* SPDX-License-Identifier: MIT
 *
 * One line of labels or predictions, as JSON and as CSV: in one place, so that both files
 * read alike.
 */
#include "label_line.h"

#include <weaksup/csv.h>

void ws__label_json(ws_json_writer *json, const ws__label_line *line) {
  ws_json_key(json, "label");
  if (line->label == WS_ABSTAIN)
    ws_json_null(json);
  else
    ws_json_text(json, line->names[line->label]);
  ws_json_key(json, "probs");
  ws_json_open(json, '{');
  for (size_t k = 0; k < line->classes; k++) {
    ws_json_key_text(json, line->names[k]);
    ws_json_number(json, line->probs[k]);
  }
  ws_json_close(json, '}');
}

ws_status ws__label_cells(ws_buffer *out, const ws__label_line *line) {
  char digits[32];
  WS_TRY(ws_buffer_string(out, ","));
  if (line->label != WS_ABSTAIN) WS_TRY(ws_csv_cell(out, line->names[line->label]));
  for (size_t k = 0; k < line->classes; k++) {
    ws_format_double(line->probs[k], digits);
    WS_TRY(ws_buffer_printf(out, ",%s", digits));
  }
  return WS_OK;
}

ws_status ws__label_header(ws_buffer *out, const ws_text *names, size_t classes) {
  ws_buffer name = {0};
  ws_status status = ws_buffer_string(out, "id,label");
  for (size_t k = 0; status == WS_OK && k < classes; k++) {
    name.size = 0;
    status = ws_buffer_string(&name, "p_");
    if (status == WS_OK) status = ws_buffer_text(&name, names[k]);
    if (status == WS_OK) status = ws_buffer_string(out, ",");
    if (status == WS_OK) status = ws_csv_cell(out, ws_buffer_as_text(&name));
  }
  ws_buffer_clear(&name);
  return status;
}

/* --- predictions, which have no votes --- */

ws_status ws_prediction_header(const ws_task *task, ws_labels_format format,
                               ws_buffer *out) {
  if (format != WS_LABELS_CSV) return WS_OK;
  WS_TRY(ws__label_header(out, ws_task_names(task), ws_task_classes(task)));
  return ws_buffer_string(out, "\n");
}

/* The `top` most probable classes by selection: few are asked for. A class that was taken
 * comes before the last one in the order of falling probability, then of index. */
static void put_top(ws_json_writer *json, const ws_task *task, const double *probs,
                    size_t top) {
  size_t classes = ws_task_classes(task), last = SIZE_MAX;
  for (size_t i = 0; i < top && i < classes; i++) {
    size_t best = SIZE_MAX;
    for (size_t k = 0; k < classes; k++) {
      bool taken = last != SIZE_MAX &&
                   (probs[k] > probs[last] || (probs[k] == probs[last] && k <= last));
      if (!taken && (best == SIZE_MAX || probs[k] > probs[best])) best = k;
    }
    ws_json_key_text(json, ws_task_class(task, best));
    ws_json_number(json, probs[best]);
    last = best;
  }
}

static void put_label(ws_json_writer *json, const ws_task *task, int32_t label) {
  ws_json_key(json, "label");
  if (label == WS_ABSTAIN)
    ws_json_null(json);
  else
    ws_json_text(json, ws_task_class(task, (size_t)label));
}

static ws_status put_json(const ws_task *task, const ws_prediction *p, ws_buffer *out) {
  ws_json_writer json = {.out = out};
  ws_json_open(&json, '{');
  ws_json_key(&json, "id");
  ws_json_text(&json, p->id);
  if (p->top || p->bare) {
    put_label(&json, task, p->label);
    if (!p->bare) {
      ws_json_key(&json, "probs");
      ws_json_open(&json, '{');
      put_top(&json, task, p->probs, p->top);
      ws_json_close(&json, '}');
    }
  } else {
    ws__label_json(&json, &(ws__label_line){ws_task_names(task), ws_task_classes(task),
                                            p->label, p->probs});
  }
  ws_json_close(&json, '}');
  return json.status == WS_OK ? ws_buffer_string(out, "\n") : json.status;
}

ws_status ws_prediction_put(const ws_task *task, ws_labels_format format,
                            const ws_prediction *p, ws_buffer *out) {
  if (format != WS_LABELS_CSV) return put_json(task, p, out);
  size_t classes = p->bare ? 0 : ws_task_classes(task);
  WS_TRY(ws_csv_cell(out, p->id));
  WS_TRY(ws__label_cells(
      out, &(ws__label_line){ws_task_names(task), classes, p->label, p->probs}));
  return ws_buffer_string(out, "\n");
}

ws_status ws_prediction_line(const ws_task *task, ws_labels_format format, ws_text id,
                             const double *probs, ws_buffer *out) {
  ws_prediction p = {
      .id = id, .label = ws_probs_argmax(probs, ws_task_classes(task)), .probs = probs};
  return ws_prediction_put(task, format, &p, out);
}
