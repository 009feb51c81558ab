/* SPDX-License-Identifier: MIT
 *
 * Asking a command or a language model for the label of one record.
 */
#include "active_oracle.h"

#include <math.h>
#include <string.h>

ws_status oracle_open(oracle *q, const ws_task *task, const chat_settings *settings,
                      bool model, ws_error *err) {
  ws_chat_label_options how = ws_chat_label_options_default();
  *q = (oracle){.task = task};
  how.seed = settings->chat.seed;
  how.temperature = settings->temperature;
  if (settings->max_tokens) how.max_tokens = settings->max_tokens;
  if (ws_json_parser_new(&q->parser) != WS_OK) return ws_error_nomem(err);
  if (model) WS_TRY(ws_chat_labeler_new(task, &how, &q->labeler, err));
  return ws_chat_open(&settings->chat, &q->chat, err);
}

void oracle_clear(oracle *q) {
  ws_chat_labeler_free(q->labeler);
  ws_chat_free(q->chat);
  ws_json_parser_free(q->parser);
  *q = (oracle){0};
}

/* --- a command ---------------------------------------------------------------------- */

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static ws_text trim(ws_text text) {
  while (text.size && is_blank(text.data[0])) text.data++, text.size--;
  while (text.size && is_blank(text.data[text.size - 1])) text.size--;
  return text;
}

static ws_status read_object(oracle *q, ws_text reply, int32_t *label, ws_error *err) {
  ws_buffer bytes = {0}, value = {0};
  static const char padding[WS_JSON_PADDING];
  ws_status status = ws_buffer_text(&bytes, reply);
  if (status == WS_OK) status = ws_buffer_append(&bytes, padding, sizeof padding);
  if (status == WS_OK)
    status = ws_json_parse(q->parser, (ws_text){bytes.data, reply.size}, &value, err);
  if (status == WS_OK) {
    ws_value object = {(const unsigned char *)value.data};
    ws_value said = ws_value_get(object, ws_text_of("label"));
    status = said.at ? ws_task_label(q->task, said, label, err)
                     : ws_error_set(err, WS_EPARSE, "expected a member 'label'");
  }
  ws_buffer_clear(&bytes);
  ws_buffer_clear(&value);
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}

/* {"label": CLASS}, or the class alone: a name, or an index; nothing, null: none. */
static ws_status read_label(oracle *q, ws_text reply, int32_t *label, ws_error *err) {
  reply = trim(reply);
  if (ws_text_equals(reply, "null") && ws_task_find(q->task, reply) == WS_ABSTAIN)
    reply.size = 0;
  if (reply.size && reply.data[0] == '{') return read_object(q, reply, label, err);
  return ws_task_label_text(q->task, reply, label, err);
}

static ws_status judge(oracle *q, const next_record *record, ws_text reply,
                       int32_t *label, ws_error *err) {
  ws_error wrong = WS_ERROR_INIT;
  ws_status status = read_label(q, reply, label, &wrong);
  if (status != WS_OK)
    ws_error_set(err, status, "the oracle's answer about the record '%s': %s",
                 record->id.data, wrong.message);
  return status;
}

/* The next line, which *rest begins behind then. */
static ws_text take_line(ws_text *rest) {
  const char *stop = rest->size ? memchr(rest->data, '\n', rest->size) : NULL;
  ws_text line = {rest->data, stop ? (size_t)(stop - rest->data) : rest->size};
  size_t used = line.size + (stop != NULL);
  *rest = (ws_text){rest->data + used, rest->size - used};
  return line;
}

/* Of one record the whole reply is the answer, which may have lines of its own. */
static ws_status judge_all(oracle *q, const next_record *records, size_t count,
                           ws_text reply, int32_t *labels, ws_error *err) {
  size_t lines = 0;
  if (count == 1) return judge(q, records, reply, labels, err);
  for (ws_text rest = reply; rest.size; lines++) (void)take_line(&rest);
  if (lines != count)
    return ws_error_set(err, WS_EPARSE,
                        "the oracle's answer: expected %zu lines, one for each record "
                        "(null where it cannot tell), found %zu",
                        count, lines);
  for (size_t i = 0; i < count; i++)
    WS_TRY(judge(q, &records[i], take_line(&reply), &labels[i], err));
  return WS_OK;
}

static ws_status ask_command(oracle *q, const next_record *records, size_t count,
                             int32_t *labels, ws_error *err) {
  ws_buffer prompt = {0};
  ws_chat_reply reply = {0};
  ws_status status = WS_OK;
  for (size_t i = 0; status == WS_OK && i < count; i++) {
    status = ws_buffer_text(&prompt, ws_buffer_as_text(&records[i].line));
    if (status == WS_OK) status = ws_buffer_string(&prompt, "\n");
  }
  ws_chat_request request =
      ws_chat_request_of((ws_text){"", 0}, ws_buffer_as_text(&prompt));
  status =
      status == WS_OK ? ws_chat_ask(q->chat, &request, &reply, err) : ws_error_nomem(err);
  if (status == WS_OK)
    status = judge_all(q, records, count, ws_buffer_as_text(&reply.text), labels, err);
  else if (status == WS_EIO)
    chat_say_detail(q->chat);
  ws_chat_reply_clear(&reply);
  ws_buffer_clear(&prompt);
  return status;
}

/* --- a language model --------------------------------------------------------------- */

static ws_status ask_model(oracle *q, const next_record *record, int32_t *label,
                           bool *astray, ws_error *err) {
  ws_chat_answer answer = {.label = WS_ABSTAIN};
  WS_TRY(ws_chat_labeler_ask(q->labeler, q->chat, ws_buffer_as_text(&record->text),
                             &answer, err));
  *label = answer.label;
  *astray = answer.unreadable > 0;
  return WS_OK;
}

ws_status oracle_ask(oracle *q, const next_record *record, int32_t *label, bool *astray,
                     ws_error *err) {
  *label = WS_ABSTAIN;
  *astray = false;
  if (!q->labeler) return ask_command(q, record, 1, label, err);
  ws_status status = ask_model(q, record, label, astray, err);
  if (status == WS_EIO) chat_say_detail(q->chat);
  return status;
}

ws_status oracle_ask_all(oracle *q, const next_record *records, size_t count,
                         int32_t *labels, ws_error *err) {
  return ask_command(q, records, count, labels, err);
}
