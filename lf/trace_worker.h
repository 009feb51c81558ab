/* SPDX-License-Identifier: MIT
 *
 * Tracing in a worker process. Private to lf.
 */
#ifndef WS_TRACE_WORKER_H
#define WS_TRACE_WORKER_H

#include "program.h"

/* Begins the trace of labeling function lf on the record at hand; false where it need not
 * be called at all. */
bool ws__trace_begin(ws__program *program, size_t lf, ws__trace *trace);
/* Call number `call`, from 0; *spent counts nanoseconds. False where it was the last. */
bool ws__trace_call(ws__program *program, size_t lf, uint64_t call, uint64_t *spent,
                    ws__trace *trace);

#endif
