/* SPDX-License-Identifier: MIT
 *
 * From the text of a Lua pattern to its items. Written from the Lua 5.4 manual, and from
 * what Lua does with patterns that the manual calls malformed: it notices them only when
 * matching gets there, so parsing never fails but leaves an item that does.
 *
 * Classes are those of the C locale, whatever the process's locale is.
 */
#include "lua_pattern.h"

#include <string.h>

typedef struct parser {
  const char *at, *end; // *end is NUL
  pattern_item *item;
} parser;

static const char ends_with_percent[] = "malformed pattern (ends with '%')";
static const char missing_bracket[] = "malformed pattern (missing ']')";
static const char missing_delimiters[] = "malformed pattern (missing arguments to '%b')";
static const char missing_set[] = "missing '[' after '%f' in pattern";

/* --- sets --- */

static void add_range(byte_set *set, char first, char last) {
  unsigned from = (unsigned char)first, to = (unsigned char)last;
  if (from > to) return;
  for (unsigned word = from / 64; word <= to / 64; word++) {
    uint64_t mask = UINT64_MAX;
    if (word == from / 64) mask &= UINT64_MAX << from % 64;
    if (word == to / 64) mask &= UINT64_MAX >> (63 - to % 64);
    set->bits[word] |= mask;
  }
}

static void invert(byte_set *set) {
  for (int i = 0; i < 4; i++) set->bits[i] = ~set->bits[i];
}

/* The class of a lower-case letter, as first and last bytes of ranges; NULL: no class. */
static const char *class_ranges(char letter, size_t *count) {
  static const struct {
    char letter, count, ranges[8];
  } classes[] = {
      {'a', 2, "AZaz"},   {'c', 2, "\0\x1F\x7F\x7F"}, {'d', 1, "09"},     {'g', 1, "!~"},
      {'l', 1, "az"},     {'p', 4, {"!/:@[`{~"}},     {'s', 2, "\t\r  "}, {'u', 1, "AZ"},
      {'w', 3, "09AZaz"}, {'x', 3, "09AFaf"},         {'z', 1, "\0\0"},
  };
  for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
    if (classes[i].letter != letter) continue;
    *count = (size_t)classes[i].count;
    return classes[i].ranges;
  }
  return NULL;
}

/* Adds what %c stands for: a class, its opposite, or c itself. */
static bool add_escaped(byte_set *set, char c) {
  bool upper = c >= 'A' && c <= 'Z';
  byte_set class = {{0}};
  size_t count = 0;
  const char *ranges = class_ranges(upper ? (char)(c + 32) : c, &count);
  if (!ranges) {
    add_range(set, c, c);
    return true;
  }
  for (size_t i = 0; i < count; i++) add_range(&class, ranges[2 * i], ranges[2 * i + 1]);
  if (upper) invert(&class);
  for (int i = 0; i < 4; i++) set->bits[i] |= class.bits[i];
  return false;
}

/* The ] that ends the set which begins at `at`, or NULL. The first byte never does. */
static const char *set_end(const parser *p, const char *at) {
  at += at[1] == '^' ? 2 : 1;
  do {
    if (at == p->end) return NULL;
    if (*at++ == '%' && at < p->end) at++;
  } while (*at != ']');
  return at < p->end ? at : NULL;
}

/* The set between [ and ]. A range may begin at any byte that is not % and end at any. */
static void read_set(byte_set *set, const char *at, const char *end) {
  bool negated = at[1] == '^';
  at += negated ? 2 : 1;
  for (; at < end; at++) {
    if (*at == '%') {
      add_escaped(set, *++at);
    } else if (at[1] == '-' && at + 2 < end) {
      add_range(set, at[0], at[2]);
      at += 2;
    } else {
      add_range(set, *at, *at);
    }
  }
  if (negated) invert(set);
}

/* --- items --- */

static void fail(parser *p, const char *error) {
  p->item->kind = ITEM_ERROR;
  p->item->error = error;
  p->at = p->end;
}

static void read_bracket(parser *p) {
  const char *end = set_end(p, p->at);
  if (!end) {
    fail(p, missing_bracket);
    return;
  }
  read_set(&p->item->set, p->at, end);
  p->at = end + 1;
}

static void read_literal(parser *p, char c) {
  add_range(&p->item->set, c, c);
  p->item->literal = true;
  p->item->a = (unsigned char)c;
}

static void read_single(parser *p) {
  pattern_item *item = p->item;
  item->kind = ITEM_SINGLE;
  if (*p->at == '[') {
    read_bracket(p);
  } else if (*p->at == '%') {
    if (p->at + 1 == p->end) {
      fail(p, ends_with_percent);
      return;
    }
    item->literal = add_escaped(&item->set, p->at[1]);
    item->a = (unsigned char)p->at[1];
    p->at += 2;
  } else if (*p->at == '.') {
    invert(&item->set);
    p->at++;
  } else {
    read_literal(p, *p->at++);
  }
  if (item->kind == ITEM_SINGLE && p->at < p->end && *p->at && strchr("*+-?", *p->at))
    item->repeat = *p->at++;
}

static void read_balanced(parser *p) {
  if (p->end - p->at < 4) {
    fail(p, missing_delimiters);
    return;
  }
  p->item->kind = ITEM_BALANCED;
  p->item->a = (unsigned char)p->at[2];
  p->item->b = (unsigned char)p->at[3];
  p->at += 4;
}

static void read_frontier(parser *p) {
  p->at += 2;
  p->item->kind = ITEM_FRONTIER;
  if (*p->at == '[')
    read_bracket(p);
  else
    fail(p, missing_set);
}

static void read_escape(parser *p) {
  char c = p->at[1];
  if (c == 'b') {
    read_balanced(p);
  } else if (c == 'f') {
    read_frontier(p);
  } else if (c >= '0' && c <= '9') {
    p->item->kind = ITEM_BACK;
    p->item->a = (unsigned char)c;
    p->at += 2;
  } else {
    read_single(p);
  }
}

static void read_open(parser *p) {
  bool position = p->at[1] == ')';
  p->item->kind = position ? ITEM_POSITION : ITEM_OPEN;
  p->at += position ? 2 : 1;
}

static void read_item(parser *p) {
  if (*p->at == '(') {
    read_open(p);
  } else if (*p->at == ')') {
    p->item->kind = ITEM_CLOSE;
    p->at++;
  } else if (*p->at == '%') {
    read_escape(p);
  } else if (*p->at == '$' && p->at + 1 == p->end) {
    p->item->kind = ITEM_SUBJECT_END;
    p->at++;
  } else {
    read_single(p);
  }
}

size_t ws__pattern_size(size_t text_size) {
  return sizeof(lua_pattern) + (text_size + 1) * sizeof(pattern_item) + text_size + 1;
}

void ws__pattern_compile(lua_pattern *out, ws_text text, bool anchors) {
  parser p = {text.data, text.data + text.size, out->items};
  memset(out, 0, sizeof *out);
  out->bytes = (char *)(out->items + text.size + 1);
  if (anchors && *p.at == '^') {
    out->anchored = true;
    p.at++;
  }
  for (; p.at < p.end; p.item++) {
    memset(p.item, 0, sizeof *p.item);
    read_item(&p);
  }
  memset(p.item, 0, sizeof *p.item);
  ws__pattern_plan(out);
}
