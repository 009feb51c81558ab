/* SPDX-License-Identifier: MIT
 *
 * The field that --weight names: how much a record counts in training.
 */
#ifndef WS_WEIGHT_FIELD_H
#define WS_WEIGHT_FIELD_H

#include <weaksup/reader.h>

/* The record's weight: a number, in CSV a text that is one, from 0 to WS_WEIGHT_MOST.
 * WS_EPARSE where the field holds no such, or is not there; the message has no position.
 */
WS_CHECK ws_status record_weight(const char *field, const ws_record *record, double *out,
                                 ws_error *err);
/* Whether the record has the field, and not null in it. */
bool record_has(const char *field, const ws_record *record);

/* WS_EINVAL where there are weights, and all are 0. */
WS_CHECK ws_status check_weights(const char *path, const char *field,
                                 const double *weights, size_t count, ws_error *err);

#endif
