/* SPDX-License-Identifier: MIT
 *
 * The classes of a label file, where nobody names them, and its labels in terms of them:
 * the names of the distributions in their order; of labels alone the names, sorted; of
 * labels that are all numbers 0 to the largest.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "label_file.h"
#include "say.h"

static int compare_texts(const void *a, const void *b) {
  return ws_text_compare(*(const ws_text *)a, *(const ws_text *)b);
}

/* --- which classes ------------------------------------------------------------------ */

static ws_status numbered(size_t count, ws_task **out, ws_error *err) {
  ws_text *names = ws_alloc_array(count, sizeof *names);
  char(*digits)[8] = ws_alloc_array(count, sizeof *digits);
  ws_status status = names && digits ? WS_OK : ws_error_nomem(err);
  for (size_t k = 0; status == WS_OK && k < count; k++) {
    snprintf(digits[k], sizeof digits[k], "%u", (unsigned)k);
    names[k] = ws_text_of(digits[k]);
  }
  if (status == WS_OK) status = ws_task_new(names, count, out, err);
  ws_free(names);
  ws_free(digits);
  return status;
}

/* The largest index among the labels; -1 where some are names. */
static int64_t largest_index(const label_file *f) {
  int64_t largest = -1, index;
  for (size_t i = 0; i < f->n; i++) {
    if (f->rows[i].number > largest) largest = f->rows[i].number;
    if (f->rows[i].name < 0) continue;
    if (!ws_text_to_whole(f->names[f->rows[i].name], &index)) return -1;
    if (index < -1 || index >= WS_MAX_CLASSES) return -1;
    if (index > largest) largest = index;
  }
  return largest;
}

static ws_status only_one(const label_file *f, ws_text name, ws_error *err) {
  return ws_error_set(err, WS_EINVAL,
                      "%s: expected labels of two classes or more, found '%.*s' only",
                      input_name(f->path), WS_TEXT_ARG(name));
}

/* The names of distributions, or of labels. */
static ws_status named(label_file *f, bool probs, ws_task **out, ws_error *err) {
  size_t count = 0;
  ws_text *names = ws_alloc_array(f->name_count, sizeof *names);
  if (!names) return ws_error_nomem(err);
  for (size_t i = 0; i < f->name_count; i++)
    if (!probs || f->in_probs[i]) names[count++] = f->names[i];
  if (!probs) qsort(names, count, sizeof *names, compare_texts);
  ws_status status =
      count == 1 ? only_one(f, names[0], err) : ws_task_new(names, count, out, err);
  ws_free(names);
  return status;
}

ws_status label_file_no_labels(const label_file *f, size_t records, ws_error *err) {
  return ws_error_set(err, WS_EINVAL,
                      "%s: expected labels in the field '%s' or 'probs', found none in "
                      "%zu record%s%s",
                      input_name(f->path), ws_task_get(f->task, WS_TASK_GOLD), records,
                      records == 1 ? "" : "s", gold_field_hint(&f->found));
}

/* Numbers count the classes of a list that is not known where others are names. */
static ws_status check_mixed(const label_file *f, ws_error *err) {
  const label_row *number = NULL, *name = NULL;
  for (size_t i = 0; i < f->n; i++) {
    if (f->rows[i].number >= 0 && !number) number = &f->rows[i];
    if (f->rows[i].name >= 0 && !name) name = &f->rows[i];
  }
  if (!name || (!number && !f->list_size)) return WS_OK;
  if (!number)
    return ws_error_set(err, WS_EINVAL,
                        "%s:%llu: a label is a name, '%.*s', and probabilities are "
                        "lists: expected --classes A,B,..., which tells their order",
                        input_name(f->path), (unsigned long long)name->line,
                        WS_TEXT_ARG(f->names[name->name]));
  return ws_error_set(
      err, WS_EINVAL,
      "%s: the label in line %llu is an index, %lld, in line %llu a name, "
      "'%.*s': expected --classes A,B,..., which tells their order",
      input_name(f->path), (unsigned long long)number->line, (long long)number->number,
      (unsigned long long)name->line, WS_TEXT_ARG(f->names[name->name]));
}

/* The order of names in an object says nothing of that of a list. */
static ws_status check_lists(const label_file *f, ws_error *err) {
  const label_row *list = NULL, *object = NULL;
  for (size_t i = 0; i < f->n; i++) {
    const label_row *row = &f->rows[i];
    if (row->end == row->first) continue;
    if (row->is_list && !list) list = row;
    if (!row->is_list && !object) object = row;
  }
  if (!list || !object) return WS_OK;
  return ws_error_set(
      err, WS_EINVAL,
      "%s: the probabilities in line %llu are a list, in line %llu named: "
      "expected --classes A,B,..., which tells their order",
      input_name(f->path), (unsigned long long)list->line,
      (unsigned long long)object->line);
}

static ws_status find_classes(label_file *f, ws_task **out, ws_error *err) {
  bool probs = false;
  for (size_t i = 0; i < f->name_count; i++) probs = probs || f->in_probs[i];
  int64_t largest = largest_index(f);
  WS_TRY(check_lists(f, err));
  if (probs) {
    f->classes_from = "the probabilities";
    return named(f, true, out, err);
  }
  if (f->list_size > 1 && (largest >= 0 || f->name_count == 0)) {
    f->classes_from = "the lists of probabilities, numbered";
    return numbered(f->list_size, out, err);
  }
  if (largest == 0) return only_one(f, ws_text_of("0"), err);
  if (largest > 0) {
    f->classes_from = "the labels, which are numbers";
    return numbered((size_t)largest + 1, out, err);
  }
  WS_TRY(check_mixed(f, err));
  if (f->name_count == 0) return label_file_no_labels(f, f->n, err);
  f->classes_from = "the labels, sorted by name";
  return named(f, false, out, err);
}

/* The fields stay those that the first task names. */
static ws_status name_classes(label_file *f, ws_error *err) {
  ws_task *task = NULL;
  if (f->classes_from) return WS_OK;
  ws_status status = find_classes(f, &task, err);
  for (int key = 0; status == WS_OK && key < WS_TASK_KEYS; key++) {
    const char *value = ws_task_get(f->task, (ws_task_key)key);
    if (value) status = ws_task_set(task, (ws_task_key)key, ws_text_of(value), err);
  }
  if (status != WS_OK) {
    ws_task_free(task);
    return status;
  }
  ws_task_free(f->task);
  f->task = task;
  return WS_OK;
}

/* --- rows in terms of classes ------------------------------------------------------- */

/* Labels of another task, in a folder that has one. */
static void add_source(const label_file *f, ws_error *err) {
  if (!err || f->o->classes || f->o->task || !setup_finds_task(f->o)) return;
  size_t size = strlen(err->message);
  snprintf(err->message + size, sizeof err->message - size,
           "; the task is that of weaksup.lua here: --classes A,B names other classes");
}

static ws_status at_row(const label_file *f, size_t i, ws_status status, ws_error *err) {
  if (status != WS_OK && status != WS_ENOMEM) add_source(f, err);
  if (status != WS_OK)
    ws_error_prefix(err, "%s:%llu: ", input_name(f->path),
                    (unsigned long long)f->rows[i].line);
  return status;
}

static ws_status out_of_range(const label_file *f, int64_t number, ws_error *err) {
  size_t K = ws_task_classes(f->task);
  return ws_error_set(err, WS_EPARSE, "expected a class from 0 to %zu, found %lld", K - 1,
                      (long long)number);
}

static ws_status resolve_label(const label_file *f, size_t i, int32_t *out,
                               ws_error *err) {
  const label_row *row = &f->rows[i];
  *out = WS_ABSTAIN;
  if (row->number >= (int64_t)ws_task_classes(f->task))
    return at_row(f, i, out_of_range(f, row->number, err), err);
  if (row->number >= 0) *out = (int32_t)row->number;
  if (row->name < 0) return WS_OK;
  return at_row(f, i, ws_task_label_text(f->task, f->names[row->name], out, err), err);
}

static ws_status unknown_class(const label_file *f, ws_text name, ws_error *err) {
  const char *meant = ws_task_suggest(f->task, name);
  return ws_error_set(err, WS_EPARSE,
                      "a probability of '%.*s', which is none of the %zu classes%s%s%s",
                      WS_TEXT_ARG(name), ws_task_classes(f->task), DID_YOU_MEAN(meant));
}

/* class_of[name]: the class of a name of the list, WS_ABSTAIN where it is none. */
static ws_status resolve_shares(const label_file *f, size_t i, const int32_t *class_of,
                                double *target, ws_error *err) {
  const label_row *row = &f->rows[i];
  size_t K = ws_task_classes(f->task);
  if (row->is_list && row->end > row->first && f->list_size != K)
    return at_row(f, i,
                  ws_error_set(err, WS_EPARSE,
                               "expected %zu probabilities, one a class, found %zu", K,
                               f->list_size),
                  err);
  for (size_t s = row->first; s < row->end; s++) {
    label_share share = f->shares[s];
    int32_t k = row->is_list ? (int32_t)share.name : class_of[share.name];
    if (k == WS_ABSTAIN)
      return at_row(f, i, unknown_class(f, f->names[share.name], err), err);
    target[k] += share.p;
  }
  return WS_OK;
}

static ws_status resolve_rows(const label_file *f, const int32_t *class_of,
                              double *targets, int32_t *gold, ws_error *err) {
  size_t K = ws_task_classes(f->task);
  for (size_t i = 0; i < f->n; i++) {
    WS_TRY(resolve_label(f, i, &gold[i], err));
    if (targets) WS_TRY(resolve_shares(f, i, class_of, targets + i * K, err));
  }
  return WS_OK;
}

ws_status label_file_resolve(label_file *f, double **targets, int32_t **gold,
                             ws_error *err) {
  WS_TRY(name_classes(f, err));
  size_t K = ws_task_classes(f->task);
  int32_t *class_of = ws_alloc_array(f->name_count, sizeof *class_of);
  *gold = ws_alloc_array(f->n, sizeof **gold);
  if (f->share_count)
    *targets = f->n > SIZE_MAX / K ? NULL : ws_alloc_zero(f->n * K, sizeof **targets);
  if (!class_of || !*gold || (f->share_count && !*targets)) {
    ws_free(class_of);
    return ws_error_nomem(err);
  }
  for (size_t i = 0; i < f->name_count; i++)
    class_of[i] = ws_task_find(f->task, f->names[i]);
  ws_status status = resolve_rows(f, class_of, *targets, *gold, err);
  ws_free(class_of);
  return status;
}
