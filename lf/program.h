/* SPDX-License-Identifier: MIT
 *
 * All labeling functions of a folder, loaded and ready to vote: what a worker process
 * runs. Private to lf.
 */
#ifndef WS_PROGRAM_H
#define WS_PROGRAM_H

#include <weaksup/apply.h>
#include <weaksup/lf_set.h>

#include "lua_engine.h"
#include "problems.h"

enum { WS__LFS_MAX = 10000 }; // labeling functions of a folder

/* What a call says beside a class index and WS_ABSTAIN: an error of some kind, from
 * WS_VOTE_ERROR (apply.h) downwards, or that there was none. */
enum {
  WS__VOTE_SKIPPED = -2 - WS_LF_ERROR_KINDS // the labeling function is quarantined
};

static inline int32_t ws__vote_failed(ws_lf_error_kind kind) {
  return WS_VOTE_ERROR - (int32_t)kind;
}

static inline bool ws__is_vote_error(int32_t label) {
  return label <= WS_VOTE_ERROR && label > WS__VOTE_SKIPPED;
}

/* Of an error. */
static inline ws_lf_error_kind ws__vote_error_kind(int32_t label) {
  return (ws_lf_error_kind)(WS_VOTE_ERROR - label);
}

/* Whether calls that end so are counted, to give the labeling function up: they cost
 * time. */
static inline bool ws__is_costly(int32_t label) {
  return label == ws__vote_failed(WS_LF_ERROR_CPU) ||
         label == ws__vote_failed(WS_LF_ERROR_MEMORY);
}

/* What is reported while loading: `file` is about to be loaded, NULL: none is. */
typedef void (*ws__loading_fn)(void *user, ws__lua *lua, const char *file);

/* The files are listed, and nothing of them is read. */
typedef void (*ws__listed_fn)(void *user, const ws__files *files);

typedef struct ws__program_options {
  const char *folder;
  const ws_task *task; // borrowed
  ws_text text_field;  // borrowed
  ws_text id_field;    // borrowed; {NULL, 0}: the task names none
  uint64_t pattern_steps;
  uint64_t lua_steps;
  uint64_t lua_instructions; // 0: any number
  uint64_t memory;
  unsigned call_cpu_ms, worker_cpu_ms, wall_ms; // for keys: who calls keeps the time
  unsigned load_cpu_ms;                         // for messages
  bool no_jit;
  uint64_t hash_salt;   // ws_lf_options
  ws__listed_fn listed; // may be NULL
  ws__loading_fn loading;
  void *user;                  // of both
  bool keep_going;             // ws_lf_options
  bool may_be_empty;           // files without LFs are no error
  const ws__problems *outside; // files that are not loaded, and why; NULL: none
} ws__program_options;

typedef struct ws__program ws__program;

WS_CHECK ws_status ws__program_new(const ws__program_options *options, ws__program **out,
                                   ws_error *err);
void ws__program_free(ws__program *program);

/* With keep_going. What was left out. */
const ws__problems *ws__program_problems(const ws__program *program);
/* Files that ran, and did not load. Where there are any the program is not ready: only a
 * process in which they did not run can tell what the others do. */
const ws__problems *ws__program_failed(const ws__program *program);
/* Otherwise it must not vote. */
bool ws__program_is_ready(const ws__program *program);

size_t ws__program_count(const ws__program *program);
const ws_lf_info *ws__program_at(const ws__program *program, size_t j);
/* As ws__files_other. */
WS_CHECK ws_status ws__program_other_files(const ws__program *program, ws_buffer *out);
/* What a user should know about the files, and the path of one of them. */
const ws__lua_note *ws__program_notes(const ws__program *program, size_t *count);
const char *ws__program_path(const ws__program *program, size_t file);
void ws__program_digest(const ws__program *program, char out[33]);
ws__lua *ws__program_lua(ws__program *program);
bool ws__program_is_lua(const ws__program *program, size_t j);

/* What a rule or a keyword list is made of: one of the first two, and the field, no text
 * where it is the text field. Both NULL for Lua functions. */
typedef struct ws__program_rule {
  const ws__regex *regex;
  const ws__keywords *keywords;
  ws_text field;
} ws__program_rule;
ws__program_rule ws__program_rule_at(const ws__program *program, size_t j);
const ws__subject *ws__program_subject(const ws__program *program);

/* Passes over those whose byte of skip [count] is `value`, until the next call: they are
 * never due. NULL: none. */
void ws__program_pass_over(ws__program *program, const unsigned char *skip,
                           unsigned char value);
/* Takes the next record, an object that must live until the one after it. */
void ws__program_record(ws__program *program, ws_value fields);
/* The first labeling function from j on that may have something to say about it, or the
 * count; those between abstain. */
size_t ws__program_next_due(const ws__program *program, size_t j);
/* What labeling function j says about it; fills err where that is an error. */
int32_t ws__program_vote(ws__program *program, size_t j, ws_error *err);
/* After a vote of labeling function j that was an error: the Lua functions that were
 * running, or "". Until the next call. */
const char *ws__program_traceback(const ws__program *program, size_t j);

#endif
