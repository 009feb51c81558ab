/* SPDX-License-Identifier: MIT
 *
 * What counting n-grams and choosing among them share.
 */
#ifndef WS_IDEAS_PRIV_H
#define WS_IDEAS_PRIV_H

#include <weaksup/ideas.h>

#include "ngrams.h"

enum { WS__FINALISTS = 5000, WS__FINALIST_NUMBERS = 1 << 23 };

/* A frequent n-gram. */
typedef struct ws__found {
  uint64_t hash;
  size_t at, size; // its text, in ws_ideas.names
  bool pair;
  uint64_t searched; // searched targets that have it
  uint64_t records, uncovered, conflicts, judged;
  struct {
    uint64_t hash;
    size_t row;
  } examples[WS_IDEA_EXAMPLES]; // those with the smallest hashes
  size_t example_count;
} ws__found;

struct ws_ideas {
  const ws_votes *votes;
  const ws_labels *labels;
  ws_ideas_options options;
  ws_ideas_targets targets;
  uint64_t limit;    // hashes of the sample lie below it
  uint8_t *kinds;    // [U] of the pattern: what its records are
  int pass;          // 0 .. 2
  uint64_t least;    // searched targets that must have an n-gram
  uint32_t *buckets; // counters of the first pass
  ws__ngrams grams;
  ws__found *found; // [count]
  size_t count, capacity;
  uint32_t *slots; // [mask + 1] index into found and 1; 0: empty
  size_t mask;
  ws_buffer names;
  double *sums;     // [count][K] of probabilities
  uint64_t *gold;   // [count][K]
  double *all_sums; // [K]
  uint64_t all_judged;
  uint64_t *covers;   // [count][words] bits: the searched targets that have it
  size_t words, next; // words of a row of `covers`; the number of the next target
  ws_idea *ideas;
};

enum { WS__IDEA_PLAIN, WS__IDEA_UNCOVERED, WS__IDEA_CONFLICT };

#endif
