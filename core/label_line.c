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

ws_status ws_prediction_line(const ws_task *task, ws_labels_format format, ws_text id,
                             const double *probs, ws_buffer *out) {
  size_t classes = ws_task_classes(task);
  ws__label_line line = {ws_task_names(task), classes, ws_probs_argmax(probs, classes),
                         probs};
  if (format == WS_LABELS_CSV) {
    WS_TRY(ws_csv_cell(out, id));
    WS_TRY(ws__label_cells(out, &line));
    return ws_buffer_string(out, "\n");
  }
  ws_json_writer json = {.out = out};
  ws_json_open(&json, '{');
  ws_json_key(&json, "id");
  ws_json_text(&json, id);
  ws__label_json(&json, &line);
  ws_json_close(&json, '}');
  return json.status == WS_OK ? ws_buffer_string(out, "\n") : json.status;
}
