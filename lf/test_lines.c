/* SPDX-License-Identifier: MIT
 *
 * Reading the comments that hold tests. Texts, and class names that need it, are JSON
 * strings, so that every text can be written down and there is one set of escapes to
 * know.
 */
#include "test_lines.h"

#include <string.h>

static const char mark[] = "@test";
enum { MARK = sizeof mark - 1 };

/* Where in a line the parser is. */
typedef struct cursor {
  ws__test_lines *lines;
  ws_text line;
  size_t at;
} cursor;

static bool at_end(const cursor *c) {
  return c->at == c->line.size;
}

static char peek(const cursor *c) {
  return at_end(c) ? '\0' : c->line.data[c->at];
}

static void skip_blanks(cursor *c) {
  while (peek(c) == ' ' || peek(c) == '\t') c->at++;
}

/* The run of characters up to a blank or the end of the line. */
static ws_text token(const cursor *c) {
  size_t end = c->at;
  while (end < c->line.size && c->line.data[end] != ' ' && c->line.data[end] != '\t')
    end++;
  return (ws_text){c->line.data + c->at, end - c->at};
}

static ws_status fail_at(const cursor *c, size_t at, ws_error *err) {
  const ws__rules *source = &c->lines->source;
  ws_error_prefix(err, "%s:%llu:%zu: ", source->path, (unsigned long long)source->line,
                  ws__column_of(c->line, at));
  return WS_ELF;
}

static ws_status expected(const cursor *c, const char *what, ws_error *err) {
  ws_text found = token(c);
  if (found.size)
    ws_error_set(err, WS_ELF, "expected %s, found '%.*s'", what, WS_TEXT_ARG(found));
  else
    ws_error_set(err, WS_ELF, "expected %s, found the end of the line", what);
  return fail_at(c, c->at, err);
}

/* Moves behind "@test" where the line is such a comment. */
static bool begins_test(cursor *c) {
  skip_blanks(c);
  size_t start = c->at;
  while (peek(c) == c->lines->comment) c->at++;
  if (c->at - start < (c->lines->comment == '-' ? 2 : 1)) return false;
  skip_blanks(c);
  size_t left = c->line.size - c->at;
  if (left < MARK || memcmp(c->line.data + c->at, mark, MARK) != 0) return false;
  c->at += MARK;
  ws_text rest = {c->line.data + c->at - 1, 2}; // "t" and what follows it
  return at_end(c) || !ws__is_lf_name(rest);    // not "@tests"
}

/* ["..."] at the end of the buffer for values, from `open` to before `end`. */
static ws_status parse_string(cursor *c, size_t open, size_t end, ws_error *err) {
  static const char padding[WS_JSON_PADDING] = {0};
  ws_buffer *raw = &c->lines->raw;
  raw->size = 0;
  if (ws_buffer_string(raw, "[") != WS_OK ||
      ws_buffer_append(raw, c->line.data + open, end - open) != WS_OK ||
      ws_buffer_string(raw, "]") != WS_OK ||
      ws_buffer_append(raw, padding, sizeof padding) != WS_OK)
    return ws_error_nomem(err);
  ws_text text = {raw->data, end - open + 2};
  ws_status status = ws_json_parse(c->lines->json, text, &c->lines->value, err);
  return status == WS_OK || status == WS_ENOMEM ? status : fail_at(c, open, err);
}

/* A string in double quotes; *offset is where in the buffer for values its list is. */
static ws_status read_string(cursor *c, size_t *offset, ws_error *err) {
  size_t open = c->at, end = open + 1;
  while (end < c->line.size && c->line.data[end] != '"')
    end += c->line.data[end] == '\\' ? 2 : 1;
  if (end >= c->line.size) {
    ws_error_set(err, WS_ELF, "expected a second '\"', found the end of the line");
    return fail_at(c, open, err);
  }
  *offset = c->lines->value.size;
  c->at = end + 1;
  return parse_string(c, open, c->at, err);
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
  size_t start = c->at, offset;
  ws_text word = token(c);
  if (word.size == 0) return expected(c, "a class, or ABSTAIN", err);
  if (peek(c) == '"') {
    WS_TRY(read_string(c, &offset, err));
    word = string_at(c->lines, offset);
  } else {
    c->at += word.size;
  }
  *out = WS_ABSTAIN;
  if (ws_text_equals(word, "ABSTAIN")) return WS_OK;
  ws_status status = ws_task_label_text(c->lines->source.task, word, out, err);
  return status == WS_OK ? WS_OK : fail_at(c, start, err);
}

/* "text" -> CLASS */
static ws_status read_test(cursor *c, ws__test_line *out, ws_error *err) {
  size_t offset;
  skip_blanks(c);
  if (peek(c) != '"') return expected(c, "a text in double quotes behind @test", err);
  WS_TRY(read_string(c, &offset, err));
  skip_blanks(c);
  if (c->line.size - c->at < 2 || memcmp(c->line.data + c->at, "->", 2) != 0)
    return expected(c, "'->' and a class behind the text", err);
  c->at += 2;
  skip_blanks(c);
  WS_TRY(read_label(c, &out->expected, err));
  skip_blanks(c);
  if (!at_end(c)) return expected(c, "nothing more behind the class", err);
  out->line = c->lines->source.line;
  out->text = string_at(c->lines, offset);
  return WS_OK;
}

ws_status ws__test_lines_next(ws__test_lines *lines, ws__test_line *out, bool *more,
                              ws_error *err) {
  cursor c = {.lines = lines};
  lines->value.size = 0;
  while ((*more = ws__rules_line(&lines->source, &c.line))) {
    c.at = 0;
    if (begins_test(&c)) return read_test(&c, out, err);
  }
  return WS_OK;
}

void ws__test_lines_clear(ws__test_lines *lines) {
  ws_buffer_clear(&lines->raw);
  ws_buffer_clear(&lines->value);
}
