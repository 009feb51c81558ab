/* SPDX-License-Identifier: MIT
 *
 * rx(pattern, flags): PCRE2 patterns in labeling functions.
 *
 * rx is written where it is used, inside functions that run for every record, so compiled
 * patterns are kept by their text and a call costs a look-up. When labeling functions
 * make too many (from the text of records, say), all are forgotten and made again as
 * needed: a limit that refused would make votes depend on which records a worker saw
 * before. Those that were made while files were loaded are kept, as only they run as
 * machine code, whose count of steps is its own. They are forgotten when a call asks for
 * its first pattern, never later: the same text must give the same pattern, ==, as long
 * as the call lasts.
 */
#include "lua_rx.h"

#include <string.h>

const char ws__lua_rx;

enum {
  PATTERNS_MAX = 10000,
  RECENT_TEXT = 1, // in upvalue 2 of rx, for each place in lua->recent
  RECENT_PATTERN = 2,
  FLAGS_MAX = 16,
};
static const size_t pattern_bytes_max = 64u << 20;

ws_text ws__lua_check_text(lua_State *L, int index) {
  const ws__lua *lua = ws__lua_of(L);
  ws_text text;
  text.data = luaL_checklstring(L, index, &text.size);
  bool valid = text.data == lua->valid[0] || text.data == lua->valid[1];
  if (!valid && !ws_utf8_valid(text))
    luaL_argerror(L, index, "the text is not valid UTF-8 (cut inside a character?)");
  return text;
}

static int collect(lua_State *L) {
  pattern *p = luaL_checkudata(L, 1, PATTERN_TYPE);
  ws__regex_free(p->regex);
  p->regex = NULL;
  return 0;
}

const ws__regex *ws__lua_to_pattern(lua_State *L, int index) {
  const pattern *p = luaL_testudata(L, index, PATTERN_TYPE);
  return p ? p->regex : NULL;
}

bool ws__lua_pattern_hash(lua_State *L, int index, ws_hash128 *out) {
  const pattern *p = luaL_testudata(L, index, PATTERN_TYPE);
  if (p) *out = p->hash;
  return p != NULL;
}

static ws_text user_text(lua_State *L, int index, int which) {
  ws_text text;
  lua_getiuservalue(L, index, which);
  text.data = lua_tolstring(L, -1, &text.size);
  lua_pop(L, 1);
  return text;
}

void ws__lua_pattern_source(lua_State *L, int index, ws_text *text, ws_text *flags) {
  *text = user_text(L, index, 1);
  *flags = user_text(L, index, 2);
}

/* --- making --- */

/* Of the table at the top, text -> pattern; whether one is left. */
static bool forget_unkept(lua_State *L) {
  bool loaded = ws__lua_of(L)->loaded, any = false;
  for (lua_pushnil(L); lua_next(L, -2);) {
    bool kept = loaded && ((pattern *)lua_touserdata(L, -1))->kept;
    lua_pop(L, 1);
    any = any || kept;
    if (kept) continue;
    lua_pushvalue(L, -1);
    lua_pushnil(L);
    lua_rawset(L, -4);
  }
  return any;
}

/* Empties the cache, upvalue 1 of rx: flags -> pattern text -> pattern. */
static void forget_patterns(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  for (lua_pushnil(L); lua_next(L, lua_upvalueindex(1));) {
    bool any = forget_unkept(L);
    lua_pop(L, 1);
    if (any) continue;
    lua_pushvalue(L, -1);
    lua_pushnil(L);
    lua_rawset(L, lua_upvalueindex(1));
  }
  lua->pattern_count = lua->pattern_bytes = 0;
  lua->crowded = false;
  memset(lua->recent, 0, sizeof lua->recent);
  lua_newtable(L);
  lua_replace(L, lua_upvalueindex(2));
  lua_gc(L, LUA_GCCOLLECT);
}

/* Pushes the patterns with these flags. */
static void push_cache(lua_State *L) {
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, -2);
  lua_rawset(L, lua_upvalueindex(1));
}

/* Behind the pattern of that size stand the flags. */
static int fail_compile(lua_State *L, size_t offset, size_t size, const ws_error *err) {
  if (err->status == WS_ENOMEM) return ws__lua_nomem(L);
  if (offset > size) return luaL_error(L, "rx: %s", err->message);
  return luaL_error(L, "rx: %s (at byte %d of the pattern)", err->message,
                    (int)offset + 1);
}

/* Says what is odd about a pattern that the running line of a file makes. */
static void note_pattern(lua_State *L, ws_text text) {
  lua_Debug at = {.currentline = 0};
  if (!ws__lua_of(L)->loading) return;
  if (lua_getstack(L, 1, &at)) lua_getinfo(L, "l", &at);
  ws__lua_note_backspace(L, at.currentline > 0 ? at.currentline : 0, text);
}

/* Pushes a new pattern for the arguments 1 and 2. */
static void push_new(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  ws_text text = ws__lua_check_text(L, 1), flags = ws__lua_check_text(L, 2);
  ws_error err = WS_ERROR_INIT;
  size_t offset = 0;
  pattern *p = lua_newuserdatauv(L, sizeof *p, 2);
  ws_hash128 hash = ws_hash128_join(ws_hash128_of(text.data, text.size),
                                    ws_hash128_of(flags.data, flags.size));
  *p = (pattern){
      .mark = &ws__lua_rx, .kept = !lua->loaded, .screen = UNSCREENED, .hash = hash};
  luaL_setmetatable(L, PATTERN_TYPE);
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, 1);
  lua_pushvalue(L, 2);
  lua_setiuservalue(L, -2, 2);
  if (ws__regex_new(lua->options.regexes, text, flags, &p->regex, &offset, &err) != WS_OK)
    fail_compile(L, offset, text.size, &err);
  lua->pattern_count++;
  lua->pattern_bytes += ws__regex_size(p->regex);
  note_pattern(L, text);
}

/* --- the pattern of the same two strings as before --- */

/* Strings that are the same object need not be compared or hashed. That no other string
 * comes to lie where one of them lay is sure as long as they are kept: the text in
 * upvalue 2, the flags, of which there is one object only if they are short, as a key of
 * the cache. */

static recent_pattern *recent_place(ws__lua *lua, const char *text, lua_Integer *place) {
  uintptr_t address = (uintptr_t)text;
  *place = (lua_Integer)((address >> 4 ^ address >> 13) % RECENT_MAX);
  return &lua->recent[*place];
}

/* Pushes the pattern of the arguments if it was asked for with these before. */
static bool push_recent(lua_State *L) {
  lua_Integer place;
  int flags_type = lua_type(L, 2);
  if (lua_type(L, 1) != LUA_TSTRING || flags_type != LUA_TSTRING) return false;
  const char *text = lua_tostring(L, 1);
  const recent_pattern *recent = recent_place(ws__lua_of(L), text, &place);
  if (recent->text != text || recent->flags != lua_tostring(L, 2)) return false;
  lua_rawgeti(L, lua_upvalueindex(2), 2 * place + RECENT_PATTERN);
  return true;
}

/* The pattern at the top is that of the arguments. */
static void keep_recent(lua_State *L) {
  lua_Integer place;
  if (lua_rawlen(L, 2) > FLAGS_MAX) return;
  const char *text = lua_tostring(L, 1);
  recent_pattern *recent = recent_place(ws__lua_of(L), text, &place);
  lua_pushvalue(L, 1);
  lua_rawseti(L, lua_upvalueindex(2), 2 * place + RECENT_TEXT);
  lua_pushvalue(L, -1);
  lua_rawseti(L, lua_upvalueindex(2), 2 * place + RECENT_PATTERN);
  *recent = (recent_pattern){text, lua_tostring(L, 2)};
}

static bool is_crowded(const ws__lua *lua) {
  return lua->pattern_count >= PATTERNS_MAX || lua->pattern_bytes >= pattern_bytes_max;
}

void ws__lua_begin_patterns(ws__lua *lua) {
  lua->crowded = is_crowded(lua);
  lua->asked_bytes = 0;
  lua->call++;
}

/* The pattern at the top is given away. A call may ask for as many bytes as all others
 * leave behind; those of patterns that are there already count, so that it makes no
 * difference which are. */
static int give(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  pattern *p = lua_touserdata(L, -1);
  if (p->call == lua->call || !lua->loaded || p->kept) return 1;
  p->call = lua->call;
  lua->asked_bytes += ws__regex_size(p->regex);
  if (lua->asked_bytes > pattern_bytes_max) return ws__lua_nomem(L);
  return 1;
}

static int rx(lua_State *L) {
  const ws__lua *lua = ws__lua_of(L);
  if (lua->crowded) forget_patterns(L);
  if (push_recent(L)) return give(L);
  luaL_checktype(L, 1, LUA_TSTRING);
  if (lua_isnoneornil(L, 2)) {
    lua_settop(L, 1);
    lua_pushliteral(L, "");
    if (push_recent(L)) return give(L);
  }
  luaL_checktype(L, 2, LUA_TSTRING);
  if (!lua->loaded && is_crowded(lua)) forget_patterns(L);
  push_cache(L);
  lua_pushvalue(L, 1);
  if (lua_rawget(L, -2) == LUA_TNIL) {
    lua_pop(L, 1);
    push_new(L);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, -2);
    lua_rawset(L, -4);
  }
  keep_recent(L);
  return give(L);
}

/* A text that is no pattern is an error where rx is called, if it ever is. */
void ws__lua_prepare_pattern(lua_State *L, ws_text text, ws_text flags) {
  const ws__lua *lua = ws__lua_of(L);
  luaL_checkstack(L, 4, NULL);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ws__lua_rx);
  lua_pushlstring(L, text.data, text.size);
  lua_pushlstring(L, flags.data, flags.size);
  int status = lua_pcall(L, 2, 1, 0);
  if (status == LUA_ERRMEM || lua->expired || lua->exhausted) lua_error(L);
  lua_pop(L, 1);
}

ws_hash128 ws__lua_patterns_hash(ws__lua *lua) {
  lua_State *L = lua->L;
  int top = lua_gettop(L);
  ws_hash128 sum = {0, 0};
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ws__lua_rx);
  lua_getupvalue(L, -1, 1);
  for (lua_pushnil(L); lua_next(L, top + 2); lua_pop(L, 1))
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
      sum = ws_hash128_add(sum, ((pattern *)lua_touserdata(L, -1))->hash);
  lua_settop(L, top);
  return sum;
}

void ws__lua_open_patterns(lua_State *L) {
  luaL_newmetatable(L, PATTERN_TYPE);
  lua_newtable(L); // which Lua code never gets hold of
  ws__lua_add_methods(L);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, ws__lua_unknown_method);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, collect);
  lua_setfield(L, -2, "__gc");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 1);
  lua_newtable(L);
  lua_newtable(L);
  lua_pushcclosure(L, rx, 2);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &ws__lua_rx);
  ws__lua_builtin(L, "rx");
}
