/* SPDX-License-Identifier: MIT
 *
 * Vetting labeling functions (LFs) that nobody has read: which of the candidates in a
 * folder load, stand odd records, stay within their limits, vote the same in every
 * process and any order, and vote neither never nor always. No gold is looked at; that is
 * <weaksup/lf_selection.h>'s part.
 *
 * Candidates run as all LFs do, in locked worker processes. They are data: names and
 * messages are cleaned, and what one of them does costs no other its verdict.
 */
#ifndef WEAKSUP_VET_H
#define WEAKSUP_VET_H

#include <weaksup/apply.h>

WS_BEGIN_DECLS

/* In the order in which they are gone through; an LF that fails in one goes no further.
 */
typedef enum ws_vet_stage {
  WS_VET_STATIC,      // size, text, compiling, loading
  WS_VET_EDGE,        // some twenty odd records: empty, 1 MiB in one word, "%", emoji ...
  WS_VET_CALLS,       // errors and limits on the sample
  WS_VET_DETERMINISM, // again in new processes, other hash seeds, another order of
                      // records
  WS_VET_COVERAGE,    // on the sample: not too few votes, nor too many
  WS_VET_STAGES
} ws_vet_stage;

/* "static", "edge_records", "calls", "determinism", "coverage". */
WS_API const char *ws_vet_stage_name(ws_vet_stage stage);

/* Why a candidate is rejected. Those of calls are ws_lf_error_kind's by name, too. */
typedef enum ws_vet_reason {
  WS_VET_PASSED = 0,    // it is not
  WS_VET_TOO_LARGE,     // its file has more bytes than source_max, or LFs than lfs_max
  WS_VET_NOT_TEXT,      // its file is no UTF-8, holds a NUL, or begins as bytecode does
  WS_VET_COMPILE_ERROR, // ws_lf_problem_kind's
  WS_VET_LOAD_ERROR,
  WS_VET_LOAD_TIME,
  WS_VET_LOAD_MEMORY,
  WS_VET_LOAD_KILLED,
  WS_VET_NAME_TAKEN,    // an LF of that name is there already
  WS_VET_RUNTIME_ERROR, // of calls
  WS_VET_VOTE_ERROR,
  WS_VET_LIMIT_CPU,
  WS_VET_LIMIT_MEM,
  WS_VET_LIMIT_PATTERN,
  WS_VET_KILLED,
  WS_VET_SLOW,          // within the limits, but near to them on too many records
  WS_VET_VOTES_DIFFER,  // not deterministic
  WS_VET_NEVER_VOTES,   // not once on the sample
  WS_VET_COVERAGE_LOW,  // on too few records
  WS_VET_CONSTANT,      // nearly always, and for one class only
  WS_VET_COVERAGE_HIGH, // on too many records
  WS_VET_REASONS
} ws_vet_reason;

/* "passed", "too_large", "not_text", "compile_error", "load_error", "load_time",
 * "load_memory", "load_killed", "name_taken", "runtime_error", "vote_error", "limit_cpu",
 * "limit_mem", "limit_pattern", "killed", "slow", "votes_differ", "never_votes",
 * "coverage_low", "constant", "coverage_high". */
WS_API const char *ws_vet_reason_name(ws_vet_reason reason);

typedef struct ws_vet_options {
  ws_lf_options lf;    // its worker must be set; keep_going is taken to be true
  unsigned workers;    // as in ws_apply_options
  uint64_t seed;       // of the other order, and of the hash seeds; default 0
  size_t records;      // of the sample at most, the first ones; default 5000
  size_t source_max;   // bytes of a candidate's file; default 16 KiB
  size_t lfs_max;      // LFs of a candidate's file, which code can define many of;
                       // default 64
  double most_crashes; // share of the calls on the sample that may end in a runtime
                       // error; default 0.01. Limits and vote errors: none may
  double most_slow; // share of the calls on the sample that may take more than the next
                    // two say; default 0.01, so that they bound the 99th percentile
  uint64_t slow_steps;        // of patterns, or Lua's string functions; default 200000
  uint64_t slow_instructions; // of Lua's machine; default 1000000: either is about a
                              // millisecond
  double least_coverage;      // default 0.002
  uint64_t least_votes;       // and so many votes in any case; default 2
  double most_coverage;       // default 0.98
  double constant_coverage;   // of an LF that votes for one class only; default 0.9
  uint64_t least_records;    // both are judged on samples of at least so many; default 20
  const char *const *taken;  // [taken_count] names that candidates cannot have; borrowed
  size_t taken_count;        // default none
  ws_progress_sink progress; // "applying", in records
} ws_vet_options;

WS_API ws_vet_options ws_vet_options_default(void);

/* On one candidate; figures of stages that it did not come to are 0. Texts are one clean
 * line of UTF-8. */
typedef struct ws_vet_verdict {
  const char *name; // of the LF; "" where its file does not load and shows no name
  const char *file; // its path below the folder
  uint64_t line;    // from 1; 0: not known
  ws_lf_kind kind;  // of those that load
  int32_t label;    // as ws_lf_info's; WS_ABSTAIN of those that do not load
  bool loaded, passed;
  ws_vet_stage stage;   // in which it was rejected; the last one where it passed
  ws_vet_reason reason; // WS_VET_PASSED: it passed
  const char *evidence; // what was found, with its figures; "" where it passed

  // How many calls fail may depend on the machine where time or memory runs out.
  uint64_t edge_records, edge_errors; // calls on odd records, and those that failed
  uint64_t records;                   // of the sample
  uint64_t errors;                    // on it, of all kinds
  uint64_t slow_calls;                // on it, that take more than slow_steps say
  uint64_t differing;                 // records with another vote the second time
  uint64_t votes;                     // on the sample, as are
  const uint64_t *votes_by_class;     // [K]; NULL: it did not come so far
  double coverage;                    // votes / records
  // Wall time of a call, the mean and what 99 in 100 of them take at most; -1: unknown.
  // It differs from run to run, and nothing rests on it
  double micros, p99_micros;
  // Equal: the LFs vote the same on every record (ws_lf_info.key). Zero: not loaded
  ws_hash128 source;
} ws_vet_verdict;

typedef struct ws_vetting ws_vetting;

/* Vets all LFs of `folder` (or of one *.lua or *.rules file) on the records that the
 * reader has left, of which options->records are taken. That a candidate fails is no
 * error, nor that all of them do. WS_EIO where the folder cannot be read or no worker
 * starts; WS_ELF where it holds no file of LFs; the reader's errors. The task is borrowed
 * until the vetting is freed, the reader and options for the call. */
WS_API WS_CHECK ws_status ws_vet(const char *folder, const ws_task *task,
                                 ws_reader *sample, const ws_vet_options *options,
                                 ws_vetting **out, ws_error *err);
WS_API void ws_vetting_free(ws_vetting *vetting);

/* By file and line. */
WS_API size_t ws_vetting_count(const ws_vetting *vetting);
WS_API const ws_vet_verdict *ws_vetting_at(const ws_vetting *vetting, size_t i);
WS_API size_t ws_vetting_passed(const ws_vetting *vetting); // how many of them
/* The votes of those that passed, in their order, on the sample: with the records' ids,
 * rows and gold labels. Without LFs where none passed. */
WS_API const ws_votes *ws_vetting_votes(const ws_vetting *vetting);

/* The votes of those that passed on other records, such as those of a dev set. `each`
 * (may be NULL) sees every record with the labels of those that passed: [passed]. WS_ELF
 * where none did. */
WS_API WS_CHECK ws_status ws_vetting_apply(ws_vetting *vetting, ws_reader *reader,
                                           ws_apply_fn each, void *user, ws_votes **out,
                                           ws_error *err);

/* --- sources that say the same ------------------------------------------------------ */

/* Appends the source without comments, with blanks only where they part two words, and
 * with the names of the LFs that it defines replaced: two sources with the same one say
 * the same but for that. `rules`: it is of a *.rules file. */
WS_API WS_CHECK ws_status ws_lf_source_normal(ws_text source, bool rules, ws_buffer *out);

WS_END_DECLS

#endif
