/* SPDX-License-Identifier: MIT
 *
 * The graph of what the labeling functions of a file lead to: lua_key.c walks it,
 * lua_describe.c says what each node holds. Private to the two.
 */
#ifndef WS_LUA_GRAPH_H
#define WS_LUA_GRAPH_H

#include "lua_bytecode.h"

#include <weaksup/bytes.h>

typedef struct ws__node {
  ws_hash128 code, texts;
  size_t first, count; // edges
  uint32_t stamp;      // the last labeling function that led here
  uint32_t number;     // in its order
  bool catches;        // leads to pcall, which shows the texts of errors to code
  bool makes;          // leads to rx, for patterns that may be any
} ws__node;

struct ws__lua_graph {
  ws__node *nodes;
  uint32_t *edges, *queue;
  size_t count, capacity, edge_count, edge_capacity, queue_capacity, visits;
  ws_buffer code, texts; // of what is being hashed
  bool unclear;          // the graph does not tell
};

/* Indexes of the stack: the file's tables, and those of the graph. */
typedef struct ws__builder {
  lua_State *L;
  ws__lua_graph *graph;
  int names, derived, environment;
  int builtins, ids, objects; // object -> number of the node, and back
  bool catches, makes;        // of the node at hand
} ws__builder;

/* The node of the object at the top, which may be new. */
uint32_t ws__graph_node(ws__builder *b);
/* Fills node i in, and adds those that it leads to. */
void ws__graph_describe(ws__builder *b, size_t i);

/* Appends to graph->code. The tag tells what it is that has this number. */
void ws__put_number(ws__builder *b, char tag, uint64_t number);
void ws__put_hash(ws__builder *b, char tag, ws_hash128 hash);
/* Appends to graph->texts, what only messages show. */
void ws__put_place(ws__builder *b, const void *data, size_t size);
ws_hash128 ws__graph_hash(const ws_buffer *buffer, size_t start);

#endif
