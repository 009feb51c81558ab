/* SPDX-License-Identifier: MIT
 *
 * Reading the flat encoding of JSON values (value.h). Numbers are copied out byte by
 * byte: nothing in the encoding is aligned.
 */
#include <weaksup/value.h>

#include <assert.h>
#include <string.h>

#include "value_write.h"

static uint32_t u32_at(const unsigned char *at) {
  uint32_t number;
  memcpy(&number, at, sizeof number);
  return number;
}

const char *ws_value_type_text(ws_value value) {
  static const char *const names[] = {"null",     "a boolean", "a number", "a number",
                                      "a string", "an array",  "an object"};
  return value.at ? names[*value.at] : "nothing";
}

ws_type ws_value_type(ws_value value) {
  return value.at ? (ws_type)*value.at : WS_NULL;
}

bool ws_value_is(ws_value value, ws_type type) {
  return value.at && (ws_type)*value.at == type;
}

bool ws_value_bool(ws_value value) {
  assert(ws_value_is(value, WS_BOOL));
  return value.at[1] != 0;
}

int64_t ws_value_int(ws_value value) {
  assert(ws_value_is(value, WS_INT));
  int64_t number;
  memcpy(&number, value.at + 1, sizeof number);
  return number;
}

double ws_value_number(ws_value value) {
  if (ws_value_is(value, WS_INT)) return (double)ws_value_int(value);
  assert(ws_value_is(value, WS_DOUBLE));
  double number;
  memcpy(&number, value.at + 1, sizeof number);
  return number;
}

ws_text ws_value_text(ws_value value) {
  assert(ws_value_is(value, WS_STRING));
  return (ws_text){(const char *)value.at + 5, u32_at(value.at + 1)};
}

size_t ws_value_count(ws_value value) {
  assert(ws_value_is(value, WS_ARRAY) || ws_value_is(value, WS_OBJECT));
  return u32_at(value.at + 5);
}

size_t ws_value_size(ws_value value) {
  switch (ws_value_type(value)) {
  case WS_NULL:
    return 1;
  case WS_BOOL:
    return 2;
  case WS_INT:
  case WS_DOUBLE:
    return 9;
  case WS_STRING:
    return 5 + (size_t)u32_at(value.at + 1);
  case WS_ARRAY:
  case WS_OBJECT:
    return 9 + (size_t)u32_at(value.at + 1);
  }
  return 0;
}

ws_value_iter ws_value_each(ws_value value) {
  return (ws_value_iter){.next = value.at + 9,
                         .left = ws_value_count(value),
                         .keys = ws_value_is(value, WS_OBJECT)};
}

bool ws_value_next(ws_value_iter *it, ws_text *key, ws_value *item) {
  if (it->left == 0) return false;
  it->left--;
  *key = (ws_text){NULL, 0};
  if (it->keys) {
    *key = (ws_text){(const char *)it->next + 4, u32_at(it->next)};
    it->next += 4 + key->size;
  }
  item->at = it->next;
  it->next += ws_value_size(*item);
  return true;
}

ws_value ws_value_get(ws_value object, ws_text name) {
  ws_text key;
  ws_value item;
  if (!ws_value_is(object, WS_OBJECT)) return (ws_value){NULL};
  for (ws_value_iter it = ws_value_each(object); ws_value_next(&it, &key, &item);)
    if (ws_text_equal(key, name)) return item;
  return (ws_value){NULL};
}

/* --- writing (value_write.h) --- */

static ws_status tagged(ws_buffer *out, ws_type tag, const void *data, size_t size) {
  WS_TRY(ws_buffer_reserve(out, size + 1));
  char *at = out->data + out->size;
  at[0] = (char)tag;
  if (size) memcpy(at + 1, data, size);
  out->size += size + 1;
  return WS_OK;
}

ws_status ws__put_null(ws_buffer *out) {
  return tagged(out, WS_NULL, NULL, 0);
}

ws_status ws__put_bool(ws_buffer *out, bool value) {
  char byte = value ? 1 : 0;
  return tagged(out, WS_BOOL, &byte, 1);
}

ws_status ws__put_int(ws_buffer *out, int64_t value) {
  return tagged(out, WS_INT, &value, sizeof value);
}

ws_status ws__put_double(ws_buffer *out, double value) {
  return tagged(out, WS_DOUBLE, &value, sizeof value);
}

ws_status ws__put_string(ws_buffer *out, ws_text text) {
  uint32_t size = (uint32_t)text.size;
  if (text.size > UINT32_MAX - 16) return WS_EINVAL;
  WS_TRY(tagged(out, WS_STRING, &size, sizeof size));
  return ws_buffer_append(out, text.data, text.size);
}

ws_status ws__put_key(ws_buffer *out, ws_text key) {
  uint32_t size = (uint32_t)key.size;
  if (key.size > UINT32_MAX - 16) return WS_EINVAL;
  WS_TRY(ws_buffer_append(out, &size, sizeof size));
  return ws_buffer_append(out, key.data, key.size);
}

ws_status ws__put_open(ws_buffer *out, ws_type type, size_t *mark) {
  const uint32_t unknown[2] = {0, 0};
  *mark = out->size;
  return tagged(out, type, unknown, sizeof unknown);
}

ws_status ws__put_close(ws_buffer *out, size_t mark, size_t count) {
  size_t size = out->size - mark - 9;
  if (size > UINT32_MAX || count > UINT32_MAX) return WS_EINVAL;
  uint32_t numbers[2] = {(uint32_t)size, (uint32_t)count};
  memcpy(out->data + mark + 1, numbers, sizeof numbers);
  return WS_OK;
}
