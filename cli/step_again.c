/* SPDX-License-Identifier: MIT
 *
 * Fitting a run again, as its manifest tells how it was: the labeling functions and the
 * files lie where run_paths.h finds them, and what the task file says now need not be
 * said on the command line.
 */
#include "step.h"

#include <string.h>

#include "run_folder.h"
#include "run_paths.h"
#include "setup.h"

typedef struct again {
  step *s;
  const char *run;
  ws_value manifest;
  const ws_task *was; // of the run
  const ws_task *is;  // of the task file that fit will find; NULL: there is none
} again;

static bool is_same(const char *a, const char *b) {
  return a == b || (a && b && strcmp(a, b) == 0);
}

static const char *now(const again *a, ws_task_key key) {
  return a->is ? ws_task_get(a->is, key) : NULL;
}

/* `path` replaces that of the run. */
static void put_file(const again *a, ws_task_key key, const char *path) {
  const char *name = ws_task_key_name(key);
  ws_value file = run_file_of(a->manifest, name);
  ws_buffer found = {0};
  if (!path && file.at) {
    if (run_put_path(&found, a->run, a->manifest, file) != WS_OK) a->s->useless = true;
    path = found.size ? found.data : NULL;
  }
  if (!is_same(path, now(a, key)) && !is_one_file(path, now(a, key)))
    step_option(a->s, name, path);
  ws_buffer_clear(&found);
}

static bool has_same_classes(const again *a) {
  size_t K = ws_task_classes(a->was);
  if (!a->is || ws_task_classes(a->is) != K) return false;
  for (size_t k = 0; k < K; k++)
    if (!ws_text_equal(ws_task_class(a->was, k), ws_task_class(a->is, k))) return false;
  return true;
}

static void put_classes(const again *a) {
  ws_buffer names = {0};
  for (size_t k = 0; k < ws_task_classes(a->was); k++) {
    ws_text name = ws_task_class(a->was, k);
    if (memchr(name.data, ',', name.size) ||
        ws_buffer_printf(&names, "%s%.*s", k ? "," : "", WS_TEXT_ARG(name)) != WS_OK)
      a->s->useless = true;
  }
  step_option(a->s, "classes", names.data);
  ws_buffer_clear(&names);
}

static void put_fields(const again *a) {
  static const ws_task_key fields[] = {WS_TASK_TEXT, WS_TASK_GOLD, WS_TASK_ID};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    const char *was = ws_task_get(a->was, fields[i]);
    if (!is_same(was, now(a, fields[i])))
      step_option(a->s, ws_task_key_name(fields[i]), was ? was : "");
  }
}

static void put_task(const again *a, const char *dev) {
  if (!has_same_classes(a)) put_classes(a);
  put_file(a, WS_TASK_DATA, NULL);
  put_file(a, WS_TASK_DEV, dev);
  put_file(a, WS_TASK_TEST, NULL);
  put_fields(a);
}

static ws_status put_run(step *s, const char *run, ws_value manifest, const char *dev) {
  ws_buffer lfs = {0};
  ws_task *was = NULL, *is = NULL;
  ws_status status = run_put_path(&lfs, run, manifest, run_file_of(manifest, "lfs"));
  if (status == WS_OK && !is_folder(lfs.size ? lfs.data : "") &&
      !is_file(lfs.size ? lfs.data : ""))
    status = WS_EIO;
  if (status == WS_OK) status = run_task(run, &was, NULL);
  if (status == WS_OK) {
    if (setup_task(&options_default, lfs.data, &is, NULL) != WS_OK) is = NULL;
    step_argument(s, lfs.data);
    put_task(&(again){s, run, manifest, was, is}, dev);
    step_option(s, "out", strcmp(run, "run") == 0 ? NULL : run);
  }
  ws_task_free(was);
  ws_task_free(is);
  ws_buffer_clear(&lfs);
  return status;
}

step step_fit_again(const char *run, const char *dev) {
  ws_buffer manifest = {0};
  step s = step_to(&cmd_fit);
  ws_status status = run_manifest(run, &manifest, NULL);
  if (status == WS_OK)
    status = put_run(&s, run, (ws_value){(const unsigned char *)manifest.data}, dev);
  s.useless = s.useless || status != WS_OK;
  ws_buffer_clear(&manifest);
  return s;
}

/* The fields and classes that the task of the run has and no file tells. */
static ws_status put_all(step *s, const char *run) {
  ws_task *was = NULL;
  ws_status status = run_task(run, &was, NULL);
  if (status == WS_OK) {
    again a = {.s = s, .run = run, .was = was};
    put_classes(&a);
    put_fields(&a);
  }
  ws_task_free(was);
  return status;
}

void step_task_of(step *s, const char *run) {
  ws_buffer bytes = {0}, lfs = {0}, path = {0};
  ws_status status = run_manifest(run, &bytes, NULL);
  ws_value manifest = {(const unsigned char *)bytes.data};
  if (status == WS_OK)
    status = run_put_path(&lfs, run, manifest, run_file_of(manifest, "lfs"));
  if (status == WS_OK)
    status = setup_beside_task(&options_default, lfs.size ? lfs.data : NULL,
                               "weaksup.lua", &path);
  bool is_there = status == WS_OK && path.size && is_file(path.data);
  if (is_there && !is_one_file(path.data, "weaksup.lua"))
    step_option(s, "task", path.data);
  else if (status == WS_OK && !is_there)
    status = put_all(s, run);
  if (status != WS_OK) s->useless = true;
  ws_buffer_clear(&bytes);
  ws_buffer_clear(&lfs);
  ws_buffer_clear(&path);
}
