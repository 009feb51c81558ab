/* SPDX-License-Identifier: MIT
 *
 * Class scores as they were read: of each record what a vote depends on. Private to core.
 */
#ifndef WS_SCORES_READ_H
#define WS_SCORES_READ_H

#include <weaksup/class_scores.h>

#include "names.h"

typedef struct ws__score {
  double score;  // the largest one
  int32_t label; // its class; WS_ABSTAIN where two lead
  bool absent;   // the record is there, its scores are null
  bool used;     // the data has the record
  uint64_t line; // in the file; of a matrix the row, from 0
} ws__score;

typedef struct ws__scores {
  const char *path;
  ws__score *items; // [count]
  size_t count, capacity;
  ws__names ids; // [count] where by_id
  bool by_id;
  uint64_t distributions; // how many are not negative and sum to 1
} ws__scores;

/* Reads a file of scores. Clear it whatever the status. */
WS_CHECK ws_status ws__scores_read(const char *path, const ws_task *task,
                                   const ws_score_options *options, ws__scores *out,
                                   ws_error *err);
void ws__scores_clear(ws__scores *scores);

/* From K scores (spoiled) to the class that leads and its score. WS_EPARSE where one is
 * no score. */
WS_CHECK ws_status ws__scores_judge(const ws_task *task, double *scores, bool softmax,
                                    ws__score *out, bool *distribution, ws_error *err);

/* The edges of `bins` bins with about as many of the scores each; scores[count] are
 * sorted in place. At least 2 edges, of one bin; returns how many bins. */
size_t ws__score_edges(double *scores, size_t count, double lowest, size_t bins,
                       double *edges);
/* The bin of a score, or -1 below the first edge. */
int64_t ws__score_bin(const double *edges, size_t bins, double score);

#endif
