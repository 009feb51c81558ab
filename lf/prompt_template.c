/* SPDX-License-Identifier: MIT
 *
 * Reading templates of prompts: a text becomes a list of nodes, in which each section
 * knows where it ends. Everything that can be wrong with a template is found here, so
 * that writing a prompt cannot fail.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "prompt_priv.h"

enum { DEEPEST = 16 };

typedef struct name_row {
  const char *name;
  ws__slot slot;
  unsigned lists; // bits of the lists whose items have it; 0: it is there everywhere
} name_row;

#define IN(list)  (1u << (WS__SLOT_##list - WS__SLOT_CLASSES))
#define ALL_LISTS 0x3Fu

/* Items' names come first, as they hide the others of the same name. */
static const name_row names[] = {
    {"number", WS__SLOT_NUMBER, ALL_LISTS},
    {"name", WS__SLOT_NAME, IN(CLASSES) | IN(EXISTING) | IN(REJECTIONS)},
    {"description", WS__SLOT_DESCRIPTION, IN(CLASSES)},
    {"constant", WS__SLOT_CONSTANT, IN(CLASSES)},
    {"rule", WS__SLOT_RULE, IN(CLASSES)},
    {"text", WS__SLOT_TEXT, IN(UNLABELLED) | IN(EXAMPLES) | IN(HARD)},
    {"label", WS__SLOT_LABEL, IN(EXAMPLES) | IN(EXISTING)},
    {"coverage", WS__SLOT_COVERAGE, IN(EXISTING)},
    {"accuracy", WS__SLOT_ACCURACY, IN(EXISTING)},
    {"votes", WS__SLOT_VOTES, IN(EXISTING)},
    {"right", WS__SLOT_RIGHT, IN(EXISTING)},
    {"why", WS__SLOT_WHY, IN(HARD)},
    {"reason", WS__SLOT_REASON, IN(REJECTIONS)},
    {"task", WS__SLOT_TASK, 0},
    {"n", WS__SLOT_N, 0},
    {"kind", WS__SLOT_KIND, 0},
    {"variant", WS__SLOT_VARIANT, 0},
    {"card", WS__SLOT_CARD, 0},
    {"marker", WS__SLOT_MARKER, 0},
    {"lua", WS__SLOT_LUA_ASKED, 0},
    {"rules", WS__SLOT_RULES_ASKED, 0},
    {"constrained", WS__SLOT_CONSTRAINED, 0},
    {"classes", WS__SLOT_CLASSES, 0},
    {"unlabelled", WS__SLOT_UNLABELLED, 0},
    {"examples", WS__SLOT_EXAMPLES, 0},
    {"existing", WS__SLOT_EXISTING, 0},
    {"hard", WS__SLOT_HARD, 0},
    {"rejections", WS__SLOT_REJECTIONS, 0},
};
enum { NAMES = sizeof names / sizeof *names };

typedef struct reading {
  const char *name; // of the template
  ws_prompt_template *t;
  size_t at, line;
  size_t open[DEEPEST]; // nodes of the sections that are open
  size_t depth;
  bool list; // within #each, of this one
  ws__slot each;
  ws_error *err;
} reading;

static ws_status fail(const reading *r, size_t line) {
  ws_error_prefix(r->err, "%s:%zu: ", r->name, line);
  return WS_EPARSE;
}

static ws_status add(reading *r, ws__node node) {
  ws_prompt_template *t = r->t;
  if (!ws_grow(&t->nodes, &t->capacity, t->count + 1, sizeof node))
    return ws_error_nomem(r->err);
  node.line = r->line;
  node.end = t->count;
  t->nodes[t->count++] = node;
  return WS_OK;
}

/* --- names --- */

static bool is_here(const reading *r, const name_row *row) {
  if (!row->lists) return true;
  return r->list && (row->lists >> (r->each - WS__SLOT_CLASSES) & 1);
}

static ws_status find_slot(const reading *r, ws_text name, unsigned *out) {
  const char *known[NAMES];
  size_t count = 0;
  for (size_t i = 0; i < NAMES; i++) {
    if (!is_here(r, &names[i])) continue;
    if (ws_text_equals(name, names[i].name)) {
      *out = names[i].slot;
      return WS_OK;
    }
    known[count++] = names[i].name;
  }
  const char *near = ws_suggest(name, known, count);
  ws_error_set(r->err, WS_EPARSE, "unknown placeholder '%.*s'%s%s%s", WS_TEXT_ARG(name),
               near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
  return fail(r, r->line);
}

static ws_status find_variant(const reading *r, ws_text name, unsigned *out) {
  const char *known[WS_PROMPT_VARIANTS];
  for (unsigned v = 0; v < WS_PROMPT_VARIANTS; v++) {
    known[v] = ws_prompt_variant_name((ws_prompt_variant)v);
    if (!ws_text_equals(name, known[v])) continue;
    *out = v;
    r->t->has[v] = true;
    return WS_OK;
  }
  const char *near = ws_suggest(name, known, WS_PROMPT_VARIANTS);
  ws_error_set(r->err, WS_EPARSE,
               "unknown variant '%.*s': expected general, describe, examples, keywords, "
               "rules or errors%s%s%s",
               WS_TEXT_ARG(name), near ? "; did you mean '" : "", near ? near : "",
               near ? "'?" : "");
  return fail(r, r->line);
}

/* --- sections --- */

static ws_text trim(ws_text text) {
  while (text.size && (unsigned char)*text.data <= ' ') text.data++, text.size--;
  while (text.size && (unsigned char)text.data[text.size - 1] <= ' ') text.size--;
  return text;
}

/* Whether the text begins with the word, which it then goes behind. */
static bool take_word(ws_text *text, const char *word) {
  size_t size = strlen(word);
  if (text->size < size || memcmp(text->data, word, size) != 0) return false;
  if (text->size > size && (unsigned char)text->data[size] > ' ') return false;
  *text = trim((ws_text){text->data + size, text->size - size});
  return true;
}

static const char *section_name(ws__node_kind kind) {
  switch (kind) {
  case WS__NODE_EACH:
    return "each";
  case WS__NODE_VARIANT:
    return "variant";
  case WS__NODE_SYSTEM:
    return "system";
  default:
    return "if";
  }
}

static ws_status open_section(reading *r, ws__node node) {
  if (r->depth == DEEPEST) {
    ws_error_set(r->err, WS_EPARSE, "more than %d sections inside one another", DEEPEST);
    return fail(r, r->line);
  }
  r->open[r->depth++] = r->t->count;
  return add(r, node);
}

static ws_status open_each(reading *r, ws_text name) {
  ws__node node = {.kind = WS__NODE_EACH};
  WS_TRY(find_slot(r, name, &node.what));
  bool list = ws__slot_is_list((ws__slot)node.what);
  if (!list || r->list) {
    ws_error_set(r->err, WS_EPARSE,
                 list ? "expected no #each within another, found #each %.*s"
                      : "expected a list behind #each, found '%.*s'",
                 WS_TEXT_ARG(name));
    return fail(r, r->line);
  }
  WS_TRY(open_section(r, node));
  r->list = true;
  r->each = (ws__slot)node.what;
  return WS_OK;
}

static ws_status open_system(reading *r) {
  if (r->depth) {
    ws_error_set(r->err, WS_EPARSE, "expected #system outside of other sections");
    return fail(r, r->line);
  }
  return open_section(r, (ws__node){.kind = WS__NODE_SYSTEM});
}

static ws_status open_any(reading *r, ws_text tag) {
  ws__node node = {.kind = WS__NODE_IF};
  ws_text whole = tag;
  if (take_word(&tag, "each")) return open_each(r, tag);
  if (take_word(&tag, "system") && !tag.size) return open_system(r);
  if (take_word(&tag, "variant")) {
    node.kind = WS__NODE_VARIANT;
    WS_TRY(find_variant(r, tag, &node.what));
    return open_section(r, node);
  }
  if (take_word(&tag, "if")) {
    WS_TRY(find_slot(r, tag, &node.what));
    return open_section(r, node);
  }
  ws_error_set(r->err, WS_EPARSE,
               "expected #if, #each, #variant or #system, found '#%.*s'",
               WS_TEXT_ARG(whole));
  return fail(r, r->line);
}

static ws_status add_else(reading *r) {
  ws__node *open = r->depth ? &r->t->nodes[r->open[r->depth - 1]] : NULL;
  if (!open || open->kind != WS__NODE_IF) {
    ws_error_set(r->err, WS_EPARSE, "expected {{else}} within #if only");
    return fail(r, r->line);
  }
  open->end = r->t->count;
  r->open[r->depth - 1] = r->t->count;
  return add(r, (ws__node){.kind = WS__NODE_ELSE});
}

static ws_status close_section(reading *r, ws_text name) {
  const ws__node *open = r->depth ? &r->t->nodes[r->open[r->depth - 1]] : NULL;
  if (!open || !ws_text_equals(name, section_name(open->kind))) {
    ws_error_set(r->err, WS_EPARSE, "expected %s%s, found '/%.*s'",
                 open ? "/" : "no end of a section", open ? section_name(open->kind) : "",
                 WS_TEXT_ARG(name));
    return fail(r, r->line);
  }
  if (open->kind == WS__NODE_EACH) r->list = false;
  r->t->nodes[r->open[--r->depth]].end = r->t->count;
  return add(r, (ws__node){.kind = WS__NODE_END});
}

/* --- the text --- */

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

/* The text in front of a tag, and where the tag stands alone on its line, neither of the
 * blanks around it nor of the end of the line anything is left. */
static ws_status add_text(reading *r, size_t open, size_t *behind, bool alone_counts) {
  ws_text all = ws_buffer_as_text(&r->t->text);
  size_t from = open, to = *behind;
  while (from > r->at && is_blank(all.data[from - 1])) from--;
  while (to < all.size && is_blank(all.data[to])) to++;
  bool begins = from == 0 || all.data[from - 1] == '\n';
  bool ends = to == all.size || all.data[to] == '\n';
  bool alone = alone_counts && begins && ends;
  if (alone) *behind = to < all.size ? to + 1 : to;
  ws_text text = {all.data + r->at, (alone ? from : open) - r->at};
  return text.size ? add(r, (ws__node){.kind = WS__NODE_TEXT, .text = text}) : WS_OK;
}

static void count_lines(reading *r, size_t until) {
  const char *data = r->t->text.data;
  for (; r->at < until; r->at++) r->line += data[r->at] == '\n';
}

static ws_status read_tag(reading *r, ws_text tag) {
  char first = tag.size ? tag.data[0] : '\0';
  ws_text rest = trim((ws_text){tag.data + (tag.size > 0), tag.size - (tag.size > 0)});
  if (first == '!') return WS_OK;
  if (first == '#') return open_any(r, rest);
  if (first == '/') return close_section(r, rest);
  if (ws_text_equals(tag, "else")) return add_else(r);
  ws__node node = {.kind = WS__NODE_VALUE};
  WS_TRY(find_slot(r, tag, &node.what));
  if (!ws__slot_is_list((ws__slot)node.what)) return add(r, node);
  ws_error_set(r->err, WS_EPARSE, "expected a value, found the list '%.*s': use #each",
               WS_TEXT_ARG(tag));
  return fail(r, r->line);
}

static const char *find(const char *from, const char *end, const char *two) {
  for (; end - from >= 2; from++)
    if (from[0] == two[0] && from[1] == two[1]) return from;
  return NULL;
}

/* One tag and the text in front of it; *more is false behind the last one. */
static ws_status step(reading *r, bool *more) {
  ws_text all = ws_buffer_as_text(&r->t->text);
  const char *end = all.data + all.size;
  const char *open = find(all.data + r->at, end, "{{");
  *more = open != NULL;
  if (!open) {
    ws_text text = {all.data + r->at, all.size - r->at};
    return text.size ? add(r, (ws__node){.kind = WS__NODE_TEXT, .text = text}) : WS_OK;
  }
  const char *close = find(open + 2, end, "}}");
  if (!close) {
    count_lines(r, (size_t)(open - all.data));
    ws_error_set(r->err, WS_EPARSE, "expected '}}' behind '{{'");
    return fail(r, r->line);
  }
  ws_text tag = trim((ws_text){open + 2, (size_t)(close - open) - 2});
  size_t behind = (size_t)(close - all.data) + 2;
  bool section = tag.size && (*tag.data == '#' || *tag.data == '/' || *tag.data == '!');
  WS_TRY(add_text(r, (size_t)(open - all.data), &behind,
                  section || ws_text_equals(tag, "else")));
  count_lines(r, (size_t)(open - all.data));
  WS_TRY(read_tag(r, tag));
  count_lines(r, behind);
  return WS_OK;
}

static ws_status read_all(reading *r) {
  bool more = true;
  while (more) WS_TRY(step(r, &more));
  if (!r->depth) return WS_OK;
  const ws__node *open = &r->t->nodes[r->open[r->depth - 1]];
  ws_error_set(r->err, WS_EPARSE, "expected {{/%s}} for this section, found the end",
               section_name(open->kind));
  return fail(r, open->line);
}

ws_status ws_prompt_template_new(const char *name, ws_text text, ws_prompt_template **out,
                                 ws_error *err) {
  ws_error own = WS_ERROR_INIT;
  reading r = {.name = name, .line = 1, .err = err ? err : &own};
  if (!ws_utf8_valid(text) || (text.size && memchr(text.data, '\0', text.size)))
    return ws_error_set(err, WS_EPARSE,
                        "%s: expected UTF-8 without NUL, found other bytes", name);
  r.t = ws_alloc_zero(1, sizeof *r.t);
  if (!r.t) return ws_error_nomem(err);
  ws_status status =
      ws_buffer_text(&r.t->text, text) == WS_OK ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) status = read_all(&r);
  if (status == WS_OK)
    *out = r.t;
  else
    ws_prompt_template_free(r.t);
  return status;
}

void ws_prompt_template_free(ws_prompt_template *t) {
  if (!t) return;
  ws_buffer_clear(&t->text);
  ws_free(t->nodes);
  ws_free(t);
}

ws_hash128 ws_prompt_template_hash(const ws_prompt_template *t) {
  return ws_hash128_of(t->text.size ? t->text.data : "", t->text.size);
}

bool ws_prompt_template_has(const ws_prompt_template *t, ws_prompt_variant variant) {
  return variant < WS_PROMPT_VARIANTS && t->has[variant];
}
