/* SPDX-License-Identifier: MIT
 *
 * Which labeling function to write next: frequent words and pairs of words in records
 * that no LF votes on, or that LFs cannot agree on, and that seem to tell a class.
 *
 * The records are handed over three times, in the same order each time; memory does not
 * grow with their number. Frequent n-grams are found with fixed memory by hashing them
 * into counters first and counting exactly those whose counter is high (J. Park, M. Chen,
 * P. Yu: An effective hash-based algorithm for mining association rules, 1995).
 */
#ifndef WEAKSUP_IDEAS_H
#define WEAKSUP_IDEAS_H

#include <weaksup/excerpt.h>
#include <weaksup/labels.h>
#include <weaksup/metrics.h>

WS_BEGIN_DECLS

#define WS_IDEA_EXAMPLES 3
#define WS_IDEA_PASSES   3
#define WS_IDEA_WITH     4
#define WS_IDEA_ENOUGH   3

typedef struct ws_ideas_options {
  size_t count;       // how many, 1 or more; default 10
  size_t sample;      // targets at most to search, about; default 100000
  double least_share; // of the searched targets that must have the n-gram; default 0.005
  size_t least;       // and so many at least; default 3
  uint64_t seed;      // of the hash that draws the sample; default 0
  bool own_probs;     // each record comes with its own distribution, as of a classifier;
                      // default false: that of its votes, where it has some
  const bool *unread; // [M] LFs whose votes mean nothing: they count as if there were
                      // none, and only gold tells of classes; borrowed; NULL: no LF
} ws_ideas_options;

WS_API ws_ideas_options ws_ideas_options_default(void);

/* Targets are records without a vote, and conflicts: LFs vote for different classes and
 * the label model gives none of them more than 0.75. */
typedef struct ws_ideas_targets {
  uint64_t uncovered, conflicts;
  uint64_t searched; // of both: the sample, drawn by a hash of the ids
} ws_ideas_targets;

/* Words that often stand in the records of an idea. */
typedef struct ws_idea_with {
  ws_text words;
  uint64_t records; // searched targets that have both
} ws_idea_with;

typedef struct ws_idea {
  ws_text words; // one word, or two with a blank between them, in lower case
  bool pair;
  uint64_t records;                  // of all: that have it
  uint64_t uncovered, conflicts;     // of them
  uint64_t fresh;                    // searched targets that no idea before has
  int32_t label;                     // the class that it suggests, or WS_ABSTAIN: unknown
  double share;                      // mean probability of that class where it occurs,
  uint64_t judged;                   // over so many records
  double base;                       // and over all records that are judged
  uint64_t gold, gold_right;         // of ws_ideas_gold: that have it; of the class
  bool gold_fresh;                   // those alone that no LF votes on, there being
                                     // WS_IDEA_ENOUGH: what a rule would newly decide
  ws_interval precision;             // of gold_right / gold, 95 %, Clopper-Pearson
  bool proven;                       // its low end is above the class's part of the gold,
                                     // and where gold is known that no LF votes on, it is
                                     // of such (gold_fresh)
  size_t examples[WS_IDEA_EXAMPLES]; // rows of targets that have it
  size_t example_count;
  uint64_t targets;                // its cluster: the searched targets that have it
  ws_idea_with with[WS_IDEA_WITH]; // of a tenth of them or more, at least twice as
  size_t with_count;               // frequent there as among all; no word of the idea's
} ws_idea;

typedef struct ws_ideas ws_ideas;

/* Votes and labels are borrowed. WS_ENOMEM only, as everywhere here. */
WS_API WS_CHECK ws_status ws_ideas_new(const ws_votes *votes, const ws_labels *labels,
                                       const ws_ideas_options *options, ws_ideas **out);
WS_API void ws_ideas_free(ws_ideas *ideas);
WS_API ws_ideas_targets ws_ideas_target_counts(const ws_ideas *ideas);

/* Whether the pass looks at the record at all: the first two look at the sample only. */
WS_API bool ws_ideas_wants(const ws_ideas *ideas, size_t row);
/* Hands over the record at `row` of the votes in the present pass, the first at the
 * beginning. `probs` [K] is its own distribution, looked at in the last pass; NULL
 * without own_probs. */
WS_API WS_CHECK ws_status ws_ideas_row(ws_ideas *ideas, size_t row, ws_text text,
                                       const double *probs);
/* A record with gold, of another data set, in the last pass; `voted`: LFs vote on it, so
 * that another rule would not be the first to decide it. */
WS_API WS_CHECK ws_status ws_ideas_gold(ws_ideas *ideas, ws_text text, int32_t gold,
                                        bool voted);
WS_API WS_CHECK ws_status ws_ideas_end_pass(ws_ideas *ideas);

/* These words, in the form of ws_idea.words, are no idea: somebody has had it. Before
 * ws_ideas_choose. */
WS_API WS_CHECK ws_status ws_ideas_leave_out(ws_ideas *ideas, ws_text words);

/* After the last pass. Greedy: each next idea is worth the searched targets that those
 * before have not, times how much it tells about the class (the J-measure: P. Smyth, R.
 * Goodman, An information theoretic approach to rule induction from databases, 1992).
 * A class is suggested where its share is at least a half and its odds twice what they
 * are in general. By the gold where it says so clearly: of the records with the n-gram
 * two or more are right, so many that chance seldom brings them (a binomial tail against
 * the class's part of all gold). Without any judged record a majority of gold is enough,
 * unless votes are `unread`. An n-gram that tells no class is no idea, nor one that the
 * gold contradicts: with the share as that of two more records, less than half are right,
 * or the interval ends below a half. One of which nothing is known comes last. Those that
 * the gold proves (`proven`) come before all others. The array is the object's.
 *
 * What an LF has already is no idea either: an n-gram whose records are nearly those of
 * its votes for a class (Jaccard's similarity 0.9 or more), or nearly all have its vote
 * (95 %) for the class that the n-gram suggests, or nearly all of those where chance
 * would not have brought it there (70 %: of several lists of words the one with most
 * words votes); of a word alone also all of them for another class, as a list of words
 * has it. So much of a vote must be more than chance: a broad LF votes on the records of
 * any rare word. */
WS_API WS_CHECK ws_status ws_ideas_choose(ws_ideas *ideas, const ws_idea **out,
                                          size_t *count);
/* How many n-grams would have told a class, but LFs have them, or they were left out. */
WS_API size_t ws_ideas_known(const ws_ideas *ideas);

/* Where the words of an idea first are in a text; *found false: nowhere. */
WS_API WS_CHECK ws_status ws_idea_find(ws_text words, ws_text text, ws_span *out,
                                       bool *found);

WS_END_DECLS

#endif
