/* SPDX-License-Identifier: MIT
 *
 * Near duplicates: columns of one class that fire on nearly the same records share their
 * weight, since a rule written twice is not two opinions. Similarity is Jaccard's (Paul
 * Jaccard: Etude comparative de la distribution florale, 1901).
 *
 * Pairs are counted column by column. Each pattern waits in the list of its next column;
 * when that column's turn comes, the rest of the pattern is looked through for the same
 * class and the pattern moves on to the list of the column behind. So there is no table
 * of all pairs, the memory is O(U + C), and the counts, being whole numbers, are exact in
 * any order.
 */
#include <weaksup/alloc.h>

#include "vote_table.h"

#define SIMILAR 0.5
#define NOWHERE UINT32_MAX

typedef struct lists {
  uint32_t *head;    // [C] first pattern that waits for column c
  uint32_t *next;    // [U] the pattern behind u in its list
  size_t *at;        // [U] where pattern u is in the table's ids
  double *both;      // [C] records on which the column in turn and this one fire
  uint32_t *touched; // [C] columns with both > 0
  size_t touched_count;
} lists;

static ws_status lists_init(lists *l, size_t U, size_t C) {
  *l = (lists){
      .head = ws_alloc_array(C, sizeof *l->head),
      .next = ws_alloc_array(U, sizeof *l->next),
      .at = ws_alloc_array(U, sizeof *l->at),
      .both = ws_alloc_zero(C, sizeof *l->both),
      .touched = ws_alloc_array(C, sizeof *l->touched),
  };
  if (!l->head || !l->next || !l->at || !l->both || !l->touched) return WS_ENOMEM;
  for (size_t c = 0; c < C; c++) l->head[c] = NOWHERE;
  return WS_OK;
}

static void lists_clear(lists *l) {
  ws_free(l->head);
  ws_free(l->next);
  ws_free(l->at);
  ws_free(l->both);
  ws_free(l->touched);
}

/* Puts pattern u in the list of the column at position `at`, unless no other follows
 * there. */
static void wait_at(lists *l, const ws_vote_table *table, size_t u, size_t at) {
  if (at + 1 >= table->begin[u + 1]) return;
  uint32_t c = table->ids[at];
  l->at[u] = at;
  l->next[u] = l->head[c];
  l->head[c] = (uint32_t)u;
}

/* Counts what pattern u has behind the column in turn. */
static void count_pairs(lists *l, const ws_vote_table *table, const ws_column *columns,
                        size_t u) {
  size_t at = l->at[u];
  int32_t label = columns[table->ids[at]].label;
  for (size_t i = at + 1; i < table->begin[u + 1]; i++) {
    uint32_t other = table->ids[i];
    if (columns[other].label != label) continue;
    if (l->both[other] == 0) l->touched[l->touched_count++] = other;
    l->both[other] += table->weight[u];
  }
}

/* Adds J of column c and each that it met, where it counts, to both sides; c's turn is
 * over. */
static void add_similar(lists *l, ws_column *columns, size_t c) {
  for (size_t i = 0; i < l->touched_count; i++) {
    uint32_t other = l->touched[i];
    double both = l->both[other];
    double either = (double)columns[c].votes + (double)columns[other].votes - both;
    double J = both / either;
    if (J >= SIMILAR) {
      columns[c].omega += J;
      columns[other].omega += J;
    }
    l->both[other] = 0;
  }
  l->touched_count = 0;
}

ws_status ws__near_duplicates(const ws_vote_table *table, ws_column *columns, size_t C) {
  lists l;
  ws_status status = lists_init(&l, table->U, C);
  if (status != WS_OK) goto done;
  for (size_t c = 0; c < C; c++) columns[c].omega = 1;
  for (size_t u = table->U; u-- > 0;) wait_at(&l, table, u, table->begin[u]);
  for (size_t c = 0; c < C; c++) {
    for (uint32_t u = l.head[c], next; u != NOWHERE; u = next) {
      next = l.next[u];
      count_pairs(&l, table, columns, u);
      wait_at(&l, table, u, l.at[u] + 1);
    }
    add_similar(&l, columns, c);
  }
  for (size_t c = 0; c < C; c++) columns[c].omega = 1 / columns[c].omega;
done:
  lists_clear(&l);
  return status;
}
