/* SPDX-License-Identifier: MIT
 *
 * The reader: takes objects from a format and makes records of them. Everything that a
 * record must fulfil is checked here, for all formats alike; every message gets its
 * file:line here.
 */
#include <weaksup/reader.h>

#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>

#include "format.h"
#include "id_set.h"
#include "records_fill.h"

enum { PENDING = 64 };

/* An id that is not in the set yet. The set is larger than any cache: its place there is
 * asked for when the record is read, and looked at some records later. */
typedef struct pending_id {
  ws_hash128 hash;
  size_t record; // index in the batch
} pending_id;

struct ws_reader {
  char *path; // for messages
  const ws_task *task;
  ws_reader_options options;
  const ws__format *format;
  ws__format_state *state;
  ws__lines lines;
  ws__id_set ids;
  pending_id pending[PENDING];
  size_t pending_count;
  uint64_t rows, skipped;
  bool ended;
  bool looked, known;  // whether the file was hashed ahead, and could be
  ws_hash128 expected; // the hash of its bytes then
};

ws_reader_options ws_reader_options_default(void) {
  return (ws_reader_options){.max_line = (size_t)16 << 20,
                             .need_text = true,
                             .unique_ids = true,
                             .need_gold = true};
}

ws_text ws__without_cr(ws_text line) {
  if (line.size && line.data[line.size - 1] == '\r') line.size--;
  return line;
}

bool ws_input_format_find(ws_text name, ws_input_format *out) {
  static const char *const names[] = {"auto", "jsonl", "csv", "tsv", "text"};
  for (size_t i = WS_INPUT_JSONL; i <= WS_INPUT_TEXT; i++)
    if (ws_text_equals(name, names[i])) {
      *out = (ws_input_format)i;
      return true;
    }
  return false;
}

static bool ends_with(ws_text name, const char *ending) {
  size_t size = strlen(ending);
  return name.size >= size && memcmp(name.data + name.size - size, ending, size) == 0;
}

static ws_input_format format_of_name(const char *path) {
  static const struct {
    const char *ending;
    ws_input_format format;
  } known[] = {{".jsonl", WS_INPUT_JSONL}, {".ndjson", WS_INPUT_JSONL},
               {".json", WS_INPUT_JSONL},  {".csv", WS_INPUT_CSV},
               {".tsv", WS_INPUT_TSV},     {".tab", WS_INPUT_TSV},
               {".txt", WS_INPUT_TEXT}};
  ws_text name = ws_text_of(path);
  if (ends_with(name, ".gz")) name.size -= 3;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (ends_with(name, known[i].ending)) return known[i].format;
  return WS_INPUT_AUTO;
}

static ws_status choose_format(ws_reader *reader, ws_error *err) {
  static const ws__format *const formats[] = {NULL, &ws__format_jsonl, &ws__format_csv,
                                              &ws__format_tsv, &ws__format_text};
  ws_input_format format = reader->options.format;
  if (format == WS_INPUT_AUTO) format = format_of_name(reader->path);
  if (format == WS_INPUT_AUTO) {
    char first;
    WS_TRY(ws__lines_peek(&reader->lines, &first, err));
    if (first == '{' || first == '\0') format = WS_INPUT_JSONL;
  }
  if (format == WS_INPUT_AUTO)
    return ws_error_set(
        err, WS_EPARSE,
        "cannot tell the format: expected JSON Lines, or a name that ends in "
        ".jsonl, .csv, .tsv or .txt; --input-format names it");
  reader->format = formats[format];
  return WS_OK;
}

/* "id, text, label" for messages; the first few where there are many. */
static const char *list_names(const ws_text *names, size_t count, char *out,
                              size_t size) {
  size_t used = 0;
  out[0] = '\0';
  for (size_t i = 0; i < count; i++) {
    if (used + names[i].size + 8 > size) {
      memcpy(out + used, ", ...", 6);
      break;
    }
    if (i) memcpy(out + used, ", ", 2), used += 2;
    if (names[i].size) memcpy(out + used, names[i].data, names[i].size);
    used += names[i].size;
    out[used] = '\0';
  }
  return out;
}

static ws_status need_column(const ws_reader *reader, const char *name, ws_error *err) {
  char found[300];
  size_t count;
  const ws_text *columns = ws_reader_columns(reader, &count);
  for (size_t i = 0; i < count; i++)
    if (ws_text_equals(columns[i], name)) return WS_OK;
  return ws_error_set(err, WS_EPARSE, "expected a header with a column '%s', found %s",
                      name, list_names(columns, count, found, sizeof found));
}

/* What the records of a table cannot have where its header has not. */
static ws_status check_columns(const ws_reader *reader, ws_error *err) {
  const char *id = ws_task_get(reader->task, WS_TASK_ID);
  if (!reader->format->columns) return WS_OK;
  if (reader->options.need_text)
    WS_TRY(need_column(reader, ws_task_get(reader->task, WS_TASK_TEXT), err));
  return id && !reader->options.optional_id ? need_column(reader, id, err) : WS_OK;
}

static ws_status open_reader(ws_reader *reader, const char *path, const ws_text *memory,
                             ws_error *err) {
  WS_TRY(ws__lines_open(&reader->lines, path, memory, reader->options.max_line,
                        reader->options.progress, err));
  ws_status status = choose_format(reader, err);
  if (status == WS_OK)
    status = reader->format->open(&reader->lines, reader->task, &reader->state, err);
  if (status == WS_OK) status = check_columns(reader, err);
  if (status == WS_OK || status == WS_ENOMEM || status == WS_ESTOPPED) return status;
  if (reader->lines.line)
    ws_error_prefix(err, "%s:%llu: ", reader->path,
                    (unsigned long long)reader->lines.line);
  else
    ws_error_prefix(err, "%s: ", reader->path);
  return status;
}

/* `shown` is what messages call it. */
static ws_status open_source(const char *path, const char *shown, const ws_text *memory,
                             const ws_task *task, const ws_reader_options *options,
                             ws_reader **out, ws_error *err) {
  ws_reader *reader = ws_alloc_zero(1, sizeof *reader);
  if (!reader) return ws_error_nomem(err);
  reader->options = options ? *options : ws_reader_options_default();
  reader->task = task;
  reader->path = ws_alloc(strlen(shown) + 1);
  if (!reader->path) {
    ws_reader_free(reader);
    return ws_error_nomem(err);
  }
  memcpy(reader->path, shown, strlen(shown) + 1);
  ws_status status = open_reader(reader, path, memory, err);
  if (status != WS_OK) {
    ws_reader_free(reader);
    return status;
  }
  *out = reader;
  return WS_OK;
}

ws_status ws_reader_open(const char *path, const ws_task *task,
                         const ws_reader_options *options, ws_reader **out,
                         ws_error *err) {
  return open_source(path, ws__input_name(path), NULL, task, options, out, err);
}

ws_status ws_reader_open_memory(const char *name, ws_text bytes, const ws_task *task,
                                const ws_reader_options *options, ws_reader **out,
                                ws_error *err) {
  return open_source(name, name, &bytes, task, options, out, err);
}

void ws_reader_free(ws_reader *reader) {
  if (!reader) return;
  if (reader->state) reader->format->close(reader->state);
  ws__lines_close(&reader->lines);
  ws__id_set_clear(&reader->ids);
  ws_free(reader->path);
  ws_free(reader);
}

/* --- one record --- */

static ws_status no_field(const char *name, ws_value fields, ws_error *err) {
  enum { MOST = 32 };
  ws_text names[MOST];
  ws_value ignored;
  size_t count = 0;
  char found[300];
  ws_value_iter it = ws_value_each(fields);
  while (count < MOST && ws_value_next(&it, &names[count], &ignored)) count++;
  return ws_error_set(err, WS_EPARSE, "expected a field '%s', found %s", name,
                      count ? list_names(names, count, found, sizeof found) : "no field");
}

static ws_status find_text(const ws_reader *reader, ws_value fields, ws_value *out,
                           ws_error *err) {
  const char *name = ws_task_get(reader->task, WS_TASK_TEXT);
  ws_value value = ws_value_get(fields, ws_text_of(name));
  *out = ws_value_is(value, WS_STRING) ? value : (ws_value){NULL};
  if (out->at || !reader->options.need_text) return WS_OK;
  if (!value.at) return no_field(name, fields, err);
  return ws_error_set(err, WS_EPARSE, "expected a string in the field '%s', found %s",
                      name, ws_value_type_text(value));
}

static ws_status check_id(const char *name, ws_value id, ws_error *err) {
  if (ws_value_is(id, WS_INT)) return WS_OK;
  if (!ws_value_is(id, WS_STRING))
    return ws_error_set(err, WS_EPARSE,
                        "expected a string or an integer in the id field '%s', found %s",
                        name,
                        ws_value_is(id, WS_DOUBLE) ? "a number that is no integer"
                                                   : ws_value_type_text(id));
  if (ws_value_text(id).size == 0)
    return ws_error_set(err, WS_EPARSE, "the id field '%s' is empty", name);
  return WS_OK;
}

/* No value where the row number is the id: no id field is named, or the format has none.
 */
static ws_status find_id(const ws_reader *reader, ws_value fields, ws_value *out,
                         ws_error *err) {
  const char *name = ws_task_get(reader->task, WS_TASK_ID);
  const char *other = reader->options.default_id;
  *out = (ws_value){NULL};
  if (reader->format == &ws__format_text) return WS_OK;
  if (name) {
    *out = ws_value_get(fields, ws_text_of(name));
    if (!out->at && reader->options.optional_id) return WS_OK;
    if (!out->at) return no_field(name, fields, err);
  } else if (other) {
    *out = ws_value_get(fields, ws_text_of(other));
    if (ws_value_type(*out) == WS_NULL) *out = (ws_value){NULL};
    if (!out->at) return WS_OK;
    name = other;
  } else {
    return WS_OK;
  }
  return check_id(name, *out, err);
}

static ws_status find_gold(const ws_reader *reader, ws_value fields, int32_t *out,
                           ws_error *err) {
  const char *name = ws_task_get(reader->task, WS_TASK_GOLD);
  *out = WS_ABSTAIN;
  if (!reader->options.need_gold) return WS_OK;
  ws_value value = ws_value_get(fields, ws_text_of(name));
  ws_status status = ws_task_label(reader->task, value, out, err);
  if (status != WS_OK) ws_error_prefix(err, "in the field '%s': ", name);
  return status;
}

/* Adds the pending ids to the set. *line is that of one which is there already. */
static ws_status check_unique(ws_reader *reader, const ws_records *batch, uint64_t *line,
                              ws_error *err) {
  size_t count = reader->pending_count;
  reader->pending_count = 0;
  for (size_t i = 0; i < count; i++) {
    bool added;
    if (ws__id_set_add(&reader->ids, reader->pending[i].hash, &added) != WS_OK)
      return ws_error_nomem(err);
    if (added) continue;
    ws_record record = ws_records_at(batch, reader->pending[i].record);
    *line = record.line;
    return ws_error_set(err, WS_EPARSE, "the id '%.*s' occurs twice",
                        WS_TEXT_ARG(record.id));
  }
  return WS_OK;
}

/* Where an error ends everything, ids can wait; a record that is to be skipped must be
 * known at once. */
static ws_status expect_unique(ws_reader *reader, const ws_records *batch, uint64_t *line,
                               ws_error *err) {
  size_t last = ws_records_count(batch) - 1;
  size_t most = reader->options.on_error == WS_SKIP ? 1 : PENDING;
  ws_hash128 hash = ws__id_set_expect(&reader->ids, ws_records_at(batch, last).id);
  reader->pending[reader->pending_count++] = (pending_id){hash, last};
  return reader->pending_count < most ? WS_OK : check_unique(reader, batch, line, err);
}

static ws_status take_record(ws_reader *reader, ws_records *batch, size_t fields_at,
                             uint64_t *line, ws_error *err) {
  ws__record_parts parts = {.fields = fields_at, .row = reader->rows, .line = *line};
  const char *data = ws__records_values(batch)->data;
  ws_value fields = {(const unsigned char *)data + fields_at};
  WS_TRY(find_text(reader, fields, &parts.text, err));
  WS_TRY(find_id(reader, fields, &parts.id, err));
  WS_TRY(find_gold(reader, fields, &parts.gold, err));
  if (ws__records_add(batch, &parts) != WS_OK) return ws_error_nomem(err);
  if (reader->options.unique_ids && parts.id.at)
    WS_TRY(expect_unique(reader, batch, line, err));
  reader->rows++;
  return WS_OK;
}

/* A record that fails after an id that came twice is not the first error of the file. */
static ws_status first_error(ws_reader *reader, const ws_records *batch, ws_status status,
                             uint64_t *line, ws_error *err) {
  ws_error earlier = WS_ERROR_INIT;
  if (status == WS_ENOMEM || status == WS_ESTOPPED) return status;
  ws_status found = check_unique(reader, batch, line, &earlier);
  if (found == WS_OK) return status;
  *err = earlier;
  return found;
}

static ws_status next_record(ws_reader *reader, ws_records *batch, uint64_t *line,
                             ws_error *err) {
  ws_buffer *values = ws__records_values(batch);
  size_t fields_at = values->size;
  bool more = true;
  ws_status status =
      reader->format->next(reader->state, &reader->lines, values, line, &more, err);
  if (status == WS_OK && !more)
    reader->ended = !reader->lines.waits;
  else if (status == WS_OK)
    status = take_record(reader, batch, fields_at, line, err);
  if (status != WS_OK) {
    status = first_error(reader, batch, status, line, err);
    ws__records_drop(batch, fields_at);
  }
  return status;
}

/* What to do about a record that is not as it must be: WS_OK goes on with the next one.
 */
static ws_status handle_error(ws_reader *reader, ws_status status, uint64_t line,
                              ws_error *err) {
  if (status == WS_ENOMEM || status == WS_ESTOPPED) return status;
  ws_error_prefix(err, "%s:%llu: ", reader->path, (unsigned long long)line);
  bool skip =
      status == WS_EPARSE && !reader->lines.broken && reader->options.on_error == WS_SKIP;
  if (!skip) return status;
  reader->skipped++;
  if (reader->options.skipped) reader->options.skipped(reader->options.skipped_user, err);
  return WS_OK;
}

static ws_status check_any(const ws_reader *reader, ws_error *err) {
  if (reader->rows) return WS_OK;
  if (reader->skipped)
    return ws_error_set(err, WS_EPARSE, "%s: no record is left: all %llu were skipped",
                        reader->path, (unsigned long long)reader->skipped);
  return ws_error_set(err, WS_EPARSE, "%s: no records: the file is empty", reader->path);
}

/* Stops, where the reader does not wait, at a record that is not there yet. */
static ws_status read_batch(ws_reader *reader, ws_records *batch, size_t max_records,
                            size_t max_bytes, size_t *added, ws_error *err) {
  size_t first = ws_records_count(batch), start = ws_records_bytes(batch);
  ws_error none, *why = err ? err : &none; // the skip function sees the error in any case
  reader->lines.waits = false;
  while (!reader->ended && !reader->lines.waits &&
         ws_records_count(batch) < max_records &&
         ws_records_bytes(batch) - start < max_bytes) {
    uint64_t line = 0;
    ws_status status = next_record(reader, batch, &line, why);
    if (status != WS_OK) WS_TRY(handle_error(reader, status, line, why));
  }
  uint64_t line = 0;
  ws_status status = check_unique(reader, batch, &line, why);
  if (status != WS_OK) return handle_error(reader, status, line, why);
  *added = ws_records_count(batch) - first;
  return WS_OK;
}

ws_status ws_reader_read(ws_reader *reader, ws_records *batch, size_t max_records,
                         size_t max_bytes, size_t *added, ws_error *err) {
  ws__input_set_wait(reader->lines.input, true);
  WS_TRY(read_batch(reader, batch, max_records, max_bytes, added, err));
  return *added ? WS_OK : check_any(reader, err);
}

ws_status ws_reader_read_ready(ws_reader *reader, ws_records *batch, size_t max_records,
                               size_t max_bytes, bool *ended, ws_error *err) {
  size_t added;
  ws__input_set_wait(reader->lines.input, false);
  WS_TRY(read_batch(reader, batch, max_records, max_bytes, &added, err));
  *ended = reader->ended;
  return *ended ? check_any(reader, err) : WS_OK;
}

int ws_reader_descriptor(const ws_reader *reader) {
  return ws__input_descriptor(reader->lines.input);
}

uint64_t ws_reader_rows(const ws_reader *reader) {
  return reader->rows;
}

uint64_t ws_reader_skipped(const ws_reader *reader) {
  return reader->skipped;
}

uint64_t ws_reader_bytes_read(const ws_reader *reader) {
  return ws__input_bytes(reader->lines.input);
}

uint64_t ws_reader_bytes_total(const ws_reader *reader) {
  return ws__input_total(reader->lines.input);
}

void ws_reader_digest(const ws_reader *reader, char out[33]) {
  ws__input_digest(reader->lines.input, out);
}

/* --- what the records follow from --- */

/* Where bad records end the run, the checks cannot change what a whole run reads. */
static ws_status put_checks(const ws_reader *reader, ws_buffer *out) {
  const ws_reader_options *options = &reader->options;
  const ws_task *task = reader->task;
  const char *id = ws_task_get(task, WS_TASK_ID), *other = options->default_id;
  uint64_t numbers[] = {options->max_line,    options->need_text,   options->unique_ids,
                        options->optional_id, options->need_gold,   id != NULL,
                        other != NULL,        ws_task_classes(task)};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    WS_TRY(ws_bytes_put(out, numbers[i], 8));
  if (id) WS_TRY(ws_bytes_put_text(out, ws_text_of(id)));
  if (other) WS_TRY(ws_bytes_put_text(out, ws_text_of(other)));
  WS_TRY(ws_bytes_put_text(out, ws_text_of(ws_task_get(task, WS_TASK_GOLD))));
  for (size_t k = 0; k < ws_task_classes(task); k++)
    WS_TRY(ws_bytes_put_text(out, ws_task_class(task, k)));
  return WS_OK;
}

static ws_status put_key(const ws_reader *reader, ws_buffer *out) {
  WS_TRY(ws_bytes_put(out, reader->expected.low, 8));
  WS_TRY(ws_bytes_put(out, reader->expected.high, 8));
  WS_TRY(ws_bytes_put_text(out, ws_text_of(reader->format->name)));
  WS_TRY(ws_bytes_put_text(out, ws_text_of(ws_task_get(reader->task, WS_TASK_TEXT))));
  return reader->options.on_error == WS_SKIP ? put_checks(reader, out) : WS_OK;
}

ws_status ws_reader_key(ws_reader *reader, ws_hash128 *out, bool *known, ws_error *err) {
  ws_buffer bytes = {0};
  ws_status status = WS_OK;
  if (!reader->looked) {
    status =
        ws__input_look_ahead(reader->lines.input, &reader->expected, &reader->known, err);
    if (status != WS_OK && status != WS_ENOMEM && status != WS_ESTOPPED)
      ws_error_prefix(err, "%s: ", reader->path);
    WS_TRY(status);
    reader->looked = true;
  }
  *known = reader->known;
  if (!*known) return WS_OK;
  status = put_key(reader, &bytes);
  if (status == WS_OK) *out = ws_hash128_of(bytes.data, bytes.size);
  ws_buffer_clear(&bytes);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

ws_status ws_reader_key_check(const ws_reader *reader, ws_error *err) {
  ws_hash128 found = ws__input_hash(reader->lines.input);
  bool same = found.low == reader->expected.low && found.high == reader->expected.high;
  if (!reader->known || same) return WS_OK;
  return ws_error_set(err, WS_EIO, "%s: changed while it was being read", reader->path);
}

const ws_text *ws_reader_columns(const ws_reader *reader, size_t *count) {
  *count = 0;
  return reader->format->columns ? reader->format->columns(reader->state, count) : NULL;
}
