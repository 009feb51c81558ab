/* SPDX-License-Identifier: MIT
 *
 * The table of LFs for people.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "lf_table.h"
#include "table.h"

enum { MOST_COLUMNS = 14 };

static void print_share(table *t, double share) {
  if (isnan(share))
    table_cell(t, "-");
  else
    table_cell(t, "%.3f", share);
}

static void print_gold(table *t, const lf_row *row) {
  if (row->gold_votes == 0) {
    for (int i = 0; i < 3; i++) table_cell(t, "-");
    return;
  }
  ws_interval range = ws_binomial_interval(row->gold_correct, row->gold_votes, 0.95);
  table_cell(t, "%.3f", (double)row->gold_correct / (double)row->gold_votes);
  table_cell(t, "%.2f-%.2f", range.low, range.high);
  table_cell(t, "%llu", (unsigned long long)row->gold_votes);
}

/* "HAM,SPAM"; of many classes only how many. */
static void print_list(table *t, const name_list *list) {
  enum { MOST = 3 };
  ws_buffer joined = {0};
  ws_status status = ws_buffer_reserve(&joined, 0);
  for (size_t i = 0; status == WS_OK && i < list->count && list->count <= MOST; i++) {
    if (i) status = ws_buffer_string(&joined, ",");
    if (status == WS_OK) status = ws_buffer_text(&joined, list->items[i]);
  }
  if (list->count > MOST) status = ws_buffer_printf(&joined, "%zu classes", list->count);
  if (status == WS_OK) table_cell(t, "%s", joined.data);
  t->failed = t->failed || status != WS_OK;
  ws_buffer_clear(&joined);
}

/* The columns that a table may have. */
typedef struct columns {
  bool gold, sampling, errors, times;
} columns;

/* Where gold labels tell, their exact interval is the one to read. */
static bool has_sampling(const lf_row *row) {
  return row->gold_votes == 0 && !isnan(row->sampling.low);
}

static columns columns_of(const lf_table *t, bool details) {
  columns c = {0};
  for (size_t j = 0; j < t->count; j++) {
    c.gold = c.gold || t->rows[j].gold_votes;
    c.sampling =
        c.sampling ||
        (details && (has_sampling(&t->rows[j]) ||
                     (t->rows[j].gold_votes == 0 && lf_row_at_bound(&t->rows[j]))));
    c.errors = c.errors || t->rows[j].stats.errors;
    c.times = c.times || (details && t->rows[j].applied);
  }
  return c;
}

static void print_times(table *t, const ws_lf_stats *stats) {
  double mean = lf_stats_mean_us(stats);
  table_cell(t, "%llu",
             (unsigned long long)(stats->calls - stats->votes - stats->errors));
  if (isnan(mean))
    table_cell(t, "-");
  else
    table_cell(t, "%.1f", mean);
  if (stats->slowest_id)
    table_cell(t, "%.0f (line %llu)", (double)stats->slowest_ns / 1000,
               (unsigned long long)stats->slowest_line);
  else
    table_cell(t, "-");
}

static void print_sampling(table *t, const lf_row *row) {
  if (has_sampling(row))
    table_cell(t, "%.2f-%.2f", row->sampling.low, row->sampling.high);
  else if (row->gold_votes == 0 && row->votes && lf_row_at_bound(row))
    table_cell(t, "at bound");
  else if (row->gold_votes == 0 && row->votes && row->votes < LF_FEW_VOTES)
    table_cell(t, "few votes");
  else
    table_cell(t, "-");
}

/* As far as the row itself tells: the doctor knows more. */
static term_mark health_of(const lf_row *row) {
  ws_interval range = ws_binomial_interval(row->gold_correct, row->gold_votes, 0.95);
  if (row->stats.quarantined || row->votes == 0) return MARK_BAD;
  if (row->gold_votes && range.high < 0.5) return MARK_BAD;
  bool poor = row->stats.errors || row->learned < 0.5 ||
              (row->gold_votes && 2 * row->gold_correct < row->gold_votes);
  return poor ? MARK_POOR : MARK_NONE;
}

static void print_row(table *t, const lf_row *row, columns shown) {
  table_cell(t, "%.*s", WS_TEXT_ARG(row->name));
  table_mark(t, health_of(row));
  print_list(t, &row->polarity);
  print_share(t, row->coverage);
  print_share(t, row->overlaps);
  print_share(t, row->conflicts);
  if (shown.gold) print_gold(t, row);
  print_share(t, row->learned);
  if (shown.sampling) print_sampling(t, row);
  if (shown.times) print_times(t, &row->stats);
  if (shown.errors)
    table_cell(t, "%llu%s", (unsigned long long)row->stats.errors,
               row->stats.quarantined ? " quarantined" : "");
}

static void print_heads(table *t, columns shown) {
  static const char *const heads[] = {"LF", "votes for", "coverage", "overlaps",
                                      "conflicts"};
  static const char *const gold_heads[] = {"gold acc.", "95 %", "n"};
  static const char *const time_heads[] = {"abstains", "µs a call", "slowest"};
  for (size_t i = 0; i < 5; i++) table_cell(t, "%s", heads[i]);
  for (size_t i = 0; shown.gold && i < 3; i++) table_cell(t, "%s", gold_heads[i]);
  table_cell(t, "learned acc.");
  if (shown.sampling) table_cell(t, "sampling error only");
  for (size_t i = 0; shown.times && i < 3; i++) table_cell(t, "%s", time_heads[i]);
  if (shown.errors) table_cell(t, "errors");
}

static bool print_errors(const lf_table *lfs) {
  bool fine = true;
  printf("\nvote errors\n");
  for (size_t j = 0; j < lfs->count && fine; j++)
    if (lfs->rows[j].stats.errors)
      fine = lf_stats_print_errors(lfs->rows[j].name, &lfs->rows[j].stats);
  return fine;
}

static void print_left_out(const lf_table *t) {
  for (size_t j = 0; j < t->count; j++) {
    const lf_row *row = &t->rows[j];
    if (!row->left_out) continue;
    printf("left out: ");
    text_print(row->name);
    printf(", no better than chance: %llu of %llu gold votes right, at most %.1f %% "
           "(95 %%), chance %.1f %%\n",
           (unsigned long long)row->gold_correct, (unsigned long long)row->gold_votes,
           100 * row->at_most, 100 * row->chance);
  }
}

/* Which columns are left out first where the terminal is too narrow. */
static void give_up_order(columns shown, unsigned char *order) {
  size_t at = 2; // the names, and what they vote for, stay
  order[0] = order[1] = 0;
  order[at++] = 8; // coverage
  order[at++] = 4; // overlaps
  order[at++] = 5; // conflicts
  if (shown.gold) {
    order[at++] = 0;
    order[at++] = 7; // its interval
    order[at++] = 6; // of how many
  }
  order[at++] = 0; // learned
  if (shown.sampling) order[at++] = 3;
  for (size_t i = 0; shown.times && i < 3; i++) order[at++] = i == 1 ? 2 : 1;
  if (shown.errors) order[at++] = 0;
}

typedef struct place {
  size_t group; // by the first class that it votes for
  uint64_t votes;
  size_t row;
} place;

static int by_place(const void *left, const void *right) {
  const place *a = left, *b = right;
  if (a->group != b->group) return a->group < b->group ? -1 : 1;
  if (a->votes != b->votes) return a->votes > b->votes ? -1 : 1;
  return a->row < b->row ? -1 : a->row > b->row;
}

/* Which of the rows first votes for the same class. */
static size_t group_of(const lf_table *lfs, size_t j) {
  const name_list *own = &lfs->rows[j].polarity;
  for (size_t i = 0; i < j && own->count; i++) {
    const name_list *other = &lfs->rows[i].polarity;
    if (other->count && own->items[0].size == other->items[0].size &&
        memcmp(own->items[0].data, other->items[0].data, own->items[0].size) == 0)
      return group_of(lfs, i);
  }
  return own->count ? j : SIZE_MAX;
}

/* LFs that vote for one class stand together, those that vote most in front; those that
 * never vote come last. */
static place *sorted(const lf_table *lfs) {
  place *places = ws_alloc_array(lfs->count, sizeof *places);
  for (size_t j = 0; places && j < lfs->count; j++)
    places[j] = (place){group_of(lfs, j), lfs->rows[j].votes, j};
  if (places) qsort(places, lfs->count, sizeof *places, by_place);
  return places;
}

bool lf_table_print(const lf_table *lfs, bool details) {
  static const bool right[MOST_COLUMNS] = {false, false, true, true, true, true, true,
                                           true,  true,  true, true, true, true, true};
  unsigned char give_up[MOST_COLUMNS];
  columns shown = columns_of(lfs, details);
  size_t count =
      6u + (shown.gold ? 3 : 0) + (shown.times ? 3 : 0) + shown.sampling + shown.errors;
  table t = {.columns = count, .right = right, .give_up = give_up};
  place *places = sorted(lfs);
  give_up_order(shown, give_up);
  print_heads(&t, shown);
  for (size_t j = 0; places && j < lfs->count; j++)
    print_row(&t, &lfs->rows[places[j].row], shown);
  t.failed = t.failed || !places;
  ws_free(places);
  bool fine = table_print(&t);
  printf("\n%zu LFs on %llu records: coverage %.3f, overlaps %.3f, conflicts %.3f\n",
         lfs->count, (unsigned long long)lfs->records, lfs->coverage, lfs->overlaps,
         lfs->conflicts);
  if (shown.gold && lfs->gold_set)
    printf("gold: %s, %llu record%s\n", lfs->gold_set,
           (unsigned long long)lfs->gold_records, lfs->gold_records == 1 ? "" : "s");
  print_left_out(lfs);
  if (details && shown.errors) fine = print_errors(lfs) && fine;
  return fine;
}
