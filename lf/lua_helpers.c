/* SPDX-License-Identifier: MIT
 *
 * What labeling functions are given beyond Lua: keywords, has, words, lines, set, lower.
 * (rx and what takes texts apart have files of their own.)
 */
#include "lua_priv.h"

#include <string.h>

#include <weaksup/alloc.h>

enum { PASS = 8 }; // bytes of a text for a step

#define KEYWORDS_TYPE "keyword list"

/* A userdata; lists are looked for in the text of the record at hand. */
typedef struct keyword_list {
  ws__keywords *keywords; // may be NULL
  size_t bytes;           // that they take
  int32_t label;
} keyword_list;

enum { LISTS_MIB = 512 }; // that all keyword lists of a worker may take

void ws__lua_check_loading(lua_State *L, const char *what) {
  if (!ws__lua_of(L)->loading)
    luaL_error(L,
               "%s must stand outside of all functions: it runs when the file is loaded",
               what);
}

/* A file could be found where the code is used and not where it is judged, or the
 * reverse, and be the code's own. */
void ws__lua_check_reading(lua_State *L, const char *what) {
  const ws__lua *lua = ws__lua_of(L);
  ws__lua_check_loading(L, what);
  if (lua->files[lua->file].generated)
    luaL_error(L, "%s: a generated file reads no other files", what);
}

/* --- keywords --- */

const ws__keywords *ws__lua_to_keywords(lua_State *L, int index, int32_t *label) {
  const keyword_list *list = luaL_testudata(L, index, KEYWORDS_TYPE);
  if (!list) return NULL;
  *label = list->label;
  return list->keywords;
}

static void drop(ws__lua *lua, keyword_list *list) {
  lua->list_bytes -= list->bytes;
  ws__keywords_free(list->keywords);
  list->keywords = NULL;
  list->bytes = 0;
}

static int collect(lua_State *L) {
  drop(ws__lua_of(L), luaL_checkudata(L, 1, KEYWORDS_TYPE));
  return 0;
}

/* Pushes a list of the entries, or an empty one. Lua's memory limit does not see it, so
 * it has one of its own. */
static keyword_list *push_new_list(lua_State *L, const ws_text *entries, size_t count,
                                   int32_t label) {
  ws__lua *lua = ws__lua_of(L);
  ws_error err = WS_ERROR_INIT;
  keyword_list *list = lua_newuserdatauv(L, sizeof *list, 0);
  *list = (keyword_list){.label = label};
  luaL_setmetatable(L, KEYWORDS_TYPE);
  if (count == 0) return list;
  if (ws__keywords_new(entries, count, &list->keywords, &err) != WS_OK)
    ws__lua_raise(L, &err);
  list->bytes = ws__keywords_size(list->keywords);
  lua->list_bytes += list->bytes;
  if (lua->list_bytes > (size_t)LISTS_MIB << 20) lua_gc(L, LUA_GCCOLLECT);
  lua->fatal = lua->list_bytes > (size_t)LISTS_MIB << 20; // other files' are among them
  if (lua->fatal)
    luaL_error(L, "keyword lists take more than %d MiB of memory", (int)LISTS_MIB);
  return list;
}

/* The entry that a key and its value at the top stand for: of a list, or of a set, where
 * false is under what is not in it. Pops the value. */
static bool read_entry(lua_State *L, const char *what, ws_text *out) {
  int which = 0;
  bool there = lua_type(L, -1) != LUA_TBOOLEAN || lua_toboolean(L, -1);
  if (lua_type(L, -2) == LUA_TSTRING && lua_type(L, -1) == LUA_TBOOLEAN) which = -2;
  if (lua_type(L, -2) == LUA_TNUMBER && lua_type(L, -1) == LUA_TSTRING) which = -1;
  if (which == 0) luaL_error(L, "%s: expected a list or a set of texts", what);
  out->data = lua_tolstring(L, which, &out->size);
  if (!ws_utf8_valid(*out)) luaL_error(L, "%s: an entry is not valid UTF-8", what);
  lua_pop(L, 1);
  return there;
}

/* Pushes a userdata that holds the entries of the table at `index`, which borrow from it.
 */
static const ws_text *push_entries(lua_State *L, int index, const char *what,
                                   size_t *count) {
  lua_pushvalue(L, index);
  size_t keys = ws__lua_push_keys(L);
  ws_text *entries = lua_newuserdatauv(L, (keys + 1) * sizeof *entries, 0);
  *count = 0;
  for (size_t i = 0; i < keys; i++) {
    lua_rawgeti(L, -2, (lua_Integer)i + 1);
    lua_pushvalue(L, -1);
    lua_rawget(L, index);
    *count += read_entry(L, what, &entries[*count]);
    lua_pop(L, 1);
  }
  return entries;
}

static int keywords(lua_State *L) {
  ws_error err = WS_ERROR_INIT;
  int32_t label;
  ws__lua_check_loading(L, "keywords(...)");
  const char *form = "expected keywords(CLASS, { \"word\", ... })";
  if (lua_type(L, 1) == LUA_TTABLE)
    luaL_error(L, "keywords: %s, found a table first", form);
  if (ws__lua_read_class(L, 1, &label, &err) != WS_OK)
    luaL_error(L, "keywords: the first argument is %s", err.message);
  if (lua_type(L, 2) != LUA_TTABLE)
    luaL_error(L, "keywords: %s, found a %s in place of the list", form,
               luaL_typename(L, 2));
  lua_settop(L, 2);
  if (ws__lua_push_content(L, 2)) lua_replace(L, 2);
  size_t count;
  const ws_text *entries = push_entries(L, 2, "keywords", &count);
  if (count == 0) luaL_error(L, "keywords: the list is empty");
  push_new_list(L, entries, count, label);
  return 1;
}

/* --- has --- */

/* Preparing a list takes a while for each byte. */
static void spend_on(lua_State *L, const ws_text *entries, size_t count) {
  uint64_t bytes = 0;
  for (size_t i = 0; i < count; i++) bytes += entries[i].size + 1;
  ws__lua_spend(ws__lua_of(L), bytes);
}

/* Pushes a keyword list for the table at argument 2, NULL in it where that is empty. A
 * list made of a table that cannot change is kept, in upvalue 1. */
static keyword_list *push_list(lua_State *L, bool *kept) {
  size_t count;
  *kept = true;
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return lua_touserdata(L, -1);
  *kept = ws__lua_push_content(L, 2);
  if (!*kept) lua_pushvalue(L, 2);
  const ws_text *entries = push_entries(L, lua_gettop(L), "has", &count);
  if (!*kept) spend_on(L, entries, count);
  keyword_list *list = push_new_list(L, entries, count, WS_ABSTAIN);
  if (!*kept) return list;
  lua_pushvalue(L, 2);
  lua_pushvalue(L, -2);
  lua_rawset(L, lua_upvalueindex(1));
  return list;
}

/* has(s, list): whether any entry occurs in it as whole words, in any case. */
static int has(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  ws_text text = ws__lua_check_text(L, 1);
  bool kept, found = false;
  ws__lua_spend(lua, text.size / PASS);
  if (lua_type(L, 2) != LUA_TTABLE)
    return luaL_error(L,
                      "has: expected a list or a set of texts, has(text, { \"word\" }), "
                      "found a %s",
                      luaL_typename(L, 2));
  lua_settop(L, 2);
  keyword_list *list = push_list(L, &kept);
  lua->scratch.size = 0;
  ws_status status = ws__lower(text, &lua->scratch);
  size_t start = 0, end = 0;
  if (status == WS_OK && list->keywords && lua->scratch.size)
    found =
        ws__keywords_find(list->keywords, ws_buffer_as_text(&lua->scratch), &start, &end);
  if (found && lua->trace)
    ws__lua_trace_match(lua, WS_MATCH_BY_HAS, text, ws_text_lowered_from(text, start),
                        ws_text_lowered_from(text, end));
  if (!kept) drop(lua, list); // memory that the collector of garbage knows nothing of
  if (status != WS_OK) return ws__lua_nomem(L);
  lua_pushboolean(L, found);
  return 1;
}

static void add_has(lua_State *L) {
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "k");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  lua_pushcclosure(L, has, 1);
  ws__lua_builtin(L, "has");
}

/* --- texts --- */

/* words(s): its words, a list. */
static int words(lua_State *L) {
  ws_text text = ws__lua_check_text(L, 1), word;
  size_t position = 0;
  ws__lua_spend(ws__lua_of(L), text.size / PASS);
  lua_settop(L, 1);
  lua_createtable(L, text.size / 8 < 1024 ? (int)(text.size / 8) : 1024, 0);
  for (lua_Integer i = 1; ws_text_next_word(text, &position, &word); i++) {
    lua_pushlstring(L, word.data, word.size);
    lua_rawseti(L, 2, i);
  }
  return 1;
}

static int lower(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  ws_text text = ws__lua_check_text(L, 1);
  ws__lua_spend(lua, text.size / PASS);
  lua->scratch.size = 0;
  if (ws__lower(text, &lua->scratch) != WS_OK) return ws__lua_nomem(L);
  lua_pushlstring(L, lua->scratch.data ? lua->scratch.data : "", lua->scratch.size);
  return 1;
}

/* set(list): a table with true under every item. */
static int set(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_Integer count = luaL_len(L, 1);
  ws__lua_spend(ws__lua_of(L), count > 0 ? (uint64_t)count : 0);
  lua_settop(L, 1);
  lua_createtable(L, 0, count > 0 && count < 1 << 20 ? (int)count : 0);
  for (lua_Integer i = 1; i <= count; i++) {
    if (lua_geti(L, 1, i) == LUA_TNIL) luaL_error(L, "set: item %d is nil", (int)i);
    lua_pushboolean(L, 1);
    lua_rawset(L, 2);
  }
  return 1;
}

/* lines(name): the lines of a file, without blank ones and comments. */
static int lines(lua_State *L) {
  ws__lua *lua = ws__lua_of(L);
  ws_error err = WS_ERROR_INIT;
  ws_text name, line;
  size_t position = 0;
  ws__lua_check_reading(L, "lines(...)");
  name.data = luaL_checklstring(L, 1, &name.size);
  lua->scratch.size = 0;
  if (ws__files_resource(lua->options.files, lua->files[lua->file].file, name,
                         &lua->scratch, &err) != WS_OK)
    return ws__lua_raise(L, &err);
  ws_text text = ws_buffer_as_text(&lua->scratch);
  lua_file *file = &lua->files[lua->file];
  file->content = ws_hash128_join(file->content, ws_hash128_of(text.data, text.size));
  lua_settop(L, 1);
  lua_newtable(L);
  for (lua_Integer i = 1; ws__list_line(text, &position, &line); i++) {
    lua_pushlstring(L, line.data, line.size);
    lua_rawseti(L, 2, i);
  }
  return 1;
}

static void add_function(lua_State *L, const char *name, lua_CFunction function) {
  lua_pushcfunction(L, function);
  ws__lua_builtin(L, name);
}

void ws__lua_open_helpers(lua_State *L) {
  luaL_newmetatable(L, KEYWORDS_TYPE);
  lua_pushcfunction(L, collect);
  lua_setfield(L, -2, "__gc");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 1);
  add_has(L);
  add_function(L, "keywords", keywords);
  add_function(L, "words", words);
  add_function(L, "lower", lower);
  add_function(L, "set", set);
  add_function(L, "lines", lines);
}
