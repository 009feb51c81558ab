/* SPDX-License-Identifier: MIT
 *
 * All records of a reader, one by one. Batches are small enough to stay in the cache and
 * large enough that what a batch costs does not count.
 */
#include <weaksup/reader.h>

enum { BATCH = 1024, BATCH_BYTES = 1 << 20 };

ws_status ws_reader_each(ws_reader *reader, ws_record_fn fn, void *user, ws_error *err) {
  ws_records *batch = NULL;
  size_t added = 1;
  ws_status status = ws_records_new(&batch) == WS_OK ? WS_OK : ws_error_nomem(err);
  while (status == WS_OK && added) {
    ws_records_clear(batch);
    status = ws_reader_read(reader, batch, BATCH, BATCH_BYTES, &added, err);
    for (size_t i = 0; status == WS_OK && i < added; i++) {
      ws_record record = ws_records_at(batch, i);
      status = fn(user, &record, err);
    }
  }
  ws_records_free(batch);
  return status;
}
