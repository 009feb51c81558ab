/* SPDX-License-Identifier: MIT
 *
 * Reading a JSON file of which one long array is most: the array is cut out of the text,
 * the rest is parsed as if it were empty, and its items are parsed when they are asked
 * for. Cutting looks at quotes and brackets alone; all else is left to the parser, which
 * sees every byte of the file once but for the commas and blanks between the items.
 */
#include <weaksup/json.h>

#include <string.h>

#include <weaksup/alloc.h>

#include "json_file.h"

typedef struct span {
  size_t begin, end;
} span;

struct ws_json_items {
  ws_json_parser *parser;
  ws_buffer bytes; // the file
  span *spans;     // [count] of the items
  size_t count, capacity, next;
  ws_buffer text, value; // of one item
};

/* --- cutting ------------------------------------------------------------------------ */

static size_t skip_blanks(ws_text text, size_t at) {
  while (at < text.size && memchr(" \t\n\r", text.data[at], 4)) at++;
  return at;
}

/* Behind the string that begins at `at`; the end of the text where it is not closed. */
static size_t skip_string(ws_text text, size_t at) {
  for (at++; at < text.size && text.data[at] != '"'; at++) at += text.data[at] == '\\';
  return at < text.size ? at + 1 : text.size;
}

/* Behind the value that begins at `at`; at `at` where there is none. */
static size_t skip_value(ws_text text, size_t at) {
  size_t depth = 0;
  while (at < text.size) {
    char c = text.data[at];
    bool opens = c == '{' || c == '[', closes = c == '}' || c == ']';
    if (depth == 0 && (closes || memchr(",: \t\n\r", c, 6))) break;
    at = c == '"' ? skip_string(text, at) : at + 1;
    depth += opens;
    depth -= closes;
    if (depth == 0 && closes) break;
  }
  return at;
}

/* Where the array begins that is the member `key` of the outermost object; 0 where it has
 * none, or is none. */
static size_t find_array(ws_text text, ws_text key) {
  size_t at = skip_blanks(text, 0);
  if (at >= text.size || text.data[at] != '{') return 0;
  do {
    size_t name = skip_blanks(text, at + 1), end = skip_value(text, name);
    size_t value = skip_blanks(text, skip_blanks(text, end) + 1);
    if (value >= text.size) return 0;
    bool wanted = end - name == key.size + 2 &&
                  memcmp(text.data + name + 1, key.data, key.size) == 0;
    if (wanted) return text.data[value] == '[' ? value : 0;
    at = skip_blanks(text, skip_value(text, value));
  } while (at < text.size && text.data[at] == ',');
  return 0;
}

static ws_status add_span(ws_json_items *items, size_t begin, size_t end) {
  if (!ws_grow(&items->spans, &items->capacity, items->count + 1, sizeof *items->spans))
    return WS_ENOMEM;
  items->spans[items->count++] = (span){begin, end};
  return WS_OK;
}

/* Notes where the items of the array at `at` are; *end becomes the place of its closing
 * bracket. */
static ws_status cut(ws_json_items *items, size_t at, size_t *end, ws_error *err) {
  ws_text text = ws_buffer_as_text(&items->bytes);
  size_t begin = skip_blanks(text, at + 1);
  *end = begin;
  if (begin < text.size && text.data[begin] == ']') return WS_OK;
  for (;; begin = skip_blanks(text, *end + 1)) {
    size_t behind = skip_value(text, begin);
    *end = skip_blanks(text, behind);
    if (behind == begin || *end >= text.size ||
        (text.data[*end] != ',' && text.data[*end] != ']'))
      return ws_error_set(err, WS_EPARSE,
                          "JSON: malformed (a missing comma, quote, colon or bracket)");
    WS_TRY(add_span(items, begin, behind));
    if (text.data[*end] == ']') return WS_OK;
  }
}

/* --- parsing ------------------------------------------------------------------------ */

/* Parses what stands before and behind the items, or all where there is no array. */
static ws_status parse_rest(ws_json_items *items, ws_text key, ws_buffer *out,
                            ws_error *err) {
  ws_text all = ws_buffer_as_text(&items->bytes);
  size_t array = find_array(all, key), end;
  if (!array) return ws_json_parse(items->parser, all, out, err);
  WS_TRY(cut(items, array, &end, err));
  ws_buffer rest = {0};
  ws_status status = ws_buffer_append(&rest, all.data, array + 1);
  if (status == WS_OK) status = ws_buffer_append(&rest, all.data + end, all.size - end);
  if (status == WS_OK) status = ws_buffer_reserve(&rest, WS_JSON_PADDING);
  if (status == WS_OK)
    status = ws_json_parse(items->parser, ws_buffer_as_text(&rest), out, err);
  ws_buffer_clear(&rest);
  return status;
}

static ws_status load(ws_json_items *items, const char *path, bool sealed, ws_text key,
                      ws_buffer *out, ws_error *err) {
  WS_TRY(ws__json_file_read(path, sealed, &items->bytes, err));
  WS_TRY(ws_json_parser_new(&items->parser));
  ws_status status = parse_rest(items, key, out, err);
  if (status == WS_EPARSE) ws_json_place(ws_buffer_as_text(&items->bytes), 0, err);
  if (status == WS_EPARSE) ws_error_prefix(err, "%s: ", path);
  return status;
}

ws_status ws_json_items_load(const char *path, bool sealed, const char *key,
                             ws_buffer *out, ws_json_items **items, ws_error *err) {
  ws_json_items *made = ws_alloc_zero(1, sizeof *made);
  ws_status status =
      made ? load(made, path, sealed, ws_text_of(key), out, err) : WS_ENOMEM;
  if (status == WS_ENOMEM) ws_error_nomem(err);
  if (status == WS_OK)
    *items = made;
  else
    ws_json_items_free(made);
  return status;
}

void ws_json_items_free(ws_json_items *items) {
  if (!items) return;
  ws_json_parser_free(items->parser);
  ws_buffer_clear(&items->bytes);
  ws_buffer_clear(&items->text);
  ws_buffer_clear(&items->value);
  ws_free(items->spans);
  ws_free(items);
}

size_t ws_json_items_count(const ws_json_items *items) {
  return items->count;
}

void ws_json_items_rewind(ws_json_items *items) {
  items->next = 0;
}

/* As the only item of an array, as it may be a bare value. */
ws_status ws_json_items_next(ws_json_items *items, ws_value *item, ws_error *err) {
  *item = (ws_value){NULL};
  if (items->next == items->count) return WS_OK;
  span at = items->spans[items->next++];
  ws_buffer *text = &items->text;
  text->size = items->value.size = 0;
  ws_status status = ws_buffer_append(text, "[", 1);
  if (status == WS_OK)
    status = ws_buffer_append(text, items->bytes.data + at.begin, at.end - at.begin);
  if (status == WS_OK) status = ws_buffer_append(text, "]", 1);
  if (status == WS_OK) status = ws_buffer_reserve(text, WS_JSON_PADDING);
  if (status != WS_OK) return ws_error_nomem(err);
  WS_TRY(ws_json_parse(items->parser, ws_buffer_as_text(text), &items->value, err));
  ws_value array = {(const unsigned char *)items->value.data};
  ws_value_iter it = ws_value_each(array);
  ws_text key;
  ws_value_next(&it, &key, item);
  return WS_OK;
}
