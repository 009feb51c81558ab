/* SPDX-License-Identifier: MIT
 *
 * Merging votes: the pattern table is additive, so the votes of shards give those of the
 * whole. Shards know the rows of their records, which are put in order again.
 */
#include <weaksup/votes.h>

#include <weaksup/alloc.h>

#include "id_set.h"
#include "votes_priv.h"

/* --- names --- */

/* `there` tells whose names are expected, for messages. */
static ws_status check_names(const ws__names *names, const ws__names *expected,
                             const char *what, const char *whats, const char *there,
                             ws_error *err) {
  size_t n = names->count < expected->count ? names->count : expected->count;
  for (size_t i = 0; i < n; i++)
    if (!ws_text_equal(names->items[i], expected->items[i]))
      return ws_error_set(err, WS_EINVAL, "%s %zu is '%.*s', expected '%.*s' as in %s",
                          what, i, WS_TEXT_ARG(names->items[i]),
                          WS_TEXT_ARG(expected->items[i]), there);
  if (names->count == expected->count) return WS_OK;
  bool more = names->count > n;
  ws_text name = more ? names->items[n] : expected->items[n];
  return ws_error_set(err, WS_EINVAL, "%zu %s, expected %zu as in %s: '%.*s' is %s",
                      names->count, whats, expected->count, there, WS_TEXT_ARG(name),
                      more ? "new" : "missing");
}

static ws_status check_same(const ws_votes *votes, const ws_votes *first,
                            const char *there, ws_error *err) {
  WS_TRY(check_names(&votes->classes, &first->classes, "class", "classes", there, err));
  return check_names(&votes->lfs, &first->lfs, "LF", "LFs", there, err);
}

/* --- two, one behind the other --- */

/* `renumber`: ids that were row numbers become the row numbers of the whole. *at counts
 * them. */
static ws_status append_all(ws_votes_builder *builder, const ws_votes *votes,
                            bool renumber, uint64_t *at) {
  char digits[24];
  bool named = votes->id_ends || votes->row_numbers || !renumber;
  for (size_t i = 0; i < votes->rows; i++) {
    uint64_t row = (*at)++;
    ws_text id = {digits, 0};
    if (named)
      id = ws_votes_row_id(votes, i, digits);
    else
      id.size = ws__row_digits(row, digits);
    WS_TRY(ws__votes_builder_copy(builder, row, id, ws_votes_row_gold(votes, i),
                                  ws_votes_pattern(votes, votes->row_pattern[i])));
  }
  return WS_OK;
}

ws_status ws_votes_merge(const ws_votes *a, const ws_votes *b, ws_votes **out,
                         ws_error *err) {
  ws_votes_builder *builder = NULL;
  uint64_t row = 0;
  WS_TRY(check_same(b, a, "the first votes", err));
  ws_status status = ws__votes_builder_like(a, &builder);
  if (status == WS_OK) status = append_all(builder, a, true, &row);
  if (status == WS_OK) status = append_all(builder, b, true, &row);
  if (status == WS_OK) status = ws_votes_builder_finish(builder, out);
  ws_votes_builder_free(builder);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}

/* --- shards --- */

static bool has_id(const ws_votes *votes, size_t rows, ws_text id) {
  char digits[24];
  for (size_t i = 0; i < rows; i++)
    if (ws_text_equal(ws_votes_row_id(votes, i, digits), id)) return true;
  return false;
}

/* Finds whose the id is that record i of source s has, too. */
static ws_status say_twice(const ws_votes_source *sources, size_t s, size_t i,
                           ws_error *err) {
  char digits[24];
  ws_text id = ws_votes_row_id(sources[s].votes, i, digits);
  size_t other = 0;
  while (other < s && !has_id(sources[other].votes, sources[other].votes->rows, id))
    other++;
  if (other == s)
    return ws_error_set(err, WS_EINVAL, "%s: the id '%.*s' occurs twice", sources[s].name,
                        WS_TEXT_ARG(id));
  return ws_error_set(err, WS_EINVAL,
                      "%s: the id '%.*s' is in %s, too: expected shards of some data, "
                      "each once, or records with ids of their own",
                      sources[s].name, WS_TEXT_ARG(id), sources[other].name);
}

static ws_status check_ids(const ws_votes_source *sources, size_t count, ws__id_set *ids,
                           ws_error *err) {
  char digits[24];
  for (size_t s = 0; s < count; s++)
    for (size_t i = 0; i < sources[s].votes->rows; i++) {
      bool added;
      ws_hash128 hash =
          ws__id_set_expect(ids, ws_votes_row_id(sources[s].votes, i, digits));
      if (ws__id_set_add(ids, hash, &added) != WS_OK) return ws_error_nomem(err);
      if (!added) return say_twice(sources, s, i, err);
    }
  return WS_OK;
}

static ws_status check_sources(const ws_votes_source *sources, size_t count,
                               ws_error *err) {
  ws__id_set ids = {0};
  for (size_t s = 1; s < count; s++) {
    ws_status same = check_same(sources[s].votes, sources[0].votes, sources[0].name, err);
    if (same != WS_OK) ws_error_prefix(err, "%s: ", sources[s].name);
    WS_TRY(same);
  }
  ws_status status = check_ids(sources, count, &ids, err);
  ws__id_set_clear(&ids);
  return status;
}

/* The source whose next record has the lowest row, or `count` at the end. *tie: two have
 * it. */
static size_t lowest(const ws_votes_source *sources, size_t count, const size_t *next,
                     bool *tie) {
  size_t best = count;
  uint64_t row = 0;
  *tie = false;
  for (size_t s = 0; s < count; s++) {
    if (next[s] == sources[s].votes->rows) continue;
    uint64_t here = ws_votes_row_number(sources[s].votes, next[s]);
    if (best < count && here == row) *tie = true;
    if (best < count && here >= row) continue;
    if (best < count) *tie = false;
    best = s;
    row = here;
  }
  return best;
}

static bool rows_differ(const ws_votes_source *sources, size_t count, size_t *next) {
  bool tie;
  for (size_t s = 0; s < count; s++) next[s] = 0;
  for (size_t s; (s = lowest(sources, count, next, &tie)) < count && !tie;) next[s]++;
  return !tie;
}

/* next: [count], room for where in each source. */
static ws_status append_by_row(ws_votes_builder *builder, const ws_votes_source *sources,
                               size_t count, size_t *next) {
  char digits[24];
  bool tie;
  for (size_t s = 0; s < count; s++) next[s] = 0;
  for (size_t s; (s = lowest(sources, count, next, &tie)) < count; next[s]++) {
    const ws_votes *votes = sources[s].votes;
    size_t i = next[s];
    WS_TRY(ws__votes_builder_copy(
        builder, ws_votes_row_number(votes, i), ws_votes_row_id(votes, i, digits),
        ws_votes_row_gold(votes, i), ws_votes_pattern(votes, votes->row_pattern[i])));
  }
  return WS_OK;
}

static ws_status append_sources(ws_votes_builder *builder, const ws_votes_source *sources,
                                size_t count) {
  size_t *next = ws_alloc_array(count, sizeof *next);
  if (!next) return WS_ENOMEM;
  uint64_t row = 0;
  ws_status status = WS_OK;
  if (rows_differ(sources, count, next))
    status = append_by_row(builder, sources, count, next);
  else
    for (size_t s = 0; status == WS_OK && s < count; s++)
      status = append_all(builder, sources[s].votes, false, &row);
  ws_free(next);
  return status;
}

ws_status ws_votes_merge_shards(const ws_votes_source *sources, size_t count,
                                ws_votes **out, ws_error *err) {
  ws_votes_builder *builder = NULL;
  WS_TRY(check_sources(sources, count, err));
  ws_status status = ws__votes_builder_like(sources[0].votes, &builder);
  if (status == WS_OK) status = append_sources(builder, sources, count);
  if (status == WS_OK) status = ws_votes_builder_finish(builder, out);
  ws_votes_builder_free(builder);
  return status == WS_OK ? WS_OK : ws_error_nomem(err);
}
