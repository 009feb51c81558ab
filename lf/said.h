/* SPDX-License-Identifier: MIT
 *
 * Going through labels of which most are abstentions. Private to lf.
 */
#ifndef WS_SAID_H
#define WS_SAID_H

#include <string.h>

#include <weaksup/task.h>

/* The first of labels[from] .. labels[end - 1] that is no abstention, or `end`. */
static inline size_t ws__next_said(const int32_t *labels, size_t from, size_t end) {
  _Static_assert(WS_ABSTAIN == -1, "abstentions are all ones");
  for (; end - from >= 8; from += 8) {
    uint64_t pairs[4];
    memcpy(pairs, labels + from, sizeof pairs);
    if ((pairs[0] & pairs[1] & pairs[2] & pairs[3]) != UINT64_MAX) break;
  }
  while (from < end && labels[from] == WS_ABSTAIN) from++;
  return from;
}

#endif
