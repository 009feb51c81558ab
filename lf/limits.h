/* SPDX-License-Identifier: MIT
 *
 * The clock of a worker process: how much CPU time a call may take. Private to lf.
 */
#ifndef WS_LIMITS_H
#define WS_LIMITS_H

#include "channel.h"

/* Starts the clock. Calls are what lies between an odd and the next even blame->seq. The
 * first time that the clock ticks in a call, *ticked is set to ws__now_ns(), if it is 0:
 * so slow calls are noticed. */
WS_CHECK ws_status ws__limits_start(ws__blame *blame, _Atomic uint64_t *ticked);
/* From now on a call ends the process with WS__EXIT_TIME after end_ms of CPU time; one
 * that can be interrupted is made to fail after call_ms. */
void ws__limits_set(unsigned call_ms, unsigned end_ms);
/* The call that is running begins anew: what it took so far does not count. */
void ws__limits_restart(void);
/* The calls from now on run in this state; NULL: they cannot be interrupted. */
void ws__limits_watch(ws__lua *lua);

#endif
