/* SPDX-License-Identifier: MIT
 *
 * What rx makes, as the files that make, match and screen it see it. Private to these.
 */
#ifndef WS_LUA_RX_H
#define WS_LUA_RX_H

#include "lua_priv.h"

#define PATTERN_TYPE "pattern"

#define UNSCREENED UINT32_MAX

/* A userdata; its user values are the text and the flags. */
typedef struct pattern {
  const void *mark; // &ws__lua_rx: no other userdata that Lua code gets begins with it
  ws__regex *regex;
  bool kept;       // not forgotten, once all files are loaded
  uint64_t call;   // the last one that asked for it
  uint32_t screen; // its bit in lua->may_match, or UNSCREENED
  ws_hash128 hash; // of its text and flags
} pattern;

/* Argument 1 of a method; raises an error where it is something else. */
const pattern *ws__lua_check_pattern(lua_State *L);
/* Adds the methods to the table at the top. */
void ws__lua_add_methods(lua_State *L);
/* __index of that table: raises an error that names the methods there are. */
int ws__lua_unknown_method(lua_State *L);

/* --- lua_screen.c --- */

/* False where the text holds nothing of what the pattern requires: it does not match. */
bool ws__lua_may_match(ws__lua *lua, const pattern *p, ws_text text);
/* The same, found out for one pattern alone, at argument 1: for a match that failed. */
bool ws__lua_may_have_matched(lua_State *L, ws_text text);

#endif
