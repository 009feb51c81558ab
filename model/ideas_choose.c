/* SPDX-License-Identifier: MIT
 *
 * Ideas for labeling functions: which of the frequent n-grams.
 */
#include <math.h>

#include <weaksup/alloc.h>

#include "ideas_priv.h"

static const double inertia = 4;    // records of the general kind, to count beside
static const double least_odds = 2; // against the class in general
static const double unknown = 1e-6; // what a target is worth where no class shows
static const double least_share = 0.5;
static const double trust = 2; // gold records that a share of probability stands for
// Of so many right gold labels, if n-gram and class had nothing in common: where nothing
// else tells the class, and where the gold speaks against what does.
static const double chance = 0.05, rare_chance = 0.005;
enum { least_right = 2 };

typedef struct judgement {
  int32_t label;
  double share, base, worth; // worth: of a target
  bool refused;
} judgement;

/* How much the class is told about by the n-gram, in nats a record. */
static double information(double share, double base) {
  double sum = share > 0 ? share * log(share / base) : 0;
  return share < 1 ? sum + (1 - share) * log((1 - share) / (1 - base)) : sum;
}

static size_t largest(const double *numbers, size_t count) {
  size_t best = 0;
  for (size_t k = 1; k < count; k++)
    if (numbers[k] > numbers[best]) best = k;
  return best;
}

static judgement judge(const ws_ideas *ideas, size_t f) {
  size_t K = ws_votes_classes(ideas->votes);
  double judged = (double)ideas->found[f].judged, all = (double)ideas->all_judged;
  judgement j = {.label = WS_ABSTAIN, .worth = unknown};
  if (judged <= 0) return j;
  size_t k = largest(&ideas->sums[f * K], K);
  double sum = ideas->sums[f * K + k];
  j.share = sum / judged;
  j.base = ideas->all_sums[k] / all;
  double share = (sum + inertia * j.base) / (judged + inertia);
  double odds = share / (1 - share) * ((1 - j.base) / j.base);
  // a share of 1 in general: there is nothing to be told
  if (share < least_share || !(odds >= least_odds)) {
    j.refused = true;
    return j;
  }
  j.label = (int32_t)k;
  j.worth = information(share, j.base);
  return j;
}

/* The chance of so many right ones or more among n, each right with probability p. */
static double tail(uint64_t n, uint64_t right, double p) {
  double sum = 0;
  for (uint64_t i = right; i <= n; i++) {
    double ways =
        lgamma((double)n + 1) - lgamma((double)i + 1) - lgamma((double)(n - i) + 1);
    sum += exp(ways + (double)i * log(p) + (double)(n - i) * log1p(-p));
  }
  return sum;
}

/* The class's part of all gold, pulled towards uniform. */
static double gold_base(const ws_ideas *ideas, size_t k) {
  size_t K = ws_votes_classes(ideas->votes);
  double all = 0;
  for (size_t i = 0; i < K; i++) all += (double)ideas->all_gold[i];
  return ((double)ideas->all_gold[k] + 1) / (all + (double)K);
}

static uint64_t sum_of(const uint64_t *counts, size_t K) {
  uint64_t sum = 0;
  for (size_t k = 0; k < K; k++) sum += counts[k];
  return sum;
}

/* Whether the gold alone suggests class k. */
static bool gold_tells(const ws_ideas *ideas, uint64_t gold, uint64_t right, size_t k,
                       judgement *j) {
  double base = gold_base(ideas, k), most = ideas->options.unread ? chance : rare_chance;
  double share = ((double)right + base) / ((double)gold + 1);
  double odds = share / (1 - share) * ((1 - base) / base);
  if (right < least_right || share < least_share || !(odds >= least_odds)) return false;
  if (tail(gold, right, base) > most) return false;
  if (j->label != (int32_t)k) j->share = 0; // that is another class's
  j->refused = false;
  j->label = (int32_t)k;
  j->worth = information(share, base);
  return true;
}

/* Whether the gold says that the class is none: where there is little of it, with what
 * is thought already. */
static bool gold_denies(const judgement *j, uint64_t gold, uint64_t right) {
  double n = (double)gold, thought = j->share > 0 ? j->share : least_share;
  double share = ((double)right + trust * thought) / (n + trust);
  return gold && (ws_binomial_interval(right, gold, 0.95).high < least_share ||
                  share < least_share);
}

/* How often it is right: where no LF votes, as another rule is for these records; where
 * there are too few such, anywhere. */
static void measure(const ws_ideas *ideas, const uint64_t *all, const uint64_t *apart,
                    ws_idea *out) {
  size_t K = ws_votes_classes(ideas->votes), k = (size_t)out->label;
  bool known = sum_of(ideas->all_gold + K, K) > 0; // where LFs do not vote
  out->gold_fresh = sum_of(apart, K) >= WS_IDEA_ENOUGH;
  const uint64_t *gold = out->gold_fresh ? apart : all;
  out->gold = sum_of(gold, K);
  if (out->label == WS_ABSTAIN) return;
  out->gold_right = gold[k];
  out->precision = ws_binomial_interval(out->gold_right, out->gold, 0.95);
  out->proven = (out->gold_fresh || !known) && out->precision.low > gold_base(ideas, k);
}

/* What the gold says: the class where it is sure or nothing else told it, and whether to
 * refuse. */
static void ask_gold(const ws_ideas *ideas, size_t f, judgement *j, ws_idea *out) {
  size_t K = ws_votes_classes(ideas->votes), best = 0;
  const uint64_t *gold = &ideas->gold[f * K], *apart = gold + ideas->count * K;
  bool unread = ideas->options.unread != NULL;
  uint64_t sum = sum_of(gold, K);
  for (size_t k = 0; k < K; k++)
    if (gold[k] > gold[best]) best = k;
  bool told = gold_tells(ideas, sum, gold[best], best, j);
  if (!told && !unread && j->label == WS_ABSTAIN && !j->refused && gold[best] * 2 > sum) {
    j->label = (int32_t)best;
    j->worth = 2 * unknown;
  }
  out->label = j->label;
  out->precision = (ws_interval){0, 1};
  measure(ideas, gold, apart, out);
  j->refused = j->refused || (unread && !told);
  if (out->label == WS_ABSTAIN) return;
  size_t k = (size_t)out->label;
  j->refused = j->refused || gold_denies(j, sum, gold[k]) ||
               gold_denies(j, sum_of(apart, K), apart[k]);
}

/* Of the class that was found, whatever told it. */
static void measure_share(const ws_ideas *ideas, size_t f, ws_idea *idea) {
  size_t K = ws_votes_classes(ideas->votes), k = (size_t)idea->label;
  if (idea->label == WS_ABSTAIN || !idea->judged) return;
  idea->share = ideas->sums[f * K + k] / (double)idea->judged;
  idea->base = ideas->all_sums[k] / (double)ideas->all_judged;
}

static ws_idea as_idea(const ws_ideas *ideas, size_t f, double *worth) {
  const ws__found *found = &ideas->found[f];
  judgement j = judge(ideas, f);
  ws_idea idea = {
      .words = {ideas->names.data + found->at, found->size},
      .pair = found->pair,
      .records = found->records,
      .uncovered = found->uncovered,
      .conflicts = found->conflicts,
      .judged = found->judged,
      .example_count = found->example_count,
  };
  ask_gold(ideas, f, &j, &idea);
  measure_share(ideas, f, &idea);
  for (size_t i = 0; i < found->example_count; i++)
    idea.examples[i] = found->examples[i].row;
  *worth = j.refused ? 0 : j.worth;
  return idea;
}

static uint64_t count_fresh(const ws_ideas *ideas, size_t f, const uint64_t *taken) {
  const uint64_t *row = &ideas->covers[f * ideas->words];
  uint64_t count = 0;
  for (size_t w = 0; w < ideas->words; w++) count += ws__idea_bits(row[w] & ~taken[w]);
  return count;
}

/* Bounds what an n-gram can still be worth by what it was worth before: what is fresh
 * only becomes less, so that most need not be counted again (M. Minoux: Accelerated
 * greedy algorithms, 1978). */
static size_t best_of(const ws_ideas *ideas, const double *worth, uint64_t *fresh,
                      const uint64_t *taken, const bool *proven) {
  size_t best = SIZE_MAX;
  double most = 0;
  for (size_t f = 0; f < ideas->count; f++) {
    if (proven && !proven[f]) continue;
    if (worth[f] <= 0 || worth[f] * (double)fresh[f] <= most) continue;
    fresh[f] = count_fresh(ideas, f, taken);
    double value = worth[f] * (double)fresh[f];
    if (fresh[f] < ideas->least || value <= most) continue;
    best = f;
    most = value;
  }
  return best;
}

static void weigh(ws_ideas *ideas, double *worth, uint64_t *fresh, bool *proven) {
  for (size_t f = 0; f < ideas->count; f++) {
    ws_idea idea = as_idea(ideas, f, &worth[f]);
    if (worth[f] > 0 && ws__ideas_is_known(ideas, f, idea.label)) {
      worth[f] = 0;
      ideas->known++;
    }
    fresh[f] = ideas->found[f].searched;
    proven[f] = idea.proven;
  }
}

/* Those that are proven first. */
static size_t choose(ws_ideas *ideas, double *worth, uint64_t *fresh, uint64_t *taken,
                     bool *proven) {
  size_t count = 0;
  double ignored;
  weigh(ideas, worth, fresh, proven);
  while (count < ideas->options.count) {
    size_t best = proven ? best_of(ideas, worth, fresh, taken, proven) : SIZE_MAX;
    if (best == SIZE_MAX) {
      proven = NULL;
      best = best_of(ideas, worth, fresh, taken, NULL);
    }
    if (best == SIZE_MAX) break;
    ws_idea *idea = &ideas->ideas[count++];
    *idea = as_idea(ideas, best, &ignored);
    idea->fresh = fresh[best];
    ws__ideas_with(ideas, best, idea);
    worth[best] = 0;
    for (size_t w = 0; w < ideas->words; w++)
      taken[w] |= ideas->covers[best * ideas->words + w];
  }
  return count;
}

ws_status ws_ideas_choose(ws_ideas *ideas, const ws_idea **out, size_t *count) {
  size_t most = ideas->options.count < ideas->count ? ideas->options.count : ideas->count;
  double *worth = ws_alloc_zero(ideas->count, sizeof *worth);
  uint64_t *fresh = ws_alloc_zero(ideas->count, sizeof *fresh);
  uint64_t *taken = ws_alloc_zero(ideas->words, sizeof *taken);
  bool *proven = ws_alloc_zero(ideas->count, sizeof *proven);
  ideas->ideas = ws_alloc_zero(most, sizeof *ideas->ideas);
  bool fine = worth && fresh && taken && proven && ideas->ideas;
  if (fine) {
    *count = choose(ideas, worth, fresh, taken, proven);
    *out = ideas->ideas;
  }
  ws_free(worth);
  ws_free(fresh);
  ws_free(taken);
  ws_free(proven);
  return fine ? WS_OK : WS_ENOMEM;
}
