/* SPDX-License-Identifier: MIT
 *
 * A diagnosis: the rules are asked in the order of their kinds, and each looks at the
 * facts and writes findings.
 */
#include <weaksup/diagnosis.h>

#include <weaksup/alloc.h>

#include "diagnosis_priv.h"
#include "label_model_priv.h"

const char *ws_finding_kind_name(ws_finding_kind kind) {
  static const char *const names[WS_FINDING_KINDS] = {"not_identifiable",
                                                      "class_without_votes",
                                                      "worse_than_chance",
                                                      "balance_unknown",
                                                      "disconnected",
                                                      "too_broad",
                                                      "below_majority",
                                                      "classifier_below_majority",
                                                      "below_most_frequent",
                                                      "classifier_below_most_frequent",
                                                      "dead",
                                                      "no_better_than_chance",
                                                      "cannot_tell",
                                                      "no_overlap",
                                                      "class_hardly_voted",
                                                      "near_duplicates",
                                                      "low_coverage"};
  return names[kind];
}

typedef ws_status (*column_rule)(ws__doctor *d, uint32_t j, uint32_t k);

static ws_status each_column(ws__doctor *d, column_rule rule) {
  for (uint32_t j = 0; j < d->facts.M; j++)
    for (uint32_t k = 0; k < d->facts.K; k++) WS_TRY(rule(d, j, k));
  return WS_OK;
}

static ws_status examine(ws__doctor *d) {
  WS_TRY(ws__find_not_identifiable(d));
  WS_TRY(ws__find_classes_without_votes(d));
  WS_TRY(each_column(d, ws__find_worse_than_chance));
  WS_TRY(ws__find_balance_unknown(d));
  WS_TRY(ws__find_disconnected(d));
  WS_TRY(each_column(d, ws__find_too_broad));
  WS_TRY(ws__find_dead(d));
  WS_TRY(ws__find_no_better_than_chance(d));
  WS_TRY(ws__find_cannot_tell(d));
  WS_TRY(ws__find_no_overlap(d));
  for (uint32_t k = 0; k < d->facts.K; k++) WS_TRY(ws__find_class_hardly_voted(d, k));
  const ws_duplicate_groups *groups = d->found->duplicates;
  for (size_t i = 0; i < ws_duplicate_groups_count(groups); i++)
    WS_TRY(ws__find_near_duplicates(d, ws_duplicate_groups_at(groups, i)));
  return ws__find_low_coverage(d);
}

static ws_status check_votes(const ws_label_model *model, const ws_votes *votes,
                             const ws_votes *gold, ws_error *err) {
  bool same = model->M == ws_votes_lfs(votes) && model->K == ws_votes_classes(votes);
  for (size_t j = 0; same && j < model->M; j++)
    same = ws_text_equal(model->lfs[j], ws_votes_lf(votes, j));
  for (size_t k = 0; same && k < model->K; k++)
    same = ws_text_equal(model->classes[k], ws_votes_class(votes, k));
  if (same && gold && !ws__same_classes(votes, gold))
    return ws_error_set(err, WS_EINVAL,
                        "diagnosis: expected gold labels of the votes' classes in their "
                        "order");
  if (same) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "diagnosis: expected the votes that the label model was fitted on, "
                      "found others");
}

static ws_status diagnose(ws__doctor *d, const ws_labels *labels, const ws_votes *gold,
                          ws_error *err) {
  WS_TRY(check_votes(d->model, d->votes, gold, err));
  d->list = ws_alloc_array(d->model->M + d->model->K, sizeof *d->list);
  d->found = ws_alloc_zero(1, sizeof *d->found);
  if (!d->list || !d->found) return ws_error_nomem(err);
  WS_TRY(ws_duplicate_groups_find(d->model, d->votes, &d->found->duplicates, err));
  ws_status status = ws__facts_gather(&d->facts, d->votes, labels, gold);
  if (status == WS_OK) status = examine(d);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

ws_status ws_diagnose(const ws_label_model *model, const ws_votes *votes,
                      const ws_labels *labels, const ws_votes *gold, const bool *left_out,
                      ws_diagnosis **out, ws_error *err) {
  ws__doctor d = {.model = model, .votes = votes, .left_out = left_out};
  ws_status status = diagnose(&d, labels, gold, err);
  ws__facts_clear(&d.facts);
  ws_buffer_clear(&d.text);
  ws_free(d.list);
  if (status == WS_OK)
    *out = d.found;
  else
    ws_diagnosis_free(d.found);
  return status;
}

void ws_diagnosis_free(ws_diagnosis *diagnosis) {
  if (!diagnosis) return;
  ws_duplicate_groups_free(diagnosis->duplicates);
  ws_arena_clear(&diagnosis->arena);
  ws_free(diagnosis->items);
  ws_free(diagnosis);
}

size_t ws_diagnosis_count(const ws_diagnosis *diagnosis) {
  return diagnosis->count;
}

const ws_finding *ws_diagnosis_at(const ws_diagnosis *diagnosis, size_t i) {
  return &diagnosis->items[i];
}

const ws_duplicate_groups *ws_diagnosis_duplicates(const ws_diagnosis *diagnosis) {
  return diagnosis->duplicates;
}
