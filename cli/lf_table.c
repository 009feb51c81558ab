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
  row->applied = report && j < ws_apply_report_lfs(report); // not what was ready-made
  if (row->applied) row->stats = *ws_apply_report_at(report, j);
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
bool lf_row_at_bound(const lf_row *row) {
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
  return row->votes >= LF_FEW_VOTES && !lf_row_at_bound(row);
}

ws_status lf_table_put_unsure(const lf_table *t, ws_buffer *out) {
  size_t bound = 0, few = 0;
  for (size_t j = 0; j < t->count; j++) {
    const lf_row *row = &t->rows[j];
    if (!row->votes || row->gold_votes >= LF_FEW_VOTES || is_estimate(row)) continue;
    bound += lf_row_at_bound(row);
    few += !lf_row_at_bound(row);
  }
  if (bound + few == 0) return WS_OK;
  WS_TRY(ws_buffer_printf(
      out, "How accurate %zu of %zu labeling functions are, it cannot say: ", bound + few,
      t->count));
  if (bound)
    WS_TRY(ws_buffer_printf(out, "%zu %s held at a bound%s", bound,
                            bound == 1 ? "is" : "are", few ? ", " : ""));
  if (few)
    WS_TRY(ws_buffer_printf(out, "%zu %s fewer than %d votes", few,
                            few == 1 ? "has" : "have", LF_FEW_VOTES));
  return ws_buffer_string(out, ". Gold labels on their records would tell");
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

/* --- what is silent --- */

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
      say_silent(t->rows[j].name,
                 lfs && j < ws_lf_set_count(lfs) ? ws_lf_set_at(lfs, j) : NULL, missing);
  if (silent > SHOWN)
    say_warning("%zu more labeling functions vote on no record", silent - SHOWN);
}
