/* SPDX-License-Identifier: MIT
 *
 * The stages that run on the sample: what fails, whether another set of processes with
 * other hash seeds says the same of the records in another order, and how often a
 * candidate votes.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/rng.h>

#include "vet_priv.h"

/* --- errors --- */

static ws_status judge_calls(ws_vetting *vetting, ws__vet_item *item,
                             const ws_lf_stats *stats, size_t rows) {
  ws_vet_reason reason = ws__vet_worst(stats, true);
  double allowed = vetting->options.most_crashes * (double)rows;
  item->verdict.records = rows;
  item->verdict.errors = stats->errors;
  if (stats->timed_calls)
    item->verdict.micros = (double)stats->timed_ns / (double)stats->timed_calls / 1000;
  if (stats->p99_ns) item->verdict.p99_micros = (double)stats->p99_ns / 1000;
  bool few = reason == WS_VET_RUNTIME_ERROR && (double)stats->errors <= allowed;
  if (reason == WS_VET_PASSED || few) return WS_OK;
  ws__vet_called called = {WS_VET_CALLS, "records", rows, NULL, NULL};
  return ws__vet_reject_calls(vetting, item, &called, stats, reason);
}

/* --- coverage --- */

static ws_status judge_most(ws_vetting *vetting, ws__vet_item *item, size_t classes) {
  const ws_vet_options *options = &vetting->options;
  const ws_vet_verdict *v = &item->verdict;
  size_t emitted = 0, last = 0;
  for (size_t k = 0; k < classes; k++)
    if (v->votes_by_class[k]) {
      emitted++;
      last = k;
    }
  if (v->records < options->least_records) return WS_OK;
  if (emitted == 1 && v->coverage > options->constant_coverage) {
    ws_text name = ws_task_class(vetting->task, last);
    return ws__vet_reject(vetting, item, WS_VET_COVERAGE, WS_VET_CONSTANT,
                          "votes '%.*s' on %" PRIu64 " of %" PRIu64
                          " records and never for another class",
                          WS_TEXT_ARG(name), v->votes, v->records);
  }
  if (v->coverage <= options->most_coverage) return WS_OK;
  return ws__vet_reject(vetting, item, WS_VET_COVERAGE, WS_VET_COVERAGE_HIGH,
                        "votes on %" PRIu64 " of %" PRIu64
                        " records, more than %g %%: it should abstain unless it is sure",
                        v->votes, v->records, options->most_coverage * 100);
}

static ws_status judge_coverage(ws_vetting *vetting, ws__vet_item *item, size_t classes) {
  const ws_vet_verdict *v = &item->verdict;
  double least = ceil(vetting->options.least_coverage * (double)v->records - 1e-9);
  uint64_t needed = least > 0 ? (uint64_t)least : 0;
  if (needed < vetting->options.least_votes) needed = vetting->options.least_votes;
  if (v->votes == 0)
    return ws__vet_reject(vetting, item, WS_VET_COVERAGE, WS_VET_NEVER_VOTES,
                          "no vote on %" PRIu64 " records", v->records);
  if (v->votes < needed)
    return ws__vet_reject(vetting, item, WS_VET_COVERAGE, WS_VET_COVERAGE_LOW,
                          "votes on %" PRIu64 " of %" PRIu64
                          " records, expected at least %" PRIu64,
                          v->votes, v->records, needed);
  return judge_most(vetting, item, classes);
}

static ws_status count_votes(ws_vetting *vetting, ws__vet_item *item,
                             const int32_t *labels, size_t rows, size_t columns) {
  size_t classes = ws_task_classes(vetting->task);
  uint64_t *counts = ws_arena_alloc(&vetting->arena, classes * sizeof *counts);
  if (!counts) return WS_ENOMEM;
  memset(counts, 0, classes * sizeof *counts);
  for (size_t i = 0; i < rows; i++) {
    int32_t label = labels[i * columns + item->column];
    if (label < 0) continue;
    counts[label]++;
    item->verdict.votes++;
  }
  item->verdict.votes_by_class = counts;
  item->verdict.coverage = (double)item->verdict.votes / (double)rows;
  return WS_OK;
}

/* --- runs --- */

typedef struct trial {
  ws_vetting *vetting;
  const ws__vet_sample *sample;
  size_t rows, columns;    // those of the items that came so far
  size_t *lf_of;           // [columns] of the set
  int32_t *first, *second; // [rows][columns]
  int32_t *into;           // one of them
  uint32_t *order;         // [rows]
  uint64_t *differing;     // [columns]
} trial;

static ws_status on_record(void *user, const ws_record *record, const int32_t *labels,
                           ws_error *err) {
  trial *t = user;
  (void)err;
  int32_t *row = t->into + record->row * t->columns;
  for (size_t c = 0; c < t->columns; c++) row[c] = labels[t->lf_of[c]];
  return WS_OK;
}

static ws_status run(trial *t, ws_lf_set *set, const uint32_t *order, int32_t *into,
                     ws_apply_report **report, ws_error *err) {
  ws_buffer lines = {0};
  if (ws__vet_sample_lines(t->sample, order, &lines) != WS_OK) {
    ws_buffer_clear(&lines);
    return ws_error_nomem(err);
  }
  t->into = into;
  ws__vet_run how = {.set = set,
                     .lines = ws_buffer_as_text(&lines),
                     .need_text = t->sample->has_text,
                     .each = on_record,
                     .user = t};
  ws_status status = ws__vet_apply(t->vetting, &how, report, err);
  ws_buffer_clear(&lines);
  return status;
}

static ws_status run_first(trial *t, ws_error *err) {
  ws_apply_report *report = NULL;
  ws_vetting *vetting = t->vetting;
  ws_status status = run(t, vetting->set, NULL, t->first, &report, err);
  for (size_t i = 0; status == WS_OK && i < vetting->count; i++) {
    ws__vet_item *item = &vetting->items[i];
    if (item->failed) continue;
    const ws_lf_stats *stats = ws_apply_report_at(report, item->lf);
    status = judge_calls(vetting, item, stats, t->rows);
    if (status != WS_OK) ws_error_nomem(err);
  }
  ws_apply_report_free(report);
  return status;
}

void ws__vet_compare(const int32_t *first, const int32_t *second, const uint32_t *order,
                     size_t rows, size_t lfs, uint64_t *differing) {
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < lfs; j++)
      differing[j] += first[order[i] * lfs + j] != second[i * lfs + j];
}

static bool is_same_set(const ws_lf_set *a, const ws_lf_set *b) {
  return ws_lf_set_count(a) == ws_lf_set_count(b) &&
         strcmp(ws_lf_set_digest(a), ws_lf_set_digest(b)) == 0;
}

/* With other hash seeds than the first set has. */
static ws_status load_again(const trial *t, const char *folder, ws_lf_set **out,
                            ws_error *err) {
  ws_lf_options options = t->vetting->options.lf;
  options.hash_salt += 1 + ws_hash64(&t->vetting->options.seed, 8, 0) % 255;
  WS_TRY(ws_lf_set_load(folder, t->vetting->task, &options, out, err));
  if (is_same_set(t->vetting->set, *out)) return WS_OK;
  return ws_error_set(err, WS_ELF, "%s: changed while it was being vetted", folder);
}

static ws_status judge_same(trial *t) {
  ws_vetting *vetting = t->vetting;
  ws__vet_compare(t->first, t->second, t->order, t->rows, t->columns, t->differing);
  for (size_t i = 0; i < vetting->count; i++) {
    ws__vet_item *item = &vetting->items[i];
    if (item->failed) continue;
    uint64_t count = item->verdict.differing = t->differing[item->column];
    if (count)
      WS_TRY(ws__vet_reject(vetting, item, WS_VET_DETERMINISM, WS_VET_VOTES_DIFFER,
                            "says something else of %" PRIu64 " of %zu records in other "
                            "processes and another order",
                            count, t->rows));
  }
  return WS_OK;
}

static ws_status run_again(trial *t, const char *folder, ws_error *err) {
  ws_lf_set *set = NULL;
  ws_rng rng;
  ws_rng_init(&rng, t->vetting->options.seed);
  for (size_t i = 0; i < t->rows; i++) t->order[i] = (uint32_t)i;
  ws_rng_shuffle(&rng, t->order, t->rows);
  ws_status status = load_again(t, folder, &set, err);
  if (status == WS_OK) status = run(t, set, t->order, t->second, NULL, err);
  if (status == WS_OK && judge_same(t) != WS_OK) status = ws_error_nomem(err);
  ws_lf_set_free(set);
  return status;
}

static ws_status judge_votes(trial *t) {
  ws_vetting *vetting = t->vetting;
  for (size_t i = 0; i < vetting->count; i++) {
    ws__vet_item *item = &vetting->items[i];
    if (item->failed) continue;
    WS_TRY(count_votes(vetting, item, t->first, t->rows, t->columns));
    WS_TRY(judge_coverage(vetting, item, ws_task_classes(vetting->task)));
  }
  return WS_OK;
}

/* --- all --- */

static size_t count_left(const ws_vetting *vetting) {
  size_t left = 0;
  for (size_t i = 0; i < vetting->count; i++) left += !vetting->items[i].failed;
  return left;
}

static ws_status go(trial *t, const char *folder, ws_error *err) {
  if (count_left(t->vetting)) WS_TRY(run_first(t, err));
  if (count_left(t->vetting)) WS_TRY(ws__vet_slow(t->vetting, folder, t->sample, err));
  if (count_left(t->vetting)) WS_TRY(run_again(t, folder, err));
  if (judge_votes(t) != WS_OK) return ws_error_nomem(err);
  t->vetting->passed = count_left(t->vetting);
  return ws__vet_keep_votes(t->vetting, t->sample, t->first, t->columns, err);
}

static ws_status make_room(trial *t) {
  ws_vetting *vetting = t->vetting;
  size_t count = count_left(vetting);
  t->lf_of = ws_alloc_array(count, sizeof *t->lf_of);
  t->first = ws_alloc_array(t->rows * count, sizeof *t->first);
  t->second = ws_alloc_array(t->rows * count, sizeof *t->second);
  t->order = ws_alloc_array(t->rows, sizeof *t->order);
  t->differing = ws_alloc_zero(count, sizeof *t->differing);
  if (!t->lf_of || !t->first || !t->second || !t->order || !t->differing)
    return WS_ENOMEM;
  for (size_t i = 0; i < vetting->count; i++) {
    ws__vet_item *item = &vetting->items[i];
    if (item->failed) continue;
    item->column = t->columns;
    t->lf_of[t->columns++] = item->lf;
  }
  return WS_OK;
}

ws_status ws__vet_calls(ws_vetting *vetting, const char *folder,
                        const ws__vet_sample *sample, ws_error *err) {
  trial t = {.vetting = vetting, .sample = sample};
  t.rows = ws_records_count(sample->records);
  ws_status status = make_room(&t) == WS_OK ? go(&t, folder, err) : ws_error_nomem(err);
  ws_free(t.lf_of);
  ws_free(t.first);
  ws_free(t.second);
  ws_free(t.order);
  ws_free(t.differing);
  return status;
}
