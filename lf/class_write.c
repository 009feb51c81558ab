/* SPDX-License-Identifier: MIT
 *
 * Names and texts from anywhere, as Lua and rules write them.
 */
#include "class_write.h"

#include <string.h>

bool ws__is_lua_name(ws_text name) {
  static const char *const reserved[] = {
      "and",      "break",  "do",   "else", "elseif", "end",  "false", "for",
      "function", "goto",   "if",   "in",   "local",  "nil",  "not",   "or",
      "repeat",   "return", "then", "true", "until",  "while"};
  for (size_t i = 0; i < name.size; i++) {
    char c = name.data[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && (i == 0 || c < '0' || c > '9')) return false;
  }
  for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
    if (ws_text_equals(name, reserved[i])) return false;
  return name.size > 0;
}

/* Whatever a terminal must not be shown is escaped byte by byte. */
ws_status ws__put_lua_string(ws_buffer *out, ws_text text) {
  ws_buffer clean = {0};
  ws_status status = ws_buffer_text(&clean, text);
  if (status == WS_OK && clean.size) ws_text_clean(clean.data, clean.size);
  if (status == WS_OK) status = ws_buffer_string(out, "\"");
  for (size_t i = 0; i < text.size && status == WS_OK; i++) {
    char c = text.data[i];
    if (c == '"' || c == '\\')
      status = ws_buffer_printf(out, "\\%c", c);
    else if (clean.data[i] != c)
      status = ws_buffer_printf(out, "\\%03u", (unsigned)(unsigned char)c);
    else
      status = ws_buffer_append(out, &c, 1);
  }
  ws_buffer_clear(&clean);
  return status == WS_OK ? ws_buffer_string(out, "\"") : status;
}

/* Whether the constant of that name is the class: what stands below wins over it. */
static bool is_constant(ws_text name) {
  static const char *const taken[] = {"lf", "field", "class", "ABSTAIN",
                                      "x",  "_ENV",  "_G"};
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
    if (ws_text_equals(name, taken[i])) return false;
  return ws__is_lua_name(name);
}

ws_status ws__put_lua_class(ws_buffer *out, ws_text name) {
  if (is_constant(name)) return ws_buffer_text(out, name);
  WS_TRY(ws_buffer_string(out, "class["));
  WS_TRY(ws__put_lua_string(out, name));
  return ws_buffer_string(out, "]");
}

/* The index of another class may be the name of one. */
static ws_status put_index(ws_buffer *out, const ws_task *task, int32_t label) {
  char digits[24];
  for (int width = 1; width < 20; width++) {
    ws_buffer number = {0};
    WS_TRY(ws_buffer_printf(&number, "%0*d", width, label));
    memcpy(digits, number.data, number.size + 1);
    ws_buffer_clear(&number);
    if (ws_task_find(task, ws_text_of(digits)) == WS_ABSTAIN) break;
  }
  return ws_buffer_string(out, digits);
}

/* Whether a terminal may be shown the text as it is. */
static ws_status check_clean(ws_text text, bool *clean) {
  ws_buffer copy = {0};
  WS_TRY(ws_buffer_text(&copy, text));
  ws_text_clean(copy.data, copy.size);
  *clean = ws_text_equal(ws_buffer_as_text(&copy), text);
  ws_buffer_clear(&copy);
  return WS_OK;
}

ws_status ws__put_rule_class(ws_buffer *out, const ws_task *task, int32_t label) {
  ws_text name = ws_task_class(task, (size_t)label);
  if (ws__is_lua_name(name)) return ws_buffer_text(out, name);
  bool clean;
  WS_TRY(check_clean(name, &clean));
  if (!clean || memchr(name.data, '"', name.size)) return put_index(out, task, label);
  WS_TRY(ws_buffer_string(out, "\""));
  WS_TRY(ws_buffer_text(out, name));
  return ws_buffer_string(out, "\"");
}
