/* SPDX-License-Identifier: MIT
 *
 * Looking at fields. Values are told apart by their hashes.
 */
#include <weaksup/field_survey.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

typedef struct seen_field {
  ws_field_info about;
  uint64_t *hashes; // [hash_count] of the values, in their order
  size_t hash_count, capacity;
} seen_field;

struct ws_field_survey {
  seen_field *fields;
  size_t count, capacity, records;
  const ws_records *from;
};

enum {
  ID_BYTES = 64,    // of an id, in the mean
  ID_RECORDS = 20,  // that it takes to believe in an id that is not called so
  LABEL_BYTES = 40, // of a label, in the mean
  LABEL_KINDS = 20, // different labels where the field's name says nothing
  LABEL_EACH = 5    // records of each label, in the mean, then
};

static seen_field *field_of(ws_field_survey *survey, ws_text name) {
  for (size_t i = 0; i < survey->count; i++)
    if (ws_text_equal(survey->fields[i].about.name, name)) return &survey->fields[i];
  if (!ws_grow(&survey->fields, &survey->capacity, survey->count + 1,
               sizeof *survey->fields))
    return NULL;
  survey->fields[survey->count] = (seen_field){.about.name = name};
  return &survey->fields[survey->count++];
}

static ws_status note_hash(seen_field *field, const void *data, size_t size,
                           uint64_t seed) {
  if (!ws_grow(&field->hashes, &field->capacity, field->hash_count + 1,
               sizeof *field->hashes))
    return WS_ENOMEM;
  field->hashes[field->hash_count++] = ws_hash64(data, size, seed);
  return WS_OK;
}

static ws_status note_value(seen_field *field, ws_value value) {
  ws_field_info *about = &field->about;
  ws_type type = ws_value_type(value);
  if (type == WS_NULL) return WS_OK;
  if (type == WS_STRING) {
    ws_text text = ws_value_text(value);
    about->texts++;
    about->bytes += text.size;
    for (size_t i = 0; i < text.size; i++) about->blanks += text.data[i] == ' ';
    if (text.size == 0) return WS_OK;
    WS_TRY(note_hash(field, text.data, text.size, 0));
  } else if (type == WS_INT) {
    int64_t number = ws_value_int(value);
    about->integers++;
    WS_TRY(note_hash(field, &number, sizeof number, 1));
  }
  if (about->filled++ == 0) about->example = value;
  return WS_OK;
}

static ws_status note_record(ws_field_survey *survey, ws_value fields) {
  ws_text key;
  ws_value value;
  ws_value_iter each = ws_value_each(fields);
  while (ws_value_next(&each, &key, &value)) {
    seen_field *field = field_of(survey, key);
    if (!field) return WS_ENOMEM;
    WS_TRY(note_value(field, value));
  }
  return WS_OK;
}

static int by_value(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static void count_distinct(seen_field *field) {
  if (field->hash_count)
    qsort(field->hashes, field->hash_count, sizeof *field->hashes, by_value);
  for (size_t i = 0; i < field->hash_count; i++)
    field->about.distinct += i == 0 || field->hashes[i] != field->hashes[i - 1];
  ws_free(field->hashes);
  field->hashes = NULL;
}

ws_status ws_field_survey_new(const ws_records *records, ws_field_survey **out) {
  ws_field_survey *survey = ws_alloc_zero(1, sizeof *survey);
  if (!survey) return WS_ENOMEM;
  survey->records = ws_records_count(records);
  survey->from = records;
  for (size_t i = 0; i < survey->records; i++)
    if (note_record(survey, ws_records_at(records, i).fields) != WS_OK) {
      ws_field_survey_free(survey);
      return WS_ENOMEM;
    }
  for (size_t i = 0; i < survey->count; i++) count_distinct(&survey->fields[i]);
  *out = survey;
  return WS_OK;
}

void ws_field_survey_free(ws_field_survey *survey) {
  if (!survey) return;
  for (size_t i = 0; i < survey->count; i++) ws_free(survey->fields[i].hashes);
  ws_free(survey->fields);
  ws_free(survey);
}

size_t ws_field_survey_records(const ws_field_survey *survey) {
  return survey->records;
}

size_t ws_field_survey_count(const ws_field_survey *survey) {
  return survey->count;
}

const ws_field_info *ws_field_survey_at(const ws_field_survey *survey, size_t i) {
  return &survey->fields[i].about;
}

const ws_field_info *ws_field_survey_find(const ws_field_survey *survey, ws_text name) {
  for (size_t i = 0; i < survey->count; i++)
    if (ws_text_equal(survey->fields[i].about.name, name))
      return &survey->fields[i].about;
  return NULL;
}

/* --- guesses --- */

const ws_field_info *ws_field_survey_text(const ws_field_survey *survey) {
  const ws_field_info *best = NULL;
  for (size_t i = 0; i < survey->count; i++) {
    const ws_field_info *field = &survey->fields[i].about;
    if (field->texts < survey->records || field->filled == 0) continue;
    if (!best || field->blanks > best->blanks ||
        (field->blanks == best->blanks && field->bytes > best->bytes))
      best = field;
  }
  return best;
}

/* ASCII letters in any case. */
static bool is_called(ws_text name, const char *const *words) {
  for (; *words; words++) {
    size_t i = 0, size = strlen(*words);
    if (size != name.size) continue;
    while (i < size && (name.data[i] | 0x20) == ((*words)[i] | 0x20)) i++;
    if (i == size) return true;
  }
  return false;
}

static bool may_be_id(const ws_field_survey *survey, const ws_field_info *field) {
  return field->distinct == survey->records && field->filled == survey->records &&
         field->texts + field->integers == survey->records && field->blanks == 0 &&
         field->bytes / survey->records <= ID_BYTES;
}

const ws_field_info *ws_field_survey_id(const ws_field_survey *survey, ws_text text) {
  static const char *const names[] = {"id",  "uid",   "uuid",      "guid", "key",
                                      "_id", "docid", "record_id", NULL};
  const ws_field_info *first = NULL;
  for (size_t i = 0; i < survey->count; i++) {
    const ws_field_info *field = &survey->fields[i].about;
    if (ws_text_equal(field->name, text) || !may_be_id(survey, field)) continue;
    if (is_called(field->name, names)) return field;
    if (!first && survey->records >= ID_RECORDS) first = field;
  }
  return first;
}

/* All of one type, and more often the same than not. */
static bool may_be_gold(const ws_field_info *field) {
  bool one_type = field->filled == field->integers || field->integers == 0;
  return one_type && field->distinct >= 1 &&
         field->filled <= field->texts + field->integers &&
         2 * field->distinct <= field->filled;
}

static bool looks_like_labels(const ws_field_info *field) {
  return field->distinct >= 2 && field->integers == 0 &&
         field->bytes <= LABEL_BYTES * field->filled && field->distinct <= LABEL_KINDS &&
         field->filled >= LABEL_EACH * field->distinct;
}

static bool is_label_name(ws_text name) {
  static const char *const names[] = {
      "label",  "labels", "gold", "gold_label", "class", "target", "category",
      "intent", "topic",  "tag",  "sentiment",  "y",     "answer", NULL};
  return is_called(name, names);
}

typedef enum match { MATCH_NONE, MATCH_INDEX, MATCH_NAME } match;

static match match_value(const ws_task *classes, ws_value value) {
  int32_t label;
  ws_type type = ws_value_type(value);
  if (type == WS_INT) {
    int64_t number = ws_value_int(value);
    bool index = number >= -1 && number < (int64_t)ws_task_classes(classes);
    return index ? MATCH_INDEX : MATCH_NONE;
  }
  if (type != WS_STRING) return MATCH_NONE;
  ws_text text = ws_value_text(value);
  for (size_t k = 0; k < ws_task_classes(classes); k++)
    if (ws_text_equal(text, ws_task_class(classes, k))) return MATCH_NAME;
  bool index = ws_task_label_text(classes, text, &label, NULL) == WS_OK;
  return index ? MATCH_INDEX : MATCH_NONE;
}

/* The least of its values. */
static match match_field(const ws_field_survey *survey, ws_text name,
                         const ws_task *classes) {
  match least = MATCH_NAME;
  for (size_t i = 0; i < survey->records && least != MATCH_NONE; i++) {
    ws_value value = ws_value_get(ws_records_at(survey->from, i).fields, name);
    if (!value.at || ws_value_type(value) == WS_NULL) continue;
    if (ws_value_is(value, WS_STRING) && ws_value_text(value).size == 0) continue;
    match here = match_value(classes, value);
    if (here < least) least = here;
  }
  return least;
}

/* Of a dev set, whose few records need not have each label five times. */
static bool is_short(const ws_field_info *field) {
  return field->bytes <= LABEL_BYTES * field->filled && field->distinct <= LABEL_KINDS;
}

/* A field that is called like a label and filled in hardly any record: somebody has begun
 * to label. */
static bool is_begun(const ws_field_survey *survey, const ws_field_info *field) {
  bool one_type = field->filled == field->integers || field->integers == 0;
  return one_type && field->filled && 2 * field->filled <= survey->records &&
         field->filled <= field->texts + field->integers && is_short(field) &&
         is_label_name(field->name);
}

/* How likely the field is the gold label; 0: it is not. */
static int rank_gold(const ws_field_survey *survey, const ws_field_info *field,
                     const ws_gold_hints *hints) {
  if (ws_text_equal(field->name, hints->text) || ws_text_equal(field->name, hints->id))
    return 0;
  if (!may_be_gold(field) && !is_begun(survey, field)) return 0;
  bool called = is_label_name(field->name);
  bool added = hints->data && !ws_field_survey_find(hints->data, field->name);
  int own = 1 + 4 * called + 2 * added;
  if (hints->classes) {
    match found = match_field(survey, field->name, hints->classes);
    bool fits = found == MATCH_NAME || (found == MATCH_INDEX && (called || added));
    return fits ? 8 + own : called;
  }
  return called || looks_like_labels(field) || (added && is_short(field)) ? own : 0;
}

size_t ws_field_survey_golds(const ws_field_survey *survey, const ws_gold_hints *hints,
                             const ws_field_info **out, size_t most) {
  enum { RANKS = 16 };
  size_t count = 0;
  for (int rank = RANKS; rank > 0; rank--)
    for (size_t i = 0; i < survey->count; i++) {
      const ws_field_info *field = &survey->fields[i].about;
      if (rank_gold(survey, field, hints) != rank) continue;
      if (count < most) out[count] = field;
      count++;
    }
  return count;
}

const ws_field_info *ws_field_survey_gold(const ws_field_survey *survey, ws_text text,
                                          ws_text id) {
  const ws_field_info *first;
  ws_gold_hints hints = {.text = text, .id = id};
  return ws_field_survey_golds(survey, &hints, &first, 1) ? first : NULL;
}
