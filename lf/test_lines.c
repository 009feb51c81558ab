/* SPDX-License-Identifier: MIT
 *
 * Reading the comments that hold tests. Texts, and class names that need it, are JSON
 * strings, so that every text can be written down and there is one set of escapes to
 * know.
 */
#include "test_lines.h"

#include <string.h>

#include "line.h"

static const char mark[] = "@test";
enum { MARK = sizeof mark - 1 };

typedef struct cursor {
  ws__test_lines *lines;
  ws__line line;
} cursor;

/* Whether the line stands inside of a long string or a long comment of Lua. */
static bool is_quoted(cursor *c) {
  const ws__rules *source = &c->lines->source;
  if (c->lines->comment != '-') return false;
  return ws__source_is_inside(&c->lines->place, source->text,
                              (size_t)(c->line.text.data - source->text.data));
}

/* Moves to the first word of the comment that the line is. */
static bool begins_comment(cursor *c) {
  ws__line_skip_blanks(&c->line);
  size_t start = c->line.at;
  while (ws__line_peek(&c->line) == c->lines->comment) c->line.at++;
  if (c->line.at - start < (c->lines->comment == '-' ? 2 : 1)) return false;
  ws__line_skip_blanks(&c->line);
  return true;
}

/* Moves behind "@test" where that is next. */
static bool begins_test(cursor *c) {
  size_t left = c->line.text.size - c->line.at;
  if (left < MARK || memcmp(c->line.text.data + c->line.at, mark, MARK) != 0)
    return false;
  ws__line behind = c->line;
  behind.at += MARK;
  ws_text rest = {c->line.text.data + behind.at - 1, 2};              // "t", what follows
  if (!ws__line_ended(&behind) && ws__is_lf_name(rest)) return false; // "@tests"
  c->line = behind;
  return true;
}

static bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '_';
}

/* A word, with an '@' in front or without one. */
static ws_text mark_word(const ws__line *line) {
  size_t end = line->at;
  if (ws__line_peek(line) == '@') end++;
  while (end < line->text.size && is_word(line->text.data[end])) end++;
  return (ws_text){line->text.data + line->at, end - line->at};
}

static bool holds_arrow(ws_text text) {
  for (size_t i = 0; i + 1 < text.size; i++)
    if (text.data[i] == '-' && text.data[i + 1] == '>') return true;
  return false;
}

/* Whether the comment looks like a test but for its first word: that is near "@test", or
 * begins with '@' and has a text behind it. */
static bool is_near_test(cursor *c, ws__test_line *out) {
  static const char *const name = "test";
  ws_text word = mark_word(&c->line);
  bool at = word.size && word.data[0] == '@';
  ws_text bare = {word.data + at, word.size - at};
  bool near = bare.size && bare.size <= MARK && ws_suggest(bare, &name, 1);
  ws__line rest = c->line;
  rest.at += word.size;
  if (ws__line_peek(&rest) == ':') rest.at++;
  ws__line_skip_blanks(&rest);
  bool quoted = ws__line_peek(&rest) == '"';
  ws_text behind = {rest.text.data + rest.at, rest.text.size - rest.at};
  if ((near && at) + (near && quoted) + (at && quoted) == 0 || !holds_arrow(behind))
    return false;
  out->line = c->lines->source.line;
  out->column = ws__column_of(c->line.text, c->line.at);
  out->meant = word;
  return true;
}

/* ["..."] at the end of the buffer for values, from `open` to before `end`. */
static ws_status parse_string(cursor *c, size_t open, size_t end, ws_error *err) {
  static const char padding[WS_JSON_PADDING] = {0};
  ws_buffer *raw = &c->lines->raw;
  raw->size = 0;
  if (ws_buffer_string(raw, "[") != WS_OK ||
      ws_buffer_append(raw, c->line.text.data + open, end - open) != WS_OK ||
      ws_buffer_string(raw, "]") != WS_OK ||
      ws_buffer_append(raw, padding, sizeof padding) != WS_OK)
    return ws_error_nomem(err);
  ws_text text = {raw->data, end - open + 2};
  ws_status status = ws_json_parse(c->lines->json, text, &c->lines->value, err);
  return status == WS_OK || status == WS_ENOMEM ? status
                                                : ws__line_fail(&c->line, open, err);
}

/* A string in double quotes; *offset is where in the buffer for values its list is. */
static ws_status read_string(cursor *c, size_t *offset, ws_error *err) {
  size_t open = c->line.at, end = open + 1;
  while (end < c->line.text.size && c->line.text.data[end] != '"')
    end += c->line.text.data[end] == '\\' ? 2 : 1;
  if (end >= c->line.text.size) {
    ws_error_set(err, WS_ELF, "expected a second '\"', found the end of the line");
    return ws__line_fail(&c->line, open, err);
  }
  *offset = c->lines->value.size;
  c->line.at = end + 1;
  return parse_string(c, open, c->line.at, err);
}

/* The one item of the list there. */
static ws_text string_at(const ws__test_lines *lines, size_t offset) {
  ws_text key;
  ws_value item = {NULL};
  ws_value list = {(const unsigned char *)lines->value.data + offset};
  ws_value_iter it = ws_value_each(list);
  return ws_value_next(&it, &key, &item) ? ws_value_text(item) : (ws_text){"", 0};
}

static ws_status read_label(cursor *c, int32_t *out, ws_error *err) {
  size_t start = c->line.at, offset;
  ws_text word = ws__line_word(&c->line);
  if (word.size == 0) return ws__line_expected(&c->line, "a class, or ABSTAIN", err);
  if (ws__line_peek(&c->line) == '"') {
    WS_TRY(read_string(c, &offset, err));
    word = string_at(c->lines, offset);
  } else {
    c->line.at += word.size;
  }
  *out = WS_ABSTAIN;
  if (ws_text_equals(word, "ABSTAIN")) return WS_OK;
  ws_status status = ws_task_label_text(c->lines->source.task, word, out, err);
  if (status != WS_OK && ws_text_equals(word, "nil"))
    ws_error_set(err, WS_ELF, "expected a class, or ABSTAIN for no vote, found 'nil'");
  return status == WS_OK ? WS_OK : ws__line_fail(&c->line, start, err);
}

/* "text" -> CLASS */
static ws_status read_test(cursor *c, ws__test_line *out, ws_error *err) {
  size_t offset;
  ws__line_skip_blanks(&c->line);
  if (ws__line_peek(&c->line) != '"')
    return ws__line_expected(&c->line, "a text in double quotes behind @test", err);
  WS_TRY(read_string(c, &offset, err));
  ws__line_skip_blanks(&c->line);
  if (c->line.text.size - c->line.at < 2 ||
      memcmp(c->line.text.data + c->line.at, "->", 2) != 0)
    return ws__line_expected(&c->line, "'->' and a class behind the text", err);
  c->line.at += 2;
  ws__line_skip_blanks(&c->line);
  WS_TRY(read_label(c, &out->expected, err));
  ws__line_skip_blanks(&c->line);
  if (!ws__line_ended(&c->line))
    return ws__line_expected(&c->line, "nothing more behind the class", err);
  out->line = c->lines->source.line;
  out->text = string_at(c->lines, offset);
  return WS_OK;
}

ws_status ws__test_lines_next(ws__test_lines *lines, ws__test_line *out, bool *more,
                              ws_error *err) {
  cursor c = {.lines = lines, .line = {.source = &lines->source}};
  lines->value.size = 0;
  out->meant = (ws_text){NULL, 0};
  while ((*more = ws__rules_line(&lines->source, &c.line.text))) {
    c.line.at = 0;
    if (is_quoted(&c) || !begins_comment(&c)) continue;
    if (begins_test(&c)) return read_test(&c, out, err);
    if (is_near_test(&c, out)) return WS_OK;
  }
  return WS_OK;
}

void ws__test_lines_clear(ws__test_lines *lines) {
  ws_buffer_clear(&lines->raw);
  ws_buffer_clear(&lines->value);
}
