/* SPDX-License-Identifier: MIT
 *
 * The statistics of one LF. Counts are the same in every run; times are kept apart from
 * them, under "timing".
 */
#include "lf_stats.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "members.h"

double lf_stats_mean_us(const ws_lf_stats *stats) {
  if (stats->timed_calls == 0) return (double)NAN;
  return (double)stats->timed_ns / (double)stats->timed_calls / 1000;
}

/* --- JSON --- */

static void put_kinds(ws_json_writer *json, const ws_lf_stats *stats) {
  ws_json_key(json, "errors_by_kind");
  ws_json_open(json, '{');
  for (int kind = 0; kind < WS_LF_ERROR_KINDS; kind++)
    json_put_uint(json, ws_lf_error_kind_name((ws_lf_error_kind)kind),
                  stats->errors_by_kind[kind]);
  ws_json_close(json, '}');
}

void lf_stats_json(ws_json_writer *json, const ws_lf_stats *stats) {
  static const ws_lf_stats nothing;
  const ws_lf_stats *s = stats ? stats : &nothing;
  ws_json_key(json, "calls");
  if (stats)
    ws_json_uint(json, s->calls);
  else
    ws_json_null(json);
  ws_json_key(json, "abstains");
  if (stats)
    ws_json_uint(json, s->calls - s->votes - s->errors);
  else
    ws_json_null(json);
  json_put_uint(json, "dropped_votes", s->quarantined ? s->votes : 0);
  json_put_uint(json, "errors", s->errors);
  put_kinds(json, s);
  json_put_bool(json, "quarantined", s->quarantined != WS_LF_QUARANTINE_NONE);
  json_put_string(json, "quarantine_reason", ws_lf_quarantine_name(s->quarantined));
}

static void put_failure(ws_json_writer *json, const ws_lf_failure *failure) {
  ws_json_open(json, '{');
  json_put_uint(json, "row", failure->row);
  json_put_string(json, "id", failure->id);
  json_put_uint(json, "line", failure->line);
  json_put_string(json, "kind", ws_lf_error_kind_name(failure->kind));
  json_put_string(json, "message", failure->what);
  json_put_string(json, "traceback", failure->traceback);
  ws_json_close(json, '}');
}

static void put_timing(ws_json_writer *json, const ws_lf_stats *stats) {
  ws_json_open(json, '{');
  json_put_number(json, "mean_us", lf_stats_mean_us(stats));
  json_put_uint(json, "timed_calls", stats->timed_calls);
  ws_json_key(json, "slowest");
  if (!stats->slowest_id) {
    ws_json_null(json);
  } else {
    ws_json_open(json, '{');
    json_put_uint(json, "row", stats->slowest_row);
    json_put_string(json, "id", stats->slowest_id);
    json_put_uint(json, "line", stats->slowest_line);
    json_put_number(json, "us", (double)stats->slowest_ns / 1000);
    ws_json_close(json, '}');
  }
  ws_json_close(json, '}');
}

void lf_stats_json_details(ws_json_writer *json, const ws_lf_stats *stats) {
  ws_json_key(json, "failures");
  ws_json_open(json, '[');
  for (size_t i = 0; i < stats->failure_count; i++)
    put_failure(json, &stats->failures[i]);
  ws_json_close(json, ']');
  ws_json_key(json, "timing");
  put_timing(json, stats);
}

/* --- reading --- */

static ws_lf_quarantine read_reason(ws_value object, bool *valid) {
  ws_value reason = ws_value_get(object, ws_text_of("quarantine_reason"));
  if (ws_value_is(reason, WS_NULL)) return WS_LF_QUARANTINE_NONE;
  ws_text name = member_text(object, "quarantine_reason", valid);
  for (int i = WS_LF_QUARANTINE_NONE + 1; i < WS_LF_QUARANTINES; i++)
    if (ws_text_equals(name, ws_lf_quarantine_name((ws_lf_quarantine)i)))
      return (ws_lf_quarantine)i;
  *valid = false;
  return WS_LF_QUARANTINE_NONE;
}

void lf_stats_read(ws_value object, ws_lf_stats *out, bool *applied, bool *valid) {
  *out = (ws_lf_stats){.errors = member_count(object, "errors", valid)};
  ws_value kinds = member_of(object, "errors_by_kind", WS_OBJECT, valid);
  for (int i = 0; *valid && i < WS_LF_ERROR_KINDS; i++)
    out->errors_by_kind[i] =
        member_count(kinds, ws_lf_error_kind_name((ws_lf_error_kind)i), valid);
  out->quarantined = read_reason(object, valid);
  *applied = !isnan(member_number(object, "calls", valid));
  if (!*applied || !*valid) return;
  out->calls = member_count(object, "calls", valid);
  uint64_t silent = member_count(object, "abstains", valid) + out->errors;
  out->votes = silent <= out->calls ? out->calls - silent : 0;
}

static ws_status keep(ws_arena *arena, ws_text text, const char **out) {
  ws_text copy;
  WS_TRY(ws_arena_text(arena, text, &copy));
  *out = copy.data;
  return WS_OK;
}

static ws_lf_error_kind read_kind(ws_value object, bool *valid) {
  ws_text name = member_text(object, "kind", valid);
  for (int i = 0; i < WS_LF_ERROR_KINDS; i++)
    if (ws_text_equals(name, ws_lf_error_kind_name((ws_lf_error_kind)i)))
      return (ws_lf_error_kind)i;
  *valid = false;
  return WS_LF_ERROR_RUNTIME;
}

static ws_status read_failure(ws_value object, ws_arena *arena, ws_lf_failure *out,
                              bool *valid) {
  *out = (ws_lf_failure){.row = member_count(object, "row", valid),
                         .line = member_count(object, "line", valid),
                         .kind = read_kind(object, valid)};
  WS_TRY(keep(arena, member_text(object, "id", valid), &out->id));
  WS_TRY(keep(arena, member_text(object, "message", valid), &out->what));
  ws_value trace = ws_value_get(object, ws_text_of("traceback"));
  return ws_value_is(trace, WS_STRING)
             ? keep(arena, ws_value_text(trace), &out->traceback)
             : WS_OK;
}

/* Nothing that was measured is longer than some days. */
static uint64_t to_ns(double us) {
  return us > 0 && us < 1e12 ? (uint64_t)(us * 1000) : 0;
}

static ws_status read_timing(ws_value timing, ws_arena *arena, ws_lf_stats *out,
                             bool *valid) {
  double mean = member_number(timing, "mean_us", valid);
  out->timed_calls = member_count(timing, "timed_calls", valid);
  ws_value slowest = ws_value_get(timing, ws_text_of("slowest"));
  out->timed_ns = to_ns(mean * (double)out->timed_calls);
  if (!ws_value_is(slowest, WS_OBJECT)) return WS_OK;
  out->slowest_row = member_count(slowest, "row", valid);
  out->slowest_line = member_count(slowest, "line", valid);
  out->slowest_ns = to_ns(member_number(slowest, "us", valid));
  return keep(arena, member_text(slowest, "id", valid), &out->slowest_id);
}

ws_status lf_stats_read_details(ws_value object, ws_arena *arena, ws_lf_stats *out,
                                bool *valid) {
  ws_text key;
  ws_value item, failures = member_of(object, "failures", WS_ARRAY, valid);
  ws_value timing = member_of(object, "timing", WS_OBJECT, valid);
  if (!*valid) return WS_OK;
  out->failure_count = 0;
  for (ws_value_iter it = ws_value_each(failures);
       out->failure_count < WS_LF_EXAMPLES && ws_value_next(&it, &key, &item);)
    WS_TRY(read_failure(item, arena, &out->failures[out->failure_count++], valid));
  return read_timing(timing, arena, out, valid);
}

/* --- in words --- */

const char *lf_stats_reason(const ws_lf_stats *stats, char *out, size_t size) {
  const uint64_t *errors = stats->errors_by_kind;
  uint64_t spent;
  switch (stats->quarantined) {
  case WS_LF_QUARANTINE_KILLED:
    snprintf(out, size, "it cost %" PRIu64 " workers", errors[WS_LF_ERROR_KILLED]);
    return out;
  case WS_LF_QUARANTINE_EXHAUSTED:
    spent = errors[WS_LF_ERROR_CPU] + errors[WS_LF_ERROR_MEMORY];
    if (errors[WS_LF_ERROR_PATTERN] > spent)
      snprintf(out, size, "it ran out of steps %" PRIu64 " times",
               errors[WS_LF_ERROR_PATTERN]);
    else
      snprintf(out, size, "it ran out of time or memory %" PRIu64 " times", spent);
    return out;
  case WS_LF_QUARANTINE_FAILING:
    snprintf(out, size, "it fails on %.3g %% of the records",
             100 * (double)stats->errors / (double)stats->calls);
    return out;
  default:
    return NULL;
  }
}

/* Ids may hold anything, and so may the manifest of a run. */
static bool print_clean(const char *front, const char *text, const char *behind) {
  ws_buffer copy = {0};
  bool fine = ws_buffer_string(&copy, text) == WS_OK;
  if (fine) {
    ws_text_clean(copy.data, copy.size);
    printf("%s%s%s", front, copy.data, behind);
  }
  ws_buffer_clear(&copy);
  return fine;
}

static bool same_text(const char *a, const char *b) {
  return a == b || (a && b && strcmp(a, b) == 0);
}

static bool alike(const ws_lf_failure *a, const ws_lf_failure *b) {
  return same_text(a->what, b->what) && same_text(a->traceback, b->traceback);
}

/* "record a, line 1", or "records a, b, lines 1, 2": failure i and all that are like it.
 */
static bool print_where(const ws_lf_stats *stats, size_t i) {
  const ws_lf_failure *failures = stats->failures;
  size_t count = 0;
  bool fine = true;
  for (size_t k = i; k < stats->failure_count; k++)
    count += alike(&failures[k], &failures[i]);
  printf("  record%s", count > 1 ? "s" : "");
  for (size_t k = i; k < stats->failure_count; k++)
    if (alike(&failures[k], &failures[i]))
      fine = print_clean(" ", failures[k].id, ",") && fine;
  printf(" line%s", count > 1 ? "s" : "");
  const char *comma = " ";
  for (size_t k = i; k < stats->failure_count; k++) {
    if (!alike(&failures[k], &failures[i])) continue;
    printf("%s%" PRIu64, comma, failures[k].line);
    comma = ", ";
  }
  return fine;
}

/* Failure i, unless one before it is like it. */
static bool print_failure(const ws_lf_stats *stats, size_t i) {
  const ws_lf_failure *failure = &stats->failures[i];
  for (size_t k = 0; k < i; k++)
    if (alike(&stats->failures[k], failure)) return true;
  return print_where(stats, i) && print_clean(": ", failure->what, "\n") &&
         (!failure->traceback || print_clean("    ", failure->traceback, "\n"));
}

bool lf_stats_print_errors(ws_text name, const ws_lf_stats *stats) {
  char why[100];
  const char *reason = lf_stats_reason(stats, why, sizeof why), *comma = ": ";
  printf("%.*s: %" PRIu64 " of %" PRIu64 " calls failed", WS_TEXT_ARG(name),
         stats->errors, stats->calls);
  for (int i = 0; i < WS_LF_ERROR_KINDS; i++) {
    if (stats->errors_by_kind[i] == 0) continue;
    printf("%s%" PRIu64 " %s", comma, stats->errors_by_kind[i],
           ws_lf_error_kind_name((ws_lf_error_kind)i));
    comma = ", ";
  }
  printf("%s%s\n", reason ? "; quarantined: " : "", reason ? reason : "");
  bool fine = true;
  for (size_t i = 0; i < stats->failure_count && fine; i++)
    fine = print_failure(stats, i);
  return fine;
}
