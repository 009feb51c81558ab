/* SPDX-License-Identifier: MIT
 *
 * Ideas for labeling functions: finding and counting frequent n-grams.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

#include "ideas_priv.h"

enum { BUCKETS = 1 << 22 };
static const double settled = 0.75; // a class with more has won the conflict

ws_ideas_options ws_ideas_options_default(void) {
  return (ws_ideas_options){
      .count = 10, .sample = 100000, .least_share = 0.005, .least = 3};
}

/* --- targets ------------------------------------------------------------------------ */

static uint64_t hash_of_row(const ws_ideas *ideas, size_t row) {
  char digits[24];
  ws_text id = ws_votes_row_id(ideas->votes, row, digits);
  return ws_hash64(id.data, id.size, ideas->options.seed);
}

static int kind_of(const ws_ideas *ideas, size_t row) {
  return ideas->kinds[ws_votes_row_pattern(ideas->votes, row)];
}

static bool is_searched(const ws_ideas *ideas, size_t row) {
  return kind_of(ideas, row) != WS__IDEA_PLAIN && hash_of_row(ideas, row) <= ideas->limit;
}

static bool is_conflict(const ws_ideas *ideas, size_t u) {
  size_t K = ws_votes_classes(ideas->votes);
  ws_pattern pattern = ws_votes_pattern(ideas->votes, u);
  const double *probs = ws_labels_get(ideas->labels, u);
  size_t first = SIZE_MAX; // class
  bool differ = false;
  for (size_t i = 0; i < pattern.size; i++) {
    if (!ws__ideas_reads(ideas, pattern.columns[i])) continue;
    if (first == SIZE_MAX) first = pattern.columns[i] % K;
    differ = differ || pattern.columns[i] % K != first;
  }
  for (size_t k = 0; k < K; k++) differ = differ && probs[k] <= settled;
  return differ;
}

static bool has_vote(const ws_ideas *ideas, ws_pattern pattern) {
  bool found = false;
  for (size_t i = 0; i < pattern.size; i++)
    found = found || ws__ideas_reads(ideas, pattern.columns[i]);
  return found;
}

static ws_status find_targets(ws_ideas *ideas) {
  size_t U = ws_votes_patterns(ideas->votes);
  ideas->kinds = ws_alloc_zero(U, 1);
  if (!ideas->kinds) return WS_ENOMEM;
  for (size_t u = 0; u < U; u++) {
    ws_pattern pattern = ws_votes_pattern(ideas->votes, u);
    if (!has_vote(ideas, pattern)) {
      ideas->kinds[u] = WS__IDEA_UNCOVERED;
      ideas->targets.uncovered += pattern.count;
    } else if (is_conflict(ideas, u)) {
      ideas->kinds[u] = WS__IDEA_CONFLICT;
      ideas->targets.conflicts += pattern.count;
    }
  }
  return WS_OK;
}

static void draw_sample(ws_ideas *ideas) {
  double all = (double)(ideas->targets.uncovered + ideas->targets.conflicts);
  double part = (double)ideas->options.sample / (all > 0 ? all : 1);
  ideas->limit = part >= 1 ? UINT64_MAX : (uint64_t)ldexp(part, 64);
  for (size_t i = 0; i < ws_votes_rows(ideas->votes); i++)
    ideas->targets.searched += is_searched(ideas, i);
  ideas->words = (size_t)(ideas->targets.searched / 64 + 1);
  ideas->least =
      (uint64_t)ceil(ideas->options.least_share * (double)ideas->targets.searched);
  if (ideas->least < ideas->options.least) ideas->least = ideas->options.least;
}

ws_status ws_ideas_new(const ws_votes *votes, const ws_labels *labels,
                       const ws_ideas_options *options, ws_ideas **out) {
  ws_ideas *ideas = ws_alloc_zero(1, sizeof *ideas);
  if (!ideas) return WS_ENOMEM;
  ideas->votes = votes;
  ideas->labels = labels;
  ideas->options = options ? *options : ws_ideas_options_default();
  ideas->buckets = ws_alloc_zero(BUCKETS, sizeof *ideas->buckets);
  ideas->all_sums = ws_alloc_zero(ws_votes_classes(votes), sizeof *ideas->all_sums);
  ideas->all_gold = ws_alloc_zero(2 * ws_votes_classes(votes), sizeof *ideas->all_gold);
  bool fine = ideas->buckets && ideas->all_sums && ideas->all_gold;
  ws_status status = fine ? find_targets(ideas) : WS_ENOMEM;
  if (status == WS_OK) status = ws__ideas_columns(ideas);
  if (status == WS_OK) {
    draw_sample(ideas);
    *out = ideas;
  } else {
    ws_ideas_free(ideas);
  }
  return status;
}

void ws_ideas_free(ws_ideas *ideas) {
  if (!ideas) return;
  ws__ngrams_clear(&ideas->grams);
  ws_buffer_clear(&ideas->names);
  ws_free(ideas->kinds);
  ws_free(ideas->buckets);
  ws_free(ideas->found);
  ws_free(ideas->slots);
  ws_free(ideas->sums);
  ws_free(ideas->gold);
  ws_free(ideas->all_sums);
  ws_free(ideas->all_gold);
  ws_free(ideas->covers);
  ws_free(ideas->ideas);
  ws_free(ideas->column_of);
  ws_free(ideas->columns);
  ws_free(ideas->column_records);
  ws_free(ideas->together);
  ws_buffer_clear(&ideas->left_out);
  ws_free(ideas);
}

ws_ideas_targets ws_ideas_target_counts(const ws_ideas *ideas) {
  return ideas->targets;
}

/* --- the table of n-grams ----------------------------------------------------------- */

/* Where the hash is, or would be. */
static uint32_t *slot_of(const ws_ideas *ideas, uint64_t hash) {
  size_t at = (size_t)hash & ideas->mask;
  while (ideas->slots[at] && ideas->found[ideas->slots[at] - 1].hash != hash)
    at = (at + 1) & ideas->mask;
  return &ideas->slots[at];
}

static ws_status rebuild(ws_ideas *ideas, size_t slots) {
  uint32_t *fresh = ws_alloc_zero(slots, sizeof *fresh);
  if (!fresh) return WS_ENOMEM;
  ws_free(ideas->slots);
  ideas->slots = fresh;
  ideas->mask = slots - 1;
  for (size_t f = 0; f < ideas->count; f++)
    *slot_of(ideas, ideas->found[f].hash) = (uint32_t)f + 1;
  return WS_OK;
}

static ws_status put_name(ws_ideas *ideas, const ws__ngram *gram, ws__found *f) {
  f->at = ideas->names.size;
  f->pair = gram->second.data != NULL;
  WS_TRY(ws_buffer_text(&ideas->names, gram->first));
  if (f->pair) {
    WS_TRY(ws_buffer_string(&ideas->names, " "));
    WS_TRY(ws_buffer_text(&ideas->names, gram->second));
  }
  f->size = ideas->names.size - f->at;
  return WS_OK;
}

static ws_status count_gram(ws_ideas *ideas, const ws__ngram *gram) {
  if (ideas->count * 2 >= ideas->mask)
    WS_TRY(rebuild(ideas, ideas->mask ? (ideas->mask + 1) * 2 : 1024));
  uint32_t *slot = slot_of(ideas, gram->hash);
  if (*slot) {
    ideas->found[*slot - 1].searched++;
    return WS_OK;
  }
  if (!ws_grow(&ideas->found, &ideas->capacity, ideas->count + 1, sizeof *ideas->found))
    return WS_ENOMEM;
  ws__found *f = &ideas->found[ideas->count];
  *f = (ws__found){.hash = gram->hash, .searched = 1};
  WS_TRY(put_name(ideas, gram, f));
  *slot = (uint32_t)++ideas->count;
  return WS_OK;
}

/* --- passes ------------------------------------------------------------------------- */

bool ws_ideas_wants(const ws_ideas *ideas, size_t row) {
  return ideas->pass == WS_IDEA_PASSES - 1 || is_searched(ideas, row);
}

static void note_example(ws__found *f, uint64_t hash, size_t row) {
  size_t at = f->example_count;
  while (at && hash < f->examples[at - 1].hash) at--;
  if (at == WS_IDEA_EXAMPLES) return;
  if (f->example_count < WS_IDEA_EXAMPLES) f->example_count++;
  for (size_t i = f->example_count - 1; i > at; i--) f->examples[i] = f->examples[i - 1];
  f->examples[at].hash = hash;
  f->examples[at].row = row;
}

typedef struct measured {
  size_t row;
  int kind;
  bool searched;
  uint64_t hash;
  const double *probs; // NULL: nothing is known of its class
  ws_pattern pattern;
} measured;

static void measure_gram(ws_ideas *ideas, size_t index, const measured *m) {
  size_t K = ws_votes_classes(ideas->votes);
  ws__found *f = &ideas->found[index];
  f->records++;
  f->uncovered += m->kind == WS__IDEA_UNCOVERED;
  f->conflicts += m->kind == WS__IDEA_CONFLICT;
  f->judged += m->probs != NULL;
  for (size_t k = 0; m->probs && k < K; k++) ideas->sums[index * K + k] += m->probs[k];
  ws__ideas_together(ideas, index, m->pattern);
  if (m->kind != WS__IDEA_PLAIN) note_example(f, m->hash, m->row);
  if (m->searched)
    ideas->covers[index * ideas->words + ideas->next / 64] |= UINT64_C(1)
                                                              << ideas->next % 64;
}

static void measure(ws_ideas *ideas, size_t row, const double *probs) {
  size_t K = ws_votes_classes(ideas->votes), u = ws_votes_row_pattern(ideas->votes, row);
  measured m = {.row = row, .kind = ideas->kinds[u], .hash = hash_of_row(ideas, row)};
  m.pattern = ws_votes_pattern(ideas->votes, u);
  m.searched = m.kind != WS__IDEA_PLAIN && m.hash <= ideas->limit;
  bool voted = m.kind != WS__IDEA_UNCOVERED;
  m.probs = ideas->options.unread      ? NULL
            : ideas->options.own_probs ? probs
            : voted                    ? ws_labels_get(ideas->labels, u)
                                       : NULL;
  ideas->all_judged += m.probs != NULL;
  for (size_t k = 0; m.probs && k < K; k++) ideas->all_sums[k] += m.probs[k];
  for (size_t g = 0; ideas->slots && g < ideas->grams.count; g++) {
    uint32_t slot = *slot_of(ideas, ideas->grams.items[g].hash);
    if (slot) measure_gram(ideas, slot - 1, &m);
  }
  ideas->next += m.searched;
}

ws_status ws_ideas_row(ws_ideas *ideas, size_t row, ws_text text, const double *probs) {
  if (!ws_ideas_wants(ideas, row)) return WS_OK;
  WS_TRY(ws__ngrams_read(&ideas->grams, text));
  if (ideas->pass == WS_IDEA_PASSES - 1) {
    measure(ideas, row, probs);
    return WS_OK;
  }
  for (size_t g = 0; g < ideas->grams.count; g++) {
    const ws__ngram *gram = &ideas->grams.items[g];
    uint32_t *bucket = &ideas->buckets[gram->hash % BUCKETS];
    if (ideas->pass == 0)
      ++*bucket;
    else if (*bucket >= ideas->least)
      WS_TRY(count_gram(ideas, gram));
  }
  return WS_OK;
}

ws_status ws_ideas_gold(ws_ideas *ideas, ws_text text, int32_t gold, bool voted) {
  size_t K = ws_votes_classes(ideas->votes), k = (size_t)gold;
  if (gold == WS_ABSTAIN) return WS_OK;
  ideas->all_gold[k]++;
  ideas->all_gold[K + k] += !voted;
  if (!ideas->slots) return WS_OK;
  WS_TRY(ws__ngrams_read(&ideas->grams, text));
  for (size_t g = 0; g < ideas->grams.count; g++) {
    uint32_t slot = *slot_of(ideas, ideas->grams.items[g].hash);
    if (!slot) continue;
    ideas->gold[(slot - 1) * K + k]++;
    ideas->gold[(ideas->count + slot - 1) * K + k] += !voted;
  }
  return WS_OK;
}

static int by_count(const void *a, const void *b) {
  const ws__found *x = a, *y = b;
  if (x->searched != y->searched) return x->searched > y->searched ? -1 : 1;
  return (x->hash > y->hash) - (x->hash < y->hash);
}

/* What is counted for each of them is bounded. */
static ws_status keep_frequent(ws_ideas *ideas) {
  size_t K = ws_votes_classes(ideas->votes), columns = ideas->column_count;
  size_t most = WS__FINALIST_NUMBERS / (columns > K ? columns : K);
  if (most > WS__FINALISTS) most = WS__FINALISTS;
  if (ideas->count) qsort(ideas->found, ideas->count, sizeof *ideas->found, by_count);
  if (ideas->count > most) ideas->count = most;
  while (ideas->count && ideas->found[ideas->count - 1].searched < ideas->least)
    ideas->count--;
  ideas->sums = ws_alloc_zero(ideas->count * K, sizeof *ideas->sums);
  ideas->gold = ws_alloc_zero(2 * ideas->count * K, sizeof *ideas->gold);
  ideas->covers = ws_alloc_zero(ideas->count * ideas->words, sizeof *ideas->covers);
  ideas->together = ws_alloc_zero(ideas->count * columns, sizeof *ideas->together);
  if (!ideas->sums || !ideas->gold || !ideas->covers || !ideas->together)
    return WS_ENOMEM;
  return rebuild(ideas, 16384);
}

ws_status ws_ideas_end_pass(ws_ideas *ideas) {
  if (ideas->pass == WS_IDEA_PASSES - 2) WS_TRY(keep_frequent(ideas));
  ideas->pass++;
  return WS_OK;
}
