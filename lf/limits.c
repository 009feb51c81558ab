/* SPDX-License-Identifier: MIT
 *
 * A timer on the process's CPU time ticks every 10 ms. Its handler counts the ticks
 * during which the same call was running; no hook is needed while all is well, so that
 * the limit costs nothing.
 *
 * The variables below are the only mutable globals of lf: a signal handler has no
 * argument. They belong to a worker process, which is ours alone.
 */
#define _XOPEN_SOURCE 700 // setitimer
#include "limits.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum { TICK_MS = 10 };

static ws__blame *watched;
static _Atomic uint64_t *noticed;
static ws__lua *volatile interruptible;
static volatile sig_atomic_t call_ticks, end_ticks;
static volatile sig_atomic_t ticks; // in the call that `last_seq` was seen in
static uint64_t last_seq;           // only the handler uses it

static void on_tick(int signal_number) {
  (void)signal_number;
  uint64_t seq = atomic_load_explicit(&watched->seq, memory_order_relaxed);
  if (seq % 2 && atomic_load_explicit(noticed, memory_order_relaxed) == 0)
    atomic_store_explicit(noticed, ws__now_ns(), memory_order_relaxed);
  if (seq % 2 == 0 || seq != last_seq) {
    last_seq = seq;
    ticks = 0;
    return;
  }
  ticks = ticks + 1;
  if (ticks >= end_ticks) _exit(WS__EXIT_TIME);
  if (ticks == call_ticks && interruptible) ws__lua_expire(interruptible);
}

static int ticks_of(unsigned ms) {
  unsigned count = (ms + TICK_MS - 1) / TICK_MS;
  return count < 1 ? 1 : count > 1000000 ? 1000000 : (int)count;
}

void ws__limits_set(unsigned call_ms, unsigned end_ms) {
  call_ticks = ticks_of(call_ms);
  end_ticks = ticks_of(end_ms);
}

void ws__limits_restart(void) {
  ticks = 0;
}

void ws__limits_watch(ws__lua *lua) {
  interruptible = lua;
}

ws_status ws__limits_start(ws__blame *blame, _Atomic uint64_t *ticked) {
  struct sigaction action;
  struct itimerval timer = {{0, TICK_MS * 1000}, {0, TICK_MS * 1000}};
  memset(&action, 0, sizeof action);
  watched = blame;
  noticed = ticked;
  action.sa_handler = on_tick;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  if (sigaction(SIGPROF, &action, NULL) != 0 || setitimer(ITIMER_PROF, &timer, NULL) != 0)
    return WS_EIO;
  return WS_OK;
}
