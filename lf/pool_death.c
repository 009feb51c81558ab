/* SPDX-License-Identifier: MIT
 *
 * The end of a worker, who is blamed for it, and what replaces it.
 *
 * When a worker ends inside a call, that call is guilty: its vote is an error, and a new
 * worker goes on behind it. A worker that somebody else kills is the exception (the
 * system that lacks memory, a person): its call is tried again first, so that such an
 * accident changes no vote.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "pool_priv.h"

enum { ENDS_MAX = 5 };

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
static pool_death bury(ws__seat *seat, ws__pace pace) {
  const ws__shared *shared = seat->worker.shared;
  pool_death death = {.stuck = pace == WS__PACE_STUCK, .late = pace == WS__PACE_LATE};
  death.status = ws__worker_reap(&seat->worker, pace != WS__PACE_FINE);
  death.shut = pace == WS__PACE_FINE && seat->worker.killed;
  death.in_call = atomic_load(&shared->blame.seq) % 2 == 1;
  death.position = atomic_load(&shared->blame.position);
  death.serial = atomic_load(&shared->blame.serial);
  memcpy(death.loading, shared->loading, sizeof death.loading);
  death.loading[sizeof death.loading - 1] = '\0';
  return death;
}

/* Killed, and not by us. */
static bool is_accident(const pool_death *death) {
  return !death->stuck && !death->late && !death->shut && WIFSIGNALED(death->status) &&
         WTERMSIG(death->status) == SIGKILL;
}

/* Whether accidents in one call are too many to be accidents. */
static bool is_repeated(ws__seat *seat, uint64_t position) {
  if (seat->accident_at != position) seat->accidents = 0;
  seat->accident_at = position;
  return ++seat->accidents == WS__KILLS_MAX;
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

ws_status ws__pool_accuse(const ws__pool *pool, uint64_t position, ws_error *err) {
  const ws_lf_info *info = &pool->set->infos[position % pool->set->count];
  ws_error what = *err;
  return ws_error_set(err, what.status, "%s, after a call of '%s' (%s:%" PRIu64 ")",
                      what.message, info->name, info->file, info->line);
}

/* The call in which the worker ended is an error. */
static ws_status convict(ws__pool *pool, ws__seat *seat, ws__pool_job *job,
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
  if (++seat->kills[lf] >= WS__KILLS_MAX) ws__seat_skip(pool, seat, lf);
  if (ws__chunk_error_add(job->chunk, death->position, ws_text_of(message.message),
                          (ws_text){0}) != WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
}

/* Decides whose fault it was, and saves the labels before it. */
static ws_status judge(ws__pool *pool, ws__seat *seat, const pool_death *death,
                       ws_error *err) {
  ws__pool_job *job = ws__seat_find(seat, death->serial);
  bool guilty = job && death->in_call && death->position >= job->from &&
                death->position < ws__pool_job_end(pool, job) &&
                pool->skip[death->position % pool->set->count] != WS__SKIP_LEFT_OUT &&
                seat->kills[death->position % pool->set->count] < WS__KILLS_MAX;
  if (!guilty) {
    if (++seat->ends < ENDS_MAX) return WS_OK;
    char why[128];
    describe(death, &pool->set->options, why, sizeof why);
    ws_error_set(err, WS_ELF, "%s: labeling functions cannot be applied: %s",
                 pool->set->folder.data, why);
    return ws__pool_accuse(pool, death->position, err);
  }
  WS_TRY(ws__seat_harvest(pool, seat, (size_t)(job - seat->jobs), death->position, err));
  if (is_accident(death) && !is_repeated(seat, death->position)) return WS_OK;
  return convict(pool, seat, job, death, err);
}

/* Starts a new worker for what the dead one had to do. */
static ws_status replace(ws__pool *pool, ws__seat *seat, ws_error *err) {
  for (size_t i = 0; i < WS__SLOTS; i++) {
    ws__pool_job *job = &seat->jobs[i];
    if (job->chunk && job->from == ws__pool_job_end(pool, job)) ws__pool_job_finish(job);
  }
  if (ws__seat_load(seat) == 0) return WS_OK;
  WS_TRY(ws__seat_start(pool, seat, err));
  // The older job first.
  size_t first = seat->jobs[0].chunk && seat->jobs[1].chunk &&
                         seat->jobs[1].serial < seat->jobs[0].serial
                     ? 1
                     : 0;
  for (size_t i = 0; i < WS__SLOTS; i++) {
    size_t slot = (first + i) % WS__SLOTS;
    if (seat->jobs[slot].chunk) WS_TRY(ws__seat_send(pool, seat, slot, err));
  }
  return WS_OK;
}

ws_status ws__pool_on_death(ws__pool *pool, ws__seat *seat, ws__pace pace,
                            ws_error *err) {
  pool_death death = bury(seat, pace);
  ws_status status = WS_OK;
  if (seat->loaded)
    status = judge(pool, seat, &death, err);
  else if (!is_accident(&death) || ++seat->ends == ENDS_MAX)
    status = ws__lf_set_fail(pool->set, death.status, death.loading,
                             pace != WS__PACE_FINE, err);
  ws__worker_end(&seat->worker, true);
  return status == WS_OK ? replace(pool, seat, err) : status;
}
