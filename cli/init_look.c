/* SPDX-License-Identifier: MIT
 *
 * Looking at the data: which field is what, and whether all of it can be read so.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>
#include <weaksup/json.h>
#include <weaksup/reader.h>

#include "init.h"
#include "say.h"

enum { BATCH_BYTES = 64 << 20, NAMES_MOST = 200 };

/* --- the first records --- */

static ws_status read_sample(init *in, const char *path, ws_records **records,
                             ws_field_survey **survey, ws_error *err) {
  ws_reader_options how = ws_reader_options_default();
  ws_reader *reader = NULL;
  size_t added;
  how.need_text = how.unique_ids = how.need_gold = false;
  how.optional_id = true;
  if (strcmp(path, "-") == 0)
    return ws_error_set(err, WS_EINVAL,
                        "expected a file, found standard input: the task names its data, "
                        "which are read again and again");
  if (ws_records_new(records) != WS_OK) return ws_error_nomem(err);
  WS_TRY(ws_reader_open(path, in->reading, &how, &reader, err));
  ws_status status =
      ws_reader_read(reader, *records, INIT_SAMPLE, BATCH_BYTES, &added, err);
  ws_reader_free(reader);
  WS_TRY(status);
  return ws_field_survey_new(*records, survey) == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* A name that no field has, so that it cannot be in the way. */
static ws_status make_reading(init *in, ws_error *err) {
  WS_TRY(ws_task_from_names("POSITIVE,NEGATIVE", &in->reading, err));
  const char *text = in->o->keys[WS_TASK_TEXT];
  if (!text) return WS_OK;
  return ws_task_set(in->reading, WS_TASK_TEXT, ws_text_of(text), err); // of plain text
}

ws_status init_sample(init *in, ws_error *err) {
  WS_TRY(make_reading(in, err));
  WS_TRY(read_sample(in, in->data, &in->sample, &in->survey, err));
  if (in->dev) WS_TRY(read_sample(in, in->dev, &in->dev_sample, &in->dev_survey, err));
  if (!in->test) return WS_OK;
  return read_sample(in, in->test, &in->test_sample, &in->test_survey, err);
}

/* --- which field is what --- */

static const ws_field_info *find_field(const ws_field_survey *survey, const char *name) {
  return survey ? ws_field_survey_find(survey, ws_text_of(name)) : NULL;
}

/* The fields that there are, as an error names them. */
static ws_status no_field(init *in, const char *what, const char *name, ws_error *err) {
  const char *names[NAMES_MOST];
  size_t count = 0;
  ws_buffer list = {0};
  ws_status status = WS_OK;
  for (size_t i = 0; i < ws_field_survey_count(in->survey) && count < NAMES_MOST; i++) {
    names[count] = init_clean(in, ws_field_survey_at(in->survey, i)->name);
    if (status == WS_OK)
      status = ws_buffer_printf(&list, "%s'%s'", count ? ", " : "", names[count]);
    count++;
  }
  const char *meant = ws_suggest(ws_text_of(name), names, count);
  if (status == WS_OK)
    status =
        ws_error_set(err, WS_EINVAL,
                     "%s: expected a field of the data for the %s, found '%s'%s%s%s "
                     "(in the first %zu records there are %s)",
                     in->data, what, name, DID_YOU_MEAN(meant),
                     ws_field_survey_records(in->survey), list.data ? list.data : "none");
  ws_buffer_clear(&list);
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}

static ws_status check_field(init *in, const char *what, const char *name, bool dev,
                             ws_error *err) {
  if (!name || find_field(in->survey, name)) return WS_OK;
  if (dev && find_field(in->dev_survey, name)) return WS_OK;
  if (dev && find_field(in->test_survey, name)) return WS_OK;
  return no_field(in, what, name, err);
}

static const char *name_of(init *in, const ws_field_info *field) {
  return field ? init_copy(in, field->name) : NULL;
}

/* "-" and "none" are none, for what may be left out, unless a field is called so; what
 * does not exist is asked for again. */
static ws_status ask_field(init *in, const char *what, const char *proposed,
                           bool may_miss, const char **out, ws_error *err) {
  char question[100];
  snprintf(question, sizeof question, "Field of the %s%s", what,
           may_miss ? " (- or none where there is none)" : "");
  for (;;) {
    const char *fallback = proposed ? proposed : may_miss ? "-" : "";
    WS_TRY(init_ask(in, question, fallback, out, err));
    bool none = strcmp(*out, "-") == 0 ||
                (strcmp(*out, "none") == 0 && !find_field(in->survey, *out));
    if (may_miss && none) {
      *out = NULL;
      return WS_OK;
    }
    ws_error why = WS_ERROR_INIT;
    if (check_field(in, what, *out, may_miss, &why) == WS_OK) return WS_OK;
    say_failure(&why);
  }
}

/* A field by its option, by a question, or as proposed. "" is none. */
static ws_status choose(init *in, ws_task_key key, const char *what, const char *proposed,
                        bool may_miss, const char **out, ws_error *err) {
  const char *given = in->o->keys[key];
  if (given) {
    *out = *given ? given : NULL;
    return check_field(in, what, *out, key == WS_TASK_GOLD, err);
  }
  if (in->asks) return ask_field(in, what, proposed, may_miss, out, err);
  *out = proposed;
  return WS_OK;
}

enum { GOLDS_SHOWN = 5 };

/* What else it might have been, as the choice is only a guess. */
static void warn_golds(init *in, const ws_field_info *const *golds, size_t count) {
  ws_buffer list = {0};
  ws_status status = WS_OK;
  for (size_t i = 0; i < count && i < GOLDS_SHOWN && status == WS_OK; i++)
    status =
        ws_buffer_printf(&list, "%s%s", i ? ", " : "", init_clean(in, golds[i]->name));
  if (count > GOLDS_SHOWN && status == WS_OK) status = ws_buffer_string(&list, ", ...");
  if (status == WS_OK)
    say_warning("gold label: the field '%s', chosen of %zu candidates: %s (--gold FIELD, "
                "--gold '' where there is none)",
                init_clean(in, golds[0]->name), count, list.data);
  ws_buffer_clear(&list);
}

/* Of dev or test, which are there for their gold labels. */
static size_t find_beside(const init *in, const ws_field_survey *survey,
                          ws_gold_hints hints, const ws_field_info **out) {
  hints.data = in->survey;
  return survey ? ws_field_survey_golds(survey, &hints, out, GOLDS_SHOWN) : 0;
}

/* In dev, if there is one, else in the data, else in the test set. */
static size_t find_golds(const init *in, ws_gold_hints hints, const ws_field_info **out) {
  size_t count = find_beside(in, in->dev_survey, hints, out);
  if (!count) count = ws_field_survey_golds(in->survey, &hints, out, GOLDS_SHOWN);
  return count ? count : find_beside(in, in->test_survey, hints, out);
}

static ws_status propose_gold(init *in, const char **out, ws_error *err) {
  const ws_field_info *golds[GOLDS_SHOWN];
  ws_task *classes = NULL;
  *out = NULL;
  if (in->o->keys[WS_TASK_GOLD]) return WS_OK;
  if (in->o->classes) WS_TRY(ws_task_from_names(in->o->classes, &classes, err));
  ws_gold_hints hints = {ws_text_of(in->text), ws_text_of(in->id ? in->id : ""), classes,
                         NULL};
  size_t count = find_golds(in, hints, golds);
  if (count > 1 && !in->asks) warn_golds(in, golds, count);
  if (count == 0 && classes) {
    hints.classes = NULL;
    if (find_golds(in, hints, golds))
      say_note(in->o,
               "not taken as gold label: the field '%s' has other values than the "
               "classes",
               init_clean(in, golds[0]->name));
  }
  *out = count ? name_of(in, golds[0]) : NULL;
  ws_task_free(classes);
  return WS_OK;
}

ws_status init_choose_fields(init *in, ws_error *err) {
  if (in->asks) init_show_fields(in, in->survey);
  const char *text = name_of(in, ws_field_survey_text(in->survey));
  WS_TRY(choose(in, WS_TASK_TEXT, "text", text, false, &in->text, err));
  if (!in->text)
    return ws_error_set(err, WS_EINVAL,
                        "%s: expected a field that is a string in every record, found "
                        "none: --text FIELD names it",
                        in->data);
  const char *id = name_of(in, ws_field_survey_id(in->survey, ws_text_of(in->text)));
  WS_TRY(choose(in, WS_TASK_ID, "id", id, true, &in->id, err));
  const char *gold;
  WS_TRY(propose_gold(in, &gold, err));
  WS_TRY(choose(in, WS_TASK_GOLD, "gold label", gold, true, &in->gold, err));
  in->id_guessed = in->id && !in->o->keys[WS_TASK_ID];
  in->gold_guessed = in->gold && !in->o->keys[WS_TASK_GOLD] && !in->asks;
  return WS_OK;
}

/* --- all records --- */

static ws_value gold_of(const init *in, const ws_record *record) {
  return in->gold ? ws_value_get(record->fields, ws_text_of(in->gold)) : (ws_value){NULL};
}

static ws_status count_labels(init *in, const char *path, const ws_records *batch,
                              ws_error *err) {
  bool is_data = strcmp(path, in->data) == 0;
  for (size_t i = 0; i < ws_records_count(batch); i++) {
    ws_record record = ws_records_at(batch, i);
    int32_t number;
    ws_status status =
        ws_value_counts_add(in->labels, gold_of(in, &record), &number, err);
    if (status == WS_EPARSE)
      ws_error_prefix(err, "%s:%llu: field '%s': ", path, (unsigned long long)record.line,
                      in->gold);
    WS_TRY(status);
    if (number == WS_ABSTAIN) continue;
    in->gold_records++;
    in->data_gold += is_data;
  }
  return WS_OK;
}

static ws_status count_batches(init *in, ws_reader *reader, const char *path,
                               ws_records *batch, uint64_t *records, ws_error *err) {
  for (;;) {
    size_t added;
    ws_records_clear(batch);
    WS_TRY(ws_reader_read(reader, batch, INIT_WORD_RECORDS, BATCH_BYTES, &added, err));
    if (added == 0) return WS_OK;
    *records += added;
    WS_TRY(count_labels(in, path, batch, err));
  }
}

/* Reads all of a file, as strictly as `fit` does. */
static ws_status read_file(init *in, const char *path, uint64_t *records, ws_error *err) {
  ws_reader_options how = ws_reader_options_default();
  ws_reader *reader = NULL;
  ws_records *batch = NULL;
  how.need_gold = false;
  how.progress = bar_sink(in->bar);
  if (ws_records_new(&batch) != WS_OK) return ws_error_nomem(err);
  ws_status status = ws_reader_open(path, in->reading, &how, &reader, err);
  if (status == WS_OK) status = count_batches(in, reader, path, batch, records, err);
  ws_reader_free(reader);
  ws_records_free(batch);
  bar_clear(in->bar);
  return status;
}

/* Records for words, from all over the file: it may be sorted by class. */
static ws_status keep_some(init *in, const char *path, uint64_t records, ws_error *err) {
  ws_reader_options how = ws_reader_options_default();
  ws_reader *reader = NULL;
  size_t added;
  how.need_gold = how.unique_ids = false;
  how.shards = 1 + records / INIT_WORD_RECORDS;
  WS_TRY(ws_reader_open(path, in->reading, &how, &reader, err));
  ws_status status =
      ws_reader_read(reader, in->kept, INIT_WORD_RECORDS, BATCH_BYTES, &added, err);
  ws_reader_free(reader);
  WS_TRY(status);
  in->kept_used = added;
  in->kept_labels = ws_alloc_array(added, sizeof *in->kept_labels);
  if (!in->kept_labels) return ws_error_nomem(err);
  for (size_t i = 0; i < added; i++) {
    ws_record record = ws_records_at(in->kept, i);
    in->kept_labels[i] = ws_value_counts_find(in->labels, gold_of(in, &record));
  }
  return WS_OK;
}

/* Of very many some, from all over the file, whatever order or period its labels have:
 * multiples of the golden ratio fall evenly everywhere. */
static bool is_copied(const init *in, uint64_t i) {
  uint32_t part = (uint32_t)((i * UINT64_C(0x9e3779b97f4a7c15)) >> 32);
  return in->data_gold <= INIT_DEV_MOST ||
         part < UINT32_MAX / in->data_gold * INIT_DEV_MOST;
}

/* As it stands in the data. */
static ws_status copy_line(void *user, const ws_record *record, ws_error *err) {
  init *in = user;
  ws_json_writer json = {.out = &in->gold_lines};
  if (ws_value_counts_find(in->labels, gold_of(in, record)) < 0) return WS_OK;
  if (!is_copied(in, in->gold_seen++)) return WS_OK;
  ws_json_value(&json, record->fields);
  in->lines++;
  if (json.status != WS_OK || ws_buffer_string(&in->gold_lines, "\n") != WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
}

ws_status init_copy_gold(init *in, ws_error *err) {
  ws_reader_options how = ws_reader_options_default();
  ws_reader *reader = NULL;
  how.need_gold = how.unique_ids = false;
  WS_TRY(ws_reader_open(in->data, in->reading, &how, &reader, err));
  ws_status status = ws_reader_each(reader, copy_line, in, err);
  ws_reader_free(reader);
  return status;
}

static ws_status start_over(init *in, ws_error *err) {
  ws_value_counts_free(in->labels);
  in->labels = NULL;
  in->records = in->gold_records = in->data_gold = 0;
  if (ws_value_counts_new(&in->labels) != WS_OK) return ws_error_nomem(err);
  WS_TRY(ws_task_set(in->reading, WS_TASK_TEXT, ws_text_of(in->text), err));
  return ws_task_set(in->reading, WS_TASK_ID, ws_text_of(in->id ? in->id : ""), err);
}

/* The words come from the data's gold labels where it has any: that leaves those of dev
 * for scores. */
ws_status init_keep(init *in, ws_error *err) {
  if (ws_records_new(&in->kept) != WS_OK) return ws_error_nomem(err);
  bool from_dev = in->dev && in->gold && !find_field(in->survey, in->gold);
  return from_dev ? keep_some(in, in->dev, in->dev_records, err)
                  : keep_some(in, in->data, in->records, err);
}

/* Of the same bytes. */
static bool is_same(const char *a, const char *b) {
  ws_hash128 x, y;
  return a && b && ws_hash128_file(a, &x, NULL) == WS_OK &&
         ws_hash128_file(b, &y, NULL) == WS_OK && ws_hash128_equals(x, y);
}

static ws_status read_beside(init *in, const char *path, uint64_t *records,
                             uint64_t *gold, ws_error *err) {
  uint64_t before = in->gold_records;
  *records = 0;
  WS_TRY(read_file(in, path, records, err));
  *gold = in->gold_records - before;
  return WS_OK;
}

static ws_status read_all(init *in, ws_error *err) {
  uint64_t others = 0;
  WS_TRY(start_over(in, err));
  WS_TRY(read_file(in, in->data, &in->records, err));
  in->dev_records = in->records;
  in->dev_gold = in->data_gold;
  if (in->dev && !in->dev_is_data)
    WS_TRY(read_beside(in, in->dev, &in->dev_records, &in->dev_gold, err));
  in->test_gold = in->test_is_data ? in->data_gold : in->dev_gold;
  if (in->test && !in->test_is_data && !in->test_is_dev)
    WS_TRY(read_beside(in, in->test, &others, &in->test_gold, err));
  return WS_OK;
}

void init_find_same(init *in) {
  in->dev_is_data = is_same(in->dev, in->data);
  in->test_is_data = is_same(in->test, in->data);
  in->test_is_dev = is_same(in->test, in->dev);
  if (in->dev_is_data)
    say_note(in->o,
             "dev and the data are the same file, %s: its gold labels are counted once",
             init_clean(in, ws_text_of(in->data)));
  if (in->test_is_data || in->test_is_dev)
    say_warning("%s and test are the same file, %s: the scores on test will say little "
                "of other records (another test set)",
                in->test_is_data ? "the data" : "dev",
                init_clean(in, ws_text_of(in->test)));
}

/* An id that was guessed from the first records, and is none further down, is dropped. */
ws_status init_read(init *in, ws_error *err) {
  ws_error why = WS_ERROR_INIT;
  ws_status status = read_all(in, err);
  if (status != WS_EPARSE || !in->id_guessed) return status;
  const char *id = in->id;
  in->id = NULL;
  in->id_guessed = false;
  if (read_all(in, &why) != WS_OK) return status; // it was not the id
  say_note(in->o, "the field '%s' is no id after all (%s): row numbers are",
           init_clean(in, ws_text_of(id)), err->message);
  return WS_OK;
}
