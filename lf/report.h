/* SPDX-License-Identifier: MIT
 *
 * Filling the report of a run. Private to lf.
 */
#ifndef WS_REPORT_H
#define WS_REPORT_H

#include "pool.h"

/* `set` is borrowed while the run lasts. */
WS_CHECK ws_status ws__report_new(const ws_lf_set *set, ws_apply_report **out);

/* Notes how many columns were kept from an earlier run. */
void ws__report_found(ws_apply_report *report, size_t columns);
/* Keeps the message of a failed call, if it is one of the first of its labeling function.
 */
WS_CHECK ws_status ws__report_failure(ws_apply_report *report, size_t lf,
                                      const ws_record *record, ws_lf_error_kind kind,
                                      const char *what, const char *traceback);
/* Adds the times [M] of a chunk with these records. */
WS_CHECK ws_status ws__report_times(ws_apply_report *report, const ws__timing *times,
                                    const ws_records *records);
/* Counts the labels [M] of the next record, and makes them what a caller may see. */
void ws__report_record(ws_apply_report *report, int32_t *labels);
/* Ends the counting. */
void ws__report_close(ws_apply_report *report, const ws__pool *pool);
/* Quarantines labeling functions of whose calls more than this share failed. */
void ws__report_quarantine(ws_apply_report *report, double share);

/* Fills err: more than `limit` errors, and what the first one was. */
ws_status ws__report_fail(const ws_apply_report *report, uint64_t limit, ws_error *err);
/* The same where more than this share of all calls failed; WS_OK otherwise. */
WS_CHECK ws_status ws__report_judge(const ws_apply_report *report, double share,
                                    ws_error *err);

#endif
