/* SPDX-License-Identifier: MIT
 *
 * What the LFs do to labels and to a classifier: with and without.
 */
#include <weaksup/alloc.h>

#include "generate.h"
#include "say.h"

static ws_status classifier_effect(generate *g, const ws_selection_votes *pool,
                                   const ws_selection_votes *dev, ws_error *err) {
  ws_features *features = NULL;
  ws_records *records = NULL, *selecting = NULL;
  ws_reader *reader = NULL;
  ws_features_options how = g->setup.features;
  size_t added = 0;
  how.text = ws_task_get(g->task, WS_TASK_TEXT);
  ws_status status = ws_features_new(&how, &features, err);
  if (status == WS_OK &&
      (ws_records_new(&records) != WS_OK || ws_records_new(&selecting) != WS_OK))
    status = ws_error_nomem(err);
  if (status == WS_OK) status = gen_reader(g, &g->pool, &reader, err);
  if (status == WS_OK)
    status = ws_reader_read(reader, records, SIZE_MAX, SIZE_MAX, &added, err);
  ws_reader_free(reader), reader = NULL;
  for (size_t i = 0; status == WS_OK && i < ws_records_count(records); i++) {
    ws_record record = ws_records_at(records, i);
    status = ws_features_add(features, &record, err);
  }
  if (status == WS_OK) status = gen_reader(g, &g->dev.select, &reader, err);
  if (status == WS_OK)
    status = ws_reader_read(reader, selecting, SIZE_MAX, SIZE_MAX, &added, err);
  if (status == WS_OK)
    status = ws_selection_effect_on_classifier(pool, dev, NULL, g->dev.select.targeted,
                                               features, selecting, &g->setup.training,
                                               g->o->seed, &g->classifier, err);
  ws_reader_free(reader);
  ws_records_free(records);
  ws_records_free(selecting);
  ws_features_free(features);
  return status;
}

static ws_status refuse(generate *g, gen_lf *lf, const ws_selection_effect *effect) {
  ws_buffer words = {0};
  lf->status = WS_LF_REJECTED;
  lf->chosen = false;
  lf->stage = "effect";
  lf->reason = "labels_worse";
  ws_status status = ws_buffer_printf(
      &words,
      "with what else the round brought labels of dev get worse: the log-loss changes by "
      "%+.4f, %+.4f to %+.4f",
      -effect->log_loss.mean, -effect->log_loss.high, -effect->log_loss.low);
  if (status == WS_OK)
    status = ws_arena_text(&g->arena, ws_buffer_as_text(&words), &lf->evidence);
  ws_buffer_clear(&words);
  return status;
}

ws_status gen_refuse_harm(generate *g, const ws_votes *const votes[PARTS],
                          const bool *keep, ws_error *err) {
  ws_selection_votes pool = {votes[POOL], g->now[POOL]};
  ws_selection_votes dev = {votes[SELECT], g->now[SELECT]};
  ws_selection_effect effect;
  if (!g->validated) return WS_OK;
  WS_TRY(ws_selection_effect_on_labels(&pool, &dev, keep, g->dev.select.targeted,
                                       &g->setup.label_model, g->o->seed, &effect, err));
  if (!(effect.log_loss.high < 0)) return WS_OK;
  for (size_t i = g->last_begin; i < g->lf_count; i++)
    if (g->lfs_seen[i].chosen && refuse(g, &g->lfs_seen[i], &effect) != WS_OK)
      return ws_error_nomem(err);
  return WS_OK;
}

ws_status gen_effect(generate *g, ws_error *err) {
  ws_selection_votes pool = {g->added[POOL], g->first[POOL]};
  ws_selection_votes dev = {g->added[SELECT], g->first[SELECT]};
  if (!g->validated || !g->added[POOL]) return WS_OK;
  WS_TRY(ws_selection_effect_on_labels(&pool, &dev, NULL, g->dev.select.targeted,
                                       &g->setup.label_model, g->o->seed, &g->labels,
                                       err));
  g->has_effect = true;
  if (g->o->no_classifier) return WS_OK;
  ws_status status = classifier_effect(g, &pool, &dev, err);
  bar_clear(&g->bar);
  g->has_classifier_effect = status == WS_OK;
  if (status != WS_EINVAL) return status;
  say_warning("what they do to a classifier is not known: %s", err->message);
  return WS_OK; // the labeling functions are there, as when they vote for one class only
}
