/* SPDX-License-Identifier: MIT
 *
 * The methods of patterns: test, find, match, count and gmatch.
 */
#include "lua_rx.h"

/* p.test(s) instead of p:test(s). */
static void refuse_receiver(lua_State *L) {
  lua_Debug at = {.name = NULL};
  bool text = lua_type(L, 1) == LUA_TSTRING;
  if (text && lua_getstack(L, 0, &at)) lua_getinfo(L, "n", &at);
  if (!text || !at.name) luaL_typeerror(L, 1, PATTERN_TYPE);
  luaL_error(L, "'%s' of a pattern is called with a colon, pattern:%s(text)", at.name,
             at.name);
}

const pattern *ws__lua_check_pattern(lua_State *L) {
  const pattern *p = lua_touserdata(L, 1);
  if (!p || lua_rawlen(L, 1) != sizeof *p || p->mark != &ws__lua_rx) refuse_receiver(L);
  return p;
}

/* Argument 1 on a text: as ws__regex_match. A pattern whose steps run out on a text that
 * it cannot match does not match, whether or not it was screened. */
static int run(lua_State *L, const pattern *p, ws_text text, size_t start) {
  if (start == 0 && !ws__lua_may_match(ws__lua_of(L), p, text)) return 0;
  int result = ws__regex_match(p->regex, text, start);
  if (result < 0 && start == 0 && !ws__lua_may_have_matched(L, text)) return 0;
  if (result < 0) ws__lua_raise_match(L, p->regex, result);
  return result;
}

/* Matches argument 2 from argument 3 on: the groups (*count), NULL where it does not. */
static const size_t *match(lua_State *L, ws_text *text, size_t *count) {
  const pattern *p = ws__lua_check_pattern(L);
  *text = ws__lua_check_text(L, 2);
  lua_Integer init = luaL_optinteger(L, 3, 1), size = (lua_Integer)text->size;
  if (init < 0) init = init < -size ? 1 : size + init + 1;
  if (init < 1) init = 1;
  if (init > size + 1) return NULL;
  size_t start = (size_t)init - 1;
  while (start < text->size && ((unsigned char)text->data[start] & 0xC0u) == 0x80u)
    start++;
  if (run(L, p, *text, start) <= 0) return NULL;
  const size_t *groups = ws__regex_groups(p->regex, count);
  ws__lua_note_match(L, WS_MATCH_BY_RX, *text, groups[0], groups[1]);
  return groups;
}

static int test_pattern(lua_State *L) {
  ws_text text;
  size_t count;
  lua_pushboolean(L, match(L, &text, &count) != NULL);
  return 1;
}

static int find_pattern(lua_State *L) {
  ws_text text;
  size_t count;
  const size_t *groups = match(L, &text, &count);
  if (!groups) return 0;
  lua_pushinteger(L, (lua_Integer)groups[0] + 1);
  lua_pushinteger(L, (lua_Integer)groups[1]);
  return 2;
}

/* The groups, nil for those that took no part; without groups the whole match. */
static int push_groups(lua_State *L, ws_text text, const size_t *groups, size_t count) {
  size_t first = count > 1 ? 1 : 0;
  luaL_checkstack(L, (int)(count - first), "too many groups");
  for (size_t i = first; i < count; i++) {
    size_t start = groups[2 * i], end = groups[2 * i + 1];
    if (start == SIZE_MAX || end < start) // \K in a look-ahead can end before it starts
      lua_pushnil(L);
    else
      lua_pushlstring(L, text.data + start, end - start);
  }
  return (int)(count - first);
}

static int match_pattern(lua_State *L) {
  ws_text text;
  size_t count;
  const size_t *groups = match(L, &text, &count);
  return groups ? push_groups(L, text, groups, count) : 0;
}

/* The next place from which to look: a match that is empty takes a character with it. */
static size_t behind(ws_text text, const size_t *group, size_t at) {
  size_t end = group[1] > at ? group[1] : at;
  if (end > at && end > group[0]) return end;
  for (end++; end < text.size && ((unsigned char)text.data[end] & 0xC0u) == 0x80u;) end++;
  return end;
}

lua_Integer ws__lua_count_matches(lua_State *L, ws_text text, const ws__regex *regex) {
  lua_Integer count = 0;
  size_t groups;
  for (size_t at = 0; at <= text.size && !ws__lua_of(L)->expired; count++) {
    int result = ws__regex_match(regex, text, at);
    if (result == 0) break;
    if (result < 0) ws__lua_raise_match(L, regex, result);
    at = behind(text, ws__regex_groups(regex, &groups), at);
  }
  return count;
}

static int count_pattern(lua_State *L) {
  const ws__regex *regex = ws__lua_check_pattern(L)->regex;
  lua_pushinteger(L, ws__lua_count_matches(L, ws__lua_check_text(L, 2), regex));
  return 1;
}

/* The next match: upvalues are the pattern, the text, where to look from. */
static int next_match(lua_State *L) {
  const ws__regex *regex = ws__lua_to_pattern(L, lua_upvalueindex(1));
  lua_Integer at = lua_tointeger(L, lua_upvalueindex(3));
  ws_text text;
  size_t count;
  text.data = lua_tolstring(L, lua_upvalueindex(2), &text.size);
  if (at > (lua_Integer)text.size) return 0;
  int result = ws__regex_match(regex, text, (size_t)at);
  if (result < 0) ws__lua_raise_match(L, regex, result);
  const size_t *groups = ws__regex_groups(regex, &count);
  size_t next = result ? behind(text, groups, (size_t)at) : text.size + 1;
  lua_pushinteger(L, (lua_Integer)next);
  lua_replace(L, lua_upvalueindex(3));
  return result ? push_groups(L, text, groups, count) : 0;
}

/* pattern:gmatch(s): an iterator over its matches, each as match gives it. */
static int gmatch_pattern(lua_State *L) {
  ws__lua_check_pattern(L);
  ws__lua_check_text(L, 2);
  lua_settop(L, 2);
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, next_match, 3);
  return 1;
}

static void add_method(lua_State *L, const char *name, lua_CFunction function) {
  lua_pushcfunction(L, function);
  ws__lua_builtin(L, name);
}

int ws__lua_unknown_method(lua_State *L) {
  if (lua_type(L, 2) != LUA_TSTRING) return 0;
  return luaL_error(
      L, "a pattern has no method '%s', it has test, find, match, count and gmatch",
      lua_tostring(L, 2));
}

void ws__lua_add_methods(lua_State *L) {
  add_method(L, "test", test_pattern);
  add_method(L, "find", find_pattern);
  add_method(L, "match", match_pattern);
  add_method(L, "count", count_pattern);
  add_method(L, "gmatch", gmatch_pattern);
}
