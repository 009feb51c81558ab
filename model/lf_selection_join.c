/* SPDX-License-Identifier: MIT
 *
 * Votes of existing LFs and of candidates side by side.
 */
#include <inttypes.h>

#include <weaksup/alloc.h>

#include "lf_selection_priv.h"

static ws_status check_classes(const ws_votes *a, const ws_votes *b, const char *what,
                               ws_error *err) {
  size_t K = ws_votes_classes(a);
  bool same = K == ws_votes_classes(b);
  for (size_t k = 0; same && k < K; k++)
    same = ws_text_equal(ws_votes_class(a, k), ws_votes_class(b, k));
  return same ? WS_OK
              : ws_error_set(err, WS_EINVAL,
                             "the votes of candidates on %s have other classes", what);
}

static ws_status check_rows(const ws_votes *a, const ws_votes *b, const char *what,
                            ws_error *err) {
  if (ws_votes_rows(a) != ws_votes_rows(b))
    return ws_error_set(err, WS_EINVAL,
                        "expected votes on the same records of %s, found %zu of existing "
                        "LFs and %zu of candidates",
                        what, ws_votes_rows(b), ws_votes_rows(a));
  for (size_t i = 0; i < ws_votes_rows(a); i++) {
    char one[24], other[24];
    ws_text id = ws_votes_row_id(a, i, one), as = ws_votes_row_id(b, i, other);
    if (!ws_text_equal(id, as))
      return ws_error_set(err, WS_EINVAL,
                          "expected votes on the same records of %s, found '%.*s' beside "
                          "'%.*s' at row %zu",
                          what, WS_TEXT_ARG(as), WS_TEXT_ARG(id), i);
  }
  return WS_OK;
}

static ws_status check_names(const ws_votes *a, const ws_votes *b, const char *what,
                             ws_error *err) {
  for (size_t j = 0; j < ws_votes_lfs(a); j++) {
    ws_text name = ws_votes_lf(a, j);
    if (ws_votes_find_lf(b, name) >= 0)
      return ws_error_set(err, WS_EINVAL,
                          "%s: a candidate and an existing LF are called '%.*s'", what,
                          WS_TEXT_ARG(name));
  }
  return WS_OK;
}

ws_status ws__selection_check(const ws_selection_votes *votes, const char *what,
                              ws_error *err) {
  if (!votes->existing) return WS_OK;
  WS_TRY(check_classes(votes->candidates, votes->existing, what, err));
  WS_TRY(check_rows(votes->candidates, votes->existing, what, err));
  return check_names(votes->candidates, votes->existing, what, err);
}

/* --- joining --- */

typedef struct joiner {
  const ws_selection_votes *votes;
  const bool *keep; // NULL: all
  size_t E, C, K;
  uint32_t *place; // [C] of a candidate that is kept
  ws_vote *cast;   // [E + C]
  ws_votes_builder *builder;
} joiner;

static bool is_kept(const joiner *j, size_t c) {
  return !j->keep || j->keep[c];
}

static ws_status add_names(joiner *j, ws_error *err) {
  uint32_t at;
  for (size_t e = 0; e < j->E; e++)
    WS_TRY(ws_votes_builder_lf(j->builder, ws_votes_lf(j->votes->existing, e), &at, err));
  for (size_t c = 0; c < j->C; c++)
    if (is_kept(j, c))
      WS_TRY(ws_votes_builder_lf(j->builder, ws_votes_lf(j->votes->candidates, c),
                                 &j->place[c], err));
  return WS_OK;
}

static size_t collect(joiner *j, size_t row) {
  size_t count = 0;
  if (j->votes->existing) {
    ws_pattern p = ws_votes_pattern(j->votes->existing,
                                    ws_votes_row_pattern(j->votes->existing, row));
    for (size_t v = 0; v < p.size; v++)
      j->cast[count++] =
          (ws_vote){(uint32_t)(p.columns[v] / j->K), (int32_t)(p.columns[v] % j->K)};
  }
  ws_pattern p = ws_votes_pattern(j->votes->candidates,
                                  ws_votes_row_pattern(j->votes->candidates, row));
  for (size_t v = 0; v < p.size; v++) {
    size_t c = p.columns[v] / j->K;
    if (is_kept(j, c))
      j->cast[count++] = (ws_vote){j->place[c], (int32_t)(p.columns[v] % j->K)};
  }
  return count;
}

static ws_status add_rows(joiner *j) {
  const ws_votes *from = j->votes->candidates;
  for (size_t i = 0; i < ws_votes_rows(from); i++) {
    char digits[24];
    size_t count = collect(j, i);
    int32_t gold = ws_votes_row_gold(from, i);
    if (gold == WS_ABSTAIN && j->votes->existing)
      gold = ws_votes_row_gold(j->votes->existing, i);
    WS_TRY(ws_votes_builder_add_at(j->builder, ws_votes_row_number(from, i),
                                   ws_votes_row_id(from, i, digits), gold, j->cast,
                                   count));
  }
  return WS_OK;
}

/* A builder takes the classes of a task. */
static ws_status open_builder(joiner *j, ws_error *err) {
  ws_task *task = NULL;
  ws_text *names = ws_alloc_array(j->K, sizeof *names);
  if (!names) return ws_error_nomem(err);
  for (size_t k = 0; k < j->K; k++) names[k] = ws_votes_class(j->votes->candidates, k);
  ws_status status = ws_task_new(names, j->K, &task, err);
  if (status == WS_OK && ws_votes_builder_new(task, &j->builder) != WS_OK)
    status = ws_error_nomem(err);
  ws_task_free(task);
  ws_free(names);
  return status;
}

ws_status ws_selection_join(const ws_selection_votes *votes, const bool *keep,
                            ws_votes **out, ws_error *err) {
  joiner j = {.votes = votes, .keep = keep, .E = ws__existing_lfs(votes)};
  j.C = ws_votes_lfs(votes->candidates);
  j.K = ws_votes_classes(votes->candidates);
  j.place = ws_alloc_array(j.C, sizeof *j.place);
  j.cast = ws_alloc_array(j.E + j.C, sizeof *j.cast);
  ws_status status = j.place && j.cast ? WS_OK : ws_error_nomem(err);
  if (status == WS_OK) status = open_builder(&j, err);
  if (status == WS_OK) status = add_names(&j, err);
  if (status == WS_OK &&
      (add_rows(&j) != WS_OK || ws_votes_builder_finish(j.builder, out) != WS_OK))
    status = ws_error_nomem(err);
  ws_votes_builder_free(j.builder);
  ws_free(j.place);
  ws_free(j.cast);
  return status;
}
