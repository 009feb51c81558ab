/* SPDX-License-Identifier: MIT
 *
 * A worker process: loads the folder, says what is in it, then labels jobs until its
 * socket is closed.
 *
 * It holds nothing but its socket, the memory that it shares with the parent and
 * /dev/null, locks itself before it runs code (lockdown.c), and dies with the parent.
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
#include "worker_job.h"

typedef struct process {
  ws__shared *shared;
  ws__worker_init init;
  ws_task *task;
  char *folder;
  ws__program *program;
  ws__labeler labeler;
  size_t slots_size; // of labeler.slots
} process;

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

/* Says of each labeling function what it did with the job's record. */
static bool trace_job(process *worker, const ws__job *job) {
  bool sent = true;
  for (size_t lf = job->from; lf < worker->labeler.lfs && sent; lf++) {
    ws_buffer out = {0};
    ws__trace trace;
    if (!ws__labeler_trace(&worker->labeler, job, lf, &trace)) continue;
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
  char *slots = map_again(worker->labeler.slots, worker->slots_size, size,
                          ws__shared_size(worker->shared->init_size));
  if (slots == MAP_FAILED) return false;
  worker->labeler.slots = slots;
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
  worker->shared = worker->labeler.shared = memory;
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
    ws__blame_leave(&self->shared->blame);
    return;
  }
  strncpy(self->shared->loading, file, sizeof self->shared->loading - 1);
  ws__limits_watch(lua);
  ws__blame_enter(&self->shared->blame, 0);
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
      .lua_instructions = worker->init.limits.lua_instructions,
      .memory = worker->init.limits.memory,
      .call_cpu_ms = worker->init.limits.call_cpu_ms,
      .worker_cpu_ms = worker->init.limits.worker_cpu_ms,
      .wall_ms = worker->init.limits.wall_ms,
      .load_cpu_ms = worker->init.load.cpu_ms,
      .keep_going = worker->init.limits.keep_going,
      .may_be_empty = worker->init.may_be_empty,
      .outside = &worker->init.outside,
      .no_jit = worker->init.limits.no_jit,
      .hash_salt = worker->init.limits.hash_salt,
      .listed = on_listed,
      .loading = on_loading,
      .user = worker,
  };
  WS_TRY(ws__program_new(&options, &worker->program, err));
  if (!ws__program_is_ready(worker->program)) return WS_OK;
  if (ws__labeler_open(&worker->labeler, worker->program) != WS_OK)
    return ws_error_nomem(err);
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
      ws__labeler_work(&worker->labeler, &job);
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
  ws__labeler_clear(&worker->labeler);
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
  if (ws__limits_start(&self.shared->blame, &self.labeler.ticked) != WS_OK) return 1;
  bool loaded = introduce(&self);
  if (loaded) serve(&self);
  clear(&self);
  return 0;
}
