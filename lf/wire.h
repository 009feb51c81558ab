/* SPDX-License-Identifier: MIT
 *
 * Numbers and texts as bytes, for what the parent and its workers tell each other once.
 * Private to lf.
 */
#ifndef WS_WIRE_H
#define WS_WIRE_H

#include <weaksup/text.h>

WS_CHECK ws_status ws__put_number(ws_buffer *out, uint64_t number);
WS_CHECK ws_status ws__put_text(ws_buffer *out, ws_text text);

/* Reading: `failed` once something was not there; numbers are 0 then, texts empty. */
typedef struct ws__wire {
  ws_text left;
  bool failed;
} ws__wire;

uint64_t ws__take_number(ws__wire *wire);
/* Borrowed. */
ws_text ws__take_text(ws__wire *wire);

#endif
