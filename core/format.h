/* SPDX-License-Identifier: MIT
 *
 * What a file format is to the reader: something that turns lines into encoded objects,
 * one at a time. The reader does the rest (fields, ids, gold, positions, skipping).
 * Private to core.
 */
#ifndef WS_FORMAT_H
#define WS_FORMAT_H

#include <weaksup/json.h>
#include <weaksup/reader.h>

#include "lines.h"

typedef struct ws__format_state ws__format_state;

typedef struct ws__format {
  const char *name;
  /* Reads what stands before the records (a header). */
  ws_status (*open)(ws__lines *lines, const ws_task *task, ws__format_state **out,
                    ws_error *err);
  void (*close)(ws__format_state *state);
  /* Appends the object of the next record to `values`, or sets *more to false. *line is
   * where the record begins. On WS_EPARSE the next call goes on behind the bad record. */
  ws_status (*next)(ws__format_state *state, ws__lines *lines, ws_buffer *values,
                    uint64_t *line, bool *more, ws_error *err);
  /* The columns of the header; NULL where the format has none. */
  const ws_text *(*columns)(const ws__format_state *state, size_t *count);
} ws__format;

extern const ws__format ws__format_jsonl, ws__format_csv, ws__format_tsv, ws__format_text;

/* The line without the '\r' that CRLF files leave. */
ws_text ws__without_cr(ws_text line);

#endif
