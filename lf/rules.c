/* SPDX-License-Identifier: MIT
 *
 * Reading rules: NAME LABEL [FIELD ~] /PATTERN/FLAGS or NAME LABEL [FIELD ~] @FILE, and a
 * comment behind either.
 *
 * A pattern goes to PCRE2 as it stands: the first slash without a backslash ends it, and
 * `\/` is a slash to PCRE2 too, so that nothing has to be unescaped and columns stay
 * true.
 */
#include "rules.h"

#include <string.h>

/* Where in a line the parser is. */
typedef struct cursor {
  const ws__rules *rules;
  ws_text line;
  size_t at;
} cursor;

static bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

static bool at_end(const cursor *c) {
  return c->at == c->line.size;
}

static char peek(const cursor *c) {
  return at_end(c) ? '\0' : c->line.data[c->at];
}

static void skip_blanks(cursor *c) {
  while (!at_end(c) && is_blank(peek(c))) c->at++;
}

size_t ws__column_of(ws_text line, size_t at) {
  size_t column = 1;
  for (size_t i = 0; i < at && i < line.size; i++)
    if (((unsigned char)line.data[i] & 0xC0u) != 0x80u) column++;
  return column;
}

/* The run of characters up to a blank or the end of the line. */
static ws_text token(const cursor *c) {
  size_t end = c->at;
  while (end < c->line.size && !is_blank(c->line.data[end])) end++;
  return (ws_text){c->line.data + c->at, end - c->at};
}

static ws_status fail_at(const cursor *c, size_t at, ws_error *err) {
  ws_error_prefix(err, "%s:%llu:%zu: ", c->rules->path,
                  (unsigned long long)c->rules->line, ws__column_of(c->line, at));
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

bool ws__is_lf_name(ws_text name) {
  if (name.size == 0 || name.size > 200) return false;
  for (size_t i = 0; i < name.size; i++) {
    char c = name.data[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    bool other = (c >= '0' && c <= '9') || c == '.' || c == '-';
    if (!letter && (i == 0 || !other)) return false;
  }
  return true;
}

/* A bare or a quoted word. */
static ws_status read_word(cursor *c, const char *what, ws_text *out, ws_error *err) {
  skip_blanks(c);
  if (peek(c) != '"') {
    *out = token(c);
    if (out->size == 0) return expected(c, what, err);
    c->at += out->size;
    return WS_OK;
  }
  const char *start = c->line.data + c->at + 1;
  size_t left = c->line.size - c->at - 1;
  const char *quote = memchr(start, '"', left);
  if (!quote) {
    ws_error_set(err, WS_ELF, "expected a second '\"', found the end of the line");
    return fail_at(c, c->at, err);
  }
  *out = (ws_text){start, (size_t)(quote - start)};
  c->at += out->size + 2;
  return WS_OK;
}

static ws_status read_name(cursor *c, ws_text *out, ws_error *err) {
  *out = token(c);
  if (!ws__is_lf_name(*out))
    return expected(c, "the name of a labeling function (letters, digits, '_', '.', '-')",
                    err);
  c->at += out->size;
  return WS_OK;
}

static ws_status read_label(cursor *c, int32_t *out, ws_error *err) {
  ws_text word;
  skip_blanks(c);
  size_t start = c->at;
  WS_TRY(read_word(c, "a class", &word, err));
  if (ws_task_label_text(c->rules->task, word, out, err) != WS_OK)
    return fail_at(c, start, err);
  if (*out != WS_ABSTAIN) return WS_OK;
  ws_error_set(err, WS_ELF,
               "expected a class, found '%.*s': a rule cannot vote to abstain",
               WS_TEXT_ARG(word));
  return fail_at(c, start, err);
}

/* FIELD ~, where what comes next is neither a pattern nor a list. */
static ws_status read_field(cursor *c, ws_text *out, ws_error *err) {
  skip_blanks(c);
  *out = (ws_text){NULL, 0};
  if (peek(c) == '/' || peek(c) == '@') return WS_OK;
  const char *what = "a /pattern/, a @file or the name of a field and '~'";
  if (at_end(c) || peek(c) == '#') return expected(c, what, err);
  cursor start = *c;
  WS_TRY(read_word(c, what, out, err));
  skip_blanks(c);
  if (peek(c) != '~') {
    return at_end(c) || peek(c) == '#'
               ? expected(&start, what, err)
               : expected(c, "'~' behind the name of a field", err);
  }
  c->at++;
  skip_blanks(c);
  if (peek(c) != '/' && peek(c) != '@') return expected(c, "a /pattern/ or a @file", err);
  return WS_OK;
}

static ws_status read_pattern(cursor *c, ws__rule *rule, ws_error *err) {
  size_t open = c->at++, end = c->at;
  while (end < c->line.size && c->line.data[end] != '/')
    end += c->line.data[end] == '\\' && end + 1 < c->line.size ? 2 : 1;
  if (end >= c->line.size) {
    ws_error_set(err, WS_ELF,
                 "expected a '/' that ends the pattern, found the end of the "
                 "line");
    return fail_at(c, open, err);
  }
  rule->pattern = (ws_text){c->line.data + c->at, end - c->at};
  if (rule->pattern.size == 0) {
    ws_error_set(err, WS_ELF, "expected a pattern, found nothing between the slashes");
    return fail_at(c, open, err);
  }
  rule->rest = (ws_text){c->line.data + c->at, c->line.size - c->at};
  c->at = end + 1;
  rule->flags = token(c);
  c->at += rule->flags.size;
  return WS_OK;
}

static ws_status read_list(cursor *c, ws__rule *rule, ws_error *err) {
  c->at++;
  rule->rest = (ws_text){c->line.data + c->at, c->line.size - c->at};
  if (at_end(c) || is_blank(peek(c))) return expected(c, "the name of a file", err);
  return read_word(c, "the name of a file", &rule->list, err);
}

static ws_status read_rule(cursor *c, ws__rule *rule, ws_error *err) {
  WS_TRY(read_name(c, &rule->name, err));
  WS_TRY(read_label(c, &rule->label, err));
  WS_TRY(read_field(c, &rule->field, err));
  WS_TRY(peek(c) == '/' ? read_pattern(c, rule, err) : read_list(c, rule, err));
  skip_blanks(c);
  if (!at_end(c) && peek(c) != '#') return expected(c, "a comment or nothing more", err);
  return WS_OK;
}

bool ws__rules_line(ws__rules *rules, ws_text *line) {
  ws_text text = rules->text;
  if (rules->position == 0 && text.size >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0)
    rules->position = 3;
  if (rules->position >= text.size) return false;
  const char *start = text.data + rules->position;
  size_t left = text.size - rules->position;
  const char *stop = memchr(start, '\n', left);
  size_t size = stop ? (size_t)(stop - start) : left;
  rules->position += size + (stop != NULL);
  rules->line++;
  while (size && (start[size - 1] == '\r' || is_blank(start[size - 1]))) size--;
  *line = (ws_text){start, size};
  return true;
}

ws_status ws__rules_next(ws__rules *rules, ws__rule *out, bool *more, ws_error *err) {
  ws_text line;
  while ((*more = ws__rules_line(rules, &line))) {
    cursor c = {rules, line, 0};
    skip_blanks(&c);
    if (at_end(&c) || peek(&c) == '#') continue;
    *out = (ws__rule){.line = rules->line, .whole = line};
    return read_rule(&c, out, err);
  }
  return WS_OK;
}

void ws__rule_locate(const ws__rules *rules, const ws__rule *rule, size_t offset,
                     ws_error *err) {
  size_t at = (size_t)(rule->rest.data - rule->whole.data) + offset;
  ws_error_prefix(err, "%s:%llu:%zu: ", rules->path, (unsigned long long)rule->line,
                  ws__column_of(rule->whole, at));
}
