/* SPDX-License-Identifier: MIT
 *
 * The bodies of requests in the form of OpenAI's chat completions, which other servers
 * share but for what is said of grammars and of thinking.
 */
#include "chat_priv.h"

#include <math.h>
#include <string.h>

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
