/* SPDX-License-Identifier: MIT
 *
 * Workers that are no processes: a target plays what a hostile one would do, through the
 * socket and the memory that it shares with its parent. The linker puts
 * __wrap_ws__worker_start in the place of ws__worker_start.
 */
#ifndef WS_FAKE_WORKER_H
#define WS_FAKE_WORKER_H

#include "worker_process.h"

typedef struct fake_worker {
  ws__worker *worker; // as the parent sees it; NULL: there is none
  int socket;         // the worker's end; -1: it is closed
} fake_worker;

enum { FAKE_WORKERS = 2 };
extern fake_worker fake_workers[FAKE_WORKERS];

/* Writes to the parent as much as fits. */
void fake_send(const fake_worker *fake, const void *data, size_t size);
void fake_close(fake_worker *fake);

/* The target's: `fake` was started. */
void fake_started(fake_worker *fake);

ws_status __wrap_ws__worker_start(const char *program, ws_text init, ws__worker *worker,
                                  ws_error *err);

#endif
