/* SPDX-License-Identifier: MIT
 *
 * Odd records: what data may hold though the sample does not. Each has the fields of a
 * record of the sample, so that code which looks at other fields finds them, with the odd
 * text in place of every text.
 *
 * On the huge ones a limit is no reason to reject: many a good pattern is quadratic, its
 * limit is what bounds it there, and the vote is then an abstain. To be killed, or to
 * fail otherwise, is one on all of them.
 */
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/json.h>

#include "vet_priv.h"

typedef struct odd {
  const char *name, *piece;
  size_t size; // of the piece; 0: up to its NUL
  size_t times;
} odd;

enum { HUGE_SIZE = 1 << 20 };

static const odd small[] = {
    {"an empty text", "", 0, 1},
    {"one letter", "a", 0, 1},
    {"one blank", " ", 0, 1},
    {"a line end", "\n", 0, 1},
    {"nothing but white space", " \t\r\n\n\v\f ", 0, 3},
    {"%", "%", 0, 1},
    {"(", "(", 0, 1},
    {"[", "[", 0, 1},
    {"a backslash", "\\", 0, 1},
    {"characters of patterns", ".*+?^$()[]{}|\\-%d%s%", 0, 2},
    {"quotes", "\"'`\"'`", 0, 1},
    {"control characters", "\0\1\2\3\7\10\33\177", 8, 1},
    {"replacement characters", "\xEF\xBF\xBD", 0, 3},
    {"emoji", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7\xF0\x9F\x8E\x89", 0, 3},
    {"right-to-left text", "\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85 \xD7\xA9\xD7\x9C\xD7\x95", 0,
     1},
    {"text without blanks", "\xE4\xBD\xA0\xE5\xA5\xBD\xE4\xB8\x96\xE7\x95\x8C", 0, 1},
    {"letters that change with their case", "\xC4\xB0\xC3\x9F\xCE\xA3\xEF\xAC\x83", 0, 1},
    {"stacked accents", "a\xCC\x81\xCC\x82\xCC\x83", 0, 100},
    {"a zero", "0", 0, 1},
    {"a number beyond all", "-1e999", 0, 1},
    {"markup", "<a href=\"http://\">&nbsp;</a>", 0, 1},
    {"a word of 4096 letters", "x", 0, 4096},
};
static const odd huge[] = {
    {"1 MiB of one word", "a", 0, HUGE_SIZE},
    {"1 MiB of blanks", " ", 0, HUGE_SIZE},
};

/* --- records --- */

static ws_status repeat(const odd *item, ws_buffer *out) {
  size_t size = item->size ? item->size : strlen(item->piece);
  out->size = 0;
  WS_TRY(ws_buffer_reserve(out, size * item->times + 1));
  for (size_t i = 0; i < item->times; i++)
    WS_TRY(ws_buffer_append(out, item->piece, size));
  return WS_OK;
}

static bool is_key(const ws_task *task, ws_task_key which, ws_text key) {
  const char *name = ws_task_get(task, which);
  return name && ws_text_equals(key, name);
}

/* Huge texts are for the text field alone. */
static bool is_replaced(const ws_task *task, ws_text key, ws_value value,
                        bool small_one) {
  if (is_key(task, WS_TASK_TEXT, key)) return true;
  return small_one && ws_value_is(value, WS_STRING) && !is_key(task, WS_TASK_ID, key) &&
         !is_key(task, WS_TASK_GOLD, key);
}

static ws_status add_record(const ws_task *task, ws_value fields, ws_text text,
                            bool small_one, ws_buffer *out) {
  ws_json_writer json = {.out = out};
  ws_value_iter it = ws_value_each(fields);
  ws_text key;
  ws_value value;
  bool has_text = false;
  ws_json_open(&json, '{');
  while (ws_value_next(&it, &key, &value)) {
    bool replaced = is_replaced(task, key, value, small_one);
    has_text = has_text || is_key(task, WS_TASK_TEXT, key);
    ws_json_key_text(&json, key);
    if (replaced)
      ws_json_text(&json, text);
    else
      ws_json_value(&json, value);
  }
  if (!has_text) {
    ws_json_key(&json, ws_task_get(task, WS_TASK_TEXT));
    ws_json_text(&json, text);
  }
  ws_json_close(&json, '}');
  WS_TRY(json.status);
  return ws_buffer_string(out, "\n");
}

static ws_status write_records(const ws_vetting *vetting, ws_value fields,
                               const odd *items, size_t count, ws_buffer *out) {
  ws_buffer text = {0};
  ws_status status = WS_OK;
  for (size_t i = 0; status == WS_OK && i < count; i++) {
    status = repeat(&items[i], &text);
    if (status == WS_OK)
      status = add_record(vetting->task, fields, ws_buffer_as_text(&text), items == small,
                          out);
  }
  ws_buffer_clear(&text);
  return status == WS_OK ? ws_buffer_reserve(out, WS_JSON_PADDING) : status;
}

/* --- judgement --- */

static const char *name_of(const void *items, size_t row) {
  return ((const odd *)items)[row].name;
}

static ws_status judge(ws_vetting *vetting, ws__vet_item *item, const ws_lf_stats *stats,
                       const odd *items, size_t count) {
  ws__vet_called called = {WS_VET_EDGE, "odd records", count, name_of, items};
  item->verdict.edge_records += count;
  item->verdict.edge_errors += stats->errors;
  ws_vet_reason reason = ws__vet_worst(stats, items == small);
  if (reason == WS_VET_PASSED) return WS_OK;
  return ws__vet_reject_calls(vetting, item, &called, stats, reason);
}

static ws_status try_on(ws_vetting *vetting, ws_value fields, const odd *items,
                        size_t count, ws_error *err) {
  ws_buffer lines = {0};
  ws_apply_report *report = NULL;
  ws_status status = write_records(vetting, fields, items, count, &lines);
  if (status != WS_OK) {
    ws_buffer_clear(&lines);
    return ws_error_nomem(err);
  }
  ws__vet_run run = {
      .set = vetting->set, .lines = ws_buffer_as_text(&lines), .need_text = true};
  status = ws__vet_apply(vetting, &run, &report, err);
  for (size_t i = 0; status == WS_OK && i < vetting->count; i++) {
    ws__vet_item *item = &vetting->items[i];
    if (item->failed) continue;
    status = judge(vetting, item, ws_apply_report_at(report, item->lf), items, count);
    if (status != WS_OK) ws_error_nomem(err);
  }
  ws_apply_report_free(report);
  ws_buffer_clear(&lines);
  return status;
}

ws_status ws__vet_edge(ws_vetting *vetting, ws_record like, ws_error *err) {
  WS_TRY(try_on(vetting, like.fields, small, sizeof small / sizeof *small, err));
  return try_on(vetting, like.fields, huge, sizeof huge / sizeof *huge, err);
}
