/* SPDX-License-Identifier: MIT
 *
 * Which labeling functions a file that does not load would have defined, as its text
 * shows: in Lua `function lf.NAME`, `lf.NAME =` and `lf["NAME"] =`, outside of comments
 * and strings; in rules the first word of a line. And which lines of a source begin
 * inside of a string or a comment.
 *
 * The text may be anything, as it does not load. A string that does not end is taken to
 * end with its line, a long one not to be one, so that what follows is still seen.
 */
#include <string.h>

#include "problems.h"
#include "rules.h"
#include "source_place.h"

typedef struct scanner {
  ws_text text;
  size_t at;
  char before;         // the last character that is no blank
  bool after_function; // the last word was `function`
  uint64_t open;       // levels of long brackets that end nowhere from here on
} scanner;

static char at(const scanner *s, size_t i) {
  return i < s->text.size ? s->text.data[i] : '\0';
}

static bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '_';
}

static size_t skip_blanks(const scanner *s, size_t i) {
  while (i < s->text.size && is_blank(s->text.data[i])) i++;
  return i;
}

static ws_text word_at(const scanner *s, size_t i) {
  size_t end = i;
  while (is_word(at(s, end))) end++;
  return (ws_text){s->text.data + i, end - i};
}

/* Behind the long bracket [[...]] or [==[...]==] that begins at i; i where none does;
 * `open` where it does not end. What ends nowhere is looked for once only. */
static size_t skip_long(scanner *s, size_t i, size_t open) {
  enum { LEVELS = 64 };
  size_t level = 0;
  if (at(s, i) != '[') return i;
  while (level < LEVELS && at(s, i + 1 + level) == '=') level++;
  if (level == LEVELS || at(s, i + 1 + level) != '[') return i;
  if (s->open >> level & 1) return open;
  for (size_t j = i + 2 + level; j < s->text.size; j++) {
    size_t closing = 0;
    if (at(s, j) != ']') continue;
    while (closing < level && at(s, j + 1 + closing) == '=') closing++;
    if (closing == level && at(s, j + 1 + level) == ']') return j + 2 + level;
  }
  s->open |= (uint64_t)1 << level;
  return open;
}

static size_t skip_line(const scanner *s, size_t i) {
  while (i < s->text.size && s->text.data[i] != '\n') i++;
  return i;
}

static size_t skip_comment(scanner *s, size_t i) {
  size_t end = skip_long(s, i + 2, s->text.size);
  return end == i + 2 ? skip_line(s, end) : end;
}

static size_t skip_string(const scanner *s, size_t i) {
  char quote = at(s, i++);
  while (i < s->text.size && at(s, i) != quote && at(s, i) != '\n')
    i += at(s, i) == '\\' ? 2 : 1;
  return i < s->text.size && at(s, i) == quote ? i + 1 : i;
}

/* Behind the comment, the string or the other piece of the source that begins at s->at.
 */
static void skip_piece(scanner *s) {
  char c = at(s, s->at);
  size_t from = s->at, end = from;
  if (c == '-' && at(s, from + 1) == '-')
    end = skip_comment(s, from);
  else if (c == '"' || c == '\'')
    end = skip_string(s, from);
  else if (c == '[')
    end = skip_long(s, from, from + 1);
  s->at = end > from ? end : from + 1;
}

bool ws__source_is_inside(ws__source_place *place, ws_text source, size_t line) {
  scanner s = {.text = source, .at = place->at, .open = place->open};
  while (s.at < line) skip_piece(&s);
  *place = (ws__source_place){s.at, s.open};
  return s.at > line;
}

bool ws__source_next_word(ws__source_place *place, ws_text source, ws_text *word) {
  scanner s = {.text = source, .at = place->at, .open = place->open};
  while (s.at < source.size && !is_word(source.data[s.at])) skip_piece(&s);
  bool found = s.at < source.size;
  if (found) {
    *word = word_at(&s, s.at);
    s.at += word->size;
  }
  *place = (ws__source_place){s.at, s.open};
  return found;
}

static void read_token(scanner *s, ws_text *token, char *kind) {
  char c = at(s, s->at);
  size_t from = s->at;
  *kind = c;
  if (is_word(c)) {
    *kind = 'w';
    s->at += word_at(s, from).size;
  } else if (c == '"' || c == '\'' || c == '[') {
    skip_piece(s);
    if (s->at > from + 1) *kind = 's';
  } else {
    s->at++;
  }
  *token = (ws_text){s->text.data + from, s->at - from};
}

bool ws__source_next_token(ws__source_place *place, ws_text source, ws_text *token,
                           char *kind) {
  scanner s = {.text = source, .at = place->at, .open = place->open};
  bool found = false;
  while (!found && s.at < source.size) {
    char c = at(&s, s.at);
    if (is_blank(c))
      s.at++;
    else if (c == '-' && at(&s, s.at + 1) == '-')
      skip_piece(&s);
    else
      read_token(&s, token, kind), found = true;
  }
  *place = (ws__source_place){s.at, s.open};
  return found;
}

/* The NAME of lf.NAME or lf["NAME"], the part behind lf beginning at *i, which moves
 * behind it. */
static bool read_index(const scanner *s, size_t *i, ws_text *name) {
  size_t from = skip_blanks(s, *i);
  if (at(s, from) == '.' && at(s, from + 1) != '.') {
    *name = word_at(s, skip_blanks(s, from + 1));
    *i = (size_t)(name->data - s->text.data) + name->size;
    return true;
  }
  size_t quote = skip_blanks(s, from + 1), end = skip_string(s, quote);
  if (at(s, from) != '[' || (at(s, quote) != '"' && at(s, quote) != '\'') ||
      end - quote < 2 || at(s, end - 1) != at(s, quote) ||
      at(s, skip_blanks(s, end)) != ']')
    return false;
  *name = (ws_text){s->text.data + quote + 1, end - quote - 2};
  *i = skip_blanks(s, end) + 1;
  return true;
}

/* Whether the word lf, which ends at `end`, begins a definition. */
static bool read_definition(scanner *s, size_t end, ws_text *name) {
  if (s->before == '.' || s->before == ':' || !read_index(s, &end, name)) return false;
  char next = at(s, skip_blanks(s, end)), more = at(s, skip_blanks(s, end) + 1);
  bool defined =
      s->after_function ? next != '.' && next != ':' : next == '=' && more != '=';
  if (!defined || !ws__is_lf_name(*name)) return false;
  s->at = end;
  s->before = 'a';
  s->after_function = false;
  return true;
}

/* The next definition. */
static bool next_name(scanner *s, ws_text *name) {
  while (s->at < s->text.size) {
    char c = at(s, s->at);
    size_t from = s->at;
    if (is_blank(c)) {
      s->at++;
    } else if (is_word(c)) {
      ws_text word = word_at(s, from);
      if (ws_text_equals(word, "lf") && read_definition(s, from + 2, name)) return true;
      s->at = from + word.size;
      s->before = 'a';
      s->after_function = ws_text_equals(word, "function");
    } else {
      bool comment = c == '-' && at(s, from + 1) == '-';
      skip_piece(s);
      if (comment) continue;
      s->before = c;
      s->after_function = false;
    }
  }
  return false;
}

static ws_status add_lua(ws__problems *problems, ws_text source) {
  scanner s = {.text = source};
  ws_text name;
  while (next_name(&s, &name)) WS_TRY(ws__problems_add_name(problems, name));
  return WS_OK;
}

static ws_status add_rules(ws__problems *problems, ws_text source) {
  ws__rules rules = {.text = source};
  ws_text line;
  while (ws__rules_line(&rules, &line)) {
    scanner s = {.text = line};
    size_t from = skip_blanks(&s, 0), end = from;
    while (end < line.size && !is_blank(line.data[end])) end++;
    ws_text name = {line.data + from, end - from};
    if (ws__is_lf_name(name)) WS_TRY(ws__problems_add_name(problems, name));
  }
  return WS_OK;
}

ws_status ws__problems_add_names_of(ws__problems *problems, const char *file,
                                    ws_text source) {
  size_t size = strlen(file);
  bool rules = size > 6 && strcmp(file + size - 6, ".rules") == 0;
  return rules ? add_rules(problems, source) : add_lua(problems, source);
}
