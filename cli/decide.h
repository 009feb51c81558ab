/* SPDX-License-Identifier: MIT
 *
 * --reject-below and --threshold: which probability makes a label.
 */
#ifndef WS_DECIDE_H
#define WS_DECIDE_H

#include <weaksup/decision.h>

#include "cmd.h"

/* Reads --reject-below, and whether thresholds are probabilities; false: it was said. */
bool decide_check(const command *self, const options *o, ws_decision *out);
/* Reads the thresholds, whose classes are the task's, into *thresholds, which must
 * outlive the decision and is the caller's to free. */
WS_CHECK ws_status decide_read(const options *o, const ws_task *task, double **thresholds,
                               ws_decision *out, ws_error *err);

#endif
