/* SPDX-License-Identifier: MIT
 *
 * weaksup apply: votes only. To standard output, and from standard input, JSONL and CSV
 * are written as records come, so that memory does not grow with their number. What goes
 * into a file otherwise is written at the end: without the votes of LFs that turned out
 * to be bad.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/csv.h>
#include <weaksup/json.h>
#include <weaksup/output.h>

#include "load_errors.h"
#include "part.h"
#include "say.h"
#include "skips.h"

typedef enum form { JSONL, CSV, WSV } form;

typedef struct apply {
  const options *o;
  setup setup;
  bar bar;
  form form;
  ws_task *task;
  ws_lf_set *lfs;
  ws_output *output;
  ws_buffer line;
  ws_buffer *lf_keys;     // [LFs] as JSON writes them, with the colon
  ws_buffer *class_names; // [K] the same
  part part;
  skips skips;
} apply;

/* Names are written millions of times, but quoted once. */
static ws_status quote_json(ws_text name, const char *end, ws_buffer *out) {
  ws_json_writer json = {.out = out};
  ws_json_text(&json, name);
  return json.status == WS_OK ? ws_buffer_string(out, end) : json.status;
}

static ws_status quote_names(apply *a) {
  size_t lfs = ws_lf_set_count(a->lfs), classes = ws_task_classes(a->task);
  a->lf_keys = ws_alloc_zero(lfs, sizeof *a->lf_keys);
  a->class_names = ws_alloc_zero(classes, sizeof *a->class_names);
  if (!a->lf_keys || !a->class_names) return WS_ENOMEM;
  for (size_t j = 0; j < lfs; j++)
    WS_TRY(quote_json(ws_text_of(ws_lf_set_at(a->lfs, j)->name), ":", &a->lf_keys[j]));
  for (size_t k = 0; k < classes; k++)
    WS_TRY(quote_json(ws_task_class(a->task, k), "", &a->class_names[k]));
  return WS_OK;
}

static void clear_names(apply *a) {
  for (size_t j = 0; a->lf_keys && j < ws_lf_set_count(a->lfs); j++)
    ws_buffer_clear(&a->lf_keys[j]);
  for (size_t k = 0; a->class_names && k < ws_task_classes(a->task); k++)
    ws_buffer_clear(&a->class_names[k]);
  ws_free(a->lf_keys);
  ws_free(a->class_names);
}

static ws_status put_vote(apply *a, size_t j, int32_t label, const char *front) {
  WS_TRY(ws_buffer_string(&a->line, front));
  WS_TRY(ws_buffer_text(&a->line, ws_buffer_as_text(&a->lf_keys[j])));
  return ws_buffer_text(&a->line, ws_buffer_as_text(&a->class_names[label]));
}

/* {"id": ..., "votes": {LF: NAME}}; abstaining LFs are left out. */
static ws_status put_json(apply *a, ws_text id, const int32_t *labels) {
  const char *front = "";
  WS_TRY(ws_buffer_string(&a->line, "{\"id\":"));
  WS_TRY(quote_json(id, ",\"votes\":{", &a->line));
  for (size_t j = 0; j < ws_lf_set_count(a->lfs); j++) {
    if (labels[j] < 0) continue;
    WS_TRY(put_vote(a, j, labels[j], front));
    front = ",";
  }
  return ws_buffer_string(&a->line, "}}\n");
}

static ws_status put_csv(apply *a, ws_text id, const int32_t *labels) {
  WS_TRY(ws_csv_cell(&a->line, id));
  for (size_t j = 0; j < ws_lf_set_count(a->lfs); j++) {
    WS_TRY(ws_buffer_string(&a->line, ","));
    if (labels[j] >= 0)
      WS_TRY(ws_csv_cell(&a->line, ws_task_class(a->task, (size_t)labels[j])));
  }
  return ws_buffer_string(&a->line, "\n");
}

static ws_status put_header(apply *a) {
  WS_TRY(ws_buffer_string(&a->line, "id"));
  for (size_t j = 0; j < ws_lf_set_count(a->lfs); j++) {
    WS_TRY(ws_buffer_string(&a->line, ","));
    WS_TRY(ws_csv_cell(&a->line, ws_text_of(ws_lf_set_at(a->lfs, j)->name)));
  }
  return ws_buffer_string(&a->line, "\n");
}

static ws_status write_line(apply *a, ws_error *err) {
  ws_status status = ws_output_write(a->output, ws_buffer_as_text(&a->line), err);
  a->line.size = 0;
  return status;
}

static ws_status put_record(apply *a, ws_text id, const int32_t *labels, ws_error *err) {
  ws_status status = a->form == CSV ? put_csv(a, id, labels) : put_json(a, id, labels);
  return status == WS_OK ? write_line(a, err) : ws_error_nomem(err);
}

static ws_status begin(apply *a, ws_error *err) {
  if (quote_names(a) != WS_OK) return ws_error_nomem(err);
  if (a->form != CSV) return WS_OK;
  return put_header(a) == WS_OK ? write_line(a, err) : ws_error_nomem(err);
}

static ws_status on_record(void *user, const ws_record *record, const int32_t *labels,
                           ws_error *err) {
  apply *a = user;
  setup_look_for_id(&a->setup, a->task, record);
  if (missing_fields_record(&a->part.missing, a->lfs, record->fields) != WS_OK)
    return ws_error_nomem(err);
  WS_TRY(skips_write(&a->skips, err));
  a->skips.answered += a->skips.step;
  return put_record(a, record->id, labels, err);
}

static ws_status on_idle(void *user, ws_error *err) {
  apply *a = user;
  WS_TRY(skips_write(&a->skips, err));
  return ws_output_flush(a->output, err);
}

/* Who sends records and waits for their votes gets a line for a bad one, too. */
static void answer_skipped(apply *a) {
  ws_reader_options *how = &a->setup.reader;
  a->skips.output = a->output;
  a->skips.answered = how->shard;
  a->skips.tell = how->skipped;
  a->skips.tell_user = how->skipped_user;
  how->skipped = skips_take;
  how->skipped_user = &a->skips;
}

/* Before an error is said, what is known of the records before it is written. */
static ws_status answer_all(apply *a, ws_status status, ws_error *err) {
  ws_status wrote = ws_output_flush(a->output, status == WS_OK ? err : NULL);
  return status == WS_OK ? wrote : status;
}

static ws_status stream(apply *a, const char *path, bool answers, ws_error *err) {
  ws_reader *reader = NULL;
  a->setup.reader.progress = bar_reading_sink(&a->bar);
  a->setup.apply.idle = on_idle;
  a->setup.apply.quarantine_share = 1; // nothing can be taken back
  a->part.path = path;
  a->part.streamed = true;
  a->skips.step = a->setup.reader.shards > 1 ? a->setup.reader.shards : 1;
  WS_TRY(begin(a, err));
  if (answers) answer_skipped(a);
  WS_TRY(ws_reader_open(path, a->task, &a->setup.reader, &reader, err));
  a->skips.reader = reader;
  ws_status status =
      ws_apply(a->lfs, reader, &a->setup.apply, on_record, a, &a->part.report, err);
  if (status == WS_OK) status = skips_write(&a->skips, err);
  if (status != WS_OK || ws_reader_rows(reader) == 0) status = answer_all(a, status, err);
  a->part.skipped = ws_reader_skipped(reader);
  ws_reader_free(reader);
  return status;
}

/* labels: [M], room for those of one record. */
static ws_status write_rows(apply *a, int32_t *labels, ws_error *err) {
  const ws_votes *votes = a->part.votes;
  size_t lfs = ws_votes_lfs(votes), classes = ws_votes_classes(votes);
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    char digits[24];
    ws_pattern pattern = ws_votes_pattern(votes, ws_votes_row_pattern(votes, i));
    for (size_t j = 0; j < lfs; j++) labels[j] = WS_ABSTAIN;
    for (size_t c = 0; c < pattern.size; c++)
      labels[pattern.columns[c] / classes] = (int32_t)(pattern.columns[c] % classes);
    WS_TRY(put_record(a, ws_votes_row_id(votes, i, digits), labels, err));
  }
  return WS_OK;
}

static ws_status write_lines(apply *a, const char *path, ws_error *err) {
  WS_TRY(part_apply(&a->part, &a->setup, a->task, a->lfs, path, false, err));
  int32_t *labels = ws_alloc_array(ws_lf_set_count(a->lfs), sizeof *labels);
  if (!labels) return ws_error_nomem(err);
  ws_status status = begin(a, err);
  if (status == WS_OK) status = write_rows(a, labels, err);
  ws_free(labels);
  return status;
}

static ws_status write_votes(apply *a, const char *path, ws_error *err) {
  WS_TRY(part_apply(&a->part, &a->setup, a->task, a->lfs, path, false, err));
  if (ws_votes_encode(a->part.votes, &a->line) != WS_OK) return ws_error_nomem(err);
  return write_line(a, err);
}

/* In a CSV an LF is a column as the fields of a record are: `fit --votes` would take one
 * that is called as a field for that field. */
static ws_status check_columns(const apply *a, ws_error *err) {
  const char *const fields[] = {"id", ws_task_get(a->task, WS_TASK_ID),
                                ws_task_get(a->task, WS_TASK_TEXT),
                                ws_task_get(a->task, WS_TASK_GOLD)};
  for (size_t j = 0; a->form == CSV && j < ws_lf_set_count(a->lfs); j++)
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
      if (fields[i] && strcmp(ws_lf_set_at(a->lfs, j)->name, fields[i]) == 0)
        return ws_error_set(
            err, WS_EINVAL,
            "a CSV of votes cannot hold the labeling function '%s', which "
            "is called as a field of the records: give it another name, "
            "or write --format jsonl",
            fields[i]);
  return WS_OK;
}

static ws_status run_steps(apply *a, ws_error *err) {
  const char *path = a->o->argument_count > 1 ? a->o->arguments[1] : NULL;
  const char *out = a->o->out ? a->o->out : "-";
  WS_TRY(setup_task(a->o, a->o->arguments[0], &a->task, err));
  if (!path) WS_TRY(setup_path(a->task, WS_TASK_DATA, &path, err));
  bool piped = strcmp(path, "-") == 0; // and is not kept
  if (!piped) WS_TRY(setup_cache(&a->setup, a->o->arguments[0], err));
  WS_TRY(setup_lfs(&a->setup, a->o->arguments[0], a->task, &a->lfs, err));
  load_errors_say(load_errors_of(a->lfs));
  WS_TRY(check_columns(a, err));
  WS_TRY(ws_output_open(out, &a->output, err));
  // What streams to a reader need not be unique, and must not cost memory.
  if (piped && a->form != WSV) a->setup.reader.unique_ids = false;
  if (piped) a->setup.reader.optional_id = true;
  a->setup.reader.need_gold = a->form == WSV;
  bool shown = strcmp(out, "-") == 0, streams = piped || shown;
  WS_TRY(a->form == WSV ? write_votes(a, path, err)
         : streams      ? stream(a, path, piped && shown && a->form == JSONL, err)
                        : write_lines(a, path, err));
  ws_output *output = a->output;
  a->output = NULL;
  return ws_output_commit(output, err);
}

static void apply_clear(apply *a) {
  ws_output_abort(a->output);
  ws_buffer_clear(&a->line);
  clear_names(a);
  skips_clear(&a->skips);
  part_clear(&a->part);
  ws_lf_set_free(a->lfs);
  ws_task_free(a->task);
  setup_clear(&a->setup);
}

/* Without --format as --out ends: a votes file but for .jsonl and .csv; JSONL on standard
 * output. */
static form default_form(const char *out) {
  if (!out || strcmp(out, "-") == 0 || ends_with(out, ".jsonl")) return JSONL;
  return ends_with(out, ".csv") ? CSV : WSV;
}

static bool choose_form(const command *self, const options *o, form *out) {
  static const char *const names[] = {"jsonl", "csv", "wsv"};
  const char *ending = o->out ? path_ending(o->out) : NULL;
  *out = default_form(o->out);
  if (!o->format && *out == WSV && ending && strcmp(ending, ".wsv") != 0)
    return say_usage(self,
                     "--out: expected a name that ends in .wsv, .jsonl or .csv, or "
                     "--format, found '%s'",
                     o->out);
  for (size_t i = 0; o->format && i < 3; i++)
    if (strcmp(o->format, names[i]) == 0) {
      *out = (form)i;
      return true;
    }
  return !o->format ||
         say_usage(self, "--format: expected wsv, jsonl or csv, found '%s'", o->format);
}

static int run(const command *self, const options *o) {
  ws_error err = WS_ERROR_INIT;
  apply a = {.o = o, .bar = bar_new(o)};
  if (!choose_form(self, o, &a.form)) return EXIT_USAGE;
  if (o->argument_count > 1 && strcmp(o->arguments[1], "-") != 0) {
    say_usage(self,
              "expected LFS, and '-' where records come from standard input, found '%s'",
              o->arguments[1]);
    return EXIT_USAGE;
  }
  if (!setup_init(&a.setup, self, o, &a.bar)) return EXIT_USAGE;
  ws_status status = run_steps(&a, &err);
  bar_clear(&a.bar);
  part_say_cached(&a.part, &a.setup);
  if (a.lfs) part_say_errors(&a.part, 1, a.lfs, o);
  if (a.lfs) part_say_missing(&a.part, a.lfs);
  part_say_skipped(&a.part);
  a.setup.told += a.part.skipped;
  if (status == WS_OK) part_say_gold_field(&a.part, a.task, o, false);
  apply_clear(&a);
  return status == WS_OK ? EXIT_DONE : say_failure(&err);
}

const command cmd_apply = {
    .name = "apply",
    .arguments = "LFS [-]",
    .summary = "votes of the labeling functions on records",
    .details =
        "Applies the labeling functions in the folder LFS to the data of the task, or "
        "with\n"
        "'-' to records from standard input. Writes {\"id\", \"votes\": {LF: CLASS}} a "
        "line to\n"
        "standard output, one for each record in its order; with --out a votes file.\n"
        "--format: jsonl, csv or wsv. --shard I/N: only the I-th, N+I-th, ... record, "
        "under\n"
        "the ids of the whole; merge puts the votes files of all N together.\n",
    .examples = "weaksup apply lfs/ --out votes.wsv\n"
                "# Votes of a stream\n"
                "tail -F comments.jsonl | weaksup apply lfs/ -\n",
    .takes = (const char *const[]){"task",     "classes",    "data",         "text",
                                   "gold",     "id",         "input-format", "on-error",
                                   "max-line", "shard",      "max-errors",   "quarantine",
                                   "jobs",     "chunk",      "lf-steps",     "lf-memory",
                                   "lf-time",  "keep-going", "no-jit",       "no-cache",
                                   "cache",    "out",        "apply:format", "quiet",
                                   "verbose",  NULL},
    .least = 1,
    .most = 2,
    .run = run,
};
