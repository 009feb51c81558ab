/* SPDX-License-Identifier: MIT
 *
 * A set of labeling functions, seen from the host: what a first worker process reported
 * about the folder, and what later ones have to be told.
 */
#include "lf_set_priv.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>

#include "rules.h"

enum { LFS_MAX = 1000000 };

ws_lf_options ws_lf_options_default(void) {
  return (ws_lf_options){.pattern_steps = 1000000,
                         .lua_steps = 1000000,
                         .memory = (uint64_t)64 << 20,
                         .call_cpu_ms = 50,
                         .worker_cpu_ms = 150,
                         .wall_ms = 2000};
}

/* --- what a worker reports --- */

static ws_status broken(ws_error *err) {
  return ws_error_set(err, WS_ELF, "a worker process sent something unexpected");
}

static bool is_valid(const ws_lf_set *set, const ws_lf_info *info, ws_text name,
                     ws_text file) {
  bool labelled = info->label >= 0 && (size_t)info->label < ws_task_classes(set->task);
  return ws__is_lf_name(name) && !memchr(file.data, '\0', file.size) &&
         (info->kind == WS_LF_LUA ? info->label == WS_ABSTAIN : labelled) &&
         (info->kind == WS_LF_LUA || info->kind == WS_LF_KEYWORDS ||
          info->kind == WS_LF_RULE);
}

static ws_hash128 take_hash(ws_bytes *wire) {
  ws_hash128 hash;
  hash.low = ws_bytes_take(wire, 8);
  hash.high = ws_bytes_take(wire, 8);
  return hash;
}

static ws_status take_info(ws_lf_set *set, ws_bytes *wire, ws_lf_info *out,
                           ws_error *err) {
  ws_text name = ws_bytes_take_text(wire), file = ws_bytes_take_text(wire);
  uint64_t kind = ws_bytes_take(wire, 8);
  out->kind = kind <= WS_LF_RULE ? (ws_lf_kind)kind : WS_LF_LUA;
  out->line = ws_bytes_take(wire, 8);
  out->label = (int32_t)(uint32_t)ws_bytes_take(wire, 8);
  out->key = take_hash(wire);
  out->error_key = take_hash(wire);
  if (wire->bad || kind > WS_LF_RULE || !is_valid(set, out, name, file))
    return broken(err);
  if (ws_arena_text(&set->arena, name, &name) != WS_OK ||
      ws_arena_text(&set->arena, file, &file) != WS_OK)
    return ws_error_nomem(err);
  out->name = name.data;
  out->file = file.data;
  return WS_OK;
}

static ws_status take_infos(ws_lf_set *set, ws_bytes *wire, uint64_t count,
                            ws_error *err) {
  set->infos = ws_arena_alloc(&set->arena, count * sizeof *set->infos);
  if (!set->infos) return ws_error_nomem(err);
  for (uint64_t j = 0; j < count; j++) WS_TRY(take_info(set, wire, &set->infos[j], err));
  set->count = count;
  return WS_OK;
}

static ws_status take_failure(uint64_t status, ws_bytes *wire, ws_error *err) {
  ws_text message = ws_bytes_take_text(wire);
  if (wire->bad || message.size >= WS_ERROR_MESSAGE_SIZE) return broken(err);
  if (status == WS_ENOMEM) return ws_error_nomem(err);
  return ws_error_set(err, status == WS_EIO ? WS_EIO : WS_ELF, "%.*s", (int)message.size,
                      message.data);
}

ws_status ws__lf_set_read(ws_lf_set *set, ws_text manifest, bool again, ws_error *err) {
  ws_bytes wire = ws_bytes_of(manifest);
  uint64_t status = ws_bytes_take(&wire, 8);
  if (status != WS_OK) return take_failure(status, &wire, err);
  ws_text digest = ws_bytes_take_text(&wire);
  uint64_t count = ws_bytes_take(&wire, 8);
  if (wire.bad || digest.size != sizeof set->digest - 1 || count == 0 || count > LFS_MAX)
    return broken(err);
  if (again) {
    bool same = count == set->count && memcmp(digest.data, set->digest, digest.size) == 0;
    if (same) return WS_OK;
    return ws_error_set(err, WS_ELF, "%s: changed while it was being applied",
                        set->folder.data);
  }
  memcpy(set->digest, digest.data, digest.size);
  return take_infos(set, &wire, count, err);
}

void ws__describe_end(int status, unsigned cpu_ms, char *out, size_t size) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == WS__EXIT_TIME)
    snprintf(out, size, "took more than %u ms of CPU time", cpu_ms);
  else if (WIFSIGNALED(status))
    snprintf(out, size, "its worker process died of signal %d", WTERMSIG(status));
  else
    snprintf(out, size, "its worker process ended with exit code %d",
             WEXITSTATUS(status));
}

ws_status ws__lf_set_fail(const ws_lf_set *set, int status, const char *loading,
                          bool stuck, ws_error *err) {
  char end[128];
  ws__describe_end(status, 2 * WS__LOAD_CPU_MS, end, sizeof end);
  if (!*loading)
    return ws_error_set(err, WS_ELF, "%s: does not work as a worker process: %s",
                        set->program.data, stuck ? "no answer" : end);
  if (stuck)
    return ws_error_set(err, WS_ELF, "%s: not loaded after %d ms", loading,
                        (int)WS__LOAD_WALL_MS);
  return ws_error_set(err, WS_ELF, "%s: cannot be loaded: %s", loading, end);
}

/* --- loading --- */

/* Reads what the worker says that it loaded. */
static ws_status await(ws_lf_set *set, ws__worker *worker, ws_error *err) {
  ws__frame frame;
  ws_text payload;
  bool found, open;
  WS_TRY(ws__worker_await(worker, &frame, &payload, &found, &open, err));
  if (found && frame.kind != WS__FRAME_LOADED) return broken(err);
  if (found) return ws__lf_set_read(set, payload, false, err);
  char loading[sizeof worker->shared->loading];
  memcpy(loading, worker->shared->loading, sizeof loading);
  loading[sizeof loading - 1] = '\0';
  int status = ws__worker_end(worker, open);
  return ws__lf_set_fail(set, status, loading, open, err);
}

static ws_status prepare(ws_lf_set *set, const char *folder, ws_error *err) {
  const char *text = ws_task_get(set->task, WS_TASK_TEXT);
  const char *program = set->options.worker;
  if (!program) return ws_error_set(err, WS_EINVAL, "no worker program is set");
  if (ws_arena_text(&set->arena, ws_text_of(folder), &set->folder) != WS_OK ||
      ws_arena_text(&set->arena, ws_text_of(program), &set->program) != WS_OK)
    return ws_error_nomem(err);
  set->options.worker = set->program.data;
  ws__worker_init init = {.limits = set->options,
                          .folder = set->folder,
                          .text_field = ws_text_of(text ? text : "text"),
                          .task = set->task};
  return ws__put_init(&set->init, &init) == WS_OK ? WS_OK : ws_error_nomem(err);
}

static ws_status load(ws_lf_set *set, const char *folder, ws_error *err) {
  ws__worker worker;
  WS_TRY(prepare(set, folder, err));
  WS_TRY(
      ws__worker_start(set->program.data, ws_buffer_as_text(&set->init), &worker, err));
  ws_status status = await(set, &worker, err);
  ws__worker_end(&worker, status != WS_OK);
  return status;
}

ws_status ws_lf_set_load(const char *folder, const ws_task *task,
                         const ws_lf_options *options, ws_lf_set **out, ws_error *err) {
  ws_lf_set *set = ws_alloc_zero(1, sizeof *set);
  if (!set) return ws_error_nomem(err);
  set->task = task;
  set->options = options ? *options : ws_lf_options_default();
  ws_status status = load(set, folder, err);
  if (status == WS_OK)
    *out = set;
  else
    ws_lf_set_free(set);
  return status;
}

void ws_lf_set_free(ws_lf_set *set) {
  if (!set) return;
  ws_arena_clear(&set->arena);
  ws_buffer_clear(&set->init);
  ws_free(set);
}

size_t ws_lf_set_count(const ws_lf_set *set) {
  return set->count;
}

const ws_lf_info *ws_lf_set_at(const ws_lf_set *set, size_t j) {
  return &set->infos[j];
}

ws_hash128 ws__lf_key(const ws_lf_set *set, size_t j) {
  return set->infos[j].key;
}

const char *ws_lf_set_digest(const ws_lf_set *set) {
  return set->digest;
}
