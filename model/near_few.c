/* SPDX-License-Identifier: MIT
 *
 * Near duplicates among few columns and classes, the usual case: the patterns are counted
 * into a table of all pairs of a class, on several threads; counts are whole numbers,
 * exact in any order. A few patterns out of every stretch come first, then others: mostly
 * some are enough to know that no pair can get to be similar.
 *
 * Where patterns have many votes, those of one record each are counted by bits: a column
 * has a bit for each pattern, and a pair counts those that both have set. The number of
 * bits in a word is found by adding neighbours (Henry S. Warren: Hacker's Delight, 2002,
 * 5-1), which compilers do for several words at a time on any processor.
 */
#include <string.h>

#include <weaksup/alloc.h>

#include "blocks.h"
#include "near_duplicates.h"

#define CELLS        ((size_t)1 << 17)
#define MOST_CLASSES 8   // each costs a look at every vote
#define MOST_LFS     512 // of which a pattern has at most one vote each

enum {
  PARTS = 8,  // in which the patterns are counted
  RUN = 64,   // patterns of one part that lie side by side: a word of bits
  WORDS = 16, // of a column before its bits are counted; at most 31 (count_common)
  MOST_COLUMNS = 256, // that have bits: 32 KB of a thread's stack
  WORD_GAIN = 4 // words of a pair that are counted in the time of one vote beside another
};

typedef uint64_t bits[WORDS];

typedef struct few {
  const ws_votes *votes;
  const uint32_t *id_of;
  ws_label_model *model;
  size_t width[MOST_CLASSES]; // columns of each class
  size_t begin[MOST_CLASSES]; // where its part of the table begins
  uint32_t *rank;             // [C] of a column among those of its class
  uint32_t *row;              // [C] where its row of the table begins
  uint32_t *place;            // [C] its rank among all, sorted by class
  bool by_bits;
  double *both; // [cells] records on which both fire; of a column and itself: its votes
  size_t part;  // that is being counted
} few;

/* Numbers the columns; returns how many cells there are, or 0: too many. */
static size_t make_rows(few *f) {
  const ws_label_model *model = f->model;
  size_t first[MOST_CLASSES], before = 0, cells = 0;
  for (size_t c = 0; c < model->C; c++)
    f->rank[c] = (uint32_t)f->width[model->columns[c].label]++;
  for (size_t k = 0; k < model->K; k++) {
    first[k] = before;
    before += f->width[k];
    f->begin[k] = cells;
    if (f->width[k] > CELLS) return 0;
    cells += f->width[k] * f->width[k];
  }
  for (size_t c = 0; c < model->C && cells <= CELLS; c++) {
    int32_t label = model->columns[c].label;
    f->row[c] = (uint32_t)(f->begin[label] + f->rank[c] * f->width[label]);
    f->place[c] = (uint32_t)first[label] + f->rank[c];
  }
  return cells <= CELLS ? cells : 0;
}

/* Bits cost a word for each pair and 64 patterns, whether anybody votes or not; without
 * them each pair of votes of a pattern costs. */
static bool bits_pay(const few *f, const ws__vote_counts *counts, size_t cells) {
  double voted = (double)counts->votes / (double)(counts->covered + 1);
  double pairs = voted * voted / (double)counts->K;
  return f->model->C <= MOST_COLUMNS && (double)cells < RUN * WORD_GAIN * pairs;
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

static void count_one_by_one(const few *f, double *sums, size_t first, size_t end) {
  for (size_t u = first; u < end; u++)
    count_pattern(f, ws_votes_pattern(f->votes, u), sums);
}

/* The bits that both have. */
static uint64_t count_common(const uint64_t *x, const uint64_t *y) {
  const uint64_t ones = ~(uint64_t)0;
  uint64_t bytes = 0; // each at most 8 WORDS
  for (size_t i = 0; i < WORDS; i++) {
    uint64_t word = x[i] & y[i];
    word -= word >> 1 & ones / 3;
    word = (word & ones / 5) + (word >> 2 & ones / 5);
    bytes += (word + (word >> 4)) & ones / 17;
  }
  const uint64_t low = ones / 257; // of each two bytes
  return ((bytes & low) + (bytes >> 8 & low)) * (ones / 65535) >> 48;
}

/* Counts the pairs of all classes, and the bits begin anew. */
static void count_bits(const few *f, bits *columns, double *sums) {
  bits *first = columns;
  for (size_t k = 0; k < f->model->K; k++, first += f->width[k - 1])
    for (size_t x = 0; x < f->width[k]; x++) {
      double *row = sums + f->begin[k] + x * f->width[k];
      for (size_t y = x; y < f->width[k]; y++)
        row[y] += (double)count_common(first[x], first[y]);
    }
  memset(columns, 0, f->model->C * sizeof *columns);
}

/* Sets a run's bits in word `at`. Patterns of several records are counted here. */
static void set_bits(const few *f, bits *columns, size_t at, double *sums, size_t first,
                     size_t end) {
  for (size_t u = first; u < end; u++) {
    ws_pattern pattern = ws_votes_pattern(f->votes, u);
    if (pattern.count != 1) count_pattern(f, pattern, sums);
    for (size_t i = 0; pattern.count == 1 && i < pattern.size; i++)
      columns[f->place[f->id_of[pattern.columns[i]]]][at] |= (uint64_t)1 << (u - first);
  }
}

static void count_block(void *user, double *sums, size_t first, size_t end) {
  const few *f = user;
  bits columns[MOST_COLUMNS];
  size_t words = 0;
  if (f->by_bits) memset(columns, 0, f->model->C * sizeof *columns);
  for (size_t u = first, next; u < end; u = next) {
    next = (u / RUN + 1) * RUN < end ? (u / RUN + 1) * RUN : end;
    if (u / RUN % PARTS != f->part) continue;
    if (f->by_bits)
      set_bits(f, columns, words++, sums, u, next);
    else
      count_one_by_one(f, sums, u, next);
    if (words < WORDS) continue;
    count_bits(f, columns, sums);
    words = 0;
  }
  if (words > 0) count_bits(f, columns, sums);
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

ws_status ws__few_near_duplicates(const ws__fit_input *input, ws_label_model *model,
                                  bool *done) {
  few f = {.votes = input->votes, .id_of = input->id_of, .model = model};
  *done = false;
  if (model->K > MOST_CLASSES || model->M >= MOST_LFS) return WS_OK;
  f.rank = ws_alloc_array(model->C, sizeof *f.rank);
  f.row = ws_alloc_array(model->C, sizeof *f.row);
  f.place = ws_alloc_array(model->C, sizeof *f.place);
  ws_status status = f.rank && f.row && f.place ? WS_OK : WS_ENOMEM;
  size_t cells = status == WS_OK ? make_rows(&f) : 0;
  f.by_bits = bits_pay(&f, input->counts, cells);
  if (cells) status = find_all(&f, cells);
  *done = cells && status == WS_OK;
  ws_free(f.both);
  ws_free(f.rank);
  ws_free(f.row);
  ws_free(f.place);
  return status;
}
