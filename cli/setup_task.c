/* SPDX-License-Identifier: MIT
 *
 * Finding the task: a file beside the LF folder or here, the classes on the command line,
 * and options that win over what the file says.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/task_file.h>

#include "run_folder.h"
#include "say.h"
#include "setup.h"

static const char task_file[] = "weaksup.lua";

/* `name` in the folder that holds `lfs`; with `up`, in the one that holds that. */
static ws_status beside(const char *lfs, bool up, const char *name, ws_buffer *out) {
  size_t size = strlen(lfs);
  while (size > 1 && lfs[size - 1] == '/') size--;
  while (size > 0 && lfs[size - 1] != '/') size--;
  out->size = 0;
  WS_TRY(ws_buffer_append(out, lfs, size));
  return ws_buffer_printf(out, "%s%s", up ? "../" : "", name);
}

/* A path whose last part does not name a folder by its own name: one file, or ".". */
static bool is_indirect(const char *lfs) {
  size_t size = strlen(lfs);
  while (size > 1 && lfs[size - 1] == '/') size--;
  return is_file(lfs) || (size && lfs[size - 1] == '.' && is_folder(lfs));
}

/* The task file that there is; empty where there is none. */
static ws_status find_file(const options *o, const char *lfs, ws_buffer *out) {
  if (o->task) {
    WS_TRY(ws_buffer_string(out, o->task));
    return is_folder(o->task) ? ws_buffer_printf(out, "/%s", task_file) : WS_OK;
  }
  if (o->classes && !lfs) return WS_OK; // all is said
  for (int up = 0; lfs && up <= is_indirect(lfs); up++) {
    WS_TRY(beside(lfs, up, task_file, out));
    if (is_file(out->data)) return WS_OK;
  }
  out->size = 0;
  return is_file(task_file) ? ws_buffer_string(out, task_file) : WS_OK;
}

bool setup_finds_task(const options *o) {
  return o->task || o->classes || is_file(task_file);
}

/* Whether it can be what LFS is. */
static ws_status check_lfs(const char *lfs, ws_error *err) {
  static const char wanted[] = "expected a folder of labeling functions, or a file *.lua "
                               "or *.rules";
  bool file = is_file(lfs);
  if (!file && !is_folder(lfs))
    return ws_error_set(err, WS_EIO, "%s: %s, found nothing of that name", lfs, wanted);
  if (file && !ends_with(lfs, ".lua") && !ends_with(lfs, ".rules"))
    return ws_error_set(err, WS_EINVAL, "%s: %s, found another file", lfs, wanted);
  if (!file && run_is(lfs))
    return ws_error_set(err, WS_EINVAL, "%s: %s, found a run", lfs, wanted);
  return WS_OK;
}

/* What is wrong where no task was found: often the folder itself. */
static ws_status no_task(const char *lfs, ws_error *err) {
  ws_buffer inside = {0};
  bool task_folder = lfs && ws_buffer_printf(&inside, "%s/%s", lfs, task_file) == WS_OK &&
                     is_file(inside.data);
  ws_buffer_clear(&inside);
  if (task_folder)
    return ws_error_set(
        err, WS_EINVAL,
        "%s: expected a folder of labeling functions, found the task's: the "
        "former lies inside, often as %s/lfs",
        lfs, lfs);
  if (lfs) WS_TRY(check_lfs(lfs, err));
  return ws_error_set(
      err, WS_EINVAL,
      "no task: expected %s%s%s%s in the current directory, or --task FILE, "
      "or --classes A,B,...",
      task_file, lfs ? " beside '" : "", lfs ? lfs : "", lfs ? "' or" : "");
}

ws_status setup_keys(const options *o, ws_task *task, ws_error *err) {
  for (int key = 0; key < WS_TASK_KEYS; key++)
    if (o->keys[key])
      WS_TRY(ws_task_set(task, (ws_task_key)key, ws_text_of(o->keys[key]), err));
  return WS_OK;
}

/* The same task with other classes. */
static ws_status with_classes(const options *o, const ws_task *file, ws_task **out,
                              ws_error *err) {
  ws_status status = ws_task_from_names(o->classes, out, err);
  if (status != WS_OK) ws_error_prefix(err, "--classes: ");
  for (int key = 0; file && status == WS_OK && key < WS_TASK_KEYS; key++) {
    const char *value = ws_task_get(file, (ws_task_key)key);
    if (value) status = ws_task_set(*out, (ws_task_key)key, ws_text_of(value), err);
  }
  return status;
}

static ws_status load(const options *o, const char *path, ws_task **out, ws_error *err) {
  ws_task *file = NULL;
  if (path) WS_TRY(ws_task_load(path, &file, err));
  if (!o->classes) {
    *out = file;
    return WS_OK;
  }
  ws_status status = with_classes(o, file, out, err);
  ws_task_free(file);
  return status;
}

ws_status setup_task(const options *o, const char *lfs, ws_task **out, ws_error *err) {
  ws_buffer path = {0};
  ws_task *task = NULL;
  ws_status status = WS_OK;
  if (find_file(o, lfs, &path) != WS_OK) status = ws_error_nomem(err);
  if (status == WS_OK && path.size == 0 && !o->classes) status = no_task(lfs, err);
  if (status == WS_OK) status = load(o, path.size ? path.data : NULL, &task, err);
  if (status == WS_OK) status = setup_keys(o, task, err);
  ws_buffer_clear(&path);
  if (status == WS_OK)
    *out = task;
  else
    ws_task_free(task);
  return status;
}

ws_status setup_beside_task(const options *o, const char *lfs, const char *name,
                            ws_buffer *out) {
  ws_buffer file = {0};
  ws_status status = find_file(o, lfs, &file);
  if (status == WS_OK) status = beside(file.size ? file.data : lfs, false, name, out);
  ws_buffer_clear(&file);
  return status;
}

/* --- the cache --- */

static const char cache_name[] = ".weaksup/cache";

/* Where the task file is, if it is near; else in the folder that holds `lfs`. Without LFs
 * and without a task file there is no place; *out is empty then. */
static ws_status cache_folder(const options *o, const char *lfs, ws_buffer *out) {
  if (o->cache) return ws_buffer_string(out, o->cache);
  if (!lfs) {
    ws_buffer file = {0};
    ws_status status = find_file(o, NULL, &file);
    if (status == WS_OK && file.size) status = beside(file.data, false, cache_name, out);
    ws_buffer_clear(&file);
    return status;
  }
  WS_TRY(beside(lfs, false, task_file, out));
  bool up = is_indirect(lfs) && !is_file(out->data);
  if (up && is_file(lfs)) {
    WS_TRY(beside(lfs, true, task_file, out));
    up = is_file(out->data);
  }
  return beside(lfs, up, cache_name, out);
}

ws_status setup_cache(setup *s, const char *lfs, ws_error *err) {
  ws_buffer path = {0};
  ws_error why = WS_ERROR_INIT;
  ws_cache_options how = ws_cache_options_default();
  how.program = s->lf.worker;
  if (s->options->no_cache) return WS_OK;
  ws_status status = cache_folder(s->options, lfs, &path);
  if (status == WS_OK && path.size)
    status = ws_cache_open(path.data, &how, &s->cache, &why);
  ws_buffer_clear(&path);
  if (status == WS_ENOMEM) return ws_error_nomem(err);
  if (status != WS_OK && s->options->verbose)
    say_note(s->options, "nothing is kept for the next run: %s", why.message);
  s->apply.cache = s->cache;
  return WS_OK;
}

ws_status setup_path(const ws_task *task, ws_task_key key, const char **out,
                     ws_error *err) {
  const char *name = ws_task_key_name(key);
  *out = ws_task_get(task, key);
  if (*out) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "no %s: expected '%s = \"FILE\"' in the task file, or "
                      "--%s FILE",
                      name, name, name);
}

/* Where the text is called so, or --id '' says that there is none, nothing is amiss. */
void setup_look_for_id(setup *s, const ws_task *task, const ws_record *record) {
  if (s->looked_for_id) return;
  s->looked_for_id = true;
  bool named = ws_task_get(task, WS_TASK_ID) || s->options->keys[WS_TASK_ID] ||
               strcmp(ws_task_get(task, WS_TASK_TEXT), "id") == 0;
  if (!named && ws_value_get(record->fields, ws_text_of("id")).at)
    say_note(s->options, "the records have a field 'id', which is not used: name it "
                         "with --id id (row numbers are the ids)");
}
