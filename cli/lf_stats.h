/* SPDX-License-Identifier: MIT
 *
 * What an LF did and what went wrong with it: as JSON, both ways, and in words.
 */
#ifndef WS_LF_STATS_H
#define WS_LF_STATS_H

#include <weaksup/apply.h>
#include <weaksup/arena.h>
#include <weaksup/json.h>

/* Writes the members "calls", ..., "quarantine_reason" into the open object; NULL: the
 * votes were ready-made. */
void lf_stats_json(ws_json_writer *json, const ws_lf_stats *stats);
/* Writes "failures" and "timing", which hold paths and times. */
void lf_stats_json_details(ws_json_writer *json, const ws_lf_stats *stats);

/* Reads what these wrote. *applied: false where the votes were ready-made; `votes` are
 * those that the object gives, or 0. The second one adds to what the first one read; its
 * texts go into the arena. */
void lf_stats_read(ws_value object, ws_lf_stats *out, bool *applied, bool *valid);
WS_CHECK ws_status lf_stats_read_details(ws_value object, ws_arena *arena,
                                         ws_lf_stats *out, bool *valid);

/* "it cost 3 workers"; NULL where it is not quarantined. */
const char *lf_stats_reason(const ws_lf_stats *stats, char *out, size_t size);
/* The section of an LF that failed, to standard output: the kinds of its errors, the
 * first records, where they were raised. False: no memory. */
bool lf_stats_print_errors(ws_text name, const ws_lf_stats *stats);

/* Of a call, in microseconds; NaN: none was timed. */
double lf_stats_mean_us(const ws_lf_stats *stats);

#endif
