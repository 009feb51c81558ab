/* SPDX-License-Identifier: MIT
 *
 * The part of Lua's standard library that labeling functions may use: what has no way
 * out, no memory from call to call and no randomness. A few functions are replaced where
 * Lua's own can run without end, or show addresses; others are wrapped to be paid for in
 * steps, as the string patterns are (lua_pattern_lib.c), because one call of them can
 * take longer than what a few instructions of Lua may.
 */
#include "lua_pattern.h"

#include <string.h>

const char ws__lua_std;

static const char *const base_names[] = {"assert", "error", "ipairs",
                                         "select", "type",  NULL};
static const char *const string_names[] = {"byte",    "char", "find",  "gmatch",
                                           "gsub",    "len",  "lower", "match",
                                           "reverse", "sub",  "upper", NULL};
static const char *const table_names[] = {"pack", NULL};
static const char *const math_names[] = {
    "abs",   "acos", "asin", "atan", "ceil",       "cos",  "deg",        "exp",  "fmod",
    "floor", "huge", "log",  "max",  "maxinteger", "min",  "mininteger", "modf", "pi",
    "rad",   "sin",  "sqrt", "tan",  "tointeger",  "type", "ult",        NULL};
static const char *const utf8_names[] = {"char", "charpattern", "codes", "codepoint",
                                         "len",  "offset",      NULL};

/* Remembers that the function or table at the top is ours. Names alone would not do:
 * string.len, utf8.len. */
static void mark_builtin(lua_State *L, const char *name) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ws__lua_builtins);
  lua_pushvalue(L, -2);
  lua_pushfstring(L, "%s %d", name, ++ws__lua_of(L)->builtins);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

void ws__lua_builtin(lua_State *L, const char *name) {
  mark_builtin(L, name);
  lua_setfield(L, -2, name);
}

static void add_function(lua_State *L, const char *name, lua_CFunction function) {
  lua_pushcfunction(L, function);
  ws__lua_builtin(L, name);
}

/* From the table at the top into the one below it; pops the former. */
static void pick(lua_State *L, const char *const *names) {
  for (; *names; names++) {
    lua_getfield(L, -1, *names);
    if (lua_type(L, -1) == LUA_TFUNCTION) mark_builtin(L, *names);
    lua_setfield(L, -3, *names);
  }
  lua_pop(L, 1);
}

/* --- replacements --- */

/* Tables and functions by their type alone: an address would differ from run to run. */
static bool push_plain(lua_State *L, int index) {
  switch (lua_type(L, index)) {
  case LUA_TNIL:
  case LUA_TBOOLEAN:
  case LUA_TNUMBER:
  case LUA_TSTRING:
    return false;
  default:
    lua_pushstring(L, luaL_typename(L, index));
    return true;
  }
}

static int to_string(lua_State *L) {
  luaL_checkany(L, 1);
  if (!push_plain(L, 1)) luaL_tolstring(L, 1, NULL);
  return 1;
}

static void spend(lua_State *L, size_t steps) {
  ws__lua_spend(ws__lua_of(L), steps);
}

/* Calls upvalue 1, Lua's own function, with all arguments. */
static int call_own(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

/* The length of a table that is argument 1. */
static size_t length(lua_State *L) {
  lua_Integer size = lua_istable(L, 1) ? luaL_len(L, 1) : 0;
  return size > 0 ? (size_t)size : 0;
}

/* The bytes of all arguments that are texts. */
static size_t text_bytes(lua_State *L) {
  size_t bytes = 0;
  for (int i = lua_gettop(L); i > 0; i--)
    if (lua_type(L, i) == LUA_TSTRING) bytes += lua_rawlen(L, i);
  return bytes;
}

enum { NUMBER_STEPS = 16 }; // to format a number

/* A format may hold NUL. */
static int format(lua_State *L) {
  size_t size;
  const char *at = luaL_checklstring(L, 1, &size), *end = at + size;
  bool quotes = false;
  while ((at = memchr(at, '%', (size_t)(end - at)))) {
    at += 1 + strspn(at + 1, "-+ #0123456789.");
    if (*at == 'p') return luaL_error(L, "invalid conversion '%%p' to 'format'");
    if (*at == 'q') quotes = true;
    if (at < end) at++;
  }
  for (int i = 2; i <= lua_gettop(L); i++)
    if (push_plain(L, i)) lua_replace(L, i);
  spend(L, text_bytes(L) / (quotes ? 1 : 16) + (size_t)lua_gettop(L) * NUMBER_STEPS);
  int results = call_own(L);
  spend(L, lua_rawlen(L, -1));
  return results;
}

/* Lua's own counts to n for an empty text too. */
static int repeat(lua_State *L) {
  size_t size = 0, separator = 0;
  luaL_checklstring(L, 1, &size);
  luaL_checkinteger(L, 2);
  luaL_optlstring(L, 3, "", &separator);
  if (size + separator == 0) {
    lua_pushliteral(L, "");
    return 1;
  }
  int results = call_own(L);
  spend(L, lua_rawlen(L, -1) / 16);
  return results;
}

static int concat(lua_State *L) {
  spend(L, length(L));
  int results = call_own(L);
  spend(L, lua_rawlen(L, -1) / 16);
  return results;
}

static int unpack(lua_State *L) {
  int results = call_own(L);
  spend(L, (size_t)results);
  return results;
}

/* insert and remove, which may move all items. */
static int move_items(lua_State *L) {
  spend(L, length(L) / 16);
  return call_own(L);
}

/* Many digits take far longer than few. */
static int to_number(lua_State *L) {
  spend(L, text_bytes(L));
  return call_own(L);
}

/* --- the table --- */

static void wrap(lua_State *L, const char *name, lua_CFunction function) {
  lua_getfield(L, -1, name);
  lua_pushcclosure(L, function, 1);
  mark_builtin(L, name);
  lua_setfield(L, -3, name);
}

static void add_table(lua_State *L) {
  lua_newtable(L);
  luaL_requiref(L, "table", luaopen_table, 0);
  wrap(L, "concat", concat);
  wrap(L, "insert", move_items);
  wrap(L, "remove", move_items);
  wrap(L, "unpack", unpack);
  pick(L, table_names);
  add_function(L, "sort", ws__lua_sort);
  ws__lua_view(L);
  ws__lua_builtin(L, "table");
}

/* Opens a library and adds its chosen part, read-only, to the table at the top. */
static void add_library(lua_State *L, const char *name, lua_CFunction open,
                        const char *const *names) {
  lua_newtable(L);
  luaL_requiref(L, name, open, 0);
  pick(L, names);
  ws__lua_view(L);
  ws__lua_builtin(L, name);
}

static void add_string(lua_State *L) {
  lua_newtable(L);
  luaL_requiref(L, "string", luaopen_string, 0);
  ws__lua_open_strings(L);
  wrap(L, "format", format);
  wrap(L, "rep", repeat);
  pick(L, string_names);
  lua_pushliteral(L, "");
  lua_getmetatable(L, -1);
  lua_pushvalue(L, -3);
  lua_setfield(L, -2, "__index");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 2);
  ws__lua_view(L);
  ws__lua_builtin(L, "string");
}

void ws__lua_open_std(lua_State *L) {
  lua_newtable(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &ws__lua_builtins);
  lua_newtable(L);
  luaL_requiref(L, LUA_GNAME, luaopen_base, 0);
  wrap(L, "tonumber", to_number);
  pick(L, base_names);
  add_function(L, "tostring", to_string);
  add_function(L, "pcall", ws__lua_pcall);
  add_function(L, "pairs", ws__lua_pairs);
  add_function(L, "next", ws__lua_next);
  add_string(L);
  add_table(L);
  add_library(L, "math", luaopen_math, math_names);
  add_library(L, "utf8", luaopen_utf8, utf8_names);
  ws__lua_open_helpers(L);
  ws__lua_open_patterns(L);
  ws__lua_open_texts(L);
  ws__lua_open_csv(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &ws__lua_std);
}
