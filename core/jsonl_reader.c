/* SPDX-License-Identifier: MIT
 *
 * JSON Lines: an object a line. Blank lines are passed over.
 */
#include "format.h"

#include <string.h>

#include <weaksup/alloc.h>

struct ws__format_state {
  ws_json_parser *parser;
};

static void jsonl_close(ws__format_state *state) {
  if (!state) return;
  ws_json_parser_free(state->parser);
  ws_free(state);
}

static ws_status jsonl_open(ws__lines *lines, const ws_task *task, ws__format_state **out,
                            ws_error *err) {
  (void)lines, (void)task;
  ws__format_state *state = ws_alloc_zero(1, sizeof *state);
  if (!state || ws_json_parser_new(&state->parser) != WS_OK) {
    jsonl_close(state);
    return ws_error_nomem(err);
  }
  *out = state;
  return WS_OK;
}

static bool is_blank(ws_text line) {
  size_t i = 0;
  while (i < line.size && strchr(" \t\r", line.data[i])) i++;
  return i == line.size;
}

/* What turns a JSON file of another shape, as its first line shows, into lines. */
static const char *hint(ws_text line) {
  size_t start = 0, end = line.size;
  while (start < end && strchr(" \t\r", line.data[start])) start++;
  while (end > start && strchr(" \t\r", line.data[end - 1])) end--;
  if (end - start == 0) return "";
  if (line.data[start] == '[')
    return " (jq -c '.[]' FILE writes the items of an array a line each)";
  return end - start == 1 && line.data[start] == '{'
             ? " (jq -c . FILE writes each object on one line)"
             : "";
}

static ws_status add_hint(uint64_t number, ws_text line, ws_status status,
                          ws_error *err) {
  if (number > 1 || status != WS_EPARSE || !err || !*hint(line)) return status;
  ws_error why = *err;
  return ws_error_set(err, status, "%s%s", why.message, hint(line));
}

static ws_status jsonl_next(ws__format_state *state, ws__lines *lines, ws_buffer *values,
                            uint64_t *line, bool *more, ws_error *err) {
  ws_text text;
  do {
    *line = lines->line + 1;
    WS_TRY(ws__lines_next(lines, &text, more, err));
    if (!*more) return WS_OK;
  } while (is_blank(text));
  size_t start = values->size;
  ws_status status = ws_json_parse(state->parser, text, values, err);
  if (status == WS_EPARSE && !ws_utf8_valid(text)) return ws_not_utf8(text, err);
  if (status == WS_EPARSE) ws_json_place(text, 0, err);
  if (status != WS_OK) return add_hint(*line, text, status, err);
  ws_value value = {(const unsigned char *)values->data + start};
  if (ws_value_is(value, WS_OBJECT)) return WS_OK;
  status = ws_error_set(err, WS_EPARSE, "expected one JSON object a line, found %s",
                        ws_value_type_text(value));
  return add_hint(*line, text, status, err);
}

const ws__format ws__format_jsonl = {
    .name = "jsonl",
    .open = jsonl_open,
    .close = jsonl_close,
    .next = jsonl_next,
};
