/* SPDX-License-Identifier: MIT
 *
 * LF analysis over vote patterns: one pass over the U patterns, each with its count,
 * instead of over N records; gold labels, which belong to records, need the one pass over
 * these.
 */
#include <weaksup/lf_analysis.h>

#include <math.h>

#include <weaksup/alloc.h>

struct ws_lf_analysis {
  size_t lfs, classes;
  ws_lf_summary *summaries; // [M]
  uint64_t *votes;          // [M][K]
  double coverage, overlaps, conflicts;
};

/* Counts of records, while they are gathered. */
typedef struct tally {
  uint64_t *overlaps, *conflicts; // [M]
  uint64_t covered, overlapping, conflicting;
} tally;

/* Whether the LFs of a pattern vote for more than one class. */
static bool is_conflict(ws_pattern pattern, uint32_t classes) {
  for (size_t i = 1; i < pattern.size; i++)
    if (pattern.columns[i] % classes != pattern.columns[0] % classes) return true;
  return false;
}

static void add_pattern(ws_lf_analysis *a, tally *t, ws_pattern pattern) {
  bool conflict = is_conflict(pattern, (uint32_t)a->classes);
  if (pattern.size > 0) t->covered += pattern.count;
  if (pattern.size > 1) t->overlapping += pattern.count;
  if (conflict) t->conflicting += pattern.count;
  for (size_t i = 0; i < pattern.size; i++) {
    size_t lf = pattern.columns[i] / a->classes;
    a->votes[pattern.columns[i]] += pattern.count;
    a->summaries[lf].votes += pattern.count;
    if (pattern.size > 1) t->overlaps[lf] += pattern.count;
    // If two classes are voted for, each vote meets one for another class.
    if (conflict) t->conflicts[lf] += pattern.count;
  }
}

static void add_gold(ws_lf_analysis *a, ws_pattern pattern, int32_t gold) {
  for (size_t i = 0; i < pattern.size; i++) {
    ws_lf_summary *summary = &a->summaries[pattern.columns[i] / a->classes];
    summary->gold_votes++;
    summary->gold_correct += pattern.columns[i] % a->classes == (size_t)gold;
  }
}

static double share(uint64_t part, size_t whole) {
  return whole ? (double)part / (double)whole : 0;
}

static void summarise(ws_lf_analysis *a, const tally *t, size_t rows) {
  a->coverage = share(t->covered, rows);
  a->overlaps = share(t->overlapping, rows);
  a->conflicts = share(t->conflicting, rows);
  for (size_t j = 0; j < a->lfs; j++) {
    ws_lf_summary *summary = &a->summaries[j];
    summary->coverage = share(summary->votes, rows);
    summary->overlaps = share(t->overlaps[j], rows);
    summary->conflicts = share(t->conflicts[j], rows);
    summary->empirical = summary->gold_votes
                             ? (double)summary->gold_correct / (double)summary->gold_votes
                             : (double)NAN;
  }
}

static void analyse(ws_lf_analysis *a, const ws_votes *votes, tally *t) {
  for (size_t u = 0; u < ws_votes_patterns(votes); u++)
    add_pattern(a, t, ws_votes_pattern(votes, u));
  for (size_t i = 0; ws_votes_has_gold(votes) && i < ws_votes_rows(votes); i++) {
    int32_t gold = ws_votes_row_gold(votes, i);
    if (gold >= 0)
      add_gold(a, ws_votes_pattern(votes, ws_votes_row_pattern(votes, i)), gold);
  }
  summarise(a, t, ws_votes_rows(votes));
}

ws_status ws_lf_analysis_new(const ws_votes *votes, ws_lf_analysis **out) {
  tally t = {NULL, NULL, 0, 0, 0};
  ws_status status = WS_ENOMEM;
  ws_lf_analysis *a = ws_alloc_zero(1, sizeof *a);
  if (!a) return WS_ENOMEM;
  a->lfs = ws_votes_lfs(votes);
  a->classes = ws_votes_classes(votes);
  a->summaries = ws_alloc_zero(a->lfs, sizeof *a->summaries);
  a->votes = ws_alloc_zero(a->lfs, a->classes * sizeof *a->votes);
  t.overlaps = ws_alloc_zero(a->lfs, sizeof *t.overlaps);
  t.conflicts = ws_alloc_zero(a->lfs, sizeof *t.conflicts);
  if (a->summaries && a->votes && t.overlaps && t.conflicts) {
    analyse(a, votes, &t);
    *out = a;
    a = NULL;
    status = WS_OK;
  }
  ws_free(t.overlaps);
  ws_free(t.conflicts);
  ws_lf_analysis_free(a);
  return status;
}

void ws_lf_analysis_free(ws_lf_analysis *analysis) {
  if (!analysis) return;
  ws_free(analysis->summaries);
  ws_free(analysis->votes);
  ws_free(analysis);
}

size_t ws_lf_analysis_lfs(const ws_lf_analysis *analysis) {
  return analysis->lfs;
}

const ws_lf_summary *ws_lf_analysis_at(const ws_lf_analysis *analysis, size_t j) {
  return &analysis->summaries[j];
}

uint64_t ws_lf_analysis_votes_for(const ws_lf_analysis *analysis, size_t j, size_t k) {
  return analysis->votes[j * analysis->classes + k];
}

int32_t ws_lf_analysis_only_class(const ws_lf_analysis *analysis, size_t j) {
  int32_t only = WS_ABSTAIN;
  for (size_t k = 0; k < analysis->classes; k++) {
    if (ws_lf_analysis_votes_for(analysis, j, k) == 0) continue;
    if (only != WS_ABSTAIN) return WS_ABSTAIN;
    only = (int32_t)k;
  }
  return only;
}

double ws_lf_analysis_coverage(const ws_lf_analysis *analysis) {
  return analysis->coverage;
}

double ws_lf_analysis_overlaps(const ws_lf_analysis *analysis) {
  return analysis->overlaps;
}

double ws_lf_analysis_conflicts(const ws_lf_analysis *analysis) {
  return analysis->conflicts;
}
