/* SPDX-License-Identifier: MIT
 *
 * What --out must not replace: a slip of a name would cost what cannot be made again.
 */
#define _XOPEN_SOURCE 700
#include "out_check.h"

#include <string.h>
#include <sys/stat.h>

#include "run_folder.h"
#include "run_paths.h"
#include "say.h"
#include "setup.h"

typedef struct target {
  const char *path;
  struct stat about;
} target;

static bool is_target(const target *t, const char *path) {
  struct stat other;
  return path && *path && stat(path, &other) == 0 && other.st_dev == t->about.st_dev &&
         other.st_ino == t->about.st_ino;
}

static const char *among_inputs(const target *t, const options *o) {
  const char *const inputs[] = {o->task,
                                o->votes,
                                o->dev_votes,
                                o->test_votes,
                                o->labels,
                                o->npy,
                                o->dev_npy,
                                o->test_npy,
                                o->keys[WS_TASK_DATA],
                                o->keys[WS_TASK_DEV],
                                o->keys[WS_TASK_TEST]};
  for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
    if (is_target(t, inputs[i])) return "an input of this command";
  for (size_t i = 0; i < o->argument_count; i++)
    if (is_target(t, o->arguments[i])) return "an input of this command";
  return NULL;
}

/* The files that the task names, which lies beside LFS, or here. */
static const char *among_task(const target *t, const command *self, const options *o) {
  static const struct {
    ws_task_key key;
    const char *what;
  } files[] = {{WS_TASK_DATA, "the data of the task"},
               {WS_TASK_DEV, "the dev set of the task"},
               {WS_TASK_TEST, "the test set of the task"}};
  bool lfs = strncmp(self->arguments, "LFS", 3) == 0 && o->argument_count > 0;
  const char *found = NULL, *path;
  ws_task *task = NULL;
  if (setup_task(o, lfs ? o->arguments[0] : NULL, &task, NULL) != WS_OK) return NULL;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    if (setup_path(task, files[i].key, &path, NULL) == WS_OK && is_target(t, path))
      found = files[i].what;
  ws_task_free(task);
  return found;
}

/* To know the right one among several places the whole file is read: only where one of
 * them is the target. */
static bool is_target_of_run(const target *t, const char *run, ws_value manifest,
                             ws_value file) {
  ws_buffer path = {0};
  bool found = false;
  for (int place = 0; place < RUN_PLACES && !found; place++)
    found = run_put_place(&path, run, manifest, file, place) == WS_OK &&
            is_target(t, path.data);
  if (found)
    found = run_put_path(&path, run, manifest, file) == WS_OK && is_target(t, path.data);
  ws_buffer_clear(&path);
  return found;
}

/* The files that the manifest of the run names. */
static const char *among_run(const target *t, const char *run) {
  static const char *const parts[] = {"data", "dev", "test", "labels"};
  const char *found = NULL;
  ws_buffer bytes = {0};
  if (!run_is(run) || run_manifest(run, &bytes, NULL) != WS_OK) return NULL;
  ws_value manifest = {(const unsigned char *)bytes.data};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    ws_value file = run_file_of(manifest, parts[i]);
    if (file.at && is_target_of_run(t, run, manifest, file))
      found = "what the run was made from";
  }
  ws_buffer_clear(&bytes);
  return found;
}

/* A report may be written over a report. */
static const char *in_a_run(const target *t) {
  const char *slash = strrchr(t->path, '/'), *name = slash ? slash + 1 : t->path;
  const char *found = NULL;
  ws_buffer folder = {0};
  ws_text front = {t->path, slash ? (size_t)(slash - t->path) : 0};
  if (ws_buffer_text(&folder, slash ? front : ws_text_of(".")) == WS_OK &&
      run_is(folder.size ? folder.data : "/"))
    for (size_t i = 0; i < run_file_count; i++)
      if (strcmp(run_files[i], name) == 0 && strcmp(name, RUN_REPORT) != 0)
        found = "a file of a run";
  ws_buffer_clear(&folder);
  return found;
}

/* next --lfs adds rules to a file of rules, and replaces none. */
static bool adds_rules(const command *self, const options *o) {
  return self == &cmd_next && o->lfs && ends_with(o->out, ".rules");
}

static const char *what_it_is(const target *t, const command *self, const options *o) {
  const char *what = among_inputs(t, o);
  if (!what && !adds_rules(self, o) &&
      (ends_with(t->path, ".lua") || ends_with(t->path, ".rules")))
    what = "code: labeling functions, or a task";
  if (!what) what = in_a_run(t);
  if (!what && o->argument_count) what = among_run(t, o->arguments[0]);
  return what ? what : among_task(t, self, o);
}

bool out_check(const command *self, const options *o) {
  target t = {.path = o->out};
  if (self == &cmd_fit || self == &cmd_train || self == &cmd_annotate) return true;
  if (self == &cmd_merge) return true; // its result holds all that its inputs do
  if (!t.path || stat(t.path, &t.about) != 0 || !S_ISREG(t.about.st_mode)) return true;
  const char *what = what_it_is(&t, self, o);
  if (!what) return true;
  ws_error err = WS_ERROR_INIT;
  (void)ws_error_set(&err, WS_EINVAL,
                     "--out: %s is %s, and would be replaced: give another name, or "
                     "remove it first",
                     t.path, what);
  (void)say_failure(&err);
  return false;
}

ws_status out_check_above(const char *path, ws_error *err) {
  ws_buffer above = {0};
  size_t size = strlen(path);
  while (size > 1 && path[size - 1] == '/') size--;
  while (size && path[size - 1] != '/') size--;
  if (size == 0) return WS_OK;
  while (size > 1 && path[size - 1] == '/') size--;
  ws_status status = ws_buffer_append(&above, path, size);
  if (status != WS_OK)
    status = ws_error_nomem(err);
  else if (!is_folder(above.data))
    status =
        ws_error_set(err, WS_EIO, "%s: expected a folder to make it in, found no '%s'",
                     path, above.data);
  ws_buffer_clear(&above);
  return status;
}

bool check_json_out(const command *self, const options *o) {
  return !o->json || !o->out || strcmp(o->out, "-") != 0 ||
         say_usage(self, "--json: expected a file for --out, found standard output");
}
