/* SPDX-License-Identifier: MIT
 *
 * Records: one example each, with named fields of any JSON type, in batches.
 */
#ifndef WEAKSUP_RECORDS_H
#define WEAKSUP_RECORDS_H

#include <weaksup/task.h>

WS_BEGIN_DECLS

/* A view of one record; borrows from its batch until that is cleared or grows. */
typedef struct ws_record {
  ws_value fields; // the object of all fields
  ws_text id;      // the id field, a number in its decimal form; or the row number
  ws_text text;    // the text field; {NULL, 0} where the reader did not demand one
  int32_t gold;    // class index, or WS_ABSTAIN for no gold label
  uint64_t row;    // from 0: its place among the file's records, skipped ones included
  uint64_t line;   // from 1: where the record begins in its file
} ws_record;

/* A batch. */
typedef struct ws_records ws_records;
WS_API WS_CHECK ws_status ws_records_new(ws_records **out);
WS_API void ws_records_free(ws_records *records);
WS_API void ws_records_clear(ws_records *records); // keeps the memory for the next batch
WS_API size_t ws_records_count(const ws_records *records);
WS_API size_t ws_records_bytes(const ws_records *records); // of all fields' encodings
WS_API ws_record ws_records_at(const ws_records *records, size_t i);

WS_END_DECLS

#endif
