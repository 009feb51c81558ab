/* SPDX-License-Identifier: MIT
 *
 * Naive Bayes or regression? The labels are made by the LFs, so that agreeing with them
 * on the records that they are made of says nothing. Hiding some LFs does: both are
 * trained on what the others label, and judged on records that only hidden LFs see.
 */
#ifndef WS_GATE_H
#define WS_GATE_H

#include "training_priv.h"

/* What it reads at most, in rows, all its passes together. */
double ws__gate_work(const ws__training *training);

/* Row i of the votes is row i of the matrix. Fills the report's splits, z, median_z,
 * agree_*, hidden and has_gate, which is false where no split leaves records enough. */
ws_status ws__gate_run(const ws__training *training, const ws_votes *votes,
                       ws_training_report *report, ws_error *err);

#endif
