/* SPDX-License-Identifier: MIT
 *
 * Reading a file of records.
 */
#include "each_record.h"

enum { BATCH = 1024, BATCH_BYTES = 1 << 20 };

static ws_status hand_on(const ws_records *batch, each_record_fn fn, void *user,
                         bool *stop, ws_error *err) {
  for (size_t i = 0; i < ws_records_count(batch) && !*stop; i++) {
    ws_record record = ws_records_at(batch, i);
    WS_TRY(fn(user, &record, stop, err));
  }
  return WS_OK;
}

ws_status each_record(const char *path, const ws_task *task, const ws_reader_options *how,
                      each_record_fn fn, void *user, ws_error *err) {
  ws_reader_options reading = how ? *how : ws_reader_options_default();
  ws_reader *reader = NULL;
  ws_records *batch = NULL;
  size_t added = 1;
  bool stop = false;
  reading.unique_ids = false;
  reading.optional_id = true;
  WS_TRY(ws_reader_open(path, task, &reading, &reader, err));
  ws_status status = ws_records_new(&batch) == WS_OK ? WS_OK : ws_error_nomem(err);
  while (status == WS_OK && added && !stop) {
    ws_records_clear(batch);
    status = ws_reader_read(reader, batch, BATCH, BATCH_BYTES, &added, err);
    if (status == WS_OK) status = hand_on(batch, fn, user, &stop, err);
  }
  ws_records_free(batch);
  ws_reader_free(reader);
  return status;
}
