/* SPDX-License-Identifier: MIT
 *
 * Plain text: one record a line, an empty line being a record with an empty text. The
 * line becomes the task's text field, the only one.
 */
#include "format.h"

#include <weaksup/alloc.h>

#include "value_write.h"

struct ws__format_state {
  ws_text field;
};

static void text_close(ws__format_state *state) {
  ws_free(state);
}

static ws_status text_open(ws__lines *lines, const ws_task *task, ws__format_state **out,
                           ws_error *err) {
  (void)lines;
  ws__format_state *state = ws_alloc(sizeof *state);
  if (!state) return ws_error_nomem(err);
  state->field = ws_text_of(ws_task_get(task, WS_TASK_TEXT));
  *out = state;
  return WS_OK;
}

static ws_status put_record(ws_buffer *values, ws_text field, ws_text text) {
  size_t mark;
  WS_TRY(ws__put_open(values, WS_OBJECT, &mark));
  WS_TRY(ws__put_key(values, field));
  WS_TRY(ws__put_string(values, text));
  return ws__put_close(values, mark, 1);
}

static ws_status text_next(ws__format_state *state, ws__lines *lines, ws_buffer *values,
                           uint64_t *line, bool *more, ws_error *err) {
  ws_text text;
  *line = lines->line + 1;
  WS_TRY(ws__lines_next(lines, &text, more, err));
  if (!*more) return WS_OK;
  if (!ws_utf8_valid(text)) return ws_not_utf8(text, err);
  if (put_record(values, state->field, ws__without_cr(text)) != WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
}

const ws__format ws__format_text = {
    .name = "text",
    .open = text_open,
    .close = text_close,
    .next = text_next,
};
