/* SPDX-License-Identifier: MIT
 *
 * The progress line. It goes to standard error, and only where that is a terminal; with
 * --log-json it is an event a second.
 */
#include "bar.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "events.h"
#include "stop.h"

double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

bar bar_new(const options *o) {
  return (bar){.shown = !o->quiet && (isatty(2) || events_on()),
               .stage = "",
               .began = seconds_now()};
}

void bar_clear(bar *b) {
  if (b->drawn) fputs("\r\033[K", stderr);
  b->drawn = false;
}

/* Of less, what is left would be a guess. */
#define LEAST_SHARE .02

/* The share that is done: of the stage's own total, else of the file that it reads. */
static double share_done(const bar *b, const ws_progress *p) {
  if (p->total) return (double)p->done / (double)p->total;
  return b->size ? (double)b->read / (double)b->size : 0;
}

static void draw(bar *b, const ws_progress *p, double rate, double share, double rest) {
  b->drawn = true;
  fprintf(stderr, "\r\033[K%s: %llu %s", p->stage, (unsigned long long)p->done, p->unit);
  if (rate >= 1) fprintf(stderr, ", %.0f/s", rate);
  if (share >= 0) fprintf(stderr, ", %.0f %%", floor(100 * share));
  if (rest >= 0) fprintf(stderr, ", %.0f s left", ceil(rest));
  fflush(stderr);
}

static void show(bar *b, const ws_progress *p, double now) {
  bool known = b->rounds || p->total || b->size;
  double share = known ? b->rounds ? b->share : share_done(b, p) : -1;
  double took = now - b->began, rate = (double)p->done / took;
  double rest = share >= LEAST_SHARE ? fmax(took / share - took, 0) : -1;
  b->last = now;
  if (events_on())
    event_progress(p, rate, rest);
  else
    draw(b, p, rate, share, rest);
}

/* What is told while there are rounds. A round may go through several stages, each of
 * which begins at 0; that of the label model is over soon. */
static ws_progress of_rounds(bar *b, const ws_progress *p) {
  double inner = strcmp(p->stage, "fitting") == 0 ? 0 : fmin(share_done(b, p), 1);
  b->share = fmax(b->share, ((double)b->round + inner) / (double)b->rounds);
  return (ws_progress){"cross-validation", b->round, b->rounds, "folds"};
}

static bool on_progress(void *user, const ws_progress *p) {
  bar *b = user;
  double now = seconds_now();
  ws_progress whole;
  if (b->rounds) {
    whole = of_rounds(b, p);
    p = &whole;
  }
  if (strcmp(b->stage, p->stage) != 0 || p->done < b->done) {
    bar_clear(b);
    b->stage = p->stage;
    b->began = now;
  }
  b->done = p->done;
  double pause = events_on() ? 1.0 : 0.2;
  if (b->shown && now - b->began > 1.0 && now - b->last > pause) show(b, p, now);
  return !stop_wanted();
}

static bool on_reading(void *user, const ws_progress *p) {
  bar *b = user;
  b->read = p->done;
  b->size = p->total;
  return !stop_wanted();
}

void bar_round(bar *b, size_t round, size_t rounds) {
  if (rounds != b->rounds) b->share = 0;
  b->round = round;
  b->rounds = rounds;
}

ws_progress_sink bar_sink(bar *b) {
  return (ws_progress_sink){on_progress, b};
}

ws_progress_sink bar_reading_sink(bar *b) {
  b->read = b->size = 0;
  return (ws_progress_sink){on_reading, b};
}
