/* SPDX-License-Identifier: MIT
 *
 * A batch of records: one buffer for all encodings and one for ids, and offsets into
 * them, so that a batch grows without moving anybody's pointers until it is read.
 */
#include "records_fill.h"

#include <stdio.h>

#include <weaksup/alloc.h>

typedef struct entry {
  size_t fields;      // offset in `values`
  size_t id, id_size; // offset in `ids`
  size_t text;        // offset of the text field's value in `values`; NO_TEXT
  int32_t gold;
  uint64_t row, line;
} entry;

#define NO_TEXT SIZE_MAX

struct ws_records {
  ws_buffer values, ids;
  entry *entries;
  size_t count, capacity;
};

ws_status ws_records_new(ws_records **out) {
  ws_records *records = ws_alloc_zero(1, sizeof *records);
  if (!records) return WS_ENOMEM;
  *out = records;
  return WS_OK;
}

void ws_records_free(ws_records *records) {
  if (!records) return;
  ws_buffer_clear(&records->values);
  ws_buffer_clear(&records->ids);
  ws_free(records->entries);
  ws_free(records);
}

void ws_records_clear(ws_records *records) {
  records->values.size = records->ids.size = records->count = 0;
}

size_t ws_records_count(const ws_records *records) {
  return records->count;
}

size_t ws_records_bytes(const ws_records *records) {
  return records->values.size;
}

static ws_value value_at(const ws_records *records, size_t offset) {
  return (ws_value){(const unsigned char *)records->values.data + offset};
}

ws_record ws_records_at(const ws_records *records, size_t i) {
  const entry *e = &records->entries[i];
  return (ws_record){
      .fields = value_at(records, e->fields),
      .id = {records->ids.data + e->id, e->id_size},
      .text = e->text == NO_TEXT ? (ws_text){NULL, 0}
                                 : ws_value_text(value_at(records, e->text)),
      .gold = e->gold,
      .row = e->row,
      .line = e->line,
  };
}

/* --- filling (records_fill.h) --- */

ws_buffer *ws__records_values(ws_records *records) {
  return &records->values;
}

void ws__records_drop(ws_records *records, size_t fields) {
  records->values.size = fields;
  while (records->count && records->entries[records->count - 1].fields >= fields)
    records->ids.size = records->entries[--records->count].id;
}

static ws_status put_id(ws_buffer *ids, ws_value id, uint64_t row) {
  char digits[32];
  if (ws_value_is(id, WS_STRING)) return ws_buffer_text(ids, ws_value_text(id));
  if (ws_value_is(id, WS_INT))
    snprintf(digits, sizeof digits, "%lld", (long long)ws_value_int(id));
  else
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)row);
  return ws_buffer_string(ids, digits);
}

ws_status ws__records_add(ws_records *records, const ws__record_parts *parts) {
  entry *e;
  if (!ws_grow(&records->entries, &records->capacity, records->count + 1, sizeof *e))
    return WS_ENOMEM;
  e = &records->entries[records->count];
  const unsigned char *base = (const unsigned char *)records->values.data;
  *e = (entry){.fields = parts->fields,
               .id = records->ids.size,
               .text = parts->text.at ? (size_t)(parts->text.at - base) : NO_TEXT,
               .gold = parts->gold,
               .row = parts->row,
               .line = parts->line};
  WS_TRY(put_id(&records->ids, parts->id, parts->row));
  e->id_size = records->ids.size - e->id;
  records->count++;
  return WS_OK;
}
