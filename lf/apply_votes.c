/* SPDX-License-Identifier: MIT
 *
 * Applying a set into votes. What a labeling function said before it was quarantined is
 * taken out at the end: then the votes are built once more without it, which costs a pass
 * over the patterns and happens almost never.
 */
#include <weaksup/apply.h>

#include <weaksup/alloc.h>

#include "lf_set_priv.h"
#include "said.h"

typedef struct sink {
  const ws_task *task;
  ws_lf_set *set;
  ws_votes_builder *builder;
  ws_vote *votes; // [M] of one record
  ws_apply_fn each;
  void *user;
} sink;

static ws_status start(const sink *s, ws_votes_builder **out, ws_error *err) {
  if (ws_votes_builder_new(s->task, out) != WS_OK) return ws_error_nomem(err);
  for (size_t j = 0; j < ws_lf_set_count(s->set); j++) {
    uint32_t index;
    const char *name = ws_lf_set_at(s->set, j)->name;
    WS_TRY(ws_votes_builder_lf(*out, ws_text_of(name), &index, err));
  }
  return WS_OK;
}

static ws_status take(void *user, const ws_record *record, const int32_t *labels,
                      ws_error *err) {
  sink *s = user;
  size_t count = 0, lfs = ws_lf_set_count(s->set);
  for (size_t j = ws__next_said(labels, 0, lfs); j < lfs;
       j = ws__next_said(labels, j + 1, lfs))
    if (labels[j] >= 0) s->votes[count++] = (ws_vote){(uint32_t)j, labels[j]};
  if (ws_votes_builder_add_at(s->builder, record->row, record->id, record->gold, s->votes,
                              count) != WS_OK)
    return ws_error_nomem(err);
  return s->each ? s->each(s->user, record, labels, err) : WS_OK;
}

/* --- quarantine --- */

static bool has_quarantined(const ws_apply_report *report) {
  for (size_t j = 0; j < ws_apply_report_lfs(report); j++)
    if (ws_apply_report_at(report, j)->quarantined) return true;
  return false;
}

static size_t keep_votes(const sink *s, const ws_apply_report *report,
                         ws_pattern pattern) {
  uint32_t classes = (uint32_t)ws_task_classes(s->task);
  size_t count = 0;
  for (size_t i = 0; i < pattern.size; i++) {
    uint32_t lf = pattern.columns[i] / classes;
    if (!ws_apply_report_at(report, lf)->quarantined)
      s->votes[count++] = (ws_vote){lf, (int32_t)(pattern.columns[i] % classes)};
  }
  return count;
}

static ws_status add_all(const sink *s, const ws_apply_report *report,
                         const ws_votes *votes, ws_votes_builder *builder) {
  for (size_t i = 0; i < ws_votes_rows(votes); i++) {
    char digits[24];
    ws_pattern pattern = ws_votes_pattern(votes, ws_votes_row_pattern(votes, i));
    size_t count = keep_votes(s, report, pattern);
    WS_TRY(ws_votes_builder_add_at(builder, ws_votes_row_number(votes, i),
                                   ws_votes_row_id(votes, i, digits),
                                   ws_votes_row_gold(votes, i), s->votes, count));
  }
  return WS_OK;
}

/* Replaces the votes by those without the quarantined ones. */
static ws_status drop_quarantined(const sink *s, const ws_apply_report *report,
                                  ws_votes **votes, ws_error *err) {
  ws_votes_builder *builder = NULL;
  ws_votes *rest = NULL;
  ws_status status = start(s, &builder, err);
  if (status == WS_OK && (add_all(s, report, *votes, builder) != WS_OK ||
                          ws_votes_builder_finish(builder, &rest) != WS_OK))
    status = ws_error_nomem(err);
  ws_votes_builder_free(builder);
  if (status != WS_OK) return status;
  ws_votes_free(*votes);
  *votes = rest;
  return WS_OK;
}

static ws_status apply(sink *s, ws_reader *reader, const ws_apply_options *options,
                       ws_votes **votes, ws_apply_report **report, ws_error *err) {
  WS_TRY(start(s, &s->builder, err));
  s->votes = ws_alloc_array(ws_lf_set_count(s->set), sizeof *s->votes);
  if (!s->votes) return ws_error_nomem(err);
  WS_TRY(ws_apply(s->set, reader, options, take, s, report, err));
  if (ws_votes_builder_finish(s->builder, votes) != WS_OK) return ws_error_nomem(err);
  return has_quarantined(*report) ? drop_quarantined(s, *report, votes, err) : WS_OK;
}

ws_status ws_apply_votes(ws_lf_set *set, ws_reader *reader,
                         const ws_apply_options *options, ws_apply_fn each, void *user,
                         ws_votes **out, ws_apply_report **report, ws_error *err) {
  sink s = {.task = set->task, .set = set, .each = each, .user = user};
  ws_apply_report *own = NULL;
  ws_votes *votes = NULL;
  ws_status status = apply(&s, reader, options, &votes, &own, err);
  ws_votes_builder_free(s.builder);
  ws_free(s.votes);
  if (status == WS_OK)
    *out = votes;
  else
    ws_votes_free(votes);
  if (report)
    *report = own;
  else
    ws_apply_report_free(own);
  return status;
}
