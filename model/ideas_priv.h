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
  double *sums;       // [count][K] of probabilities
  uint64_t *gold;     // [2][count][K]: of all; of those that LFs do not vote on
  double *all_sums;   // [K]
  uint64_t *all_gold; // [2][K]
  uint64_t all_judged;
  uint64_t *covers;   // [count][words] bits: the searched targets that have it
  size_t words, next; // words of a row of `covers`; the number of the next target
  ws_idea *ideas;
  // What LFs have already: of the columns of votes, one for each LF and class, those that
  // have any.
  uint32_t *column_of;      // [M * K] of the column among them, and 1; 0: no vote
  uint32_t *columns;        // [column_count] the reverse
  uint64_t *column_records; // [column_count]
  size_t column_count;
  uint32_t *together; // [count][column_count] records with the n-gram and the vote
  ws_buffer left_out; // words, each ended by a line end
  size_t known;
};

/* Fills what is with the idea of n-gram `found`. */
void ws__ideas_with(const ws_ideas *ideas, size_t found, ws_idea *idea);
static inline unsigned ws__idea_bits(uint64_t word) {
  unsigned count = 0;
  for (; word; word &= word - 1) count++;
  return count;
}
/* Whether the vote of this column counts. */
static inline bool ws__ideas_reads(const ws_ideas *ideas, uint32_t column) {
  const bool *unread = ideas->options.unread;
  return !unread || !unread[column / ws_votes_classes(ideas->votes)];
}
/* Finds the columns. */
WS_CHECK ws_status ws__ideas_columns(ws_ideas *ideas);
/* Counts a record of this pattern that has the n-gram. */
void ws__ideas_together(ws_ideas *ideas, size_t found, ws_pattern pattern);
/* Whether an LF has the n-gram, which suggests this class, or it was left out. */
bool ws__ideas_is_known(const ws_ideas *ideas, size_t found, int32_t label);

enum { WS__IDEA_PLAIN, WS__IDEA_UNCOVERED, WS__IDEA_CONFLICT };

#endif
