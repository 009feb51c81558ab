/* SPDX-License-Identifier: MIT
 *
 * Weights of records.
 */
#include "weight_field.h"

#include <weaksup/training.h>

#include "missing_fields.h"
#include "say.h"

static ws_value field_of(const char *field, const ws_record *record) {
  return ws_value_get(record->fields, ws_text_of(field));
}

bool record_has(const char *field, const ws_record *record) {
  return ws_value_type(field_of(field, record)) != WS_NULL;
}

static bool is_weight(ws_value value, double *out) {
  ws_type type = ws_value_type(value);
  if (type == WS_STRING) {
    if (!ws_text_to_double(ws_value_text(value), out)) return false;
  } else if (type == WS_INT || type == WS_DOUBLE) {
    *out = ws_value_number(value);
  } else {
    return false;
  }
  return *out >= 0 && *out <= WS_WEIGHT_MOST;
}

static ws_status put_found(ws_buffer *out, const char *field, const ws_record *record) {
  ws_value value = field_of(field, record);
  ws_type type = ws_value_type(value);
  if (type == WS_STRING)
    return ws_buffer_printf(out, "'%.*s'", WS_TEXT_ARG(ws_value_text(value)));
  if (type == WS_INT || type == WS_DOUBLE)
    return ws_buffer_printf(out, "%g", ws_value_number(value));
  WS_TRY(ws_buffer_string(out, ws_value_type_text(value)));
  return value.at || !record->fields.at ? WS_OK : put_near(out, field, record->fields);
}

ws_status record_weight(const char *field, const ws_record *record, double *out,
                        ws_error *err) {
  ws_buffer found = {0};
  if (is_weight(field_of(field, record), out)) return WS_OK;
  ws_status status =
      put_found(&found, field, record) == WS_OK
          ? ws_error_set(err, WS_EPARSE,
                         "expected a weight from 0 to 1e9 in the field '%s', found %s",
                         field, found.data)
          : ws_error_nomem(err);
  ws_buffer_clear(&found);
  return status;
}

ws_status check_weights(const char *path, const char *field, const double *weights,
                        size_t count, ws_error *err) {
  for (size_t i = 0; i < count; i++)
    if (weights[i] > 0) return WS_OK;
  if (count == 0) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "%s: expected a weight above 0 in the field '%s' of some record, "
                      "found 0 in all %zu",
                      input_name(path), field, count);
}
