/* SPDX-License-Identifier: MIT
 *
 * Reading what a run folder holds. Every file of it checks its own integrity.
 */
#include "run_folder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <weaksup/alloc.h>
#include <weaksup/json.h>

#include "members.h"

const char *const run_files[] = {RUN_MANIFEST,   RUN_VOTES,   RUN_LABEL_MODEL, RUN_LABELS,
                                 RUN_CLASSIFIER, RUN_METRICS, RUN_REPORT};
const size_t run_file_count = sizeof run_files / sizeof *run_files;

static ws_status file_path(const char *run, const char *name, ws_buffer *out,
                           ws_error *err) {
  return ws_buffer_printf(out, "%s/%s", run, name) == WS_OK ? WS_OK : ws_error_nomem(err);
}

bool run_has(const char *run, const char *name) {
  struct stat about;
  ws_buffer path = {0};
  bool there = file_path(run, name, &path, NULL) == WS_OK && stat(path.data, &about) == 0;
  ws_buffer_clear(&path);
  return there;
}

bool is_file(const char *path) {
  struct stat about;
  return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

bool is_folder(const char *path) {
  struct stat about;
  return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool is_read_once(const char *path) {
  struct stat about;
  return strcmp(path, "-") == 0 || (stat(path, &about) == 0 && S_ISFIFO(about.st_mode));
}

bool is_one_file(const char *a, const char *b) {
  struct stat first, second;
  return a && b && stat(a, &first) == 0 && stat(b, &second) == 0 &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

bool run_is(const char *path) {
  return run_has(path, RUN_MANIFEST);
}

static const char *kind_of(mode_t mode) {
  return S_ISDIR(mode)    ? "a folder"
         : S_ISREG(mode)  ? "a file"
         : S_ISFIFO(mode) ? "a named pipe"
         : S_ISSOCK(mode) ? "a socket"
                          : "a device";
}

/* Of a folder; mostly that of the task, beside whose files the run lies. */
static ws_status no_run_in(const char *path, ws_error *err) {
  ws_buffer inside = {0};
  size_t size = strlen(path);
  const char *slash = size && path[size - 1] == '/' ? "" : "/";
  ws_status status = ws_buffer_printf(&inside, "%s%srun", path, slash);
  bool there = status == WS_OK && run_is(inside.data);
  status = ws_error_set(err, WS_EINVAL, "%s: expected a run folder with a %s%s%s%s", path,
                        RUN_MANIFEST, there ? ", did you mean '" : "",
                        there ? inside.data : "",
                        there ? "'?" : ", found a folder without one");
  ws_buffer_clear(&inside);
  return status;
}

ws_status run_check(const char *path, ws_error *err) {
  struct stat about;
  if (run_is(path)) return WS_OK;
  if (stat(path, &about) != 0)
    return ws_error_set(err, WS_EIO,
                        "%s: expected a run folder, as `weaksup fit` writes it (run, or "
                        "--out): %s",
                        path, strerror(errno));
  if (!S_ISDIR(about.st_mode))
    return ws_error_set(err, WS_EINVAL, "%s: expected a run folder, found %s", path,
                        kind_of(about.st_mode));
  return no_run_in(path, err);
}

/* The path of a file of the run, which is there. Opening anything else could wait
 * forever. */
static ws_status find_file(const char *run, const char *name, ws_buffer *out,
                           ws_error *err) {
  struct stat about;
  WS_TRY(file_path(run, name, out, err));
  if (stat(out->data, &about) == 0)
    return S_ISREG(about.st_mode)
               ? WS_OK
               : ws_error_set(err, WS_EIO, "%s: expected a file, found %s", out->data,
                              kind_of(about.st_mode));
  if (errno != ENOENT) // opening it would say so
    return ws_error_set(err, WS_EIO, "%s: cannot open: %s", out->data, strerror(errno));
  WS_TRY(run_check(run, err));
  bool of_fit = strcmp(name, RUN_MANIFEST) != 0 && strcmp(name, RUN_CLASSIFIER) != 0;
  return ws_error_set(err, WS_EIO,
                      "%s: expected the file %s that fit%s writes into the run folder, "
                      "found none: fit%s",
                      run, name, of_fit ? " (train does not)" : "",
                      of_fit ? " makes a run that has it" : " again");
}

static bool is_file_of(const char *run, const char *name, const struct stat *file) {
  struct stat about;
  ws_buffer path = {0};
  bool same = file_path(run, name, &path, NULL) == WS_OK &&
              stat(path.data, &about) == 0 && about.st_dev == file->st_dev &&
              about.st_ino == file->st_ino;
  ws_buffer_clear(&path);
  return same;
}

ws_status run_check_input(const char *out, const char *path, const char *again,
                          ws_error *err) {
  struct stat about;
  if (!path || stat(path, &about) != 0) return WS_OK; // opening it says so
  for (size_t i = 0; i < run_file_count; i++) {
    const char *name = run_files[i];
    if ((again && strcmp(name, again) == 0) || !is_file_of(out, name, &about)) continue;
    return ws_error_set(err, WS_EINVAL,
                        "%s: an input that lies in %s, which the new run replaces: give "
                        "another folder with --out",
                        path, out);
  }
  return WS_OK;
}

/* --- writing --- */

ws_status run_write_file(ws_folder *folder, const char *name, const ws_buffer *bytes,
                         ws_error *err) {
  const char *path = ws_folder_file(folder, name);
  if (!path) return ws_error_nomem(err);
  return ws_output_file(path, ws_buffer_as_text(bytes), err);
}

static ws_status write_piece(void *user, ws_text piece, ws_error *err) {
  return ws_output_write(user, piece, err);
}

ws_status run_write_labels(const ws_labels *labels, const ws_votes *votes,
                           ws_labels_format form, ws_output *output, ws_error *err) {
  return ws_labels_write(labels, votes, form, 0, SIZE_MAX, write_piece, output, err);
}

void run_write_format(ws_json_writer *json, const char *format) {
  ws_json_open(json, '{');
  json_put_string(json, "format", format);
  ws_json_key(json, "version");
  ws_json_int(json, 1);
}

void run_write_time(ws_json_writer *json) {
  char text[32];
  time_t now = time(NULL);
  struct tm parts;
  gmtime_r(&now, &parts);
  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  json_put_string(json, "created", text);
}

/* --- the task in the manifest --- */

void run_write_task(ws_json_writer *json, const ws_task *task) {
  static const ws_task_key kept[] = {WS_TASK_TEXT, WS_TASK_GOLD, WS_TASK_ID,
                                     WS_TASK_TASK_TEXT};
  ws_json_key(json, "task");
  ws_json_open(json, '{');
  ws_json_key(json, "classes");
  ws_json_open(json, '[');
  for (size_t k = 0; k < ws_task_classes(task); k++)
    ws_json_text(json, ws_task_class(task, k));
  ws_json_close(json, ']');
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
    ws_json_key(json, ws_task_key_name(kept[i]));
    ws_json_string(json, ws_task_get(task, kept[i]));
  }
  ws_json_key(json, "describe");
  ws_json_open(json, '{');
  for (size_t k = 0; k < ws_task_classes(task); k++) {
    if (!ws_task_describe(task, k).size) continue;
    ws_json_key_text(json, ws_task_class(task, k));
    ws_json_text(json, ws_task_describe(task, k));
  }
  ws_json_close(json, '}');
  ws_json_close(json, '}');
}

static ws_status read_classes(ws_value list, ws_task **out, ws_error *err) {
  size_t count = ws_value_is(list, WS_ARRAY) ? ws_value_count(list) : 0, k = 0;
  ws_text *names = ws_alloc_array(count, sizeof *names), key;
  ws_value item;
  if (!names) return ws_error_nomem(err);
  for (ws_value_iter it = ws_value_each(list); count && ws_value_next(&it, &key, &item);
       k++)
    names[k] = ws_value_is(item, WS_STRING) ? ws_value_text(item) : (ws_text){"", 0};
  ws_status status = ws_task_new(names, count, out, err);
  ws_free(names);
  return status;
}

/* Runs of before have no descriptions. */
static ws_status read_descriptions(ws_value task, ws_task *out) {
  ws_value describe = ws_value_get(task, ws_text_of("describe"));
  if (!describe.at || !ws_value_is(describe, WS_OBJECT)) return WS_OK;
  for (size_t k = 0; k < ws_task_classes(out); k++) {
    ws_value words = ws_value_get(describe, ws_task_class(out, k));
    if (words.at && ws_value_is(words, WS_STRING))
      WS_TRY(ws_task_set_describe(out, k, ws_value_text(words)));
  }
  return WS_OK;
}

static ws_status read_keys(ws_value task, ws_task *out, ws_error *err) {
  for (int key = 0; key < WS_TASK_KEYS; key++) {
    ws_value value = ws_value_get(task, ws_text_of(ws_task_key_name((ws_task_key)key)));
    if (value.at && ws_value_is(value, WS_STRING))
      WS_TRY(ws_task_set(out, (ws_task_key)key, ws_value_text(value), err));
  }
  return read_descriptions(task, out) == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status read_task(ws_value manifest, ws_task **out, ws_error *err) {
  ws_value task = ws_value_get(manifest, ws_text_of("task"));
  ws_value classes = ws_value_get(task, ws_text_of("classes"));
  if (!ws_value_is(classes, WS_ARRAY))
    return ws_error_set(err, WS_EPARSE,
                        "expected the manifest of a run, found something else");
  WS_TRY(read_classes(classes, out, err));
  ws_status status = read_keys(task, *out, err);
  if (status == WS_OK) return WS_OK;
  ws_task_free(*out);
  *out = NULL;
  return status;
}

/* Appends what to do to why a file of a run cannot be read. */
static ws_status told(ws_status status, ws_error *err) {
  if (status != WS_EPARSE || !err) return status;
  ws_error why = *err;
  return ws_error_set(err, status, "%s: make the run again", why.message);
}

ws_status run_task(const char *path, ws_task **out, ws_error *err) {
  ws_buffer file = {0}, bytes = {0};
  ws_task *task = NULL;
  ws_status status = WS_OK;
  status = run_check(path, err);
  if (status == WS_OK) status = find_file(path, RUN_MANIFEST, &file, err);
  if (status == WS_OK) status = told(ws_json_load(file.data, true, &bytes, err), err);
  if (status == WS_OK) {
    status = read_task((ws_value){(const unsigned char *)bytes.data}, &task, err);
    if (status != WS_OK) ws_error_prefix(err, "%s: ", file.data);
  }
  if (status == WS_OK) *out = task;
  ws_buffer_clear(&file);
  ws_buffer_clear(&bytes);
  return status;
}

/* --- the other files --- */

ws_status run_votes(const char *path, ws_votes **out, ws_error *err) {
  ws_buffer file = {0};
  ws_status status = find_file(path, RUN_VOTES, &file, err);
  if (status == WS_OK) status = told(ws_votes_load(file.data, out, err), err);
  ws_buffer_clear(&file);
  return status;
}

ws_status run_label_model(const char *path, ws_label_model **out, ws_error *err) {
  ws_buffer file = {0};
  ws_status status = find_file(path, RUN_LABEL_MODEL, &file, err);
  if (status == WS_OK) status = told(ws_label_model_load(file.data, out, err), err);
  ws_buffer_clear(&file);
  return status;
}

static ws_status read_json(const char *path, const char *name, ws_buffer *out,
                           ws_error *err) {
  ws_buffer file = {0};
  ws_status status = find_file(path, name, &file, err);
  if (status == WS_OK) status = told(ws_json_load(file.data, true, out, err), err);
  ws_buffer_clear(&file);
  return status;
}

ws_status run_metrics(const char *path, ws_buffer *out, ws_error *err) {
  return read_json(path, RUN_METRICS, out, err);
}

ws_status run_manifest(const char *path, ws_buffer *out, ws_error *err) {
  return read_json(path, RUN_MANIFEST, out, err);
}

static ws_status check_classes(const ws_classifier *classifier, const ws_task *task,
                               const char *file, ws_error *err) {
  size_t there = ws_classifier_classes(classifier), here = ws_task_classes(task);
  if (there != here)
    return ws_error_set(err, WS_EPARSE, "%s: expected %zu classes as in %s, found %zu",
                        file, here, RUN_MANIFEST, there);
  for (size_t k = 0; k < here; k++)
    if (!ws_text_equal(ws_classifier_class(classifier, k), ws_task_class(task, k)))
      return ws_error_set(err, WS_EPARSE,
                          "%s: expected '%.*s' as class %zu as in %s, found '%.*s'", file,
                          WS_TEXT_ARG(ws_task_class(task, k)), k, RUN_MANIFEST,
                          WS_TEXT_ARG(ws_classifier_class(classifier, k)));
  return WS_OK;
}

ws_status run_classifier(const char *path, const ws_task *task, ws_classifier **out,
                         ws_error *err) {
  ws_buffer file = {0};
  ws_classifier *classifier = NULL;
  *out = NULL;
  if (!run_has(path, RUN_CLASSIFIER)) return WS_OK;
  ws_status status = find_file(path, RUN_CLASSIFIER, &file, err);
  if (status == WS_OK)
    status = told(ws_classifier_load(file.data, &classifier, err), err);
  if (status == WS_OK) status = check_classes(classifier, task, file.data, err);
  ws_buffer_clear(&file);
  if (status == WS_OK)
    *out = classifier;
  else
    ws_classifier_free(classifier);
  return status;
}

static ws_status model_alone(const char *path, ws_task **task, ws_classifier **out,
                             ws_error *err) {
  WS_TRY(ws_classifier_load(path, out, err));
  size_t K = ws_classifier_classes(*out);
  ws_text *names = ws_alloc_array(K, sizeof *names);
  if (!names) return ws_error_nomem(err);
  for (size_t k = 0; k < K; k++) names[k] = ws_classifier_class(*out, k);
  ws_status status = ws_task_new(names, K, task, err);
  ws_free(names);
  WS_TRY(status);
  return ws_task_set(*task, WS_TASK_TEXT, ws_classifier_text_field(*out), err);
}

ws_status run_or_model(const char *path, ws_task **task, ws_classifier **out,
                       ws_error *err) {
  struct stat about;
  if (stat(path, &about) == 0 && S_ISREG(about.st_mode))
    return model_alone(path, task, out, err);
  WS_TRY(run_task(path, task, err));
  WS_TRY(run_classifier(path, *task, out, err));
  if (*out) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "%s: the run has no classifier: it was made with --no-classifier, "
                      "or from records without text",
                      path);
}
