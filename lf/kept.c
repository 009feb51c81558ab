/* SPDX-License-Identifier: MIT
 *
 * The form of a kept column, in an entry of the cache:
 *
 *   votes, ascending by record, each a number in base 128, low digits first, the high bit
 *     set in all bytes but the last: records passed over * K + class
 *   u64 bytes of the votes;  u64 records;  u64 votes;  u32 K
 *
 * A vote takes one or two bytes. The numbers stand at the end because they are known
 * last: a column is written while the records pass, and read the same way, so that memory
 * does not grow with the data.
 */
#include "kept.h"

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>
#include <weaksup/task_file.h>
#include <weaksup/version.h>

#include "said.h"

enum {
  FORMAT = 1, // counted up when votes may come out otherwise than in the last release
  TRAILER = 28,
  PENDING = 256,
  ROOM_ALL = 32 << 20, // bytes that wait in memory, of all columns together
  ROOM_LEAST = 4 << 10,
  ROOM_MOST = 1 << 20
};

/* One that is read; `label` is that of the record `row`, if there is one (`more`). */
typedef struct reading {
  ws_cache_entry entry;
  ws_bytes votes;
  uint64_t records;
  uint64_t row;
  int32_t label;
  bool more;
} reading;

/* One that is written. */
typedef struct writing {
  ws_cache_writer *writer; // NULL: it is not to be kept
  uint64_t next;           // the row behind the last vote
  uint64_t votes, bytes;
  size_t pending_size;
  unsigned char pending[PENDING];
} writing;

typedef struct column {
  ws_hash128 key;
  reading *read;  // NULL: not found
  writing *write; // NULL: found
} column;

struct ws__kept {
  ws_cache *cache;
  const ws_lf_set *set;
  ws_reader *reader;
  size_t classes;       // K
  column *items;        // [M]
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

/* The next vote; none where the bytes end or are not what they should be. */
static void step(reading *read, uint64_t from, size_t classes) {
  read->more = read->votes.at < read->votes.size;
  if (!read->more) return;
  uint64_t code = take_code(&read->votes), gap = code / classes;
  if (read->votes.bad || from >= read->records || gap >= read->records - from)
    read->votes.bad = true;
  read->more = !read->votes.bad;
  read->row = from + gap;
  read->label = (int32_t)(code % classes);
}

static void rewind_votes(reading *read, ws_text votes, size_t classes) {
  read->votes = ws_bytes_of(votes);
  step(read, 0, classes);
}

/* Whether the bytes are a column of so many classes; stands before the first vote then.
 */
static bool is_column(reading *read, size_t classes) {
  ws_text bytes = read->entry.bytes;
  if (bytes.size < TRAILER) return false;
  ws_bytes end = ws_bytes_of((ws_text){bytes.data + (bytes.size - TRAILER), TRAILER});
  bytes.size -= TRAILER;
  uint64_t size = ws_bytes_take(&end, 8);
  read->records = ws_bytes_take(&end, 8);
  uint64_t votes = ws_bytes_take(&end, 8), found = 0;
  if (size != bytes.size || ws_bytes_take(&end, 4) != classes) return false;
  for (rewind_votes(read, bytes, classes); read->more; found++)
    step(read, read->row + 1, classes);
  if (read->votes.bad || found != votes) return false;
  rewind_votes(read, bytes, classes);
  return true;
}

static void close_reading(reading *read) {
  if (read) ws_cache_release(&read->entry);
  ws_free(read);
}

static ws_status find(ws__kept *kept, size_t j) {
  column *item = &kept->items[j];
  ws_cache_entry entry;
  if (!ws_cache_get(kept->cache, item->key, &entry)) return WS_OK;
  reading *read = ws_alloc_zero(1, sizeof *read);
  if (!read) {
    ws_cache_release(&entry);
    return WS_ENOMEM;
  }
  read->entry = entry;
  if (!is_column(read, kept->classes)) {
    close_reading(read);
    return WS_OK;
  }
  item->read = read;
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
    column *item = &kept->items[j];
    if (kept->found[j]) continue;
    if (!(item->write = ws_alloc_zero(1, sizeof *item->write))) return WS_ENOMEM;
    item->write->writer = ws_cache_begin(kept->cache, item->key, room);
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
    column *item = &kept->items[j];
    close_reading(item->read);
    if (item->write) ws_cache_abort(item->write->writer);
    ws_free(item->write);
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

void ws__kept_fill(ws__kept *kept, uint64_t first, size_t rows, int32_t *labels) {
  size_t lfs = kept->set->count;
  for (size_t j = 0; j < lfs; j++) {
    reading *read = kept->items[j].read;
    for (; read && read->more && read->row - first < rows;
         step(read, read->row + 1, kept->classes))
      labels[(size_t)(read->row - first) * lfs + j] = read->label;
  }
}

static void pass_on(writing *write) {
  ws_cache_append(write->writer, write->pending, write->pending_size);
  write->bytes += write->pending_size;
  write->pending_size = 0;
}

static void put_vote(writing *write, uint64_t row, int32_t label, size_t classes) {
  uint64_t code = (row - write->next) * classes + (uint64_t)label;
  if (write->pending_size > PENDING - 10) pass_on(write);
  for (; code >= 128; code >>= 7)
    write->pending[write->pending_size++] = (unsigned char)(code | 128);
  write->pending[write->pending_size++] = (unsigned char)code;
  write->next = row + 1;
  write->votes++;
}

void ws__kept_collect(ws__kept *kept, uint64_t row, const int32_t *labels) {
  size_t lfs = kept->set->count;
  if (kept->found_count == lfs) return;
  for (size_t j = ws__next_said(labels, 0, lfs); j < lfs;
       j = ws__next_said(labels, j + 1, lfs)) {
    writing *write = kept->items[j].write;
    if (!write || !write->writer) continue;
    if (labels[j] >= 0) {
      put_vote(write, row, labels[j], kept->classes);
    } else {
      ws_cache_abort(write->writer);
      write->writer = NULL;
    }
  }
}

/* --- the end --- */

/* An entry that is whole, and of other records: somebody made it so. */
static ws_status check_records(ws__kept *kept, uint64_t records, ws_error *err) {
  ws_status status = WS_OK;
  for (size_t j = 0; j < kept->set->count; j++) {
    const column *item = &kept->items[j];
    if (!item->read || item->read->records == records) continue;
    ws_cache_drop(kept->cache, item->key);
    status = ws_error_set(err, WS_EIO,
                          "the cached votes of '%s' are of other data, and are removed "
                          "now: run it again",
                          kept->set->infos[j].name);
  }
  return status;
}

static void keep(ws__kept *kept, column *item, uint64_t records) {
  writing *write = item->write;
  ws_buffer end = {0};
  pass_on(write);
  bool room = ws_bytes_put(&end, write->bytes, 8) == WS_OK &&
              ws_bytes_put(&end, records, 8) == WS_OK &&
              ws_bytes_put(&end, write->votes, 8) == WS_OK &&
              ws_bytes_put(&end, kept->classes, 4) == WS_OK;
  if (room) {
    ws_cache_append(write->writer, end.data, end.size);
    ws_cache_commit(write->writer);
    write->writer = NULL; // what is left is given up with the columns
  }
  ws_buffer_clear(&end);
}

ws_status ws__kept_finish(ws__kept *kept, const ws_apply_report *report, ws_error *err) {
  uint64_t records = ws_apply_report_records(report);
  ws_status held = ws_reader_key_check(kept->reader, err);
  if (held != WS_OK && kept->found_count == 0) return WS_OK; // right, and not to keep
  WS_TRY(held);
  WS_TRY(check_records(kept, records, err));
  for (size_t j = 0; j < kept->set->count; j++) {
    column *item = &kept->items[j];
    const ws_lf_stats *stats = ws_apply_report_at(report, j);
    if (!item->write || !item->write->writer) continue;
    if (stats->errors == 0 && !stats->quarantined && stats->calls == records)
      keep(kept, item, records);
  }
  return WS_OK;
}
