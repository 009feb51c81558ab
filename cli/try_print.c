/* SPDX-License-Identifier: MIT
 *
 * The table and the JSON document of `weaksup try`.
 */
#include "try_print.h"

#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "load_errors.h"
#include "members.h"
#include "quote.h"
#include "say.h"
#include "table.h"

enum { MATCH_COLUMNS = 40, TEXT_COLUMNS = 72 };

/* How LF j failed, or NULL. */
static const ws_lf_failure *failure_of(const try_result *r, size_t j) {
  const ws_lf_stats *stats = ws_apply_report_at(r->report, j);
  bool failed = r->labels[j] == WS_VOTE_ERROR && stats->failure_count;
  return failed ? &stats->failures[0] : NULL;
}

/* Its message, or NULL. */
static const char *error_of(const try_result *r, size_t j) {
  if (r->labels[j] != WS_VOTE_ERROR) return NULL;
  return failure_of(r, j) ? failure_of(r, j)->what : "a vote error";
}

/* --- the table --- */

static const char *vote_of(const try_result *r, size_t j) {
  if (r->labels[j] == WS_VOTE_ERROR) return "error";
  return r->labels[j] < 0 ? "-" : ws_task_class(r->task, (size_t)r->labels[j]).data;
}

/* `rx "check out" at 5-14 of title (bytes 7-16)` */
static ws_status put_match(ws_buffer *out, const ws_lf_match *match, const char *field) {
  if (match->by == WS_MATCH_BY_NOTHING) return WS_OK;
  WS_TRY(ws_buffer_printf(out, "%s ", ws_match_by_name(match->by)));
  WS_TRY(quote(out, match->text, MATCH_COLUMNS));
  if (!match->field) return WS_OK;
  WS_TRY(
      ws_buffer_printf(out, " at %zu-%zu", match->first_character, match->end_character));
  if (strcmp(match->field, field) != 0)
    WS_TRY(ws_buffer_printf(out, " of %s", match->field));
  if (match->first_character == match->start && match->end_character == match->end)
    return WS_OK;
  return ws_buffer_printf(out, " (bytes %zu-%zu)", match->start, match->end);
}

static ws_status put_derived(ws_buffer *out, const ws_lf_trace *lf) {
  for (size_t i = 0; i < lf->derived_count; i++)
    WS_TRY(ws_buffer_printf(out, "%s%s",
                            i           ? ", "
                            : out->size ? ", with "
                                        : "with ",
                            lf->derived[i]));
  return WS_OK;
}

/* Why it votes so: nothing where it abstains. */
static ws_status put_why(ws_buffer *out, const try_result *r, size_t j) {
  const ws_lf_trace *lf = ws_trace_at(r->trace, j);
  const char *error = error_of(r, j);
  out->size = 0;
  if (error) return ws_buffer_string(out, error);
  WS_TRY(ws_buffer_string(out, ""));
  if (r->labels[j] < 0) return WS_OK;
  WS_TRY(put_match(out, &lf->match, ws_task_get(r->task, WS_TASK_TEXT)));
  return put_derived(out, lf);
}

static void add_row(table *out, const try_result *r, size_t j, ws_buffer *why) {
  double micros = ws_trace_at(r->trace, j)->micros;
  table_cell(out, "%s", ws_lf_set_at(r->lfs, j)->name);
  table_cell(out, "%s", vote_of(r, j));
  if (micros < 0)
    table_cell(out, "-");
  else
    table_cell(out, micros < 99.95 ? "%.1f" : "%.0f", micros);
  out->failed = out->failed || put_why(why, r, j) != WS_OK;
  table_cell(out, "%s", out->failed ? "" : why->data);
}

/* Where an error arose, where that is more than its message tells. */
static void print_tracebacks(const try_result *r) {
  for (size_t j = 0; j < ws_lf_set_count(r->lfs); j++) {
    const ws_lf_failure *failure = failure_of(r, j);
    if (!failure || !failure->traceback || !strchr(failure->traceback, ';')) continue;
    printf("\n%s failed at %s\n", ws_lf_set_at(r->lfs, j)->name, failure->traceback);
  }
}

static bool print_text(const try_result *r) {
  ws_buffer line = {0};
  if (!r->id) return true;
  bool fine = quote(&line, ws_text_of(r->id), MATCH_COLUMNS) == WS_OK &&
              ws_buffer_string(&line, ": ") == WS_OK &&
              quote(&line, r->text, TEXT_COLUMNS) == WS_OK;
  if (fine) printf("%s\n\n", line.data);
  ws_buffer_clear(&line);
  return fine;
}

int try_print_table(const try_result *r) {
  static const bool right[] = {false, false, true, false};
  static const char *const heads[] = {"LF", "vote", "\xC2\xB5s", "why"};
  table out = {.columns = 4, .right = right};
  ws_buffer why = {0};
  ws_error err = {WS_ENOMEM, {0}};
  bool fine = print_text(r);
  for (size_t i = 0; i < 4; i++) table_cell(&out, "%s", heads[i]);
  for (size_t j = 0; j < ws_lf_set_count(r->lfs); j++) add_row(&out, r, j, &why);
  ws_buffer_clear(&why);
  fine = table_print(&out) && fine;
  if (!fine) return say_failure(&err);
  print_tracebacks(r);
  return EXIT_DONE;
}

/* --- JSON --- */

static void write_match(ws_json_writer *json, const ws_lf_match *match) {
  if (match->by == WS_MATCH_BY_NOTHING) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '{');
  json_put_string(json, "by", ws_match_by_name(match->by));
  json_put_text(json, "text", match->text);
  json_put_string(json, "field", match->field);
  if (match->field) {
    json_put_uint(json, "start", match->first_character);
    json_put_uint(json, "end", match->end_character);
    json_put_uint(json, "start_byte", match->start);
    json_put_uint(json, "end_byte", match->end);
  }
  ws_json_close(json, '}');
}

static void write_list(ws_json_writer *json, const char *key, const char *const *texts,
                       size_t count) {
  ws_json_key(json, key);
  ws_json_open(json, '[');
  for (size_t i = 0; i < count; i++) ws_json_string(json, texts[i]);
  ws_json_close(json, ']');
}

static void write_trace(ws_json_writer *json, const ws_lf_trace *lf) {
  ws_json_key(json, "microseconds");
  if (lf->micros < 0)
    ws_json_null(json);
  else
    ws_json_number(json, lf->micros);
  ws_json_key(json, "match");
  write_match(json, &lf->match);
  write_list(json, "derived", lf->derived, lf->derived_count);
}

static void write_vote(ws_json_writer *json, const try_result *r, size_t j) {
  ws_json_open(json, '{');
  json_put_string(json, "lf", ws_lf_set_at(r->lfs, j)->name);
  ws_json_key(json, "vote");
  if (r->labels[j] >= 0)
    ws_json_text(json, ws_task_class(r->task, (size_t)r->labels[j]));
  else
    ws_json_null(json);
  json_put_string(json, "error", error_of(r, j));
  const ws_lf_failure *failure = failure_of(r, j);
  json_put_string(json, "kind", failure ? ws_lf_error_kind_name(failure->kind) : NULL);
  json_put_string(json, "traceback", failure ? failure->traceback : NULL);
  write_trace(json, ws_trace_at(r->trace, j));
  ws_json_close(json, '}');
}

int try_print_json(const try_result *r) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  ws_json_open(&json, '{');
  json_put_string(&json, "id", r->id);
  json_put_text(&json, "text", r->text);
  ws_json_key(&json, "votes");
  ws_json_open(&json, '[');
  for (size_t j = 0; j < ws_lf_set_count(r->lfs); j++) write_vote(&json, r, j);
  ws_json_close(&json, ']');
  load_errors_json(&json, load_errors_of(r->lfs));
  ws_json_close(&json, '}');
  return json_print(&json);
}
