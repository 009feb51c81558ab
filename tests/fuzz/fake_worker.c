/* SPDX-License-Identifier: MIT
 *
 * Starting a worker that is no process (fake_worker.h).
 */
#define _GNU_SOURCE // memfd_create
#include "fake_worker.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"

fake_worker fake_workers[FAKE_WORKERS] = {{NULL, -1}, {NULL, -1}};

void fake_send(const fake_worker *fake, const void *data, size_t size) {
  if (fake->socket < 0 || !size) return;
  ssize_t sent = send(fake->socket, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
  FUZZ_CHECK(sent <= (ssize_t)size);
}

void fake_close(fake_worker *fake) {
  if (fake->socket >= 0) close(fake->socket);
  fake->socket = -1;
}

/* The place of a worker that was there before, or a free one. */
static fake_worker *choose(const ws__worker *worker) {
  for (size_t i = 0; i < FAKE_WORKERS; i++)
    if (fake_workers[i].worker == worker) return &fake_workers[i];
  for (size_t i = 0; i < FAKE_WORKERS; i++)
    if (!fake_workers[i].worker) return &fake_workers[i];
  abort();
}

ws_status __wrap_ws__worker_start(const char *program, ws_text init, ws__worker *worker,
                                  ws_error *err) {
  fake_worker *fake = choose(worker);
  int pair[2];
  (void)program, (void)err;
  fake_close(fake);
  *worker = (ws__worker){.pid = -1, .shared_size = ws__shared_size(init.size)};
  FUZZ_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
  worker->socket = pair[0];
  *fake = (fake_worker){worker, pair[1]};
  worker->memory = memfd_create("weaksup-fuzz", MFD_CLOEXEC);
  FUZZ_CHECK(worker->memory >= 0);
  FUZZ_CHECK(ftruncate(worker->memory, (off_t)worker->shared_size) == 0);
  void *memory = mmap(NULL, worker->shared_size, PROT_READ | PROT_WRITE, MAP_SHARED,
                      worker->memory, 0);
  FUZZ_CHECK(memory != MAP_FAILED);
  worker->shared = memory;
  fake_started(fake);
  return WS_OK;
}
