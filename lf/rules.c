/* SPDX-License-Identifier: MIT
 *
 * Reading rules: NAME LABEL [FIELD ~] /PATTERN/FLAGS or NAME LABEL [FIELD ~] @FILE, and a
 * comment behind either.
 *
 * A pattern goes to PCRE2 as it stands: the first slash without a backslash ends it, and
 * `\/` is a slash to PCRE2 too, so that nothing has to be unescaped and columns stay
 * true.
 */
#include "line.h"

#include <string.h>

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
static ws_status read_word(ws__line *c, const char *what, ws_text *out, ws_error *err) {
  ws__line_skip_blanks(c);
  if (ws__line_peek(c) != '"') {
    *out = ws__line_word(c);
    if (out->size == 0) return ws__line_expected(c, what, err);
    c->at += out->size;
    return WS_OK;
  }
  const char *start = c->text.data + c->at + 1;
  size_t left = c->text.size - c->at - 1;
  const char *quote = memchr(start, '"', left);
  if (!quote) {
    ws_error_set(err, WS_ELF, "expected a second '\"', found the end of the line");
    return ws__line_fail(c, c->at, err);
  }
  *out = (ws_text){start, (size_t)(quote - start)};
  c->at += out->size + 2;
  return WS_OK;
}

static ws_status read_name(ws__line *c, ws_text *out, ws_error *err) {
  *out = ws__line_word(c);
  if (!ws__is_lf_name(*out))
    return ws__line_expected(
        c, "the name of a labeling function (letters, digits, '_', '.', '-')", err);
  c->at += out->size;
  return WS_OK;
}

/* Where no class stands behind the name: often it is the name that was left out. */
static ws_status no_class(ws__line *c, size_t start, ws_text name, ws_text word,
                          ws_error *err) {
  int32_t label;
  bool is_class = ws_task_label_text(c->source->task, name, &label, NULL) == WS_OK;
  char first = c->text.data[start];
  if (is_class)
    ws_error_set(
        err, WS_ELF,
        "expected a class, found '%.*s': is the name of the rule missing in front "
        "of the class '%.*s'?",
        WS_TEXT_ARG(word), WS_TEXT_ARG(name));
  else if (first == '/' || first == '@')
    ws_error_set(err, WS_ELF, "expected a class behind the name '%.*s', found '%.*s'",
                 WS_TEXT_ARG(name), WS_TEXT_ARG(word));
  return ws__line_fail(c, start, err);
}

static ws_status read_label(ws__line *c, ws_text name, int32_t *out, ws_error *err) {
  ws_text word;
  ws__line_skip_blanks(c);
  size_t start = c->at;
  WS_TRY(read_word(c, "a class", &word, err));
  if (ws_task_label_text(c->source->task, word, out, err) != WS_OK)
    return no_class(c, start, name, word, err);
  if (*out != WS_ABSTAIN) return WS_OK;
  ws_error_set(err, WS_ELF,
               "expected a class, found '%.*s': a rule cannot vote to abstain",
               WS_TEXT_ARG(word));
  return ws__line_fail(c, start, err);
}

/* FIELD ~, where what comes next is neither a pattern nor a list. */
static ws_status read_field(ws__line *c, ws_text *out, ws_error *err) {
  ws__line_skip_blanks(c);
  *out = (ws_text){NULL, 0};
  if (ws__line_peek(c) == '/' || ws__line_peek(c) == '@') return WS_OK;
  const char *what = "a /pattern/, a @file or the name of a field and '~'";
  if (ws__line_ended(c) || ws__line_peek(c) == '#')
    return ws__line_expected(c, what, err);
  ws__line start = *c;
  WS_TRY(read_word(c, what, out, err));
  ws__line_skip_blanks(c);
  if (ws__line_peek(c) != '~') {
    return ws__line_ended(c) || ws__line_peek(c) == '#'
               ? ws__line_expected(&start, what, err)
               : ws__line_expected(c, "'~' behind the name of a field", err);
  }
  c->at++;
  ws__line_skip_blanks(c);
  if (ws__line_peek(c) != '/' && ws__line_peek(c) != '@')
    return ws__line_expected(c, "a /pattern/ or a @file", err);
  return WS_OK;
}

static ws_status read_pattern(ws__line *c, ws__rule *rule, ws_error *err) {
  size_t open = c->at++, end = c->at;
  while (end < c->text.size && c->text.data[end] != '/')
    end += c->text.data[end] == '\\' && end + 1 < c->text.size ? 2 : 1;
  if (end >= c->text.size) {
    ws_error_set(err, WS_ELF,
                 "expected a '/' that ends the pattern, found the end of the "
                 "line");
    return ws__line_fail(c, open, err);
  }
  rule->pattern = (ws_text){c->text.data + c->at, end - c->at};
  if (rule->pattern.size == 0) {
    ws_error_set(err, WS_ELF, "expected a pattern, found nothing between the slashes");
    return ws__line_fail(c, open, err);
  }
  rule->rest = (ws_text){c->text.data + c->at, c->text.size - c->at};
  c->at = end + 1;
  rule->flags = ws__line_word(c);
  c->at += rule->flags.size;
  return WS_OK;
}

static ws_status read_list(ws__line *c, ws__rule *rule, ws_error *err) {
  c->at++;
  rule->rest = (ws_text){c->text.data + c->at, c->text.size - c->at};
  if (ws__line_ended(c) || ws__is_blank(ws__line_peek(c)))
    return ws__line_expected(c, "the name of a file", err);
  return read_word(c, "the name of a file", &rule->list, err);
}

static ws_status read_rule(ws__line *c, ws__rule *rule, ws_error *err) {
  WS_TRY(read_name(c, &rule->name, err));
  WS_TRY(read_label(c, rule->name, &rule->label, err));
  WS_TRY(read_field(c, &rule->field, err));
  WS_TRY(ws__line_peek(c) == '/' ? read_pattern(c, rule, err) : read_list(c, rule, err));
  ws__line_skip_blanks(c);
  if (!ws__line_ended(c) && ws__line_peek(c) != '#')
    return ws__line_expected(c, "a comment or nothing more", err);
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
  while (size && (start[size - 1] == '\r' || ws__is_blank(start[size - 1]))) size--;
  *line = (ws_text){start, size};
  return true;
}

ws_status ws__rules_next(ws__rules *rules, ws__rule *out, bool *more, ws_error *err) {
  ws_text line;
  while ((*more = ws__rules_line(rules, &line))) {
    ws__line c = {rules, line, 0};
    ws__line_skip_blanks(&c);
    if (ws__line_ended(&c) || ws__line_peek(&c) == '#') continue;
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
