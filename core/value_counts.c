/* SPDX-License-Identifier: MIT
 *
 * Counting labels.
 */
#include <weaksup/field_survey.h>

#include <stdio.h>

#include <weaksup/alloc.h>

#include "names.h"

struct ws_value_counts {
  ws__names names;
  uint64_t *counts; // [capacity]
  size_t capacity;
  bool any_number;
};

ws_status ws_value_counts_new(ws_value_counts **out) {
  *out = ws_alloc_zero(1, sizeof **out);
  return *out ? WS_OK : WS_ENOMEM;
}

void ws_value_counts_free(ws_value_counts *counts) {
  if (!counts) return;
  ws__names_clear(&counts->names);
  ws_free(counts->counts);
  ws_free(counts);
}

static ws_status count(ws_value_counts *counts, ws_text name, int32_t *number,
                       ws_error *err) {
  uint32_t at;
  bool added;
  if (counts->names.count >= WS_MAX_CLASSES && ws__names_find(&counts->names, name) < 0)
    return ws_error_set(err, WS_EPARSE,
                        "expected at most %d different labels, found one more: '%.*s'",
                        WS_MAX_CLASSES, WS_TEXT_ARG(name));
  if (!ws_grow(&counts->counts, &counts->capacity, counts->names.count + 1,
               sizeof *counts->counts) ||
      ws__names_add(&counts->names, name, &at, &added) != WS_OK)
    return ws_error_nomem(err);
  counts->counts[at] = added ? 1 : counts->counts[at] + 1;
  *number = (int32_t)at;
  return WS_OK;
}

ws_status ws_value_counts_add(ws_value_counts *counts, ws_value value, int32_t *number,
                              ws_error *err) {
  char digits[24];
  ws_type type = ws_value_type(value);
  *number = WS_ABSTAIN;
  if (type == WS_NULL) return WS_OK;
  if (type == WS_STRING) {
    ws_text text = ws_value_text(value);
    if (text.size == 0 || ws_text_equals(text, "-1")) return WS_OK;
    return count(counts, text, number, err);
  }
  if (type != WS_INT)
    return ws_error_set(err, WS_EPARSE,
                        "expected a label: a string or a whole number, found %s",
                        ws_value_type_text(value));
  if (ws_value_int(value) == WS_ABSTAIN) return WS_OK;
  snprintf(digits, sizeof digits, "%lld", (long long)ws_value_int(value));
  counts->any_number = true;
  return count(counts, ws_text_of(digits), number, err);
}

int32_t ws_value_counts_find(const ws_value_counts *counts, ws_value value) {
  char digits[24];
  ws_text name = {NULL, 0};
  if (ws_value_is(value, WS_STRING)) name = ws_value_text(value);
  if (ws_value_is(value, WS_INT)) {
    snprintf(digits, sizeof digits, "%lld", (long long)ws_value_int(value));
    name = ws_text_of(digits);
  }
  return name.size ? (int32_t)ws__names_find(&counts->names, name) : WS_ABSTAIN;
}

size_t ws_value_counts_size(const ws_value_counts *counts) {
  return counts->names.count;
}

ws_text ws_value_counts_name(const ws_value_counts *counts, size_t i) {
  return counts->names.items[i];
}

uint64_t ws_value_counts_of(const ws_value_counts *counts, size_t i) {
  return counts->counts[i];
}

bool ws_value_counts_any_number(const ws_value_counts *counts) {
  return counts->any_number;
}
