/* SPDX-License-Identifier: MIT
 *
 * Handing chunks to worker processes, and replacing workers that die or hang.
 *
 * When a worker ends inside a call, that call is guilty: its vote is an error, and a new
 * worker goes on behind it. A worker that somebody else kills is the exception (the
 * system that lacks memory, a person): its call is tried again first, so that such an
 * accident changes no vote.
 *
 * A labeling function that fails at high cost is given up: by a worker, or by the workers
 * of one seat, as soon as they have had enough of it, and by all when so many failures
 * stand in the chunks before the one at hand (ws__pool_settle). These count, in the order
 * of the records. Workers take chunks in that order, so what one has given up lies behind
 * failures enough: what is called, for the report, does not hang on which worker was
 * where, nor when.
 */
#include "pool.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <weaksup/alloc.h>

#include "said.h"

enum {
  POLL_MS = 20,
  IDLE_POLL_MS = 200,
  KILLS_MAX = 3,
  ENDS_MAX = 5,
  WORKERS_MAX = 1024
};

/* A chunk in a slot of a worker; chunk NULL: the slot is free. */
typedef struct pool_job {
  ws__chunk *chunk;
  uint32_t serial;
  uint64_t before; // records in front of its first one
  uint64_t from;   // labels before this position are there
  uint64_t seen;   // positions before this one were begun, as its worker says
} pool_job;

typedef struct pool_seat {
  ws__worker worker;
  pool_job jobs[WS__SLOTS];
  bool loaded;
  uint64_t accident_at; // the call that was last tried again, and
  unsigned accidents;   // how often its worker was killed
  unsigned ends;        // deaths without a guilty call since the last job that was done
  unsigned *kills;      // [M] of its workers, in calls of each labeling function
} pool_seat;

struct ws__pool {
  ws_lf_set *set;
  pool_seat *seats; // [count]
  size_t count;
  uint32_t serial;
  uint64_t last_ms;
  unsigned *kills;               // [M] in chunks that were settled
  unsigned *timeouts;            // [M] likewise
  uint64_t *stepped;             // [M] likewise: calls that ran out of steps
  uint64_t settled;              // records in chunks that were settled,
  uint64_t submitted;            // and in those that were handed to workers
  unsigned *seat_kills;          // [count][M]
  unsigned char *skip;           // [M] WS__SKIP_..., for workers
  unsigned char *sent;           // [M] room for what one of them gets
  unsigned char *quarantined;    // [M]
  const unsigned char *left_out; // [M], borrowed; NULL: none
  struct pollfd *polls;          // [count + 1]
};

static bool is_running(const pool_seat *seat) {
  return seat->worker.socket >= 0;
}

static size_t load_of(const pool_seat *seat) {
  size_t jobs = 0;
  for (size_t i = 0; i < WS__SLOTS; i++) jobs += seat->jobs[i].chunk != NULL;
  return jobs;
}

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
    pool_seat *seat = &pool->seats[i];
    ws__worker_end(&seat->worker, !politely || !seat->loaded || load_of(seat) > 0);
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

ws_lf_quarantine ws__pool_quarantined(const ws__pool *pool, size_t lf) {
  if (!pool->quarantined[lf]) return WS_LF_QUARANTINE_NONE;
  return pool->kills[lf] >= KILLS_MAX ? WS_LF_QUARANTINE_KILLED
                                      : WS_LF_QUARANTINE_EXHAUSTED;
}

static ws_status start(ws__pool *pool, pool_seat *seat, ws_error *err) {
  seat->loaded = false;
  return ws__worker_start(pool->set->program.data, ws_buffer_as_text(&pool->set->init),
                          &seat->worker, err);
}

/* --- jobs --- */

/* An idle worker, else a new one, else one with room. */
static pool_seat *choose(const ws__pool *pool) {
  pool_seat *fresh = NULL, *best = NULL;
  for (size_t i = 0; i < pool->count; i++) {
    pool_seat *seat = &pool->seats[i];
    if (!is_running(seat)) {
      if (!fresh) fresh = seat;
    } else if (load_of(seat) == 0) {
      return seat;
    } else if (load_of(seat) < WS__SLOTS && (!best || load_of(seat) < load_of(best))) {
      best = seat;
    }
  }
  return fresh ? fresh : best;
}

bool ws__pool_has_room(const ws__pool *pool) {
  return choose(pool) != NULL;
}

bool ws__pool_has_idle(const ws__pool *pool) {
  const pool_seat *seat = choose(pool);
  return seat && (!is_running(seat) || load_of(seat) == 0);
}

static ws__slot_parts slot_of(const ws__pool *pool, const pool_seat *seat, size_t slot) {
  return ws__worker_slot(&seat->worker, slot,
                         ws_records_count(seat->jobs[slot].chunk->records),
                         pool->set->count);
}

/* The worker finds in its slots that it is not to call it. */
static void skip_in(const ws__pool *pool, pool_seat *seat, size_t lf) {
  for (size_t slot = 0; slot < WS__SLOTS; slot++)
    if (seat->jobs[slot].chunk && seat->worker.slots)
      slot_of(pool, seat, slot).skip[lf] = WS__SKIP_GIVEN_UP;
}

static ws_status send_job(ws__pool *pool, pool_seat *seat, size_t slot, ws_error *err) {
  pool_job *job = &seat->jobs[slot];
  job->serial = ++pool->serial;
  job->seen = job->from;
  memcpy(pool->sent, pool->skip, pool->set->count);
  for (size_t lf = 0; lf < pool->set->count; lf++)
    if (seat->kills[lf] >= KILLS_MAX) pool->sent[lf] = WS__SKIP_GIVEN_UP;
  ws__job asked = {.serial = job->serial, .from = job->from, .before = job->before};
  return ws__worker_send(&seat->worker, slot, &asked, job->chunk->records,
                         pool->set->count, pool->sent, err);
}

ws_status ws__pool_submit(ws__pool *pool, ws__chunk *chunk, ws_error *err) {
  pool_seat *seat = choose(pool);
  if (ws__chunk_reserve(chunk, pool->set->count) != WS_OK) return ws_error_nomem(err);
  if (!is_running(seat)) WS_TRY(start(pool, seat, err));
  size_t slot = seat->jobs[0].chunk ? 1 : 0;
  seat->jobs[slot] = (pool_job){.chunk = chunk, .before = pool->submitted};
  pool->submitted += ws_records_count(chunk->records);
  return send_job(pool, seat, slot, err);
}

static uint64_t end_of(const ws__pool *pool, const pool_job *job) {
  return (uint64_t)ws_records_count(job->chunk->records) * pool->set->count;
}

/* --- giving up --- */

static void quarantine(ws__pool *pool, size_t lf) {
  pool->skip[lf] = WS__SKIP_GIVEN_UP;
  pool->quarantined[lf] = 1;
  for (size_t i = 0; i < pool->count; i++) skip_in(pool, &pool->seats[i], lf);
}

/* Whether this is one failure too many on so many records: it ran out of time, memory or
 * steps, or was killed. */
static bool is_last(ws__pool *pool, size_t lf, int32_t label, uint64_t records) {
  if (label == ws__vote_failed(WS_LF_ERROR_PATTERN))
    return ws__is_enough(++pool->stepped[lf], records);
  if (ws__is_costly(label)) return ++pool->timeouts[lf] >= WS__TIMEOUTS_MAX;
  return label == ws__vote_failed(WS_LF_ERROR_KILLED) && ++pool->kills[lf] >= KILLS_MAX;
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

/* --- answers --- */

static ws_status harvest(ws__pool *pool, pool_seat *seat, size_t slot, uint64_t to,
                         ws_error *err) {
  pool_job *job = &seat->jobs[slot];
  ws__slot_parts parts = slot_of(pool, seat, slot);
  size_t classes = ws_task_classes(pool->set->task);
  ws__chunk_lfs lfs = {pool->set->count, classes, pool->left_out};
  if (ws__chunk_harvest(job->chunk, &parts, &lfs, job->from, to) != WS_OK)
    return ws_error_nomem(err);
  job->from = to;
  return WS_OK;
}

static void finish(pool_job *job) {
  job->chunk->done = true;
  job->chunk = NULL;
}

static pool_job *find_job(pool_seat *seat, uint64_t serial) {
  for (size_t i = 0; i < WS__SLOTS; i++)
    if (seat->jobs[i].chunk && seat->jobs[i].serial == serial) return &seat->jobs[i];
  return NULL;
}

static ws_status on_done(ws__pool *pool, pool_seat *seat, ws_text payload,
                         ws_error *err) {
  uint64_t serial = 0;
  if (payload.size == sizeof serial) memcpy(&serial, payload.data, sizeof serial);
  pool_job *job = find_job(seat, serial); // 0 is no job's
  if (!job)
    return ws_error_set(err, WS_ELF, "a worker process sent something unexpected");
  WS_TRY(harvest(pool, seat, (size_t)(job - seat->jobs), end_of(pool, job), err));
  finish(job);
  seat->ends = seat->accidents = 0;
  seat->worker.idle_ms = 0;
  seat->worker.spent_ms = 0;
  return WS_OK;
}

static ws_status read_frames(ws__pool *pool, pool_seat *seat, ws_error *err) {
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

/* --- death --- */

/* How a worker gets on. */
typedef enum pool_pace {
  PACE_FINE,
  PACE_STUCK, // no progress
  PACE_LATE   // progress, but more time than its calls may take together
} pool_pace;

typedef struct pool_death {
  int status; // as of waitpid
  bool stuck; // it was killed because it made no progress
  bool late;  // it was killed because its jobs took too long
  bool shut;  // it was killed because it closed its socket and went on
  bool in_call;
  uint64_t position;
  uint32_t serial;
  char loading[sizeof((ws__shared *)0)->loading];
} pool_death;

/* What the worker leaves behind; ends it. */
static pool_death bury(pool_seat *seat, pool_pace pace) {
  const ws__shared *shared = seat->worker.shared;
  pool_death death = {.stuck = pace == PACE_STUCK, .late = pace == PACE_LATE};
  death.status = ws__worker_reap(&seat->worker, pace != PACE_FINE);
  death.shut = pace == PACE_FINE && seat->worker.killed;
  death.in_call = atomic_load(&shared->blame.seq) % 2 == 1;
  death.position = atomic_load(&shared->blame.position);
  death.serial = atomic_load(&shared->blame.serial);
  memcpy(death.loading, shared->loading, sizeof death.loading);
  death.loading[sizeof death.loading - 1] = '\0';
  return death;
}

/* Adds to the message which labeling function the worker says it called last: no honest
 * worker does what the message says. */
static ws_status accuse(const ws__pool *pool, uint64_t position, ws_error *err) {
  const ws_lf_info *info = &pool->set->infos[position % pool->set->count];
  ws_error what = *err;
  return ws_error_set(err, what.status, "%s, after a call of '%s' (%s:%" PRIu64 ")",
                      what.message, info->name, info->file, info->line);
}

/* Killed, and not by us. */
static bool is_accident(const pool_death *death) {
  return !death->stuck && !death->late && !death->shut && WIFSIGNALED(death->status) &&
         WTERMSIG(death->status) == SIGKILL;
}

/* Whether accidents in one call are too many to be accidents. */
static bool is_repeated(pool_seat *seat, uint64_t position) {
  if (seat->accident_at != position) seat->accidents = 0;
  seat->accident_at = position;
  return ++seat->accidents == KILLS_MAX;
}

/* How long the call took in which the worker ended, at least. */
static uint64_t ns_of(const pool_death *death, const ws_lf_options *options) {
  bool late = WIFEXITED(death->status) && WEXITSTATUS(death->status) == WS__EXIT_TIME;
  return (death->stuck || death->late ? options->wall_ms
          : late                      ? options->worker_cpu_ms
                                      : 0) *
         (uint64_t)1000000;
}

static void describe(const pool_death *death, const ws_lf_options *options, char *out,
                     size_t size) {
  if (death->stuck)
    snprintf(out, size, "no progress for %u ms, its worker process was killed",
             options->wall_ms);
  else if (death->late)
    snprintf(out, size,
             "its worker process took longer than its calls may together, "
             "and was killed");
  else if (death->shut)
    snprintf(out, size, "its worker process closed its socket, and was killed");
  else
    ws__describe_end(death->status, options->worker_cpu_ms, out, size);
}

/* The call in which the worker ended is an error. */
static ws_status convict(ws__pool *pool, pool_seat *seat, pool_job *job,
                         const pool_death *death, ws_error *err) {
  const ws_lf_set *set = pool->set;
  size_t lf = (size_t)(death->position % set->count);
  const ws_lf_info *info = &set->infos[lf];
  char why[128];
  describe(death, &set->options, why, sizeof why);
  ws_error message = WS_ERROR_INIT;
  ws__fail_in(&message, info->file, info->line, info->name, why);
  job->chunk->labels[death->position] = ws__vote_failed(WS_LF_ERROR_KILLED);
  ws__timing_slow(&job->chunk->times[lf], death->position / set->count,
                  ns_of(death, &set->options));
  job->from = death->position + 1;
  if (++seat->kills[lf] >= KILLS_MAX) skip_in(pool, seat, lf);
  if (ws__chunk_error_add(job->chunk, death->position, ws_text_of(message.message),
                          (ws_text){0}) != WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
}

/* Decides whose fault it was, and saves the labels before it. */
static ws_status judge(ws__pool *pool, pool_seat *seat, const pool_death *death,
                       ws_error *err) {
  pool_job *job = find_job(seat, death->serial);
  bool guilty = job && death->in_call && death->position >= job->from &&
                death->position < end_of(pool, job) &&
                pool->skip[death->position % pool->set->count] != WS__SKIP_LEFT_OUT &&
                seat->kills[death->position % pool->set->count] < KILLS_MAX;
  if (!guilty) {
    if (++seat->ends < ENDS_MAX) return WS_OK;
    char why[128];
    describe(death, &pool->set->options, why, sizeof why);
    ws_error_set(err, WS_ELF, "%s: labeling functions cannot be applied: %s",
                 pool->set->folder.data, why);
    return accuse(pool, death->position, err);
  }
  WS_TRY(harvest(pool, seat, (size_t)(job - seat->jobs), death->position, err));
  if (is_accident(death) && !is_repeated(seat, death->position)) return WS_OK;
  return convict(pool, seat, job, death, err);
}

/* Starts a new worker for what the dead one had to do. */
static ws_status replace(ws__pool *pool, pool_seat *seat, ws_error *err) {
  for (size_t i = 0; i < WS__SLOTS; i++) {
    pool_job *job = &seat->jobs[i];
    if (job->chunk && job->from == end_of(pool, job)) finish(job);
  }
  if (load_of(seat) == 0) return WS_OK;
  WS_TRY(start(pool, seat, err));
  // The older job first.
  size_t first = seat->jobs[0].chunk && seat->jobs[1].chunk &&
                         seat->jobs[1].serial < seat->jobs[0].serial
                     ? 1
                     : 0;
  for (size_t i = 0; i < WS__SLOTS; i++) {
    size_t slot = (first + i) % WS__SLOTS;
    if (seat->jobs[slot].chunk) WS_TRY(send_job(pool, seat, slot, err));
  }
  return WS_OK;
}

static ws_status on_death(ws__pool *pool, pool_seat *seat, pool_pace pace,
                          ws_error *err) {
  pool_death death = bury(seat, pace);
  ws_status status = WS_OK;
  if (seat->loaded)
    status = judge(pool, seat, &death, err);
  else if (!is_accident(&death) || ++seat->ends == ENDS_MAX)
    status =
        ws__lf_set_fail(pool->set, death.status, death.loading, pace != PACE_FINE, err);
  ws__worker_end(&seat->worker, true);
  return status == WS_OK ? replace(pool, seat, err) : status;
}

/* --- waiting --- */

/* Whether the worker has begun a call that it had not begun when we looked last: what it
 * says must be of a job that it has, and forward, or it could say so forever. */
static bool goes_on(const ws__pool *pool, pool_seat *seat) {
  const ws__blame *blame = &seat->worker.shared->blame;
  pool_job *job = find_job(seat, atomic_load(&blame->serial));
  uint64_t position = atomic_load(&blame->position);
  if (!job || position < job->seen || position > end_of(pool, job)) return false;
  job->seen = position + 1;
  return true;
}

/* The time in which all calls of its jobs end, if each needs all that it may take. */
static uint64_t time_of(const ws__pool *pool, const pool_seat *seat) {
  const ws_lf_options *options = &pool->set->options;
  uint64_t calls = 0;
  for (size_t i = 0; i < WS__SLOTS; i++)
    if (seat->jobs[i].chunk) calls += end_of(pool, &seat->jobs[i]) - seat->jobs[i].from;
  return options->wall_ms + calls * options->worker_cpu_ms;
}

/* After ms more. */
static pool_pace pace_of(const ws__pool *pool, pool_seat *seat, unsigned ms) {
  ws__worker *worker = &seat->worker;
  worker->spent_ms += ms;
  if (!seat->loaded) {
    uint64_t limit = pool->set->load.wall_ms;
    if (ws__worker_stuck(worker, ms) >= limit) return PACE_STUCK;
    return worker->spent_ms >= limit * WS__AWAITED_FILES ? PACE_STUCK : PACE_FINE;
  }
  worker->idle_ms = goes_on(pool, seat) ? 0 : worker->idle_ms + ms;
  if (worker->idle_ms >= pool->set->options.wall_ms) return PACE_STUCK;
  return worker->spent_ms >= time_of(pool, seat) ? PACE_LATE : PACE_FINE;
}

static ws_status receive(ws__pool *pool, pool_seat *seat, bool *open, ws_error *err) {
  ws_status status = ws__worker_receive(&seat->worker, open, err);
  if (status == WS_OK) status = read_frames(pool, seat, err);
  if (status != WS_ELF || !seat->loaded) return status;
  return accuse(pool, atomic_load(&seat->worker.shared->blame.position), err);
}

static ws_status look_after(ws__pool *pool, pool_seat *seat, bool readable, unsigned ms,
                            ws_error *err) {
  bool open = true;
  if (readable) WS_TRY(receive(pool, seat, &open, err));
  if (!open) return on_death(pool, seat, PACE_FINE, err);
  if (load_of(seat) == 0) {
    seat->worker.idle_ms = 0;
    seat->worker.spent_ms = 0;
    return WS_OK;
  }
  pool_pace pace = pace_of(pool, seat, ms);
  return pace == PACE_FINE ? WS_OK : on_death(pool, seat, pace, err);
}

ws_status ws__pool_wait(ws__pool *pool, int input, ws_error *err) {
  size_t load = 0;
  for (size_t i = 0; i < pool->count; i++) {
    pool->polls[i] = (struct pollfd){pool->seats[i].worker.socket, POLLIN, 0};
    load += load_of(&pool->seats[i]);
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
    if (is_running(&pool->seats[i]))
      WS_TRY(look_after(pool, &pool->seats[i], pool->polls[i].revents != 0, ms, err));
  return WS_OK;
}
