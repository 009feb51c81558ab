/* SPDX-License-Identifier: MIT
 *
 * What the files about programs share. Private to lf.
 */
#ifndef WS_PROGRAM_PRIV_H
#define WS_PROGRAM_PRIV_H

#include "program.h"

#include <weaksup/arena.h>

#include "prefilter.h"
#include "rules.h"

typedef struct ws__entry {
  ws_lf_info info;
  ws_text field;          // that it looks at; {NULL, 0}: the text field
  const ws__regex *regex; // by the Lua state, or
  ws__regex *own_regex;
  const ws__literal *required;  // of a regex on the text field
  const ws__keywords *keywords; // by the Lua state, or
  ws__keywords *own_keywords;
  size_t lua;         // index in the Lua engine
  ws_hash128 pattern; // of a rule: its text and flags
  bool filtered;      // by the prefilter
} ws__entry;

struct ws__program {
  ws__program_options options;
  ws__files *files;
  ws__regexes *regexes;
  ws__lua *lua;
  ws__subject subject;
  ws_arena arena; // names and fields of rules, what they require
  ws__entry *lfs;
  size_t count, capacity;
  ws__prefilter *prefilter; // NULL: no rule is filtered
  uint64_t *always, *due;   // a bit for each LF; due: in the record at hand
  uint64_t *asked;          // those that are not left out
  bool scans;               // some of them are filtered
  ws__problems problems;    // what is left out
  ws__problems failed;      // files that are to be
};

/* How many numbers a set of bits, one for each labeling function, takes. */
static inline size_t ws__program_words(const ws__program *program) {
  return (program->count + 63) / 64;
}

/* The hash of a rule's pattern and flags. */
ws_hash128 ws__pattern_hash(ws_text pattern, ws_text flags);
/* Sets the keys of all labeling functions (ws_lf_info), when all is loaded. */
WS_CHECK ws_status ws__program_make_keys(ws__program *program);

/* Frees what the entry owns. */
void ws__program_clear_entry(ws__entry *lf);

/* --- program_problems.c: keep_going --- */

/* If the file is one of options.outside, takes it down as a problem, with the names of
 * what it would have defined. */
WS_CHECK ws_status ws__program_leave_out(ws__program *program, size_t file, bool *out,
                                         ws_error *err);
/* Takes down that the file did not load because of `why`. *stop tells that no file behind
 * it can be judged in this process. */
WS_CHECK ws_status ws__program_set_aside(ws__program *program, size_t file,
                                         const ws_error *why, bool *stop, ws_error *err);
/* Takes down a wrong line of rules; false, with err as it was, without keep_going. */
bool ws__program_skips_rule(ws__program *program, const ws__rules *rules,
                            const ws__rule *rule, ws_status *status, ws_error *err);
/* Two of one name are an error, or the second one is left out. */
WS_CHECK ws_status ws__program_check_names(ws__program *program, ws_error *err);

#endif
