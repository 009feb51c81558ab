/* SPDX-License-Identifier: MIT
 *
 * Why a record has its label, as a table beside its text.
 */
#ifndef WS_REPORT_WHY_H
#define WS_REPORT_WHY_H

#include "report_page.h"

/* What LF j of the votes matched in the record, or NULL. */
const ws_lf_match *report_match(const report *r, const report_record *record, size_t j);

void report_why(html *h, const report *r, const report_record *record);

#endif
