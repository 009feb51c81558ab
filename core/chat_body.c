/* SPDX-License-Identifier: MIT
 *
 * The bodies of requests and answers in the form of OpenAI's chat completions, which
 * other servers share but for what is said of grammars and of thinking.
 */
#include "chat_priv.h"

#include <math.h>
#include <string.h>

static const int64_t MAX_TOKENS = 1000000000; // more than that is no count of tokens
enum { ERROR_SHOWN = 300 };

/* --- what is sent --- */

static void put_message(ws_json_writer *json, const char *role, ws_text text) {
  if (text.size == 0) return;
  ws_json_open(json, '{');
  ws_json_key(json, "role");
  ws_json_string(json, role);
  ws_json_key(json, "content");
  ws_json_text(json, text);
  ws_json_close(json, '}');
}

static void put_schema(ws_json_writer *json, ws_value schema) {
  ws_json_key(json, "response_format");
  ws_json_open(json, '{');
  ws_json_key(json, "type");
  ws_json_string(json, "json_schema");
  ws_json_key(json, "json_schema");
  ws_json_open(json, '{');
  ws_json_key(json, "name");
  ws_json_string(json, "reply");
  ws_json_key(json, "strict");
  ws_json_bool(json, true);
  ws_json_key(json, "schema");
  ws_json_value(json, schema);
  ws_json_close(json, '}');
  ws_json_close(json, '}');
}

static void put_grammar(ws_json_writer *json, ws_chat_server server, ws_text grammar) {
  if (server == WS_CHAT_VLLM) {
    ws_json_key(json, "structured_outputs");
    ws_json_open(json, '{');
  }
  ws_json_key(json, "grammar");
  ws_json_text(json, grammar);
  if (server == WS_CHAT_VLLM) ws_json_close(json, '}');
}

/* Thinking aloud is not in the grammar: models that do so are told not to. */
static void put_no_thinking(ws_json_writer *json, ws_chat_server server) {
  if (server == WS_CHAT_OLLAMA) {
    ws_json_key(json, "reasoning_effort");
    ws_json_string(json, "none");
  } else if (server != WS_CHAT_OPENAI) {
    ws_json_key(json, "chat_template_kwargs");
    ws_json_open(json, '{');
    ws_json_key(json, "enable_thinking");
    ws_json_bool(json, false);
    ws_json_close(json, '}');
  }
}

static void put_constraint(ws_json_writer *json, ws_chat_server server,
                           const ws_chat_request *request, ws_value schema) {
  bool grammars = server == WS_CHAT_LLAMA_CPP || server == WS_CHAT_VLLM;
  if (grammars && request->grammar.size)
    put_grammar(json, server, request->grammar);
  else if (schema.at)
    put_schema(json, schema);
  else
    return;
  put_no_thinking(json, server);
}

static void put_body(ws_json_writer *json, const ws_chat *chat,
                     const ws_chat_request *request, ws_value schema) {
  ws_json_open(json, '{');
  ws_json_key(json, "model");
  ws_json_string(json, chat->options.model);
  ws_json_key(json, "messages");
  ws_json_open(json, '[');
  put_message(json, "system", request->system);
  put_message(json, "user", request->prompt);
  ws_json_close(json, ']');
  ws_json_key(json, chat->completion_tokens ? "max_completion_tokens" : "max_tokens");
  ws_json_uint(json, request->max_tokens);
  if (!isnan(request->temperature)) {
    ws_json_key(json, "temperature");
    ws_json_number(json, request->temperature);
  }
  if (request->seed >= 0) {
    ws_json_key(json, "seed");
    ws_json_int(json, request->seed);
  }
  ws_json_key(json, "stream");
  ws_json_bool(json, false);
  put_constraint(json, chat->options.server, request, schema);
  ws_json_close(json, '}');
}

ws_status ws__chat_body(const ws_chat *chat, const ws_chat_request *request,
                        ws_buffer *out, ws_error *err) {
  ws_buffer schema = {0};
  ws_json_writer json = {.out = out};
  ws_status status = WS_OK;
  if (request->json_schema.size)
    status = ws__chat_schema(request->json_schema, &schema, err);
  if (status == WS_OK) {
    put_body(&json, chat, request, (ws_value){(const unsigned char *)schema.data});
    if (json.status != WS_OK) status = ws_error_nomem(err);
  }
  ws_buffer_clear(&schema);
  return status;
}

/* --- what comes back --- */

/* Steps into objects only; no value for anything else. */
static ws_value member(ws_value object, const char *name) {
  if (!ws_value_is(object, WS_OBJECT)) return (ws_value){NULL};
  return ws_value_get(object, ws_text_of(name));
}

static ws_value first_item(ws_value array) {
  ws_value item = {NULL};
  if (!ws_value_is(array, WS_ARRAY)) return item;
  ws_value_iter each = ws_value_each(array);
  ws_text key;
  if (!ws_value_next(&each, &key, &item)) item.at = NULL;
  return item;
}

static void read_usage(ws_value usage, ws_chat_usage *out) {
  ws_value input = member(usage, "prompt_tokens");
  ws_value output = member(usage, "completion_tokens");
  *out = (ws_chat_usage){0, 0, true};
  if (!ws_value_is(input, WS_INT) || !ws_value_is(output, WS_INT)) return;
  int64_t in = ws_value_int(input), given = ws_value_int(output);
  if (in < 0 || in > MAX_TOKENS || given < 0 || given > MAX_TOKENS) return;
  *out = (ws_chat_usage){(uint64_t)in, (uint64_t)given, false};
}

static ws_chat_finish read_finish(ws_value reason) {
  if (!ws_value_is(reason, WS_STRING)) return WS_CHAT_OTHER;
  if (ws_text_equals(ws_value_text(reason), "stop")) return WS_CHAT_STOP;
  if (ws_text_equals(ws_value_text(reason), "length")) return WS_CHAT_LENGTH;
  return WS_CHAT_OTHER;
}

static ws_status read_answer(ws_value answer, ws_chat_reply *reply, ws_error *err) {
  ws_value choice = first_item(member(answer, "choices"));
  ws_value content = member(member(choice, "message"), "content");
  ws_value model = member(answer, "model");
  if (!ws_value_is(content, WS_STRING))
    return ws_error_set(err, WS_EPARSE,
                        "expected a text choices[0].message.content, found %s",
                        ws_value_type_text(content));
  reply->finish = read_finish(member(choice, "finish_reason"));
  read_usage(member(answer, "usage"), &reply->usage);
  if (ws_buffer_text(&reply->text, ws_value_text(content)) != WS_OK)
    return ws_error_nomem(err);
  if (ws_value_is(model, WS_STRING) &&
      ws_buffer_text(&reply->model, ws_value_text(model)) != WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
}

ws_status ws__chat_read_body(ws_json_parser *parser, ws_text body, ws_chat_reply *reply,
                             ws_error *err) {
  ws_buffer flat = {0};
  ws_status status = ws_json_parse(parser, body, &flat, err);
  if (status == WS_OK)
    status = read_answer((ws_value){(const unsigned char *)flat.data}, reply, err);
  ws_buffer_clear(&flat);
  return status;
}

ws_status ws__chat_error_text(ws_json_parser *parser, ws_text body, ws_buffer *out) {
  ws_buffer flat = {0};
  ws_text text = body;
  ws_status status = ws_json_parse(parser, body, &flat, NULL);
  if (status == WS_OK) {
    ws_value error = member((ws_value){(const unsigned char *)flat.data}, "error");
    if (ws_value_is(error, WS_OBJECT)) error = member(error, "message");
    if (ws_value_is(error, WS_STRING)) text = ws_value_text(error);
  }
  size_t start = out->size;
  if (text.size > ERROR_SHOWN) text.size = ERROR_SHOWN;
  if (status != WS_ENOMEM) status = ws_buffer_text(out, text);
  if (status == WS_OK) ws_text_clean(out->data + start, out->size - start);
  ws_buffer_clear(&flat);
  return status;
}
