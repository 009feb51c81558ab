/* SPDX-License-Identifier: MIT
 *
 * Choosing records to label: scores, and the shortlist.
 *
 * Entropy and margin are uncertainty sampling, disagreement is that of a committee whose
 * members are the LFs (Burr Settles, Active learning literature survey, 2009, 3.1 and
 * 3.2).
 */
#include "active_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

static const char *const names[WS_ACTIVE_KINDS] = {
    [WS_ACTIVE_MIX] = "mix",
    [WS_ACTIVE_MARGIN] = "margin",
    [WS_ACTIVE_EVIDENCE] = "evidence",
    [WS_ACTIVE_ENTROPY] = "entropy",
    [WS_ACTIVE_DISAGREEMENT] = "disagreement",
    [WS_ACTIVE_DIVERSE] = "diverse",
};

const char *ws_active_by_name(ws_active_by by) {
  return names[by];
}

bool ws_active_by_find(ws_text name, ws_active_by *out) {
  for (int by = 0; by < WS_ACTIVE_KINDS; by++)
    if (ws_text_equals(name, names[by])) {
      *out = (ws_active_by)by;
      return true;
    }
  return false;
}

ws_active_options ws_active_options_default(void) {
  return (ws_active_options){.by = WS_ACTIVE_MIX, .count = 20};
}

size_t ws__active_turns(const ws_active *active) {
  return active->options.by == WS_ACTIVE_MIX ? 4 : 1;
}

ws_active_by ws__active_turn(const ws_active *active, size_t turn) {
  return active->options.by == WS_ACTIVE_MIX
             ? (ws_active_by)(WS_ACTIVE_EVIDENCE + (int)(turn % 4))
             : active->options.by;
}

/* --- scores ------------------------------------------------------------------------- */

static double entropy_of(const double *shares, size_t K) {
  double sum = 0;
  for (size_t k = 0; k < K; k++)
    if (shares[k] > 0) sum -= shares[k] * log(shares[k]);
  return sum / log((double)K);
}

static ws__unsure unsure_of(const double *probs, size_t K) {
  double first = 0, second = 0;
  for (size_t k = 0; k < K; k++) {
    if (probs[k] > first) {
      second = first;
      first = probs[k];
    } else if (probs[k] > second) {
      second = probs[k];
    }
  }
  return (ws__unsure){(float)entropy_of(probs, K), (float)(1 - (first - second))};
}

static double disagreement_of(const ws_votes *votes, size_t u, double *shares) {
  size_t K = ws_votes_classes(votes);
  ws_pattern pattern = ws_votes_pattern(votes, u);
  if (pattern.size < 2) return 0;
  for (size_t k = 0; k < K; k++) shares[k] = 0;
  for (size_t i = 0; i < pattern.size; i++)
    shares[pattern.columns[i] % K] += 1 / (double)pattern.size;
  return entropy_of(shares, K);
}

double ws__active_want(const ws_active *active, size_t j) {
  uint64_t known = active->gold_votes[j];
  return active->coverage[j] / (1 + (double)known);
}

static double evidence_of(const ws_active *active, size_t u) {
  ws_pattern pattern = ws_votes_pattern(active->votes, u);
  size_t K = ws_votes_classes(active->votes);
  double sum = 0;
  for (size_t i = 0; i < pattern.size; i++)
    sum += ws__active_want(active, pattern.columns[i] / K);
  return active->wanting > 0 ? sum / active->wanting : 0;
}

bool ws__active_own(const ws_active *active, size_t row) {
  return active->own && active->has_own[row];
}

double ws__active_score(const ws_active *active, ws_active_by by, size_t row,
                        size_t pattern) {
  const ws__unsure *unsure =
      ws__active_own(active, row) ? &active->own[row] : &active->of_pattern[pattern];
  switch (by) {
  case WS_ACTIVE_MARGIN:
    return (double)unsure->margin;
  case WS_ACTIVE_ENTROPY:
    return (double)unsure->entropy;
  case WS_ACTIVE_DISAGREEMENT:
    return active->disagreement[pattern];
  case WS_ACTIVE_EVIDENCE:
    return evidence_of(active, pattern);
  default:
    return 1;
  }
}

/* --- making ------------------------------------------------------------------------- */

static ws_status score_patterns(ws_active *active) {
  size_t U = ws_votes_patterns(active->votes), K = ws_votes_classes(active->votes);
  double *shares = ws_alloc_array(K, sizeof *shares);
  if (!shares) return WS_ENOMEM;
  for (size_t u = 0; u < U; u++) {
    ws_pattern pattern = ws_votes_pattern(active->votes, u);
    active->of_pattern[u] = unsure_of(ws_labels_get(active->labels, u), K);
    active->disagreement[u] = disagreement_of(active->votes, u, shares);
    for (size_t i = 0; i < pattern.size; i++)
      active->coverage[pattern.columns[i] / K] += (double)pattern.count;
  }
  for (size_t j = 0; j < ws_votes_lfs(active->votes); j++)
    active->coverage[j] /= (double)ws_votes_rows(active->votes);
  ws_free(shares);
  return WS_OK;
}

static ws_status make_room(ws_active *active) {
  size_t N = ws_votes_rows(active->votes), U = ws_votes_patterns(active->votes);
  size_t M = ws_votes_lfs(active->votes);
  active->of_pattern = ws_alloc_zero(U, sizeof *active->of_pattern);
  active->disagreement = ws_alloc_zero(U, sizeof *active->disagreement);
  active->used = ws_alloc_zero(U, sizeof *active->used);
  active->gold_votes = ws_alloc_zero(M, sizeof *active->gold_votes);
  active->left_out_votes = ws_alloc_zero(M, sizeof *active->left_out_votes);
  active->coverage = ws_alloc_zero(M, sizeof *active->coverage);
  active->left_out = ws_alloc_zero(N, sizeof *active->left_out);
  bool fine = active->of_pattern && active->disagreement && active->used &&
              active->gold_votes && active->left_out_votes && active->coverage &&
              active->left_out;
  return fine ? WS_OK : WS_ENOMEM;
}

ws_status ws_active_new(const ws_votes *votes, const ws_labels *labels,
                        const ws_active_options *options, ws_active **out) {
  ws_active *active = ws_alloc_zero(1, sizeof *active);
  if (!active) return WS_ENOMEM;
  active->votes = votes;
  active->labels = labels;
  active->options = options ? *options : ws_active_options_default();
  ws_status status = make_room(active);
  if (status == WS_OK) status = score_patterns(active);
  if (status == WS_OK)
    *out = active;
  else
    ws_active_free(active);
  return status;
}

void ws_active_free(ws_active *active) {
  if (!active) return;
  for (size_t i = 0; i < active->count; i++) ws__word_set_clear(&active->list[i].words);
  ws_free(active->of_pattern);
  ws_free(active->disagreement);
  ws_free(active->used);
  ws_free(active->gold_votes);
  ws_free(active->left_out_votes);
  ws_free(active->coverage);
  ws_free(active->left_out);
  ws_free(active->own);
  ws_free(active->has_own);
  ws_free(active->list);
  ws_free(active->rows);
  ws_free(active->picks);
  ws_free(active);
}

void ws_active_leave_out(ws_active *active, size_t row) {
  size_t K = ws_votes_classes(active->votes);
  ws_pattern pattern =
      ws_votes_pattern(active->votes, ws_votes_row_pattern(active->votes, row));
  if (active->left_out[row]) return;
  active->left_out[row] = true;
  for (size_t i = 0; i < pattern.size; i++)
    active->left_out_votes[pattern.columns[i] / K]++;
}

ws_status ws_active_probs(ws_active *active, size_t row, const double *probs) {
  size_t N = ws_votes_rows(active->votes);
  if (!active->own) active->own = ws_alloc_array(N, sizeof *active->own);
  if (!active->has_own) active->has_own = ws_alloc_zero(N, sizeof *active->has_own);
  if (!active->own || !active->has_own) return WS_ENOMEM;
  active->own[row] = unsure_of(probs, ws_votes_classes(active->votes));
  active->has_own[row] = true;
  return WS_OK;
}

/* --- the shortlist ------------------------------------------------------------------ */

typedef struct entry {
  double value;
  uint64_t hash;
  size_t row, pattern;
} entry;

static int by_pattern(const void *a, const void *b) {
  const entry *x = a, *y = b;
  if (x->pattern != y->pattern) return x->pattern < y->pattern ? -1 : 1;
  if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

static int by_value(const void *a, const void *b) {
  const entry *x = a, *y = b;
  if (x->value != y->value) return x->value > y->value ? -1 : 1;
  if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

static size_t list_entries(const ws_active *active, entry *entries) {
  size_t count = 0;
  for (size_t i = 0; i < ws_votes_rows(active->votes); i++) {
    char digits[24];
    if (active->left_out[i]) continue;
    ws_text id = ws_votes_row_id(active->votes, i, digits);
    entries[count++] = (entry){.hash = ws_hash64(id.data, id.size, active->options.seed),
                               .row = i,
                               .pattern = ws_votes_row_pattern(active->votes, i)};
  }
  if (count) qsort(entries, count, sizeof *entries, by_pattern);
  return count;
}

/* Entries are by pattern. The second record of a pattern counts half, as it will when
 * records are chosen: or else one frequent pattern would fill the list. */
static void value_entries(const ws_active *active, ws_active_by by, entry *entries,
                          size_t count) {
  size_t rank = 0;
  for (size_t i = 0; i < count; i++) {
    entry *e = &entries[i];
    rank = i && entries[i - 1].pattern == e->pattern ? rank + 1 : 0;
    bool alone = by == WS_ACTIVE_DIVERSE || ws__active_own(active, e->row);
    e->value = ws__active_score(active, by, e->row, e->pattern) /
               (alone ? 1 : (double)(rank + 1));
  }
}

static size_t list_size(const ws_active *active) {
  size_t size = active->options.count > WS__SHORTLIST_MOST / WS__SHORTLIST_FACTOR
                    ? WS__SHORTLIST_MOST
                    : active->options.count * WS__SHORTLIST_FACTOR;
  if (size < WS__SHORTLIST_LEAST) size = WS__SHORTLIST_LEAST;
  return active->options.count > size / 2 ? active->options.count * 2 : size;
}

static int by_row(const void *a, const void *b) {
  const ws__candidate *x = a, *y = b;
  return (x->row > y->row) - (x->row < y->row);
}

static ws_status add_best(ws_active *active, entry *sorted, const entry *entries,
                          size_t count, size_t most, size_t *capacity) {
  memcpy(sorted, entries, count * sizeof *sorted);
  if (count) qsort(sorted, count, sizeof *sorted, by_value);
  for (size_t i = 0; i < count && i < most && sorted[i].value > 0; i++) {
    if (!ws_grow(&active->list, capacity, active->count + 1, sizeof *active->list))
      return WS_ENOMEM;
    active->list[active->count++] = (ws__candidate){
        .row = sorted[i].row, .pattern = sorted[i].pattern, .hash = sorted[i].hash};
  }
  return WS_OK;
}

/* By row, each once. */
static ws_status tidy_list(ws_active *active) {
  size_t kept = 0;
  if (active->count) qsort(active->list, active->count, sizeof *active->list, by_row);
  for (size_t i = 0; i < active->count; i++)
    if (kept == 0 || active->list[i].row != active->list[kept - 1].row)
      active->list[kept++] = active->list[i];
  active->count = kept;
  active->rows = ws_alloc_array(kept, sizeof *active->rows);
  if (!active->rows) return WS_ENOMEM;
  for (size_t i = 0; i < kept; i++) active->rows[i] = active->list[i].row;
  return WS_OK;
}

static void count_evidence(ws_active *active) {
  for (size_t j = 0; j < ws_votes_lfs(active->votes); j++) {
    uint64_t known =
        active->options.gold_votes ? active->options.gold_votes[j] : (uint64_t)0;
    uint64_t seen = active->left_out_votes[j];
    active->gold_votes[j] = known > seen ? known : seen;
    active->wanting += ws__active_want(active, j);
  }
}

ws_status ws_active_shortlist(ws_active *active, const size_t **rows, size_t *count) {
  size_t N = ws_votes_rows(active->votes), capacity = 0;
  size_t turns = ws__active_turns(active), most = list_size(active) / turns;
  entry *entries = ws_alloc_array(N, sizeof *entries);
  entry *sorted = ws_alloc_array(N, sizeof *sorted);
  ws_status status = entries && sorted ? WS_OK : WS_ENOMEM;
  if (status == WS_OK) {
    count_evidence(active);
    size_t listed = list_entries(active, entries);
    for (size_t turn = 0; turn < turns && status == WS_OK; turn++) {
      value_entries(active, ws__active_turn(active, turn), entries, listed);
      status = add_best(active, sorted, entries, listed, most, &capacity);
    }
  }
  if (status == WS_OK) status = tidy_list(active);
  ws_free(entries);
  ws_free(sorted);
  if (status != WS_OK) return status;
  *rows = active->rows;
  *count = active->count;
  return WS_OK;
}
