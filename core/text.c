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

/* The digits from *at on. */
static ws_text take_digits(ws_text text, size_t *at) {
  size_t start = *at;
  while (*at < text.size && text.data[*at] >= '0' && text.data[*at] <= '9') ++*at;
  return (ws_text){text.data + start, *at - start};
}

static bool take(ws_text text, size_t *at, char a, char b) {
  bool there = *at < text.size && (text.data[*at] == a || text.data[*at] == b);
  *at += there;
  return there;
}

/* "e+00", or nothing: 0. False where there is more, or it is out of all proportion. */
static bool take_exponent(ws_text text, size_t *at, int *out) {
  *out = 0;
  if (*at == text.size) return true;
  if (!take(text, at, 'e', 'E')) return false;
  bool minus = *at < text.size && text.data[*at] == '-';
  take(text, at, '+', '-');
  ws_text digits = take_digits(text, at);
  if (digits.size == 0 || digits.size > 4 || *at < text.size) return false;
  for (size_t i = 0; i < digits.size; i++) *out = *out * 10 + digits.data[i] - '0';
  if (minus) *out = -*out;
  return true;
}

bool ws_text_to_whole(ws_text text, int64_t *out) {
  enum { MOST = 18 };
  size_t at = 0;
  int exponent;
  int64_t value = 0;
  bool minus = text.size && text.data[0] == '-';
  take(text, &at, '-', '-');
  ws_text whole = take_digits(text, &at), part = {text.data, 0};
  if (take(text, &at, '.', '.')) part = take_digits(text, &at);
  if (whole.size + part.size == 0 || whole.size + part.size > 64) return false;
  if (!take_exponent(text, &at, &exponent)) return false;
  int before = (int)whole.size + exponent; // digits in front of the point
  for (int i = 0; i < (int)(whole.size + part.size) || i < before; i++) {
    size_t k = (size_t)i;
    char digit = k < whole.size               ? whole.data[k]
                 : k - whole.size < part.size ? part.data[k - whole.size]
                                              : '0';
    if (i >= before && digit != '0') return false;
    if (i >= before || (value == 0 && digit == '0')) continue;
    if (before - i > MOST) return false;
    value = value * 10 + digit - '0';
  }
  *out = minus ? -value : value;
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
