/* SPDX-License-Identifier: MIT
 *
 * What changed between two fits. A label that flipped is put down to the labeling
 * function whose share of the log-odds moved most towards the new label (explain.h): the
 * shares add up to the posterior, so nothing is counted twice.
 */
#include <weaksup/run_diff.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/explain.h>
#include <weaksup/hash.h>

#include "run_diff_cause.h"

/* --- which records are the same ----------------------------------------------------- */

typedef struct place {
  uint64_t hash; // of the id
  size_t row;
} place;

static int by_hash(const void *left, const void *right) {
  const place *a = left, *b = right;
  if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
  return a->row < b->row ? -1 : a->row > b->row;
}

static place *places_new(const ws_votes *votes) {
  size_t n = ws_votes_rows(votes);
  place *places = ws_alloc_array(n, sizeof *places);
  char digits[24];
  for (size_t i = 0; places && i < n; i++) {
    ws_text id = ws_votes_row_id(votes, i, digits);
    places[i] = (place){ws_hash64(id.data, id.size, 0), i};
  }
  if (places) qsort(places, n, sizeof *places, by_hash);
  return places;
}

static int by_row(const void *left, const void *right) {
  const size_t *a = left, *b = right; // pairs; the row after stands behind
  return a[1] < b[1] ? -1 : a[1] > b[1];
}

/* Writes pairs [min(n, m)][2] in the order of the rows after; returns how many. */
static size_t join(const place *before, size_t n, const place *after, size_t m,
                   size_t *pairs) {
  size_t i = 0, j = 0, count = 0;
  while (i < n && j < m) {
    if (before[i].hash < after[j].hash) {
      i++;
    } else if (before[i].hash > after[j].hash) {
      j++;
    } else {
      pairs[2 * count] = before[i++].row;
      pairs[2 * count++ + 1] = after[j++].row;
    }
  }
  qsort(pairs, count, 2 * sizeof *pairs, by_row);
  return count;
}

static ws_status match_records(ws_run_diff *diff, const ws_votes *before,
                               const ws_votes *after) {
  size_t n = ws_votes_rows(before), m = ws_votes_rows(after), most = n < m ? n : m;
  place *left = places_new(before), *right = places_new(after);
  size_t *pairs = ws_alloc_array(most, 2 * sizeof *pairs);
  diff->rows_before = ws_alloc_array(most, sizeof *diff->rows_before);
  diff->rows_after = ws_alloc_array(most, sizeof *diff->rows_after);
  bool fine = left && right && pairs && diff->rows_before && diff->rows_after;
  diff->records = fine ? join(left, n, right, m, pairs) : 0;
  for (size_t i = 0; i < diff->records; i++) {
    diff->rows_before[i] = pairs[2 * i];
    diff->rows_after[i] = pairs[2 * i + 1];
  }
  diff->only_before = n - diff->records;
  diff->only_after = m - diff->records;
  ws_free(left);
  ws_free(right);
  ws_free(pairs);
  return fine ? WS_OK : WS_ENOMEM;
}

/* --- labeling functions and their votes --------------------------------------------- */

static ws_status list_lfs(ws_run_diff *diff, const ws_votes *before,
                          const ws_votes *after) {
  size_t M = ws_votes_lfs(before), N = ws_votes_lfs(after);
  diff->lfs = ws_alloc_zero(M + N, sizeof *diff->lfs);
  if (!diff->lfs) return WS_ENOMEM;
  for (size_t j = 0; j < M; j++) {
    ws_lf_diff *lf = &diff->lfs[diff->lf_count++];
    lf->lf = ws_votes_lf(before, j);
    lf->before = true;
    lf->after = ws_votes_find_lf(after, lf->lf) >= 0;
  }
  for (size_t j = 0; j < N; j++)
    if (ws_votes_find_lf(before, ws_votes_lf(after, j)) < 0)
      diff->lfs[diff->lf_count++] = (ws_lf_diff){.lf = ws_votes_lf(after, j), .after = 1};
  return WS_OK;
}

static void read_votes(const ws_votes *votes, size_t u, const size_t *place_of,
                       int32_t *out, size_t count) {
  ws_pattern pattern = ws_votes_pattern(votes, u);
  size_t K = ws_votes_classes(votes);
  for (size_t j = 0; j < count; j++) out[j] = WS_ABSTAIN;
  for (size_t v = 0; v < pattern.size; v++)
    out[place_of[pattern.columns[v] / K]] = (int32_t)(pattern.columns[v] % K);
}

static void count_vote(ws_lf_diff *lf, int32_t before, int32_t after) {
  lf->votes_before += before != WS_ABSTAIN;
  lf->votes_after += after != WS_ABSTAIN;
  if (before == after) return;
  if (before == WS_ABSTAIN)
    lf->gained++;
  else if (after == WS_ABSTAIN)
    lf->lost++;
  else
    lf->changed++;
}

/* Where the LFs of the votes stand in the list. */
static size_t *places_of(const ws_run_diff *diff, const ws_votes *votes) {
  size_t *out = ws_alloc_array(ws_votes_lfs(votes), sizeof *out);
  for (size_t j = 0; out && j < ws_votes_lfs(votes); j++)
    for (size_t i = 0; i < diff->lf_count; i++)
      if (ws_text_equals(ws_votes_lf(votes, j), diff->lfs[i].lf.data)) out[j] = i;
  return out;
}

static ws_status count_votes(ws_run_diff *diff, const ws_votes *before,
                             const ws_votes *after) {
  size_t M = diff->lf_count;
  size_t *left = places_of(diff, before), *right = places_of(diff, after);
  int32_t *was = ws_alloc_array(M, sizeof *was), *is = ws_alloc_array(M, sizeof *is);
  bool fine = left && right && was && is;
  for (size_t i = 0; fine && i < diff->records; i++) {
    read_votes(before, ws_votes_row_pattern(before, diff->rows_before[i]), left, was, M);
    read_votes(after, ws_votes_row_pattern(after, diff->rows_after[i]), right, is, M);
    for (size_t j = 0; j < M; j++) count_vote(&diff->lfs[j], was[j], is[j]);
  }
  ws_free(left);
  ws_free(right);
  ws_free(was);
  ws_free(is);
  return fine ? WS_OK : WS_ENOMEM;
}

/* --- labels ------------------------------------------------------------------------- */

static int32_t label_of(const ws_run_side *side, size_t u) {
  if (ws_votes_pattern(side->votes, u).size == 0) return WS_ABSTAIN;
  return ws_probs_argmax(ws_labels_get(side->labels, u), ws_votes_classes(side->votes));
}

static int by_pattern(const void *left, const void *right) {
  const ws__flip *a = left, *b = right;
  if (a->before != b->before) return a->before < b->before ? -1 : 1;
  if (a->after != b->after) return a->after < b->after ? -1 : 1;
  return a->row < b->row ? -1 : a->row > b->row;
}

static ws_label_flip *flip_of(ws_run_diff *diff, int32_t from, int32_t to) {
  for (size_t i = 0; i < diff->flip_count; i++)
    if (diff->flips[i].from == from && diff->flips[i].to == to) return &diff->flips[i];
  ws_label_flip *grown =
      ws_realloc_array(diff->flips, diff->flip_count + 1, sizeof *diff->flips);
  if (!grown) return NULL;
  diff->flips = grown;
  grown[diff->flip_count] = (ws_label_flip){.from = from, .to = to};
  return &grown[diff->flip_count++];
}

/* In the order of the records, so that the first ones are the examples. */
static ws_status find_flips(ws_run_diff *diff, const ws_run_side *before,
                            const ws_run_side *after, ws__flip *flips, size_t *count) {
  for (size_t i = 0; i < diff->records; i++) {
    size_t u = ws_votes_row_pattern(before->votes, diff->rows_before[i]);
    size_t v = ws_votes_row_pattern(after->votes, diff->rows_after[i]);
    int32_t from = label_of(before, u), to = label_of(after, v);
    if (from == to) continue;
    ws_label_flip *flip = flip_of(diff, from, to);
    if (!flip) return WS_ENOMEM;
    if (flip->records < WS_FLIP_EXAMPLES)
      flip->examples[flip->records] = diff->rows_after[i];
    flip->records++;
    flips[(*count)++] = (ws__flip){u, v, diff->rows_after[i], from, to};
  }
  return WS_OK;
}

static int by_records(const void *left, const void *right) {
  const ws_label_flip *a = left, *b = right;
  if (a->records != b->records) return a->records > b->records ? -1 : 1;
  if (a->from != b->from) return a->from < b->from ? -1 : 1;
  return a->to < b->to ? -1 : a->to > b->to;
}

/* Records with the same patterns flip for the same reason. */
static ws_status find_causes(ws_run_diff *diff, const ws_run_side *before,
                             const ws_run_side *after, ws__flip *flips, size_t count,
                             ws_error *err) {
  qsort(flips, count, sizeof *flips, by_pattern);
  for (size_t i = 0, end; i < count; i = end) {
    ws__cause cause;
    for (end = i; end < count && flips[end].before == flips[i].before &&
                  flips[end].after == flips[i].after;)
      end++;
    WS_TRY(ws__flip_cause(diff, before, after, &flips[i], &cause, err));
    if (cause.lf < 0) diff->flipped_otherwise += end - i;
    if (cause.lf < 0) continue;
    diff->lfs[cause.lf].flips += end - i;
    if (cause.by_vote) diff->lfs[cause.lf].flips_by_vote += end - i;
  }
  return WS_OK;
}

static ws_status compare_labels(ws_run_diff *diff, const ws_run_side *before,
                                const ws_run_side *after, ws_error *err) {
  size_t count = 0;
  ws__flip *flips = ws_alloc_array(diff->records, sizeof *flips);
  ws_status status = flips ? WS_OK : WS_ENOMEM;
  if (status == WS_OK) status = find_flips(diff, before, after, flips, &count);
  if (status != WS_OK) ws_error_nomem(err);
  diff->flipped = count;
  if (status == WS_OK) status = find_causes(diff, before, after, flips, count, err);
  if (diff->flip_count)
    qsort(diff->flips, diff->flip_count, sizeof *diff->flips, by_records);
  ws_free(flips);
  return status;
}

/* --- all ---------------------------------------------------------------------------- */

/* Of many classes the first. */
static ws_status put_classes(ws_buffer *out, const ws_votes *votes) {
  enum { MOST = 8 };
  size_t K = ws_votes_classes(votes);
  for (size_t k = 0; k < K && k < MOST; k++)
    WS_TRY(ws_buffer_printf(out, "%s%.*s", k ? "," : "",
                            WS_TEXT_ARG(ws_votes_class(votes, k))));
  return K > MOST ? ws_buffer_printf(out, " and %zu more", K - MOST) : WS_OK;
}

static ws_status say_classes(const ws_votes *before, const ws_votes *after,
                             ws_error *err) {
  ws_buffer names = {0};
  ws_status status = put_classes(&names, before);
  if (status == WS_OK) status = ws_buffer_string(&names, " and ");
  if (status == WS_OK) status = put_classes(&names, after);
  if (status == WS_OK)
    ws_error_set(err, WS_EINVAL,
                 "expected two runs with the same classes in the same order, found %s",
                 names.data);
  ws_buffer_clear(&names);
  return status == WS_OK ? WS_EINVAL : ws_error_nomem(err);
}

static ws_status check_classes(const ws_votes *before, const ws_votes *after,
                               ws_error *err) {
  size_t K = ws_votes_classes(before);
  bool same = K == ws_votes_classes(after);
  for (size_t k = 0; same && k < K; k++)
    same = ws_text_equals(ws_votes_class(before, k), ws_votes_class(after, k).data);
  return same ? WS_OK : say_classes(before, after, err);
}

ws_status ws_run_diff_new(const ws_run_side *before, const ws_run_side *after,
                          ws_run_diff **out, ws_error *err) {
  WS_TRY(check_classes(before->votes, after->votes, err));
  ws_run_diff *diff = ws_alloc_zero(1, sizeof *diff);
  if (!diff) return ws_error_nomem(err);
  ws_status status = match_records(diff, before->votes, after->votes);
  if (status == WS_OK) status = list_lfs(diff, before->votes, after->votes);
  if (status == WS_OK) status = count_votes(diff, before->votes, after->votes);
  if (status != WS_OK)
    ws_error_nomem(err);
  else if (diff->records == 0)
    status = ws_error_set(err, WS_EINVAL,
                          "expected two runs of the same records, found none with the "
                          "same id");
  if (status == WS_OK) status = compare_labels(diff, before, after, err);
  if (status == WS_OK) {
    *out = diff;
    return WS_OK;
  }
  ws_run_diff_free(diff);
  return status;
}

void ws_run_diff_free(ws_run_diff *diff) {
  if (!diff) return;
  ws_free(diff->lfs);
  ws_free(diff->flips);
  ws_free(diff->rows_before);
  ws_free(diff->rows_after);
  ws_free(diff);
}
