/* SPDX-License-Identifier: MIT
 *
 * One record: takes an object from a format and makes a record of it. Everything that a
 * record must fulfil is checked here, for all formats alike.
 */
#include "reader_priv.h"

#include <stdio.h>
#include <string.h>

#include "records_fill.h"

const char *ws__list_names(const ws_text *names, size_t count, char *out, size_t size) {
  size_t used = 0;
  out[0] = '\0';
  for (size_t i = 0; i < count; i++) {
    if (used + names[i].size + 8 > size) {
      memcpy(out + used, i ? ", ..." : "...", i ? 6 : 4);
      break;
    }
    if (i) memcpy(out + used, ", ", 2), used += 2;
    if (names[i].size) memcpy(out + used, names[i].data, names[i].size);
    used += names[i].size;
    out[used] = '\0';
  }
  return out;
}

const char *ws__list_fields(ws_value fields, char *out, size_t size) {
  enum { MOST = 32 };
  ws_text names[MOST];
  ws_value ignored;
  size_t count = 0;
  ws_value_iter it = ws_value_each(fields);
  while (count < MOST && ws_value_next(&it, &names[count], &ignored)) count++;
  return count ? ws__list_names(names, count, out, size) : "no field";
}

static ws_status no_field(const ws_reader *reader, ws_task_key key, ws_value fields,
                          ws_error *err) {
  char found[WS__LIST_SIZE], hint[100] = "";
  if (ws_reader_seen(reader) == 0) // later ones show that the name is right
    snprintf(hint, sizeof hint, WS__NAME_HINT, ws_task_key_name(key),
             ws_task_key_name(key));
  return ws_error_set(err, WS_EPARSE, "expected a field '%s', found %s%s",
                      ws_task_get(reader->task, key),
                      ws__list_fields(fields, found, sizeof found), hint);
}

static ws_status find_text(const ws_reader *reader, ws_value fields, ws_value *out,
                           ws_error *err) {
  const char *name = ws_task_get(reader->task, WS_TASK_TEXT);
  ws_value value = ws_value_get(fields, ws_text_of(name));
  *out = ws_value_is(value, WS_STRING) ? value : (ws_value){NULL};
  if (out->at || !reader->options.need_text) return WS_OK;
  if (!value.at) return no_field(reader, WS_TASK_TEXT, fields, err);
  return ws_error_set(err, WS_EPARSE, "expected a string in the field '%s', found %s",
                      name, ws_value_type_text(value));
}

static const char *kind_of_id(ws_value id) {
  if (!ws_value_is(id, WS_DOUBLE)) return ws_value_type_text(id);
  double number = ws_value_number(id);
  return number >= 9.2e18 || number <= -9.2e18
             ? "an integer beyond 64 bits: write it as a string"
             : "a number that is no integer";
}

static ws_status check_id(const char *name, ws_value id, ws_error *err) {
  if (ws_value_is(id, WS_INT)) return WS_OK;
  if (!ws_value_is(id, WS_STRING))
    return ws_error_set(err, WS_EPARSE,
                        "expected a string or an integer in the id field '%s', found %s",
                        name, kind_of_id(id));
  if (ws_value_text(id).size == 0)
    return ws_error_set(err, WS_EPARSE, "the id field '%s' is empty", name);
  return WS_OK;
}

/* No value where the row number is the id: no id field is named, or the format has none.
 */
static ws_status find_id(const ws_reader *reader, ws_value fields, ws_value *out,
                         ws_error *err) {
  const char *name = ws_task_get(reader->task, WS_TASK_ID);
  const char *other = reader->options.default_id;
  *out = (ws_value){NULL};
  if (reader->format == &ws__format_text) return WS_OK;
  if (name) {
    *out = ws_value_get(fields, ws_text_of(name));
    if (!out->at && reader->options.optional_id) return WS_OK;
    if (!out->at) return no_field(reader, WS_TASK_ID, fields, err);
  } else if (other) {
    *out = ws_value_get(fields, ws_text_of(other));
    if (ws_value_type(*out) == WS_NULL) *out = (ws_value){NULL};
    if (!out->at) return WS_OK;
    name = other;
  } else {
    return WS_OK;
  }
  return check_id(name, *out, err);
}

static ws_status find_gold(const ws_reader *reader, ws_value fields, int32_t *out,
                           ws_error *err) {
  const char *name = ws_task_get(reader->task, WS_TASK_GOLD);
  *out = WS_ABSTAIN;
  if (!reader->options.need_gold) return WS_OK;
  ws_value value = ws_value_get(fields, ws_text_of(name));
  ws_status status = ws_task_label(reader->task, value, out, err);
  if (status != WS_OK) ws_error_prefix(err, "in the field '%s': ", name);
  return status;
}

ws_status ws__reader_check_ids(ws_reader *reader, const ws_records *batch, uint64_t *line,
                               ws_error *err) {
  size_t count = reader->pending_count;
  reader->pending_count = 0;
  for (size_t i = 0; i < count; i++) {
    bool added;
    if (ws__id_set_add(&reader->ids, reader->pending[i].hash, &added) != WS_OK)
      return ws_error_nomem(err);
    if (added) continue;
    ws_record record = ws_records_at(batch, reader->pending[i].record);
    *line = record.line;
    return ws_error_set(
        err, WS_EPARSE, "the id '%.*s' occurs twice%s", WS_TEXT_ARG(record.id),
        reader->numbered ? " (records without an id have their row number, from 0)" : "");
  }
  return WS_OK;
}

/* Where an error ends everything, ids can wait; a record that is to be skipped, or is of
 * another shard and does not stay in the batch, must be known at once. */
static ws_status expect_unique(ws_reader *reader, const ws_records *batch, uint64_t *line,
                               ws_error *err) {
  size_t last = ws_records_count(batch) - 1;
  bool now = reader->options.on_error == WS_SKIP || reader->options.shards > 1;
  size_t most = now ? 1 : WS__PENDING_IDS;
  ws_hash128 hash = ws__id_set_expect(&reader->ids, ws_records_at(batch, last).id);
  reader->pending[reader->pending_count++] = (ws__pending_id){hash, last};
  return reader->pending_count < most ? WS_OK
                                      : ws__reader_check_ids(reader, batch, line, err);
}

/* Whether some records may have an id and others their row number, which may be an id
 * that was given to another. */
static bool ids_mix(const ws_reader *reader) {
  if (reader->format == &ws__format_text) return false;
  return ws_task_get(reader->task, WS_TASK_ID) ? reader->options.optional_id
                                               : reader->options.default_id != NULL;
}

bool ws__reader_owns(const ws_reader *reader, uint64_t row) {
  const ws_reader_options *options = &reader->options;
  return options->shards < 2 || row % options->shards == options->shard;
}

static ws_status take_record(ws_reader *reader, ws_records *batch, size_t fields_at,
                             uint64_t *line, ws_error *err) {
  ws__record_parts parts = {
      .fields = fields_at, .row = ws_reader_seen(reader), .line = *line};
  const char *data = ws__records_values(batch)->data;
  ws_value fields = {(const unsigned char *)data + fields_at};
  WS_TRY(find_text(reader, fields, &parts.text, err));
  WS_TRY(find_id(reader, fields, &parts.id, err));
  WS_TRY(find_gold(reader, fields, &parts.gold, err));
  if (ws__records_add(batch, &parts) != WS_OK) return ws_error_nomem(err);
  bool mix = ids_mix(reader);
  reader->numbered = reader->numbered || (mix && !parts.id.at);
  if (reader->options.unique_ids && (parts.id.at || mix))
    WS_TRY(expect_unique(reader, batch, line, err));
  if (ws__reader_owns(reader, parts.row)) {
    reader->rows++;
  } else {
    ws__records_drop(batch, fields_at);
    reader->passed++;
  }
  return WS_OK;
}

/* A record that fails after an id that came twice is not the first error of the file. */
static ws_status first_error(ws_reader *reader, const ws_records *batch, ws_status status,
                             uint64_t *line, ws_error *err) {
  ws_error earlier = WS_ERROR_INIT;
  if (status == WS_ENOMEM || status == WS_ESTOPPED) return status;
  ws_status found = ws__reader_check_ids(reader, batch, line, &earlier);
  if (found == WS_OK) return status;
  *err = earlier;
  return found;
}

ws_status ws__reader_next(ws_reader *reader, ws_records *batch, uint64_t *line,
                          ws_error *err) {
  ws_buffer *values = ws__records_values(batch);
  size_t fields_at = values->size;
  bool more = true;
  ws_status status =
      reader->format->next(reader->state, &reader->lines, values, line, &more, err);
  if (status == WS_OK && !more)
    reader->ended = !reader->lines.waits;
  else if (status == WS_OK)
    status = take_record(reader, batch, fields_at, line, err);
  if (status != WS_OK) {
    status = first_error(reader, batch, status, line, err);
    ws__records_drop(batch, fields_at);
  }
  return status;
}
