/* SPDX-License-Identifier: MIT
 *
 * Records from JSON Lines, or CSV, for tests of features.
 */
#ifndef WS_TEST_RECORDS_H
#define WS_TEST_RECORDS_H

#include <weaksup/features.h>
#include <weaksup/reader.h>

#include "ws_test.h"

/* All records of a file's bytes; the name tells the format. No text field is needed. */
static inline ws_records *records_of(const char *name, const char *bytes) {
  ws_task *task = ws_test_task("a,b");
  ws_reader_options options = ws_reader_options_default();
  ws_reader *reader = NULL;
  ws_records *records = NULL;
  ws_error err = WS_ERROR_INIT;
  size_t added = 1;
  options.need_text = false;
  options.need_gold = false;
  assert_ok(ws_reader_open_memory(name, ws_text_of(bytes), task, &options, &reader, &err),
            &err);
  assert_ok(ws_records_new(&records), NULL);
  while (added)
    assert_ok(ws_reader_read(reader, records, 1000, 1 << 20, &added, &err), &err);
  ws_reader_free(reader);
  ws_task_free(task);
  return records;
}

/* Adds them all, or up to the first that is refused; returns its status. */
static inline ws_status add_records(ws_features *features, const ws_records *records,
                                    ws_error *err) {
  for (size_t i = 0; i < ws_records_count(records); i++) {
    ws_record record = ws_records_at(records, i);
    WS_TRY(ws_features_add(features, &record, err));
  }
  return WS_OK;
}

static inline ws_features *features_of_lines(const char *blocks, const char *lines,
                                             unsigned hash_bits) {
  ws_features_options options = ws_features_options_default();
  ws_features *features = NULL;
  ws_error err = WS_ERROR_INIT;
  ws_records *records = records_of("records.jsonl", lines);
  options.blocks = blocks;
  options.hash_bits = hash_bits;
  assert_ok(ws_features_new(&options, &features, &err), &err);
  assert_ok(add_records(features, records, &err), &err);
  ws_records_free(records);
  return features;
}

/* What adding the records of a file says: WS_EPARSE. */
static inline void assert_features_refused(const char *blocks, const char *name,
                                           const char *bytes, const char *message) {
  ws_features_options options = ws_features_options_default();
  ws_features *features = NULL;
  ws_error err = WS_ERROR_INIT;
  ws_records *records = records_of(name, bytes);
  options.blocks = blocks;
  assert_ok(ws_features_new(&options, &features, &err), &err);
  assert_status(WS_EPARSE, add_records(features, records, &err));
  assert_message(&err, message);
  ws_features_free(features);
  ws_records_free(records);
}

#endif
