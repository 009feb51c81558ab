/* SPDX-License-Identifier: MIT
 *
 * The record at hand. Its lower case is computed when the first labeling function asks.
 */
#include "subject.h"

static bool is_ascii(ws_text text) {
  unsigned char all = 0;
  for (size_t i = 0; i < text.size; i++) all |= (unsigned char)text.data[i];
  return all < 0x80;
}

ws_status ws__lower(ws_text text, ws_buffer *out) {
  if (!is_ascii(text)) return ws_text_lower(text, out);
  WS_TRY(ws_buffer_reserve(out, text.size));
  char *to = out->data + out->size;
  for (size_t i = 0; i < text.size; i++) {
    char c = text.data[i];
    to[i] = (char)(c | (c >= 'A' && c <= 'Z' ? 0x20 : 0));
  }
  to[text.size] = '\0';
  out->size += text.size;
  return WS_OK;
}

void ws__subject_set(ws__subject *subject, ws_value fields, ws_text text_field) {
  ws_value text = ws_value_get(fields, text_field);
  bool is_text = ws_value_is(text, WS_STRING);
  subject->fields = fields;
  subject->text = is_text ? ws_value_text(text) : (ws_text){NULL, 0};
  subject->lowered = false;
}

void ws__subject_clear(ws__subject *subject) {
  ws_buffer_clear(&subject->lower);
  *subject = (ws__subject){.fields = {NULL}};
}

ws_status ws__subject_lower(ws__subject *subject, ws_text *out) {
  *out = (ws_text){NULL, 0};
  if (!subject->text.data) return WS_OK;
  if (!subject->lowered) {
    subject->lower.size = 0;
    WS_TRY(ws__lower(subject->text, &subject->lower));
    subject->lowered = true;
  }
  *out = ws_buffer_as_text(&subject->lower);
  return WS_OK;
}
