/* SPDX-License-Identifier: MIT
 *
 * The reader: finds the format of a source, and reads batches of records
 * (reader_record.c). Every message gets its file:line here.
 */
#include "reader_priv.h"

#include <string.h>

#include <weaksup/alloc.h>

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

static ws_status need_column(const ws_reader *reader, ws_task_key key, ws_error *err) {
  const char *name = ws_task_get(reader->task, key);
  char found[WS__LIST_SIZE];
  size_t count;
  const ws_text *columns = ws_reader_columns(reader, &count);
  for (size_t i = 0; i < count; i++)
    if (ws_text_equals(columns[i], name)) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "expected a header with a column '%s', found %s" WS__NAME_HINT,
                      name, ws__list_names(columns, count, found, sizeof found),
                      ws_task_key_name(key), ws_task_key_name(key));
}

/* What the records of a table cannot have where its header has not. */
static ws_status check_columns(const ws_reader *reader, ws_error *err) {
  const char *id = ws_task_get(reader->task, WS_TASK_ID);
  if (!reader->format->columns) return WS_OK;
  if (reader->options.need_text) WS_TRY(need_column(reader, WS_TASK_TEXT, err));
  return id && !reader->options.optional_id ? need_column(reader, WS_TASK_ID, err)
                                            : WS_OK;
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

/* What to do about a record that is not as it must be: WS_OK goes on with the next one.
 */
static ws_status handle_error(ws_reader *reader, ws_status status, uint64_t line,
                              ws_error *err) {
  if (status == WS_ENOMEM || status == WS_ESTOPPED) return status;
  ws_error_prefix(err, "%s:%llu: ", reader->path, (unsigned long long)line);
  bool skip =
      status == WS_EPARSE && !reader->lines.broken && reader->options.on_error == WS_SKIP;
  if (!skip) return status;
  if (!ws__reader_owns(reader, ws_reader_seen(reader))) {
    reader->passed++; // whose shard it is will tell
    return WS_OK;
  }
  reader->skipped++;
  if (reader->options.skipped) reader->options.skipped(reader->options.skipped_user, err);
  return WS_OK;
}

static ws_status check_any(const ws_reader *reader, ws_error *err) {
  if (reader->rows || reader->passed) return WS_OK; // a shard may be empty
  if (reader->skipped)
    return ws_error_set(err, WS_EPARSE, "%s: no record is left: all %llu were skipped",
                        reader->path, (unsigned long long)reader->skipped);
  return ws_error_set(err, WS_EPARSE, "%s: no records: %s", reader->path,
                      reader->format->columns ? "there is nothing below the header"
                                              : "the file is empty");
}

/* Stops, where the reader does not wait, at a record that is not there yet; and after
 * max_records that were skipped, so that who hands on what was read gets to do so. */
static ws_status read_batch(ws_reader *reader, ws_records *batch, size_t max_records,
                            size_t max_bytes, size_t *added, ws_error *err) {
  size_t first = ws_records_count(batch), start = ws_records_bytes(batch);
  ws_error none, *why = err ? err : &none; // the skip function sees the error in any case
  uint64_t skipped = reader->skipped;
  reader->lines.waits = false;
  while (!reader->ended && !reader->lines.waits &&
         reader->skipped - skipped < max_records &&
         ws_records_count(batch) < max_records &&
         ws_records_bytes(batch) - start < max_bytes) {
    uint64_t line = 0;
    ws_status status = ws__reader_next(reader, batch, &line, why);
    if (status != WS_OK) WS_TRY(handle_error(reader, status, line, why));
  }
  uint64_t line = 0;
  ws_status status = ws__reader_check_ids(reader, batch, &line, why);
  if (status != WS_OK) return handle_error(reader, status, line, why);
  *added = ws_records_count(batch) - first;
  return WS_OK;
}

ws_status ws_reader_read(ws_reader *reader, ws_records *batch, size_t max_records,
                         size_t max_bytes, size_t *added, ws_error *err) {
  uint64_t skipped;
  ws__input_set_wait(reader->lines.input, true);
  do {
    skipped = reader->skipped;
    WS_TRY(read_batch(reader, batch, max_records, max_bytes, added, err));
  } while (*added == 0 && !reader->ended && reader->skipped > skipped);
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

bool ws_reader_waits(const ws_reader *reader) {
  return reader->lines.waits && !reader->ended;
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

uint64_t ws_reader_seen(const ws_reader *reader) {
  return reader->rows + reader->skipped + reader->passed;
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

const ws_text *ws_reader_columns(const ws_reader *reader, size_t *count) {
  *count = 0;
  return reader->format->columns ? reader->format->columns(reader->state, count) : NULL;
}
