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

#include <weaksup/cache.h>
#include <weaksup/lf_set.h>
#include <weaksup/progress.h>
#include <weaksup/reader.h>
#include <weaksup/votes.h>

WS_BEGIN_DECLS

/* In place of a vote: the call failed. An abstain for every label model. */
#define WS_VOTE_ERROR (-2)

/* How a call failed. */
typedef enum ws_lf_error_kind {
  WS_LF_ERROR_RUNTIME, // an error of the code, or a field that a rule cannot match
  WS_LF_ERROR_VOTE,    // what it returned is no class
  WS_LF_ERROR_CPU,     // it ran into the limit on CPU time
  WS_LF_ERROR_MEMORY,  // on memory
  WS_LF_ERROR_PATTERN, // on the steps of a match, or of the string functions
  WS_LF_ERROR_KILLED,  // its worker died, or made no progress and was killed
  WS_LF_ERROR_KINDS
} ws_lf_error_kind;

/* "runtime_error", "vote_error", "limit_cpu", "limit_mem", "limit_pattern", "killed". */
WS_API const char *ws_lf_error_kind_name(ws_lf_error_kind kind);

/* Why an LF was given up: its votes are dropped. The first two come while the run goes
 * on, and it is not called any more; the last one is found at the end of the run. */
typedef enum ws_lf_quarantine {
  WS_LF_QUARANTINE_NONE = 0,
  WS_LF_QUARANTINE_KILLED, // 3 calls ended as WS_LF_ERROR_KILLED
  // 10 calls as WS_LF_ERROR_CPU or WS_LF_ERROR_MEMORY, or 100 as WS_LF_ERROR_PATTERN that
  // are more than one in ten of the records so far
  WS_LF_QUARANTINE_EXHAUSTED,
  WS_LF_QUARANTINE_FAILING, // too large a share of all its calls failed
                            // (quarantine_share)
  WS_LF_QUARANTINES
} ws_lf_quarantine;

/* "killed", "exhausted", "failing"; NULL for WS_LF_QUARANTINE_NONE. */
WS_API const char *ws_lf_quarantine_name(ws_lf_quarantine reason);

/* What one LF did, and what went wrong with it. */
#define WS_LF_EXAMPLES 3
typedef struct ws_lf_failure {
  uint64_t row;     // of the record, from 0
  uint64_t line;    // of the record in its file
  const char *id;   // of the record
  const char *what; // "lfs/spam.lua:8: in 'has_link': attempt to index a nil value ..."
  const char *traceback; // "lfs/spam.lua:3: in 'helper'; lfs/spam.lua:8: in 'has_link'",
                         // the innermost first; NULL where no Lua code raised it
  ws_lf_error_kind kind;
} ws_lf_failure;

typedef struct ws_lf_stats {
  uint64_t calls;  // records that it was called on; abstains are calls - votes - errors
  uint64_t votes;  // those of a quarantined one, too
  uint64_t errors; // of all kinds
  uint64_t errors_by_kind[WS_LF_ERROR_KINDS];
  ws_lf_quarantine quarantined; // WS_LF_QUARANTINE_NONE (0): it is not
  size_t failure_count; // how many of `failures` are filled: the first in record order
  ws_lf_failure failures[WS_LF_EXAMPLES];

  // Wall time, of the run that called, where votes come from a cache. It differs from run
  // to run, and nothing depends on it. A sample of the calls is timed; a rule that the
  // search before it rules out is not run, nor timed.
  uint64_t timed_calls, timed_ns; // the mean time of a call is their quotient
  uint64_t p99_ns;     // 99 in 100 of the timed calls take no longer: up to half as much
                       // again as is true; 0: not known, as where votes come from a cache
  uint64_t slowest_ns; // 0: no call was timed. A call outside of the sample
                       // counts where it took longer than some 10 ms
  uint64_t slowest_row, slowest_line; // its record
  const char *slowest_id;             // NULL: no call was timed
} ws_lf_stats;

/* What a run of the LFs was like, by LF in the order of the set. Statistics and texts are
 * the report's. */
typedef struct ws_apply_report ws_apply_report;
WS_API void ws_apply_report_free(ws_apply_report *report);
WS_API size_t ws_apply_report_lfs(const ws_apply_report *report);
WS_API const ws_lf_stats *ws_apply_report_at(const ws_apply_report *report, size_t j);
WS_API uint64_t ws_apply_report_records(const ws_apply_report *report);
WS_API uint64_t ws_apply_report_errors(const ws_apply_report *report); // of all LFs

/* How many of the LFs were not run because their votes were in the cache. */
WS_API size_t ws_apply_report_cached(const ws_apply_report *report);

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
  double max_error_share;  // or, where it is >= 0: more than this share of all calls,
                           // judged at the end; then max_errors is not looked at
  double quarantine_share; // an LF of whose calls more than this share failed, and at
                           // least WS_QUARANTINE_ERRORS, is quarantined at the end of
                           // the run; 1: none is. Default 0.1
  const unsigned char
      *left_out;             // [M] not 0: the LF is not called and abstains. NULL, the
                             // default: all are called. Borrowed; not with a cache
  ws_progress_sink progress; // "applying", in records
  ws_apply_idle_fn idle;     // may be NULL; gets the `user` of ws_apply
  ws_cache *cache; // borrowed; default NULL. Votes and vote errors are kept there, and
                   // found again where neither the LF nor the data changed, nor the
                   // lines in messages; not of LFs with errors that depend on the machine
                   // (WS_LF_ERROR_CPU, _MEMORY, _KILLED). Results are the same with and
                   // without, but for times, which are of the run that called. Only for
                   // readers of regular files of which nothing was read yet; WS_EIO where
                   // the file changes while it is read and some votes came from the cache
} ws_apply_options;

/* Fewer failures than these tell nothing about their share. */
#define WS_QUARANTINE_ERRORS 3

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
