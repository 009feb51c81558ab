/* SPDX-License-Identifier: MIT
 *
 * Ready-made votes in the wide forms: JSON Lines with a list or an object of votes, CSV
 * and TSV with one column an LF. The rows are read as records, so the readers' checks
 * hold here too.
 */
#include <weaksup/votes_file.h>

#include <stdlib.h>

#include <weaksup/alloc.h>

#include "input.h"
#include "reader_priv.h"
#include "scores_hint.h"
#include "votes_import.h"

typedef struct wide {
  const char *path;
  const ws_task *task;
  const ws_votes_import_options *options;
  ws_votes_builder *builder;
  const ws_text *columns; // of CSV; NULL for JSON Lines
  size_t column_count;
  int64_t *column_lf; // [column_count] the LF of the column; -1: none
  ws_type form;     // of JSON: WS_ARRAY or WS_OBJECT as the first record; WS_NULL before
  size_t list_size; // of JSON lists: how many votes
  ws_vote *row;     // the votes of the record at hand
  size_t count, capacity;
  uint64_t taken; // records that were added
} wide;

ws_votes_import_options ws_votes_import_options_default(void) {
  ws_votes_import_options options = {.reader = ws_reader_options_default()};
  options.reader.need_text = false;
  options.reader.default_id = "id";
  return options;
}

static ws_status add_vote(wide *w, uint32_t lf, int32_t label, ws_error *err) {
  if (label == WS_ABSTAIN) return WS_OK;
  if (!ws_grow(&w->row, &w->capacity, w->count + 1, sizeof *w->row))
    return ws_error_nomem(err);
  w->row[w->count++] = (ws_vote){lf, label};
  return WS_OK;
}

static ws_status read_vote(const wide *w, ws_text lf, ws_value value, int32_t *label,
                           ws_error *err) {
  ws_status status = ws_task_label(w->task, value, label, err);
  if (status == WS_EPARSE) ws__hint_score(value, err);
  if (status != WS_OK) ws_error_prefix(err, "the vote of '%.*s': ", WS_TEXT_ARG(lf));
  return status;
}

/* The LFs of a list are called lf0, lf1, ... */
static ws_status name_list(wide *w, size_t size, ws_error *err) {
  uint32_t lf;
  ws_buffer name = {0};
  ws_status status = WS_OK;
  w->list_size = size;
  for (size_t j = 0; status == WS_OK && j < size; j++) {
    name.size = 0;
    status = ws_buffer_printf(&name, "lf%zu", j);
    if (status == WS_OK)
      status = ws_votes_builder_lf(w->builder, ws_buffer_as_text(&name), &lf, err);
    else
      ws_error_nomem(err);
  }
  ws_buffer_clear(&name);
  return status;
}

/* The labels are looked at before an LF is named: a record that is skipped leaves none.
 */
static ws_status take_list(wide *w, ws_value list, ws_error *err) {
  ws_text key;
  ws_value value;
  size_t size = ws_value_count(list);
  if (w->form == WS_ARRAY && size != w->list_size)
    return ws_error_set(err, WS_EPARSE, "expected %zu votes, as before, found %zu",
                        w->list_size, size);
  ws_value_iter it = ws_value_each(list);
  for (uint32_t j = 0; ws_value_next(&it, &key, &value); j++) {
    int32_t label;
    ws_status status = ws_task_label(w->task, value, &label, err);
    if (status == WS_EPARSE) ws__hint_score(value, err);
    if (status != WS_OK) ws_error_prefix(err, "vote %u: ", (unsigned)j);
    WS_TRY(status);
    WS_TRY(add_vote(w, j, label, err));
  }
  return w->form == WS_ARRAY ? WS_OK : name_list(w, size, err);
}

static int by_lf(const void *a, const void *b) {
  uint32_t left = ((const ws_vote *)a)->lf, right = ((const ws_vote *)b)->lf;
  return (left > right) - (left < right);
}

static ws_status take_object(wide *w, ws_value object, ws_error *err) {
  ws_text name;
  ws_value value;
  int32_t label;
  for (ws_value_iter it = ws_value_each(object); ws_value_next(&it, &name, &value);) {
    if (name.size == 0) return ws_error_set(err, WS_EPARSE, "an LF has an empty name");
    WS_TRY(read_vote(w, name, value, &label, err));
  }
  for (ws_value_iter it = ws_value_each(object); ws_value_next(&it, &name, &value);) {
    uint32_t lf;
    WS_TRY(ws_votes_builder_lf(w->builder, name, &lf, err));
    WS_TRY(read_vote(w, name, value, &label, err));
    WS_TRY(add_vote(w, lf, label, err));
  }
  if (w->count) qsort(w->row, w->count, sizeof *w->row, by_lf);
  return WS_OK;
}

static ws_status no_votes(const wide *w, const ws_record *record, ws_error *err) {
  char found[WS__LIST_SIZE];
  ws_status status =
      ws_error_set(err, WS_EPARSE,
                   "expected votes, a list or an object in the field 'votes', found a "
                   "record with %s",
                   ws__list_fields(record->fields, found, sizeof found));
  ws__hint_scores(w->task, record->fields, err);
  return status;
}

/* All records have their votes in the same form: names and positions cannot be told to be
 * the same LFs. */
static ws_status take_json(wide *w, const ws_record *record, ws_error *err) {
  ws_value votes = ws_value_get(record->fields, ws_text_of("votes"));
  ws_type form = ws_value_type(votes);
  bool known = form == WS_ARRAY || form == WS_OBJECT;
  if (!votes.at) return no_votes(w, record, err);
  if (!known || (w->form != WS_NULL && w->form != form))
    return ws_error_set(err, WS_EPARSE, "expected %s in the field 'votes', found %s",
                        w->form == WS_ARRAY    ? "a list, as before,"
                        : w->form == WS_OBJECT ? "an object, as before,"
                                               : "a list or an object",
                        ws_value_type_text(votes));
  WS_TRY(form == WS_ARRAY ? take_list(w, votes, err) : take_object(w, votes, err));
  w->form = form;
  return WS_OK;
}

static ws_status take_columns(wide *w, const ws_record *record, ws_error *err) {
  ws_text key;
  ws_value value;
  ws_value_iter it = ws_value_each(record->fields);
  for (size_t c = 0; c < w->column_count && ws_value_next(&it, &key, &value); c++) {
    int32_t label;
    if (w->column_lf[c] < 0) continue;
    WS_TRY(read_vote(w, key, value, &label, err));
    WS_TRY(add_vote(w, (uint32_t)w->column_lf[c], label, err));
  }
  return WS_OK;
}

static bool is_field(const wide *w, ws_text column) {
  const char *names[] = {
      ws_task_get(w->task, WS_TASK_ID), ws_task_get(w->task, WS_TASK_TEXT),
      ws_task_get(w->task, WS_TASK_GOLD), w->options->reader.default_id};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (names[i] && ws_text_equals(column, names[i])) return true;
  return false;
}

/* The header of the long form, read as the wide one: no votes would come of it. */
static bool looks_long(const wide *w) {
  static const char *const names[] = {"item", "worker", "label"};
  if (w->options->format != WS_VOTES_AUTO || w->column_count != 3) return false;
  for (size_t c = 0; c < 3; c++)
    if (!ws_text_equals(w->columns[c], names[c])) return false;
  return true;
}

/* What a label can be, and nothing that one would call an LF: "-1", "1.0", "", "SPAM". */
static bool is_vote(const ws_task *task, ws_text cell) {
  int32_t label;
  int64_t number;
  ws_error ignored;
  return ws_text_to_whole(cell, &number) ||
         ws_task_label_text(task, cell, &label, &ignored) == WS_OK;
}

/* A matrix without a header: its first record would be taken for names, and be lost. */
static ws_status refuse_votes(const wide *w, const char *path, ws_error *err) {
  ws_text first = w->columns[0];
  for (size_t c = 0; c < w->column_count; c++)
    if (!is_vote(w->task, w->columns[c])) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "%s:1: expected a header with the names of the labeling functions, "
                      "found votes ('%.*s'%s): write a line such as lf0,lf1 above them, "
                      "or lines such as {\"votes\": [0, -1]}",
                      ws__input_name(path), WS_TEXT_ARG(first),
                      w->column_count > 1 ? ", ..." : "");
}

static ws_status map_columns(wide *w, const char *path, ws_reader *reader,
                             ws_error *err) {
  w->columns = ws_reader_columns(reader, &w->column_count);
  if (!w->columns) return WS_OK;
  if (looks_long(w))
    return ws_error_set(
        err, WS_EPARSE,
        "%s:1: expected one column for each labeling function, found item, "
        "worker and label: --votes-format long reads one vote a row",
        ws__input_name(path));
  WS_TRY(refuse_votes(w, path, err));
  bool any = false;
  w->column_lf = ws_alloc_array(w->column_count, sizeof *w->column_lf);
  if (!w->column_lf) return ws_error_nomem(err);
  for (size_t c = 0; c < w->column_count; c++) {
    uint32_t lf;
    w->column_lf[c] = -1;
    if (is_field(w, w->columns[c])) continue;
    if (w->columns[c].size == 0)
      return ws_error_set(err, WS_EPARSE,
                          "%s: expected an LF's name over column %zu, found none",
                          ws__input_name(path), c + 1);
    WS_TRY(ws_votes_builder_lf(w->builder, w->columns[c], &lf, err));
    w->column_lf[c] = lf;
    any = true;
  }
  if (any) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "%s:1: expected a column with the votes of each labeling function, "
                      "found none: these are records, not votes",
                      ws__input_name(path));
}

static ws_status take_record(wide *w, const ws_record *record, ws_error *err) {
  w->count = 0;
  WS_TRY(w->columns ? take_columns(w, record, err) : take_json(w, record, err));
  if (w->options->each && !w->options->each(w->options->each_user, record))
    return ws_error_set(err, WS_ESTOPPED, "%s", ws_status_text(WS_ESTOPPED));
  if (ws_votes_builder_add_at(w->builder, record->row, record->id, record->gold, w->row,
                              w->count) != WS_OK)
    return ws_error_nomem(err);
  w->taken++;
  return WS_OK;
}

/* A bad row is the reader's kind of error: it gets the position, and can be skipped. */
static ws_status handle(const wide *w, const ws_record *record, ws_status status,
                        ws_error *err) {
  const ws_reader_options *options = &w->options->reader;
  if (status != WS_EPARSE) return status;
  ws_error_prefix(err, "%s:%llu: ", ws__input_name(w->path),
                  (unsigned long long)record->line);
  if (options->on_error != WS_SKIP) return status;
  if (options->skipped) options->skipped(options->skipped_user, err);
  return WS_OK;
}

static ws_status on_record(void *user, const ws_record *record, ws_error *err) {
  wide *w = user;
  ws_error why;
  ws_status status = take_record(w, record, &why);
  if (status != WS_OK) status = handle(w, record, status, &why);
  if (status != WS_OK && err) *err = why;
  return status;
}

static ws_status read_wide(wide *w, ws_reader *reader, ws_error *err) {
  WS_TRY(map_columns(w, w->path, reader, err));
  WS_TRY(ws_reader_each(reader, on_record, w, err));
  if (w->taken) return WS_OK;
  return ws_error_set(err, WS_EPARSE, "%s: no record is left: all were skipped",
                      ws__input_name(w->path));
}

static ws_status import_wide(const char *path, const ws_task *task,
                             const ws_votes_import_options *options, ws_votes **out,
                             char digest[33], ws_error *err) {
  wide w = {.path = path, .task = task, .options = options};
  ws_reader *reader = NULL;
  ws_status status = ws_reader_open(path, task, &options->reader, &reader, err);
  if (status == WS_EPARSE) ws__hint_matrix(path, err);
  if (status != WS_OK) return status;
  if (ws_votes_builder_new(task, &w.builder) != WS_OK) status = ws_error_nomem(err);
  if (status == WS_OK) status = read_wide(&w, reader, err);
  if (status == WS_OK) {
    ws_reader_digest(reader, digest);
    if (ws_votes_builder_finish(w.builder, out) != WS_OK) status = ws_error_nomem(err);
  }
  ws_votes_builder_free(w.builder);
  ws_reader_free(reader);
  ws_free(w.column_lf);
  ws_free(w.row);
  return status;
}

/* --- .wsv --- */

static ws_status check_classes(const ws_votes *votes, const ws_task *task,
                               const char *path, ws_error *err) {
  size_t there = ws_votes_classes(votes), here = ws_task_classes(task);
  if (there != here)
    return ws_error_set(err, WS_EPARSE, "%s: expected %zu classes, found %zu", path, here,
                        there);
  for (size_t k = 0; k < here; k++)
    if (!ws_text_equal(ws_votes_class(votes, k), ws_task_class(task, k)))
      return ws_error_set(
          err, WS_EPARSE, "%s: expected '%.*s' as class %zu, found '%.*s'", path,
          WS_TEXT_ARG(ws_task_class(task, k)), k, WS_TEXT_ARG(ws_votes_class(votes, k)));
  return WS_OK;
}

static ws_status import_wsv(const char *path, const ws_task *task, ws_votes **out,
                            char digest[33], ws_error *err) {
  ws_votes *votes = NULL;
  WS_TRY(ws__votes_read(path, &votes, digest, err));
  ws_status status = check_classes(votes, task, path, err);
  if (status == WS_OK)
    *out = votes;
  else
    ws_votes_free(votes);
  return status;
}

ws_status ws_votes_import(const char *path, const ws_task *task,
                          const ws_votes_import_options *options, ws_votes **out,
                          char digest[33], ws_error *err) {
  ws_votes_import_options defaults = ws_votes_import_options_default();
  if (!options) options = &defaults;
  bool wsv = false;
  if (options->format == WS_VOTES_LONG)
    return ws__votes_import_long(path, task, options, out, digest, err);
  if (options->format == WS_VOTES_AUTO) WS_TRY(ws__is_votes_file(path, &wsv, err));
  if (wsv) return import_wsv(path, task, out, digest, err);
  return import_wide(path, task, options, out, digest, err);
}
