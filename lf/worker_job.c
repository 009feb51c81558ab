/* SPDX-License-Identifier: MIT
 *
 * Labelling the records of a job, in a worker process. Around every call it notes what it
 * calls, so that the parent knows who is guilty when it does not come back.
 */
#include "worker_job.h"

#include <string.h>

#include <weaksup/alloc.h>

#include "limits.h"

ws_status ws__labeler_open(ws__labeler *labeler, ws__program *program) {
  labeler->program = program;
  labeler->lfs = ws__program_count(program);
  labeler->noted = ws_alloc_zero(labeler->lfs, sizeof *labeler->noted);
  labeler->slow = ws_alloc_zero(labeler->lfs, sizeof *labeler->slow);
  labeler->stepped = ws_alloc_zero(labeler->lfs, sizeof *labeler->stepped);
  labeler->done_with = ws_alloc_zero(labeler->lfs, 1);
  return labeler->noted && labeler->slow && labeler->stepped && labeler->done_with
             ? WS_OK
             : WS_ENOMEM;
}

void ws__labeler_clear(ws__labeler *labeler) {
  ws_free(labeler->noted);
  ws_free(labeler->slow);
  ws_free(labeler->stepped);
  ws_free(labeler->done_with);
}

/* --- calls and blame --- */

void ws__blame_enter(ws__blame *blame, uint64_t position) {
  atomic_store_explicit(&blame->position, position, memory_order_relaxed);
  uint64_t seq = atomic_load_explicit(&blame->seq, memory_order_relaxed);
  atomic_store_explicit(&blame->seq, seq + 1, memory_order_release);
}

void ws__blame_leave(ws__blame *blame) {
  uint64_t seq = atomic_load_explicit(&blame->seq, memory_order_relaxed);
  atomic_store_explicit(&blame->seq, seq + 1, memory_order_release);
}

/* Shows that the worker goes on, though it may have nothing to call: what lies before the
 * position is done. */
static void tick(ws__blame *blame, uint64_t position) {
  atomic_store_explicit(&blame->position, position, memory_order_relaxed);
  uint64_t seq = atomic_load_explicit(&blame->seq, memory_order_relaxed);
  atomic_store_explicit(&blame->seq, seq + 2, memory_order_release);
}

/* Rules cannot be interrupted: the time limit must not hit the call after them. */
static void watch(ws__labeler *labeler, bool lua) {
  if (labeler->watching == lua) return;
  labeler->watching = lua;
  ws__limits_watch(lua ? ws__program_lua(labeler->program) : NULL);
}

/* --- jobs --- */

typedef struct slot_view {
  const unsigned char *skip;
  int32_t *votes;
  uint32_t *error_count;
  ws__slot_error *errors;
  size_t error_max;
  ws__timing *times;
  const uint64_t *offsets;
  const unsigned char *data;
  uint64_t before; // records in front of the job
} slot_view;

static slot_view open_slot(const ws__labeler *labeler, const ws__job *job) {
  char *base = labeler->slots + job->offset;
  ws__slot_layout at = ws__slot_lay_out(job->records, labeler->lfs, job->data_size);
  return (slot_view){(const unsigned char *)base + at.skip,
                     (int32_t *)(void *)(base + at.votes),
                     (uint32_t *)(void *)(base + at.error_count),
                     (ws__slot_error *)(void *)(base + at.errors),
                     at.error_max,
                     (ws__timing *)(void *)(base + at.times),
                     (const uint64_t *)(const void *)(base + at.offsets),
                     (const unsigned char *)base + at.data,
                     job->before};
}

/* Returns the bytes; the rest of `out` stays as it was. */
static uint32_t put_text(char *out, size_t room, const char *text) {
  size_t size = strlen(text);
  if (size >= room)
    for (size = room - 1; size && ((unsigned char)text[size] & 0xC0u) == 0x80u;) size--;
  memcpy(out, text, size);
  return (uint32_t)size;
}

static void note_error(ws__labeler *labeler, slot_view *slot, size_t lf,
                       uint64_t position, const char *text) {
  if (labeler->noted[lf] == WS_LF_EXAMPLES || *slot->error_count == slot->error_max)
    return;
  labeler->noted[lf]++;
  ws__slot_error *error = &slot->errors[(*slot->error_count)++];
  const char *trace = ws__program_traceback(labeler->program, lf);
  error->position = position;
  error->size = put_text(error->text, sizeof error->text, text);
  error->trace_size = put_text(error->trace, sizeof error->trace, trace);
}

/* Of failures in front of a record at least these are there: where they are enough, the
 * parent, which knows all, has found so already. */
static void count_failure(ws__labeler *labeler, size_t lf, int32_t label,
                          uint64_t records) {
  labeler->slow[lf] += ws__is_costly(label);
  if (label == ws__vote_failed(WS_LF_ERROR_PATTERN)) labeler->stepped[lf]++;
  if (labeler->slow[lf] >= WS__TIMEOUTS_MAX ||
      ws__is_enough(labeler->stepped[lf], records))
    labeler->done_with[lf] = 1;
}

/* False where it is not called. */
static bool vote(ws__labeler *labeler, slot_view *slot, size_t lf, uint64_t position) {
  if (slot->skip[lf] || labeler->done_with[lf]) {
    slot->votes[position] = WS__VOTE_SKIPPED;
    return false;
  }
  ws_error err;
  err.message[0] = '\0'; // not all of it, for every call
  watch(labeler, ws__program_is_lua(labeler->program, lf));
  ws__blame_enter(&labeler->shared->blame, position);
  int32_t label = ws__program_vote(labeler->program, lf, &err);
  slot->votes[position] = label;
  if (label < WS_ABSTAIN)
    count_failure(labeler, lf, label, slot->before + position / labeler->lfs + 1);
  if (label < WS_ABSTAIN) note_error(labeler, slot, lf, position, err.message);
  ws__blame_leave(&labeler->shared->blame);
  return true;
}

/* What those say that are not asked. */
static void fill_in(const slot_view *slot, int32_t *votes, size_t from, size_t lfs,
                    bool skips) {
  for (size_t lf = from; lf < lfs; lf++)
    votes[lf] =
        skips && slot->skip[lf] == WS__SKIP_GIVEN_UP ? WS__VOTE_SKIPPED : WS_ABSTAIN;
}

/* --- timing --- */

/* Calls are timed on the first records, for data sets that have no more, and on one of
 * sixteen from there on: reading the clock around each call would be felt. */
static bool is_timed(ws__labeler *labeler, size_t record) {
  enum { FIRST = 256 };
  if (labeler->records++ < FIRST) return true;
  return (uint32_t)record * 2654435769u >> 28 == 0;
}

/* The end of a call that is timed is the beginning of the next one. */
static uint64_t note_time(ws__timing *times, size_t record, uint64_t begun) {
  uint64_t now = ws__now_ns();
  times->calls++;
  times->ns += now - begun;
  times->ranges[ws__time_range(now - begun)]++;
  ws__timing_slow(times, record, now - begun);
  return now;
}

/* The clock ticked in the call before: it took at least the time from there on. Of calls
 * that are not timed this is all that is known. */
static void note_tick(ws__labeler *labeler, ws__timing *times, size_t record) {
  uint64_t at = atomic_load_explicit(&labeler->ticked, memory_order_relaxed);
  if (!at) return;
  atomic_store_explicit(&labeler->ticked, 0, memory_order_relaxed);
  ws__lua_forget_expiry(ws__program_lua(labeler->program));
  ws__timing_slow(times, record, ws__now_ns() - at);
}

/* Calls what is due on a record from labeling function `from` on. */
static void vote_all(ws__labeler *labeler, slot_view *slot, size_t record, size_t from) {
  const ws__program *program = labeler->program;
  size_t lfs = labeler->lfs;
  bool timed = is_timed(labeler, record);
  uint64_t begun = timed ? ws__now_ns() : 0;
  for (size_t lf = ws__program_next_due(program, from); lf < lfs;
       lf = ws__program_next_due(program, lf + 1)) {
    if (!vote(labeler, slot, lf, (uint64_t)record * lfs + lf)) continue;
    note_tick(labeler, &slot->times[lf], record);
    if (timed) begun = note_time(&slot->times[lf], record, begun);
  }
}

void ws__labeler_work(ws__labeler *labeler, const ws__job *job) {
  slot_view slot = open_slot(labeler, job);
  memset(labeler->noted, 0, labeler->lfs * sizeof *labeler->noted);
  *slot.error_count = 0;
  // The position first: with the serial of this job nobody sees that of the last one.
  atomic_store_explicit(&labeler->shared->blame.position, job->from,
                        memory_order_relaxed);
  atomic_store_explicit(&labeler->shared->blame.serial, job->serial,
                        memory_order_release);
  atomic_store_explicit(&labeler->ticked, 0, memory_order_relaxed);
  size_t lfs = labeler->lfs, record = job->from / lfs, from = job->from % lfs;
  bool skips = memchr(slot.skip, WS__SKIP_GIVEN_UP, lfs) != NULL;
  ws__program_pass_over(labeler->program, slot.skip, WS__SKIP_LEFT_OUT);
  for (; record < job->records; record++, from = 0) {
    ws__program_record(labeler->program, (ws_value){slot.data + slot.offsets[record]});
    fill_in(&slot, slot.votes + record * lfs, from, lfs, skips);
    vote_all(labeler, &slot, record, from);
    tick(&labeler->shared->blame, (record + 1) * lfs);
  }
}

/* --- tracing --- */

/* The first call is on a record that is new, so that what it takes from the record is
 * seen; the others are timed. */
static void trace_lf(ws__labeler *labeler, ws_value record, size_t lf, ws__trace *trace) {
  ws__program_record(labeler->program, record);
  bool again = ws__trace_begin(labeler->program, lf, trace);
  watch(labeler, ws__program_is_lua(labeler->program, lf));
  for (uint64_t spent = 0, calls = 0; again; calls++) {
    ws__blame_enter(&labeler->shared->blame, lf); // of record 0
    again = ws__trace_call(labeler->program, lf, calls, &spent, trace);
    ws__blame_leave(&labeler->shared->blame);
  }
}

bool ws__labeler_trace(ws__labeler *labeler, const ws__job *job, size_t lf,
                       ws__trace *trace) {
  slot_view slot = open_slot(labeler, job);
  if (slot.skip[lf]) return false;
  trace_lf(labeler, (ws_value){slot.data + slot.offsets[0]}, lf, trace);
  return true;
}
