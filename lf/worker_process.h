/* SPDX-License-Identifier: MIT
 *
 * A worker process as its parent sees it. Private to lf.
 */
#ifndef WS_WORKER_PROCESS_H
#define WS_WORKER_PROCESS_H

#include <sys/types.h>

#include <weaksup/records.h>

#include "channel.h"

typedef struct ws__slot {
  size_t offset, capacity; // in the memory behind the ws__shared
} ws__slot;

typedef struct ws__worker {
  pid_t pid;
  int socket; // -1: there is no process
  int memory;
  ws__shared *shared;
  size_t shared_size;
  char *slots; // mapped; NULL until a job is sent
  size_t slots_size;
  ws__slot slot[WS__SLOTS];
  ws_buffer received; // frames that are not whole yet
  uint64_t last_seq;  // seen by ws__worker_stuck
  unsigned idle_ms;   // without progress
  uint64_t spent_ms;  // with the jobs that it has, or with loading
  bool killed;        // we had to kill it
} ws__worker;

/* So many files may take as long as loading one may, before the first frame. */
enum { WS__AWAITED_FILES = 30 };

/* Starts `program`; `init` is what ws__put_init wrote. */
WS_CHECK ws_status ws__worker_start(const char *program, ws_text init, ws__worker *worker,
                                    ws_error *err);

/* Ends the process: politely, where it waits for work or is ending by itself, or at once.
 * Returns its status as waitpid gives it. What it shared is still there. */
int ws__worker_reap(ws__worker *worker, bool kill_it);
/* Ends the process if there is one, and frees everything. */
int ws__worker_end(ws__worker *worker, bool kill_it);

/* Receives what has come, without waiting. False where the worker has closed its side. */
WS_CHECK ws_status ws__worker_receive(ws__worker *worker, bool *open, ws_error *err);
/* The next whole frame that was received; its payload is borrowed until the next call of
 * a function with this worker. */
WS_CHECK ws_status ws__worker_frame(ws__worker *worker, ws__frame *frame,
                                    ws_text *payload, bool *found, ws_error *err);

/* Waits for the first frame, as long as loading a file may take. *found is false where
 * none came; then *open tells whether the worker is still there. */
WS_CHECK ws_status ws__worker_await(ws__worker *worker, unsigned wall_ms,
                                    ws__frame *frame, ws_text *payload, bool *found,
                                    bool *open, ws_error *err);

/* What one slot holds: the parent's side. */
typedef struct ws__slot_parts {
  unsigned char *skip;
  const int32_t *votes;
  const uint32_t *error_count;
  const ws__slot_error *errors;
  size_t error_max;
  const ws__timing *times; // [lfs]
  size_t lfs;
} ws__slot_parts;

/* Sends records as the job of a slot that is free: `asked` is its serial, from and
 * before. */
WS_CHECK ws_status ws__worker_send(ws__worker *worker, size_t slot, const ws__job *asked,
                                   const ws_records *records, size_t lfs,
                                   const unsigned char *skip, ws_error *err);
/* Valid until the next job is sent. */
ws__slot_parts ws__worker_slot(const ws__worker *worker, size_t slot, size_t records,
                               size_t lfs);

uint64_t ws__now_ms(void); // of a clock that only goes forward

/* After ms more: for how long calls have made no progress, in what the worker says of
 * itself: seq. A worker that code has taken over can raise it forever, so whoever asks
 * has a limit of their own on the whole. */
unsigned ws__worker_stuck(ws__worker *worker, unsigned ms);

#endif
