/* SPDX-License-Identifier: MIT
 *
 * Many literals at once: the automaton of Aho and Corasick, "Efficient string matching:
 * an aid to bibliographic search" (1975).
 *
 * The edges of all nodes lie in one hash table, which takes 16 bytes or so a node
 * whatever the alphabet: word lists of a hundred thousand entries stay small. The root,
 * where most of a text is spent, has a table of its own.
 */
#include "literals.h"

#include <string.h>

#include <weaksup/alloc.h>

typedef struct node {
  uint32_t fail;    // the longest proper suffix that is a node
  uint32_t literal; // that ends here, plus 1; 0: none
  uint32_t shorter; // the longest proper suffix that is a literal; 0: none
} node;

typedef struct edge {
  uint32_t key; // from << 8 | byte
  uint32_t to;  // 0: this place is empty (the root is nobody's child)
} edge;

struct ws__literals {
  uint32_t root[256];
  node *nodes;
  edge *edges; // [mask + 1], at most half full
  uint32_t mask, edge_count, node_count;
};

/* Only needed to build. Parents come before their children. */
typedef struct scaffold {
  uint32_t *parent, *depth;
  unsigned char *byte;
} scaffold;

static uint32_t place(uint32_t key, uint32_t mask) {
  return (key * 2654435769u >> 7 ^ key) & mask;
}

/* The child, or 0. */
static uint32_t child(const ws__literals *a, uint32_t from, unsigned char byte) {
  if (from == 0) return a->root[byte];
  uint32_t key = from << 8 | byte;
  for (uint32_t i = place(key, a->mask);; i = (i + 1) & a->mask)
    if (a->edges[i].to == 0 || a->edges[i].key == key) return a->edges[i].to;
}

static void put_edge(edge *edges, uint32_t mask, edge added) {
  uint32_t i = place(added.key, mask);
  while (edges[i].to) i = (i + 1) & mask;
  edges[i] = added;
}

static ws_status add_edge(ws__literals *a, uint32_t from, unsigned char byte,
                          uint32_t to) {
  if (from == 0) {
    a->root[byte] = to;
    return WS_OK;
  }
  if ((a->edge_count + 1) * 2 > a->mask) {
    uint32_t mask = a->mask * 2 + 1;
    edge *edges = ws_alloc_zero((size_t)mask + 1, sizeof *edges);
    if (!edges) return WS_ENOMEM;
    for (uint32_t i = 0; i <= a->mask; i++)
      if (a->edges[i].to) put_edge(edges, mask, a->edges[i]);
    ws_free(a->edges);
    a->edges = edges, a->mask = mask;
  }
  put_edge(a->edges, a->mask, (edge){from << 8 | byte, to});
  a->edge_count++;
  return WS_OK;
}

static ws_status insert(ws__literals *a, scaffold *trie, ws_text literal,
                        uint32_t which) {
  uint32_t at = 0;
  for (size_t i = 0; i < literal.size; i++) {
    unsigned char byte = (unsigned char)literal.data[i];
    uint32_t next = child(a, at, byte);
    if (next == 0) {
      next = a->node_count;
      WS_TRY(add_edge(a, at, byte, next));
      a->node_count++;
      trie->parent[next] = at;
      trie->depth[next] = (uint32_t)i + 1;
      trie->byte[next] = byte;
    }
    at = next;
  }
  if (a->nodes[at].literal == 0) a->nodes[at].literal = which + 1;
  return WS_OK;
}

uint32_t ws__literals_step(const ws__literals *a, uint32_t at, unsigned char byte) {
  for (;;) {
    uint32_t next = child(a, at, byte);
    if (next || at == 0) return next;
    at = a->nodes[at].fail;
  }
}

static void link_node(ws__literals *a, const scaffold *trie, uint32_t n) {
  uint32_t parent = trie->parent[n];
  uint32_t fail = parent ? ws__literals_step(a, a->nodes[parent].fail, trie->byte[n]) : 0;
  a->nodes[n].fail = fail;
  a->nodes[n].shorter = a->nodes[fail].literal ? fail : a->nodes[fail].shorter;
}

/* Failure links, nodes of little depth first. */
static ws_status link_nodes(ws__literals *a, const scaffold *trie) {
  uint32_t deepest = 0;
  for (uint32_t n = 1; n < a->node_count; n++)
    if (trie->depth[n] > deepest) deepest = trie->depth[n];
  uint32_t *start = ws_alloc_zero((size_t)deepest + 2, sizeof *start);
  uint32_t *order = ws_alloc_array(a->node_count, sizeof *order);
  if (start && order) {
    for (uint32_t n = 1; n < a->node_count; n++) start[trie->depth[n] + 1]++;
    for (uint32_t d = 1; d < deepest + 2; d++) start[d] += start[d - 1];
    for (uint32_t n = 1; n < a->node_count; n++) order[start[trie->depth[n]]++] = n;
    for (uint32_t i = 0; i + 1 < a->node_count; i++) link_node(a, trie, order[i]);
  }
  ws_status status = start && order ? WS_OK : WS_ENOMEM;
  ws_free(start);
  ws_free(order);
  return status;
}

static ws_status build(ws__literals *a, scaffold *trie, const ws_text *literals,
                       size_t count, size_t bytes) {
  a->mask = 63;
  a->edges = ws_alloc_zero((size_t)a->mask + 1, sizeof *a->edges);
  a->nodes = ws_alloc_zero(bytes + 1, sizeof *a->nodes);
  trie->parent = ws_alloc_array(bytes + 1, sizeof *trie->parent);
  trie->depth = ws_alloc_array(bytes + 1, sizeof *trie->depth);
  trie->byte = ws_alloc_array(bytes + 1, 1);
  if (!a->edges || !a->nodes || !trie->parent || !trie->depth || !trie->byte)
    return WS_ENOMEM;
  a->node_count = 1;
  for (size_t i = 0; i < count; i++) WS_TRY(insert(a, trie, literals[i], (uint32_t)i));
  WS_TRY(link_nodes(a, trie));
  node *fitting = ws_realloc_array(a->nodes, a->node_count, sizeof *fitting);
  if (fitting) a->nodes = fitting;
  return WS_OK;
}

ws_status ws__literals_new(const ws_text *literals, size_t count, ws__literals **out) {
  size_t bytes = 0;
  for (size_t i = 0; i < count; i++) {
    if (literals[i].size > WS__LITERALS_MAX - 1 - bytes) return WS_EINVAL;
    bytes += literals[i].size;
  }
  ws__literals *a = ws_alloc_zero(1, sizeof *a);
  if (!a) return WS_ENOMEM;
  scaffold trie = {NULL, NULL, NULL};
  ws_status status = build(a, &trie, literals, count, bytes);
  ws_free(trie.parent);
  ws_free(trie.depth);
  ws_free(trie.byte);
  if (status == WS_OK)
    *out = a;
  else
    ws__literals_free(a);
  return status;
}

void ws__literals_free(ws__literals *literals) {
  if (!literals) return;
  ws_free(literals->nodes);
  ws_free(literals->edges);
  ws_free(literals);
}

size_t ws__literals_size(const ws__literals *literals) {
  return sizeof *literals + literals->node_count * sizeof *literals->nodes +
         ((size_t)literals->mask + 1) * sizeof *literals->edges;
}

bool ws__literals_next(const ws__literals *literals, ws__literals_scan *scan,
                       size_t *which, size_t *end) {
  const node *nodes = literals->nodes;
  while (scan->pending == 0) {
    if (scan->position == scan->text.size) return false;
    unsigned char byte = (unsigned char)scan->text.data[scan->position++];
    if (scan->state == 0 && literals->root[byte] == 0) continue; // most of a text
    scan->state = ws__literals_step(literals, scan->state, byte);
    scan->pending = ws__literals_end(literals, scan->state);
  }
  *which = nodes[scan->pending].literal - 1;
  *end = scan->position;
  scan->pending = nodes[scan->pending].shorter;
  return true;
}

size_t ws__literals_states(const ws__literals *literals) {
  return literals->node_count;
}

uint32_t ws__literals_end(const ws__literals *literals, uint32_t state) {
  return literals->nodes[state].literal ? state : literals->nodes[state].shorter;
}

uint32_t ws__literals_shorter(const ws__literals *literals, uint32_t end) {
  return literals->nodes[end].shorter;
}

size_t ws__literals_at(const ws__literals *literals, uint32_t end) {
  return literals->nodes[end].literal - 1;
}
