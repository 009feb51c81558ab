/* SPDX-License-Identifier: MIT
 *
 * Applying a set: read a chunk, hand it to a worker, hand its labels on when it is its
 * turn.
 *
 * Everything that is counted, and everything that can end the run, happens where labels
 * are handed on in the order of the records, so that it does not depend on which worker
 * was done first.
 */
#define _DEFAULT_SOURCE // _SC_NPROCESSORS_ONLN
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <weaksup/alloc.h>

#include "kept.h"
#include "pool.h"
#include "report.h"

enum {
  CHUNK_BYTES = 256 * 1024,  // of records' encodings
  CHUNK_RECORDS = 8192,      // at most
  CHUNK_LABELS = 256 * 1024, // at most: each worker has a few chunks of them
  PROGRESS_MS = 100
};

typedef struct run {
  ws_lf_set *set;
  ws_reader *reader;
  ws_apply_options options;
  ws_apply_fn each;
  void *user;
  ws_apply_report *report;
  ws__kept *kept; // that are kept between runs; NULL: none are
  bool known;     // all columns were kept: nothing is to be called
  ws__pool *pool;
  ws__chunk *ring; // [window]: chunks head .. tail-1, modulo window
  size_t window, head, tail;
  size_t chunk_records;
  bool open;    // chunk `tail` holds records that no worker has yet
  bool ended;   // the reader has nothing left
  bool starved; // the reader has nothing for now
  uint64_t told_ms;
  ws_error failure; // of the reader: told when all records before it are done
  ws_error *err;
} run;

ws_apply_options ws_apply_options_default(void) {
  return (ws_apply_options){.max_error_share = -1, .quarantine_share = 0.1};
}

/* --- reading --- */

/* No labeling function is asked about the chunk. */
static ws_status leave_blank(run *r, ws__chunk *chunk) {
  size_t labels = ws_records_count(chunk->records) * r->set->count;
  if (ws__chunk_reserve(chunk, r->set->count) != WS_OK) return ws_error_nomem(r->err);
  for (size_t i = 0; i < labels; i++) chunk->labels[i] = WS_ABSTAIN;
  chunk->done = true;
  return WS_OK;
}

static ws_status fail(const run *r) {
  if (r->err) *r->err = r->failure;
  return r->failure.status;
}

/* Reads what is there into the chunk at the tail. */
static ws_status read_chunk(run *r, ws__chunk *chunk) {
  if (!r->open) ws__chunk_restart(chunk);
  r->open = true;
  size_t bytes = ws_records_bytes(chunk->records);
  ws_error why = WS_ERROR_INIT;
  ws_status status = ws_reader_read_ready(r->reader, chunk->records, r->chunk_records,
                                          CHUNK_BYTES - bytes, &r->ended, &why);
  r->starved = ws_reader_waits(r->reader);
  if (status == WS_OK) return WS_OK;
  r->ended = true; // what came before is done, whichever worker is how far
  r->starved = false;
  r->failure = why;
  bool at_once = status == WS_ENOMEM || status == WS_ESTOPPED;
  return at_once ? fail(r) : WS_OK;
}

/* Reads and hands out as long as there are workers for it. A chunk that is not full, as
 * there is no more input for now, goes to a worker that has nothing to do; while all are
 * at work it fills further, so that chunks are large where there is much input. */
static ws_status feed(run *r) {
  r->starved = false;
  while (!r->ended && !r->starved && r->tail - r->head < r->window &&
         ws__pool_has_room(r->pool)) {
    ws__chunk *chunk = &r->ring[r->tail % r->window];
    WS_TRY(read_chunk(r, chunk));
    if (ws_records_count(chunk->records) == 0) break;
    if (r->starved && !ws__pool_has_idle(r->pool)) break;
    r->open = false;
    r->tail++;
    WS_TRY(r->known ? leave_blank(r, chunk) : ws__pool_submit(r->pool, chunk, r->err));
  }
  return WS_OK;
}

/* --- handing on --- */

static bool is_over_limit(const run *r) {
  return r->options.limit_errors && r->options.max_error_share < 0 &&
         ws_apply_report_errors(r->report) > r->options.max_errors;
}

static ws_status deliver_record(run *r, const ws_record *record, int32_t *labels) {
  if (r->kept) ws__kept_collect(r->kept, ws_apply_report_records(r->report), labels);
  ws__report_record(r->report, labels);
  if (is_over_limit(r)) return ws__report_fail(r->report, r->options.max_errors, r->err);
  return r->each ? r->each(r->user, record, labels, r->err) : WS_OK;
}

static ws_status note_failure(run *r, const ws_record *record, const ws__chunk *chunk,
                              const ws__chunk_error *error) {
  ws_lf_error_kind kind = ws__vote_error_kind(chunk->labels[error->position]);
  return ws__report_failure(r->report, error->position % r->set->count, record, kind,
                            error->text, error->trace);
}

/* Adds what earlier runs found out, as if it had been found out now. */
static ws_status complete_chunk(run *r, ws__chunk *chunk) {
  ws__pool_settle(r->pool, chunk);
  if (r->kept && chunk->forged) ws__kept_distrust(r->kept);
  if (r->kept) WS_TRY(ws__kept_fill(r->kept, ws_apply_report_records(r->report), chunk));
  ws__chunk_sort_errors(chunk);
  return ws__report_times(r->report, chunk->times, chunk->records);
}

static ws_status deliver_chunk(run *r, ws__chunk *chunk) {
  size_t next = 0;
  if (complete_chunk(r, chunk) != WS_OK) return ws_error_nomem(r->err);
  for (size_t i = 0; i < ws_records_count(chunk->records); i++) {
    ws_record record = ws_records_at(chunk->records, i);
    uint64_t end = (uint64_t)(i + 1) * r->set->count;
    for (; next < chunk->error_count && chunk->errors[next].position < end; next++)
      if (note_failure(r, &record, chunk, &chunk->errors[next]) != WS_OK)
        return ws_error_nomem(r->err);
    WS_TRY(deliver_record(r, &record, chunk->labels + i * r->set->count));
  }
  return WS_OK;
}

static ws_status deliver(run *r) {
  for (; r->head < r->tail && r->ring[r->head % r->window].done; r->head++)
    WS_TRY(deliver_chunk(r, &r->ring[r->head % r->window]));
  return WS_OK;
}

static ws_status tell(run *r, bool now) {
  uint64_t ms = ws__now_ms();
  if (!now && ms - r->told_ms < PROGRESS_MS) return WS_OK;
  r->told_ms = ms;
  uint64_t done = ws_apply_report_records(r->report);
  if (ws_progress_report(r->options.progress, "applying", done, 0, "records"))
    return WS_OK;
  return ws_error_set(r->err, WS_ESTOPPED, "stopped after %" PRIu64 " records", done);
}

static ws_status judge_share(const run *r) {
  if (!r->options.limit_errors || r->options.max_error_share < 0) return WS_OK;
  return ws__report_judge(r->report, r->options.max_error_share, r->err);
}

/* Waits for a worker, and for input where there was none. */
static ws_status wait(run *r) {
  if (r->starved && r->options.idle) WS_TRY(r->options.idle(r->user, r->err));
  int input = r->starved ? ws_reader_descriptor(r->reader) : -1;
  return ws__pool_wait(r->pool, input, r->err);
}

static ws_status go(run *r) {
  for (;;) {
    WS_TRY(feed(r));
    WS_TRY(deliver(r));
    if (r->ended && r->head == r->tail) break;
    WS_TRY(tell(r, false));
    bool waits = r->head == r->tail ? r->starved : !r->ring[r->head % r->window].done;
    if (waits) WS_TRY(wait(r));
  }
  if (r->failure.status != WS_OK) return fail(r);
  WS_TRY(tell(r, true));
  return judge_share(r);
}

/* --- life --- */

static unsigned choose_workers(unsigned wanted) {
  if (wanted) return wanted;
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  return processors < 1 ? 1 : processors > 256 ? 256 : (unsigned)processors;
}

static ws_status open_kept(run *r) {
  bool fresh = ws_reader_rows(r->reader) == 0;
  if (!r->options.cache || r->options.left_out || !fresh) return WS_OK;
  WS_TRY(ws__kept_open(r->options.cache, r->set, r->reader, &r->kept, r->err));
  r->known = r->kept && ws__kept_found_count(r->kept) == r->set->count;
  return WS_OK;
}

static ws_status prepare(run *r) {
  unsigned workers = choose_workers(r->options.workers);
  size_t fit = CHUNK_LABELS / r->set->count;
  size_t most = fit < 1 ? 1 : fit < CHUNK_RECORDS ? fit : CHUNK_RECORDS;
  r->chunk_records =
      r->options.chunk && r->options.chunk < most ? r->options.chunk : most;
  WS_TRY(ws__report_new(r->set, &r->report));
  const unsigned char *found = r->kept ? ws__kept_found(r->kept) : r->options.left_out;
  ws__report_found(r->report, r->kept ? ws__kept_found_count(r->kept) : 0);
  WS_TRY(ws__pool_new(r->set, workers, found, &r->pool));
  r->window = (size_t)workers * (WS__SLOTS + 1) + 1;
  r->ring = ws_alloc_zero(r->window, sizeof *r->ring);
  if (!r->ring) return WS_ENOMEM;
  for (size_t i = 0; i < r->window; i++) WS_TRY(ws__chunk_init(&r->ring[i]));
  return WS_OK;
}

static void clear(run *r, bool whole) {
  if (r->pool) ws__report_close(r->report, r->pool);
  if (r->pool && whole) ws__report_quarantine(r->report, r->options.quarantine_share);
  ws__pool_free(r->pool, whole);
  for (size_t i = 0; r->ring && i < r->window; i++) ws__chunk_clear(&r->ring[i]);
  ws_free(r->ring);
}

static ws_status run_all(run *r) {
  WS_TRY(open_kept(r));
  return prepare(r) == WS_OK ? go(r) : ws_error_nomem(r->err);
}

ws_status ws_apply(ws_lf_set *set, ws_reader *reader, const ws_apply_options *options,
                   ws_apply_fn each, void *user, ws_apply_report **report,
                   ws_error *err) {
  run r = {.set = set, .reader = reader, .each = each, .user = user, .err = err};
  r.options = options ? *options : ws_apply_options_default();
  ws_status status = run_all(&r);
  clear(&r, status == WS_OK);
  if (status == WS_OK && r.kept) status = ws__kept_finish(r.kept, r.report, err);
  ws__kept_free(r.kept);
  if (report)
    *report = r.report;
  else
    ws_apply_report_free(r.report);
  return status;
}
