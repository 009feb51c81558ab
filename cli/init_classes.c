/* SPDX-License-Identifier: MIT
 *
 * The classes of a new task, and words for them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "init.h"
#include "say.h"

enum { MOST_INDEX = 1000 }; // labels that are numbers up to here are classes

/* --- classes from labels --- */

static int by_name(const void *a, const void *b) {
  const init_class *x = a, *y = b;
  uint64_t i, j;
  if (ws_text_to_index(x->name, &i) && ws_text_to_index(y->name, &j) && i != j)
    return i < j ? -1 : 1;
  return ws_text_compare(x->name, y->name);
}

static ws_status make_classes(init *in, const ws_text *names, size_t count,
                              ws_error *err) {
  in->classes = ws_alloc_zero(count ? count : 1, sizeof *in->classes);
  if (!in->classes) return ws_error_nomem(err);
  in->class_count = count;
  for (size_t k = 0; k < count; k++)
    if (ws_arena_text(&in->arena, names[k], &in->classes[k].name) != WS_OK)
      return ws_error_nomem(err);
  return WS_OK;
}

/* Labels that are numbers are class indexes: there must be a class for each up to the
 * largest. */
static ws_status check_numbers(init *in, ws_error *err) {
  size_t count = ws_value_counts_size(in->labels);
  if (!ws_value_counts_any_number(in->labels)) return WS_OK;
  for (size_t i = 0; i < count; i++) {
    ws_text name = ws_value_counts_name(in->labels, i);
    uint64_t index;
    if (!ws_text_to_index(name, &index) || index >= count || count > MOST_INDEX)
      return ws_error_set(err, WS_EINVAL,
                          "%s: field '%s': expected names of classes, or as their "
                          "indexes all numbers from 0 to %zu, found %.*s: --classes A,B "
                          "gives their names, --gold '' leaves the field alone",
                          in->data, in->gold, count ? count - 1 : 0, WS_TEXT_ARG(name));
  }
  return WS_OK;
}

/* What is different on nearly all records tells them apart, and sorts none. */
static ws_status check_repeated(const init *in, ws_error *err) {
  enum { ENOUGH = 50 }; // of fewer labels of many classes most may well differ
  uint64_t count = ws_value_counts_size(in->labels);
  if (in->gold_records < ENOUGH || count * 10 < in->gold_records * 9) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "%s: field '%s': expected gold labels, of which many records have "
                      "the same, found %llu different values on %llu records, as ids "
                      "are: --gold FIELD names another field, --gold '' is none",
                      in->data, in->gold, (unsigned long long)count,
                      (unsigned long long)in->gold_records);
}

/* A task with these classes: it knows which names there can be. */
static ws_status make_task(const init *in, ws_task **out, ws_error *err) {
  ws_text *names = ws_alloc_array(in->class_count, sizeof *names);
  if (!names) return ws_error_nomem(err);
  for (size_t k = 0; k < in->class_count; k++) names[k] = in->classes[k].name;
  ws_status status = ws_task_new(names, in->class_count, out, err);
  ws_free(names);
  return status;
}

static void forget_classes(init *in) {
  ws_free(in->classes);
  in->classes = NULL;
  in->class_count = 0;
}

static ws_status check_names(init *in, ws_error *err) {
  ws_task *task = NULL;
  ws_status status = make_task(in, &task, err);
  ws_task_free(task);
  if (status == WS_EINVAL)
    ws_error_prefix(err, "%s: labels in the field '%s': ", in->data, in->gold);
  return status;
}

static ws_status classes_of_labels(init *in, ws_error *err) {
  size_t count = ws_value_counts_size(in->labels);
  ws_text *names = ws_alloc_array(count, sizeof *names);
  if (!names) return ws_error_nomem(err);
  for (size_t i = 0; i < count; i++) names[i] = ws_value_counts_name(in->labels, i);
  ws_status status = check_repeated(in, err);
  if (status == WS_OK) status = check_numbers(in, err);
  if (status == WS_OK) status = make_classes(in, names, count, err);
  ws_free(names);
  WS_TRY(status);
  qsort(in->classes, count, sizeof *in->classes, by_name);
  status = check_names(in, err);
  if (status != WS_OK) forget_classes(in);
  return status;
}

/* --- classes by name --- */

static ws_status take_names(init *in, const char *list, ws_error *err) {
  ws_task *task = NULL;
  ws_status status = ws_task_from_names(list, &task, err);
  if (status == WS_OK)
    status = make_classes(in, ws_task_names(task), ws_task_classes(task), err);
  ws_task_free(task);
  return status;
}

/* Names that commas can separate, as a proposal for a question. */
static ws_status join_names(init *in, const char **out, ws_error *err) {
  ws_buffer list = {0};
  ws_status status = ws_buffer_string(&list, "");
  for (size_t k = 0; k < in->class_count && status == WS_OK; k++) {
    ws_text name = in->classes[k].name;
    if (memchr(name.data, ',', name.size) || list.size > 400) {
      list.size = 0;
      break;
    }
    status = ws_buffer_printf(&list, "%s%.*s", k ? "," : "", WS_TEXT_ARG(name));
  }
  *out = status == WS_OK ? init_copy(in, ws_buffer_as_text(&list)) : NULL;
  ws_buffer_clear(&list);
  return *out ? WS_OK : ws_error_nomem(err);
}

static void say_labels(init *in) {
  enum { SHOWN = 10 };
  size_t count = in->class_count;
  fprintf(stderr, "\nThe field '%s' has %zu different labels:\n",
          init_clean(in, ws_text_of(in->gold)), count);
  for (size_t k = 0; k < count && k < SHOWN; k++)
    fprintf(stderr, "  %s\n", init_clean(in, in->classes[k].name));
  if (count > SHOWN) fprintf(stderr, "  and %zu more\n", count - SHOWN);
}

/* Asks until the names can be classes. Enter takes the labels of the data. */
static ws_status ask_names(init *in, ws_error *err) {
  const char *proposed = "POSITIVE,NEGATIVE", *answer;
  if (in->class_count) {
    say_labels(in);
    WS_TRY(join_names(in, &proposed, err));
  }
  for (;;) {
    ws_error why = WS_ERROR_INIT;
    WS_TRY(init_ask(in, "Classes, with commas between them", proposed, &answer, err));
    if (in->class_count && strcmp(answer, proposed) == 0) return WS_OK;
    init_class *labels = in->classes;
    size_t count = in->class_count;
    if (take_names(in, answer, &why) == WS_OK) {
      ws_free(labels);
      return WS_OK;
    }
    in->classes = labels;
    in->class_count = count;
    say_failure(&why);
  }
}

/* --- labels as classes --- */

static ws_status match_label(init *in, const ws_task *task, size_t i, ws_error *err) {
  ws_text name = ws_value_counts_name(in->labels, i);
  ws_status status = ws_task_label_text(task, name, &in->class_of[i], err);
  if (status == WS_EPARSE)
    ws_error_prefix(err, "gold label in the field '%s': ", in->gold);
  WS_TRY(status);
  if (in->class_of[i] >= 0)
    in->classes[in->class_of[i]].gold += ws_value_counts_of(in->labels, i);
  return WS_OK;
}

/* Which class each label is: a name or an index, as everywhere. */
static ws_status match_labels(init *in, ws_error *err) {
  size_t count = ws_value_counts_size(in->labels);
  in->class_of = ws_alloc_array(count, sizeof *in->class_of);
  if (!in->class_of) return ws_error_nomem(err);
  WS_TRY(make_task(in, &in->task, err));
  for (size_t i = 0; i < count; i++) WS_TRY(match_label(in, in->task, i, err));
  return WS_OK;
}

/* A field that was only guessed to hold the gold labels, and cannot, is left alone. */
static ws_status drop_gold(init *in, const ws_error *why, ws_error *err) {
  say_note(in->o, "not taken as gold label: %s", why->message);
  in->gold = NULL;
  in->gold_records = in->data_gold = in->dev_gold = in->test_gold = 0;
  in->gold_guessed = false;
  for (size_t i = 0; i < in->kept_used; i++) in->kept_labels[i] = WS_ABSTAIN;
  ws_value_counts_free(in->labels);
  in->labels = NULL;
  return ws_value_counts_new(&in->labels) == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status labels_if_any(init *in, ws_error *err) {
  ws_error why = WS_ERROR_INIT;
  if (ws_value_counts_size(in->labels) == 0) return WS_OK;
  ws_status status =
      ws_value_counts_size(in->labels) > 1
          ? classes_of_labels(in, &why)
          : ws_error_set(&why, WS_EINVAL,
                         "field '%s': expected two different labels at "
                         "least, found one: --classes A,B gives their names",
                         in->gold);
  if (status == WS_OK || (in->asks && status == WS_EINVAL))
    return WS_OK; // a question gives their names
  if (status == WS_EINVAL && in->gold_guessed) return drop_gold(in, &why, err);
  *err = why;
  return status;
}

ws_status init_choose_classes(init *in, ws_error *err) {
  if (in->o->classes)
    WS_TRY(take_names(in, in->o->classes, err));
  else
    WS_TRY(labels_if_any(in, err));
  if (!in->o->classes && in->asks) WS_TRY(ask_names(in, err));
  if (in->class_count == 0) {
    in->classes_made_up = true;
    WS_TRY(take_names(in, "POSITIVE,NEGATIVE", err));
  }
  return match_labels(in, err);
}

/* Where hardly a record is without a gold label there is nothing left to label. */
static bool some_have_gold(const init *in) {
  bool few = in->data_gold < INIT_FEW_GOLD && in->data_gold < in->records;
  return in->data_gold && (few || in->data_gold <= in->records / 10 * 9);
}

ws_status init_choose_dev(init *in, ws_error *err) {
  size_t classes = 0, only = 0;
  for (size_t k = 0; k < in->class_count; k++)
    if (in->classes[k].gold) {
      classes++;
      only = k;
    }
  in->some_gold = some_have_gold(in);
  bool some = in->some_gold && !in->dev;
  in->own_dev = some && classes > 1;
  if (some && classes == 1)
    say_note(in->o,
             "the gold labels are no dev set: all are '%s', and a dev set must have some "
             "of each class",
             init_clean(in, in->classes[only].name));
  return in->own_dev ? init_copy_gold(in, err) : WS_OK;
}
