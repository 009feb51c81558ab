/* SPDX-License-Identifier: MIT
 *
 * Loading a set: a worker loads the folder and tells what is in it. With keep_going files
 * that fail are left out of the next one, until a worker loads all that it is to load.
 * That one, and all later ones, have not seen the files that fail.
 *
 * Which files there are the parent finds itself, so that a worker that lies is asked no
 * more often than there are files.
 */
#include "lf_set_priv.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>

#include "lf_files.h"

enum { ACCIDENTS_MAX = 8 };

typedef struct loader {
  ws_lf_set *set;
  ws__files *files; // of the folder, once one of them has failed
  char killed[sizeof((ws__shared *)0)->loading]; // in which a worker was last killed
  unsigned accidents;
} loader;

/* --- files that fail --- */

/* What a worker calls `path`, which may be cut; NULL where there is no such file. */
static const char *find_file(const loader *l, const char *path) {
  size_t size = strlen(path), whole = sizeof l->killed - 1;
  for (size_t i = 0; i < ws__files_count(l->files); i++) {
    const char *file = ws__files_path(l->files, i);
    if (size < whole ? strcmp(file, path) == 0 : strncmp(file, path, whole) == 0)
      return file;
  }
  return NULL;
}

static ws_status leave_out(loader *l, const char *path, uint64_t line,
                           ws_lf_problem_kind kind, const char *message, ws_error *err) {
  ws_lf_set *set = l->set;
  if (!l->files) WS_TRY(ws__files_open(set->folder.data, &l->files, err));
  const char *file = find_file(l, path);
  if (!file)
    return ws_error_set(err, WS_ELF, "%s: changed while it was being loaded",
                        set->folder.data);
  if (ws__problems_find(&set->outside, file)) return ws__lf_set_broken(err);
  if (ws__problems_add(&set->outside, file, line, kind, message) != WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
}

/* Those that the worker names. */
static ws_status leave_out_all(loader *l, const ws__problems *failed, ws_error *err) {
  for (size_t i = 0; i < failed->count; i++) {
    const ws_lf_problem *why = &failed->items[i];
    WS_TRY(leave_out(l, why->file, why->line, why->kind, why->message, err));
  }
  return failed->count ? WS_OK : ws__lf_set_broken(err);
}

static ws_status take_failed(loader *l, ws_bytes *wire, ws_error *err) {
  ws__problems failed = {0};
  ws_status status = ws__take_problems(wire, &failed);
  if (status == WS_ENOMEM)
    ws_error_nomem(err);
  else if (status != WS_OK || !l->set->options.keep_going)
    status = ws__lf_set_broken(err);
  else
    status = leave_out_all(l, &failed, err);
  ws__problems_clear(&failed);
  return status;
}

/* --- workers that end --- */

/* Killed by somebody else, who may not have meant the file. */
static bool is_accident(loader *l, int status, const char *loading) {
  if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) return false;
  if (strcmp(l->killed, loading) == 0 || l->accidents == ACCIDENTS_MAX) return false;
  l->accidents++;
  memcpy(l->killed, loading, strlen(loading) + 1);
  return true;
}

/* The worker ended without an answer, or is `stuck`. */
static ws_status on_end(loader *l, ws__worker *worker, bool stuck, ws_error *err) {
  char loading[sizeof l->killed];
  ws_error why = WS_ERROR_INIT;
  int ended = ws__worker_reap(worker, stuck);
  bool in_file = atomic_load(&worker->shared->blame.seq) % 2 == 1;
  memcpy(loading, worker->shared->loading, sizeof loading);
  loading[sizeof loading - 1] = '\0';
  ws_status status = ws__lf_set_fail(l->set, ended, loading, stuck, &why);
  if (!l->set->options.keep_going || !in_file || !*loading)
    return ws_error_set(err, status, "%s", why.message);
  if (!stuck && is_accident(l, ended, loading)) return WS_OK;
  bool slow = stuck || (WIFEXITED(ended) && WEXITSTATUS(ended) == WS__EXIT_TIME);
  return leave_out(l, loading, 0, slow ? WS_LF_PROBLEM_TIME : WS_LF_PROBLEM_KILLED,
                   why.message, err);
}

/* --- rounds --- */

/* Reads what the worker says that it loaded. */
static ws_status await(loader *l, ws__worker *worker, bool *again, ws_error *err) {
  ws__frame frame;
  ws_text payload;
  bool found, open;
  WS_TRY(ws__worker_await(worker, l->set->load.wall_ms, &frame, &payload, &found, &open,
                          err));
  *again = true;
  if (!found) return on_end(l, worker, open, err);
  if (frame.kind != WS__FRAME_LOADED) return ws__lf_set_broken(err);
  ws_bytes wire = ws_bytes_of(payload);
  if (ws_bytes_take(&wire, 8) == WS__LOAD_AGAIN) return take_failed(l, &wire, err);
  *again = false;
  return ws__lf_set_read(l->set, payload, false, err);
}

static ws_status run_worker(loader *l, bool *again, ws_error *err) {
  ws__worker worker;
  ws_text init = ws_buffer_as_text(&l->set->init);
  WS_TRY(ws__worker_start(l->set->program.data, init, &worker, err));
  ws_status status = await(l, &worker, again, err);
  ws__worker_end(&worker, status != WS_OK || *again);
  return status;
}

static ws_status prepare(ws_lf_set *set, const char *folder, ws_error *err) {
  const char *program = set->options.worker;
  if (!program) return ws_error_set(err, WS_EINVAL, "no worker program is set");
  if (ws_arena_text(&set->arena, ws_text_of(folder), &set->folder) != WS_OK ||
      ws_arena_text(&set->arena, ws_text_of(program), &set->program) != WS_OK)
    return ws_error_nomem(err);
  set->options.worker = set->program.data;
  return WS_OK;
}

static ws_status write_init(ws_lf_set *set, ws_error *err) {
  const char *text = ws_task_get(set->task, WS_TASK_TEXT);
  const char *id = ws_task_get(set->task, WS_TASK_ID);
  ws__worker_init init = {.limits = set->options,
                          .load = set->load,
                          .may_be_empty = set->may_be_empty,
                          .outside = set->outside, // borrowed
                          .folder = set->folder,
                          .text_field = ws_text_of(text ? text : "text"),
                          .id_field = ws_text_of(id ? id : ""),
                          .task = set->task};
  set->init.size = 0;
  return ws__put_init(&set->init, &init) == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status load(ws_lf_set *set, const char *folder, ws_error *err) {
  loader l = {.set = set};
  bool again = true;
  ws_status status = prepare(set, folder, err);
  while (status == WS_OK && again) {
    status = write_init(set, err);
    if (status == WS_OK) status = run_worker(&l, &again, err);
  }
  ws__files_free(l.files);
  return status;
}

static ws_status load_set(const char *folder, const ws_task *task,
                          const ws_lf_options *options, const ws__load_limits *limits,
                          bool may_be_empty, ws_lf_set **out, ws_error *err) {
  ws_lf_set *set = ws_alloc_zero(1, sizeof *set);
  if (!set) return ws_error_nomem(err);
  set->task = task;
  set->options = options ? *options : ws_lf_options_default();
  set->load = limits ? *limits : ws__load_limits_default();
  set->may_be_empty = may_be_empty;
  ws_status status = load(set, folder, err);
  if (status == WS_OK)
    *out = set;
  else
    ws_lf_set_free(set);
  return status;
}

ws_status ws__lf_set_load(const char *folder, const ws_task *task,
                          const ws_lf_options *options, const ws__load_limits *limits,
                          ws_lf_set **out, ws_error *err) {
  return load_set(folder, task, options, limits, false, out, err);
}

ws_status ws__lf_set_load_any(const char *folder, const ws_task *task,
                              const ws_lf_options *options, ws_lf_set **out,
                              ws_error *err) {
  return load_set(folder, task, options, NULL, true, out, err);
}

ws_status ws_lf_set_load(const char *folder, const ws_task *task,
                         const ws_lf_options *options, ws_lf_set **out, ws_error *err) {
  return ws__lf_set_load(folder, task, options, NULL, out, err);
}
