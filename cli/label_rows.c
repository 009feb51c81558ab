/* SPDX-License-Identifier: MIT
 *
 * What one row of a file of labels says: a distribution, a label, or nothing. Names and
 * indexes stay as they came, since what the classes are may show in a later row only.
 */
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "label_file.h"

static ws_status add_share(label_file *f, uint32_t name, double p, ws_error *err) {
  if (!ws_grow(&f->shares, &f->share_capacity, f->share_count + 1, sizeof *f->shares))
    return ws_error_nomem(err);
  f->shares[f->share_count++] = (label_share){name, p};
  return WS_OK;
}

/* A number, also as the text of a cell. */
static ws_status take_share(label_file *f, uint32_t name, ws_text shown, ws_value value,
                            ws_error *err) {
  double p = -1;
  bool number = ws_value_is(value, WS_INT) || ws_value_is(value, WS_DOUBLE);
  bool text = ws_value_is(value, WS_STRING);
  if (number) p = ws_value_number(value);
  if (text && !ws_text_to_double(ws_value_text(value), &p)) text = false;
  if ((number || text) && p >= 0 && p <= 1.001) return add_share(f, name, p, err);
  if (number || text)
    return ws_error_set(err, WS_EPARSE,
                        "the probability of '%.*s': expected 0 to 1, found %g",
                        WS_TEXT_ARG(shown), p);
  if (ws_value_is(value, WS_STRING))
    return ws_error_set(err, WS_EPARSE,
                        "the probability of '%.*s': expected a number, found '%.*s'",
                        WS_TEXT_ARG(shown), WS_TEXT_ARG(ws_value_text(value)));
  return ws_error_set(err, WS_EPARSE,
                      "the probability of '%.*s': expected a number, found %s",
                      WS_TEXT_ARG(shown), ws_value_type_text(value));
}

static ws_status take_named(label_file *f, ws_text name, size_t hint, ws_value value,
                            ws_error *err) {
  int32_t found = label_file_name(f, name, hint);
  if (found < 0) return ws_error_nomem(err);
  f->in_probs[found] = true;
  return take_share(f, (uint32_t)found, name, value, err);
}

static ws_status take_probs(label_file *f, label_row *row, ws_value probs,
                            ws_error *err) {
  ws_text key;
  ws_value item;
  uint32_t place = 0;
  row->is_list = ws_value_is(probs, WS_ARRAY);
  for (ws_value_iter it = ws_value_each(probs); ws_value_next(&it, &key, &item); place++)
    WS_TRY(row->is_list ? take_share(f, place, ws_text_of("the list"), item, err)
                        : take_named(f, key, place, item, err));
  if (!row->is_list) return WS_OK;
  if (f->list_size == 0) f->list_size = place;
  if (f->list_size == place) return WS_OK;
  return ws_error_set(err, WS_EPARSE, "expected %zu probabilities as before, found %u",
                      f->list_size, place);
}

/* The columns p_NAME of CSV: all have a number, or none has. */
static ws_status take_columns(label_file *f, ws_value fields, ws_error *err) {
  ws_text key;
  ws_value cell;
  size_t place = 0, empty = 0;
  for (ws_value_iter it = ws_value_each(fields); ws_value_next(&it, &key, &cell);) {
    if (key.size < 3 || memcmp(key.data, "p_", 2) != 0) continue;
    bool none = ws_value_is(cell, WS_STRING) && ws_value_text(cell).size == 0;
    if (none && ++empty) continue;
    WS_TRY(take_named(f, (ws_text){key.data + 2, key.size - 2}, place++, cell, err));
  }
  if (!place || !empty) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "expected a number in each column p_NAME, or in none: %zu of %zu "
                      "are empty",
                      empty, place + empty);
}

/* Sums to 1 from here on. */
static ws_status check_sum(label_file *f, const label_row *row, ws_error *err) {
  double sum = 0;
  for (size_t i = row->first; i < row->end; i++) sum += f->shares[i].p;
  if (!(fabs(sum - 1) <= 1e-3))
    return ws_error_set(err, WS_EPARSE,
                        "expected probabilities that sum to 1, found a sum of %g", sum);
  for (size_t i = row->first; i < row->end; i++) f->shares[i].p /= sum;
  return WS_OK;
}

/* Whether the row says that no LF voted: {} or 0. */
static bool is_uncovered(ws_value fields) {
  ws_value votes = ws_value_get(fields, ws_text_of("votes"));
  if (ws_value_is(votes, WS_OBJECT)) return ws_value_count(votes) == 0;
  if (ws_value_is(votes, WS_INT)) return ws_value_int(votes) == 0;
  return ws_value_is(votes, WS_STRING) && ws_text_equals(ws_value_text(votes), "0");
}

static ws_status take_label(label_file *f, label_row *row, ws_value label,
                            ws_error *err) {
  if (ws_value_type(label) == WS_NULL) return WS_OK;
  if (ws_value_is(label, WS_STRING)) {
    if (ws_value_text(label).size == 0) return WS_OK;
    row->name = label_file_name(f, ws_value_text(label),
                                f->n ? (size_t)f->rows[f->n - 1].name : 0);
    return row->name < 0 ? ws_error_nomem(err) : WS_OK;
  }
  bool number = ws_value_is(label, WS_INT) || ws_value_is(label, WS_DOUBLE);
  double value = number ? ws_value_number(label) : -2;
  if (value >= -1 && value < WS_MAX_CLASSES && value == floor(value)) {
    row->number = (int64_t)value;
    return WS_OK;
  }
  return ws_error_set(
      err, WS_EPARSE,
      "in the field '%s': expected a label (a class name or index, or null), found %s",
      ws_task_get(f->task, WS_TASK_GOLD),
      number ? "a number that is no index" : ws_value_type_text(label));
}

ws_status label_file_take_row(label_file *f, const ws_record *record, ws_error *err) {
  label_row row = {
      .number = -1, .name = -1, .first = f->share_count, .line = record->line};
  ws_value probs = ws_value_get(record->fields, ws_text_of("probs"));
  if (ws_value_is(probs, WS_OBJECT) || ws_value_is(probs, WS_ARRAY))
    WS_TRY(take_probs(f, &row, probs, err));
  else if (f->is_csv)
    WS_TRY(take_columns(f, record->fields, err));
  else if (ws_value_type(probs) != WS_NULL)
    return ws_error_set(err, WS_EPARSE,
                        "in the field 'probs': expected an object or an array, found %s",
                        ws_value_type_text(probs));
  row.end = f->share_count;
  bool weak = row.end > row.first;
  if (weak) WS_TRY(check_sum(f, &row, err));
  if (weak && is_uncovered(record->fields)) row.end = f->share_count = row.first;
  if (!weak || f->o->keys[WS_TASK_GOLD])
    WS_TRY(take_label(
        f, &row,
        ws_value_get(record->fields, ws_text_of(ws_task_get(f->task, WS_TASK_GOLD))),
        err));
  if (!ws_grow(&f->rows, &f->capacity, f->n + 1, sizeof *f->rows))
    return ws_error_nomem(err);
  f->rows[f->n++] = row;
  return WS_OK;
}
