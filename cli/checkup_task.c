/* SPDX-License-Identifier: MIT
 *
 * Whether the task here can be fitted: its file, its data, its labeling functions.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <weaksup/text.h>

#include "checkup.h"
#include "run_folder.h"

enum { RECORDS_LOOKED_AT = 1000, BATCH_BYTES = 64 << 20 };

/* The first records; *gold of them have a gold label. */
static ws_status read_some(const ws_task *task, const setup *s, const char *path,
                           size_t *records, size_t *gold, ws_error *err) {
  ws_reader_options how = s->reader;
  ws_records *batch = NULL;
  ws_reader *reader = NULL;
  how.progress = (ws_progress_sink){NULL, NULL};
  if (ws_records_new(&batch) != WS_OK) return ws_error_nomem(err);
  ws_status status = ws_reader_open(path, task, &how, &reader, err);
  if (status == WS_OK)
    status = ws_reader_read(reader, batch, RECORDS_LOOKED_AT, BATCH_BYTES, records, err);
  *gold = 0;
  for (size_t i = 0; status == WS_OK && i < *records; i++)
    *gold += ws_records_at(batch, i).gold != WS_ABSTAIN;
  ws_reader_free(reader);
  ws_records_free(batch);
  return status;
}

static void check_file(checkup *c, const setup *s, const ws_task *task, ws_task_key key) {
  const char *name = ws_task_key_name(key), *path = ws_task_get(task, key);
  ws_error err = WS_ERROR_INIT;
  size_t records = 0, gold = 0;
  if (!path) return;
  if (strcmp(path, "-") == 0) {
    checkup_add(c, name, CHECK_OK, NULL, "standard input, which is not read here");
    return;
  }
  if (read_some(task, s, path, &records, &gold, &err) != WS_OK) {
    checkup_add(c, name, CHECK_ERROR,
                "mend the file, or the field names in the task file; --on-error skip "
                "leaves bad records out",
                "%s", err.message);
    return;
  }
  bool needed = key != WS_TASK_DATA && gold == 0;
  checkup_add(c, name, needed ? CHECK_WARNING : CHECK_OK,
              "without gold labels it is of no use: `gold` in the task file names their "
              "field",
              "%s: %s%zu records can be read, %zu with a gold label", path,
              records == RECORDS_LOOKED_AT ? "the first " : "", records, gold);
}

static void check_lfs(checkup *c, const setup *s, const ws_task *task, const char *lfs) {
  ws_error err = WS_ERROR_INIT;
  ws_lf_set *set = NULL;
  if (ws_lf_set_load(lfs, task, &s->lf, &set, &err) != WS_OK) {
    checkup_add(c, "labeling functions", CHECK_ERROR,
                "mend the file at the place that the message names; --keep-going leaves "
                "out what does not load",
                "%s", err.message);
    return;
  }
  size_t notes = ws_lf_set_notes(set);
  if (notes)
    checkup_add(c, "labeling functions", CHECK_WARNING,
                "see docs/labeling-functions.md, or `weaksup test`, for all warnings",
                "%s: %zu load; %s", lfs, ws_lf_set_count(set), ws_lf_set_note(set, 0));
  else
    checkup_add(c, "labeling functions", CHECK_OK, NULL, "%s: %zu load", lfs,
                ws_lf_set_count(set));
  ws_lf_set_free(set);
}

/* The folder in which the votes are kept, or the first one above it that is there. */
static void check_cache(checkup *c, const setup *s, const char *lfs) {
  const char *cache = s->options->cache;
  ws_buffer path = {0};
  const char *slash = lfs ? strrchr(lfs, '/') : NULL;
  ws_status status = cache   ? ws_buffer_string(&path, cache)
                     : slash ? ws_buffer_printf(&path, "%.*s/", (int)(slash - lfs), lfs)
                             : ws_buffer_string(&path, ".");
  if (status == WS_OK && cache && !is_folder(cache)) {
    char *last = strrchr(path.data, '/');
    if (last)
      last[1] = '\0';
    else
      path.size = 0, status = ws_buffer_string(&path, ".");
  }
  if (status == WS_OK) {
    bool writable = access(path.data, W_OK | X_OK) == 0;
    checkup_add(c, "cache", writable ? CHECK_OK : CHECK_WARNING,
                "every run does all work again: --cache DIR names a folder that can be "
                "written",
                "%s%s", path.data, writable ? " can be written" : " cannot be written");
  }
  ws_buffer_clear(&path);
}

/* Nothing here is no mistake: doctor is run anywhere. */
static bool any_task(const options *o, const char *lfs) {
  return lfs || o->task || o->classes || is_file("weaksup.lua");
}

/* The labeling functions as a user names them, else the folder that they mostly are in.
 */
static void check_lfs_anywhere(checkup *c, const setup *s, const ws_task *task,
                               const char *lfs) {
  const char *file = s->options->task;
  const char *slash = file ? strrchr(file, '/') : NULL;
  ws_buffer path = {0};
  bool folder = file && is_folder(file);
  ws_status status =
      folder ? ws_buffer_printf(&path, "%s/lfs", file)
             : ws_buffer_printf(&path, "%.*slfs", slash ? (int)(slash + 1 - file) : 0,
                                file ? file : "");
  if (!lfs && status == WS_OK && is_folder(path.data)) lfs = path.data;
  if (lfs)
    check_lfs(c, s, task, lfs);
  else
    checkup_add(c, "labeling functions", CHECK_OK, NULL,
                "none looked at: weaksup doctor LFS looks at them");
  ws_buffer_clear(&path);
}

void checkup_task(checkup *c, const setup *s, const char *lfs) {
  ws_task *task = NULL;
  ws_error err = WS_ERROR_INIT;
  check_cache(c, s, lfs);
  if (!any_task(s->options, lfs)) {
    checkup_add(c, "task", CHECK_OK, NULL,
                "none here (no weaksup.lua): `weaksup init DIR` begins one");
    return;
  }
  if (setup_task(s->options, lfs, &task, &err) != WS_OK) {
    checkup_add(c, "task", CHECK_ERROR, "mend the task file, or name it with --task FILE",
                "%s", err.message);
    return;
  }
  checkup_add(c, "task", CHECK_OK, NULL, "%zu classes", ws_task_classes(task));
  if (!ws_task_get(task, WS_TASK_DATA))
    checkup_add(c, "data", CHECK_WARNING,
                "say `data = \"FILE\"` in the task file, or --data FILE", "not named");
  check_file(c, s, task, WS_TASK_DATA);
  check_file(c, s, task, WS_TASK_DEV);
  check_file(c, s, task, WS_TASK_TEST);
  check_lfs_anywhere(c, s, task, lfs);
  ws_task_free(task);
}
