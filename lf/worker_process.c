/* SPDX-License-Identifier: MIT
 *
 * Starting, feeding and ending a worker process.
 *
 * posix_spawn, because the host may have threads: nothing runs between fork and exec. The
 * child's descriptors are made from copies with numbers of 20 and more, so that none of
 * the dup2 calls can overwrite the source of another. The memory is sealed against
 * shrinking: otherwise a hostile worker could make its parent's reads fail with SIGBUS.
 */
#define _GNU_SOURCE // memfd_create, F_ADD_SEALS
#include "worker_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <weaksup/alloc.h>

enum { FREE_FD = 20, ENDING_MS = 2000, POLL_MS = 50 };

extern char **environ;

/* --- starting --- */

static void close_fd(int *fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

static ws_status fail(ws_error *err, const char *what) {
  return ws_error_set(err, WS_EIO, "cannot start a worker process: %s: %s", what,
                      strerror(errno));
}

static int move_up(int fd) {
  int moved = fcntl(fd, F_DUPFD_CLOEXEC, FREE_FD);
  close(fd);
  return moved;
}

/* A file without a name. */
static int make_memory(void) {
#ifdef MFD_CLOEXEC
  int fd = memfd_create("weaksup", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd >= 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) != 0) {
    close(fd);
    return -1;
  }
#else
  char name[] = "/tmp/weaksup-XXXXXX";
  int fd = mkstemp(name);
  if (fd >= 0) unlink(name);
#endif
  return fd < 0 ? -1 : move_up(fd);
}

static ws_status share_memory(ws__worker *worker, ws_text init, ws_error *err) {
  worker->memory = make_memory();
  if (worker->memory < 0) return fail(err, "shared memory");
  worker->shared_size = ws__shared_size(init.size);
  if (ftruncate(worker->memory, (off_t)worker->shared_size) != 0)
    return fail(err, "shared memory");
  void *memory = mmap(NULL, worker->shared_size, PROT_READ | PROT_WRITE, MAP_SHARED,
                      worker->memory, 0);
  if (memory == MAP_FAILED) return fail(err, "shared memory");
  worker->shared = memory;
  worker->shared->parent = (uint64_t)getpid();
  worker->shared->init_size = init.size;
  memcpy(worker->shared + 1, init.data, init.size);
  return WS_OK;
}

/* Of the environment a worker gets what its program may need to start, and no secrets. */
static bool is_passed(const char *variable) {
  static const char *const passed[] = {
      "LD_LIBRARY_PATH=", "DYLD_LIBRARY_PATH=", "ASAN_OPTIONS=",      "UBSAN_OPTIONS=",
      "LSAN_OPTIONS=",    "TSAN_OPTIONS=",      "LLVM_PROFILE_FILE=", "GCOV_PREFIX="};
  for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
    if (strncmp(variable, passed[i], strlen(passed[i])) == 0) return true;
  return false;
}

static void pick_environment(char **out, size_t room) {
  size_t count = 0;
  for (char **at = environ; at && *at && count + 1 < room; at++)
    if (is_passed(*at)) out[count++] = *at;
  out[count] = NULL;
}

static int add_actions(posix_spawn_file_actions_t *actions, int socket, int memory) {
  int code = 0;
  for (int fd = 0; fd < 3 && code == 0; fd++)
    code = posix_spawn_file_actions_addopen(actions, fd, "/dev/null", O_RDWR, 0);
  if (code == 0) code = posix_spawn_file_actions_adddup2(actions, socket, WS__FD_SOCKET);
  if (code == 0) code = posix_spawn_file_actions_adddup2(actions, memory, WS__FD_MEMORY);
  return code;
}

/* A worker must not inherit that the host blocks or ignores the signals it needs. */
static int set_signals(posix_spawnattr_t *attributes) {
  sigset_t none, standard;
  sigemptyset(&none);
  sigemptyset(&standard);
  sigaddset(&standard, SIGPROF);
  sigaddset(&standard, SIGPIPE);
  sigaddset(&standard, SIGXFSZ);
  int code = posix_spawnattr_setsigmask(attributes, &none);
  if (code == 0) code = posix_spawnattr_setsigdefault(attributes, &standard);
  if (code == 0)
    code = posix_spawnattr_setflags(attributes,
                                    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  return code;
}

static int spawn(const char *program, int socket, int memory, pid_t *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  char argument[] = WS_LF_WORKER_ARG, name[] = "weaksup";
  char *argv[] = {name, argument, NULL}, *environment[16];
  pick_environment(environment, sizeof environment / sizeof *environment);
  int code = posix_spawn_file_actions_init(&actions);
  if (code != 0) return code;
  code = posix_spawnattr_init(&attributes);
  if (code == 0) {
    code = add_actions(&actions, socket, memory);
    if (code == 0) code = set_signals(&attributes);
    if (code == 0)
      code = posix_spawn(pid, program, &actions, &attributes, argv, environment);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

static ws_status start(const char *program, ws_text init, ws__worker *worker,
                       ws_error *err) {
  int pair[2] = {-1, -1};
  WS_TRY(share_memory(worker, init, err));
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    return fail(err, "socket");
  worker->socket = move_up(pair[0]);
  int theirs = move_up(pair[1]);
  ws_status status = WS_OK;
  if (worker->socket < 0 || theirs < 0) {
    status = fail(err, "socket");
  } else {
    int code = spawn(program, theirs, worker->memory, &worker->pid);
    if (code != 0) {
      worker->pid = -1;
      errno = code;
      status = fail(err, program);
    }
  }
  close_fd(&theirs);
  return status;
}

ws_status ws__worker_start(const char *program, ws_text init, ws__worker *worker,
                           ws_error *err) {
  *worker = (ws__worker){.pid = -1, .socket = -1, .memory = -1};
  ws_status status = start(program, init, worker, err);
  if (status != WS_OK) ws__worker_end(worker, true);
  return status;
}

/* --- ending --- */

/* Waits, at most so long, and kills it then. */
static int reap(pid_t pid, int patience_ms, bool *killed) {
  int status = 0;
  for (int waited = 0; waited < patience_ms; waited++) {
    pid_t ended = waitpid(pid, &status, WNOHANG);
    if (ended == pid || (ended < 0 && errno != EINTR)) return status;
    struct timespec pause = {0, 1000000};
    nanosleep(&pause, NULL);
  }
  *killed = kill(pid, SIGKILL) == 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return status;
}

int ws__worker_reap(ws__worker *worker, bool kill_it) {
  int status = 0;
  close_fd(&worker->socket);
  if (worker->pid > 0)
    status = reap(worker->pid, kill_it ? 0 : ENDING_MS, &worker->killed);
  worker->pid = -1;
  return status;
}

int ws__worker_end(ws__worker *worker, bool kill_it) {
  int status = ws__worker_reap(worker, kill_it);
  if (worker->slots) munmap(worker->slots, worker->slots_size);
  if (worker->shared) munmap(worker->shared, worker->shared_size);
  worker->slots = NULL;
  worker->shared = NULL;
  close_fd(&worker->memory);
  ws_buffer_clear(&worker->received);
  return status;
}

/* --- frames --- */

ws_status ws__worker_receive(ws__worker *worker, bool *open, ws_error *err) {
  for (;;) {
    if (worker->received.size > WS__FRAME_MAX + sizeof(ws__frame))
      return ws_error_set(err, WS_ELF, "a worker process sends too much");
    if (ws_buffer_reserve(&worker->received, 4096) != WS_OK) return ws_error_nomem(err);
    ssize_t size =
        recv(worker->socket, worker->received.data + worker->received.size,
             worker->received.capacity - worker->received.size - 1, MSG_DONTWAIT);
    if (size < 0 && errno == EINTR) continue;
    *open = size > 0 || (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
    if (size <= 0) return WS_OK;
    worker->received.size += (size_t)size;
  }
}

ws_status ws__worker_frame(ws__worker *worker, ws__frame *frame, ws_text *payload,
                           bool *found, ws_error *err) {
  ws_buffer *received = &worker->received;
  *found = false;
  if (received->size < sizeof *frame) return WS_OK;
  memcpy(frame, received->data, sizeof *frame);
  if (frame->size > WS__FRAME_MAX)
    return ws_error_set(err, WS_ELF, "a worker process sends too much");
  size_t whole = sizeof *frame + frame->size;
  if (received->size < whole) return WS_OK;
  // It moves behind what is left, and stays there until more is received.
  if (ws_buffer_reserve(received, frame->size) != WS_OK) return ws_error_nomem(err);
  size_t rest = received->size - whole;
  memcpy(received->data + received->size, received->data + sizeof *frame, frame->size);
  memmove(received->data, received->data + whole, rest + frame->size);
  *payload = (ws_text){received->data + rest, frame->size};
  received->size = rest;
  *found = true;
  return WS_OK;
}

ws_status ws__worker_await(ws__worker *worker, unsigned wall_ms, ws__frame *frame,
                           ws_text *payload, bool *found, bool *open, ws_error *err) {
  uint64_t last = ws__now_ms(), end = last + (uint64_t)wall_ms * WS__AWAITED_FILES;
  *open = true;
  *found = false;
  while (!*found && *open) {
    struct pollfd wait = {worker->socket, POLLIN, 0};
    int ready = poll(&wait, 1, POLL_MS);
    // Time in which this process did not run is not held against the worker.
    uint64_t now = ws__now_ms(), passed = now - last;
    unsigned ms = passed > 2 * POLL_MS ? 2 * POLL_MS : (unsigned)passed;
    if (ws__worker_stuck(worker, ms) >= wall_ms || now >= end) return WS_OK;
    last = now;
    if (ready <= 0) continue;
    WS_TRY(ws__worker_receive(worker, open, err));
    WS_TRY(ws__worker_frame(worker, frame, payload, found, err));
  }
  return WS_OK;
}

/* --- jobs --- */

/* Makes the slot large enough, at the end of the memory. */
static ws_status grow_slot(ws__worker *worker, ws__slot *slot, size_t need,
                           ws_error *err) {
  if (need <= slot->capacity) return WS_OK;
  size_t page = (size_t)sysconf(_SC_PAGESIZE), capacity = need + need / 4;
  capacity = (capacity + page - 1) / page * page;
  size_t size = worker->slots_size + capacity;
  if (ftruncate(worker->memory, (off_t)(worker->shared_size + size)) != 0)
    return ws_error_set(err, WS_EIO, "cannot share memory with a worker process: %s",
                        strerror(errno));
  void *slots = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, worker->memory,
                     (off_t)worker->shared_size);
  if (slots == MAP_FAILED) return ws_error_nomem(err);
  if (worker->slots) munmap(worker->slots, worker->slots_size);
  worker->slots = slots;
  *slot = (ws__slot){worker->slots_size, capacity};
  worker->slots_size = size;
  return WS_OK;
}

static void fill_slot(char *base, const ws__slot_layout *at, const ws_records *records,
                      size_t lfs, const unsigned char *skip) {
  uint64_t *offsets = (uint64_t *)(void *)(base + at->offsets);
  size_t offset = 0;
  memcpy(base + at->skip, skip, lfs);
  for (size_t i = 0; i < ws_records_count(records); i++) {
    ws_value fields = ws_records_at(records, i).fields;
    size_t size = ws_value_size(fields);
    memcpy(base + at->data + offset, fields.at, size);
    offsets[i] = offset;
    offset += size;
  }
  *(uint32_t *)(void *)(base + at->error_count) = 0;
  memset(base + at->times, 0, lfs * sizeof(ws__timing));
}

static size_t data_size(const ws_records *records) {
  size_t size = 0;
  for (size_t i = 0; i < ws_records_count(records); i++)
    size += ws_value_size(ws_records_at(records, i).fields);
  return size;
}

ws_status ws__worker_send(ws__worker *worker, size_t slot, const ws__job *asked,
                          const ws_records *records, size_t lfs,
                          const unsigned char *skip, ws_error *err) {
  size_t count = ws_records_count(records), bytes = data_size(records);
  ws__slot_layout at = ws__slot_lay_out(count, lfs, bytes);
  ws__slot *place = &worker->slot[slot];
  WS_TRY(grow_slot(worker, place, at.size, err));
  fill_slot(worker->slots + place->offset, &at, records, lfs, skip);
  ws__job job = *asked;
  job.offset = place->offset;
  job.size = place->capacity;
  job.data_size = bytes;
  job.records = (uint32_t)count;
  ssize_t sent;
  do sent = send(worker->socket, &job, sizeof job, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  // A worker that is gone is found out when its socket is read.
  return sent == (ssize_t)sizeof job || sent < 0
             ? WS_OK
             : ws_error_set(err, WS_EIO, "cannot talk to a worker process");
}

ws__slot_parts ws__worker_slot(const ws__worker *worker, size_t slot, size_t records,
                               size_t lfs) {
  ws__slot_layout at = ws__slot_lay_out(records, lfs, 0);
  char *base = worker->slots + worker->slot[slot].offset;
  return (ws__slot_parts){
      (unsigned char *)base + at.skip,
      (const int32_t *)(const void *)(base + at.votes),
      (const uint32_t *)(const void *)(base + at.error_count),
      (const ws__slot_error *)(const void *)(base + at.errors),
      at.error_max,
      (const ws__timing *)(const void *)(base + at.times),
      lfs,
  };
}

uint64_t ws__now_ms(void) {
  return ws__now_ns() / 1000000;
}

unsigned ws__worker_stuck(ws__worker *worker, unsigned ms) {
  uint64_t seq = atomic_load_explicit(&worker->shared->blame.seq, memory_order_relaxed);
  worker->idle_ms = seq == worker->last_seq ? worker->idle_ms + ms : 0;
  worker->last_seq = seq;
  return worker->idle_ms;
}
