/* SPDX-License-Identifier: MIT
 *
 * What can be known of a Lua pattern before it is matched: with which bytes a match
 * begins, which ones it must hold, and where a repeated item need not give anything back.
 *
 * All of it must leave errors as they are: Lua notices malformed items when it reaches
 * them, so nothing is planned across an item that could fail.
 */
#include "lua_pattern.h"

enum { LOOK_MAX = 16 }; // items ahead

static void unite(byte_set *set, const byte_set *other) {
  for (int i = 0; i < 4; i++) set->bits[i] |= other->bits[i];
}

static bool disjoint(const byte_set *a, const byte_set *b) {
  uint64_t common = 0;
  for (int i = 0; i < 4; i++) common |= a->bits[i] & b->bits[i];
  return common == 0;
}

static bool is_needed(const pattern_item *item) {
  return item->repeat == 0 || item->repeat == '+';
}

typedef enum ahead { AHEAD_UNKNOWN, AHEAD_SET, AHEAD_SUBJECT_END, AHEAD_END } ahead;

/* What a match of the items from here on begins with: a byte of the set or, where they
 * may all be left out, what comes then. Looks through items of the kinds in `through`,
 * which take no bytes. */
static ahead look_ahead(const pattern_item *item, unsigned through, byte_set *set) {
  *set = (byte_set){{0}};
  for (int i = 0; i < LOOK_MAX; i++, item++) {
    if (item->kind == ITEM_END) return AHEAD_END;
    if (item->kind == ITEM_SUBJECT_END) return AHEAD_SUBJECT_END;
    if (through >> item->kind & 1) continue;
    if (item->kind != ITEM_SINGLE) return AHEAD_UNKNOWN;
    unite(set, &item->set);
    if (is_needed(item)) return AHEAD_SET;
  }
  return AHEAD_UNKNOWN;
}

static void plan_repeat(pattern_item *item) {
  static const unsigned captures =
      1u << ITEM_OPEN | 1u << ITEM_POSITION | 1u << ITEM_CLOSE;
  ahead next = look_ahead(item + 1, captures, &item->next);
  item->filtered = next == AHEAD_SET || next == AHEAD_SUBJECT_END;
  item->next_end = next == AHEAD_SUBJECT_END;
  item->possessive =
      item->repeat != '-' && next != AHEAD_UNKNOWN && disjoint(&item->set, &item->next);
}

/* A run of literals from `item` on. */
static size_t literals(const pattern_item *item) {
  size_t count = 0;
  while (item[count].kind == ITEM_SINGLE && item[count].literal && !item[count].repeat)
    count++;
  return count;
}

static void keep_bytes(lua_pattern *pattern, size_t at, const pattern_item *item,
                       size_t count) {
  for (size_t i = 0; i < count; i++) pattern->bytes[at + i] = (char)item[i].a;
}

static const pattern_item *skip_kinds(const pattern_item *item, unsigned kinds) {
  for (int i = 0; i < LOOK_MAX && kinds >> item->kind & 1; i++) item++;
  return item;
}

static void plan_start(lua_pattern *pattern) {
  static const unsigned opening = 1u << ITEM_OPEN | 1u << ITEM_POSITION,
                        weightless = opening | 1u << ITEM_FRONTIER;
  ahead next = look_ahead(pattern->items, weightless, &pattern->first);
  pattern->first_known = next == AHEAD_SET || next == AHEAD_SUBJECT_END;
  pattern->first_end = next == AHEAD_SUBJECT_END;
  const pattern_item *item = skip_kinds(pattern->items, weightless);
  pattern->prefix = literals(item);
  keep_bytes(pattern, 0, item, pattern->prefix);
  item = skip_kinds(pattern->items, opening);
  bool run = item->kind == ITEM_SINGLE && (item->repeat == '*' || item->repeat == '+');
  pattern->leading = run && item->possessive ? item : NULL;
}

typedef struct needed {
  const pattern_item *best;
  size_t count, before_max; // of the best
  size_t before;            // of the item at hand; SIZE_MAX: any number
  int open, captures, items;
} needed;

/* Whether the item cannot fail with an error. */
static bool is_safe(needed *n, const pattern_item *item) {
  if (++n->items > DEPTH_MAX / 2) return false;
  if (item->kind == ITEM_OPEN) n->open++;
  if (item->kind == ITEM_OPEN || item->kind == ITEM_POSITION)
    return ++n->captures <= CAPTURES_MAX;
  if (item->kind == ITEM_CLOSE) return --n->open >= 0;
  return item->kind == ITEM_SINGLE || item->kind == ITEM_FRONTIER;
}

static void pass(needed *n, const pattern_item *item) {
  if (item->kind != ITEM_SINGLE || n->before == SIZE_MAX) return;
  bool bounded = item->repeat == 0 || item->repeat == '?';
  n->before = bounded ? n->before + 1 : SIZE_MAX;
}

/* The longest run of literals that every match holds, beyond the prefix. */
static void plan_required(lua_pattern *pattern) {
  needed n = {0};
  size_t prefix = pattern->prefix;
  for (const pattern_item *item = pattern->items; is_safe(&n, item); item++) {
    size_t count = literals(item);
    if (count && prefix) { // these are the prefix
      count = 0;
      if (item[1].kind != ITEM_SINGLE || !literals(item + 1)) prefix = 0;
    }
    if (count > n.count) {
      n.best = item;
      n.count = count;
      n.before_max = n.before;
    }
    pass(&n, item);
  }
  pattern->required = n.count;
  pattern->before_max = n.before_max;
  if (n.best) keep_bytes(pattern, pattern->prefix, n.best, n.count);
}

static void note_back(lua_pattern *pattern) {
  for (const pattern_item *item = pattern->items; item->kind != ITEM_END; item++)
    if (item->kind == ITEM_BACK) pattern->leading = NULL;
}

void ws__pattern_plan(lua_pattern *pattern) {
  for (pattern_item *item = pattern->items; item->kind != ITEM_END; item++)
    if (item->kind == ITEM_SINGLE && item->repeat) plan_repeat(item);
  plan_start(pattern);
  plan_required(pattern);
  note_back(pattern);
}
