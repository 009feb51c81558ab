/* SPDX-License-Identifier: MIT
 *
 * The records that the page shows: their fields, from the file that the manifest names,
 * and what the LFs match in them, from workers that call them once more. Both only where
 * file and LFs are those of the run: everything else could show a record what was never
 * said of it.
 */
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/json.h>

#include "report.h"
#include "report_page.h"
#include "run_folder.h"
#include "run_paths.h"
#include "say.h"
#include "stop.h"

/* --- which -------------------------------------------------------------------------- */

static int compare_records(const void *a, const void *b) {
  const report_record *x = a, *y = b;
  return x->row < y->row ? -1 : x->row > y->row;
}

static ws_status list_records(report *r) {
  size_t count = 0, kept = 0;
  for (int kind = 0; kind < WS_EXAMPLE_KINDS; kind++)
    count += r->examples.kinds[kind].picked;
  r->records = ws_alloc_zero(count, sizeof *r->records);
  if (!r->records) return WS_ENOMEM;
  count = 0;
  for (int kind = 0; kind < WS_EXAMPLE_KINDS; kind++)
    for (size_t i = 0; i < r->examples.kinds[kind].picked; i++)
      r->records[count++].row = r->examples.kinds[kind].rows[i];
  if (count) qsort(r->records, count, sizeof *r->records, compare_records);
  for (size_t i = 0; i < count; i++)
    if (i == 0 || r->records[i].row != r->records[kept - 1].row)
      r->records[kept++] = r->records[i];
  r->record_count = kept;
  return WS_OK;
}

const report_record *report_record_of(const report *r, size_t row) {
  report_record key = {.row = row};
  return bsearch(&key, r->records, r->record_count, sizeof key, compare_records);
}

/* --- their fields ------------------------------------------------------------------- */

static ws_status keep_fields(report *r, const ws_record *record) {
  ws_json_writer json = {.out = &r->lines};
  ws_json_value(&json, record->fields);
  WS_TRY(json.status);
  return ws_buffer_append(&r->lines, "\n", 1);
}

/* Keeps the record if it is the next one that is wanted. */
static ws_status take(report *r, const ws_record *record, size_t *next, size_t *found) {
  char digits[24];
  if (*next == r->record_count) return WS_OK;
  report_record *wanted = &r->records[*next];
  if (record->row < ws_votes_row_number(r->votes, wanted->row)) return WS_OK;
  ++*next;
  bool same = record->row == ws_votes_row_number(r->votes, wanted->row) &&
              record->fields.at &&
              ws_text_equal(record->id, ws_votes_row_id(r->votes, wanted->row, digits));
  if (!same) return WS_OK;
  wanted->found = true;
  wanted->at = (*found)++;
  return keep_fields(r, record);
}

static ws_status take_all(report *r, ws_reader *reader, ws_error *err) {
  enum { RECORDS = 1024, BYTES = 1 << 20 };
  ws_records *batch = NULL;
  size_t added = 1, next = 0, found = 0;
  ws_status status = ws_records_new(&batch) == WS_OK ? WS_OK : ws_error_nomem(err);
  while (status == WS_OK && added && next < r->record_count) {
    ws_records_clear(batch);
    status = ws_reader_read(reader, batch, RECORDS, BYTES, &added, err);
    for (size_t i = 0; status == WS_OK && i < added; i++) {
      ws_record record = ws_records_at(batch, i);
      if (take(r, &record, &next, &found) != WS_OK) status = ws_error_nomem(err);
    }
  }
  ws_records_free(batch);
  return status;
}

/* Reads as fit did: a record that it skipped has a row, too. */
static ws_status read_file(report *r, const char *path, ws_error *err) {
  ws_value said = ws_value_get(r->manifest, ws_text_of("options"));
  ws_reader *reader = NULL;
  ws_reader_options how = r->setup.reader;
  how.need_gold = false;
  how.need_text = !run_is_ready_made(r->manifest);
  how.unique_ids = false;
  how.skipped = NULL;
  how.optional_id = run_is_ready_made(r->manifest);
  if (run_is_ready_made(r->manifest)) how.default_id = "id";
  if (ws_text_equals(page_text_of(said, "on_error"), "skip")) how.on_error = WS_SKIP;
  WS_TRY(ws_reader_open(path, r->task, &how, &reader, err));
  ws_status status = take_all(r, reader, err);
  ws_reader_free(reader);
  return status;
}

/* A reader of the lines `from` .. `end` of those that were kept. */
static ws_status open_lines(const report *r, size_t from, size_t end, ws_reader **out,
                            ws_error *err) {
  ws_reader_options how = ws_reader_options_default();
  how.format = WS_INPUT_JSONL;
  how.max_line = end - from + 1;
  how.need_gold = false;
  how.need_text = false;
  how.unique_ids = false;
  how.optional_id = true;
  ws_text bytes = {r->lines.data + from, end - from};
  return ws_reader_open_memory("record", bytes, r->task, &how, out, err);
}

static ws_status read_lines(report *r, ws_error *err) {
  ws_reader *reader = NULL;
  size_t added = 1;
  if (ws_records_new(&r->batch) != WS_OK) return ws_error_nomem(err);
  if (r->lines.size == 0) return WS_OK;
  WS_TRY(open_lines(r, 0, r->lines.size, &reader, err));
  ws_status status = WS_OK;
  while (status == WS_OK && added)
    status = ws_reader_read(reader, r->batch, SIZE_MAX, SIZE_MAX, &added, err);
  ws_reader_free(reader);
  return status;
}

static bool attach_fields(report *r) {
  bool any = false;
  const char *name = ws_task_get(r->task, WS_TASK_TEXT);
  for (size_t i = 0; i < r->record_count; i++) {
    report_record *record = &r->records[i];
    if (!record->found) continue;
    record->fields = ws_records_at(r->batch, record->at).fields;
    ws_value text = ws_value_get(record->fields, ws_text_of(name));
    if (ws_value_is(text, WS_STRING)) record->text = ws_value_text(text);
    any = any || record->text.data;
  }
  return any;
}

/* What is wrong with the file is said on the page; memory and signals end the command. */
static ws_status or_note(ws_status status, const ws_error *why, ws_buffer *note,
                         ws_error *err) {
  if (status == WS_OK) return WS_OK;
  if (status == WS_ENOMEM || status == WS_ESTOPPED) {
    if (err) *err = *why;
    return status;
  }
  note->size = 0;
  return ws_buffer_string(note, why->message) == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status explain_absence(report *r, const char *path) {
  if (r->no_texts.size) return WS_OK;
  if (run_is_ready_made(r->manifest))
    return ws_buffer_printf(&r->no_texts,
                            "the votes were ready-made, and %s has no texts of these "
                            "records (--data FILE names the records)",
                            path);
  return ws_buffer_printf(&r->no_texts, "%s: no record has these ids", path);
}

/* *path: the file to read, which is the run's by its hash; NULL: none, and why is said.
 * Of ready-made votes --data may be what fit had as its texts: the manifest does not
 * know, ids decide. */
static ws_status choose_file(report *r, const char **path) {
  const char *digest, *named = report_path_of(r, "data", &digest);
  const char *given = r->o->keys[WS_TASK_DATA];
  bool same = true;
  *path = given ? given : named;
  if (!*path) return ws_buffer_string(&r->no_texts, "the run does not name its data");
  if (!given || !run_is_ready_made(r->manifest))
    WS_TRY(report_same_file(*path, digest, &same, &r->no_texts));
  if (same) return WS_OK;
  *path = NULL;
  return given ? WS_OK
               : ws_buffer_string(&r->no_texts, " (--data FILE names the records, which "
                                                "must be the same)");
}

static ws_status find_fields(report *r, ws_error *err) {
  ws_error why = WS_ERROR_INIT;
  const char *path;
  if (choose_file(r, &path) != WS_OK) return ws_error_nomem(err);
  if (!path) return WS_OK;
  ws_status status = read_file(r, path, &why);
  if (status == WS_OK) status = read_lines(r, &why);
  if (status == WS_OK && attach_fields(r)) return WS_OK;
  if (!run_is_ready_made(r->manifest) || status == WS_ENOMEM || status == WS_ESTOPPED)
    WS_TRY(or_note(status, &why, &r->no_texts, err));
  return explain_absence(r, path) == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* --- what matches in them ----------------------------------------------------------- */

static ws_status map_lfs(report *r) {
  size_t M = ws_votes_lfs(r->votes);
  r->lf_of = ws_alloc_array(M, sizeof *r->lf_of);
  if (!r->lf_of) return WS_ENOMEM;
  for (size_t j = 0; j < M; j++) {
    size_t at = 0, count = ws_lf_set_count(r->lfs);
    while (at < count &&
           !ws_text_equals(ws_votes_lf(r->votes, j), ws_lf_set_at(r->lfs, at)->name))
      at++;
    r->lf_of[j] = at < count ? at : SIZE_MAX;
  }
  return WS_OK;
}

/* The LFs of the run, if they are still what they were: r->lfs. */
static ws_status load_lfs(report *r, ws_error *err) {
  ws_error why = WS_ERROR_INIT;
  ws_value object = run_file_of(r->manifest, "lfs");
  if (run_is_ready_made(r->manifest))
    return ws_buffer_string(&r->no_spans, "the votes were ready-made");
  const char *path = report_kept_path(r, object);
  if (!path) return WS_ENOMEM;
  r->setup.lf.keep_going = true; // what did not load then is no error now
  ws_status status = ws_lf_set_load(path, r->task, &r->setup.lf, &r->lfs, &why);
  WS_TRY(or_note(status, &why, &r->no_spans, err));
  if (!r->lfs) return WS_OK;
  if (ws_text_equals(run_file_hash(object), ws_lf_set_digest(r->lfs))) return map_lfs(r);
  ws_lf_set_free(r->lfs);
  r->lfs = NULL;
  return ws_buffer_printf(&r->no_spans, "%s: files changed since the run was made", path);
}

static ws_status on_record(void *user, const ws_record *record, const int32_t *labels,
                           ws_error *err) {
  (void)user;
  (void)record;
  (void)labels;
  (void)err;
  return WS_OK;
}

/* Calls all LFs on all records once: those that run into a limit are not traced. */
static ws_status apply(report *r, ws_apply_report **out, ws_error *err) {
  ws_reader *reader = NULL;
  WS_TRY(open_lines(r, 0, r->lines.size, &reader, err));
  ws_status status = ws_apply(r->lfs, reader, &r->setup.apply, on_record, NULL, out, err);
  ws_reader_free(reader);
  return status;
}

/* Of the others there is nothing to show. */
static void mark_voters(const report *r, size_t row, bool *wanted) {
  size_t K = ws_votes_classes(r->votes);
  ws_pattern pattern = ws_votes_pattern(r->votes, ws_votes_row_pattern(r->votes, row));
  for (size_t i = 0; i < pattern.size; i++)
    if (r->lf_of[pattern.columns[i] / K] != SIZE_MAX)
      wanted[r->lf_of[pattern.columns[i] / K]] = true;
}

static ws_status trace(report *r, report_record *record, size_t from, size_t end,
                       const ws_apply_report *applied, ws_error *err) {
  ws_reader *reader = NULL;
  ws_records *one = NULL;
  size_t added;
  bool *wanted = ws_alloc_zero(ws_lf_set_count(r->lfs), sizeof *wanted);
  ws_status status =
      wanted && ws_records_new(&one) == WS_OK ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) status = open_lines(r, from, end, &reader, err);
  if (status == WS_OK) status = ws_reader_read(reader, one, 1, 1, &added, err);
  if (status == WS_OK) {
    mark_voters(r, record->row, wanted);
    status = ws_trace_some_new(r->lfs, one, applied, wanted, &record->traces, err);
  }
  ws_free(wanted);
  ws_reader_free(reader);
  ws_records_free(one);
  return status;
}

static bool has_votes(const report *r, const report_record *record) {
  size_t u = ws_votes_row_pattern(r->votes, record->row);
  return ws_votes_pattern(r->votes, u).size > 0;
}

static ws_status trace_all(report *r, const ws_apply_report *applied, ws_error *err) {
  size_t from = 0;
  for (size_t i = 0; i < r->record_count; i++) {
    report_record *record = &r->records[i];
    if (!record->found) continue;
    const char *line = r->lines.data + from;
    size_t end = from + (size_t)(strchr(line, '\n') - line) + 1;
    if (stop_wanted()) return ws_error_set(err, WS_ESTOPPED, "interrupted");
    if (has_votes(r, record)) WS_TRY(trace(r, record, from, end, applied, err));
    from = end;
  }
  return WS_OK;
}

static ws_status find_matches(report *r, ws_error *err) {
  ws_error why = WS_ERROR_INIT;
  ws_apply_report *applied = NULL;
  if (!r->lfs || r->lines.size == 0) return WS_OK;
  ws_status status = apply(r, &applied, &why);
  if (status == WS_OK) status = trace_all(r, applied, &why);
  ws_apply_report_free(applied);
  return or_note(status, &why, &r->no_spans, err);
}

ws_status report_find_records(report *r, ws_error *err) {
  if (list_records(r) != WS_OK) return ws_error_nomem(err);
  WS_TRY(find_fields(r, err));
  ws_status status = load_lfs(r, err);
  if (status == WS_ENOMEM) return ws_error_nomem(err);
  WS_TRY(status);
  return find_matches(r, err);
}

void report_clear_records(report *r) {
  for (size_t i = 0; i < r->record_count; i++) ws_trace_free(r->records[i].traces);
  ws_free(r->records);
  ws_free(r->lf_of);
  ws_records_free(r->batch);
  ws_buffer_clear(&r->lines);
  ws_buffer_clear(&r->no_texts);
  ws_buffer_clear(&r->no_spans);
}
