/* SPDX-License-Identifier: MIT
 *
 * The worker's side of a trace. A rule or a keyword list is matched once more to see
 * where; a Lua function notes its matches itself (lua_trace.c), in its first call only,
 * so that the timed ones do what they always do.
 */
#include "trace_worker.h"

#include <string.h>
#include <time.h>

#include <weaksup/bytes.h>
#include <weaksup/hash.h>

enum { CALLS_MIN = 5, CALLS_MAX = 100 };
static const uint64_t spend_max = 20000000; // nanoseconds for all calls

/* --- matches --- */

/* Whether `text` begins as the field does in lower case, judged by a few characters. */
static bool begins_alike(ws_text field, ws_text text) {
  ws_text front = {field.data, field.size < 32 ? field.size : 32};
  while (front.size && front.size < field.size &&
         ((unsigned char)field.data[front.size] & 0xC0u) == 0x80u)
    front.size--;
  ws_buffer lower = {0};
  bool alike = ws__lower(front, &lower) == WS_OK && lower.size <= text.size &&
               (lower.size == 0 || memcmp(lower.data, text.data, lower.size) == 0);
  ws_buffer_clear(&lower);
  return alike;
}

/* Whether `text` is the field's text, or that in lower case. */
static bool is_field(ws_text field, ws_text text, bool *lowered) {
  *lowered = !ws_text_equal(field, text);
  if (!*lowered) return true;
  if (!begins_alike(field, text)) return false;
  ws_buffer lower = {0};
  bool same =
      ws__lower(field, &lower) == WS_OK && ws_text_equal(ws_buffer_as_text(&lower), text);
  ws_buffer_clear(&lower);
  return same;
}

/* Sets the field that is the text; the one with the data of `preferred` wins. */
static void find_field(ws__trace *trace, ws_value record, ws_text preferred,
                       ws_text text) {
  ws_value_iter it = ws_value_each(record);
  ws_text key;
  ws_value value;
  bool over = false, lowered;
  trace->field = (ws_text){NULL, 0};
  while (!over && ws_value_next(&it, &key, &value)) {
    if (!ws_value_is(value, WS_STRING)) continue;
    ws_text content = ws_value_text(value);
    over = content.data == preferred.data;
    if ((trace->field.data && !over) || !is_field(content, text, &lowered)) {
      over = false;
      continue;
    }
    trace->field = key;
    trace->content = content;
    trace->lowered = lowered;
  }
}

static void keep_excerpt(ws__trace *trace, ws_text text) {
  size_t size = text.size < WS__TRACE_EXCERPT ? text.size : WS__TRACE_EXCERPT;
  memcpy(trace->excerpt, text.data, size);
  trace->excerpt_size = size;
}

/* Of a long text only the front is read: there may be a match for every few bytes. */
static uint64_t hash_front(ws_text text) {
  enum { FRONT = 1024 };
  return ws_hash64(text.data, text.size < FRONT ? text.size : FRONT, 0);
}

/* Notes the text; false where it is the one that was noted last. */
static bool is_new(ws__trace *trace, ws_text text) {
  uint64_t hash = hash_front(text);
  bool same = text.data == trace->seen.data && text.size == trace->seen.size &&
              hash == trace->seen_hash;
  trace->seen = text;
  trace->seen_hash = hash;
  return !same;
}

void ws__trace_match(ws__trace *trace, ws_value record, ws_text preferred, ws_match_by by,
                     ws_text text, size_t start, size_t end) {
  if (end < start) end = start; // \K in a look-ahead
  if (is_new(trace, text)) find_field(trace, record, preferred, text);
  trace->by = by;
  trace->start = start;
  trace->end = end;
  trace->excerpt_size = 0;
  if (!trace->field.data && end > start)
    keep_excerpt(trace, (ws_text){text.data + start, end - start});
}

void ws__trace_end(ws__trace *trace) {
  if (!trace->field.data || !trace->lowered) return;
  trace->start = ws_text_lowered_from(trace->content, trace->start);
  trace->end = ws_text_lowered_from(trace->content, trace->end);
}

/* The text that a rule looks at; no text where there is none. */
static ws_text text_of(const ws__program_rule *rule, const ws__subject *subject) {
  if (!rule->field.data) return subject->text;
  ws_value value = ws_value_get(subject->fields, rule->field);
  return ws_value_is(value, WS_STRING) ? ws_value_text(value) : (ws_text){NULL, 0};
}

static bool find_keyword(const ws__keywords *keywords, ws_text text, size_t *start,
                         size_t *end) {
  ws_buffer lower = {0};
  bool found = ws__lower(text, &lower) == WS_OK && lower.size &&
               ws__keywords_find(keywords, ws_buffer_as_text(&lower), start, end);
  ws_buffer_clear(&lower);
  if (!found) return false;
  *start = ws_text_lowered_from(text, *start);
  *end = ws_text_lowered_from(text, *end);
  return true;
}

static void find_rule(const ws__program_rule *rule, const ws__subject *subject,
                      ws__trace *trace) {
  ws_text text = text_of(rule, subject);
  size_t start = 0, end = 0, count;
  if (!text.data) return;
  ws_match_by by = WS_MATCH_BY_RULE;
  if (rule->regex) {
    if (ws__regex_match(rule->regex, text, 0) <= 0) return;
    const size_t *groups = ws__regex_groups(rule->regex, &count);
    start = groups[0];
    end = groups[1];
  } else {
    by = WS_MATCH_BY_KEYWORDS;
    if (!find_keyword(rule->keywords, text, &start, &end)) return;
  }
  ws__trace_match(trace, subject->fields, text, by, text, start, end);
}

/* --- calls --- */

static uint64_t now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (uint64_t)at.tv_sec * 1000000000 + (uint64_t)at.tv_nsec;
}

bool ws__trace_begin(ws__program *program, size_t lf, ws__trace *trace) {
  memset(trace, 0, sizeof *trace);
  trace->lf = lf;
  trace->nanoseconds = WS__TRACE_UNTIMED;
  return ws__program_next_due(program, lf) == lf;
}

/* What the first call tells beside its vote. */
static bool first_call(ws__program *program, size_t lf, ws__trace *trace) {
  ws_error err = WS_ERROR_INIT;
  ws__program_rule rule = ws__program_rule_at(program, lf);
  ws__lua_set_trace(ws__program_lua(program), trace);
  int32_t vote = ws__program_vote(program, lf, &err);
  ws__lua_set_trace(ws__program_lua(program), NULL);
  if (vote >= 0 && (rule.regex || rule.keywords))
    find_rule(&rule, ws__program_subject(program), trace);
  ws__trace_end(trace);
  return vote >= WS_VOTE_ERROR;
}

bool ws__trace_call(ws__program *program, size_t lf, uint64_t call, uint64_t *spent,
                    ws__trace *trace) {
  ws_error err;
  if (call == 0) return first_call(program, lf, trace);
  uint64_t start = now();
  int32_t vote = ws__program_vote(program, lf, &err);
  uint64_t took = now() - start;
  if (took < trace->nanoseconds) trace->nanoseconds = took;
  *spent += took;
  return vote >= WS_VOTE_ERROR &&
         (call < CALLS_MIN || (call < CALLS_MAX && *spent < spend_max));
}

/* --- the frame --- */

ws_status ws__put_trace(ws_buffer *out, const ws__trace *trace) {
  WS_TRY(ws_bytes_put(out, trace->lf, 8));
  WS_TRY(ws_bytes_put(out, trace->nanoseconds, 8));
  WS_TRY(ws_bytes_put(out, (uint64_t)trace->by, 8));
  WS_TRY(ws_bytes_put(out, trace->field.data != NULL, 1));
  WS_TRY(ws_bytes_put_text(out, trace->field));
  WS_TRY(ws_bytes_put(out, trace->start, 8));
  WS_TRY(ws_bytes_put(out, trace->end, 8));
  WS_TRY(ws_bytes_put_text(out, (ws_text){trace->excerpt, trace->excerpt_size}));
  WS_TRY(ws_bytes_put(out, trace->derived_count, 8));
  for (size_t i = 0; i < trace->derived_count; i++)
    WS_TRY(ws_bytes_put_text(out, ws_text_of(trace->derived[i])));
  return WS_OK;
}
