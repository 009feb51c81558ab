/* SPDX-License-Identifier: MIT
 *
 * table.sort, as a merge sort. Lua's own chooses pivots by the clock once an array is
 * badly unbalanced, so that the order of equal items can differ from run to run; here
 * equal items keep their order, and an order function that contradicts itself does no
 * harm.
 */
#include "lua_priv.h"

enum { TABLE = 1, ORDER = 2, FROM = 3, TO = 4 }; // on the stack

/* Whether item b of the table at FROM must stand before item a. */
static bool is_before(lua_State *L, lua_Integer b, lua_Integer a) {
  bool before;
  if (lua_isnil(L, ORDER)) {
    lua_rawgeti(L, FROM, b);
    lua_rawgeti(L, FROM, a);
    before = lua_compare(L, -2, -1, LUA_OPLT) != 0;
    lua_pop(L, 2);
    return before;
  }
  lua_pushvalue(L, ORDER);
  lua_rawgeti(L, FROM, b);
  lua_rawgeti(L, FROM, a);
  lua_call(L, 2, 1);
  before = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return before;
}

/* Merges the runs [low, middle) and [middle, high) of FROM into TO. */
static void merge(lua_State *L, lua_Integer low, lua_Integer middle, lua_Integer high) {
  lua_Integer left = low, right = middle;
  for (lua_Integer at = low; at < high; at++) {
    bool take_right = left == middle || (right < high && is_before(L, right, left));
    lua_rawgeti(L, FROM, take_right ? right++ : left++);
    lua_rawseti(L, TO, at);
  }
}

static lua_Integer least(lua_Integer a, lua_Integer b) {
  return a < b ? a : b;
}

/* One pass: runs of `width` become runs of twice that. */
static void pass(lua_State *L, lua_Integer count, lua_Integer width) {
  ws__lua_spend(ws__lua_of(L), (uint64_t)count);
  for (lua_Integer low = 1; low <= count; low += 2 * width)
    merge(L, low, least(low + width, count + 1), least(low + 2 * width, count + 1));
  lua_pushvalue(L, FROM); // what was made is what the next pass reads
  lua_copy(L, TO, FROM);
  lua_replace(L, TO);
}

int ws__lua_sort(lua_State *L) {
  enum { MOST = 1 << 24 };
  luaL_checktype(L, TABLE, LUA_TTABLE);
  if (!lua_isnoneornil(L, ORDER)) luaL_checktype(L, ORDER, LUA_TFUNCTION);
  lua_settop(L, ORDER);
  lua_Integer count = luaL_len(L, TABLE);
  if (count < 2) return 0;
  luaL_argcheck(L, count < MOST, TABLE, "array too big");
  lua_createtable(L, (int)count, 0);
  lua_createtable(L, (int)count, 0);
  for (lua_Integer i = 1; i <= count; i++) {
    lua_geti(L, TABLE, i);
    lua_rawseti(L, FROM, i);
  }
  for (lua_Integer width = 1; width < count; width *= 2) pass(L, count, width);
  for (lua_Integer i = 1; i <= count; i++) {
    lua_rawgeti(L, FROM, i);
    lua_seti(L, TABLE, i);
  }
  return 0;
}
