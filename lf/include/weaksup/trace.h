/* SPDX-License-Identifier: MIT
 *
 * What each LF does with one record: where it matched, which derived fields it used, how
 * long it took, and where it was when it failed. For people who look at one record: it
 * costs many calls, in a worker process of its own.
 */
#ifndef WEAKSUP_TRACE_H
#define WEAKSUP_TRACE_H

#include <weaksup/apply.h>

WS_BEGIN_DECLS

typedef enum ws_match_by {
  WS_MATCH_BY_NOTHING,  // no match is known
  WS_MATCH_BY_RULE,     // the pattern of a rule: its first match
  WS_MATCH_BY_KEYWORDS, // an entry of a keyword list: the one that ends first
  WS_MATCH_BY_RX,   // in Lua functions the last match that succeeded: rx(...):test and so
                    // on
  WS_MATCH_BY_HAS,  // has(...)
  WS_MATCH_BY_FIND, // string.find
  WS_MATCH_BY_MATCH, // string.match
} ws_match_by;

/* "rule", "keyword", "rx", "has", "find", "match"; NULL for WS_MATCH_BY_NOTHING. */
WS_API const char *ws_match_by_name(ws_match_by by);

/* Bytes are counted from 0, and so are characters; the end is behind the last one. */
typedef struct ws_lf_match {
  ws_match_by by;
  const char *field; // of the record, where the text is all of one, in any case. NULL:
                     // the function made it itself, and the offsets are not known
  ws_text text;      // what matched, as it stands in the field; at most its beginning
                     // where the field is not known
  size_t start, end; // bytes
  size_t first_character, end_character;
} ws_lf_match;

typedef struct ws_lf_trace {
  bool traced;   // false: nothing else is known, as its worker process ended before
  double micros; // the shortest of many calls, in microseconds. Negative: not known, or
                 // a rule that need not be called as the text lacks what it requires
  ws_lf_match match;
  const char *const *derived; // [derived_count] names of the derived fields that it used
  size_t derived_count;
} ws_lf_trace;

typedef struct ws_trace ws_trace;

/* Traces the set on the one record in `records`. LFs that ended their worker process or
 * ran into a limit according to `report`, of the same record, are left out. */
WS_API WS_CHECK ws_status ws_trace_new(const ws_lf_set *set, const ws_records *records,
                                       const ws_apply_report *report, ws_trace **out,
                                       ws_error *err);
/* The same for the LFs alone that are wanted, [M] of the set: the others are not called,
 * nor traced. For many records, of each of which a few LFs matter. */
WS_API WS_CHECK ws_status ws_trace_some_new(const ws_lf_set *set,
                                            const ws_records *records,
                                            const ws_apply_report *report,
                                            const bool *wanted, ws_trace **out,
                                            ws_error *err);
WS_API void ws_trace_free(ws_trace *trace);
WS_API const ws_lf_trace *ws_trace_at(const ws_trace *trace, size_t j);

WS_END_DECLS

#endif
