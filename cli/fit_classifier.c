/* SPDX-License-Identifier: MIT
 *
 * The classifier of a fit. Training takes most of its time, so what was trained is kept
 * under the hash of all that it follows from: the records, their probabilistic labels and
 * the options. Texts are counted only when there is something to train.
 */
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/bytes.h>

#include "fit.h"
#include "say.h"

enum { FORMAT = 2 }; // counted up when the same input gives another classifier

/* The posterior of each covered record; zeros, which leave a record out, for the others.
 */
static double *make_targets(const fit *f) {
  const ws_votes *votes = f->parts[DATA].votes;
  size_t rows = ws_votes_rows(votes), classes = ws_votes_classes(votes);
  double *targets =
      rows > SIZE_MAX / classes ? NULL : ws_alloc_zero(rows * classes, sizeof *targets);
  for (size_t i = 0; targets && i < rows; i++) {
    size_t u = ws_votes_row_pattern(votes, i);
    if (ws_votes_pattern(votes, u).size == 0) continue;
    memcpy(targets + i * classes, ws_labels_get(f->labels, u), classes * sizeof *targets);
  }
  return targets;
}

/* --- the cache --- */

static ws_status put_number(ws_buffer *out, double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  return ws_bytes_put(out, bits, 8);
}

static ws_status put_hash(ws_buffer *out, ws_hash128 hash) {
  WS_TRY(ws_bytes_put(out, hash.low, 8));
  return ws_bytes_put(out, hash.high, 8);
}

static ws_status put_key(const fit *f, const double *targets, ws_buffer *out) {
  const ws_classifier_options *how = &f->setup.classifier;
  size_t rows = ws_votes_rows(f->parts[DATA].votes), classes = ws_task_classes(f->task);
  WS_TRY(ws_buffer_string(out, "classifier"));
  WS_TRY(ws_bytes_put(out, FORMAT, 8));
  WS_TRY(put_number(out, how->c));
  WS_TRY(put_number(out, how->tolerance));
  WS_TRY(ws_bytes_put(out, how->max_iterations, 8));
  WS_TRY(ws_bytes_put(out, f->setup.features.hash_bits, 8));
  WS_TRY(ws_bytes_put_text(
      out, ws_text_of(f->setup.features.blocks ? f->setup.features.blocks : "")));
  WS_TRY(ws_bytes_put_text(out, ws_text_of(ws_task_get(f->task, WS_TASK_TEXT))));
  WS_TRY(put_hash(out, f->parts[DATA].key));
  WS_TRY(put_hash(out, ws_hash128_of(targets, rows * classes * sizeof *targets)));
  for (size_t k = 0; k < classes; k++)
    WS_TRY(ws_bytes_put_text(out, ws_task_class(f->task, k)));
  return WS_OK;
}

static ws_status make_key(const fit *f, const double *targets, ws_hash128 *out,
                          ws_error *err) {
  ws_buffer bytes = {0};
  ws_status status = put_key(f, targets, &bytes);
  if (status == WS_OK) *out = ws_hash128_of(bytes.data, bytes.size);
  ws_buffer_clear(&bytes);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* One that does not decode is trained again, as if it were not there. */
static ws_status recall(fit *f, ws_hash128 key, ws_error *err) {
  ws_cache_entry entry;
  if (!ws_cache_get(f->setup.cache, key, &entry)) return WS_OK;
  ws_status status = ws_classifier_decode(entry.bytes, &f->classifier, NULL);
  ws_cache_release(&entry);
  f->classifier_cached = status == WS_OK;
  return status == WS_ENOMEM ? ws_error_nomem(err) : WS_OK;
}

static void keep(fit *f, ws_hash128 key) {
  ws_buffer bytes = {0};
  if (ws_classifier_encode(f->classifier, &bytes) == WS_OK)
    ws_cache_put(f->setup.cache, key, ws_buffer_as_text(&bytes));
  ws_buffer_clear(&bytes);
}

/* --- training --- */

/* The most memory of all: to be freed before the next steps. */
static void drop_texts(part *data) {
  ws_features_free(data->features);
  data->features = NULL;
}

static ws_status train(fit *f, const double *targets, ws_error *err) {
  part *data = &f->parts[DATA];
  if (!data->features) WS_TRY(part_count(data, &f->setup, f->task, err));
  ws_status status = ws_classifier_train(data->features, targets, ws_task_names(f->task),
                                         ws_task_classes(f->task), &f->setup.classifier,
                                         &f->classifier, err);
  drop_texts(data);
  return status;
}

static ws_status recall_or_train(fit *f, const double *targets, ws_error *err) {
  ws_hash128 key;
  if (!f->parts[DATA].has_key) return train(f, targets, err);
  WS_TRY(make_key(f, targets, &key, err));
  WS_TRY(recall(f, key, err));
  if (f->classifier) return WS_OK;
  WS_TRY(train(f, targets, err));
  keep(f, key);
  return WS_OK;
}

ws_status fit_classifier(fit *f, ws_error *err) {
  part *data = &f->parts[DATA];
  if (!data->features && !data->has_key) return WS_OK; // not wanted, or no texts
  double *targets = make_targets(f);
  ws_status status = targets ? recall_or_train(f, targets, err) : ws_error_nomem(err);
  ws_free(targets);
  drop_texts(data);
  if (f->classifier_cached && f->o->verbose)
    say_note(f->o, "the classifier was not trained: it is in the cache");
  return status;
}
