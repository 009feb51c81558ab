/* SPDX-License-Identifier: MIT
 *
 * pairs and next. Lua's own order follows hashes with a random seed, and would make a
 * labeling function that stops at the first hit vote at random: here numbers come first,
 * then texts, then booleans, each in ascending order.
 */
#include "lua_priv.h"

#include <stdlib.h>
#include <string.h>

static const char keys_key;

enum { SORT_STEPS = 16, SCAN_KEYS = 2 }; // steps for a key in order; keys for a step

typedef struct key {
  int type;
  bool integer;
  union {
    lua_Integer i;
    lua_Number n;
    bool b;
  } as;
  ws_text text; // borrowed from the table that holds the key
} key;

/* The key at the top. */
static key read_key(lua_State *L) {
  key out = {.type = lua_type(L, -1)};
  switch (out.type) {
  case LUA_TNUMBER:
    out.integer = lua_isinteger(L, -1);
    if (out.integer)
      out.as.i = lua_tointeger(L, -1);
    else
      out.as.n = lua_tonumber(L, -1);
    break;
  case LUA_TSTRING:
    out.text.data = lua_tolstring(L, -1, &out.text.size);
    break;
  case LUA_TBOOLEAN:
    out.as.b = lua_toboolean(L, -1);
    break;
  default:
    luaL_error(L, "a table with a %s as a key has no fixed order",
               lua_typename(L, out.type));
  }
  return out;
}

static void push_key(lua_State *L, const key *k) {
  switch (k->type) {
  case LUA_TNUMBER:
    if (k->integer)
      lua_pushinteger(L, k->as.i);
    else
      lua_pushnumber(L, k->as.n);
    break;
  case LUA_TSTRING:
    lua_pushlstring(L, k->text.data, k->text.size);
    break;
  default:
    lua_pushboolean(L, k->as.b);
  }
}

static int rank(int type) {
  return type == LUA_TNUMBER ? 0 : type == LUA_TSTRING ? 1 : 2;
}

/* Keys are different, and a float key is never a whole number that an integer could be.
 */
static int compare_numbers(const key *a, const key *b) {
  if (a->integer && b->integer) return (a->as.i > b->as.i) - (a->as.i < b->as.i);
  lua_Number x = a->integer ? (lua_Number)a->as.i : a->as.n;
  lua_Number y = b->integer ? (lua_Number)b->as.i : b->as.n;
  if (x < y || x > y) return x < y ? -1 : 1;
  return (int)a->integer - (int)b->integer;
}

static int compare(const void *left, const void *right) {
  const key *a = left, *b = right;
  if (a->type != b->type) return rank(a->type) - rank(b->type);
  if (a->type == LUA_TNUMBER) return compare_numbers(a, b);
  if (a->type == LUA_TSTRING) return ws_text_compare(a->text, b->text);
  return (int)a->as.b - (int)b->as.b;
}

static bool is_plain(int type) {
  return type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TBOOLEAN;
}

/* Appends the keys of a type to the list of `count` at the top. */
static size_t add_keys(lua_State *L, int table, int type, size_t count) {
  int list = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
    if (lua_type(L, -2) != type) continue;
    lua_pushvalue(L, -2);
    lua_rawseti(L, list, (lua_Integer)++count);
  }
  return count;
}

size_t ws__lua_push_keys(lua_State *L) {
  int table = lua_gettop(L);
  size_t all = 0, count = 0;
  luaL_checkstack(L, 8, NULL);
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) all++;
  key *keys = lua_newuserdatauv(L, (all + 1) * sizeof *keys, 0);
  for (lua_pushnil(L); lua_next(L, table);) {
    lua_pop(L, 1);
    if (is_plain(lua_type(L, -1))) keys[count++] = read_key(L);
  }
  qsort(keys, count, sizeof *keys, compare);
  lua_createtable(L, all < INT32_MAX ? (int)all : 0, 0);
  for (size_t i = 0; i < count; i++) {
    push_key(L, &keys[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  for (int type = 0; count < all; type++)
    if (!is_plain(type)) count = add_keys(L, table, type, count);
  lua_remove(L, -2);
  return count;
}

void ws__lua_push_sorted_keys(lua_State *L) {
  size_t count = ws__lua_push_keys(L);
  if (count == 0) return;
  lua_rawgeti(L, -1, (lua_Integer)count);
  read_key(L);
  lua_pop(L, 1);
}

/* The keys of a read-only table are sorted once. Pushes its content and the keys. */
static bool push_kept_keys(lua_State *L, int index) {
  if (!ws__lua_push_content(L, index)) return false;
  lua_getmetatable(L, index);
  if (lua_rawgetp(L, -1, &keys_key) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_pushvalue(L, -2);
    ws__lua_push_sorted_keys(L);
    lua_remove(L, -2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, -3, &keys_key);
  }
  lua_remove(L, -2);
  return true;
}

/* Pushes the content that stands for the table at `index`, and its keys. Keys that are
 * kept cost no steps, not even the first time: which call that is depends on the worker.
 */
static void push_content_and_keys(lua_State *L, int index) {
  luaL_checktype(L, index, LUA_TTABLE);
  if (push_kept_keys(L, index)) return;
  if (!ws__lua_push_fields(L, index)) lua_pushvalue(L, index);
  ws__lua_push_sorted_keys(L);
  ws__lua_spend(ws__lua_of(L), (uint64_t)lua_rawlen(L, -1) * SORT_STEPS);
}

static int step(lua_State *L) {
  lua_Integer i = lua_tointeger(L, lua_upvalueindex(3));
  for (;;) {
    i++;
    if (lua_rawgeti(L, lua_upvalueindex(2), i) == LUA_TNIL) return 1;
    lua_pushvalue(L, -1);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) break;
    lua_pop(L, 2); // removed since
  }
  lua_pushinteger(L, i);
  lua_replace(L, lua_upvalueindex(3));
  return 2;
}

int ws__lua_pairs(lua_State *L) {
  push_content_and_keys(L, 1);
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, step, 3);
  return 1;
}

int ws__lua_next(lua_State *L) {
  lua_settop(L, 2);
  luaL_checktype(L, 1, LUA_TTABLE);
  key after = {.type = LUA_TNIL}, best = {.type = LUA_TNIL};
  uint64_t seen = 0;
  if (!lua_isnil(L, 2)) after = read_key(L);
  if (!ws__lua_push_content(L, 1) && !ws__lua_push_fields(L, 1)) lua_pushvalue(L, 1);
  for (lua_pushnil(L); lua_next(L, 3);) {
    lua_pop(L, 1);
    seen++;
    key now = read_key(L);
    if (after.type != LUA_TNIL && compare(&now, &after) <= 0) continue;
    if (best.type == LUA_TNIL || compare(&now, &best) < 0) best = now;
  }
  ws__lua_spend(ws__lua_of(L), seen / SCAN_KEYS);
  if (best.type == LUA_TNIL) {
    lua_pushnil(L);
    return 1;
  }
  push_key(L, &best);
  lua_pushvalue(L, -1);
  lua_rawget(L, 3);
  return 2;
}
