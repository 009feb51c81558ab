/* SPDX-License-Identifier: MIT
 *
 * Reading and writing feature specifications.
 */
#include "feature_spec.h"

#include <string.h>

typedef struct kind_name {
  const char *name;
  ws__block_kind kind;
  unsigned min_n, max_n, most_n; // defaults; 0 where there are no n-grams
  unsigned min_df;
  bool has_field, has_file;
} kind_name;

static const kind_name kinds[] = {
    {"words", WS__WORDS, 1, 2, 5, 1, true, false},
    {"chars", WS__CHARS, 2, 5, 8, 2, true, false},
    {"number", WS__NUMBER, 0, 0, 0, 1, true, false},
    {"category", WS__CATEGORY, 0, 0, 0, 1, true, false},
    {"field", WS__FIELD, 0, 0, 0, 1, true, false},
    {"vector", WS__VECTOR, 0, 0, 0, 1, true, false},
    {"vectors", WS__VECTORS, 1, 1, 0, 1, true, true},
    {"npy", WS__NPY, 0, 0, 0, 1, false, true},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

typedef struct parser {
  ws_text rest;
  ws_error *err;
} parser;

static void skip_blanks(parser *p) {
  while (p->rest.size > 0 &&
         (p->rest.data[0] == ' ' || p->rest.data[0] == '\t' || p->rest.data[0] == '\n'))
    p->rest = (ws_text){p->rest.data + 1, p->rest.size - 1};
}

static ws_status expected(const parser *p, const char *what) {
  if (p->rest.size == 0)
    return ws_error_set(p->err, WS_EPARSE, "features: expected %s, found the end", what);
  return ws_error_set(p->err, WS_EPARSE, "features: expected %s, found '%.*s'", what,
                      WS_TEXT_ARG(p->rest));
}

static bool take(parser *p, char c) {
  skip_blanks(p);
  if (p->rest.size == 0 || p->rest.data[0] != c) return false;
  p->rest = (ws_text){p->rest.data + 1, p->rest.size - 1};
  return true;
}

/* Up to one of the characters in `ends`, blanks at the end cut off. */
static ws_text take_until(parser *p, const char *ends) {
  skip_blanks(p);
  size_t size = 0;
  while (size < p->rest.size && !strchr(ends, p->rest.data[size])) size++;
  ws_text word = {p->rest.data, size};
  p->rest = (ws_text){p->rest.data + size, p->rest.size - size};
  while (word.size > 0 && word.data[word.size - 1] == ' ') word.size--;
  return word;
}

static const kind_name *find_kind(ws_text name) {
  for (size_t i = 0; i < KINDS; i++)
    if (ws_text_equals(name, kinds[i].name)) return &kinds[i];
  return NULL;
}

static ws_status unknown(const parser *p, ws_text name) {
  const char *names[KINDS];
  for (size_t i = 0; i < KINDS; i++) names[i] = kinds[i].name;
  const char *near = ws_suggest(name, names, KINDS);
  return ws_error_set(p->err, WS_EPARSE,
                      "features: expected words, chars, number, category, field, "
                      "vector, vectors or npy, found '%.*s'%s%s%s",
                      WS_TEXT_ARG(name), near ? " (did you mean '" : "", near ? near : "",
                      near ? "'?)" : "");
}

/* "1-2", or "2", behind a comma. */
static ws_status take_range(parser *p, const kind_name *kind, ws__block *block) {
  uint64_t from, to;
  ws_text range = take_until(p, ",)"), first = range, last = range;
  const char *dash = range.size ? memchr(range.data, '-', range.size) : NULL;
  if (dash) {
    first.size = (size_t)(dash - range.data);
    last = (ws_text){dash + 1, range.size - first.size - 1};
  }
  if (!ws_text_to_index(first, &from) || !ws_text_to_index(last, &to) || from < 1 ||
      to < from || to > kind->most_n)
    return ws_error_set(p->err, WS_EPARSE,
                        "features: %s: expected lengths such as %u-%u, at most %u, found "
                        "'%.*s'",
                        kind->name, kind->min_n, kind->max_n, kind->most_n,
                        WS_TEXT_ARG(range));
  block->min_n = (unsigned)from;
  block->max_n = (unsigned)to;
  return WS_OK;
}

/* A name up to a comma or the bracket; `out` has room for `room` bytes with the NUL. */
static ws_status take_name(parser *p, const char *what, char *out, size_t room) {
  ws_text name = take_until(p, ",)");
  if (name.size == 0) return expected(p, what);
  if (name.size >= room)
    return ws_error_set(p->err, WS_EPARSE,
                        "features: expected %s of at most %zu bytes, found '%.*s'", what,
                        room - 1, WS_TEXT_ARG(name));
  memcpy(out, name.data, name.size);
  return WS_OK;
}

static ws_status take_block(parser *p, const char *text, ws__block *block) {
  ws_text name = take_until(p, "( \t\n,)");
  const kind_name *kind = find_kind(name);
  if (!kind) return unknown(p, name);
  *block = (ws__block){.kind = kind->kind,
                       .min_n = kind->min_n,
                       .max_n = kind->max_n,
                       .min_df = kind->min_df};
  if (!take(p, '('))
    return expected(p, kind->has_field ? "'(' and a field" : "'(' and a file");
  if (kind->has_field)
    WS_TRY(take_name(p, "the name of a field", block->field, sizeof block->field));
  if (kind->has_field && kind->has_file && !take(p, ','))
    return expected(p, "',' and a file");
  if (kind->has_file)
    WS_TRY(take_name(p, "the name of a file", block->file, sizeof block->file));
  block->is_text = kind->has_field && strcmp(block->field, text) == 0;
  if (kind->most_n > 0 && take(p, ',')) WS_TRY(take_range(p, kind, block));
  return take(p, ')') ? WS_OK : expected(p, "')'");
}

ws_status ws__spec_parse(const char *blocks, const char *text, ws__spec *out,
                         ws_error *err) {
  parser p = {ws_text_of(blocks), err};
  *out = (ws__spec){0};
  for (skip_blanks(&p); p.rest.size > 0; skip_blanks(&p)) {
    if (out->count == WS__MOST_BLOCKS)
      return ws_error_set(err, WS_EPARSE, "features: expected at most %d blocks",
                          WS__MOST_BLOCKS);
    WS_TRY(take_block(&p, text, &out->blocks[out->count++]));
    take(&p, ',');
  }
  return out->count ? WS_OK : expected(&p, "blocks such as words(text)");
}

ws_status ws__spec_write(const ws__spec *spec, ws_buffer *out) {
  for (size_t b = 0; b < spec->count; b++) {
    const ws__block *block = &spec->blocks[b];
    const kind_name *kind = kinds;
    while (kind->kind != block->kind) kind++;
    WS_TRY(ws_buffer_printf(out, "%s%s(%s", b ? " " : "", kind->name, block->field));
    if (kind->has_file)
      WS_TRY(ws_buffer_printf(out, "%s%s", kind->has_field ? "," : "", block->file));
    if (kind->most_n > 0)
      WS_TRY(ws_buffer_printf(out, ",%u-%u", block->min_n, block->max_n));
    WS_TRY(ws_buffer_string(out, ")"));
  }
  return WS_OK;
}
