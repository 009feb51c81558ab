/* SPDX-License-Identifier: MIT
 *
 * Near duplicates: columns of one class that fire on nearly the same records share their
 * weight, since a rule written twice is not two opinions. Similarity is Jaccard's (Paul
 * Jaccard: Etude comparative de la distribution florale, 1901).
 *
 * Columns are ranked by class, then LF, so that the votes of a pattern for one class lie
 * side by side. Pairs are counted for a block of rows of a class's C_l x C_l table at a
 * time, as many as fit in CELLS; each pattern waits in the list of the block that holds
 * its next column with a partner. So there never is a table of all pairs, time goes with
 * the pairs that occur, and the counts, being whole numbers, are exact in any order.
 * (near_few.c has a shorter way for few columns.)
 */
#include <weaksup/alloc.h>

#include "near_duplicates.h"

#define CELLS   ((size_t)1 << 20)
#define NOWHERE UINT32_MAX

typedef struct block {
  uint32_t first, end;  // ranks of the rows
  uint32_t from, width; // the class: its first rank, how many it has
  uint32_t head;        // first pattern that waits for the block
} block;

typedef struct pairs {
  const ws__vote_table *table;
  size_t C;
  uint32_t *column; // [C] the column of each rank
  uint32_t *ids;    // like the table's, but ranks, ascending within a pattern
  block *blocks;    // [block_count], at most C
  size_t block_count;
  uint32_t *block_of; // [C] by rank
  size_t *at;         // [U] the place in ids that pattern u waits with
  uint32_t *next;     // [U] the pattern behind u in its list
  double *both;       // [rows][width] of the block in turn: records on which both fire
  uint32_t *touched;  // the cells above 0
  size_t touched_count;
} pairs;

static void pairs_clear(pairs *p) {
  ws_free(p->column);
  ws_free(p->ids);
  ws_free(p->blocks);
  ws_free(p->block_of);
  ws_free(p->at);
  ws_free(p->next);
  ws_free(p->both);
  ws_free(p->touched);
}

/* --- ranks and blocks --------------------------------------------------------------- */

/* Lists the columns by class, then LF (a counting sort), and gives each its rank. `start`
 * has room for K + 1 numbers. */
static void rank_columns(pairs *p, const ws_label_model *model, uint32_t *start,
                         uint32_t *rank) {
  for (size_t k = 0; k <= model->K; k++) start[k] = 0;
  for (size_t c = 0; c < p->C; c++) start[model->columns[c].label + 1]++;
  for (size_t k = 0; k < model->K; k++) start[k + 1] += start[k];
  for (size_t c = 0; c < p->C; c++) {
    rank[c] = start[model->columns[c].label]++;
    p->column[rank[c]] = (uint32_t)c;
  }
}

/* Shell's sort: nearly in order already, mostly a handful. */
static void sort(uint32_t *items, size_t count) {
  static const size_t gaps[] = {701, 301, 132, 57, 23, 10, 4, 1}; // Ciura 2001
  for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++)
    for (size_t i = gaps[g]; i < count; i++) {
      uint32_t item = items[i];
      size_t j = i;
      for (; j >= gaps[g] && items[j - gaps[g]] > item; j -= gaps[g])
        items[j] = items[j - gaps[g]];
      items[j] = item;
    }
}

static void rank_votes(pairs *p, const uint32_t *rank) {
  const size_t *begin = p->table->begin;
  for (size_t u = 0; u < p->table->U; u++) {
    for (size_t i = begin[u]; i < begin[u + 1]; i++) p->ids[i] = rank[p->table->ids[i]];
    sort(p->ids + begin[u], begin[u + 1] - begin[u]);
  }
}

/* Cuts the ranks into blocks of one class each; returns how many cells the largest has.
 */
static size_t make_blocks(pairs *p, const ws__column *columns) {
  size_t most = 0;
  for (size_t from = 0, end; from < p->C; from = end) {
    int32_t label = columns[p->column[from]].label;
    for (end = from; end < p->C && columns[p->column[end]].label == label;) end++;
    size_t width = end - from, rows = CELLS / width > 0 ? CELLS / width : 1;
    for (size_t first = from; first < end; first += rows) {
      size_t last = end - first < rows ? end : first + rows;
      for (size_t r = first; r < last; r++) p->block_of[r] = (uint32_t)p->block_count;
      p->blocks[p->block_count++] = (block){(uint32_t)first, (uint32_t)last,
                                            (uint32_t)from, (uint32_t)width, NOWHERE};
      if ((last - first) * width > most) most = (last - first) * width;
    }
  }
  return most;
}

static ws_status pairs_init(pairs *p, const ws__vote_table *table,
                            const ws_label_model *model) {
  size_t C = model->C, U = table->U;
  *p = (pairs){
      .table = table,
      .C = C,
      .column = ws_alloc_array(C, sizeof *p->column),
      .ids = ws_alloc_array(table->begin[U], sizeof *p->ids),
      .blocks = ws_alloc_array(C, sizeof *p->blocks),
      .block_of = ws_alloc_array(C, sizeof *p->block_of),
      .at = ws_alloc_array(U, sizeof *p->at),
      .next = ws_alloc_array(U, sizeof *p->next),
  };
  ws_status status = WS_ENOMEM;
  uint32_t *start = ws_alloc_array(model->K + 1, sizeof *start);
  uint32_t *rank = ws_alloc_array(C, sizeof *rank);
  if (!p->column || !p->ids || !p->blocks || !p->block_of || !p->at || !p->next ||
      !start || !rank)
    goto done;
  rank_columns(p, model, start, rank);
  rank_votes(p, rank);
  size_t cells = make_blocks(p, model->columns);
  p->both = ws_alloc_zero(cells, sizeof *p->both);
  p->touched = ws_alloc_array(cells, sizeof *p->touched);
  if (p->both && p->touched) status = WS_OK;
done:
  ws_free(start);
  ws_free(rank);
  return status;
}

/* --- counting ----------------------------------------------------------------------- */

/* Puts pattern u in the list of its first vote from `at` on that has another of the same
 * class behind it; nowhere if there is none. */
static void wait_from(pairs *p, size_t u, size_t at) {
  for (; at + 1 < p->table->begin[u + 1]; at++) {
    block *b = &p->blocks[p->block_of[p->ids[at]]];
    if (p->ids[at + 1] >= b->from + b->width) continue;
    p->at[u] = at;
    p->next[u] = b->head;
    b->head = (uint32_t)u;
    return;
  }
}

/* Counts the pairs of pattern u whose lower column is in the block, and sends it on. */
static void count_pairs(pairs *p, size_t u, const block *b) {
  const uint32_t *ids = p->ids;
  size_t end = p->table->begin[u + 1], at = p->at[u], class_end = b->from + b->width;
  double weight = p->table->weight[u];
  for (; at < end && ids[at] < b->end; at++) {
    size_t row = (size_t)(ids[at] - b->first) * b->width;
    for (size_t i = at + 1; i < end && ids[i] < class_end; i++) {
      size_t cell = row + ids[i] - b->from;
      if (p->both[cell] == 0) p->touched[p->touched_count++] = (uint32_t)cell;
      p->both[cell] += weight;
    }
  }
  wait_from(p, u, at);
}

/* Adds J of the pairs, where it counts, to both columns; the block is done. */
static void add_similar(pairs *p, ws__column *columns, const block *b) {
  for (size_t i = 0; i < p->touched_count; i++) {
    uint32_t cell = p->touched[i];
    ws__column *x = &columns[p->column[b->first + cell / b->width]];
    ws__column *y = &columns[p->column[b->from + cell % b->width]];
    double both = p->both[cell];
    double J = both / ((double)x->votes + (double)y->votes - both);
    p->both[cell] = 0;
    if (J < WS_SIMILAR) continue;
    x->omega += J;
    y->omega += J;
  }
  p->touched_count = 0;
}

/* omega_c = 1 / (1 + sum of J_cc' over the near duplicates c'). */
static ws_status find_all(const ws__vote_table *table, ws_label_model *model) {
  pairs p;
  ws_status status = pairs_init(&p, table, model);
  if (status != WS_OK) goto done;
  for (size_t c = 0; c < p.C; c++) model->columns[c].omega = 1;
  for (size_t u = table->U; u-- > 0;) wait_from(&p, u, table->begin[u]);
  for (size_t i = 0; i < p.block_count; i++) {
    block *b = &p.blocks[i];
    for (uint32_t u = b->head, next; u != NOWHERE; u = next) {
      next = p.next[u];
      count_pairs(&p, u, b);
    }
    add_similar(&p, model->columns, b);
  }
  for (size_t c = 0; c < p.C; c++) model->columns[c].omega = 1 / model->columns[c].omega;
done:
  pairs_clear(&p);
  return status;
}

ws_status ws__near_duplicates(const ws__fit_input *input, ws_label_model *model) {
  bool done;
  WS_TRY(ws__few_near_duplicates(input, model, &done));
  if (done) return WS_OK;
  ws__vote_table table;
  ws_status status = ws__vote_table_init(&table, input->votes, input->id_of);
  if (status == WS_OK) status = find_all(&table, model);
  ws__vote_table_clear(&table);
  return status;
}
