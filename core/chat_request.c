/* SPDX-License-Identifier: MIT
 *
 * The canonical form of a request, which its key is the hash of: one line of JSON, all
 * members always there, in this order, and a schema written anew from its value.
 */
#include "chat_priv.h"

#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

static const double MAX_TEMPERATURE = 100;

ws_chat_request ws_chat_request_of(ws_text system, ws_text prompt) {
  return (ws_chat_request){.system = system,
                           .prompt = prompt,
                           .max_tokens = 1024,
                           .temperature = (double)NAN,
                           .seed = -1};
}

static ws_status check_text(const char *what, ws_text text, ws_error *err) {
  if (text.size > WS_CHAT_MAX_PROMPT)
    return ws_error_set(err, WS_EINVAL, "%s: expected at most %zu bytes, found %zu", what,
                        WS_CHAT_MAX_PROMPT, text.size);
  if (!ws_utf8_valid(text)) return ws_error_set(err, WS_EINVAL, "%s: not UTF-8", what);
  return WS_OK;
}

static ws_status check(const ws_chat_request *request, ws_error *err) {
  WS_TRY(check_text("system text", request->system, err));
  WS_TRY(check_text("prompt", request->prompt, err));
  WS_TRY(check_text("JSON schema", request->json_schema, err));
  WS_TRY(check_text("grammar", request->grammar, err));
  if (request->prompt.size == 0)
    return ws_error_set(err, WS_EINVAL, "expected a prompt, found an empty text");
  if (request->max_tokens == 0)
    return ws_error_set(err, WS_EINVAL, "expected at least one token for the reply");
  if (!isnan(request->temperature) &&
      !(request->temperature >= 0 && request->temperature <= MAX_TEMPERATURE))
    return ws_error_set(err, WS_EINVAL, "expected a temperature from 0 to %g, found %g",
                        MAX_TEMPERATURE, request->temperature);
  if (request->seed < -1 || request->seed > WS_CHAT_MAX_SEED)
    return ws_error_set(err, WS_EINVAL, "expected a seed from 0 to 2147483647");
  return WS_OK;
}

static ws_status parse_schema(ws_json_parser *parser, ws_text schema, ws_buffer *padded,
                              ws_buffer *out, ws_error *err) {
  if (ws_buffer_text(padded, schema) != WS_OK ||
      ws_buffer_reserve(padded, WS_JSON_PADDING) != WS_OK)
    return ws_error_nomem(err);
  WS_TRY(ws_json_parse(parser, ws_buffer_as_text(padded), out, err));
  ws_value value = {(const unsigned char *)out->data};
  if (ws_value_is(value, WS_OBJECT)) return WS_OK;
  return ws_error_set(err, WS_EPARSE, "expected an object, found %s",
                      ws_value_type_text(value));
}

ws_status ws__chat_schema(ws_text schema, ws_buffer *out, ws_error *err) {
  ws_json_parser *parser = NULL;
  ws_buffer padded = {0};
  ws_status status = ws_json_parser_new(&parser);
  if (status == WS_OK) status = parse_schema(parser, schema, &padded, out, err);
  if (status == WS_ENOMEM) ws_error_nomem(err);
  if (status == WS_EPARSE) {
    ws_error_prefix(err, "JSON schema: ");
    status = WS_EINVAL;
  }
  ws_buffer_clear(&padded);
  ws_json_parser_free(parser);
  return status;
}

static void put_optional(ws_json_writer *json, const char *key, ws_text text) {
  ws_json_key(json, key);
  if (text.size)
    ws_json_text(json, text);
  else
    ws_json_null(json);
}

static void put_request(ws_json_writer *json, const char *model,
                        const ws_chat_request *request, ws_value schema) {
  ws_json_open(json, '{');
  ws_json_key(json, "model");
  ws_json_string(json, model);
  ws_json_key(json, "max_tokens");
  ws_json_uint(json, request->max_tokens);
  ws_json_key(json, "temperature");
  ws_json_number(json, request->temperature); // NaN is null
  ws_json_key(json, "seed");
  if (request->seed >= 0)
    ws_json_int(json, request->seed);
  else
    ws_json_null(json);
  ws_json_key(json, "json_schema");
  if (schema.at)
    ws_json_value(json, schema);
  else
    ws_json_null(json);
  put_optional(json, "grammar", request->grammar);
  put_optional(json, "system", request->system);
  ws_json_key(json, "prompt");
  ws_json_text(json, request->prompt);
  ws_json_close(json, '}');
}

ws_status ws__chat_canonical(const char *model, const ws_chat_request *request,
                             ws_buffer *out, ws_error *err) {
  ws_buffer schema = {0};
  ws_json_writer json = {.out = out};
  ws_status status = check(request, err);
  if (status == WS_OK && request->json_schema.size)
    status = ws__chat_schema(request->json_schema, &schema, err);
  if (status == WS_OK) {
    put_request(&json, model, request, (ws_value){(const unsigned char *)schema.data});
    if (json.status != WS_OK) status = ws_error_nomem(err);
  }
  ws_buffer_clear(&schema);
  return status;
}

ws_status ws_chat_key(const char *model, const ws_chat_request *request, char out[33]) {
  ws_buffer canonical = {0};
  ws_status status = ws__chat_canonical(model, request, &canonical, NULL);
  if (status == WS_OK) ws_hash128_hex(ws_hash128_of(canonical.data, canonical.size), out);
  ws_buffer_clear(&canonical);
  return status;
}
