/* SPDX-License-Identifier: MIT
 *
 * What the two halves of the choice of records share.
 */
#ifndef WS_ACTIVE_PRIV_H
#define WS_ACTIVE_PRIV_H

#include <weaksup/active.h>

#include "word_set.h"

enum {
  WS__SHORTLIST_LEAST = 2000,
  WS__SHORTLIST_FACTOR = 20,
  WS__SHORTLIST_MOST = 20000
};

/* Of a distribution: what entropy and margin say. */
typedef struct ws__unsure {
  float entropy, margin;
} ws__unsure;

typedef struct ws__candidate {
  size_t row, pattern;
  uint64_t hash;
  ws__word_set words;
  double nearest; // similarity to the nearest chosen one
  bool has_text, chosen;
} ws__candidate;

struct ws_active {
  const ws_votes *votes;
  const ws_labels *labels;
  ws_active_options options;
  ws__unsure *of_pattern;   // [U]
  double *disagreement;     // [U]
  uint64_t *gold_votes;     // [M] so far
  uint64_t *left_out_votes; // [M] on records that were left out
  double *coverage;         // [M]
  double wanting;           // the sum over the LFs before the first choice
  bool *left_out;           // [N]
  ws__unsure *own;          // [N] of their own distributions; NULL: none has one
  bool *has_own;            // [N]
  ws__candidate *list;      // [count] by row
  size_t *rows;             // [count]
  size_t count;
  uint32_t *used; // [U] chosen records of the pattern
  ws_active_pick *picks;
  size_t pick_count;
};

/* By what the turn-th choice goes; how many turns there are. */
size_t ws__active_turns(const ws_active *active);
ws_active_by ws__active_turn(const ws_active *active, size_t turn);

/* The score of a record, before what is chosen already counts. */
double ws__active_score(const ws_active *active, ws_active_by by, size_t row,
                        size_t pattern);
bool ws__active_own(const ws_active *active, size_t row);
/* What is wanting of evidence for LF j. */
double ws__active_want(const ws_active *active, size_t j);

#endif
