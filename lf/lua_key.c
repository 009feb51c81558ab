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
#include "lua_graph.h"

#include <string.h>

#include <weaksup/alloc.h>

enum {
  NODES_MAX = 100000,  // of a file
  VISITS_MAX = 4000000 // of nodes and edges, by all labeling functions of a file
};

void ws__lua_graph_free(ws__lua_graph *graph) {
  if (!graph) return;
  ws_free(graph->nodes);
  ws_free(graph->edges);
  ws_free(graph->queue);
  ws_buffer_clear(&graph->code);
  ws_buffer_clear(&graph->texts);
  ws_free(graph);
}

uint32_t ws__graph_node(ws__builder *b) {
  lua_State *L = b->L;
  ws__lua_graph *graph = b->graph;
  lua_pushvalue(L, -1);
  if (lua_rawget(L, b->ids) == LUA_TNIL) {
    if (!ws_grow(&graph->nodes, &graph->capacity, graph->count + 1, sizeof(ws__node)))
      ws__lua_nomem(L);
    lua_pushvalue(L, -2);
    lua_pushinteger(L, (lua_Integer)graph->count);
    lua_rawset(L, b->ids);
    lua_pushvalue(L, -2);
    lua_rawseti(L, b->objects, (lua_Integer)graph->count + 1);
    graph->nodes[graph->count] = (ws__node){.stamp = 0};
    lua_pop(L, 1);
    lua_pushinteger(L, (lua_Integer)graph->count++);
    graph->unclear = graph->unclear || graph->count > NODES_MAX;
  }
  uint32_t i = (uint32_t)lua_tointeger(L, -1);
  lua_pop(L, 1);
  return i;
}

/* --- keys --- */

/* Numbers a node that is met for the first time, and queues it. */
static void meet(ws__lua_graph *graph, uint32_t i, uint32_t stamp, uint32_t *met) {
  if (graph->nodes[i].stamp == stamp) return;
  graph->nodes[i].stamp = stamp;
  graph->nodes[i].number = *met;
  graph->queue[(*met)++] = i;
}

static void append_node(ws__builder *b, const ws__node *at) {
  ws__put_hash(b, 'h', at->code);
  for (size_t k = at->first; k < at->first + at->count; k++)
    ws__put_number(b, '>', b->graph->nodes[b->graph->edges[k]].number);
  ws__put_place(b, &at->texts, sizeof at->texts);
}

/* The key of the function that is the node `root`. */
static void make_key(ws__builder *b, uint32_t root, uint32_t stamp, ws__lua_lf *lf) {
  ws__lua_graph *graph = b->graph;
  uint32_t met = 0;
  bool catches = false;
  graph->code.size = graph->texts.size = 0;
  meet(graph, root, stamp, &met);
  for (uint32_t next = 0; next < met && graph->visits < VISITS_MAX; next++) {
    const ws__node *at = &graph->nodes[graph->queue[next]];
    for (size_t k = at->first; k < at->first + at->count; k++)
      meet(graph, graph->edges[k], stamp, &met);
    append_node(b, at);
    catches = catches || at->catches;
    lf->any_pattern = lf->any_pattern || at->makes;
    graph->visits += 1 + at->count;
  }
  lf->code = ws__graph_hash(&graph->code, 0);
  lf->texts = ws__graph_hash(&graph->texts, 0);
  if (catches) lf->code = ws_hash128_join(lf->code, lf->texts);
}

/* All that the file is made of. */
static void make_coarse_key(const ws__lua *lua, ws__lua_lf *lf) {
  ws_hash128 content = lua->files[lf->file].content;
  lf->code = ws_hash128_join(content, ws_hash128_of(lf->name, strlen(lf->name)));
  lf->texts = content;
  lf->any_pattern = true;
}

static bool is_code(const ws__lua_lf *lf) {
  return !lf->keywords && !lf->regex;
}

/* Adds the functions as the first nodes, and all that they lead to. */
static void explore(ws__builder *b, const ws__lua *lua, size_t first) {
  lua_State *L = b->L;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ws__lua_lfs);
  for (size_t i = first; i < lua->lf_count; i++) {
    lua_rawgeti(L, -1, (lua_Integer)i + 1);
    if (is_code(&lua->lfs[i])) ws__graph_node(b);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  for (size_t i = 0; i < b->graph->count && !b->graph->unclear; i++)
    ws__graph_describe(b, i);
  if (!ws_grow(&b->graph->queue, &b->graph->queue_capacity, b->graph->count + 1,
               sizeof *b->graph->queue))
    ws__lua_nomem(L);
}

static void make_keys(ws__builder *b, const ws__lua *lua, size_t first) {
  lua_rawgetp(b->L, LUA_REGISTRYINDEX, &ws__lua_lfs);
  for (size_t i = first; i < lua->lf_count && !b->graph->unclear; i++) {
    if (!is_code(&lua->lfs[i])) continue;
    lua_rawgeti(b->L, -1, (lua_Integer)i + 1);
    make_key(b, ws__graph_node(b), (uint32_t)(i - first) + 1, &lua->lfs[i]);
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
  ws__builder b = {.L = L,
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
