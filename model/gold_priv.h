/* SPDX-License-Identifier: MIT
 *
 * Gold counts from inside.
 */
#ifndef WS_GOLD_PRIV_H
#define WS_GOLD_PRIV_H

#include <weaksup/gold.h>

struct ws_gold {
  size_t M, K;
  uint64_t rows;    // n_d
  uint64_t *counts; // [K] d_k
  uint64_t *votes;  // [M][K][K]: of LF j, for class l, where the gold is k
};

/* The votes of LF j for class l, by gold: [K]. */
static inline const uint64_t *ws__gold_column(const ws_gold *gold, size_t j, size_t l) {
  return gold->votes + (j * gold->K + l) * gold->K;
}

/* Whether both have the same classes in the same order. */
bool ws__same_classes(const ws_votes *votes, const ws_votes *dev);

/* Like ws_gold_count, over the records whose part[i] is not `without`; part NULL: over
 * all. No record at all is fine. */
ws_status ws__gold_count(const ws_votes *votes, const ws_votes *dev, const uint8_t *part,
                         unsigned without, ws_gold **out, ws_error *err);

#endif
