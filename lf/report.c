/* SPDX-License-Identifier: MIT
 *
 * What the labeling functions of a run did, and what went wrong with them.
 */
#include "report.h"

#include <inttypes.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/arena.h>

#include "program.h"
#include "said.h"

struct ws_apply_report {
  ws_arena arena;
  ws_lf_stats *stats; // [count]; calls are counted at the end
  uint64_t *skipped;  // [count] records on which they were not called
  size_t count;
  uint64_t records, errors;
  size_t found;                        // columns that were kept from an earlier run
  const ws_lf_failure *first;          // of the run, in record order
  ws_buffer *slowest;                  // [count] the id of the slowest record of each
  uint64_t (*ranges)[WS__TIME_RANGES]; // [count] timed calls by how long they took
};

const char *ws_lf_error_kind_name(ws_lf_error_kind kind) {
  static const char *const names[WS_LF_ERROR_KINDS] = {
      "runtime_error", "vote_error", "limit_cpu", "limit_mem", "limit_pattern", "killed"};
  return names[kind];
}

const char *ws_lf_quarantine_name(ws_lf_quarantine reason) {
  static const char *const names[WS_LF_QUARANTINES] = {NULL, "killed", "exhausted",
                                                       "failing"};
  return names[reason];
}

ws_status ws__report_new(const ws_lf_set *set, ws_apply_report **out) {
  ws_apply_report *report = ws_alloc_zero(1, sizeof *report);
  if (!report) return WS_ENOMEM;
  report->count = ws_lf_set_count(set);
  report->stats = ws_alloc_zero(report->count, sizeof *report->stats);
  report->skipped = ws_alloc_zero(report->count, sizeof *report->skipped);
  report->slowest = ws_alloc_zero(report->count, sizeof *report->slowest);
  report->ranges = ws_alloc_zero(report->count, sizeof *report->ranges);
  if (!report->stats || !report->skipped || !report->slowest || !report->ranges) {
    ws_apply_report_free(report);
    return WS_ENOMEM;
  }
  *out = report;
  return WS_OK;
}

void ws_apply_report_free(ws_apply_report *report) {
  if (!report) return;
  ws_arena_clear(&report->arena);
  ws_free(report->stats);
  ws_free(report->skipped);
  for (size_t j = 0; report->slowest && j < report->count; j++)
    ws_buffer_clear(&report->slowest[j]);
  ws_free(report->slowest);
  ws_free(report->ranges);
  ws_free(report);
}

size_t ws_apply_report_lfs(const ws_apply_report *report) {
  return report->count;
}

const ws_lf_stats *ws_apply_report_at(const ws_apply_report *report, size_t j) {
  return &report->stats[j];
}

uint64_t ws_apply_report_records(const ws_apply_report *report) {
  return report->records;
}

uint64_t ws_apply_report_errors(const ws_apply_report *report) {
  return report->errors;
}

size_t ws_apply_report_cached(const ws_apply_report *report) {
  return report->found;
}

void ws__report_found(ws_apply_report *report, size_t columns) {
  report->found = columns;
}

ws_status ws__report_failure(ws_apply_report *report, size_t lf, const ws_record *record,
                             ws_lf_error_kind kind, const char *what,
                             const char *traceback) {
  ws_lf_stats *stats = &report->stats[lf];
  ws_text id, text, trace = {NULL, 0};
  if (stats->failure_count == WS_LF_EXAMPLES) return WS_OK;
  WS_TRY(ws_arena_text(&report->arena, record->id, &id));
  WS_TRY(ws_arena_text(&report->arena, ws_text_of(what), &text));
  if (traceback) WS_TRY(ws_arena_text(&report->arena, ws_text_of(traceback), &trace));
  ws_lf_failure *failure = &stats->failures[stats->failure_count++];
  *failure =
      (ws_lf_failure){record->row, record->line, id.data, text.data, trace.data, kind};
  if (!report->first) report->first = failure;
  return WS_OK;
}

static ws_status keep_slowest(ws_apply_report *report, size_t lf, uint64_t ns,
                              const ws_record *record) {
  ws_lf_stats *stats = &report->stats[lf];
  ws_buffer *id = &report->slowest[lf];
  id->size = 0;
  WS_TRY(ws_buffer_text(id, record->id));
  stats->slowest_ns = ns;
  stats->slowest_row = record->row;
  stats->slowest_line = record->line;
  stats->slowest_id = id->data;
  return WS_OK;
}

ws_status ws__report_times(ws_apply_report *report, const ws__timing *times,
                           const ws_records *records) {
  for (size_t j = 0; j < report->count; j++) {
    report->stats[j].timed_calls += times[j].calls;
    report->stats[j].timed_ns += times[j].ns;
    if (times[j].calls)
      for (size_t r = 0; r < WS__TIME_RANGES; r++)
        report->ranges[j][r] += times[j].ranges[r];
    if (times[j].slowest_ns <= report->stats[j].slowest_ns) continue;
    ws_record record = ws_records_at(records, (size_t)times[j].slowest_record);
    WS_TRY(keep_slowest(report, j, times[j].slowest_ns, &record));
  }
  return WS_OK;
}

static int32_t count_error(ws_apply_report *report, ws_lf_stats *stats, int32_t label) {
  stats->errors++;
  stats->errors_by_kind[ws__vote_error_kind(label)]++;
  report->errors++;
  return WS_VOTE_ERROR;
}

void ws__report_record(ws_apply_report *report, int32_t *labels) {
  report->records++;
  for (size_t j = ws__next_said(labels, 0, report->count); j < report->count;
       j = ws__next_said(labels, j + 1, report->count)) {
    if (labels[j] >= 0) {
      report->stats[j].votes++;
    } else if (labels[j] == WS__VOTE_SKIPPED) {
      report->skipped[j]++;
      labels[j] = WS_ABSTAIN;
    } else {
      labels[j] = count_error(report, &report->stats[j], labels[j]);
    }
  }
}

/* What 99 in 100 of the calls take at most; 0: not known. */
static uint64_t most_take(const uint64_t *ranges, uint64_t slowest) {
  uint64_t calls = 0, seen = 0;
  for (size_t r = 0; r < WS__TIME_RANGES; r++) calls += ranges[r];
  for (size_t r = 0; calls && r < WS__TIME_RANGES; r++) {
    seen += ranges[r];
    if (seen < calls - calls / 100) continue;
    uint64_t ns = ws__time_of_range(r);
    return ns < slowest ? ns : slowest;
  }
  return 0;
}

void ws__report_close(ws_apply_report *report, const ws__pool *pool) {
  for (size_t j = 0; j < report->count; j++) {
    ws_lf_stats *stats = &report->stats[j];
    stats->calls = report->records - report->skipped[j];
    stats->p99_ns = most_take(report->ranges[j], stats->slowest_ns);
    stats->quarantined = ws__pool_quarantined(pool, j);
  }
}

void ws__report_quarantine(ws_apply_report *report, double share) {
  for (size_t j = 0; j < report->count; j++) {
    ws_lf_stats *stats = &report->stats[j];
    if (!stats->quarantined && stats->errors >= WS_QUARANTINE_ERRORS &&
        (double)stats->errors > share * (double)stats->calls)
      stats->quarantined = WS_LF_QUARANTINE_FAILING;
  }
}

static void add_first(const ws_apply_report *report, ws_error *err, const char *front) {
  const ws_lf_failure *first = report->first;
  if (!first) return;
  ws_error_set(err, WS_ELF, "%s%s (record %s, line %" PRIu64 ")", front, first->what,
               first->id, first->line);
}

ws_status ws__report_fail(const ws_apply_report *report, uint64_t limit, ws_error *err) {
  ws_error front = WS_ERROR_INIT;
  if (limit)
    ws_error_set(&front, WS_ELF, "more than %" PRIu64 " vote errors, the first: ", limit);
  ws_error_set(err, WS_ELF, "a vote error");
  add_first(report, err, front.message);
  return WS_ELF;
}

ws_status ws__report_judge(const ws_apply_report *report, double share, ws_error *err) {
  uint64_t calls = report->records * report->count;
  ws_error front = WS_ERROR_INIT;
  for (size_t j = 0; j < report->count; j++) calls -= report->skipped[j];
  if ((double)report->errors <= share * (double)calls) return WS_OK;
  ws_error_set(&front, WS_ELF,
               "%" PRIu64 " of %" PRIu64 " calls failed, more than %g %%, the first: ",
               report->errors, calls, 100 * share);
  ws_error_set(err, WS_ELF, "vote errors");
  add_first(report, err, front.message);
  return WS_ELF;
}
