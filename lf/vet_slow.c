/* SPDX-License-Identifier: MIT
 *
 * Candidates that stay within their limits, and yet cost much on many records.
 *
 * How long calls take is told, but decides nothing: it differs from run to run. What
 * decides is the same everywhere: the steps of patterns and of Lua's string functions,
 * and the instructions of Lua's machine. The candidates run on the sample once more, with
 * a part of what they may take in all: what more than one call in a hundred runs out of
 * is beyond that at the 99th percentile.
 */
#include <inttypes.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "vet_priv.h"

static ws_lf_options tight_limits(const ws_vet_options *options) {
  ws_lf_options tight = options->lf;
  if (tight.pattern_steps > options->slow_steps)
    tight.pattern_steps = options->slow_steps;
  if (tight.lua_steps > options->slow_steps) tight.lua_steps = options->slow_steps;
  tight.lua_instructions = options->slow_instructions;
  return tight;
}

static size_t find_lf(const ws_lf_set *set, const char *name) {
  for (size_t j = 0; set && j < ws_lf_set_count(set); j++)
    if (strcmp(ws_lf_set_at(set, j)->name, name) == 0) return j;
  return WS__NO_LF;
}

/* What needs more only to load is not in the set, and not judged. */
static ws_status judge(ws_vetting *vetting, ws__vet_item *item, const ws_lf_set *set,
                       const ws_apply_report *report) {
  const ws_vet_options *options = &vetting->options;
  size_t lf = find_lf(set, item->verdict.name);
  if (item->failed || lf == WS__NO_LF) return WS_OK;
  const ws_lf_stats *stats = ws_apply_report_at(report, lf);
  uint64_t over = stats->errors_by_kind[WS_LF_ERROR_PATTERN];
  item->verdict.slow_calls = over;
  if (!over || (double)over <= options->most_slow * (double)stats->calls) return WS_OK;
  return ws__vet_reject(vetting, item, WS_VET_CALLS, WS_VET_SLOW,
                        "on %" PRIu64 " of %" PRIu64
                        " records a call takes more than %" PRIu64 " steps or %" PRIu64
                        " instructions, on more than %g %% of them: "
                        "it is to look at less, or at shorter pieces",
                        over, stats->calls, options->slow_steps,
                        options->slow_instructions, options->most_slow * 100);
}

/* Those that were rejected are not called. */
static unsigned char *leave_out(const ws_vetting *vetting, const ws_lf_set *set) {
  unsigned char *out = ws_alloc_array(ws_lf_set_count(set) + 1, 1);
  if (!out) return NULL;
  memset(out, 1, ws_lf_set_count(set) + 1);
  for (size_t i = 0; i < vetting->count; i++) {
    size_t lf = find_lf(set, vetting->items[i].verdict.name);
    if (lf != WS__NO_LF && !vetting->items[i].failed) out[lf] = 0;
  }
  return out;
}

static ws_status run(ws_vetting *vetting, ws_lf_set *set, const ws__vet_sample *sample,
                     ws_error *err) {
  ws_buffer lines = {0};
  ws_apply_report *report = NULL;
  unsigned char *left_out = leave_out(vetting, set);
  ws_status status = WS_ENOMEM;
  if (left_out) status = ws__vet_sample_lines(sample, NULL, &lines);
  if (status != WS_OK) ws_error_nomem(err);
  ws__vet_run how = {.set = set,
                     .lines = ws_buffer_as_text(&lines),
                     .need_text = sample->has_text,
                     .left_out = left_out};
  if (status == WS_OK) status = ws__vet_apply(vetting, &how, &report, err);
  for (size_t i = 0; status == WS_OK && i < vetting->count; i++) {
    status = judge(vetting, &vetting->items[i], set, report);
    if (status != WS_OK) ws_error_nomem(err);
  }
  ws_apply_report_free(report);
  ws_buffer_clear(&lines);
  ws_free(left_out);
  return status;
}

ws_status ws__vet_slow(ws_vetting *vetting, const char *folder,
                       const ws__vet_sample *sample, ws_error *err) {
  ws_lf_options tight = tight_limits(&vetting->options);
  ws_lf_set *set = NULL;
  WS_TRY(ws__lf_set_load_any(folder, vetting->task, &tight, &set, err));
  ws_status status = WS_OK;
  if (set && ws_lf_set_count(set)) status = run(vetting, set, sample, err);
  ws_lf_set_free(set);
  return status;
}
