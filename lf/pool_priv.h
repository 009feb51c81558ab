/* SPDX-License-Identifier: MIT
 *
 * The inside of the pool of worker processes, for the files pool*.c alone.
 */
#ifndef WS_POOL_PRIV_H
#define WS_POOL_PRIV_H

#include "pool.h"

/* Workers that may be lost in calls of a labeling function, or by accident in one call.
 */
enum { WS__KILLS_MAX = 3 };

/* A chunk in a slot of a worker; chunk NULL: the slot is free. */
typedef struct ws__pool_job {
  ws__chunk *chunk;
  uint32_t serial;
  uint64_t before; // records in front of its first one
  uint64_t from;   // labels before this position are there
  uint64_t seen;   // positions before this one were begun, as its worker says
} ws__pool_job;

typedef struct ws__seat {
  ws__worker worker;
  ws__pool_job jobs[WS__SLOTS];
  bool loaded;
  uint64_t accident_at; // the call that was last tried again, and
  unsigned accidents;   // how often its worker was killed
  unsigned ends;        // deaths without a guilty call since the last job that was done
  unsigned *kills;      // [M] of its workers, in calls of each labeling function
} ws__seat;

struct ws__pool {
  ws_lf_set *set;
  ws__seat *seats; // [count]
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

/* How a worker gets on. */
typedef enum ws__pace {
  WS__PACE_FINE,
  WS__PACE_STUCK, // no progress
  WS__PACE_LATE   // progress, but more time than its calls may take together
} ws__pace;

static inline bool ws__seat_is_running(const ws__seat *seat) {
  return seat->worker.socket >= 0;
}

/* How many jobs it has. */
size_t ws__seat_load(const ws__seat *seat);

/* The one of that serial; NULL: none is. */
ws__pool_job *ws__seat_find(ws__seat *seat, uint64_t serial);

/* The position behind its last label. */
uint64_t ws__pool_job_end(const ws__pool *pool, const ws__pool_job *job);

/* Marks its chunk as done and frees the slot. */
void ws__pool_job_finish(ws__pool_job *job);

/* Starts a worker process in a seat that has none. */
WS_CHECK ws_status ws__seat_start(ws__pool *pool, ws__seat *seat, ws_error *err);

/* Hands the job in the slot to the worker, under a new serial. */
WS_CHECK ws_status ws__seat_send(ws__pool *pool, ws__seat *seat, size_t slot,
                                 ws_error *err);

/* Takes over the labels before position `to` that are in the slot. */
WS_CHECK ws_status ws__seat_harvest(ws__pool *pool, ws__seat *seat, size_t slot,
                                    uint64_t to, ws_error *err);

/* The worker finds in its slots that it is not to call that labeling function. */
void ws__seat_skip(const ws__pool *pool, ws__seat *seat, size_t lf);

/* For a worker that has closed its socket, or whose pace is not fine: ends it, decides
 * whose fault that was, and starts another one for what is left of its jobs. WS_ELF when
 * the labeling functions cannot be applied. */
WS_CHECK ws_status ws__pool_on_death(ws__pool *pool, ws__seat *seat, ws__pace pace,
                                     ws_error *err);

/* Adds to the message which labeling function the worker says it called last: no honest
 * worker does what the message says. Returns the status that `err` has. */
WS_CHECK ws_status ws__pool_accuse(const ws__pool *pool, uint64_t position,
                                   ws_error *err);

#endif
