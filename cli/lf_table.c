/* SPDX-License-Identifier: MIT
 *
 * Making the table of LFs, and printing it.
 */
#include "lf_table.h"

#include <math.h>
#include <stdio.h>

#include <weaksup/alloc.h>
#include <weaksup/lf_analysis.h>
#include <weaksup/metrics.h>

#include "say.h"
#include "table.h"

enum { FEW_VOTES = 10 };

void lf_table_clear(lf_table *t) {
  ws_arena_clear(&t->arena);
  ws_free(t->rows);
  *t = (lf_table){0};
}

/* How often LF `lf` votes for class k; SIZE_MAX stands for all LFs together. */
static uint64_t cast_for(const ws_lf_analysis *analysis, size_t lf, size_t k) {
  if (lf != SIZE_MAX) return ws_lf_analysis_votes_for(analysis, lf, k);
  uint64_t cast = 0;
  for (size_t j = 0; j < ws_lf_analysis_lfs(analysis); j++)
    cast += ws_lf_analysis_votes_for(analysis, j, k);
  return cast;
}

/* The classes that are voted for, or those that are not. */
static ws_status list_classes(lf_table *t, const ws_votes *votes,
                              const ws_lf_analysis *analysis, size_t lf, bool voted,
                              name_list *out) {
  size_t classes = ws_votes_classes(votes), count = 0;
  for (size_t k = 0; k < classes; k++) count += (cast_for(analysis, lf, k) > 0) == voted;
  *out = (name_list){ws_arena_alloc(&t->arena, count * sizeof *out->items), 0};
  if (!out->items) return WS_ENOMEM;
  for (size_t k = 0; k < classes; k++)
    if ((cast_for(analysis, lf, k) > 0) == voted)
      WS_TRY(
          ws_arena_text(&t->arena, ws_votes_class(votes, k), &out->items[out->count++]));
  return WS_OK;
}

static ws_status fill_row(lf_table *t, size_t j, const ws_votes *votes,
                          const ws_lf_analysis *analysis, const ws_label_model *model,
                          const ws_apply_report *report) {
  const ws_lf_summary *lf = ws_lf_analysis_at(analysis, j);
  lf_row *row = &t->rows[j];
  *row = (lf_row){.votes = lf->votes,
                  .coverage = lf->coverage,
                  .overlaps = lf->overlaps,
                  .conflicts = lf->conflicts,
                  .gold_votes = lf->gold_votes,
                  .gold_correct = lf->gold_correct,
                  .learned = model ? ws_label_model_accuracy(model, j) : (double)NAN,
                  .sampling = {(double)NAN, (double)NAN}};
  row->applied = report != NULL;
  if (report) row->stats = *ws_apply_report_at(report, j);
  WS_TRY(ws_arena_text(&t->arena, ws_votes_lf(votes, j), &row->name));
  return list_classes(t, votes, analysis, j, true, &row->polarity);
}

static ws_status fill(lf_table *t, const ws_votes *votes, const ws_lf_analysis *analysis,
                      const ws_label_model *model, const ws_apply_report *report) {
  t->count = ws_votes_lfs(votes);
  t->records = ws_votes_rows(votes);
  t->coverage = ws_lf_analysis_coverage(analysis);
  t->overlaps = ws_lf_analysis_overlaps(analysis);
  t->conflicts = ws_lf_analysis_conflicts(analysis);
  t->rows = ws_alloc_zero(t->count, sizeof *t->rows);
  if (!t->rows) return WS_ENOMEM;
  for (size_t j = 0; j < t->count; j++)
    WS_TRY(fill_row(t, j, votes, analysis, model, report));
  return list_classes(t, votes, analysis, SIZE_MAX, false, &t->silent);
}

static void fill_gold_set(lf_table *t, const ws_votes *votes, const char *name) {
  if (!ws_votes_has_gold(votes)) return;
  t->gold_set = name;
  for (size_t i = 0; i < ws_votes_rows(votes); i++)
    t->gold_records += ws_votes_row_gold(votes, i) >= 0;
}

/* What the LFs did on records with gold labels. */
static ws_status fill_gold(lf_table *t, const ws_votes *gold) {
  ws_lf_analysis *analysis = NULL;
  WS_TRY(ws_lf_analysis_new(gold, &analysis));
  for (size_t j = 0; j < t->count; j++) {
    int64_t there = ws_votes_find_lf(gold, t->rows[j].name);
    t->rows[j].gold_votes = t->rows[j].gold_correct = 0;
    if (there < 0) continue;
    const ws_lf_summary *lf = ws_lf_analysis_at(analysis, (size_t)there);
    t->rows[j].gold_votes = lf->gold_votes;
    t->rows[j].gold_correct = lf->gold_correct;
  }
  ws_lf_analysis_free(analysis);
  return WS_OK;
}

ws_status lf_table_new(const ws_votes *votes, const ws_votes *gold,
                       const ws_label_model *model, const ws_apply_report *report,
                       lf_table *out) {
  lf_table t = {0};
  ws_lf_analysis *analysis = NULL;
  ws_status status = ws_lf_analysis_new(votes, &analysis);
  if (status == WS_OK) status = fill(&t, votes, analysis, model, report);
  if (status == WS_OK && gold) status = fill_gold(&t, gold);
  fill_gold_set(&t, gold ? gold : votes, gold ? "dev" : "data");
  ws_lf_analysis_free(analysis);
  if (status == WS_OK)
    *out = t;
  else
    lf_table_clear(&t);
  return status;
}

/* The model holds the lift of its votes for a class at the least or the greatest. */
static bool is_at_bound(const lf_row *row) {
  for (size_t i = 0; i < row->by_class_count; i++)
    if (row->by_class[i].parameters.clamp != WS_LIFT_FREE) return true;
  return false;
}

static ws_status add_learned(lf_table *t, lf_row *row, const ws_label_model *model,
                             size_t j) {
  size_t K = ws_label_model_classes(model);
  row->by_class = ws_arena_alloc(&t->arena, row->polarity.count * sizeof *row->by_class);
  if (!row->by_class) return WS_ENOMEM;
  for (size_t k = 0; k < K && row->by_class_count < row->polarity.count; k++) {
    lf_learned *learned = &row->by_class[row->by_class_count];
    if (!ws_label_model_parameters(model, j, k, &learned->parameters)) continue;
    WS_TRY(ws_arena_text(&t->arena, ws_label_model_class(model, k), &learned->label));
    row->by_class_count++;
  }
  return WS_OK;
}

/* What is held at a bound does not move with the sample, and below ten votes the prior,
 * which weighs as much, decides: an interval there would pass for certainty. */
static bool is_estimate(const lf_row *row) {
  return row->votes >= FEW_VOTES && !is_at_bound(row);
}

ws_status lf_table_learned(lf_table *t, const ws_label_model *model,
                           const ws_lf_intervals *intervals) {
  t->rounds = ws_lf_intervals_rounds(intervals);
  for (size_t j = 0; j < t->count; j++) {
    WS_TRY(add_learned(t, &t->rows[j], model, j));
    if (is_estimate(&t->rows[j])) t->rows[j].sampling = ws_lf_intervals_at(intervals, j);
  }
  return WS_OK;
}

void lf_table_selected(lf_table *t, const lf_selection *selection) {
  for (size_t j = 0; j < t->count; j++) {
    t->rows[j].left_out = selection->left_out[j];
    t->rows[j].at_most = selection->lfs[j].at_most;
    t->rows[j].chance = selection->lfs[j].chance;
  }
}

/* --- printing --- */

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
    c.sampling = c.sampling ||
                 (details && (has_sampling(&t->rows[j]) ||
                              (t->rows[j].gold_votes == 0 && is_at_bound(&t->rows[j]))));
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
  else if (row->gold_votes == 0 && row->votes && is_at_bound(row))
    table_cell(t, "at bound");
  else if (row->gold_votes == 0 && row->votes && row->votes < FEW_VOTES)
    table_cell(t, "few votes");
  else
    table_cell(t, "-");
}

static void print_row(table *t, const lf_row *row, columns shown) {
  table_cell(t, "%.*s", WS_TEXT_ARG(row->name));
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

bool lf_table_print(const lf_table *lfs, bool details) {
  static const bool right[] = {false, false, true, true, true, true, true,
                               true,  true,  true, true, true, true, true};
  columns shown = columns_of(lfs, details);
  size_t count =
      6u + (shown.gold ? 3 : 0) + (shown.times ? 3 : 0) + shown.sampling + shown.errors;
  table t = {.columns = count, .right = right};
  print_heads(&t, shown);
  for (size_t j = 0; j < lfs->count; j++) print_row(&t, &lfs->rows[j], shown);
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

/* Its errors were told, and tell why. */
static bool is_bad(const lf_row *row) {
  return row->stats.quarantined || row->left_out ||
         (row->stats.errors && !row->votes && row->stats.errors == row->stats.calls);
}

static void say_silent(ws_text name, const ws_lf_info *lf,
                       const missing_fields *missing) {
  ws_buffer why = {0};
  bool known = lf && missing_fields_why(missing, lf, &why) == WS_OK && why.size;
  say_warning("'%.*s' votes on no record%s", WS_TEXT_ARG(name), known ? why.data : "");
  ws_buffer_clear(&why);
}

void lf_table_say_silent(const lf_table *t, const ws_lf_set *lfs,
                         const missing_fields *missing) {
  enum { SHOWN = 5 };
  size_t silent = 0;
  for (size_t j = 0; j < t->count; j++)
    if (t->rows[j].votes == 0 && !is_bad(&t->rows[j]) && silent++ < SHOWN)
      say_silent(t->rows[j].name, lfs ? ws_lf_set_at(lfs, j) : NULL, missing);
  if (silent > SHOWN)
    say_warning("%zu more labeling functions vote on no record", silent - SHOWN);
}
