/* SPDX-License-Identifier: MIT
 *
 * The parent's side of a trace: one worker process, one job, a frame for each labeling
 * function. Votes do not come from here but from ws_apply, so a worker that ends before
 * it is done costs what is not there yet, and nothing else. What it says is checked
 * against the record: it may say anything.
 */
#include <weaksup/trace.h>

#include <poll.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>

#include "lf_set_priv.h"
#include "trace_priv.h"

enum { POLL_MS = 20 };

struct ws_trace {
  ws_arena arena;
  ws_lf_trace *lfs; // [count]
  size_t count;
};

const char *ws_match_by_name(ws_match_by by) {
  static const char *const texts[] = {NULL,  "rule", "keyword", "rx",
                                      "has", "find", "match"};
  return texts[by];
}

void ws_trace_free(ws_trace *trace) {
  if (!trace) return;
  ws_arena_clear(&trace->arena);
  ws_free(trace->lfs);
  ws_free(trace);
}

ws_status ws__trace_alloc(size_t count, ws_trace **out) {
  ws_trace *trace = ws_alloc_zero(1, sizeof *trace);
  if (!trace) return WS_ENOMEM;
  trace->count = count;
  trace->lfs = ws_alloc_zero(count, sizeof *trace->lfs);
  if (!trace->lfs) {
    ws_trace_free(trace);
    return WS_ENOMEM;
  }
  for (size_t j = 0; j < count; j++) trace->lfs[j].micros = -1;
  *out = trace;
  return WS_OK;
}

const ws_lf_trace *ws_trace_at(const ws_trace *trace, size_t j) {
  return &trace->lfs[j];
}

/* --- checking --- */

static bool continues(char c) {
  return ((unsigned char)c & 0xC0u) == 0x80u;
}

static size_t characters(ws_text text) {
  size_t count = 0;
  for (size_t i = 0; i < text.size; i++) count += !continues(text.data[i]);
  return count;
}

/* A copy that is UTF-8. string.find may cut characters, and a worker may lie. */
static ws_status keep_text(ws_trace *trace, ws_text text, ws_text *out) {
  char *copy = ws_arena_alloc(&trace->arena, text.size + 1);
  if (!copy) return WS_ENOMEM;
  if (text.size) memcpy(copy, text.data, text.size);
  bool valid = ws_utf8_valid(text);
  for (size_t i = 0; !valid && i < text.size; i++)
    if ((unsigned char)copy[i] >= 0x80) copy[i] = '?';
  copy[text.size] = '\0';
  *out = (ws_text){copy, text.size};
  return WS_OK;
}

/* A cut at the end does not make a text invalid. */
static ws_text drop_partial(ws_text text) {
  size_t size = text.size;
  while (size && text.size - size < 4 && continues(text.data[size - 1])) size--;
  if (size == 0 || (unsigned char)text.data[size - 1] < 0xC0) return text;
  ws_text last = {text.data + size - 1, text.size - size + 1};
  return ws_utf8_valid(last) ? text : (ws_text){text.data, size - 1};
}

/* Names and lines are shown on terminals: no control characters. */
static ws_status take_texts(ws_trace *trace, ws_bytes *wire, size_t most, size_t size_max,
                            const char *const **out, size_t *count) {
  uint64_t said = ws_bytes_take(wire, 8);
  if (wire->bad || said > most) return WS_ELF;
  const char **texts = ws_arena_alloc(&trace->arena, (said + 1) * sizeof *texts);
  if (!texts) return WS_ENOMEM;
  for (uint64_t i = 0; i < said; i++) {
    ws_text text = ws_bytes_take_text(wire), kept;
    if (wire->bad || text.size >= size_max) return WS_ELF;
    for (size_t k = 0; k < text.size; k++)
      if ((unsigned char)text.data[k] < 0x20 || text.data[k] == 0x7F) return WS_ELF;
    WS_TRY(keep_text(trace, drop_partial(text), &kept));
    texts[i] = kept.data;
  }
  *out = texts;
  *count = said;
  return WS_OK;
}

/* Where it is in the field, whole characters. */
static ws_status locate(ws_trace *trace, ws_value fields, ws_text name, uint64_t start,
                        uint64_t end, ws_lf_match *match) {
  ws_value value = ws_value_get(fields, name);
  if (!ws_value_is(value, WS_STRING)) return WS_ELF;
  ws_text field = ws_value_text(value), kept;
  if (start > end || end > field.size) return WS_ELF;
  while (start > 0 && start < field.size && continues(field.data[start])) start--;
  while (end < field.size && continues(field.data[end])) end++;
  match->start = start;
  match->end = end;
  match->first_character = characters((ws_text){field.data, start});
  match->end_character = characters((ws_text){field.data, end});
  WS_TRY(keep_text(trace, name, &kept));
  match->field = kept.data;
  return keep_text(trace, (ws_text){field.data + start, end - start}, &match->text);
}

static ws_status take_match(ws_trace *trace, ws_bytes *wire, ws_value fields,
                            ws_lf_match *match) {
  uint64_t by = ws_bytes_take(wire, 8);
  bool known = ws_bytes_take(wire, 1) != 0;
  ws_text name = ws_bytes_take_text(wire);
  uint64_t start = ws_bytes_take(wire, 8), end = ws_bytes_take(wire, 8);
  ws_text excerpt = ws_bytes_take_text(wire);
  if (wire->bad || by > WS_MATCH_BY_MATCH || excerpt.size > WS__TRACE_EXCERPT)
    return WS_ELF;
  match->by = (ws_match_by)by;
  if (by == WS_MATCH_BY_NOTHING) return WS_OK;
  if (known) return locate(trace, fields, name, start, end, match);
  return keep_text(trace, drop_partial(excerpt), &match->text);
}

ws_status ws__take_trace(ws_trace *trace, ws_text payload, ws_value fields) {
  ws_bytes wire = ws_bytes_of(payload);
  uint64_t lf = ws_bytes_take(&wire, 8), nanoseconds = ws_bytes_take(&wire, 8);
  ws_lf_trace taken = {.traced = true, .micros = -1};
  if (wire.bad || lf >= trace->count) return WS_ELF;
  if (trace->lfs[lf].traced) return WS_ELF; // once: what is kept of frames has an end
  if (nanoseconds != WS__TRACE_UNTIMED) taken.micros = (double)nanoseconds / 1000;
  WS_TRY(take_match(trace, &wire, fields, &taken.match));
  WS_TRY(take_texts(trace, &wire, WS__TRACE_DERIVED, WS__TRACE_NAME, &taken.derived,
                    &taken.derived_count));
  if (wire.at != wire.size) return WS_ELF;
  trace->lfs[lf] = taken;
  return WS_OK;
}

/* --- the worker --- */

typedef struct session {
  ws_trace *trace;
  const ws_lf_set *set;
  const ws_records *records;
  ws_value fields;
  ws__worker worker;
} session;

/* Reads frames; *over when it was the last one, or one that should not be there. */
static ws_status read_frames(session *s, bool *over, ws_error *err) {
  ws__frame frame;
  ws_text payload;
  bool found = true;
  while (!*over) {
    WS_TRY(ws__worker_frame(&s->worker, &frame, &payload, &found, err));
    if (!found) return WS_OK;
    ws_status status = WS_ELF;
    if (frame.kind == WS__FRAME_TRACE)
      status = ws__take_trace(s->trace, payload, s->fields);
    if (status == WS_ENOMEM) return ws_error_nomem(err);
    *over = status != WS_OK;
  }
  return WS_OK;
}

/* The worker is given up where it makes no progress, and at the latest after the time in
 * which each labeling function may make none: what it says of its progress may be lies.
 */
static ws_status collect(session *s, ws_error *err) {
  const ws_lf_options *options = &s->set->options;
  uint64_t spent = 0, most = (uint64_t)options->wall_ms * (s->trace->count + 1);
  bool over = false, open = true;
  while (!over && open) {
    struct pollfd wait = {s->worker.socket, POLLIN, 0};
    uint64_t before = ws__now_ms();
    if (poll(&wait, 1, POLL_MS) > 0) {
      WS_TRY(ws__worker_receive(&s->worker, &open, err));
      WS_TRY(read_frames(s, &over, err));
    }
    uint64_t passed = ws__now_ms() - before;
    unsigned ms = passed > 2 * POLL_MS ? 2 * POLL_MS : (unsigned)passed;
    spent += ms;
    over = over || spent >= most || ws__worker_stuck(&s->worker, ms) >= options->wall_ms;
  }
  return WS_OK;
}

/* Those that must not be called again, and those that are not wanted (NULL: all are). */
static unsigned char *choose_skipped(const ws_apply_report *report, const bool *wanted,
                                     size_t count) {
  unsigned char *skip = ws_alloc_zero(count, 1);
  for (size_t j = 0; skip && j < count; j++) {
    const uint64_t *errors = ws_apply_report_at(report, j)->errors_by_kind;
    skip[j] = errors[WS_LF_ERROR_CPU] || errors[WS_LF_ERROR_MEMORY] ||
              errors[WS_LF_ERROR_KILLED] || (wanted && !wanted[j]);
  }
  return skip;
}

static ws_status talk(session *s, const unsigned char *skip, ws_error *err) {
  ws__frame frame;
  ws_text payload;
  bool found, open;
  WS_TRY(ws__worker_await(&s->worker, s->set->load.wall_ms, &frame, &payload, &found,
                          &open, err));
  if (!found) return WS_OK;
  ws__job job = {.serial = 1};
  WS_TRY(ws__worker_send(&s->worker, 0, &job, s->records, s->trace->count, skip, err));
  return collect(s, err);
}

static ws_status run(session *s, const ws_apply_report *report, const bool *wanted,
                     ws_error *err) {
  ws_buffer init = {0};
  ws_status status = ws_buffer_text(&init, ws_buffer_as_text(&s->set->init));
  if (status == WS_OK) status = ws_bytes_put(&init, 1, 1);
  unsigned char *skip = choose_skipped(report, wanted, s->trace->count);
  if (status != WS_OK || !skip) {
    status = ws_error_nomem(err);
  } else {
    status =
        ws__worker_start(s->set->program.data, ws_buffer_as_text(&init), &s->worker, err);
    if (status == WS_OK) {
      status = talk(s, skip, err);
      ws__worker_end(&s->worker, true);
    }
  }
  ws_free(skip);
  ws_buffer_clear(&init);
  return status;
}

ws_status ws_trace_some_new(const ws_lf_set *set, const ws_records *records,
                            const ws_apply_report *report, const bool *wanted,
                            ws_trace **out, ws_error *err) {
  if (ws_records_count(records) != 1)
    return ws_error_set(err, WS_EINVAL, "expected one record to trace, found %zu",
                        ws_records_count(records));
  ws_trace *trace = NULL;
  if (ws__trace_alloc(ws_lf_set_count(set), &trace) != WS_OK) return ws_error_nomem(err);
  session s = {trace, set, records, ws_records_at(records, 0).fields, {.pid = -1}};
  ws_status status = run(&s, report, wanted, err);
  if (status == WS_OK)
    *out = trace;
  else
    ws_trace_free(trace);
  return status;
}

ws_status ws_trace_new(const ws_lf_set *set, const ws_records *records,
                       const ws_apply_report *report, ws_trace **out, ws_error *err) {
  return ws_trace_some_new(set, records, report, NULL, out, err);
}
