/* SPDX-License-Identifier: MIT
 *
 * How far a job is that is made of several trainings. A training by itself knows only its
 * own iterations; the job weighs each by what it does, so that the share done is one of
 * time, and never falls.
 */
#ifndef WS_WORK_H
#define WS_WORK_H

#include <weaksup/progress.h>

typedef struct ws__work {
  ws_progress_sink to; // gets "training", in rows
  double planned;      // rows that all pieces read, those that are over too
  double over, piece;  // of the pieces that are over; of the one under way
  double share;        // of the job, that was told
  uint64_t rows;       // that the planned rows stand for: what is told of
} ws__work;

/* Where the pieces report to. */
ws_progress_sink ws__work_sink(ws__work *work);

/* Ends the piece under way and begins one that reads as many rows, all iterations
 * together; its reports say how far it is. NULL: nobody wants to know. */
void ws__work_next(ws__work *work, double rows);

#endif
