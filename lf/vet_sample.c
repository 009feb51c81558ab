/* SPDX-License-Identifier: MIT
 *
 * The records of a sample, which are applied to more than once and in another order: kept
 * in memory, and written as JSON Lines for the reader that a run needs.
 */
#include <weaksup/json.h>

#include "vet_priv.h"

void ws__vet_sample_clear(ws__vet_sample *sample) {
  ws_records_free(sample->records);
  sample->records = NULL;
}

ws_status ws__vet_sample_read(ws__vet_sample *sample, ws_reader *reader, size_t most,
                              ws_error *err) {
  enum { BATCH_BYTES = 1 << 22 };
  size_t count = 0, added = 1;
  if (ws_records_new(&sample->records) != WS_OK) return ws_error_nomem(err);
  while (added && count < most) {
    WS_TRY(ws_reader_read(reader, sample->records, most, BATCH_BYTES, &added, err));
    count = ws_records_count(sample->records);
  }
  if (count == 0)
    return ws_error_set(
        err, WS_EINVAL,
        "labeling functions are vetted on records: expected at least one, "
        "found none");
  sample->has_text = true;
  for (size_t i = 0; i < count; i++)
    sample->has_text = sample->has_text && ws_records_at(sample->records, i).text.data;
  return WS_OK;
}

ws_status ws__vet_sample_lines(const ws__vet_sample *sample, const uint32_t *rows,
                               ws_buffer *out) {
  out->size = 0;
  for (size_t i = 0; i < ws_records_count(sample->records); i++) {
    ws_json_writer json = {.out = out};
    ws_json_value(&json, ws_records_at(sample->records, rows ? rows[i] : i).fields);
    WS_TRY(json.status);
    WS_TRY(ws_buffer_string(out, "\n"));
  }
  return ws_buffer_reserve(out, WS_JSON_PADDING);
}

ws_status ws__vet_apply(const ws_vetting *vetting, const ws__vet_run *run,
                        ws_apply_report **report, ws_error *err) {
  ws_reader_options options = ws_reader_options_default();
  ws_apply_options apply = ws_apply_options_default();
  ws_reader *reader = NULL;
  options.format = WS_INPUT_JSONL;
  options.max_line = run->lines.size;
  options.unique_ids = options.need_gold = false;
  options.optional_id = true;
  options.need_text = run->need_text;
  apply.workers = vetting->options.workers;
  apply.quarantine_share = 1; // it is judged here
  apply.left_out = run->left_out ? run->left_out : vetting->left_out;
  apply.progress = vetting->options.progress;
  WS_TRY(
      ws_reader_open_memory("sample", run->lines, vetting->task, &options, &reader, err));
  ws_status status =
      ws_apply(run->set, reader, &apply, run->each, run->user, report, err);
  ws_reader_free(reader);
  return status;
}
