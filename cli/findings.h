/* SPDX-License-Identifier: MIT
 *
 * The doctor's section of `weaksup analyze`: what a diagnosis found and what to do about
 * it. Printed, said as warnings, written as JSON, and read from metrics.json again.
 */
#ifndef WS_FINDINGS_H
#define WS_FINDINGS_H

#include <weaksup/diagnosis.h>
#include <weaksup/json.h>

#include "lf_table.h"

/* The members "doctor" and "near_duplicates" of the open object. */
void findings_json(ws_json_writer *json, const ws_diagnosis *diagnosis,
                   const ws_votes *votes);
/* The same, as they stand in the metrics of a run; null where there are none. */
void findings_copy_json(ws_json_writer *json, ws_value metrics);

/* The section, to standard output; the table is that of the same votes. */
void findings_print(const ws_diagnosis *diagnosis, const lf_table *lfs);
/* The same from the metrics of a run; nothing where they are of before. */
void findings_print_read(ws_value metrics, const lf_table *lfs);

/* The severe findings as warnings, but those that are said elsewhere; few lines. `see`
 * is what to analyze for the rest. */
void findings_say(const ws_diagnosis *diagnosis, const char *see);

#endif
