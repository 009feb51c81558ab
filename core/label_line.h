/* SPDX-License-Identifier: MIT
 *
 * What the lines of labels and of predictions have in common. Private to core.
 */
#ifndef WS_LABEL_LINE_H
#define WS_LABEL_LINE_H

#include <weaksup/json.h>
#include <weaksup/labels.h>

/* A label (WS_ABSTAIN: none) and the distribution that it comes from. */
typedef struct ws__label_line {
  const ws_text *names; // [classes]
  size_t classes;
  int32_t label;
  const double *probs; // [classes]
} ws__label_line;

/* The members "label" and "probs". */
void ws__label_json(ws_json_writer *json, const ws__label_line *line);
/* The cells behind the id, each with a comma in front. */
WS_CHECK ws_status ws__label_cells(ws_buffer *out, const ws__label_line *line);
/* "id,label,p_NAME,..." without a line end. */
WS_CHECK ws_status ws__label_header(ws_buffer *out, const ws_text *names, size_t classes);

#endif
