/* SPDX-License-Identifier: MIT
 *
 * The part of Lua's standard library that labeling functions may use: what has no way
 * out, no memory from call to call and no randomness. A few functions are replaced where
 * Lua's own can run without end, or show addresses.
 */
#include "lua_priv.h"

#include <string.h>

const char ws__lua_std;

static const char *const base_names[] = {"assert", "error",    "ipairs", "select",
                                         "type",   "tonumber", NULL};
static const char *const string_names[] = {"byte",    "char", "find",  "gmatch",
                                           "gsub",    "len",  "lower", "match",
                                           "reverse", "sub",  "upper", NULL};
static const char *const table_names[] = {"concat", "insert", "pack",
                                          "remove", "unpack", NULL};
static const char *const math_names[] = {
    "abs",   "acos", "asin", "atan", "ceil",       "cos",  "deg",        "exp",  "fmod",
    "floor", "huge", "log",  "max",  "maxinteger", "min",  "mininteger", "modf", "pi",
    "rad",   "sin",  "sqrt", "tan",  "tointeger",  "type", "ult",        NULL};
static const char *const utf8_names[] = {"char", "charpattern", "codes", "codepoint",
                                         "len",  "offset",      NULL};

/* Remembers that the function at the top is ours. */
static void mark_builtin(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ws__lua_builtins);
  lua_pushvalue(L, -2);
  lua_pushboolean(L, 1);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

void ws__lua_builtin(lua_State *L, const char *name) {
  mark_builtin(L);
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
    if (lua_type(L, -1) == LUA_TFUNCTION) mark_builtin(L);
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

/* string.format; its upvalue is Lua's own. A format may hold NUL. */
static int format(lua_State *L) {
  size_t size;
  const char *at = luaL_checklstring(L, 1, &size), *end = at + size;
  while ((at = memchr(at, '%', (size_t)(end - at)))) {
    at += 1 + strspn(at + 1, "-+ #0123456789.");
    if (*at == 'p') return luaL_error(L, "invalid conversion '%%p' to 'format'");
    if (at < end) at++;
  }
  for (int i = 2; i <= lua_gettop(L); i++)
    if (push_plain(L, i)) lua_replace(L, i);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

/* string.rep; its upvalue is Lua's own, which counts to n for an empty text too. */
static int repeat(lua_State *L) {
  size_t size = 0, separator = 0;
  luaL_checklstring(L, 1, &size);
  luaL_checkinteger(L, 2);
  luaL_optlstring(L, 3, "", &separator);
  if (size + separator == 0) {
    lua_pushliteral(L, "");
    return 1;
  }
  lua_settop(L, 3);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  if (lua_isnil(L, -1)) lua_pop(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

/* --- the table --- */

static void wrap(lua_State *L, const char *name, lua_CFunction function) {
  lua_getfield(L, -1, name);
  lua_pushcclosure(L, function, 1);
  mark_builtin(L);
  lua_setfield(L, -3, name);
}

/* Opens a library and adds its chosen part, read-only, to the table at the top. */
static void add_library(lua_State *L, const char *name, lua_CFunction open,
                        const char *const *names) {
  lua_newtable(L);
  luaL_requiref(L, name, open, 0);
  pick(L, names);
  ws__lua_view(L);
  lua_setfield(L, -2, name);
}

static void add_table(lua_State *L) {
  lua_newtable(L);
  luaL_requiref(L, "table", luaopen_table, 0);
  pick(L, table_names);
  add_function(L, "sort", ws__lua_sort);
  ws__lua_view(L);
  lua_setfield(L, -2, "table");
}

static void add_string(lua_State *L) {
  lua_newtable(L);
  luaL_requiref(L, "string", luaopen_string, 0);
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
  lua_setfield(L, -2, "string");
}

void ws__lua_open_std(lua_State *L) {
  lua_newtable(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &ws__lua_builtins);
  lua_newtable(L);
  luaL_requiref(L, LUA_GNAME, luaopen_base, 0);
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
  lua_rawsetp(L, LUA_REGISTRYINDEX, &ws__lua_std);
}
