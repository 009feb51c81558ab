/* SPDX-License-Identifier: MIT
 *
 * What the tests of readers share: a transcript of all that a reader gives, to compare
 * with, and gzip data made on the spot.
 */
#ifndef WS_READ_H
#define WS_READ_H

#include <weaksup/reader.h>

#include "ws_test.h"

/* Reads a file to its end, record by record. A line for each record,
 *   ROW:LINE ID GOLD {"fields":...}          GOLD is a class index, or - for none
 * for each one left out, "skipped NAME:LINE: why", and for the error that ended it,
 * "STATUS: NAME:LINE: why", without the folder of the path. Free it. */
char *ws_test_read(const char *path, const ws_task *task,
                   const ws_reader_options *options);

/* The same for bytes, by way of a file of that name in a folder of its own. */
char *ws_test_read_bytes(const char *name, ws_text bytes, const ws_task *task,
                         const ws_reader_options *options);

/* For cmocka's groups: the state is a task of the classes HAM and SPAM. */
int ws_test_task_setup(void **state);
int ws_test_task_teardown(void **state);

/* Appends the bytes as one gzip member. */
void ws_test_gzip(ws_text bytes, ws_buffer *out);

#endif
