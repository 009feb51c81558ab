/* SPDX-License-Identifier: MIT
 *
 * A kept column is
 *
 *   cells, ascending by record: of all records on which it did not abstain. Each is a
 *     number in base 128, low digits first, the high bit set in all bytes but the last:
 *     records passed over * (K + 1) + class; K in the place of the class is a vote error,
 *     whose kind is the byte behind
 *   u64 bytes of the cells;  u64 K;  u64 records;  u64 votes
 *   u64 errors of each kind, [3];  u64 error key, [2]
 *   u64 calls that were timed;  u64 ns of them;  u64 ns of the slowest;  u64 its row
 *   u64 messages, and of each: u64 row;  text;  text: the traceback, empty for none
 *   u64 bytes from the end of the cells up to here
 *
 * A cell takes one or two bytes mostly. The numbers stand at the end because they are
 * known last: a column is written while the records pass, and read the same way.
 */
#include "kept_column.h"

#include "program.h"

enum { CELL_MOST = 11, SIZE_BYTES = 8 };

/* What the limits on time and memory end depends on the machine, its load, and what else
 * the worker keeps in memory; a worker that was killed, on who did it. Steps are counted,
 * and the rest follows from the record and the code. */
static const ws_lf_error_kind kinds[WS__KEPT_KINDS] = {
    WS_LF_ERROR_RUNTIME, WS_LF_ERROR_VOTE, WS_LF_ERROR_PATTERN};

/* The place of an error among them; WS__KEPT_KINDS for others. */
static size_t place_of(int32_t label) {
  size_t i = 0;
  while (i < WS__KEPT_KINDS && label != ws__vote_failed(kinds[i])) i++;
  return i;
}

bool ws__column_takes(int32_t label) {
  return label >= 0 || place_of(label) < WS__KEPT_KINDS;
}

/* --- the end --- */

ws__column_end ws__column_end_of(const ws_lf_stats *stats, ws_hash128 error_key,
                                 uint64_t classes) {
  ws__column_end end = {.classes = classes,
                        .records = stats->calls,
                        .votes = stats->votes,
                        .error_key = error_key,
                        .times = {.calls = stats->timed_calls,
                                  .ns = stats->timed_ns,
                                  .slowest_ns = stats->slowest_ns,
                                  .slowest_record = stats->slowest_row}};
  for (size_t i = 0; i < WS__KEPT_KINDS; i++)
    end.errors[i] = stats->errors_by_kind[kinds[i]];
  for (; end.failure_count < stats->failure_count; end.failure_count++) {
    const ws_lf_failure *from = &stats->failures[end.failure_count];
    end.failures[end.failure_count] = (ws__column_failure){
        from->row, ws_text_of(from->what),
        from->traceback ? ws_text_of(from->traceback) : (ws_text){"", 0}};
  }
  return end;
}

bool ws__column_has_errors(const ws__column_end *end) {
  uint64_t any = 0;
  for (size_t i = 0; i < WS__KEPT_KINDS; i++) any |= end->errors[i];
  return any != 0;
}

static ws_status put_numbers(ws_buffer *out, const uint64_t *numbers, size_t count) {
  for (size_t i = 0; i < count; i++) WS_TRY(ws_bytes_put(out, numbers[i], 8));
  return WS_OK;
}

static ws_status put_failure(const ws__column_failure *failure, ws_buffer *out) {
  WS_TRY(ws_bytes_put(out, failure->row, 8));
  WS_TRY(ws_bytes_put_text(out, failure->what));
  return ws_bytes_put_text(out, failure->trace);
}

ws_status ws__column_put_end(const ws__column_end *end, uint64_t bytes, ws_buffer *out) {
  size_t start = out->size;
  const uint64_t first[] = {bytes, end->classes, end->records, end->votes};
  const ws__timing *times = &end->times;
  const uint64_t last[] = {end->error_key.low, end->error_key.high, times->calls,
                           times->ns,          times->slowest_ns,   times->slowest_record,
                           end->failure_count};
  WS_TRY(put_numbers(out, first, sizeof first / sizeof *first));
  WS_TRY(put_numbers(out, end->errors, WS__KEPT_KINDS));
  WS_TRY(put_numbers(out, last, sizeof last / sizeof *last));
  for (size_t i = 0; i < end->failure_count; i++)
    WS_TRY(put_failure(&end->failures[i], out));
  return ws_bytes_put(out, out->size - start, SIZE_BYTES);
}

static bool take_failures(ws_bytes *in, ws__column_end *out) {
  uint64_t count = ws_bytes_take(in, 8), next = 0;
  if (count > WS_LF_EXAMPLES) return false;
  for (; out->failure_count < count; out->failure_count++) {
    ws__column_failure *to = &out->failures[out->failure_count];
    to->row = ws_bytes_take(in, 8);
    to->what = ws_bytes_take_text(in);
    to->trace = ws_bytes_take_text(in);
    if (in->bad || to->row < next || to->row >= out->records) return false;
    next = to->row + 1;
  }
  return true;
}

/* Reads what stands behind the cells, of which there are so many bytes. */
static bool take_end(ws_text bytes, size_t cells, ws__column_end *out) {
  ws_bytes in = ws_bytes_of(bytes);
  if (ws_bytes_take(&in, 8) != cells) return false;
  out->classes = ws_bytes_take(&in, 8);
  out->records = ws_bytes_take(&in, 8);
  out->votes = ws_bytes_take(&in, 8);
  for (size_t i = 0; i < WS__KEPT_KINDS; i++) out->errors[i] = ws_bytes_take(&in, 8);
  out->error_key.low = ws_bytes_take(&in, 8);
  out->error_key.high = ws_bytes_take(&in, 8);
  out->times.calls = ws_bytes_take(&in, 8);
  out->times.ns = ws_bytes_take(&in, 8);
  out->times.slowest_ns = ws_bytes_take(&in, 8);
  out->times.slowest_record = ws_bytes_take(&in, 8);
  if (!take_failures(&in, out) || in.bad || in.at != in.size) return false;
  return out->times.calls <= out->records && out->times.slowest_record < out->records;
}

/* --- cells --- */

bool ws__cells_put(ws__cells *cells, uint64_t row, int32_t label, size_t classes) {
  uint64_t class = label < 0 ? classes : (uint64_t)label;
  uint64_t code = (row - cells->next) * (classes + 1) + class;
  if (cells->size > sizeof cells->bytes - CELL_MOST) return false;
  for (; code >= 128; code >>= 7)
    cells->bytes[cells->size++] = (unsigned char)(code | 128);
  cells->bytes[cells->size++] = (unsigned char)code;
  if (label < 0) cells->bytes[cells->size++] = (unsigned char)place_of(label);
  cells->next = row + 1;
  return true;
}

static uint64_t take_code(ws_bytes *in) {
  uint64_t code = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    uint64_t byte = ws_bytes_take(in, 1);
    code |= (byte & 127) << shift;
    if (byte < 128) return code;
  }
  in->bad = true;
  return 0;
}

static int32_t take_error(ws_bytes *in) {
  uint64_t place = ws_bytes_take(in, 1);
  if (place < WS__KEPT_KINDS) return ws__vote_failed(kinds[place]);
  in->bad = true;
  return WS_ABSTAIN;
}

/* The next cell from the row `from` on; none where the bytes end or are not what they
 * should be. */
static void take_cell(ws__column *column, uint64_t from) {
  ws_bytes *in = &column->cells;
  uint64_t records = column->end.records, all = (uint64_t)column->classes + 1;
  column->more = in->at < in->size;
  if (!column->more) return;
  uint64_t code = take_code(in), gap = code / all, class = code % all;
  if (from >= records || gap >= records - from) in->bad = true;
  column->row = from + gap;
  column->label = class < column->classes ? (int32_t) class : take_error(in);
  column->more = !in->bad;
}

void ws__column_step(ws__column *column) {
  take_cell(column, column->row + 1);
}

/* Whether the cells are what the end says of them; stands behind the last one then. */
static bool agrees(ws__column *column) {
  uint64_t votes = 0, errors[WS__KEPT_KINDS] = {0};
  for (take_cell(column, 0); column->more; ws__column_step(column)) {
    if (column->label >= 0)
      votes++;
    else
      errors[place_of(column->label)]++;
  }
  bool same = !column->cells.bad && votes == column->end.votes;
  for (size_t i = 0; i < WS__KEPT_KINDS; i++)
    same = same && errors[i] == column->end.errors[i];
  return same;
}

bool ws__column_open(ws__column *column, ws_text bytes, size_t classes) {
  *column = (ws__column){.classes = classes};
  if (bytes.size < SIZE_BYTES) return false;
  size_t rest = bytes.size - SIZE_BYTES;
  ws_bytes last = ws_bytes_of((ws_text){bytes.data + rest, SIZE_BYTES});
  uint64_t size = ws_bytes_take(&last, SIZE_BYTES);
  if (size > rest) return false;
  ws_text cells = {bytes.data, rest - (size_t)size};
  ws_text end = {bytes.data + cells.size, (size_t)size};
  column->cells = ws_bytes_of(cells);
  if (!take_end(end, cells.size, &column->end) || column->end.classes != classes ||
      !agrees(column))
    return false;
  column->cells = ws_bytes_of(cells);
  take_cell(column, 0);
  return true;
}
