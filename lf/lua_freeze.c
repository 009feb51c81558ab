/* SPDX-License-Identifier: MIT
 *
 * Read-only tables. Labeling functions must not keep anything from one record to the
 * next, so what outlives a record is frozen: constants of a file when it is loaded, lists
 * inside a record and derived fields when they are made.
 *
 * A read-only table is an empty one whose metatable leads to the content. Lua code cannot
 * set metatables: a table that has one is ours, and read-only already.
 */
#include "lua_priv.h"

const char ws__lua_builtins;
static const char content_key, seen_key;

bool ws__lua_push_content(lua_State *L, int index) {
  if (lua_type(L, index) != LUA_TTABLE || !lua_getmetatable(L, index)) return false;
  bool found = lua_rawgetp(L, -1, &content_key) == LUA_TTABLE;
  lua_remove(L, -2);
  if (!found) lua_pop(L, 1);
  return found;
}

static int refuse_write(lua_State *L) {
  if (lua_type(L, 2) == LUA_TSTRING)
    return luaL_error(L, "this table is read-only (field '%s')", lua_tostring(L, 2));
  return luaL_error(L, "this table is read-only");
}

static int length(lua_State *L) {
  if (!ws__lua_push_content(L, 1)) return 0;
  lua_pushinteger(L, (lua_Integer)lua_rawlen(L, -1));
  return 1;
}

/* Makes the content at the top what the empty table below it shows; pops the content. */
static void show(lua_State *L) {
  lua_createtable(L, 0, 5);
  lua_pushvalue(L, -2);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, refuse_write);
  lua_setfield(L, -2, "__newindex");
  lua_pushcfunction(L, length);
  lua_setfield(L, -2, "__len");
  lua_pushvalue(L, -2);
  lua_rawsetp(L, -2, &content_key);
  lua_setmetatable(L, -3);
  lua_pop(L, 1);
}

void ws__lua_view(lua_State *L) {
  lua_newtable(L);
  lua_insert(L, -2);
  show(L);
}

/* --- views of fresh values --- */

static bool is_key(int type) {
  return type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TBOOLEAN;
}

static bool is_plain(int type) {
  return type == LUA_TNIL || is_key(type);
}

static bool is_view(lua_State *L) {
  bool view = lua_getmetatable(L, -1);
  if (view) lua_pop(L, 1);
  return view;
}

/* False where there is something in it that must not be. */
static bool view_value(lua_State *L, int depth) {
  if (is_plain(lua_type(L, -1))) return true;
  if (lua_type(L, -1) != LUA_TTABLE) return false;
  if (is_view(L)) return true;
  if (depth == NESTED_MAX) return false;
  luaL_checkstack(L, 10, NULL);
  int table = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
    if (is_key(lua_type(L, -2)) && is_plain(lua_type(L, -1))) continue;
    if (!is_key(lua_type(L, -2)) || !view_value(L, depth + 1)) {
      lua_settop(L, table);
      return false;
    }
    lua_pushvalue(L, -2);
    lua_pushvalue(L, -2);
    lua_rawset(L, table);
  }
  ws__lua_view(L);
  return true;
}

/* Raises an error about the first thing that must not be there. */
static void refuse_value(lua_State *L, int depth) {
  int type = lua_type(L, -1), table = lua_gettop(L);
  if (is_plain(type) || (type == LUA_TTABLE && is_view(L))) return;
  if (type != LUA_TTABLE)
    luaL_error(L, "a derived field must be plain data, found a %s", luaL_typename(L, -1));
  if (depth == NESTED_MAX)
    luaL_error(L, "tables inside one another are more than %d deep", (int)NESTED_MAX);
  size_t count = ws__lua_push_keys(L);
  for (size_t i = 1; i <= count; i++) {
    type = lua_rawgeti(L, table + 1, (lua_Integer)i);
    if (!is_key(type))
      luaL_error(L, "a derived field must be plain data, found a key that is a %s",
                 lua_typename(L, type));
    lua_rawget(L, table);
    refuse_value(L, depth + 1);
    lua_settop(L, table + 1);
  }
  lua_settop(L, table);
}

void ws__lua_view_deep(lua_State *L) {
  if (view_value(L, 0)) return;
  refuse_value(L, 0);
  luaL_error(L, "a derived field must be plain data"); // not found any more
}

/* --- freezing in place --- */

static void freeze_value(lua_State *L, int depth);

/* Moves the content of the table at the top into a new one, and pushes that. The # of a
 * list with holes hangs on the order in which it was filled: that of its keys, as Lua's
 * own differs from process to process. */
static void move_content(lua_State *L) {
  int table = lua_gettop(L);
  lua_newtable(L);
  lua_pushvalue(L, table);
  size_t count = ws__lua_push_keys(L);
  for (size_t i = 1; i <= count; i++) {
    lua_rawgeti(L, table + 3, (lua_Integer)i);
    lua_pushvalue(L, -1);
    lua_rawget(L, table);
    lua_rawset(L, table + 1);
  }
  lua_settop(L, table + 1);
  for (lua_pushnil(L); lua_next(L, table + 1); lua_pop(L, 1)) {
    lua_pushvalue(L, -2);
    lua_pushnil(L);
    lua_rawset(L, table);
  }
}

static void freeze_table(lua_State *L, int depth) {
  if (lua_getmetatable(L, -1)) {
    lua_pop(L, 1);
    return;
  }
  move_content(L);
  lua_pushvalue(L, -1);
  lua_insert(L, -3); // content, table, content
  show(L);
  lua_insert(L, -2); // table, content
  int content = lua_gettop(L);
  size_t count = ws__lua_push_keys(L);
  for (size_t i = 1; i <= count; i++) {
    lua_rawgeti(L, content + 1, (lua_Integer)i);
    freeze_value(L, depth);
    lua_rawget(L, content);
    freeze_value(L, depth);
    lua_pop(L, 1);
  }
  lua_pop(L, 2);
}

/* Of the value at the top: adds it to a set of the registry; false if it was there. */
static bool add_to(lua_State *L, const char *set) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, set);
  lua_pushvalue(L, -2);
  bool fresh = lua_rawget(L, -2) == LUA_TNIL;
  lua_pop(L, 1);
  lua_pushvalue(L, -2);
  lua_pushboolean(L, 1);
  lua_rawset(L, -3);
  lua_pop(L, 1);
  return fresh;
}

/* Raises an error about the value at the top, in a variable of the function below it. */
static void refuse_iterator(lua_State *L) {
  lua_Debug at = {.linedefined = 0};
  if (lua_type(L, -2) == LUA_TFUNCTION) {
    lua_pushvalue(L, -2);
    lua_getinfo(L, ">S", &at);
  }
  const char *what = "an iterator cannot be kept from one record to the next";
  if (at.linedefined > 0) luaL_error(L, "lua:%d: %s", at.linedefined, what);
  luaL_error(L, "%s", what);
}

static bool is_builtin(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ws__lua_builtins);
  lua_pushvalue(L, -2);
  bool found = lua_rawget(L, -2) != LUA_TNIL;
  lua_pop(L, 2);
  return found;
}

static void freeze_function(lua_State *L, int depth) {
  if (is_builtin(L)) return;
  if (lua_iscfunction(L, -1)) // what gmatch and pairs return
    refuse_iterator(L);
  if (!add_to(L, &seen_key)) return;
  ws__lua_check_function(L);
  int function = lua_gettop(L);
  for (int i = 1; lua_getupvalue(L, function, i); i++) {
    freeze_value(L, depth);
    lua_pop(L, 1);
  }
}

static void freeze_value(lua_State *L, int depth) {
  if (depth == 2 * NESTED_MAX)
    luaL_error(L, "tables and functions inside one another are more than %d deep",
               2 * (int)NESTED_MAX);
  luaL_checkstack(L, 12, NULL);
  if (lua_type(L, -1) == LUA_TTABLE) freeze_table(L, depth + 1);
  if (lua_type(L, -1) == LUA_TFUNCTION) freeze_function(L, depth + 1);
}

void ws__lua_freeze(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &seen_key) == LUA_TNIL) {
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &seen_key);
  }
  lua_pop(L, 1);
  freeze_value(L, 0);
}
