/* SPDX-License-Identifier: MIT
 *
 * Writing the run. Only the manifest may hold times and paths: the other files are the
 * same bytes whenever the input is the same.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weaksup/json.h>
#include <weaksup/version.h>

#include "fit.h"
#include "load_errors.h"
#include "members.h"
#include "run_paths.h"
#include "table.h"

static ws_status write_votes(fit *f, ws_buffer *bytes, ws_error *err) {
  if (ws_votes_encode(f->parts[DATA].votes, bytes) != WS_OK) return ws_error_nomem(err);
  return run_write_file(f->folder, RUN_VOTES, bytes, err);
}

static ws_status write_label_model(fit *f, ws_buffer *bytes, ws_error *err) {
  WS_TRY(ws_label_model_encode(f->model, bytes, err));
  return run_write_file(f->folder, RUN_LABEL_MODEL, bytes, err);
}

static ws_status write_classifier(fit *f, ws_buffer *bytes, ws_error *err) {
  if (!f->classifier) return WS_OK;
  if (ws_classifier_encode(f->classifier, bytes) != WS_OK) return ws_error_nomem(err);
  return run_write_file(f->folder, RUN_CLASSIFIER, bytes, err);
}

static ws_status write_labels(fit *f, ws_buffer *bytes, ws_error *err) {
  ws_output *output = NULL;
  const char *path = ws_folder_file(f->folder, RUN_LABELS);
  (void)bytes;
  if (!path) return ws_error_nomem(err);
  WS_TRY(ws_output_open(path, &output, err));
  ws_status status =
      run_write_labels(f->labels, f->parts[DATA].votes, WS_LABELS_JSONL, output, err);
  if (status == WS_OK) return ws_output_commit(output, err);
  ws_output_abort(output);
  return status;
}

static void put_results(ws_json_writer *json, const fit *f, bool details) {
  lf_table_json(json, &f->table, details);
  fit_report_json(json, f);
  fit_recipe_json(json, f);
  ws_json_key(json, "scores");
  ws_json_open(json, '{');
  for (int i = 0; i < PARTS; i++)
    if (f->scores[i].has_label_model) score_set_json(json, &f->scores[i]);
  ws_json_close(json, '}');
}

static void put_sentence(ws_json_writer *json, const char *key, ws_text sentence) {
  ws_json_key(json, key);
  if (sentence.size)
    ws_json_text(json, sentence);
  else
    ws_json_null(json);
}

static void put_label_model(ws_json_writer *json, const fit *f) {
  ws_json_key(json, "label_model");
  ws_json_open(json, '{');
  json_put_string(json, "kind", ws_label_model_kind(f->model));
  put_sentence(json, "why", ws_label_model_why(f->model));
  put_sentence(json, "note", ws_label_model_note(f->model));
  json_put_uint(json, "iterations", ws_label_model_iterations(f->model));
  json_put_bool(json, "converged", ws_label_model_converged(f->model));
  json_put_uint(json, "gold_rows", ws_label_model_gold_rows(f->model));
  ws_json_close(json, '}');
}

static ws_status write_metrics(fit *f, ws_buffer *bytes, ws_error *err) {
  ws_json_writer json = {.out = bytes, .indent = 1};
  run_write_format(&json, "weaksup metrics");
  put_results(&json, f, false);
  ws_json_seal(&json);
  if (json.status != WS_OK) return ws_error_nomem(err);
  return run_write_file(f->folder, RUN_METRICS, bytes, err);
}

/* --- the manifest --- */

static void put_part(ws_json_writer *json, const fit *f, const char *name,
                     const part *p) {
  ws_json_key(json, name);
  if (!p->votes) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '{');
  json_put_string(json, "path", p->path);
  json_put_string(json, "xxh3", p->digest);
  json_put_uint(json, "records", ws_votes_rows(p->votes));
  json_put_uint(json, "skipped", p->skipped);
  if (p->votes_path) {
    json_put_string(json, "votes_path", p->votes_path);
    json_put_string(json, "votes_xxh3", p->votes_digest);
  }
  if (p->report) {
    json_put_uint(json, "vote_errors", ws_apply_report_errors(p->report));
    json_put_uint(json, "cached_lfs", ws_apply_report_cached(p->report));
    lf_table_json_report(json, f->lfs, p->report);
  }
  ws_json_close(json, '}');
}

/* `next` looks for them: their votes tell nothing. */
static void put_placeholders(ws_json_writer *json, const fit *f) {
  if (!f->placeholders.size) return;
  ws_json_key(json, "placeholders");
  ws_json_open(json, '[');
  for (size_t j = 0; j < ws_lf_set_count(f->lfs); j++)
    if (f->has_placeholders[j])
      ws_json_text(json, ws_text_of(ws_lf_set_at(f->lfs, j)->name));
  ws_json_close(json, ']');
}

static void put_lfs(ws_json_writer *json, const fit *f) {
  ws_json_key(json, "lfs");
  if (!f->lfs) {
    ws_json_null(json);
    return;
  }
  ws_json_open(json, '{');
  json_put_string(json, "path", f->o->arguments[0]);
  json_put_string(json, "xxh3", ws_lf_set_digest(f->lfs));
  json_put_uint(json, "count", ws_lf_set_count(f->lfs));
  put_placeholders(json, f);
  ws_json_close(json, '}');
}

static void put_options(ws_json_writer *json, const fit *f) {
  const double *balance = ws_label_model_balance(f->model);
  ws_json_key(json, "options");
  ws_json_open(json, '{');
  json_put_uint(json, "seed", f->o->seed);
  json_put_string(json, "label_model", ws_label_model_kind(f->model));
  ws_json_key(json, "class_balance");
  if (!balance)
    ws_json_null(json);
  else
    ws_json_open(json, '[');
  for (size_t k = 0; balance && k < ws_label_model_classes(f->model); k++)
    ws_json_number(json, balance[k]);
  if (balance) ws_json_close(json, ']');
  json_put_bool(json, "class_balance_in_em", f->o->class_balance_in_em);
  json_put_uint(json, "gold_rows", ws_label_model_gold_rows(f->model));
  json_put_bool(json, "select_lfs", f->o->select_lfs);
  json_put_string(json, "warm_start", f->o->warm_start);
  json_put_bool(json, "classifier", f->classifier != NULL);
  setup_training_json(json, &f->setup, f->classifier);
  json_put_string(json, "weight", f->o->weight);
  json_put_number(json, "c", f->classifier ? f->training.c : (double)NAN);
  json_put_string(json, "on_error",
                  f->setup.reader.on_error == WS_SKIP ? "skip" : "stop");
  json_put_number(json, "quarantine_share", f->setup.apply.quarantine_share);
  ws_json_close(json, '}');
}

static void put_seconds(ws_json_writer *json, const fit *f) {
  const char *const names[] = {"votes", "label_model", "classifier", "scores", "total"};
  const double seconds[] = {f->seconds.votes, f->seconds.label_model,
                            f->seconds.classifier, f->seconds.scores,
                            seconds_now() - f->began};
  ws_json_key(json, "seconds");
  ws_json_open(json, '{');
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    ws_json_key(json, names[i]);
    ws_json_number(json, seconds[i]);
  }
  ws_json_close(json, '}');
}

static ws_status write_manifest(fit *f, ws_buffer *bytes, ws_error *err) {
  ws_json_writer json = {.out = bytes, .indent = 1};
  run_write_format(&json, "weaksup run");
  json_put_string(&json, "weaksup", ws_version());
  run_write_time(&json);
  run_write_origin(&json, f->o->out ? f->o->out : "run");
  run_write_task(&json, f->task);
  put_lfs(&json, f);
  load_errors_json(&json, load_errors_of(f->lfs));
  put_part(&json, f, "data", &f->parts[DATA]);
  put_part(&json, f, "dev", &f->parts[DEV]);
  put_part(&json, f, "test", &f->parts[TEST]);
  put_options(&json, f);
  json_put_bool(&json, "classifier_cached", f->classifier_cached);
  put_seconds(&json, f);
  ws_json_seal(&json);
  if (json.status != WS_OK) return ws_error_nomem(err);
  return run_write_file(f->folder, RUN_MANIFEST, bytes, err);
}

ws_status fit_write(fit *f, ws_error *err) {
  static ws_status (*const writers[])(fit *, ws_buffer *, ws_error *) = {
      write_votes,      write_label_model, write_labels,
      write_classifier, write_metrics,     write_manifest};
  ws_buffer bytes = {0};
  ws_status status = WS_OK;
  for (size_t i = 0; status == WS_OK && i < sizeof writers / sizeof *writers; i++) {
    bytes.size = 0;
    status = writers[i](f, &bytes, err);
  }
  ws_buffer_clear(&bytes);
  WS_TRY(status);
  ws_folder *folder = f->folder;
  f->folder = NULL;
  return ws_folder_commit(folder, err);
}

int fit_print_json(const fit *f) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  ws_json_open(&json, '{');
  json_put_string(&json, "run", f->o->out ? f->o->out : "run");
  put_label_model(&json, f);
  put_results(&json, f, true);
  load_errors_json(&json, load_errors_of(f->lfs));
  ws_json_close(&json, '}');
  return json_print(&json);
}
