/* SPDX-License-Identifier: MIT
 *
 * What running labeling functions took, and what it may take, for tests.
 */
#ifndef WS_LF_TIME_H
#define WS_LF_TIME_H

#include <sys/resource.h>

#include <weaksup/apply.h>

enum {
  WORKERS = 2,
  LATE_MS = 200, // that a run may take beyond its limits
};

/* --- what was spent --- */

typedef struct spent {
  long memory_kib, cpu_ms;
} spent;

/* The most memory that this process ever had, and the time of its dead children. */
static inline spent look(void) {
  struct rusage self, children;
  getrusage(RUSAGE_SELF, &self);
  getrusage(RUSAGE_CHILDREN, &children);
  return (spent){self.ru_maxrss,
                 (children.ru_utime.tv_sec + children.ru_stime.tv_sec) * 1000 +
                     (children.ru_utime.tv_usec + children.ru_stime.tv_usec) / 1000};
}

/* --- time --- */

/* Under sanitizers what is done after a limit was hit, and the start of workers, take
 * longer. */
#if defined(__SANITIZE_ADDRESS__)
#define SLOWNESS 4
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SLOWNESS 4
#endif
#endif
#ifndef SLOWNESS
#define SLOWNESS 1
#endif

static long process_ms; // CPU time of a worker that has nothing to do with hostile code

/* The CPU time that the workers of one run may have taken: every call its limit, and
 * LATE_MS for all of them together, so that no call can have overrun its limit by more.
 * Calls that are ended by something else, as steps are, run without a limit of time that
 * matters here: each may take twice the time at which users' workers end, as the speed of
 * the machine decides. A call that lacks memory is made twice. Of what is given up only
 * the calls in front are counted, but each worker makes as many before it hears of it. It
 * is time of the processor, not of the clock. */
static inline long time_allowed(const ws_lf_stats *stats, bool limited, unsigned call_ms,
                                unsigned end_ms) {
  long kills = (long)stats->errors_by_kind[WS_LF_ERROR_KILLED];
  long others = (long)stats->calls - kills;
  if (!limited) call_ms = 2 * end_ms;
  others += (long)stats->errors_by_kind[WS_LF_ERROR_MEMORY];
  if (stats->quarantined == WS_LF_QUARANTINE_EXHAUSTED ||
      stats->quarantined == WS_LF_QUARANTINE_KILLED)
    others *= WORKERS;
  return others * call_ms + WORKERS * kills * end_ms + LATE_MS * SLOWNESS +
         (1 + WORKERS * (1 + kills)) * process_ms;
}

#endif
