/* SPDX-License-Identifier: MIT
 *
 * The task: class names and field names. Labels of every kind are read here, so that a
 * name, an index and "no label" mean the same in data, votes and options.
 */
#include <weaksup/task.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/arena.h>
#include <weaksup/json.h>

_Static_assert(WS_MAX_CLASSES <= WS_JSON_MAX_MEMBERS, "labels.jsonl can be read again");

struct ws_task {
  ws_arena arena;
  size_t classes;
  ws_text *names;     // [K]
  const char **plain; // [K] the same as C strings, for ws_suggest
  ws_text *describe;  // [K]
  ws_task_prices prices;
  ws_text values[WS_TASK_KEYS];
};

static const char *const key_names[WS_TASK_KEYS] = {
    "data", "dev", "test", "text", "gold", "id", "task_text",
};

const char *ws_task_key_name(ws_task_key key) {
  return key_names[key];
}

/* U+0000 to U+001F and U+007F to U+009F: names are printed. */
static bool has_control(ws_text name) {
  const unsigned char *at = (const unsigned char *)name.data;
  for (size_t i = 0; i < name.size; i++) {
    if (at[i] < 0x20 || at[i] == 0x7F) return true;
    if (at[i] == 0xC2 && i + 1 < name.size && at[i + 1] < 0xA0) return true;
  }
  return false;
}

static ws_status check_class(const ws_text *classes, size_t k, ws_error *err) {
  ws_text name = classes[k];
  if (name.size == 0)
    return ws_error_set(err, WS_EINVAL, "class %zu has an empty name", k);
  if (!ws_utf8_valid(name) || memchr(name.data, '\0', name.size))
    return ws_error_set(err, WS_EINVAL, "the name of class %zu is not valid UTF-8", k);
  if (has_control(name))
    return ws_error_set(err, WS_EINVAL, "the name of class %zu holds a control character",
                        k);
  if (ws_text_equals(name, "ABSTAIN"))
    return ws_error_set(err, WS_EINVAL,
                        "a class cannot be called ABSTAIN: that is no vote");
  for (size_t i = 0; i < k; i++)
    if (ws_text_equal(classes[i], name))
      return ws_error_set(err, WS_EINVAL, "two classes are called '%.*s'",
                          WS_TEXT_ARG(name));
  return WS_OK;
}

static ws_status check_classes(const ws_text *classes, size_t count, ws_error *err) {
  if (count < 2 || count > WS_MAX_CLASSES)
    return ws_error_set(err, WS_EINVAL, "expected 2 to %d classes, found %zu",
                        WS_MAX_CLASSES, count);
  for (size_t k = 0; k < count; k++) WS_TRY(check_class(classes, k, err));
  return WS_OK;
}

static ws_status copy_classes(ws_task *task, const ws_text *classes, size_t count) {
  task->classes = count;
  task->names = ws_alloc_zero(count, sizeof *task->names);
  task->plain = ws_alloc_zero(count, sizeof *task->plain);
  task->describe = ws_alloc_zero(count, sizeof *task->describe);
  if (!task->names || !task->plain || !task->describe) return WS_ENOMEM;
  for (size_t k = 0; k < count; k++) {
    WS_TRY(ws_arena_text(&task->arena, classes[k], &task->names[k]));
    task->plain[k] = task->names[k].data;
    task->describe[k] = ws_text_of("");
  }
  return WS_OK;
}

ws_status ws_task_new(const ws_text *classes, size_t count, ws_task **out,
                      ws_error *err) {
  WS_TRY(check_classes(classes, count, err));
  ws_task *task = ws_alloc_zero(1, sizeof *task);
  if (!task || copy_classes(task, classes, count) != WS_OK) {
    ws_task_free(task);
    return ws_error_nomem(err);
  }
  task->values[WS_TASK_TEXT] = ws_text_of("text");
  task->values[WS_TASK_GOLD] = ws_text_of("label");
  task->prices = (ws_task_prices){(double)NAN, (double)NAN};
  *out = task;
  return WS_OK;
}

static ws_text trim(ws_text text) {
  while (text.size && text.data[0] == ' ') text.data++, text.size--;
  while (text.size && text.data[text.size - 1] == ' ') text.size--;
  return text;
}

ws_status ws_task_from_names(const char *names, ws_task **out, ws_error *err) {
  size_t count = 1, k = 0;
  for (const char *c = names; *c; c++) count += *c == ',';
  ws_text *classes = ws_alloc_array(count, sizeof *classes);
  if (!classes) return ws_error_nomem(err);
  for (const char *at = names; k < count; k++) {
    size_t size = strcspn(at, ",");
    classes[k] = trim((ws_text){at, size});
    at += size + 1;
  }
  ws_status status = ws_task_new(classes, count, out, err);
  ws_free(classes);
  return status;
}

void ws_task_free(ws_task *task) {
  if (!task) return;
  ws_arena_clear(&task->arena);
  ws_free(task->names);
  ws_free(task->plain);
  ws_free(task->describe);
  ws_free(task);
}

size_t ws_task_classes(const ws_task *task) {
  return task->classes;
}

ws_text ws_task_class(const ws_task *task, size_t k) {
  return task->names[k];
}

const ws_text *ws_task_names(const ws_task *task) {
  return task->names;
}

int32_t ws_task_find(const ws_task *task, ws_text name) {
  for (size_t k = 0; k < task->classes; k++)
    if (ws_text_equal(task->names[k], name)) return (int32_t)k;
  return WS_ABSTAIN;
}

const char *ws_task_suggest(const ws_task *task, ws_text name) {
  return ws_suggest(name, task->plain, task->classes);
}

const char *ws_task_get(const ws_task *task, ws_task_key key) {
  return task->values[key].data;
}

ws_status ws_task_set(ws_task *task, ws_task_key key, ws_text value, ws_error *err) {
  if (!ws_utf8_valid(value) || (value.size && memchr(value.data, '\0', value.size)))
    return ws_error_set(err, WS_EINVAL, "%s is not valid UTF-8", key_names[key]);
  if (value.size == 0 && (key == WS_TASK_TEXT || key == WS_TASK_GOLD))
    return ws_error_set(err, WS_EINVAL, "%s is empty: expected the name of a field",
                        key_names[key]);
  if (value.size == 0) {
    task->values[key] = (ws_text){NULL, 0};
    return WS_OK;
  }
  if (ws_arena_text(&task->arena, value, &task->values[key]) != WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
}

ws_text ws_task_describe(const ws_task *task, size_t k) {
  return task->describe[k];
}

ws_status ws_task_set_describe(ws_task *task, size_t k, ws_text words) {
  return ws_arena_text(&task->arena, words, &task->describe[k]);
}

ws_task_prices ws_task_prices_of(const ws_task *task) {
  return task->prices;
}

ws_status ws_task_set_prices(ws_task *task, ws_task_prices prices, ws_error *err) {
  const double both[] = {prices.input, prices.output};
  for (size_t i = 0; i < 2; i++)
    if (!isnan(both[i]) && !(both[i] >= 0 && both[i] <= DBL_MAX))
      return ws_error_set(err, WS_EINVAL,
                          "prices: expected USD for a million tokens, not negative, "
                          "found %g",
                          both[i]);
  task->prices = prices;
  return WS_OK;
}

/* --- labels --- */

/* "HAM, SPAM" for messages; the first few where there are many. */
static const char *list_classes(const ws_task *task, char *out, size_t size) {
  size_t used = 0;
  out[0] = '\0';
  for (size_t k = 0; k < task->classes; k++) {
    ws_text name = task->names[k];
    if (used + name.size + 8 > size) {
      strcpy(out + used, k ? ", ..." : "...");
      break;
    }
    if (k) memcpy(out + used, ", ", 2), used += 2;
    memcpy(out + used, name.data, name.size + 1);
    used += name.size;
  }
  return out;
}

static ws_status unknown_label(const ws_task *task, ws_text text, ws_error *err) {
  char classes[240];
  const char *meant = ws_task_suggest(task, text);
  return ws_error_set(err, WS_EPARSE, "unknown label '%.*s'%s%s%s; the classes are %s",
                      WS_TEXT_ARG(text), meant ? ", did you mean '" : "",
                      meant ? meant : "", meant ? "'" : "",
                      list_classes(task, classes, sizeof classes));
}

static ws_status out_of_range(const ws_task *task, int64_t index, ws_error *err) {
  return ws_error_set(err, WS_EPARSE, "expected a class index from 0 to %zu, found %lld",
                      task->classes - 1, (long long)index);
}

ws_status ws_task_label_text(const ws_task *task, ws_text text, int32_t *out,
                             ws_error *err) {
  int64_t index;
  *out = WS_ABSTAIN;
  if (text.size == 0) return WS_OK;
  char plain[24];
  int32_t found = ws_task_find(task, text);
  bool whole = found == WS_ABSTAIN && ws_text_to_whole(text, &index);
  bool zeros = text.size > 1 && text.data[0] == '0' && text.data[1] != '.';
  if (whole && !zeros) { // 1.0 is the class 1 where there is one, as 1 is; 01 is an index
    snprintf(plain, sizeof plain, "%lld", (long long)index);
    found = ws_task_find(task, ws_text_of(plain));
  }
  if (found != WS_ABSTAIN) {
    *out = found;
    return WS_OK;
  }
  if (!whole) return unknown_label(task, text, err);
  if (index < WS_ABSTAIN || index >= (int64_t)task->classes)
    return out_of_range(task, index, err);
  *out = (int32_t)index;
  return WS_OK;
}

/* JSON has one kind of number: 1.0, as some tools write it, is the integer 1. */
static bool whole_number(ws_value value, int64_t *out) {
  if (ws_value_is(value, WS_INT)) {
    *out = ws_value_int(value);
    return true;
  }
  if (!ws_value_is(value, WS_DOUBLE)) return false;
  double number = ws_value_number(value);
  if (!(number >= -1 && number <= WS_MAX_CLASSES)) return false;
  *out = (int64_t)number;
  return (double)*out == number;
}

ws_status ws_task_label(const ws_task *task, ws_value value, int32_t *out,
                        ws_error *err) {
  *out = WS_ABSTAIN;
  if (ws_value_type(value) == WS_NULL) return WS_OK;
  if (ws_value_is(value, WS_STRING))
    return ws_task_label_text(task, ws_value_text(value), out, err);
  int64_t index;
  if (!whole_number(value, &index))
    return ws_error_set(err, WS_EPARSE,
                        "expected a label (a class name or index, or null), found %s",
                        ws_value_is(value, WS_DOUBLE) ? "a number that is no integer"
                                                      : ws_value_type_text(value));
  if (index == WS_ABSTAIN) return WS_OK;
  if (index < 0 || (uint64_t)index >= task->classes)
    return out_of_range(task, index, err);
  *out = (int32_t)index;
  return WS_OK;
}
