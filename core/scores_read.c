/* SPDX-License-Identifier: MIT
 *
 * Reading class scores: JSON Lines in the forms in which models' libraries give them,
 * CSV, and matrices. Of each record only the class that leads is kept, and by how much: K
 * may be large.
 */
#include "scores_read.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/labels.h>
#include <weaksup/npy.h>

#include "input.h"

typedef struct reading {
  ws__scores *out;
  const ws_task *task;
  const ws_score_options *options;
  double *scores;        // [K] of the record at hand
  bool *given;           // [K]
  int64_t *column_class; // [column_count] of CSV; -1: another column
  size_t column_count;
} reading;

void ws__scores_clear(ws__scores *scores) {
  ws_free(scores->items);
  ws__names_clear(&scores->ids);
  *scores = (ws__scores){0};
}

/* --- judging ------------------------------------------------------------------------ */

/* In place; the largest becomes exp(0), so nothing overflows. */
static void take_softmax(double *scores, size_t K) {
  double most = scores[0], sum = 0;
  for (size_t k = 1; k < K; k++)
    if (scores[k] > most) most = scores[k];
  for (size_t k = 0; k < K; k++) sum += scores[k] = exp(scores[k] - most);
  for (size_t k = 0; k < K; k++) scores[k] /= sum;
}

static ws_status check_score(const ws_task *task, size_t k, double score, bool softmax,
                             ws_error *err) {
  if (!isfinite(score))
    return ws_error_set(
        err, WS_EPARSE, "expected a number as the score of '%.*s', found %s",
        WS_TEXT_ARG(ws_task_class(task, k)), isnan(score) ? "NaN" : "infinity");
  if (softmax || (score >= 0 && score <= 1 + 1e-6)) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "expected scores from 0 to 1, found %.6g for '%.*s': if these are "
                      "logits, --softmax makes probabilities of them",
                      score, WS_TEXT_ARG(ws_task_class(task, k)));
}

ws_status ws__scores_judge(const ws_task *task, double *scores, bool softmax,
                           ws__score *out, bool *distribution, ws_error *err) {
  size_t K = ws_task_classes(task);
  double sum = 0, least = 0;
  for (size_t k = 0; k < K; k++) {
    WS_TRY(check_score(task, k, scores[k], softmax, err));
    sum += scores[k];
    if (scores[k] < least) least = scores[k];
  }
  *distribution = least >= 0 && fabs(sum - 1) <= 1e-3;
  if (softmax) take_softmax(scores, K);
  out->label = ws_probs_argmax(scores, K);
  out->score = 0;
  for (size_t k = 0; k < K; k++)
    if (scores[k] > out->score) out->score = scores[k];
  return WS_OK;
}

static ws_status add(reading *r, const ws__score *score, bool distribution) {
  ws__scores *s = r->out;
  if (!ws_grow(&s->items, &s->capacity, s->count + 1, sizeof *s->items)) return WS_ENOMEM;
  s->items[s->count++] = *score;
  s->distributions += distribution;
  return WS_OK;
}

/* --- ids ---------------------------------------------------------------------------- */

static ws_value find_id(const reading *r, ws_value fields, const char **name) {
  const char *own = ws_task_get(r->task, WS_TASK_ID);
  *name = own ? own : "id";
  ws_value id = ws_value_get(fields, ws_text_of(*name));
  if (!id.at && own) id = ws_value_get(fields, ws_text_of(*name = "id"));
  return id;
}

static ws_status add_id(ws__scores *s, ws_text id, ws_error *err) {
  uint32_t number;
  bool added;
  if (ws__names_add(&s->ids, id, &number, &added) != WS_OK) return ws_error_nomem(err);
  if (added) return WS_OK;
  return ws_error_set(err, WS_EPARSE, "the id '%.*s' occurs twice, first in line %llu",
                      WS_TEXT_ARG(id), (unsigned long long)s->items[number].line);
}

/* All records have an id, or none has. */
static ws_status take_id(reading *r, const ws_record *record, ws_error *err) {
  ws__scores *s = r->out;
  const char *name;
  char digits[24];
  ws_value id = find_id(r, record->fields, &name);
  ws_type type = ws_value_type(id);
  bool there = type != WS_NULL;
  if (s->count == 0) s->by_id = there;
  if (there != s->by_id)
    return ws_error_set(err, WS_EPARSE, "expected %s, as in the records before, found %s",
                        s->by_id ? "an id" : "no id", there ? "one" : "none");
  if (!there) return WS_OK;
  if (type == WS_STRING) return add_id(s, ws_value_text(id), err);
  if (type != WS_INT)
    return ws_error_set(err, WS_EPARSE,
                        "expected a string or an integer in the id field '%s', found %s",
                        name, ws_value_type_text(id));
  int size = snprintf(digits, sizeof digits, "%lld", (long long)ws_value_int(id));
  return add_id(s, (ws_text){digits, (size_t)size}, err);
}

/* --- JSON --------------------------------------------------------------------------- */

static ws_status set_score(reading *r, size_t k, ws_value value, ws_error *err) {
  ws_type type = ws_value_type(value);
  if (type != WS_INT && type != WS_DOUBLE)
    return ws_error_set(
        err, WS_EPARSE, "expected a number as the score of '%.*s', found %s",
        WS_TEXT_ARG(ws_task_class(r->task, k)), ws_value_type_text(value));
  if (r->given[k])
    return ws_error_set(err, WS_EPARSE, "the class '%.*s' has two scores",
                        WS_TEXT_ARG(ws_task_class(r->task, k)));
  r->given[k] = true;
  r->scores[k] = ws_value_number(value);
  return WS_OK;
}

static ws_status set_named(reading *r, ws_text name, ws_value value, ws_error *err) {
  int32_t k;
  WS_TRY(ws_task_label_text(r->task, name, &k, err));
  if (k == WS_ABSTAIN)
    return ws_error_set(err, WS_EPARSE, "expected a class, found '%.*s'",
                        WS_TEXT_ARG(name));
  return set_score(r, (size_t)k, value, err);
}

static ws_status take_object(reading *r, ws_value scores, ws_error *err) {
  ws_text name;
  ws_value value;
  size_t K = ws_task_classes(r->task);
  for (ws_value_iter it = ws_value_each(scores); ws_value_next(&it, &name, &value);)
    WS_TRY(set_named(r, name, value, err));
  if (ws_value_count(scores) == 0)
    return ws_error_set(err, WS_EPARSE, "expected scores of classes, found none");
  for (size_t k = 0; k < K && r->options->softmax; k++)
    if (!r->given[k])
      return ws_error_set(err, WS_EPARSE,
                          "expected a logit of each class, found none of '%.*s'",
                          WS_TEXT_ARG(ws_task_class(r->task, k)));
  return WS_OK;
}

static ws_status wrong_count(const reading *r, size_t found, ws_error *err) {
  return ws_error_set(err, WS_EPARSE,
                      "expected %zu scores, one for each class, found %zu",
                      ws_task_classes(r->task), found);
}

/* The list of names that stands beside: sorted by score, as zero-shot pipelines give it.
 */
static ws_status take_labelled(reading *r, ws_value names, ws_value scores,
                               ws_error *err) {
  ws_text key;
  ws_value name, value;
  ws_value_iter left = ws_value_each(names), right = ws_value_each(scores);
  while (ws_value_next(&left, &key, &name) && ws_value_next(&right, &key, &value)) {
    if (!ws_value_is(name, WS_STRING))
      return ws_error_set(err, WS_EPARSE,
                          "expected names of classes in 'labels', found %s",
                          ws_value_type_text(name));
    WS_TRY(set_named(r, ws_value_text(name), value, err));
  }
  return WS_OK;
}

static ws_status take_list(reading *r, ws_value fields, ws_value scores, ws_error *err) {
  ws_text key;
  ws_value value;
  size_t K = ws_task_classes(r->task), count = ws_value_count(scores), k = 0;
  ws_value names = ws_value_get(fields, ws_text_of("labels"));
  if (count != K) return wrong_count(r, count, err);
  if (ws_value_type(names) == WS_ARRAY && ws_value_count(names) == K)
    return take_labelled(r, names, scores, err);
  for (ws_value_iter it = ws_value_each(scores); ws_value_next(&it, &key, &value); k++)
    WS_TRY(set_score(r, k, value, err));
  return WS_OK;
}

/* *absent: the scores are null. */
static ws_status take_json(reading *r, ws_value fields, bool *absent, ws_error *err) {
  ws_value scores = ws_value_get(fields, ws_text_of("scores"));
  if (!scores.at) scores = ws_value_get(fields, ws_text_of("probs"));
  if (!scores.at)
    return ws_error_set(err, WS_EPARSE,
                        "expected a field 'scores' or 'probs' with the scores of the "
                        "classes, found neither");
  ws_type type = ws_value_type(scores);
  *absent = type == WS_NULL && r->options->missing_abstain;
  if (*absent) return WS_OK;
  if (type == WS_OBJECT) return take_object(r, scores, err);
  if (type == WS_ARRAY) return take_list(r, fields, scores, err);
  return ws_error_set(
      err, WS_EPARSE, "expected an object or a list of scores, found %s%s",
      ws_value_type_text(scores), type == WS_NULL ? " (--missing abstain: no vote)" : "");
}

/* --- CSV ---------------------------------------------------------------------------- */

static bool is_probability_of(ws_text column, ws_text name) {
  return column.size == name.size + 2 && memcmp(column.data, "p_", 2) == 0 &&
         memcmp(column.data + 2, name.data, name.size) == 0;
}

static int64_t find_column(const ws_text *columns, size_t count, ws_text name) {
  for (size_t c = 0; c < count; c++)
    if (ws_text_equal(columns[c], name)) return (int64_t)c;
  for (size_t c = 0; c < count; c++)
    if (is_probability_of(columns[c], name)) return (int64_t)c;
  return -1;
}

/* A column that may have been meant for the class; empty: none. */
static ws_text near_column(const reading *r, const ws_text *columns, size_t count,
                           ws_text name) {
  for (size_t c = 0; c < count; c++) {
    const char *meant = ws_task_suggest(r->task, columns[c]);
    bool is_class = ws_task_find(r->task, columns[c]) != WS_ABSTAIN;
    if (meant && !is_class && ws_text_equals(name, meant)) return columns[c];
  }
  return (ws_text){"", 0};
}

static ws_status no_column(const reading *r, const ws_text *columns, size_t count,
                           ws_text name, ws_error *err) {
  ws_text near = near_column(r, columns, count, name);
  return ws_error_set(err, WS_EPARSE,
                      "%s:1: expected a column '%.*s' or 'p_%.*s' with the scores of the "
                      "class, found none%s%.*s%s",
                      ws__input_name(r->out->path), WS_TEXT_ARG(name), WS_TEXT_ARG(name),
                      near.size ? ", is it '" : "", WS_TEXT_ARG(near),
                      near.size ? "'?" : "");
}

static ws_status map_columns(reading *r, const ws_reader *reader, ws_error *err) {
  size_t count, K = ws_task_classes(r->task);
  const ws_text *columns = ws_reader_columns(reader, &count);
  if (!columns) return WS_OK;
  r->column_count = count;
  r->column_class = ws_alloc_array(count, sizeof *r->column_class);
  if (!r->column_class) return ws_error_nomem(err);
  for (size_t c = 0; c < count; c++) r->column_class[c] = -1;
  for (size_t k = 0; k < K; k++) {
    ws_text name = ws_task_class(r->task, k);
    int64_t c = find_column(columns, count, name);
    if (c < 0) return no_column(r, columns, count, name, err);
    r->column_class[c] = (int64_t)k;
  }
  return WS_OK;
}

static ws_status take_columns(reading *r, ws_value fields, ws_error *err) {
  ws_text name;
  ws_value value;
  ws_value_iter it = ws_value_each(fields);
  for (size_t c = 0; c < r->column_count && ws_value_next(&it, &name, &value); c++) {
    if (r->column_class[c] < 0) continue;
    double *score = &r->scores[r->column_class[c]];
    ws_text cell = ws_value_text(value);
    if (ws_text_equals(cell, "nan") || ws_text_equals(cell, "NaN"))
      *score = (double)NAN;
    else if (!ws_text_to_double(cell, score))
      return ws_error_set(err, WS_EPARSE,
                          "expected a number in the column '%.*s', found '%.*s'",
                          WS_TEXT_ARG(name), WS_TEXT_ARG(cell));
  }
  return WS_OK;
}

/* --- files -------------------------------------------------------------------------- */

static ws_status take_record(reading *r, const ws_record *record, ws_error *err) {
  size_t K = ws_task_classes(r->task);
  ws__score score = {.label = WS_ABSTAIN, .line = record->line};
  bool distribution = false;
  memset(r->scores, 0, K * sizeof *r->scores);
  memset(r->given, 0, K * sizeof *r->given);
  WS_TRY(take_id(r, record, err));
  WS_TRY(r->column_class ? take_columns(r, record->fields, err)
                         : take_json(r, record->fields, &score.absent, err));
  if (!score.absent)
    WS_TRY(ws__scores_judge(r->task, r->scores, r->options->softmax, &score,
                            &distribution, err));
  return add(r, &score, distribution) == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status on_record(void *user, const ws_record *record, ws_error *err) {
  reading *r = user;
  ws_status status = take_record(r, record, err);
  if (status == WS_EPARSE)
    ws_error_prefix(err, "%s:%llu: ", ws__input_name(r->out->path),
                    (unsigned long long)record->line);
  return status;
}

/* The ids are looked at here, where the file may have none: to the reader its records
 * have their row numbers. */
static ws_status read_records(reading *r, ws_error *err) {
  ws_task *plain = NULL;
  ws_reader *reader = NULL;
  ws_reader_options how = ws_reader_options_default();
  how.need_text = how.need_gold = how.unique_ids = false;
  how.max_line = r->options->reader.max_line;
  how.progress = r->options->reader.progress;
  WS_TRY(ws_task_new(ws_task_names(r->task), ws_task_classes(r->task), &plain, err));
  ws_status status = ws_reader_open(r->out->path, plain, &how, &reader, err);
  if (status == WS_OK) status = map_columns(r, reader, err);
  if (status == WS_OK) status = ws_reader_each(reader, on_record, r, err);
  ws_reader_free(reader);
  ws_task_free(plain);
  return status;
}

static ws_status read_rows(reading *r, const ws_npy *npy, ws_error *err) {
  size_t K = ws_task_classes(r->task);
  if (ws_npy_columns(npy) != K)
    return ws_error_set(err, WS_EPARSE,
                        "%s: expected %zu columns, one for each class, found %zu",
                        ws_npy_name(npy), K, ws_npy_columns(npy));
  for (uint64_t row = 0; row < ws_npy_rows(npy); row++) {
    ws__score score = {.line = row};
    bool distribution;
    WS_TRY(ws_npy_row(npy, row, r->scores, err));
    ws_status status = ws__scores_judge(r->task, r->scores, r->options->softmax, &score,
                                        &distribution, err);
    if (status != WS_OK)
      ws_error_prefix(err, "%s: row %llu: ", ws_npy_name(npy), (unsigned long long)row);
    WS_TRY(status);
    if (add(r, &score, distribution) != WS_OK) return ws_error_nomem(err);
  }
  return WS_OK;
}

static ws_status read_matrix(reading *r, ws_error *err) {
  ws_npy *npy = NULL;
  WS_TRY(ws_npy_open(r->out->path, &npy, err));
  ws_status status = read_rows(r, npy, err);
  ws_npy_free(npy);
  return status;
}

static bool is_matrix(const char *path) {
  size_t size = strlen(path);
  return size > 4 && strcmp(path + size - 4, ".npy") == 0;
}

ws_status ws__scores_read(const char *path, const ws_task *task,
                          const ws_score_options *options, ws__scores *out,
                          ws_error *err) {
  size_t K = ws_task_classes(task);
  reading r = {.out = out, .task = task, .options = options};
  *out = (ws__scores){.path = path};
  r.scores = ws_alloc_array(K, sizeof *r.scores);
  r.given = ws_alloc_array(K, sizeof *r.given);
  ws_status status = WS_OK;
  if (!r.scores || !r.given)
    status = ws_error_nomem(err);
  else
    status = is_matrix(path) ? read_matrix(&r, err) : read_records(&r, err);
  ws_free(r.scores);
  ws_free(r.given);
  ws_free(r.column_class);
  return status;
}
