/* SPDX-License-Identifier: MIT
 *
 * Reading labels to train on, in one pass: what the classes are may only show at the end,
 * so rows are kept as they stand. See label_classes.c for the rest.
 */
#include "label_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "say.h"

static ws_status at_line(const char *path, uint64_t line, ws_status status,
                         ws_error *err) {
  if (status != WS_ENOMEM && status != WS_OK)
    ws_error_prefix(err, "%s:%llu: ", input_name(path), (unsigned long long)line);
  return status;
}

/* --- one row ------------------------------------------------------------------------ */

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

static ws_status take_row(label_file *f, const ws_record *record, ws_error *err) {
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

/* --- what is trained on ------------------------------------------------------------- */

/* The field of the record that was probably meant, into out[size]; or "". */
static void find_near(const char *field, ws_value fields, char *out, size_t size) {
  enum { MOST = 64, LONGEST = 64 };
  char copies[MOST][LONGEST];
  const char *names[MOST];
  size_t count = 0;
  ws_text key;
  ws_value item;
  for (ws_value_iter it = ws_value_each(fields);
       count < MOST && ws_value_next(&it, &key, &item);) {
    if (key.size >= LONGEST) continue;
    memcpy(copies[count], key.data, key.size);
    copies[count][key.size] = '\0';
    names[count] = copies[count];
    count++;
  }
  const char *near = ws_suggest(ws_text_of(field), names, count);
  snprintf(out, size, "%s", near ? near : "");
}

static ws_status no_group(const char *field, const ws_record *record, ws_value value,
                          ws_error *err) {
  char near[64] = "";
  if (!value.at && record->fields.at) find_near(field, record->fields, near, sizeof near);
  return ws_error_set(err, WS_EPARSE,
                      "expected a group in the field '%s', found %s%s%s%s", field,
                      ws_value_type_text(value), *near ? " (did you mean '" : "", near,
                      *near ? "'?)" : "");
}

ws_status label_group(const char *field, const ws_record *record, uint64_t *out,
                      ws_error *err) {
  ws_value value = ws_value_get(record->fields, ws_text_of(field));
  if (ws_value_type(value) == WS_NULL) return no_group(field, record, value, err);
  *out = ws_hash64(value.at, ws_value_size(value), 0);
  return WS_OK;
}

static ws_status take_group(label_file *f, const ws_record *record, ws_error *err) {
  if (!f->o->group) return WS_OK;
  if (!ws_grow(&f->groups, &f->group_capacity, f->count + 1, sizeof *f->groups))
    return ws_error_nomem(err);
  return label_group(f->o->group, record, &f->groups[f->count], err);
}

/* A number, in CSV a text that is one, of 0 or more. */
static bool is_weight(ws_value value, double *out) {
  ws_type type = ws_value_type(value);
  if (type == WS_STRING) return ws_text_to_double(ws_value_text(value), out) && *out >= 0;
  if (type != WS_INT && type != WS_DOUBLE) return false;
  *out = ws_value_number(value);
  return *out >= 0;
}

static ws_status wrong_weight(const char *field, ws_value value, ws_error *err) {
  static const char expected[] = "expected a weight of 0 or more in the field";
  ws_type type = ws_value_type(value);
  if (type == WS_STRING)
    return ws_error_set(err, WS_EPARSE, "%s '%s', found '%.*s'", expected, field,
                        WS_TEXT_ARG(ws_value_text(value)));
  if (type == WS_INT || type == WS_DOUBLE)
    return ws_error_set(err, WS_EPARSE, "%s '%s', found %g", expected, field,
                        ws_value_number(value));
  return ws_error_set(err, WS_EPARSE, "%s '%s', found %s", expected, field,
                      ws_value_type_text(value));
}

static ws_status take_weight(label_file *f, const ws_record *record, ws_error *err) {
  const char *field = f->o->weight;
  if (!field) return WS_OK;
  if (!ws_grow(&f->weights, &f->weight_capacity, f->count + 1, sizeof *f->weights))
    return ws_error_nomem(err);
  ws_value value = ws_value_get(record->fields, ws_text_of(field));
  if (is_weight(value, &f->weights[f->count])) return WS_OK;
  return wrong_weight(field, value, err);
}

static ws_status take_record(label_file *f, const ws_record *record, bool keep_id,
                             ws_error *err) {
  WS_TRY(ws_features_add(f->features, record, err));
  WS_TRY(take_group(f, record, err));
  WS_TRY(take_weight(f, record, err));
  if (keep_id && (!ws_grow(&f->ids, &f->id_capacity, f->count + 1, sizeof *f->ids) ||
                  ws_arena_text(&f->arena, record->id, &f->ids[f->count]) != WS_OK))
    return ws_error_nomem(err);
  f->count++;
  return WS_OK;
}

static ws_status take_key(label_file *f, const ws_record *record, ws_error *err) {
  if (!ws_grow(&f->keys, &f->key_capacity, f->n + 1, sizeof *f->keys))
    return ws_error_nomem(err);
  f->keys[f->n] = ws_hash128_of(record->id.data, record->id.size);
  return WS_OK;
}

/* --- files -------------------------------------------------------------------------- */

static ws_status new_features(label_file *f, ws_error *err) {
  ws_features_options how = f->setup->features;
  how.text = ws_task_get(f->task, WS_TASK_TEXT);
  return ws_features_new(&how, &f->features, err);
}

typedef ws_status (*each_fn)(label_file *f, const ws_record *record, bool keep_ids,
                             ws_error *err);

static ws_status read_file(label_file *f, const char *path, const ws_reader_options *how,
                           each_fn each, bool keep_ids, ws_error *err) {
  ws_reader *reader = NULL;
  ws_records *batch = NULL;
  size_t added = 1, columns;
  WS_TRY(ws_reader_open(path, f->task, how, &reader, err));
  ws_status status = ws_records_new(&batch) == WS_OK ? WS_OK : ws_error_nomem(err);
  while (status == WS_OK && added) {
    ws_records_clear(batch);
    status = ws_reader_read(reader, batch, 1024, 1 << 20, &added, err);
    (void)ws_reader_columns(reader, &columns);
    f->is_csv = columns > 0;
    for (size_t i = 0; status == WS_OK && i < added; i++) {
      ws_record record = ws_records_at(batch, i);
      status = at_line(path, record.line, each(f, &record, keep_ids, err), err);
    }
  }
  f->skipped += ws_reader_skipped(reader);
  ws_reader_digest(reader, f->digest);
  ws_records_free(batch);
  ws_reader_free(reader);
  return status;
}

static ws_status on_label(label_file *f, const ws_record *record, bool keep_ids,
                          ws_error *err) {
  if (gold_field_record(&f->found, f->task, record->fields) != WS_OK)
    return ws_error_nomem(err);
  if (options_path(f->o, WS_TASK_DATA)) {
    WS_TRY(take_key(f, record, err));
  } else {
    if (!record->text.data && !f->o->features && !f->o->keys[WS_TASK_TEXT] &&
        ws_value_get(record->fields, ws_text_of("probs")).at)
      return ws_error_set(err, WS_EPARSE,
                          "expected a field 'text', found none (--data FILE names the "
                          "records that the labels are for, by their ids)");
    WS_TRY(take_record(f, record, keep_ids, err));
  }
  return take_row(f, record, err);
}

static ws_status on_data(label_file *f, const ws_record *record, bool keep_ids,
                         ws_error *err) {
  setup_look_for_id(f->setup, f->task, record);
  WS_TRY(take_key(f, record, err));
  f->n++;
  return take_record(f, record, keep_ids, err);
}

/* --- with --data ------------------------------------------------------------------- */

static ws_status read_data(label_file *f, bool keep_ids, ws_error *err) {
  ws_reader_options how = f->setup->reader;
  how.need_gold = false;
  how.need_text = !f->o->features;
  how.format = WS_INPUT_AUTO; // --input-format speaks of the labels
  double *targets = NULL;
  int32_t *gold = NULL;
  ws_hash128 *keys = f->keys;
  size_t labels = f->n;
  char digest[33];
  ws_status status = label_file_resolve(f, &targets, &gold, err);
  memcpy(digest, f->digest, sizeof digest);
  f->keys = NULL;
  f->n = f->key_capacity = 0;
  if (status == WS_OK)
    status = read_file(f, options_path(f->o, WS_TASK_DATA), &how, on_data, keep_ids, err);
  memcpy(f->digest, digest, sizeof digest);
  if (status == WS_OK) status = label_file_join(f, keys, labels, targets, gold, err);
  ws_free(keys);
  ws_free(targets);
  ws_free(gold);
  return status;
}

/* --- all of it ---------------------------------------------------------------------- */

static ws_status count_labels(label_file *f, ws_error *err) {
  size_t K = ws_task_classes(f->task), classes = 0, only = 0;
  double *mass = ws_alloc_zero(K, sizeof *mass);
  if (!mass) return ws_error_nomem(err);
  for (size_t i = 0; i < f->count; i++) {
    double sum = 0;
    for (size_t k = 0; f->targets && k < K; k++) sum += f->targets[i * K + k];
    if (f->gold[i] != WS_ABSTAIN)
      mass[f->gold[i]] += 1;
    else
      for (size_t k = 0; f->targets && k < K; k++) mass[k] += f->targets[i * K + k];
    f->gold_rows += f->gold[i] != WS_ABSTAIN;
    f->weak_rows += f->gold[i] == WS_ABSTAIN && sum > 0;
  }
  for (size_t k = 0; k < K; k++)
    if (mass[k] > 0) classes++, only = k;
  ws_free(mass);
  if (classes == 0) return label_file_no_labels(f, f->count, err);
  if (classes > 1) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "%s: expected labels of two classes or more, found '%.*s' only",
                      input_name(f->path), WS_TEXT_ARG(ws_task_class(f->task, only)));
}

/* Fields only, until the classes are known. */
static ws_status begin_task(label_file *f, ws_error *err) {
  const options *o = f->o;
  if (setup_finds_task(o)) {
    WS_TRY(setup_task(o, NULL, &f->task, err));
    f->classes_from = o->classes ? "--classes" : "the task file";
    return WS_OK;
  }
  WS_TRY(ws_task_from_names("0,1", &f->task, err));
  return setup_keys(o, f->task, err);
}

ws_status label_file_read(label_file *f, const char *path, setup *s, bool keep_ids,
                          ws_error *err) {
  *f = (label_file){.path = path, .o = s->options, .setup = s};
  bool data = options_path(f->o, WS_TASK_DATA) != NULL;
  WS_TRY(begin_task(f, err));
  WS_TRY(new_features(f, err));
  ws_reader_options how = s->reader;
  how.need_gold = false;
  how.default_id = "id";
  how.unique_ids = data || keep_ids;
  how.optional_id = !data;
  how.need_text = false; // features say what they miss
  WS_TRY(read_file(f, path, &how, on_label, keep_ids, err));
  f->read = f->n;
  if (data) {
    WS_TRY(read_data(f, keep_ids, err));
  } else {
    WS_TRY(label_file_resolve(f, &f->targets, &f->gold, err));
  }
  return count_labels(f, err);
}

void label_file_clear(label_file *f) {
  ws_task_free(f->task);
  ws_features_free(f->features);
  ws_free(f->rows);
  ws_free(f->shares);
  ws_free(f->names);
  ws_free(f->in_probs);
  ws_free(f->places);
  ws_free(f->keys);
  ws_free(f->targets);
  ws_free(f->gold);
  ws_free(f->ids);
  ws_free(f->groups);
  ws_free(f->weights);
  gold_field_clear(&f->found);
  ws_arena_clear(&f->arena);
  *f = (label_file){0};
}
