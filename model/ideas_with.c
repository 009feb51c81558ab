/* SPDX-License-Identifier: MIT
 *
 * Ideas for labeling functions: what else stands in the records of one. The searched
 * records that have an idea's words are a cluster; n-grams that are frequent there and
 * rare elsewhere say what it is about, and divide it.
 */
#include <math.h>

#include "ideas_priv.h"

static const double least_part = 0.1; // of the cluster that must have the n-gram
static const double least_lift = 2;   // against the searched records in general

static uint64_t count_both(const ws_ideas *ideas, size_t f, size_t g) {
  const uint64_t *a = &ideas->covers[f * ideas->words];
  const uint64_t *b = &ideas->covers[g * ideas->words];
  uint64_t count = 0;
  for (size_t w = 0; w < ideas->words; w++) count += ws__idea_bits(a[w] & b[w]);
  return count;
}

static ws_text words_of(const ws_ideas *ideas, size_t f) {
  return (ws_text){ideas->names.data + ideas->found[f].at, ideas->found[f].size};
}

/* Whether the words of one are among those of the other: "gift" and "free gift". */
static bool share_words(ws_text a, ws_text b) {
  ws_text x, y;
  for (size_t i = 0; ws_text_next_word(a, &i, &x);)
    for (size_t j = 0; ws_text_next_word(b, &j, &y);)
      if (ws_text_equal(x, y)) return true;
  return false;
}

/* How much the n-gram tells of the cluster, 0 where it is not of it. What is surely no
 * more than `least` is not counted. */
static double tie(const ws_ideas *ideas, size_t f, size_t g, double least,
                  uint64_t *both) {
  double size = (double)ideas->found[f].searched, all = (double)ideas->targets.searched;
  double its = (double)ideas->found[g].searched;
  if (its < least_part * size || fmin(size, its) * log(all / fmax(size, its)) <= least)
    return 0;
  *both = count_both(ideas, f, g);
  double lift = (double)*both * all / (size * its);
  bool enough = *both >= ideas->options.least && (double)*both >= least_part * size;
  return enough && lift >= least_lift ? (double)*both * log(lift) : 0;
}

/* One that shares a word with another says nothing new. */
static bool is_new(const ws_idea *idea, ws_text words) {
  bool fresh = !share_words(words, idea->words);
  for (size_t i = 0; i < idea->with_count; i++)
    fresh = fresh && !share_words(words, idea->with[i].words);
  return fresh;
}

static bool add_best(const ws_ideas *ideas, size_t f, ws_idea *idea) {
  double most = 0;
  ws_idea_with best = {.records = 0};
  for (size_t g = 0; g < ideas->count; g++) {
    uint64_t both = 0;
    double value = g == f ? 0 : tie(ideas, f, g, most, &both);
    if (value <= most || !is_new(idea, words_of(ideas, g))) continue;
    most = value;
    best = (ws_idea_with){words_of(ideas, g), both};
  }
  if (most > 0) idea->with[idea->with_count++] = best;
  return most > 0;
}

void ws__ideas_with(const ws_ideas *ideas, size_t f, ws_idea *idea) {
  idea->targets = ideas->found[f].searched;
  while (idea->with_count < WS_IDEA_WITH && add_best(ideas, f, idea)) continue;
}
