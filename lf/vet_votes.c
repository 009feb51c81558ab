/* SPDX-License-Identifier: MIT
 *
 * Vetting: the votes of those that passed, and of those alone.
 */
#include <weaksup/alloc.h>

#include "vet_priv.h"

/* Builds votes of those that passed, in the order of the verdicts. */
typedef struct sink {
  ws_vetting *vetting;
  ws_votes_builder *builder;
  ws_vote *votes;  // [passed]
  int32_t *labels; // [passed]
  ws_apply_fn each;
  void *user;
} sink;

static void sink_clear(sink *s) {
  ws_votes_builder_free(s->builder);
  ws_free(s->votes);
  ws_free(s->labels);
}

static ws_status sink_open(sink *s, ws_error *err) {
  const ws_vetting *vetting = s->vetting;
  uint32_t index;
  s->votes = ws_alloc_array(vetting->passed, sizeof *s->votes);
  s->labels = ws_alloc_array(vetting->passed, sizeof *s->labels);
  if (!s->votes || !s->labels ||
      ws_votes_builder_new(vetting->task, &s->builder) != WS_OK)
    return ws_error_nomem(err);
  for (size_t i = 0; i < vetting->count; i++)
    if (!vetting->items[i].failed)
      WS_TRY(ws_votes_builder_lf(s->builder, ws_text_of(vetting->items[i].verdict.name),
                                 &index, err));
  return WS_OK;
}

/* What s->labels say of the record. */
static ws_status add(sink *s, const ws_record *record, ws_error *err) {
  size_t count = 0;
  for (size_t lf = 0; lf < s->vetting->passed; lf++)
    if (s->labels[lf] >= 0) s->votes[count++] = (ws_vote){(uint32_t)lf, s->labels[lf]};
  if (ws_votes_builder_add_at(s->builder, record->row, record->id, record->gold, s->votes,
                              count) != WS_OK)
    return ws_error_nomem(err);
  return s->each ? s->each(s->user, record, s->labels, err) : WS_OK;
}

/* Of all LFs of the set. */
static ws_status take(void *user, const ws_record *record, const int32_t *labels,
                      ws_error *err) {
  sink *s = user;
  const ws_vetting *vetting = s->vetting;
  size_t lf = 0;
  for (size_t i = 0; i < vetting->count; i++)
    if (!vetting->items[i].failed) s->labels[lf++] = labels[vetting->items[i].lf];
  return add(s, record, err);
}

ws_status ws__vet_keep_votes(ws_vetting *vetting, const ws__vet_sample *sample,
                             const int32_t *labels, size_t columns, ws_error *err) {
  sink s = {.vetting = vetting};
  ws_status status = sink_open(&s, err);
  for (size_t i = 0; status == WS_OK && i < ws_records_count(sample->records); i++) {
    ws_record record = ws_records_at(sample->records, i);
    size_t lf = 0;
    for (size_t j = 0; j < vetting->count; j++)
      if (!vetting->items[j].failed)
        s.labels[lf++] = labels[i * columns + vetting->items[j].column];
    status = add(&s, &record, err);
  }
  if (status == WS_OK && ws_votes_builder_finish(s.builder, &vetting->votes) != WS_OK)
    status = ws_error_nomem(err);
  sink_clear(&s);
  return status;
}

ws_status ws_vetting_apply(ws_vetting *vetting, ws_reader *reader, ws_apply_fn each,
                           void *user, ws_votes **out, ws_error *err) {
  ws_apply_options options = ws_apply_options_default();
  sink s = {.vetting = vetting, .each = each, .user = user};
  if (vetting->passed == 0)
    return ws_error_set(err, WS_ELF, "no labeling function passed");
  options.workers = vetting->options.workers;
  options.quarantine_share = 1;
  options.left_out = vetting->left_out;
  options.progress = vetting->options.progress;
  ws_status status = sink_open(&s, err);
  if (status == WS_OK)
    status = ws_apply(vetting->set, reader, &options, take, &s, NULL, err);
  if (status == WS_OK && ws_votes_builder_finish(s.builder, out) != WS_OK)
    status = ws_error_nomem(err);
  sink_clear(&s);
  return status;
}
