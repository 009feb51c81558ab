/* SPDX-License-Identifier: MIT
 *
 * A set of labeling functions, seen from the host: what a first worker process reported
 * about the folder, and who has to be named where one ended.
 */
#include "lf_set_priv.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>

#include "rules.h"

ws_lf_options ws_lf_options_default(void) {
  return (ws_lf_options){.pattern_steps = 1000000,
                         .lua_steps = 1000000,
                         .memory = (uint64_t)64 << 20,
                         .call_cpu_ms = 50,
                         .worker_cpu_ms = 150,
                         .wall_ms = 2000};
}

/* --- what a worker reports --- */

ws_status ws__lf_set_broken(ws_error *err) {
  return ws_error_set(err, WS_ELF, "a worker process sent something unexpected");
}

static bool is_valid(const ws_lf_set *set, const ws_lf_info *info, ws_text name,
                     ws_text file) {
  bool labelled = info->label >= 0 && (size_t)info->label < ws_task_classes(set->task);
  bool any = info->kind == WS_LF_LUA && info->label == WS_ABSTAIN;
  bool prior = info->prior == 0 || (info->prior > 0 && info->prior < 1);
  return ws__is_lf_name(name) && !memchr(file.data, '\0', file.size) &&
         (labelled || any) && prior;
}

static ws_hash128 take_hash(ws_bytes *wire) {
  ws_hash128 hash;
  hash.low = ws_bytes_take(wire, 8);
  hash.high = ws_bytes_take(wire, 8);
  return hash;
}

/* A copy that can be shown. */
static const char *keep_shown(ws_lf_set *set, ws_text text) {
  char *kept = ws_arena_alloc(&set->arena, text.size + 1);
  if (!kept) return NULL;
  memcpy(kept, text.data, text.size);
  kept[text.size] = '\0';
  ws_text_clean(kept, text.size);
  return kept;
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
  uint64_t prior = ws_bytes_take(wire, 8);
  memcpy(&out->prior, &prior, sizeof prior);
  ws_text field = ws_bytes_take_text(wire);
  if (wire->bad || kind > WS_LF_RULE || !is_valid(set, out, name, file) ||
      !ws_utf8_valid(field))
    return ws__lf_set_broken(err);
  out->file = keep_shown(set, file);
  out->field = (ws_text){NULL, 0};
  if (!out->file || ws_arena_text(&set->arena, name, &name) != WS_OK ||
      (field.size && ws_arena_text(&set->arena, field, &out->field) != WS_OK))
    return ws_error_nomem(err);
  out->name = name.data;
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

static ws_status take_notes(ws_lf_set *set, ws_bytes *wire, ws_error *err) {
  uint64_t count = ws_bytes_take(wire, 8);
  if (wire->bad || count > WS__NOTES_MAX) return ws__lf_set_broken(err);
  set->notes = ws_arena_alloc(&set->arena, count * sizeof *set->notes);
  if (!set->notes) return ws_error_nomem(err);
  for (uint64_t i = 0; i < count; i++) {
    ws_text note = ws_bytes_take_text(wire);
    if (wire->bad || note.size > WS__NOTE_SIZE || memchr(note.data, '\0', note.size) ||
        !ws_utf8_valid(note))
      return ws__lf_set_broken(err);
    const char *kept = keep_shown(set, note);
    if (!kept) return ws_error_nomem(err);
    set->notes[set->note_count++] = kept;
  }
  return WS_OK;
}

static int by_name(const void *a, const void *b) {
  return strcmp((*(const ws_lf_info *const *)a)->name,
                (*(const ws_lf_info *const *)b)->name);
}

/* The worker did so itself, but votes are counted by name. */
static ws_status check_names(const ws_lf_set *set, ws_error *err) {
  const ws_lf_info **infos = ws_alloc_array(set->count, sizeof *infos);
  if (!infos) return ws_error_nomem(err);
  for (size_t j = 0; j < set->count; j++) infos[j] = &set->infos[j];
  qsort(infos, set->count, sizeof *infos, by_name);
  bool twice = false;
  for (size_t j = 1; j < set->count && !twice; j++)
    twice = by_name(&infos[j - 1], &infos[j]) == 0;
  ws_free(infos);
  return twice ? ws__lf_set_broken(err) : WS_OK;
}

static ws_status take_failure(uint64_t status, ws_bytes *wire, ws_error *err) {
  ws_text message = ws_bytes_take_text(wire);
  if (wire->bad || message.size == 0 || message.size >= WS_ERROR_MESSAGE_SIZE ||
      memchr(message.data, '\0', message.size))
    return ws__lf_set_broken(err);
  if (status == WS_ENOMEM) return ws_error_nomem(err);
  return ws_error_set(err, status == WS_EIO ? WS_EIO : WS_ELF, "%.*s", (int)message.size,
                      message.data);
}

static ws_status take_problems(ws_lf_set *set, ws_bytes *wire, ws_error *err) {
  ws_status status = ws__take_problems(wire, &set->problems);
  if (status == WS_ENOMEM) return ws_error_nomem(err);
  if (status != WS_OK || (set->problems.count && !set->options.keep_going))
    return ws__lf_set_broken(err);
  ws__problems_clean_files(&set->problems);
  return WS_OK;
}

static ws_status list_problems(const ws__problems *problems, ws_buffer *out) {
  size_t i = 0;
  for (; i < problems->count && out->size < WS_ERROR_MESSAGE_SIZE / 2; i++)
    WS_TRY(ws_buffer_printf(out, "%s%s", i ? "; " : "", problems->items[i].message));
  return i == problems->count
             ? WS_OK
             : ws_buffer_printf(out, "; and %zu more", problems->count - i);
}

/* Files do define labeling functions, and none can be loaded. */
static ws_status nothing_left(const ws_lf_set *set, ws_error *err) {
  ws_buffer list = {0};
  if (set->problems.count == 0) return ws__lf_set_broken(err);
  if (list_problems(&set->problems, &list) == WS_OK)
    ws_error_set(err, WS_ELF, "%s: no labeling function can be loaded: %s",
                 set->folder.data, list.data);
  else
    ws_error_nomem(err);
  ws_buffer_clear(&list);
  return err ? err->status : WS_ELF;
}

static ws_status changed(const ws_lf_set *set, ws_error *err) {
  return ws_error_set(err, WS_ELF, "%s: changed while it was being applied",
                      set->folder.data);
}

ws_status ws__lf_set_read(ws_lf_set *set, ws_text manifest, bool again, ws_error *err) {
  ws_bytes wire = ws_bytes_of(manifest);
  uint64_t status = ws_bytes_take(&wire, 8);
  if (status == WS__LOAD_AGAIN && again) return changed(set, err);
  if (status != WS_OK) return take_failure(status, &wire, err);
  ws_text digest = ws_bytes_take_text(&wire);
  uint64_t count = ws_bytes_take(&wire, 8);
  if (wire.bad || digest.size != sizeof set->digest - 1 || count > WS__LFS_MAX)
    return ws__lf_set_broken(err);
  if (again) {
    bool same = count == set->count &&
                memcmp(digest.data, set->digest, digest.size) == 0 &&
                ws_bytes_take(&wire, 8) == set->problems.count;
    return same ? WS_OK : changed(set, err);
  }
  memcpy(set->digest, digest.data, digest.size);
  WS_TRY(take_problems(set, &wire, err));
  if (count == 0 && set->may_be_empty) return WS_OK;
  if (count == 0) return nothing_left(set, err);
  WS_TRY(take_infos(set, &wire, count, err));
  WS_TRY(check_names(set, err));
  return take_notes(set, &wire, err);
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
  char end[128], file[sizeof((ws__shared *)0)->loading];
  snprintf(file, sizeof file, "%s", loading);
  ws_text_clean(file, strlen(file));
  ws__describe_end(status, set->load.end_cpu_ms, end, sizeof end);
  if (!*file)
    return ws_error_set(err, WS_ELF, "%s: does not work as a worker process: %s",
                        set->program.data, stuck ? "no answer" : end);
  if (stuck)
    return ws_error_set(err, WS_ELF, "%s: not loaded after %u ms", file,
                        set->load.wall_ms);
  return ws_error_set(err, WS_ELF, "%s: cannot be loaded: %s", file, end);
}

void ws_lf_set_free(ws_lf_set *set) {
  if (!set) return;
  ws_arena_clear(&set->arena);
  ws__problems_clear(&set->outside);
  ws__problems_clear(&set->problems);
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

size_t ws_lf_set_notes(const ws_lf_set *set) {
  return set->note_count;
}

const char *ws_lf_set_note(const ws_lf_set *set, size_t i) {
  return set->notes[i];
}

const char *ws_lf_set_digest(const ws_lf_set *set) {
  return set->digest;
}

size_t ws_lf_set_problem_count(const ws_lf_set *set) {
  return set->problems.count;
}

const ws_lf_problem *ws_lf_set_problem_at(const ws_lf_set *set, size_t i) {
  return &set->problems.items[i];
}
