/* SPDX-License-Identifier: MIT
 *
 * What the parent and a worker share: memory for records and votes, and a socket for
 * short messages. Private to lf.
 *
 * The memory is one file: a ws__shared, in WS__SHARED_SIZE bytes, which ends in what the
 * worker has to know (ws__worker_init); then the slots, each with one job. The parent
 * sizes it; it can grow but not shrink. Everything that a worker writes is checked before
 * it is believed.
 */
#ifndef WS_CHANNEL_H
#define WS_CHANNEL_H

#include <stdatomic.h>

#include <weaksup/apply.h>

#include "program.h"

enum {
  WS__FD_SOCKET = 3, // of a worker
  WS__FD_MEMORY = 4,
  WS__SLOTS = 2,         // jobs that a worker may hold: one at work, one waiting
  WS__ERROR_TEXT = 496,  // bytes of a message, with its NUL
  WS__TIMEOUTS_MAX = 10, // calls that run out of time or memory before it is given up
  WS__EXIT_TIME = 113,   // exit code of a worker that ended itself: a call took too long
  WS__NOTES_MAX = 100,   // that a worker tells, and
  WS__NOTE_SIZE = 1000,  // bytes of each
};

/* How long loading a file may take: a .lua file fails at cpu_ms of CPU time, the worker
 * ends at end_cpu_ms, and is killed after wall_ms. */
typedef struct ws__load_limits {
  unsigned cpu_ms, end_cpu_ms, wall_ms;
} ws__load_limits;

static inline ws__load_limits ws__load_limits_default(void) {
  return (ws__load_limits){5000, 10000, 20000};
}

/* Around each call the worker stores what it calls, adds one to seq (then odd), and one
 * more after it. In a job the position only grows; behind each record it is that of the
 * next one. A serial is stored behind the position at which its job begins. */
typedef struct ws__blame {
  _Atomic uint64_t seq;
  _Atomic uint64_t position; // record * M + LF, in the job
  _Atomic uint32_t serial;   // of the job
} ws__blame;

typedef struct ws__shared {
  ws__blame blame;
  char loading[1024];           // the file that is being loaded; ends in NUL
  _Atomic uint32_t protections; // that the worker has, before its first frame
  uint64_t parent;              // its process
  uint64_t init_size;           // bytes behind this struct
} ws__shared;

/* Where the slots begin in the memory: behind the init, on a page of its own. */
size_t ws__shared_size(uint64_t init_size);

/* parent -> worker: a job that lies in the memory. */
typedef struct ws__job {
  uint64_t offset, size; // of its slot; the offset counts from ws__shared_size
  uint64_t from;         // the first position that is wanted
  uint64_t data_size;    // bytes of all records
  uint64_t before;       // records of the jobs in front of it, whoever has them
  uint32_t serial, records;
} ws__job;

/* worker -> parent: `size` bytes follow. */
typedef enum ws__frame_kind {
  WS__FRAME_LOADED = 1, // once, first: what ws__put_manifest or ws__put_failure writes
  WS__FRAME_DONE,       // the serial of a job, a number
  WS__FRAME_TRACE,      // before that, of a worker that traces: what ws__put_trace writes
} ws__frame_kind;

typedef struct ws__frame {
  uint32_t kind, size;
} ws__frame;

#define WS__FRAME_MAX (64u << 20)

typedef struct ws__slot_error {
  uint64_t position;
  uint32_t size, trace_size;
  char text[WS__ERROR_TEXT];
  char trace[WS__TRACEBACK];
} ws__slot_error;

/* Calls by how long they took, two ranges to each doubling from 64 ns on: what is below
 * and beyond is in the first and the last one. */
enum { WS__TIME_RANGES = 48 };

/* How long the calls of one labeling function took, in one job. */
typedef struct ws__timing {
  uint64_t calls, ns; // of a sample of them
  uint64_t slowest_ns;
  uint64_t slowest_record;          // of the job
  uint32_t ranges[WS__TIME_RANGES]; // the calls of the sample; all 0: not known
} ws__timing;

/* The range that so long a call is in, and the longest that is in it. */
size_t ws__time_range(uint64_t ns);
uint64_t ws__time_of_range(size_t range);

/* A call that took so long, at least. */
static inline void ws__timing_slow(ws__timing *times, uint64_t record, uint64_t ns) {
  if (ns <= times->slowest_ns) return;
  times->slowest_ns = ns;
  times->slowest_record = record;
}

uint64_t ws__now_ns(void); // of a clock that only goes forward

/* Why a labeling function is not to be called. */
enum {
  WS__SKIP_GIVEN_UP = 1, // it is quarantined: WS__VOTE_SKIPPED
  WS__SKIP_LEFT_OUT = 2, // its votes are known: WS_ABSTAIN; the same for a whole job
};

/* Where the parts of a slot lie, in bytes from its start. */
typedef struct ws__slot_layout {
  size_t skip;  // unsigned char [M]: WS__SKIP_..., 0 for those that are to be called
  size_t votes; // int32_t [records][M]
  size_t error_count; // uint32_t
  size_t errors; // ws__slot_error [error_max]: the first ones of each labeling function
  size_t error_max;
  size_t times;   // ws__timing [M]
  size_t offsets; // uint64_t [records]: where a record begins in the data
  size_t data;    // the records' encodings
  size_t size;
} ws__slot_layout;

ws__slot_layout ws__slot_lay_out(size_t records, size_t lfs, size_t data_size);

/* What a worker has to know: borrowed texts. */
typedef struct ws__worker_init {
  ws_lf_options limits; // without the program
  ws__load_limits load;
  bool may_be_empty;    // files that define nothing are no failure
  ws__problems outside; // files that are not to be loaded
  ws_text folder;
  ws_text text_field;
  ws_text id_field;    // empty: the task names none
  const ws_task *task; // of it: the classes, the field of gold labels
  bool trace; // a last byte that is 1: jobs are for ws__trace_call, a record each
} ws__worker_init;

WS_CHECK ws_status ws__put_init(ws_buffer *out, const ws__worker_init *init);
/* `init` borrows from the bytes, except for its task and its problems, which are the
 * caller's to free, whatever is returned. */
WS_CHECK ws_status ws__take_init(ws_text bytes, ws__worker_init *init, ws_task **task);

/* Whether so many calls that ran out of steps, on so many records, are enough to give a
 * labeling function up. They end sooner than at the other limits, so what runs out of
 * steps now and then costs little. */
static inline bool ws__is_enough(uint64_t failures, uint64_t records) {
  enum { FEWEST = 100, SHARE = 10 };
  return failures >= FEWEST && failures > records / SHARE;
}

/* In place of a status: what follows are files that failed (ws__put_problems), to be left
 * out of the next worker. */
#define WS__LOAD_AGAIN 100

WS_CHECK ws_status ws__put_manifest(ws_buffer *out, const ws__program *program);
WS_CHECK ws_status ws__put_failure(ws_buffer *out, const ws_error *err);

#endif
