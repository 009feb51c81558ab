/* SPDX-License-Identifier: MIT
 *
 * Matching a compiled Lua pattern, by backtracking, within the budget of the labeling
 * function's call.
 *
 * A step is an item that is tried, or some bytes that are passed over in a tight loop:
 * RUN of them in a set, SCAN of them in memmem. How many steps a match takes depends on
 * the pattern and the subject alone, never on the machine, nor on what is cached.
 *
 * Matches nest where Lua's do, so that "pattern too complex" comes for the same patterns.
 */
#define _GNU_SOURCE // memmem
#include "lua_pattern.h"

#include <string.h>

enum { RUN = 8, SCAN = 16 }; // bytes for a step

static const char *match_items(lua_match *m, const pattern_item *item, const char *s,
                               int depth);

/* --- single bytes --- */

static const char *run_end(const lua_match *m, const byte_set *set, const char *s) {
  const char *from = s;
  while (s < m->end && in_set(set, *s)) s++;
  ws__lua_spend(m->lua, (size_t)(s - from) / RUN);
  return s;
}

/* Whether what follows the item may begin at s. */
static bool may_follow(const lua_match *m, const pattern_item *item, const char *s) {
  if (!item->filtered) return true;
  return s < m->end ? in_set(&item->next, *s) : item->next_end;
}

/* The item took the bytes up to s and needs those before `least`: the longest that lets
 * the rest match. What follows is tried once in any case: it may fail with an error. */
static const char *give_back(lua_match *m, const pattern_item *item, const char *least,
                             const char *s, int depth) {
  const char *end = match_items(m, item + 1, s, depth + 1), *from = s;
  while (!end && s > least)
    if (may_follow(m, item, --s)) end = match_items(m, item + 1, s, depth + 1);
  ws__lua_spend(m->lua, (size_t)(from - s) / RUN);
  return end;
}

/* The same for as few bytes as possible. */
static const char *take_more(lua_match *m, const pattern_item *item, const char *s,
                             int depth) {
  const char *end = match_items(m, item + 1, s, depth + 1), *from = s;
  while (!end && s < m->end && in_set(&item->set, *s))
    if (may_follow(m, item, ++s)) end = match_items(m, item + 1, s, depth + 1);
  ws__lua_spend(m->lua, (size_t)(s - from) / RUN);
  return end;
}

/* Whether the rest must be matched at *s, after a repeated item; if not, *s is the end of
 * the whole match, or NULL. */
static bool repeat(lua_match *m, const pattern_item *item, const char **s, int *depth) {
  const char *from = *s;
  if (from == m->end || !in_set(&item->set, *from)) {
    if (item->repeat == '+') *s = NULL;
    return item->repeat != '+';
  }
  if (item->repeat == '-') {
    *s = take_more(m, item, from, *depth);
    return false;
  }
  const char *end = item->repeat == '?' ? from + 1 : run_end(m, &item->set, from);
  if (item->possessive) {
    *s = end;
    ++*depth;
    return true;
  }
  *s = give_back(m, item, item->repeat == '+' ? from + 1 : from, end, *depth);
  return false;
}

/* --- captures --- */

static const char *open_capture(lua_match *m, const pattern_item *item, const char *s,
                                int depth) {
  if (m->level == CAPTURES_MAX) luaL_error(m->L, "too many captures");
  m->captures[m->level].start = s;
  m->captures[m->level].size =
      item->kind == ITEM_POSITION ? CAPTURE_POSITION : CAPTURE_OPEN;
  m->level++;
  const char *end = match_items(m, item + 1, s, depth + 1);
  if (!end) m->level--;
  return end;
}

static const char *close_capture(lua_match *m, const pattern_item *item, const char *s,
                                 int depth) {
  int i = m->level - 1;
  while (i >= 0 && m->captures[i].size != CAPTURE_OPEN) i--;
  if (i < 0) luaL_error(m->L, "invalid pattern capture");
  m->captures[i].size = s - m->captures[i].start;
  const char *end = match_items(m, item + 1, s, depth + 1);
  if (!end) m->captures[i].size = CAPTURE_OPEN;
  return end;
}

/* A position is never there again. */
static const char *match_back(const lua_match *m, const pattern_item *item,
                              const char *s) {
  int i = item->a - '1';
  if (i < 0 || i >= m->level || m->captures[i].size == CAPTURE_OPEN)
    luaL_error(m->L, "invalid capture index %%%d", i + 1);
  ptrdiff_t size = m->captures[i].size;
  if (size == CAPTURE_POSITION || m->end - s < size) return NULL;
  ws__lua_spend(m->lua, (size_t)size / SCAN);
  return memcmp(m->captures[i].start, s, (size_t)size) == 0 ? s + size : NULL;
}

/* --- the others --- */

static const char *match_balanced(const lua_match *m, const pattern_item *item,
                                  const char *s) {
  const char *from = s;
  size_t nested = 1;
  if (s == m->end || (unsigned char)*s != item->a) return NULL;
  while (nested && ++s < m->end) {
    if ((unsigned char)*s == item->b)
      nested--;
    else if ((unsigned char)*s == item->a)
      nested++;
  }
  ws__lua_spend(m->lua, (size_t)(s - from) / RUN);
  return nested ? NULL : s + 1;
}

/* Both ends of the subject count as NUL. */
static bool is_frontier(const lua_match *m, const pattern_item *item, const char *s) {
  char before = s == m->begin ? '\0' : s[-1], after = s == m->end ? '\0' : *s;
  return !in_set(&item->set, before) && in_set(&item->set, after);
}

/* The end of a match of the items from here on at s, or NULL. One loop over the items, in
 * one piece: a case for each kind. */
static const char *match_items(lua_match *m, const pattern_item *item, const char *s,
                               int depth) {
  for (; s; item++) {
    if (depth >= DEPTH_MAX) luaL_error(m->L, "pattern too complex");
    ws__lua_spend(m->lua, 1);
    switch ((item_kind)item->kind) {
    case ITEM_SINGLE:
      if (item->repeat) {
        if (!repeat(m, item, &s, &depth)) return s;
      } else {
        s = s < m->end && in_set(&item->set, *s) ? s + 1 : NULL;
      }
      break;
    case ITEM_OPEN:
    case ITEM_POSITION:
      return open_capture(m, item, s, depth);
    case ITEM_CLOSE:
      return close_capture(m, item, s, depth);
    case ITEM_BACK:
      s = match_back(m, item, s);
      break;
    case ITEM_BALANCED:
      s = match_balanced(m, item, s);
      break;
    case ITEM_FRONTIER:
      if (!is_frontier(m, item, s)) return NULL;
      break;
    case ITEM_ERROR:
      luaL_error(m->L, "%s", item->error);
      return NULL;
    case ITEM_SUBJECT_END:
      return s == m->end ? s : NULL;
    case ITEM_END:
      return s;
    }
  }
  return NULL;
}

/* --- search --- */

const char *ws__match_bytes(ws__lua *lua, const char *from, const char *end,
                            ws_text bytes) {
  const char *found = memmem(from, (size_t)(end - from), bytes.data, bytes.size);
  ws__lua_spend(lua, (size_t)((found ? found : end) - from) / SCAN + 1);
  return found;
}

/* The first place from s on where a match may begin, given the bytes that it must hold.
 */
static const char *before_required(lua_match *m, const char *s) {
  const lua_pattern *p = m->pattern;
  if (!m->required_from || (m->required_at && m->required_at < s)) {
    m->required_from = s;
    m->required_at =
        ws__match_bytes(m->lua, s, m->end, (ws_text){p->bytes + p->prefix, p->required});
  }
  if (!m->required_at) return NULL;
  size_t ahead = (size_t)(m->required_at - s);
  return ahead > p->before_max ? s + (ahead - p->before_max) : s;
}

static const char *candidate(lua_match *m, const char *s) {
  const lua_pattern *p = m->pattern;
  if (p->required && !(s = before_required(m, s))) return NULL;
  if (p->prefix)
    return ws__match_bytes(m->lua, s, m->end, (ws_text){p->bytes, p->prefix});
  if (!p->first_known) return s;
  const char *from = s;
  while (s < m->end && !in_set(&p->first, *s)) s++;
  ws__lua_spend(m->lua, (size_t)(s - from) / RUN);
  return s < m->end || p->first_end ? s : NULL;
}

/* How far to go on after no match was found at s. Where a match begins with a run that
 * gives nothing back, starting inside that run leads to the same place. */
static size_t stride(const lua_match *m, const char *s) {
  const pattern_item *run = m->pattern->leading;
  if (!run) return 1;
  const char *end = run_end(m, &run->set, s);
  return end == s ? 1 : (size_t)(end - s);
}

const char *ws__match_next(lua_match *m, const char **start) {
  const char *s = *start, *end = NULL;
  bool anchored = m->pattern->anchored;
  while (s <= m->end && (anchored || (s = candidate(m, s)))) {
    m->level = 0;
    if ((end = match_items(m, m->pattern->items, s, 0)) || anchored) break;
    s += stride(m, s);
  }
  if (end) *start = s;
  return end;
}

void ws__match_begin(lua_match *match, lua_State *L, const lua_pattern *pattern,
                     ws_text subject) {
  match->L = L;
  match->lua = ws__lua_of(L);
  match->pattern = pattern;
  match->begin = subject.data;
  match->end = subject.data + subject.size;
  match->required_at = match->required_from = NULL;
  match->level = 0;
}
