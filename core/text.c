/* SPDX-License-Identifier: MIT
 *
 * Text and growable buffers.
 */
#include <weaksup/text.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

ws_text ws_text_of(const char *string) {
  return (ws_text){string, strlen(string)};
}

bool ws_text_equal(ws_text a, ws_text b) {
  return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool ws_text_equals(ws_text a, const char *string) {
  return ws_text_equal(a, ws_text_of(string));
}

int ws_text_compare(ws_text a, ws_text b) {
  size_t common = a.size < b.size ? a.size : b.size;
  int order = common ? memcmp(a.data, b.data, common) : 0;
  return order ? order : (a.size > b.size) - (a.size < b.size);
}

int ws_text_shown(ws_text text) {
  size_t shown = text.size;
  if (shown > 200) {
    shown = 200;
    while (shown > 0 && ((unsigned char)text.data[shown] & 0xC0u) == 0x80u) shown--;
  }
  return (int)shown;
}

bool ws_text_to_index(ws_text text, uint64_t *out) {
  uint64_t value = 0;
  if (text.size == 0 || text.size > 19) return false;
  for (size_t i = 0; i < text.size; i++) {
    if (text.data[i] < '0' || text.data[i] > '9') return false;
    value = value * 10 + (uint64_t)(text.data[i] - '0');
  }
  *out = value;
  return true;
}

void ws_buffer_clear(ws_buffer *buffer) {
  ws_free(buffer->data);
  *buffer = (ws_buffer){0};
}

ws_status ws_buffer_reserve(ws_buffer *buffer, size_t more) {
  if (more > SIZE_MAX - buffer->size - 1) return WS_ENOMEM;
  if (!ws_grow(&buffer->data, &buffer->capacity, buffer->size + more + 1, 1))
    return WS_ENOMEM;
  buffer->data[buffer->size] = '\0';
  return WS_OK;
}

ws_status ws_buffer_append(ws_buffer *buffer, const void *data, size_t size) {
  WS_TRY(ws_buffer_reserve(buffer, size));
  if (size) memcpy(buffer->data + buffer->size, data, size);
  buffer->size += size;
  buffer->data[buffer->size] = '\0';
  return WS_OK;
}

ws_status ws_buffer_text(ws_buffer *buffer, ws_text text) {
  return ws_buffer_append(buffer, text.data, text.size);
}

ws_status ws_buffer_string(ws_buffer *buffer, const char *string) {
  return ws_buffer_append(buffer, string, strlen(string));
}

ws_status ws_buffer_printf(ws_buffer *buffer, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int length = vsnprintf(NULL, 0, format, args);
  va_end(args);
  ws_status status = length < 0 ? WS_EINVAL : ws_buffer_reserve(buffer, (size_t)length);
  if (status == WS_OK) {
    vsnprintf(buffer->data + buffer->size, (size_t)length + 1, format, again);
    buffer->size += (size_t)length;
  }
  va_end(again);
  return status;
}

ws_text ws_buffer_as_text(const ws_buffer *buffer) {
  return (ws_text){buffer->data, buffer->size};
}
