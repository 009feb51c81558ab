/* SPDX-License-Identifier: MIT
 *
 * CSV out (reading it is the readers' business, reader.h).
 */
#ifndef WEAKSUP_CSV_H
#define WEAKSUP_CSV_H

#include <weaksup/text.h>

WS_BEGIN_DECLS

/* Appends one cell, in quotes where it needs them (RFC 4180). */
WS_API WS_CHECK ws_status ws_csv_cell(ws_buffer *out, ws_text cell);

WS_END_DECLS

#endif
