/* SPDX-License-Identifier: MIT
 *
 * The passes over the patterns of EM with a confusion. The E-step goes by pattern, in
 * blocks; the expected votes go by column, each summed over its patterns in their order,
 * as a copy of all of them for each block would not fit. Sums of a block: mass[S], and
 * room for one posterior.
 */
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "confusion.h"
#include "confusion_em.h"

#define SILENT   (-40.0) // a posterior below e^-40 is 0: no sum would feel it
#define FEW      4096    // patterns; fewer are all looked at in each pass
#define WORTH_IT 4       // all votes are so many times those of the moving patterns

static double *matrix(size_t rows, size_t columns) {
  return columns && rows > SIZE_MAX / columns
             ? NULL
             : ws_alloc_zero(rows * columns, sizeof(double));
}

/* --- the votes by column ------------------------------------------------------------ */

static void list_voters(ws__em *em) {
  const ws__vote_table *votes = em->votes;
  size_t C = em->model->C, *begin = em->voters_begin;
  for (size_t i = 0; i < votes->begin[votes->U]; i++) begin[votes->ids[i] + 1]++;
  for (size_t c = 0; c < C; c++) begin[c + 1] += begin[c];
  for (size_t u = 0; u < votes->U; u++)
    for (size_t i = votes->begin[u]; i < votes->begin[u + 1]; i++)
      em->voters[begin[votes->ids[i]]++] = (uint32_t)u;
  for (size_t c = C; c > 0; c--) begin[c] = begin[c - 1];
  begin[0] = 0;
}

static size_t most(size_t a, size_t b) {
  return a > b ? a : b;
}

ws_status ws__em_init(ws__em *em) {
  size_t K = em->model->K, S = em->S, C = em->model->C, U = em->votes->U;
  size_t cells = em->votes->begin[U];
  em->voters_begin = ws_alloc_zero(C + 1, sizeof *em->voters_begin);
  em->voters = ws_alloc_array(cells, sizeof *em->voters);
  em->q = matrix(U, S);
  em->mass = matrix(1, S);
  em->counts = matrix(C, S);
  em->change = matrix(1, U);
  em->scratch = matrix(K, K);
  em->moves = ws_alloc_zero(U, 1);
  em->wanted = ws_alloc_zero(C, 1);
  em->moving = ws_alloc_array(U, sizeof *em->moving);
  em->columns = ws_alloc_array(C, sizeof *em->columns);
  em->settled_mass = matrix(1, S);
  em->settled_counts = matrix(C, S);
  if (!em->voters_begin || !em->voters || !em->q || !em->mass || !em->counts ||
      !em->change || !em->scratch || !em->moves || !em->wanted || !em->moving ||
      !em->columns || !em->settled_mass || !em->settled_counts)
    return WS_ENOMEM;
  list_voters(em);
  ws__em_take_all(em);
  return ws__blocks_new(most(U, most(cells, C + em->model->M)), 3 * S,
                        em->model->fit_threads, &em->blocks);
}

void ws__em_clear(ws__em *em) {
  ws__blocks_free(em->blocks);
  ws_free(em->voters_begin);
  ws_free(em->voters);
  ws_free(em->q);
  ws_free(em->mass);
  ws_free(em->counts);
  ws_free(em->change);
  ws_free(em->scratch);
  ws_free(em->moves);
  ws_free(em->wanted);
  ws_free(em->moving);
  ws_free(em->columns);
  ws_free(em->settled_mass);
  ws_free(em->settled_counts);
}

/* --- expected votes ----------------------------------------------------------------- */

/* Gold's classes are certain; its share of a subtype is not, so kinds with subtypes take
 * none. */
static void begin_counts(const ws__em *em, size_t c, double *counts) {
  const ws_gold *gold = em->input->gold;
  const ws__column *column = &em->model->columns[c];
  const uint64_t *of_gold =
      gold ? ws__gold_column(gold, column->lf, (size_t)column->label) : NULL;
  for (size_t s = 0; s < em->S; s++) counts[s] = of_gold ? (double)of_gold[s] : 0;
}

/* Adds the patterns of column c that move, or those that do not. */
static void add_counts(const ws__em *em, size_t c, bool moving, double *counts) {
  size_t S = em->S;
  for (size_t i = em->voters_begin[c]; i < em->voters_begin[c + 1]; i++) {
    size_t u = em->voters[i];
    if (em->moves[u] != moving) continue;
    const double *q = em->q + u * S;
    double weight = em->votes->weight[u];
    for (size_t s = 0; s < S; s++) counts[s] += weight * q[s];
  }
}

/* The first column at or after c whose voters begin at `at` or later. */
static size_t column_at(const ws__em *em, size_t at) {
  size_t low = 0, high = em->model->C;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (em->voters_begin[middle] < at)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Items are votes by column: a column belongs to the block that has its first. */
static void count_block(void *user, double *sums, size_t first, size_t end) {
  const ws__em *em = user;
  (void)sums;
  for (size_t c = column_at(em, first), last = column_at(em, end); c < last; c++) {
    begin_counts(em, c, em->counts + c * em->S);
    add_counts(em, c, true, em->counts + c * em->S);
  }
}

static void count_moving(void *user, double *sums, size_t first, size_t end) {
  const ws__em *em = user;
  size_t S = em->S;
  (void)sums;
  for (size_t i = first; i < end; i++) {
    double *counts = em->counts + em->columns[i] * S;
    memcpy(counts, em->settled_counts + i * S, S * sizeof *counts);
    add_counts(em, em->columns[i], true, counts);
  }
}

static void count_votes(ws__em *em) {
  if (em->partial)
    ws__blocks_run_on(em->blocks, em->column_count, count_moving, em);
  else
    ws__blocks_run_on(em->blocks, em->votes->begin[em->votes->U], count_block, em);
}

/* --- posteriors --------------------------------------------------------------------- */

/* Takes over the posterior of pattern u from `fresh`. */
static void set_posterior(const ws__em *em, size_t u, const double *fresh, double *mass) {
  double *q = em->q + u * em->S, moved = 0, weight = em->votes->weight[u];
  for (size_t s = 0; s < em->S; s++) {
    moved = fmax(moved, fabs(fresh[s] - q[s]));
    q[s] = fresh[s];
    mass[s] += weight * fresh[s];
  }
  em->change[u] = moved;
}

static void start_block(void *user, double *sums, size_t first, size_t end) {
  const ws__em *em = user;
  size_t K = em->model->K, S = em->S;
  double *share = sums + S, *q = em->kind->split ? share + S : share;
  for (size_t u = first; u < end; u++) {
    size_t begin = em->votes->begin[u], votes = em->votes->begin[u + 1] - begin;
    for (size_t k = 0; k < K; k++) share[k] = votes ? 0 : 1 / (double)K;
    for (size_t i = 0; i < votes; i++)
      share[em->model->columns[em->votes->ids[begin + i]].label] += 1;
    for (size_t k = 0; votes && k < K; k++) share[k] /= (double)votes;
    if (em->kind->split) em->kind->split(em, u, share, q);
    set_posterior(em, u, q, sums);
  }
}

/* log P(state s, votes of pattern u), up to a constant. The logarithms of the rates are
 * less those of silence already. */
static void log_joint(const ws__em *em, size_t u, double *x) {
  const ws__confusion *con = &em->model->confusion;
  size_t S = em->S;
  memcpy(x, con->log_weights, S * sizeof *x);
  for (size_t i = em->votes->begin[u]; i < em->votes->begin[u + 1]; i++) {
    const double *rates = con->log_rates + em->votes->ids[i] * S;
    for (size_t s = 0; s < S; s++) x[s] += rates[s];
  }
}

/* As ws__normalise, but what is next to nothing is nothing. */
static void normalise(double *x, size_t S) {
  double top = x[0], sum = 0;
  for (size_t s = 1; s < S; s++)
    if (x[s] > top) top = x[s];
  for (size_t s = 0; s < S; s++) {
    double less = x[s] - top;
    x[s] = less < SILENT ? 0 : exp(less);
    sum += x[s];
  }
  for (size_t s = 0; s < S; s++) x[s] /= sum;
}

static void expect_block(void *user, double *sums, size_t first, size_t end) {
  const ws__em *em = user;
  double *fresh = sums + em->S;
  for (size_t i = first; i < end; i++) {
    size_t u = em->partial ? em->moving[i] : i;
    log_joint(em, u, fresh);
    normalise(fresh, em->S);
    set_posterior(em, u, fresh, sums);
  }
}

static void pass(ws__em *em, ws__block_fn fn) {
  const ws_gold *gold = em->input->gold;
  size_t items = em->partial ? em->moving_count : em->votes->U;
  const double *sums = ws__blocks_run_on(em->blocks, items, fn, em);
  for (size_t s = 0; s < em->S; s++) {
    double others = gold ? (double)gold->counts[s] : 0;
    em->mass[s] = (em->partial ? em->settled_mass[s] : others) + sums[s];
  }
  count_votes(em);
}

void ws__em_start(ws__em *em) {
  pass(em, start_block);
}

double ws__em_expect(ws__em *em) {
  double moved = 0;
  pass(em, expect_block);
  size_t items = em->partial ? em->moving_count : em->votes->U;
  for (size_t i = 0; i < items; i++)
    moved = fmax(moved, em->change[em->partial ? em->moving[i] : i]);
  return moved;
}

/* --- what the passes go over -------------------------------------------------------- */

void ws__em_take_all(ws__em *em) {
  em->partial = false;
  memset(em->moves, 1, em->votes->U);
  memset(em->wanted, 1, em->model->C);
}

/* Marks the moving patterns and the columns they vote in; returns their votes. */
static size_t mark_moving(ws__em *em, double least) {
  const ws__vote_table *votes = em->votes;
  size_t cells = 0;
  em->moving_count = em->column_count = 0;
  memset(em->wanted, 0, em->model->C);
  for (size_t u = 0; u < votes->U; u++) {
    em->moves[u] = em->change[u] > least;
    if (!em->moves[u]) continue;
    em->moving[em->moving_count++] = (uint32_t)u;
    cells += votes->begin[u + 1] - votes->begin[u];
    for (size_t i = votes->begin[u]; i < votes->begin[u + 1]; i++)
      em->wanted[votes->ids[i]] = 1;
  }
  for (size_t c = 0; c < em->model->C; c++)
    if (em->wanted[c]) em->columns[em->column_count++] = (uint32_t)c;
  return cells;
}

static void settle_block(void *user, double *sums, size_t first, size_t end) {
  const ws__em *em = user;
  (void)sums;
  for (size_t i = first; i < end; i++) {
    begin_counts(em, em->columns[i], em->settled_counts + i * em->S);
    add_counts(em, em->columns[i], false, em->settled_counts + i * em->S);
  }
}

static void settle_mass(ws__em *em) {
  const ws_gold *gold = em->input->gold;
  size_t S = em->S;
  for (size_t s = 0; s < S; s++) em->settled_mass[s] = gold ? (double)gold->counts[s] : 0;
  for (size_t u = 0; u < em->votes->U; u++)
    for (size_t s = 0; s < S && !em->moves[u]; s++)
      em->settled_mass[s] += em->votes->weight[u] * em->q[u * S + s];
}

bool ws__em_take_moving(ws__em *em, double least) {
  const ws__vote_table *votes = em->votes;
  ws__em_take_all(em);
  if (votes->U < FEW) return false;
  size_t cells = mark_moving(em, least);
  if (cells == 0 || cells > votes->begin[votes->U] / WORTH_IT) {
    ws__em_take_all(em);
    return false;
  }
  em->partial = true;
  settle_mass(em);
  ws__blocks_run_on(em->blocks, em->column_count, settle_block, em);
  return true;
}
