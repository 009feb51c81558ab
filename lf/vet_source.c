/* SPDX-License-Identifier: MIT
 *
 * Sources in a form in which comments, blanks and the names of labeling functions do not
 * count: what models write again and again differs in these alone. The text may be
 * anything; what is no Lua comes out as some text, too.
 */
#include <string.h>

#include <weaksup/vet.h>

typedef struct cursor {
  ws_text text;
  size_t at;
  ws_buffer *out;
} cursor;

static char peek(const cursor *c, size_t ahead) {
  size_t i = c->at + ahead;
  return i < c->text.size ? c->text.data[i] : '\0';
}

static bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Bytes beyond ASCII stand in strings and comments only. */
static bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '_';
}

/* Without blanks two pieces could become one: a name, `..`, `--`, a long bracket. */
static bool would_join(const cursor *c, char next) {
  char last = c->out->size ? c->out->data[c->out->size - 1] : ' ';
  if (is_word(last) || last == '.') return is_word(next) || next == '.';
  return last == next && strchr("-[=~<>/", next);
}

static ws_status put(cursor *c, size_t size, bool parted) {
  if (parted && would_join(c, peek(c, 0))) WS_TRY(ws_buffer_string(c->out, " "));
  WS_TRY(ws_buffer_append(c->out, c->text.data + c->at, size));
  c->at += size;
  return WS_OK;
}

/* The size of the long bracket that begins `from` bytes ahead; 0: none does. */
static size_t long_bracket(const cursor *c, size_t from) {
  size_t level = 0;
  if (peek(c, from) != '[') return 0;
  while (peek(c, from + 1 + level) == '=') level++;
  if (peek(c, from + 1 + level) != '[') return 0;
  for (size_t i = c->at + from + 2 + level; i < c->text.size; i++) {
    size_t closing = 0;
    if (c->text.data[i] != ']') continue;
    while (closing < level && i + 1 + closing < c->text.size &&
           c->text.data[i + 1 + closing] == '=')
      closing++;
    size_t end = i + 1 + level;
    if (closing == level && end < c->text.size && c->text.data[end] == ']')
      return end + 1 - c->at - from;
  }
  return c->text.size - c->at - from;
}

static size_t quoted(const cursor *c) {
  size_t size = 1;
  while (c->at + size < c->text.size && peek(c, size) != peek(c, 0) &&
         peek(c, size) != '\n')
    size += peek(c, size) == '\\' ? 2 : 1;
  size_t left = c->text.size - c->at;
  return size + 1 < left ? size + 1 : left;
}

static void skip_line(cursor *c) {
  while (c->at < c->text.size && peek(c, 0) != '\n') c->at++;
}

/* Whether there were any. */
static bool skip_blanks(cursor *c) {
  size_t from = c->at;
  for (;;) {
    while (c->at < c->text.size && is_blank(peek(c, 0))) c->at++;
    if (peek(c, 0) != '-' || peek(c, 1) != '-') return c->at > from;
    size_t size = long_bracket(c, 2);
    if (size)
      c->at += 2 + size;
    else
      skip_line(c);
  }
}

static size_t word_size(const cursor *c) {
  size_t size = 0;
  while (c->at + size < c->text.size && is_word(peek(c, size))) size++;
  return size;
}

/* A word; behind `lf` and a dot comes a name, in place of which stands '_'. */
static ws_status put_word(cursor *c, bool parted) {
  bool member = c->out->size && strchr(".:", c->out->data[c->out->size - 1]);
  size_t size = word_size(c);
  bool lf = size == 2 && peek(c, 0) == 'l' && peek(c, 1) == 'f' && !member;
  WS_TRY(put(c, size, parted));
  if (!lf) return WS_OK;
  skip_blanks(c);
  if (peek(c, 0) != '.' || peek(c, 1) == '.') return WS_OK;
  c->at++;
  skip_blanks(c);
  c->at += word_size(c);
  return ws_buffer_string(c->out, "._");
}

static ws_status put_lua(cursor *c) {
  for (;;) {
    bool parted = skip_blanks(c);
    if (c->at >= c->text.size) return WS_OK;
    char next = peek(c, 0);
    size_t bracket = long_bracket(c, 0);
    if (is_word(next))
      WS_TRY(put_word(c, parted));
    else if (next == '"' || next == '\'')
      WS_TRY(put(c, quoted(c), parted));
    else
      WS_TRY(put(c, bracket ? bracket : 1, parted));
  }
}

/* --- rules --- */

static void skip_spaces(cursor *c) {
  while (peek(c, 0) != '\n' && is_blank(peek(c, 0))) c->at++;
}

static size_t rule_word(const cursor *c) {
  if (peek(c, 0) == '"') return quoted(c);
  size_t size = 0;
  while (c->at + size < c->text.size && !is_blank(peek(c, size))) size++;
  return size;
}

static size_t pattern_size(const cursor *c) {
  size_t size = 1;
  while (c->at + size < c->text.size && peek(c, size) != '/' && peek(c, size) != '\n')
    size += peek(c, size) == '\\' ? 2 : 1;
  if (peek(c, size) == '/') size++;
  while (is_word(peek(c, size))) size++;
  size_t left = c->text.size - c->at;
  return size < left ? size : left;
}

/* Behind the name. */
static ws_status put_rule(cursor *c) {
  bool ended = false;
  WS_TRY(ws_buffer_string(c->out, "_"));
  while (!ended && c->at < c->text.size && peek(c, 0) != '\n' && peek(c, 0) != '#') {
    ended = peek(c, 0) == '/' || peek(c, 0) == '@';
    WS_TRY(ws_buffer_string(c->out, " "));
    WS_TRY(put(c, peek(c, 0) == '/' ? pattern_size(c) : rule_word(c), false));
    skip_spaces(c);
  }
  return ws_buffer_string(c->out, "\n");
}

static ws_status put_rules(cursor *c) {
  while (c->at < c->text.size) {
    skip_spaces(c);
    if (peek(c, 0) != '#' && peek(c, 0) != '\n' && c->at < c->text.size) {
      c->at += rule_word(c);
      skip_spaces(c);
      WS_TRY(put_rule(c));
    }
    skip_line(c);
    c->at++;
  }
  return WS_OK;
}

ws_status ws_lf_source_normal(ws_text source, bool rules, ws_buffer *out) {
  ws_buffer made = {0};
  cursor c = {.text = source, .out = &made};
  ws_status status = rules ? put_rules(&c) : put_lua(&c);
  if (status == WS_OK) status = ws_buffer_text(out, ws_buffer_as_text(&made));
  ws_buffer_clear(&made);
  return status;
}
