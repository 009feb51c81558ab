/* SPDX-License-Identifier: MIT
 *
 * Progress on the terminal: a line that is redrawn, for what takes longer than a second.
 * The same function tells the library to stop when a signal came.
 */
#ifndef WS_BAR_H
#define WS_BAR_H

#include <weaksup/progress.h>

#include "options.h"

typedef struct bar {
  bool shown;           // whether there is a terminal to draw on, and no -q
  bool drawn;           // a line stands there
  const char *stage;    // what it says
  double began, last;   // seconds, when the stage began and when it was drawn
  uint64_t done;        // that was told last; a stage that starts again has done less
  uint64_t read, size;  // bytes of the file that the stage reads; size 0: not known
  size_t round, rounds; // where stages are gone through again and again
  double share;         // of all rounds, that was told; it never falls
} bar;

bar bar_new(const options *o);
ws_progress_sink bar_sink(bar *b);
/* For a reader that feeds another stage: is not shown itself, but tells how far that is.
 */
ws_progress_sink bar_reading_sink(bar *b);
/* The stages that follow are those of one of several rounds: they are told of, and timed,
 * as one job. 0 rounds: no longer. */
void bar_round(bar *b, size_t round, size_t rounds);
/* Removes the line. */
void bar_clear(bar *b);

/* Seconds of a clock that only goes forward. */
double seconds_now(void);

#endif
