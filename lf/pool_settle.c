/* SPDX-License-Identifier: MIT
 *
 * Giving up, in the order of the records.
 *
 * A labeling function that fails at high cost is given up: by a worker, or by the workers
 * of one seat, as soon as they have had enough of it, and by all when so many failures
 * stand in the chunks before the one at hand. These count, in the order of the records.
 * Workers take chunks in that order, so what one has given up lies behind failures
 * enough: what is called, for the report, does not hang on which worker was where, nor
 * when.
 */
#include "pool_priv.h"
#include "said.h"

static void quarantine(ws__pool *pool, size_t lf) {
  pool->skip[lf] = WS__SKIP_GIVEN_UP;
  pool->quarantined[lf] = 1;
  for (size_t i = 0; i < pool->count; i++) ws__seat_skip(pool, &pool->seats[i], lf);
}

/* Whether this is one failure too many on so many records: it ran out of time, memory or
 * steps, or was killed. */
static bool is_last(ws__pool *pool, size_t lf, int32_t label, uint64_t records) {
  if (label == ws__vote_failed(WS_LF_ERROR_PATTERN))
    return ws__is_enough(++pool->stepped[lf], records);
  if (ws__is_costly(label)) return ++pool->timeouts[lf] >= WS__TIMEOUTS_MAX;
  return label == ws__vote_failed(WS_LF_ERROR_KILLED) &&
         ++pool->kills[lf] >= WS__KILLS_MAX;
}

/* Nothing that it said from that position on counts, whatever worker said it. */
static void skip_from(ws__chunk *chunk, uint64_t position, uint64_t end, size_t lfs) {
  for (; position < end; position += lfs) chunk->labels[position] = WS__VOTE_SKIPPED;
}

static void drop_messages(ws__chunk *chunk) {
  size_t kept = 0;
  for (size_t i = 0; i < chunk->error_count; i++)
    if (ws__is_vote_error(chunk->labels[chunk->errors[i].position]))
      chunk->errors[kept++] = chunk->errors[i];
  chunk->error_count = kept;
}

void ws__pool_settle(ws__pool *pool, ws__chunk *chunk) {
  size_t lfs = pool->set->count;
  uint64_t end = (uint64_t)ws_records_count(chunk->records) * lfs;
  for (size_t lf = 0; lf < lfs; lf++)
    if (pool->quarantined[lf]) skip_from(chunk, lf, end, lfs);
  for (size_t i = ws__next_said(chunk->labels, 0, end); i < end;
       i = ws__next_said(chunk->labels, i + 1, end)) {
    if (!is_last(pool, i % lfs, chunk->labels[i], pool->settled + i / lfs + 1)) continue;
    quarantine(pool, i % lfs);
    skip_from(chunk, i + lfs, end, lfs);
  }
  pool->settled += ws_records_count(chunk->records);
  drop_messages(chunk);
}

ws_lf_quarantine ws__pool_quarantined(const ws__pool *pool, size_t lf) {
  if (!pool->quarantined[lf]) return WS_LF_QUARANTINE_NONE;
  return pool->kills[lf] >= WS__KILLS_MAX ? WS_LF_QUARANTINE_KILLED
                                          : WS_LF_QUARANTINE_EXHAUSTED;
}
