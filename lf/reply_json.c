/* SPDX-License-Identifier: MIT
 *
 * Replies in JSON: {"lfs": [...]}, or the array alone, whole or cut in the middle.
 */
#include "reply_priv.h"

static ws_status read_items(ws__replying *r, ws_value list, uint64_t line) {
  ws__item it = {.line = line};
  size_t number = 0;
  ws_text key;
  for (ws_value_iter each = ws_value_each(list); ws_value_next(&each, &key, &it.value);) {
    it.name = (ws_text){NULL, 0};
    it.number = ++number;
    WS_TRY(ws__reply_item(r, &it));
  }
  if (number) return WS_OK;
  return ws__reply_problem(
      r, (ws_reply_problem){.code = WS_REPLY_NO_LF, .line = line, .dropped = true},
      "expected labeling functions in \"lfs\", found an empty list");
}

/* --- a text that ends too early ------------------------------------------------------
 */

typedef struct json_walk {
  ws_text text;
  size_t at;
  int depth;
  bool in_string;
} json_walk;

/* Goes over a character; strings do not count. */
static char walk(json_walk *w) {
  char c = w->text.data[w->at++];
  if (w->in_string) {
    if (c == '\\' && w->at < w->text.size) w->at++;
    w->in_string = c != '"';
    return '\0';
  }
  w->in_string = c == '"';
  w->depth += (c == '{' || c == '[') - (c == '}' || c == ']');
  return c;
}

static bool ends_early(ws_text text) {
  json_walk w = {.text = text};
  while (w.at < text.size) {
    walk(&w);
    if (w.depth <= 0) return false;
  }
  return true;
}

/* The array: the text itself, or the first one in its object. Behind its bracket. */
static bool enter_array(json_walk *w) {
  int outer = *w->text.data == '{';
  while (w->at < w->text.size)
    if (walk(w) == '[') return w->depth == outer + 1;
  return false;
}

static ws_status read_whole_item(ws__replying *r, ws__item *it, ws_text text) {
  ws_buffer value = {0};
  ws_error err = WS_ERROR_INIT;
  ws_status status = ws_json_parse(r->json, text, &value, &err);
  if (status == WS_OK) {
    it->value.at = (const unsigned char *)value.data;
    status = ws__reply_item(r, it);
  } else if (status == WS_EPARSE) {
    ws_json_place(text, ws__reply_line(r, text.data), &err);
    status = ws__reply_problem(
        r,
        (ws_reply_problem){.code = WS_REPLY_BAD_JSON, .line = it->line, .dropped = true},
        "item %zu: %s", it->number, err.message);
  }
  ws_buffer_clear(&value);
  return status;
}

/* Items that are whole, as far as there are any. */
static ws_status read_cut(ws__replying *r, ws_text text, uint64_t line) {
  json_walk w = {.text = text};
  ws__item it = {.line = line};
  bool inside = enter_array(&w);
  int depth = w.depth;
  for (size_t start = 0; inside && w.at < text.size && w.depth >= depth;) {
    int before = w.depth;
    char c = walk(&w);
    if (c == '{' && before == depth) start = w.at - 1;
    if (c != '}' || w.depth != depth) continue;
    it.number++;
    it.name = (ws_text){NULL, 0};
    WS_TRY(read_whole_item(r, &it, (ws_text){text.data + start, w.at - start}));
  }
  return ws__reply_problem(
      r, (ws_reply_problem){.code = WS_REPLY_TRUNCATED, .line = line, .dropped = true},
      "expected the end of the JSON, found the end of the text behind %zu whole items",
      it.number);
}

/* --- the document --- */

static ws_status read_document(ws__replying *r, ws_value value, uint64_t line) {
  ws_value list =
      ws_value_is(value, WS_ARRAY) ? value : ws_value_get(value, ws_text_of("lfs"));
  if (ws_value_is(list, WS_ARRAY)) return read_items(r, list, line);
  return ws__reply_problem(
      r, (ws_reply_problem){.code = WS_REPLY_BAD_JSON, .line = line, .dropped = true},
      "expected the member \"lfs\" with a list, found %s", ws_value_type_text(list));
}

ws_status ws__reply_json(ws__replying *r, ws_text text, uint64_t line, bool sure,
                         bool *taken) {
  ws_buffer value = {0};
  ws_error err = WS_ERROR_INIT;
  ws_status status = ws_json_parse(r->json, text, &value, &err);
  *taken = status == WS_OK || sure;
  if (status == WS_OK) {
    status = read_document(r, (ws_value){(const unsigned char *)value.data}, line);
  } else if (status == WS_EPARSE) {
    bool good = true;
    status = WS_OK;
    if (sure) status = ws__reply_check(r, text, line, &good);
    if (sure) ws_json_place(text, line, &err);
    if (status == WS_OK && sure && good)
      status = ends_early(ws__trim(text))
                   ? read_cut(r, ws__trim(text), line)
                   : ws__reply_problem(r,
                                       (ws_reply_problem){.code = WS_REPLY_BAD_JSON,
                                                          .line = line,
                                                          .dropped = true},
                                       "%s", err.message);
  }
  ws_buffer_clear(&value);
  return status;
}
