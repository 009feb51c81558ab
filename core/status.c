/* SPDX-License-Identifier: MIT
 *
 * Filling in error messages. Messages quote input, so control characters are replaced: a
 * hostile file must not write to the terminal of the person who reads its error.
 */
#include <weaksup/status.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/text.h>

const char *ws_status_text(ws_status status) {
  switch (status) {
#define WS_STATUS_CASE(name, value, text)                                                \
  case WS_##name:                                                                        \
    return text;
    WS_STATUS_MAP(WS_STATUS_CASE)
#undef WS_STATUS_CASE
  }
  return "unknown status";
}

/* Ends a message that did not fit in "...", at a character's border. */
static void cut(char *message) {
  size_t end = WS_ERROR_MESSAGE_SIZE - 4;
  while (end > 0 && ((unsigned char)message[end] & 0xC0u) == 0x80u) end--;
  memcpy(message + end, "...", 4);
}

WS_PRINTF(2, 0)
static void format_message(char *out, const char *format, va_list args) {
  int length = vsnprintf(out, WS_ERROR_MESSAGE_SIZE, format, args);
  if (length < 0) out[0] = '\0';
  if (length >= WS_ERROR_MESSAGE_SIZE) cut(out);
  ws_text_clean(out, strlen(out));
}

ws_status ws_error_set(ws_error *err, ws_status status, const char *format, ...) {
  if (!err) return status;
  va_list args;
  va_start(args, format);
  format_message(err->message, format, args);
  va_end(args);
  err->status = status;
  return status;
}

void ws_error_prefix(ws_error *err, const char *format, ...) {
  if (!err) return;
  char front[WS_ERROR_MESSAGE_SIZE];
  va_list args;
  va_start(args, format);
  format_message(front, format, args);
  va_end(args);
  size_t shift = strlen(front), length = strlen(err->message);
  bool fits = shift + length < WS_ERROR_MESSAGE_SIZE;
  if (!fits) length = WS_ERROR_MESSAGE_SIZE - 1 - shift;
  memmove(err->message + shift, err->message, length);
  err->message[shift + length] = '\0';
  memcpy(err->message, front, shift);
  if (!fits) cut(err->message);
}

ws_status ws_error_nomem(ws_error *err) {
  return ws_error_set(err, WS_ENOMEM, "%s", ws_status_text(WS_ENOMEM));
}
