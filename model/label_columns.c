/* SPDX-License-Identifier: MIT
 *
 * Which (LF, class) pairs a label model has parameters for, and how the columns of some
 * votes lead to them. Maps have one number for each LF and class of the votes, 4 M K
 * bytes: the only thing in a label model that grows with both.
 */
#include <string.h>

#include <weaksup/alloc.h>

#include "label_model_priv.h"

/* Numbers the columns with votes in order and writes down whose they are. */
static void number_columns(ws_label_model *model, const ws__vote_counts *counts,
                           uint32_t *id_of) {
  uint32_t id = 0;
  for (size_t j = 0; j < model->M; j++) {
    model->lf_begin[j] = id;
    for (size_t k = 0; k < model->K; k++) {
      uint64_t votes = counts->columns[j * model->K + k];
      id_of[j * model->K + k] = votes ? id : WS_NO_COLUMN;
      if (votes)
        model->columns[id++] =
            (ws__column){.lf = (uint32_t)j, .label = (int32_t)k, .votes = votes};
    }
  }
  model->lf_begin[model->M] = id;
}

ws_status ws__columns_collect(ws_label_model *model, const ws__vote_counts *counts,
                              uint32_t **out) {
  size_t size = model->M * model->K;
  uint32_t *id_of = ws_alloc_array(size, sizeof *id_of);
  if (!id_of) return WS_ENOMEM;
  model->C = 0;
  for (size_t c = 0; c < size; c++) model->C += counts->columns[c] > 0;
  model->columns = ws_alloc_array(model->C, sizeof *model->columns);
  if (!model->columns) {
    ws_free(id_of);
    return WS_ENOMEM;
  }
  number_columns(model, counts, id_of);
  *out = id_of;
  return WS_OK;
}

/* --- other votes -------------------------------------------------------------------- */

static ws_status check_classes(const ws_label_model *model, const ws_votes *votes,
                               ws_error *err) {
  if (ws_votes_classes(votes) != model->K)
    return ws_error_set(err, WS_EINVAL,
                        "votes: expected the label model's %zu classes, found %zu",
                        model->K, ws_votes_classes(votes));
  for (size_t k = 0; k < model->K; k++) {
    ws_text found = ws_votes_class(votes, k);
    if (!ws_text_equal(found, model->classes[k]))
      return ws_error_set(err, WS_EINVAL,
                          "votes: expected '%.*s' for class %zu as in the label model, "
                          "found '%.*s'",
                          WS_TEXT_ARG(model->classes[k]), k, WS_TEXT_ARG(found));
  }
  return WS_OK;
}

size_t ws__label_model_find_lf(const ws_label_model *model, ws_text name, size_t hint) {
  for (size_t i = 0; i < model->M; i++) {
    size_t j = (hint + i) % model->M;
    if (ws_text_equal(model->lfs[j], name)) return j;
  }
  return model->M;
}

/* Fills the map; unknown[j] tells which LFs the model does not have. Returns how many. */
static size_t map_lfs(const ws_label_model *model, const ws_votes *votes, uint32_t *id_of,
                      bool *unknown) {
  size_t K = model->K, missing = 0, hint = 0;
  for (size_t j = 0; j < ws_votes_lfs(votes); j++) {
    size_t mine = ws__label_model_find_lf(model, ws_votes_lf(votes, j), hint);
    unknown[j] = mine == model->M;
    missing += unknown[j];
    if (unknown[j]) continue;
    hint = mine + 1;
    for (size_t k = 0; k < K; k++) id_of[j * K + k] = WS_NO_COLUMN - 1 - (uint32_t)mine;
    for (size_t c = model->lf_begin[mine]; c < model->lf_begin[mine + 1]; c++)
      id_of[j * K + (size_t)model->columns[c].label] = (uint32_t)c;
  }
  return missing;
}

/* WS_EINVAL with the first unknown LF that votes. */
static ws_status check_voters(const ws_label_model *model, const ws_votes *votes,
                              const bool *unknown, ws_error *err) {
  size_t first = ws_votes_lfs(votes);
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    for (size_t i = 0; i < pattern.size; i++) {
      size_t j = pattern.columns[i] / model->K;
      if (unknown[j] && j < first) first = j;
    }
  }
  if (first == ws_votes_lfs(votes)) return WS_OK;
  return ws_error_set(err, WS_EINVAL,
                      "votes: the label model has no labeling function '%.*s'",
                      WS_TEXT_ARG(ws_votes_lf(votes, first)));
}

ws_status ws__columns_map(const ws_label_model *model, const ws_votes *votes,
                          uint32_t **out, ws_error *err) {
  WS_TRY(check_classes(model, votes, err));
  size_t M = ws_votes_lfs(votes), size = M * model->K;
  ws_status status = WS_ENOMEM;
  uint32_t *id_of = ws_alloc_array(size, sizeof *id_of);
  bool *unknown = ws_alloc_zero(M, sizeof *unknown);
  if (!id_of || !unknown) goto done;
  memset(id_of, 0xFF, size * sizeof *id_of);
  status = WS_OK;
  if (map_lfs(model, votes, id_of, unknown) > 0)
    status = check_voters(model, votes, unknown, err);
done:
  ws_free(unknown);
  if (status == WS_OK)
    *out = id_of;
  else
    ws_free(id_of);
  return status;
}

size_t ws__columns_lf(const ws_label_model *model, const uint32_t *id_of,
                      uint32_t column) {
  const uint32_t *ids = id_of + column / model->K * model->K;
  for (size_t k = 0; k < model->K; k++)
    if (ws__is_column(model, ids[k])) return model->columns[ids[k]].lf;
  return ids[0] == WS_NO_COLUMN ? model->M : WS_NO_COLUMN - 1 - ids[0];
}
