/* SPDX-License-Identifier: MIT
 *
 * The key of a reader: a hash of all that the records follow from.
 */
#include "reader_priv.h"

#include <weaksup/bytes.h>

/* Where bad records end the run, the checks cannot change what a whole run reads. */
static ws_status put_checks(const ws_reader *reader, ws_buffer *out) {
  const ws_reader_options *options = &reader->options;
  const ws_task *task = reader->task;
  const char *id = ws_task_get(task, WS_TASK_ID), *other = options->default_id;
  uint64_t numbers[] = {options->max_line,    options->need_text,   options->unique_ids,
                        options->optional_id, options->need_gold,   id != NULL,
                        other != NULL,        ws_task_classes(task)};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    WS_TRY(ws_bytes_put(out, numbers[i], 8));
  if (id) WS_TRY(ws_bytes_put_text(out, ws_text_of(id)));
  if (other) WS_TRY(ws_bytes_put_text(out, ws_text_of(other)));
  WS_TRY(ws_bytes_put_text(out, ws_text_of(ws_task_get(task, WS_TASK_GOLD))));
  for (size_t k = 0; k < ws_task_classes(task); k++)
    WS_TRY(ws_bytes_put_text(out, ws_task_class(task, k)));
  return WS_OK;
}

static ws_status put_key(const ws_reader *reader, ws_buffer *out) {
  WS_TRY(ws_bytes_put(out, reader->expected.low, 8));
  WS_TRY(ws_bytes_put(out, reader->expected.high, 8));
  WS_TRY(ws_bytes_put_text(out, ws_text_of(reader->format->name)));
  WS_TRY(ws_bytes_put_text(out, ws_text_of(ws_task_get(reader->task, WS_TASK_TEXT))));
  if (reader->options.shards > 1) {
    WS_TRY(ws_bytes_put(out, reader->options.shard, 8));
    WS_TRY(ws_bytes_put(out, reader->options.shards, 8));
  }
  return reader->options.on_error == WS_SKIP ? put_checks(reader, out) : WS_OK;
}

ws_status ws_reader_key(ws_reader *reader, ws_hash128 *out, bool *known, ws_error *err) {
  ws_buffer bytes = {0};
  ws_status status = WS_OK;
  if (!reader->looked) {
    status =
        ws__input_look_ahead(reader->lines.input, &reader->expected, &reader->known, err);
    if (status != WS_OK && status != WS_ENOMEM && status != WS_ESTOPPED)
      ws_error_prefix(err, "%s: ", reader->path);
    WS_TRY(status);
    reader->looked = true;
  }
  *known = reader->known;
  if (!*known) return WS_OK;
  status = put_key(reader, &bytes);
  if (status == WS_OK) *out = ws_hash128_of(bytes.data, bytes.size);
  ws_buffer_clear(&bytes);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

ws_status ws_reader_key_check(const ws_reader *reader, ws_error *err) {
  ws_hash128 found = ws__input_hash(reader->lines.input);
  bool same = ws_hash128_equals(found, reader->expected);
  if (!reader->known || same) return WS_OK;
  return ws_error_set(err, WS_EIO, "%s: changed while it was being read", reader->path);
}
