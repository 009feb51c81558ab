/* SPDX-License-Identifier: MIT
 *
 * Parting a block of Lua at its outermost statements, by its tokens alone: nothing is
 * compiled or run. In Lua two operands never stand side by side, so a word behind the end
 * of an expression begins a statement; `function`, `do`, `if` and `repeat` open what
 * `end` and `until` close. Where that does not come out even, or a statement is neither
 * an LF nor what one needs (a local, a derived field), the block stays as it is.
 */
#include <string.h>

#include <weaksup/alloc.h>

#include "reply_priv.h"
#include "source_place.h"

typedef struct token {
  ws_text text;
  char kind; // 'w', 's', or the character; 0: none
} token;

enum { AHEAD = 5 };

typedef struct parting {
  ws_text source;
  ws__source_place place;
  token next[AHEAD]; // [0] is the current one
  token last;
  int blocks, brackets; // that are open
  ws__units *out;
} parting;

static void advance(parting *p) {
  token read = {{NULL, 0}, 0};
  p->last = p->next[0];
  memmove(p->next, p->next + 1, (AHEAD - 1) * sizeof *p->next);
  if (!ws__source_next_token(&p->place, p->source, &read.text, &read.kind)) read.kind = 0;
  if (read.kind == 0 && read.text.size) read.kind = '\1'; // a NUL is no end
  p->next[AHEAD - 1] = read;
}

static bool is_word(const token *t, const char *word) {
  return t->kind == 'w' && ws_text_equals(t->text, word);
}

static bool is_one_of(const token *t, const char *const *words) {
  for (; *words; words++)
    if (is_word(t, *words)) return true;
  return false;
}

/* Whether an expression may end with the token, so that a word behind it begins a
 * statement. */
static bool ends_expression(const token *t) {
  static const char *const not_end[] = {
      "and",    "or",   "not",  "local", "function", "goto", "return", "in",    "if",
      "elseif", "then", "else", "while", "do",       "for",  "repeat", "until", NULL};
  if (t->kind == 'w') return !is_one_of(t, not_end);
  return t->kind == 0 || t->kind == 's' || t->kind == ')' || t->kind == ']' ||
         t->kind == '}' || t->kind == ';';
}

static bool begins_statement(const parting *p) {
  static const char *const inside[] = {"and", "or",     "then",  "do",  "else",
                                       "in",  "elseif", "until", "end", NULL};
  return p->blocks == 0 && p->brackets == 0 && p->next[0].kind == 'w' &&
         !is_one_of(&p->next[0], inside) && ends_expression(&p->last);
}

/* --- names --- */

/* A name between quotes, without escapes. */
static bool unquote(const token *t, ws_text *out) {
  if (t->kind != 's' || t->text.size < 2 || *t->text.data == '[' ||
      t->text.data[t->text.size - 1] != *t->text.data)
    return false;
  *out = (ws_text){t->text.data + 1, t->text.size - 2};
  return !out->size || !memchr(out->data, '\\', out->size);
}

static bool is_equals(const token *t, const token *behind) {
  return t->kind == '=' && behind->kind != '=';
}

/* Whether the current token is the `lf` of a definition: function lf.NAME(, lf.NAME =,
 * lf["NAME"] =. */
static bool read_definition(const parting *p, ws_text *name) {
  const token *t = p->next;
  if (!is_word(&t[0], "lf") || p->last.kind == '.' || p->last.kind == ':') return false;
  if (t[1].kind == '.' && t[2].kind == 'w') {
    *name = t[2].text;
    return is_word(&p->last, "function") ? t[3].kind == '(' : is_equals(&t[3], &t[4]);
  }
  if (t[1].kind != '[' || t[3].kind != ']' || t[4].kind != '=') return false;
  return unquote(&t[2], name);
}

static ws_status add_name(ws__units *out, ws_text name) {
  if (!ws_grow(&out->names, &out->name_capacity, out->name_count + 1, sizeof name))
    return WS_ENOMEM;
  out->names[out->name_count++] = name;
  return WS_OK;
}

/* --- statements --- */

static size_t offset(const parting *p, const char *at) {
  return (size_t)(at - p->source.data);
}

/* Behind the last token, and behind its line where nothing but a short comment follows.
 */
static size_t end_of_unit(const parting *p) {
  size_t end = offset(p, p->last.text.data) + p->last.text.size, i = end;
  while (i < p->source.size && (p->source.data[i] == ' ' || p->source.data[i] == '\t'))
    i++;
  bool comment = p->source.size - i >= 3 && memcmp(p->source.data + i, "--", 2) == 0;
  if (comment && p->source.data[i + 2] == '[') return end; // perhaps a long one
  while (comment && i < p->source.size && p->source.data[i] != '\n') i++;
  if (i < p->source.size && p->source.data[i] == '\r') i++;
  return i < p->source.size && p->source.data[i] == '\n' ? i + 1 : end;
}

/* What the statement that begins with the current token is. `function lf.a` has the
 * word lf one token later, where its name is found. */
static void tell_kind(const parting *p, ws__unit *unit) {
  const token *t = p->next;
  bool function = is_word(&t[0], "function");
  const token *first = function ? &t[1] : &t[0];
  ws_text name;
  unit->kind = WS__UNIT_OTHER;
  if (is_word(&t[0], "local") || is_word(first, "field")) unit->kind = WS__UNIT_SHARED;
  if (function && is_word(&t[1], "lf") && t[2].kind == '.' && t[3].kind == 'w' &&
      t[4].kind == '(') {
    unit->kind = WS__UNIT_LF;
    unit->name = t[3].text;
  } else if (!function && read_definition(p, &name)) {
    unit->kind = WS__UNIT_LF;
    unit->name = name;
  }
}

static ws_status begin_unit(parting *p) {
  ws__units *out = p->out;
  ws__unit unit = {.code = offset(p, p->next[0].text.data)};
  if (!ws_grow(&out->items, &out->capacity, out->count + 1, sizeof unit))
    return WS_ENOMEM;
  if (out->count) {
    unit.from = end_of_unit(p);
    out->items[out->count - 1].to = unit.from;
  } else if (p->last.kind) {
    out->whole = true; // something in front of the first statement
  }
  tell_kind(p, &unit);
  out->whole |= unit.kind == WS__UNIT_OTHER;
  out->lfs += unit.kind == WS__UNIT_LF;
  out->items[out->count++] = unit;
  return WS_OK;
}

/* --- tokens --- */

static void count_depth(parting *p) {
  static const char *const openers[] = {"function", "do", "if", "repeat", NULL};
  static const char *const closers[] = {"end", "until", NULL};
  const token *t = &p->next[0];
  p->blocks += is_one_of(t, openers) - is_one_of(t, closers);
  p->brackets += t->kind == '(' || t->kind == '[' || t->kind == '{';
  p->brackets -= t->kind == ')' || t->kind == ']' || t->kind == '}';
  if (p->blocks < 0 || p->brackets < 0) p->out->whole = true;
}

static bool is_odd(char kind) {
  unsigned char c = (unsigned char)kind;
  return c < 0x20 || c >= 0x7F || c == '`';
}

/* Where LFs speak of lf elsewhere than in their definition, they cannot be parted: at the
 * outermost level it is the first word, or the second behind `function`. */
static bool is_mention(const parting *p) {
  const ws__units *out = p->out;
  if (!is_word(&p->next[0], "lf") || p->last.kind == '.' || p->last.kind == ':')
    return false;
  if (!out->count || out->items[out->count - 1].kind != WS__UNIT_LF) return true;
  size_t code = out->items[out->count - 1].code;
  size_t at = offset(p, p->next[0].text.data);
  bool behind = is_word(&p->last, "function") && offset(p, p->last.text.data) == code;
  return at != code && !behind;
}

static ws_status take_token(parting *p) {
  ws__units *out = p->out;
  ws_text name;
  if (begins_statement(p)) WS_TRY(begin_unit(p));
  if (read_definition(p, &name)) WS_TRY(add_name(out, name));
  if (is_mention(p)) out->whole = true;
  char kind = p->next[0].kind;
  if (!out->odd && kind != 'w' && kind != 's' && is_odd(kind))
    out->odd = offset(p, p->next[0].text.data) + 1;
  count_depth(p);
  advance(p);
  return WS_OK;
}

ws_status ws__units_find(ws_text source, ws__units *out) {
  parting p = {.source = source, .out = out};
  ws_status status = WS_OK;
  for (int i = 0; i < AHEAD; i++) advance(&p);
  p.last = (token){{NULL, 0}, 0};
  while (p.next[0].kind && status == WS_OK) status = take_token(&p);
  if (out->count) out->items[out->count - 1].to = source.size;
  if (p.blocks || p.brackets || !out->count) out->whole = true;
  if (out->lfs != out->name_count) out->whole = true;
  return status;
}

void ws__units_clear(ws__units *units) {
  ws_free(units->items);
  ws_free(units->names);
  *units = (ws__units){.count = 0};
}
