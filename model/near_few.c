/* SPDX-License-Identifier: MIT
 *
 * Near duplicates among few columns and classes, the usual case: the patterns are counted
 * into a table of all pairs of a class, on several threads; counts are whole numbers,
 * exact in any order. A few patterns out of every stretch come first, then others: mostly
 * some are enough to know that no pair can get to be similar.
 */
#include <weaksup/alloc.h>

#include "blocks.h"
#include "near_duplicates.h"

#define CELLS        ((size_t)1 << 17)
#define MOST_CLASSES 8   // each costs a look at every vote
#define MOST_LFS     512 // of which a pattern has at most one vote each

enum {
  PARTS = 8, // in which the patterns are counted
  RUN = 64   // patterns of one part that lie side by side; a power of two
};

typedef struct few {
  const ws_votes *votes;
  const uint32_t *id_of;
  ws_label_model *model;
  uint32_t *rank; // [C] of a column among those of its class
  uint32_t *row;  // [C] where its row of the table begins
  double *both;   // [cells] records on which both fire; of a column and itself: its votes
  size_t part;    // that is being counted
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

static void count_pattern(const few *f, ws_pattern pattern, double *sums) {
  uint32_t voted[MOST_LFS];
  double weight = (double)pattern.count;
  for (size_t k = 0; k < f->model->K; k++) {
    size_t count = take_class(f, pattern, k, voted);
    for (size_t i = 0; i < count; i++) {
      double *row = sums + f->row[voted[i]];
      for (size_t j = i; j < count; j++) row[f->rank[voted[j]]] += weight;
    }
  }
}

static void count_block(void *user, double *sums, size_t first, size_t end) {
  const few *f = user;
  for (size_t u = first; u < end; u++) {
    if (u / RUN % PARTS == f->part)
      count_pattern(f, ws_votes_pattern(f->votes, u), sums);
    else
      u |= RUN - 1; // on to the next run
  }
}

/* The votes of column x that were counted, and the records on which x and y fire. */
static double both_of(const few *f, size_t x, size_t y) {
  return f->both[f->row[x] + f->rank[y]];
}

/* J >= 1/2 is 3 both >= n_x + n_y; `both` grows at most by the votes not yet counted. */
static bool may_be_similar(const few *f, size_t x, size_t y) {
  const ws__column *columns = f->model->columns;
  if (columns[x].label != columns[y].label) return false;
  double n_x = (double)columns[x].votes, n_y = (double)columns[y].votes;
  double left_x = n_x - both_of(f, x, x), left_y = n_y - both_of(f, y, y);
  double most = both_of(f, x, y) + (left_x < left_y ? left_x : left_y);
  return 3 * most >= n_x + n_y;
}

static bool any_may_be_similar(const few *f) {
  for (size_t x = 0; x < f->model->C; x++)
    for (size_t y = x + 1; y < f->model->C; y++)
      if (may_be_similar(f, x, y)) return true;
  return false;
}

/* False where it turned out early that there are no near duplicates. */
static bool count_all(few *f, ws__blocks *blocks, size_t cells) {
  for (f->part = 0; f->part < PARTS; f->part++) {
    const double *sums = ws__blocks_run(blocks, count_block, f);
    for (size_t i = 0; i < cells; i++) f->both[i] += sums[i];
    if (!any_may_be_similar(f)) return false;
  }
  return true;
}

/* omega_c = 1 / (1 + sum of J_cc' over the near duplicates c'). */
static void add_similar(const few *f) {
  ws__column *columns = f->model->columns;
  size_t C = f->model->C;
  for (size_t x = 0; x < C; x++)
    for (size_t y = x + 1; y < C; y++) {
      if (columns[x].label != columns[y].label) continue;
      double both = both_of(f, x, y);
      double J = both / ((double)columns[x].votes + (double)columns[y].votes - both);
      if (J < WS_SIMILAR) continue;
      columns[x].omega += J;
      columns[y].omega += J;
    }
  for (size_t c = 0; c < C; c++) columns[c].omega = 1 / columns[c].omega;
}

static ws_status find_all(few *f, size_t cells) {
  ws__blocks *blocks = NULL;
  f->both = ws_alloc_zero(cells, sizeof *f->both);
  if (!f->both) return WS_ENOMEM;
  WS_TRY(
      ws__blocks_new(ws_votes_patterns(f->votes), cells, f->model->fit_threads, &blocks));
  for (size_t c = 0; c < f->model->C; c++) f->model->columns[c].omega = 1;
  if (count_all(f, blocks, cells)) add_similar(f);
  ws__blocks_free(blocks);
  return WS_OK;
}

ws_status ws__few_near_duplicates(const ws_votes *votes, const uint32_t *id_of,
                                  ws_label_model *model, bool *done) {
  few f = {.votes = votes, .id_of = id_of, .model = model};
  *done = false;
  if (model->K > MOST_CLASSES || model->M >= MOST_LFS) return WS_OK;
  f.rank = ws_alloc_array(model->C, sizeof *f.rank);
  f.row = ws_alloc_array(model->C, sizeof *f.row);
  ws_status status = f.rank && f.row ? WS_OK : WS_ENOMEM;
  size_t cells = status == WS_OK ? make_rows(&f) : 0;
  if (cells) status = find_all(&f, cells);
  *done = cells && status == WS_OK;
  ws_free(f.both);
  ws_free(f.rank);
  ws_free(f.row);
  return status;
}
