/* SPDX-License-Identifier: MIT
 *
 * weaksup try: what every labeling function says about one text, or one record of the
 * data, and why.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/json.h>

#include "load_errors.h"
#include "say.h"
#include "setup.h"
#include "try_print.h"

typedef struct trial {
  const options *o;
  setup setup;
  bar bar;
  ws_task *task;
  ws_lf_set *lfs;
  ws_buffer record; // the one, as JSON
  ws_buffer text;   // its text
  int32_t *labels;  // [M]
  ws_apply_report *report;
  ws_trace *trace;
} trial;

/* --- the record --- */

static ws_status write_text(trial *t) {
  ws_json_writer json = {.out = &t->record};
  ws_json_open(&json, '{');
  ws_json_key(&json, ws_task_get(t->task, WS_TASK_TEXT));
  ws_json_string(&json, t->o->record_text);
  ws_json_close(&json, '}');
  WS_TRY(json.status);
  return ws_buffer_string(&t->text, t->o->record_text);
}

static ws_status write_record(trial *t, const ws_record *record) {
  ws_json_writer json = {.out = &t->record};
  ws_json_value(&json, record->fields);
  WS_TRY(json.status);
  return ws_buffer_text(&t->text, record->text);
}

/* Looks through a batch for the record. */
static ws_status search(trial *t, const ws_records *batch, bool *found) {
  for (size_t i = 0; i < ws_records_count(batch) && !*found; i++) {
    ws_record record = ws_records_at(batch, i);
    *found = ws_text_equals(record.id, t->o->record_id);
    if (*found) WS_TRY(write_record(t, &record));
  }
  return WS_OK;
}

static ws_status search_all(trial *t, ws_reader *reader, ws_records *batch, bool *found,
                            ws_error *err) {
  enum { RECORDS = 1024, BYTES = 1 << 20 };
  for (size_t added = 1; added && !*found;) {
    ws_records_clear(batch);
    WS_TRY(ws_reader_read(reader, batch, RECORDS, BYTES, &added, err));
    if (search(t, batch, found) != WS_OK) return ws_error_nomem(err);
  }
  return WS_OK;
}

static ws_status find_record(trial *t, ws_error *err) {
  const char *path;
  ws_reader *reader = NULL;
  ws_records *batch = NULL;
  bool found = false;
  WS_TRY(setup_path(t->task, WS_TASK_DATA, &path, err));
  if (ws_records_new(&batch) != WS_OK) return ws_error_nomem(err);
  ws_status status = ws_reader_open(path, t->task, &t->setup.reader, &reader, err);
  if (status == WS_OK) status = search_all(t, reader, batch, &found, err);
  ws_reader_free(reader);
  ws_records_free(batch);
  if (status != WS_OK || found) return status;
  const char *field = ws_task_get(t->task, WS_TASK_ID);
  return ws_error_set(err, WS_EINVAL, "%s: no record with the id '%s': ids are %s%s%s",
                      input_name(path), t->o->record_id,
                      field ? "what the field '"
                            : "row numbers from 0, as the task names none",
                      field ? field : "", field ? "' holds" : "");
}

static ws_status make_record(trial *t, ws_error *err) {
  if (!t->o->record_text) return find_record(t, err);
  if (!ws_utf8_valid(ws_text_of(t->o->record_text)))
    return ws_error_set(err, WS_EINVAL, "--text: not valid UTF-8");
  return write_text(t) == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* --- the votes --- */

static ws_status on_record(void *user, const ws_record *record, const int32_t *labels,
                           ws_error *err) {
  trial *t = user;
  (void)record;
  (void)err;
  memcpy(t->labels, labels, ws_lf_set_count(t->lfs) * sizeof *labels);
  return WS_OK;
}

static ws_status open_record(trial *t, ws_reader **out, ws_error *err) {
  ws_reader_options reading = ws_reader_options_default();
  reading.format = WS_INPUT_JSONL;
  reading.max_line = t->record.size;
  reading.need_gold = false;
  reading.optional_id = true;
  return ws_reader_open_memory("record", ws_buffer_as_text(&t->record), t->task, &reading,
                               out, err);
}

static ws_status vote(trial *t, ws_error *err) {
  ws_reader *reader = NULL;
  t->setup.apply.workers = 1;
  t->labels = ws_alloc_zero(ws_lf_set_count(t->lfs), sizeof *t->labels);
  if (!t->labels) return ws_error_nomem(err);
  WS_TRY(open_record(t, &reader, err));
  ws_status status =
      ws_apply(t->lfs, reader, &t->setup.apply, on_record, t, &t->report, err);
  ws_reader_free(reader);
  return status;
}

/* How the votes came about. */
static ws_status trace(trial *t, ws_error *err) {
  ws_reader *reader = NULL;
  ws_records *records = NULL;
  size_t added;
  if (ws_records_new(&records) != WS_OK) return ws_error_nomem(err);
  ws_status status = open_record(t, &reader, err);
  if (status == WS_OK) status = ws_reader_read(reader, records, 1, 1, &added, err);
  if (status == WS_OK) status = ws_trace_new(t->lfs, records, t->report, &t->trace, err);
  ws_reader_free(reader);
  ws_records_free(records);
  return status;
}

static ws_status run_steps(trial *t, ws_error *err) {
  const char *folder = t->o->arguments[0];
  WS_TRY(setup_task(t->o, folder, &t->task, err));
  WS_TRY(setup_lfs(&t->setup, folder, t->task, &t->lfs, err));
  load_errors_say(load_errors_of(t->lfs));
  WS_TRY(make_record(t, err));
  WS_TRY(vote(t, err));
  return trace(t, err);
}

static int print(const trial *t) {
  try_result result = {.task = t->task,
                       .lfs = t->lfs,
                       .id = t->o->record_id,
                       .text = ws_buffer_as_text(&t->text),
                       .labels = t->labels,
                       .report = t->report,
                       .trace = t->trace};
  return t->o->json ? try_print_json(&result) : try_print_table(&result);
}

static void trial_clear(trial *t) {
  ws_trace_free(t->trace);
  ws_apply_report_free(t->report);
  ws_free(t->labels);
  ws_buffer_clear(&t->text);
  ws_buffer_clear(&t->record);
  ws_lf_set_free(t->lfs);
  ws_task_free(t->task);
  setup_clear(&t->setup);
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  trial t = {.o = o, .bar = bar_new(o)};
  if (!o->record_text == !o->record_id) {
    say_usage(self, "expected --text TEXT or --id ID, found %s",
              o->record_id ? "both" : "neither");
    return EXIT_USAGE;
  }
  if (!setup_init(&t.setup, self, o, &t.bar)) return EXIT_USAGE;
  ws_status status = run_steps(&t, &err);
  bar_clear(&t.bar);
  int code = EXIT_FAILED;
  if (status != WS_OK)
    say_failure(&err);
  else
    code = print(&t);
  trial_clear(&t);
  return code;
}

const command cmd_try = {
    .name = "try",
    .arguments = "LFS",
    .summary = "every labeling function's vote on one text",
    .details =
        "Prints what each labeling function in the folder LFS says about one record: "
        "its\n"
        "vote, '-' where it abstains, its time in microseconds, and why: what it "
        "matched,\n"
        "at which characters (from 0), or its error. The record is a text (--text), or "
        "the\n"
        "one of the data that has the id (--id; the row number, from 0, where the task\n"
        "names no id field).\n",
    .examples = "weaksup try lfs/ --text \"Check out my channel\"\n"
                "weaksup try lfs/ --id c42\n",
    .takes = (const char *const[]){"task", "classes", "data", "try:text", "try:id",
                                   "input-format", "on-error", "max-line", "lf-steps",
                                   "lf-memory", "lf-time", "keep-going", "no-jit", "json",
                                   "quiet", "verbose", NULL},
    .least = 1,
    .most = 1,
    .run = run,
};
