/* SPDX-License-Identifier: MIT
 *
 * Running tests: each distinct text is a record, and the whole set is applied to them.
 *
 * A report names the first few errors of a labeling function only, and one that is
 * quarantined is not called any more. Tests whose outcome stays unknown for that are run
 * once more, without the others, until all are known.
 */
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/json.h>

#include "lf_set_priv.h"
#include "lf_tests_priv.h"

typedef struct pass {
  ws_lf_tests *tests;
  ws__test **order; // [count]: the tests that are not done, by text
  size_t count, next;
  ws_buffer records;
  ws_progress_sink progress;
} pass;

static int by_text(const void *a, const void *b) {
  const ws__test *x = *(ws__test *const *)a, *y = *(ws__test *const *)b;
  int order = ws_text_compare(x->test.text, y->test.text);
  return order ? order : (x > y) - (x < y);
}

/* {"text": ...} */
static ws_status add_record(pass *p, ws_text text) {
  const char *field = ws_task_get(p->tests->set->task, WS_TASK_TEXT);
  ws_json_writer json = {.out = &p->records};
  ws_json_open(&json, '{');
  ws_json_key(&json, field);
  ws_json_text(&json, text);
  ws_json_close(&json, '}');
  return json.status == WS_OK ? ws_buffer_string(&p->records, "\n") : json.status;
}

/* Chooses the tests, and writes the records that they need. */
static ws_status prepare(pass *p) {
  uint64_t rows = 0;
  p->count = p->next = p->records.size = 0;
  for (size_t i = 0; i < p->tests->count; i++)
    if (!p->tests->items[i].done) p->order[p->count++] = &p->tests->items[i];
  if (p->count) qsort(p->order, p->count, sizeof *p->order, by_text);
  for (size_t i = 0; i < p->count; i++) {
    ws_text text = p->order[i]->test.text;
    bool known = i > 0 && ws_text_equal(text, p->order[i - 1]->test.text);
    if (!known) WS_TRY(add_record(p, text));
    p->order[i]->row = known ? rows - 1 : rows++;
  }
  return WS_OK;
}

static ws_status on_record(void *user, const ws_record *record, const int32_t *labels,
                           ws_error *err) {
  pass *p = user;
  (void)err;
  for (; p->next < p->count && p->order[p->next]->row == record->row; p->next++) {
    ws_lf_test *test = &p->order[p->next]->test;
    test->found = labels[test->lf];
  }
  return WS_OK;
}

static const char *find_message(const ws_lf_stats *stats, uint64_t row) {
  for (size_t i = 0; i < stats->failure_count; i++)
    if (stats->failures[i].row == row) return stats->failures[i].what;
  return NULL;
}

static ws_status set_message(pass *p, ws__test *test, const char *message) {
  ws_text kept;
  WS_TRY(ws_arena_text(&p->tests->arena, ws_text_of(message), &kept));
  test->test.message = kept.data;
  test->test.found = WS_VOTE_ERROR;
  test->done = true;
  return WS_OK;
}

/* Whether it is known what came of a test. */
static ws_status settle(pass *p, ws__test *test, const ws_apply_report *report) {
  const ws_lf_stats *stats = ws_apply_report_at(report, test->test.lf);
  if (test->test.found == WS_VOTE_ERROR) {
    const char *message = find_message(stats, test->row);
    return message ? set_message(p, test, message) : WS_OK;
  }
  test->done = test->test.found != WS_ABSTAIN || !stats->quarantined;
  return WS_OK;
}

/* Where a pass brought nothing, another will not either. */
static ws_status settle_all(pass *p, const ws_apply_report *report) {
  size_t done = 0;
  for (size_t i = 0; i < p->count; i++) {
    WS_TRY(settle(p, p->order[i], report));
    done += p->order[i]->done;
  }
  for (size_t i = 0; done == 0 && i < p->count; i++)
    WS_TRY(set_message(p, p->order[i], "a vote error"));
  return WS_OK;
}

static ws_status open_records(const pass *p, ws_reader **out, ws_error *err) {
  ws_reader_options options = ws_reader_options_default();
  options.format = WS_INPUT_JSONL;
  options.max_line = p->records.size;
  options.unique_ids = options.need_gold = false;
  options.optional_id = true;
  return ws_reader_open_memory("tests", ws_buffer_as_text(&p->records),
                               p->tests->set->task, &options, out, err);
}

static ws_status run_pass(pass *p, ws_error *err) {
  ws_reader *reader = NULL;
  ws_apply_report *report = NULL;
  ws_apply_options options = ws_apply_options_default();
  options.workers = 1;
  options.quarantine_share = 1; // tests may well fail
  options.progress = p->progress;
  if (prepare(p) != WS_OK) return ws_error_nomem(err);
  if (p->count == 0) return WS_OK;
  WS_TRY(open_records(p, &reader, err));
  ws_status status =
      ws_apply(p->tests->set, reader, &options, on_record, p, &report, err);
  if (status == WS_OK && settle_all(p, report) != WS_OK) status = ws_error_nomem(err);
  ws_apply_report_free(report);
  ws_reader_free(reader);
  return status;
}

ws_status ws_lf_tests_run(ws_lf_tests *tests, ws_progress_sink progress, ws_error *err) {
  pass p = {.tests = tests, .progress = progress};
  ws_status status = WS_OK;
  p.order = ws_alloc_array(tests->count, sizeof(ws__test *));
  if (!p.order) return ws_error_nomem(err);
  for (size_t i = 0; i < tests->count; i++) {
    tests->items[i].done = false;
    tests->items[i].test.message = NULL;
  }
  do status = run_pass(&p, err);
  while (status == WS_OK && p.count);
  ws_free(p.order);
  ws_buffer_clear(&p.records);
  return status;
}
