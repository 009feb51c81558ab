/* SPDX-License-Identifier: MIT
 *
 * The weights that near-duplicate columns get.
 */
#ifndef WS_NEAR_DUPLICATES_H
#define WS_NEAR_DUPLICATES_H

#include "label_model_priv.h"
#include "vote_table.h"

/* Sets omega of each of the model's columns. */
WS_CHECK ws_status ws__near_duplicates(const ws__fit_input *input, ws_label_model *model);

/* *done is false, and nothing is set, where a table of all pairs would be too large. */
WS_CHECK ws_status ws__few_near_duplicates(const ws__fit_input *input,
                                           ws_label_model *model, bool *done);

/* What counts: a pair of columns that is at least so similar. */
#define WS_SIMILAR 0.5

#endif
