/* SPDX-License-Identifier: MIT
 *
 * What a worker notes while it traces a labeling function, and how that reaches the
 * parent. Private to lf.
 */
#ifndef WS_TRACE_PRIV_H
#define WS_TRACE_PRIV_H

#include <weaksup/trace.h>
#include <weaksup/value.h>

enum {
  WS__TRACE_DERIVED = 16, // names that are noted
  WS__TRACE_NAME = 64,    // bytes, with the NUL
  WS__TRACE_EXCERPT = 256,
};

#define WS__TRACE_UNTIMED UINT64_MAX

typedef struct ws__trace {
  uint64_t lf, nanoseconds;
  ws_match_by by;
  ws_text field;       // borrowed from the record; no text: not of the record
  uint64_t start, end; // bytes in it
  ws_text seen;        // the text that was matched last: for comparison only, and
  uint64_t seen_hash;  // of its front: another text may be in its memory by now
  ws_text content;     // of the field, and
  bool lowered;        // whether start and end are of its lower case
  char excerpt[WS__TRACE_EXCERPT];
  size_t excerpt_size; // where the field is not known
  char derived[WS__TRACE_DERIVED][WS__TRACE_NAME];
  size_t derived_count;
} ws__trace;

/* Notes a match of bytes [start, end) of `text`, and of which field of the record that is
 * the text: as it stands there or in lower case. `preferred` is looked at first. */
void ws__trace_match(ws__trace *trace, ws_value record, ws_text preferred, ws_match_by by,
                     ws_text text, size_t start, size_t end);

/* To be called before it is sent: a call may match very often, so this waits. */
void ws__trace_end(ws__trace *trace);

WS_CHECK ws_status ws__put_trace(ws_buffer *out, const ws__trace *trace);

/* A trace of `count` labeling functions of which nothing is known yet. */
WS_CHECK ws_status ws__trace_alloc(size_t count, ws_trace **out);
/* Takes what ws__put_trace wrote about a record with these fields; WS_ELF where that is
 * nothing that it writes, or the labeling function has one: a worker may send anything.
 */
WS_CHECK ws_status ws__take_trace(ws_trace *trace, ws_text payload, ws_value fields);

#endif
