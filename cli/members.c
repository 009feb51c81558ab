/* SPDX-License-Identifier: MIT
 *
 * Of files that are read the seal was checked, so a member that is missing is another
 * version.
 */
#include "members.h"

#include <math.h>

void json_put_uint(ws_json_writer *json, const char *key, uint64_t value) {
  ws_json_key(json, key);
  ws_json_uint(json, value);
}

void json_put_number(ws_json_writer *json, const char *key, double value) {
  ws_json_key(json, key);
  ws_json_number(json, value);
}

void json_put_text(ws_json_writer *json, const char *key, ws_text value) {
  ws_json_key(json, key);
  ws_json_text(json, value);
}

void json_put_string(ws_json_writer *json, const char *key, const char *value) {
  ws_json_key(json, key);
  ws_json_string(json, value);
}

void json_put_bool(ws_json_writer *json, const char *key, bool value) {
  ws_json_key(json, key);
  ws_json_bool(json, value);
}

ws_value member_of(ws_value object, const char *name, ws_type type, bool *valid) {
  ws_value value = ws_value_get(object, ws_text_of(name));
  bool number =
      type == WS_DOUBLE && (ws_value_is(value, WS_INT) || ws_value_is(value, WS_NULL));
  if (!ws_value_is(value, type) && !number) *valid = false;
  return value;
}

double member_number(ws_value object, const char *name, bool *valid) {
  ws_value value = member_of(object, name, WS_DOUBLE, valid);
  if (!*valid || ws_value_is(value, WS_NULL)) return (double)NAN;
  return ws_value_number(value);
}

uint64_t member_count(ws_value object, const char *name, bool *valid) {
  ws_value value = member_of(object, name, WS_INT, valid);
  return *valid && ws_value_int(value) >= 0 ? (uint64_t)ws_value_int(value) : 0;
}

ws_text member_text(ws_value object, const char *name, bool *valid) {
  ws_value value = member_of(object, name, WS_STRING, valid);
  return *valid ? ws_value_text(value) : (ws_text){"", 0};
}
