/* SPDX-License-Identifier: MIT
 *
 * Reading label_model.json (label_model_file.c lists its members). The seal tells damage;
 * what is checked here is that a sealed file is one that this version of the library
 * could have written, so that no number in it can lead prediction astray.
 */
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/json.h>

#include "calibrate.h"
#include "confusion.h"

/* Reads members of an object; the first failure is kept and later calls give zeros. */
typedef struct fields {
  ws_value object;
  ws_status status;
  ws_error *err;
} fields;

static void refuse(fields *in, const char *key, const char *expected, ws_value found) {
  if (in->status == WS_OK)
    in->status = ws_error_set(in->err, WS_EPARSE, "member \"%s\": expected %s, found %s",
                              key, expected, ws_value_type_text(found));
}

static ws_value member(fields *in, const char *key) {
  if (in->status != WS_OK) return (ws_value){NULL};
  return ws_value_get(in->object, ws_text_of(key));
}

static ws_text get_text(fields *in, const char *key) {
  ws_value value = member(in, key);
  if (ws_value_is(value, WS_STRING)) return ws_value_text(value);
  refuse(in, key, "a string", value);
  return (ws_text){"", 0};
}

static ws_value get_array(fields *in, const char *key) {
  ws_value value = member(in, key);
  if (!ws_value_is(value, WS_ARRAY)) refuse(in, key, "an array", value);
  return value;
}

static uint64_t get_count(fields *in, const char *key, uint64_t least) {
  ws_value value = member(in, key);
  if (ws_value_is(value, WS_INT) && ws_value_int(value) >= (int64_t)least)
    return (uint64_t)ws_value_int(value);
  refuse(in, key, "a count", value);
  return 0;
}

static bool is_number(ws_value value) {
  return ws_value_is(value, WS_INT) || ws_value_is(value, WS_DOUBLE);
}

/* A number in low .. high. */
static double get_number(fields *in, const char *key, double low, double high) {
  ws_value value = member(in, key);
  double number = is_number(value) ? ws_value_number(value) : (double)NAN;
  if (number >= low && number <= high) return number;
  refuse(in, key, "a number within its range", value);
  return 0;
}

static double get_number_or_nan(fields *in, const char *key) {
  ws_value value = member(in, key);
  if (ws_value_is(value, WS_NULL)) return (double)NAN;
  return get_number(in, key, 0, 1);
}

static bool get_bool(fields *in, const char *key) {
  ws_value value = member(in, key);
  if (ws_value_is(value, WS_BOOL)) return ws_value_bool(value);
  refuse(in, key, "true or false", value);
  return false;
}

/* --- columns and LFs ---------------------------------------------------------------- */

static ws__clamp get_clamp(fields *in) {
  ws_value value = member(in, "clamped");
  if (ws_value_is(value, WS_NULL)) return WS_CLAMP_NONE;
  ws_text name = get_text(in, "clamped");
  if (ws_text_equals(name, "low")) return WS_CLAMP_LOW;
  if (!ws_text_equals(name, "high")) refuse(in, "clamped", "low, high or null", value);
  return WS_CLAMP_HIGH;
}

/* The class of that name, at least `from`: they come in order. */
static int32_t get_class(fields *in, const ws_label_model *model, size_t from) {
  ws_text name = get_text(in, "class");
  for (size_t k = from; k < model->K; k++)
    if (ws_text_equal(name, model->classes[k])) return (int32_t)k;
  refuse(in, "class", "one of the classes, in their order", member(in, "class"));
  return 0;
}

/* One rate for each state. */
static void read_states(fields *in, const ws_label_model *model, const char *key,
                        double *numbers) {
  ws_value array = get_array(in, key);
  if (in->status != WS_OK) return;
  size_t s = 0, S = model->confusion.S;
  ws_value_iter it = ws_value_each(array);
  ws_text name;
  ws_value item;
  for (; s < S && ws_value_next(&it, &name, &item); s++) {
    numbers[s] = is_number(item) ? ws_value_number(item) : -1;
    if (!(numbers[s] >= 0 && numbers[s] <= 1)) break;
  }
  if (s != S || ws_value_count(array) != S)
    refuse(in, key, "a number from 0 to 1 for each state", array);
}

static void read_column(fields *in, const ws_label_model *model, size_t from,
                        ws__column *column) {
  column->label = get_class(in, model, from);
  column->votes = get_count(in, "votes", 1);
  column->accuracy = get_number(in, "accuracy", 0, 1);
  if (model->gold_rows) {
    column->gold_votes = get_count(in, "gold_votes", 0);
    column->gold_right = get_count(in, "gold_right", 0);
    if (column->gold_right > column->gold_votes)
      refuse(in, "gold_right", "at most gold_votes", member(in, "gold_right"));
  }
  if (model->confusion.G)
    read_states(in, model, "rates",
                model->confusion.rates +
                    (size_t)(column - model->columns) * model->confusion.S);
  if (!model->type->rates) return;
  column->h = get_number(in, "h", 1e-12, 1);
  column->f = get_number(in, "f", 1e-12, 1);
  column->omega = get_number(in, "omega", 0, 1);
  column->clamp = get_clamp(in);
  column->evidence = in->status == WS_OK ? ws__column_evidence(model, column) : 0;
}

static ws_status read_prior(ws_label_model *model, uint32_t j, fields *in) {
  ws_value value = member(in, "prior");
  if (!value.at) return in->status;
  double prior = is_number(value) ? ws_value_number(value) : 0;
  if (!ws__is_prior(prior)) refuse(in, "prior", "a number above 0 and below 1", value);
  WS_TRY(in->status);
  WS_TRY(ws__label_model_need_priors(model));
  model->priors[j] = prior;
  return WS_OK;
}

static ws_status read_lf(ws_label_model *model, uint32_t j, ws_value lf, ws_error *err) {
  fields in = {lf, WS_OK, err};
  if (!ws_value_is(lf, WS_OBJECT)) refuse(&in, "lfs", "an array of objects", lf);
  ws_text name = get_text(&in, "name");
  ws_value classes = get_array(&in, "classes");
  WS_TRY(in.status);
  WS_TRY(read_prior(model, j, &in));
  if (model->confusion.silent)
    read_states(&in, model, "silent", model->confusion.silent + j * model->confusion.S);
  WS_TRY(in.status);
  WS_TRY(ws_arena_text(&model->arena, name, &model->lfs[j]));
  ws_value_iter it = ws_value_each(classes);
  size_t from = 0;
  ws_text key;
  ws_value item;
  while (ws_value_next(&it, &key, &item)) {
    fields of_column = {item, WS_OK, err};
    ws__column *column = &model->columns[model->C++];
    *column = (ws__column){.lf = j};
    if (!ws_value_is(item, WS_OBJECT))
      refuse(&of_column, "classes", "an array of objects", item);
    read_column(&of_column, model, from, column);
    WS_TRY(of_column.status);
    from = (size_t)column->label + 1;
  }
  model->lf_begin[j + 1] = model->C;
  return WS_OK;
}

static size_t array_size(ws_value object, const char *key) {
  ws_value array = ws_value_get(object, ws_text_of(key));
  return ws_value_is(array, WS_ARRAY) ? ws_value_count(array) : 0;
}

/* What the LFs have in all. */
typedef struct sizes {
  size_t columns;
  size_t rates, silent; // numbers
} sizes;

static void count_lf(ws_value lf, sizes *all) {
  if (!ws_value_is(lf, WS_OBJECT)) return;
  all->silent += array_size(lf, "silent");
  ws_value classes = ws_value_get(lf, ws_text_of("classes")), column;
  if (!ws_value_is(classes, WS_ARRAY)) return;
  all->columns += ws_value_count(classes);
  ws_text key;
  for (ws_value_iter it = ws_value_each(classes); ws_value_next(&it, &key, &column);)
    if (ws_value_is(column, WS_OBJECT)) all->rates += array_size(column, "rates");
}

/* Memory grows with columns times states: it is asked for only where the file really has
 * that many numbers. */
static ws_status check_numbers(const ws_label_model *model, const sizes *all,
                               ws_error *err) {
  size_t S = model->type->subtypes * model->K;
  if (S == 0) return WS_OK;
  bool fine = all->rates % S == 0 && all->rates / S == all->columns;
  if (fine && model->type->silence)
    fine = all->silent % S == 0 && all->silent / S == model->M;
  return fine ? WS_OK
              : ws_error_set(err, WS_EPARSE,
                             "member \"lfs\": expected a number for each state, %zu, in "
                             "each of the rates and silent of the LFs",
                             S);
}

/* Of the states, where the kind has them. */
static ws_status read_weights(ws_label_model *model, fields *in) {
  if (model->confusion.G == 0) return WS_OK;
  if (get_count(in, "subtypes", 1) != model->confusion.G)
    refuse(in, "subtypes", "the number that the kind has", member(in, "subtypes"));
  read_states(in, model, "weights", model->confusion.weights);
  return in->status;
}

/* Room for what the LFs have. */
static ws_status make_room(ws_label_model *model, ws_json_items *lfs, ws_error *err) {
  sizes all = {0};
  ws_value lf;
  for (size_t j = 0; j < model->M; j++) {
    WS_TRY(ws_json_items_next(lfs, &lf, err));
    count_lf(lf, &all);
  }
  ws_json_items_rewind(lfs);
  WS_TRY(check_numbers(model, &all, err));
  model->C = all.columns;
  model->columns = ws_alloc_array(model->C, sizeof *model->columns);
  return model->columns ? ws__confusion_new(model) : WS_ENOMEM;
}

/* The LFs are parsed one by one, twice: with many classes they are nearly all of a file,
 * and as values all together they would take many times its bytes. */
static ws_status read_lfs(ws_label_model *model, ws_json_items *lfs, fields *of_model,
                          ws_error *err) {
  WS_TRY(make_room(model, lfs, err));
  WS_TRY(read_weights(model, of_model));
  model->C = 0;
  ws_value lf;
  for (uint32_t j = 0; j < model->M; j++) {
    WS_TRY(ws_json_items_next(lfs, &lf, err));
    WS_TRY(read_lf(model, j, lf, err));
  }
  ws__confusion_ready(model);
  return WS_OK;
}

/* --- the document ------------------------------------------------------------------- */

static ws_status read_classes(ws_label_model *model, ws_value classes, ws_error *err) {
  ws_value_iter it = ws_value_each(classes);
  ws_text key;
  ws_value name;
  for (size_t k = 0; ws_value_next(&it, &key, &name); k++) {
    if (!ws_value_is(name, WS_STRING))
      return ws_error_set(err, WS_EPARSE,
                          "member \"classes\": expected strings, found %s",
                          ws_value_type_text(name));
    WS_TRY(ws_arena_text(&model->arena, ws_value_text(name), &model->classes[k]));
  }
  return WS_OK;
}

static ws_status read_balance(ws_label_model *model, fields *in) {
  ws_value value = member(in, "class_balance");
  if (ws_value_is(value, WS_NULL)) return WS_OK;
  ws_value array = get_array(in, "class_balance");
  WS_TRY(in->status);
  model->balance = ws_alloc_array(model->K, sizeof *model->balance);
  if (!model->balance) return WS_ENOMEM;
  ws_value_iter it = ws_value_each(array);
  ws_text key;
  ws_value item;
  size_t k = 0;
  double sum = 0;
  for (; ws_value_next(&it, &key, &item) && k < model->K; k++) {
    model->balance[k] = is_number(item) ? ws_value_number(item) : 0;
    if (!(model->balance[k] > 0 && model->balance[k] <= 1)) break;
    sum += model->balance[k];
  }
  if (k != model->K || ws_value_count(array) != k || !(fabs(sum - 1) <= 1e-9))
    refuse(in, "class_balance", "a probability for each class, 1 in all", array);
  return in->status;
}

/* A sentence, null, or not there as in files of older versions. */
static ws_status read_sentence(ws_label_model *model, fields *in, const char *key,
                               ws_text *out) {
  ws_value value = member(in, key);
  if (!value.at || ws_value_is(value, WS_NULL)) return in->status;
  ws_text sentence = get_text(in, key);
  WS_TRY(in->status);
  return ws_arena_text(&model->arena, sentence, out);
}

static void read_figures(ws_label_model *model, fields *in) {
  // not in files of older versions
  if (member(in, "class_balance_in_em").at)
    model->balance_in_em = get_bool(in, "class_balance_in_em");
  if (member(in, "gold_rows").at) model->gold_rows = get_count(in, "gold_rows", 0);
  model->records = get_count(in, "records", 0);
  model->covered = get_count(in, "covered", 0);
  model->patterns = get_count(in, "patterns", 0);
  model->iterations = (unsigned)get_count(in, "iterations", 0);
  model->converged = get_bool(in, "converged");
  if (ws_value_type(member(in, "scale")) != WS_NULL) // not in files of older versions
    model->scale = get_number(in, "scale", WS_SCALE_LOW - 1e-9, WS_SCALE_HIGH + 1e-9);
  model->rho = get_number(in, "rho", 0, 1);
  model->eps = get_number(in, "eps", 0, 1);
  model->mean_max = get_number_or_nan(in, "mean_max");
  model->mean_max_raw = get_number_or_nan(in, "mean_max_raw");
}

static const ws__label_model_type *read_type(fields *in) {
  if (!ws_value_is(in->object, WS_OBJECT) ||
      !ws_text_equals(get_text(in, "format"), WS_LABEL_MODEL_FORMAT)) {
    in->status =
        ws_error_set(in->err, WS_EPARSE, "expected a label model, found another format");
    return NULL;
  }
  uint64_t version = get_count(in, "version", 0);
  if (in->status == WS_OK && version != WS_LABEL_MODEL_VERSION)
    in->status =
        ws_error_set(in->err, WS_EPARSE, "expected version %d of the format, found %llu",
                     WS_LABEL_MODEL_VERSION, (unsigned long long)version);
  ws_text kind = get_text(in, "kind");
  if (in->status != WS_OK) return NULL;
  const ws__label_model_type *type = ws__label_model_find(kind);
  if (!type)
    in->status =
        ws_error_set(in->err, WS_EPARSE, "expected the kind %s, found '%.*s'",
                     ws_label_model_kinds_text() + strlen("auto, "), WS_TEXT_ARG(kind));
  return type;
}

static ws_status read_document(ws_value document, ws_json_items *items,
                               ws_label_model **out, ws_error *err) {
  fields in = {document, WS_OK, err};
  const ws__label_model_type *type = read_type(&in);
  ws_value classes = get_array(&in, "classes");
  ws_value lfs = get_array(&in, "lfs");
  WS_TRY(in.status);
  if (ws_value_count(classes) < 2) refuse(&in, "classes", "at least two", classes);
  if (ws_value_count(lfs) > 0) refuse(&in, "lfs", "a key without escapes", lfs);
  WS_TRY(in.status);
  ws_label_model *model = NULL;
  WS_TRY(ws__label_model_new(type, ws_json_items_count(items), ws_value_count(classes),
                             &model));
  ws_status status = read_classes(model, classes, err);
  if (status == WS_OK) status = read_balance(model, &in);
  if (status == WS_OK) status = read_sentence(model, &in, "why", &model->why);
  if (status == WS_OK) status = read_sentence(model, &in, "note", &model->note);
  if (status == WS_OK) {
    read_figures(model, &in);
    status = in.status;
  }
  if (status == WS_OK) status = read_lfs(model, items, &in, err);
  if (status == WS_OK)
    *out = model;
  else
    ws_label_model_free(model);
  return status;
}

ws_status ws_label_model_load(const char *path, ws_label_model **out, ws_error *err) {
  ws_buffer document = {0};
  ws_json_items *lfs = NULL;
  ws_status status = ws_json_items_load(path, true, "lfs", &document, &lfs, err);
  if (status == WS_OK) {
    ws_value value = {(const unsigned char *)document.data};
    status = read_document(value, lfs, out, err);
    if (status == WS_ENOMEM) ws_error_nomem(err);
    if (status == WS_EPARSE) ws_error_prefix(err, "%s: ", path);
  }
  ws_json_items_free(lfs);
  ws_buffer_clear(&document);
  return status;
}
