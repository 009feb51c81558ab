/* SPDX-License-Identifier: MIT
 *
 * Members of JSON objects, both ways: a key with its value to write, and reading what
 * this program wrote. When reading, what is not there, or of another type, clears *valid;
 * null stands for a number that is not known.
 */
#ifndef WS_MEMBERS_H
#define WS_MEMBERS_H

#include <weaksup/json.h>
#include <weaksup/value.h>

void json_put_uint(ws_json_writer *json, const char *key, uint64_t value);
void json_put_number(ws_json_writer *json, const char *key, double value);
void json_put_text(ws_json_writer *json, const char *key, ws_text value);
void json_put_string(ws_json_writer *json, const char *key, const char *value);
void json_put_bool(ws_json_writer *json, const char *key, bool value);

ws_value member_of(ws_value object, const char *name, ws_type type, bool *valid);
double member_number(ws_value object, const char *name, bool *valid); // null: NaN
uint64_t member_count(ws_value object, const char *name, bool *valid);
ws_text member_text(ws_value object, const char *name, bool *valid);

#endif
