/* SPDX-License-Identifier: MIT
 *
 * Going through a file of records that no votes belong to, one by one.
 */
#ifndef WS_EACH_RECORD_H
#define WS_EACH_RECORD_H

#include <weaksup/reader.h>

/* *stop set: no more are wanted. */
typedef ws_status (*each_record_fn)(void *user, const ws_record *record, bool *stop,
                                    ws_error *err);

/* Ids need neither be there nor differ. */
WS_CHECK ws_status each_record(const char *path, const ws_task *task,
                               const ws_reader_options *how, each_record_fn fn,
                               void *user, ws_error *err);

#endif
