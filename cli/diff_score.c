/* SPDX-License-Identifier: MIT
 *
 * Scores of two runs on the same records.
 */
#include <stdio.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/reader.h>

#include "diff.h"
#include "run_data.h"
#include "say.h"

enum { BATCH = 1024, BATCH_BYTES = 1 << 20 };

static ws_status finish(const ws_comparison *c, uint64_t seed, score_pair *out) {
  WS_TRY(ws_comparison_result(c, seed, &out->is));
  out->known = out->is.before.n > 0;
  return WS_OK;
}

/* --- label models, on the records of both ------------------------------------------- */

static ws_status pair_labels(const diff *d, ws_comparison *c) {
  const ws_run_diff *found = d->found;
  const side *a = &d->sides[0], *b = &d->sides[1];
  for (size_t i = 0; i < found->records; i++) {
    int32_t gold = ws_votes_row_gold(b->votes, found->rows_after[i]);
    size_t u = ws_votes_row_pattern(a->votes, found->rows_before[i]);
    size_t v = ws_votes_row_pattern(b->votes, found->rows_after[i]);
    if (gold == WS_ABSTAIN) continue;
    WS_TRY(ws_comparison_add(
        c, ws_labels_get(a->labels, u), ws_votes_pattern(a->votes, u).size > 0,
        ws_labels_get(b->labels, v), ws_votes_pattern(b->votes, v).size > 0, gold));
  }
  return WS_OK;
}

static ws_status score_label_models(diff *d, ws_error *err) {
  ws_comparison *c = NULL;
  ws_status status = ws_comparison_new(ws_votes_classes(d->sides[0].votes), &c);
  if (status == WS_OK) status = pair_labels(d, c);
  if (status == WS_OK) status = finish(c, d->o->seed, &d->label_model);
  ws_comparison_free(c);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* --- classifiers, on a file ----------------------------------------------------------
 */

typedef struct reading {
  ws_comparison *pairs;
  ws_predictor *predictors[2];
  double *probs[2];
} reading;

static ws_status reading_init(reading *r, const diff *d) {
  size_t K = ws_task_classes(d->sides[0].task);
  *r = (reading){0};
  WS_TRY(ws_comparison_new(K, &r->pairs));
  for (size_t i = 0; i < 2; i++) {
    r->probs[i] = ws_alloc_array(K, sizeof *r->probs[i]);
    if (!r->probs[i]) return WS_ENOMEM;
    WS_TRY(ws_predictor_new(d->sides[i].classifier, &r->predictors[i]));
  }
  return WS_OK;
}

static void reading_clear(reading *r) {
  ws_comparison_free(r->pairs);
  for (size_t i = 0; i < 2; i++) {
    ws_predictor_free(r->predictors[i]);
    ws_free(r->probs[i]);
  }
}

static ws_status score_batch(reading *r, const ws_records *batch, const char *path,
                             ws_error *err) {
  for (size_t i = 0; i < ws_records_count(batch); i++) {
    ws_record record = ws_records_at(batch, i);
    if (record.gold == WS_ABSTAIN) continue;
    for (size_t s = 0; s < 2; s++) {
      ws_status status = ws_predict(r->predictors[s], &record, r->probs[s], err);
      if (status != WS_OK) {
        ws_error_prefix(err, "%s:%llu: ", path, (unsigned long long)record.line);
        return status;
      }
    }
    if (ws_comparison_add(r->pairs, r->probs[0], true, r->probs[1], true, record.gold) !=
        WS_OK)
      return ws_error_nomem(err);
  }
  return WS_OK;
}

static ws_status read_all(diff *d, reading *r, const char *path, bool skips,
                          ws_error *err) {
  ws_reader_options how = ws_reader_options_default();
  ws_reader *reader = NULL;
  ws_records *batch = NULL;
  size_t added = 1;
  how.unique_ids = false;
  how.optional_id = true;
  how.max_line = (size_t)d->o->max_line << 20;
  if (skips || (d->o->on_error && strcmp(d->o->on_error, "skip") == 0))
    how.on_error = WS_SKIP;
  if (d->o->input_format) {
    if (!ws_input_format_find(ws_text_of(d->o->input_format), &how.format))
      return ws_error_set(err, WS_EINVAL,
                          "--input-format: expected jsonl, csv, tsv or text, found '%s'",
                          d->o->input_format);
  }
  WS_TRY(ws_reader_open(path, d->sides[1].task, &how, &reader, err));
  ws_status status = ws_records_new(&batch) == WS_OK ? WS_OK : ws_error_nomem(err);
  while (status == WS_OK && added) {
    ws_records_clear(batch);
    status = ws_reader_read(reader, batch, BATCH, BATCH_BYTES, &added, err);
    if (status == WS_OK) status = score_batch(r, batch, path, err);
  }
  ws_records_free(batch);
  ws_reader_free(reader);
  return status;
}

static ws_status score_file(diff *d, const char *path, bool skips, ws_error *err) {
  reading r;
  ws_status status = reading_init(&r, d) == WS_OK ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) status = read_all(d, &r, path, skips, err);
  if (status == WS_OK && finish(r.pairs, d->o->seed, &d->classifier) != WS_OK)
    status = ws_error_nomem(err);
  if (status == WS_OK && d->classifier.known)
    snprintf(d->scored_on, sizeof d->scored_on, "%s", path);
  reading_clear(&r);
  return status;
}

static ws_status score_classifiers(diff *d, ws_error *err) {
  run_data data;
  const char *given = d->o->keys[WS_TASK_DATA];
  if (!d->sides[0].classifier || !d->sides[1].classifier) {
    if (given)
      say_note(d->o, "--data is not read: %s has no classifier",
               d->sides[d->sides[0].classifier ? 1 : 0].run);
    return WS_OK;
  }
  ws_status status = run_data_find(d->sides[1].run, RUN_TEST, given, &data, err);
  if (status == WS_OK && data.path.size)
    status = score_file(d, data.path.data, data.skips, err);
  else if (status == WS_OK)
    say_note(d->o, "the classifiers are not compared: %s (--data FILE)", data.why.data);
  run_data_clear(&data);
  return status;
}

ws_status diff_score(diff *d, ws_error *err) {
  WS_TRY(score_label_models(d, err));
  return score_classifiers(d, err);
}
