/* SPDX-License-Identifier: MIT
 *
 * Pairs of LFs. Of many LFs only those that matter most have a place in the matrix, so
 * that a pattern in which hundreds vote costs no more than places squared.
 */
#include <weaksup/vote_pairs.h>

#include <stdlib.h>

#include <weaksup/alloc.h>

#define NO_PLACE UINT32_MAX

/* What decides about an LF's place. */
typedef struct lf_meets {
  uint64_t conflicts, votes;
  uint32_t lf;
} lf_meets;

struct ws_vote_pairs {
  size_t count;
  uint32_t *lfs;    // [count] ascending
  uint64_t *both;   // [count][count]; the diagonal: its votes
  uint64_t *differ; // [count][count]
};

static int compare_meets(const void *a, const void *b) {
  const lf_meets *x = a, *y = b;
  if (x->conflicts != y->conflicts) return x->conflicts > y->conflicts ? -1 : 1;
  if (x->votes != y->votes) return x->votes > y->votes ? -1 : 1;
  return x->lf < y->lf ? -1 : x->lf > y->lf;
}

static int compare_numbers(const void *a, const void *b) {
  const uint32_t *x = a, *y = b;
  return *x < *y ? -1 : *x > *y;
}

static bool has_conflict(ws_pattern pattern, size_t K) {
  for (size_t i = 1; i < pattern.size; i++)
    if (pattern.columns[i] % K != pattern.columns[0] % K) return true;
  return false;
}

/* In a pattern with two classes each vote has another against it. */
static void count_meets(const ws_votes *votes, lf_meets *meets) {
  size_t K = ws_votes_classes(votes);
  for (uint32_t j = 0; j < ws_votes_lfs(votes); j++) meets[j] = (lf_meets){0, 0, j};
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    bool conflict = has_conflict(pattern, K);
    for (size_t i = 0; i < pattern.size; i++) {
      lf_meets *lf = &meets[pattern.columns[i] / K];
      lf->votes += pattern.count;
      if (conflict) lf->conflicts += pattern.count;
    }
  }
}

/* Fills lfs[count] and place_of[M]. */
static void choose(ws_vote_pairs *pairs, lf_meets *meets, uint32_t *place_of, size_t M) {
  if (pairs->count < M) qsort(meets, M, sizeof *meets, compare_meets);
  for (size_t i = 0; i < pairs->count; i++) pairs->lfs[i] = meets[i].lf;
  if (pairs->count) qsort(pairs->lfs, pairs->count, sizeof *pairs->lfs, compare_numbers);
  for (size_t j = 0; j < M; j++) place_of[j] = NO_PLACE;
  for (size_t i = 0; i < pairs->count; i++) place_of[pairs->lfs[i]] = (uint32_t)i;
}

static void count_pairs(ws_vote_pairs *pairs, const ws_votes *votes,
                        const uint32_t *place_of) {
  size_t K = ws_votes_classes(votes), n = pairs->count;
  for (size_t u = 0; u < ws_votes_patterns(votes); u++) {
    ws_pattern pattern = ws_votes_pattern(votes, u);
    for (size_t i = 0; i < pattern.size; i++) {
      uint32_t a = place_of[pattern.columns[i] / K];
      if (a == NO_PLACE) continue;
      for (size_t l = i; l < pattern.size; l++) {
        uint32_t b = place_of[pattern.columns[l] / K];
        if (b == NO_PLACE) continue;
        pairs->both[a * n + b] += pattern.count;
        if (pattern.columns[i] % K != pattern.columns[l] % K)
          pairs->differ[a * n + b] += pattern.count;
      }
    }
  }
}

static ws_status make(ws_vote_pairs *pairs, const ws_votes *votes) {
  size_t M = ws_votes_lfs(votes);
  lf_meets *meets = ws_alloc_array(M, sizeof *meets);
  uint32_t *place_of = ws_alloc_array(M, sizeof *place_of);
  pairs->lfs = ws_alloc_array(pairs->count, sizeof *pairs->lfs);
  pairs->both = ws_alloc_zero(pairs->count * pairs->count, sizeof *pairs->both);
  pairs->differ = ws_alloc_zero(pairs->count * pairs->count, sizeof *pairs->differ);
  bool fine = meets && place_of && pairs->lfs && pairs->both && pairs->differ;
  if (fine) {
    count_meets(votes, meets);
    choose(pairs, meets, place_of, M);
    count_pairs(pairs, votes, place_of);
  }
  ws_free(meets);
  ws_free(place_of);
  return fine ? WS_OK : WS_ENOMEM;
}

ws_status ws_vote_pairs_find(const ws_votes *votes, size_t most, ws_vote_pairs **out) {
  size_t M = ws_votes_lfs(votes);
  ws_vote_pairs *pairs = ws_alloc_zero(1, sizeof *pairs);
  if (!pairs) return WS_ENOMEM;
  pairs->count = M < most ? M : most;
  ws_status status = make(pairs, votes);
  if (status == WS_OK)
    *out = pairs;
  else
    ws_vote_pairs_free(pairs);
  return status;
}

void ws_vote_pairs_free(ws_vote_pairs *pairs) {
  if (!pairs) return;
  ws_free(pairs->lfs);
  ws_free(pairs->both);
  ws_free(pairs->differ);
  ws_free(pairs);
}

size_t ws_vote_pairs_count(const ws_vote_pairs *pairs) {
  return pairs->count;
}

size_t ws_vote_pairs_lf(const ws_vote_pairs *pairs, size_t place) {
  return pairs->lfs[place];
}

uint64_t ws_vote_pairs_votes(const ws_vote_pairs *pairs, size_t place) {
  return pairs->both[place * pairs->count + place];
}

ws_vote_pair ws_vote_pairs_at(const ws_vote_pairs *pairs, size_t a, size_t b) {
  if (a > b) return ws_vote_pairs_at(pairs, b, a);
  uint64_t both = pairs->both[a * pairs->count + b];
  uint64_t votes = ws_vote_pairs_votes(pairs, a) + ws_vote_pairs_votes(pairs, b);
  return (ws_vote_pair){.a = a,
                        .b = b,
                        .both = both,
                        .differ = pairs->differ[a * pairs->count + b],
                        .either = a == b ? both : votes - both};
}

/* --- the first in an order ---------------------------------------------------------- */

/* How high a pair stands; 0: not at all. */
static double rank_of(ws_vote_pair pair, ws_vote_pairs_order order) {
  if (order == WS_PAIRS_BY_CONFLICT) return (double)pair.differ;
  return pair.either ? (double)pair.both / (double)pair.either : 0;
}

/* Puts it into its place among the `count` pairs there are; returns how many then. */
static size_t insert(ws_vote_pair *out, size_t count, size_t most, ws_vote_pair pair,
                     ws_vote_pairs_order order) {
  size_t at = count;
  while (at > 0 && rank_of(out[at - 1], order) < rank_of(pair, order)) at--;
  if (at == most) return count;
  if (count < most) count++;
  for (size_t i = count - 1; i > at; i--) out[i] = out[i - 1];
  out[at] = pair;
  return count;
}

size_t ws_vote_pairs_first(const ws_vote_pairs *pairs, ws_vote_pairs_order order,
                           size_t most, ws_vote_pair *out) {
  size_t count = 0;
  for (size_t a = 0; a < pairs->count; a++)
    for (size_t b = a + 1; b < pairs->count; b++) {
      ws_vote_pair pair = ws_vote_pairs_at(pairs, a, b);
      if (rank_of(pair, order) > 0) count = insert(out, count, most, pair, order);
    }
  return count;
}
