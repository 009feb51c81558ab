/* SPDX-License-Identifier: MIT
 *
 * Writing the flat encoding (value.h) into a buffer: private to core, whose parsers make
 * values. WS_EINVAL only where a text or a container would not fit its 32-bit size.
 */
#ifndef WS_VALUE_WRITE_H
#define WS_VALUE_WRITE_H

#include <weaksup/value.h>

WS_BEGIN_DECLS

WS_CHECK ws_status ws__put_null(ws_buffer *out);
WS_CHECK ws_status ws__put_bool(ws_buffer *out, bool value);
WS_CHECK ws_status ws__put_int(ws_buffer *out, int64_t value);
WS_CHECK ws_status ws__put_double(ws_buffer *out, double value);
WS_CHECK ws_status ws__put_string(ws_buffer *out, ws_text text);
WS_CHECK ws_status ws__put_key(ws_buffer *out, ws_text key);
/* An array or object: open, put each item (objects: key, then value), close with their
 * number. */
WS_CHECK ws_status ws__put_open(ws_buffer *out, ws_type type, size_t *mark);
WS_CHECK ws_status ws__put_close(ws_buffer *out, size_t mark, size_t count);

WS_END_DECLS

#endif
