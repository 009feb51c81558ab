/* SPDX-License-Identifier: MIT
 *
 * A seat of the pool: a worker process, and the chunks that it has.
 */
#include <string.h>

#include "pool_priv.h"

size_t ws__seat_load(const ws__seat *seat) {
  size_t jobs = 0;
  for (size_t i = 0; i < WS__SLOTS; i++) jobs += seat->jobs[i].chunk != NULL;
  return jobs;
}

ws_status ws__seat_start(ws__pool *pool, ws__seat *seat, ws_error *err) {
  seat->loaded = false;
  return ws__worker_start(pool->set->program.data, ws_buffer_as_text(&pool->set->init),
                          &seat->worker, err);
}

uint64_t ws__pool_job_end(const ws__pool *pool, const ws__pool_job *job) {
  return (uint64_t)ws_records_count(job->chunk->records) * pool->set->count;
}

ws__pool_job *ws__seat_find(ws__seat *seat, uint64_t serial) {
  for (size_t i = 0; i < WS__SLOTS; i++)
    if (seat->jobs[i].chunk && seat->jobs[i].serial == serial) return &seat->jobs[i];
  return NULL;
}

static ws__slot_parts slot_of(const ws__pool *pool, const ws__seat *seat, size_t slot) {
  return ws__worker_slot(&seat->worker, slot,
                         ws_records_count(seat->jobs[slot].chunk->records),
                         pool->set->count);
}

ws_status ws__seat_send(ws__pool *pool, ws__seat *seat, size_t slot, ws_error *err) {
  ws__pool_job *job = &seat->jobs[slot];
  job->serial = ++pool->serial;
  job->seen = job->from;
  memcpy(pool->sent, pool->skip, pool->set->count);
  for (size_t lf = 0; lf < pool->set->count; lf++)
    if (seat->kills[lf] >= WS__KILLS_MAX) pool->sent[lf] = WS__SKIP_GIVEN_UP;
  ws__job asked = {.serial = job->serial, .from = job->from, .before = job->before};
  return ws__worker_send(&seat->worker, slot, &asked, job->chunk->records,
                         pool->set->count, pool->sent, err);
}

ws_status ws__seat_harvest(ws__pool *pool, ws__seat *seat, size_t slot, uint64_t to,
                           ws_error *err) {
  ws__pool_job *job = &seat->jobs[slot];
  ws__slot_parts parts = slot_of(pool, seat, slot);
  size_t classes = ws_task_classes(pool->set->task);
  ws__chunk_lfs lfs = {pool->set->count, classes, pool->left_out};
  if (ws__chunk_harvest(job->chunk, &parts, &lfs, job->from, to) != WS_OK)
    return ws_error_nomem(err);
  job->from = to;
  return WS_OK;
}

void ws__pool_job_finish(ws__pool_job *job) {
  job->chunk->done = true;
  job->chunk = NULL;
}

void ws__seat_skip(const ws__pool *pool, ws__seat *seat, size_t lf) {
  for (size_t slot = 0; slot < WS__SLOTS; slot++)
    if (seat->jobs[slot].chunk && seat->worker.slots)
      slot_of(pool, seat, slot).skip[lf] = WS__SKIP_GIVEN_UP;
}
