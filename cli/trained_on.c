/* SPDX-License-Identifier: MIT
 *
 * On what it was trained on a classifier makes hardly a mistake.
 */
#include "trained_on.h"

#include "labelled.h"
#include "members.h"
#include "run_folder.h"
#include "run_paths.h"
#include "say.h"

/* The file with the gold labels of a training. */
typedef struct trained {
  const char *what;    // it is
  const char *instead; // where are scores of others
  ws_buffer path;      // empty: there is none
  ws_text hash;        // of the manifest
  ws_buffer records;   // of --data, whose ids the labels had; empty: none
} trained;

/* Whether the metrics of the run say that dev's gold labels were trained on. */
static bool trained_on_dev(const char *run) {
  ws_buffer bytes = {0};
  bool valid = true, found = false;
  if (run_metrics(run, &bytes, NULL) == WS_OK) {
    ws_value metrics = {(const unsigned char *)bytes.data};
    ws_value scores = member_of(metrics, "scores", WS_OBJECT, &valid);
    ws_value dev = valid ? ws_value_get(scores, ws_text_of("dev")) : (ws_value){NULL};
    found = dev.at && ws_value_is(dev, WS_OBJECT) &&
            ws_value_get(dev, ws_text_of("classifier_cross_fitted")).at;
  }
  ws_buffer_clear(&bytes);
  return found;
}

static ws_status find(const char *run, ws_value manifest, trained *out) {
  ws_value file = run_file_of(manifest, "labels");
  out->what = "is what the classifier was trained on";
  out->instead = "`weaksup cv --labels` has scores on records that were not trained on";
  if (!file.at) {
    file = trained_on_dev(run) ? run_file_of(manifest, "dev") : (ws_value){NULL};
    out->what = "is the dev set of the run, whose gold labels the classifier was trained "
                "on";
    out->instead = "A run of fit --no-dev-gold has not seen them";
  }
  ws_value data = ws_value_get(manifest, ws_text_of("data")); // an object in those of fit
  if (file.at && ws_value_is(data, WS_STRING))
    WS_TRY(ws_buffer_text(&out->records, ws_value_text(data)));
  if (!file.at || !run_file_path(file).size) return WS_OK;
  out->hash = run_file_hash(file);
  return run_put_path(&out->path, run, manifest, file);
}

/* How many of the records with gold are known, by text and id. */
static ws_status count_shared(const trained *t, const char *data, const ws_task *task,
                              const ws_reader_options *how, labelled_shares *out,
                              ws_error *err) {
  ws_reader_options reading = *how, known;
  reading.on_error = WS_SKIP;
  reading.skipped = NULL;
  reading.progress = (ws_progress_sink){0};
  reading.need_text = true;
  known = reading;
  known.format = WS_INPUT_AUTO;
  return labelled_share(t->path.data, &known, data, &reading, task, out, err);
}

static ws_status say(const trained *t, const char *data, const ws_task *task,
                     const ws_reader_options *how, ws_error *err) {
  enum { ONE_IN = 20 };
  labelled_shares c = {0};
  ws_error why = WS_ERROR_INIT;
  bool joined = t->records.size && is_one_file(data, t->records.data);
  if (joined || is_one_file(data, t->path.data) || run_file_is_same(data, t->hash)) {
    say_warning("%s %s: on other records it is wrong more often. %s", data, t->what,
                t->instead);
    return WS_OK;
  }
  if (!is_file(t->path.data)) return WS_OK; // gone, or read once and for all
  ws_status status = count_shared(t, data, task, how, &c, &why);
  if (status == WS_ENOMEM) return ws_error_nomem(err);
  if (status != WS_OK || c.shared == 0 || c.shared * ONE_IN < c.gold) return WS_OK;
  say_warning("%llu of the %llu records of %s with gold labels are in %s, which %s: on "
              "other records it is wrong more often. %s",
              (unsigned long long)c.shared, (unsigned long long)c.gold, data,
              t->path.data, t->what, t->instead);
  return WS_OK;
}

ws_status trained_on_say(const char *run, const char *data, const ws_task *task,
                         const ws_reader_options *how, ws_error *err) {
  trained t = {0};
  ws_buffer bytes = {0};
  if (!run_is(run) || !is_file(data)) return WS_OK; // others are read but once
  ws_status status = run_manifest(run, &bytes, NULL);
  if (status == WS_OK) {
    status = find(run, (ws_value){(const unsigned char *)bytes.data}, &t);
    if (status == WS_OK && t.path.size) status = say(&t, data, task, how, err);
  }
  ws_buffer_clear(&t.path);
  ws_buffer_clear(&t.records);
  ws_buffer_clear(&bytes);
  return status == WS_ENOMEM ? ws_error_nomem(err) : WS_OK;
}
