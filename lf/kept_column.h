/* SPDX-License-Identifier: MIT
 *
 * The form of a kept column: what one labeling function said about each record of a data
 * set. Private to lf.
 */
#ifndef WS_KEPT_COLUMN_H
#define WS_KEPT_COLUMN_H

#include <weaksup/apply.h>
#include <weaksup/bytes.h>

#include "channel.h"

/* Kinds of vote errors that the same call makes every time. */
enum { WS__KEPT_KINDS = 3 };

/* Whether a label that is no abstention can be kept: a class, or such an error. */
bool ws__column_takes(int32_t label);

/* The message of a failed call. */
typedef struct ws__column_failure {
  uint64_t row;
  ws_text what, trace; // trace is empty where there is none
} ws__column_failure;

/* What stands behind the cells. */
typedef struct ws__column_end {
  uint64_t classes; // K
  uint64_t records, votes;
  uint64_t errors[WS__KEPT_KINDS];
  ws_hash128 error_key; // ws_lf_info.error_key of those who wrote the messages
  ws__timing times;     // slowest_record is a row
  size_t failure_count;
  ws__column_failure failures[WS_LF_EXAMPLES]; // ascending by row
} ws__column_end;

/* What it is of a column that was called on all records. The texts are borrowed from the
 * statistics. */
ws__column_end ws__column_end_of(const ws_lf_stats *stats, ws_hash128 error_key,
                                 uint64_t classes);
bool ws__column_has_errors(const ws__column_end *end);

/* --- writing --- */

/* Cells on their way to the cache. */
typedef struct ws__cells {
  uint64_t next; // the row behind the last cell
  uint64_t sent; // bytes that are no longer here
  size_t size;
  unsigned char bytes[256];
} ws__cells;

/* Adds a cell of a row behind all others; false where its bytes must be sent first. */
bool ws__cells_put(ws__cells *cells, uint64_t row, int32_t label, size_t classes);
/* Appends the end of a column whose cells were `bytes` long. */
WS_CHECK ws_status ws__column_put_end(const ws__column_end *end, uint64_t bytes,
                                      ws_buffer *out);

/* --- reading --- */

/* `label` is that of the record `row`, if there is one left (`more`). */
typedef struct ws__column {
  ws__column_end end; // its texts lie in the bytes
  ws_bytes cells;
  size_t classes;
  uint64_t row;
  int32_t label;
  bool more;
} ws__column;

/* False where the bytes, which are borrowed, are not in every respect a column of so many
 * classes; else it stands at the first cell. */
bool ws__column_open(ws__column *column, ws_text bytes, size_t classes);
void ws__column_step(ws__column *column);

#endif
