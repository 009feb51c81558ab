/* SPDX-License-Identifier: MIT
 *
 * Reading a data set, with votes from LFs or ready-made.
 */
#include "part.h"

#include <weaksup/alloc.h>

#include "dev_parts.h"
#include "say.h"
#include "weight_field.h"

void part_clear(part *p) {
  ws_votes_free(p->votes);
  ws_apply_report_free(p->report);
  ws_features_free(p->features);
  missing_fields_clear(&p->missing);
  gold_field_clear(&p->gold);
  ws_free(p->targeted);
  ws_free(p->weights);
  *p = (part){0};
}

ws_status part_add_to(const part *p, ws_features *features, const ws_record *record,
                      ws_error *err) {
  ws_status status = ws_features_add(features, record, err);
  if (status == WS_EPARSE)
    ws_error_prefix(err, "%s:%llu: ", input_name(p->path),
                    (unsigned long long)record->line);
  return status;
}

static ws_status add_weight(part *p, const ws_record *record, ws_error *err) {
  double weight = 1;
  if (!p->weight) return WS_OK;
  if (!p->weight_optional || record_has(p->weight, record))
    if (record_weight(p->weight, record, &weight, err) != WS_OK) {
      ws_error_prefix(err, "%s:%llu: ", input_name(p->path),
                      (unsigned long long)record->line);
      return WS_EPARSE;
    }
  if (!ws_grow(&p->weights, &p->weight_capacity, p->weight_count + 1, sizeof *p->weights))
    return ws_error_nomem(err);
  p->weights[p->weight_count++] = weight;
  return WS_OK;
}

static ws_status part_add_features(part *p, const ws_record *record, ws_error *err) {
  return part_add_to(p, p->features, record, err);
}

static ws_status note_targeted(part *p, const ws_record *record) {
  if (!p->notes_targeted) return WS_OK;
  if (!ws_grow(&p->targeted, &p->targeted_capacity, p->targeted_count + 1,
               sizeof *p->targeted))
    return WS_ENOMEM;
  bool chosen = ws_value_get(record->fields, ws_text_of(CHOSEN_BY)).at != NULL;
  p->targeted_gold += chosen && record->gold != WS_ABSTAIN;
  p->targeted[p->targeted_count++] = chosen;
  return WS_OK;
}

const bool *part_targeted(const part *p) {
  bool known = p->votes && p->targeted_count == ws_votes_rows(p->votes);
  return known && p->targeted_gold ? p->targeted : NULL;
}

static ws_status on_applied(void *user, const ws_record *record, const int32_t *labels,
                            ws_error *err) {
  part *p = user;
  (void)labels;
  setup_look_for_id(p->setup, p->task, record);
  if (missing_fields_record(&p->missing, p->lfs, record->fields) != WS_OK ||
      gold_field_record(&p->gold, p->task, record->fields) != WS_OK ||
      note_targeted(p, record) != WS_OK)
    return ws_error_nomem(err);
  WS_TRY(add_weight(p, record, err));
  return p->features ? part_add_features(p, record, err) : WS_OK;
}

static ws_status new_features(part *p, const setup *s, const ws_task *task,
                              ws_error *err) {
  ws_features_options how = s->features;
  how.text = ws_task_get(task, WS_TASK_TEXT);
  return ws_features_new(&how, &p->features, err);
}

/* Texts are counted at once only where it is sure that they are wanted and cannot be read
 * again: without a cache, and for what is no file. */
static ws_status begin_features(part *p, const setup *s, const ws_task *task,
                                ws_reader *reader, ws_error *err) {
  if (s->cache) WS_TRY(ws_reader_key(reader, &p->key, &p->has_key, err));
  return p->has_key ? WS_OK : new_features(p, s, task, err);
}

ws_status part_apply(part *p, setup *s, const ws_task *task, ws_lf_set *lfs,
                     const char *path, bool features, ws_error *err) {
  ws_reader *reader = NULL;
  p->how = s->reader;
  p->how.progress = bar_reading_sink(s->bar);
  p->path = path;
  p->setup = s;
  p->task = task;
  p->lfs = lfs;
  WS_TRY(ws_reader_open(path, task, &p->how, &reader, err));
  ws_status status = features ? begin_features(p, s, task, reader, err) : WS_OK;
  if (status == WS_OK)
    status =
        ws_apply_votes(lfs, reader, &s->apply, on_applied, p, &p->votes, &p->report, err);
  if (status == WS_OK && p->has_key) status = ws_reader_key_check(reader, err);
  ws_reader_digest(reader, p->digest);
  p->skipped = ws_reader_skipped(reader);
  ws_reader_free(reader);
  return status;
}

/* --- ready-made votes --- */

typedef struct text_count {
  part *part; // whose features are collected, if they are wanted
  uint64_t with, without;
  ws_error err; // what ended it, if anything did
} text_count;

/* The record's fields, which are all that its features are made of. */
static ws_hash128 hash_fields(const ws_record *record) {
  ws_hash128 text = ws_hash128_of(record->text.data, record->text.size);
  if (!record->fields.at) return text;
  return ws_hash128_join(text,
                         ws_hash128_of(record->fields.at, ws_value_size(record->fields)));
}

/* Collects the features of the next record, which also goes into the key. */
static ws_status add_record(part *p, const ws_record *record, ws_error *err) {
  p->key = ws_hash128_join(p->key, hash_fields(record));
  WS_TRY(add_weight(p, record, err));
  return part_add_features(p, record, err);
}

/* The features are collected as the records pass, which are the key. */
static ws_status begin_texts(part *p, const setup *s, const ws_task *task,
                             ws_error *err) {
  p->has_key = s->cache != NULL;
  return new_features(p, s, task, err);
}

static bool on_record(void *user, const ws_record *record) {
  text_count *texts = user;
  if (gold_field_record(&texts->part->gold, texts->part->task, record->fields) != WS_OK ||
      note_targeted(texts->part, record) != WS_OK) {
    ws_error_nomem(&texts->err);
    return false;
  }
  if (!record->text.data) {
    texts->without++;
    return true;
  }
  texts->with++;
  return !texts->part->features || add_record(texts->part, record, &texts->err) == WS_OK;
}

ws_status part_import(part *p, const setup *s, const ws_task *task, const char *path,
                      bool features, ws_error *err) {
  ws_votes_import_options how = ws_votes_import_options_default();
  text_count texts = {.part = p, .err = WS_ERROR_INIT};
  const char *default_id = how.reader.default_id;
  p->path = path;
  p->task = task;
  how.format = s->votes_format;
  how.reader = s->reader;
  how.reader.need_text = false;
  how.reader.default_id = default_id;
  how.each = on_record;
  how.each_user = &texts;
  if (features) WS_TRY(begin_texts(p, s, task, err));
  size_t skipped = s->warned;
  ws_status status = ws_votes_import(path, task, &how, &p->votes, p->digest, err);
  p->skipped = s->warned - skipped;
  if (texts.err.status != WS_OK) {
    *err = texts.err;
    return texts.err.status;
  }
  WS_TRY(status);
  if (texts.with && texts.without)
    return ws_error_set(
        err, WS_EPARSE,
        "%s: expected the field '%s' in all records or in none: %llu of %llu "
        "have it",
        path, ws_task_get(task, WS_TASK_TEXT), (unsigned long long)texts.with,
        (unsigned long long)ws_votes_rows(p->votes));
  if (texts.with) return WS_OK;
  ws_features_free(p->features);
  p->features = NULL;
  p->has_key = false;
  return WS_OK;
}

static ws_status check_id(const part *p, size_t row, ws_text id, const char *path,
                          ws_error *err) {
  char digits[24];
  if (row >= ws_votes_rows(p->votes))
    return ws_error_set(err, WS_EPARSE, "%s: more records than the %zu of %s", path,
                        ws_votes_rows(p->votes), p->path);
  ws_text expected = ws_votes_row_id(p->votes, row, digits);
  if (ws_text_equal(id, expected)) return WS_OK;
  return ws_error_set(
      err, WS_EPARSE,
      "%s: expected the records of %s in their order, whose texts train the "
      "classifier: '%.*s' is next there, found '%.*s' (--no-classifier does "
      "without)",
      path, p->path, WS_TEXT_ARG(expected), WS_TEXT_ARG(id));
}

typedef ws_status (*add_fn)(part *p, const ws_record *record, ws_error *err);

static ws_status read_texts(part *p, ws_reader *reader, ws_records *batch,
                            const char *path, add_fn add, ws_error *err) {
  size_t added = 1, row = 0;
  while (added) {
    ws_records_clear(batch);
    WS_TRY(ws_reader_read(reader, batch, 1024, 1 << 20, &added, err));
    for (size_t i = 0; i < added; i++, row++) {
      ws_record record = ws_records_at(batch, i);
      WS_TRY(check_id(p, row, record.id, path, err));
      WS_TRY(add(p, &record, err));
    }
  }
  if (row == ws_votes_rows(p->votes)) return WS_OK;
  return ws_error_set(err, WS_EPARSE, "%s: expected %zu records as in %s, found %zu",
                      path, ws_votes_rows(p->votes), p->path, row);
}

ws_status part_texts(part *p, const setup *s, const ws_task *task, const char *path,
                     ws_error *err) {
  ws_reader_options how = s->reader;
  ws_reader *reader = NULL;
  ws_records *batch = NULL;
  how.format = WS_INPUT_AUTO; // --input-format speaks of the votes
  how.default_id = "id";      // as in the votes
  WS_TRY(begin_texts(p, s, task, err));
  WS_TRY(ws_reader_open(path, task, &how, &reader, err));
  ws_status status = ws_records_new(&batch) == WS_OK ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) status = read_texts(p, reader, batch, path, add_record, err);
  ws_records_free(batch);
  ws_reader_free(reader);
  return status;
}

/* Whether the records are still those that were voted on. */
static ws_status check_key(const part *p, ws_reader *reader, ws_error *err) {
  ws_hash128 key = {0, 0};
  bool known;
  WS_TRY(ws_reader_key(reader, &key, &known, err));
  if (known && ws_hash128_equals(key, p->key)) return WS_OK;
  return ws_error_set(err, WS_EIO, "%s: changed while it was in use", p->path);
}

ws_status part_count(part *p, const setup *s, const ws_task *task, ws_error *err) {
  ws_reader_options how = p->how;
  ws_reader *reader = NULL;
  ws_records *batch = NULL;
  how.skipped = NULL; // it was told
  how.progress = bar_reading_sink(s->bar);
  WS_TRY(new_features(p, s, task, err));
  WS_TRY(ws_reader_open(p->path, task, &how, &reader, err));
  ws_status status = ws_records_new(&batch) == WS_OK ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) status = check_key(p, reader, err);
  if (status == WS_OK)
    status = read_texts(p, reader, batch, p->path, part_add_features, err);
  if (status == WS_OK) status = ws_reader_key_check(reader, err);
  ws_records_free(batch);
  ws_reader_free(reader);
  return status;
}
