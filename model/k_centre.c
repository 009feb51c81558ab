/* SPDX-License-Identifier: MIT
 *
 * Texts as sparse tf-idf vectors over hashed words, and the farthest of them again and
 * again. A chosen text is spread out into a dense vector, so that its likeness to all
 * others is one pass over their words.
 */
#include <weaksup/k_centre.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <weaksup/alloc.h>
#include <weaksup/hash.h>

enum { BITS = 18 };

typedef struct term {
  uint32_t word;
  float weight; // of a vector of length 1
} term;

typedef struct centres {
  size_t count;
  size_t *begins; // [count + 1] into terms
  term *terms;
  size_t capacity;
  double *dense; // [2^BITS] of one vector
  double *near;  // [count] likeness to the nearest of those chosen
  ws_buffer lower;
} centres;

static void centres_clear(centres *c) {
  ws_free(c->begins);
  ws_free(c->terms);
  ws_free(c->dense);
  ws_free(c->near);
  ws_buffer_clear(&c->lower);
}

/* --- vectors --- */

static int by_word(const void *a, const void *b) {
  const term *x = a, *y = b;
  return (x->word > y->word) - (x->word < y->word);
}

/* Sorts the terms of one text, and makes one of equal ones; returns how many are left. */
static size_t join_terms(term *terms, size_t count) {
  size_t kept = 0;
  if (count) qsort(terms, count, sizeof *terms, by_word);
  for (size_t i = 0; i < count; i++)
    if (kept && terms[kept - 1].word == terms[i].word)
      terms[kept - 1].weight += 1;
    else
      terms[kept++] = terms[i];
  return kept;
}

static ws_status count_words(centres *c, ws_text text, size_t at, size_t *count) {
  size_t position = 0, n = at;
  ws_text word;
  c->lower.size = 0;
  WS_TRY(ws_text_lower(text, &c->lower));
  ws_text lower = ws_buffer_as_text(&c->lower);
  while (ws_text_next_word(lower, &position, &word)) {
    if (!ws_grow(&c->terms, &c->capacity, n + 1, sizeof *c->terms)) return WS_ENOMEM;
    uint64_t hash = ws_hash64(word.data, word.size, 0);
    c->terms[n++] = (term){(uint32_t)(hash >> (64 - BITS)), 1};
  }
  *count = n > at ? join_terms(c->terms + at, n - at) : 0;
  return WS_OK;
}

/* 1 + log tf times smooth idf, of length 1. */
static void weigh(centres *c, size_t i, const double *df) {
  double sum = 0;
  for (size_t t = c->begins[i]; t < c->begins[i + 1]; t++) {
    term *x = &c->terms[t];
    double idf = 1 + log((1 + (double)c->count) / (1 + df[x->word]));
    x->weight = (float)((1 + log((double)x->weight)) * idf);
    sum += (double)x->weight * (double)x->weight;
  }
  for (size_t t = c->begins[i]; t < c->begins[i + 1]; t++)
    c->terms[t].weight = (float)((double)c->terms[t].weight / sqrt(sum));
}

static ws_status make_vectors(centres *c, const ws_text *texts) {
  for (size_t i = 0; i < c->count; i++) {
    size_t added = 0;
    WS_TRY(count_words(c, texts[i], c->begins[i], &added));
    c->begins[i + 1] = c->begins[i] + added;
  }
  for (size_t t = 0; t < c->begins[c->count]; t++) c->dense[c->terms[t].word] += 1;
  for (size_t i = 0; i < c->count; i++) weigh(c, i, c->dense);
  return WS_OK;
}

/* --- choosing --- */

static void spread(centres *c, size_t i) {
  for (size_t t = c->begins[i]; t < c->begins[i + 1]; t++)
    c->dense[c->terms[t].word] += (double)c->terms[t].weight;
}

static void clear_dense(centres *c) {
  memset(c->dense, 0, sizeof *c->dense << BITS);
}

static double likeness(const centres *c, size_t i) {
  double sum = 0;
  for (size_t t = c->begins[i]; t < c->begins[i + 1]; t++)
    sum += c->dense[c->terms[t].word] * (double)c->terms[t].weight;
  return sum;
}

/* Others keep away from text i from now on. */
static void take(centres *c, size_t i) {
  clear_dense(c);
  spread(c, i);
  for (size_t j = 0; j < c->count; j++) {
    double like = likeness(c, j);
    if (like > c->near[j]) c->near[j] = like;
  }
  c->near[i] = 2; // never again
}

static size_t most_central(centres *c) {
  size_t best = 0;
  double most = -1;
  clear_dense(c);
  for (size_t i = 0; i < c->count; i++) spread(c, i);
  for (size_t i = 0; i < c->count; i++) {
    double like = likeness(c, i);
    if (like > most) most = like, best = i;
  }
  return best;
}

/* The farthest from all that are chosen; `count` where none is left. */
static size_t farthest(const centres *c) {
  size_t best = c->count;
  double least = 1 - 1e-6;
  for (size_t i = 0; i < c->count; i++)
    if (c->begins[i + 1] > c->begins[i] && c->near[i] < least)
      least = c->near[i], best = i;
  return best;
}

static void choose(centres *c, const bool *passed, size_t most, size_t *rows,
                   size_t *chosen) {
  bool any = false;
  for (size_t i = 0; passed && i < c->count; i++) {
    if (passed[i]) take(c, i);
    any = any || passed[i];
  }
  for (*chosen = 0; *chosen < most; ++*chosen) {
    bool first = !any && *chosen == 0 && c->begins[c->count] > 0;
    size_t i = first ? most_central(c) : farthest(c);
    if (i == c->count) return;
    rows[*chosen] = i;
    take(c, i);
  }
}

ws_status ws_k_centre(const ws_text *texts, size_t count, const bool *passed, size_t most,
                      size_t *rows, size_t *chosen) {
  centres c = {.count = count};
  *chosen = 0;
  c.begins = ws_alloc_zero(count + 1, sizeof *c.begins);
  c.dense = ws_alloc_zero((size_t)1 << BITS, sizeof *c.dense);
  c.near = ws_alloc_zero(count, sizeof *c.near);
  ws_status status = c.begins && c.dense && c.near ? WS_OK : WS_ENOMEM;
  if (status == WS_OK) status = make_vectors(&c, texts);
  if (status == WS_OK) choose(&c, passed, most, rows, chosen);
  centres_clear(&c);
  return status;
}

/* A covered record has no words here, so that it is neither chosen nor near to any. */
ws_status ws_k_centre_uncovered(const ws_votes *votes, const ws_text *texts,
                                const bool *passed, size_t most, size_t *rows,
                                size_t *chosen) {
  size_t N = ws_votes_rows(votes);
  ws_text *uncovered = ws_alloc_array(N, sizeof *uncovered);
  *chosen = 0;
  if (!uncovered) return WS_ENOMEM;
  for (size_t i = 0; i < N; i++) {
    size_t size = ws_votes_pattern(votes, ws_votes_row_pattern(votes, i)).size;
    uncovered[i] = size ? (ws_text){"", 0} : texts[i];
  }
  ws_status status = ws_k_centre(uncovered, N, passed, most, rows, chosen);
  ws_free(uncovered);
  return status;
}
