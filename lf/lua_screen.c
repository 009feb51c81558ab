/* SPDX-License-Identifier: MIT
 *
 * The patterns of Lua code, looked for together: where several of them require literals,
 * one pass over x.text tells which cannot match, and these are not run. Labeling
 * functions with rx gain by it what rules do (prefilter.h).
 *
 * Which patterns share the pass depends on the folder, and what a pattern says must not:
 * one that runs out of steps on a text without its literals does not match, either way.
 */
#include "lua_rx.h"

#include <string.h>

#include <weaksup/alloc.h>

#include "prefilter.h"

enum { WORTH_A_PASS = 3 }; // patterns

typedef struct screening {
  ws__prefilter_entry *entries; // [count]
  pattern **patterns;           // [count]
  size_t count, entry_capacity, pattern_capacity;
} screening;

/* --- loading --- */

/* The pattern at the top. */
static ws_status add_pattern(ws__lua *lua, screening *all) {
  pattern *p = lua_touserdata(lua->L, -1);
  const ws__literal *required;
  ws_text text, flags;
  ws__lua_pattern_source(lua->L, lua_gettop(lua->L), &text, &flags);
  WS_TRY(ws__required(text, flags, &lua->arena, &required));
  if (!required) return WS_OK;
  if (!ws_grow(&all->entries, &all->entry_capacity, all->count + 1,
               sizeof *all->entries) ||
      !ws_grow(&all->patterns, &all->pattern_capacity, all->count + 1, sizeof(pattern *)))
    return WS_ENOMEM;
  all->entries[all->count] = (ws__prefilter_entry){required, (uint32_t)all->count};
  all->patterns[all->count++] = p;
  return WS_OK;
}

/* All patterns that there are: flags -> text -> pattern is upvalue 1 of rx. */
static ws_status collect(ws__lua *lua, screening *all) {
  lua_State *L = lua->L;
  int top = lua_gettop(L);
  ws_status status = WS_OK;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ws__lua_rx);
  lua_getupvalue(L, -1, 1);
  for (lua_pushnil(L); lua_next(L, top + 2); lua_pop(L, 1))
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
      if (status == WS_OK) status = add_pattern(lua, all);
  lua_settop(L, top);
  return status;
}

static ws_status build(ws__lua *lua, const screening *all) {
  bool *filtered = ws_alloc_zero(all->count, sizeof *filtered);
  if (!filtered) return WS_ENOMEM;
  lua->screen_words = all->count / 64 + 1;
  lua->may_match = ws_alloc_zero(lua->screen_words, sizeof *lua->may_match);
  ws_status status =
      lua->may_match ? ws__prefilter_new(all->entries, all->count, filtered, &lua->screen)
                     : WS_ENOMEM;
  for (size_t i = 0; i < all->count && status == WS_OK; i++)
    if (filtered[i]) all->patterns[i]->screen = (uint32_t)i;
  ws_free(filtered);
  return status;
}

/* Without memory for it, patterns are run one by one. */
void ws__lua_screen_patterns(ws__lua *lua) {
  screening all = {NULL, NULL, 0, 0, 0};
  if (collect(lua, &all) == WS_OK && all.count >= WORTH_A_PASS &&
      build(lua, &all) != WS_OK)
    ws__lua_clear_screen(lua);
  ws_free(all.entries);
  ws_free(all.patterns);
}

void ws__lua_clear_screen(ws__lua *lua) {
  ws__prefilter_free(lua->screen);
  ws_free(lua->may_match);
  lua->screen = NULL;
  lua->may_match = NULL;
}

/* --- matching --- */

bool ws__lua_may_match(ws__lua *lua, const pattern *p, ws_text text) {
  if (p->screen == UNSCREENED || text.data != lua->valid[0]) return true;
  if (!lua->screened) {
    memset(lua->may_match, 0, lua->screen_words * sizeof *lua->may_match);
    ws__prefilter_scan(lua->screen, text, lua->may_match);
    lua->screened = true;
  }
  return lua->may_match[p->screen / 64] >> p->screen % 64 & 1;
}

static ws_status look(ws_text pattern_text, ws_text flags, ws_text text, bool *may) {
  ws_arena arena = {0};
  ws__prefilter_entry entry = {NULL, 0};
  ws__prefilter *prefilter = NULL;
  uint64_t found = 0;
  bool filtered = false;
  ws_status status = ws__required(pattern_text, flags, &arena, &entry.required);
  if (status == WS_OK) status = ws__prefilter_new(&entry, 1, &filtered, &prefilter);
  if (prefilter) ws__prefilter_scan(prefilter, text, &found);
  *may = !filtered || found;
  ws__prefilter_free(prefilter);
  ws_arena_clear(&arena);
  return status;
}

bool ws__lua_may_have_matched(lua_State *L, ws_text text) {
  ws_text pattern_text, flags;
  bool may = true;
  ws__lua_pattern_source(L, 1, &pattern_text, &flags);
  return look(pattern_text, flags, text, &may) != WS_OK || may;
}
