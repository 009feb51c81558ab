/* SPDX-License-Identifier: MIT
 *
 * The names that a file sees.
 *
 * Each file has an environment of its own. The global table stays empty: reads go on to a
 * table `names` with everything there is, writes are checked and go there too, until the
 * file is loaded; a name that is not there is an error, with the nearest one that is.
 */
#include "lua_priv.h"

#include <string.h>

#include "rules.h"

/* --- names that are not there --- */

/* Pushes a userdata with the names that are texts, among the keys of the table; in order,
 * as of names that are equally near the first is suggested. */
static const char **push_names(lua_State *L, int table, size_t *count) {
  lua_pushvalue(L, table);
  size_t all = ws__lua_push_keys(L);
  const char **names = lua_newuserdatauv(L, (all + 1) * sizeof *names, 0);
  *count = 0;
  for (size_t i = 1; i <= all; i++) {
    if (lua_rawgeti(L, -2, (lua_Integer)i) == LUA_TSTRING)
      names[(*count)++] = lua_tostring(L, -1); // the table keeps it
    lua_pop(L, 1);
  }
  return names;
}

/* Raises "undefined name 'SPAN', did you mean 'SPAM'?" for key 2 of table 1. */
static int refuse_unknown(lua_State *L, const char *what) {
  enum { MOST = 63 };
  char shown[MOST + 4];
  ws_text key;
  size_t count;
  if (lua_type(L, 2) == LUA_TNUMBER) lua_tostring(L, 2); // a copy of the key
  if (lua_type(L, 2) != LUA_TSTRING)
    return luaL_error(L, "%s: expected a name, found a %s", what, luaL_typename(L, 2));
  key.data = lua_tolstring(L, 2, &key.size);
  size_t size = ws__lua_copy(shown, MOST, key.data);
  if (key.data[size]) memcpy(shown + size, "...", 4);
  const char **names = push_names(L, 1, &count);
  const char *meant = ws_suggest(key, names, count);
  if (!meant) return luaL_error(L, "%s '%s'", what, shown);
  return luaL_error(L, "%s '%s', did you mean '%s'?", what, shown, meant);
}

/* What other languages, or Lua elsewhere, call by that name; NULL: nothing. */
static const char *explain(const char *name) {
  static const char *const known[][2] = {
      {"None", "Lua writes nil"},
      {"null", "Lua writes nil"},
      {"True", "Lua writes true"},
      {"False", "Lua writes false"},
      {"len", "Lua writes #s"},
      {"str", "Lua writes tostring(v)"},
      {"print", "labeling functions have no output, weaksup try shows what they see"},
      {"io", "lines and csv read files"},
      {"require", "there are no modules, what a file needs stands in it"},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(name, known[i][0]) == 0) return known[i][1];
  return NULL;
}

static int unknown_name(lua_State *L) {
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  const char *why = explain(name);
  if (why) return luaL_error(L, "undefined name '%s': %s", name, why);
  return refuse_unknown(L, "undefined name");
}

static int unknown_class(lua_State *L) {
  return refuse_unknown(L, "undefined class");
}

static int refuse_write(lua_State *L) {
  return luaL_error(L, "the classes cannot be changed");
}

/* __newindex of the environment; upvalues: `names`, and the set of those that stay. */
static int define_name(lua_State *L) {
  const char *name = luaL_checkstring(L, 2);
  if (!ws__lua_of(L)->loading)
    return luaL_error(L,
                      "assigns the global '%s': a labeling function cannot keep anything "
                      "from one record to the next",
                      name);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(2)) != LUA_TNIL)
    return luaL_error(L, "'%s' cannot be assigned: it is %s", name, lua_tostring(L, -1));
  lua_settop(L, 3);
  if (lua_type(L, 3) != LUA_TFUNCTION) ws__lua_keep_line(L, 2, ws__lua_current_line(L));
  lua_rawset(L, lua_upvalueindex(1));
  return 0;
}

uint64_t ws__lua_current_line(lua_State *L) {
  lua_Debug at;
  if (!lua_getstack(L, 1, &at)) return 0;
  lua_getinfo(L, "l", &at);
  return at.currentline > 0 ? (uint64_t)at.currentline : 0;
}

/* --- the environment --- */

static bool is_identifier(ws_text name) {
  static const char *const reserved[] = {
      "and",      "break",  "do",   "else", "elseif", "end",  "false", "for",
      "function", "goto",   "if",   "in",   "local",  "nil",  "not",   "or",
      "repeat",   "return", "then", "true", "until",  "while"};
  if (!ws__is_lf_name(name) || memchr(name.data, '.', name.size) ||
      memchr(name.data, '-', name.size))
    return false;
  for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
    if (ws_text_equals(name, reserved[i])) return false;
  return true;
}

static void set_fixed(lua_State *L, int fixed, const char *name, const char *why) {
  lua_pushstring(L, why);
  lua_setfield(L, fixed, name);
}

void ws__lua_add_classes(lua_State *L, int names, int fixed) {
  const ws_task *task = ws__lua_of(L)->options.task;
  lua_newtable(L);
  for (size_t k = 0; k < ws_task_classes(task); k++) {
    ws_text name = ws_task_class(task, k);
    lua_pushinteger(L, (lua_Integer)k);
    lua_setfield(L, -2, name.data);
    if (!is_identifier(name)) continue;
    lua_pushinteger(L, (lua_Integer)k);
    lua_setfield(L, names, name.data);
    set_fixed(L, fixed, name.data, "a class");
  }
  ws__lua_view(L);
  lua_getmetatable(L, -1);
  lua_getfield(L, -1, "__index");
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, unknown_class);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_pop(L, 1);
  lua_pushcfunction(L, refuse_write);
  lua_setfield(L, -2, "__newindex");
  lua_pop(L, 1);
  lua_setfield(L, names, "class");
  lua_pushinteger(L, WS_ABSTAIN);
  lua_setfield(L, names, "ABSTAIN");
  set_fixed(L, fixed, "ABSTAIN", "the absence of a vote");
  set_fixed(L, fixed, "class", "the table of the classes");
  set_fixed(L, fixed, "lf", "the table of the labeling functions");
  set_fixed(L, fixed, "field", "the table of the derived fields");
}

void ws__lua_push_names(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ws__lua_std);
  lua_newtable(L);
  for (lua_pushnil(L); lua_next(L, -3);) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, -4);
  }
  lua_remove(L, -2);
}

void ws__lua_push_environment(lua_State *L, int names, int fixed) {
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, unknown_name);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, names);
  lua_newtable(L);
  lua_createtable(L, 0, 2);
  lua_pushvalue(L, names);
  lua_setfield(L, -2, "__index");
  lua_pushvalue(L, names);
  lua_pushvalue(L, fixed);
  lua_pushcclosure(L, define_name, 2);
  lua_setfield(L, -2, "__newindex");
  lua_setmetatable(L, -2);
}
