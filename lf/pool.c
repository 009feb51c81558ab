/* SPDX-License-Identifier: MIT
 *
 * Handing chunks to worker processes, and looking after those that are at work.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "pool_priv.h"

enum { POLL_MS = 20, IDLE_POLL_MS = 200, WORKERS_MAX = 1024 };

/* --- life --- */

static void leave_out(ws__pool *pool, const unsigned char *left_out) {
  pool->left_out = left_out;
  for (size_t j = 0; left_out && j < pool->set->count; j++)
    if (left_out[j]) pool->skip[j] = WS__SKIP_LEFT_OUT;
}

ws_status ws__pool_new(ws_lf_set *set, unsigned workers, const unsigned char *left_out,
                       ws__pool **out) {
  ws__pool *pool = ws_alloc_zero(1, sizeof *pool);
  if (!pool) return WS_ENOMEM;
  pool->set = set;
  pool->count = workers > WORKERS_MAX ? WORKERS_MAX : workers;
  pool->seats = ws_alloc_zero(pool->count, sizeof *pool->seats);
  pool->kills = ws_alloc_zero(set->count, sizeof *pool->kills);
  pool->timeouts = ws_alloc_zero(set->count, sizeof *pool->timeouts);
  pool->stepped = ws_alloc_zero(set->count, sizeof *pool->stepped);
  pool->seat_kills = ws_alloc_zero(pool->count * set->count, sizeof *pool->seat_kills);
  pool->skip = ws_alloc_zero(set->count, 1);
  pool->sent = ws_alloc_zero(set->count, 1);
  pool->quarantined = ws_alloc_zero(set->count, 1);
  pool->polls = ws_alloc_zero(pool->count + 1, sizeof *pool->polls);
  if (!pool->seats || !pool->kills || !pool->timeouts || !pool->stepped ||
      !pool->seat_kills || !pool->skip || !pool->sent || !pool->quarantined ||
      !pool->polls) {
    pool->count = 0;
    ws__pool_free(pool, false);
    return WS_ENOMEM;
  }
  for (size_t i = 0; i < pool->count; i++) {
    pool->seats[i].worker = (ws__worker){.pid = -1, .socket = -1, .memory = -1};
    pool->seats[i].kills = pool->seat_kills + i * set->count;
  }
  leave_out(pool, left_out);
  pool->last_ms = ws__now_ms();
  *out = pool;
  return WS_OK;
}

void ws__pool_free(ws__pool *pool, bool politely) {
  if (!pool) return;
  for (size_t i = 0; i < pool->count; i++) {
    ws__seat *seat = &pool->seats[i];
    ws__worker_end(&seat->worker, !politely || !seat->loaded || ws__seat_load(seat) > 0);
  }
  ws_free(pool->seats);
  ws_free(pool->kills);
  ws_free(pool->timeouts);
  ws_free(pool->stepped);
  ws_free(pool->seat_kills);
  ws_free(pool->skip);
  ws_free(pool->sent);
  ws_free(pool->quarantined);
  ws_free(pool->polls);
  ws_free(pool);
}

/* --- jobs --- */

/* An idle worker, else a new one, else one with room. */
static ws__seat *choose(const ws__pool *pool) {
  ws__seat *fresh = NULL, *best = NULL;
  for (size_t i = 0; i < pool->count; i++) {
    ws__seat *seat = &pool->seats[i];
    if (!ws__seat_is_running(seat)) {
      if (!fresh) fresh = seat;
    } else if (ws__seat_load(seat) == 0) {
      return seat;
    } else if (ws__seat_load(seat) < WS__SLOTS &&
               (!best || ws__seat_load(seat) < ws__seat_load(best))) {
      best = seat;
    }
  }
  return fresh ? fresh : best;
}

bool ws__pool_has_room(const ws__pool *pool) {
  return choose(pool) != NULL;
}

bool ws__pool_has_idle(const ws__pool *pool) {
  const ws__seat *seat = choose(pool);
  return seat && (!ws__seat_is_running(seat) || ws__seat_load(seat) == 0);
}

ws_status ws__pool_submit(ws__pool *pool, ws__chunk *chunk, ws_error *err) {
  ws__seat *seat = choose(pool);
  if (ws__chunk_reserve(chunk, pool->set->count) != WS_OK) return ws_error_nomem(err);
  if (!ws__seat_is_running(seat)) WS_TRY(ws__seat_start(pool, seat, err));
  size_t slot = seat->jobs[0].chunk ? 1 : 0;
  seat->jobs[slot] = (ws__pool_job){.chunk = chunk, .before = pool->submitted};
  pool->submitted += ws_records_count(chunk->records);
  return ws__seat_send(pool, seat, slot, err);
}

/* --- answers --- */

static ws_status on_done(ws__pool *pool, ws__seat *seat, ws_text payload, ws_error *err) {
  uint64_t serial = 0;
  if (payload.size == sizeof serial) memcpy(&serial, payload.data, sizeof serial);
  ws__pool_job *job = ws__seat_find(seat, serial); // 0 is no job's
  if (!job)
    return ws_error_set(err, WS_ELF, "a worker process sent something unexpected");
  WS_TRY(ws__seat_harvest(pool, seat, (size_t)(job - seat->jobs),
                          ws__pool_job_end(pool, job), err));
  ws__pool_job_finish(job);
  seat->ends = seat->accidents = 0;
  seat->worker.idle_ms = 0;
  seat->worker.spent_ms = 0;
  return WS_OK;
}

static ws_status read_frames(ws__pool *pool, ws__seat *seat, ws_error *err) {
  for (;;) {
    ws__frame frame;
    ws_text payload;
    bool found;
    WS_TRY(ws__worker_frame(&seat->worker, &frame, &payload, &found, err));
    if (!found) return WS_OK;
    if (!seat->loaded) {
      WS_TRY(ws__lf_set_read(pool->set, payload, true, err));
      seat->loaded = true;
      seat->worker.idle_ms = 0;
      seat->worker.spent_ms = 0;
    } else {
      WS_TRY(on_done(pool, seat, payload, err));
    }
  }
}

/* --- waiting --- */

/* Whether the worker has begun a call that it had not begun when we looked last: what it
 * says must be of a job that it has, and forward, or it could say so forever. */
static bool goes_on(const ws__pool *pool, ws__seat *seat) {
  const ws__blame *blame = &seat->worker.shared->blame;
  ws__pool_job *job = ws__seat_find(seat, atomic_load(&blame->serial));
  uint64_t position = atomic_load(&blame->position);
  if (!job || position < job->seen || position > ws__pool_job_end(pool, job))
    return false;
  job->seen = position + 1;
  return true;
}

/* The time in which all calls of its jobs end, if each needs all that it may take. */
static uint64_t time_of(const ws__pool *pool, const ws__seat *seat) {
  const ws_lf_options *options = &pool->set->options;
  uint64_t calls = 0;
  for (size_t i = 0; i < WS__SLOTS; i++)
    if (seat->jobs[i].chunk)
      calls += ws__pool_job_end(pool, &seat->jobs[i]) - seat->jobs[i].from;
  return options->wall_ms + calls * options->worker_cpu_ms;
}

/* After ms more. */
static ws__pace pace_of(const ws__pool *pool, ws__seat *seat, unsigned ms) {
  ws__worker *worker = &seat->worker;
  worker->spent_ms += ms;
  if (!seat->loaded) {
    uint64_t limit = pool->set->load.wall_ms;
    if (ws__worker_stuck(worker, ms) >= limit) return WS__PACE_STUCK;
    return worker->spent_ms >= limit * WS__AWAITED_FILES ? WS__PACE_STUCK : WS__PACE_FINE;
  }
  worker->idle_ms = goes_on(pool, seat) ? 0 : worker->idle_ms + ms;
  if (worker->idle_ms >= pool->set->options.wall_ms) return WS__PACE_STUCK;
  return worker->spent_ms >= time_of(pool, seat) ? WS__PACE_LATE : WS__PACE_FINE;
}

static ws_status receive(ws__pool *pool, ws__seat *seat, bool *open, ws_error *err) {
  ws_status status = ws__worker_receive(&seat->worker, open, err);
  if (status == WS_OK) status = read_frames(pool, seat, err);
  if (status != WS_ELF || !seat->loaded) return status;
  return ws__pool_accuse(pool, atomic_load(&seat->worker.shared->blame.position), err);
}

static ws_status look_after(ws__pool *pool, ws__seat *seat, bool readable, unsigned ms,
                            ws_error *err) {
  bool open = true;
  if (readable) WS_TRY(receive(pool, seat, &open, err));
  if (!open) return ws__pool_on_death(pool, seat, WS__PACE_FINE, err);
  if (ws__seat_load(seat) == 0) {
    seat->worker.idle_ms = 0;
    seat->worker.spent_ms = 0;
    return WS_OK;
  }
  ws__pace pace = pace_of(pool, seat, ms);
  return pace == WS__PACE_FINE ? WS_OK : ws__pool_on_death(pool, seat, pace, err);
}

ws_status ws__pool_wait(ws__pool *pool, int input, ws_error *err) {
  size_t load = 0;
  for (size_t i = 0; i < pool->count; i++) {
    pool->polls[i] = (struct pollfd){pool->seats[i].worker.socket, POLLIN, 0};
    load += ws__seat_load(&pool->seats[i]);
  }
  pool->polls[pool->count] = (struct pollfd){input, POLLIN, 0};
  if (poll(pool->polls, pool->count + 1, load ? POLL_MS : IDLE_POLL_MS) < 0 &&
      errno != EINTR)
    return ws_error_set(err, WS_EIO, "poll: %s", strerror(errno));
  // Time in which this process did not run, or was elsewhere, is not held against
  // workers.
  uint64_t now = ws__now_ms(), passed = now - pool->last_ms;
  unsigned ms = passed > 2 * POLL_MS ? 2 * POLL_MS : (unsigned)passed;
  pool->last_ms = now;
  for (size_t i = 0; i < pool->count; i++)
    if (ws__seat_is_running(&pool->seats[i]))
      WS_TRY(look_after(pool, &pool->seats[i], pool->polls[i].revents != 0, ms, err));
  return WS_OK;
}
