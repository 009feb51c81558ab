/* SPDX-License-Identifier: MIT
 *
 * The set of labels for constrained decoding: a grammar in GBNF, llama.cpp's form, and a
 * JSON schema.
 */
#include <stdio.h>

#include "export_labels.h"
#include "members.h"

static ws_status write_text(export_labels *e, const ws_buffer *text, ws_error *err) {
  WS_TRY(ws_output_open(e->o->out ? e->o->out : "-", &e->output, err));
  WS_TRY(ws_output_write(e->output, ws_buffer_as_text(text), err));
  ws_output *output = e->output;
  e->output = NULL;
  return ws_output_commit(output, err);
}

/* A literal: '"', '\' and control characters are escaped. */
static ws_status put_literal(ws_buffer *out, ws_text text) {
  WS_TRY(ws_buffer_text(out, ws_text_of("\"")));
  for (size_t i = 0; i < text.size; i++) {
    unsigned char c = (unsigned char)text.data[i];
    char escaped[8];
    int size =
        snprintf(escaped, sizeof escaped, c == '"' || c == '\\' ? "\\%c" : "%c", c);
    if (c < 0x20 || c == 0x7F) size = snprintf(escaped, sizeof escaped, "\\x%02X", c);
    WS_TRY(ws_buffer_text(out, (ws_text){escaped, (size_t)size}));
  }
  return ws_buffer_text(out, ws_text_of("\""));
}

static ws_status put_grammar(const export_labels *e, ws_buffer *out) {
  char code[CODE_SIZE];
  WS_TRY(ws_buffer_text(out, ws_text_of("root ::= ")));
  for (size_t k = 0; k < ws_task_classes(e->task); k++) {
    if (k) WS_TRY(ws_buffer_text(out, ws_text_of(" | ")));
    WS_TRY(put_literal(out, export_answer(e, k, code)));
  }
  return ws_buffer_text(out, ws_text_of("\n"));
}

ws_status export_gbnf(export_labels *e, ws_error *err) {
  e->line.size = 0;
  if (put_grammar(e, &e->line) != WS_OK) return ws_error_nomem(err);
  return write_text(e, &e->line, err);
}

static void put_label(const export_labels *e, ws_json_writer *json, ws_text told) {
  char code[CODE_SIZE];
  ws_json_key(json, "label");
  ws_json_open(json, '{');
  json_put_string(json, "type", "string");
  json_put_text(json, "description", told);
  ws_json_key(json, "enum");
  ws_json_open(json, '[');
  for (size_t k = 0; k < ws_task_classes(e->task); k++)
    ws_json_text(json, export_answer(e, k, code));
  ws_json_close(json, ']');
  ws_json_close(json, '}');
}

ws_status export_json_schema(export_labels *e, ws_error *err) {
  ws_buffer told = {0};
  e->line.size = 0;
  ws_json_writer json = {.out = &e->line, .indent = 2};
  ws_status status = export_instructions(e, &told);
  ws_json_open(&json, '{');
  json_put_string(&json, "$schema", "https://json-schema.org/draft/2020-12/schema");
  json_put_string(&json, "type", "object");
  ws_json_key(&json, "properties");
  ws_json_open(&json, '{');
  put_label(e, &json, ws_buffer_as_text(&told));
  ws_json_close(&json, '}');
  ws_json_key(&json, "required");
  ws_json_open(&json, '[');
  ws_json_string(&json, "label");
  ws_json_close(&json, ']');
  json_put_bool(&json, "additionalProperties", false);
  ws_json_close(&json, '}');
  ws_buffer_clear(&told);
  if (status == WS_OK) status = json.status;
  if (status == WS_OK) status = ws_buffer_text(&e->line, ws_text_of("\n"));
  return status == WS_OK ? write_text(e, &e->line, err) : ws_error_nomem(err);
}
