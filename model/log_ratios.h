/* SPDX-License-Identifier: MIT
 *
 * How much each n-gram tells about the classes, by naive Bayes.
 */
#ifndef WS_LOG_RATIOS_H
#define WS_LOG_RATIOS_H

#include <weaksup/classifier.h>

#include "design.h"

/* Whether they gain where so many rows with gold are trained on: of fewer they are noise.
 */
static inline bool ws__log_ratios_pay(uint64_t rows, size_t K) {
  return rows >= WS_LOG_RATIOS_LEAST && rows / WS_LOG_RATIOS_LEAST_EACH >= K;
}

/* What each entry's values are to be multiplied with before training: factors[A], 1/2 or
 * more; 1 for entries of blocks that are not n-grams, and everywhere where the rows have
 * fewer than two classes. From these rows alone. WS_OK or WS_ENOMEM. */
ws_status ws__log_ratios(const ws__matrix *matrix, const ws__rows *rows, size_t K,
                         float *factors);

#endif
