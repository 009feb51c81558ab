/* SPDX-License-Identifier: MIT
 *
 * string.find, match, gmatch and gsub for labeling functions: Lua's own, but for the
 * matcher. Compiled patterns are kept in a small cache, which is emptied when it is full.
 *
 * Each call pays for the pattern's size whether it was in the cache or not: how many
 * steps a call takes must not depend on what the worker did before.
 */
#include "lua_pattern.h"

#include <string.h>

enum { CACHE_COUNT = 256, CACHE_TEXT_MAX = 512 };

static const char *position_of(ws_text subject, lua_Integer init) {
  lua_Integer size = (lua_Integer)subject.size;
  if (init < 0) init = init < -size ? 1 : size + init + 1;
  if (init == 0) init = 1;
  return init > size + 1 ? NULL : subject.data + (init - 1);
}

static ws_text check_string(lua_State *L, int index) {
  ws_text text;
  text.data = luaL_checklstring(L, index, &text.size);
  return text;
}

/* --- compiled patterns --- */

/* Upvalue 1: pattern text -> userdata; how many is at index 0. */
static void keep_compiled(lua_State *L, int text) {
  lua_rawgeti(L, lua_upvalueindex(1), 0);
  lua_Integer count = lua_tointeger(L, -1) + 1;
  lua_pop(L, 1);
  if (count > CACHE_COUNT) {
    lua_newtable(L);
    lua_copy(L, -1, lua_upvalueindex(1));
    lua_pop(L, 1);
    count = 1;
  }
  lua_pushinteger(L, count);
  lua_rawseti(L, lua_upvalueindex(1), 0);
  lua_pushvalue(L, text);
  lua_pushvalue(L, -2);
  lua_rawset(L, lua_upvalueindex(1));
}

/* Pushes the compiled pattern of the string at `index`. */
static lua_pattern *push_compiled(lua_State *L, int index, bool anchors) {
  ws_text text;
  text.data = lua_tolstring(L, index, &text.size);
  ws__lua_spend(ws__lua_of(L), text.size + 1);
  bool cached = text.size <= CACHE_TEXT_MAX && (anchors || text.data[0] != '^');
  if (cached) {
    lua_pushvalue(L, index);
    if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TUSERDATA) return lua_touserdata(L, -1);
    lua_pop(L, 1);
  }
  lua_pattern *pattern = lua_newuserdatauv(L, ws__pattern_size(text.size), 0);
  ws__pattern_compile(pattern, text, anchors);
  if (cached) keep_compiled(L, index);
  return pattern;
}

/* --- captures --- */

/* Capture i, or the whole match where the pattern has none: its size, and *start. */
static ptrdiff_t capture(const lua_match *m, int i, const char *start, const char *end,
                         const char **found) {
  if (i < m->level) {
    if (m->captures[i].size == CAPTURE_OPEN) luaL_error(m->L, "unfinished capture");
    *found = m->captures[i].start;
    return m->captures[i].size;
  }
  if (i != 0) luaL_error(m->L, "invalid capture index %%%d", i + 1);
  *found = start;
  return end - start;
}

static void push_capture(const lua_match *m, int i, const char *start, const char *end) {
  const char *found;
  ptrdiff_t size = capture(m, i, start, end, &found);
  if (size == CAPTURE_POSITION)
    lua_pushinteger(m->L, found - m->begin + 1);
  else
    lua_pushlstring(m->L, found, (size_t)size);
}

/* All captures; `whole` stands in where there is none. */
static int push_captures(const lua_match *m, bool whole, const char *start,
                         const char *end) {
  int count = m->level == 0 && whole ? 1 : m->level;
  luaL_checkstack(m->L, count, "too many captures");
  for (int i = 0; i < count; i++) push_capture(m, i, start, end);
  return count;
}

/* --- find and match --- */

static bool is_plain(ws_text pattern) {
  for (size_t i = 0; i < pattern.size; i++)
    if (pattern.data[i] && strchr("^$*+?.([%-", pattern.data[i])) return false;
  return true;
}

static int push_range(lua_State *L, const char *begin, const char *start,
                      const char *end) {
  lua_pushinteger(L, start - begin + 1);
  lua_pushinteger(L, end - begin);
  return 2;
}

static int find_plain(lua_State *L, ws_text subject, const char *init, ws_text bytes) {
  ws__lua *lua = ws__lua_of(L);
  ws__lua_spend(lua, bytes.size / 16);
  const char *found = ws__match_bytes(lua, init, subject.data + subject.size, bytes);
  if (found) {
    size_t at = (size_t)(found - subject.data);
    ws__lua_note_match(L, WS_MATCH_BY_FIND, subject, at, at + bytes.size);
    return push_range(L, subject.data, found, found + bytes.size);
  }
  luaL_pushfail(L);
  return 1;
}

static int search(lua_State *L, bool find) {
  ws_text subject = check_string(L, 1), pattern = check_string(L, 2);
  const char *start = position_of(subject, luaL_optinteger(L, 3, 1));
  if (start && find && (lua_toboolean(L, 4) || is_plain(pattern)))
    return find_plain(L, subject, start, pattern);
  lua_match m;
  const char *end = NULL;
  if (start) {
    ws__match_begin(&m, L, push_compiled(L, 2, true), subject);
    end = ws__match_next(&m, &start);
  }
  if (!end) {
    luaL_pushfail(L);
    return 1;
  }
  ws__lua_note_match(L, find ? WS_MATCH_BY_FIND : WS_MATCH_BY_MATCH, subject,
                     (size_t)(start - subject.data), (size_t)(end - subject.data));
  if (!find) return push_captures(&m, true, start, end);
  push_range(L, subject.data, start, end);
  return push_captures(&m, false, NULL, NULL) + 2;
}

static int find(lua_State *L) {
  return search(L, true);
}

static int match(lua_State *L) {
  return search(L, false);
}

/* --- gmatch --- */

typedef struct iteration {
  const char *at;       // where the next match may begin; NULL: nowhere
  const char *last_end; // of the match before
  lua_match match;
} iteration;

/* The next match from *at on that does not end where the one before did. */
static const char *next_match(lua_match *m, const char **at, const char *last_end) {
  const char *end = ws__match_next(m, at);
  while (end && end == last_end) {
    if (m->pattern->anchored || *at == m->end) return NULL;
    ++*at;
    end = ws__match_next(m, at);
  }
  return end;
}

static int gmatch_next(lua_State *L) {
  iteration *it = lua_touserdata(L, lua_upvalueindex(3));
  if (!it->at) return 0;
  const char *start = it->at;
  const char *end = next_match(&it->match, &start, it->last_end);
  it->at = it->last_end = end;
  if (!end) return 0;
  return push_captures(&it->match, true, start, end);
}

static int gmatch(lua_State *L) {
  ws_text subject = check_string(L, 1);
  check_string(L, 2);
  const char *at = position_of(subject, luaL_optinteger(L, 3, 1));
  lua_settop(L, 2);
  const lua_pattern *pattern = push_compiled(L, 2, false);
  lua_replace(L, 2);
  iteration *it = lua_newuserdatauv(L, sizeof *it, 0);
  it->at = at;
  it->last_end = NULL;
  ws__match_begin(&it->match, L, pattern, subject);
  lua_pushcclosure(L, gmatch_next, 3);
  return 1;
}

/* --- gsub --- */

/* Adds what the byte after a % in the replacement stands for. */
static void add_escaped(const lua_match *m, luaL_Buffer *out, char c, const char *start,
                        const char *end) {
  const char *found = start;
  ptrdiff_t size = end - start;
  if (c == '%') {
    luaL_addchar(out, c);
    return;
  }
  if (c < '0' || c > '9') luaL_error(m->L, "invalid use of '%%' in replacement string");
  if (c != '0') size = capture(m, c - '1', start, end, &found);
  if (size == CAPTURE_POSITION) {
    lua_pushinteger(m->L, found - m->begin + 1);
    luaL_addvalue(out);
  } else {
    luaL_addlstring(out, found, (size_t)size);
  }
}

static void add_replacement(const lua_match *m, luaL_Buffer *out, const char *start,
                            const char *end) {
  ws_text text;
  text.data = lua_tolstring(m->L, 3, &text.size);
  const char *at = text.data, *text_end = at + text.size, *escape;
  ws__lua_spend(m->lua, text.size / 16);
  while ((escape = memchr(at, '%', (size_t)(text_end - at)))) {
    luaL_addlstring(out, at, (size_t)(escape - at));
    add_escaped(m, out, escape[1], start, end);
    at = escape + 2;
  }
  luaL_addlstring(out, at, (size_t)(text_end - at));
}

/* Adds what argument 3, a table or a function, makes of a match: a text or, for nil and
 * false, the match as it is. Returns whether something was replaced. */
static bool add_value(const lua_match *m, luaL_Buffer *out, int type, const char *start,
                      const char *end) {
  lua_State *L = m->L;
  if (type == LUA_TFUNCTION) {
    lua_pushvalue(L, 3);
    lua_call(L, push_captures(m, true, start, end), 1);
  } else {
    push_capture(m, 0, start, end);
    lua_gettable(L, 3);
  }
  if (!lua_toboolean(L, -1)) {
    lua_pop(L, 1);
    luaL_addlstring(out, start, (size_t)(end - start));
    return false;
  }
  if (!lua_isstring(L, -1))
    luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
  luaL_addvalue(out);
  return true;
}

/* Replaces up to `most` matches; returns how many. */
static lua_Integer replace(lua_match *m, luaL_Buffer *out, int type, lua_Integer most,
                           bool *changed) {
  const char *at = m->begin, *last_end = NULL;
  lua_Integer count = 0;
  for (; count < most; count++) {
    const char *start = at, *end = next_match(m, &start, last_end);
    if (!end) break;
    luaL_addlstring(out, at, (size_t)(start - at));
    if (type == LUA_TTABLE || type == LUA_TFUNCTION) {
      *changed |= add_value(m, out, type, start, end);
    } else {
      add_replacement(m, out, start, end);
      *changed = true;
    }
    at = last_end = end;
    if (m->pattern->anchored) {
      count++;
      break;
    }
  }
  luaL_addlstring(out, at, (size_t)(m->end - at));
  return count;
}

static int gsub(lua_State *L) {
  ws_text subject = check_string(L, 1);
  check_string(L, 2);
  int type = lua_type(L, 3);
  lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)subject.size + 1);
  luaL_argexpected(L,
                   type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TTABLE ||
                       type == LUA_TFUNCTION,
                   3, "string/function/table");
  // What is read there cannot be seen in the code: derived fields are not, as by pairs.
  if (type == LUA_TTABLE) ws__lua_replace_subject(L, 3);
  lua_match m;
  luaL_Buffer out;
  bool changed = false;
  ws__match_begin(&m, L, push_compiled(L, 2, true), subject);
  ws__lua_spend(m.lua, subject.size / 16);
  luaL_buffinit(L, &out);
  lua_Integer count = replace(&m, &out, type, most, &changed);
  luaL_pushresult(&out);
  if (!changed) lua_pushvalue(L, 1);
  lua_pushinteger(L, count);
  return 2;
}

void ws__lua_open_strings(lua_State *L) {
  static const struct {
    const char *name;
    lua_CFunction function;
  } functions[] = {{"find", find}, {"match", match}, {"gmatch", gmatch}, {"gsub", gsub}};
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    lua_newtable(L);
    lua_pushcclosure(L, functions[i].function, 1);
    lua_setfield(L, -2, functions[i].name);
  }
}
