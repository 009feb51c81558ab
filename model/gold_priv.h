/* SPDX-License-Identifier: MIT
 *
 * Gold counts from inside.
 */
#ifndef WS_GOLD_PRIV_H
#define WS_GOLD_PRIV_H

#include <weaksup/gold.h>

struct ws_gold {
  size_t M, K;
  uint64_t rows;         // n_d
  uint64_t *counts;      // [K] d_k
  uint64_t *votes;       // [M][K][K]: of LF j, for class l, where the gold is k
  uint64_t fair;         // of the rows: a fair sample
  uint64_t *fair_counts; // [K]
  bool *targeted;        // [dev_rows] the others; NULL: none
  size_t dev_rows;
};

/* The votes of LF j for class l, by gold: [K]. */
static inline const uint64_t *ws__gold_column(const ws_gold *gold, size_t j, size_t l) {
  return gold->votes + (j * gold->K + l) * gold->K;
}

/* Whether both have the same classes in the same order. */
bool ws__same_classes(const ws_votes *votes, const ws_votes *dev);

/* Which of dev's records are targeted, NULL: none; and those whose part[i] is `without`
 * are left out, part NULL: none is. */
typedef struct ws__gold_rows {
  const bool *targeted;
  const uint8_t *part;
  unsigned without;
} ws__gold_rows;

/* Like ws_gold_count_fair, but that no record at all is fine. */
ws_status ws__gold_count(const ws_votes *votes, const ws_votes *dev,
                         const ws__gold_rows *rows, ws_gold **out, ws_error *err);

/* Which of the rows of dev are targeted, if it is the one that was counted. */
static inline const bool *ws__gold_targeted(const ws_gold *gold, const ws_votes *dev) {
  return gold && gold->dev_rows == ws_votes_rows(dev) ? gold->targeted : NULL;
}

#endif
