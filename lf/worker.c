/* SPDX-License-Identifier: MIT
 *
 * A worker process: loads the folder, says what is in it, then labels jobs until its
 * socket is closed.
 *
 * It holds nothing but its socket, the memory that it shares with the parent and
 * /dev/null, locks itself before it runs code (lockdown.c), and dies with the parent.
 * Around every call it notes what it calls, so that the parent knows who is guilty when
 * it does not come back.
 */
#define _GNU_SOURCE // mremap, close_range
#include "channel.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include <weaksup/alloc.h>

#include "limits.h"
#include "lockdown.h"
#include "trace_worker.h"

typedef struct process {
  ws__shared *shared;
  ws__worker_init init;
  ws_task *task;
  char *folder;
  ws__program *program;
  size_t lfs;      // M
  uint32_t *noted; // [M] errors of the job that were noted with their text
  uint32_t *slow;  // [M] calls that ran out of time
  char *slots;     // the memory behind the ws__shared
  size_t slots_size;
  bool watching;           // calls can be interrupted
  uint64_t records;        // labelled so far
  _Atomic uint64_t ticked; // when the clock ticked in the call at hand; 0: it did not
} process;

/* --- calls and blame --- */

static void enter(ws__blame *blame, uint64_t position) {
  atomic_store_explicit(&blame->position, position, memory_order_relaxed);
  uint64_t seq = atomic_load_explicit(&blame->seq, memory_order_relaxed);
  atomic_store_explicit(&blame->seq, seq + 1, memory_order_release);
}

static void leave(ws__blame *blame) {
  uint64_t seq = atomic_load_explicit(&blame->seq, memory_order_relaxed);
  atomic_store_explicit(&blame->seq, seq + 1, memory_order_release);
}

/* Shows that the worker goes on, though it may have nothing to call. */
static void tick(ws__blame *blame) {
  uint64_t seq = atomic_load_explicit(&blame->seq, memory_order_relaxed);
  atomic_store_explicit(&blame->seq, seq + 2, memory_order_release);
}

/* Rules cannot be interrupted: the time limit must not hit the call after them. */
static void watch(process *worker, bool lua) {
  if (worker->watching == lua) return;
  worker->watching = lua;
  ws__limits_watch(lua ? ws__program_lua(worker->program) : NULL);
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
} slot_view;

static slot_view open_slot(const process *worker, const ws__job *job) {
  char *base = worker->slots + job->offset;
  ws__slot_layout at = ws__slot_lay_out(job->records, worker->lfs, job->data_size);
  return (slot_view){(const unsigned char *)base + at.skip,
                     (int32_t *)(void *)(base + at.votes),
                     (uint32_t *)(void *)(base + at.error_count),
                     (ws__slot_error *)(void *)(base + at.errors),
                     at.error_max,
                     (ws__timing *)(void *)(base + at.times),
                     (const uint64_t *)(const void *)(base + at.offsets),
                     (const unsigned char *)base + at.data};
}

/* Returns the bytes; the rest of `out` stays as it was. */
static uint32_t put_text(char *out, size_t room, const char *text) {
  size_t size = strlen(text);
  if (size >= room)
    for (size = room - 1; size && ((unsigned char)text[size] & 0xC0u) == 0x80u;) size--;
  memcpy(out, text, size);
  return (uint32_t)size;
}

static void note_error(process *worker, slot_view *slot, size_t lf, uint64_t position,
                       const char *text) {
  if (worker->noted[lf] == WS_LF_EXAMPLES || *slot->error_count == slot->error_max)
    return;
  worker->noted[lf]++;
  ws__slot_error *error = &slot->errors[(*slot->error_count)++];
  const char *trace = ws__program_traceback(worker->program, lf);
  error->position = position;
  error->size = put_text(error->text, sizeof error->text, text);
  error->trace_size = put_text(error->trace, sizeof error->trace, trace);
}

/* False where it is not called. */
static bool vote(process *worker, slot_view *slot, size_t lf, uint64_t position) {
  if (slot->skip[lf] || worker->slow[lf] >= WS__TIMEOUTS_MAX) {
    slot->votes[position] = WS__VOTE_SKIPPED;
    return false;
  }
  ws_error err;
  err.message[0] = '\0'; // not all of it, for every call
  watch(worker, ws__program_is_lua(worker->program, lf));
  enter(&worker->shared->blame, position);
  int32_t label = ws__program_vote(worker->program, lf, &err);
  slot->votes[position] = label;
  worker->slow[lf] += ws__is_costly(label);
  if (label < WS_ABSTAIN) note_error(worker, slot, lf, position, err.message);
  leave(&worker->shared->blame);
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
static bool is_timed(process *worker, size_t record) {
  enum { FIRST = 256 };
  if (worker->records++ < FIRST) return true;
  return (uint32_t)record * 2654435769u >> 28 == 0;
}

/* The end of a call that is timed is the beginning of the next one. */
static uint64_t note_time(ws__timing *times, size_t record, uint64_t begun) {
  uint64_t now = ws__now_ns();
  times->calls++;
  times->ns += now - begun;
  ws__timing_slow(times, record, now - begun);
  return now;
}

/* The clock ticked in the call before: it took at least the time from there on. Of calls
 * that are not timed this is all that is known. */
static void note_tick(process *worker, ws__timing *times, size_t record) {
  uint64_t at = atomic_load_explicit(&worker->ticked, memory_order_relaxed);
  if (!at) return;
  atomic_store_explicit(&worker->ticked, 0, memory_order_relaxed);
  ws__lua_forget_expiry(ws__program_lua(worker->program));
  ws__timing_slow(times, record, ws__now_ns() - at);
}

/* Calls what is due on a record from labeling function `from` on. */
static void vote_all(process *worker, slot_view *slot, size_t record, size_t from) {
  const ws__program *program = worker->program;
  size_t lfs = worker->lfs;
  bool timed = is_timed(worker, record);
  uint64_t begun = timed ? ws__now_ns() : 0;
  for (size_t lf = ws__program_next_due(program, from); lf < lfs;
       lf = ws__program_next_due(program, lf + 1)) {
    if (!vote(worker, slot, lf, (uint64_t)record * lfs + lf)) continue;
    note_tick(worker, &slot->times[lf], record);
    if (timed) begun = note_time(&slot->times[lf], record, begun);
  }
}

static void work(process *worker, const ws__job *job) {
  slot_view slot = open_slot(worker, job);
  memset(worker->noted, 0, worker->lfs * sizeof *worker->noted);
  *slot.error_count = 0;
  atomic_store_explicit(&worker->shared->blame.serial, job->serial, memory_order_release);
  atomic_store_explicit(&worker->ticked, 0, memory_order_relaxed);
  size_t lfs = worker->lfs, record = job->from / lfs, from = job->from % lfs;
  bool skips = memchr(slot.skip, WS__SKIP_GIVEN_UP, lfs) != NULL;
  ws__program_pass_over(worker->program, slot.skip, WS__SKIP_LEFT_OUT);
  for (; record < job->records; record++, from = 0) {
    ws__program_record(worker->program, (ws_value){slot.data + slot.offsets[record]});
    fill_in(&slot, slot.votes + record * lfs, from, lfs, skips);
    vote_all(worker, &slot, record, from);
    tick(&worker->shared->blame);
  }
}

/* --- the socket --- */

static bool send_all(const void *data, size_t size) {
  for (const char *at = data; size;) {
    ssize_t sent = send(WS__FD_SOCKET, at, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    at += sent;
    size -= (size_t)sent;
  }
  return true;
}

static bool send_frame(ws__frame_kind kind, const void *data, size_t size) {
  ws__frame frame = {(uint32_t)kind, (uint32_t)size};
  return send_all(&frame, sizeof frame) && send_all(data, size);
}

/* False at the end, which the parent brings about by closing its side. */
static bool receive_job(ws__job *job) {
  size_t got = 0;
  while (got < sizeof *job) {
    ssize_t size = recv(WS__FD_SOCKET, (char *)job + got, sizeof *job - got, 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return false;
    got += (size_t)size;
  }
  return true;
}

/* --- tracing --- */

/* The first call is on a record that is new, so that what it takes from the record is
 * seen; the others are timed. */
static void trace_lf(process *worker, ws_value record, size_t lf, uint64_t position,
                     ws__trace *trace) {
  ws__program_record(worker->program, record);
  bool again = ws__trace_begin(worker->program, lf, trace);
  watch(worker, ws__program_is_lua(worker->program, lf));
  for (uint64_t spent = 0, calls = 0; again; calls++) {
    enter(&worker->shared->blame, position);
    again = ws__trace_call(worker->program, lf, calls, &spent, trace);
    leave(&worker->shared->blame);
  }
}

/* Says of each labeling function what it did with the job's record. */
static bool trace_job(process *worker, const ws__job *job) {
  slot_view slot = open_slot(worker, job);
  ws_value record = {slot.data + slot.offsets[0]};
  bool sent = true;
  for (size_t lf = job->from; lf < worker->lfs && sent; lf++) {
    ws_buffer out = {0};
    ws__trace trace;
    if (slot.skip[lf]) continue;
    trace_lf(worker, record, lf, lf, &trace);
    sent = ws__put_trace(&out, &trace) == WS_OK &&
           send_frame(WS__FRAME_TRACE, out.data, out.size);
    ws_buffer_clear(&out);
  }
  return sent;
}

/* --- memory --- */

static void *map_again(void *old, size_t old_size, size_t size, size_t offset) {
#ifdef __linux__
  if (old) return mremap(old, old_size, size, MREMAP_MAYMOVE);
#else
  if (old) munmap(old, old_size);
#endif
  return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, WS__FD_MEMORY,
              (off_t)offset);
}

static bool reach(process *worker, size_t size) {
  if (size <= worker->slots_size) return true;
  char *slots = map_again(worker->slots, worker->slots_size, size,
                          ws__shared_size(worker->shared->init_size));
  if (slots == MAP_FAILED) return false;
  worker->slots = slots;
  worker->slots_size = size;
  return true;
}

static bool map_shared(process *worker) {
  struct stat info;
  if (fstat(WS__FD_MEMORY, &info) != 0 || (size_t)info.st_size < sizeof *worker->shared)
    return false;
  void *memory = mmap(NULL, (size_t)info.st_size, PROT_READ | PROT_WRITE, MAP_SHARED,
                      WS__FD_MEMORY, 0);
  if (memory == MAP_FAILED) return false;
  worker->shared = memory;
  ws_text init = {(const char *)(worker->shared + 1), worker->shared->init_size};
  // The slots, before there are any: a locked process can only make them longer.
  return init.size <= (size_t)info.st_size - sizeof *worker->shared &&
         ws__take_init(init, &worker->init, &worker->task) == WS_OK && reach(worker, 1);
}

/* --- life --- */

/* Notes the file for the parent, and counts as a call. */
static void on_loading(void *user, ws__lua *lua, const char *file) {
  process *self = user;
  if (!file) {
    leave(&self->shared->blame);
    return;
  }
  strncpy(self->shared->loading, file, sizeof self->shared->loading - 1);
  ws__limits_watch(lua);
  enter(&self->shared->blame, 0);
}

static void on_listed(void *user, const ws__files *files) {
  (void)user;
  ws__lockdown_load(files);
}

static ws_status load(process *worker, ws_error *err) {
  ws_text folder = worker->init.folder, id = worker->init.id_field;
  if (!(worker->folder = ws_alloc(folder.size + 1))) return ws_error_nomem(err);
  memcpy(worker->folder, folder.data, folder.size);
  worker->folder[folder.size] = '\0';
  ws__program_options options = {
      .folder = worker->folder,
      .task = worker->task,
      .text_field = worker->init.text_field,
      .id_field = id.size ? id : (ws_text){NULL, 0},
      .pattern_steps = worker->init.limits.pattern_steps,
      .lua_steps = worker->init.limits.lua_steps,
      .memory = worker->init.limits.memory,
      .call_cpu_ms = worker->init.limits.call_cpu_ms,
      .worker_cpu_ms = worker->init.limits.worker_cpu_ms,
      .wall_ms = worker->init.limits.wall_ms,
      .load_cpu_ms = worker->init.load.cpu_ms,
      .keep_going = worker->init.limits.keep_going,
      .outside = &worker->init.outside,
      .no_jit = worker->init.limits.no_jit,
      .listed = on_listed,
      .loading = on_loading,
      .user = worker,
  };
  WS_TRY(ws__program_new(&options, &worker->program, err));
  if (!ws__program_is_ready(worker->program)) return WS_OK;
  worker->lfs = ws__program_count(worker->program);
  worker->noted = ws_alloc_zero(worker->lfs, sizeof *worker->noted);
  worker->slow = ws_alloc_zero(worker->lfs, sizeof *worker->slow);
  if (!worker->noted || !worker->slow) return ws_error_nomem(err);
  const ws_lf_options *limits = &worker->init.limits;
  ws__limits_watch(NULL);
  ws__limits_set(limits->call_cpu_ms, limits->worker_cpu_ms);
  ws__lua_set_cpu_ms(ws__program_lua(worker->program), limits->call_cpu_ms);
  return WS_OK;
}

/* Loads, locks the process, and says what was found or why not. */
static bool introduce(process *worker) {
  ws_error err = WS_ERROR_INIT;
  ws_buffer out = {0};
  unsigned held = ws__lockdown_begin(worker->init.limits.memory);
  ws_status status = load(worker, &err);
  atomic_store(&worker->shared->protections, held | ws__lockdown_run());
  err.status = status;
  ws_status put = status == WS_OK ? ws__put_manifest(&out, worker->program)
                                  : ws__put_failure(&out, &err);
  bool sent = put == WS_OK && send_frame(WS__FRAME_LOADED, out.data, out.size);
  ws_buffer_clear(&out);
  return sent && status == WS_OK && ws__program_is_ready(worker->program);
}

static void serve(process *worker) {
  ws__job job;
  while (receive_job(&job) && reach(worker, job.offset + job.size)) {
    if (!worker->init.trace)
      work(worker, &job);
    else if (!trace_job(worker, &job))
      return;
    uint64_t serial = job.serial;
    if (!send_frame(WS__FRAME_DONE, &serial, sizeof serial)) return;
  }
}

/* Lets go of everything that the host may have left open, and dies with it. */
static bool isolate(uint64_t parent) {
#ifdef __linux__
  if (syscall(SYS_close_range, WS__FD_MEMORY + 1, ~0u, 0) != 0)
    for (int fd = WS__FD_MEMORY + 1; fd < 4096; fd++) close(fd);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#else
  for (int fd = WS__FD_MEMORY + 1; fd < 4096; fd++) close(fd);
#endif
  return (uint64_t)getppid() == parent; // it may have died before
}

static void clear(process *worker) {
  ws__limits_watch(NULL);
  ws__program_free(worker->program);
  ws_free(worker->noted);
  ws_free(worker->slow);
  ws_free(worker->folder);
  ws__problems_clear(&worker->init.outside);
  ws_task_free(worker->task);
}

int ws_lf_worker_main(int argc, char **argv) {
  static const char by_hand[] =
      "this is a part of weaksup that it starts itself, with a socket to talk to\n";
  struct stat info;
  (void)argv;
  if (argc != 2 || fstat(WS__FD_SOCKET, &info) != 0 || !S_ISSOCK(info.st_mode)) {
    ssize_t ignored = write(STDERR_FILENO, by_hand, sizeof by_hand - 1);
    return ignored < 0 ? 2 : 1;
  }
  process self = {0};
  if (!map_shared(&self) || !isolate(self.shared->parent)) return 1;
  ws__limits_set(self.init.load.cpu_ms, self.init.load.end_cpu_ms);
  if (ws__limits_start(&self.shared->blame, &self.ticked) != WS_OK) return 1;
  bool loaded = introduce(&self);
  if (loaded) serve(&self);
  clear(&self);
  return 0;
}
