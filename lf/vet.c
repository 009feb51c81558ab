/* SPDX-License-Identifier: MIT
 *
 * Vetting: the stages in their order, and what is said of each candidate. A candidate
 * that is rejected is not called any more, so that the others do not wait for it; what it
 * would have said later nobody needs.
 */
#include <weaksup/vet.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "vet_priv.h"

const char *ws_vet_stage_name(ws_vet_stage stage) {
  static const char *const names[WS_VET_STAGES] = {"static", "edge_records", "calls",
                                                   "determinism", "coverage"};
  return names[stage];
}

const char *ws_vet_reason_name(ws_vet_reason reason) {
  static const char *const names[WS_VET_REASONS] = {
      "passed",       "too_large",    "not_text",    "compile_error", "load_error",
      "load_time",    "load_memory",  "load_killed", "name_taken",    "runtime_error",
      "vote_error",   "limit_cpu",    "limit_mem",   "limit_pattern", "killed",
      "slow",         "votes_differ", "never_votes", "coverage_low",  "constant",
      "coverage_high"};
  return names[reason];
}

ws_vet_options ws_vet_options_default(void) {
  return (ws_vet_options){.lf = ws_lf_options_default(),
                          .records = 5000,
                          .source_max = 16 << 10,
                          .lfs_max = 64,
                          .most_crashes = 0.01,
                          .most_slow = 0.01,
                          .slow_steps = 200000,
                          .slow_instructions = 1000000,
                          .least_coverage = 0.002,
                          .least_votes = 2,
                          .most_coverage = 0.98,
                          .constant_coverage = 0.9,
                          .least_records = 20};
}

/* --- evidence --- */

ws_status ws__vet_reject(ws_vetting *vetting, ws__vet_item *item, ws_vet_stage stage,
                         ws_vet_reason reason, const char *evidence, ...) {
  char line[WS_ERROR_MESSAGE_SIZE];
  ws_text kept;
  va_list values;
  if (item->failed) return WS_OK;
  va_start(values, evidence);
  vsnprintf(line, sizeof line, evidence, values);
  va_end(values);
  ws_text_clean(line, strlen(line));
  WS_TRY(ws_arena_text(&vetting->arena, ws_text_of(line), &kept));
  item->failed = true;
  item->verdict.stage = stage;
  item->verdict.reason = reason;
  item->verdict.evidence = kept.data;
  if (item->lf != WS__NO_LF) vetting->left_out[item->lf] = 1;
  return WS_OK;
}

static size_t root_size(const ws_vetting *vetting) {
  return strlen(ws__files_root(vetting->files));
}

const char *ws__vet_below(const ws_vetting *vetting, const char *path) {
  size_t size = root_size(vetting);
  if (size == 0 || strncmp(path, ws__files_root(vetting->files), size) != 0) return path;
  return path[size] == '/' ? path + size + 1 : path;
}

/* Where the folder lies is nobody's business, and differs from run to run. */
ws_status ws__vet_message(const ws_vetting *vetting, const char *message,
                          ws_buffer *out) {
  const char *root = ws__files_root(vetting->files), *at;
  size_t size = root_size(vetting);
  out->size = 0;
  while (size && (at = strstr(message, root))) {
    bool whole = at[size] == '/';
    size_t kept = (size_t)(at - message) + (whole ? 0 : size);
    WS_TRY(ws_buffer_append(out, message, kept));
    message = at + size + (whole ? 1 : 0);
  }
  return ws_buffer_string(out, message);
}

/* --- life --- */

void ws_vetting_free(ws_vetting *vetting) {
  if (!vetting) return;
  ws__files_free(vetting->files);
  ws_lf_set_free(vetting->set);
  ws_votes_free(vetting->votes);
  ws_free(vetting->items);
  ws_free(vetting->of_lf);
  ws_free(vetting->left_out);
  ws_arena_clear(&vetting->arena);
  ws_free(vetting);
}

static void finish(ws_vetting *vetting) {
  for (size_t i = 0; i < vetting->count; i++) {
    ws__vet_item *item = &vetting->items[i];
    item->verdict.passed = !item->failed;
    if (item->failed) continue;
    item->verdict.stage = WS_VET_COVERAGE;
    item->verdict.evidence = "";
  }
}

static ws_status vet(ws_vetting *vetting, const char *folder, ws_reader *reader,
                     ws_error *err) {
  ws__vet_sample sample = {0};
  WS_TRY(ws__files_open(folder, &vetting->files, err));
  WS_TRY(ws__vet_load(vetting, folder, err));
  ws_status status = ws__vet_sample_read(&sample, reader, vetting->options.records, err);
  if (status == WS_OK && vetting->set && ws_lf_set_count(vetting->set))
    status = ws__vet_edge(vetting, ws_records_at(sample.records, 0), err);
  if (status == WS_OK) status = ws__vet_calls(vetting, folder, &sample, err);
  ws__vet_sample_clear(&sample);
  if (status == WS_OK) finish(vetting);
  return status;
}

ws_status ws_vet(const char *folder, const ws_task *task, ws_reader *sample,
                 const ws_vet_options *options, ws_vetting **out, ws_error *err) {
  ws_vetting *vetting = ws_alloc_zero(1, sizeof *vetting);
  if (!vetting) return ws_error_nomem(err);
  vetting->task = task;
  vetting->options = options ? *options : ws_vet_options_default();
  vetting->options.lf.keep_going = true;
  ws_status status = vet(vetting, folder, sample, err);
  vetting->options.taken = NULL; // was borrowed
  ws__files_free(vetting->files);
  vetting->files = NULL;
  if (status == WS_OK)
    *out = vetting;
  else
    ws_vetting_free(vetting);
  return status;
}

size_t ws_vetting_count(const ws_vetting *vetting) {
  return vetting->count;
}

const ws_vet_verdict *ws_vetting_at(const ws_vetting *vetting, size_t i) {
  return &vetting->items[i].verdict;
}

size_t ws_vetting_passed(const ws_vetting *vetting) {
  return vetting->passed;
}

const ws_votes *ws_vetting_votes(const ws_vetting *vetting) {
  return vetting->votes;
}
