/* SPDX-License-Identifier: MIT
 *
 * The body of the targets that read records: they differ in the format alone.
 */
#include "fuzz_reader.h"

/* `next`: the row behind the last record's, where none was skipped between. */
static void check_record(const ws_record *record, uint64_t next, uint64_t last_line) {
  FUZZ_CHECK(record->row >= next && record->line > last_line);
  FUZZ_CHECK(record->id.size > 0 && ws_utf8_valid(record->id));
  FUZZ_CHECK(record->text.data && ws_utf8_valid(record->text));
  FUZZ_CHECK(record->gold >= WS_ABSTAIN && record->gold < 2);
  FUZZ_CHECK(ws_value_is(record->fields, WS_OBJECT));
}

static void read_all(ws_reader *reader) {
  ws_records *batch = NULL;
  uint64_t next = 0, line = 0;
  size_t added = 1;
  FUZZ_CHECK(ws_records_new(&batch) == WS_OK);
  while (added && ws_reader_read(reader, batch, 5, 1000, &added, NULL) == WS_OK) {
    for (size_t i = 0; i < added; i++) {
      ws_record record = ws_records_at(batch, i);
      check_record(&record, next, line);
      next = record.row + 1;
      line = record.line;
    }
    FUZZ_CHECK(next <= ws_reader_rows(reader) + ws_reader_skipped(reader));
    FUZZ_CHECK(ws_reader_skipped(reader) || next == ws_reader_rows(reader));
    ws_records_clear(batch);
  }
  ws_records_free(batch);
}

int fuzz_reader(ws_input_format format, const uint8_t *data, size_t size) {
  ws_reader_options options = ws_reader_options_default();
  options.format = format;
  options.max_line = 300;
  for (int skip = 0; skip < 2; skip++) {
    ws_reader *reader = NULL;
    options.on_error = skip ? WS_SKIP : WS_STOP;
    if (ws_reader_open(fuzz_file(data, size, "input"), fuzz_task(), &options, &reader,
                       NULL) == WS_OK)
      read_all(reader);
    ws_reader_free(reader);
  }
  return 0;
}
