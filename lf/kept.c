/* SPDX-License-Identifier: MIT
 *
 * Which columns are kept, under which keys, and how they go into a run and come out of
 * one. A column is written while the records pass, and read the same way, so that memory
 * does not grow with the data.
 */
#include "kept.h"

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>
#include <weaksup/task_file.h>
#include <weaksup/version.h>

#include "kept_column.h"
#include "said.h"

enum {
  FORMAT = 2, // counted up when votes may come out otherwise than in the last release
  ROOM_ALL = 32 << 20, // bytes that wait in memory, of all columns together
  ROOM_LEAST = 4 << 10,
  ROOM_MOST = 1 << 20
};

/* One that is read. */
typedef struct reading {
  ws_cache_entry entry;
  ws__column column;
  size_t told; // messages that were handed on
} reading;

/* One that is written. */
typedef struct writing {
  ws_cache_writer *writer; // NULL: it is not to be kept
  ws__cells cells;
} writing;

typedef struct item {
  ws_hash128 key;
  reading *read;  // NULL: not found
  writing *write; // NULL: found
} item;

struct ws__kept {
  ws_cache *cache;
  const ws_lf_set *set;
  ws_reader *reader;
  size_t classes;       // K
  item *items;          // [M]
  unsigned char *found; // [M]
  size_t found_count;
};

/* --- keys --- */

/* What runs the labeling functions. */
static ws_status put_engines(ws_buffer *out) {
  WS_TRY(ws_bytes_put(out, FORMAT, 8));
  WS_TRY(ws_bytes_put_text(out, ws_text_of(ws_version())));
  WS_TRY(ws_bytes_put_text(out, ws_text_of(ws_lua_version())));
  return ws_bytes_put_text(out, ws_text_of(ws_pcre2_version()));
}

static ws_status put_hash(ws_buffer *out, ws_hash128 hash) {
  WS_TRY(ws_bytes_put(out, hash.low, 8));
  return ws_bytes_put(out, hash.high, 8);
}

static ws_status make_keys(ws__kept *kept, ws_hash128 data) {
  ws_buffer bytes = {0};
  ws_status status = put_engines(&bytes);
  if (status == WS_OK) status = put_hash(&bytes, data);
  size_t common = bytes.size;
  for (size_t j = 0; status == WS_OK && j < kept->set->count; j++) {
    bytes.size = common;
    status = put_hash(&bytes, ws__lf_key(kept->set, j));
    kept->items[j].key = ws_hash128_of(bytes.data, bytes.size);
  }
  ws_buffer_clear(&bytes);
  return status;
}

/* --- reading --- */

static void close_reading(reading *read) {
  if (read) ws_cache_release(&read->entry);
  ws_free(read);
}

/* Whether it can be served: its messages name lines, which may be others by now. */
static bool open_column(const ws__kept *kept, size_t j, reading *read) {
  const ws__column_end *end = &read->column.end;
  return ws__column_open(&read->column, read->entry.bytes, kept->classes) &&
         (!ws__column_has_errors(end) ||
          ws_hash128_equals(end->error_key, kept->set->infos[j].error_key));
}

static ws_status find(ws__kept *kept, size_t j) {
  item *at = &kept->items[j];
  ws_cache_entry entry;
  if (!ws_cache_get(kept->cache, at->key, &entry)) return WS_OK;
  reading *read = ws_alloc_zero(1, sizeof *read);
  if (!read) {
    ws_cache_release(&entry);
    return WS_ENOMEM;
  }
  read->entry = entry;
  if (!open_column(kept, j, read)) {
    close_reading(read);
    return WS_OK;
  }
  at->read = read;
  kept->found[j] = 1;
  kept->found_count++;
  return WS_OK;
}

/* --- life --- */

static ws_status begin_writing(ws__kept *kept) {
  size_t new_ones = kept->set->count - kept->found_count;
  size_t room = new_ones ? ROOM_ALL / new_ones : 0;
  if (room < ROOM_LEAST) room = ROOM_LEAST;
  if (room > ROOM_MOST) room = ROOM_MOST;
  for (size_t j = 0; j < kept->set->count; j++) {
    item *at = &kept->items[j];
    if (kept->found[j]) continue;
    if (!(at->write = ws_alloc_zero(1, sizeof *at->write))) return WS_ENOMEM;
    at->write->writer = ws_cache_begin(kept->cache, at->key, room);
  }
  return WS_OK;
}

static ws_status prepare(ws__kept *kept, ws_hash128 data) {
  size_t lfs = kept->set->count;
  kept->items = ws_alloc_zero(lfs, sizeof *kept->items);
  kept->found = ws_alloc_zero(lfs, 1);
  if (!kept->items || !kept->found) return WS_ENOMEM;
  WS_TRY(make_keys(kept, data));
  for (size_t j = 0; j < lfs; j++) WS_TRY(find(kept, j));
  return begin_writing(kept);
}

ws_status ws__kept_open(ws_cache *cache, const ws_lf_set *set, ws_reader *reader,
                        ws__kept **out, ws_error *err) {
  ws_hash128 data;
  bool known;
  *out = NULL;
  WS_TRY(ws_reader_key(reader, &data, &known, err));
  if (!known) return WS_OK;
  ws__kept *kept = ws_alloc_zero(1, sizeof *kept);
  if (!kept) return ws_error_nomem(err);
  *kept = (ws__kept){.cache = cache, .set = set, .reader = reader};
  kept->classes = ws_task_classes(set->task);
  if (prepare(kept, data) != WS_OK) {
    ws__kept_free(kept);
    return ws_error_nomem(err);
  }
  *out = kept;
  return WS_OK;
}

void ws__kept_free(ws__kept *kept) {
  if (!kept) return;
  for (size_t j = 0; kept->items && j < kept->set->count; j++) {
    item *at = &kept->items[j];
    close_reading(at->read);
    if (at->write) ws_cache_abort(at->write->writer);
    ws_free(at->write);
  }
  ws_free(kept->items);
  ws_free(kept->found);
  ws_free(kept);
}

const unsigned char *ws__kept_found(const ws__kept *kept) {
  return kept->found;
}

size_t ws__kept_found_count(const ws__kept *kept) {
  return kept->found_count;
}

/* --- records --- */

/* The times of the run that computed the column, with the chunk that holds the slowest
 * record; none with the others. */
static ws__timing times_in(const ws__column *column, uint64_t first, size_t rows) {
  ws__timing times = column->end.times;
  uint64_t at = times.slowest_record - first;
  if (times.slowest_record < first || at >= rows) return (ws__timing){0};
  times.slowest_record = at;
  return times;
}

/* Writes the cell that the column stands at, and its message if there is one. */
static ws_status fill_cell(reading *read, uint64_t position, ws__chunk *chunk) {
  const ws__column *column = &read->column;
  const ws__column_failure *next = &column->end.failures[read->told];
  chunk->labels[position] = column->label;
  if (column->label >= 0 || read->told == column->end.failure_count ||
      next->row != column->row)
    return WS_OK;
  read->told++;
  return ws__chunk_error_add(chunk, position, next->what, next->trace);
}

ws_status ws__kept_fill(ws__kept *kept, uint64_t first, ws__chunk *chunk) {
  size_t lfs = kept->set->count, rows = ws_records_count(chunk->records);
  for (size_t j = 0; j < lfs; j++) {
    reading *read = kept->items[j].read;
    if (!read) continue;
    chunk->times[j] = times_in(&read->column, first, rows);
    for (; read->column.more && read->column.row - first < rows;
         ws__column_step(&read->column))
      WS_TRY(fill_cell(read, (read->column.row - first) * lfs + j, chunk));
  }
  return WS_OK;
}

static void give_up(writing *write) {
  ws_cache_abort(write->writer);
  write->writer = NULL;
}

static void pass_on(writing *write) {
  ws_cache_append(write->writer, write->cells.bytes, write->cells.size);
  write->cells.sent += write->cells.size;
  write->cells.size = 0;
}

static void put_cell(writing *write, uint64_t row, int32_t label, size_t classes) {
  if (ws__cells_put(&write->cells, row, label, classes)) return;
  pass_on(write);
  ws__cells_put(&write->cells, row, label, classes);
}

void ws__kept_collect(ws__kept *kept, uint64_t row, const int32_t *labels) {
  size_t lfs = kept->set->count;
  if (kept->found_count == lfs) return;
  for (size_t j = ws__next_said(labels, 0, lfs); j < lfs;
       j = ws__next_said(labels, j + 1, lfs)) {
    writing *write = kept->items[j].write;
    if (!write || !write->writer) continue;
    if (ws__column_takes(labels[j]))
      put_cell(write, row, labels[j], kept->classes);
    else
      give_up(write);
  }
}

void ws__kept_distrust(ws__kept *kept) {
  for (size_t j = 0; j < kept->set->count; j++)
    if (kept->items[j].write) give_up(kept->items[j].write);
}

/* --- the end --- */

/* An entry that is whole, and of other records: somebody made it so. */
static ws_status check_records(ws__kept *kept, uint64_t records, ws_error *err) {
  ws_status status = WS_OK;
  for (size_t j = 0; j < kept->set->count; j++) {
    const item *at = &kept->items[j];
    if (!at->read || at->read->column.end.records == records) continue;
    ws_cache_drop(kept->cache, at->key);
    status = ws_error_set(err, WS_EIO,
                          "the cached votes of '%s' are of other data, and are removed "
                          "now: run it again",
                          kept->set->infos[j].name);
  }
  return status;
}

static void keep(const ws__kept *kept, size_t j, const ws_lf_stats *stats) {
  writing *write = kept->items[j].write;
  ws_buffer bytes = {0};
  ws__column_end end =
      ws__column_end_of(stats, kept->set->infos[j].error_key, kept->classes);
  pass_on(write);
  if (ws__column_put_end(&end, write->cells.sent, &bytes) == WS_OK) {
    ws_cache_append(write->writer, bytes.data, bytes.size);
    ws_cache_commit(write->writer);
    write->writer = NULL; // what is left is given up with the columns
  }
  ws_buffer_clear(&bytes);
}

/* Whether it was called on all records. One whose calls failed too often was, and another
 * run may allow as many. */
static bool is_complete(const ws_lf_stats *stats, uint64_t records) {
  return stats->calls == records && (stats->quarantined == WS_LF_QUARANTINE_NONE ||
                                     stats->quarantined == WS_LF_QUARANTINE_FAILING);
}

ws_status ws__kept_finish(ws__kept *kept, const ws_apply_report *report, ws_error *err) {
  uint64_t records = ws_apply_report_records(report);
  ws_status held = ws_reader_key_check(kept->reader, err);
  if (held != WS_OK && kept->found_count == 0) return WS_OK; // right, and not to keep
  WS_TRY(held);
  WS_TRY(check_records(kept, records, err));
  // Failures name rows of the file, which are others than those of the columns then.
  if (ws_reader_skipped(kept->reader)) return WS_OK;
  for (size_t j = 0; j < kept->set->count; j++) {
    const writing *write = kept->items[j].write;
    const ws_lf_stats *stats = ws_apply_report_at(report, j);
    if (write && write->writer && is_complete(stats, records)) keep(kept, j, stats);
  }
  return WS_OK;
}
