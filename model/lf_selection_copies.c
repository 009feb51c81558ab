/* SPDX-License-Identifier: MIT
 *
 * Redundancy: candidates that say what another LF says already. From the best one on each
 * is compared with those that were kept so far, so that of several copies one stays.
 */
#include <math.h>
#include <stdlib.h>

#include <weaksup/alloc.h>

#include "lf_selection_priv.h"

/* [C][E + C] records on which a candidate votes as another LF does, and votes[E + C]. */
typedef struct agreement {
  size_t C, E, M;
  uint64_t *same;
  uint64_t *votes;
} agreement;

static void agreement_clear(agreement *a) {
  ws_free(a->same);
  ws_free(a->votes);
}

static void add_pair(agreement *a, size_t one, size_t other, uint64_t count) {
  if (one >= a->E) a->same[(one - a->E) * a->M + other] += count;
  if (other >= a->E) a->same[(other - a->E) * a->M + one] += count;
}

static ws_status agreement_count(agreement *a, const ws_votes *all, size_t C, size_t E) {
  size_t K = ws_votes_classes(all);
  *a = (agreement){.C = C, .E = E, .M = E + C};
  a->same = ws_alloc_zero(C * a->M, sizeof *a->same);
  a->votes = ws_alloc_zero(a->M, sizeof *a->votes);
  if (!a->same || !a->votes) return WS_ENOMEM;
  for (size_t u = 0; u < ws_votes_patterns(all); u++) {
    ws_pattern p = ws_votes_pattern(all, u);
    for (size_t v = 0; v < p.size; v++) {
      a->votes[p.columns[v] / K] += p.count;
      for (size_t w = 0; w < v; w++)
        if (p.columns[v] % K == p.columns[w] % K)
          add_pair(a, p.columns[v] / K, p.columns[w] / K, p.count);
    }
  }
  return WS_OK;
}

/* Of the pairs (record, class) that either votes for, those that both do. */
static double jaccard(const agreement *a, size_t c, size_t other) {
  uint64_t same = a->same[c * a->M + other];
  uint64_t either = a->votes[a->E + c] + a->votes[other] - same;
  return either ? (double)same / (double)either : 0;
}

/* --- which one is better --- */

typedef struct ranked {
  const ws_lf_choice *choice;
  double lift; // of the class for which it has least; of the estimate without dev
  size_t c;
} ranked;

static double least_lift(const ws_lf_choice *choice, size_t K) {
  double least = (double)INFINITY;
  if (!choice->lifts) return isnan(choice->estimated) ? 0 : choice->estimated;
  for (size_t k = 0; k < K; k++) {
    const ws_class_lift *lift = &choice->lifts[k];
    if (lift->votes && lift->precision.low - lift->needed < least)
      least = lift->precision.low - lift->needed;
  }
  return isinf(least) ? -1 : least;
}

static int better_first(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  if (x->choice->tier != y->choice->tier)
    return x->choice->tier < y->choice->tier ? -1 : 1;
  if (x->lift > y->lift || x->lift < y->lift) return x->lift > y->lift ? -1 : 1;
  if (x->choice->pool_votes != y->choice->pool_votes)
    return x->choice->pool_votes > y->choice->pool_votes ? -1 : 1;
  return x->c < y->c ? -1 : 1;
}

/* --- judgement --- */

static ws_status reject(ws__selecting *at, size_t c, size_t of, double overlap,
                        bool source) {
  ws_lf_choice *choice = &at->s->choices[c];
  ws_text name = ws_votes_lf(at->all, of), kept;
  WS_TRY(ws_arena_text(&at->s->arena, name, &kept));
  choice->tier = WS_LF_REJECTED;
  choice->reason = source ? WS_LF_DUPLICATE_SOURCE : WS_LF_DUPLICATE_VOTES;
  choice->duplicate_of = kept.data;
  choice->jaccard = overlap;
  if (source)
    return ws__choice_say(at->s, choice, "made of the same as '%.*s'", WS_TEXT_ARG(name));
  return ws__choice_say(at->s, choice,
                        "votes as '%.*s' does in %.3f of the votes of either",
                        WS_TEXT_ARG(name), overlap);
}

static bool is_same_source(const ws__selecting *at, size_t a, size_t b) {
  const ws_hash128 *sources = at->options.sources, none = {0, 0};
  return sources && !ws_hash128_equals(sources[a], none) &&
         ws_hash128_equals(sources[a], sources[b]);
}

/* With each existing LF, and with the candidates in front of it that were kept. */
static ws_status compare(ws__selecting *at, const agreement *a, const ranked *order,
                         size_t place) {
  size_t c = order[place].c;
  for (size_t i = 0; i < place; i++)
    if (order[i].choice->tier != WS_LF_REJECTED && is_same_source(at, c, order[i].c))
      return reject(at, c, a->E + order[i].c, jaccard(a, c, a->E + order[i].c), true);
  for (size_t e = 0; e < a->E; e++)
    if (jaccard(a, c, e) >= at->options.jaccard)
      return reject(at, c, e, jaccard(a, c, e), false);
  for (size_t i = 0; i < place; i++) {
    double overlap = jaccard(a, c, a->E + order[i].c);
    if (order[i].choice->tier != WS_LF_REJECTED && overlap >= at->options.jaccard)
      return reject(at, c, a->E + order[i].c, overlap, false);
  }
  return WS_OK;
}

static ws_status compare_all(ws__selecting *at, const agreement *a, ranked *order) {
  size_t count = 0;
  for (size_t c = 0; c < at->s->C; c++) {
    const ws_lf_choice *choice = &at->s->choices[c];
    if (choice->tier != WS_LF_REJECTED)
      order[count++] = (ranked){choice, least_lift(choice, at->s->K), c};
  }
  if (count) qsort(order, count, sizeof *order, better_first);
  for (size_t i = 0; i < count; i++) WS_TRY(compare(at, a, order, i));
  return WS_OK;
}

ws_status ws__select_one_of_copies(ws__selecting *at, ws_error *err) {
  agreement a;
  ranked *order = ws_alloc_array(at->s->C, sizeof *order);
  ws_status status = agreement_count(&a, at->all, at->s->C, at->s->E);
  if (!order) status = WS_ENOMEM;
  if (status == WS_OK) status = compare_all(at, &a, order);
  agreement_clear(&a);
  ws_free(order);
  return status == WS_ENOMEM ? ws_error_nomem(err) : status;
}
