/* SPDX-License-Identifier: MIT
 *
 * Names and texts from anywhere, as Lua and rules write them. What is escaped follows
 * from how lua_names.c and rules.c read: a change there is one here.
 */
#include <weaksup/lf_write.h>

#include <string.h>

#include <weaksup/json.h>

/* ASCII letters, digits and '_', no digit in front. */
static bool is_identifier(ws_text text) {
  for (size_t i = 0; i < text.size; i++) {
    char c = text.data[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && (i == 0 || c < '0' || c > '9')) return false;
  }
  return text.size > 0;
}

static bool is_among(ws_text name, const char *const *list) {
  for (; list && *list; list++)
    if (ws_text_equals(name, *list)) return true;
  return false;
}

bool ws_lf_is_name(ws_text text) {
  static const char *const reserved[] = {
      "and",      "break",  "do",   "else", "elseif", "end",   "false", "for",
      "function", "goto",   "if",   "in",   "local",  "nil",   "not",   "or",
      "repeat",   "return", "then", "true", "until",  "while", NULL};
  return is_identifier(text) && !is_among(text, reserved);
}

/* Whatever a terminal must not be shown is escaped byte by byte. */
ws_status ws_lf_put_string(ws_buffer *out, ws_text text) {
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

ws_status ws_lf_put_class(ws_buffer *out, ws_text name, const char *const *locals) {
  static const char *const ours[] = {"lf", "field", "class", "ABSTAIN",
                                     "x",  "_ENV",  "_G",    NULL};
  if (ws_lf_is_name(name) && !is_among(name, ours) && !is_among(name, locals))
    return ws_buffer_text(out, name);
  WS_TRY(ws_buffer_string(out, "class["));
  WS_TRY(ws_lf_put_string(out, name));
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

ws_status ws_lf_put_rule_class(ws_buffer *out, const ws_task *task, int32_t label) {
  ws_text name = ws_task_class(task, (size_t)label);
  if (is_identifier(name)) return ws_buffer_text(out, name);
  if (!ws_text_is_clean(name) || memchr(name.data, '"', name.size))
    return put_index(out, task, label);
  WS_TRY(ws_buffer_string(out, "\""));
  WS_TRY(ws_buffer_text(out, name));
  return ws_buffer_string(out, "\"");
}

/* There `nil` is told to be a slip for ABSTAIN. */
ws_status ws_lf_put_test_class(ws_buffer *out, const ws_task *task, int32_t label) {
  ws_text name = ws_task_class(task, (size_t)label);
  ws_json_writer json = {.out = out};
  if (is_identifier(name) && !ws_text_equals(name, "nil"))
    return ws_buffer_text(out, name);
  if (!ws_text_is_clean(name)) return put_index(out, task, label);
  ws_json_text(&json, name);
  return json.status;
}
