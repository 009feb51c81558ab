/* SPDX-License-Identifier: MIT
 *
 * The first stage: what the files are before anything of them runs, and what a worker
 * says of loading them. The parent reads them as bytes and no more.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <weaksup/alloc.h>
#include <weaksup/output.h>

#include "vet_priv.h"

/* What is wrong with the bytes of a file. */
typedef struct look {
  ws_vet_reason reason; // WS_VET_PASSED: nothing
  size_t size;
} look;

static look look_at(const ws_vetting *vetting, ws_text bytes) {
  look found = {WS_VET_PASSED, bytes.size};
  bool code = bytes.size && bytes.data[0] == '\x1B';
  if (code || memchr(bytes.data, '\0', bytes.size) || !ws_utf8_valid(bytes))
    found.reason = WS_VET_NOT_TEXT;
  else if (bytes.size > vetting->options.source_max)
    found.reason = WS_VET_TOO_LARGE;
  return found;
}

static bool is_larger(const char *path, size_t most) {
  struct stat about;
  return stat(path, &about) == 0 && about.st_size > (off_t)most;
}

static ws_status read_file(const ws_vetting *vetting, const char *path, look *out,
                           ws_error *err) {
  ws_buffer bytes = {0};
  ws_status status = ws_input_file(path, WS__SOURCE_MAX, &bytes, NULL);
  *out = (look){WS_VET_PASSED, 0};
  if (status == WS_ENOMEM) ws_error_nomem(err);
  if (status == WS_OK && bytes.size) *out = look_at(vetting, ws_buffer_as_text(&bytes));
  if (status == WS_EIO && is_larger(path, WS__SOURCE_MAX))
    *out = (look){WS_VET_TOO_LARGE, WS__SOURCE_MAX + 1};
  ws_buffer_clear(&bytes);
  return status == WS_ENOMEM ? status : WS_OK; // loading says why
}

/* --- items --- */

static ws_status add_item(ws_vetting *vetting, const char *name, const char *file,
                          uint64_t line, ws__vet_item **out) {
  ws_text kept_name, kept_file;
  if (!ws_grow(&vetting->items, &vetting->capacity, vetting->count + 1,
               sizeof *vetting->items))
    return WS_ENOMEM;
  WS_TRY(ws_arena_text(&vetting->arena, ws_text_of(name), &kept_name));
  file = ws__vet_below(vetting, file);
  WS_TRY(ws_arena_text(&vetting->arena, ws_text_of(file), &kept_file));
  ws__vet_item *item = &vetting->items[vetting->count++];
  *item = (ws__vet_item){.lf = WS__NO_LF};
  item->verdict = (ws_vet_verdict){.name = kept_name.data,
                                   .file = kept_file.data,
                                   .line = line,
                                   .label = WS_ABSTAIN,
                                   .evidence = "",
                                   .micros = -1,
                                   .p99_micros = -1};
  *out = item;
  return WS_OK;
}

static ws_vet_reason reason_of(const ws_lf_problem *problem) {
  static const ws_vet_reason reasons[] = {[WS_LF_PROBLEM_COMPILE_ERROR] =
                                              WS_VET_COMPILE_ERROR,
                                          [WS_LF_PROBLEM_LOAD_ERROR] = WS_VET_LOAD_ERROR,
                                          [WS_LF_PROBLEM_TIME] = WS_VET_LOAD_TIME,
                                          [WS_LF_PROBLEM_MEMORY] = WS_VET_LOAD_MEMORY,
                                          [WS_LF_PROBLEM_KILLED] = WS_VET_LOAD_KILLED};
  return problem->name_taken ? WS_VET_NAME_TAKEN : reasons[problem->kind];
}

static ws_status add_failed(ws_vetting *vetting, const ws_lf_problem *problem,
                            const char *name, const char *message) {
  ws__vet_item *item;
  WS_TRY(add_item(vetting, name, problem->file, problem->line, &item));
  return ws__vet_reject(vetting, item, WS_VET_STATIC, reason_of(problem), "%s", message);
}

/* One for each labeling function that it costs. */
static ws_status add_problem(ws_vetting *vetting, const ws_lf_problem *problem) {
  ws_buffer message = {0};
  ws_status status = ws__vet_message(vetting, problem->message, &message);
  if (status == WS_OK && problem->lf_count == 0)
    status = add_failed(vetting, problem, "", message.data);
  for (size_t i = 0; status == WS_OK && i < problem->lf_count; i++)
    status = add_failed(vetting, problem, problem->lfs[i], message.data);
  ws_buffer_clear(&message);
  return status;
}

static ws_status add_loaded(ws_vetting *vetting, size_t lf) {
  const ws_lf_info *info = ws_lf_set_at(vetting->set, lf);
  ws__vet_item *item;
  WS_TRY(add_item(vetting, info->name, info->file, info->line, &item));
  item->lf = lf;
  item->verdict.loaded = true;
  item->verdict.kind = info->kind;
  item->verdict.label = info->label;
  item->verdict.source = info->key;
  return WS_OK;
}

/* --- files --- */

static ws_status judge_look(ws_vetting *vetting, ws__vet_item *item, look found) {
  item->failed = false; // this comes before what the worker found
  if (found.reason == WS_VET_TOO_LARGE)
    return ws__vet_reject(vetting, item, WS_VET_STATIC, found.reason,
                          "%s: expected at most %zu bytes, found %s%zu",
                          item->verdict.file, vetting->options.source_max,
                          found.size > WS__SOURCE_MAX ? "more than " : "",
                          found.size > WS__SOURCE_MAX ? found.size - 1 : found.size);
  return ws__vet_reject(vetting, item, WS_VET_STATIC, found.reason,
                        "%s: expected UTF-8 text, found other bytes", item->verdict.file);
}

/* A file of which nothing was said defines nothing. */
static ws_status add_empty(ws_vetting *vetting, const char *file) {
  ws__vet_item *item;
  WS_TRY(add_item(vetting, "", file, 0, &item));
  return ws__vet_reject(vetting, item, WS_VET_STATIC, WS_VET_LOAD_ERROR,
                        "%s: defines no labeling function", item->verdict.file);
}

static ws_status judge_file(ws_vetting *vetting, const char *path, size_t before,
                            ws_error *err) {
  look found;
  char *shown = ws_alloc(strlen(path) + 1);
  if (!shown) return WS_ENOMEM;
  memcpy(shown, path, strlen(path) + 1);
  ws_text_clean(shown, strlen(shown)); // as items have it
  const char *file = ws__vet_below(vetting, shown);
  bool any = false;
  ws_status status = read_file(vetting, path, &found, err);
  for (size_t i = 0; status == WS_OK && i < before; i++) {
    ws__vet_item *item = &vetting->items[i];
    if (strcmp(item->verdict.file, file) != 0) continue;
    any = true;
    if (found.reason) status = judge_look(vetting, item, found);
  }
  if (status == WS_OK && !any) {
    status = add_empty(vetting, shown);
    if (status == WS_OK && found.reason)
      status = judge_look(vetting, &vetting->items[vetting->count - 1], found);
  }
  ws_free(shown);
  return status;
}

static ws_status judge_files(ws_vetting *vetting, ws_error *err) {
  size_t before = vetting->count;
  for (size_t i = 0; i < ws__files_count(vetting->files); i++)
    WS_TRY(judge_file(vetting, ws__files_path(vetting->files, i), before, err));
  return WS_OK;
}

static bool is_of_file(const ws_vetting *vetting, size_t i, size_t first) {
  return i < vetting->count &&
         strcmp(vetting->items[i].verdict.file, vetting->items[first].verdict.file) == 0;
}

/* Items of a file stand together. A few lines of code define as many LFs as they like. */
static ws_status judge_counts(ws_vetting *vetting) {
  size_t most = vetting->options.lfs_max;
  for (size_t i = 0, end; i < vetting->count; i = end) {
    size_t loaded = 0;
    for (end = i; is_of_file(vetting, end, i); end++)
      loaded += vetting->items[end].verdict.loaded;
    for (size_t j = i; j < end && loaded > most; j++)
      WS_TRY(ws__vet_reject(vetting, &vetting->items[j], WS_VET_STATIC, WS_VET_TOO_LARGE,
                            "%s: expected at most %zu labeling functions, found %zu",
                            vetting->items[j].verdict.file, most, loaded));
  }
  return WS_OK;
}

static ws_status judge_names(ws_vetting *vetting) {
  for (size_t i = 0; i < vetting->count; i++)
    for (size_t t = 0; t < vetting->options.taken_count; t++) {
      ws__vet_item *item = &vetting->items[i];
      if (strcmp(item->verdict.name, vetting->options.taken[t]) == 0)
        WS_TRY(ws__vet_reject(vetting, item, WS_VET_STATIC, WS_VET_NAME_TAKEN,
                              "there is a labeling function called '%s' already",
                              item->verdict.name));
    }
  return WS_OK;
}

/* --- all --- */

static int by_place(const void *a, const void *b) {
  const ws__vet_item *x = a, *y = b;
  int order = strcmp(x->verdict.file, y->verdict.file);
  if (order) return order;
  if (x->verdict.line != y->verdict.line)
    return x->verdict.line < y->verdict.line ? -1 : 1;
  if (x->lf != y->lf) return x->lf < y->lf ? -1 : 1;
  return strcmp(x->verdict.name, y->verdict.name);
}

static ws_status list(ws_vetting *vetting, ws_error *err) {
  size_t lfs = vetting->set ? ws_lf_set_count(vetting->set) : 0;
  vetting->left_out = ws_alloc_zero(lfs, 1);
  vetting->of_lf = ws_alloc_zero(lfs, sizeof *vetting->of_lf);
  if (!vetting->left_out || !vetting->of_lf) return WS_ENOMEM;
  for (size_t j = 0; j < lfs; j++) WS_TRY(add_loaded(vetting, j));
  for (size_t i = 0; vetting->set && i < ws_lf_set_problem_count(vetting->set); i++)
    WS_TRY(add_problem(vetting, ws_lf_set_problem_at(vetting->set, i)));
  WS_TRY(judge_files(vetting, err));
  WS_TRY(judge_names(vetting));
  if (vetting->count)
    qsort(vetting->items, vetting->count, sizeof *vetting->items, by_place);
  WS_TRY(judge_counts(vetting));
  for (size_t i = 0; i < vetting->count; i++)
    if (vetting->items[i].lf != WS__NO_LF) vetting->of_lf[vetting->items[i].lf] = i;
  return WS_OK;
}

ws_status ws__vet_load(ws_vetting *vetting, const char *folder, ws_error *err) {
  if (ws__files_count(vetting->files) == 0)
    return ws_error_set(err, WS_ELF,
                        "%s: expected files *.lua or *.rules of labeling functions, "
                        "found none",
                        folder);
  WS_TRY(ws__lf_set_load_any(folder, vetting->task, &vetting->options.lf, &vetting->set,
                             err));
  ws_status status = list(vetting, err);
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}
