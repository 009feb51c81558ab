/* SPDX-License-Identifier: MIT
 *
 * The progress line. It goes to standard error, and only where that is a terminal.
 */
#include "bar.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "stop.h"

double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

bar bar_new(const options *o) {
  return (bar){.shown = !o->quiet && isatty(2), .stage = "", .began = seconds_now()};
}

void bar_clear(bar *b) {
  if (b->drawn) fputs("\r\033[K", stderr);
  b->drawn = false;
}

static void draw(bar *b, const ws_progress *p, double now) {
  double rate = (double)p->done / (now - b->began);
  b->last = now;
  b->drawn = true;
  fprintf(stderr, "\r\033[K%s: %llu", p->stage, (unsigned long long)p->done);
  if (p->total)
    fprintf(stderr, " of %llu (%.0f %%)", (unsigned long long)p->total,
            100.0 * (double)p->done / (double)p->total);
  fprintf(stderr, " %s, %.0f/s", p->unit, rate);
  if (p->total > p->done && rate > 0)
    fprintf(stderr, ", %.0f s left", (double)(p->total - p->done) / rate);
  fflush(stderr);
}

static bool on_progress(void *user, const ws_progress *p) {
  bar *b = user;
  double now = seconds_now();
  if (strcmp(b->stage, p->stage) != 0) {
    bar_clear(b);
    b->stage = p->stage;
    b->began = now;
  }
  if (b->shown && now - b->began > 1.0 && now - b->last > 0.2) draw(b, p, now);
  return !stop_wanted();
}

ws_progress_sink bar_sink(bar *b) {
  return (ws_progress_sink){on_progress, b};
}
