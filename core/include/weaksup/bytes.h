/* SPDX-License-Identifier: MIT
 *
 * The bricks of binary files and messages: little-endian numbers, and a checksum at the
 * end. A reader never runs beyond its bytes: what is not there is 0, and noted.
 */
#ifndef WEAKSUP_BYTES_H
#define WEAKSUP_BYTES_H

#include <weaksup/text.h>

WS_BEGIN_DECLS

/* Appends the low `size` bytes (1 .. 8) of a number. */
WS_API WS_CHECK ws_status ws_bytes_put(ws_buffer *out, uint64_t number, size_t size);
/* Appends a double by its bits: 8 bytes. */
WS_API WS_CHECK ws_status ws_bytes_put_double(ws_buffer *out, double number);
/* Appends a text behind its size in 4 bytes; WS_EINVAL where it is too long for them. */
WS_API WS_CHECK ws_status ws_bytes_put_text(ws_buffer *out, ws_text text);

/* Bytes that are read from the front. */
typedef struct ws_bytes {
  const unsigned char *data;
  size_t at, size;
  bool bad; // something was asked for that is not there
} ws_bytes;

/* From the first byte on; the bytes are borrowed. */
WS_API ws_bytes ws_bytes_of(ws_text bytes);
/* The next number of `size` bytes (1 .. 8), the next double of 8. */
WS_API uint64_t ws_bytes_take(ws_bytes *in, size_t size);
WS_API double ws_bytes_take_double(ws_bytes *in); // NaN and infinities, too
/* The next `size` bytes, borrowed. */
WS_API ws_text ws_bytes_take_run(ws_bytes *in, size_t size);
/* What ws_bytes_put_text wrote, borrowed. */
WS_API ws_text ws_bytes_take_text(ws_bytes *in);

/* Appends the XXH3-128 of the buffer from `start` on: WS_BYTES_CHECKSUM bytes. */
#define WS_BYTES_CHECKSUM 16
WS_API WS_CHECK ws_status ws_bytes_seal(ws_buffer *out, size_t start);
/* Whether the bytes end in the checksum of those before. */
WS_API bool ws_bytes_sealed(ws_text bytes);

WS_END_DECLS

#endif
