/* SPDX-License-Identifier: MIT
 *
 * Applying a set of LFs to records, in worker processes.
 *
 * Results come in the order of the records and do not depend on the number of workers,
 * their timing or the size of the chunks. A worker that dies or hangs is replaced: the LF
 * that it was in and the record are named, that vote becomes an error, and the run goes
 * on. (A call whose worker somebody else killed, such as a system without memory, is
 * tried again first. One thing can differ between two runs: a call stopped by its time
 * limit, which is such an error.)
 */
#ifndef WEAKSUP_APPLY_H
#define WEAKSUP_APPLY_H

#include <weaksup/lf_set.h>
#include <weaksup/progress.h>
#include <weaksup/reader.h>
#include <weaksup/votes.h>

WS_BEGIN_DECLS

/* In place of a vote: the call failed. An abstain for every label model. */
#define WS_VOTE_ERROR (-2)

/* What one LF did, and what went wrong with it. */
#define WS_LF_EXAMPLES 3
typedef struct ws_lf_failure {
  uint64_t row;     // of the record, from 0
  uint64_t line;    // of the record in its file
  const char *id;   // of the record
  const char *what; // "lfs/spam.lua:8: in 'has_link': attempt to index a nil value ..."
} ws_lf_failure;

typedef struct ws_lf_stats {
  uint64_t calls; // records that it was called on
  uint64_t votes;
  uint64_t errors;      // of them: kills and time-outs
  uint64_t kills;       // calls in which the worker died or had to be killed
  uint64_t timeouts;    // calls that ran into the limit on CPU time or memory
  bool quarantined;     // not called any more, its votes dropped: 3 kills or 10 time-outs
  size_t failure_count; // how many of `failures` are filled: the first in record order
  ws_lf_failure failures[WS_LF_EXAMPLES];
} ws_lf_stats;

typedef struct ws_apply_report ws_apply_report;
WS_API void ws_apply_report_free(ws_apply_report *report);
WS_API size_t ws_apply_report_lfs(const ws_apply_report *report);
WS_API const ws_lf_stats *ws_apply_report_at(const ws_apply_report *report, size_t j);
WS_API uint64_t ws_apply_report_records(const ws_apply_report *report);
WS_API uint64_t ws_apply_report_errors(const ws_apply_report *report); // of all LFs

/* Called where the input (a pipe, say) has nothing more for now, and all votes that are
 * known were handed out: the moment to flush them. Records that are there are never kept
 * waiting for others that are not. Anything but WS_OK ends the run with that status. */
typedef ws_status (*ws_apply_idle_fn)(void *user, ws_error *err);

typedef struct ws_apply_options {
  unsigned workers;    // processes; 0: as many as the machine has processors
  size_t chunk;        // records handed to a worker at once; 0: chosen by size. Results
                       // do not depend on it
  bool limit_errors;   // whether the two limits below hold; default false
  uint64_t max_errors; // more vote errors than this end the run with WS_ELF; 0: the first
  double max_error_share;    // or, where it is >= 0: more than this share of all calls,
                             // judged at the end; then max_errors is not looked at
  ws_progress_sink progress; // "applying", in records
  ws_apply_idle_fn idle;     // may be NULL; gets the `user` of ws_apply
} ws_apply_options;

WS_API ws_apply_options ws_apply_options_default(void);

/* Receives each record in order with its votes: labels[M] holds class indexes, WS_ABSTAIN
 * or WS_VOTE_ERROR. Anything but WS_OK ends the run with that status. Votes of an LF that
 * is quarantined later were handed out already: see ws_lf_stats. */
typedef ws_status (*ws_apply_fn)(void *user, const ws_record *record,
                                 const int32_t *labels, ws_error *err);

/* Applies the set to all records that the reader has left. *report may be wanted even
 * where the run failed: it is set whenever it is not NULL on return. `report` may be
 * NULL. */
WS_API WS_CHECK ws_status ws_apply(ws_lf_set *set, ws_reader *reader,
                                   const ws_apply_options *options, ws_apply_fn each,
                                   void *user, ws_apply_report **report, ws_error *err);

/* The same into votes: the sink that most callers want. `each` (which may be NULL) also
 * sees every record. Votes of quarantined LFs are dropped. */
WS_API WS_CHECK ws_status ws_apply_votes(ws_lf_set *set, ws_reader *reader,
                                         const ws_apply_options *options,
                                         ws_apply_fn each, void *user, ws_votes **out,
                                         ws_apply_report **report, ws_error *err);

WS_END_DECLS

#endif
