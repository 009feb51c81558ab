/* SPDX-License-Identifier: MIT
 *
 * What the labeling functions of a run did, and what went wrong with them.
 */
#include "report.h"

#include <inttypes.h>

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
  const ws_lf_failure *first; // of the run, in record order
};

ws_status ws__report_new(const ws_lf_set *set, ws_apply_report **out) {
  ws_apply_report *report = ws_alloc_zero(1, sizeof *report);
  if (!report) return WS_ENOMEM;
  report->count = ws_lf_set_count(set);
  report->stats = ws_alloc_zero(report->count, sizeof *report->stats);
  report->skipped = ws_alloc_zero(report->count, sizeof *report->skipped);
  if (!report->stats || !report->skipped) {
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

ws_status ws__report_failure(ws_apply_report *report, size_t lf, const ws_record *record,
                             const char *what) {
  ws_lf_stats *stats = &report->stats[lf];
  ws_text id, text;
  if (stats->failure_count == WS_LF_EXAMPLES) return WS_OK;
  WS_TRY(ws_arena_text(&report->arena, record->id, &id));
  WS_TRY(ws_arena_text(&report->arena, ws_text_of(what), &text));
  ws_lf_failure *failure = &stats->failures[stats->failure_count++];
  *failure = (ws_lf_failure){record->row, record->line, id.data, text.data};
  if (!report->first) report->first = failure;
  return WS_OK;
}

static int32_t count_error(ws_apply_report *report, ws_lf_stats *stats, int32_t label) {
  stats->errors++;
  stats->timeouts += label == WS__VOTE_TIMEOUT;
  stats->kills += label == WS__VOTE_KILLED;
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

void ws__report_close(ws_apply_report *report, const unsigned char *quarantined) {
  for (size_t j = 0; j < report->count; j++) {
    report->stats[j].calls = report->records - report->skipped[j];
    report->stats[j].quarantined = quarantined[j] != 0;
  }
}

static void add_first(const ws_apply_report *report, ws_error *err, const char *front) {
  const ws_lf_failure *first = report->first;
  if (first)
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
