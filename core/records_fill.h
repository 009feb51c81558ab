/* SPDX-License-Identifier: MIT
 *
 * How a reader fills a batch: it encodes the fields at the end of the values' buffer,
 * looks at them there, and then adds the record or drops the bytes again. Private to
 * core.
 */
#ifndef WS_RECORDS_FILL_H
#define WS_RECORDS_FILL_H

#include <weaksup/records.h>

typedef struct ws__record_parts {
  size_t fields; // where in the values' buffer the encoding begins
  ws_value text; // inside it; no value where text is not demanded
  ws_value id;   // inside it, WS_STRING or WS_INT; no value: the row number is the id
  int32_t gold;
  uint64_t row, line;
} ws__record_parts;

ws_buffer *ws__records_values(ws_records *records);
WS_CHECK ws_status ws__records_add(ws_records *records, const ws__record_parts *parts);
/* Forgets everything that was encoded from `fields` on, added or not. */
void ws__records_drop(ws_records *records, size_t fields);

#endif
