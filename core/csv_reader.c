/* SPDX-License-Identifier: MIT
 *
 * CSV and TSV with a header, by libcsv in its strict mode: a stray quote is an error, not
 * a guess. libcsv is fed one physical line at a time, so that we know where a row begins;
 * blanks around cells are kept.
 */
#include "format.h"

#include <csv.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "names.h"
#include "value_write.h"

struct ws__format_state {
  struct csv_parser csv;
  char delimiter;
  bool row_done, failed; // failed: no memory inside a callback
  bool torn;             // the line went on behind the row's end
  bool begun;            // the row is one of which lines were read already
  uint64_t start;        // the line where it begins
  size_t bytes;          // of the row so far; 0 as long as there are blank lines only
  ws_buffer cells;       // the bytes of the row's cells, one behind the other
  size_t *ends;          // [count] where each of them ends
  size_t count, capacity;
  ws__names columns;
};

static void on_cell(void *data, size_t size, void *user) {
  ws__format_state *state = user;
  state->torn = state->torn || state->row_done;
  state->failed =
      state->failed ||
      !ws_grow(&state->ends, &state->capacity, state->count + 1, sizeof(size_t)) ||
      ws_buffer_append(&state->cells, data, size) != WS_OK;
  if (!state->failed) state->ends[state->count++] = state->cells.size;
}

static void on_row(int terminator, void *user) {
  (void)terminator;
  ((ws__format_state *)user)->row_done = true;
}

static int never_blank(unsigned char c) {
  (void)c;
  return 0;
}

static void *realloc_cell(void *block, size_t size) {
  return ws_realloc_array(block, size, 1);
}

static void start_parser(ws__format_state *state) {
  csv_init(&state->csv, CSV_STRICT | CSV_STRICT_FINI);
  csv_set_delim(&state->csv, (unsigned char)state->delimiter);
  csv_set_space_func(&state->csv, never_blank);
  csv_set_realloc_func(&state->csv, realloc_cell);
  csv_set_free_func(&state->csv, ws_free);
}

static void clear_row(ws__format_state *state) {
  state->cells.size = state->count = 0;
  state->row_done = state->torn = false;
}

/* After a malformed row: the next line begins a new one. */
static void drop_row(ws__format_state *state) {
  csv_free(&state->csv);
  start_parser(state);
}

static ws_status give_up_row(ws__format_state *state, ws_error *err, const char *why) {
  drop_row(state);
  return ws_error_set(err, WS_EPARSE, "%s", why);
}

static ws_status parse_bytes(ws__format_state *state, ws_text bytes, ws_error *err) {
  size_t parsed = csv_parse(&state->csv, bytes.data, bytes.size, on_cell, on_row, state);
  if (state->failed) return ws_error_nomem(err);
  if (parsed == bytes.size) return WS_OK;
  if (csv_error(&state->csv) != CSV_EPARSE) return ws_error_nomem(err);
  return give_up_row(
      state, err,
      "a quote inside a cell: cells with quotes are written \"like \"\"this\"\"\"");
}

static ws_status parse_line(ws__format_state *state, ws_text line, ws_error *err) {
  if (!ws_utf8_valid(line)) {
    drop_row(state);
    return ws_not_utf8(line, err);
  }
  WS_TRY(parse_bytes(state, line, err));
  return parse_bytes(state, ws_text_of("\n"), err);
}

/* What is wrong with the row so far, or NULL. To libcsv a lone carriage return ends a
 * row. */
static const char *row_fault(const ws__format_state *state, size_t bytes, size_t limit) {
  if (state->torn)
    return "a carriage return inside a row: it belongs in a cell in quotes";
  return bytes > limit ? "a row longer than the limit for lines: is a quote not closed?"
                       : NULL;
}

/* A fault in a row of several lines ends the reading: the quote that opened it may have
 * taken in any number of good rows, which must not be lost without a word. */
static ws_status fail_row(ws__lines *lines, uint64_t start, ws_error *err) {
  if (lines->line > start) {
    lines->broken = true;
    ws_error_prefix(err, "a quote that opens here takes in the lines up to %llu: ",
                    (unsigned long long)lines->line);
  }
  return WS_EPARSE;
}

/* Takes the next line into the row. */
static ws_status add_line(ws__format_state *state, ws__lines *lines, ws_text line,
                          ws_error *err) {
  if (state->bytes || ws__without_cr(line).size)
    state->bytes += line.size + (state->bytes != 0);
  else
    state->start = lines->line + 1;
  ws_status status = parse_line(state, line, err);
  const char *fault = row_fault(state, state->bytes, lines->max_line);
  if (status == WS_OK && fault) status = give_up_row(state, err, fault);
  return status == WS_EPARSE ? fail_row(lines, state->start, err) : status;
}

/* Reads lines until a row is whole, or the next one is not there yet. */
static ws_status read_lines(ws__format_state *state, ws__lines *lines, bool *more,
                            ws_error *err) {
  while (!state->row_done) {
    ws_text line;
    ws_status status = ws__lines_next(lines, &line, more, err);
    if (status == WS_EPARSE && !lines->broken) {
      drop_row(state);
      return fail_row(lines, state->start, err);
    }
    WS_TRY(status);
    if (!*more) break;
    WS_TRY(add_line(state, lines, line, err));
  }
  if (*more || lines->waits) return WS_OK;
  if (csv_fini(&state->csv, on_cell, on_row, state) == 0) return WS_OK;
  give_up_row(state, err, "a quoted cell is not closed");
  return fail_row(lines, state->start, err);
}

/* Reads a row, or goes on with one that was not all there. */
static ws_status read_row(ws__format_state *state, ws__lines *lines, uint64_t *start,
                          bool *more, ws_error *err) {
  if (!state->begun) {
    clear_row(state);
    state->start = lines->line + 1;
    state->bytes = 0;
  }
  ws_status status = read_lines(state, lines, more, err);
  state->begun = status == WS_OK && !*more && lines->waits;
  *start = state->start;
  return status;
}

static ws_text cell(const ws__format_state *state, size_t i) {
  size_t start = i ? state->ends[i - 1] : 0;
  return (ws_text){state->cells.data + start, state->ends[i] - start};
}

/* As nobody calls a column: there is no header. */
static bool is_number(ws_text text) {
  int64_t number;
  return text.size == 0 || ws_text_to_whole(text, &number);
}

/* What the cells of a header of one cell look like they are separated by: a spreadsheet
 * writes semicolons where the comma is in its numbers. 0: nothing. */
static char other_separator(const ws__format_state *state) {
  ws_text only = cell(state, 0);
  for (const char *c = ",;\t|"; *c && only.size; c++) {
    const char *found = *c == state->delimiter ? NULL : memchr(only.data, *c, only.size);
    if (found && found > only.data && found + 1 < only.data + only.size) return *c;
  }
  return 0;
}

static ws_status wrong_separator(const ws__format_state *state, char found,
                                 ws_error *err) {
  static const char *const advice[] = {
      [','] = "commas: --input-format csv reads them",
      ['\t'] = "tabs: --input-format tsv reads them",
      [';'] =
          "semicolons: save it with commas, or mlr --icsv --ifs ';' --ocsv cat FILE > "
          "NEW",
      ['|'] = "'|': save it with commas, or mlr --icsv --ifs '|' --ocsv cat FILE > NEW",
  };
  return ws_error_set(err, WS_EPARSE,
                      "expected %s between the cells of the header '%.*s', found %s",
                      state->delimiter == ',' ? "commas" : "tabs",
                      WS_TEXT_ARG(cell(state, 0)), advice[(unsigned char)found]);
}

static ws_status keep_header(ws__format_state *state, ws_error *err) {
  char other = state->count == 1 ? other_separator(state) : 0;
  if (other) return wrong_separator(state, other, err);
  for (size_t i = 0; i < state->count; i++) {
    uint32_t number;
    bool added;
    if (ws__names_add(&state->columns, cell(state, i), &number, &added) != WS_OK)
      return ws_error_nomem(err);
    if (!added)
      return ws_error_set(
          err, WS_EPARSE, "two columns are called '%.*s'%s", WS_TEXT_ARG(cell(state, i)),
          is_number(cell(state, i)) ? ": expected a header with the names of the columns"
                                    : "");
  }
  return WS_OK;
}

static void csv_close(ws__format_state *state) {
  if (!state) return;
  csv_free(&state->csv);
  ws_buffer_clear(&state->cells);
  ws__names_clear(&state->columns);
  ws_free(state->ends);
  ws_free(state);
}

static ws_status open_with(char delimiter, ws__lines *lines, ws__format_state **out,
                           ws_error *err) {
  uint64_t line;
  bool more = true;
  ws__format_state *state = ws_alloc_zero(1, sizeof *state);
  if (!state) return ws_error_nomem(err);
  state->delimiter = delimiter;
  start_parser(state);
  ws_status status = read_row(state, lines, &line, &more, err);
  if (status == WS_OK && !state->row_done)
    status = ws_error_set(err, WS_EPARSE, "empty: expected a header with column names");
  if (status == WS_OK) status = keep_header(state, err);
  if (status != WS_OK) {
    csv_close(state);
    return status;
  }
  *out = state;
  return WS_OK;
}

static ws_status csv_open(ws__lines *lines, const ws_task *task, ws__format_state **out,
                          ws_error *err) {
  (void)task;
  return open_with(',', lines, out, err);
}

static ws_status tsv_open(ws__lines *lines, const ws_task *task, ws__format_state **out,
                          ws_error *err) {
  (void)task;
  return open_with('\t', lines, out, err);
}

static ws_status put_row(const ws__format_state *state, ws_buffer *values) {
  size_t mark;
  WS_TRY(ws__put_open(values, WS_OBJECT, &mark));
  for (size_t i = 0; i < state->count; i++) {
    WS_TRY(ws__put_key(values, state->columns.items[i]));
    WS_TRY(ws__put_string(values, cell(state, i)));
  }
  return ws__put_close(values, mark, state->count);
}

static ws_status csv_next(ws__format_state *state, ws__lines *lines, ws_buffer *values,
                          uint64_t *line, bool *more, ws_error *err) {
  WS_TRY(read_row(state, lines, line, more, err));
  *more = state->row_done;
  if (!*more) return WS_OK;
  if (state->count != state->columns.count)
    return ws_error_set(err, WS_EPARSE, "expected %zu columns, found %zu%s",
                        state->columns.count, state->count,
                        state->count < state->columns.count ? ""
                        : state->delimiter == ','
                            ? " (a cell that holds a comma stands in quotes)"
                            : " (a cell that holds a tab stands in quotes)");
  return put_row(state, values) == WS_OK ? WS_OK : ws_error_nomem(err);
}

static const ws_text *csv_columns(const ws__format_state *state, size_t *count) {
  *count = state->columns.count;
  return state->columns.items;
}

const ws__format ws__format_csv = {"csv", csv_open, csv_close, csv_next, csv_columns};
const ws__format ws__format_tsv = {"tsv", tsv_open, csv_close, csv_next, csv_columns};
