/* SPDX-License-Identifier: MIT
 *
 * Reading the run, and having counted what the page shows of it. The figures that fit
 * printed are taken from metrics.json as they stand there.
 */
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

#include "report.h"
#include "report_page.h"
#include "run_folder.h"
#include "run_paths.h"

static ws_value value_of(const ws_buffer *bytes) {
  return (ws_value){(const unsigned char *)bytes->data};
}

/* A run of `train` has neither LFs nor votes. */
static ws_status check_kind(const report *r, ws_error *err) {
  if (ws_value_get(r->metrics, ws_text_of("lfs")).at) return WS_OK;
  return ws_error_set(
      err, WS_EINVAL,
      "%s: expected a run of `weaksup fit`, found one of `weaksup train`, which has no "
      "labeling functions: `weaksup inspect` and `weaksup evaluate` tell of it",
      r->run);
}

static ws_status read_run(report *r, ws_error *err) {
  WS_TRY(run_check(r->run, err));
  WS_TRY(run_task(r->run, &r->task, err));
  WS_TRY(run_metrics(r->run, &r->metrics_bytes, err));
  r->metrics = value_of(&r->metrics_bytes);
  WS_TRY(check_kind(r, err));
  WS_TRY(run_manifest(r->run, &r->manifest_bytes, err));
  r->manifest = value_of(&r->manifest_bytes);
  WS_TRY(run_votes(r->run, &r->votes, err));
  WS_TRY(run_label_model(r->run, &r->model, err));
  WS_TRY(run_classifier(r->run, r->task, &r->classifier, err));
  WS_TRY(lf_table_read(r->metrics, &r->table, err));
  WS_TRY(lf_table_read_report(r->manifest, &r->table, err));
  return load_errors_read(r->manifest, &r->arena, &r->errors, err);
}

/* Files of one run belong together: what was swapped by hand is told, not shown. */
static ws_status check_parts(const report *r, ws_error *err) {
  size_t M = ws_votes_lfs(r->votes), K = ws_votes_classes(r->votes);
  bool same = M == r->table.count && K == ws_task_classes(r->task) &&
              ws_votes_rows(r->votes) == r->table.records;
  for (size_t j = 0; same && j < M; j++)
    same = ws_text_equal(ws_votes_lf(r->votes, j), r->table.rows[j].name);
  for (size_t k = 0; same && k < K; k++)
    same = ws_text_equal(ws_votes_class(r->votes, k), ws_task_class(r->task, k));
  if (same) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "%s: expected the votes of the run in %s, found those of another "
                      "one: fit again",
                      r->run, RUN_VOTES);
}

static ws_status vote_by_majority(report *r, ws_error *err) {
  ws_label_model *majority = NULL;
  ws_label_model_options how = ws_label_model_options_default();
  how.kind = "mv";
  WS_TRY(ws_label_model_fit(r->votes, &how, &majority, err));
  ws_status status = ws_label_model_predict(majority, r->votes, &r->majority, err);
  ws_label_model_free(majority);
  return status;
}

static ws_status count(report *r) {
  WS_TRY(ws_label_summary_find(r->labels, r->votes, &r->summary));
  WS_TRY(ws_label_changes_find(r->majority, r->labels, r->votes, &r->changes));
  WS_TRY(ws_vote_pairs_find(r->votes, REPORT_PAIRS, &r->pairs));
  return ws_examples_pick(r->votes, r->labels, r->majority, (size_t)r->o->examples,
                          r->o->seed, &r->examples);
}

/* It belongs to the work, not to the run: without it the page can be made all the same.
 */
static ws_status read_journal(report *r, ws_error *err) {
  ws_error why = WS_ERROR_INIT;
  ws_status status = journal_read(&r->journal, r->run, &why);
  if (status == WS_ENOMEM) return ws_error_nomem(err);
  if (status != WS_OK && ws_buffer_string(&r->journal_note, why.message) != WS_OK)
    return ws_error_nomem(err);
  return WS_OK;
}

ws_status report_load(report *r, ws_error *err) {
  WS_TRY(read_run(r, err));
  WS_TRY(read_journal(r, err));
  WS_TRY(check_parts(r, err));
  WS_TRY(ws_label_model_predict(r->model, r->votes, &r->labels, err));
  WS_TRY(vote_by_majority(r, err));
  return count(r) == WS_OK ? WS_OK : ws_error_nomem(err);
}

void report_clear(report *r) {
  report_clear_records(r);
  journal_clear(&r->journal);
  ws_buffer_clear(&r->journal_note);
  ws_reliability_free(r->gold.label_model);
  ws_reliability_free(r->gold.classifier);
  ws_buffer_clear(&r->gold.note);
  ws_lf_set_free(r->lfs);
  ws_examples_clear(&r->examples);
  ws_label_changes_clear(&r->changes);
  ws_label_summary_clear(&r->summary);
  ws_vote_pairs_free(r->pairs);
  ws_labels_free(r->labels);
  ws_labels_free(r->majority);
  lf_table_clear(&r->table);
  ws_classifier_free(r->classifier);
  ws_label_model_free(r->model);
  ws_votes_free(r->votes);
  ws_buffer_clear(&r->metrics_bytes);
  ws_buffer_clear(&r->manifest_bytes);
  ws_task_free(r->task);
  ws_arena_clear(&r->arena);
  setup_clear(&r->setup);
}

/* --- files that the manifest names -------------------------------------------------- */

static const char *kept(report *r, ws_text text) {
  ws_text copy;
  if (text.size == 0 || ws_arena_text(&r->arena, text, &copy) != WS_OK) return NULL;
  return copy.data;
}

const char *report_kept_path(report *r, ws_value file) {
  ws_buffer path = {0};
  bool found = run_put_path(&path, r->run, r->manifest, file) == WS_OK;
  const char *copy = found ? kept(r, ws_buffer_as_text(&path)) : NULL;
  ws_buffer_clear(&path);
  return copy;
}

const char *report_path_of(report *r, const char *set, const char **digest) {
  ws_value file = run_file_of(r->manifest, set);
  const char *path = report_kept_path(r, file);
  *digest = path ? kept(r, run_file_hash(file)) : NULL;
  return *digest ? path : NULL;
}

ws_status report_same_file(const char *path, const char *digest, bool *same,
                           ws_buffer *why) {
  ws_hash128 hash;
  ws_error err = WS_ERROR_INIT;
  char found[33];
  *same = false;
  if (strcmp(path, "-") == 0)
    return ws_buffer_string(why, "the records came from standard input");
  ws_status status = ws_hash128_file(path, &hash, &err);
  if (status == WS_ENOMEM) return status;
  if (status != WS_OK) return ws_buffer_string(why, err.message);
  ws_hash128_hex(hash, found);
  *same = strcmp(found, digest) == 0;
  if (*same) return WS_OK;
  return ws_buffer_printf(
      why, "%s: it changed since the run was made, or is another file", path);
}
