/* SPDX-License-Identifier: MIT
 *
 * Near duplicates among few columns and classes, the usual case: one pass over the
 * patterns, on several threads, into a table of all pairs of a class. Counts are whole
 * numbers, exact in any order.
 */
#include <weaksup/alloc.h>

#include "blocks.h"
#include "near_duplicates.h"

#define CELLS        ((size_t)1 << 17)
#define MOST_CLASSES 8   // each costs a look at every vote
#define MOST_LFS     512 // of which a pattern has at most one vote each

typedef struct few {
  const ws_votes *votes;
  const uint32_t *id_of;
  ws_label_model *model;
  uint32_t *rank; // [C] of a column among those of its class
  uint32_t *row;  // [C] where its row of the table begins
} few;

/* Numbers the columns; returns how many cells there are, or 0: too many. */
static size_t make_rows(few *f) {
  const ws_label_model *model = f->model;
  size_t width[MOST_CLASSES] = {0}, begin[MOST_CLASSES], cells = 0;
  for (size_t c = 0; c < model->C; c++)
    f->rank[c] = (uint32_t)width[model->columns[c].label]++;
  for (size_t k = 0; k < model->K; k++) {
    begin[k] = cells;
    if (width[k] > CELLS) return 0;
    cells += width[k] * width[k];
  }
  for (size_t c = 0; c < model->C && cells <= CELLS; c++) {
    int32_t label = model->columns[c].label;
    f->row[c] = (uint32_t)(begin[label] + f->rank[c] * width[label]);
  }
  return cells <= CELLS ? cells : 0;
}

/* The columns of class k among the votes of a pattern. */
static size_t take_class(const few *f, ws_pattern pattern, size_t k, uint32_t *out) {
  size_t count = 0;
  for (size_t i = 0; i < pattern.size; i++) {
    uint32_t c = f->id_of[pattern.columns[i]];
    out[count] = c;
    count += pattern.columns[i] % f->model->K == k; // no branch: it would be a guess
  }
  return count;
}

static void count_block(void *user, double *sums, size_t first, size_t end) {
  const few *f = user;
  uint32_t voted[MOST_LFS];
  for (size_t u = first; u < end; u++) {
    ws_pattern pattern = ws_votes_pattern(f->votes, u);
    double weight = (double)pattern.count;
    for (size_t k = 0; k < f->model->K; k++) {
      size_t count = take_class(f, pattern, k, voted);
      for (size_t i = 0; i < count; i++) {
        double *row = sums + f->row[voted[i]];
        for (size_t j = i + 1; j < count; j++) row[f->rank[voted[j]]] += weight;
      }
    }
  }
}

/* omega_c = 1 / (1 + sum of J_cc' over the near duplicates c'). */
static void set_omega(const few *f, const double *both) {
  ws__column *columns = f->model->columns;
  size_t C = f->model->C;
  for (size_t c = 0; c < C; c++) columns[c].omega = 1;
  for (size_t x = 0; x < C; x++)
    for (size_t y = x + 1; y < C; y++) {
      if (columns[x].label != columns[y].label) continue;
      double pair = both[f->row[x] + f->rank[y]];
      double J = pair / ((double)columns[x].votes + (double)columns[y].votes - pair);
      if (J < WS_SIMILAR) continue;
      columns[x].omega += J;
      columns[y].omega += J;
    }
  for (size_t c = 0; c < C; c++) columns[c].omega = 1 / columns[c].omega;
}

ws_status ws__few_near_duplicates(const ws_votes *votes, const uint32_t *id_of,
                                  ws_label_model *model, bool *done) {
  few f = {.votes = votes, .id_of = id_of, .model = model};
  ws__blocks *blocks = NULL;
  *done = false;
  if (model->K > MOST_CLASSES || model->M >= MOST_LFS) return WS_OK;
  f.rank = ws_alloc_array(model->C, sizeof *f.rank);
  f.row = ws_alloc_array(model->C, sizeof *f.row);
  ws_status status = f.rank && f.row ? WS_OK : WS_ENOMEM;
  size_t cells = status == WS_OK ? make_rows(&f) : 0;
  if (cells)
    status = ws__blocks_new(ws_votes_patterns(votes), cells, model->fit_threads, &blocks);
  if (cells && status == WS_OK) {
    set_omega(&f, ws__blocks_run(blocks, count_block, &f));
    *done = true;
  }
  ws__blocks_free(blocks);
  ws_free(f.rank);
  ws_free(f.row);
  return status;
}
