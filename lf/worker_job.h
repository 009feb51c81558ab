/* SPDX-License-Identifier: MIT
 *
 * The part of a worker process that calls labeling functions. Private to lf.
 */
#ifndef WS_WORKER_JOB_H
#define WS_WORKER_JOB_H

#include "channel.h"
#include "trace_worker.h"

/* Start from {0}, with `shared` set. */
typedef struct ws__labeler {
  ws__shared *shared; // borrowed, as is the program
  ws__program *program;
  size_t lfs;               // M
  uint32_t *noted;          // [M] errors of the job that were noted with their text
  uint32_t *slow;           // [M] calls that ran out of time or memory
  uint64_t *stepped;        // [M] calls that ran out of steps
  unsigned char *done_with; // [M] they were enough
  char *slots;              // the memory behind the ws__shared
  bool watching;            // calls can be interrupted
  uint64_t records;         // labelled so far
  _Atomic uint64_t ticked;  // when the clock ticked in the call at hand; 0: it did not
} ws__labeler;

WS_CHECK ws_status ws__labeler_open(ws__labeler *labeler, ws__program *program);
void ws__labeler_clear(ws__labeler *labeler);

/* Notes that a call begins, and that it ended. */
void ws__blame_enter(ws__blame *blame, uint64_t position);
void ws__blame_leave(ws__blame *blame);

/* Labels the records of a job, whose slot lies in `slots`. */
void ws__labeler_work(ws__labeler *labeler, const ws__job *job);
/* What a labeling function does with the first record of a job; false where it must not
 * be called. */
bool ws__labeler_trace(ws__labeler *labeler, const ws__job *job, size_t lf,
                       ws__trace *trace);

#endif
