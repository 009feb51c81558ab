/* SPDX-License-Identifier: MIT
 *
 * Near duplicates: columns of one class that fire on nearly the same records share their
 * weight, since a rule written twice is not two opinions. Similarity is Jaccard's (Paul
 * Jaccard: Etude comparative de la distribution florale, 1901).
 *
 * Pairs of columns are counted for a block of rows of their C x C table at a time, as
 * many rows as fit in CELLS; each pattern waits in the list of the block that holds its
 * next column. So there never is a table of all pairs, time goes with the pairs that
 * occur, and the counts, being whole numbers, are exact in any order.
 */
#include <weaksup/alloc.h>

#include "vote_table.h"

#define SIMILAR 0.5
#define CELLS   ((size_t)1 << 20)
#define NOWHERE UINT32_MAX

typedef struct pairs {
  size_t C;
  size_t rows;    // of a block
  size_t blocks;  // ceil(C / rows)
  uint32_t *head; // [blocks] first pattern that waits for the block
  uint32_t *next; // [U] the pattern behind u in its list
  size_t *at;     // [U] where pattern u is in the table's ids
  double *both;   // [rows][C] records on which two columns fire, the row being the lower
  uint32_t *touched; // [rows * C] the cells above 0
  size_t touched_count;
} pairs;

static ws_status pairs_init(pairs *p, size_t U, size_t C) {
  size_t rows = C > 0 && CELLS / C > 0 ? CELLS / C : 1;
  if (rows > C) rows = C > 0 ? C : 1;
  size_t blocks = (C + rows - 1) / rows;
  *p = (pairs){
      .C = C,
      .rows = rows,
      .blocks = blocks,
      .head = ws_alloc_array(blocks, sizeof *p->head),
      .next = ws_alloc_array(U, sizeof *p->next),
      .at = ws_alloc_array(U, sizeof *p->at),
      .both = ws_alloc_zero(rows * C, sizeof *p->both),
      .touched = ws_alloc_array(rows * C, sizeof *p->touched),
  };
  if (!p->head || !p->next || !p->at || !p->both || !p->touched) return WS_ENOMEM;
  for (size_t b = 0; b < blocks; b++) p->head[b] = NOWHERE;
  return WS_OK;
}

static void pairs_clear(pairs *p) {
  ws_free(p->head);
  ws_free(p->next);
  ws_free(p->at);
  ws_free(p->both);
  ws_free(p->touched);
}

/* Puts pattern u in the list of the column at position `at`, unless none follows to pair.
 */
static void wait_at(pairs *p, const ws__vote_table *table, size_t u, size_t at) {
  if (at + 1 >= table->begin[u + 1]) return;
  size_t block = table->ids[at] / p->rows;
  p->at[u] = at;
  p->next[u] = p->head[block];
  p->head[block] = (uint32_t)u;
}

/* Counts the pairs of pattern u whose lower column is in the block, of all classes: to
 * tell them apart in the innermost loop costs more than it saves. */
static void count_pairs(pairs *p, const ws__vote_table *table, size_t u, size_t block) {
  const uint32_t *ids = table->ids;
  size_t end = table->begin[u + 1], at = p->at[u];
  size_t first = block * p->rows;
  double weight = table->weight[u];
  for (; at < end && ids[at] < first + p->rows; at++) {
    size_t row = (ids[at] - first) * p->C;
    for (size_t i = at + 1; i < end; i++) {
      double *both = &p->both[row + ids[i]];
      if (*both == 0) p->touched[p->touched_count++] = (uint32_t)(row + ids[i]);
      *both += weight;
    }
  }
  wait_at(p, table, u, at);
}

/* Adds J of the pairs of one class, where it counts, to both; the block is done. */
static void add_similar(pairs *p, ws__column *columns, size_t block) {
  for (size_t i = 0; i < p->touched_count; i++) {
    size_t cell = p->touched[i];
    ws__column *a = &columns[block * p->rows + cell / p->C], *b = &columns[cell % p->C];
    double both = p->both[cell];
    double J = both / ((double)a->votes + (double)b->votes - both);
    p->both[cell] = 0;
    if (a->label != b->label || J < SIMILAR) continue;
    a->omega += J;
    b->omega += J;
  }
  p->touched_count = 0;
}

/* omega_c = 1 / (1 + sum of J_cc' over the near duplicates c'). */
ws_status ws__near_duplicates(const ws__vote_table *table, ws__column *columns,
                              size_t C) {
  pairs p;
  ws_status status = pairs_init(&p, table->U, C);
  if (status != WS_OK) goto done;
  for (size_t c = 0; c < C; c++) columns[c].omega = 1;
  for (size_t u = table->U; u-- > 0;) wait_at(&p, table, u, table->begin[u]);
  for (size_t block = 0; block < p.blocks; block++) {
    for (uint32_t u = p.head[block], next; u != NOWHERE; u = next) {
      next = p.next[u];
      count_pairs(&p, table, u, block);
    }
    add_similar(&p, columns, block);
  }
  for (size_t c = 0; c < C; c++) columns[c].omega = 1 / columns[c].omega;
done:
  pairs_clear(&p);
  return status;
}
