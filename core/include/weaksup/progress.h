/* SPDX-License-Identifier: MIT
 *
 * How long work reports: the caller's function is called a few times a second, and stops
 * the work by returning false (WS_ESTOPPED).
 */
#ifndef WEAKSUP_PROGRESS_H
#define WEAKSUP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include <weaksup/api.h>

WS_BEGIN_DECLS

typedef struct ws_progress {
  const char *stage; // "applying", "fitting", "training"
  uint64_t done;     // in the stage's own unit
  uint64_t total;    // 0 where it is not known
  const char *unit;  // "records", "iterations"
} ws_progress;

typedef bool (*ws_progress_fn)(void *user, const ws_progress *progress);

/* A function with its argument; .call may be NULL. */
typedef struct ws_progress_sink {
  ws_progress_fn call;
  void *user;
} ws_progress_sink;

/* True unless the sink asks to stop. */
WS_API bool ws_progress_report(ws_progress_sink sink, const char *stage, uint64_t done,
                               uint64_t total, const char *unit);

WS_END_DECLS

#endif
