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
  ws_text field;                // of a rule; {NULL, 0}: the text field
  ws__regex *regex;             // owned
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
};

/* How many numbers a set of bits, one for each labeling function, takes. */
static inline size_t ws__program_words(const ws__program *program) {
  return (program->count + 63) / 64;
}

/* The hash of a rule's pattern and flags. */
ws_hash128 ws__pattern_hash(ws_text pattern, ws_text flags);
/* Sets the keys of all labeling functions (ws_lf_info), when all is loaded. */
WS_CHECK ws_status ws__program_make_keys(ws__program *program);

#endif
