/* SPDX-License-Identifier: MIT
 *
 * Votes side by side: the labeling functions of several files, for the same records. A
 * record is found by its id; a file in the order of the first, as most are, is never
 * searched.
 */
#include <weaksup/votes.h>

#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>

#include "names.h"
#include "votes_priv.h"

typedef struct joining {
  const ws_votes_source *sources;
  size_t count;
  ws_votes_builder *builder;
  ws__names *ids;    // [count] of the sources that are in another order than the first,
                     // and of the first where there are such
  uint32_t *columns; // of the record at hand
  size_t capacity;
} joining;

/* --- what must fit ------------------------------------------------------------------ */

static ws_status check_classes(const ws_votes_source *first, const ws_votes_source *other,
                               ws_error *err) {
  const ws__names *a = &first->votes->classes, *b = &other->votes->classes;
  for (size_t k = 0; k < a->count && k < b->count; k++)
    if (!ws_text_equal(a->items[k], b->items[k]))
      return ws_error_set(err, WS_EINVAL,
                          "%s: class %zu is '%.*s', expected '%.*s' as in %s",
                          other->name, k, WS_TEXT_ARG(b->items[k]),
                          WS_TEXT_ARG(a->items[k]), first->name);
  if (a->count == b->count) return WS_OK;
  return ws_error_set(err, WS_EINVAL, "%s: %zu classes, expected %zu as in %s",
                      other->name, b->count, a->count, first->name);
}

static const char *owner_of(const joining *j, size_t before, ws_text lf) {
  for (size_t s = 0; s < before; s++)
    if (ws_votes_find_lf(j->sources[s].votes, lf) >= 0) return j->sources[s].name;
  return NULL;
}

static ws_status add_lfs(joining *j, size_t s, ws_error *err) {
  const ws__names *lfs = &j->sources[s].votes->lfs;
  for (size_t i = 0; i < lfs->count; i++) {
    uint32_t number;
    const char *owner = owner_of(j, s, lfs->items[i]);
    if (owner)
      return ws_error_set(err, WS_EINVAL,
                          "%s: the labeling function '%.*s' is in %s, too: expected "
                          "different names",
                          j->sources[s].name, WS_TEXT_ARG(lfs->items[i]), owner);
    WS_TRY(ws_votes_builder_lf(j->builder, lfs->items[i], &number, err));
  }
  return WS_OK;
}

/* --- records ------------------------------------------------------------------------ */

static const char *kind_of_ids(const ws_votes *votes) {
  return votes->id_ends ? "" : " (its ids are row numbers)";
}

static ws_status no_record(const ws_votes_source *has, const ws_votes_source *lacks,
                           ws_text id, ws_error *err) {
  return ws_error_set(err, WS_EINVAL,
                      "%s: the record '%.*s' of %s%s is not in it%s: expected votes on "
                      "the same records",
                      lacks->name, WS_TEXT_ARG(id), has->name, kind_of_ids(has->votes),
                      kind_of_ids(lacks->votes));
}

static ws_status list_ids(const ws_votes_source *source, ws__names *out, ws_error *err) {
  char digits[24];
  for (size_t i = 0; i < source->votes->rows; i++) {
    uint32_t number;
    bool added;
    ws_text id = ws_votes_row_id(source->votes, i, digits);
    if (ws__names_add(out, id, &number, &added) != WS_OK) return ws_error_nomem(err);
    if (!added)
      return ws_error_set(err, WS_EINVAL,
                          "%s: the id '%.*s' occurs twice: expected each once, as votes "
                          "are joined by their ids",
                          source->name, WS_TEXT_ARG(id));
  }
  return WS_OK;
}

/* The row of source s that has the id of row i of the first. */
static ws_status find_row(joining *j, size_t s, size_t i, ws_text id, size_t *row,
                          ws_error *err) {
  char digits[24];
  const ws_votes *votes = j->sources[s].votes;
  *row = i;
  if (!j->ids[s].count) {
    if (i < votes->rows && ws_text_equal(ws_votes_row_id(votes, i, digits), id))
      return WS_OK;
    if (!j->ids[0].count) WS_TRY(list_ids(&j->sources[0], &j->ids[0], err));
    WS_TRY(list_ids(&j->sources[s], &j->ids[s], err));
  }
  int64_t found = ws__names_find(&j->ids[s], id);
  if (found < 0) return no_record(&j->sources[0], &j->sources[s], id, err);
  *row = (size_t)found;
  return WS_OK;
}

/* All records of the first are in source s; which one of s is not in the first? */
static ws_status check_no_more(const joining *j, size_t s, ws_error *err) {
  char digits[24];
  const ws_votes *votes = j->sources[s].votes;
  if (votes->rows == j->sources[0].votes->rows) return WS_OK;
  if (!j->ids[0].count) WS_TRY(list_ids(&j->sources[0], &j->ids[0], err));
  for (size_t i = 0; i < votes->rows; i++) {
    ws_text id = ws_votes_row_id(votes, i, digits);
    if (ws__names_find(&j->ids[0], id) < 0)
      return no_record(&j->sources[s], &j->sources[0], id, err);
  }
  return WS_OK;
}

static ws_status add_columns(joining *j, const ws_votes *votes, size_t row,
                             uint32_t before, size_t *count) {
  ws_pattern p = ws_votes_pattern(votes, votes->row_pattern[row]);
  if (!ws_grow(&j->columns, &j->capacity, *count + p.size + 1, sizeof *j->columns))
    return WS_ENOMEM;
  for (size_t c = 0; c < p.size; c++) j->columns[(*count)++] = p.columns[c] + before;
  return WS_OK;
}

static ws_status join_gold(const joining *j, size_t s, size_t row, ws_text id,
                           int32_t *gold, ws_error *err) {
  int32_t here = ws_votes_row_gold(j->sources[s].votes, row);
  if (here != WS_ABSTAIN && *gold != WS_ABSTAIN && here != *gold)
    return ws_error_set(err, WS_EINVAL,
                        "%s: the gold label of '%.*s' is '%.*s', and '%.*s' in a file "
                        "before it",
                        j->sources[s].name, WS_TEXT_ARG(id),
                        WS_TEXT_ARG(ws_votes_class(j->sources[s].votes, (size_t)here)),
                        WS_TEXT_ARG(ws_votes_class(j->sources[s].votes, (size_t)*gold)));
  if (*gold == WS_ABSTAIN) *gold = here;
  return WS_OK;
}

static ws_status join_row(joining *j, size_t i, ws_error *err) {
  char digits[24];
  const ws_votes *first = j->sources[0].votes;
  ws_text id = ws_votes_row_id(first, i, digits);
  int32_t gold = WS_ABSTAIN;
  size_t count = 0, lfs = 0, classes = first->classes.count;
  for (size_t s = 0; s < j->count; s++) {
    size_t row = i;
    const ws_votes *votes = j->sources[s].votes;
    if (s) WS_TRY(find_row(j, s, i, id, &row, err));
    WS_TRY(join_gold(j, s, row, id, &gold, err));
    if (add_columns(j, votes, row, (uint32_t)(lfs * classes), &count) != WS_OK)
      return ws_error_nomem(err);
    lfs += votes->lfs.count;
  }
  ws_pattern all = {j->columns, count, 1};
  return ws__votes_builder_copy(j->builder, ws_votes_row_number(first, i), id, gold,
                                all) == WS_OK
             ? WS_OK
             : ws_error_nomem(err);
}

static ws_status join(joining *j, ws_error *err) {
  const ws_votes *first = j->sources[0].votes;
  for (size_t s = 1; s < j->count; s++) {
    WS_TRY(check_classes(&j->sources[0], &j->sources[s], err));
    WS_TRY(add_lfs(j, s, err));
  }
  for (size_t i = 0; i < first->rows; i++) WS_TRY(join_row(j, i, err));
  for (size_t s = 1; s < j->count; s++) WS_TRY(check_no_more(j, s, err));
  return WS_OK;
}

ws_status ws_votes_join(const ws_votes_source *sources, size_t count, ws_votes **out,
                        ws_error *err) {
  joining j = {.sources = sources, .count = count};
  j.ids = ws_alloc_zero(count, sizeof *j.ids);
  if (!j.ids) return ws_error_nomem(err);
  ws_status status = ws__votes_builder_like(sources[0].votes, &j.builder);
  status = status == WS_OK ? join(&j, err) : ws_error_nomem(err);
  if (status == WS_OK && ws_votes_builder_finish(j.builder, out) != WS_OK)
    status = ws_error_nomem(err);
  ws_votes_builder_free(j.builder);
  for (size_t s = 0; s < count; s++) ws__names_clear(&j.ids[s]);
  ws_free(j.ids);
  ws_free(j.columns);
  return status;
}
