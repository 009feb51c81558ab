/* SPDX-License-Identifier: MIT
 *
 * Writing the run of `weaksup train`: as that of fit, without votes and label model.
 */
#include "train.h"

#include <math.h>

#include <weaksup/hash.h>
#include <weaksup/version.h>

#include "members.h"
#include "run_paths.h"
#include "table.h"

static void put_trial(ws_json_writer *json, const ws_trial *trial) {
  ws_json_open(json, '{');
  const char *name = trial->loss == WS_LOSS_HINGE ? "svm" : "logistic";
  json_put_string(json, "loss", trial->both ? "both" : name);
  json_put_number(json, "c", trial->both ? (double)NAN : trial->c);
  json_put_number(json, "accuracy", trial->accuracy);
  json_put_number(json, "log_loss", trial->log_loss);
  json_put_number(json, "temperature", trial->temperature);
  ws_json_close(json, '}');
}

/* What was compared, the one taken among them. */
static void put_choice(ws_json_writer *json, const ws_choice *choice) {
  ws_json_key(json, "choice");
  ws_json_open(json, '{');
  json_put_string(json, "why_not", choice->count ? NULL : choice->why_not);
  json_put_uint(json, "folds", choice->folds);
  ws_json_key(json, "best");
  if (choice->count)
    ws_json_uint(json, choice->best);
  else
    ws_json_null(json);
  ws_json_key(json, "trials");
  ws_json_open(json, '[');
  for (size_t i = 0; i < choice->count; i++) put_trial(json, &choice->trials[i]);
  ws_json_close(json, ']');
  ws_json_close(json, '}');
}

static void put_results(ws_json_writer *json, const train *t) {
  const label_file *f = &t->labels;
  ws_json_key(json, "labels");
  ws_json_open(json, '{');
  json_put_uint(json, "records", f->count);
  json_put_uint(json, "gold", f->gold_rows);
  json_put_uint(json, "probabilistic", f->weak_rows);
  json_put_uint(json, "unmatched", f->unmatched);
  ws_json_close(json, '}');
  ws_json_key(json, "classifier");
  ws_json_open(json, '{');
  json_put_uint(json, "records", ws_classifier_rows(t->classifier));
  json_put_number(json, "c", t->report.c);
  json_put_number(json, "temperature", t->report.temperature);
  json_put_uint(json, "features", ws_classifier_active(t->classifier));
  json_put_uint(json, "iterations", ws_classifier_iterations(t->classifier));
  json_put_bool(json, "converged", ws_classifier_converged(t->classifier));
  ws_json_close(json, '}');
  ws_json_key(json, "recipe");
  ws_training_report_json(json, &t->report);
  put_choice(json, &t->choice);
  ws_json_key(json, "scores");
  ws_json_open(json, '{');
  if (t->test.has_classifier) score_set_json(json, &t->test);
  ws_json_close(json, '}');
}

static ws_status write_metrics(train *t, ws_buffer *bytes, ws_error *err) {
  ws_json_writer json = {.out = bytes, .indent = 1};
  run_write_format(&json, "weaksup metrics");
  put_results(&json, t);
  ws_json_seal(&json);
  if (json.status != WS_OK) return ws_error_nomem(err);
  return run_write_file(t->folder, RUN_METRICS, bytes, err);
}

/* With its hash, so that others know it again; standard input is gone. */
static void put_test(ws_json_writer *json, const char *path) {
  ws_hash128 hash;
  char hex[33];
  ws_json_key(json, "test");
  if (!path) {
    ws_json_null(json);
    return;
  }
  bool known = ws_hash128_file(path, &hash, NULL) == WS_OK;
  if (known) ws_hash128_hex(hash, hex);
  ws_json_open(json, '{');
  json_put_string(json, "path", path);
  json_put_string(json, "xxh3", known ? hex : NULL);
  ws_json_close(json, '}');
}

static void put_paths(ws_json_writer *json, const train *t) {
  ws_json_key(json, "lfs");
  ws_json_null(json);
  ws_json_key(json, "labels");
  ws_json_open(json, '{');
  json_put_string(json, "path", t->labels.path);
  json_put_string(json, "xxh3", t->labels.digest);
  json_put_uint(json, "records", t->labels.read);
  json_put_uint(json, "skipped", t->labels.skipped);
  ws_json_close(json, '}');
  json_put_string(json, "data", options_path(t->o, WS_TASK_DATA));
  put_test(json, options_path(t->o, WS_TASK_TEST));
  json_put_string(json, "classes_from", t->labels.classes_from);
}

static ws_status write_manifest(train *t, ws_buffer *bytes, ws_error *err) {
  ws_json_writer json = {.out = bytes, .indent = 1};
  run_write_format(&json, "weaksup run");
  json_put_string(&json, "weaksup", ws_version());
  run_write_time(&json);
  run_write_origin(&json, t->o->out ? t->o->out : "run");
  run_write_task(&json, t->labels.task);
  put_paths(&json, t);
  ws_json_key(&json, "options");
  ws_json_open(&json, '{');
  json_put_uint(&json, "seed", t->o->seed);
  setup_training_json(&json, &t->setup, t->classifier);
  json_put_string(&json, "c", t->o->c);
  json_put_string(&json, "weight", t->o->weight);
  json_put_string(&json, "group", t->o->group);
  ws_json_close(&json, '}');
  ws_json_key(&json, "seconds");
  ws_json_number(&json, seconds_now() - t->began);
  ws_json_seal(&json);
  if (json.status != WS_OK) return ws_error_nomem(err);
  return run_write_file(t->folder, RUN_MANIFEST, bytes, err);
}

static ws_status write_classifier(train *t, ws_buffer *bytes, ws_error *err) {
  if (ws_classifier_encode(t->classifier, bytes) != WS_OK) return ws_error_nomem(err);
  return run_write_file(t->folder, RUN_CLASSIFIER, bytes, err);
}

ws_status train_write(train *t, ws_error *err) {
  static ws_status (*const writers[])(train *, ws_buffer *, ws_error *) = {
      write_classifier, write_metrics, write_manifest};
  ws_buffer bytes = {0};
  ws_status status = WS_OK;
  for (size_t i = 0; status == WS_OK && i < sizeof writers / sizeof *writers; i++) {
    bytes.size = 0;
    status = writers[i](t, &bytes, err);
  }
  ws_buffer_clear(&bytes);
  WS_TRY(status);
  ws_folder *folder = t->folder;
  t->folder = NULL;
  return ws_folder_commit(folder, err);
}

int train_print_json(const train *t) {
  ws_buffer bytes = {0};
  ws_json_writer json = {.out = &bytes, .indent = 1};
  ws_json_open(&json, '{');
  json_put_string(&json, "run", t->o->out ? t->o->out : "run");
  put_results(&json, t);
  ws_json_close(&json, '}');
  return json_print(&json);
}
