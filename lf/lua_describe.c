/* SPDX-License-Identifier: MIT
 *
 * What a function, a table, a pattern or a keyword list holds itself, as bytes to be
 * hashed: by value, without addresses and lines. Other objects are edges.
 */
#include "lua_graph.h"

#include <string.h>

#include <weaksup/alloc.h>

static void put(ws__builder *b, const void *data, size_t size) {
  if (ws_buffer_append(&b->graph->code, data, size) != WS_OK) ws__lua_nomem(b->L);
}

void ws__put_number(ws__builder *b, char tag, uint64_t number) {
  put(b, &tag, 1);
  if (ws_bytes_put(&b->graph->code, number, 8) != WS_OK) ws__lua_nomem(b->L);
}

static void put_text(ws__builder *b, char tag, ws_text text) {
  ws__put_number(b, tag, text.size);
  if (text.size) put(b, text.data, text.size);
}

void ws__put_hash(ws__builder *b, char tag, ws_hash128 hash) {
  ws__put_number(b, tag, hash.low);
  ws__put_number(b, tag, hash.high);
}

void ws__put_place(ws__builder *b, const void *data, size_t size) {
  if (size && ws_buffer_append(&b->graph->texts, data, size) != WS_OK)
    ws__lua_nomem(b->L);
}

ws_hash128 ws__graph_hash(const ws_buffer *buffer, size_t start) {
  return ws_hash128_of(buffer->data ? buffer->data + start : "", buffer->size - start);
}

static void put_edge(ws__builder *b, char tag) {
  ws__lua_graph *graph = b->graph;
  uint32_t to = ws__graph_node(b);
  if (!ws_grow(&graph->edges, &graph->edge_capacity, graph->edge_count + 1,
               sizeof *graph->edges))
    ws__lua_nomem(b->L);
  graph->edges[graph->edge_count++] = to;
  put(b, &tag, 1);
}

/* If the value at the top is the engine's own, describes it by its name. */
static bool put_builtin(ws__builder *b) {
  lua_State *L = b->L;
  lua_pushvalue(L, -1);
  bool found = lua_rawget(L, b->builtins) == LUA_TSTRING;
  if (found) {
    ws_text name;
    name.data = lua_tolstring(L, -1, &name.size);
    put_text(b, 'b', name);
    b->catches = b->catches || strncmp(name.data, "pcall ", 6) == 0;
    b->makes = b->makes || strncmp(name.data, "rx ", 3) == 0;
  }
  lua_pop(L, 1);
  return found;
}

static void put_float(ws__builder *b, lua_Number number) {
  uint64_t bits = 0;
  memcpy(&bits, &number, sizeof number);
  ws__put_number(b, 'd', bits);
}

/* Describes the value at the top, if it is no object; otherwise returns false. */
static bool put_plain(ws__builder *b) {
  lua_State *L = b->L;
  ws_text text;
  switch (lua_type(L, -1)) {
  case LUA_TNIL:
    put(b, "n", 1);
    return true;
  case LUA_TBOOLEAN:
    put(b, lua_toboolean(L, -1) ? "t" : "f", 1);
    return true;
  case LUA_TNUMBER:
    if (lua_isinteger(L, -1))
      ws__put_number(b, 'i', (uint64_t)lua_tointeger(L, -1));
    else
      put_float(b, lua_tonumber(L, -1));
    return true;
  case LUA_TSTRING:
    text.data = lua_tolstring(L, -1, &text.size);
    put_text(b, 's', text);
    return true;
  default:
    return put_builtin(b);
  }
}

static void put_value(ws__builder *b) {
  if (!put_plain(b)) put_edge(b, 'o');
}

/* --- tables --- */

/* Pushes the table where the items of the one at the top are. */
static void push_items(lua_State *L) {
  int table = lua_gettop(L);
  if (ws__lua_push_content(L, table)) return;
  if (lua_getmetatable(L, table)) { // lf, field, and the environment
    lua_getfield(L, -1, "__index");
    lua_remove(L, -2);
    if (lua_istable(L, -1)) return;
    lua_pop(L, 1);
  }
  lua_pushvalue(L, table);
}

/* Adds the key and the plain value at the top to the sum; false where it is an object. */
static bool add_item(ws__builder *b, ws_hash128 *sum) {
  size_t start = b->graph->code.size;
  int key = lua_type(b->L, -2);
  if (key != LUA_TNUMBER && key != LUA_TSTRING && key != LUA_TBOOLEAN)
    b->graph->unclear = true;
  lua_pushvalue(b->L, -2);
  put_plain(b);
  lua_pop(b->L, 1);
  bool plain = put_plain(b);
  if (plain) *sum = ws_hash128_add(*sum, ws__graph_hash(&b->graph->code, start));
  b->graph->code.size = start;
  return plain;
}

/* The items of the table at the top that lead on, in the order of their keys. */
static void put_items(ws__builder *b) {
  lua_State *L = b->L;
  int table = lua_gettop(L);
  ws__lua_push_sorted_keys(L);
  lua_Integer count = (lua_Integer)lua_rawlen(L, -1);
  for (lua_Integer i = 1; i <= count && !b->graph->unclear; i++) {
    lua_rawgeti(L, table + 1, i);
    put_plain(b);
    lua_rawget(L, table);
    put_edge(b, 'o');
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/* The table at the top. Plain items are most of what there is, and need no order. */
static void describe_table(ws__builder *b) {
  lua_State *L = b->L;
  ws_hash128 sum = {0, 0};
  push_items(L);
  int items = lua_gettop(L);
  lua_newtable(L); // those that lead on
  for (lua_pushnil(L); lua_next(L, items) && !b->graph->unclear;) {
    if (add_item(b, &sum)) {
      lua_pop(L, 1);
      continue;
    }
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, items + 1);
  }
  lua_settop(L, items + 1);
  ws__put_number(b, '{', lua_rawlen(L, items));
  ws__put_hash(b, 'h', sum);
  if (!b->graph->unclear) put_items(b);
  lua_pop(L, 2);
}

/* --- functions --- */

static void on_global(void *user, ws_text name, ws_text key) {
  ws__builder *b = user;
  lua_State *L = b->L;
  int top = lua_gettop(L);
  bool makes = b->makes;
  lua_pushlstring(L, name.data ? name.data : "", name.size);
  bool found = lua_rawget(L, b->names) != LUA_TNIL;
  if (found && key.data && lua_istable(L, -1)) {
    push_items(L);
    lua_pushlstring(L, key.data, key.size);
    lua_rawget(L, -2);
  }
  put_value(b);
  if (ws_text_equals(name, "rx")) b->makes = makes; // on_any_pattern tells
  lua_settop(L, top);
}

static void on_any_pattern(void *user) {
  ws__builder *b = user;
  b->makes = true;
}

/* A derived field, if it is one. */
static void on_field(void *user, ws_text name) {
  ws__builder *b = user;
  lua_State *L = b->L;
  lua_pushlstring(L, name.data ? name.data : "", name.size);
  if (lua_rawget(L, b->derived) == LUA_TNUMBER) {
    lua_rawgeti(L, b->derived, lua_tointeger(L, -1));
    put_text(b, 'x', name);
    put_edge(b, 'o');
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

static void on_any_field(void *user) {
  ws__builder *b = user;
  lua_pushvalue(b->L, b->derived);
  put_edge(b, 'y');
  lua_pop(b->L, 1);
}

static void on_any_global(void *user) {
  ws__builder *b = user;
  lua_pushvalue(b->L, b->names);
  put_edge(b, 'e');
  lua_pop(b->L, 1);
}

static void put_code(lua_State *L, const ws__code *code, void *user) {
  const ws__reads *reads = user;
  ws__builder *b = reads->user;
  ws_text upvalues = {(const char *)code->upvalues, 3 * code->upvalue_count};
  luaL_checkstack(L, 20, NULL);
  ws__put_number(b, 'p', (uint64_t)code->depth);
  put_text(b, 'r', code->runs);
  // Those of the outermost function say where in the file's stack variables lie.
  if (code->outer) put_text(b, 'v', upvalues);
  ws__put_place(b, code->place.data, code->place.size);
  ws__put_place(b, code->debug.data, code->debug.size);
  ws__lua_find_reads(code, reads);
}

/* The Lua function at the top. */
static void describe_function(ws__builder *b) {
  lua_State *L = b->L;
  int function = lua_gettop(L);
  unsigned char upvalues[256] = {0};
  for (int i = 1; lua_getupvalue(L, function, i); i++) {
    bool environment = lua_rawequal(L, -1, b->environment);
    upvalues[i - 1] = environment          ? UPVALUE_ENVIRONMENT
                      : lua_istable(L, -1) ? UPVALUE_TABLE
                                           : UPVALUE_ANY;
    if (environment)
      put(b, "e", 1);
    else
      put_value(b);
    lua_pop(L, 1);
  }
  ws__reads reads = {upvalues,      b, on_global, on_field, on_any_field, on_any_global,
                     on_any_pattern};
  ws__lua_walk_function(L, put_code, &reads);
}

static void describe_userdata(ws__builder *b) {
  ws_hash128 hash;
  int32_t label;
  const ws__keywords *keywords = ws__lua_to_keywords(b->L, -1, &label);
  if (ws__lua_pattern_hash(b->L, -1, &hash)) {
    ws__put_hash(b, 'x', hash);
  } else if (keywords) {
    ws__put_number(b, 'k', (uint64_t)(uint32_t)label);
    ws__put_hash(b, 'k', ws__keywords_hash(keywords));
  } else {
    b->graph->unclear = true;
  }
}

void ws__graph_describe(ws__builder *b, size_t i) {
  ws__lua_graph *graph = b->graph;
  size_t first = graph->edge_count;
  graph->code.size = graph->texts.size = 0;
  b->catches = b->makes = false;
  lua_rawgeti(b->L, b->objects, (lua_Integer)i + 1);
  int type = lua_type(b->L, -1);
  ws__put_number(b, '#', (uint64_t)type);
  if (type == LUA_TTABLE)
    describe_table(b);
  else if (type == LUA_TFUNCTION && !lua_iscfunction(b->L, -1))
    describe_function(b);
  else if (type == LUA_TUSERDATA)
    describe_userdata(b);
  else
    graph->unclear = true;
  lua_pop(b->L, 1);
  graph->nodes[i] = (ws__node){.code = ws__graph_hash(&graph->code, 0),
                               .texts = ws__graph_hash(&graph->texts, 0),
                               .first = first,
                               .count = graph->edge_count - first,
                               .catches = b->catches,
                               .makes = b->makes};
}
