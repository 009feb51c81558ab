/* SPDX-License-Identifier: MIT
 *
 * The key of a labeling function: a hash of everything that its votes depend on beside
 * the record, and of nothing else, so that votes can be kept as long as it stays.
 *
 * Functions, tables, patterns and keyword lists are the nodes of a graph. Each is
 * described once: what it holds itself, by value, and which nodes it leads to, by its
 * code (lua_reads.c), its upvalues or its items. A labeling function's key is the hash of
 * the descriptions that it leads to, in the order in which they are met, each edge by
 * the number of the node in that order. So cycles end, it shows whether two names lead to
 * the same table, and no address, line or place in a file counts.
 *
 * Where the graph cannot tell (tables as keys) or gets too large, the key is made of the
 * file and all that it read.
 */
#include "lua_bytecode.h"

#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>

enum {
  NODES_MAX = 100000,  // of a file
  VISITS_MAX = 4000000 // of nodes and edges, by all labeling functions of a file
};

typedef struct node {
  ws_hash128 code, texts;
  size_t first, count; // edges
  uint32_t stamp;      // the last labeling function that led here
  uint32_t number;     // in its order
  bool catches;        // leads to pcall, which shows the texts of errors to code
} node;

struct ws__lua_graph {
  node *nodes;
  uint32_t *edges, *queue;
  size_t count, capacity, edge_count, edge_capacity, queue_capacity, visits;
  ws_buffer code, texts; // of what is being hashed
  bool unclear;          // the graph does not tell
};

/* Indexes of the stack: the file's tables, and those of the graph. */
typedef struct builder {
  lua_State *L;
  ws__lua_graph *graph;
  int names, derived, environment;
  int builtins, ids, objects; // object -> number of the node, and back
  bool catches;
} builder;

void ws__lua_graph_free(ws__lua_graph *graph) {
  if (!graph) return;
  ws_free(graph->nodes);
  ws_free(graph->edges);
  ws_free(graph->queue);
  ws_buffer_clear(&graph->code);
  ws_buffer_clear(&graph->texts);
  ws_free(graph);
}

/* --- descriptions --- */

static void put(builder *b, const void *data, size_t size) {
  if (ws_buffer_append(&b->graph->code, data, size) != WS_OK) ws__lua_nomem(b->L);
}

static void put_number(builder *b, char tag, uint64_t number) {
  put(b, &tag, 1);
  if (ws_bytes_put(&b->graph->code, number, 8) != WS_OK) ws__lua_nomem(b->L);
}

static void put_text(builder *b, char tag, ws_text text) {
  put_number(b, tag, text.size);
  if (text.size) put(b, text.data, text.size);
}

static void put_hash(builder *b, char tag, ws_hash128 hash) {
  put_number(b, tag, hash.low);
  put_number(b, tag, hash.high);
}

/* What only messages show. */
static void put_place(builder *b, const void *data, size_t size) {
  if (size && ws_buffer_append(&b->graph->texts, data, size) != WS_OK)
    ws__lua_nomem(b->L);
}

static ws_hash128 hash_of(const ws_buffer *buffer, size_t start) {
  return ws_hash128_of(buffer->data ? buffer->data + start : "", buffer->size - start);
}

/* The node of the object at the top, which may be new. */
static uint32_t node_of(builder *b) {
  lua_State *L = b->L;
  ws__lua_graph *graph = b->graph;
  lua_pushvalue(L, -1);
  if (lua_rawget(L, b->ids) == LUA_TNIL) {
    if (!ws_grow(&graph->nodes, &graph->capacity, graph->count + 1, sizeof(node)))
      ws__lua_nomem(L);
    lua_pushvalue(L, -2);
    lua_pushinteger(L, (lua_Integer)graph->count);
    lua_rawset(L, b->ids);
    lua_pushvalue(L, -2);
    lua_rawseti(L, b->objects, (lua_Integer)graph->count + 1);
    graph->nodes[graph->count] = (node){.stamp = 0};
    lua_pop(L, 1);
    lua_pushinteger(L, (lua_Integer)graph->count++);
    graph->unclear = graph->unclear || graph->count > NODES_MAX;
  }
  uint32_t i = (uint32_t)lua_tointeger(L, -1);
  lua_pop(L, 1);
  return i;
}

static void put_edge(builder *b, char tag) {
  ws__lua_graph *graph = b->graph;
  uint32_t to = node_of(b);
  if (!ws_grow(&graph->edges, &graph->edge_capacity, graph->edge_count + 1,
               sizeof *graph->edges))
    ws__lua_nomem(b->L);
  graph->edges[graph->edge_count++] = to;
  put(b, &tag, 1);
}

/* If the value at the top is the engine's own, describes it by its name. */
static bool put_builtin(builder *b) {
  lua_State *L = b->L;
  lua_pushvalue(L, -1);
  bool found = lua_rawget(L, b->builtins) == LUA_TSTRING;
  if (found) {
    ws_text name;
    name.data = lua_tolstring(L, -1, &name.size);
    put_text(b, 'b', name);
    b->catches = b->catches || strncmp(name.data, "pcall ", 6) == 0;
  }
  lua_pop(L, 1);
  return found;
}

static void put_float(builder *b, lua_Number number) {
  uint64_t bits = 0;
  memcpy(&bits, &number, sizeof number);
  put_number(b, 'd', bits);
}

/* Describes the value at the top, if it is no object; otherwise returns false. */
static bool put_plain(builder *b) {
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
      put_number(b, 'i', (uint64_t)lua_tointeger(L, -1));
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

static void put_value(builder *b) {
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
static bool add_item(builder *b, ws_hash128 *sum) {
  size_t start = b->graph->code.size;
  int key = lua_type(b->L, -2);
  if (key != LUA_TNUMBER && key != LUA_TSTRING && key != LUA_TBOOLEAN)
    b->graph->unclear = true;
  lua_pushvalue(b->L, -2);
  put_plain(b);
  lua_pop(b->L, 1);
  bool plain = put_plain(b);
  if (plain) *sum = ws_hash128_add(*sum, hash_of(&b->graph->code, start));
  b->graph->code.size = start;
  return plain;
}

/* The items of the table at the top that lead on, in the order of their keys. */
static void put_items(builder *b) {
  lua_State *L = b->L;
  int table = lua_gettop(L);
  ws__lua_push_sorted_keys(L);
  lua_Integer count = (lua_Integer)lua_rawlen(L, -1);
  for (lua_Integer i = 1; i <= count; i++) {
    lua_rawgeti(L, table + 1, i);
    put_plain(b);
    lua_rawget(L, table);
    put_edge(b, 'o');
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/* The table at the top. Plain items are most of what there is, and need no order. */
static void describe_table(builder *b) {
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
  put_number(b, '{', lua_rawlen(L, items));
  put_hash(b, 'h', sum);
  if (!b->graph->unclear) put_items(b);
  lua_pop(L, 2);
}

/* --- functions --- */

/* A name that is not there: a message shows the nearest of all. */
static void put_undefined(builder *b) {
  lua_State *L = b->L;
  ws_hash128 sum = {0, 0};
  for (lua_pushnil(L); lua_next(L, b->names); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) continue;
    size_t size;
    const char *name = lua_tolstring(L, -2, &size);
    sum = ws_hash128_add(sum, ws_hash128_of(name, size));
  }
  put(b, "u", 1);
  put_place(b, &sum, sizeof sum);
}

static void on_global(void *user, ws_text name, ws_text key) {
  builder *b = user;
  lua_State *L = b->L;
  int top = lua_gettop(L);
  lua_pushlstring(L, name.data ? name.data : "", name.size);
  bool found = lua_rawget(L, b->names) != LUA_TNIL;
  if (found && key.data && lua_istable(L, -1)) {
    push_items(L);
    lua_pushlstring(L, key.data, key.size);
    lua_rawget(L, -2);
  }
  if (found)
    put_value(b);
  else
    put_undefined(b);
  lua_settop(L, top);
}

/* A derived field, if it is one. */
static void on_field(void *user, ws_text name) {
  builder *b = user;
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
  builder *b = user;
  lua_pushvalue(b->L, b->derived);
  put_edge(b, 'y');
  lua_pop(b->L, 1);
}

static void on_any_global(void *user) {
  builder *b = user;
  lua_pushvalue(b->L, b->names);
  put_edge(b, 'e');
  lua_pop(b->L, 1);
}

static void put_code(lua_State *L, const ws__code *code, void *user) {
  const ws__reads *reads = user;
  builder *b = reads->user;
  ws_text upvalues = {(const char *)code->upvalues, 3 * code->upvalue_count};
  luaL_checkstack(L, 20, NULL);
  put_number(b, 'p', (uint64_t)code->depth);
  put_text(b, 'r', code->runs);
  // Those of the outermost function say where in the file's stack variables lie.
  if (code->outer) put_text(b, 'v', upvalues);
  put_place(b, code->place.data, code->place.size);
  put_place(b, code->debug.data, code->debug.size);
  ws__lua_find_reads(code, reads);
}

/* The Lua function at the top. */
static void describe_function(builder *b) {
  lua_State *L = b->L;
  int function = lua_gettop(L);
  unsigned char upvalues[256] = {0};
  for (int i = 1; lua_getupvalue(L, function, i); i++) {
    bool environment = lua_rawequal(L, -1, b->environment);
    upvalues[i - 1] = environment         ? UPVALUE_ENVIRONMENT
                      : lua_istable(L, -1) ? UPVALUE_TABLE
                                           : UPVALUE_ANY;
    if (environment)
      put(b, "e", 1);
    else
      put_value(b);
    lua_pop(L, 1);
  }
  ws__reads reads = {upvalues, b, on_global, on_field, on_any_field, on_any_global};
  ws__lua_walk_function(L, put_code, &reads);
}

static void describe_userdata(builder *b) {
  ws_hash128 hash;
  int32_t label;
  const ws__keywords *keywords = ws__lua_to_keywords(b->L, -1, &label);
  if (ws__lua_pattern_hash(b->L, -1, &hash)) {
    put_hash(b, 'x', hash);
  } else if (keywords) {
    put_number(b, 'k', (uint64_t)(uint32_t)label);
    put_hash(b, 'k', ws__keywords_hash(keywords));
  } else {
    b->graph->unclear = true;
  }
}

static void describe(builder *b, size_t i) {
  ws__lua_graph *graph = b->graph;
  size_t first = graph->edge_count;
  graph->code.size = graph->texts.size = 0;
  b->catches = false;
  lua_rawgeti(b->L, b->objects, (lua_Integer)i + 1);
  int type = lua_type(b->L, -1);
  put_number(b, '#', (uint64_t)type);
  if (type == LUA_TTABLE)
    describe_table(b);
  else if (type == LUA_TFUNCTION && !lua_iscfunction(b->L, -1))
    describe_function(b);
  else if (type == LUA_TUSERDATA)
    describe_userdata(b);
  else
    graph->unclear = true;
  lua_pop(b->L, 1);
  graph->nodes[i] = (node){.code = hash_of(&graph->code, 0),
                           .texts = hash_of(&graph->texts, 0),
                           .first = first,
                           .count = graph->edge_count - first,
                           .catches = b->catches};
}

/* --- keys --- */

/* Numbers a node that is met for the first time, and queues it. */
static void meet(ws__lua_graph *graph, uint32_t i, uint32_t stamp, uint32_t *met) {
  if (graph->nodes[i].stamp == stamp) return;
  graph->nodes[i].stamp = stamp;
  graph->nodes[i].number = *met;
  graph->queue[(*met)++] = i;
}

static void append_node(builder *b, const node *at) {
  put_hash(b, 'h', at->code);
  for (size_t k = at->first; k < at->first + at->count; k++)
    put_number(b, '>', b->graph->nodes[b->graph->edges[k]].number);
  put_place(b, &at->texts, sizeof at->texts);
}

/* The key of the function that is the node `root`. */
static void make_key(builder *b, uint32_t root, uint32_t stamp, ws__lua_lf *lf) {
  ws__lua_graph *graph = b->graph;
  uint32_t met = 0;
  bool catches = false;
  graph->code.size = graph->texts.size = 0;
  meet(graph, root, stamp, &met);
  for (uint32_t next = 0; next < met && graph->visits < VISITS_MAX; next++) {
    const node *at = &graph->nodes[graph->queue[next]];
    for (size_t k = at->first; k < at->first + at->count; k++)
      meet(graph, graph->edges[k], stamp, &met);
    append_node(b, at);
    catches = catches || at->catches;
    graph->visits += 1 + at->count;
  }
  lf->code = hash_of(&graph->code, 0);
  lf->texts = hash_of(&graph->texts, 0);
  if (catches) lf->code = ws_hash128_join(lf->code, lf->texts);
}

/* All that the file is made of. */
static void make_coarse_key(const ws__lua *lua, ws__lua_lf *lf) {
  ws_hash128 content = lua->files[lf->file].content;
  lf->code = ws_hash128_join(content, ws_hash128_of(lf->name, strlen(lf->name)));
  lf->texts = content;
}

/* Adds the functions as the first nodes, and all that they lead to. */
static void explore(builder *b, const ws__lua *lua, size_t first) {
  lua_State *L = b->L;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ws__lua_lfs);
  for (size_t i = first; i < lua->lf_count; i++) {
    lua_rawgeti(L, -1, (lua_Integer)i + 1);
    if (!lua->lfs[i].keywords) node_of(b);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  for (size_t i = 0; i < b->graph->count && !b->graph->unclear; i++) describe(b, i);
  if (!ws_grow(&b->graph->queue, &b->graph->queue_capacity, b->graph->count + 1,
               sizeof *b->graph->queue))
    ws__lua_nomem(L);
}

static void make_keys(builder *b, const ws__lua *lua, size_t first) {
  lua_rawgetp(b->L, LUA_REGISTRYINDEX, &ws__lua_lfs);
  for (size_t i = first; i < lua->lf_count && !b->graph->unclear; i++) {
    if (lua->lfs[i].keywords) continue;
    lua_rawgeti(b->L, -1, (lua_Integer)i + 1);
    make_key(b, node_of(b), (uint32_t)(i - first) + 1, &lua->lfs[i]);
    lua_pop(b->L, 1);
    b->graph->unclear = b->graph->visits >= VISITS_MAX;
  }
  lua_pop(b->L, 1);
  for (size_t i = first; i < lua->lf_count && b->graph->unclear; i++)
    make_coarse_key(lua, &lua->lfs[i]);
}

void ws__lua_make_keys(lua_State *L, size_t first, int names, int derived,
                       int environment) {
  ws__lua *lua = ws__lua_of(L);
  int top = lua_gettop(L);
  luaL_checkstack(L, 40, NULL);
  lua->graph = ws_alloc_zero(1, sizeof *lua->graph); // after an error the state is freed
  if (!lua->graph) ws__lua_nomem(L);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ws__lua_builtins);
  lua_newtable(L);
  lua_newtable(L);
  builder b = {.L = L,
               .graph = lua->graph,
               .names = names,
               .derived = derived,
               .environment = environment,
               .builtins = top + 1,
               .ids = top + 2,
               .objects = top + 3};
  explore(&b, lua, first);
  make_keys(&b, lua, first);
  ws__lua_graph_free(lua->graph);
  lua->graph = NULL;
  lua_settop(L, top);
}
