/* SPDX-License-Identifier: MIT
 *
 * Writing JSON into a buffer. The writer keeps its first failure, so that a document is
 * one straight list of calls with one check at the end.
 */
#include <weaksup/json.h>

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/hash.h>

#include "character.h"

static void put(ws_json_writer *json, ws_text text) {
  if (json->status == WS_OK) json->status = ws_buffer_text(json->out, text);
}

static void put_string(ws_json_writer *json, const char *string) {
  put(json, ws_text_of(string));
}

static void line_break(ws_json_writer *json) {
  if (!json->indent) return;
  put_string(json, "\n");
  for (int i = 0; i < json->depth * json->indent; i++) put_string(json, " ");
}

/* What stands between the last thing written and the value that comes next. */
static void before_value(ws_json_writer *json) {
  if (json->keyed) {
    json->keyed = false;
    return;
  }
  if (json->depth == 0) return;
  if (!json->first) put_string(json, ",");
  line_break(json);
  json->first = false;
}

static const char *escape_of(unsigned char c, char out[7]) {
  switch (c) {
  case '"':
    return "\\\"";
  case '\\':
    return "\\\\";
  case '\n':
    return "\\n";
  case '\r':
    return "\\r";
  case '\t':
    return "\\t";
  default:
    snprintf(out, 7, "\\u%04x", c);
    return out;
  }
}

static void put_escaped(ws_json_writer *json, ws_text text) {
  size_t done = 0;
  for (size_t i = 0; i < text.size; i++) {
    unsigned char c = (unsigned char)text.data[i];
    if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F) continue;
    char escape[7];
    put(json, (ws_text){text.data + done, i - done});
    put_string(json, escape_of(c, escape));
    done = i + 1;
  }
  put(json, (ws_text){text.data + done, text.size - done});
}

/* The name of a file may hold any bytes, and a document must be readable again: each byte
 * that is not UTF-8 becomes U+FFFD. */
static void put_repaired(ws_json_writer *json, ws_text text) {
  for (size_t i = 0, size; i < text.size; i += size ? size : 1) {
    size = ws__character_size((ws_text){text.data + i, text.size - i});
    if (size)
      put_escaped(json, (ws_text){text.data + i, size});
    else
      put_string(json, "\xEF\xBF\xBD");
  }
}

static void put_quoted(ws_json_writer *json, ws_text text) {
  put_string(json, "\"");
  if (ws_utf8_valid(text))
    put_escaped(json, text);
  else
    put_repaired(json, text);
  put_string(json, "\"");
}

void ws_json_open(ws_json_writer *json, char bracket) {
  before_value(json);
  put(json, (ws_text){&bracket, 1});
  json->depth++;
  json->first = true;
}

void ws_json_close(ws_json_writer *json, char bracket) {
  assert(json->depth > 0 && !json->keyed);
  json->depth--;
  if (!json->first) line_break(json);
  put(json, (ws_text){&bracket, 1});
  json->first = false;
}

void ws_json_key_text(ws_json_writer *json, ws_text key) {
  assert(!json->keyed);
  before_value(json);
  put_quoted(json, key);
  put_string(json, json->indent ? ": " : ":");
  json->keyed = true;
}

void ws_json_key(ws_json_writer *json, const char *key) {
  ws_json_key_text(json, ws_text_of(key));
}

void ws_json_null(ws_json_writer *json) {
  before_value(json);
  put_string(json, "null");
}

void ws_json_bool(ws_json_writer *json, bool value) {
  before_value(json);
  put_string(json, value ? "true" : "false");
}

void ws_json_int(ws_json_writer *json, int64_t value) {
  char digits[24];
  snprintf(digits, sizeof digits, "%lld", (long long)value);
  before_value(json);
  put_string(json, digits);
}

void ws_json_uint(ws_json_writer *json, uint64_t value) {
  char digits[24];
  snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
  before_value(json);
  put_string(json, digits);
}

void ws_json_number(ws_json_writer *json, double value) {
  char digits[32];
  if (!isfinite(value)) {
    ws_json_null(json);
    return;
  }
  ws_format_double(value, digits);
  before_value(json);
  put_string(json, digits);
}

void ws_json_text(ws_json_writer *json, ws_text value) {
  before_value(json);
  put_quoted(json, value);
}

void ws_json_string(ws_json_writer *json, const char *value) {
  if (value)
    ws_json_text(json, ws_text_of(value));
  else
    ws_json_null(json);
}

void ws_json_value(ws_json_writer *json, ws_value value) {
  switch (ws_value_type(value)) {
  case WS_NULL:
    ws_json_null(json);
    return;
  case WS_BOOL:
    ws_json_bool(json, ws_value_bool(value));
    return;
  case WS_INT:
    ws_json_int(json, ws_value_int(value));
    return;
  case WS_DOUBLE:
    ws_json_number(json, ws_value_number(value));
    return;
  case WS_STRING:
    ws_json_text(json, ws_value_text(value));
    return;
  case WS_ARRAY:
  case WS_OBJECT:
    break;
  }
  bool object = ws_value_is(value, WS_OBJECT);
  ws_text key;
  ws_value item;
  ws_json_open(json, object ? '{' : '[');
  for (ws_value_iter it = ws_value_each(value); ws_value_next(&it, &key, &item);) {
    if (object) ws_json_key_text(json, key);
    ws_json_value(json, item);
  }
  ws_json_close(json, object ? '}' : ']');
}

/* The checksum covers every byte before its own member, the comma included. */
void ws_json_seal(ws_json_writer *json) {
  char hex[33];
  assert(json->depth == 1 && !json->first && !json->keyed);
  put_string(json, ",");
  line_break(json);
  if (json->status != WS_OK) return;
  ws_hash128_hex(ws_hash128_of(json->out->data, json->out->size), hex);
  put_string(json, json->indent ? "\"checksum\": \"" : "\"checksum\":\"");
  put_string(json, hex);
  json->depth = 0;
  put_string(json, "\"");
  line_break(json);
  put_string(json, "}\n");
}
