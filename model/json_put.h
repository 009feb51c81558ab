/* SPDX-License-Identifier: MIT
 *
 * Members of JSON objects: a key with its value.
 */
#ifndef WS_JSON_PUT_H
#define WS_JSON_PUT_H

#include <weaksup/json.h>

static inline void ws__put_uint(ws_json_writer *json, const char *key, uint64_t value) {
  ws_json_key(json, key);
  ws_json_uint(json, value);
}

static inline void ws__put_number(ws_json_writer *json, const char *key, double value) {
  ws_json_key(json, key);
  ws_json_number(json, value);
}

static inline void ws__put_string(ws_json_writer *json, const char *key,
                                  const char *value) {
  ws_json_key(json, key);
  ws_json_string(json, value);
}

#endif
