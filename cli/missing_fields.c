/* SPDX-License-Identifier: MIT
 *
 * Fields that no record has. After the first record the list is mostly empty, so that the
 * others cost nothing.
 */
#include "missing_fields.h"

#include <string.h>

#include <weaksup/alloc.h>

#include "quote.h"

enum { FIELDS_SHOWN = 8, COLUMNS = 30, FIELDS_COMPARED = 64 };

void missing_fields_clear(missing_fields *m) {
  ws_free(m->items);
  ws_buffer_clear(&m->found);
  *m = (missing_fields){0};
}

static bool is_listed(const missing_fields *m, ws_text field) {
  for (size_t i = 0; i < m->count; i++)
    if (ws_text_equal(m->items[i], field)) return true;
  return false;
}

static ws_status list_fields(missing_fields *m, const ws_lf_set *lfs, ws_value record) {
  m->items = ws_alloc_array(ws_lf_set_count(lfs), sizeof *m->items);
  if (!m->items) return WS_ENOMEM;
  for (size_t j = 0; j < ws_lf_set_count(lfs); j++) {
    ws_text field = ws_lf_set_at(lfs, j)->field;
    if (field.size && !ws_value_get(record, field).at && !is_listed(m, field))
      m->items[m->count++] = field;
  }
  return WS_OK;
}

ws_status put_fields(ws_buffer *out, ws_value record) {
  ws_text name;
  ws_value value;
  size_t count = 0;
  for (ws_value_iter it = ws_value_each(record); ws_value_next(&it, &name, &value);) {
    if (count++ >= FIELDS_SHOWN) continue;
    if (count > 1) WS_TRY(ws_buffer_string(out, ", "));
    WS_TRY(quote(out, name, COLUMNS));
  }
  if (count == 0) return ws_buffer_string(out, "no field");
  if (count <= FIELDS_SHOWN) return WS_OK;
  return ws_buffer_printf(out, " and %zu more", count - FIELDS_SHOWN);
}

void near_field(const char *field, const char *but, ws_value record, field_name *out) {
  field_name copies[FIELDS_COMPARED];
  const char *names[FIELDS_COMPARED];
  size_t count = 0;
  ws_text name;
  ws_value value;
  for (ws_value_iter it = ws_value_each(record);
       count < FIELDS_COMPARED && ws_value_next(&it, &name, &value);) {
    char *copy = copies[count].text;
    if (name.size >= sizeof out->text || memchr(name.data, '\0', name.size) ||
        (but && ws_text_equals(name, but)))
      continue;
    memcpy(copy, name.data, name.size);
    copy[name.size] = '\0';
    names[count++] = copy;
  }
  const char *near = ws_suggest(ws_text_of(field), names, count);
  *out = (field_name){{0}};
  if (near) memcpy(out->text, near, strlen(near));
}

ws_status missing_fields_record(missing_fields *m, const ws_lf_set *lfs,
                                ws_value record) {
  if (!m->begun) {
    m->begun = true;
    WS_TRY(list_fields(m, lfs, record));
    return m->count ? put_fields(&m->found, record) : WS_OK;
  }
  for (size_t i = 0; i < m->count;)
    if (ws_value_get(record, m->items[i]).at)
      m->items[i] = m->items[--m->count];
    else
      i++;
  return WS_OK;
}

ws_status missing_fields_why(const missing_fields *m, const ws_lf_info *lf,
                             ws_buffer *out) {
  if (!lf->field.size || !is_listed(m, lf->field)) return WS_OK;
  WS_TRY(ws_buffer_string(out, ": none has a field "));
  WS_TRY(quote(out, lf->field, COLUMNS));
  return ws_buffer_printf(out, "; the first has %s", m->found.data ? m->found.data : "");
}

ws_status put_near(ws_buffer *out, const char *field, ws_value fields) {
  field_name near;
  near_field(field, NULL, fields, &near);
  if (near.text[0]) return ws_buffer_printf(out, " (did you mean '%s'?)", near.text);
  WS_TRY(ws_buffer_string(out, "; the record has "));
  return put_fields(out, fields);
}
