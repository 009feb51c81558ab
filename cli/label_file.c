/* SPDX-License-Identifier: MIT
 *
 * Reading labels to train on, in one pass: what the classes are may only show at the end,
 * so rows are kept as they stand (label_rows.c). See label_classes.c for the rest.
 */
#include "label_file.h"

#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "missing_fields.h"
#include "say.h"
#include "weight_field.h"

static ws_status at_line(const char *path, uint64_t line, ws_status status,
                         ws_error *err) {
  if (status != WS_ENOMEM && status != WS_OK)
    ws_error_prefix(err, "%s:%llu: ", input_name(path), (unsigned long long)line);
  return status;
}

/* --- what is trained on ------------------------------------------------------------- */

static ws_status no_group(const char *field, const ws_record *record, ws_value value,
                          ws_error *err) {
  ws_buffer near = {0};
  ws_status status = WS_OK;
  if (!value.at && record->fields.at) status = put_near(&near, field, record->fields);
  status = status == WS_OK ? ws_error_set(err, WS_EPARSE,
                                          "expected a group in the field '%s', found "
                                          "%s%s",
                                          field, ws_value_type_text(value),
                                          near.size ? near.data : "")
                           : ws_error_nomem(err);
  ws_buffer_clear(&near);
  return status;
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

static ws_status take_weight(label_file *f, const ws_record *record, ws_error *err) {
  const char *field = f->o->weight;
  if (!field) return WS_OK;
  if (!ws_grow(&f->weights, &f->weight_capacity, f->count + 1, sizeof *f->weights))
    return ws_error_nomem(err);
  return record_weight(field, record, &f->weights[f->count], err);
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

/* As the reader says it of other files. */
static ws_status no_text(const label_file *f, const ws_record *record, ws_error *err) {
  const char *name = ws_task_get(f->task, WS_TASK_TEXT);
  ws_buffer found = {0};
  if (!f->o->keys[WS_TASK_TEXT] && ws_value_get(record->fields, ws_text_of("probs")).at)
    return ws_error_set(err, WS_EPARSE,
                        "expected a field 'text', found none (--data FILE names the "
                        "records that the labels are for, by their ids)");
  ws_status status = put_fields(&found, record->fields);
  if (status == WS_OK)
    status = ws_error_set(err, WS_EPARSE,
                          "expected a field '%s', found %s (--text, or 'text' in the "
                          "task file, names the field)",
                          name, found.data);
  else
    ws_error_nomem(err);
  ws_buffer_clear(&found);
  return status;
}

static bool has_text(const label_file *f, const ws_record *record) {
  const char *name = ws_task_get(f->task, WS_TASK_TEXT);
  return record->text.data || ws_value_get(record->fields, ws_text_of(name)).at;
}

static ws_status on_label(label_file *f, const ws_record *record, bool keep_ids,
                          ws_error *err) {
  if (gold_field_record(&f->found, f->task, record->fields) != WS_OK)
    return ws_error_nomem(err);
  if (options_path(f->o, WS_TASK_DATA)) {
    WS_TRY(take_key(f, record, err));
  } else {
    if (!f->o->features && !has_text(f, record)) return no_text(f, record, err);
    WS_TRY(take_record(f, record, keep_ids, err));
  }
  return label_file_take_row(f, record, err);
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
